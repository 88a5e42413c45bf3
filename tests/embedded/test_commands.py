# SPDX-License-Identifier: Apache-2.0
"""Commands of one record: which operations are answered and refused, and what those of a command see of its record."""

import struct
import time

import frames
import pytest
from frames import BLOB, BOOL, DOUBLE, GEOJSON, INTEGER, LIST, MAP, STRING, Operation
from packing import Raw, pack

OK, SERVER, PARAMETER, INCOMPATIBLE, TOO_BIG, FILTERED_OUT = 0, 1, 4, 12, 13, 27
APPEND, PREPEND, INCREMENT, TOUCH, REMOVE = 9, 10, 5, 11, 14
LAST_UPDATE, SINCE_UPDATE, VOID_TIME, TTL, KEY_EXISTS, RECORD_SIZE = 66, 67, 68, 69, 71, 74
NEVER = 0xFFFFFFFF
REPLACE = 1 << 4  # info3: create or replace
EPOCH = 1262304000
MAP_PUT, MAP_SIZE, LIST_SIZE, LIST_BY_VALUE = 67, 96, 16, 22


class Subject:
    def __init__(self, connection, namespace, set_name="commands"):
        self.connection, self.set_name, self.digest = connection, set_name, frames.new_digest()
        self.fields = {frames.FIELD_NAMESPACE: namespace.encode(), frames.FIELD_DIGEST: self.digest}
        if set_name:
            self.fields[frames.FIELD_SET] = set_name.encode()

    def run(self, *operations, info1=frames.READ, info2=frames.WRITE, info3=0, key=None, filter=None, ttl=0):
        fields = dict(self.fields)
        if key is not None:
            fields[frames.FIELD_KEY] = key
        if filter is not None:
            fields[frames.FIELD_FILTER] = pack(filter)
        return self.connection.ask(info1, info2, info3, fields=fields, operations=list(operations), ttl=ttl)

    def see(self, tree):
        """What an expression sees that is read alone."""
        answer = self.run(expression(tree), info2=0)
        assert answer.code == OK
        return frames.value_of(answer.operations[0])


@pytest.fixture
def subject(connection, namespace):
    made = Subject(connection, namespace)
    assert made.run(put("a", 1), put("l", [1, 2]), ttl=NEVER).code == OK
    yield made
    made.run(info1=0, info2=frames.WRITE | frames.REMOVE)


@pytest.fixture
def absent(connection, namespace):
    made = Subject(connection, namespace)
    yield made
    made.run(info1=0, info2=frames.WRITE | frames.REMOVE)


def put(name, value):
    if isinstance(value, bool):
        return Operation(frames.OP_WRITE, name, BOOL, bytes([value]))
    if isinstance(value, int):
        return Operation(frames.OP_WRITE, name, INTEGER, value.to_bytes(8, "big", signed=True))
    if isinstance(value, float):
        return Operation(frames.OP_WRITE, name, DOUBLE, struct.pack(">d", value))
    if isinstance(value, str):
        return Operation(frames.OP_WRITE, name, STRING, value.encode())
    if isinstance(value, bytes):
        return Operation(frames.OP_WRITE, name, BLOB, value)
    return Operation(frames.OP_WRITE, name, LIST if isinstance(value, list) else MAP, pack(value))


def expression(tree, name="out", code=frames.OP_EXP_READ):
    return Operation(code, name, BLOB, pack([tree, 0]))


def collection(name, *payload, modify=False):
    return Operation(frames.OP_CDT_MODIFY if modify else frames.OP_CDT_READ, name, BLOB, pack(list(payload)))


MAP_PUT_C = collection("m", MAP_PUT, "c", 3, 0, modify=True)
READ_ALL, READ_A = Operation(frames.OP_READ, ""), Operation(frames.OP_READ, "a")
ADD_1 = Operation(INCREMENT, "a", INTEGER, b"\1")


# ---- answers ----


def test_a_touch_is_not_answered(subject):
    for respond_all in (0, frames.RESPOND_ALL):
        answer = subject.run(Operation(TOUCH, ""), MAP_PUT_C, info2=frames.WRITE | respond_all)
        assert [(op.code, op.name) for op in answer.operations] == [(frames.OP_CDT_MODIFY, "m")]


@pytest.mark.parametrize(
    ("operations", "code"),
    [
        ([MAP_PUT_C], PARAMETER),
        ([expression(5)], PARAMETER),
        ([ADD_1, collection("l", LIST_SIZE)], PARAMETER),
        ([ADD_1], OK),
        ([Operation(TOUCH, "")], OK),
        ([put("b", "x")], OK),
    ],
)
def test_all_bins_beside_what_computes(subject, operations, code):
    """Only a command that writes is refused, and it changes nothing then."""
    for order in ([READ_ALL, *operations], [*operations, READ_ALL]):
        assert subject.run(*order).code == code
    assert subject.run(READ_ALL, collection("l", LIST_SIZE), info2=0).code == OK
    if code != OK:
        assert {op.name for op in subject.run(READ_ALL, info2=0).operations} == {"a", "l"}


