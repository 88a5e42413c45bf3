# SPDX-License-Identifier: Apache-2.0
"""A cluster of several nodes: all are one server, but for the info commands that a test answers itself."""

import contextlib
import re
import socket
import threading

import pytest
from fix_proxy import read_exactly

import aerospike
from aerospike import embedded

INFO = 1


class Whole(bytes):
    """A reply with its head."""


class Nodes:
    """``answer(place, command)`` is what the node at a place says to an info command; None: what the server says.

    ``reply``, where set, is the body of the answer to every command on a record.

    A tuple of texts is what it says the first time, the second, and from then on the last. ``asked`` has the commands
    that it answered: ``[(place, command)]``, ``sent`` the bodies of commands on records.
    """

    def __init__(self, port, count):
        self.target = port
        self.answer = lambda place, command: None
        self.asked = []
        self.reply = None
        self.sent = []
        self.listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
        self.ports = [listener.getsockname()[1] for listener in self.listeners]
        for place in range(count):
            threading.Thread(target=self.accept, args=(place,), daemon=True).start()

    @property
    def hosts(self):
        return [("127.0.0.1", port) for port in self.ports]

    def accept(self, place):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listeners[place].accept()
                server = socket.create_connection(("127.0.0.1", self.target))
                threading.Thread(target=self.serve, args=(place, client, server), daemon=True).start()

    def serve(self, place, client, server):
        with contextlib.suppress(OSError), client, server:
            while True:
                head = read_exactly(client, 8)
                body = read_exactly(client, int.from_bytes(head[2:], "big"))
                if head[1] != INFO:
                    self.sent.append(body)
                own = self.own_answer(place, body.decode()) if head[1] == INFO else self.reply
                if own is None:
                    server.sendall(head + body)
                    head = read_exactly(server, 8)
                    own = self.named(place, read_exactly(server, int.from_bytes(head[2:], "big")))
                client.sendall(own if isinstance(own, Whole) else head[:2] + len(own).to_bytes(6, "big") + own)

    def own_answer(self, place, text):
        command = text.rstrip("\n")
        said = self.answer(place, command)
        if said is None:
            return None
        before = sum(1 for asked in self.asked if asked == (place, command))
        self.asked.append((place, command))
        said = said[min(before, len(said) - 1)] if isinstance(said, tuple) else said
        return f"{command}\t{said}\n".encode()

    def named(self, place, body):
        """An answer of the server as this node's own: its name, its address, and the other nodes."""
        others = ",".join(
            f"[{name(other)},,[127.0.0.1:{port}]]" for other, port in enumerate(self.ports) if other != place
        )
        for what, value in (
            ("node", name(place)),
            ("service-clear-std", f"127.0.0.1:{self.ports[place]}"),
            ("peers-clear-std", f"1,{self.target},[{others}]"),
            ("peers-generation", "1"),
        ):
            body = re.sub(rf"^{what}\t.*$".encode(), f"{what}\t{value}".encode(), body, flags=re.M)
        return body

    def close(self):
        for listener in self.listeners:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()


def name(place):
    return f"BB9{place:013X}"


@pytest.fixture
def nodes():
    """Two nodes, and ``nodes.client`` that knows both."""
    with embedded.Server() as server:
        made = Nodes(server.port, 2)
        with aerospike.client({"hosts": made.hosts[:1], "validate_keys": True}) as made.client:
            assert len(made.client.get_nodes()) == 2
            yield made
        made.close()
