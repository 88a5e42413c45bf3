# SPDX-License-Identifier: Apache-2.0
"""What is stored and how it goes: expiry, truncation, scans by partition and page by page, in frames made by hand."""

import re
import struct
import time
import uuid

import frames
import pytest
from frames import INTEGER, Operation
from packing import Raw, pack

import aerospike
from aerospike import embedded

OK, NOT_FOUND, PARAMETER, UNSUPPORTED, NO_NAMESPACE, NO_INDEX = 0, 2, 4, 16, 20, 201
PARTITIONS = 4096
TASK_ID, SOCKET_TIMEOUT, RECORDS_PER_SECOND, PIDS, DIGESTS, MAX_RECORDS, INDEX_RANGE, BINS = (
    7,
    9,
    10,
    11,
    12,
    13,
    22,
    40,
)
NO_BINS = 1 << 5  # info1
LAST, NO_WORD_OF_PARTITIONS = 1 << 0, 1 << 2  # info3
NEVER, KEEP, DEFAULT = 0xFFFFFFFF, 0xFFFFFFFE, 0
EPOCH = 1262304000  # of times on the wire, in seconds since 1970


def partition_of(digest):
    return struct.unpack_from("<H", digest)[0] & (PARTITIONS - 1)


def scan_of(fields):
    return frames.message(frames.READ | frames.GET_ALL, 0, NO_WORD_OF_PARTITIONS, fields=fields)


class Set:
    """A set that no other test has."""

    def __init__(self, connection, namespace):
        self.connection, self.namespace = connection, namespace
        self.name = "store-" + uuid.uuid4().hex[:12]

    def fields(self, digest=None):
        fields = {frames.FIELD_NAMESPACE: self.namespace.encode(), frames.FIELD_SET: self.name.encode()}
        return fields if digest is None else {**fields, frames.FIELD_DIGEST: digest}

    def write(self, value, *, digest=None, ttl=DEFAULT):
        digest = digest or frames.new_digest()
        operation = Operation(frames.OP_WRITE, "n", INTEGER, struct.pack(">q", value))
        answer = self.connection.ask(0, frames.WRITE, fields=self.fields(digest), operations=[operation], ttl=ttl)
        assert answer.code == OK
        return digest

    def read(self, digest):
        return self.connection.ask(frames.READ | frames.GET_ALL, fields=self.fields(digest))

    def scan(self, pids=range(PARTITIONS), *, info1=frames.READ | frames.GET_ALL, operations=None, **more):
        """The code at the end, and what came: digest to answer, in order."""
        fields = self.fields()
        fields |= {TASK_ID: uuid.uuid4().bytes[:8], SOCKET_TIMEOUT: struct.pack(">I", 10000)}
        fields |= {globals()[name.upper()]: value for name, value in more.items()}
        if pids:
            fields[PIDS] = struct.pack(f"<{len(pids)}H", *pids)
        self.connection.send(frames.message(info1, 0, NO_WORD_OF_PARTITIONS, fields=fields, operations=operations))
        return self.receive()

    def receive(self):
        found = {}
        while True:
            kind, frame = self.connection.receive()
            assert kind == frames.MESSAGE
            *records, last = frames.messages(frame)
            for body in [*records, last]:
                answer = frames.read_answer(body)
                if body[3] & LAST:
                    assert body is last
                    return answer.code, found
                assert answer.code == OK
                digest = frames.fields_of(body)[frames.FIELD_DIGEST]
                assert digest not in found
                found[digest] = answer

    def info(self, command):
        self.connection.send(frames.frame(1, command.encode() + b"\n"))
        return self.connection.receive()[1].decode().partition("\t")[2].rstrip("\n")


@pytest.fixture
def some_set(connection, namespace):
    made = Set(connection, namespace)
    yield made
    made.info(f"truncate:namespace={namespace};set={made.name}")


def values(found):
    return sorted(frames.value_of(answer.operations[0]) for answer in found.values())


# ---- expiry ----


