# SPDX-License-Identifier: Apache-2.0
"""Transactions in frames: the monitor, provisional records, versions, and what ends a transaction."""

import itertools
import struct

import frames
import pytest
from frames import NO_BINS, OP_CDT_MODIFY, OP_READ, OP_WRITE, READ, REMOVE, WRITE, Operation, fields_of, read_answer

from aerospike import embedded

pytestmark = pytest.mark.embedded_only("its namespace is strongly consistent")

VERSION, TRANSACTION, DEADLINE = 3, 5, 6  # fields
VERIFY, FORWARD, BACK, LOCKING = 1, 2, 4, 16  # info4
DURABLE = 1 << 4  # info2
BLOCKED, MISMATCH, EXPIRED, COMMITTED, ABORTED, LOCKED, EXISTS = 120, 121, 122, 124, 125, 126, 127
numbers = itertools.count(1)


@pytest.fixture(scope="module")
def server():
    with embedded.Server(namespaces=["test", "other"], strong_consistency=["test"]) as running:
        yield running


@pytest.fixture
def connection(server):
    with frames.Connection(server.hosts[0]) as connection:
        yield connection


def exchange(connection, *arguments, **keywords):
    """An answer and its fields."""
    connection.send(frames.message(*arguments, **keywords))
    _, body = connection.receive()
    return read_answer(body), fields_of(body)


def packed(digests):
    """A call that adds digests to a list: [append items, digests]."""
    return b"\x92\x02" + bytes([0x90 | len(digests)]) + b"".join(b"\xb5\x04" + digest for digest in digests)


class Transaction:
    def __init__(self, connection):
        self.connection = connection
        self.number = next(numbers)
        self.id = struct.pack("<Q", self.number)
        self.monitor = {0: b"test", 1: b"<ERO~MRT", 4: frames.new_digest()}

    def tell(self, *digests, first=True, ttl=0):
        begin = [Operation(OP_WRITE, "id", frames.INTEGER, struct.pack(">q", self.number))]
        add = Operation(OP_CDT_MODIFY, "keyds", frames.BLOB, packed(digests))
        return exchange(
            self.connection, 0, WRITE, fields=self.monitor, operations=[*(begin if first else []), add], ttl=ttl
        )

    def mark(self):
        return self.connection.ask(
            0, WRITE, fields=self.monitor, operations=[Operation(OP_WRITE, "fwd", frames.BOOL, b"\1")]
        ).code

    def end(self):
        return self.connection.ask(0, WRITE | REMOVE | DURABLE, fields=self.monitor).code

    def fields(self, digest, **more):
        return {0: b"test", 1: b"demo", 4: digest, TRANSACTION: self.id, **more}

    def write(self, digest, number=1, info4=0, version=None):
        fields = self.fields(digest) | ({} if version is None else {VERSION: version})
        return put(self.connection, fields, number, info4)

    def read(self, digest, version=None):
        fields = self.fields(digest) | ({} if version is None else {VERSION: version})
        return exchange(self.connection, READ, fields=fields, operations=[Operation(OP_READ, "n")])

    def roll(self, digest, how):
        return self.connection.ask(0, WRITE | DURABLE, fields=self.fields(digest), info4=how).code


def put(connection, fields, number=1, info4=0):
    write = Operation(OP_WRITE, "n", frames.INTEGER, struct.pack(">q", number))
    return connection.ask(0, WRITE, fields=fields, operations=[write], info4=info4).code


def number_of(connection, digest):
    answer = connection.ask(READ, fields={0: b"test", 4: digest}, operations=[Operation(OP_READ, "n")])
    return frames.value_of(answer.operations[0]) if answer.code == 0 else None


def verify(connection, digest, version):
    return connection.ask(READ | NO_BINS, fields={0: b"test", 4: digest, VERSION: version}, info4=VERIFY).code


@pytest.fixture
def one(connection):
    return Transaction(connection)


@pytest.fixture
def digest():
    return frames.new_digest()


def test_the_monitor_tells_the_deadline(one, digest):
    (answer, fields), now = one.tell(digest), 0
    assert answer.code == 0
    (deadline,) = struct.unpack("<I", fields[DEADLINE])
    assert deadline > now
    again, fields = one.tell(frames.new_digest(), first=False)
    assert (again.code, struct.unpack("<I", fields[DEADLINE])) == (0, (deadline,))
    longer = Transaction(one.connection)
    _, fields = longer.tell(digest, ttl=100)
    assert 85 <= struct.unpack("<I", fields[DEADLINE])[0] - deadline <= 100


def test_a_monitor_begins_once_and_ends_once(one, digest):
    assert one.tell(digest, first=False)[0].code == EXPIRED
    assert one.tell(digest)[0].code == 0
    assert one.tell(digest)[0].code == EXISTS
    assert (one.end(), one.end()) == (0, 2)
    assert one.mark() == ABORTED


