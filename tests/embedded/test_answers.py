# SPDX-License-Identifier: Apache-2.0
"""Every answer has the bytes of a real server's of version 8.1 (tests/data/wire.jsonl): the recorded requests, as they
were sent, on records made by a client."""

import collections
import struct

import frames
import measured
import pytest
from fix_server import NAMESPACE
from measured_commands import prepare_operation, prepare_record

pytestmark = pytest.mark.skipif(NAMESPACE != "test", reason="the recorded requests name the namespace test")

RECORDS = "records"
PREPARE = {"operations": ("vectors", prepare_operation), RECORDS: ("rvectors", prepare_record)}
LINES = {(file, line["n"]): line for file in PREPARE for line in measured.lines(f"{file}.jsonl")}
WIRE = collections.defaultdict(list)
for _wire in measured.lines("wire.jsonl"):
    _line = LINES[_wire["file"], _wire["n"]]
    WIRE[_line.get("op") or f"record.{_line['cmd']}"].append(_wire)


def steady(answer):
    """The body of an answer but for the moment: a void time, which depends on the clock, is 1 where there is one."""
    (void_time,) = struct.unpack_from(">I", answer, 10)
    return (answer[:10] + struct.pack(">I", void_time and 1) + answer[14:]).hex()


@pytest.mark.parametrize("command", sorted(WIRE))
def test_measured_bytes(client, connection, command):
    wrong = []
    for wire in WIRE[command]:
        line = LINES[wire["file"], wire["n"]]
        set_name, prepare = PREPARE[wire["file"]]
        prepare(client, line, (NAMESPACE, set_name, line["n"]))
        connection.send(bytes.fromhex(wire["request"]))
        kind, got = connection.receive()
        want = bytes.fromhex(wire["response"])[8:]
        if kind != frames.MESSAGE or steady(got) != steady(want):
            wrong.append((wire["file"], wire["n"], steady(want), steady(got)))
    assert wrong == []
