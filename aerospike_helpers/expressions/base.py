# SPDX-License-Identifier: Apache-2.0
"""Values, bins, metadata, comparisons, logic, control flow, variables and paths.

An expression that meets a missing bin, a bin of another type or an error is *unknown*: as a filter it drops the record,
as an operation it fails, unless the operation's flags say otherwise. ``And`` and ``Or`` look past an unknown where
their other parts decide. Expressions need server version 5.2 or newer, where nothing else is said.
"""

from __future__ import annotations

from typing import Any

from aerospike._expression import Node
from aerospike_helpers.expressions.resources import (
    Expression,
    TypeBinName,
    TypeComparisonArg,
    TypeCTX,
    TypeGeo,
)

# ---- values ----


class Val(Expression):
    """A value as it is.

    Values may stand bare in nearly every place of an expression; Val is for the others, such as an operation's bin.

    :param value: whatever a bin can hold; a dict is compared as a map in key order.

    ::

        ListGetByIndex(None, aerospike.LIST_RETURN_VALUE, ResultType.INTEGER, 0, Val([1, 2, 3]))
    """

    def __init__(self, value: Any) -> None:
        self._build(value)


class Unknown(Expression):
    """A result that fails the expression on purpose, in a branch of :class:`Cond`.

    Flags of expression operations can forgive it (``EXP_READ_EVAL_NO_FAIL``, ``EXP_WRITE_EVAL_NO_FAIL``). Server 5.6.

    ::

        Cond(IntBin("count") > 0, IntBin("sum") // IntBin("count"), Unknown())
    """

    def __init__(self) -> None:
        self._build()


# ---- keys ----


class KeyInt(Expression):
    """The record's key as an integer; unknown where the key is another type or is not stored (``POLICY_KEY_SEND``).

    ::

        KeyInt() >= 10000
    """

    def __init__(self) -> None:
        self._build()


class KeyStr(Expression):
    """The record's key as a string; unknown where the key is another type or is not stored (``POLICY_KEY_SEND``).

    ::

        CmpRegex(aerospike.REGEX_ICASE, "^user-", KeyStr())
    """

    def __init__(self) -> None:
        self._build()


class KeyBlob(Expression):
    """The record's key as bytes; unknown where the key is another type or is not stored (``POLICY_KEY_SEND``)."""

    def __init__(self) -> None:
        self._build()


class KeyExists(Expression):
    """Whether the key is stored with the record (it was written with ``POLICY_KEY_SEND``): a boolean."""

    def __init__(self) -> None:
        self._build()


# ---- bins ----


class BoolBin(Expression):
    """The boolean in a bin; unknown where it holds another type or is not there.

    :param str bin: the name of the bin, at most 15 bytes.
    """

    def __init__(self, bin: str) -> None:
        self._build(bin)


class IntBin(Expression):
    """The integer in a bin; unknown where it holds another type or is not there.

    :param str bin: the name of the bin, at most 15 bytes.

    ::

        IntBin("age") > 30
    """

    def __init__(self, bin: str) -> None:
        self._build(bin)


class StrBin(Expression):
    """The string in a bin; unknown where it holds another type or is not there.

    :param str bin: the name of the bin, at most 15 bytes.
    """

    def __init__(self, bin: str) -> None:
        self._build(bin)


class FloatBin(Expression):
    """The float in a bin; unknown where it holds another type or is not there.

    :param str bin: the name of the bin, at most 15 bytes.
    """

    def __init__(self, bin: str) -> None:
        self._build(bin)


class BlobBin(Expression):
    """The bytes in a bin; unknown where it holds another type or is not there.

    :param str bin: the name of the bin, at most 15 bytes.
    """

    def __init__(self, bin: str) -> None:
        self._build(bin)


class GeoBin(Expression):
    """The GeoJSON in a bin; unknown where it holds another type or is not there.

    :param str bin: the name of the bin, at most 15 bytes.
    """

    def __init__(self, bin: str) -> None:
        self._build(bin)