@pytest.mark.parametrize("info", [(READ, 0), (0, WRITE)])
def test_a_monitor_is_no_record(one, info):
    assert one.connection.ask(*info, fields=one.monitor, operations=[Operation(OP_READ, "id")]).code == 22


def test_forward(connection, one, digest):
    one.tell(digest)
    assert one.write(digest, 5) == 0
    assert number_of(connection, digest) is None
    answer, fields = one.read(digest)
    assert frames.value_of(answer.operations[0]) == 5
    assert VERSION not in fields
    assert one.roll(digest, FORWARD) == 4  # not marked yet
    assert (one.mark(), one.mark()) == (0, COMMITTED)
    assert one.tell(frames.new_digest(), first=False)[0].code == COMMITTED
    assert one.write(digest, 6) == COMMITTED
    assert one.roll(digest, BACK) == COMMITTED
    assert number_of(connection, digest) is None
    assert (one.roll(digest, FORWARD), one.roll(digest, FORWARD)) == (0, 0)
    assert number_of(connection, digest) == 5
    assert one.end() == 0


def test_back(connection, one, digest):
    put(connection, {0: b"test", 1: b"demo", 4: digest}, 1)
    one.tell(digest)
    assert one.write(digest, 5) == 0
    assert (one.roll(digest, BACK), one.roll(digest, BACK)) == (0, 0)
    assert number_of(connection, digest) == 1


def test_versions(connection, one, digest):
    record = {0: b"test", 1: b"demo", 4: digest}
    put(connection, record, 1)
    _, fields = one.read(digest)
    version = fields[VERSION]
    assert len(version) == 7
    assert verify(connection, digest, version) == 0
    assert one.read(digest, version)[1][VERSION] == version
    put(connection, record, 1)
    assert one.read(digest)[1][VERSION] != version
    assert verify(connection, digest, version) == MISMATCH
    answer, fields = one.read(digest, version)
    assert (answer.code, VERSION in fields) == (MISMATCH, False)
    assert one.write(digest, 2, version=version) == MISMATCH
    assert verify(connection, frames.new_digest(), version) == MISMATCH


def test_a_write_that_fails_tells_the_version_that_it_saw(connection, one, digest):
    put(connection, {0: b"test", 1: b"demo", 4: digest}, 1)
    one.tell(digest)
    write = Operation(OP_WRITE, "n", frames.INTEGER, bytes(8))
    answer, fields = exchange(connection, 0, WRITE | 1 << 5, fields=one.fields(digest), operations=[write])
    assert answer.code == 5
    assert fields[VERSION] == one.read(digest)[1][VERSION]


def test_what_is_locked(connection, one, digest):
    put(connection, {0: b"test", 1: b"demo", 4: digest}, 1)
    version = one.read(digest)[1][VERSION]
    other = Transaction(connection)
    other.tell(digest)
    assert other.write(digest, 5) == 0
    one.tell(digest)
    assert one.write(digest) == BLOCKED
    assert one.read(digest)[0].code == BLOCKED
    assert put(connection, {0: b"test", 4: digest}) == BLOCKED
    assert connection.ask(0, WRITE | REMOVE | DURABLE, fields={0: b"test", 4: digest}).code == BLOCKED
    assert verify(connection, digest, version) == BLOCKED
    assert one.roll(digest, BACK) == 0
    assert other.write(digest, 6, LOCKING) == LOCKED
    assert number_of(connection, digest) == 1


def test_nobody_writes_whom_the_server_does_not_know(one, digest):
    assert one.write(digest) == EXPIRED


@pytest.mark.parametrize(
    "wrong",
    [
        lambda one, digest: one.connection.ask(READ | NO_BINS, fields={0: b"test", 4: digest, TRANSACTION: b"1"}),
        lambda one, digest: one.connection.ask(0, WRITE, fields={0: b"test", 4: digest}, info4=FORWARD),
        lambda one, digest: one.connection.ask(READ, fields={0: b"test", 4: digest}, info4=VERIFY),
        lambda one, digest: one.connection.ask(READ, fields={0: b"test", 4: digest, VERSION: bytes(8)}, info4=VERIFY),
        lambda one, digest: one.tell(digest, ttl=121)[0],
    ],
)
def test_malformed(one, digest, wrong):
    assert wrong(one, digest).code == 4


def test_elsewhere_there_are_none(one, digest):
    elsewhere = {0: b"other", 1: b"demo", 4: digest}
    for fields in ({**elsewhere, TRANSACTION: one.id}, {**elsewhere, 1: b"<ERO~MRT"}):
        assert put(one.connection, fields) == 16
    assert one.connection.ask(READ, fields=elsewhere, info4=VERIFY).code == 16
