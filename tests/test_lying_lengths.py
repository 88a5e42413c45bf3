# SPDX-License-Identifier: Apache-2.0
"""Nodes whose answers have lengths and counts that cannot be: an error, no crash, and the client goes on.

Each answer is made by hand, true first, and then false in one place.
"""

import contextlib
import re
import struct
import sys
import zlib

import pytest
from fix_both import CLIENTS
from fix_nodes import Nodes, Whole
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import aerospike
from aerospike import embedded, exception
from aerospike_helpers.batch.records import BatchRecords, Read, Write
from aerospike_helpers.operations import operations

pytestmark = [
    pytest.mark.embedded_only("the test answers itself"),
    pytest.mark.skipif(sys.platform == "darwin", reason="the linker there cannot put the check before the C client"),
]
KEY = ("test", "demo", 1)
INTEGER, DOUBLE, STRING, BLOB, BOOL, GEOJSON, LIST = 1, 2, 3, 4, 17, 23, 20
NAMESPACE, SET, USER_KEY, DIGEST, BVAL, DETAILS = 0, 1, 2, 4, 15, 45
LAST, PARTITION_DONE = 1, 4
OK, NOT_FOUND, NO_RESPONSE = 0, 2, -15


def field(kind, data, size=None):
    return struct.pack(">IB", len(data) + 1 if size is None else size, kind) + data


def op(particle, data, name=b"SUCCESS", size=None, name_size=None):
    head = struct.pack(">BBBB", 1, particle, 0, len(name) if name_size is None else name_size)
    return struct.pack(">I", 4 + len(name) + len(data) if size is None else size) + head + name + data


def message(ops=(), fields=(), result=OK, info3=0, index=0, n_ops=None, n_fields=None):
    counts = (len(fields) if n_fields is None else n_fields, len(ops) if n_ops is None else n_ops)
    head = struct.pack(">BBBBBBIIIHH", 22, 0, 0, info3, 0, result, 1, 0, index, *counts)
    return head + b"".join(fields) + b"".join(ops)


END = message(info3=LAST)
DIGESTED = field(DIGEST, b"d" * 20)
# Bins, of which each is one too short or too long for what it says it is.
BINS = {
    "an integer of 9 bytes": op(INTEGER, b"\0" * 9),
    "an integer of 65535 bytes": op(INTEGER, b"\0" * 65535),
    "a negative integer of 1 byte": op(INTEGER, b"\xff"),
    "a float of 7 bytes": op(DOUBLE, b"\0" * 7),
    "a float of none": op(DOUBLE, b""),
    "a bool of none": op(BOOL, b""),
    "a bool of 2 bytes": op(BOOL, b"\1\1"),
    "a region of none": op(GEOJSON, b""),
    "a region shorter than its head": op(GEOJSON, b"\0\0"),
    "a region with more cells than bytes": op(GEOJSON, b"\0\0\1" + b"c" * 7),
    "a region of 65535 cells": op(GEOJSON, b"\0\xff\xff{}"),
    "a bin of 4294967295 bytes": op(STRING, b"abc", size=2**32 - 1),
    "a bin that ends behind the frame": op(STRING, b"abc", size=15),
    "a bin of 2 GB": op(BLOB, b"abc", size=2**31),
    "a bin shorter than its name": op(STRING, b"", size=8),
    "a bin shorter than its head": op(STRING, b"abc", size=3),
    "a bin of none": op(STRING, b"abc", size=0),
    "a bin with a name of 255": op(STRING, b"abc", name_size=255),
    "a bin cut short": op(STRING, b"abc")[:6],
}
FIELDS = {
    "a field of none": field(NAMESPACE, b"test", size=0),
    "a field of 4294967295 bytes": field(NAMESPACE, b"test", size=2**32 - 1),
    "a field that ends behind the frame": field(NAMESPACE, b"test", size=2**16),
    "a digest of 19 bytes": field(DIGEST, b"d" * 19),
    "a key of none": field(USER_KEY, b""),
    "a key that is a float of 4 bytes": field(USER_KEY, bytes([DOUBLE]) + b"\0" * 4),
    "a key that is an integer of 9 bytes": field(USER_KEY, bytes([INTEGER]) + b"\0" * 9),
    "an index's value of 7 bytes": field(BVAL, b"\0" * 7),
    "details that are none": field(DETAILS, b"\xc1"),
    "details that are cut short": field(DETAILS, b"\x81\1\xdb\xff\xff\xff\xff"),
    "details 100,000 deep": field(DETAILS, b"\x81\x05" + b"\x91" * 100_000 + b"\1"),
}
# Whole bodies: of one message, and of several.
BODIES = {
    "nothing of a message": b"\1",
    "half a message": message()[:21],
    "more bins than there are": message([op(STRING, b"abc")], n_ops=65535),
    "more fields than there are": message([], [DIGESTED], n_fields=65535),
}
SEVERAL = {
    "half a message behind a true one": message([op(STRING, b"abc")], [DIGESTED]) + message()[:10],
    "bins of a record that is none": message([op(STRING, b"abc")], [DIGESTED], result=NOT_FOUND) + END,
    "the end of a partition with a bin": message([op(STRING, b"abc")], info3=PARTITION_DONE) + END,
    "the end of a partition with a field": message([], [DIGESTED], info3=PARTITION_DONE) + END,
}


