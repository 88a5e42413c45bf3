# SPDX-License-Identifier: Apache-2.0
"""Frames of the wire protocol, made and read here by hand, so that a mistake shared by client and server shows."""

from __future__ import annotations

import itertools
import os
import socket
import struct
from typing import Any, NamedTuple

from packing import unpack

INFO, ADMIN, MESSAGE, COMPRESSED = 1, 2, 3, 4  # kinds of frames
READ, GET_ALL, BATCH, NO_BINS = 1 << 0, 1 << 1, 1 << 3, 1 << 5  # info1
WRITE, REMOVE, RESPOND_ALL = 1 << 0, 1 << 1, 1 << 7  # info2
LAST = 1 << 0  # info3
FIELD_NAMESPACE, FIELD_SET, FIELD_KEY, FIELD_DIGEST, FIELD_BATCH, FIELD_FILTER = 0, 1, 2, 4, 41, 43
OP_READ, OP_WRITE, OP_CDT_READ, OP_CDT_MODIFY, OP_EXP_READ, OP_EXP_MODIFY, OP_TO_STRING = 1, 2, 3, 4, 7, 8, 19
OP_BIT_READ, OP_HLL_READ, OP_STRING_READ = 12, 15, 17  # each with a modifying one after it

INTEGER, DOUBLE, STRING, BLOB, BOOL, HLL, MAP, LIST, GEOJSON = 1, 2, 3, 4, 17, 18, 19, 20, 23

_FRAME = struct.Struct(">BBHI")
_MESSAGE = struct.Struct(">BBBBBBIIIHH")
_COUNTS = struct.Struct(">HH")
_numbers = itertools.count()


class Operation(NamedTuple):
    code: int
    name: str
    particle: int = 0
    value: bytes = b""


class Answer(NamedTuple):
    code: int
    generation: int
    void_time: int
    operations: list[Operation]
    index: int = 0  # in a batch
    info3: int = 0


def new_digest() -> bytes:
    """The digest of a key that no other test has."""
    return os.urandom(16) + struct.pack(">I", next(_numbers))


def frame(kind: int, body: bytes) -> bytes:
    return _FRAME.pack(2, kind, len(body) >> 32, len(body) & 0xFFFFFFFF) + body


def contents(fields: dict[int, bytes], operations: list[Operation] | None = None) -> bytes:
    """Fields and operations, behind their numbers."""
    operations = operations or []
    parts = [_COUNTS.pack(len(fields), len(operations))]
    for kind, value in fields.items():
        parts.append(struct.pack(">IB", len(value) + 1, kind) + value)
    for op in operations:
        name = op.name.encode()
        head = struct.pack(">IBBBB", 4 + len(name) + len(op.value), op.code, op.particle, 0, len(name))
        parts += (head, name, op.value)
    return b"".join(parts)


def message(
    info1: int = 0,
    info2: int = 0,
    info3: int = 0,
    *,
    fields: dict[int, bytes],
    operations: list[Operation] | None = None,
    generation: int = 0,
    ttl: int = 0,
    info4: int = 0,
) -> bytes:
    header = struct.pack(">BBBBBBIII", 22, info1, info2, info3, info4, 0, generation, ttl, 1000)
    return frame(MESSAGE, header + contents(fields, operations))


def entry(
    index: int,
    digest: bytes,
    *info: int,
    fields: dict[int, bytes],
    operations: list[Operation] | None = None,
    generation: int | None = None,
    ttl: int | None = None,
) -> bytes:
    """A request of a batch. ``info`` are three bytes or four; one alone is how clients of old wrote a read."""
    has = {1: 0, 3: 2, 4: 2 | 16}[len(info)] | (4 if generation is not None else 0) | (8 if ttl is not None else 0)
    parts = [struct.pack(">I", index), digest, bytes([has, *info])]
    if generation is not None:
        parts.append(struct.pack(">H", generation))
    if ttl is not None:
        parts.append(struct.pack(">I", ttl))
    return b"".join(parts) + contents(fields, operations)


def repeat(index: int, digest: bytes) -> bytes:
    """A request of a batch that is the one before it, for another record."""
    return struct.pack(">I", index) + digest + b"\1"


def batch(*entries: bytes, flags: int = 0, fields: dict[int, bytes] | None = None, info1: int = 0) -> bytes:
    """Many requests in one message."""
    value = struct.pack(">IB", len(entries), flags) + b"".join(entries)
    return message(BATCH | info1, fields={**(fields or {}), FIELD_BATCH: value})


def messages(body: bytes) -> list[bytes]:
    """The messages that share a frame."""
    found = []
    while body:
        at = _MESSAGE.size
        for _ in range(sum(_MESSAGE.unpack_from(body)[-2:])):
            (size,) = struct.unpack_from(">I", body, at)
            at += 4 + size
        found.append(body[:at])
        body = body[at:]
    return found


def read_answer(body: bytes) -> Answer:
    _, _, _, info3, _, code, generation, void_time, index, n_fields, n_operations = _MESSAGE.unpack_from(body)
    at = _MESSAGE.size
    for _ in range(n_fields):
        (size,) = struct.unpack_from(">I", body, at)
        at += 4 + size
    operations = []
    for _ in range(n_operations):
        size, op, particle, _, name_size = struct.unpack_from(">IBBBB", body, at)
        name = body[at + 8 : at + 8 + name_size].decode()
        operations.append(Operation(op, name, particle, body[at + 8 + name_size : at + 4 + size]))
        at += 4 + size
    assert at == len(body)
    return Answer(code, generation, void_time, operations, index, info3)


def fields_of(body: bytes) -> dict[int, bytes]:
    """The fields of an answer, by type."""
    n_fields = _MESSAGE.unpack_from(body)[9]
    at, fields = _MESSAGE.size, {}
    for _ in range(n_fields):
        size, kind = struct.unpack_from(">IB", body, at)
        fields[kind] = body[at + 5 : at + 4 + size]
        at += 4 + size
    return fields


def value_of(operation: Operation) -> Any:
    """The Python value of an operation in an answer."""
    particle, data = operation.particle, operation.value
    if particle == 0:
        return None
    if particle == INTEGER:
        return int.from_bytes(data, "big", signed=True)
    if particle == DOUBLE:
        return struct.unpack(">d", data)[0]
    if particle == BOOL:
        return data != b"\0"
    if particle == STRING:
        return data.decode()
    if particle in (MAP, LIST):
        return unpack(data)
    return data


class Connection:
    """A socket that speaks in frames."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self._socket = socket.create_connection(address, timeout=60)  # a server that hangs, not one that is slow

    def close(self) -> None:
        self._socket.close()

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def _read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            part = self._socket.recv(size - len(data))
            if not part:
                raise ConnectionError(f"the server closed after {len(data)} of {size} bytes")
            data += part
        return data

    def receive(self) -> tuple[int, bytes]:
        """Type and body of the next frame."""
        version, kind, high, low = _FRAME.unpack(self._read(_FRAME.size))
        assert version == 2
        return kind, self._read(high << 32 | low)

    def answers(self) -> list[Answer]:
        """Those of an answer of many messages, maybe in many frames, with the last one."""
        found: list[Answer] = []
        while not found or not found[-1].info3 & LAST:
            kind, body = self.receive()
            assert kind == MESSAGE
            found += map(read_answer, messages(body))
        return found

    def ask(self, *arguments: Any, **keywords: Any) -> Answer:
        """Send a :func:`message` and read its answer."""
        self.send(message(*arguments, **keywords))
        kind, body = self.receive()
        assert kind == MESSAGE
        return read_answer(body)
