# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F405
"""What every expression gives, and what it gives at its edge: read from a record by an expression operation."""

import importlib
import inspect

import pytest

import aerospike
from aerospike import exception
from aerospike_helpers import cdt_ctx
from aerospike_helpers.expressions import *  # noqa: F403
from aerospike_helpers.expressions import resources
from aerospike_helpers.operations import expression_operations, hll_operations
from aerospike_helpers.string_helpers import NumericType, RegexFlags, StringPolicy

POINT = aerospike.GeoJSON({"type": "Point", "coordinates": [10.0, 60.0]})
REGION = aerospike.GeoJSON({"type": "AeroCircle", "coordinates": [[10.0, 60.0], 5000.0]})
FAR = aerospike.GeoJSON({"type": "Point", "coordinates": [20.0, 60.0]})
LEAST, MOST = -(2**63), 2**63 - 1
BINS = {
    "i": 7,
    "j": -3,
    "f": 2.5,
    "s": "abc",
    "t": True,
    "b": b"\x0f\xf0",
    "l": [3, 1, 2, 1],
    "m": {"a": 1, "b": 3, "c": 2},
    "g": POINT,
    "n": {"l": [5, 6], "m": {"k": 8}},
}
VALUE, COUNT = aerospike.LIST_RETURN_VALUE, aerospike.LIST_RETURN_COUNT
KEY, ORDERED_MAP = aerospike.MAP_RETURN_KEY, aerospike.MAP_RETURN_ORDERED_MAP
INT, STR, BOOL = ResultType.INTEGER, ResultType.STRING, ResultType.BOOLEAN
IN_LIST, IN_MAP = [cdt_ctx.cdt_ctx_map_key("l")], [cdt_ctx.cdt_ctx_map_key("m")]
CHILDREN = [cdt_ctx.cdt_ctx_all_children()]
INDEX_0 = cdt_ctx.cdt_ctx_list_index(0)
SELECT = aerospike.EXP_PATH_SELECT_VALUE
INFINITE = aerospike.CDTInfinite()
UNKNOWN = object()  # no result: OpNotApplicable, or None where the operation's flags forgive
NONE = IntBin("none")
I, J, F, S = IntBin("i"), IntBin("j"), FloatBin("f"), StrBin("s")  # noqa: E741


def children_where(expression):
    return cdt_ctx.cdt_ctx_all_children_with_filter(expression.compile())


BASE = [
    (DeviceSize() >= 0, True),
    (MemorySize() >= 0, True),
    (Val([1, {"a": 2.5}]), [1, {"a": 2.5}]),
    (Val(None), None),
    (Unknown(), UNKNOWN),
    (Cond(BoolBin("t"), 1, Unknown()), 1),
    (KeyStr(), "key"),
    (KeyInt(), UNKNOWN),
    (KeyBlob(), UNKNOWN),
    (KeyExists(), True),
    (BoolBin("t"), True),
    (BoolBin("i"), UNKNOWN),
    (I, 7),
    (NONE, UNKNOWN),
    (S, "abc"),
    (StrBin("i"), UNKNOWN),
    (F, 2.5),
    (FloatBin("i"), UNKNOWN),
    (BlobBin("b"), b"\x0f\xf0"),
    (BlobBin("s"), UNKNOWN),
    (GeoBin("g"), POINT),
    (GeoBin("s"), UNKNOWN),
    (ListBin("l"), [3, 1, 2, 1]),
    (ListBin("m"), UNKNOWN),
    (MapBin("m"), {"a": 1, "b": 3, "c": 2}),
    (MapBin("l"), UNKNOWN),
    (HLLBin("i"), UNKNOWN),
    (HLLGetCount(HLLBin("h")), 2),
    (BinExists("i"), True),
    (BinExists("none"), False),
    (BinType("s"), aerospike.AS_BYTES_STRING),
    (BinType("none"), aerospike.AS_BYTES_UNDEF),
    (SetName(), "expressions"),
    (Eq(SetName(), 5.5), UNKNOWN),
    (RecordSize() > 100, True),
    (LastUpdateTime() > 1_600_000_000_000_000_000, True),
    (SinceUpdateTime() < 60_000, True),
    (VoidTime() <= 0, True),
    (TTL(), -1),
    (IsTombstone(), False),
    (DigestMod(1), 0),
    (DigestMod(10) < 10, True),
    (Eq(I, 7), True),
    (Eq(I, NONE), UNKNOWN),
    (NE(S, "abc"), False),
    (NE(MapBin("m"), {"c": 2, "b": 3, "a": 1}), UNKNOWN),
    (GT(F, 2.0), True),
    (GT(S, NONE), UNKNOWN),
    (GE(I, 7), True),
    (GE(I, "x"), UNKNOWN),
    (LT(J, -3), False),
    (LT(ListBin("l"), [3, 2]), True),
    (LE(BlobBin("b"), b"\x0f\xf0"), True),
    (LE(BlobBin("none"), b""), UNKNOWN),
    (CmpRegex(aerospike.REGEX_ICASE, "^AB.*", S), True),
    (CmpRegex(0, "^AB.*", "abc"), False),
    (CmpRegex(0, ".", StrBin("none")), UNKNOWN),
    (CmpGeo(GeoBin("g"), REGION), True),
    (CmpGeo(FAR, REGION), False),
    (CmpGeo(GeoBin("none"), REGION), UNKNOWN),
    (Not(BoolBin("t")), False),
    (Not(BoolBin("none")), UNKNOWN),
    (And(I > 1, S == "abc", BoolBin("t")), True),
    (And(NONE > 1, I > 100), False),
    (And(NONE > 1, I > 1), UNKNOWN),
    (Or(I > 100, J < 0), True),
    (Or(NONE > 1, J < 0), True),
    (Or(NONE > 1, J > 0), UNKNOWN),
    (Exclusive(I > 1, J > 0), True),
    (Exclusive(I > 1, J < 0), False),
    (Exclusive(I > 1, NONE > 0), UNKNOWN),
    (Cond(I < 0, "less", I == 0, "none", "more"), "more"),
    (Cond(NONE < 0, 1, 2), UNKNOWN),
    (Let(Def("x", I + 1), Def("y", Var("x") * 2), Var("x") + Var("y")), 24),
    (Let(Def("x", NONE), Var("x")), UNKNOWN),
    (Let(Def("x", 1), Let(Def("x", 2), Var("x")) + Var("x")), UNKNOWN),
]

