# SPDX-License-Identifier: Apache-2.0
"""Commands on one record: results, edges and misuse."""

import pytest

import aerospike
from aerospike import exception
from aerospike_helpers.operations import list_operations, operations

POINT = aerospike.GeoJSON({"type": "Point", "coordinates": [10, 60]})


def test_put_returns_zero_and_get_returns_key_meta_bins(client, key):
    assert client.put(key, {"a": 1, "s": "abc"}) == 0
    (namespace, set_name, pk, digest), meta, bins = client.get(key)
    assert (namespace, set_name, pk) == (key[0], key[1], None)
    assert isinstance(digest, bytearray)
    assert len(digest) == 20
    assert meta["gen"] == 1
    assert bins == {"a": 1, "s": "abc"}


def test_get_shows_the_primary_key_where_it_was_sent(client, record):
    assert client.get(record, {"key": aerospike.POLICY_KEY_SEND})[0][2] == record[2]


def test_the_key_of_a_result_can_be_used_again(client, record):
    again = client.get(record)[0]
    assert again[2] is None
    assert client.get(again)[2] == client.get(record)[2]


def test_put_merges_bins_and_none_removes_one(client, record):
    client.put(record, {"a": None, "n": 2})
    assert client.get(record)[2] == {"s": "abc", "l": [1, 2], "n": 2}


def test_arguments_by_name(client, key):
    assert client.put(key=key, bins={"a": 1}, meta={"ttl": 0}, policy={"total_timeout": 5000}) == 0
    assert client.get(key=key, policy=None)[2] == {"a": 1}


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (
            lambda c, k: c.put(k),
            "put() missing required argument 'bins' (pos 2): put(key, bins[, meta[, policy[, serializer]]])",
        ),
        (lambda c, k: c.get(k, {}, {}), "get() takes at most 2 arguments (3 given): get(key[, policy])"),
        (lambda c, k: c.get(k, {}, key=k), "get() takes at most 2 arguments (3 given): get(key[, policy])"),
        (lambda c, k: c.get_nodes(k), "get_nodes() takes at most 0 arguments (1 given): get_nodes()"),
        (lambda c, k: c.get(a=1, b=2, c=3), "get() takes at most 2 keyword arguments (3 given): get(key[, policy])"),
        (lambda c, k: c.get(k, key=k), "argument for get() given by name ('key') and position (1): get(key[, policy])"),
        (lambda c, k: c.get(k, polici={}), "'polici' is an invalid keyword argument for get(): get(key[, policy])"),
    ],
)
@pytest.mark.sync_only("coroutine functions have parameters of Python's")
def test_wrong_arguments_are_told_as_by_cpython_with_the_signature(client, key, call, text):
    with pytest.raises(TypeError) as caught:
        call(client, key)
    assert str(caught.value) == text


@pytest.mark.parametrize(
    "call",
    [
        lambda c, k: c.get(k),
        lambda c, k: c.select(k, ["a"]),
        lambda c, k: c.remove(k),
        lambda c, k: c.touch(k),
        lambda c, k: c.put(k, {"a": 1}, {}, {"exists": aerospike.POLICY_EXISTS_UPDATE}),
        lambda c, k: c.put(k, {"a": 1}, {}, {"exists": aerospike.POLICY_EXISTS_REPLACE}),
    ],
)
def test_missing_record(client, key, call):
    with pytest.raises(exception.RecordNotFound) as caught:
        call(client, key)
    assert caught.value.code == 2
    assert caught.value.key == key


def test_exists(client, key):
    found, meta = client.exists(key)
    assert (found[2], meta) == (key[2], None)
    client.put(key, {"a": 1})
    assert client.exists(key)[1]["gen"] == 1


def test_select(client, record):
    assert client.select(record, ["a", "none"])[2] == {"a": 1}
    assert client.select(record, ("s", "a"))[2] == {"a": 1, "s": "abc"}


@pytest.mark.parametrize(
    ("bins", "error"),
    [
        ([], exception.InvalidRequest),
        ("a", exception.ParamError),
        (None, exception.ParamError),
        ([1], exception.ParamError),
    ],
)
def test_select_refuses(client, record, bins, error):
    with pytest.raises(error) as caught:
        client.select(record, bins)
    assert type(caught.value) is error


