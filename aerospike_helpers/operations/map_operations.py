# SPDX-License-Identifier: Apache-2.0
"""Operations on maps: the value of a bin, or anywhere within its nested lists and maps.

Keys are str, int or bytes. Whatever its order, a map has an index, the place of a key in the order of keys, and ranks,
the places of values in the order of values. Each function returns a dictionary for the list that
:meth:`aerospike.Client.operate` takes::

    import aerospike
    from aerospike_helpers.operations import map_operations as maps

    operations = [
        maps.map_increment("cities", "Oslo", 1),
        maps.map_get_by_rank_range("cities", -3, 3, aerospike.MAP_RETURN_KEY_VALUE),
    ]
    _, _, results = client.operate_ordered(key, operations)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aerospike
from aerospike_helpers.operations._context import at

if TYPE_CHECKING:
    from aerospike.types import MapPolicy, Operation
    from aerospike_helpers.cdt_ctx import Context


def map_create(bin_name: str, map_order: int, persist_index: bool, ctx: Context | None = None) -> Operation:
    """Create a map, or change the order of the map that is there.

    :param str bin_name: the bin that holds the map.
    :param int map_order: ``MAP_UNORDERED``, ``MAP_KEY_ORDERED`` or ``MAP_KEY_VALUE_ORDERED``.
    :param bool persist_index: keep the map's index with the record, which makes reads of a large map faster; only
        of a map that is the bin's value.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at(
        {"op": aerospike.OP_MAP_CREATE, "bin": bin_name, "map_order": map_order, "persist_index": persist_index}, ctx
    )


def map_set_policy(bin_name: str, policy: MapPolicy, ctx: Context | None = None) -> Operation:
    """Change the order of a map; it is created if need be.

    :param str bin_name: the bin that holds the map.
    :param dict policy: ``map_order``, a ``MAP_*ORDERED`` constant; ``persist_index``, whether to keep the map's
        index with the record. (``map_write_flags``, of ``MAP_WRITE_FLAGS_*``, count for writes only.)
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at({"op": aerospike.OP_MAP_SET_POLICY, "bin": bin_name, "map_policy": policy}, ctx)


def map_put(
    bin_name: str, key: Any, value: Any, map_policy: MapPolicy | None = None, ctx: Context | None = None
) -> Operation:
    """Write an entry. The result is the number of entries then in the map.

    :param str bin_name: the bin that holds the map.
    :param key: the entry's key: str, int or bytes.
    :param value: the value, of any type that ``put()`` takes.
    :param dict map_policy: ``map_order``, ``map_write_flags`` and ``persist_index``, see :func:`map_set_policy`.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    operation: Operation = {"op": aerospike.OP_MAP_PUT, "bin": bin_name, "key": key, "val": value}
    if map_policy is not None:
        operation["map_policy"] = map_policy
    return at(operation, ctx)


def map_put_items(
    bin_name: str, item_dict: dict[Any, Any], map_policy: MapPolicy | None = None, ctx: Context | None = None
) -> Operation:
    """Write several entries. The result is the number of entries then in the map.

    :param str bin_name: the bin that holds the map.
    :param dict item_dict: the entries, keys of type str, int or bytes.
    :param dict map_policy: ``map_order``, ``map_write_flags`` and ``persist_index``, see :func:`map_set_policy`.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    operation: Operation = {"op": aerospike.OP_MAP_PUT_ITEMS, "bin": bin_name, "val": item_dict}
    if map_policy is not None:
        operation["map_policy"] = map_policy
    return at(operation, ctx)


def map_increment(
    bin_name: str, key: Any, amount: float, map_policy: MapPolicy | None = None, ctx: Context | None = None
) -> Operation:
    """Add to the number of an entry, which is created if need be. The result is the new number.

    :param str bin_name: the bin that holds the map.
    :param key: the entry's key: str, int or bytes.
    :param amount: int or float; may be negative.
    :param dict map_policy: ``map_order``, ``map_write_flags`` and ``persist_index``, see :func:`map_set_policy`.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    operation: Operation = {"op": aerospike.OP_MAP_INCREMENT, "bin": bin_name, "key": key, "val": amount}
    if map_policy is not None:
        operation["map_policy"] = map_policy
    return at(operation, ctx)


