# SPDX-License-Identifier: Apache-2.0
"""What all expressions have in common: compiling, operators, text; and the types of values and results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, Union

from aerospike._expression import Node, combine, invert
from aerospike._expression import ResultType as ResultType

if TYPE_CHECKING:
    from aerospike.types import CompiledExpression
    from aerospike_helpers.cdt_ctx import Context

# Annotations of arguments: Expression is defined below.
TypeComparisonArg = Union["Expression", Any]
"""A value to compare with, or an expression."""
TypeGeo = Union["Expression", Any]
"""A GeoJSON, or an expression that gives one."""
TypeBinName = Union["Expression", str]
"""The name of a bin, or an expression that gives a bin's value."""
TypeListValue = Union["Expression", list[Any]]
"""A list, or an expression that gives one."""
TypeIndex = Union["Expression", int]
"""An index, or an expression that gives one."""
TypeRank = Union["Expression", int]
"""A rank, or an expression that gives one."""
TypeCount = Union["Expression", int]
"""How many, or an expression that tells."""
TypeValue = Union["Expression", Any]
"""A value, or an expression that gives one."""
TypeKey = Union["Expression", Any]
"""The key of a map, or an expression that gives one."""
TypeKeyList = Union["Expression", list[Any]]
"""Keys of a map, or an expression that gives them as a list."""
TypeCTX = Union["Context", None]
"""A context, or None."""
TypeBitValue = Union["Expression", bytes, bytearray]
"""Bytes, or an expression that gives a blob."""
TypeInteger = Union["Expression", int]
"""An int, or an expression that gives one."""
TypeFloat = Union["Expression", float]
"""A float, or an expression that gives one."""
TypeNumber = Union["Expression", int, float]
"""A number, or an expression that gives one."""
TypeBool = Union["Expression", bool]
"""A bool, or an expression that gives one."""


class ReturnType:
    """Flags to add to ``return_type``: give what the range leaves out."""

    LIST_RETURN_INVERTED = 0x10000
    MAP_RETURN_INVERTED = 0x10000


def _operand(value: Any) -> Any:
    return value._node if isinstance(value, Expression) else value