class ListBin(Expression):
    """The list in a bin; unknown where it holds another type or is not there.

    :param str bin: the name of the bin, at most 15 bytes.
    """

    def __init__(self, bin: str) -> None:
        self._build(bin)


class MapBin(Expression):
    """The map in a bin; unknown where it holds another type or is not there.

    :param str bin: the name of the bin, at most 15 bytes.
    """

    def __init__(self, bin: str) -> None:
        self._build(bin)


class HLLBin(Expression):
    """The HyperLogLog in a bin; unknown where it holds another type or is not there.

    :param str bin: the name of the bin, at most 15 bytes.
    """

    def __init__(self, bin: str) -> None:
        self._build(bin)


class BinExists(Expression):
    """Whether the record has a bin: a boolean, never unknown.

    It is the comparison of :class:`BinType` with 0, and prints so.

    :param str bin: the name of the bin, at most 15 bytes.
    """

    def __init__(self, bin: str) -> None:
        self._node = Node(("NE", Node(("BinType", bin)), 0))


class BinType(Expression):
    """The type of a bin's value: an integer, one of ``aerospike.AS_BYTES_*``; 0, which is ``AS_BYTES_UNDEF``, for none.

    :param str bin: the name of the bin, at most 15 bytes.

    ::

        BinType("a") == aerospike.AS_BYTES_STRING
    """

    def __init__(self, bin: str) -> None:
        self._build(bin)


# ---- metadata ----


class SetName(Expression):
    """The name of the record's set: a string."""

    def __init__(self) -> None:
        self._build()


class DeviceSize(Expression):
    """The record's size on its device in bytes, 0 for storage in memory: an integer.

    Replaced by :class:`RecordSize` since server 7.0.
    """

    def __init__(self) -> None:
        self._build()


class MemorySize(Expression):
    """The record's size in memory in bytes: an integer. Server 5.3; replaced by :class:`RecordSize` since 7.0."""

    def __init__(self) -> None:
        self._build()


class RecordSize(Expression):
    """The record's size in bytes, uncompressed: an integer. Server 7.0.

    ::

        RecordSize() >= 100 * 1024
    """

    def __init__(self) -> None:
        self._build()


class LastUpdateTime(Expression):
    """When the record was written last: an integer, nanoseconds since 1970."""

    def __init__(self) -> None:
        self._build()


class SinceUpdateTime(Expression):
    """How long ago the record was written last: an integer, milliseconds.

    ::

        SinceUpdateTime() > 2 * 60 * 60 * 1000
    """

    def __init__(self) -> None:
        self._build()


class VoidTime(Expression):
    """When the record expires: an integer, nanoseconds since 1970; -1 where it never does."""

    def __init__(self) -> None:
        self._build()


class TTL(Expression):
    """How long the record will live: an integer, seconds; -1 where it never expires."""

    def __init__(self) -> None:
        self._build()


class IsTombstone(Expression):
    """Whether the record is a tombstone: a boolean.

    Only an expression operation or an XDR filter can meet one; a filter of other commands never does.
    """

    def __init__(self) -> None:
        self._build()


class DigestMod(Expression):
    """The remainder of the record's digest: an integer from 0 to mod - 1, for samples of a set.

    :param int mod: what the digest is divided by.

    ::

        DigestMod(100) == 0  # about one record of a hundred
    """

    def __init__(self, mod: int) -> None:
        self._build(mod)


# ---- comparisons ----


class Eq(Expression):
    """Whether two values are equal: a boolean. Both must be of one type.

    :param expr0: an expression or a value.
    :param expr1: an expression or a value.

    ``IntBin("a") == 5`` is the same as ``Eq(IntBin("a"), 5)``.
    """

    def __init__(self, expr0: TypeComparisonArg, expr1: TypeComparisonArg) -> None:
        self._build(expr0, expr1)


class NE(Expression):
    """Whether two values differ: a boolean. Both must be of one type.

    :param expr0: an expression or a value.
    :param expr1: an expression or a value.
    """

    def __init__(self, expr0: TypeComparisonArg, expr1: TypeComparisonArg) -> None:
        self._build(expr0, expr1)


