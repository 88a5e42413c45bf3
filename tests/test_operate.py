# SPDX-License-Identifier: Apache-2.0
"""operate() and operate_ordered(): results, scalar operations, meta and policy, and what is refused."""

import threading

import pytest

import aerospike
from aerospike import exception
from aerospike_helpers import cdt_ctx
from aerospike_helpers.expressions.arithmetic import Add
from aerospike_helpers.expressions.base import IntBin
from aerospike_helpers.operations import bitwise_operations as bits
from aerospike_helpers.operations import expression_operations as expressions
from aerospike_helpers.operations import list_operations as lists
from aerospike_helpers.operations import map_operations as maps
from aerospike_helpers.operations import operations as op


def bins_of(client, key):
    return client.get(key)[2]


# ---- the shape of results ----


def test_result_has_key_meta_and_bins(client, record):
    key, meta, bins = client.operate(record, [op.read("a"), op.read("s")])
    assert key[:3] == record
    assert isinstance(key[3], bytearray)
    assert set(meta) == {"ttl", "gen"}
    assert bins == {"a": 1, "s": "abc"}


def test_several_results_of_one_bin(client, record):
    operations = [op.read("a"), op.increment("a", 1), op.read("a")]
    assert client.operate(record, operations)[2] == {"a": 2}
    assert client.operate_ordered(record, operations)[2] == [("a", 2), ("a", 3)]


def test_writes_alone_have_no_results(client, key):
    assert client.operate(key, [op.write("a", 1)])[2] == {}
    assert client.operate_ordered(key, [op.write("a", 2)])[2] == []


def test_absent_bin_is_left_out(client, record):
    assert client.operate_ordered(record, [op.read("a"), op.read("none")])[2] == [("a", 1)]


def test_empty_name_reads_every_bin(client, record):
    assert client.operate(record, [op.read("")])[2] == {"a": 1, "s": "abc", "l": [1, 2]}


def test_raw_collections_on_request(client, record):
    assert client.operate(record, [op.read("l")], policy={"deserialize": False})[2] == {"l": b"\x92\x01\x02"}


# ---- each operation ----


@pytest.mark.parametrize(
    "value", [1, -(2**63), 2**63 - 1, 1.5, "é\0x", b"\0", True, [1, [2]], {"a": {"b": 1}}, aerospike.GeoJSON({"a": 1})]
)
def test_write(client, key, value):
    if isinstance(value, aerospike.GeoJSON):
        value = aerospike.GeoJSON({"type": "Point", "coordinates": [1.0, 2.0]})
    client.operate(key, [op.write("v", value)])
    got = bins_of(client, key)["v"]
    assert type(got) is type(value)
    assert got == value or got.geo_data == value.geo_data


@pytest.mark.parametrize("nothing", [None, aerospike.null()])
def test_write_of_none_removes_the_bin(client, record, nothing):
    client.operate(record, [op.write("a", nothing)])
    assert "a" not in bins_of(client, record)


@pytest.mark.parametrize(("amount", "after"), [(5, 6), (-3, -2), (True, 2), (2**63 - 1, -(2**63))])
def test_increment(client, record, amount, after):
    assert client.operate(record, [op.increment("a", amount), op.read("a")])[2] == {"a": after}


def test_increment_of_a_float_and_of_nothing(client, record):
    operations = [op.increment("f", 1.5), op.increment("f", 1.5), op.increment("i", 2), op.read("f"), op.read("i")]
    assert client.operate(record, operations)[2] == {"f": 3.0, "i": 2}


@pytest.mark.parametrize(
    ("item", "before", "after"), [("é", "a", "aé"), (b"\0", b"a", b"a\0"), ("", "a", "a"), ("a\0b", "x", "xa\0b")]
)
def test_append_and_prepend(client, key, item, before, after):
    operations = [op.write("v", before), op.append("v", item), op.read("v")]
    assert client.operate(key, operations)[2] == {"v": after}
    operations = [op.write("v", item), op.prepend("v", before), op.read("v")]
    assert client.operate(key, operations)[2] == {"v": after}


def test_append_of_a_bytearray_makes_a_bin(client, record):
    assert client.operate(record, [op.append("b", bytearray(b"ab")), op.read("b")])[2] == {"b": b"ab"}


