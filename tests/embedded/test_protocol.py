# SPDX-License-Identifier: Apache-2.0
"""Frames of our own making, well-formed and broken: whatever comes in, the server answers or closes, and goes on."""

import random
import socket
import struct
import threading
import zlib

import frames
import pytest
from frames import ADMIN, COMPRESSED, INFO, INTEGER, LIST, MESSAGE, STRING, Operation
from packing import pack

from aerospike import embedded

OK, NOT_FOUND, PARAMETER, TOO_BIG, NO_NAMESPACE, BAD_BIN_NAME, ENTERPRISE_ONLY = 0, 2, 4, 13, 20, 21, 25
HEADER = struct.Struct(">BBHI")
COMPRESS_RESPONSE = 1 << 7  # info1
MEBIBYTE = 1 << 20


@pytest.fixture
def address(hosts):
    return hosts[0]


@pytest.fixture
def fields(namespace):
    """The fields of a record that no other test has."""
    return {
        frames.FIELD_NAMESPACE: namespace.encode(),
        frames.FIELD_SET: b"protocol",
        frames.FIELD_DIGEST: frames.new_digest(),
    }


@pytest.fixture
def still_serves(address, fields):
    """Fails where a fresh connection does not get a record written and read."""

    def check():
        with frames.Connection(address) as fresh:
            write = Operation(frames.OP_WRITE, "n", INTEGER, struct.pack(">q", 7))
            assert fresh.ask(0, frames.WRITE, fields=fields, operations=[write]).code == OK
            read = fresh.ask(frames.READ | frames.GET_ALL, fields=fields)
            assert [frames.value_of(op) for op in read.operations] == [7]

    yield check
    check()


def outcome(address, data):
    """What the server makes of some bytes: the answer's code, or that it closed."""
    with frames.Connection(address) as connection:
        try:
            connection.send(data)
            kind, body = connection.receive()
        except (ConnectionError, BrokenPipeError):
            return "closed"
        return frames.read_answer(body).code if kind == MESSAGE else kind


def message(fields_and_operations=b"", n_fields=0, n_operations=0, *, info=(frames.READ, 0, 0), size=22):
    """A message whose counts and contents need not agree."""
    body = struct.pack(">BBBBBBIIIHH", size, *info, 0, 0, 0, 0, 1000, n_fields, n_operations)
    return frames.frame(MESSAGE, body + fields_and_operations)


def field(kind, value, size=None):
    return struct.pack(">IB", len(value) + 1 if size is None else size, kind) + value


def operation(code, name=b"n", value=b"", *, particle=0, size=None, name_size=None):
    size = 4 + len(name) + len(value) if size is None else size
    name_size = len(name) if name_size is None else name_size
    return struct.pack(">IBBBB", size, code, particle, 0, name_size) + name + value


# ---- headers ----


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x01\x03" + bytes(6), id="version 1"),
        pytest.param(b"\x00" * 64, id="zeros"),
        pytest.param(b"\xff" * 64, id="ones"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", id="another protocol"),
        pytest.param(b"\x16\x03\x01\x00\xa5\x01\x00\x00", id="a TLS greeting"),
        pytest.param(HEADER.pack(2, 0, 0, 0), id="type 0"),
        pytest.param(HEADER.pack(2, MESSAGE, 0, 129 * MEBIBYTE), id="larger than any frame"),
        pytest.param(HEADER.pack(2, MESSAGE, 0xFFFF, 0xFFFFFFFF), id="the largest size"),
        pytest.param(HEADER.pack(2, INFO, 0xFFFF, 0xFFFFFFFF), id="the largest size of an info command"),
    ],
)
def test_no_frame_closes_the_connection(address, still_serves, data):
    assert outcome(address, data) == "closed"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(frames.frame(MESSAGE, b""), id="empty"),
        pytest.param(frames.frame(MESSAGE, bytes(21)), id="short header"),
        pytest.param(message(size=21), id="header size 21"),
        pytest.param(message(size=255), id="header size 255"),
        pytest.param(message(n_fields=1), id="no field"),
        pytest.param(message(n_fields=65535), id="65535 fields"),
        pytest.param(message(field(0, b"test", size=0), 1), id="field of size 0"),
        pytest.param(message(field(0, b"test", size=6), 1), id="field beyond the end"),
        pytest.param(message(field(0, b"test", size=0xFFFFFFFF), 1), id="field of the largest size"),
        pytest.param(message(b"\0\0\0", 1), id="field cut short"),
        pytest.param(message(n_operations=1), id="no operation"),
        pytest.param(message(operation(1, size=3), 0, 1), id="operation of size 3"),
        pytest.param(message(operation(1, name_size=2), 0, 1), id="name beyond the operation"),
        pytest.param(message(operation(1, size=6), 0, 1), id="operation beyond the end"),
        pytest.param(message(operation(1, size=0xFFFFFFFF), 0, 1), id="operation of the largest size"),
        pytest.param(message(operation(1)[:7], 0, 1), id="operation cut short"),
    ],
)
@pytest.mark.embedded_only("malformed on purpose")
def test_a_malformed_message_is_refused(address, still_serves, data):
    assert outcome(address, data) == PARAMETER


