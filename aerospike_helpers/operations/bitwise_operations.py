# SPDX-License-Identifier: Apache-2.0
"""Operations on the bits of bytes.

Offsets and sizes are in bits, from the highest bit of the first byte on, where they are not said to be in bytes. Each
function returns a dictionary for the list that :meth:`aerospike.Client.operate` takes::

    from aerospike_helpers.operations import bitwise_operations as bits

    operations = [bits.bit_set("flags", 3, 1, 1, b"\\x80"), bits.bit_count("flags", 0, 8)]
    _, _, bins = client.operate(key, operations)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aerospike
from aerospike import _native

if TYPE_CHECKING:
    from aerospike.types import BitPolicy, Operation
    from aerospike_helpers.cdt_ctx import Context


def bit_resize(bin_name: str, byte_size: int, policy: BitPolicy | None = None, resize_flags: int = 0) -> Operation:
    """Make a value longer, with zeros, or shorter.

    :param str bin_name: the bin that holds the bytes.
    :param int byte_size: the new length, in bytes.
    :param dict policy: ``bit_write_flags``, of ``BIT_WRITE_*``.
    :param int resize_flags: ``BIT_RESIZE_*`` flags.
    """
    return {
        "op": aerospike.OP_BIT_RESIZE,
        "bin": bin_name,
        "policy": policy,
        "resize_flags": resize_flags,
        "byte_size": byte_size,
    }


def bit_insert(
    bin_name: str, byte_offset: int, value_byte_size: int, value: bytes | bytearray, policy: BitPolicy | None = None
) -> Operation:
    """Insert bytes before a byte.

    :param str bin_name: the bin that holds the bytes.
    :param int byte_offset: where the first of them will be; a gap beyond the end is filled with zeros.
    :param int value_byte_size: without effect: all bytes of value count.
    :param value: bytes or bytearray.
    :param dict policy: ``bit_write_flags``, of ``BIT_WRITE_*``.
    """
    return {
        "op": aerospike.OP_BIT_INSERT,
        "bin": bin_name,
        "byte_offset": byte_offset,
        "value_byte_size": value_byte_size,
        "value": value,
        "policy": policy,
    }


def bit_remove(bin_name: str, byte_offset: int, byte_size: int, policy: BitPolicy | None = None) -> Operation:
    """Remove bytes.

    :param str bin_name: the bin that holds the bytes.
    :param int byte_offset: the first byte; negative ones count from the end.
    :param int byte_size: how many bytes.
    :param dict policy: ``bit_write_flags``, of ``BIT_WRITE_*``.
    """
    return {
        "op": aerospike.OP_BIT_REMOVE,
        "bin": bin_name,
        "policy": policy,
        "byte_offset": byte_offset,
        "byte_size": byte_size,
    }


def bit_set(
    bin_name: str,
    bit_offset: int,
    bit_size: int,
    value_byte_size: int,
    value: bytes | bytearray,
    policy: BitPolicy | None = None,
) -> Operation:
    """Write bits.

    :param str bin_name: the bin that holds the bytes.
    :param int bit_offset: the first bit; negative ones count from the end.
    :param int bit_size: how many bits.
    :param int value_byte_size: without effect: all bytes of value count.
    :param value: bytes or bytearray, whose first bits are written.
    :param dict policy: ``bit_write_flags``, of ``BIT_WRITE_*``.
    """
    return {
        "op": aerospike.OP_BIT_SET,
        "bin": bin_name,
        "policy": policy,
        "bit_offset": bit_offset,
        "bit_size": bit_size,
        "value_byte_size": value_byte_size,
        "value": value,
    }


def bit_or(
    bin_name: str,
    bit_offset: int,
    bit_size: int,
    value_byte_size: int,
    value: bytes | bytearray,
    policy: BitPolicy | None = None,
) -> Operation:
    """Combine bits with others by OR.

    :param str bin_name: the bin that holds the bytes.
    :param int bit_offset: the first bit; negative ones count from the end.
    :param int bit_size: how many bits.
    :param int value_byte_size: without effect: all bytes of value count.
    :param value: bytes or bytearray, whose first bits are taken.
    :param dict policy: ``bit_write_flags``, of ``BIT_WRITE_*``.
    """
    return {
        "op": aerospike.OP_BIT_OR,
        "bin": bin_name,
        "policy": policy,
        "bit_offset": bit_offset,
        "bit_size": bit_size,
        "value_byte_size": value_byte_size,
        "value": value,
    }


def bit_xor(
    bin_name: str,
    bit_offset: int,
    bit_size: int,
    value_byte_size: int,
    value: bytes | bytearray,
    policy: BitPolicy | None = None,
) -> Operation:
    """Combine bits with others by XOR.

    :param str bin_name: the bin that holds the bytes.
    :param int bit_offset: the first bit; negative ones count from the end.
    :param int bit_size: how many bits.
    :param int value_byte_size: without effect: all bytes of value count.
    :param value: bytes or bytearray, whose first bits are taken.
    :param dict policy: ``bit_write_flags``, of ``BIT_WRITE_*``.
    """
    return {
        "op": aerospike.OP_BIT_XOR,
        "bin": bin_name,
        "policy": policy,
        "bit_offset": bit_offset,
        "bit_size": bit_size,
        "value_byte_size": value_byte_size,
        "value": value,
    }


def bit_and(
    bin_name: str,
    bit_offset: int,
    bit_size: int,
    value_byte_size: int,
    value: bytes | bytearray,
    policy: BitPolicy | None = None,
) -> Operation:
    """Combine bits with others by AND.

    :param str bin_name: the bin that holds the bytes.
    :param int bit_offset: the first bit; negative ones count from the end.
    :param int bit_size: how many bits.
    :param int value_byte_size: without effect: all bytes of value count.
    :param value: bytes or bytearray, whose first bits are taken.
    :param dict policy: ``bit_write_flags``, of ``BIT_WRITE_*``.
    """
    return {
        "op": aerospike.OP_BIT_AND,
        "bin": bin_name,
        "policy": policy,
        "bit_offset": bit_offset,
        "bit_size": bit_size,
        "value_byte_size": value_byte_size,
        "value": value,
    }


def bit_not(bin_name: str, bit_offset: int, bit_size: int, policy: BitPolicy | None = None) -> Operation:
    """Turn ones into zeros and zeros into ones.

    :param str bin_name: the bin that holds the bytes.
    :param int bit_offset: the first bit; negative ones count from the end.
    :param int bit_size: how many bits.
    :param dict policy: ``bit_write_flags``, of ``BIT_WRITE_*``.
    """
    return {
        "op": aerospike.OP_BIT_NOT,
        "bin": bin_name,
        "bit_offset": bit_offset,
        "bit_size": bit_size,
        "policy": policy,
    }


def bit_lshift(bin_name: str, bit_offset: int, bit_size: int, shift: int, policy: BitPolicy | None = None) -> Operation:
    """Shift bits to the left; zeros follow.

    :param str bin_name: the bin that holds the bytes.
    :param int bit_offset: the first bit; negative ones count from the end.
    :param int bit_size: how many bits.
    :param int shift: by how many bits.
    :param dict policy: ``bit_write_flags``, of ``BIT_WRITE_*``.
    """
    return {
        "op": aerospike.OP_BIT_LSHIFT,
        "bin": bin_name,
        "bit_offset": bit_offset,
        "bit_size": bit_size,
        "value": shift,
        "policy": policy,
    }


def bit_rshift(bin_name: str, bit_offset: int, bit_size: int, shift: int, policy: BitPolicy | None = None) -> Operation:
    """Shift bits to the right; zeros lead.

    :param str bin_name: the bin that holds the bytes.
    :param int bit_offset: the first bit; negative ones count from the end.
    :param int bit_size: how many bits.
    :param int shift: by how many bits.
    :param dict policy: ``bit_write_flags``, of ``BIT_WRITE_*``.
    """
    return {
        "op": aerospike.OP_BIT_RSHIFT,
        "bin": bin_name,
        "bit_offset": bit_offset,
        "bit_size": bit_size,
        "value": shift,
        "policy": policy,
    }


def bit_add(
    bin_name: str, bit_offset: int, bit_size: int, value: int, sign: bool, action: int, policy: BitPolicy | None = None
) -> Operation:
    """Add to the number that the bits are, the highest bit first.

    :param str bin_name: the bin that holds the bytes.
    :param int bit_offset: the first bit; negative ones count from the end.
    :param int bit_size: how many bits, at most 64.
    :param int value: the other number, not negative.
    :param bool sign: the bits are a signed number, in two's complement.
    :param int action: ``BIT_OVERFLOW_FAIL``, ``BIT_OVERFLOW_SATURATE`` or ``BIT_OVERFLOW_WRAP``: what to do where
        the result does not fit.
    :param dict policy: ``bit_write_flags``, of ``BIT_WRITE_*``.
    """
    return {
        "op": aerospike.OP_BIT_ADD,
        "bin": bin_name,
        "policy": policy,
        "bit_offset": bit_offset,
        "bit_size": bit_size,
        "value": value,
        "sign": sign,
        "action": action,
    }


def bit_subtract(
    bin_name: str, bit_offset: int, bit_size: int, value: int, sign: bool, action: int, policy: BitPolicy | None = None
) -> Operation:
    """Subtract from the number that the bits are, the highest bit first.

    :param str bin_name: the bin that holds the bytes.
    :param int bit_offset: the first bit; negative ones count from the end.
    :param int bit_size: how many bits, at most 64.
    :param int value: the other number, not negative.
    :param bool sign: the bits are a signed number, in two's complement.
    :param int action: ``BIT_OVERFLOW_FAIL``, ``BIT_OVERFLOW_SATURATE`` or ``BIT_OVERFLOW_WRAP``: what to do where
        the result does not fit.
    :param dict policy: ``bit_write_flags``, of ``BIT_WRITE_*``.
    """
    return {
        "op": aerospike.OP_BIT_SUBTRACT,
        "bin": bin_name,
        "policy": policy,
        "bit_offset": bit_offset,
        "bit_size": bit_size,
        "value": value,
        "sign": sign,
        "action": action,
    }


def bit_set_int(
    bin_name: str, bit_offset: int, bit_size: int, value: int, policy: BitPolicy | None = None
) -> Operation:
    """Write a number, the highest bit first.

    :param str bin_name: the bin that holds the bytes.
    :param int bit_offset: the first bit; negative ones count from the end.
    :param int bit_size: how many bits, at most 64.
    :param int value: the number; it may be negative.
    :param dict policy: ``bit_write_flags``, of ``BIT_WRITE_*``.
    """
    return {
        "op": aerospike.OP_BIT_SET_INT,
        "bin": bin_name,
        "policy": policy,
        "bit_offset": bit_offset,
        "bit_size": bit_size,
        "value": value,
    }


def bit_get(bin_name: str, bit_offset: int, bit_size: int) -> Operation:
    """Read bits. The result is bytes; zeros fill the last one.

    :param str bin_name: the bin that holds the bytes.
    :param int bit_offset: the first bit; negative ones count from the end.
    :param int bit_size: how many bits.
    """
    return {"op": aerospike.OP_BIT_GET, "bin": bin_name, "bit_offset": bit_offset, "bit_size": bit_size}


def bit_get_int(bin_name: str, bit_offset: int, bit_size: int, sign: bool) -> Operation:
    """Read the number that the bits are, the highest bit first.

    :param str bin_name: the bin that holds the bytes.
    :param int bit_offset: the first bit; negative ones count from the end.
    :param int bit_size: how many bits, at most 64.
    :param bool sign: the bits are a signed number, in two's complement.
    """
    return {
        "op": aerospike.OP_BIT_GET_INT,
        "bin": bin_name,
        "bit_offset": bit_offset,
        "bit_size": bit_size,
        "sign": sign,
    }


def bit_count(bin_name: str, bit_offset: int, bit_size: int) -> Operation:
    """Count the bits that are ones.

    :param str bin_name: the bin that holds the bytes.
    :param int bit_offset: the first bit; negative ones count from the end.
    :param int bit_size: how many bits.
    """
    return {"op": aerospike.OP_BIT_COUNT, "bin": bin_name, "bit_offset": bit_offset, "bit_size": bit_size}


def bit_lscan(bin_name: str, bit_offset: int, bit_size: int, value: bool) -> Operation:
    """Find the first one, or zero. The result is its place after bit_offset, or -1.

    :param str bin_name: the bin that holds the bytes.
    :param int bit_offset: the first bit; negative ones count from the end.
    :param int bit_size: how many bits.
    :param bool value: True: look for a one; False: for a zero.
    """
    return {
        "op": aerospike.OP_BIT_LSCAN,
        "bin": bin_name,
        "bit_offset": bit_offset,
        "bit_size": bit_size,
        "value": value,
    }


def bit_rscan(bin_name: str, bit_offset: int, bit_size: int, value: bool) -> Operation:
    """Find the last one, or zero. The result is its place after bit_offset, or -1.

    :param str bin_name: the bin that holds the bytes.
    :param int bit_offset: the first bit; negative ones count from the end.
    :param int bit_size: how many bits.
    :param bool value: True: look for a one; False: for a zero.
    """
    return {
        "op": aerospike.OP_BIT_RSCAN,
        "bin": bin_name,
        "bit_offset": bit_offset,
        "bit_size": bit_size,
        "value": value,
    }


def bit_b64_encode(
    bin_name: str,
    byte_offset: int = 0,
    byte_size: int | None = None,
    invert_size: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Read bytes as base64 text.

    Needs a server that has string operations.

    :param str bin_name: the bin that holds the bytes.
    :param int byte_offset: the first byte; negative ones count from the end.
    :param int byte_size: how many bytes; None: all to the end.
    :param bool invert_size: take all bytes but those at the end that byte_size says.
    :param list ctx: where in the bin's nested lists and maps the bytes are, from :mod:`aerospike_helpers.cdt_ctx`;
        None: they are the bin's value.
    """
    return {
        "op": _native._OP_BIT_B64_ENCODE,
        "bin": bin_name,
        "byte_offset": byte_offset,
        "byte_size": byte_size,
        "invert_size": invert_size,
        "ctx": ctx,
    }
