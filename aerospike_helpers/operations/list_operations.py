# SPDX-License-Identifier: Apache-2.0
"""Operations on lists: the value of a bin, or anywhere within its nested lists and maps.

Each function returns a dictionary for the list that :meth:`aerospike.Client.operate` takes::

    import aerospike
    from aerospike_helpers.operations import list_operations as lists

    operations = [
        lists.list_append("scores", 7, {"list_order": aerospike.LIST_ORDERED}),
        lists.list_get_by_rank("scores", -1, aerospike.LIST_RETURN_VALUE),
    ]
    _, _, results = client.operate_ordered(key, operations)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aerospike
from aerospike import _native
from aerospike_helpers.operations._context import at

if TYPE_CHECKING:
    from aerospike.types import ListPolicy, Operation
    from aerospike_helpers.cdt_ctx import Context


def list_create(
    bin_name: str, list_order: int, pad: bool, persist_index: bool, ctx: Context | None = None
) -> Operation:
    """Create a list, or change the order of the list that is there.

    :param str bin_name: the bin that holds the list.
    :param int list_order: ``LIST_UNORDERED`` or ``LIST_ORDERED``.
    :param bool pad: fill the gap with None if the context's last index is beyond the end of an unordered list.
    :param bool persist_index: keep the list's index with the record, which makes reads of a large list faster; only
        of a list that is the bin's value.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at(
        {
            "op": aerospike.OP_LIST_CREATE,
            "bin": bin_name,
            "list_order": list_order,
            "pad": pad,
            "persist_index": persist_index,
        },
        ctx,
    )


def list_set_order(bin_name: str, list_order: int, ctx: Context | None = None) -> Operation:
    """Set the order of a list; an ordered list sorts its items and keeps them so.

    :param str bin_name: the bin that holds the list.
    :param int list_order: ``LIST_UNORDERED`` or ``LIST_ORDERED``.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at({"op": aerospike.OP_LIST_SET_ORDER, "bin": bin_name, "list_order": list_order}, ctx)


def list_append(bin_name: str, value: Any, policy: ListPolicy | None = None, ctx: Context | None = None) -> Operation:
    """Append a value; to an ordered list, insert it at its place.

    The result is the number of items then in the list.

    :param str bin_name: the bin that holds the list.
    :param value: the value, of any type that ``put()`` takes.
    :param dict policy: ``list_order`` and ``write_flags``, ``LIST_*ORDERED`` and ``LIST_WRITE_*`` constants.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    operation: Operation = {"op": aerospike.OP_LIST_APPEND, "bin": bin_name, "val": value}
    if policy is not None:
        operation["list_policy"] = policy
    return at(operation, ctx)


def list_append_items(
    bin_name: str, values: list[Any], policy: ListPolicy | None = None, ctx: Context | None = None
) -> Operation:
    """Append several values; to an ordered list, insert each at its place.

    The result is the number of items then in the list.

    :param str bin_name: the bin that holds the list.
    :param list values: the values.
    :param dict policy: ``list_order`` and ``write_flags``, ``LIST_*ORDERED`` and ``LIST_WRITE_*`` constants.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    operation: Operation = {"op": aerospike.OP_LIST_APPEND_ITEMS, "bin": bin_name, "val": values}
    if policy is not None:
        operation["list_policy"] = policy
    return at(operation, ctx)


def list_insert(
    bin_name: str, index: int, value: Any, policy: ListPolicy | None = None, ctx: Context | None = None
) -> Operation:
    """Insert a value before an index of an unordered list.

    The result is the number of items then in the list.

    :param str bin_name: the bin that holds the list.
    :param int index: the index that the value will have; a gap beyond the end is filled with None.
    :param value: the value, of any type that ``put()`` takes.
    :param dict policy: ``list_order`` and ``write_flags``, ``LIST_*ORDERED`` and ``LIST_WRITE_*`` constants.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    operation: Operation = {"op": aerospike.OP_LIST_INSERT, "bin": bin_name, "index": index, "val": value}
    if policy is not None:
        operation["list_policy"] = policy
    return at(operation, ctx)