def test_touch_takes_precedence_over_meta_and_policy(client, record):
    _, meta, _ = client.operate(record, [op.touch(55)], {"ttl": 44}, {"ttl": 33})
    assert 50 <= meta["ttl"] <= 55
    _, meta, _ = client.operate(record, [op.touch()], {"ttl": 44}, {"ttl": 33})
    assert 40 <= meta["ttl"] <= 44
    _, meta, _ = client.operate(record, [op.touch()], None, {"ttl": 33})
    assert 28 <= meta["ttl"] <= 33
    _, meta, _ = client.operate(record, [op.touch(aerospike.TTL_CLIENT_DEFAULT)], {"ttl": 44}, {"ttl": 33})
    assert 28 <= meta["ttl"] <= 33
    _, meta, _ = client.operate(record, [op.touch(aerospike.TTL_NEVER_EXPIRE)])
    assert meta["ttl"] == 0xFFFFFFFF


def test_touch_of_the_namespaces_default_says_nothing(client, record):
    """As in the vendor's client; the operation itself says it."""
    default = op.touch(aerospike.TTL_NAMESPACE_DEFAULT)
    for meta, least, most in (({"ttl": 44}, 40, 44), (None, 28, 33)):
        assert least <= client.operate(record, [default], meta, {"ttl": 33})[1]["ttl"] <= most
    said = {"op": aerospike.OPERATOR_TOUCH, "val": aerospike.TTL_NAMESPACE_DEFAULT}
    assert client.operate(record, [said], {"ttl": 44}, {"ttl": 33})[1]["ttl"] > 44


def test_delete_lets_reads_see_the_record(client, record):
    assert client.operate(record, [op.read("a"), op.delete()])[2] == {"a": 1}
    assert client.exists(record)[1] is None


# ---- meta and policy ----


def test_generation(client, record):
    client.operate(record, [op.increment("a", 1)], {"gen": 1}, {"gen": aerospike.POLICY_GEN_EQ})
    with pytest.raises(exception.RecordGenerationError) as caught:
        client.operate(record, [op.increment("a", 1)], {"gen": 1}, {"gen": aerospike.POLICY_GEN_EQ})
    assert caught.value.key == record


def test_exists_policy(client, record, make_key):
    with pytest.raises(exception.RecordExistsError):
        client.operate(record, [op.write("a", 1)], None, {"exists": aerospike.POLICY_EXISTS_CREATE})
    with pytest.raises(exception.RecordNotFound):
        client.operate(make_key(), [op.write("a", 1)], None, {"exists": aerospike.POLICY_EXISTS_UPDATE})


def test_reads_of_no_record(client, key):
    with pytest.raises(exception.RecordNotFound):
        client.operate(key, [op.read("a")])
    assert client.operate(key, [op.increment("a", 2), op.read("a")])[2] == {"a": 2}


def test_all_or_nothing(client, record):
    with pytest.raises(exception.BinIncompatibleType):
        client.operate(record, [op.increment("a", 1), op.increment("s", 1)])
    assert bins_of(client, record)["a"] == 1


# ---- what is refused, before anything is sent ----

READ = aerospike.OPERATOR_READ
MISUSES = [
    (None, "list must be a list of operations, not NoneType"),
    ((op.read("a"),), "list must be a list of operations, not tuple"),
    ([], "list must hold at least one operation"),
    ([op.read("a")] * 70000, "at most 65535"),
    ([op.read("a"), 5], "operation 1: an operation must be a dict, not int"),
    ([None], "operation 0: an operation must be a dict"),
    ([{"bin": "a"}], "operation 0: 'op' is missing"),
    ([{"op": None, "bin": "a"}], "op must be an int, not NoneType"),
    ([{"op": "read", "bin": "a"}], "op must be an int, not str"),
    ([{"op": 555, "bin": "a"}], "op 555 is no operation"),
    ([{"op": 4, "bin": "a"}], "op 4 is no operation"),
    ([{"op": -1, "bin": "a"}], "op -1 is no operation"),
    ([{"op": 10**30, "bin": "a"}], "op must be from"),
    ([{"op": READ}], r"operation 0 \(read\): 'bin' is missing"),
    ([{"op": READ, "bin": None}], "bin must be a str, not NoneType"),
    ([{"op": READ, "bin": b"a"}], "bin must be a str, not bytes"),
    ([{"op": READ, "bin": "a\0b"}], "must not contain NUL"),
    ([{"op": READ, "bin": "a", "vall": 1}], r"has no key 'vall'"),
    ([{"op": READ, "bin": "a", 5: 1}], r"has no key 5"),
    ([{"op": aerospike.OPERATOR_INCR, "bin": "a", "value_": 1}], "'val' is missing"),
    (
        [op.read("a"), op.increment("a", "1")],
        r"operation 1 \(increment on bin 'a'\): val must be an int or float, not str",
    ),
    ([op.increment("a", 2**63)], "val must be from -9223372036854775808"),
    ([op.increment("a", None)], "val must be an int or float"),
    ([op.append("a", 1)], r"operation 0 \(append on bin 'a'\): val must be a str, bytes or bytearray, not int"),
    ([op.prepend("a", None)], r"operation 0 \(prepend on bin 'a'\): val must be"),
    ([op.write("a", {1.5: 1})], "map key of type float"),
    ([op.touch("1")], r"operation 0 \(touch\): val must be an int"),
    ([op.touch(2**32)], "val must be from -3 to 4294967295"),
]