def test_a_record_expires(some_set):
    digest, kept = some_set.write(1, ttl=4), some_set.write(2, ttl=NEVER)  # by whole seconds of the clock
    answer = some_set.read(digest)
    assert 0 < answer.void_time + EPOCH - time.time() <= 4
    assert some_set.read(kept).void_time == 0
    deadline = time.monotonic() + 60
    while some_set.read(digest).code == OK:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert some_set.read(digest).code == NOT_FOUND
    assert list(some_set.scan()[1]) == [kept]
    some_set.write(3, digest=digest)
    assert some_set.read(digest).generation == 1  # a new record


def test_expired_records_are_taken_away():
    """From a server of its own: when another one does is a matter of its configuration."""
    with embedded.Server() as server, frames.Connection(server.hosts[0]) as connection:
        some_set = Set(connection, "test")
        for i in range(10):
            some_set.write(i, ttl=4)
        count = f"sets/test/{some_set.name}"
        assert some_set.info(count).startswith("objects=10:")
        deadline = time.monotonic() + 60
        while not some_set.info(count).startswith("objects=0:"):
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_a_ttl_that_is_kept_and_one_that_is_renewed(some_set):
    digest = some_set.write(1, ttl=100)
    void_time = some_set.read(digest).void_time
    some_set.write(2, digest=digest, ttl=KEEP)
    assert some_set.read(digest).void_time == void_time
    some_set.write(2, digest=digest, ttl=1000)
    assert some_set.read(digest).void_time >= void_time + 899
    some_set.write(2, digest=digest, ttl=NEVER)
    assert some_set.read(digest).void_time == 0


def test_expired_records_are_counted_once():
    """Whether a command finds them or the server takes them away."""
    with embedded.Server() as server, aerospike.client(server.config) as client:
        keys = [("test", "s", i) for i in range(200)]
        for key in keys:
            client.put(key, {"a": 1}, {"ttl": 1})
        deadline = time.monotonic() + 30
        counted = 0
        while counted < len(keys):
            assert time.monotonic() < deadline
            for key in keys:
                client.exists(key)
            counted = int(re.search(r"expired_objects=(\d+)", client.info_random_node("namespace/test\n"))[1])
        assert counted == len(keys)


# ---- truncation ----


def test_truncate_a_set(some_set, connection, namespace):
    other = Set(connection, namespace)
    kept = other.write(1)
    gone = some_set.write(1)
    time.sleep(0.002)  # a server spares what was written in the truncation's own millisecond
    assert some_set.info(f"truncate:namespace={namespace};set={some_set.name}") == "ok"
    deadline = time.monotonic() + 60
    while some_set.read(gone).code == OK:
        assert time.monotonic() < deadline
    assert other.read(kept).code == OK
    later = some_set.write(2)
    assert some_set.read(later).code == OK
    other.info(f"truncate:namespace={namespace};set={other.name}")


def test_truncate_what_was_written_before(some_set, namespace):
    before = some_set.write(1)
    time.sleep(0.05)
    until = time.time_ns()
    time.sleep(0.05)
    after = some_set.write(2)
    assert some_set.info(f"truncate:namespace={namespace};set={some_set.name};lut={until}") == "ok"
    deadline = time.monotonic() + 60
    while some_set.read(before).code == OK:
        assert time.monotonic() < deadline
    assert some_set.read(after).code == OK


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        ("", "ERROR:20:missing 'namespace'"),
        ("ns={ns};set={set}", "ERROR:20:missing 'namespace'"),
        ("namespace=;set={set}", "ERROR:20:missing 'namespace' value"),
        ("namespace={ns}", "ERROR:4:missing 'set'"),
        ("namespace={ns};set", "ERROR:4:missing 'set'"),
        ("namespace={ns};set=", "ERROR:4:missing 'set' value"),
        ("namespace={ns};set=" + "s" * 64, "ERROR:4:'set' value too long"),
        ("namespace={ns};set={set};lut=", "ERROR:4:missing 'lut' value"),
        ("namespace={ns};set={set};lut=0", "ERROR:4:would truncate to 0"),
        ("namespace={ns};set={set};lut=1", "ERROR:4:would truncate to 0"),
        ("namespace={ns};set={set};lut=x", "ERROR:4:would truncate to 0"),
        ("namespace={ns};set={set};lut=4102444800000000000", "ERROR:4:would truncate in the future"),
        ("namespace={ns};set={set};lut=99999999999999999999999", "ERROR:4:would truncate in the future"),
        ("namespace={ns};set=nosuch", "ok"),
        ("namespace=nosuch;set={set}", "ok"),
    ],
)
def test_truncations_that_remove_nothing(some_set, arguments, answer):
    digest = some_set.write(1)
    arguments = arguments.format(ns=some_set.namespace, set=some_set.name)
    assert some_set.info("truncate:" + arguments) == answer
    assert some_set.info("truncate-undo:" + arguments.partition(";lut")[0]) == ("ok" if "lut=" in arguments else answer)
    assert some_set.read(digest).code == OK


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        ("", "ERROR:20:missing 'namespace'"),
        ("namespace=", "ERROR:20:missing 'namespace' value"),
        ("namespace={ns};set=x", "ERROR:4:unexpected set name"),
        ("namespace={ns};set=", "ERROR:4:unexpected set name"),
        ("namespace={ns};lut=", "ERROR:4:missing 'lut' value"),
        ("namespace={ns};lut=0", "ERROR:4:would truncate to 0"),
        ("namespace={ns};lut=18446744073709551615", "ERROR:4:would truncate in the future"),
        ("namespace=nosuch", "ok"),
    ],
)
def test_truncations_of_a_namespace_that_remove_nothing(some_set, arguments, answer):
    digest = some_set.write(1)
    assert some_set.info("truncate-namespace:" + arguments.format(ns=some_set.namespace)) == answer
    assert some_set.read(digest).code == OK