def map_decrement(
    bin_name: str, key: Any, amount: float, map_policy: MapPolicy | None = None, ctx: Context | None = None
) -> Operation:
    """Subtract from the number of an entry, which is created if need be. The result is the new number.

    :param str bin_name: the bin that holds the map.
    :param key: the entry's key: str, int or bytes.
    :param amount: int or float; may be negative.
    :param dict map_policy: ``map_order``, ``map_write_flags`` and ``persist_index``, see :func:`map_set_policy`.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    operation: Operation = {"op": aerospike.OP_MAP_DECREMENT, "bin": bin_name, "key": key, "val": amount}
    if map_policy is not None:
        operation["map_policy"] = map_policy
    return at(operation, ctx)


def map_size(bin_name: str, ctx: Context | None = None) -> Operation:
    """Count the entries.

    :param str bin_name: the bin that holds the map.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at({"op": aerospike.OP_MAP_SIZE, "bin": bin_name}, ctx)


def map_clear(bin_name: str, ctx: Context | None = None) -> Operation:
    """Remove all entries.

    :param str bin_name: the bin that holds the map.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at({"op": aerospike.OP_MAP_CLEAR, "bin": bin_name}, ctx)


def map_get_by_key(bin_name: str, key: Any, return_type: int, ctx: Context | None = None) -> Operation:
    """Read the entry of a key.

    :param str bin_name: the bin that holds the map.
    :param key: the entry's key.
    :param int return_type: a ``MAP_RETURN_*`` constant: what to return of the entries.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at({"op": aerospike.OP_MAP_GET_BY_KEY, "bin": bin_name, "key": key, "return_type": return_type}, ctx)


def map_get_by_key_list(
    bin_name: str, key_list: list[Any], return_type: int, inverted: bool = False, ctx: Context | None = None
) -> Operation:
    """Read the entries of some keys.

    :param str bin_name: the bin that holds the map.
    :param list key_list: the keys to look for.
    :param int return_type: a ``MAP_RETURN_*`` constant: what to return of the entries.
    :param bool inverted: select all the other entries instead.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at(
        {
            "op": aerospike.OP_MAP_GET_BY_KEY_LIST,
            "bin": bin_name,
            "val": key_list,
            "return_type": return_type,
            "inverted": inverted,
        },
        ctx,
    )


def map_get_by_key_range(
    bin_name: str,
    key_range_start: Any,
    key_range_end: Any,
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Read the entries of a range of keys.

    :param str bin_name: the bin that holds the map.
    :param key_range_start: the smallest key that is selected; None: no limit.
    :param key_range_end: the first key that no longer is; a ``CDTInfinite``: no limit.
    :param int return_type: a ``MAP_RETURN_*`` constant: what to return of the entries.
    :param bool inverted: select all the other entries instead.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at(
        {
            "op": aerospike.OP_MAP_GET_BY_KEY_RANGE,
            "bin": bin_name,
            "key": key_range_start,
            "range": key_range_end,
            "return_type": return_type,
            "inverted": inverted,
        },
        ctx,
    )


def map_get_by_key_index_range_relative(
    bin_name: str,
    value: Any,
    offset: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Read entries by their index relative to a key.

    Of the keys 0, 5, 9 and 12, key 5 and offset 0 select 5, 9 and 12; offset 1 begins with 9; offset -1 with 0.

    :param str bin_name: the bin that holds the map.
    :param value: the key; it need not be in the map.
    :param int offset: the first index, relative to the key's place.
    :param int return_type: a ``MAP_RETURN_*`` constant: what to return of the entries.
    :param int count: how many entries; None: all to the end.
    :param bool inverted: select all the other entries instead.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    operation: Operation = {
        "op": aerospike.OP_MAP_GET_BY_KEY_INDEX_RANGE_REL,
        "bin": bin_name,
        "key": value,
        "index": offset,
        "return_type": return_type,
    }
    if count is not None:
        operation["count"] = count
    if inverted:
        operation["inverted"] = True
    return at(operation, ctx)


def map_get_by_value(
    bin_name: str, value: Any, return_type: int, inverted: bool = False, ctx: Context | None = None
) -> Operation:
    """Read all entries that have a value.

    :param str bin_name: the bin that holds the map.
    :param value: the value; a ``CDTWildcard`` in a list matches whatever follows.
    :param int return_type: a ``MAP_RETURN_*`` constant: what to return of the entries.
    :param bool inverted: select all the other entries instead.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at(
        {
            "op": aerospike.OP_MAP_GET_BY_VALUE,
            "bin": bin_name,
            "val": value,
            "return_type": return_type,
            "inverted": inverted,
        },
        ctx,
    )


