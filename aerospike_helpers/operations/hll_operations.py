# SPDX-License-Identifier: Apache-2.0
"""Operations on HyperLogLogs: estimates of how many distinct values were seen, in little space.

Each function returns a dictionary for the list that :meth:`aerospike.Client.operate` takes::

    from aerospike_helpers.operations import hll_operations as hll

    _, _, bins = client.operate(key, [hll.hll_add("visitors", ["ann", "bob"], 12), hll.hll_get_count("visitors")])
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aerospike

if TYPE_CHECKING:
    from aerospike.types import HLLPolicy, Operation


def _bits(count: int | None) -> int:
    """None as the server's "as it is"."""
    return -1 if count is None else count


def hll_init(
    bin_name: str, index_bit_count: int | None = None, mh_bit_count: int | None = None, policy: HLLPolicy | None = None
) -> Operation:
    """Create an empty HyperLogLog, or empty the one that is there.

    :param str bin_name: the bin that holds the HyperLogLog.
    :param int index_bit_count: bits of the index, from 4 to 16: the more, the more precise and the larger; None: as
        it is.
    :param int mh_bit_count: bits of the minhash, 0 or from 4 to 51, which similarities and intersections need;
        None: as it is, or none.
    :param dict policy: ``flags``, of ``HLL_WRITE_*``.
    """
    operation: Operation = {
        "op": aerospike.OP_HLL_INIT,
        "bin": bin_name,
        "index_bit_count": _bits(index_bit_count),
        "mh_bit_count": _bits(mh_bit_count),
    }
    if policy is not None:
        operation["hll_policy"] = policy
    return operation


def hll_add(
    bin_name: str,
    values: list[Any],
    index_bit_count: int | None = None,
    mh_bit_count: int | None = None,
    policy: HLLPolicy | None = None,
) -> Operation:
    """Add values; the HyperLogLog is created if need be, and index_bit_count is given.

    The result is the number of registers that changed.

    :param str bin_name: the bin that holds the HyperLogLog.
    :param list values: the values, of any type that ``put()`` takes.
    :param int index_bit_count: bits of the index, from 4 to 16: the more, the more precise and the larger; None: as
        it is.
    :param int mh_bit_count: bits of the minhash, 0 or from 4 to 51, which similarities and intersections need;
        None: as it is, or none.
    :param dict policy: ``flags``, of ``HLL_WRITE_*``.
    """
    operation: Operation = {
        "op": aerospike.OP_HLL_ADD,
        "bin": bin_name,
        "value_list": values,
        "index_bit_count": _bits(index_bit_count),
        "mh_bit_count": _bits(mh_bit_count),
    }
    if policy is not None:
        operation["hll_policy"] = policy
    return operation


def hll_set_union(bin_name: str, hll_list: list[Any], policy: HLLPolicy | None = None) -> Operation:
    """Make the HyperLogLog the union of itself and others.

    :param str bin_name: the bin that holds the HyperLogLog.
    :param list hll_list: other HyperLogLogs, as a read of their bins returns them.
    :param dict policy: ``flags``, of ``HLL_WRITE_*``.
    """
    operation: Operation = {"op": aerospike.OP_HLL_SET_UNION, "bin": bin_name, "value_list": hll_list}
    if policy is not None:
        operation["hll_policy"] = policy
    return operation


def hll_refresh_count(bin_name: str) -> Operation:
    """Count anew, where a cached count may be stale. The result is the estimated number of distinct values.

    :param str bin_name: the bin that holds the HyperLogLog.
    """
    return {"op": aerospike.OP_HLL_REFRESH_COUNT, "bin": bin_name}


def hll_fold(bin_name: str, index_bit_count: int) -> Operation:
    """Make the index smaller, of a HyperLogLog without minhash.

    :param str bin_name: the bin that holds the HyperLogLog.
    :param int index_bit_count: bits of the index then.
    """
    return {"op": aerospike.OP_HLL_FOLD, "bin": bin_name, "index_bit_count": index_bit_count}


def hll_get_count(bin_name: str) -> Operation:
    """Estimate the number of distinct values.

    :param str bin_name: the bin that holds the HyperLogLog.
    """
    return {"op": aerospike.OP_HLL_GET_COUNT, "bin": bin_name}


def hll_get_union(bin_name: str, hll_list: list[Any]) -> Operation:
    """Unite the HyperLogLog with others. The result is a HyperLogLog; nothing is written.

    :param str bin_name: the bin that holds the HyperLogLog.
    :param list hll_list: other HyperLogLogs, as a read of their bins returns them.
    """
    return {"op": aerospike.OP_HLL_GET_UNION, "bin": bin_name, "value_list": hll_list}


def hll_get_union_count(bin_name: str, hll_list: list[Any]) -> Operation:
    """Estimate the number of distinct values in the union with others.

    :param str bin_name: the bin that holds the HyperLogLog.
    :param list hll_list: other HyperLogLogs, as a read of their bins returns them.
    """
    return {"op": aerospike.OP_HLL_GET_UNION_COUNT, "bin": bin_name, "value_list": hll_list}


def hll_get_intersect_count(bin_name: str, hll_list: list[Any]) -> Operation:
    """Estimate the number of distinct values that all have in common.

    :param str bin_name: the bin that holds the HyperLogLog.
    :param list hll_list: other HyperLogLogs, as a read of their bins returns them.
    """
    return {"op": aerospike.OP_HLL_GET_INTERSECT_COUNT, "bin": bin_name, "value_list": hll_list}


def hll_get_similarity(bin_name: str, hll_list: list[Any]) -> Operation:
    """Estimate how alike they are. The result is a float from 0 to 1.

    :param str bin_name: the bin that holds the HyperLogLog.
    :param list hll_list: other HyperLogLogs, as a read of their bins returns them.
    """
    return {"op": aerospike.OP_HLL_GET_SIMILARITY, "bin": bin_name, "value_list": hll_list}


def hll_describe(bin_name: str) -> Operation:
    """Read the sizes. The result is ``[index_bit_count, mh_bit_count]``.

    :param str bin_name: the bin that holds the HyperLogLog.
    """
    return {"op": aerospike.OP_HLL_DESCRIBE, "bin": bin_name}
