# SPDX-License-Identifier: Apache-2.0
"""Keys: every kind of primary key, digests, partitions, and what is refused."""

import collections
import random

import pytest

import aerospike
from aerospike import exception
from aerospike_helpers.operations import operations


@pytest.mark.parametrize(
    "pk",
    [
        "",
        "text",
        "é",
        "a\0b",
        0,
        -1,
        2**63 - 1,
        -(2**63),
        True,
        b"bytes",
        b"",
        b"\0",
        bytearray(b"array"),
        "x" * 100_000,
    ],
)
def test_every_kind_of_primary_key(client, make_key, pk):
    key = make_key(pk)
    client.put(key, {"a": 1}, {}, {"key": aerospike.POLICY_KEY_SEND})
    (found, _meta, bins) = client.get(key, {"key": aerospike.POLICY_KEY_SEND})
    assert found[2] == pk
    assert bins == {"a": 1}


@pytest.mark.parametrize("pk", ["text", "é", "", "a\0b"])
def test_bytes_are_the_key_of_their_text(client, make_key, pk):
    """As in the vendor's client, and that of 2015; a bytearray is a key of its own."""
    key = make_key(pk)
    client.put((*key[:2], pk.encode()), {"a": 1})
    assert client.get(key)[2] == {"a": 1}
    if pk:
        assert client.exists((*key[:2], bytearray(pk.encode())))[1] is None


@pytest.mark.parametrize("pk", [b"\xff\0\xfe", bytearray(b"\xff\0\xfe"), "text"])
def test_a_key_that_was_read_finds_its_record(client, make_key, pk):
    namespace, set_name, _pk = key = make_key(pk, "keysfound")
    client.put(key, {"a": 1}, {}, {"key": aerospike.POLICY_KEY_SEND})
    for plan in (client.scan, client.query):
        ((found, _meta, _bins),) = plan(namespace, set_name).results()
        assert (type(found[2]), found[2]) == (type(pk), pk)
        assert client.get((namespace, set_name, found[2]))[2] == client.get(found)[2] == {"a": 1}
    client.remove(key)


def test_keys_that_differ_after_a_nul_are_two(client, make_key):
    one, two = make_key("k\0one"), make_key("k\0two")
    client.put(one, {"n": 1})
    client.put(two, {"n": 2})
    assert (client.get(one)[2]["n"], client.get(two)[2]["n"]) == (1, 2)


def test_true_is_one(client, make_key):
    key = make_key(True)
    client.put(key, {"n": 5})
    assert client.get((*key[:2], 1))[2] == {"n": 5}
    assert aerospike.calc_digest("test", "s", True) == aerospike.calc_digest("test", "s", 1)


def test_named_tuples_and_digests(client, record):
    Key = collections.namedtuple("Key", "ns set pk")
    assert client.get(Key(*record))[2]["a"] == 1
    digest = client.get(record)[0][3]
    for form in (digest, bytes(digest)):
        assert client.get((record[0], record[1], None, form))[2]["a"] == 1
    assert client.exists((record[0], record[1], None, digest))[0][2] is None


def test_a_key_may_be_a_dict(client, record):
    as_dict = {"ns": record[0], "set": record[1], "key": record[2]}
    assert client.put(as_dict, {"n": 7}) == 0
    found, _meta, bins = client.select(as_dict, ["n"])
    assert (found[:3], bins) == (record, {"n": 7})
    by_digest = {"ns": record[0], "set": record[1], "digest": found[3]}
    assert client.exists(by_digest)[0] == (*record[:2], None, found[3])
    assert as_dict == {"ns": record[0], "set": record[1], "key": record[2]}
    assert client.remove(as_dict) == 0
    with pytest.raises(exception.RecordNotFound) as caught:
        client.get(as_dict)
    assert caught.value.key[:3] == record


def test_unknown_entries_of_a_key(client, connect, record):
    wrong = {"ns": record[0], "set": record[1], "key": record[2], "kye": 1}
    with pytest.warns(UserWarning, match="key has no key 'kye'; did you mean 'key'"):
        assert client.get(wrong)[2]["a"] == 1
    with pytest.raises(exception.ParamError, match="'kye'"):
        connect().get(wrong)


def test_no_set(client, make_key):
    key = make_key("without-a-set", set_name=None)
    client.put(key, {"a": 1})
    assert client.get(key)[0][1] is None


