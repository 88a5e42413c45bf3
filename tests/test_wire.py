# SPDX-License-Identifier: Apache-2.0
"""Every policy and meta key reaches the wire: read back from the frame that was sent.

A relay stands between the client and the server. It rewrites the address that the server tells, so that the client
keeps talking to it, and remembers what passes.
"""

import contextlib
import dataclasses
import socket
import struct
import threading
import zlib

import pytest

import aerospike
from aerospike import embedded
from aerospike_helpers.expressions import base


@dataclasses.dataclass
class Request:
    """One message frame, taken apart."""

    info1: int
    info2: int
    info3: int
    info4: int
    generation: int
    ttl: int
    timeout: int
    fields: dict
    ops: list
    compressed: bool


def parse(body, compressed=False):
    head = struct.unpack(">BBBBBBIIIHH", body[:22])
    position, fields, ops = 22, {}, []
    for _ in range(head[9]):
        size = struct.unpack(">I", body[position : position + 4])[0]
        fields[body[position + 4]] = body[position + 5 : position + 4 + size]
        position += 4 + size
    for _ in range(head[10]):
        size, op, particle, _, name = struct.unpack(">IBBBB", body[position : position + 8])
        ops.append(
            (
                op,
                particle,
                body[position + 8 : position + 8 + name].decode(),
                body[position + 8 + name : position + 4 + size],
            )
        )
        position += 4 + size
    return Request(*head[1:5], head[6], head[7], head[8], fields, ops, compressed)


class Relay:
    """Passes bytes both ways and keeps the message frames of the client."""

    def __init__(self, port):
        self.target = port
        self.requests = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                server = socket.create_connection(("127.0.0.1", self.target))
                threading.Thread(target=self.pump, args=(client, server, self.keep), daemon=True).start()
                threading.Thread(target=self.pump, args=(server, client, self.rewrite), daemon=True).start()

    def pump(self, source, target, change):
        with contextlib.suppress(OSError), source, target:
            while head := self.exactly(source, 8):
                body = self.exactly(source, int.from_bytes(head[2:8], "big"))
                body = change(head[1], body)
                target.sendall(head[:2] + len(body).to_bytes(6, "big") + body)
            target.shutdown(socket.SHUT_WR)

    @staticmethod
    def exactly(source, size):
        data = b""
        while len(data) < size:
            piece = source.recv(size - len(data))
            if not piece:
                return b""
            data += piece
        return data

    def keep(self, kind, body):
        if kind == 3:
            self.requests.append(parse(body))
        elif kind == 4:
            self.requests.append(parse(zlib.decompress(body[8:])[8:], compressed=True))
        return body

    def rewrite(self, kind, body):
        return body.replace(b":%d" % self.target, b":%d" % self.port) if kind == 1 else body


@pytest.fixture(scope="module")
def relay():
    """Of a server of its own: a cluster's nodes would be asked past it."""
    with embedded.Server(compression=True) as server:
        made = Relay(server.port)
        yield made
    made.listener.close()


@pytest.fixture
def sent(relay):
    """Run a command through the relay, with the client's defaults or not, and return the request it sent."""
    clients = []

    def run(call, **config):
        client = aerospike.client({"hosts": [("127.0.0.1", relay.port)], **config})
        clients.append(client)
        relay.requests.clear()
        with contextlib.suppress(aerospike.Error):
            call(client)
        return relay.requests[0]

    yield run
    for client in clients:
        client.close()


KEY = ("test", "wire", "k")
FILTER = 43  # the field of a filter expression
COMMANDS = {
    "read": lambda policy: lambda c: c.get(KEY, policy),
    "write": lambda policy: lambda c: c.put(KEY, {"a": 1}, {}, policy),
    "operate": lambda policy: lambda c: c.increment(KEY, "a", 1, {}, policy),
    "remove": lambda policy: lambda c: c.remove(KEY, {}, policy),
    "apply": lambda policy: lambda c: c.apply(KEY, "module", "function", [1], policy),
}


def shown(value):
    """A value in the name of a test, the same in every run: a function by its name."""
    return getattr(value, "__name__", str(value)[:50])


