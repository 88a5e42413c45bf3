# SPDX-License-Identifier: Apache-2.0
"""Maps: what an expression reads from one, or makes of one. The bin itself stays as it is.

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
    TypeKey,
    TypeKeyList,
    TypeListValue,
    TypeRank,
    TypeValue,
)

if TYPE_CHECKING:
    from aerospike.types import MapPolicy

# ---- changed maps ----


class MapPut(Expression):
    """The map with a value put at a key.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param policy: ``map_order`` (``aerospike.MAP_*ORDERED``, of a map that is created), ``map_write_flags``
        (``aerospike.MAP_WRITE_FLAGS_*``) and ``persist_index``, or None.
    :param key: an expression or a value.
    :param value: an expression or a value.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.

    ::

        MapPut(None, None, "visits", IntBin("n") + 1, "counters")
    """

    def __init__(
        self, ctx: TypeCTX, policy: MapPolicy | None, key: TypeKey, value: TypeValue, bin: TypeBinName
    ) -> None:
        self._build(ctx, policy, key, value, bin)


class MapPutItems(Expression):
    """The map with all entries of another put in.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param policy: ``map_order`` (``aerospike.MAP_*ORDERED``, of a map that is created), ``map_write_flags``
        (``aerospike.MAP_WRITE_FLAGS_*``) and ``persist_index``, or None.
    :param map: a dict, or an expression of a map.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
    """

    def __init__(
        self, ctx: TypeCTX, policy: MapPolicy | None, map: Expression | dict[Any, Any], bin: TypeBinName
    ) -> None:
        self._build(ctx, policy, map, bin)


class MapIncrement(Expression):
    """The map with the number at a key increased; a key that is not there begins at 0.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param policy: ``map_order`` (``aerospike.MAP_*ORDERED``, of a map that is created), ``map_write_flags``
        (``aerospike.MAP_WRITE_FLAGS_*``) and ``persist_index``, or None.
    :param key: an expression or a value.
    :param value: what to add: an expression or a number.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
    """

    def __init__(
        self, ctx: TypeCTX, policy: MapPolicy | None, key: TypeKey, value: TypeValue, bin: TypeBinName
    ) -> None:
        self._build(ctx, policy, key, value, bin)


class MapClear(Expression):
    """The map without its entries.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
    """

    def __init__(self, ctx: TypeCTX, bin: TypeBinName) -> None:
        self._build(ctx, bin)


class MapRemoveByKey(Expression):
    """The map without the entry of a key.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param key: an expression or a value.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
    """

    def __init__(self, ctx: TypeCTX, key: TypeKey, bin: TypeBinName) -> None:
        self._build(ctx, key, bin)


class MapRemoveByKeyList(Expression):
    """The map without the entries of several keys.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param keys: a list, or an expression of one.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.
    """

    def __init__(self, ctx: TypeCTX, keys: TypeKeyList, bin: TypeBinName, inverted: bool = False) -> None:
        self._build(ctx, keys, bin, inverted)


class MapRemoveByKeyRange(Expression):
    """The map without the entries from one key up to, not with, another.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param begin: the least key: an expression or a value; None: from the least of all.
    :param end: the key before which it ends: an expression or a value; :class:`aerospike.CDTInfinite`: to the
        greatest of all.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
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


class MapRemoveByKeyRelIndexRangeToEnd(Expression):
    """The map without the entries from an index on, counted from the index that a key has or would have.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param key: an expression or a value.
    :param index: indexes from that of the key: an expression or an int.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.
    """

    def __init__(self, ctx: TypeCTX, key: TypeKey, index: TypeIndex, bin: TypeBinName, inverted: bool = False) -> None:
        self._build(ctx, key, index, bin, inverted)