def test_the_longest_set(client, make_key):
    key = make_key(1, set_name="s" * 63)
    client.put(key, {"a": 1})
    assert client.get(key)[2] == {"a": 1}


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (["test", "demo", 1], "tuple"),
        ("test", "tuple"),
        (None, "tuple"),
        (("test", "demo"), "namespace, set, primary key"),
        (("test", "demo", 1, None, None), "namespace, set, primary key"),
        (("test", "demo", None), "digest"),
        (("test", "demo", None, None), "digest"),
        (("test", "demo", None, b"short"), "20 bytes"),
        (("test", "demo", None, "x" * 20), "20 bytes"),
        (("test", "demo", 1.5), "primary key"),
        (("test", "demo", 2**63), "primary key"),
        (("test", "demo", 10**5000), "primary key"),
        (("test", "demo", [1]), "primary key"),
        (("test", "demo", bytearray()), "primary key"),
        ((5, "demo", 1), "namespace"),
        (("n" * 32, "demo", 1), "namespace"),
        (("a\0b", "demo", 1), "namespace"),
        (("test", 5, 1), "set"),
        (("test", "s" * 64, 1), "the set must be at most 63 bytes"),
        (("test", "a\0b", 1), "set"),
        ({}, "digest"),
        ({"set": "demo", "key": 1}, "namespace"),
        ({"ns": "test", "set": "demo"}, "digest"),
        ({"ns": "test", "set": 5, "key": 1}, "set"),
        ({"ns": "test", "set": "demo", "key": 1.5}, "primary key"),
        ({"ns": "test", "set": "demo", "digest": b"short"}, "20 bytes"),
    ],
)
def test_bad_keys_are_refused_by_every_command(client, key, text):
    for call in (
        lambda: client.get(key),
        lambda: client.exists(key),
        lambda: client.put(key, {"a": 1}),
        lambda: client.remove(key),
        lambda: client.touch(key),
        lambda: client.increment(key, "a", 1),
        lambda: client.select(key, ["a"]),
    ):
        with pytest.raises(exception.ParamError, match=text):
            call()


def test_lone_surrogates_in_keys(client):
    with pytest.raises(exception.ClientError, match="surrogate"):
        client.get(("test", "demo", "\ud800"))
    with pytest.raises(exception.ClientError, match="surrogate"):
        client.get(("test", "\ud800", 1))


@pytest.mark.parametrize("set_name", [None, "", "keys", "s" * 62])
def test_digests_of_many_keys(client, namespace, set_name):
    """They are made several at a time where set and key fit a block of the hash, which has room for 55 bytes."""
    keys = []
    for size in range(70):
        number = (-1) ** size * 2**63 // (size + 2)
        keys += [
            (namespace, set_name, key) for key in ("k" * size, b"b" * (size + 1), bytearray(b"c" * (size + 1)), number)
        ]
    random.Random(3).shuffle(keys)
    for count in (1, 2, 3, 4, 5, len(keys)):
        asked = keys[:count]
        rows = client.batch_operate(asked, [operations.write("a", 1)]).batch_records
        assert [row.record[0][3] for row in rows] == [aerospike.calc_digest(*key) for key in asked]
        assert [row.record[2] for row in client.batch_read(asked, ["a"]).batch_records] == [{"a": 1}] * count
        assert {row.result for row in client.batch_remove(asked).batch_records} == {0}


def test_digest_of_a_key(client):
    known = bytearray(b"@\x01;>\xf0\x8ba\xf2\xd1b\x1a`-nZ\xa9q\x1bn\xf9")
    assert aerospike.calc_digest("test", "demo", "a") == known
    assert client.get_key_digest("test", "demo", "a") == known
    assert aerospike.calc_digest("other", "demo", "a") == known  # the namespace is no part of it
    assert aerospike.calc_digest("test", None, "a") != known


def test_partition_of_a_key(client):
    digest = aerospike.calc_digest("test", "demo", 1)
    partition = client.get_key_partition_id("test", "demo", 1)
    assert partition == 1207
    assert aerospike.get_partition_id(digest) == aerospike.get_partition_id(bytes(digest)) == partition
    assert aerospike.get_partition_id(digest.decode("latin-1")) == partition


@pytest.mark.parametrize(
    ("bad", "error"),
    [(b"short", exception.ParamError), ("é€" * 10, exception.ParamError), (5, TypeError), (None, TypeError)],
)
def test_partition_of_what_is_no_digest(bad, error):
    with pytest.raises(error, match="digest"):
        aerospike.get_partition_id(bad)


@pytest.mark.parametrize("bad", [("test", "demo", 1.5), ("test", "demo", None), (1, "demo", 1), ("test", 5, 1)])
def test_digest_of_what_is_no_key(client, bad):
    for call in (client.get_key_digest, client.get_key_partition_id):
        with pytest.raises(exception.ParamError):
            call(*bad)
    with pytest.raises(TypeError):
        aerospike.calc_digest(*bad)


def test_a_stored_key_comes_back_from_a_scan(client, make_key):
    key = make_key("stored")
    client.put(key, {"a": 1}, {}, {"key": aerospike.POLICY_KEY_SEND})
    assert [found[0][2] for found in client.scan(key[0], key[1]).results() if found[0][2] == "stored"] == ["stored"]