ARITHMETIC = [
    (Add(I, J, 1), 5),
    (Add(I, MOST), LEAST + 6),
    (Add(I, NONE), UNKNOWN),
    (Sub(I, J, 1), 9),
    (Sub(I), -7),
    (Sub(J, MOST, MOST), -1),
    (Mul(F, F, 2.0), 12.5),
    (Mul(I), 7),
    (Div(I, 2), 3),
    (Div(J, 2), -1),
    (Div(I, 0), UNKNOWN),
    (Div(F, 0.0), float("inf")),
    (Pow(F, 2.0), 6.25),
    (Pow(-8.0, 0.5), "nan"),
    (Log(8.0, 2.0), 3.0),
    (Log(-1.0, 2.0), "nan"),
    (Mod(J, 2), -1),
    (Mod(I, 0), UNKNOWN),
    (Abs(J), 3),
    (Abs(Val(-2.5)), 2.5),
    (Abs(NONE), UNKNOWN),
    (Floor(-2.5), -3.0),
    (Floor(FloatBin("none")), UNKNOWN),
    (Ceil(F), 3.0),
    (Ceil(FloatBin("i")), UNKNOWN),
    (ToInt(-2.9), -2),
    (ToInt(FloatBin("i")), UNKNOWN),
    (ToFloat(I), 7.0),
    (ToFloat(IntBin("s")), UNKNOWN),
    (Min(I, J, 5), -3),
    (Min(I), 7),
    (Max(F, 3.5), 3.5),
    (Max(I, NONE), UNKNOWN),
    (IntAnd(I, 3), 3),
    (IntAnd(I, -1, NONE), UNKNOWN),
    (IntOr(I, 8), 15),
    (IntOr(LEAST, 1), LEAST + 1),
    (IntXOr(I, 2), 5),
    (IntXOr(I, I), 0),
    (IntNot(I), -8),
    (IntNot(-1), 0),
    (IntLeftShift(I, 2), 28),
    (IntLeftShift(I, 64), 7),
    (IntRightShift(-1, 60), 15),
    (IntRightShift(I, 0), 7),
    (IntArithmeticRightShift(-8, 1), -4),
    (IntArithmeticRightShift(-8, 63), -1),
    (IntCount(I), 3),
    (IntCount(-1), 64),
    (IntLeftScan(I, True), 61),
    (IntLeftScan(0, True), -1),
    (IntRightScan(I, False), 60),
    (IntRightScan(-1, False), -1),
]

