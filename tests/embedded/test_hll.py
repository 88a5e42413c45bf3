# SPDX-License-Identifier: Apache-2.0
"""HyperLogLog operations, packed by hand. What is stored is compared byte by byte with what a real server made."""

import frames
import pytest
from frames import BLOB, HLL, INTEGER
from one_bin import refusal
from packing import Packed

READ_OPERATOR = frames.OP_HLL_READ

INIT, ADD, UNION, REFRESH_COUNT, FOLD = range(5)
COUNT, GET_UNION, UNION_COUNT, INTERSECT_COUNT, SIMILARITY, DESCRIBE, MAY_CONTAIN = range(50, 57)
CREATE_ONLY, UPDATE_ONLY, NO_FAIL, ALLOW_FOLD = 1, 2, 4, 8
UNSET = -1

PARAMETER, BIN_EXISTS, INCOMPATIBLE, BIN_NOT_FOUND, NOT_APPLICABLE = 4, 6, 12, 17, 26

# fmt: off
THIRTY = [94, "u307", 140, "u291", 4, "u143", "u386", 272, 66, "u312", "u126", "u65", 411, "u55", 343, 177, "u86",
          "u159", "u196", "u274", 284, 419, "u173", "u122", 381, 263, 180, 316, 116, "u187"]
# fmt: on
# by index bits, minhash bits and values: what a server of version 8.1 stored
MEASURED = [
    (4, 20, [145], "0004140000000000000000" + "00" * 46 + "7ccf9c000000"),
    (
        *(4, 20, THIRTY),
        "00041400000000000000000b43d601765d30893794322e900726ef41f70490d473382d91eb192e68045496e06edd282f28c60a7892c20ff"
        "dc09b583c000000",
    ),
]


def words(first, last):
    return [f"word {i}" for i in range(first, last)]


@pytest.fixture
def sketch(one_bin):
    """A bin that is not there yet."""
    one_bin.put(0, b"")
    return one_bin


@pytest.fixture
def made(sketch):
    """Make the bytes of sketches, to be arguments."""

    def make(values, index_bits, minhash_bits=UNSET):
        before = sketch.get()
        sketch.put(0, b"")
        sketch.modify(ADD, values, index_bits, minhash_bits)
        data = sketch.get()
        sketch.put(HLL if before else 0, before or b"")
        return as_argument(data)

    return make


def as_argument(data):
    """A sketch inside a payload: bytes that say what they are."""
    return Packed(b"\xc6" + (len(data) + 1).to_bytes(4, "big") + b"\x12" + data)


@pytest.mark.parametrize(("index_bits", "minhash_bits", "values", "stored"), MEASURED)
def test_values_are_stored_as_measured(sketch, index_bits, minhash_bits, values, stored):
    sketch.modify(ADD, values, index_bits, minhash_bits)
    assert sketch.get().hex() == stored


def test_adding_again_changes_nothing(sketch):
    assert sketch.modify(ADD, words(0, 100), 8) > 80
    before = sketch.get()
    assert sketch.modify(ADD, words(0, 100)) == 0
    assert sketch.modify(ADD, words(0, 50), 12, 4, 0) == 0  # an existing bin keeps its bits
    assert sketch.get() == before


@pytest.mark.parametrize("index_bits", [4, 5, 6, 7, 12, 16])
def test_the_count_is_near(sketch, index_bits):
    sketch.modify(ADD, words(0, 1000), index_bits)
    count = sketch.read(COUNT)
    assert abs(count - 1000) < 3 * 1.04 / 2 ** (index_bits / 2) * 1000
    assert sketch.get()[3:11] == bytes(8)
    assert sketch.modify(REFRESH_COUNT) == count
    assert sketch.get()[3:11] == count.to_bytes(8, "little")
    assert sketch.read(COUNT) == count
    sketch.modify(ADD, words(5000, 6000))
    assert sketch.get()[3:11] == bytes(8)


def test_an_empty_sketch(sketch):
    assert sketch.modify(INIT, 8, 51) is None
    assert sketch.read(DESCRIBE) == [8, 51]
    assert sketch.read(COUNT) == 0
    assert sketch.modify(REFRESH_COUNT) == 0
    assert sketch.read(MAY_CONTAIN, ["a"]) == 0