@pytest.mark.parametrize("bins", [[], None, 5, "a", [("a", 1)]])
def test_put_refuses_bins_that_are_no_dict(client, key, bins):
    with pytest.raises(exception.ParamError, match="bins"):
        client.put(key, bins)


def test_put_of_no_bins(client, key):
    with pytest.raises(exception.InvalidRequest) as caught:
        client.put(key, {})
    assert caught.value.code == 4


def test_remove(client, record):
    assert client.remove(record) == 0
    assert client.exists(record)[1] is None


def test_remove_compares_the_generation(client, record):
    with pytest.raises(exception.RecordGenerationError) as caught:
        client.remove(record, {"gen": 7}, {"gen": aerospike.POLICY_GEN_EQ})
    assert caught.value.code == 3
    assert client.remove(record, {"gen": 1}, {"gen": aerospike.POLICY_GEN_EQ}) == 0


def test_remove_takes_the_generation_from_its_policy(client, record):
    with pytest.raises(exception.RecordGenerationError):
        client.remove(record, None, {"gen": aerospike.POLICY_GEN_EQ, "generation": 7})


def test_remove_bin(client, record):
    assert client.remove_bin(record, ["a", "none"]) == 0
    assert client.get(record)[2] == {"s": "abc", "l": [1, 2]}
    client.remove_bin(record, ["s", "l"])
    assert client.exists(record)[1] is None


def test_remove_bin_refuses_an_empty_list(client, record):
    with pytest.raises(exception.InvalidRequest):
        client.remove_bin(record, [])


def test_append_and_prepend(client, record):
    assert client.append(record, "s", "d") == 0
    assert client.prepend(record, "s", "0") == 0
    assert client.get(record)[2]["s"] == "0abcd"


def test_append_makes_bytes_and_text(client, key):
    client.append(key, "t", "text")
    client.append(key, "b", b"\x00\x01")
    client.append(key, "b", bytearray(b"\x02"))
    client.prepend(key, "b", b"\xff")
    assert client.get(key)[2] == {"t": "text", "b": b"\xff\x00\x01\x02"}


def test_append_of_text_with_nul_is_whole(client, record):
    client.append(record, "s", "x\0y")
    client.prepend(record, "s", "\0")
    assert client.get(record)[2]["s"] == "\0abcx\0y"


@pytest.mark.parametrize("value", [5, None, [1], 1.5])
def test_append_refuses_other_types(client, record, value):
    with pytest.raises(exception.ParamError, match="val"):
        client.append(record, "s", value)
    assert client.get(record)[2]["s"] == "abc"


@pytest.mark.parametrize("method", ["append", "prepend"])
def test_append_to_a_number(client, record, method):
    with pytest.raises(exception.BinIncompatibleType) as caught:
        getattr(client, method)(record, "a", "x")
    assert (caught.value.code, caught.value.key, caught.value.bin) == (12, record, "a")


def test_increment(client, record):
    assert client.increment(record, "a", 5) == 0
    client.increment(record, "a", -2)
    client.increment(record, "new", 7)
    client.increment(record, "f", 1.5)
    bins = client.get(record)[2]
    assert (bins["a"], bins["new"], bins["f"]) == (4, 7, 1.5)


def test_increment_wraps(client, key):
    client.put(key, {"a": aerospike.INT_MAX})
    client.increment(key, "a", 1)
    assert client.get(key)[2]["a"] == aerospike.INT_MIN


@pytest.mark.parametrize("offset", ["1", None, 2**63, [1]])
def test_increment_refuses(client, record, offset):
    with pytest.raises(exception.ParamError, match="offset"):
        client.increment(record, "a", offset)


def test_increment_of_text(client, record):
    with pytest.raises(exception.BinIncompatibleType):
        client.increment(record, "s", 1)


@pytest.mark.parametrize("name", ["a" * 16, "é" * 8])
def test_bin_names_have_15_bytes(client, key, name):
    with pytest.raises(exception.BinNameError) as caught:
        client.put(key, {name: 1})
    assert caught.value.code == 21
    with pytest.raises(exception.BinNameError):
        client.increment(key, name, 1)
    assert client.put(key, {name[:15] if name[0] == "a" else "é" * 7: 1}) == 0


@pytest.mark.parametrize("name", [1, b"a", None])
def test_bin_names_are_text(client, key, name):
    with pytest.raises(exception.ClientError) as caught:
        client.put(key, {name: 1})
    assert caught.value.code == -1