class GT(Expression):
    """Whether the first value is greater: a boolean. Both must be of one type.

    :param expr0: an expression or a value.
    :param expr1: an expression or a value.
    """

    def __init__(self, expr0: TypeComparisonArg, expr1: TypeComparisonArg) -> None:
        self._build(expr0, expr1)


class GE(Expression):
    """Whether the first value is greater or equal: a boolean. Both must be of one type.

    :param expr0: an expression or a value.
    :param expr1: an expression or a value.
    """

    def __init__(self, expr0: TypeComparisonArg, expr1: TypeComparisonArg) -> None:
        self._build(expr0, expr1)


class LT(Expression):
    """Whether the first value is less: a boolean. Both must be of one type.

    :param expr0: an expression or a value.
    :param expr1: an expression or a value.
    """

    def __init__(self, expr0: TypeComparisonArg, expr1: TypeComparisonArg) -> None:
        self._build(expr0, expr1)


class LE(Expression):
    """Whether the first value is less or equal: a boolean. Both must be of one type.

    :param expr0: an expression or a value.
    :param expr1: an expression or a value.
    """

    def __init__(self, expr0: TypeComparisonArg, expr1: TypeComparisonArg) -> None:
        self._build(expr0, expr1)


class CmpRegex(Expression):
    """Whether a string matches a POSIX regular expression anywhere in it: a boolean.

    :param int options: ``aerospike.REGEX_*`` combined by ``|``, or 0.
    :param str regex_str: the regular expression.
    :param cmp_str: an expression of a string, or a str, which stands for itself.

    ::

        CmpRegex(aerospike.REGEX_ICASE, "^os", StrBin("city"))
    """

    def __init__(self, options: int, regex_str: str, cmp_str: Expression | str) -> None:
        self._build(options, regex_str, cmp_str)


class CmpGeo(Expression):
    """Whether one of two GeoJSON values, a point, lies within the other, a region: a boolean.

    :param expr0: an expression or an :class:`aerospike.GeoJSON`.
    :param expr1: an expression or an :class:`aerospike.GeoJSON`.
    """

    def __init__(self, expr0: TypeGeo, expr1: TypeGeo) -> None:
        self._build(expr0, expr1)


# ---- logic ----


class Not(Expression):
    """The opposite of a boolean.

    :param exprs: one expression of a boolean.

    ``~BoolBin("a")`` is the same as ``Not(BoolBin("a"))``.
    """

    def __init__(self, *exprs: Expression | bool) -> None:
        self._build(*exprs)


class And(Expression):
    """Whether all are true: a boolean; evaluated from left to right up to the first that is false.

    :param exprs: two or more expressions of booleans.

    ``a & b & c`` is the same as ``And(a, b, c)``.
    """

    def __init__(self, *exprs: Expression | bool) -> None:
        self._build(*exprs)


class Or(Expression):
    """Whether any is true: a boolean; evaluated from left to right up to the first that is true.

    :param exprs: two or more expressions of booleans.

    ``a | b | c`` is the same as ``Or(a, b, c)``.
    """

    def __init__(self, *exprs: Expression | bool) -> None:
        self._build(*exprs)


class Exclusive(Expression):
    """Whether exactly one is true: a boolean.

    :param exprs: two or more expressions of booleans.
    """

    def __init__(self, *exprs: Expression | bool) -> None:
        self._build(*exprs)


# ---- control flow and variables ----


class Cond(Expression):
    """A choice: conditions and results in turn, and at the end the result where no condition holds. Server 5.6.

    :param exprs: condition, result, condition, result, …, result. All results must be of one type;
        :class:`Unknown` fits every type.

    ::

        Cond(IntBin("age") < 18, "child", IntBin("age") < 65, "adult", "senior")
    """

    def __init__(self, *exprs: TypeComparisonArg) -> None:
        self._build(*exprs)


class Let(Expression):
    """Variables, and an expression that uses them: its result. Server 5.6.

    :param exprs: one or more :class:`Def`, then the expression. A Def may use the variables of those before it.

    ::

        Let(Def("x", IntBin("a") + 1), Var("x") * Var("x"))
    """

    def __init__(self, *exprs: TypeComparisonArg) -> None:
        self._build(*exprs)


