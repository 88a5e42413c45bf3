# SPDX-License-Identifier: Apache-2.0
"""Bit operations, packed by hand: examples, edges, and random ones against whole numbers of Python."""

import frames
import pytest
from frames import BLOB, INTEGER
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from one_bin import RefusedError

READ_OPERATOR = frames.OP_BIT_READ

RESIZE, INSERT, REMOVE, SET, OR, XOR, AND, NOT, LSHIFT, RSHIFT, ADD, SUBTRACT, SET_INT = range(13)
GET, COUNT, LSCAN, RSCAN, GET_INT, ENCODE_BASE64 = range(50, 56)
CREATE_ONLY, UPDATE_ONLY, NO_FAIL, PARTIAL = 1, 2, 4, 8
FROM_FRONT, GROW_ONLY, SHRINK_ONLY = 1, 2, 4
SIGNED, SATURATE, WRAP = 1, 2, 4

PARAMETER, BIN_EXISTS, INCOMPATIBLE, BIN_NOT_FOUND, NOT_APPLICABLE = 4, 6, 12, 17, 26

FIVE = bytes([0b00000001, 0b01000010, 0b00000011, 0b00000100, 0b00000101])


@pytest.fixture
def bits(one_bin):
    """A bin that holds FIVE."""
    one_bin.put(BLOB, FIVE)
    return one_bin


@pytest.fixture
def no_bits(bits):
    """The same, and the bin is not there."""
    bits.put(0, b"")
    return bits


@pytest.mark.parametrize(
    ("payload", "after"),
    [
        ((RESIZE, 7), FIVE + b"\0\0"),
        ((RESIZE, 7, 0, FROM_FRONT), b"\0\0" + FIVE),
        ((RESIZE, 2, 0, FROM_FRONT), FIVE[3:]),
        ((RESIZE, 2, 0, SHRINK_ONLY), FIVE[:2]),
        ((RESIZE, 0), b""),
        ((INSERT, 1, b"\xff\xc7"), FIVE[:1] + b"\xff\xc7" + FIVE[1:]),
        ((INSERT, -1, b"\xff"), FIVE[:4] + b"\xff" + FIVE[4:]),
        ((INSERT, 7, b"\xff", 0), FIVE + b"\0\0\xff"),
        ((REMOVE, 2, 3), FIVE[:2]),
        ((REMOVE, -3, 2), FIVE[:2] + FIVE[4:]),
        ((REMOVE, 3, 20, PARTIAL), FIVE[:3]),
        ((SET, 13, 3, b"\xe0"), b"\x01\x47\x03\x04\x05"),
        ((OR, 17, 6, b"\xa8"), b"\x01\x42\x57\x04\x05"),
        ((XOR, 17, 6, b"\xac"), b"\x01\x42\x55\x04\x05"),
        ((AND, 23, 9, b"\x3c\x80"), b"\x01\x42\x02\x00\x05"),
        ((NOT, 25, 6), b"\x01\x42\x03\x7a\x05"),
        ((NOT, 25, 60, PARTIAL), b"\x01\x42\x03\x7b\xfa"),
        ((LSHIFT, 32, 8, 3), b"\x01\x42\x03\x04\x28"),
        ((LSHIFT, 0, 40, 100), bytes(5)),
        ((RSHIFT, 0, 9, 1), b"\x00\xc2\x03\x04\x05"),
        ((ADD, 24, 16, 128), b"\x01\x42\x03\x04\x85"),
        ((SUBTRACT, 24, 16, 128), b"\x01\x42\x03\x03\x85"),
        ((ADD, 8, 8, 255, 0, SATURATE), b"\x01\xff\x03\x04\x05"),
        ((ADD, 8, 8, 120, 0, SATURATE | SIGNED), b"\x01\x7f\x03\x04\x05"),
        ((ADD, 8, 8, 120, 0, WRAP | SIGNED), b"\x01\xba\x03\x04\x05"),
        ((SUBTRACT, 0, 8, 2, 0, SATURATE), b"\x00\x42\x03\x04\x05"),
        ((SUBTRACT, 0, 8, 2, 0, WRAP), b"\xff\x42\x03\x04\x05"),
        ((SUBTRACT, 0, 8, 2), NOT_APPLICABLE),
        ((ADD, 8, 8, 120, 0, SIGNED), NOT_APPLICABLE),
        ((SET_INT, 1, 8, 127), b"\x3f\xc2\x03\x04\x05"),
        ((SET_INT, 1, 3, -1), b"\x71\x42\x03\x04\x05"),
    ],
)
def test_a_modify_leaves(bits, payload, after):
    if isinstance(after, int):
        with pytest.raises(RefusedError, match=str(after)):
            bits.modify(*payload)
        after = FIVE
    else:
        assert bits.modify(*payload) is None
    assert bits.get() == after