def list_insert_items(
    bin_name: str, index: int, values: list[Any], policy: ListPolicy | None = None, ctx: Context | None = None
) -> Operation:
    """Insert several values before an index of an unordered list.

    The result is the number of items then in the list.

    :param str bin_name: the bin that holds the list.
    :param int index: the index that the first of them will have; a gap beyond the end is filled with None.
    :param list values: the values.
    :param dict policy: ``list_order`` and ``write_flags``, ``LIST_*ORDERED`` and ``LIST_WRITE_*`` constants.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    operation: Operation = {"op": aerospike.OP_LIST_INSERT_ITEMS, "bin": bin_name, "index": index, "val": values}
    if policy is not None:
        operation["list_policy"] = policy
    return at(operation, ctx)


def list_increment(
    bin_name: str, index: int, value: float, policy: ListPolicy | None = None, ctx: Context | None = None
) -> Operation:
    """Add to the number at an index.

    The result is the new number.

    :param str bin_name: the bin that holds the list.
    :param int index: the item's index; negative ones count from the end, -1 is the last.
    :param value: int or float; may be negative.
    :param dict policy: ``list_order`` and ``write_flags``, ``LIST_*ORDERED`` and ``LIST_WRITE_*`` constants.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    operation: Operation = {"op": aerospike.OP_LIST_INCREMENT, "bin": bin_name, "index": index, "val": value}
    if policy is not None:
        operation["list_policy"] = policy
    return at(operation, ctx)


def list_pop(bin_name: str, index: int, ctx: Context | None = None) -> Operation:
    """Remove the item at an index. The result is the item.

    :param str bin_name: the bin that holds the list.
    :param int index: the item's index; negative ones count from the end, -1 is the last.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at({"op": aerospike.OP_LIST_POP, "bin": bin_name, "index": index}, ctx)


def list_pop_range(bin_name: str, index: int, count: int, ctx: Context | None = None) -> Operation:
    """Remove items from an index on. The result is a list of them.

    :param str bin_name: the bin that holds the list.
    :param int index: the first item's index; negative ones count from the end.
    :param int count: how many items.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at({"op": aerospike.OP_LIST_POP_RANGE, "bin": bin_name, "index": index, "val": count}, ctx)


def list_remove(bin_name: str, index: int, ctx: Context | None = None) -> Operation:
    """Remove the item at an index. The result is the number of items removed.

    :param str bin_name: the bin that holds the list.
    :param int index: the item's index; negative ones count from the end, -1 is the last.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at({"op": aerospike.OP_LIST_REMOVE, "bin": bin_name, "index": index}, ctx)


def list_remove_range(bin_name: str, index: int, count: int, ctx: Context | None = None) -> Operation:
    """Remove items from an index on. The result is the number of items removed.

    :param str bin_name: the bin that holds the list.
    :param int index: the first item's index; negative ones count from the end.
    :param int count: how many items.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at({"op": aerospike.OP_LIST_REMOVE_RANGE, "bin": bin_name, "index": index, "val": count}, ctx)


def list_clear(bin_name: str, ctx: Context | None = None) -> Operation:
    """Remove all items.

    :param str bin_name: the bin that holds the list.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at({"op": aerospike.OP_LIST_CLEAR, "bin": bin_name}, ctx)


def list_set(
    bin_name: str, index: int, value: Any, policy: ListPolicy | None = None, ctx: Context | None = None
) -> Operation:
    """Replace the item at an index of an unordered list; a gap beyond the end is filled with None.

    :param str bin_name: the bin that holds the list.
    :param int index: the item's index; negative ones count from the end, -1 is the last.
    :param value: the value, of any type that ``put()`` takes.
    :param dict policy: ``list_order`` and ``write_flags``, ``LIST_*ORDERED`` and ``LIST_WRITE_*`` constants.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    operation: Operation = {"op": aerospike.OP_LIST_SET, "bin": bin_name, "index": index, "val": value}
    if policy is not None:
        operation["list_policy"] = policy
    return at(operation, ctx)


def list_get(bin_name: str, index: int, ctx: Context | None = None) -> Operation:
    """Read the item at an index.

    :param str bin_name: the bin that holds the list.
    :param int index: the item's index; negative ones count from the end, -1 is the last.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at({"op": aerospike.OP_LIST_GET, "bin": bin_name, "index": index}, ctx)


def list_get_range(bin_name: str, index: int, count: int, ctx: Context | None = None) -> Operation:
    """Read items from an index on.

    :param str bin_name: the bin that holds the list.
    :param int index: the first item's index; negative ones count from the end.
    :param int count: how many items.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at({"op": aerospike.OP_LIST_GET_RANGE, "bin": bin_name, "index": index, "val": count}, ctx)