class MapRemoveByKeyRelIndexRange(Expression):
    """The map without the entries of some indexes, counted from the index that a key has or would have.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param key: an expression or a value.
    :param index: indexes from that of the key: an expression or an int.
    :param count: how many: an expression or an int.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.
    """

    def __init__(
        self,
        ctx: TypeCTX,
        key: TypeKey,
        index: TypeIndex,
        count: TypeCount,
        bin: TypeBinName,
        inverted: bool = False,
    ) -> None:
        self._build(ctx, key, index, count, bin, inverted)


class MapRemoveByValue(Expression):
    """The map without the entries that have a value.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param value: an expression or a value.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.
    """

    def __init__(self, ctx: TypeCTX, value: TypeValue, bin: TypeBinName, inverted: bool = False) -> None:
        self._build(ctx, value, bin, inverted)


class MapRemoveByValueList(Expression):
    """The map without the entries that have one of several values.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param values: a list, or an expression of one.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.
    """

    def __init__(self, ctx: TypeCTX, values: TypeListValue, bin: TypeBinName, inverted: bool = False) -> None:
        self._build(ctx, values, bin, inverted)


class MapRemoveByValueRange(Expression):
    """The map without the entries from one value up to, not with, another.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param begin: the least value that goes: an expression or a value; None: from the least of all.
    :param end: the value before which it ends: an expression or a value; :class:`aerospike.CDTInfinite`: to the
        greatest of all.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
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


class MapRemoveByValueRelRankRangeToEnd(Expression):
    """The map without the entries from a rank on, counted from the rank that a value has or would have.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param value: an expression or a value.
    :param rank: ranks from that of the value: an expression or an int.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
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


class MapRemoveByValueRelRankRange(Expression):
    """The map without the entries of some ranks, counted from the rank that a value has or would have.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param value: an expression or a value.
    :param rank: ranks from that of the value: an expression or an int.
    :param count: how many: an expression or an int.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
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


class MapRemoveByIndex(Expression):
    """The map without the entry at an index.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param index: 0 is the least, -1 the greatest key: an expression or an int.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
    """

    def __init__(self, ctx: TypeCTX, index: TypeIndex, bin: TypeBinName) -> None:
        self._build(ctx, index, bin)


class MapRemoveByIndexRangeToEnd(Expression):
    """The map without the entries from an index on.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param index: 0 is the least, -1 the greatest key: an expression or an int.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.
    """

    def __init__(self, ctx: TypeCTX, index: TypeIndex, bin: TypeBinName, inverted: bool = False) -> None:
        self._build(ctx, index, bin, inverted)


class MapRemoveByIndexRange(Expression):
    """The map without the entries of some indexes.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param index: 0 is the least, -1 the greatest key: an expression or an int.
    :param count: how many: an expression or an int.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
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


class MapRemoveByRank(Expression):
    """The map without the entry of a rank.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param rank: 0 is the least, -1 the greatest value: an expression or an int.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
    """

    def __init__(self, ctx: TypeCTX, rank: TypeRank, bin: TypeBinName) -> None:
        self._build(ctx, rank, bin)


class MapRemoveByRankRangeToEnd(Expression):
    """The map without the entries from a rank on.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param rank: 0 is the least, -1 the greatest value: an expression or an int.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.
    """

    def __init__(self, ctx: TypeCTX, rank: TypeRank, bin: TypeBinName, inverted: bool = False) -> None:
        self._build(ctx, rank, bin, inverted)


