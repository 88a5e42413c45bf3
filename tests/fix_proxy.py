# SPDX-License-Identifier: Apache-2.0
"""A proxy before the server that does harm to its answers."""

import contextlib
import random
import socket
import struct
import threading
import time

import pytest

HEADER = struct.Struct(">BBHI")
INFO, MESSAGE = 1, 3


def read_exactly(connection, size):
    data = b""
    while len(data) < size:
        part = connection.recv(size - len(data))
        if not part:
            raise ConnectionError("closed")
        data += part
    return data


def shut(ends):
    for end in ends:
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


class Proxy:
    """Hands frames to and fro. ``harm``, where set, gets each answer of the kind ``kind`` as ``(random, frame)``.

    What it returns, ``(bytes, close)``, is sent instead, and the connection closed if it says so. A list of bytes is
    sent one by one.
    """

    def __init__(self, address, seed=0):
        self.harm = None
        self.kind = MESSAGE
        self.harmed = 0
        self.connections = 0  # that were made
        self._address = address
        self._random = random.Random(seed)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets = {self._listener}
        self._lock = threading.Lock()
        self._run(self._accept)

    @property
    def hosts(self):
        return [self._listener.getsockname()]

    def _run(self, function, *arguments):
        threading.Thread(target=function, args=arguments, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                inner, _ = self._listener.accept()
                outer = socket.create_connection(self._address)
                with self._lock:
                    self._sockets |= {inner, outer}
                    self.connections += 1
                self._run(self._relay, inner, outer, self._hand_on)
                self._run(self._relay, outer, inner, self._answer)

    def _relay(self, source, target, hand):
        try:
            while True:
                head = read_exactly(source, HEADER.size)
                _, kind, high, low = HEADER.unpack(head)
                hand(source, target, kind, head + read_exactly(source, high << 32 | low))
        except OSError:
            pass
        finally:
            with self._lock:
                self._sockets -= {source, target}
            shut((source, target))
            source.close()
            target.close()

    def _hand_on(self, source, target, kind, frame):
        target.sendall(frame)

    def _answer(self, source, target, kind, frame):
        harm, close = self.harm, False
        if harm is not None and kind == self.kind:
            self.harmed += 1
            frame, close = harm(self._random, frame)
        if isinstance(frame, bytes):
            target.sendall(frame)
        else:
            self._send_parts(target, frame)
        if close:
            raise ConnectionError("closed on purpose")

    def _send_parts(self, target, parts):
        target.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        for part in parts:
            target.sendall(part)
            time.sleep(0.001)  # so that they arrive one by one

    def cut(self):
        """Close every connection."""
        with self._lock:
            shut(self._sockets - {self._listener})

    def close(self):
        with self._lock:
            sockets = list(self._sockets)
        shut(sockets)
        for end in sockets:
            end.close()


# The C client believes what a whole frame says of itself: harm is done to the transport, and (by `spoiler`) to values.


def truncated(chance, frame):
    """The beginning of an answer; then the connection is closed."""
    return frame[: chance.randrange(len(frame))], True


def closed(chance, frame):
    """No answer, and the connection closed."""
    return b"", True


def silent(chance, frame):
    """No answer."""
    return b"", False


def late(chance, frame):
    """An answer after the client's patience."""
    time.sleep(0.15)
    return frame, False


def nonsense(chance, frame):
    """Bytes that are no answer at all."""
    return bytes([chance.choice([0, 1, 3, 255])]) + chance.randbytes(len(frame)), True


def another_kind(chance, frame):
    """An answer that says it is one of another protocol."""
    return bytes([2, chance.choice([0, 1, 2, 5, 255])]) + frame[2:], False


def spoiler(value):
    """Harm to bytes that stand in an answer, some of which become others."""

    def spoiled(chance, frame):
        at = frame.find(value)
        if at < 0:
            return frame, False
        changed = bytearray(frame)
        for _ in range(chance.randint(1, 3)):
            changed[at + chance.randrange(len(value))] = chance.randrange(256)
        return bytes(changed), False

    return spoiled


@pytest.fixture
def proxy(hosts, client):
    """A proxy before the server."""
    if len(client.get_nodes()) > 1:
        pytest.skip("a client would find the other nodes of the cluster without the proxy")
    made = Proxy(hosts[0][:2])
    yield made
    made.close()