def map_get_by_value_list(
    bin_name: str, key_list: list[Any], return_type: int, inverted: bool = False, ctx: Context | None = None
) -> Operation:
    """Read all entries that have one of some values.

    :param str bin_name: the bin that holds the map.
    :param list key_list: the values to look for.
    :param int return_type: a ``MAP_RETURN_*`` constant: what to return of the entries.
    :param bool inverted: select all the other entries instead.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at(
        {
            "op": aerospike.OP_MAP_GET_BY_VALUE_LIST,
            "bin": bin_name,
            "val": key_list,
            "return_type": return_type,
            "inverted": inverted,
        },
        ctx,
    )


def map_get_by_value_range(
    bin_name: str,
    value_start: Any,
    value_end: Any,
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Read the entries of a range of values.

    :param str bin_name: the bin that holds the map.
    :param value_start: the smallest value that is selected; None: no limit.
    :param value_end: the first value that no longer is; a ``CDTInfinite``: no limit.
    :param int return_type: a ``MAP_RETURN_*`` constant: what to return of the entries.
    :param bool inverted: select all the other entries instead.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at(
        {
            "op": aerospike.OP_MAP_GET_BY_VALUE_RANGE,
            "bin": bin_name,
            "val": value_start,
            "range": value_end,
            "return_type": return_type,
            "inverted": inverted,
        },
        ctx,
    )


def map_get_by_value_rank_range_relative(
    bin_name: str,
    value: Any,
    offset: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Read entries by their rank relative to a value.

    Of the values 2, 4, 6 and 8, value 5 and offset 0 select 6 and 8; offset 1 only 8; offset -1 begins with 4.

    :param str bin_name: the bin that holds the map.
    :param value: the value; it need not be in the map.
    :param int offset: the first rank, relative to the value's place.
    :param int return_type: a ``MAP_RETURN_*`` constant: what to return of the entries.
    :param int count: how many entries; None: all to the end.
    :param bool inverted: select all the other entries instead.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    operation: Operation = {
        "op": aerospike.OP_MAP_GET_BY_VALUE_RANK_RANGE_REL,
        "bin": bin_name,
        "val": value,
        "rank": offset,
        "return_type": return_type,
    }
    if count is not None:
        operation["count"] = count
    if inverted:
        operation["inverted"] = True
    return at(operation, ctx)


def map_get_by_index(bin_name: str, index: int, return_type: int, ctx: Context | None = None) -> Operation:
    """Read the entry at an index, in the order of keys.

    :param str bin_name: the bin that holds the map.
    :param int index: the entry's index in the order of keys; negative ones count from the end, -1 is the last.
    :param int return_type: a ``MAP_RETURN_*`` constant: what to return of the entries.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at({"op": aerospike.OP_MAP_GET_BY_INDEX, "bin": bin_name, "index": index, "return_type": return_type}, ctx)


def map_get_by_index_range(
    bin_name: str, index_start: int, get_amt: int, return_type: int, inverted: bool = False, ctx: Context | None = None
) -> Operation:
    """Read entries from an index on, in the order of keys.

    :param str bin_name: the bin that holds the map.
    :param int index_start: the first entry's index in the order of keys; negative ones count from the end.
    :param int get_amt: how many entries.
    :param int return_type: a ``MAP_RETURN_*`` constant: what to return of the entries.
    :param bool inverted: select all the other entries instead.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at(
        {
            "op": aerospike.OP_MAP_GET_BY_INDEX_RANGE,
            "bin": bin_name,
            "index": index_start,
            "val": get_amt,
            "return_type": return_type,
            "inverted": inverted,
        },
        ctx,
    )


def map_get_by_rank(bin_name: str, rank: int, return_type: int, ctx: Context | None = None) -> Operation:
    """Read the entry at a rank, in the order of values.

    :param str bin_name: the bin that holds the map.
    :param int rank: the entry's rank in the order of values, 0 is the smallest; negative ones count from the
        largest.
    :param int return_type: a ``MAP_RETURN_*`` constant: what to return of the entries.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at({"op": aerospike.OP_MAP_GET_BY_RANK, "bin": bin_name, "index": rank, "return_type": return_type}, ctx)


