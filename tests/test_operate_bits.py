# SPDX-License-Identifier: Apache-2.0
"""Operations on bits and HyperLogLogs: each for its result and at its edges."""

import pickle

import pytest

import aerospike
from aerospike import exception
from aerospike_helpers import HyperLogLog
from aerospike_helpers.operations import bitwise_operations as bits
from aerospike_helpers.operations import hll_operations as hll
from aerospike_helpers.operations import operations as op

FAIL, SATURATE, WRAP = aerospike.BIT_OVERFLOW_FAIL, aerospike.BIT_OVERFLOW_SATURATE, aerospike.BIT_OVERFLOW_WRAP
UPDATE = {"bit_write_flags": aerospike.BIT_WRITE_UPDATE_ONLY}
CREATE_NO_FAIL = {"bit_write_flags": aerospike.BIT_WRITE_CREATE_ONLY | aerospike.BIT_WRITE_NO_FAIL}
B = b"\x01\x02\xf0"

WRITES = [
    (bits.bit_resize("b", 4), b"\x01\x02\xf0\x00"),
    (bits.bit_resize("b", 2), b"\x01\x02"),
    (bits.bit_resize("b", 4, None, aerospike.BIT_RESIZE_FROM_FRONT), b"\x00\x01\x02\xf0"),
    (bits.bit_resize("b", 4, CREATE_NO_FAIL), B),
    (bits.bit_insert("b", 1, 2, b"xy"), b"\x01xy\x02\xf0"),
    (bits.bit_insert("b", 5, 1, bytearray(b"x")), b"\x01\x02\xf0\x00\x00x"),
    (bits.bit_remove("b", 1, 1), b"\x01\xf0"),
    (bits.bit_set("b", 0, 4, 1, b"\xff"), b"\xf1\x02\xf0"),
    (bits.bit_set("b", -8, 8, 1, b"\x55"), b"\x01\x02\x55"),
    (bits.bit_or("b", 8, 8, 1, b"\x0c"), b"\x01\x0e\xf0"),
    (bits.bit_xor("b", 0, 8, 1, b"\x03"), b"\x02\x02\xf0"),
    (bits.bit_and("b", 16, 8, 1, b"\x3c"), b"\x01\x02\x30"),
    (bits.bit_not("b", 0, 24, UPDATE), b"\xfe\xfd\x0f"),
    (bits.bit_lshift("b", 0, 24, 4), b"\x10\x2f\x00"),
    (bits.bit_rshift("b", 0, 24, 8), b"\x00\x01\x02"),
    (bits.bit_add("b", 0, 8, 254, False, FAIL), b"\xff\x02\xf0"),
    (bits.bit_add("b", 0, 8, 255, False, WRAP), b"\x00\x02\xf0"),
    (bits.bit_add("b", 0, 8, 255, False, SATURATE), b"\xff\x02\xf0"),
    (bits.bit_add("b", 0, 8, 127, True, SATURATE), b"\x7f\x02\xf0"),
    (bits.bit_subtract("b", 8, 8, 1, False, FAIL), b"\x01\x01\xf0"),
    (bits.bit_subtract("b", 8, 8, 3, True, FAIL), b"\x01\xff\xf0"),
    (bits.bit_set_int("b", 0, 16, -2), b"\xff\xfe\xf0"),
]

READS = [
    (bits.bit_get("b", 0, 8), b"\x01"),
    (bits.bit_get("b", 4, 8), b"\x10"),
    (bits.bit_get("b", -4, 4), b"\x00"),
    (bits.bit_get_int("b", 16, 8, False), 0xF0),
    (bits.bit_get_int("b", 16, 8, True), -16),
    (bits.bit_count("b", 0, 24), 6),
    (bits.bit_lscan("b", 0, 24, True), 7),
    (bits.bit_lscan("b", 0, 7, True), -1),
    (bits.bit_rscan("b", 0, 24, True), 19),
    (bits.bit_rscan("b", 16, 4, False), -1),
]

REFUSED = [
    ("text", bits.bit_not("b", 0, 1), exception.BinIncompatibleType),
    (B, bits.bit_get("b", 24, 1), exception.OpNotApplicable),
    (B, bits.bit_add("b", 0, 8, 255, False, FAIL), exception.OpNotApplicable),
    (B, bits.bit_set("b", 0, 0, 1, b"x"), exception.InvalidRequest),
    (B, bits.bit_get_int("b", 0, 65, False), exception.InvalidRequest),
]


@pytest.mark.parametrize(("operation", "after"), WRITES, ids=str)
def test_bits_written(outcome, operation, after):
    assert outcome(B, operation)[1] == after


@pytest.mark.parametrize(("operation", "result"), READS, ids=str)
def test_bits_read(outcome, operation, result):
    assert outcome(B, operation) == (result, B)


@pytest.mark.parametrize(("before", "operation", "error"), REFUSED, ids=str)
def test_bits_refused(refusal, before, operation, error):
    assert issubclass(refusal(before, operation), error)


@pytest.mark.usefixtures("since_8_2")
def test_base64(outcome):
    assert outcome(B, bits.bit_b64_encode("b"))[0] == "AQLw"
    assert outcome(B, bits.bit_b64_encode("b", 1, 1))[0] == "Ag=="