def test_what_it_may_contain(sketch):
    sketch.modify(ADD, words(0, 100), 12, 20)
    assert sketch.read(MAY_CONTAIN, words(0, 100)) == 1
    assert sketch.read(MAY_CONTAIN, ["word 0", "another"]) == 0


@pytest.mark.parametrize("values", [[1, 2.5, True, None, "é", b"\0"], ["x" * 1000]])
def test_values_of_every_type(sketch, values):
    assert sketch.modify(ADD, values, 14) == len(values)
    assert sketch.read(MAY_CONTAIN, values) == 1


def test_init_clears_and_keeps_bits_that_are_not_given(sketch):
    sketch.modify(ADD, words(0, 10), 10, 4)
    sketch.modify(INIT, UNSET, UNSET)
    assert (sketch.read(DESCRIBE), sketch.read(COUNT)) == ([10, 4], 0)
    sketch.modify(INIT, 12, 0)
    assert sketch.read(DESCRIBE) == [12, 0]
    sketch.modify(INIT, 16)
    assert refusal(sketch.modify, INIT, UNSET, 51) == NOT_APPLICABLE  # 16 + 51 > 64


def test_fold(sketch):
    sketch.modify(ADD, words(0, 500), 10)
    sketch.modify(FOLD, 6)
    assert sketch.read(DESCRIBE) == [6, 0]
    folded = sketch.get()
    sketch.modify(INIT, 6)
    sketch.modify(ADD, words(0, 500))
    assert sketch.get() == folded
    assert refusal(sketch.modify, FOLD, 7) == NOT_APPLICABLE
    assert refusal(sketch.modify, FOLD, 3) == PARAMETER
    sketch.modify(INIT, 6, 4)
    assert refusal(sketch.modify, FOLD, 4) == NOT_APPLICABLE


@pytest.mark.parametrize("minhash_bits", [0, 20])
def test_union(sketch, made, minhash_bits):
    first, second = made(words(0, 300), 10, minhash_bits), made(words(200, 500), 10, minhash_bits)
    both = made(words(0, 500), 10, minhash_bits)
    sketch.modify(ADD, words(0, 300), 10, minhash_bits)
    assert as_argument(sketch.read(GET_UNION, [second])) == both
    count = sketch.read(UNION_COUNT, [first, second])
    assert abs(count - 500) < 50
    sketch.modify(UNION, [second, first])
    assert as_argument(sketch.get()) == both
    sketch.put(0, b"")
    sketch.modify(UNION, [first, second])
    assert as_argument(sketch.get()) == both
    assert sketch.read(COUNT) == count


def test_union_of_other_bits(sketch, made):
    few, many = made(words(0, 300), 6), made(words(200, 500), 10)
    with_minhash = made(words(0, 100), 10, 8)
    sketch.modify(INIT, 8)
    assert refusal(sketch.modify, UNION, [few]) == NOT_APPLICABLE
    sketch.modify(UNION, [many])
    assert sketch.read(DESCRIBE) == [8, 0]
    sketch.modify(UNION, [few, many], ALLOW_FOLD)
    assert sketch.read(DESCRIBE) == [6, 0]
    assert as_argument(sketch.get()) == made(words(0, 500), 6)
    sketch.modify(INIT, 10, 4)
    assert refusal(sketch.modify, UNION, [with_minhash]) == NOT_APPLICABLE
    assert refusal(sketch.modify, UNION, [with_minhash], NO_FAIL) == NOT_APPLICABLE
    assert sketch.read(DESCRIBE) == [10, 4]
    sketch.modify(UNION, [with_minhash], ALLOW_FOLD)
    assert sketch.read(DESCRIBE) == [10, 0]