def test_a_read_that_returns_nothing_says_so_beside_writes(subject):
    nothing = collection("l", LIST_BY_VALUE, 0, 1)
    assert subject.run(nothing, info2=0).operations == []
    assert subject.run(nothing, ADD_1).operations == [Operation(frames.OP_CDT_READ, "l")]


@pytest.mark.parametrize("code", [APPEND, PREPEND])
def test_text_joined_to_a_region(subject, code):
    region = Operation(frames.OP_WRITE, "g", GEOJSON, b"\0\0\0" + b'{"type": "Point", "coordinates": [1, 1]}')
    assert subject.run(region).code == OK
    assert subject.run(Operation(code, "g", STRING, b"x")).code == SERVER
    assert subject.run(Operation(INCREMENT, "g", INTEGER, b"\1")).code == SERVER
    assert subject.run(Operation(code, "a", STRING, b"x")).code == INCOMPATIBLE


def test_an_expression_may_replace_the_record(subject):
    """It sees none of the bins that are to go."""
    answer = subject.run(expression([81, 2, Raw(b"a")], "out", frames.OP_EXP_MODIFY), info3=REPLACE)
    assert answer.code == 26
    assert subject.run(expression(5, "out", frames.OP_EXP_MODIFY), info3=REPLACE).code == OK
    assert [op.name for op in subject.run(READ_ALL, info2=0).operations] == ["out"]
    assert subject.run(ADD_1, info3=REPLACE).code == PARAMETER


# ---- errors carry the record's generation and time ----


def test_an_error_tells_of_the_record(subject, absent):
    wrong = Operation(APPEND, "a", STRING, b"x")
    subject.run(put("a", 2), ttl=1000)
    answer = subject.run(wrong)
    assert (answer.code, answer.generation) == (INCOMPATIBLE, 2)
    assert answer.void_time > time.time() - EPOCH
    assert subject.run(READ_A, info2=0, filter=[1, 1, 2]).generation == 2
    assert subject.run(READ_ALL, MAP_PUT_C).generation == 0  # refused before the record is looked for
    removal = subject.run(info1=0, info2=frames.WRITE | frames.REMOVE, filter=[1, 1, 2])
    assert (removal.code, removal.generation, removal.void_time) == (FILTERED_OUT, 0, 0)
    assert subject.run(info1=0, info2=frames.WRITE | frames.REMOVE) == frames.Answer(OK, 0, 0, [])
    assert absent.run(put("a", 2), wrong)[:3] == (INCOMPATIBLE, 0, 0)


def test_a_write_that_leaves_nothing(subject):
    assert subject.run(Operation(REMOVE, ""), info1=0) == frames.Answer(OK, 0, 0, [])
    assert subject.run(READ_A, info2=0).code == 2


# ---- what expressions see ----


@pytest.mark.parametrize("ttl", [500, NEVER, 0])
def test_operations_of_a_write_see_the_time_that_it_gives(subject, absent, ttl):
    change = put("a", 1)
    for record in (subject, absent):
        answer = record.run(expression([TTL]), change, expression([VOID_TIME]), ttl=ttl)
        seconds, until = map(frames.value_of, answer.operations)
        assert until == ((answer.void_time + EPOCH) * 10**9 if answer.void_time else -1)
        assert seconds == ttl if ttl == 500 else (seconds > 0) == (answer.void_time > 0)
        written, since = record.run(expression([LAST_UPDATE]), change, expression([SINCE_UPDATE]), ttl=ttl).operations
        assert abs(frames.value_of(written) / 1e9 - time.time()) < 60
        assert frames.value_of(since) == 0
        assert record.see([LAST_UPDATE]) == frames.value_of(written)


def test_a_filter_sees_the_time_that_was(subject):
    assert subject.run(put("a", 1), ttl=500, filter=[1, [TTL], -1]).code == OK
    assert subject.run(put("a", 1), ttl=500, filter=[1, [TTL], -1]).code == FILTERED_OUT
    assert subject.run(put("a", 1), ttl=NEVER, filter=[1, [VOID_TIME], -1]).code == FILTERED_OUT


def test_a_key_that_is_only_sent_is_not_stored(subject, absent):
    key = bytes([STRING]) + b"me"
    assert subject.run(put("a", 1), key=key, filter=[KEY_EXISTS]).code == FILTERED_OUT
    assert frames.value_of(absent.run(put("a", 1), expression([KEY_EXISTS]), key=key).operations[0]) is False
    assert absent.see([KEY_EXISTS]) is True


