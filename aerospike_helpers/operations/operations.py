# SPDX-License-Identifier: Apache-2.0
"""Operations on whole bins and on the record.

Each function returns a dictionary for the list that :meth:`aerospike.Client.operate` takes::

    from aerospike_helpers.operations import operations as op

    _, _, bins = client.operate(key, [op.increment("visits", 1), op.read("visits")])
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aerospike
from aerospike import _native

if TYPE_CHECKING:
    from aerospike.types import Operation
    from aerospike_helpers.cdt_ctx import Context


def read(bin_name: str) -> Operation:
    """Read a bin. A bin that is not there is left out of the results.

    :param str bin_name: the bin; ``""``: every bin of the record.
    """
    return {"op": aerospike.OPERATOR_READ, "bin": bin_name}


def write(bin_name: str, write_item: Any) -> Operation:
    """Write a bin.

    :param str bin_name: the bin.
    :param write_item: the value, of any type that ``put()`` takes; None removes the bin.
    """
    return {"op": aerospike.OPERATOR_WRITE, "bin": bin_name, "val": write_item}


def append(bin_name: str, append_item: str | bytes | bytearray) -> Operation:
    """Append to a str or bytes bin; it is created if need be.

    :param str bin_name: the bin.
    :param append_item: str, bytes or bytearray, of the bin's type.
    """
    return {"op": aerospike.OPERATOR_APPEND, "bin": bin_name, "val": append_item}


def prepend(bin_name: str, prepend_item: str | bytes | bytearray) -> Operation:
    """Prepend to a str or bytes bin; it is created if need be.

    :param str bin_name: the bin.
    :param prepend_item: str, bytes or bytearray, of the bin's type.
    """
    return {"op": aerospike.OPERATOR_PREPEND, "bin": bin_name, "val": prepend_item}


def increment(bin_name: str, amount: int | float) -> Operation:
    """Add to a number; the bin is created if need be. Integers wrap at 64 bits.

    :param str bin_name: the bin.
    :param amount: int or float, of the bin's type; may be negative.
    """
    return {"op": aerospike.OPERATOR_INCR, "bin": bin_name, "val": amount}


def touch(ttl: int | None = None) -> Operation:
    """Renew the record's time to live.

    :param int ttl: seconds, or a ``TTL_*`` constant; it takes precedence over the command's ``meta`` and policy.
        None, or 0 (``TTL_NAMESPACE_DEFAULT``): what those say.
    """
    operation: Operation = {"op": aerospike.OPERATOR_TOUCH}
    if ttl:
        operation["val"] = ttl
    return operation


def delete() -> Operation:
    """Delete the record. Reads beside it, in the same command, show it as it was."""
    return {"op": aerospike.OPERATOR_DELETE}


def select_by_path(bin_name: str, ctx: Context, flags: int) -> Operation:
    """Read what a context leads to, anywhere in a bin's nested lists and maps.

    :param str bin_name: the bin.
    :param list ctx: a context of :mod:`aerospike_helpers.cdt_ctx`; ``cdt_ctx_all_children`` and the filters may take
        part in it.
    :param int flags: ``EXP_PATH_SELECT_*`` constants: what to return of what is found.

    Needs a server of version 8.1.1 or later.
    """
    return {"op": _native._OP_SELECT_BY_PATH, "bin": bin_name, "ctx": ctx, "cdt_flags": flags}


def modify_by_path(bin_name: str, ctx: Context, expr: Any, flags: int) -> Operation:
    """Change what a context leads to, anywhere in a bin's nested lists and maps.

    :param str bin_name: the bin.
    :param list ctx: a context of :mod:`aerospike_helpers.cdt_ctx`; ``cdt_ctx_all_children`` and the filters may take
        part in it.
    :param expr: a compiled expression: what each value becomes.
    :param int flags: ``EXP_PATH_MODIFY_*`` constants.

    Needs a server of version 8.1.1 or later.
    """
    return {"op": _native._OP_MODIFY_BY_PATH, "bin": bin_name, "ctx": ctx, "mod_exp": expr, "cdt_flags": flags}
