# SPDX-License-Identifier: Apache-2.0
"""The client against the bytes of a real server (tests/data/wire.jsonl): recorded answers are shown as measured, and
requests are those that the vendor's client sent."""

import collections

import fix_proxy
import measured
import pytest
import test_vectors_operations as operations
import test_vectors_records as records
from fix_server import NAMESPACE
from measured_commands import operation

import aerospike
from aerospike import exception

pytestmark = pytest.mark.skipif(NAMESPACE != "test", reason="the recorded requests name the namespace test")

OPERATIONS, RECORDS = "operations", "records"
LINES = {(file, line["n"]): line for file in (OPERATIONS, RECORDS) for line in measured.lines(f"{file}.jsonl")}
WIRE = measured.lines("wire.jsonl")
COMMANDS = collections.defaultdict(list)
for _wire in WIRE:
    _line = LINES[_wire["file"], _wire["n"]]
    COMMANDS[_line.get("op") or f"record.{_line['cmd']}"].append((_wire, _line))
DIGEST = 4  # the type of the field


def timeless(request):
    """A request but for the client's timeout."""
    return request[:22] + bytes(4) + request[26:]


def digest(request):
    at = 8 + request[8]
    for _ in range(int.from_bytes(request[26:28], "big")):
        size = int.from_bytes(request[at : at + 4], "big")
        if request[at + 4] == DIGEST:
            return request[at + 5 : at + 4 + size]
        at += 4 + size
    raise AssertionError("a request without a digest")


def same_request(command, sent, recorded):
    if command == "op.write":  # the entries of a dict go in its order, which is not the vendor's; the server sorts them
        return sorted(timeless(sent)) == sorted(timeless(recorded))
    return timeless(sent) == timeless(recorded)


def first(error):
    """The code of a measured error."""
    return error[0] if isinstance(error, list) else error


class Replay(fix_proxy.Proxy):
    """Answers what was recorded, found by the digest of the key, and notes what it was asked."""

    def __init__(self, address):
        super().__init__(address)
        self.answers = {digest(bytes.fromhex(wire["request"])): bytes.fromhex(wire["response"]) for wire in WIRE}
        self.asked = {}

    def _hand_on(self, source, target, kind, frame):
        if kind == fix_proxy.MESSAGE:
            self.asked[digest(frame)] = frame
            source.sendall(self.answers[digest(frame)])
        else:
            super()._hand_on(source, target, kind, frame)


@pytest.fixture(scope="module")
def replay(hosts):
    made = Replay(hosts[0][:2])
    yield made
    made.close()


@pytest.fixture(scope="module")
def replayed(replay):
    """A client that is given what was recorded."""
    with aerospike.client({"hosts": replay.hosts, "policies": {"total_timeout": 10000, "max_retries": 0}}) as client:
        yield client


def shown(client, line, file):
    """The answer as the measurements have it."""
    if file == RECORDS:
        return records.show(records.call(client, line, (NAMESPACE, records.SET, line["n"])))
    results = client.operate_ordered((NAMESPACE, operations.SET, line["n"]), [operation(line)])[2]
    return [measured.encode(list(result)) for result in results]


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_recorded_bytes(replay, replayed, command):
    """What is shown of recorded answers, and that the requests are those of the vendor's client."""
    wrong = []
    for wire, line in COMMANDS[command]:
        request = bytes.fromhex(wire["request"])
        try:
            got = {"result": shown(replayed, line, wire["file"])}
        except exception.AerospikeError as error:
            got = {"error": error.code}
        want = {"result": line["result"]} if "result" in line else {"error": first(line["error"])}
        sent = replay.asked.pop(digest(request), None)
        refused = sent is None and "error" in got  # what the server refuses may be refused before it is sent
        if got != want or not (refused or same_request(command, sent, request)):
            wrong.append((line["n"], line["args"], want, got, request.hex(), sent and sent.hex()))
    assert wrong == []