class MapRemoveByRankRange(Expression):
    """The map without the entries of some ranks.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param rank: 0 is the least, -1 the greatest value: an expression or an int.
    :param count: how many: an expression or an int.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
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


class MapSize(Expression):
    """How many entries the map has: an integer.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
    """

    def __init__(self, ctx: TypeCTX, bin: TypeBinName) -> None:
        self._build(ctx, bin)


class MapGetByKey(Expression):
    """Of the entry of a key, what ``return_type`` says.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param return_type: ``aerospike.MAP_RETURN_*``, but for ``NONE``.
    :param value_type: the type of the item's value, of :class:`ResultType`; with a return type other than ``VALUE``
        the type that it has.
    :param key: an expression or a value.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.

    ::

        MapGetByKey(None, aerospike.MAP_RETURN_VALUE, ResultType.INTEGER, "visits", "counters") > 9
    """

    def __init__(self, ctx: TypeCTX, return_type: int, value_type: int, key: TypeKey, bin: TypeBinName) -> None:
        self._build(ctx, return_type, value_type, key, bin)


class MapGetByKeyRange(Expression):
    """Of the entries from one key up to, not with, another, what ``return_type`` says.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param return_type: ``aerospike.MAP_RETURN_*``, but for ``NONE``.
    :param begin: the least key: an expression or a value; None: from the least of all.
    :param end: the key before which it ends: an expression or a value; :class:`aerospike.CDTInfinite`: to the
        greatest of all.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.
    """

    def __init__(
        self,
        ctx: TypeCTX,
        return_type: int,
        begin: TypeKey,
        end: TypeKey,
        bin: TypeBinName,
        inverted: bool = False,
    ) -> None:
        self._build(ctx, return_type, begin, end, bin, inverted)


class MapGetByKeyList(Expression):
    """Of the entries of several keys, what ``return_type`` says.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param return_type: ``aerospike.MAP_RETURN_*``, but for ``NONE``.
    :param keys: a list, or an expression of one.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.
    """

    def __init__(
        self,
        ctx: TypeCTX,
        return_type: int,
        keys: TypeKeyList,
        bin: TypeBinName,
        inverted: bool = False,
    ) -> None:
        self._build(ctx, return_type, keys, bin, inverted)


class MapGetByKeyRelIndexRangeToEnd(Expression):
    """Of the entries from an index on, counted from the index that a key has or would have, what ``return_type``
    says.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param return_type: ``aerospike.MAP_RETURN_*``, but for ``NONE``.
    :param key: an expression or a value.
    :param index: indexes from that of the key: an expression or an int.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.
    """

    def __init__(
        self,
        ctx: TypeCTX,
        return_type: int,
        key: TypeKey,
        index: TypeIndex,
        bin: TypeBinName,
        inverted: bool = False,
    ) -> None:
        self._build(ctx, return_type, key, index, bin, inverted)


class MapGetByKeyRelIndexRange(Expression):
    """Of the entries of some indexes, counted from the index that a key has or would have, what ``return_type`` says.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param return_type: ``aerospike.MAP_RETURN_*``, but for ``NONE``.
    :param key: an expression or a value.
    :param index: indexes from that of the key: an expression or an int.
    :param count: how many: an expression or an int.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.
    """

    def __init__(
        self,
        ctx: TypeCTX,
        return_type: int,
        key: TypeKey,
        index: TypeIndex,
        count: TypeCount,
        bin: TypeBinName,
        inverted: bool = False,
    ) -> None:
        self._build(ctx, return_type, key, index, count, bin, inverted)


class MapGetByValue(Expression):
    """Of the entries that have a value, what ``return_type`` says.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param return_type: ``aerospike.MAP_RETURN_*``, but for ``NONE``.
    :param value: an expression or a value.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
    :param inverted: True: all others instead.
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


class MapGetByValueRange(Expression):
    """Of the entries from one value up to, not with, another, what ``return_type`` says.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param return_type: ``aerospike.MAP_RETURN_*``, but for ``NONE``.
    :param value_begin: the least value: an expression or a value; None: from the least of all.
    :param value_end: the value before which it ends: an expression or a value; :class:`aerospike.CDTInfinite`: to the
        greatest of all.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
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


class MapGetByValueList(Expression):
    """Of the entries that have one of several values, what ``return_type`` says.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param return_type: ``aerospike.MAP_RETURN_*``, but for ``NONE``.
    :param value: a list, or an expression of one.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
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