# ---- sizes ----


def size_of(value):
    """What a value takes in a server's storage."""
    if isinstance(value, bool):
        return 2
    if isinstance(value, int):
        return 2 + next(width for width in (1, 2, 4, 8) if value % 2**64 < 256**width)
    if isinstance(value, float):
        return 9
    content = value.encode() if isinstance(value, str) else value if isinstance(value, bytes) else pack(value)
    return 5 + len(content)


@pytest.mark.parametrize("set_name", ["", "sizes"])
@pytest.mark.parametrize("ttl", [NEVER, 1000])
@pytest.mark.parametrize("key", [None, bytes([INTEGER]) + bytes(8), bytes([STRING]) + b"k" * 30])
@pytest.mark.parametrize(
    "bins",
    [
        {"a": 1},
        {"a": 255, "b": 256, "c": 65536, "d": -1, "e": 2**32},
        {"a": 1.5, "b": True, "cc": "text", "ddd": b"bytes"},
        {"a": [1, "x", [2.5]], "b": {"a": 1, "b": {"c": None}}},
        {f"b{i}": i for i in range(200)},
        {"a": "x" * 5000},
    ],
    ids=["one", "integers", "scalars", "collections", "many", "large"],
)
def test_the_size_of_a_record(connection, namespace, set_name, ttl, key, bins):
    record = Subject(connection, namespace, set_name)
    assert record.run(*[put(*bin) for bin in bins.items()], key=key, ttl=ttl).code == OK
    size = 39 + (4 if ttl != NEVER else 0) + (1 + len(set_name) if set_name else 0)
    size += 0 if key is None else 1 + len(key)
    size += (1 if len(bins) < 128 else 2) + sum(1 + len(name) + size_of(value) for name, value in bins.items())
    assert record.see([RECORD_SIZE]) == (size + 15) // 16 * 16
    record.run(info1=0, info2=frames.WRITE | frames.REMOVE)


def test_the_size_of_a_record_that_is_not_there_yet(absent):
    assert frames.value_of(absent.run(put("a", 1), expression([RECORD_SIZE])).operations[0]) == 16


def test_the_largest_record(absent):
    """A MiB but for 48 bytes, in storage."""
    rest = 39 + 1 + len(absent.set_name) + 1 + 2 + 5
    most = (1 << 20) - 48 - rest
    assert absent.run(put("b", bytes(most)), ttl=NEVER).code == OK
    assert absent.run(put("b", bytes(most + 1)), ttl=NEVER).code == TOO_BIG
    assert absent.run(READ_ALL, info2=0).generation == 1


# ---- many operations ----

LIST_APPEND, LIST_GET, LIST_CLEAR = 1, 17, 11


def test_operations_on_one_value_see_what_was_done_before(absent):
    answer = absent.run(
        collection("l", LIST_APPEND, 5, modify=True),
        Operation(frames.OP_READ, "l"),
        collection("l", LIST_APPEND, 6, modify=True),
        expression([127, 2, 0, [16], [81, 4, Raw(b"l")]]),  # its size, as an expression sees it
        put("l", "text"),
        Operation(APPEND, "l", STRING, b"!"),
        Operation(frames.OP_READ, "l"),
        Operation(frames.OP_WRITE, "l"),
        collection("l", LIST_APPEND, 7, modify=True),
        collection("l", LIST_GET, 0),
    )
    assert answer.code == OK
    assert [frames.value_of(op) for op in answer.operations] == [1, [5], 2, 2, "text!", 1, 7]
    assert frames.value_of(absent.run(READ_ALL, info2=0).operations[0]) == [7]


def test_a_command_that_fails_changes_nothing(subject):
    wrong = collection("a", LIST_APPEND, 1, modify=True)
    assert subject.run(collection("l", LIST_CLEAR, modify=True), put("a", 5), wrong).code == INCOMPATIBLE
    bins = {op.name: frames.value_of(op) for op in subject.run(READ_ALL, info2=0).operations}
    assert bins == {"a": 1, "l": [1, 2]}


@pytest.mark.parametrize(
    "operations",
    [
        [collection("l", LIST_APPEND, i, modify=True) for i in range(20_000)],
        [collection("m", MAP_PUT, (i * 7919) % 5000, i, 0, modify=True) for i in range(5000)],
        [collection("l", LIST_APPEND, 1, modify=True)] + [collection("l", LIST_SIZE) for _ in range(20_000)],
        [Operation(APPEND, "s", STRING, b"0123456789") for _ in range(20_000)],
    ],
    ids=["append to a list", "put into a map", "size", "append to text"],
)
def test_many_operations_in_good_time(absent, operations):
    assert absent.run(*operations).code == OK  # else the connection gives up waiting
