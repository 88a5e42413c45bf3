# SPDX-License-Identifier: Apache-2.0
"""The embedded server as programs and shells start it, what it refuses to start with, and how it ends."""

import os
import pathlib
import re
import signal
import subprocess
import sys

import pytest

import aerospike
from aerospike import embedded, exception

ROOT = pathlib.Path(__file__).parents[2]


@pytest.fixture
def shell():
    """Start ``python -m aerospike.embedded`` with arguments; all are ended in the end."""
    started = []

    def start(*arguments):
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        process = subprocess.Popen(
            [sys.executable, "-m", "aerospike.embedded", *map(str, arguments)],
            env={**os.environ, "PYTHONPATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_line_serves_until_it_is_told_to_end(shell, number):
    process = shell("--port", 0, "--namespace", "one", "--namespace", "two", "--workers", 1)
    line = process.stdout.readline()
    address, port, namespaces = re.fullmatch(r"listening at (.+):(\d+), namespaces: (.+)\n", line).groups()
    assert namespaces == "one, two"
    with aerospike.client({"hosts": [(address, int(port))]}) as client:
        client.put(("two", "demo", 1), {"a": 1})
        assert client.get(("two", "demo", 1))[2] == {"a": 1}
    process.send_signal(number)
    assert process.communicate(timeout=30)[0] == "stopped\n"
    assert process.returncode == 0


def test_the_command_line_tells_why_it_cannot_start(shell):
    with embedded.Server() as server:
        process = shell("--port", server.port)
        _out, error = process.communicate(timeout=30)
    assert process.returncode == 1
    assert str(server.port) in error


def test_a_server_tells_where_it_is():
    with embedded.Server(namespaces=["one", "two"]) as server:
        assert server.hosts == [("127.0.0.1", server.port)]
        assert server.config == {"hosts": server.hosts}
        assert server.namespaces == ("one", "two")
        assert repr(server) == f"<aerospike.embedded.Server at 127.0.0.1:{server.port}, namespaces one, two>"
        with aerospike.client(server.config) as client:
            assert client.get_node_names() == [
                {"address": "127.0.0.1", "port": server.port, "node_name": server.node},
            ]


def test_two_servers_share_nothing():
    with embedded.Server() as first, embedded.Server() as second:
        assert first.port != second.port
        with aerospike.client(first.config) as one, aerospike.client(second.config) as two:
            one.put(("test", "demo", 1), {"a": 1})
            with pytest.raises(exception.RecordNotFound):
                two.get(("test", "demo", 1))


def test_default_time_to_live():
    with embedded.Server(default_ttl=100) as server, aerospike.client(server.config) as client:
        client.put(("test", "demo", 1), {"a": 1})
        assert 95 <= client.get(("test", "demo", 1))[1]["ttl"] <= 100
    with embedded.Server(default_ttl=0) as server, aerospike.client(server.config) as client:
        client.put(("test", "demo", 1), {"a": 1})
        assert client.get(("test", "demo", 1))[1]["ttl"] == aerospike.TTL_NEVER_EXPIRE


def test_stopping_twice_is_fine():
    server = embedded.Server()
    server.stop()
    server.stop()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"namespaces": "test"}, "namespaces"),
        ({"namespaces": []}, "namespace"),
        ({"namespaces": ["n" * 32]}, "namespace"),
        ({"namespaces": [""]}, "namespace"),
        ({"namespaces": ["test", "test"]}, "namespace"),
        ({"workers": 0}, "workers"),
        ({"workers": -1}, "workers"),
        ({"port": -1}, "port"),
        ({"port": 65536}, "port"),
        ({"max_connections": 0}, "max_connections"),
        ({"default_ttl": -1}, "default_ttl"),
        ({"address": "no address"}, "address"),
    ],
)
def test_an_argument_that_is_not_valid_is_named(arguments, named):
    with pytest.raises((ValueError, OSError), match=named):
        embedded.Server(**arguments)
