# SPDX-License-Identifier: Apache-2.0
"""Values as the server's msgpack has them: text and bytes begin with their type."""

from __future__ import annotations

import struct
from typing import Any


class Raw(bytes):
    """Bytes without a type in front: the names and patterns in expressions."""


class Packed(bytes):
    """What is msgpack already."""


class Geo(str):
    """GeoJSON."""


INFINITY, WILDCARD = Packed(b"\xd4\xff\x01"), Packed(b"\xd4\xff\x00")


def _header(size: int, short: int, most: int, code: int, widths: str) -> bytes:
    if size <= most:
        return bytes([short | size])
    for offset, width in enumerate(widths):
        if size < 1 << 8 * struct.calcsize(width):
            return struct.pack(">B" + width, code + offset, size)
    raise ValueError(size)


def _bytes(data: bytes) -> bytes:
    return _header(len(data), 0xA0, 31, 0xD9, "BHI") + data


def pack(value: Any) -> bytes:
    if isinstance(value, Packed):
        return bytes(value)
    if isinstance(value, Raw):
        return _bytes(value)
    if value is None:
        return b"\xc0"
    if isinstance(value, bool):
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        if -32 <= value < 128:
            return struct.pack(">b", value)
        return struct.pack(">Bq", 0xD3, value)
    if isinstance(value, float):
        return struct.pack(">Bd", 0xCB, value)
    if isinstance(value, Geo):
        return _bytes(b"\x17" + value.encode())
    if isinstance(value, str):
        return _bytes(b"\x03" + value.encode())
    if isinstance(value, bytes):
        return _bytes(b"\x04" + value)
    if isinstance(value, (list, tuple)):
        return _header(len(value), 0x90, 15, 0xDC, "HI") + b"".join(map(pack, value))
    if isinstance(value, dict):
        return _header(len(value), 0x80, 15, 0xDE, "HI") + b"".join(pack(k) + pack(v) for k, v in value.items())
    raise TypeError(type(value))


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, size: int) -> bytes:
        part = self.data[self.at : self.at + size]
        assert len(part) == size, "cut short"
        self.at += size
        return part

    def number(self, form: str) -> Any:
        return struct.unpack(">" + form, self.take(struct.calcsize(form)))[0]

    def text(self, size: int) -> Any:
        kind, data = self.take(1)[0], self.take(size - 1)
        return data.decode() if kind == 3 else Geo(data.decode()) if kind == 23 else data

    def flags(self) -> bool:
        """Skip the mark of an ordered list or map."""
        marked = self.data[self.at : self.at + 1] == b"\xc7"
        if marked:
            self.take(3)
        return marked

    def list(self, size: int) -> list[Any]:
        size -= bool(size) and self.flags()
        return [self.value() for _ in range(size)]

    def map(self, size: int) -> dict[Any, Any]:
        if size and self.flags():
            self.value()
            size -= 1
        return {self.value(): self.value() for _ in range(size)}

    def value(self) -> Any:
        code = self.number("B")
        if code < 0x80 or code >= 0xE0:
            return code if code < 0x80 else code - 256
        if code < 0xC0:
            read, mask = (self.map, 15) if code < 0x90 else (self.list, 15) if code < 0xA0 else (self.text, 31)
            return read(code & mask)
        if code in (0xC0, 0xC2, 0xC3):
            return {0xC0: None, 0xC2: False, 0xC3: True}[code]
        if code in (0xCA, 0xCB):
            return self.number("fd"[code - 0xCA])
        if 0xCC <= code <= 0xD3:
            return self.number("BHIQbhiq"[code - 0xCC])
        sized = {0xD9: ("B", self.text), 0xDA: ("H", self.text), 0xDB: ("I", self.text)}
        sized |= {0xDC: ("H", self.list), 0xDD: ("I", self.list), 0xDE: ("H", self.map), 0xDF: ("I", self.map)}
        form, read = sized[code]
        return read(self.number(form))


def unpack(data: bytes) -> Any:
    reader = _Reader(data)
    value = reader.value()
    assert reader.at == len(data), "bytes left over"
    return value