LISTS = [
    (ListAppend(None, None, I, "l"), [3, 1, 2, 1, 7]),
    (ListAppend(None, {"write_flags": aerospike.LIST_WRITE_ADD_UNIQUE}, 1, "l"), UNKNOWN),
    (ListAppend(IN_LIST, None, 9, "n"), {"l": [5, 6, 9], "m": {"k": 8}}),
    (ListAppendItems(None, {"list_order": aerospike.LIST_ORDERED}, [9], Val([])), [9]),
    (ListAppendItems(None, None, [], "l"), [3, 1, 2, 1]),
    (ListInsert(None, None, 1, "x", "l"), [3, "x", 1, 2, 1]),
    (ListInsert(None, {"write_flags": aerospike.LIST_WRITE_INSERT_BOUNDED}, 9, 0, "l"), UNKNOWN),
    (ListInsertItems(None, None, -1, [8, 9], "l"), [3, 1, 2, 8, 9, 1]),
    (ListInsertItems(None, None, 5, [8], "l"), [3, 1, 2, 1, None, 8]),
    (ListIncrement(None, None, 0, 10, "l"), [13, 1, 2, 1]),
    (ListIncrement(None, None, 0, "x", "l"), UNKNOWN),
    (ListSet(None, None, 0, [4], "l"), [[4], 1, 2, 1]),
    (ListSet(None, None, -9, 0, "l"), UNKNOWN),
    (ListClear(None, "l"), []),
    (ListClear(IN_LIST, MapBin("n")), {"l": [], "m": {"k": 8}}),
    (ListSort(None, aerospike.LIST_SORT_DROP_DUPLICATES, "l"), [1, 2, 3]),
    (ListSort(None, 0, "none"), UNKNOWN),
    (ListRemoveByValue(None, 1, "l"), [3, 2]),
    (ListRemoveByValue(None, 1, "l", True), [1, 1]),
    (ListRemoveByValueList(None, [1, 9], "l"), [3, 2]),
    (ListRemoveByValueList(None, [], "l"), [3, 1, 2, 1]),
    (ListRemoveByValueRange(None, 2, 3, "l"), [3, 1, 1]),
    (ListRemoveByValueRange(None, None, INFINITE, "l"), []),
    (ListRemoveByValueRelRankToEnd(None, 2, 0, "l"), [1, 1]),
    (ListRemoveByValueRelRankToEnd(None, 9, 0, "l"), [3, 1, 2, 1]),
    (ListRemoveByValueRelRankRange(None, 2, -1, 1, "l"), [3, 1, 2]),
    (ListRemoveByValueRelRankRange(None, 2, 0, 0, "l"), [3, 1, 2, 1]),
    (ListRemoveByIndex(None, I - 7, "l"), [1, 2, 1]),
    (ListRemoveByIndex(None, 9, "l"), UNKNOWN),
    (ListRemoveByIndexRangeToEnd(None, -2, "l"), [3, 1]),
    (ListRemoveByIndexRangeToEnd(None, 9, "l"), [3, 1, 2, 1]),
    (ListRemoveByIndexRange(None, 1, 2, "l"), [3, 1]),
    (ListRemoveByIndexRange(None, 1, 2, "l", True), [1, 2]),
    (ListRemoveByRank(None, -1, "l"), [1, 2, 1]),
    (ListRemoveByRank(None, -9, "l"), UNKNOWN),
    (ListRemoveByRankRangeToEnd(None, 2, "l"), [1, 1]),
    (ListRemoveByRankRangeToEnd(None, 9, "l"), [3, 1, 2, 1]),
    (ListRemoveByRankRange(None, 0, 2, "l"), [3, 2]),
    (ListRemoveByRankRange(None, 0, 2, "none"), UNKNOWN),
    (ListSize(None, "l"), 4),
    (ListSize(None, Val([])), 0),
    (ListSize(IN_LIST, "n"), 2),
    (ListGetByValue(None, COUNT, 1, "l"), 2),
    (ListGetByValue(None, aerospike.LIST_RETURN_EXISTS, 9, "l"), False),
    (ListGetByValueRange(None, VALUE, 1, 3, "l"), [1, 2, 1]),
    (ListGetByValueRange(None, COUNT, 3, 1, "l"), 0),
    (ListGetByValueList(None, COUNT, [2, 3, 9], "l"), 2),
    (ListGetByValueList(None, VALUE, [], "l"), []),
    (ListGetByValueRelRankRangeToEnd(None, VALUE, 2, 0, "l"), [2, 3]),
    (ListGetByValueRelRankRangeToEnd(None, VALUE, 9, 1, "l"), []),
    (ListGetByValueRelRankRange(None, COUNT, 2, -1, 2, "l"), 2),
    (ListGetByValueRelRankRange(None, VALUE, 2, 0, 1, "none"), UNKNOWN),
    (InList(2, "l"), True),
    (InList("Oslo", ["Oslo", "Bergen"]), True),
    (InList(S, Val([])), False),
    (ListGetByIndex(None, VALUE, INT, 0, "l"), 3),
    (ListGetByIndex(None, VALUE, STR, 0, "l"), UNKNOWN),
    (ListGetByIndex(None, VALUE, INT, 9, "l"), UNKNOWN),
    (ListGetByIndexRangeToEnd(None, VALUE, 2, "l"), [2, 1]),
    (ListGetByIndexRangeToEnd(None, VALUE, 9, "l"), []),
    (ListGetByIndexRange(None, VALUE, 1, 2, "l"), [1, 2]),
    (ListGetByIndexRange(None, VALUE, -9, 1, "l", True), [3, 1, 2, 1]),
    (ListGetByRank(None, VALUE, INT, -1, "l"), 3),
    (ListGetByRank(None, aerospike.LIST_RETURN_INDEX, INT, 9, "l"), UNKNOWN),
    (ListGetByRankRangeToEnd(None, VALUE, 2, "l"), [2, 3]),
    (ListGetByRankRangeToEnd(IN_LIST, COUNT, 0, "n"), 2),
    (ListGetByRankRange(None, VALUE, 0, 2, "l"), [1, 1]),
    (ListGetByRankRange(None, VALUE, 9, 3, "l"), []),
]