def test_a_frame_of_an_unknown_type_is_refused(connection, fields):
    connection.send(HEADER.pack(2, 5, 0, 0) + frames.message(frames.READ | frames.GET_ALL, fields=fields))
    assert [frames.read_answer(connection.receive()[1]).code for _ in range(2)] == [PARAMETER, NOT_FOUND]


# ---- compressed frames ----

MALFORMED = [
    pytest.param(b"", id="empty"),
    pytest.param(bytes(7), id="short"),
    pytest.param(struct.pack(">Q", 30) + b"no zlib data", id="no zlib"),
    pytest.param(struct.pack(">Q", 1 << 62) + zlib.compress(bytes(30)), id="an enormous claim"),
    pytest.param(struct.pack(">Q", 10) + zlib.compress(bytes(30)), id="too small a claim"),
    pytest.param(struct.pack(">Q", 31) + zlib.compress(bytes(30)), id="too large a claim"),
    pytest.param(struct.pack(">Q", 30) + zlib.compress(bytes(30)), id="no frame inside"),
    pytest.param(struct.pack(">Q", 4) + zlib.compress(bytes(4)), id="nothing inside"),
]


def compressed(data):
    return frames.frame(COMPRESSED, struct.pack(">Q", len(data)) + zlib.compress(data))


@pytest.mark.parametrize("body", MALFORMED)
def test_the_community_edition_refuses_compressed_frames(address, still_serves, body):
    assert outcome(address, frames.frame(COMPRESSED, body)) == ENTERPRISE_ONLY


def test_the_community_edition_neither_takes_nor_gives_compressed_frames(connection, fields):
    write = Operation(frames.OP_WRITE, "s", STRING, bytes(10_000))
    connection.send(compressed(frames.message(0, frames.WRITE, fields=fields, operations=[write])))
    kind, body = connection.receive()
    assert (kind, frames.read_answer(body).code) == (MESSAGE, ENTERPRISE_ONLY)
    assert connection.ask(0, frames.WRITE, fields=fields, operations=[write]).code == OK
    assert connection.ask(frames.READ | frames.GET_ALL | COMPRESS_RESPONSE, fields=fields).operations[0].value == bytes(
        10_000
    )


@pytest.fixture(scope="module")
def compressing():
    """A server that takes compressed frames."""
    with embedded.Server(compression=True) as server:
        yield server.hosts[0]


@pytest.mark.parametrize("body", MALFORMED)
def test_a_malformed_compressed_frame_closes(compressing, body):
    assert outcome(compressing, frames.frame(COMPRESSED, body)) == "closed"


def test_frames_within_a_compressed_frame(compressing, fields):
    whole = frames.message(frames.READ, fields=fields)
    for inside in [compressed(whole), whole + b"x", whole[:-1], frames.frame(INFO, b"build\n")]:
        assert outcome(compressing, compressed(inside)) == "closed"


@pytest.mark.parametrize("size", [10, 100_000])
def test_a_compressed_request(compressing, size):
    fields = {frames.FIELD_NAMESPACE: b"test", frames.FIELD_SET: b"s", frames.FIELD_DIGEST: frames.new_digest()}
    text = random.Random(1).choices(b"abcdef", k=size)
    write = Operation(frames.OP_WRITE, "s", STRING, bytes(text))
    with frames.Connection(compressing) as connection:
        connection.send(compressed(frames.message(0, frames.WRITE, fields=fields, operations=[write])))
        assert frames.read_answer(connection.receive()[1]).code == OK
        connection.send(compressed(frames.message(frames.READ | frames.GET_ALL | COMPRESS_RESPONSE, fields=fields)))
        kind, body = connection.receive()
    if size > 1000:
        assert kind == COMPRESSED
        (whole,) = struct.unpack_from(">Q", body)
        inside = zlib.decompress(body[8:])
        assert len(inside) == whole
        assert HEADER.unpack_from(inside)[:2] == (2, MESSAGE)
        kind, body = MESSAGE, inside[HEADER.size :]
    assert kind == MESSAGE
    assert frames.read_answer(body).operations[0].value == bytes(text)