@pytest.mark.parametrize("minhash_bits", [0, 16])
def test_intersection(sketch, made, minhash_bits):
    sketch.modify(ADD, words(0, 3000), 12, minhash_bits)
    other, third = made(words(1000, 4000), 12, minhash_bits), made(words(2000, 5000), 12, minhash_bits)
    assert abs(sketch.read(INTERSECT_COUNT, [other]) - 2000) < 200
    assert abs(sketch.read(SIMILARITY, [other]) - 0.5) < 0.05
    assert abs(sketch.read(INTERSECT_COUNT, [other, third]) - 1000) < 200
    assert abs(sketch.read(SIMILARITY, [other, third]) - 0.2) < 0.05
    nothing = made(words(9000, 12000), 12, minhash_bits)
    assert sketch.read(SIMILARITY, [nothing]) < 0.05
    by_accident = 0 if minhash_bits == 0 else 1e-5  # of equal registers some are taken for accidents
    assert -by_accident - 1e-9 < sketch.read(SIMILARITY, [as_argument(sketch.get())]) - 1 < 1e-9


def test_intersection_of_many_needs_minhash(sketch, made):
    sketch.modify(ADD, words(0, 100), 10)
    others = [made(words(0, 100), 10, 4)] * 3
    assert refusal(sketch.read, INTERSECT_COUNT, others) == PARAMETER
    assert refusal(sketch.read, SIMILARITY, others) == PARAMETER
    assert sketch.read(INTERSECT_COUNT, others[:2]) > 90


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ((99,), PARAMETER),
        ((COUNT,), PARAMETER),
        ((ADD, []), PARAMETER),
        ((ADD, "a"), PARAMETER),
        ((ADD, ["a"], 3), PARAMETER),
        ((ADD, ["a"], 17), PARAMETER),
        ((ADD, ["a"], 8, 3), PARAMETER),
        ((ADD, ["a"], 8, 52), PARAMETER),
        ((ADD, ["a"], 16, 49), PARAMETER),
        ((ADD, ["a"], 8, 4, UPDATE_ONLY), PARAMETER),
        ((ADD, ["a"], 8, 4, ALLOW_FOLD), PARAMETER),
        ((ADD, ["a"], 8, 4, CREATE_ONLY), BIN_EXISTS),
        ((INIT, 8, 4, ALLOW_FOLD), PARAMETER),
        ((INIT, 8, 4, CREATE_ONLY), BIN_EXISTS),
        ((UNION, []), PARAMETER),
        ((UNION, [b"\0\x08\0" + bytes(200), "a"]), PARAMETER),
        ((UNION, [b"\0\x08\0" + bytes(100)]), PARAMETER),
        ((ADD, [[1]]), PARAMETER),
        ((ADD, [{"a": 1}]), PARAMETER),
        ((UNION, [as_argument(bytes(11))]), PARAMETER),
        ((FOLD,), PARAMETER),
    ],
)
def test_a_modify_is_refused(sketch, payload, code):
    sketch.modify(ADD, ["b"], 8)
    before = sketch.get()
    assert refusal(sketch.modify, *payload) == code
    assert sketch.get() == before


def test_without_the_bin(sketch):
    assert sketch.read(COUNT) is None
    assert sketch.read(DESCRIBE) is None
    assert refusal(sketch.modify, REFRESH_COUNT) == BIN_NOT_FOUND
    assert refusal(sketch.modify, FOLD, 4) == BIN_NOT_FOUND
    assert refusal(sketch.modify, ADD, ["a"]) == NOT_APPLICABLE
    assert refusal(sketch.modify, INIT, UNSET, 4) == NOT_APPLICABLE
    assert refusal(sketch.modify, INIT, 8, 4, UPDATE_ONLY) == BIN_NOT_FOUND
    sketch.modify(INIT, 8, 4, UPDATE_ONLY | NO_FAIL)
    assert sketch.get() is None
    sketch.modify(INIT, 8, 4, CREATE_ONLY)
    assert sketch.read(DESCRIBE) == [8, 4]


@pytest.mark.parametrize(("particle", "value"), [(INTEGER, bytes(8)), (BLOB, b"\0\x04\0" + bytes(20))])
def test_another_type_is_refused(sketch, particle, value):
    sketch.put(particle, value)
    assert refusal(sketch.modify, ADD, [], 3) == INCOMPATIBLE  # before anything else is looked at
    assert refusal(sketch.modify, REFRESH_COUNT) == INCOMPATIBLE
    assert refusal(sketch.read, COUNT) == INCOMPATIBLE