@pytest.mark.parametrize(
    ("payload", "result"),
    [
        ((GET, 9, 5), b"\x80"),
        ((GET, -9, 9), b"\x02\x80"),
        ((COUNT, 20, 4), 2),
        ((LSCAN, 24, 8, True), 5),
        ((LSCAN, 0, 3, True), -1),
        ((LSCAN, 0, 40, False), 0),
        ((RSCAN, 32, 8, True), 7),
        ((RSCAN, 32, 8, False), 6),
        ((GET_INT, 8, 16), 16899),
        ((GET_INT, 9, 2), 2),
        ((GET_INT, 9, 2, SIGNED), -2),
    ],
)
def test_a_read_gives(bits, payload, result):
    assert bits.read(*payload) == result
    assert bits.get() == FIVE


@pytest.mark.parametrize(
    ("payload", "result"),
    [
        ((ENCODE_BASE64,), "AUIDBAU="),
        ((ENCODE_BASE64, 2), "AwQF"),
        ((ENCODE_BASE64, -1), "BQ=="),
        ((ENCODE_BASE64, 1, 2), "QgM="),
        ((ENCODE_BASE64, 1, 1, 1), "QgME"),
        ((ENCODE_BASE64, 5), ""),
    ],
)
@pytest.mark.usefixtures("since_8_2")
def test_base64_of(bits, payload, result):
    assert bits.read(*payload) == result


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ((99, 0, 1), PARAMETER),
        ((NOT, 0), PARAMETER),
        ((NOT, 0, 1, 0, 0), PARAMETER),
        ((NOT, "0", 1), PARAMETER),
        ((NOT, 0, 0), PARAMETER),
        ((NOT, 0, 1, 16), PARAMETER),
        ((NOT, 0, 1, CREATE_ONLY), PARAMETER),
        ((NOT, -41, 1, NO_FAIL), PARAMETER),
        ((NOT, 40, 1), NOT_APPLICABLE),
        ((NOT, 40, 1, PARTIAL), NOT_APPLICABLE),
        ((NOT, 39, 2), NOT_APPLICABLE),
        ((NOT, 2**62, 1), PARAMETER),
        ((NOT, 0, 2**62), PARAMETER),
        ((SET, 0, 9, b"\xff"), PARAMETER),
        ((LSHIFT, 0, 8, -1), PARAMETER),
        ((ADD, 0, 65, 1), PARAMETER),
        ((ADD, 0, 8, 1, PARTIAL), PARAMETER),
        ((REMOVE, 5, 1), PARAMETER),
        ((REMOVE, 4, 2), PARAMETER),
        ((RESIZE, 4, 0, GROW_ONLY), PARAMETER),
        ((RESIZE, 6, 0, SHRINK_ONLY), PARAMETER),
        ((RESIZE, -1), PARAMETER),
        ((RESIZE, 2**62), PARAMETER),
        ((RESIZE, 6, CREATE_ONLY), BIN_EXISTS),
        ((RESIZE, 6, PARTIAL), PARAMETER),
        ((INSERT, -6, b"x"), PARAMETER),
    ],
)
def test_a_modify_is_refused(bits, payload, code):
    with pytest.raises(RefusedError, match=str(code)):
        bits.modify(*payload)
    assert bits.get() == FIVE


@pytest.mark.parametrize(
    ("payload", "code"),
    [((GET, 0, 0), PARAMETER), ((GET, 39, 2), NOT_APPLICABLE), ((GET_INT, 0, 65), PARAMETER), ((NOT, 0, 1), PARAMETER)],
)
def test_a_read_is_refused(bits, payload, code):
    with pytest.raises(RefusedError, match=str(code)):
        bits.read(*payload)


def test_a_blob_that_no_record_can_hold(bits):
    for payload in [(RESIZE, 100 * 2**20), (INSERT, 100 * 2**20, b"x")]:
        with pytest.raises(RefusedError):
            bits.modify(*payload)
    assert bits.get() == FIVE


@pytest.mark.parametrize("payload", [(NOT, 40, 1, NO_FAIL), (REMOVE, 5, 1, NO_FAIL), (ADD, 0, 8, 255, NO_FAIL)])
def test_no_fail_leaves_the_bin(bits, payload):
    assert bits.modify(*payload) is None
    assert bits.get() == FIVE


def test_another_type_is_refused(bits):
    bits.put(INTEGER, bytes(8))
    for payload in [(NOT, 0, 1, NO_FAIL), (RESIZE, 1, NO_FAIL)]:
        with pytest.raises(RefusedError, match=str(INCOMPATIBLE)):
            bits.modify(*payload)
    with pytest.raises(RefusedError, match=str(INCOMPATIBLE)):
        bits.read(GET, 0, 1)