# ---- scans ----


@pytest.fixture
def filled(some_set):
    """The set with 200 records: value by digest."""
    some_set.written = {some_set.write(i): i for i in range(200)}
    return some_set


def test_a_scan_gives_every_record_once(filled):
    code, found = filled.scan()
    assert code == OK
    assert {digest: frames.value_of(answer.operations[0]) for digest, answer in found.items()} == filled.written


def test_a_scan_goes_by_partition(filled):
    wanted = sorted({partition_of(digest) for digest in filled.written})[::2]
    code, found = filled.scan(wanted)
    assert code == OK
    assert set(found) == {digest for digest in filled.written if partition_of(digest) in wanted}
    order = [partition_of(digest) for digest in found]
    assert order == sorted(order)


def test_a_scan_goes_on_after_a_digest(filled):
    partition = partition_of(frames.new_digest())
    head = struct.pack("<H", partition)
    digests = sorted((filled.write(i, digest=head + frames.new_digest()[2:]) for i in range(10)), reverse=True)
    code, found = filled.scan([], digests=digests[3])
    assert code == OK
    assert [digest for digest in found if digest in digests] == digests[4:]
    before = [digest for digest in filled.scan([partition])[1] if digest in digests]
    assert before == digests
    first = filled.scan([partition], max_records=struct.pack(">Q", 1))[1]
    assert list(first) == [max({*digests, *first})]


def test_pages(filled):
    """Pages as a client makes them: partitions that have not begun, and digests to go on after."""
    waiting, resumed, seen = set(range(PARTITIONS)), {}, []
    for _ in range(100):
        page = {"max_records": struct.pack(">Q", 30)}
        if resumed:
            page["digests"] = b"".join(resumed.values())
        code, found = filled.scan(sorted(waiting - set(resumed)), **page)
        assert code == OK
        assert len(found) <= 30
        seen += found
        for digest in found:
            resumed[partition_of(digest)] = digest
        if len(found) < 30:
            break
    assert sorted(seen) == sorted(filled.written)


def test_max_records(filled):
    for count in (1, 7, 200, 1000):
        code, found = filled.scan(max_records=struct.pack(">Q", count))
        assert (code, len(found)) == (OK, min(count, 200))


def test_a_scan_without_bins(filled):
    _, found = filled.scan(info1=frames.READ | NO_BINS)
    assert len(found) == 200
    assert all(answer.operations == [] and answer.generation == 1 for answer in found.values())


def test_a_scan_of_some_bins(filled):
    for more in [
        {"operations": [Operation(frames.OP_READ, "n"), Operation(frames.OP_READ, "x")]},
        {"bins": b"\2\1n\1x"},
    ]:
        _, found = filled.scan(info1=frames.READ, **more)
        assert values(found) == list(range(200))


