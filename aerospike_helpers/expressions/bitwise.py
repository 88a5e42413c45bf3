# SPDX-License-Identifier: Apache-2.0
"""The bits of bytes: what an expression reads from them, or makes of them. The bin itself stays as it is.

(The bits of integers: :mod:`aerospike_helpers.expressions.bitwise_operators`.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aerospike_helpers.expressions.resources import (
    Expression,
    TypeBinName,
    TypeBitValue,
    TypeBool,
    TypeInteger,
)

if TYPE_CHECKING:
    from aerospike.types import BitPolicy

# ---- changed bytes ----


class BitResize(Expression):
    """The bytes made longer with zeros, or shorter.

    :param policy: ``bit_write_flags`` (``aerospike.BIT_WRITE_*``), or None.
    :param byte_size: how many bytes the result has: an expression or an int.
    :param flags: ``aerospike.BIT_RESIZE_*``.
    :param bin: the name of a blob bin, or an expression of bytes.
    """

    def __init__(self, policy: BitPolicy | None, byte_size: TypeInteger, flags: int, bin: TypeBinName) -> None:
        self._build(policy, byte_size, flags, bin)


class BitInsert(Expression):
    """The bytes with others put in.

    :param policy: ``bit_write_flags`` (``aerospike.BIT_WRITE_*``), or None.
    :param byte_offset: the first byte; negative: counted from the end: an expression or an int.
    :param value: the bits: an expression, bytes or a bytearray.
    :param bin: the name of a blob bin, or an expression of bytes.
    """

    def __init__(
        self, policy: BitPolicy | None, byte_offset: TypeInteger, value: TypeBitValue, bin: TypeBinName
    ) -> None:
        self._build(policy, byte_offset, value, bin)


class BitRemove(Expression):
    """The bytes with some taken out.

    :param policy: ``bit_write_flags`` (``aerospike.BIT_WRITE_*``), or None.
    :param byte_offset: the first byte; negative: counted from the end: an expression or an int.
    :param byte_size: how many bytes: an expression or an int.
    :param bin: the name of a blob bin, or an expression of bytes.
    """

    def __init__(
        self, policy: BitPolicy | None, byte_offset: TypeInteger, byte_size: TypeInteger, bin: TypeBinName
    ) -> None:
        self._build(policy, byte_offset, byte_size, bin)


class BitSet(Expression):
    """The bytes with some bits replaced.

    :param policy: ``bit_write_flags`` (``aerospike.BIT_WRITE_*``), or None.
    :param bit_offset: the first bit; negative: counted from the end: an expression or an int.
    :param bit_size: how many bits: an expression or an int.
    :param value: the bits: an expression, bytes or a bytearray.
    :param bin: the name of a blob bin, or an expression of bytes.
    """

    def __init__(
        self,
        policy: BitPolicy | None,
        bit_offset: TypeInteger,
        bit_size: TypeInteger,
        value: TypeBitValue,
        bin: TypeBinName,
    ) -> None:
        self._build(policy, bit_offset, bit_size, value, bin)


class BitOr(Expression):
    """The bytes with some bits combined by or with others.

    :param policy: ``bit_write_flags`` (``aerospike.BIT_WRITE_*``), or None.
    :param bit_offset: the first bit; negative: counted from the end: an expression or an int.
    :param bit_size: how many bits: an expression or an int.
    :param value: the bits: an expression, bytes or a bytearray.
    :param bin: the name of a blob bin, or an expression of bytes.
    """

    def __init__(
        self,
        policy: BitPolicy | None,
        bit_offset: TypeInteger,
        bit_size: TypeInteger,
        value: TypeBitValue,
        bin: TypeBinName,
    ) -> None:
        self._build(policy, bit_offset, bit_size, value, bin)


class BitXor(Expression):
    """The bytes with some bits combined by exclusive or with others.

    :param policy: ``bit_write_flags`` (``aerospike.BIT_WRITE_*``), or None.
    :param bit_offset: the first bit; negative: counted from the end: an expression or an int.
    :param bit_size: how many bits: an expression or an int.
    :param value: the bits: an expression, bytes or a bytearray.
    :param bin: the name of a blob bin, or an expression of bytes.
    """

    def __init__(
        self,
        policy: BitPolicy | None,
        bit_offset: TypeInteger,
        bit_size: TypeInteger,
        value: TypeBitValue,
        bin: TypeBinName,
    ) -> None:
        self._build(policy, bit_offset, bit_size, value, bin)


class BitAnd(Expression):
    """The bytes with some bits combined by and with others.

    :param policy: ``bit_write_flags`` (``aerospike.BIT_WRITE_*``), or None.
    :param bit_offset: the first bit; negative: counted from the end: an expression or an int.
    :param bit_size: how many bits: an expression or an int.
    :param value: the bits: an expression, bytes or a bytearray.
    :param bin: the name of a blob bin, or an expression of bytes.
    """

    def __init__(
        self,
        policy: BitPolicy | None,
        bit_offset: TypeInteger,
        bit_size: TypeInteger,
        value: TypeBitValue,
        bin: TypeBinName,
    ) -> None:
        self._build(policy, bit_offset, bit_size, value, bin)


class BitNot(Expression):
    """The bytes with some bits reversed.

    :param policy: ``bit_write_flags`` (``aerospike.BIT_WRITE_*``), or None.
    :param bit_offset: the first bit; negative: counted from the end: an expression or an int.
    :param bit_size: how many bits: an expression or an int.
    :param bin: the name of a blob bin, or an expression of bytes.
    """

    def __init__(
        self, policy: BitPolicy | None, bit_offset: TypeInteger, bit_size: TypeInteger, bin: TypeBinName
    ) -> None:
        self._build(policy, bit_offset, bit_size, bin)


class BitLeftShift(Expression):
    """The bytes with some bits moved to the left.

    :param policy: ``bit_write_flags`` (``aerospike.BIT_WRITE_*``), or None.
    :param bit_offset: the first bit; negative: counted from the end: an expression or an int.
    :param bit_size: how many bits: an expression or an int.
    :param shift: how far: an expression or an int.
    :param bin: the name of a blob bin, or an expression of bytes.
    """

    def __init__(
        self,
        policy: BitPolicy | None,
        bit_offset: TypeInteger,
        bit_size: TypeInteger,
        shift: TypeInteger,
        bin: TypeBinName,
    ) -> None:
        self._build(policy, bit_offset, bit_size, shift, bin)


class BitRightShift(Expression):
    """The bytes with some bits moved to the right.

    :param policy: ``bit_write_flags`` (``aerospike.BIT_WRITE_*``), or None.
    :param bit_offset: the first bit; negative: counted from the end: an expression or an int.
    :param bit_size: how many bits: an expression or an int.
    :param shift: how far: an expression or an int.
    :param bin: the name of a blob bin, or an expression of bytes.
    """

    def __init__(
        self,
        policy: BitPolicy | None,
        bit_offset: TypeInteger,
        bit_size: TypeInteger,
        shift: TypeInteger,
        bin: TypeBinName,
    ) -> None:
        self._build(policy, bit_offset, bit_size, shift, bin)


class BitAdd(Expression):
    """The bytes with a number added to the integer that some bits are.

    :param policy: ``bit_write_flags`` (``aerospike.BIT_WRITE_*``), or None.
    :param bit_offset: the first bit; negative: counted from the end: an expression or an int.
    :param bit_size: how many bits: an expression or an int.
    :param value: an expression or an int.
    :param action: ``aerospike.BIT_OVERFLOW_*``: what happens where the sum does not fit.
    :param bin: the name of a blob bin, or an expression of bytes.
    """

    def __init__(
        self,
        policy: BitPolicy | None,
        bit_offset: TypeInteger,
        bit_size: TypeInteger,
        value: TypeInteger,
        action: int,
        bin: TypeBinName,
    ) -> None:
        self._build(policy, bit_offset, bit_size, value, action, bin)


class BitSubtract(Expression):
    """The bytes with a number taken from the integer that some bits are.

    :param policy: ``bit_write_flags`` (``aerospike.BIT_WRITE_*``), or None.
    :param bit_offset: the first bit; negative: counted from the end: an expression or an int.
    :param bit_size: how many bits: an expression or an int.
    :param value: an expression or an int.
    :param action: ``aerospike.BIT_OVERFLOW_*``: what happens where the sum does not fit.
    :param bin: the name of a blob bin, or an expression of bytes.
    """

    def __init__(
        self,
        policy: BitPolicy | None,
        bit_offset: TypeInteger,
        bit_size: TypeInteger,
        value: TypeInteger,
        action: int,
        bin: TypeBinName,
    ) -> None:
        self._build(policy, bit_offset, bit_size, value, action, bin)


class BitSetInt(Expression):
    """The bytes with some bits replaced by an integer.

    :param policy: ``bit_write_flags`` (``aerospike.BIT_WRITE_*``), or None.
    :param bit_offset: the first bit; negative: counted from the end: an expression or an int.
    :param bit_size: how many bits: an expression or an int.
    :param value: an expression or an int.
    :param bin: the name of a blob bin, or an expression of bytes.
    """

    def __init__(
        self,
        policy: BitPolicy | None,
        bit_offset: TypeInteger,
        bit_size: TypeInteger,
        value: TypeInteger,
        bin: TypeBinName,
    ) -> None:
        self._build(policy, bit_offset, bit_size, value, bin)


# ---- what is read ----


class BitGet(Expression):
    """Some of the bits: bytes.

    :param bit_offset: the first bit; negative: counted from the end: an expression or an int.
    :param bit_size: how many bits: an expression or an int.
    :param bin: the name of a blob bin, or an expression of bytes.
    """

    def __init__(self, bit_offset: TypeInteger, bit_size: TypeInteger, bin: TypeBinName) -> None:
        self._build(bit_offset, bit_size, bin)


class BitCount(Expression):
    """How many of some bits are set: an integer.

    :param bit_offset: the first bit; negative: counted from the end: an expression or an int.
    :param bit_size: how many bits: an expression or an int.
    :param bin: the name of a blob bin, or an expression of bytes.
    """

    def __init__(self, bit_offset: TypeInteger, bit_size: TypeInteger, bin: TypeBinName) -> None:
        self._build(bit_offset, bit_size, bin)


class BitLeftScan(Expression):
    """Where the first bit of that value is among some bits: an integer; -1 for none.

    :param bit_offset: the first bit; negative: counted from the end: an expression or an int.
    :param bit_size: how many bits: an expression or an int.
    :param value: the bit to look for: an expression or a bool.
    :param bin: the name of a blob bin, or an expression of bytes.
    """

    def __init__(self, bit_offset: TypeInteger, bit_size: TypeInteger, value: TypeBool, bin: TypeBinName) -> None:
        self._build(bit_offset, bit_size, value, bin)


class BitRightScan(Expression):
    """Where the last bit of that value is among some bits: an integer; -1 for none.

    :param bit_offset: the first bit; negative: counted from the end: an expression or an int.
    :param bit_size: how many bits: an expression or an int.
    :param value: the bit to look for: an expression or a bool.
    :param bin: the name of a blob bin, or an expression of bytes.
    """

    def __init__(self, bit_offset: TypeInteger, bit_size: TypeInteger, value: TypeBool, bin: TypeBinName) -> None:
        self._build(bit_offset, bit_size, value, bin)


class BitGetInt(Expression):
    """The integer that some bits are.

    :param bit_offset: the first bit; negative: counted from the end: an expression or an int.
    :param bit_size: how many bits: an expression or an int.
    :param sign: whether its first bit is a sign.
    :param bin: the name of a blob bin, or an expression of bytes.
    """

    def __init__(self, bit_offset: TypeInteger, bit_size: TypeInteger, sign: bool, bin: TypeBinName) -> None:
        self._build(bit_offset, bit_size, sign, bin)


class BitB64Encode(Expression):
    """The bytes as a string of base64. Server 8.2.

    :param byte_offset: the first byte; negative: counted from the end: an expression or an int.
    :param byte_size: how many bytes: an expression or an int; None: to the end.
    :param invert_size: True: byte_size is what is left out at the end.
    :param bin: the name of a blob bin, or an expression of bytes.
    """

    def __init__(
        self,
        byte_offset: TypeInteger,
        byte_size: TypeInteger | None,
        invert_size: bool,
        bin: TypeBinName,
    ) -> None:
        self._build(byte_offset, byte_size, invert_size, bin)
