# SPDX-License-Identifier: Apache-2.0
"""Expressions as trees of tuples: what compile() gives, how operators combine them, how they print.

The classes of aerospike_helpers.expressions are constructors of these trees; the native module packs them by table.
"""

from __future__ import annotations

from enum import Enum
from operator import is_
from typing import Any


class ResultType:
    """The types of values, for the argument ``value_type`` of expressions that take an item out of a list or map."""

    __module__ = "aerospike_helpers.expressions.resources"

    NIL = 0
    BOOLEAN = 1
    INTEGER = 2
    STRING = 3
    LIST = 4
    MAP = 5
    BLOB = 6
    FLOAT = 7
    GEOJSON = 8
    HLL = 9


BOOLEAN, INTEGER, FLOAT = ResultType.BOOLEAN, ResultType.INTEGER, ResultType.FLOAT


class Node(tuple[Any, ...]):
    """An expression: its name, then its arguments in the order of its class. A Node among them is an expression."""

    __slots__ = ()

    def __repr__(self) -> str:
        return _text(self, 0)[0]


_BOOLEANS = (
    "KeyExists IsTombstone BoolBin Eq NE GT GE LT LE CmpRegex CmpGeo Not And Or Exclusive InList LoopVarBool Contains "
    "StartsWith EndsWith IsNumeric IsUpper IsLower RegexCompare"
)
_INTEGERS = (
    "KeyInt IntBin BinType DeviceSize MemorySize RecordSize LastUpdateTime SinceUpdateTime VoidTime TTL DigestMod "
    "ToInt Mod IntAnd IntOr IntXOr IntNot IntLeftShift IntRightShift IntArithmeticRightShift IntCount IntLeftScan "
    "IntRightScan LoopVarInt ListSize MapSize BitCount BitLeftScan BitRightScan BitGetInt HLLGetCount HLLGetUnionCount "
    "HLLGetIntersectCount HLLMayContain StrLen Find ToInteger ByteLength"
)
_FLOATS = "FloatBin Pow Log Floor Ceil ToFloat LoopVarFloat HLLGetSimilarity ToDouble"
_TYPES = {
    name: kind
    for names, kind in ((_BOOLEANS, BOOLEAN), (_INTEGERS, INTEGER), (_FLOATS, FLOAT))
    for name in names.split()
}
# Their type is that of what they are made of.
_LIKE_OPERANDS = frozenset(("Add", "Sub", "Mul", "Div", "Min", "Max", "Abs", "Val"))


def type_of(value: Any) -> int | None:
    """The type of an operand's result where it shows: BOOLEAN, INTEGER or FLOAT; None for others."""
    if isinstance(value, Node):
        name = value[0]
        if name in _LIKE_OPERANDS:
            return next((kind for kind in map(type_of, value[1:]) if kind is not None), None)
        if name.endswith(("GetByIndex", "GetByRank", "GetByKey")) and len(value) > 3:
            return int(value[3])
        return _TYPES.get(name)
    return {bool: BOOLEAN, int: INTEGER, float: FLOAT}.get(type(value))


# ---- operators ----

_COMPARISONS = {"==": "Eq", "!=": "NE", ">": "GT", ">=": "GE", "<": "LT", "<=": "LE"}
# The expression of booleans, and that of integers.
_LOGIC = {"&": ("And", "IntAnd"), "|": ("Or", "IntOr"), "^": ("Exclusive", "IntXOr")}
_ARITHMETIC = {
    "+": "Add",
    "-": "Sub",
    "*": "Mul",
    "/": "Div",
    "%": "Mod",
    "<<": "IntLeftShift",
    ">>": "IntArithmeticRightShift",
}
# a + b + c is one expression of three: long chains stay flat. (Exclusive of three is not that of two twice.)
_CHAINS = frozenset(("And", "Or", "IntAnd", "IntOr", "IntXOr", "Add", "Mul"))


def _as_float(value: Any) -> Any:
    kind = type_of(value)
    if kind != INTEGER:
        return value
    return Node(("ToFloat", value)) if isinstance(value, Node) else float(value)