def test_without_the_bin(no_bits):
    assert no_bits.read(GET, 0, 1) is None
    with pytest.raises(RefusedError, match=str(BIN_NOT_FOUND)):
        no_bits.modify(NOT, 0, 1)
    with pytest.raises(RefusedError, match=str(BIN_NOT_FOUND)):
        no_bits.modify(RESIZE, 1, UPDATE_ONLY)
    no_bits.modify(NOT, 0, 1, NO_FAIL)
    assert no_bits.get() is None
    no_bits.modify(INSERT, 1, b"x", CREATE_ONLY)
    assert no_bits.get() == b"\0x"


# ---- against a whole number ----


class Model:
    """A blob as a whole number, whose highest bit is the blob's first."""

    def __init__(self, blob):
        self.width, self.number = len(blob) * 8, int.from_bytes(blob, "big")

    def part(self, at, size):
        return self.number >> (self.width - at - size) & (1 << size) - 1

    def with_part(self, at, size, value):
        shift = self.width - at - size
        mask = (1 << size) - 1
        number = self.number & ~(mask << shift) | (value & mask) << shift
        return number.to_bytes(self.width // 8, "big")


def left_aligned(value, size):
    return (value << -size % 8).to_bytes((size + 7) // 8, "big")


@st.composite
def spans(draw, most=1000):
    """A blob, and where in it: offset and size in bits."""
    blob = draw(st.binary(min_size=1, max_size=12))
    at = draw(st.integers(0, len(blob) * 8 - 1))
    return blob, at, draw(st.integers(1, min(most, len(blob) * 8 - at)))


property_test = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@property_test
@given(spans(), st.integers(0, 2**96 - 1), st.integers(0, 110))
def test_bits_as_whole_numbers(bits, span, other, shift):
    blob, at, size = span
    model = Model(blob)
    old = model.part(at, size)
    other &= (1 << size) - 1
    operand = left_aligned(other, size)
    for payload, new in [
        ((SET, at, size, operand), other),
        ((OR, at, size, operand), old | other),
        ((XOR, at - model.width, size, operand + b"\xff"), old ^ other),
        ((AND, at, size, operand), old & other),
        ((NOT, at, size), ~old),
        ((LSHIFT, at, size, shift), old << shift),
        ((RSHIFT, at, size, shift), old >> shift),
    ]:
        bits.put(BLOB, blob)
        bits.modify(*payload)
        assert bits.get() == model.with_part(at, size, new), payload
    bits.put(BLOB, blob)
    text = f"{old:0{size}b}"
    assert bits.read(GET, at, size) == left_aligned(old, size)
    assert bits.read(COUNT, at, size) == text.count("1")
    assert bits.read(LSCAN, at, size, True) == text.find("1")
    before = f"{model.part(0, at):0{at}b}" if at else ""
    in_its_byte = before[len(before) - at % 8 :]  # a real server goes on to the left, as far as the first byte goes
    assert bits.read(RSCAN, at, size, False) == (
        text.rfind("0") if "0" in text else in_its_byte.rfind("0") - len(in_its_byte) if "0" in in_its_byte else -1
    )


@property_test
@given(spans(most=64), st.integers(-(2**63), 2**63 - 1), st.booleans(), st.sampled_from([0, SATURATE, WRAP]))
def test_sums_as_whole_numbers(bits, span, other, sign, action):
    blob, at, size = span
    model = Model(blob)

    def interpreted(value):
        value &= (1 << size) - 1
        return value - (1 << size) if sign and value >> (size - 1) else value

    least, most = (-(1 << size - 1), (1 << size - 1) - 1) if sign else (0, (1 << size) - 1)
    old = interpreted(model.part(at, size))
    for code, exact in [(ADD, old + interpreted(other)), (SUBTRACT, old - interpreted(other)), (SET_INT, other)]:
        bits.put(BLOB, blob)
        arguments = [0, sign | action] if code != SET_INT else []
        by = interpreted(other)
        if sign and size <= 4 and old < 0 and code != SET_INT and (by < 0) == (code == ADD):
            action_here = WRAP  # a real server does not notice that these overflow
        else:
            action_here = action
        if code != SET_INT and action_here == 0 and not least <= exact <= most:
            with pytest.raises(RefusedError, match=str(NOT_APPLICABLE)):
                bits.modify(code, at, size, other, *arguments)
            continue
        bits.modify(code, at, size, other, *arguments)
        new = max(least, min(most, exact)) if action_here == SATURATE and code != SET_INT else exact
        assert bits.get() == model.with_part(at, size, new)
        assert bits.read(GET_INT, at, size, int(sign)) == wrapped(interpreted(new))


def wrapped(value):
    """What 64 bits make of it: a number without sign beyond the most of a signed one."""
    return (value + 2**63) % 2**64 - 2**63