MAPS = [
    (MapPut(None, None, "d", I, "m"), {"a": 1, "b": 3, "c": 2, "d": 7}),
    (MapPut(None, {"map_write_flags": aerospike.MAP_WRITE_FLAGS_UPDATE_ONLY}, "d", 1, "m"), UNKNOWN),
    (MapPut(IN_MAP, None, "k", 9, "n"), {"l": [5, 6], "m": {"k": 9}}),
    (MapPutItems(None, {"map_order": aerospike.MAP_KEY_ORDERED}, {"z": 1}, Val({})), {"z": 1}),
    (MapPutItems(None, None, {}, "m"), {"a": 1, "b": 3, "c": 2}),
    (MapIncrement(None, None, "a", 10, "m"), {"a": 11, "b": 3, "c": 2}),
    (MapIncrement(None, None, "a", "x", "m"), UNKNOWN),
    (MapIncrement(None, {"map_order": aerospike.MAP_KEY_ORDERED}, "z", 1, Val({})), {"z": 1}),
    (MapClear(None, "m"), {}),
    (MapClear(None, "none"), UNKNOWN),
    (MapRemoveByKey(None, "a", "m"), {"b": 3, "c": 2}),
    (MapRemoveByKey(None, "z", "m"), {"a": 1, "b": 3, "c": 2}),
    (MapRemoveByKeyList(None, ["a", "z"], "m"), {"b": 3, "c": 2}),
    (MapRemoveByKeyList(None, ["a"], "m", True), {"a": 1}),
    (MapRemoveByKeyRange(None, "b", INFINITE, "m"), {"a": 1}),
    (MapRemoveByKeyRange(None, "c", "b", "m"), {"a": 1, "b": 3, "c": 2}),
    (MapRemoveByKeyRelIndexRangeToEnd(None, "b", 0, "m"), {"a": 1}),
    (MapRemoveByKeyRelIndexRangeToEnd(None, "z", 0, "m"), {"a": 1, "b": 3, "c": 2}),
    (MapRemoveByKeyRelIndexRange(None, "b", -1, 1, "m"), {"b": 3, "c": 2}),
    (MapRemoveByKeyRelIndexRange(None, "b", 0, 0, "m"), {"a": 1, "b": 3, "c": 2}),
    (MapRemoveByValue(None, 3, "m"), {"a": 1, "c": 2}),
    (MapRemoveByValue(None, 9, "m", True), {}),
    (MapRemoveByValueList(None, [1, 2], "m"), {"b": 3}),
    (MapRemoveByValueList(None, [], "m"), {"a": 1, "b": 3, "c": 2}),
    (MapRemoveByValueRange(None, 1, 3, "m"), {"b": 3}),
    (MapRemoveByValueRange(None, None, INFINITE, "m"), {}),
    (MapRemoveByValueRelRankRangeToEnd(None, 2, 0, "m"), {"a": 1}),
    (MapRemoveByValueRelRankRangeToEnd(None, 9, 0, "m"), {"a": 1, "b": 3, "c": 2}),
    (MapRemoveByValueRelRankRange(None, 2, -1, 1, "m"), {"b": 3, "c": 2}),
    (MapRemoveByValueRelRankRange(None, 2, 0, 1, "none"), UNKNOWN),
    (MapRemoveByIndex(None, 0, "m"), {"b": 3, "c": 2}),
    (MapRemoveByIndex(None, 9, "m"), UNKNOWN),
    (MapRemoveByIndexRangeToEnd(None, 1, "m"), {"a": 1}),
    (MapRemoveByIndexRangeToEnd(None, 9, "m"), {"a": 1, "b": 3, "c": 2}),
    (MapRemoveByIndexRange(None, 0, 2, "m"), {"c": 2}),
    (MapRemoveByIndexRange(None, 0, 2, "m", True), {"a": 1, "b": 3}),
    (MapRemoveByRank(None, -1, "m"), {"a": 1, "c": 2}),
    (MapRemoveByRank(None, 9, "m"), UNKNOWN),
    (MapRemoveByRankRangeToEnd(None, 1, "m"), {"a": 1}),
    (MapRemoveByRankRangeToEnd(None, 9, "m"), {"a": 1, "b": 3, "c": 2}),
    (MapRemoveByRankRange(None, 0, 2, "m"), {"b": 3}),
    (MapRemoveByRankRange(None, 0, 0, "m"), {"a": 1, "b": 3, "c": 2}),
    (MapSize(None, "m"), 3),
    (MapSize(IN_MAP, "n"), 1),
    (MapGetByKey(None, VALUE, INT, "b", "m"), 3),
    (MapGetByKey(None, VALUE, INT, "z", "m"), UNKNOWN),
    (MapGetByKey(IN_MAP, VALUE, INT, "k", "n"), 8),
    (MapGetByKeyRange(None, KEY, "b", "d", "m"), ["b", "c"]),
    (MapGetByKeyRange(None, COUNT, None, INFINITE, "m"), 3),
    (MapGetByKeyList(None, VALUE, ["a", "c"], "m"), [1, 2]),
    (MapGetByKeyList(None, VALUE, ["z"], "m"), []),
    (MapGetByKeyRelIndexRangeToEnd(None, KEY, "b", -1, "m"), ["a", "b", "c"]),
    (MapGetByKeyRelIndexRangeToEnd(None, KEY, "z", 1, "m"), []),
    (MapGetByKeyRelIndexRange(None, KEY, "b", 0, 1, "m"), ["b"]),
    (MapGetByKeyRelIndexRange(None, KEY, "b", 0, 1, "none"), UNKNOWN),
    (MapGetByValue(None, KEY, 3, "m"), ["b"]),
    (MapGetByValue(None, aerospike.MAP_RETURN_EXISTS, 9, "m"), False),
    (MapGetByValueRange(None, COUNT, 1, 3, "m"), 2),
    (MapGetByValueRange(None, KEY, 2, 1, "m"), []),
    (MapGetByValueList(None, KEY, [1, 3], "m"), ["a", "b"]),
    (MapGetByValueList(None, KEY, [], "m"), []),
    (MapGetByValueRelRankRangeToEnd(None, KEY, 2, 0, "m"), ["c", "b"]),
    (MapGetByValueRelRankRangeToEnd(None, KEY, 9, 0, "m"), []),
    (MapGetByValueRelRankRange(None, KEY, 2, -1, 2, "m"), ["a", "c"]),
    (MapGetByValueRelRankRange(None, KEY, 2, 0, 0, "m"), []),
    (MapGetByIndex(None, KEY, STR, 0, "m"), "a"),
    (MapGetByIndex(None, VALUE, STR, 0, "m"), UNKNOWN),
    (MapGetByIndexRangeToEnd(None, VALUE, 1, "m"), [3, 2]),
    (MapGetByIndexRangeToEnd(None, VALUE, 9, "m"), []),
    (MapGetByIndexRange(None, KEY, 1, 9, "m"), ["b", "c"]),
    (MapGetByIndexRange(None, ORDERED_MAP, 0, 1, "m"), aerospike.KeyOrderedDict({"a": 1})),
    (MapGetByRank(None, KEY, STR, -1, "m"), "b"),
    (MapGetByRank(None, KEY, STR, 9, "m"), UNKNOWN),
    (MapGetByRankRangeToEnd(None, VALUE, 1, "m"), [2, 3]),
    (MapGetByRankRangeToEnd(None, VALUE, 9, "m"), []),
    (MapGetByRankRange(None, VALUE, 0, 2, "m"), [1, 2]),
    (MapGetByRankRange(None, COUNT, 0, 2, "m", True), 1),
    (MapGetKeys("m"), ["a", "b", "c"]),
    (MapGetKeys({}), []),
    (MapGetValues(MapBin("m")), [1, 3, 2]),
    (MapGetValues("l"), UNKNOWN),
]