class Expression:
    """What the server is to work out of a record: the base of all classes of this package.

    An expression never changes. It may be compiled any number of times, be part of any number of others, and be shared
    between threads. :meth:`compile` gives what policies (key ``expressions``), expression operations, expression
    indexes and :meth:`aerospike.Client.get_expression_base64` take.

    Expressions combine by Python's operators, too, with each other and with plain values on either side::

        (IntBin("age") > 30) & (StrBin("city") == "Oslo")

    - ``==``, ``!=``, ``<``, ``<=``, ``>``, ``>=`` give :class:`Eq`, :class:`NE`, :class:`LT`, :class:`LE`, :class:`GT`,
      :class:`GE`.
    - ``&``, ``|``, ``^``, ``~`` give :class:`And`, :class:`Or`, :class:`Exclusive`, :class:`Not`; of integers
      :class:`IntAnd`, :class:`IntOr`, :class:`IntXOr`, :class:`IntNot`.
    - ``+``, ``-``, ``*``, ``%``, ``<<``, ``>>``, ``-x``, ``abs(x)`` give :class:`Add`, :class:`Sub`, :class:`Mul`,
      :class:`Mod`, :class:`IntLeftShift`, :class:`IntArithmeticRightShift`, :class:`Sub`, :class:`Abs`.
    - ``math.floor(x)``, ``math.ceil(x)`` give :class:`Floor`, :class:`Ceil`.
    - ``/`` gives the :class:`Div` of floats; ``//`` of integers the server's :class:`Div`, which cuts towards zero, and
      of floats its :class:`Floor`; ``**`` the :class:`Pow` of floats.

    An integer beside a float becomes a float, where both types can be seen. ``and``, ``or``, ``not`` and ``if`` need a
    truth value, which an expression has not: they raise TypeError.

    ``repr()`` is the Python text of the expression.
    """

    _node: Node
    _name: str
    _classes: dict[str, type[Expression]] = {}

    def __init_subclass__(cls) -> None:
        if cls.__module__.startswith(__package__ + "."):  # a program's own subclass is what it derives from
            cls._name = cls.__name__
            Expression._classes[cls.__name__] = cls

    def _build(self, *arguments: Any) -> None:
        self._node = Node((self._name, *map(_operand, arguments)))

    def compile(self) -> CompiledExpression:
        """Return the form that the client takes: a list of tuples. The expression stays as it is."""
        return [self._node]

    @staticmethod
    def of(compiled: list[tuple[Any, ...]]) -> Expression:
        """Return the expression that was compiled to this, for instance to combine one that was read from base64.

        :param list compiled: what :meth:`compile` or ``Client.get_expression_from_base64()`` returned.
        """
        if not isinstance(compiled, list) or len(compiled) != 1 or not isinstance(compiled[0], Node):
            raise TypeError("compiled must be what compile() of an expression returned")
        return Expression._of(compiled[0])

    def __repr__(self) -> str:
        return repr(self._node)

    def __bool__(self) -> NoReturn:
        raise TypeError(
            "an expression has no truth value here, only on the server: combine expressions with &, | and ~ instead of "
            "and, or and not, and put comparisons in parentheses"
        )

    __hash__ = object.__hash__

    @staticmethod
    def _of(node: Node) -> Expression:
        cls = Expression._classes.get(node[0], Expression)  # of a newer client's there is no class
        made = cls.__new__(cls)
        made._node = node
        return made

    def _left(self, symbol: str, other: Any) -> Expression:
        return Expression._of(combine(symbol, self._node, _operand(other)))

    def _right(self, symbol: str, other: Any) -> Expression:
        return Expression._of(combine(symbol, _operand(other), self._node))

    def __eq__(self, other: Any) -> Expression:  # type: ignore[override]
        return self._left("==", other)

    def __ne__(self, other: Any) -> Expression:  # type: ignore[override]
        return self._left("!=", other)

    def __lt__(self, other: Any) -> Expression:
        return self._left("<", other)

    def __le__(self, other: Any) -> Expression:
        return self._left("<=", other)

    def __gt__(self, other: Any) -> Expression:
        return self._left(">", other)

    def __ge__(self, other: Any) -> Expression:
        return self._left(">=", other)

    def __and__(self, other: Any) -> Expression:
        return self._left("&", other)

    def __rand__(self, other: Any) -> Expression:
        return self._right("&", other)

    def __or__(self, other: Any) -> Expression:
        return self._left("|", other)

    def __ror__(self, other: Any) -> Expression:
        return self._right("|", other)

    def __xor__(self, other: Any) -> Expression:
        return self._left("^", other)

    def __rxor__(self, other: Any) -> Expression:
        return self._right("^", other)

    def __add__(self, other: Any) -> Expression:
        return self._left("+", other)

    def __radd__(self, other: Any) -> Expression:
        return self._right("+", other)

    def __sub__(self, other: Any) -> Expression:
        return self._left("-", other)

    def __rsub__(self, other: Any) -> Expression:
        return self._right("-", other)

    def __mul__(self, other: Any) -> Expression:
        return self._left("*", other)

    def __rmul__(self, other: Any) -> Expression:
        return self._right("*", other)

    def __truediv__(self, other: Any) -> Expression:
        return self._left("/", other)

    def __rtruediv__(self, other: Any) -> Expression:
        return self._right("/", other)

    def __floordiv__(self, other: Any) -> Expression:
        return self._left("//", other)

    def __rfloordiv__(self, other: Any) -> Expression:
        return self._right("//", other)

    def __mod__(self, other: Any) -> Expression:
        return self._left("%", other)

    def __rmod__(self, other: Any) -> Expression:
        return self._right("%", other)

    def __pow__(self, other: Any) -> Expression:
        return self._left("**", other)

    def __rpow__(self, other: Any) -> Expression:
        return self._right("**", other)

    def __lshift__(self, other: Any) -> Expression:
        return self._left("<<", other)

    def __rlshift__(self, other: Any) -> Expression:
        return self._right("<<", other)

    def __rshift__(self, other: Any) -> Expression:
        return self._left(">>", other)

    def __rrshift__(self, other: Any) -> Expression:
        return self._right(">>", other)

    def __invert__(self) -> Expression:
        return Expression._of(invert(self._node))

    def __neg__(self) -> Expression:
        return Expression._of(Node(("Sub", self._node)))

    def __pos__(self) -> Expression:
        return self

    def __abs__(self) -> Expression:
        return Expression._of(Node(("Abs", self._node)))

    def __floor__(self) -> Expression:
        return Expression._of(Node(("Floor", self._node)))

    def __ceil__(self) -> Expression:
        return Expression._of(Node(("Ceil", self._node)))


# The name of the base class in annotations that programs have.
_BaseExpr = Expression