# ---- requests that make no sense ----


@pytest.mark.parametrize(
    ("without", "code"),
    [(frames.FIELD_NAMESPACE, NO_NAMESPACE), (frames.FIELD_SET, NOT_FOUND)],
)
def test_a_field_is_missing(connection, fields, without, code):
    del fields[without]
    assert connection.ask(frames.READ | frames.GET_ALL, fields=fields).code == code


@pytest.mark.parametrize("digest", [b"", bytes(19), bytes(21)])
def test_a_digest_of_another_size(connection, fields, digest):
    fields[frames.FIELD_DIGEST] = digest
    assert connection.ask(frames.READ | frames.GET_ALL, fields=fields).code == PARAMETER


def test_an_unknown_namespace(connection, fields):
    for name in [b"", b"nosuch", b"x" * 1000, b"\0", b"\xff"]:
        fields[frames.FIELD_NAMESPACE] = name
        assert connection.ask(frames.READ | frames.GET_ALL, fields=fields).code == NO_NAMESPACE


@pytest.mark.parametrize(("length", "code"), [(63, OK), (64, PARAMETER)])
def test_the_length_of_a_set_name(connection, fields, length, code):
    fields[frames.FIELD_SET] = b"s" * length
    write = Operation(frames.OP_WRITE, "n", INTEGER, bytes(8))
    assert connection.ask(0, frames.WRITE, fields=fields, operations=[write]).code == code


@pytest.mark.parametrize(("length", "code"), [(15, OK), (16, BAD_BIN_NAME), (255, BAD_BIN_NAME)])
def test_the_length_of_a_bin_name(connection, fields, length, code):
    write = Operation(frames.OP_WRITE, "b" * length, INTEGER, bytes(8))
    assert connection.ask(0, frames.WRITE, fields=fields, operations=[write]).code == code


@pytest.mark.parametrize("code", [0, 6, 20, 99, 255])
def test_an_unknown_operation(connection, fields, code):
    for info in [(frames.READ, 0), (0, frames.WRITE)]:
        connection.ask(0, frames.WRITE, fields=fields, operations=[Operation(frames.OP_WRITE, "n", INTEGER, bytes(8))])
        assert connection.ask(*info, fields=fields, operations=[Operation(code, "n")]).code == PARAMETER


@pytest.mark.parametrize(
    ("particle", "value"),
    [
        pytest.param(INTEGER, bytes(9), id="an integer of 9 bytes"),
        pytest.param(frames.DOUBLE, bytes(4), id="a double of 4 bytes"),
        pytest.param(frames.BOOL, bytes(2), id="a boolean of 2 bytes"),
        pytest.param(LIST, b"", id="an empty list"),
        pytest.param(LIST, b"\x92\x01", id="a list cut short"),
        pytest.param(LIST, b"\x91\x01\x01", id="a list with something behind it"),
        pytest.param(
            *(LIST, b"\xdd\xff\xff\xff\xff"),
            id="a list of many items that are not there",
            marks=pytest.mark.embedded_only("a real server believes it"),
        ),
        pytest.param(frames.MAP, b"\xdf\xff\xff\xff\xff", id="a map of many entries that are not there"),
        pytest.param(frames.MAP, b"\x81\x01", id="a map without the value"),
        pytest.param(frames.MAP, b"\x82\x01\x01\x01\x01", id="a map with a key twice"),
        pytest.param(frames.GEOJSON, b"\0", id="geo data cut short"),
        pytest.param(99, b"x", id="an unknown type"),
    ],
)
def test_a_malformed_value_is_not_stored(connection, fields, particle, value):
    good = Operation(frames.OP_WRITE, "n", INTEGER, bytes(8))
    assert connection.ask(0, frames.WRITE, fields=fields, operations=[good]).code == OK
    bad = Operation(frames.OP_WRITE, "n", particle, value)
    assert connection.ask(0, frames.WRITE, fields=fields, operations=[bad]).code != OK
    assert connection.ask(frames.READ | frames.GET_ALL, fields=fields).operations[0].value == bytes(8)


NO_OPERATION = [b"", b"\x90", b"\x91", b"\x92\xcd\x01\x00"]
GARBAGE = pytest.mark.embedded_only("a real server takes the number and no notice of what is missing")
NO_CODE = [b"\xc0", b"\x91\xff", b"\x91\xa1\x03"]


