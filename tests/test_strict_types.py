# SPDX-License-Identifier: Apache-2.0
"""What is refused before anything is sent, and what the configuration's ``strict_types=False`` leaves to the server."""

import pytest

import aerospike
from aerospike import exception
from aerospike_helpers.operations import list_operations as lists
from aerospike_helpers.operations import operations as op

LONG = "x" * 16
LOOP = []
LOOP.append(LOOP)
CHANGES = {"append": op.append, "prepend": op.prepend, "increment": op.increment}
OTHERS = {"append": [5, 1.5, [1], {"a": 1}, True, None], "increment": ["x", b"x", [1], {"a": 1}, None]}
OTHERS["prepend"] = OTHERS["append"]
MISFITS = [(name, value) for name, values in OTHERS.items() for value in values]


@pytest.fixture
def lax(connect):
    return connect(strict_types=False)


@pytest.mark.parametrize(("name", "value"), MISFITS)
def test_another_type_than_the_change_needs(client, lax, record, name, value):
    for bin_name in ("a", "s", "l"):
        for call in (
            lambda of, bin_name=bin_name: getattr(of, name)(record, bin_name, value),
            lambda of, bin_name=bin_name: of.operate(record, [CHANGES[name](bin_name, value)]),
        ):
            with pytest.raises(exception.ParamError, match=r"(val|offset) must be"):
                call(client)
            with pytest.raises(exception.InvalidRequest if value is None else exception.BinIncompatibleType):
                call(lax)
    assert client.get(record)[2] == {"a": 1, "s": "abc", "l": [1, 2]}


@pytest.mark.parametrize(("name", "value"), [misfit for misfit in MISFITS if misfit[1] is not None])
def test_another_type_is_stored_in_a_bin_that_is_not_there(lax, record, name, value):
    getattr(lax, name)(record, "absent", value)
    assert lax.get(record)[2]["absent"] == value
    lax.operate(record, [CHANGES[name]("absent2", value)])
    assert lax.get(record)[2]["absent2"] == value


@pytest.mark.parametrize("name", CHANGES)
def test_what_nobody_can_send_is_refused(lax, record, name):
    for value, error in (((1,), exception.ClientError), (2**63, exception.ParamError), (LOOP, exception.ParamError)):
        for call in (
            lambda value=value: getattr(lax, name)(record, "a", value),
            lambda value=value: lax.operate(record, [CHANGES[name]("a", value)]),
        ):
            with pytest.raises(error, match=r"val|offset"):
                call()


@pytest.mark.parametrize("name", CHANGES)
def test_null_is_sent(client, record, name):
    with pytest.raises(exception.InvalidRequest):
        getattr(client, name)(record, "s", aerospike.null())
    with pytest.raises(exception.InvalidRequest):
        client.operate(record, [CHANGES[name]("s", aerospike.null())])


def test_operations_that_are_left_out(client, lax, record):
    nobody_knows = [{"op": number, "bin": "a"} for number in (9999, -1, 10**30)]
    too_long = [op.read(LONG), op.write(bytearray(LONG.encode()), 1), lists.list_append("é" * 8, 1)]
    for wrong in nobody_knows + too_long:
        assert lax.operate(record, [wrong, op.read("a"), wrong])[2] == {"a": 1}
        with pytest.raises(exception.ParamError, match="at least one operation that is known"):
            lax.operate(record, [wrong])
        with pytest.raises((exception.ParamError, exception.BinNameError), match="operation 0"):
            client.operate(record, [wrong, op.read("a")])
    assert client.get(record)[2] == {"a": 1, "s": "abc", "l": [1, 2]}


@pytest.mark.parametrize(
    "wrong", [5, {}, {"op": "read", "bin": "a"}, {"op": aerospike.OPERATOR_READ, "bin": 5}, op.read("a\0b")]
)
def test_other_mistakes_in_operations_remain_mistakes(lax, record, wrong):
    with pytest.raises(exception.ParamError, match="operation 1"):
        lax.operate(record, [op.read("a"), wrong])