def combine(symbol: str, left: Any, right: Any) -> Node:
    """The expression of an operator between two operands."""
    if symbol == "//":
        quotient = combine("/", left, right)
        return Node(("Floor", quotient)) if FLOAT in (type_of(left), type_of(right)) else quotient
    if symbol == "**":
        return Node(("Pow", _as_float(left), _as_float(right)))
    if symbol in _LOGIC:
        name = _LOGIC[symbol][INTEGER in (type_of(left), type_of(right))]
    else:
        name = _COMPARISONS.get(symbol) or _ARITHMETIC[symbol]
        if FLOAT in (type_of(left), type_of(right)):  # as in Python, a float and an integer give a float
            left, right = _as_float(left), _as_float(right)
    if name in _CHAINS and isinstance(left, Node) and left[0] == name and len(left) > 2:
        return Node((*left, right))
    return Node((name, left, right))


def invert(operand: Node) -> Node:
    """The expression of ~operand."""
    return Node(("IntNot" if type_of(operand) == INTEGER else "Not", operand))


# ---- text ----

_TEXT_DEPTH = 40  # deeper is shown as …
_ATOM, _POWER, _UNARY = 9, 8, 7
_LEVELS = (" ".join(_COMPARISONS), "|", "^", "&", "<< >>", "+ -", "* / // %")
_BINDING = {symbol: level for level, symbols in enumerate(_LEVELS) for symbol in symbols.split()} | {"**": _POWER}
_SYMBOLS = {name: symbol for symbol, name in (_COMPARISONS | _ARITHMETIC).items()} | {"Pow": "**"}
_SYMBOLS |= {name: symbol for symbol, names in _LOGIC.items() for name in names}


def _symbol_of(node: Node) -> str | None:
    """The operator that makes this very node of its operands, if there is one."""
    name, *operands = node
    if len(operands) < 2 or not any(isinstance(operand, Node) for operand in operands[:2]):
        return None
    if name in _COMPARISONS.values() and not isinstance(operands[0], Node):
        return None  # 5 > x would be x < 5
    symbol = _SYMBOLS.get(name)
    if symbol is None:
        return None
    made = operands[0]
    for operand in operands[1:]:
        made = combine(symbol, made, operand)
    same = made[0] == name and len(made) == len(node) and all(map(is_, made[1:], operands))  # 2 would equal 2.0
    return symbol if same else None


def _value_text(value: Any, depth: int) -> str:
    if isinstance(value, Node):
        return _text(value, depth)[0]
    if isinstance(value, Enum):
        return repr(value.value)
    if type(value).__name__ == "GeoJSON":
        return f"aerospike.GeoJSON({value.unwrap()!r})"
    return repr(value)


def _operand_text(value: Any, depth: int, binding: int, outward: bool) -> str:
    """An operand; `outward` says that it is not on the side from which its operator groups."""
    if not isinstance(value, Node):
        text = _value_text(value, depth)
        return f"({text})" if text.startswith("-") and binding >= _POWER else text
    text, own = _text(value, depth)
    return f"({text})" if own < binding or (own == binding and (outward or binding == 0)) else text


def _text(node: Node, depth: int) -> tuple[str, int]:
    """The Python text of an expression, and how tightly its outermost operator binds."""
    if depth > _TEXT_DEPTH:
        return "…", _ATOM
    name, *operands = node
    symbol = _symbol_of(node)
    if symbol is not None:
        binding = _BINDING[symbol]
        from_right = symbol == "**"
        parts = [
            _operand_text(operand, depth + 1, binding, (i > 0) != from_right) for i, operand in enumerate(operands)
        ]
        return f" {symbol} ".join(parts), binding
    if len(operands) == 1 and isinstance(operands[0], Node):
        sign = "~" if name in ("Not", "IntNot") and invert(operands[0]) == node else "-" if name == "Sub" else None
        if sign is not None:
            return sign + _operand_text(operands[0], depth + 1, _UNARY, False), _UNARY
    return f"{name}({', '.join(_value_text(operand, depth + 1) for operand in operands)})", _ATOM