@pytest.mark.parametrize(
    ("operator", "payload"),
    [(operator, payload) for operator in (3, 4, 12, 13, 15, 16, 17, 18) for payload in NO_OPERATION + NO_CODE]
    + [(operator, payload) for operator in (7, 8) for payload in NO_OPERATION[:-1]]
    + [pytest.param(operator, NO_OPERATION[-1], marks=GARBAGE) for operator in (7, 8)],
)
def test_a_malformed_payload(connection, fields, operator, payload):
    good = Operation(frames.OP_WRITE, "n", STRING, b"text")
    assert connection.ask(0, frames.WRITE, fields=fields, operations=[good]).code == OK
    info = (0, frames.WRITE) if operator in (4, 8, 13, 16, 18) else (frames.READ, 0)
    answer = connection.ask(*info, fields=fields, operations=[Operation(operator, "n", frames.BLOB, payload)])
    assert answer.code != OK


NO_LIMIT = pytest.mark.embedded_only("a real server has no limit of depth")
TOO_DEEP = [pytest.param(100, False, marks=NO_LIMIT), pytest.param(100_000, False, marks=NO_LIMIT)]


def nested(depth):
    return b"\x91" * (depth - 1) + b"\x90"


@pytest.mark.parametrize(("depth", "fits"), [(60, True), *TOO_DEEP])
def test_lists_in_lists(connection, fields, depth, fits):
    write = Operation(frames.OP_WRITE, "n", LIST, nested(depth))
    assert (connection.ask(0, frames.WRITE, fields=fields, operations=[write]).code == OK) is fits
    payload = b"\x92\x01" + nested(depth)  # append
    append = Operation(frames.OP_CDT_MODIFY, "l", frames.BLOB, payload)
    assert (connection.ask(0, frames.WRITE, fields=fields, operations=[append]).code == OK) is fits


@pytest.mark.embedded_only("a real server dies of it")
def test_expressions_in_expressions(connection, fields):
    write = Operation(frames.OP_WRITE, "n", INTEGER, bytes(8))
    assert connection.ask(0, frames.WRITE, fields=fields, operations=[write]).code == OK
    filter_ = b"\x92\x12" * 100_000 + b"\xc3"  # not not not … true
    answer = connection.ask(frames.READ | frames.GET_ALL, fields={**fields, frames.FIELD_FILTER: filter_})
    assert answer.code == PARAMETER


# ---- limits of a record ----


