# SPDX-License-Identifier: Apache-2.0
"""The bits of integers. Server 5.6. (The bits of bytes: :mod:`aerospike_helpers.expressions.bitwise`.)"""

from __future__ import annotations

from aerospike_helpers.expressions.resources import Expression, TypeBool, TypeInteger


class IntAnd(Expression):
    """The bits that all integers have: an integer.

    :param exprs: two or more expressions or ints.
    """

    def __init__(self, *exprs: TypeInteger) -> None:
        self._build(*exprs)


class IntOr(Expression):
    """The bits that any integer has: an integer.

    :param exprs: two or more expressions or ints.
    """

    def __init__(self, *exprs: TypeInteger) -> None:
        self._build(*exprs)


class IntXOr(Expression):
    """The bits that an odd number of the integers have: an integer.

    :param exprs: two or more expressions or ints.
    """

    def __init__(self, *exprs: TypeInteger) -> None:
        self._build(*exprs)


class IntNot(Expression):
    """All bits of an integer reversed: an integer.

    :param expr: an expression or an int.
    """

    def __init__(self, expr: TypeInteger) -> None:
        self._build(expr)


class IntLeftShift(Expression):
    """The bits of an integer moved to the left: an integer.

    :param value: an expression or an int.
    :param shift: how many bits: an expression or an int.
    """

    def __init__(self, value: TypeInteger, shift: TypeInteger) -> None:
        self._build(value, shift)


class IntRightShift(Expression):
    """The bits of an integer moved to the right, zeros after them: an integer.

    :param value: an expression or an int.
    :param shift: how many bits: an expression or an int.
    """

    def __init__(self, value: TypeInteger, shift: TypeInteger) -> None:
        self._build(value, shift)


class IntArithmeticRightShift(Expression):
    """The bits of an integer moved to the right, its sign after them: an integer.

    :param value: an expression or an int.
    :param shift: how many bits: an expression or an int.
    """

    def __init__(self, value: TypeInteger, shift: TypeInteger) -> None:
        self._build(value, shift)


class IntCount(Expression):
    """How many bits of an integer are set: an integer.

    :param value: an expression or an int.
    """

    def __init__(self, value: TypeInteger) -> None:
        self._build(value)


class IntLeftScan(Expression):
    """The place of the first bit with that value, from the most significant, which is 0: an integer; -1 for none.

    :param value: an expression or an int.
    :param search: the value to look for: an expression or a bool.
    """

    def __init__(self, value: TypeInteger, search: TypeBool) -> None:
        self._build(value, search)


class IntRightScan(Expression):
    """The place of the first bit with that value, from the least significant, which is 63: an integer; -1 for none.

    :param value: an expression or an int.
    :param search: the value to look for: an expression or a bool.
    """

    def __init__(self, value: TypeInteger, search: TypeBool) -> None:
        self._build(value, search)
