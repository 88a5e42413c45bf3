# SPDX-License-Identifier: Apache-2.0
"""Lists: what an expression reads from one, or makes of one. The bin itself stays as it is.

Write the result of the second kind with :func:`aerospike_helpers.operations.expression_operations.expression_write`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aerospike_helpers.expressions.resources import (
    Expression,
    TypeBinName,
    TypeCount,
    TypeCTX,
    TypeIndex,
    TypeListValue,
    TypeRank,
    TypeValue,
)

if TYPE_CHECKING:
    from aerospike.types import ListPolicy

# ---- changed lists ----


class ListAppend(Expression):
    """The list with a value added at its end.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param policy: ``list_order`` (``aerospike.LIST_*ORDERED``, of a list that is created) and ``write_flags``
        (``aerospike.LIST_WRITE_*``), or None.
    :param value: an expression or a value.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.

    ::

        ListAppend(None, None, IntBin("a"), "items")
    """

    def __init__(self, ctx: TypeCTX, policy: ListPolicy | None, value: TypeValue, bin: TypeBinName) -> None:
        self._build(ctx, policy, value, bin)


class ListAppendItems(Expression):
    """The list with all values of another added at its end.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param policy: ``list_order`` (``aerospike.LIST_*ORDERED``, of a list that is created) and ``write_flags``
        (``aerospike.LIST_WRITE_*``), or None.
    :param value: a list, or an expression of one.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.
    """

    def __init__(self, ctx: TypeCTX, policy: ListPolicy | None, value: TypeValue, bin: TypeBinName) -> None:
        self._build(ctx, policy, value, bin)


class ListInsert(Expression):
    """The list with a value put in before an index.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param policy: ``list_order`` (``aerospike.LIST_*ORDERED``, of a list that is created) and ``write_flags``
        (``aerospike.LIST_WRITE_*``), or None.
    :param index: 0 is the first, -1 the last item: an expression or an int.
    :param value: an expression or a value.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.
    """

    def __init__(
        self, ctx: TypeCTX, policy: ListPolicy | None, index: TypeIndex, value: TypeValue, bin: TypeBinName
    ) -> None:
        self._build(ctx, policy, index, value, bin)


class ListInsertItems(Expression):
    """The list with all values of another put in before an index.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param policy: ``list_order`` (``aerospike.LIST_*ORDERED``, of a list that is created) and ``write_flags``
        (``aerospike.LIST_WRITE_*``), or None.
    :param index: 0 is the first, -1 the last item: an expression or an int.
    :param values: a list, or an expression of one.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.
    """

    def __init__(
        self,
        ctx: TypeCTX,
        policy: ListPolicy | None,
        index: TypeIndex,
        values: TypeListValue,
        bin: TypeBinName,
    ) -> None:
        self._build(ctx, policy, index, values, bin)


class ListIncrement(Expression):
    """The list with the number at an index increased.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param policy: ``list_order`` (``aerospike.LIST_*ORDERED``, of a list that is created) and ``write_flags``
        (``aerospike.LIST_WRITE_*``), or None.
    :param index: 0 is the first, -1 the last item: an expression or an int.
    :param value: what to add: an expression or a number.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.
    """

    def __init__(
        self, ctx: TypeCTX, policy: ListPolicy | None, index: TypeIndex, value: TypeValue, bin: TypeBinName
    ) -> None:
        self._build(ctx, policy, index, value, bin)


class ListSet(Expression):
    """The list with the item at an index replaced.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param policy: ``list_order`` (``aerospike.LIST_*ORDERED``, of a list that is created) and ``write_flags``
        (``aerospike.LIST_WRITE_*``), or None.
    :param index: 0 is the first, -1 the last item: an expression or an int.
    :param value: an expression or a value.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.
    """

    def __init__(
        self, ctx: TypeCTX, policy: ListPolicy | None, index: TypeIndex, value: TypeValue, bin: TypeBinName
    ) -> None:
        self._build(ctx, policy, index, value, bin)


class ListClear(Expression):
    """The list without its items.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.
    """

    def __init__(self, ctx: TypeCTX, bin: TypeBinName) -> None:
        self._build(ctx, bin)


class ListSort(Expression):
    """The list in the order of its values.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param order: ``aerospike.LIST_SORT_DEFAULT`` or ``LIST_SORT_DROP_DUPLICATES``.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.
    """

    def __init__(self, ctx: TypeCTX, order: int, bin: TypeBinName) -> None:
        self._build(ctx, order, bin)


class ListRemoveByValue(Expression):
    """The list without the items that equal a value.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param value: an expression or a value.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.
    """

    def __init__(self, ctx: TypeCTX, value: TypeValue, bin: TypeBinName, inverted: bool = False) -> None:
        self._build(ctx, value, bin, inverted)


class ListRemoveByValueList(Expression):
    """The list without the items that equal one of several values.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param values: a list, or an expression of one.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.
    """

    def __init__(self, ctx: TypeCTX, values: TypeListValue, bin: TypeBinName, inverted: bool = False) -> None:
        self._build(ctx, values, bin, inverted)


class ListRemoveByValueRange(Expression):
    """The list without the items from one value up to, not with, another.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param begin: the least value that goes: an expression or a value; None: from the least of all.
    :param end: the value before which it ends: an expression or a value; :class:`aerospike.CDTInfinite`: to the
        greatest of all.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.
    """

    def __init__(
        self,
        ctx: TypeCTX,
        begin: TypeValue,
        end: TypeValue,
        bin: TypeBinName,
        inverted: bool = False,
    ) -> None:
        self._build(ctx, begin, end, bin, inverted)


class ListRemoveByValueRelRankToEnd(Expression):
    """The list without the items from a rank on, counted from the rank that a value has or would have.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param value: an expression or a value.
    :param rank: ranks from that of the value: an expression or an int.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.
    """

    def __init__(
        self,
        ctx: TypeCTX,
        value: TypeValue,
        rank: TypeRank,
        bin: TypeBinName,
        inverted: bool = False,
    ) -> None:
        self._build(ctx, value, rank, bin, inverted)


class ListRemoveByValueRelRankRange(Expression):
    """The list without the items of some ranks, counted from the rank that a value has or would have.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param value: an expression or a value.
    :param rank: ranks from that of the value: an expression or an int.
    :param count: how many: an expression or an int.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.
    """

    def __init__(
        self,
        ctx: TypeCTX,
        value: TypeValue,
        rank: TypeRank,
        count: TypeCount,
        bin: TypeBinName,
        inverted: bool = False,
    ) -> None:
        self._build(ctx, value, rank, count, bin, inverted)


class ListRemoveByIndex(Expression):
    """The list without the item at an index.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param index: 0 is the first, -1 the last item: an expression or an int.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.
    """

    def __init__(self, ctx: TypeCTX, index: TypeIndex, bin: TypeBinName) -> None:
        self._build(ctx, index, bin)


class ListRemoveByIndexRangeToEnd(Expression):
    """The list without the items from an index on.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param index: 0 is the first, -1 the last item: an expression or an int.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.
    """

    def __init__(self, ctx: TypeCTX, index: TypeIndex, bin: TypeBinName, inverted: bool = False) -> None:
        self._build(ctx, index, bin, inverted)


class ListRemoveByIndexRange(Expression):
    """The list without the items of some indexes.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param index: 0 is the first, -1 the last item: an expression or an int.
    :param count: how many: an expression or an int.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.
    """

    def __init__(
        self,
        ctx: TypeCTX,
        index: TypeIndex,
        count: TypeCount,
        bin: TypeBinName,
        inverted: bool = False,
    ) -> None:
        self._build(ctx, index, count, bin, inverted)


class ListRemoveByRank(Expression):
    """The list without the item of a rank.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param rank: 0 is the least, -1 the greatest value: an expression or an int.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.
    """

    def __init__(self, ctx: TypeCTX, rank: TypeRank, bin: TypeBinName) -> None:
        self._build(ctx, rank, bin)


class ListRemoveByRankRangeToEnd(Expression):
    """The list without the items from a rank on.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param rank: 0 is the least, -1 the greatest value: an expression or an int.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.
    """

    def __init__(self, ctx: TypeCTX, rank: TypeRank, bin: TypeBinName, inverted: bool = False) -> None:
        self._build(ctx, rank, bin, inverted)


class ListRemoveByRankRange(Expression):
    """The list without the items of some ranks.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param rank: 0 is the least, -1 the greatest value: an expression or an int.
    :param count: how many: an expression or an int.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.
    """

    def __init__(
        self,
        ctx: TypeCTX,
        rank: TypeRank,
        count: TypeCount,
        bin: TypeBinName,
        inverted: bool = False,
    ) -> None:
        self._build(ctx, rank, count, bin, inverted)


# ---- what is read ----


class ListSize(Expression):
    """How many items the list has: an integer.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.

    ::

        ListSize(None, "items") > 10
    """

    def __init__(self, ctx: TypeCTX, bin: TypeBinName) -> None:
        self._build(ctx, bin)


class ListGetByValue(Expression):
    """Of the items that equal a value, what ``return_type`` says.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param return_type: ``aerospike.LIST_RETURN_*``, but for ``NONE``.
    :param value: an expression or a value.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.

    ::

        ListGetByValue(None, aerospike.LIST_RETURN_COUNT, "red", "colours") > 0
    """

    def __init__(
        self,
        ctx: TypeCTX,
        return_type: int,
        value: TypeValue,
        bin: TypeBinName,
        inverted: bool = False,
    ) -> None:
        self._build(ctx, return_type, value, bin, inverted)


class ListGetByValueRange(Expression):
    """Of the items from one value up to, not with, another, what ``return_type`` says.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param return_type: ``aerospike.LIST_RETURN_*``, but for ``NONE``.
    :param value_begin: the least value: an expression or a value; None: from the least of all.
    :param value_end: the value before which it ends: an expression or a value; :class:`aerospike.CDTInfinite`: to the
        greatest of all.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.
    """

    def __init__(
        self,
        ctx: TypeCTX,
        return_type: int,
        value_begin: TypeValue,
        value_end: TypeValue,
        bin: TypeBinName,
        inverted: bool = False,
    ) -> None:
        self._build(ctx, return_type, value_begin, value_end, bin, inverted)


class ListGetByValueList(Expression):
    """Of the items that equal one of several values, what ``return_type`` says.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param return_type: ``aerospike.LIST_RETURN_*``, but for ``NONE``.
    :param value: a list, or an expression of one.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.
    """

    def __init__(
        self,
        ctx: TypeCTX,
        return_type: int,
        value: TypeListValue,
        bin: TypeBinName,
        inverted: bool = False,
    ) -> None:
        self._build(ctx, return_type, value, bin, inverted)


class ListGetByValueRelRankRangeToEnd(Expression):
    """Of the items from a rank on, counted from the rank that a value has or would have, what ``return_type`` says.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param return_type: ``aerospike.LIST_RETURN_*``, but for ``NONE``.
    :param value: an expression or a value.
    :param rank: ranks from that of the value: an expression or an int.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.
    """

    def __init__(
        self,
        ctx: TypeCTX,
        return_type: int,
        value: TypeValue,
        rank: TypeRank,
        bin: TypeBinName,
        inverted: bool = False,
    ) -> None:
        self._build(ctx, return_type, value, rank, bin, inverted)


class ListGetByValueRelRankRange(Expression):
    """Of the items of some ranks, counted from the rank that a value has or would have, what ``return_type`` says.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param return_type: ``aerospike.LIST_RETURN_*``, but for ``NONE``.
    :param value: an expression or a value.
    :param rank: ranks from that of the value: an expression or an int.
    :param count: how many: an expression or an int.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.
    """

    def __init__(
        self,
        ctx: TypeCTX,
        return_type: int,
        value: TypeValue,
        rank: TypeRank,
        count: TypeCount,
        bin: TypeBinName,
        inverted: bool = False,
    ) -> None:
        self._build(ctx, return_type, value, rank, count, bin, inverted)


class ListGetByIndex(Expression):
    """Of the item at an index, what ``return_type`` says.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param return_type: ``aerospike.LIST_RETURN_*``, but for ``NONE``.
    :param value_type: the type of the item's value, of :class:`ResultType`; with a return type other than ``VALUE``
        the type that it has.
    :param index: 0 is the first, -1 the last item: an expression or an int.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.

    ::

        ListGetByIndex(None, aerospike.LIST_RETURN_VALUE, ResultType.INTEGER, 0, "items") == 5
    """

    def __init__(self, ctx: TypeCTX, return_type: int, value_type: int, index: TypeIndex, bin: TypeBinName) -> None:
        self._build(ctx, return_type, value_type, index, bin)


class ListGetByIndexRangeToEnd(Expression):
    """Of the items from an index on, what ``return_type`` says.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param return_type: ``aerospike.LIST_RETURN_*``, but for ``NONE``.
    :param index: 0 is the first, -1 the last item: an expression or an int.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.
    """

    def __init__(
        self,
        ctx: TypeCTX,
        return_type: int,
        index: TypeIndex,
        bin: TypeBinName,
        inverted: bool = False,
    ) -> None:
        self._build(ctx, return_type, index, bin, inverted)


class ListGetByIndexRange(Expression):
    """Of the items of some indexes, what ``return_type`` says.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param return_type: ``aerospike.LIST_RETURN_*``, but for ``NONE``.
    :param index: 0 is the first, -1 the last item: an expression or an int.
    :param count: how many: an expression or an int.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.
    """

    def __init__(
        self,
        ctx: TypeCTX,
        return_type: int,
        index: TypeIndex,
        count: TypeCount,
        bin: TypeBinName,
        inverted: bool = False,
    ) -> None:
        self._build(ctx, return_type, index, count, bin, inverted)


class ListGetByRank(Expression):
    """Of the item of a rank, what ``return_type`` says.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param return_type: ``aerospike.LIST_RETURN_*``, but for ``NONE``.
    :param value_type: the type of the item's value, of :class:`ResultType`; with a return type other than ``VALUE``
        the type that it has.
    :param rank: 0 is the least, -1 the greatest value: an expression or an int.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.

    ::

        ListGetByRank(None, aerospike.LIST_RETURN_VALUE, ResultType.INTEGER, -1, "scores")  # the greatest
    """

    def __init__(self, ctx: TypeCTX, return_type: int, value_type: int, rank: TypeRank, bin: TypeBinName) -> None:
        self._build(ctx, return_type, value_type, rank, bin)


class ListGetByRankRangeToEnd(Expression):
    """Of the items from a rank on, what ``return_type`` says.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param return_type: ``aerospike.LIST_RETURN_*``, but for ``NONE``.
    :param rank: 0 is the least, -1 the greatest value: an expression or an int.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.
    """

    def __init__(
        self,
        ctx: TypeCTX,
        return_type: int,
        rank: TypeRank,
        bin: TypeBinName,
        inverted: bool = False,
    ) -> None:
        self._build(ctx, return_type, rank, bin, inverted)


class ListGetByRankRange(Expression):
    """Of the items of some ranks, what ``return_type`` says.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param return_type: ``aerospike.LIST_RETURN_*``, but for ``NONE``.
    :param rank: 0 is the least, -1 the greatest value: an expression or an int.
    :param count: how many: an expression or an int.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.
    """

    def __init__(
        self,
        ctx: TypeCTX,
        return_type: int,
        rank: TypeRank,
        count: TypeCount,
        bin: TypeBinName,
        inverted: bool = False,
    ) -> None:
        self._build(ctx, return_type, rank, count, bin, inverted)


class ListJoin(Expression):
    """The strings of the list as one string. Server 8.2.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a list within the bin; None: the bin itself.
    :param separator: what stands between them; None: nothing.
    :param bin: the name of a bin (a list, or what ctx begins with), or an expression of one.
    """

    def __init__(self, ctx: TypeCTX, separator: str | None, bin: TypeBinName) -> None:
        self._build(ctx, separator, bin)


class InList(Expression):
    """Whether a value is in a list: a boolean. Server 8.1.1.

    :param value: an expression or a value.
    :param bin: the name of a list bin, an expression of a list, or a list.

    ::

        InList(StrBin("city"), ["Oslo", "Bergen"])
    """

    def __init__(self, value: TypeValue, bin: TypeBinName | list[Any]) -> None:
        self._build(value, bin)