@pytest.mark.parametrize(("operations", "message"), MISUSES, ids=lambda value: str(value)[:50])
def test_misuse(client, record, operations, message):
    with pytest.raises(exception.ParamError, match=message):
        client.operate(record, operations)
    with pytest.raises(exception.ParamError, match=message):
        client.operate_ordered(record, operations)
    assert client.get(record)[1]["gen"] == 1


def test_a_bin_name_that_is_too_long(client, record):
    with pytest.raises(exception.BinNameError, match=r"operation 0 \(read on bin 'a+'\): .* 16 bytes"):
        client.operate(record, [op.read("a" * 16)])


def test_keys_of_other_operations_are_no_mistake(client, record):
    assert client.operate(record, [{"op": READ, "bin": "a", "val": 1, "ctx": None}])[2] == {"a": 1}


def test_what_a_serializer_does_to_the_dictionary_meanwhile(connect, record):
    def serialize(_value):
        operation.update({f"more{i}": None for i in range(100)}, bin="b")
        return b"x"

    client = connect(serialization=(serialize, bytes))
    operation = {"op": aerospike.OPERATOR_WRITE, "val": (1,), "bin": "a"}
    # each operand is read once, in the order of the table; the new keys are none of an operation's
    with pytest.raises(exception.ParamError, match=r"operation 0 \(write on bin 'a'\): .*'more0'"):
        client.operate(record, [operation])


def test_an_exception_of_a_serializer_comes_out(connect, record):
    class WrongError(Exception):
        pass

    def serialize(_value):
        raise WrongError

    client = connect(serialization=(serialize, lambda raw: raw))
    with pytest.raises(WrongError):
        client.operate(record, [op.write("a", (1,))])


def test_a_list_that_a_serializer_changes(connect, record):
    operations = [op.write("a", (1,)), op.read("a")]
    client = connect(serialization=(lambda _value: operations.clear() or b"x", lambda raw: raw))
    with pytest.raises(RuntimeError):
        client.operate(record, operations)


def shared_operations():
    """Operations with every kind of operand, and what they leave in a record that has ``n`` and ``m``."""
    path = [cdt_ctx.cdt_ctx_map_key_create("x", aerospike.MAP_KEY_ORDERED)]
    total = Add(IntBin("n"), 1).compile()
    operations = [
        op.increment("n", 1),
        op.append("s", "x"),
        op.write("w", [1, {"a": b"b"}]),
        op.touch(1000),
        lists.list_append_items("l", [[1], {"k": "v"}], {"list_order": aerospike.LIST_UNORDERED}),
        lists.list_trim("l", 0, 2),
        maps.map_increment("m", "k", 1, {"map_order": aerospike.MAP_UNORDERED}),
        maps.map_put("m", 5, ["v"], ctx=path),
        bits.bit_resize("b", 2),
        bits.bit_set("b", 0, 8, 1, b"\x0f"),
        expressions.expression_write("e", total),
    ]
    left = {"w": [1, {"a": b"b"}], "l": [[1], {"k": "v"}], "b": b"\x0f\0"}
    return operations, left


def test_operations_are_not_changed_and_work_from_many_threads(client, make_key):
    operations, left = shared_operations()
    before = repr(operations)
    keys = [make_key() for _ in range(8)]

    def work(key):
        client.put(key, {"n": 0})
        for _ in range(50):
            client.operate(key, operations)

    threads = [threading.Thread(target=work, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert repr(operations) == before
    left |= {"n": 50, "s": "x" * 50, "m": {"k": 50, "x": {5: ["v"]}}, "e": 51}
    assert [bins_of(client, key) for key in keys] == [left] * len(keys)
