# SPDX-License-Identifier: Apache-2.0
"""Contexts: where in nested lists and maps something is.

A context is a list of entries, from the outermost list or map inwards. With ``{"scores": [1, 2]}`` as the value of a
bin, ``[cdt_ctx_map_key("scores")]`` leads to the list, so that list operations work on it::

    from aerospike_helpers import cdt_ctx
    from aerospike_helpers.operations import list_operations as lists

    client.operate(key, [lists.list_append("games", 3, ctx=[cdt_ctx.cdt_ctx_map_key("scores")])])

Indexes and ranks may be negative: -1 is the last, or the largest. The functions that end in ``_create`` make what they
do not find; ``cdt_ctx_all_children`` and the filters lead to many places at once, which only ``select_by_path`` and
``modify_by_path`` can use.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import aerospike
from aerospike import _context
from aerospike._context import ContextEntry

_cdt_ctx = ContextEntry  # the name that programs know


Context: TypeAlias = list[ContextEntry]
"""What ``ctx`` parameters take."""


def cdt_ctx_list_index(index: int) -> ContextEntry:
    """The item of a list at an index.

    :param int index: the index; negative ones count from the end.
    """
    return ContextEntry(id=aerospike.CDT_CTX_LIST_INDEX, value=index)


def cdt_ctx_list_rank(rank: int) -> ContextEntry:
    """The item of a list at a rank.

    :param int rank: the rank, 0 is the smallest; negative ones count from the largest.
    """
    return ContextEntry(id=aerospike.CDT_CTX_LIST_RANK, value=rank)


def cdt_ctx_list_value(value: Any) -> ContextEntry:
    """The first item of a list that equals a value.

    :param value: the value.
    """
    return ContextEntry(id=aerospike.CDT_CTX_LIST_VALUE, value=value)


def cdt_ctx_list_index_create(index: int, order: int = 0, pad: bool = False) -> ContextEntry:
    """The item of a list at an index; where there is none, a new list.

    :param int index: the index; negative ones count from the end.
    :param int order: ``LIST_UNORDERED`` or ``LIST_ORDERED``, of the new list.
    :param bool pad: if the index is beyond the end, fill the gap with None instead of failing.
    """
    return ContextEntry(
        id=aerospike.CDT_CTX_LIST_INDEX_CREATE, value=index, extra_args={_context.ORDER: order, _context.PAD: pad}
    )


def cdt_ctx_map_index(index: int) -> ContextEntry:
    """The value of a map at an index, in the order of keys.

    :param int index: the index; negative ones count from the end.
    """
    return ContextEntry(id=aerospike.CDT_CTX_MAP_INDEX, value=index)


def cdt_ctx_map_rank(rank: int) -> ContextEntry:
    """The value of a map at a rank, in the order of values.

    :param int rank: the rank, 0 is the smallest; negative ones count from the largest.
    """
    return ContextEntry(id=aerospike.CDT_CTX_MAP_RANK, value=rank)


def cdt_ctx_map_key(key: Any) -> ContextEntry:
    """The value of a map for a key.

    :param key: the key: str, int or bytes.
    """
    return ContextEntry(id=aerospike.CDT_CTX_MAP_KEY, value=key)


def cdt_ctx_map_value(value: Any) -> ContextEntry:
    """The first value of a map, in the order of keys, that equals a value.

    :param value: the value.
    """
    return ContextEntry(id=aerospike.CDT_CTX_MAP_VALUE, value=value)


def cdt_ctx_map_key_create(key: Any, order: int = 0) -> ContextEntry:
    """The value of a map for a key; where there is none, a new map.

    :param key: the key: str, int or bytes.
    :param int order: ``MAP_UNORDERED``, ``MAP_KEY_ORDERED`` or ``MAP_KEY_VALUE_ORDERED``, of the new map.
    """
    return ContextEntry(id=aerospike.CDT_CTX_MAP_KEY_CREATE, value=key, extra_args={_context.ORDER: order})


def cdt_ctx_map_keys_in(keys: list[Any]) -> ContextEntry:
    """The values of a map for several keys.

    :param list keys: the keys: str, int or bytes.

    Needs a server of version 8.1.1 or later.
    """
    return ContextEntry(id=_context.MAP_KEYS_IN, value=keys)


def cdt_ctx_all_children() -> ContextEntry:
    """Every item of a list, or every value of a map.

    Needs a server of version 8.1.1 or later.
    """
    return ContextEntry(id=_context.EXPRESSION)


def cdt_ctx_all_children_with_filter(expression: Any) -> ContextEntry:
    """Every item of a list, or every value of a map, for which an expression is true.

    :param expression: a compiled expression; ``LoopVar...`` expressions stand for the item, its key or its index.

    Needs a server of version 8.1.1 or later.
    """
    return ContextEntry(id=_context.EXPRESSION, value=expression)


def cdt_ctx_and_filter(expression: Any) -> ContextEntry:
    """What the entry before leads to, but only where an expression is true.

    :param expression: a compiled expression, as of :func:`cdt_ctx_all_children_with_filter`.

    Needs a server of version 8.1.1 or later.
    """
    return ContextEntry(id=_context.AND | _context.EXPRESSION, value=expression)


def index_type_string(index_type: int) -> str:
    """The name of an index's type in the server's info commands.

    :param int index_type: an ``INDEX_TYPE_*`` constant.
    :return: ``"default"``, ``"list"``, ``"mapkeys"`` or ``"mapvalues"``; ``"invalid"`` for other numbers.
    """
    names = {
        aerospike.INDEX_TYPE_DEFAULT: "default",
        aerospike.INDEX_TYPE_LIST: "list",
        aerospike.INDEX_TYPE_MAPKEYS: "mapkeys",
        aerospike.INDEX_TYPE_MAPVALUES: "mapvalues",
    }
    return names.get(index_type, "invalid")


def index_datatype_string(index_datatype: int) -> str:
    """The name of an index's data type in the server's info commands.

    :param int index_datatype: an ``INDEX_*`` constant.
    :return: ``"string"``, ``"numeric"`` or ``"geo2dsphere"``; ``"invalid"`` for other numbers.
    """
    names = {
        aerospike.INDEX_STRING: "string",
        aerospike.INDEX_NUMERIC: "numeric",
        aerospike.INDEX_GEO2DSPHERE: "geo2dsphere",
    }
    return names.get(index_datatype, "invalid")