ONE = {
    "get": lambda client: client.get(KEY),
    "select": lambda client: client.select(KEY, ["a"]),
    "exists": lambda client: client.exists(KEY),
    "put": lambda client: client.put(KEY, {"a": 1}),
    "remove": lambda client: client.remove(KEY),
    "operate": lambda client: client.operate(KEY, [operations.read("a")]),
    "apply": lambda client: client.apply(KEY, "module", "function", []),
}
MANY = {
    "batch_read": lambda client: client.batch_read([KEY, ("test", "demo", 2)]),
    "batch_write": lambda client: client.batch_write(
        BatchRecords([Write(KEY, [operations.write("a", 1)]), Read(("test", "demo", 2), None)])
    ),
    "scan": lambda client: client.scan("test", "demo").results(),
    "query": lambda client: client.query("test", "demo").results(),
    "aggregation": lambda client: client.query("test", "demo").apply("lying", "first").results(),
}
BATCHES = {name: MANY[name] for name in ("batch_read", "batch_write")}


def refused(call, client):
    """Whether it was an error which says that an answer was malformed; a batch has its code."""
    try:
        answer = call(client)
    except exception.ClientError as error:
        return re.search("Malformed answer of 127.0.0.1:|Invalid record header size", error.msg) is not None
    return answer.result == -1 and {row.result for row in answer.batch_records} == {NO_RESPONSE}


def fails(call, client):
    """Whether it was an error, of whatever kind."""
    try:
        return call(client).result != 0
    except exception.AerospikeError:
        return True


def frames():
    """Single answers that lie, and those of several messages."""
    for name, bin_ in BINS.items():
        yield name, message([bin_]), message([bin_], [DIGESTED]) + END
    for name, lie in FIELDS.items():
        yield name, message([], [lie]), message([op(STRING, b"abc")], [DIGESTED, lie]) + END
    for name, body in BODIES.items():
        yield name, body, body
    for name, body in SEVERAL.items():
        yield name, None, body


FRAMES = list(frames())


@pytest.fixture(scope="module")
def liar(tmp_path_factory):
    """Nodes whose ``reply`` is what they say to every command on records."""
    path = tmp_path_factory.mktemp("lying") / "lying.lua"
    path.write_text("function first(s) return s : reduce(function(a, b) return a end) end")
    with embedded.Server() as server:
        made = Nodes(server.port, 2)
        config = {"hosts": made.hosts[:1], "max_error_rate": 10_000, "error_rate_window": 100}
        with aerospike.client(config) as made.client, CLIENTS["asyncio"](config) as made.on_loop:
            assert len(made.client.get_nodes()) == 2
            made.client.udf_put(str(path))
            yield made
        made.close()


def works(liar):
    liar.reply = None
    for client in (liar.client, liar.on_loop):
        client.put(KEY, {"a": 1})
        assert client.get(KEY)[2] == {"a": 1}


@pytest.mark.parametrize(("one", "many"), [row[1:] for row in FRAMES], ids=[row[0] for row in FRAMES])
def test_lengths_that_cannot_be(liar, one, many):
    for client, calls, body in ((liar.client, ONE, one), (liar.client, MANY, many), (liar.on_loop, ONE, one)):
        for name, call in calls.items():
            liar.reply = body
            assert body is None or refused(call, client), name
    works(liar)


@pytest.mark.parametrize("many", [row[2] for row in FRAMES], ids=[row[0] for row in FRAMES])
def test_batches_of_event_loops(liar, many):
    for name, call in BATCHES.items():
        liar.reply = many
        assert refused(call, liar.on_loop), name
    works(liar)


def test_true_answers_are_taken(liar):
    region = b'{"type": "Point", "coordinates": [1, 2]}'
    bins = [
        op(INTEGER, (7).to_bytes(8, "big"), b"i"),
        op(DOUBLE, struct.pack(">d", 1.5), b"f"),
        op(BOOL, b"\1", b"b"),
        op(GEOJSON, b"\0\0\2" + b"c" * 16 + region, b"g"),
        op(LIST, b"\x91\1", b"l"),
        op(STRING, b"", b"s"),
        op(0, b"", b"n"),
    ]
    fields = [DIGESTED, field(NAMESPACE, b"test"), field(USER_KEY, bytes([INTEGER]) + b"\0" * 7 + b"\5")]
    expected = {"i": 7, "f": 1.5, "b": True, "g": aerospike.geojson(region.decode()), "l": [1], "s": "", "n": None}
    liar.reply = message(bins, fields)
    assert liar.client.get(KEY)[2] == expected
    liar.reply = message(bins, fields) + message(info3=PARTITION_DONE) + END
    rows = liar.client.scan("test", "demo").results()
    assert [(key[2], bins) for key, _meta, bins in rows] == [(5, expected)] * len(rows) != []
    works(liar)