def test_a_record_that_is_too_big(connection, fields):
    for size, code in [(MEBIBYTE // 2, OK), (16 * MEBIBYTE, TOO_BIG)]:
        write = Operation(frames.OP_WRITE, "b", frames.BLOB, bytes(size))
        assert connection.ask(0, frames.WRITE, fields=fields, operations=[write]).code == code
    assert len(connection.ask(frames.READ | frames.GET_ALL, fields=fields).operations[0].value) == MEBIBYTE // 2
    append = Operation(9, "b", frames.BLOB, bytes(16 * MEBIBYTE))
    assert connection.ask(0, frames.WRITE, fields=fields, operations=[append]).code == TOO_BIG


@pytest.mark.parametrize(("count", "fits"), [(1000, True), (40_000, False)])
def test_many_bins(connection, fields, count, fits):
    writes = [Operation(frames.OP_WRITE, f"b{i}", INTEGER, bytes(8)) for i in range(count)]
    answer = connection.ask(0, frames.WRITE, fields=fields, operations=writes)
    assert (answer.code == OK) is fits
    read = connection.ask(frames.READ | frames.GET_ALL, fields=fields)
    assert len(read.operations) == (count if fits else 0)


def test_bins_come_and_go_in_one_request(connection, fields):
    """As many operations as a request may have, on as many bins: in good time, and each sees what was done before."""
    names = [f"b{i}" for i in range(16_000)]
    operations = [Operation(frames.OP_WRITE, name, INTEGER, bytes(8)) for name in names]
    operations += [Operation(frames.OP_WRITE, name) for name in names[:-1]]
    operations += [Operation(frames.OP_WRITE, name, STRING, b"again") for name in names[-2:]]
    operations += [Operation(frames.OP_READ, names[-1]), Operation(frames.OP_READ, names[0])]
    answer = connection.ask(frames.READ, frames.WRITE, fields=fields, operations=operations)
    assert answer.code == OK
    assert [(op.name, frames.value_of(op)) for op in answer.operations] == [(names[-1], "again")]
    read = connection.ask(frames.READ | frames.GET_ALL, fields=fields)
    assert [op.name for op in read.operations] == [names[-1], names[-2]]


@pytest.mark.embedded_only("asks for 30 GB, of which a real server may die")
def test_an_answer_that_fits_no_frame(connection, fields):
    write = Operation(frames.OP_WRITE, "b", frames.BLOB, bytes(MEBIBYTE // 2))
    assert connection.ask(0, frames.WRITE, fields=fields, operations=[write]).code == OK
    reads = [Operation(frames.OP_READ, "b")] * 60_000
    assert connection.ask(frames.READ, fields=fields, operations=reads).code == PARAMETER


# ---- many requests, large requests, slow requests ----


def test_requests_in_one_piece_are_answered_in_order(connection, fields):
    data = b""
    for i in range(500):
        write = Operation(frames.OP_WRITE, "n", INTEGER, struct.pack(">q", i))
        data += frames.message(0, frames.WRITE, fields=fields, operations=[write])
        data += frames.message(frames.READ | frames.GET_ALL, fields=fields)
    connection.send(data)
    for i in range(500):
        assert frames.read_answer(connection.receive()[1]).code == OK
        answer = frames.read_answer(connection.receive()[1])
        assert frames.value_of(answer.operations[0]) == i


def test_answers_that_are_taken_late(address, fields):
    """A client that sends and does not read fills what there is to fill; then it reads, and nothing is lost."""
    with frames.Connection(address) as connection:
        write = Operation(frames.OP_WRITE, "b", frames.BLOB, bytes(100_000))
        assert connection.ask(0, frames.WRITE, fields=fields, operations=[write]).code == OK
        count = 300
        request = frames.message(frames.READ | frames.GET_ALL, fields=fields)
        sender = threading.Thread(target=connection.send, args=(request * count,))
        sender.start()
        for _ in range(count):
            assert len(connection.receive()[1]) > 100_000
        sender.join()


def test_a_request_byte_by_byte(address, fields, still_serves):
    still_serves()
    with socket.create_connection(address) as plain:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in frames.message(frames.READ | frames.GET_ALL, fields=fields):
            plain.sendall(bytes([byte]))
        assert plain.recv(8)[:2] == b"\x02\x03"


def test_a_request_that_never_ends_holds_up_nobody(address, fields, still_serves):
    data = frames.message(frames.READ, fields=fields)
    unfinished = [socket.create_connection(address) for _ in range(50)]
    for i, plain in enumerate(unfinished):
        plain.sendall(data[: i % len(data)])
    still_serves()
    for plain in unfinished:
        plain.close()


def test_a_large_frame_is_read_in_good_time(address, fields, still_serves):
    write = Operation(frames.OP_WRITE, "b", frames.BLOB, bytes(100 * MEBIBYTE))
    with frames.Connection(address) as connection:
        assert connection.ask(0, frames.WRITE, fields=fields, operations=[write]).code == TOO_BIG


def test_an_administration_command_is_refused(connection):
    """The Community Edition has no security."""
    connection.send(frames.frame(ADMIN, struct.pack(">BBBB12x", 0, 0, 0, 0)))
    kind, body = connection.receive()
    assert (kind, body[1]) == (ADMIN, 51)


def test_random_bytes_in_a_message(address, fields, still_serves):
    """Well-formed messages with bytes changed: an answer or a closed connection, each time."""
    source = random.Random(7)
    operations = [
        Operation(frames.OP_WRITE, "l", LIST, pack([1, "a", [2, {"k": 1.5}]])),
        Operation(frames.OP_CDT_MODIFY, "l", frames.BLOB, pack([1, [1, 2]])),
        Operation(frames.OP_EXP_READ, "x", frames.BLOB, pack([[20, 1, [81, 2, b"n"]], 0])),
        Operation(frames.OP_BIT_READ, "b", frames.BLOB, pack([50, 0, 8])),
    ]
    good = frames.message(frames.READ, frames.WRITE, fields=fields, operations=operations)
    for _ in range(1000):
        broken = bytearray(good)
        for _ in range(source.choice([1, 2, 5])):
            broken[source.randrange(HEADER.size, len(broken))] = source.randrange(256)
        assert outcome(address, bytes(broken)) is not None


# ---- the limit of connections ----


def test_too_many_connections():
    with embedded.Server(max_connections=5) as server:
        address = server.config["hosts"][0]
        request = frames.frame(INFO, b"build\n")
        opened = [frames.Connection(address) for _ in range(5)]
        for connection in opened:
            connection.send(request)
            assert connection.receive()[0] == INFO
        assert outcome(address, request) == "closed"
        opened.pop().close()
        while outcome(address, request) == "closed":
            pass  # the server may not have seen yet that one went
        for connection in opened:
            connection.send(request)
            assert connection.receive()[0] == INFO
            connection.close()
