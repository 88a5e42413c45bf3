# SPDX-License-Identifier: Apache-2.0
"""A set with indexes of its own, and queries by them."""

import base64
import struct
import uuid

import frames
from frames import BLOB, BOOL, DOUBLE, INTEGER, LIST, MAP, STRING, Operation
from packing import Raw, pack

OK, PARAMETER, NO_NAMESPACE, NO_INDEX = 0, 4, 20, 201
PARTITIONS = 4096
RECORDS_PER_SECOND, PIDS, DIGESTS, MAX_RECORDS, KEYS = 10, 11, 12, 13, 15
INDEX_NAME, INDEX_RANGE, INDEX_CONTEXT, INDEX_EXPRESSION, INDEX_SOURCE = 21, 22, 23, 24, 26
PARTITION_DONE, LAST = 1 << 2, 1 << 0  # info3
RESPOND_ALL = 1 << 7  # info2
SOURCES = {"default": 0, "list": 1, "mapkeys": 2, "mapvalues": 3}
NO_SUCH = "ERROR:201:no index"
MAP_KEY, LIST_INDEX, LIST_RANK = 0x22, 0x10, 0x11  # steps of a context


def partition_of(digest):
    return struct.unpack_from("<H", digest)[0] & (PARTITIONS - 1)


def end(value):
    if isinstance(value, int):
        value = struct.pack(">q", value)
    value = value.encode() if isinstance(value, str) else value
    return struct.pack(">I", len(value)) + value


def range_of(name, particle, low, high=None):
    """The field of a range: one, the bin, the type of both ends, the ends."""
    data = name.encode()
    return bytes([1, len(data)]) + data + bytes([particle]) + end(low) + end(low if high is None else high)


def particle_of(value):
    """A value as a bin has it: its type, its bytes."""
    if isinstance(value, bool):
        return BOOL, bytes([value])
    if isinstance(value, int):
        return INTEGER, struct.pack(">q", value)
    if isinstance(value, float):
        return DOUBLE, struct.pack(">d", value)
    if isinstance(value, str):
        return STRING, value.encode()
    if isinstance(value, bytes):
        return BLOB, value
    return (LIST if isinstance(value, list) else MAP), pack(value)


def geo(text):
    """The bytes of a GeoJSON value: flags, a number of cells that are not there, the text."""
    return b"\0\0\0" + text.encode()


def point(longitude, latitude):
    return f'{{"type": "Point", "coordinates": [{longitude}, {latitude}]}}'


def circle(longitude, latitude, meters):
    return f'{{"type": "AeroCircle", "coordinates": [[{longitude}, {latitude}], {meters}]}}'


def equal(name, value):
    particle, data = particle_of(value)
    return range_of(name, particle, data)


def between(name, low, high):
    return range_of(name, INTEGER, low, high)


class Rows(list):
    """What a query gave: (digest, key of the entry, answer), in order; and its code."""

    code = OK

    @property
    def digests(self):
        return [digest for digest, _key, _answer in self]


class Indexed:
    """A set with indexes of its own."""

    def __init__(self, connection, namespace):
        self.connection, self.namespace = connection, namespace
        self.name = "index-" + uuid.uuid4().hex[:12]
        self.made = []

    def info(self, command):
        self.connection.send(frames.frame(frames.INFO, command.encode() + b"\n"))
        return self.connection.receive()[1].decode().partition("\t")[2].rstrip("\n")

    def create(self, name="ix", **arguments):
        """Make an index; ``type`` and ``bin`` are those of most tests where they are not given."""
        if not {"bin", "exp", "indexdata"} & set(arguments) and arguments.get("indextype") != "set":
            arguments["bin"] = "n"
        if "indexdata" not in arguments and arguments.get("indextype") != "set":
            arguments.setdefault("type", "numeric")
        named = {"namespace": self.namespace, "set": self.name, "indexname": f"{self.name}-{name}", **arguments}
        answer = self.info("sindex-create:" + ";".join(f"{k}={v}" for k, v in named.items() if v is not None))
        self.made.append(named["indexname"])
        return answer

    def drop(self, name="ix"):
        return self.info(f"sindex-delete:namespace={self.namespace};indexname={self.name}-{name}")

    def list(self, *more):
        text = self.info(";".join([f"sindex-list:namespace={self.namespace}", *more]))
        lines = [dict(part.split("=", 1) for part in line.split(":")) for line in text.split(";") if line]
        return [line for line in lines if line["indexname"].startswith(self.name)]

    def names(self):
        return [line["indexname"].removeprefix(self.name + "-") for line in self.list()]

    def statistics(self, name="ix"):
        text = self.info(f"sindex-stat:namespace={self.namespace};indexname={self.name}-{name}")
        return {k: int(v) for k, v in (part.split("=") for part in text.split(";"))}

    def fields(self, digest=None):
        fields = {frames.FIELD_NAMESPACE: self.namespace.encode(), frames.FIELD_SET: self.name.encode()}
        return fields if digest is None else {**fields, frames.FIELD_DIGEST: digest}

    def operate(self, digest, *operations, info2=0, ttl=0):
        answer = self.connection.ask(
            0, frames.WRITE | info2, fields=self.fields(digest), operations=list(operations), ttl=ttl
        )
        assert answer.code == OK
        return digest

    def put(self, digest=None, ttl=0, **bins):
        written = [Operation(frames.OP_WRITE, name, *particle_of(value)) for name, value in bins.items()]
        return self.operate(digest or frames.new_digest(), *written, ttl=ttl)

    def remove(self, digest):
        answer = self.connection.ask(0, frames.WRITE | frames.REMOVE, fields=self.fields(digest))
        assert answer.code == OK

    def query(self, range_field, pids=range(PARTITIONS), *, info2=0, operations=None, fields=None, **more):
        asked = {**self.fields(), INDEX_RANGE: range_field, **(fields or {})}
        asked |= {globals()[name.upper()]: value for name, value in more.items()}
        if pids:
            asked[PIDS] = struct.pack(f"<{len(pids)}H", *pids)
        info1 = frames.READ | (0 if operations else frames.GET_ALL)
        asked = {kind: value for kind, value in asked.items() if value is not None}
        self.connection.send(frames.message(info1, info2, PARTITION_DONE, fields=asked, operations=operations))
        return self.receive()

    def scan(self, expression):
        """All records of the set for which an expression is true, found without an index."""
        return self.query(None, fields={frames.FIELD_FILTER: pack(expression)})

    def receive(self):
        rows = Rows()
        while True:
            kind, body = self.connection.receive()
            assert kind == frames.MESSAGE
            for one in frames.messages(body):
                answer = frames.read_answer(one)
                if answer.info3 & LAST:
                    rows.code = answer.code
                    return rows
                fields = frames.fields_of(one)
                rows.append((fields[frames.FIELD_DIGEST], struct.unpack("<q", fields.get(KEYS, bytes(8)))[0], answer))


def same(rows, digests):
    assert rows.code == OK
    assert sorted(rows.digests) == sorted(digests)


def encoded(value):
    return base64.b64encode(pack(value)).decode()


INT_K = [81, 2, Raw(b"k")]  # an expression: the bin k