def test_a_record_without_the_bins_asked_for_is_left_out(filled):
    assert filled.scan(info1=frames.READ, bins=b"\2\1x\1y") == (OK, {})
    assert filled.scan(info1=frames.READ, operations=[Operation(frames.OP_READ, "x")]) == (OK, {})
    assert len(filled.scan(info1=frames.READ | NO_BINS, operations=[Operation(frames.OP_READ, "x")])[1]) == 200
    for count in (1, 3):  # nor does it count
        assert filled.scan(info1=frames.READ, bins=b"\1\1x", max_records=struct.pack(">Q", count)) == (OK, {})


def test_a_scan_that_waits_for_a_word_of_each_partition(filled):
    """As clients of old did."""
    fields = {**filled.fields(), PIDS: struct.pack("<H", 0)}
    filled.connection.send(frames.message(frames.READ | frames.GET_ALL, fields=fields))
    assert filled.receive() == (UNSUPPORTED, {})


def test_several_records_share_a_frame(filled):
    filled.connection.send(scan_of({**filled.fields(), PIDS: struct.pack(f"<{PARTITIONS}H", *range(PARTITIONS))}))
    sizes, last = [], 0
    while not last & LAST:
        bodies = frames.messages(filled.connection.receive()[1])
        sizes.append(len(bodies))
        last = bodies[-1][3]
    assert sum(sizes) == 201
    assert len(sizes) < 20


def test_a_scan_with_a_filter(filled):
    fields = {**filled.fields(), PIDS: struct.pack(f"<{PARTITIONS}H", *range(PARTITIONS))}
    fields[frames.FIELD_FILTER] = pack([5, [81, 2, Raw(b"n")], 10])  # n < 10
    filled.connection.send(scan_of(fields))
    code, found = filled.receive()
    assert code == OK
    assert values(found) == list(range(10))


def test_a_limited_rate(filled):
    begin = time.monotonic()
    code, found = filled.scan(records_per_second=struct.pack(">I", 400))
    assert (code, len(found)) == (OK, 200)
    assert time.monotonic() - begin > 0.2


def test_a_scan_takes_turns_with_other_requests(filled, connection, namespace, hosts):
    """A long scan holds up no other connection."""
    with frames.Connection(hosts[0]) as slow:
        scanning = Set(slow, namespace)
        scanning.name = filled.name
        fields = {**scanning.fields(), PIDS: struct.pack(f"<{PARTITIONS}H", *range(PARTITIONS))}
        fields[RECORDS_PER_SECOND] = struct.pack(">I", 1)  # of 200: some minutes
        slow.send(scan_of(fields))
        assert slow.receive()[0] == frames.MESSAGE
        for digest in list(filled.written)[:50]:
            assert filled.read(digest).code == OK


def test_a_client_that_leaves_during_a_scan(filled, namespace, hosts):
    for _ in range(20):
        with frames.Connection(hosts[0]) as leaving:
            gone = Set(leaving, namespace)
            gone.name = filled.name
            fields = {**gone.fields(), PIDS: struct.pack(f"<{PARTITIONS}H", *range(PARTITIONS))}
            leaving.send(scan_of(fields))
            leaving.receive()
    assert filled.scan()[0] == OK


def test_requests_behind_a_scan_wait_for_its_end(filled):
    digest = next(iter(filled.written))
    scan = {**filled.fields(), PIDS: struct.pack(f"<{PARTITIONS}H", *range(PARTITIONS))}
    scan = scan_of(scan)
    get = frames.message(frames.READ | frames.GET_ALL, fields=filled.fields(digest))
    filled.connection.send(scan + get + scan)
    assert len(filled.receive()[1]) == 200
    assert frames.read_answer(filled.connection.receive()[1]).code == OK
    assert len(filled.receive()[1]) == 200


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"pids": [PARTITIONS]}, PARAMETER),
        ({"digests": bytes(19)}, PARAMETER),
    ],
)
@pytest.mark.embedded_only("malformed on purpose")
def test_a_malformed_scan(filled, more, code):
    assert filled.scan(**more) == (code, {})


def test_a_scan_of_what_is_not_there(filled, connection):
    empty = Set(connection, filled.namespace)
    assert empty.scan() == (OK, {}) or empty.scan()[0] == NOT_FOUND
    unknown = Set(connection, "nosuch")
    assert unknown.scan()[0] == NO_NAMESPACE