BITS = [
    (BitResize(None, 3, 0, "b"), b"\x0f\xf0\x00"),
    (BitResize(None, 1, aerospike.BIT_RESIZE_GROW_ONLY, "b"), UNKNOWN),
    (BitInsert(None, 1, b"\xaa", "b"), b"\x0f\xaa\xf0"),
    (BitInsert(None, 0, bytearray(b"x"), "i"), UNKNOWN),
    (BitRemove(None, 0, 1, "b"), b"\xf0"),
    (BitRemove(None, 9, 1, "b"), UNKNOWN),
    (BitSet(None, 4, 8, b"\x00", "b"), b"\x00\x00"),
    (BitSet(None, 40, 8, b"\x00", "b"), UNKNOWN),
    (BitOr(None, 0, 8, b"\xf0", "b"), b"\xff\xf0"),
    (BitOr(None, 0, 8, b"\xf0", "none"), UNKNOWN),
    (BitXor(None, 0, 8, b"\xff", "b"), b"\xf0\xf0"),
    (BitXor(None, 40, 8, b"\xff", "b"), UNKNOWN),
    (BitAnd(None, 0, 8, BlobBin("b"), "b"), b"\x0f\xf0"),
    (BitAnd({"bit_write_flags": aerospike.BIT_WRITE_NO_FAIL}, 40, 8, b"\xff", "b"), b"\x0f\xf0"),
    (BitNot(None, 0, 16, "b"), b"\xf0\x0f"),
    (BitNot(None, -8, 8, "b"), b"\x0f\x0f"),
    (BitLeftShift(None, 0, 16, I - 3, "b"), b"\xff\x00"),
    (BitLeftShift(None, 0, 8, 100, "b"), b"\x00\xf0"),
    (BitRightShift(None, 0, 16, 4, "b"), b"\x00\xff"),
    (BitRightShift(None, 0, 8, 1, "none"), UNKNOWN),
    (BitAdd(None, 0, 8, 1, aerospike.BIT_OVERFLOW_FAIL, "b"), b"\x10\xf0"),
    (BitAdd(None, 8, 8, 100, aerospike.BIT_OVERFLOW_FAIL, "b"), UNKNOWN),
    (BitAdd(None, 8, 8, 100, aerospike.BIT_OVERFLOW_SATURATE, "b"), b"\x0f\xff"),
    (BitSubtract(None, 0, 8, 1, aerospike.BIT_OVERFLOW_FAIL, "b"), b"\x0e\xf0"),
    (BitSubtract(None, 0, 8, 100, aerospike.BIT_OVERFLOW_WRAP, "b"), b"\xab\xf0"),
    (BitSetInt(None, 0, 16, 258, "b"), b"\x01\x02"),
    (BitSetInt(None, 0, 65, 1, "b"), UNKNOWN),
    (BitGet(4, 8, "b"), b"\xff"),
    (BitGet(40, 8, "b"), UNKNOWN),
    (BitCount(0, 16, "b"), 8),
    (BitCount(0, 0, "b"), UNKNOWN),
    (BitLeftScan(0, 16, True, "b"), 4),
    (BitLeftScan(0, 4, True, "b"), -1),
    (BitRightScan(0, 16, True, "b"), 11),
    (BitRightScan(4, 8, False, "b"), -1),
    (BitGetInt(8, 8, False, "b"), 240),
    (BitGetInt(8, 8, True, "b"), -16),
]