class Def(Expression):
    """A variable of :class:`Let`: it stands for nothing elsewhere. Server 5.6.

    :param str var_name: the name of the variable.
    :param expr: an expression or a value.
    """

    def __init__(self, var_name: str, expr: TypeComparisonArg) -> None:
        self._build(var_name, expr)


class Var(Expression):
    """The value of a variable that the :class:`Let` around it defines. Server 5.6.

    :param str var_name: the name of the variable.
    """

    def __init__(self, var_name: str) -> None:
        self._build(var_name)


class LoopVar(Expression):
    """What a path expression is at: the base of the classes that say its type, as :class:`LoopVarInt`. Server 8.1.1.

    :param int var_id: ``aerospike.EXP_LOOPVAR_KEY``, ``EXP_LOOPVAR_VALUE`` or ``EXP_LOOPVAR_INDEX``.
    """

    def __init__(self, var_id: int) -> None:
        if type(self) is LoopVar:
            raise TypeError("LoopVar has no type of its own: use LoopVarInt, LoopVarStr and so on")
        self._build(var_id)


class LoopVarMap(LoopVar):
    """What a path expression is at, where it is a map; see :class:`LoopVar`."""


class LoopVarList(LoopVar):
    """What a path expression is at, where it is a list; see :class:`LoopVar`."""


class LoopVarStr(LoopVar):
    """What a path expression is at, where it is a string; see :class:`LoopVar`."""


class LoopVarInt(LoopVar):
    """What a path expression is at, where it is an integer; see :class:`LoopVar`."""


class LoopVarFloat(LoopVar):
    """What a path expression is at, where it is a float; see :class:`LoopVar`."""


class LoopVarBlob(LoopVar):
    """What a path expression is at, where it is bytes; see :class:`LoopVar`."""


class LoopVarBool(LoopVar):
    """What a path expression is at, where it is a boolean; see :class:`LoopVar`."""


class LoopVarNil(LoopVar):
    """What a path expression is at, where it is nil; see :class:`LoopVar`."""


class LoopVarGeoJson(LoopVar):
    """What a path expression is at, where it is GeoJSON; see :class:`LoopVar`."""


class LoopVarHLL(LoopVar):
    """What a path expression is at, where it is a HyperLogLog; see :class:`LoopVar`."""


class RemoveResult(Expression):
    """As the result of a :class:`ModifyByPath` expression: remove the item that the path is at. Server 8.1.1."""

    def __init__(self) -> None:
        self._build()


# ---- paths ----


class SelectByPath(Expression):
    """The items that a path through nested lists and maps reaches. Server 8.1.1.

    :param list ctx: the path: entries of :mod:`aerospike_helpers.cdt_ctx`, such as ``cdt_ctx_all_children()``.
    :param int value_type: the type of the result, of :class:`ResultType`.
    :param int flags: ``aerospike.EXP_PATH_SELECT_*``: what of the items to give.
    :param bin: an expression of a list or map; or the name of a bin, where the first entry of ctx tells its type.
    """

    def __init__(self, ctx: TypeCTX, value_type: int, flags: int, bin: TypeBinName) -> None:
        self._build(ctx, value_type, flags, bin)


class ModifyByPath(Expression):
    """A list or map with the items changed that a path through it reaches. The bin itself stays as it is. Server 8.1.1.

    :param list ctx: the path: entries of :mod:`aerospike_helpers.cdt_ctx`, such as ``cdt_ctx_all_children()``.
    :param int value_type: the type of the result, of :class:`ResultType`.
    :param mod_exp: what to put in place of each item: an expression with :class:`LoopVar` of it, compiled or not.
    :param int flags: ``aerospike.EXP_PATH_MODIFY_*``.
    :param bin: an expression of a list or map; or the name of a bin, where the first entry of ctx tells its type.
    """

    def __init__(self, ctx: TypeCTX, value_type: int, mod_exp: Any, flags: int, bin: TypeBinName) -> None:
        self._build(ctx, value_type, mod_exp, flags, bin)