# Fields of keys, and the set and user's key that they are; bins that servers of old sent, or none sends.
KEYS = {
    "a long set": ([field(SET, b"s" * 63)], "s" * 63, None),
    "no set": ([], None, None),
    "a text": ([field(SET, b"demo"), field(USER_KEY, bytes([STRING]) + b"\xc3\xa9")], "demo", "é"),
    "a float": ([field(SET, b"demo"), field(USER_KEY, bytes([DOUBLE]) + struct.pack(">d", 2.5))], "demo", 2.5),
    "a blob": ([field(SET, b"demo"), field(USER_KEY, bytes([BLOB]) + b"\0")], "demo", bytearray(1)),
    "a list": ([field(SET, b"demo"), field(USER_KEY, bytes([LIST]) + b"\x90")], "demo", None),
}
RARE = [
    op(INTEGER, b"", b"zero"),
    op(INTEGER, b"\x7f\0", b"short"),
    op(STRING, b"x", b"cut-at-fifteen-letters"),
    op(STRING, b"\xff", b"\xff"),
    op(99, b"abc", b"strange"),
    op(INTEGER, b"\1", b"twice"),
    op(INTEGER, b"\2", b"twice"),
]


@pytest.mark.parametrize("key", KEYS)
def test_rare_answers_are_read_alike(liar, key):
    fields, set_name, user_key = KEYS[key]
    record = message(RARE, [DIGESTED, field(NAMESPACE, b"test"), *fields])
    liar.reply = message(RARE, [DIGESTED])
    bins = liar.client.get(KEY)[2]
    liar.reply = record * 3 + END
    for rows in (liar.client.scan("test", "demo").results(), list(liar.client.query("test", "demo"))):
        assert len(rows) > 0
        assert all(found == ("test", set_name, user_key, b"d" * 20) for found, _meta, _bins in rows)
        assert {type(found[2]) for found, _meta, _bins in rows} == {type(user_key)}
        assert all(found == bins for _key, _meta, found in rows)
    works(liar)


def framed(body, kind=3):
    return bytes([2, kind]) + len(body).to_bytes(6, "big") + body


def compressed(data, size):
    return framed((b"" if size is None else size.to_bytes(8, "big")) + data, kind=4)


def test_compressed_frames_that_lie(liar):
    body = message([op(STRING, b"abc")])
    frame = framed(body)
    packed = zlib.compress(frame)
    lies = [compressed(b"", None), compressed(b"\0" * 7, None), compressed(b"", len(frame)), compressed(packed, 0)]
    lies += [compressed(packed, size) for size in (1, 7, 8, len(frame) - 1, len(frame) + 1, 2**20, 2**27, 2**63)]
    lies += [compressed(zlib.compress(frame[:size]), size) for size in (0, 1, 7, 8, 29)]
    lies += [compressed(packed[:size], len(frame)) for size in (0, 1, len(packed) - 1)]
    for lie in lies:
        for client, calls in ((liar.client, ONE), (liar.client, MANY), (liar.on_loop, ONE), (liar.on_loop, BATCHES)):
            for name, call in calls.items():
                liar.reply = Whole(lie)
                assert fails(call, client), (name, lie)
    liar.reply = Whole(compressed(packed, len(frame)))
    for client in (liar.client, liar.on_loop):
        assert client.get(KEY)[2] == {"SUCCESS": "abc"}
        assert client.apply(KEY, "module", "function", []) == "abc"
    works(liar)


# Bytes anywhere in true answers are others.
TRUE = [rows[2] for rows in FRAMES if rows[1] is not None] + [rows[1] for rows in FRAMES if rows[1] is not None]
HARM = st.lists(st.tuples(st.integers(0, 2**16), st.sampled_from([0, 1, 2, 4, 100, 127, 128, 255])), max_size=4)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=st.sampled_from(TRUE), harm=HARM, cut=st.integers(0, 400), calls=st.sampled_from([ONE, MANY]))
def test_no_answer_does_harm(liar, body, harm, cut, calls):
    changed = bytearray(body[:400])
    for place, byte in harm:
        changed[place % len(changed)] = byte
    lie = framed(changed[:cut] if cut < len(changed) and cut % 3 == 0 else changed)
    for call in calls.values():
        liar.reply = Whole(lie if calls is ONE else lie + framed(END))  # for more would be waited
        with contextlib.suppress(exception.AerospikeError, UnicodeDecodeError):
            repr(call(liar.client))
    works(liar)