HLLS = [
    (HLLGetCount(HLLInit(None, 8, None, "h")), 0),
    (HLLInit(None, 99, None, "h"), UNKNOWN),
    (HLLGetCount(HLLAdd(None, ["c", "d"], None, None, "h")), 4),
    (HLLGetCount(HLLAdd(None, ["a"], None, None, "i")), UNKNOWN),
    (HLLGetCount("h"), 2),
    (HLLGetCount("none"), UNKNOWN),
    (HLLDescribe("h"), [12, 0]),
    (HLLDescribe("none"), UNKNOWN),
    (HLLMayContain(["a"], "h"), 1),
    (HLLMayContain(["a", "nobody"], "h"), 0),
]

PATHS = [
    (SelectByPath(CHILDREN, ResultType.LIST, SELECT, ListBin("l")), [3, 1, 2, 1]),
    (SelectByPath([INDEX_0], ResultType.LIST, SELECT, "l"), [3]),
    (SelectByPath(CHILDREN, ResultType.LIST, SELECT, ListBin("none")), UNKNOWN),
    (SelectByPath([children_where(LoopVarInt(1) > 1)], ResultType.LIST, SELECT, ListBin("l")), [3, 2]),
    (SelectByPath([children_where(LoopVarInt(2) > 1)], ResultType.LIST, SELECT, ListBin("l")), [2, 1]),
    (ModifyByPath(CHILDREN, ResultType.LIST, LoopVarInt(1) * 2, 0, ListBin("l")), [6, 2, 4, 2]),
    (ModifyByPath(CHILDREN, ResultType.LIST, (LoopVarInt(1) * 2).compile(), 0, Val([])), []),
    (ModifyByPath([children_where(LoopVarInt(1) == 1)], ResultType.LIST, RemoveResult(), 0, ListBin("l")), [3, 2]),
    (RemoveResult(), UNKNOWN),
    *[
        (SelectByPath([children_where(condition)], ResultType.LIST, SELECT, Val([value, other])), [value])
        for condition, value, other in (
            (MapSize(None, LoopVarMap(1)) == 1, {"a": 1}, {}),
            (LoopVarList(1) == [1, 2], [1, 2], []),
            (LoopVarStr(1) == "abc", "abc", "x"),
            (LoopVarInt(1) == 5, 5, 6),
            (LoopVarFloat(1) > 2.0, 2.5, 0.0),
            (LoopVarBlob(1) == b"\x01", b"\x01", b""),
            (LoopVarBool(1), True, False),
            (CmpGeo(LoopVarGeoJson(1), REGION), POINT, FAR),
        )
    ],
    (LoopVarInt(1), UNKNOWN),
]
STRINGS = [
    (StrLen(Val("aé")), 2),
    (StrLen("none"), UNKNOWN),
    (SubStr(1, "s"), "bc"),
    (SubStr(9, "s"), ""),
    (SubStrRange(0, -1, "s"), "ab"),
    (SubStrRange(2, 1, "s"), ""),
    (CharAt(-1, "s"), "c"),
    (CharAt(0, "i"), UNKNOWN),
    (Find("b", 1, "s"), 1),
    (Find("z", 1, "s"), -1),
    (Contains("bc", "s"), True),
    (Contains("z", "s"), False),
    (StartsWith("ab", "s"), True),
    (StartsWith("b", "s"), False),
    (EndsWith("bc", "s"), True),
    (EndsWith("b", "s"), False),
    (ToInteger(Val("-12")), -12),
    (ToInteger("s"), UNKNOWN),
    (ToDouble(Val("2.5")), 2.5),
    (ToDouble("s"), UNKNOWN),
    (ByteLength(Val("é")), 2),
    (ByteLength("none"), UNKNOWN),
    (IsNumeric(NumericType.INT, Val("5")), True),
    (IsNumeric(NumericType.FLOAT, Val("5")), False),
    (IsUpper(Val("A1")), True),
    (IsUpper("s"), False),
    (IsLower("s"), True),
    (IsLower(Val("A")), False),
    (ToBlob("s"), b"abc"),
    (ToBlob("i"), UNKNOWN),
    (Split("s"), ["a", "b", "c"]),
    (Split(Val("")), []),
    (SplitSeparator("b", "s"), ["a", "c"]),
    (SplitSeparator("z", "s"), ["abc"]),
    (Base64Decode(Val("YWJj")), b"abc"),
    (Base64Decode(Val("!")), UNKNOWN),
    (RegexCompare("^A", "s", RegexFlags.CASE_INSENSITIVE), True),
    (RegexCompare("^A", "s"), False),
    (ToString(I), "7"),
    (ToString(ListBin("l")), UNKNOWN),
    (Insert(None, 1, "-", "s"), "a-bc"),
    (Insert(None, 0, "-", "i"), UNKNOWN),
    (Overwrite(None, 1, "XYZ", "s"), "aXYZ"),
    (Overwrite(None, 1, "X", "none"), UNKNOWN),
    (Append(StringPolicy(), "d", "s"), "abcd"),
    (Append(None, "", "s"), "abc"),
    (Prepend(None, "d", "s"), "dabc"),
    (Prepend(None, "d", "i"), UNKNOWN),
    (Concat(None, ["d", "e"], "s"), "abcde"),
    (Concat(None, [], "s"), "abc"),
    (Snip(None, 1, 2, "s"), "ac"),
    (Snip(None, 1, None, "s"), "a"),
    (Replace(None, "b", "B", "s"), "aBc"),
    (Replace(None, "z", "B", "s"), "abc"),
    (ReplaceAll(None, "a", "", Val("banana")), "bnn"),
    (ReplaceAll(None, "z", "", "s"), "abc"),
    (Upper(None, "s"), "ABC"),
    (Upper(None, "i"), UNKNOWN),
    (Lower(None, Val("ÅB")), "åb"),
    (Lower(None, Val("")), ""),
    (CaseFold(None, Val("ABC")), "abc"),
    (CaseFold(None, "none"), UNKNOWN),
    (NormalizeNFC(None, Val("e\u0301")), "é"),
    (NormalizeNFC(None, "s"), "abc"),
    (TrimStart(None, Val(" a ")), "a "),
    (TrimStart(None, Val("  ")), ""),
    (TrimEnd(None, Val(" a ")), " a"),
    (TrimEnd(None, "s"), "abc"),
    (Trim(None, Val(" a ")), "a"),
    (Trim(None, "i"), UNKNOWN),
    (PadStart(None, 5, "*", "s"), "**abc"),
    (PadStart(None, 1, "*", "s"), "abc"),
    (PadEnd(None, 5, "-=", "s"), "abc-="),
    (PadEnd(None, 3, "-", "s"), "abc"),
    (Repeat(None, 2, "s"), "abcabc"),
    (Repeat(None, 0, "s"), ""),
    (RegexReplace(None, "[ab]", "_", RegexFlags.GLOBAL, "s"), "__c"),
    (RegexReplace(None, "z", "_", 0, "s"), "abc"),
    (ListJoin(None, ", ", Val(["a", "b"])), "a, b"),
    (ListJoin(None, None, Val([])), ""),
    (BitB64Encode(0, None, False, Val(b"abc")), "YWJj"),
    (BitB64Encode(1, 1, False, Val(b"abc")), "Yg=="),
]


