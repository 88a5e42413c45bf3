# SPDX-License-Identifier: Apache-2.0
"""Arithmetic of integers and floats. The operands of one expression are all integers or all floats. Server 5.6.

Integers are of 64 bits and wrap around; what has no result (a division by zero) is unknown.
"""

from __future__ import annotations

from aerospike_helpers.expressions.resources import Expression, TypeFloat, TypeInteger, TypeNumber


class Add(Expression):
    """The sum of its operands.

    :param args: one or more expressions or numbers, all of one type.

    ``a + b + c`` is the same as ``Add(a, b, c)``.
    """

    def __init__(self, *args: TypeNumber) -> None:
        self._build(*args)


class Sub(Expression):
    """The first operand less all others; of one operand, its negative.

    :param args: one or more expressions or numbers, all of one type.

    ``a - b`` is the same as ``Sub(a, b)``, and ``-a`` as ``Sub(a)``.
    """

    def __init__(self, *args: TypeNumber) -> None:
        self._build(*args)


class Mul(Expression):
    """The product of its operands.

    :param args: one or more expressions or numbers, all of one type.

    ``a * b * c`` is the same as ``Mul(a, b, c)``.
    """

    def __init__(self, *args: TypeNumber) -> None:
        self._build(*args)


class Div(Expression):
    """The first operand divided by the product of all others; of one operand, 1 divided by it.

    Integers give an integer, cut towards zero.

    :param args: one or more expressions or numbers, all of one type.
    """

    def __init__(self, *args: TypeNumber) -> None:
        self._build(*args)


class Pow(Expression):
    """A float to the power of another: a float.

    :param base: an expression or a float.
    :param exponent: an expression or a float.
    """

    def __init__(self, base: TypeFloat, exponent: TypeFloat) -> None:
        self._build(base, exponent)


class Log(Expression):
    """The logarithm of a float: a float.

    :param num: an expression or a float.
    :param base: the base of the logarithm: an expression or a float.
    """

    def __init__(self, num: TypeFloat, base: TypeFloat) -> None:
        self._build(num, base)


class Mod(Expression):
    """The remainder of a division of integers, with the sign of the numerator: an integer.

    :param numerator: an expression or an int.
    :param denominator: an expression or an int.
    """

    def __init__(self, numerator: TypeInteger, denominator: TypeInteger) -> None:
        self._build(numerator, denominator)


class Abs(Expression):
    """The absolute value of a number, of the same type.

    :param value: an expression or a number.
    """

    def __init__(self, value: TypeNumber) -> None:
        self._build(value)


class Floor(Expression):
    """The greatest whole number that is not greater than a float: a float.

    :param value: an expression or a float.
    """

    def __init__(self, value: TypeFloat) -> None:
        self._build(value)


class Ceil(Expression):
    """The least whole number that is not less than a float: a float.

    :param value: an expression or a float.
    """

    def __init__(self, value: TypeFloat) -> None:
        self._build(value)


class ToInt(Expression):
    """A float as an integer, cut towards zero.

    :param value: an expression or a float.
    """

    def __init__(self, value: TypeFloat) -> None:
        self._build(value)


class ToFloat(Expression):
    """An integer as a float.

    :param value: an expression or an int.
    """

    def __init__(self, value: TypeInteger) -> None:
        self._build(value)


class Min(Expression):
    """The least of its operands.

    :param args: one or more expressions or numbers, all of one type.
    """

    def __init__(self, *args: TypeNumber) -> None:
        self._build(*args)


class Max(Expression):
    """The greatest of its operands.

    :param args: one or more expressions or numbers, all of one type.
    """

    def __init__(self, *args: TypeNumber) -> None:
        self._build(*args)
