# SPDX-License-Identifier: Apache-2.0
"""Reads that a client may send, and reads that make no sense."""

import frames
from frames import Operation


def test_a_read_of_nothing_is_refused(connection, namespace):
    fields = {
        frames.FIELD_NAMESPACE: namespace.encode(),
        frames.FIELD_SET: b"reads",
        frames.FIELD_DIGEST: frames.new_digest(),
    }
    assert connection.ask(frames.READ, fields=fields).code == 2  # there is no such record
    write = Operation(frames.OP_WRITE, "a", frames.INTEGER, (5).to_bytes(8, "big"))
    assert connection.ask(0, frames.WRITE, fields=fields, operations=[write]).code == 0
    answer = connection.ask(frames.READ, fields=fields)
    assert (answer.code, answer.operations) == (4, [])
    assert connection.ask(frames.READ | frames.GET_ALL, fields=fields).code == 0