@pytest.fixture
def read(client, namespace):
    """Read an expression on a record of BINS, with two HyperLogLogs: ``h`` of a and b, ``o`` of b and c."""
    key = (namespace, "expressions", "key")
    client.put(key, BINS, {}, {"key": aerospike.POLICY_KEY_SEND})
    client.operate(
        key,
        [hll_operations.hll_add("h", ["a", "b"], 12), hll_operations.hll_add("o", ["b", "c"], 12)],
        {"ttl": aerospike.TTL_NEVER_EXPIRE},
    )

    def run(expression, flags=0):
        operation = expression_operations.expression_read("out", expression.compile(), flags)
        return client.operate(key, [operation])[2]["out"]

    yield run
    client.remove(key)


def check(read, rows):
    wrong = []
    for expression, expected in rows:
        try:
            got = read(expression)
        except (exception.OpNotApplicable, exception.InvalidRequest):
            got = UNKNOWN
        if not (got == expected and type(got) is type(expected)) and not (expected == "nan" and got != got):
            wrong.append((expression, expected, got))
    assert not wrong, "\n".join(f"{expression}: {expected!r}, not {got!r}" for expression, expected, got in wrong)


@pytest.mark.parametrize("rows", [BASE, ARITHMETIC, LISTS, MAPS, BITS, HLLS, PATHS])
def test_results(read, rows):
    check(read, rows)


