# SPDX-License-Identifier: Apache-2.0
"""A proxy that answers aggregations for the nodes, so that what they send is known."""

import base64
import struct

import fix_proxy
import pytest

import aerospike

SUCCESS, FAILURE = b"SUCCESS", b"FAILURE"


def frame(name, particle, data, last=False):
    op = struct.pack(">IBBBB", 4 + len(name) + len(data), 1, particle, 0, len(name)) + name + data
    head = struct.pack(">BBBBBBIIIHH", 22, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)
    return head + op


END = struct.pack(">BBBBBBIIIHH", 22, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0)


def answer(*values, error=None):
    """The frames of a node: a value each, and the end."""
    parts = []
    for value in values:
        if isinstance(value, int):
            parts.append(frame(SUCCESS, 1, struct.pack(">q", value)))
        elif isinstance(value, str):
            parts.append(frame(SUCCESS, 3, value.encode()))
        else:
            particle, data = value
            parts.append(frame(SUCCESS, particle, data))
    if error is not None:
        parts.append(frame(FAILURE, 3, error.encode()))
    body = b"".join(parts) + (b"" if error is not None else END)
    return fix_proxy.HEADER.pack(2, 3, len(body) >> 32, len(body) & 0xFFFFFFFF) + body


class Senders(fix_proxy.Proxy):
    """Answers aggregations with ``values``, and asks for modules out of ``modules``; the rest is the server's."""

    def __init__(self, address):
        self.values, self.error, self.modules, self.asked, self.silent = (), None, {}, [], False
        self.requests = []
        super().__init__(address)

    def _hand_on(self, source, target, kind, frame):
        if kind == fix_proxy.INFO and b"udf-get:filename=" in frame:
            self._tell_module(source, frame[8:].decode().strip())
        elif kind == fix_proxy.MESSAGE and b"\x1emany" in frame:  # the field of a module's name
            self.requests.append(frame)
            if not self.silent:
                source.sendall(answer(*self.values, error=self.error))
        else:
            super()._hand_on(source, target, kind, frame)

    def _tell_module(self, source, command):
        name = command.partition("filename=")[2].strip(";\n")
        self.asked.append(name)
        content = self.modules.get(name)
        text = f"{command}\t"
        if content is None:
            text += "error=not_found\n"
        else:
            text += f"type=LUA;content={base64.b64encode(content.encode()).decode()};\n"
        source.sendall(fix_proxy.HEADER.pack(2, 1, 0, len(text)) + text.encode())


@pytest.fixture(scope="module")
def module_senders(hosts, client):
    if len(client.get_nodes()) > 1:
        pytest.skip("a client would find the other nodes of the cluster without the proxy")
    made = Senders(hosts[0][:2])
    yield made
    made.close()


@pytest.fixture
def senders(module_senders):
    module_senders.values, module_senders.error, module_senders.asked, module_senders.silent = (1, 2), None, [], False
    module_senders.modules = {}
    return module_senders


@pytest.fixture
def asking(senders, tmp_path):
    with aerospike.client({"hosts": senders.hosts, "lua": {"user_path": str(tmp_path)}}) as client:
        yield client