# command, policy, what the request shows
ROWS = [
    ("read", {"total_timeout": 4321}, lambda r: r.timeout == 4321),
    ("read", {"key": aerospike.POLICY_KEY_SEND}, lambda r: r.fields.get(2) == b"\x03k"),
    ("read", {"read_mode_ap": aerospike.POLICY_READ_MODE_AP_ALL}, lambda r: r.info1 & 64),
    ("read", {"read_mode_sc": aerospike.POLICY_READ_MODE_SC_LINEARIZE}, lambda r: r.info3 & 64),
    ("read", {"read_touch_ttl_percent": 60}, lambda r: r.ttl == 60),
    ("read", {"compress": True}, lambda r: r.info1 & 128),
    ("read", {"error_detail_verbosity": aerospike.ERROR_DETAIL_MESSAGE}, lambda r: (r.info4 >> 5) & 3 == 2),
    ("write", {"total_timeout": 4321}, lambda r: r.timeout == 4321),
    ("write", {"key": aerospike.POLICY_KEY_SEND}, lambda r: r.fields.get(2) == b"\x03k"),
    ("write", {"key": aerospike.POLICY_KEY_DIGEST}, lambda r: 2 not in r.fields),
    ("write", {"gen": aerospike.POLICY_GEN_EQ}, lambda r: r.info2 & 4),
    ("write", {"gen": aerospike.POLICY_GEN_GT}, lambda r: r.info2 & 8),
    ("write", {"exists": aerospike.POLICY_EXISTS_CREATE}, lambda r: r.info2 & 32),
    ("write", {"exists": aerospike.POLICY_EXISTS_UPDATE}, lambda r: r.info3 & 8),
    ("write", {"exists": aerospike.POLICY_EXISTS_CREATE_OR_REPLACE}, lambda r: r.info3 & 16),
    ("write", {"exists": aerospike.POLICY_EXISTS_REPLACE}, lambda r: r.info3 & 32),
    ("write", {"commit_level": aerospike.POLICY_COMMIT_LEVEL_MASTER}, lambda r: r.info3 & 2),
    ("write", {"durable_delete": True}, lambda r: r.info2 & 16),
    ("write", {"on_locking_only": True}, lambda r: r.info4 & 16),
    ("write", {"ttl": 777}, lambda r: r.ttl == 777),
    ("operate", {"gen": aerospike.POLICY_GEN_EQ}, lambda r: r.info2 & 4),
    ("operate", {"exists": aerospike.POLICY_EXISTS_UPDATE}, lambda r: r.info3 & 8),
    ("operate", {"commit_level": aerospike.POLICY_COMMIT_LEVEL_MASTER}, lambda r: r.info3 & 2),
    ("operate", {"durable_delete": True}, lambda r: r.info2 & 16),
    ("operate", {"ttl": 777}, lambda r: r.ttl == 777),
    ("operate", {"key": aerospike.POLICY_KEY_SEND}, lambda r: 2 in r.fields),
    ("operate", {"on_locking_only": True}, lambda r: r.info4 & 16),
    ("remove", {"durable_delete": True}, lambda r: r.info2 & 16),
    ("remove", {"commit_level": aerospike.POLICY_COMMIT_LEVEL_MASTER}, lambda r: r.info3 & 2),
    ("remove", {"gen": aerospike.POLICY_GEN_EQ, "generation": 77}, lambda r: r.info2 & 4 and r.generation == 77),
    ("remove", {"key": aerospike.POLICY_KEY_SEND}, lambda r: 2 in r.fields),
    ("apply", {"total_timeout": 4321}, lambda r: r.timeout == 4321),
    ("apply", {"key": aerospike.POLICY_KEY_SEND}, lambda r: r.fields.get(2) == b"\x03k"),
    ("apply", {"commit_level": aerospike.POLICY_COMMIT_LEVEL_MASTER}, lambda r: r.info3 & 2),
    ("apply", {"durable_delete": True}, lambda r: r.info2 & 16),
    ("apply", {"on_locking_only": True}, lambda r: r.info4 & 16),
    ("apply", {"ttl": 777}, lambda r: r.ttl == 777),
    ("apply", {"compress": True}, lambda r: r.info1 & 128),
    ("apply", {"error_detail_verbosity": aerospike.ERROR_DETAIL_MESSAGE}, lambda r: (r.info4 >> 5) & 3 == 2),
]


@pytest.mark.parametrize(("command", "policy", "shows"), ROWS, ids=shown)
def test_a_policy_reaches_the_wire(sent, command, policy, shows):
    assert shows(sent(COMMANDS[command](policy)))
    if policy != {"key": aerospike.POLICY_KEY_DIGEST}:  # which is the default, too
        assert not shows(sent(COMMANDS[command]({})))


@pytest.mark.parametrize(("command", "policy", "shows"), ROWS, ids=shown)
def test_a_default_of_the_client_reaches_the_wire(sent, command, policy, shows):
    assert shows(sent(COMMANDS[command](None), policies={command: policy}))


def test_flat_defaults_reach_the_wire(sent):
    request = sent(
        COMMANDS["write"](None), policies={"total_timeout": 999, "key": 1, "exists": 1, "commit_level": 1, "gen": 1}
    )
    assert request.timeout == 999
    assert 2 in request.fields
    assert request.info2 & (32 | 4) == 32 | 4
    assert request.info3 & 2