@pytest.mark.usefixtures("since_8_2")
def test_results_of_strings(read):
    check(read, STRINGS)


def test_results_of_several_hyperloglogs(client, read, namespace):
    others = [client.get((namespace, "expressions", "key"))[2]["o"]]
    check(
        read,
        [
            (HLLGetCount(HLLGetUnion(others, "h")), 3),
            (HLLGetUnion([], "h"), UNKNOWN),
            (HLLGetUnionCount(others, "h"), 3),
            (HLLGetUnionCount(others, "none"), UNKNOWN),
            (HLLGetIntersectCount(others, "h"), 1),
            (HLLGetIntersectCount(["o"], "h"), UNKNOWN),
            (HLLGetSimilarity(others, "o"), 1.0),
            (HLLGetSimilarity(others, "i"), UNKNOWN),
        ],
    )


def names_in(node, found):
    found.add(node[0])
    for part in node[1:]:
        if isinstance(part, type(node)):
            names_in(part, found)
        elif isinstance(part, list):
            for entry in part:
                value = getattr(entry, "value", None)
                if isinstance(value, list) and value and isinstance(value[0], type(node)):
                    names_in(value[0], found)
    return found


def test_every_expression_is_among_them():
    modules = ["base", "list", "map", "bitwise", "bitwise_operators", "hll", "arithmetic", "string"]
    classes = {
        name
        for module in modules
        for name, cls in vars(importlib.import_module(f"aerospike_helpers.expressions.{module}")).items()
        if inspect.isclass(cls) and issubclass(cls, resources.Expression) and cls is not resources.Expression
    }
    tested = {"BinExists"}  # compiles to a comparison of BinType
    tested |= {"HLLGetUnion", "HLLGetUnionCount", "HLLGetIntersectCount", "HLLGetSimilarity"}  # the test above
    for expression, _ in [*BASE, *ARITHMETIC, *LISTS, *MAPS, *BITS, *HLLS, *PATHS, *STRINGS]:
        names_in(expression.compile()[0], tested)
    # a nil or a HyperLogLog inside a list cannot be told from others by comparison
    assert classes - tested == {"LoopVar", "LoopVarNil", "LoopVarHLL"}


def test_flags_forgive_what_is_unknown(read):
    with pytest.raises(exception.OpNotApplicable) as raised:
        read(NONE)
    assert raised.value.code == 26
    assert read(NONE, aerospike.EXP_READ_EVAL_NO_FAIL) is None


def test_write(client, key):
    client.put(key, {"a": 1})
    write = expression_operations.expression_write
    client.operate(
        key,
        [write("b", (IntBin("a") + 1).compile()), write("a", Val(None).compile(), aerospike.EXP_WRITE_ALLOW_DELETE)],
    )
    assert client.get(key)[2] == {"b": 2}
    with pytest.raises(exception.BinExistsError):
        client.operate(key, [write("b", Val(5).compile(), aerospike.EXP_WRITE_CREATE_ONLY)])
    client.operate(key, [write("b", IntBin("x").compile(), aerospike.EXP_WRITE_EVAL_NO_FAIL)])
    assert client.get(key)[2] == {"b": 2}