def test_names_that_select_leaves_out(client, lax, record):
    assert lax.select(record, [LONG, "a"])[2] == {"a": 1}
    with pytest.raises(exception.InvalidRequest, match="at least one bin"):
        lax.select(record, [LONG])
    with pytest.raises(exception.BinNameError):
        client.select(record, [LONG, "a"])
    with pytest.raises(exception.BinNameError):
        lax.increment(record, LONG, 1)


def test_names_as_bytearrays(client, record):
    assert client.increment(record, bytearray(b"a"), 2) == 0
    assert client.append(record, bytearray(b"s"), "d") == 0
    assert client.prepend(record, bytearray("é".encode()), "x") == 0
    ops = [op.read(bytearray(b"a")), lists.list_size(bytearray(b"l")), op.read(bytearray(b"s"))]
    assert client.operate_ordered(record, ops)[2] == [("a", 3), ("l", 2), ("s", "abcd")]
    assert client.get(record)[2]["é"] == "x"


@pytest.mark.parametrize(
    ("name", "error", "text"),
    [
        (b"a", exception.ParamError, "bin must be a str, not bytes"),
        (None, exception.ParamError, "bin must be a str"),
        (bytearray(b"a\0b"), exception.ParamError, "NUL"),
        (bytearray(b"\xff"), exception.ParamError, "not UTF-8"),
        (bytearray(LONG.encode()), exception.BinNameError, "15"),
    ],
)
def test_names_that_are_refused(client, record, name, error, text):
    for call in (
        lambda: client.increment(record, name, 1),
        lambda: client.append(record, name, "x"),
        lambda: client.operate(record, [op.read(name)]),
    ):
        with pytest.raises(error, match=text):
            call()


def test_bytearrays_are_no_names_for_select_and_remove_bin(client, record):
    with pytest.raises(exception.ParamError, match="bins: a bin name must be a str"):
        client.select(record, [bytearray(b"a")])
    with pytest.raises(exception.ClientError, match="list: a bin name must be a str") as caught:
        client.remove_bin(record, [bytearray(b"a")])
    assert caught.value.code == -1


def test_codes_of_wrong_arguments(client, record):
    """Where the vendor's client has ClientError, and not ParamError, and the other way round."""
    tuple_there = r"operation 0 \(write on bin 'a'\): val\[0\]\['b'\] is of type tuple"
    with pytest.raises(exception.ClientError, match=tuple_there):
        client.operate(record, [op.write("a", [{"b": (1,)}])])
    for call, code in (
        (lambda: client.remove_bin(record, ["a"], policy=5), -1),
        (lambda: client.remove_bin(record, ["a"], policy={"total_timeout": "1"}), -1),
        (lambda: client.remove_bin(record, ("a",)), -2),
        (lambda: client.operate(record, [op.write("a", (1,))]), -1),
        (lambda: client.operate(record, [op.write("a", [{"b": (1,)}])]), -1),
        (lambda: client.operate(record, [lists.list_append("l", (1,))]), -1),
        (lambda: client.put(record, {"a": (1,)}), -2),
    ):
        with pytest.raises(exception.ClientError) as caught:
            call()
        assert caught.value.code == code
    assert client.get(record)[2] == {"a": 1, "s": "abc", "l": [1, 2]}


def test_meta_of_remove(client, connect, record):
    for of in (client, connect()):
        for meta, text in ((5, "meta must be a dict, not int: it is ignored"), ({"nonsense": 1}, "nonsense")):
            of.put(record, {"a": 1})
            with pytest.warns(UserWarning, match=text):
                assert of.remove(record, meta) == 0
    client.put(record, {"a": 1})
    with pytest.raises(exception.ParamError, match="meta key 'gen'"):
        client.remove(record, {"gen": "x"})
    with pytest.raises(exception.RecordGenerationError):
        client.remove(record, {"gen": 5}, {"gen": aerospike.POLICY_GEN_EQ})