def list_trim(bin_name: str, index: int, count: int, ctx: Context | None = None) -> Operation:
    """Keep a range of items and remove all others. The result is the number of items removed.

    :param str bin_name: the bin that holds the list.
    :param int index: the index of the first item to keep; negative ones count from the end.
    :param int count: how many items to keep.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at({"op": aerospike.OP_LIST_TRIM, "bin": bin_name, "index": index, "val": count}, ctx)


def list_size(bin_name: str, ctx: Context | None = None) -> Operation:
    """Count the items.

    :param str bin_name: the bin that holds the list.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at({"op": aerospike.OP_LIST_SIZE, "bin": bin_name}, ctx)


def list_sort(bin_name: str, sort_flags: int = 0, ctx: Context | None = None) -> Operation:
    """Sort a list by value, without making it an ordered list.

    :param str bin_name: the bin that holds the list.
    :param int sort_flags: ``LIST_SORT_DEFAULT`` or ``LIST_SORT_DROP_DUPLICATES``.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at({"op": aerospike.OP_LIST_SORT, "bin": bin_name, "sort_flags": sort_flags}, ctx)


def list_join(bin_name: str, separator: str | None = None, ctx: Context | None = None) -> Operation:
    """Join the items, all of them strings, to one string.

    Needs a server that has string operations.

    :param str bin_name: the bin that holds the list.
    :param str separator: what stands between the items; None: nothing.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at({"op": _native._OP_LIST_JOIN, "bin": bin_name, "separator": separator}, ctx)


def list_get_by_index(bin_name: str, index: int, return_type: int, ctx: Context | None = None) -> Operation:
    """Read the item at an index.

    :param str bin_name: the bin that holds the list.
    :param int index: the item's index; negative ones count from the end, -1 is the last.
    :param int return_type: a ``LIST_RETURN_*`` constant: what to return of the items.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at({"op": aerospike.OP_LIST_GET_BY_INDEX, "bin": bin_name, "return_type": return_type, "index": index}, ctx)


def list_get_by_index_range(
    bin_name: str,
    index: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Read items from an index on.

    :param str bin_name: the bin that holds the list.
    :param int index: the first item's index; negative ones count from the end.
    :param int return_type: a ``LIST_RETURN_*`` constant: what to return of the items.
    :param int count: how many items; None: all from there to the end.
    :param bool inverted: select all the other items instead.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    operation: Operation = {
        "op": aerospike.OP_LIST_GET_BY_INDEX_RANGE,
        "bin": bin_name,
        "return_type": return_type,
        "index": index,
        "inverted": inverted,
    }
    if count is not None:
        operation["count"] = count
    return at(operation, ctx)


def list_get_by_rank(bin_name: str, rank: int, return_type: int, ctx: Context | None = None) -> Operation:
    """Read the item at a rank.

    :param str bin_name: the bin that holds the list.
    :param int rank: the item's rank: its place if the list were sorted, 0 is the smallest; negative ones count from
        the largest.
    :param int return_type: a ``LIST_RETURN_*`` constant: what to return of the items.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at({"op": aerospike.OP_LIST_GET_BY_RANK, "bin": bin_name, "return_type": return_type, "rank": rank}, ctx)