def map_get_by_rank_range(
    bin_name: str, rank_start: int, get_amt: int, return_type: int, inverted: bool = False, ctx: Context | None = None
) -> Operation:
    """Read entries from a rank on, in the order of values.

    :param str bin_name: the bin that holds the map.
    :param int rank_start: the first entry's rank in the order of values; negative ones count from the largest.
    :param int get_amt: how many entries.
    :param int return_type: a ``MAP_RETURN_*`` constant: what to return of the entries.
    :param bool inverted: select all the other entries instead.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at(
        {
            "op": aerospike.OP_MAP_GET_BY_RANK_RANGE,
            "bin": bin_name,
            "index": rank_start,
            "val": get_amt,
            "return_type": return_type,
            "inverted": inverted,
        },
        ctx,
    )


def map_remove_by_key(bin_name: str, key: Any, return_type: int, ctx: Context | None = None) -> Operation:
    """Remove the entry of a key and return what return_type says of it.

    :param str bin_name: the bin that holds the map.
    :param key: the entry's key.
    :param int return_type: a ``MAP_RETURN_*`` constant: what to return of the entries.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at({"op": aerospike.OP_MAP_REMOVE_BY_KEY, "bin": bin_name, "key": key, "return_type": return_type}, ctx)


def map_remove_by_key_list(
    bin_name: str, key_list: list[Any], return_type: int, inverted: bool = False, ctx: Context | None = None
) -> Operation:
    """Remove the entries of some keys and return what return_type says of them.

    :param str bin_name: the bin that holds the map.
    :param list key_list: the keys to look for.
    :param int return_type: a ``MAP_RETURN_*`` constant: what to return of the entries.
    :param bool inverted: select all the other entries instead.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at(
        {
            "op": aerospike.OP_MAP_REMOVE_BY_KEY_LIST,
            "bin": bin_name,
            "val": key_list,
            "return_type": return_type,
            "inverted": inverted,
        },
        ctx,
    )


def map_remove_by_key_range(
    bin_name: str,
    key_range_start: Any,
    key_range_end: Any,
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Remove the entries of a range of keys and return what return_type says of them.

    :param str bin_name: the bin that holds the map.
    :param key_range_start: the smallest key that is selected; None: no limit.
    :param key_range_end: the first key that no longer is; a ``CDTInfinite``: no limit.
    :param int return_type: a ``MAP_RETURN_*`` constant: what to return of the entries.
    :param bool inverted: select all the other entries instead.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at(
        {
            "op": aerospike.OP_MAP_REMOVE_BY_KEY_RANGE,
            "bin": bin_name,
            "key": key_range_start,
            "val": key_range_end,
            "return_type": return_type,
            "inverted": inverted,
        },
        ctx,
    )


def map_remove_by_key_index_range_relative(
    bin_name: str,
    key: Any,
    offset: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Remove entries by their index relative to a key and return what return_type says of them.

    Of the keys 0, 5, 9 and 12, key 5 and offset 0 select 5, 9 and 12; offset 1 begins with 9; offset -1 with 0.

    :param str bin_name: the bin that holds the map.
    :param key: the key; it need not be in the map.
    :param int offset: the first index, relative to the key's place.
    :param int return_type: a ``MAP_RETURN_*`` constant: what to return of the entries.
    :param int count: how many entries; None: all to the end.
    :param bool inverted: select all the other entries instead.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    operation: Operation = {
        "op": aerospike.OP_MAP_REMOVE_BY_KEY_INDEX_RANGE_REL,
        "bin": bin_name,
        "key": key,
        "index": offset,
        "return_type": return_type,
    }
    if count is not None:
        operation["count"] = count
    if inverted:
        operation["inverted"] = True
    return at(operation, ctx)


def map_remove_by_value(
    bin_name: str, value: Any, return_type: int, inverted: bool = False, ctx: Context | None = None
) -> Operation:
    """Remove all entries that have a value and return what return_type says of them.

    :param str bin_name: the bin that holds the map.
    :param value: the value; a ``CDTWildcard`` in a list matches whatever follows.
    :param int return_type: a ``MAP_RETURN_*`` constant: what to return of the entries.
    :param bool inverted: select all the other entries instead.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at(
        {
            "op": aerospike.OP_MAP_REMOVE_BY_VALUE,
            "bin": bin_name,
            "val": value,
            "return_type": return_type,
            "inverted": inverted,
        },
        ctx,
    )