def test_meta_ttl(client, key):
    client.put(key, {"a": 1}, {"ttl": 1000})
    assert 990 <= client.get(key)[1]["ttl"] <= 1000
    client.put(key, {"a": 1}, {"ttl": aerospike.TTL_NEVER_EXPIRE})
    assert client.get(key)[1]["ttl"] == 0xFFFFFFFF
    client.put(key, {"a": 1}, {"ttl": -1})
    assert client.get(key)[1]["ttl"] == 0xFFFFFFFF


def test_ttl_of_the_policy_where_meta_has_none(client, key):
    client.put(key, {"a": 1}, {}, {"ttl": 500})
    assert 490 <= client.get(key)[1]["ttl"] <= 500
    client.put(key, {"a": 1}, {"ttl": 900}, {"ttl": 500})
    assert 890 <= client.get(key)[1]["ttl"] <= 900


def test_ttl_stays_where_it_is_not_to_change(client, key):
    client.put(key, {"a": 1}, {"ttl": 1000})
    client.put(key, {"a": 2}, {"ttl": aerospike.TTL_DONT_UPDATE})
    assert 980 <= client.get(key)[1]["ttl"] <= 1000


TTL_OF_A_POLICY = r"ttl.* must be seconds, TTL_NAMESPACE_DEFAULT, TTL_NEVER_EXPIRE or TTL_DONT_UPDATE, not"


@pytest.mark.parametrize("ttl", [-3, aerospike.TTL_CLIENT_DEFAULT])
@pytest.mark.parametrize("kind", ["write", "operate", "apply", "scan", "batch_write", "batch_apply"])
def test_a_policys_ttl_does_not_stand_for_itself(kind, ttl):
    with pytest.raises(exception.InvalidRequest, match=TTL_OF_A_POLICY):
        aerospike.client({"hosts": [("127.0.0.1", 1)], "policies": {kind: {"ttl": ttl}}})


def test_the_ttl_of_a_calls_policy_does_not_stand_for_itself(client, key):
    with pytest.raises(exception.InvalidRequest, match=TTL_OF_A_POLICY):
        client.put(key, {"a": 1}, {}, {"ttl": aerospike.TTL_CLIENT_DEFAULT})
    assert client.exists(key)[1] is None


def test_touch(client, record):
    assert client.touch(record, 700) == 0
    meta = client.get(record)[1]
    assert meta["gen"] == 2
    assert 690 <= meta["ttl"] <= 700


@pytest.mark.parametrize(
    ("meta", "error"),
    [
        ({"ttl": -4}, exception.InvalidRequest),
        ({"ttl": 2**32 + 77}, exception.ParamError),
        ({"ttl": "soon"}, exception.ParamError),
        ({"ttl": 1.5}, exception.ParamError),
        ({"gen": -1}, exception.ParamError),
        ({"gen": 65536}, exception.ParamError),
        ({"gen": "x"}, exception.ParamError),
        ([], exception.ParamError),
        (5, exception.ParamError),
    ],
)
def test_bad_meta_changes_nothing(client, record, meta, error):
    before = client.get(record)[1]["gen"]
    with pytest.raises(error) as caught:
        client.put(record, {"a": 2}, meta)
    assert type(caught.value) is error
    assert "meta" in caught.value.msg
    assert client.get(record)[1]["gen"] == before


def test_misspelt_meta_key(client, connect, key):
    with pytest.warns(UserWarning, match="meta has no key 'tll'; did you mean 'ttl'"):
        client.put(key, {"a": 1}, {"tll": 5})
    with pytest.raises(exception.ParamError, match="meta has no key 'tll'"):
        connect().put(key, {"a": 1}, {"tll": 5})


def test_exists_policies(client, record):
    for exists, error in [
        (aerospike.POLICY_EXISTS_CREATE, exception.RecordExistsError),
        (aerospike.POLICY_EXISTS_IGNORE, None),
        (aerospike.POLICY_EXISTS_UPDATE, None),
    ]:
        if error is None:
            client.put(record, {"x": 1}, {}, {"exists": exists})
        else:
            with pytest.raises(error):
                client.put(record, {"x": 1}, {}, {"exists": exists})
    client.put(record, {"only": 1}, {}, {"exists": aerospike.POLICY_EXISTS_CREATE_OR_REPLACE})
    assert client.get(record)[2] == {"only": 1}
    client.put(record, {"other": 1}, {}, {"exists": aerospike.POLICY_EXISTS_REPLACE})
    assert client.get(record)[2] == {"other": 1}