@pytest.mark.parametrize("command", ["write", "operate", "remove"])
def test_meta_reaches_the_wire(sent, command):
    calls = {
        "write": lambda c: c.put(KEY, {"a": 1}, {"gen": 9, "ttl": 888}, {"gen": 1}),
        "operate": lambda c: c.increment(KEY, "a", 1, {"gen": 9, "ttl": 888}, {"gen": 1}),
        "remove": lambda c: c.remove(KEY, {"gen": 9}, {"gen": 1}),
    }
    request = sent(calls[command])
    assert request.generation == 9
    assert command == "remove" or request.ttl == 888


def test_what_apply_sends(sent):
    values = [1, 2**63 - 1, 1.5, "é\0", b"\0", None, True, [1, {"a": [None]}], {1: {}}, aerospike.GeoJSON({"a": 1})]
    request = sent(lambda c: c.apply(KEY, "module", "function", values))
    assert request.fields[30] == b"module"
    assert request.fields[31] == b"function"
    packed = sent(lambda c: c.put(KEY, {"l": values})).ops[0][3]
    assert request.fields[32] == packed
    assert sent(lambda c: c.apply(KEY, "module", "function", [])).fields[32] == b"\x90"


@pytest.mark.parametrize("size", [8000, 8187, 8188, 8189, 100_000, 5_000_000])
def test_large_arguments_are_sent_whole(sent, size):
    values = ["x" * size, [b"y" * 10]]
    packed = sent(lambda c: c.put(KEY, {"l": values})).ops[0][3]
    assert sent(lambda c: c.apply(KEY, "module", "function", values)).fields[32] == packed
    keys = [KEY, ("test", "wire", "other")]
    assert packed in sent(lambda c: c.batch_apply(keys, "module", "function", values)).fields[41]


def test_touch_sends_its_ttl(sent):
    assert sent(lambda c: c.touch(KEY, 555)).ttl == 555
    assert sent(lambda c: c.touch(KEY, meta={"ttl": 444})).ttl == 444
    assert sent(lambda c: c.touch(KEY, 0, {"ttl": 444})).ttl == 0


def test_a_large_write_is_compressed(sent):
    def put(policy):
        return lambda c: c.put(KEY, {"a": "x" * 5000}, {}, policy)

    assert sent(put({"compress": True})).compressed
    assert not sent(put({})).compressed
    assert not sent(put({"compress": True, "compression_threshold": 10000})).compressed
    assert not sent(put({"compress": True}), compression_threshold=10000).compressed


def test_what_put_sends(sent):
    bins = {"i": 1, "f": 1.5, "s": "é", "b": b"\x00", "t": True, "n": None, "l": [1], "m": {"a": 1}}
    request = sent(lambda c: c.put(KEY, bins))
    assert {name: particle for _op, particle, name, _value in request.ops} == {
        "i": 1, "f": 2, "s": 3, "b": 4, "t": 17, "n": 0, "l": 20, "m": 19
    }  # fmt: skip
    assert request.fields[0] == b"test"
    assert request.fields[1] == b"wire"
    assert request.fields[4] == bytes(aerospike.calc_digest(*KEY))


@pytest.mark.parametrize(
    ("kind", "call"),
    [
        ("read", lambda c: c.get(KEY)),
        ("write", lambda c: c.put(KEY, {"a": 1})),
        ("operate", lambda c: c.increment(KEY, "a", 1)),
        ("remove", lambda c: c.remove(KEY)),
        ("apply", lambda c: c.apply(KEY, "module", "function", [])),
        ("scan", lambda c: c.scan(*KEY[:2]).results()),
        ("query", lambda c: c.query(*KEY[:2]).results()),
    ],
)
def test_a_default_filter_reaches_the_wire(sent, kind, call):
    assert FILTER not in sent(call).fields
    one, other = (base.Eq(base.IntBin("a"), number).compile() for number in (1, 2))
    default = sent(call, policies={kind: {"expressions": one}}).fields[FILTER]
    assert sent(lambda c: (call(c), call(c)), policies={kind: {"expressions": one}}).fields[FILTER] == default
    if kind == "read":
        own = sent(lambda c: c.get(KEY, {"expressions": other}), policies={kind: {"expressions": one}}).fields[FILTER]
        assert own != default


def test_a_flat_default_of_exists_is_for_put_alone(sent):
    create = {"exists": aerospike.POLICY_EXISTS_CREATE}
    assert sent(COMMANDS["write"](None), policies=create).info2 & 32
    assert not sent(COMMANDS["operate"](None), policies=create).info2 & 32
    assert sent(COMMANDS["operate"](None), policies={"operate": create}).info2 & 32