def list_get_by_rank_range(
    bin_name: str,
    rank: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Read items from a rank on.

    :param str bin_name: the bin that holds the list.
    :param int rank: the first item's rank, 0 is the smallest; negative ones count from the largest.
    :param int return_type: a ``LIST_RETURN_*`` constant: what to return of the items.
    :param int count: how many items; None: all from there to the end.
    :param bool inverted: select all the other items instead.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    operation: Operation = {
        "op": aerospike.OP_LIST_GET_BY_RANK_RANGE,
        "bin": bin_name,
        "return_type": return_type,
        "rank": rank,
        "inverted": inverted,
    }
    if count is not None:
        operation["count"] = count
    return at(operation, ctx)


def list_get_by_value(
    bin_name: str, value: Any, return_type: int, inverted: bool = False, ctx: Context | None = None
) -> Operation:
    """Read all items that equal a value.

    :param str bin_name: the bin that holds the list.
    :param value: the value; a ``CDTWildcard`` in a list matches whatever follows.
    :param int return_type: a ``LIST_RETURN_*`` constant: what to return of the items.
    :param bool inverted: select all the other items instead.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at(
        {
            "op": aerospike.OP_LIST_GET_BY_VALUE,
            "bin": bin_name,
            "return_type": return_type,
            "val": value,
            "inverted": inverted,
        },
        ctx,
    )


def list_get_by_value_list(
    bin_name: str, value_list: list[Any], return_type: int, inverted: bool = False, ctx: Context | None = None
) -> Operation:
    """Read all items that equal one of some values.

    :param str bin_name: the bin that holds the list.
    :param list value_list: the values to look for.
    :param int return_type: a ``LIST_RETURN_*`` constant: what to return of the items.
    :param bool inverted: select all the other items instead.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at(
        {
            "op": aerospike.OP_LIST_GET_BY_VALUE_LIST,
            "bin": bin_name,
            "return_type": return_type,
            "value_list": value_list,
            "inverted": inverted,
        },
        ctx,
    )


def list_get_by_value_range(
    bin_name: str,
    return_type: int,
    value_begin: Any,
    value_end: Any,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Read all items of a range of values.

    :param str bin_name: the bin that holds the list.
    :param int return_type: a ``LIST_RETURN_*`` constant: what to return of the items.
    :param value_begin: the smallest value that is selected; None: no limit.
    :param value_end: the first value that no longer is; None: no limit.
    :param bool inverted: select all the other items instead.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at(
        {
            "op": aerospike.OP_LIST_GET_BY_VALUE_RANGE,
            "bin": bin_name,
            "return_type": return_type,
            "inverted": inverted,
            "value_begin": value_begin,
            "value_end": value_end,
        },
        ctx,
    )


def list_get_by_value_rank_range_relative(
    bin_name: str,
    value: Any,
    offset: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Read items by their rank relative to a value.

    Of [0, 4, 5, 9, 11, 15], value 5 and offset 0 select 5, 9, 11 and 15; offset 1 begins with 9; offset -1 with 4.

    :param str bin_name: the bin that holds the list.
    :param value: the value; it need not be in the list.
    :param int offset: the first rank, relative to the place of value.
    :param int return_type: a ``LIST_RETURN_*`` constant: what to return of the items.
    :param int count: how many items; None: all from there to the end.
    :param bool inverted: select all the other items instead.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    operation: Operation = {
        "op": aerospike.OP_LIST_GET_BY_VALUE_RANK_RANGE_REL,
        "bin": bin_name,
        "val": value,
        "rank": offset,
        "return_type": return_type,
        "inverted": inverted,
    }
    if count is not None:
        operation["count"] = count
    return at(operation, ctx)


def list_remove_by_index(bin_name: str, index: int, return_type: int, ctx: Context | None = None) -> Operation:
    """Remove the item at an index and return what return_type says of it.

    :param str bin_name: the bin that holds the list.
    :param int index: the item's index; negative ones count from the end, -1 is the last.
    :param int return_type: a ``LIST_RETURN_*`` constant: what to return of the items.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at(
        {"op": aerospike.OP_LIST_REMOVE_BY_INDEX, "bin": bin_name, "return_type": return_type, "index": index}, ctx
    )


def list_remove_by_index_range(
    bin_name: str,
    index: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Remove items from an index on and return what return_type says of them.

    :param str bin_name: the bin that holds the list.
    :param int index: the first item's index; negative ones count from the end.
    :param int return_type: a ``LIST_RETURN_*`` constant: what to return of the items.
    :param int count: how many items; None: all from there to the end.
    :param bool inverted: select all the other items instead.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    operation: Operation = {
        "op": aerospike.OP_LIST_REMOVE_BY_INDEX_RANGE,
        "bin": bin_name,
        "return_type": return_type,
        "index": index,
        "inverted": inverted,
    }
    if count is not None:
        operation["count"] = count
    return at(operation, ctx)


def list_remove_by_rank(bin_name: str, rank: int, return_type: int, ctx: Context | None = None) -> Operation:
    """Remove the item at a rank and return what return_type says of it.

    :param str bin_name: the bin that holds the list.
    :param int rank: the item's rank: its place if the list were sorted, 0 is the smallest; negative ones count from
        the largest.
    :param int return_type: a ``LIST_RETURN_*`` constant: what to return of the items.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at({"op": aerospike.OP_LIST_REMOVE_BY_RANK, "bin": bin_name, "return_type": return_type, "rank": rank}, ctx)


def list_remove_by_rank_range(
    bin_name: str,
    rank: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Remove items from a rank on and return what return_type says of them.

    :param str bin_name: the bin that holds the list.
    :param int rank: the first item's rank, 0 is the smallest; negative ones count from the largest.
    :param int return_type: a ``LIST_RETURN_*`` constant: what to return of the items.
    :param int count: how many items; None: all from there to the end.
    :param bool inverted: select all the other items instead.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    operation: Operation = {
        "op": aerospike.OP_LIST_REMOVE_BY_RANK_RANGE,
        "bin": bin_name,
        "return_type": return_type,
        "rank": rank,
        "inverted": inverted,
    }
    if count is not None:
        operation["count"] = count
    return at(operation, ctx)


def list_remove_by_value(
    bin_name: str, value: Any, return_type: int, inverted: bool = False, ctx: Context | None = None
) -> Operation:
    """Remove all items that equal a value and return what return_type says of them.

    :param str bin_name: the bin that holds the list.
    :param value: the value; a ``CDTWildcard`` in a list matches whatever follows.
    :param int return_type: a ``LIST_RETURN_*`` constant: what to return of the items.
    :param bool inverted: select all the other items instead.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at(
        {
            "op": aerospike.OP_LIST_REMOVE_BY_VALUE,
            "bin": bin_name,
            "return_type": return_type,
            "val": value,
            "inverted": inverted,
        },
        ctx,
    )


def list_remove_by_value_list(
    bin_name: str, value_list: list[Any], return_type: int, inverted: bool = False, ctx: Context | None = None
) -> Operation:
    """Remove all items that equal one of some values and return what return_type says of them.

    :param str bin_name: the bin that holds the list.
    :param list value_list: the values to look for.
    :param int return_type: a ``LIST_RETURN_*`` constant: what to return of the items.
    :param bool inverted: select all the other items instead.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return at(
        {
            "op": aerospike.OP_LIST_REMOVE_BY_VALUE_LIST,
            "bin": bin_name,
            "return_type": return_type,
            "value_list": value_list,
            "inverted": inverted,
        },
        ctx,
    )


def list_remove_by_value_range(
    bin_name: str,
    return_type: int,
    value_begin: Any = None,
    value_end: Any = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Remove all items of a range of values and return what return_type says of them.

    :param str bin_name: the bin that holds the list.
    :param int return_type: a ``LIST_RETURN_*`` constant: what to return of the items.
    :param value_begin: the smallest value that is selected; None: no limit.
    :param value_end: the first value that no longer is; None: no limit.
    :param bool inverted: select all the other items instead.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    operation: Operation = {
        "op": aerospike.OP_LIST_REMOVE_BY_VALUE_RANGE,
        "bin": bin_name,
        "return_type": return_type,
        "inverted": inverted,
    }
    if value_begin is not None:
        operation["value_begin"] = value_begin
    if value_end is not None:
        operation["value_end"] = value_end
    return at(operation, ctx)


def list_remove_by_value_rank_range_relative(
    bin_name: str,
    value: Any,
    offset: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Remove items by their rank relative to a value and return what return_type says of them.

    Of [0, 4, 5, 9, 11, 15], value 5 and offset 0 select 5, 9, 11 and 15; offset 1 begins with 9; offset -1 with 4.

    :param str bin_name: the bin that holds the list.
    :param value: the value; it need not be in the list.
    :param int offset: the first rank, relative to the place of value.
    :param int return_type: a ``LIST_RETURN_*`` constant: what to return of the items.
    :param int count: how many items; None: all from there to the end.
    :param bool inverted: select all the other items instead.
    :param list ctx: where in the bin's nested lists and maps the list is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    operation: Operation = {
        "op": aerospike.OP_LIST_REMOVE_BY_VALUE_RANK_RANGE_REL,
        "bin": bin_name,
        "val": value,
        "rank": offset,
        "return_type": return_type,
        "inverted": inverted,
    }
    if count is not None:
        operation["count"] = count
    return at(operation, ctx)