def test_generation_policies(client, record):
    client.put(record, {"a": 2}, {"gen": 1}, {"gen": aerospike.POLICY_GEN_EQ})
    with pytest.raises(exception.RecordGenerationError):
        client.put(record, {"a": 3}, {"gen": 1}, {"gen": aerospike.POLICY_GEN_EQ})
    client.put(record, {"a": 3}, {"gen": 5}, {"gen": aerospike.POLICY_GEN_GT})
    with pytest.raises(exception.RecordGenerationError):
        client.put(record, {"a": 4}, {"gen": 1}, {"gen": aerospike.POLICY_GEN_GT})
    assert client.get(record)[2]["a"] == 3


def test_unknown_namespace(client):
    with pytest.raises(exception.NamespaceNotFound) as caught:
        client.get(("nosuch", "demo", 1))
    assert caught.value.code == 20


def test_a_command_error_pickles_and_tells_its_place(client, key):
    import pickle

    with pytest.raises(exception.RecordNotFound) as caught:
        client.get(key)
    error = caught.value
    assert error.args == (error.code, error.msg, error.file, error.line, error.in_doubt)
    assert error.line > 0
    assert pickle.loads(pickle.dumps(error)).key == key
    assert getattr(exception.RecordNotFound, "key", None) is None


def test_record_too_big(client, key):
    with pytest.raises(exception.RecordTooBig) as caught:
        client.put(key, {"b": b"x" * (9 << 20)})
    assert caught.value.code == 13


def test_a_bin_name_that_is_no_str(client, record):
    for call, error in [
        (lambda: client.put(record, {5: 1}), exception.ClientError),
        (lambda: client.remove_bin(record, [5]), exception.ClientError),
        (lambda: client.append(record, 5, "x"), exception.ParamError),
        (lambda: client.prepend(record, b"a", "x"), exception.ParamError),
        (lambda: client.increment(record, None, 1), exception.ParamError),
    ]:
        with pytest.raises(error, match="str") as caught:
            call()
        assert type(caught.value) is error


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda client, key: client.put(key, {"b" * 16: 1}), {"b" * 16: 1}),
        (lambda client, key: client.put(key, {"a": 1}, {}, {"exists": aerospike.POLICY_EXISTS_CREATE}), {"a": 1}),
        (lambda client, key: client.increment(key, "b" * 16, 1), "b" * 16),
        (lambda client, key: client.increment(key, "s", 1), "s"),
        (lambda client, key: client.select(key, ["b" * 16]), None),
        (lambda client, key: client.operate(key, [operations.read("b" * 16)]), None),
        (lambda client, key: client.operate_ordered(key, [operations.increment("s", 1)]), "s"),
        (lambda client, key: client.remove_bin(key, ["b" * 16]), None),
    ],
)
def test_record_errors_tell_key_and_bin(client, record, call, told):
    with pytest.raises(exception.RecordError) as caught:
        call(client, record)
    assert (caught.value.key, caught.value.bin, caught.value.subcode) == (record, told, 0)


def test_more_bins_than_most_records_have(client, key):
    bins = {f"b{n}": bytearray(f"value {n}", "ascii") for n in range(200)}
    client.put(key, bins)
    assert client.get(key)[2] == bins
    assert client.select(key, list(bins)[50:150])[2] == dict(list(bins.items())[50:150])
    client.remove_bin(key, list(bins)[1:])
    assert client.get(key)[2] == {"b0": b"value 0"}


def test_values_of_every_type_in_operations(client, key):
    values = [None, True, 5, 1.5, "x", "a\0b", b"x", bytearray(b"y"), [1, [2]], {"a": {1: 2}}, POINT]
    client.operate(key, [list_operations.list_append("l", value) for value in values])
    assert client.get(key)[2]["l"] == values
    for value in values:
        (_, _, [(_, count)]) = client.operate_ordered(
            key, [list_operations.list_get_by_value("l", value, aerospike.LIST_RETURN_COUNT)]
        )
        assert count == 1