# ---- HyperLogLog ----


@pytest.fixture
def sketches(client, key):
    """A record with the HyperLogLogs ``h`` of 0 to 99 and ``g`` of 50 to 149, which have a minhash."""
    client.operate(key, [hll.hll_add("h", list(range(100)), 10, 20), hll.hll_add("g", list(range(50, 150)), 10, 20)])
    return key


def result(client, key, operation):
    return client.operate_ordered(key, [operation])[2][0][1]


def test_hll_init_and_describe(client, key):
    client.operate(key, [hll.hll_init("h", 8), hll.hll_init("m", 8, 4)])
    assert result(client, key, hll.hll_describe("h")) == [8, 0]
    assert result(client, key, hll.hll_describe("m")) == [8, 4]
    assert result(client, key, hll.hll_get_count("h")) == 0


def test_hll_add(client, key):
    assert result(client, key, hll.hll_add("h", ["a", "b", 1, b"x", 1.5], 12)) == 5
    assert result(client, key, hll.hll_add("h", ["a", "b", 1])) == 0
    assert result(client, key, hll.hll_get_count("h")) == 5


def test_hll_policy(client, key):
    policy = {"flags": aerospike.HLL_WRITE_CREATE_ONLY}
    client.operate(key, [hll.hll_init("h", 8, policy=policy)])
    with pytest.raises(exception.BinExistsError):
        client.operate(key, [hll.hll_init("h", 8, policy=policy)])
    policy = {"flags": aerospike.HLL_WRITE_CREATE_ONLY | aerospike.HLL_WRITE_NO_FAIL}
    client.operate(key, [hll.hll_init("h", 8, policy=policy)])


def test_hll_counts(client, sketches):
    other = client.operate(sketches, [op.read("g")])[2]["g"]
    assert abs(result(client, sketches, hll.hll_get_count("h")) - 100) < 15
    assert abs(result(client, sketches, hll.hll_refresh_count("h")) - 100) < 15
    assert abs(result(client, sketches, hll.hll_get_union_count("h", [other])) - 150) < 20
    assert abs(result(client, sketches, hll.hll_get_intersect_count("h", [other])) - 50) < 25
    assert 0.1 < result(client, sketches, hll.hll_get_similarity("h", [other])) < 0.6
    assert result(client, sketches, hll.hll_get_similarity("g", [other])) == pytest.approx(
        1, abs=1e-6
    )  # less accidents


def test_hll_unions(client, sketches):
    other = client.operate(sketches, [op.read("g")])[2]["g"]
    union = result(client, sketches, hll.hll_get_union("h", [other]))
    client.operate(sketches, [hll.hll_set_union("h", [other])])
    assert client.operate(sketches, [op.read("h")])[2]["h"] == union
    assert abs(result(client, sketches, hll.hll_get_count("h")) - 150) < 20


def test_hll_is_a_type_of_its_own(client, sketches):
    value = client.get(sketches)[2]["h"]
    assert type(value) is HyperLogLog
    assert value == bytes(value)
    assert repr(value) == f"HyperLogLog({bytes(value)!r})"
    assert type(pickle.loads(pickle.dumps(value))) is HyperLogLog
    client.put(sketches, {"copy": value, "l": [value, {"k": value}]})
    assert abs(result(client, sketches, hll.hll_get_count("copy")) - 100) < 15
    client.operate(sketches, [op.write("copy", value)])
    assert abs(result(client, sketches, hll.hll_get_count("copy")) - 100) < 15
    assert type(client.get(sketches)[2]["l"][1]["k"]) is HyperLogLog


def test_hll_fold(client, key):
    client.operate(key, [hll.hll_init("h", 12), hll.hll_fold("h", 8)])
    assert result(client, key, hll.hll_describe("h")) == [8, 0]
    with pytest.raises(exception.OpNotApplicable):
        client.operate(key, [hll.hll_fold("h", 10)])


def test_hll_refused(refusal):
    assert refusal("text", hll.hll_add("b", [1], 8)) is exception.BinIncompatibleType
    assert refusal(None, hll.hll_add("b", [1], 3)) is exception.InvalidRequest
    assert issubclass(refusal(None, hll.hll_add("b", [], 8)), exception.ServerError)
    plain = hll.hll_get_union("b", [b"plain bytes"])
    assert issubclass(refusal(None, hll.hll_init("b", 8), plain), exception.ServerError)
    assert refusal(None, hll.hll_get_count("b")) is None


@pytest.mark.parametrize("count", [2**63, 2**64 - 1, 2**63 - 1])
def test_a_sketch_whose_count_no_server_made(client, record, count):
    """The count stands within the sketch: whatever it says, there is an answer."""
    client.operate(record, [hll.hll_add("h", ["a", "b"], 8)])
    sketch = client.get(record)[2]["h"]
    made = HyperLogLog(bytes(sketch)[:3] + count.to_bytes(8, "little") + bytes(sketch)[11:])
    for others in ([made], [made, made], [sketch, made]):
        results = client.operate_ordered(
            record, [hll.hll_get_intersect_count("h", others), hll.hll_get_union_count("h", others)]
        )[2]
        assert all(isinstance(number, int) for _bin, number in results)