class MapGetByValueRelRankRangeToEnd(Expression):
    """Of the entries from a rank on, counted from the rank that a value has or would have, what ``return_type`` says.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param return_type: ``aerospike.MAP_RETURN_*``, but for ``NONE``.
    :param value: an expression or a value.
    :param rank: ranks from that of the value: an expression or an int.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
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


class MapGetByValueRelRankRange(Expression):
    """Of the entries of some ranks, counted from the rank that a value has or would have, what ``return_type`` says.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param return_type: ``aerospike.MAP_RETURN_*``, but for ``NONE``.
    :param value: an expression or a value.
    :param rank: ranks from that of the value: an expression or an int.
    :param count: how many: an expression or an int.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
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


class MapGetByIndex(Expression):
    """Of the entry at an index, what ``return_type`` says.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param return_type: ``aerospike.MAP_RETURN_*``, but for ``NONE``.
    :param value_type: the type of the item's value, of :class:`ResultType`; with a return type other than ``VALUE``
        the type that it has.
    :param index: 0 is the least, -1 the greatest key: an expression or an int.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
    """

    def __init__(self, ctx: TypeCTX, return_type: int, value_type: int, index: TypeIndex, bin: TypeBinName) -> None:
        self._build(ctx, return_type, value_type, index, bin)


class MapGetByIndexRangeToEnd(Expression):
    """Of the entries from an index on, what ``return_type`` says.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param return_type: ``aerospike.MAP_RETURN_*``, but for ``NONE``.
    :param index: 0 is the least, -1 the greatest key: an expression or an int.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
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


class MapGetByIndexRange(Expression):
    """Of the entries of some indexes, what ``return_type`` says.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param return_type: ``aerospike.MAP_RETURN_*``, but for ``NONE``.
    :param index: 0 is the least, -1 the greatest key: an expression or an int.
    :param count: how many: an expression or an int.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
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


class MapGetByRank(Expression):
    """Of the entry of a rank, what ``return_type`` says.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param return_type: ``aerospike.MAP_RETURN_*``, but for ``NONE``.
    :param value_type: the type of the item's value, of :class:`ResultType`; with a return type other than ``VALUE``
        the type that it has.
    :param rank: 0 is the least, -1 the greatest value: an expression or an int.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.

    ::

        MapGetByRank(None, aerospike.MAP_RETURN_KEY, ResultType.STRING, -1, "scores")  # who leads
    """

    def __init__(self, ctx: TypeCTX, return_type: int, value_type: int, rank: TypeRank, bin: TypeBinName) -> None:
        self._build(ctx, return_type, value_type, rank, bin)


class MapGetByRankRangeToEnd(Expression):
    """Of the entries from a rank on, what ``return_type`` says.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param return_type: ``aerospike.MAP_RETURN_*``, but for ``NONE``.
    :param rank: 0 is the least, -1 the greatest value: an expression or an int.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
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


class MapGetByRankRange(Expression):
    """Of the entries of some ranks, what ``return_type`` says.

    :param ctx: entries of :mod:`aerospike_helpers.cdt_ctx` that lead to a map within the bin; None: the bin itself.
    :param return_type: ``aerospike.MAP_RETURN_*``, but for ``NONE``.
    :param rank: 0 is the least, -1 the greatest value: an expression or an int.
    :param count: how many: an expression or an int.
    :param bin: the name of a bin (a map, or what ctx begins with), or an expression of one.
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


class MapGetKeys(Expression):
    """The keys of a map: a list. Server 8.1.1.

    :param map_value: the name of a map bin, an expression of a map, or a dict.
    """

    def __init__(self, map_value: TypeBinName | dict[Any, Any]) -> None:
        self._build(map_value)


class MapGetValues(Expression):
    """The values of a map, in the order of their keys: a list. Server 8.1.1.

    :param map_value: the name of a map bin, an expression of a map, or a dict.
    """

    def __init__(self, map_value: TypeBinName | dict[Any, Any]) -> None:
        self._build(map_value)