def map_remove_by_value_list(
    bin_name: str, value_list: list[Any], return_type: int, inverted: bool = False, ctx: Context | None = None
) -> Operation:
    """Remove all entries that have one of some values and return what return_type says of them.

    :param str bin_name: the bin that holds the map.
    :param list value_list: the values to look for.
    :param int return_type: a ``MAP_RETURN_*`` constant: what to return of the entries.
    :param bool inverted: select all the other entries instead.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at(
        {
            "op": aerospike.OP_MAP_REMOVE_BY_VALUE_LIST,
            "bin": bin_name,
            "val": value_list,
            "return_type": return_type,
            "inverted": inverted,
        },
        ctx,
    )


def map_remove_by_value_range(
    bin_name: str,
    value_start: Any,
    value_end: Any,
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Remove the entries of a range of values and return what return_type says of them.

    :param str bin_name: the bin that holds the map.
    :param value_start: the smallest value that is selected; None: no limit.
    :param value_end: the first value that no longer is; a ``CDTInfinite``: no limit.
    :param int return_type: a ``MAP_RETURN_*`` constant: what to return of the entries.
    :param bool inverted: select all the other entries instead.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at(
        {
            "op": aerospike.OP_MAP_REMOVE_BY_VALUE_RANGE,
            "bin": bin_name,
            "val": value_start,
            "range": value_end,
            "return_type": return_type,
            "inverted": inverted,
        },
        ctx,
    )


def map_remove_by_value_rank_range_relative(
    bin_name: str,
    value: Any,
    offset: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Remove entries by their rank relative to a value and return what return_type says of them.

    Of the values 2, 4, 6 and 8, value 5 and offset 0 select 6 and 8; offset 1 only 8; offset -1 begins with 4.

    :param str bin_name: the bin that holds the map.
    :param value: the value; it need not be in the map.
    :param int offset: the first rank, relative to the value's place.
    :param int return_type: a ``MAP_RETURN_*`` constant: what to return of the entries.
    :param int count: how many entries; None: all to the end.
    :param bool inverted: select all the other entries instead.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    operation: Operation = {
        "op": aerospike.OP_MAP_REMOVE_BY_VALUE_RANK_RANGE_REL,
        "bin": bin_name,
        "val": value,
        "rank": offset,
        "return_type": return_type,
    }
    if count is not None:
        operation["count"] = count
    if inverted:
        operation["inverted"] = True
    return at(operation, ctx)


def map_remove_by_index(bin_name: str, index: int, return_type: int, ctx: Context | None = None) -> Operation:
    """Remove the entry at an index, in the order of keys, and return what return_type says of it.

    :param str bin_name: the bin that holds the map.
    :param int index: the entry's index in the order of keys; negative ones count from the end, -1 is the last.
    :param int return_type: a ``MAP_RETURN_*`` constant: what to return of the entries.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at(
        {"op": aerospike.OP_MAP_REMOVE_BY_INDEX, "bin": bin_name, "index": index, "return_type": return_type}, ctx
    )


def map_remove_by_index_range(
    bin_name: str,
    index_start: int,
    remove_amt: int,
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Remove entries from an index on, in the order of keys, and return what return_type says of them.

    :param str bin_name: the bin that holds the map.
    :param int index_start: the first entry's index in the order of keys; negative ones count from the end.
    :param int remove_amt: how many entries.
    :param int return_type: a ``MAP_RETURN_*`` constant: what to return of the entries.
    :param bool inverted: select all the other entries instead.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at(
        {
            "op": aerospike.OP_MAP_REMOVE_BY_INDEX_RANGE,
            "bin": bin_name,
            "index": index_start,
            "val": remove_amt,
            "return_type": return_type,
            "inverted": inverted,
        },
        ctx,
    )


def map_remove_by_rank(bin_name: str, rank: int, return_type: int, ctx: Context | None = None) -> Operation:
    """Remove the entry at a rank, in the order of values, and return what return_type says of it.

    :param str bin_name: the bin that holds the map.
    :param int rank: the entry's rank in the order of values, 0 is the smallest; negative ones count from the
        largest.
    :param int return_type: a ``MAP_RETURN_*`` constant: what to return of the entries.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at({"op": aerospike.OP_MAP_REMOVE_BY_RANK, "bin": bin_name, "index": rank, "return_type": return_type}, ctx)


def map_remove_by_rank_range(
    bin_name: str,
    rank_start: int,
    remove_amt: int,
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Remove entries from a rank on, in the order of values, and return what return_type says of them.

    :param str bin_name: the bin that holds the map.
    :param int rank_start: the first entry's rank in the order of values; negative ones count from the largest.
    :param int remove_amt: how many entries.
    :param int return_type: a ``MAP_RETURN_*`` constant: what to return of the entries.
    :param bool inverted: select all the other entries instead.
    :param list ctx: where in the bin's nested lists and maps the map is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at(
        {
            "op": aerospike.OP_MAP_REMOVE_BY_RANK_RANGE,
            "bin": bin_name,
            "index": rank_start,
            "val": remove_amt,
            "return_type": return_type,
            "inverted": inverted,
        },
        ctx,
    )
