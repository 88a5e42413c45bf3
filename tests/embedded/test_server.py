# SPDX-License-Identifier: Apache-2.0
"""The embedded server as programs and shells start it, what it refuses to start with, and how it ends."""

import concurrent.futures
import os
import re
import signal
import subprocess
import sys

import pytest
from children import environment

import aerospike
from aerospike import embedded, exception


@pytest.fixture
def shell():
    """Start ``python -m aerospike.embedded`` with arguments; all are ended in the end."""
    started = []

    def start(*arguments):
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "aerospike.embedded",
                *(one if isinstance(one, bytes) else str(one) for one in arguments),
            ],
            env=environment(),
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


def test_who_started_the_command_line_may_read_its_first_line_alone(shell):
    process = shell("--port", 0)
    process.stdout.readline()
    process.stdout.close()
    process.send_signal(signal.SIGTERM)
    assert process.stderr.read() == ""
    assert process.wait(timeout=30) == 0


def test_the_command_line_sets_what_the_server_is_set_to(shell):
    process = shell("--address", "localhost", "--port", 0, "--default-ttl", 100, "--max-connections", 12)
    address, port = re.match(r"listening at (.+):(\d+)", process.stdout.readline()).groups()
    assert address == "127.0.0.1"
    with aerospike.client({"hosts": [("localhost", int(port))]}) as client:
        client.put(("test", "demo", 1), {"a": 1})
        assert 95 <= client.get(("test", "demo", 1))[1]["ttl"] <= 100
        assert "proto-fd-max=12;" in client.info_random_node("get-config:context=service")


def test_the_command_line_tells_its_version(shell):
    process = shell("--version")
    assert process.communicate(timeout=30)[0] == f"aerospike {aerospike.__version__}\n"
    assert process.returncode == 0


def test_the_command_line_tells_why_it_cannot_start(shell):
    with embedded.Server() as server:
        process = shell("--port", server.port)
        _out, error = process.communicate(timeout=30)
    assert process.returncode == 1
    assert str(server.port) in error


@pytest.mark.parametrize(
    ("option", "value", "code", "message"),
    [
        ("--address", "nobody.invalid", 1, "cannot listen at address 'nobody.invalid'"),
        ("--address", "::1", 1, "cannot listen at address '::1'"),
        ("--address", "a..b", 1, "cannot listen at address 'a..b'"),
        ("--address", "203.0.113.1", 1, "cannot listen at 203.0.113.1"),
        ("--namespace", "", 2, "namespaces: ''"),
        ("--namespace", "n" * 32, 2, "namespaces: 'nn"),
        ("--namespace", "a;b", 2, "namespaces: 'a;b'"),
        ("--namespace", b"\xff", 2, "namespaces: '"),
        ("--port", "x", 2, "--port"),
        ("--port", 65536, 2, "port must be"),
        ("--port", 10**30, 2, "port must be"),
        ("--workers", 0, 2, "workers must be"),
        ("--default-ttl", -1, 2, "default_ttl must be"),
        ("--max-connections", 0, 2, "max_connections must be"),
        ("--nonsense", 1, 2, "--nonsense"),
    ],
)
def test_an_option_that_is_not_valid_is_named(shell, option, value, code, message):
    process = shell("--port", 0, option, value)
    _out, error = process.communicate(timeout=30)
    assert process.returncode == code
    assert message in error
    assert "Traceback" not in error


def test_a_server_tells_where_it_is():
    with embedded.Server(namespaces=["one", "two"]) as server:
        assert server.hosts == [("127.0.0.1", server.port)]
        assert server.config == {"hosts": server.hosts}
        assert server.namespaces == ("one", "two")
        where = f"aerospike.embedded.Server at 127.0.0.1:{server.port}, namespaces one, two"
        assert repr(server) == f"<{where}>"
        with aerospike.client(server.config) as client:
            assert client.get_node_names() == [
                {"address": "127.0.0.1", "port": server.port, "node_name": server.node},
            ]
    assert repr(server) == f"<{where}, stopped>"


def test_a_server_is_told_the_name_of_a_host():
    with embedded.Server(address="localhost") as server:
        assert server.hosts == [("127.0.0.1", server.port)]
        aerospike.client(server.config).close()


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


def test_clear_removes_every_record_of_every_namespace():
    with embedded.Server(namespaces=["one", "two"]) as server, aerospike.client(server.config) as client:
        keys = [(namespace, set_name, 1) for namespace in server.namespaces for set_name in (None, "demo")]
        for key in keys:
            client.put(key, {"a": 1})
        assert server.clear() is None
        assert [client.exists(key)[1] for key in keys] == [None] * len(keys)
        client.put(keys[0], {"a": 2})
        assert client.get(keys[0])[2] == {"a": 2}


def test_clear_needs_a_server_that_runs():
    server = embedded.Server()
    with pytest.raises(TypeError):
        server.clear("test")
    server.stop()
    with pytest.raises(RuntimeError, match="the server is stopped"):
        server.clear()


@pytest.mark.forks
def test_a_child_process_does_not_clear_what_is_its_parents():
    with embedded.Server() as server:
        child = os.fork()
        if child == 0:
            try:
                server.clear()
            except RuntimeError:
                os._exit(0)
            os._exit(1)
        assert os.waitpid(child, 0)[1] == 0


def test_a_server_may_be_stopped_while_it_is_cleared():
    for _ in range(5):
        server = embedded.Server()
        with aerospike.client(server.config) as client, concurrent.futures.ThreadPoolExecutor(4) as pool:
            for number in range(200):
                client.put(("test", "demo", number), {"a": 1})
            clears = [pool.submit(server.clear) for _ in range(20)]
            server.stop()
        assert {str(clear.exception()) for clear in clears} <= {"None", "the server is stopped"}


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
        *(({"namespaces": [f"a{byte}b"]}, "namespaces: 'a") for byte in ":;=,/ \t\n\0\x7f\udcff"),
        ({"namespaces": ["test", 5]}, "namespaces: 5"),
        ({"workers": 0}, "workers"),
        ({"workers": -1}, "workers"),
        ({"port": -1}, "port"),
        ({"port": 65536}, "port"),
        ({"port": 2**70}, "port"),
        ({"max_connections": 2**31}, "max_connections"),
        ({"max_connections": 0}, "max_connections"),
        ({"default_ttl": -1}, "default_ttl"),
        ({"default_ttl": 315360001}, "default_ttl"),
        ({"address": "no address"}, "address 'no address'"),
        ({"address": ""}, "address ''"),
        ({"address": "a\0b"}, "address 'a"),
        ({"address": "\udcff"}, "address '"),
    ],
)
def test_an_argument_that_is_not_valid_is_named(arguments, named):
    with pytest.raises((ValueError, OSError), match=named):
        embedded.Server(**arguments)


@pytest.mark.parametrize("arguments", [{"address": None}, {"port": "3000"}, {"workers": 1.5}, {"namespaces": 5}])
def test_an_argument_of_another_type_is_refused(arguments):
    with pytest.raises(TypeError):
        embedded.Server(**arguments)


# ---- users of the command line ----


def options(path):
    return embedded._command_line().parse_args(["--users", str(path)])


def test_users_are_read_from_a_file(tmp_path):
    path = tmp_path / "users"
    path.write_text("# keepers\nann:se:cret:user-admin,read-write\n\n  bob:x: read \ncy::\n")
    users = {"ann": ("se:cret", ["user-admin", "read-write"]), "bob": ("x", ["read"]), "cy": ("", [])}
    assert options(path).users == users


@pytest.mark.parametrize("line", ["ann", "ann:secret", "bob:x:read\nbob:secret:read"])
def test_a_file_of_users_with_a_mistake(tmp_path, capsys, line):
    path = tmp_path / "users"
    path.write_text(line)
    with pytest.raises(SystemExit):
        options(path)
    shown = capsys.readouterr().err
    assert "must be NAME:PASSWORD:ROLE[,ROLE], a user once" in shown
    assert "secret" not in shown


@pytest.mark.parametrize("content", [None, b"\xff\xfe:x:read"])
def test_a_file_of_users_that_cannot_be_read(tmp_path, capsys, content):
    path = tmp_path / "users"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SystemExit):
        options(path)
    assert "cannot be read" in capsys.readouterr().err


def test_a_server_with_users_from_the_command_line(tmp_path):
    path = tmp_path / "users"
    path.write_text("ann:secret:read-write\n")
    command = [sys.executable, "-m", "aerospike.embedded", "--port", "0", "--users", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            port = int(re.search(r":(\d+),", process.stdout.readline())[1])
            hosts = {"hosts": [("127.0.0.1", port)]}
            with aerospike.client({**hosts, "user": "ann", "password": "secret"}) as client:
                client.put(("test", "demo", 1), {"a": 1})
            with pytest.raises(exception.AerospikeError):
                aerospike.client({**hosts, "user": "ann", "password": "other"})
        finally:
            process.terminate()


def speaks_tls(options, tls, name):
    """Start a server with options, and use it with a client's config['tls']."""
    command = [sys.executable, "-m", "aerospike.embedded", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline()
            port = int(re.search(r":(\d+),", line)[1])
            with aerospike.client({"hosts": [("127.0.0.1", port, name)], "tls": {"enable": True, **tls}}) as client:
                client.put(("test", "demo", 1), {"a": 1})
                return line
        finally:
            process.terminate()


def test_tls_from_the_command_line(tmp_path):
    folder = tmp_path / "made"
    line = speaks_tls(["--tls", str(folder)], {"cafile": str(folder / "ca.pem")}, "localhost")
    assert line.endswith(", namespaces: test, TLS as localhost\n")
    authority = embedded.Authority(tmp_path / "own")
    server, client = authority.server("db.example.org"), authority.client("ann")
    options = ["--tls-cert", server.cert_file, "--tls-key", server.key_file]
    assert "TLS as db.example.org" in speaks_tls(options, {"cafile": authority.ca_file}, "db.example.org")
    tls = {"cafile": authority.ca_file, "certfile": client.cert_file, "keyfile": client.key_file}
    speaks_tls([*options, "--tls-ca", authority.ca_file], tls, "db.example.org")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--tls", "x", "--tls-ca", "y"], "--tls makes the files"),
        (["--tls-cert", "x"], "--tls-cert and --tls-key go together"),
        (["--tls-key", "x"], "--tls-cert and --tls-key go together"),
        (["--tls-ca", "x"], "--tls-cert and --tls-key go together"),
        (["--tls-cert", "/none", "--tls-key", "/none"], "/none"),
        (["--tls", "/dev/null/x"], "/dev/null/x"),
    ],
)
def test_options_of_tls_that_make_no_sense(capsys, options, message):
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ()), signal.getsignal(signal.SIGINT)
    with pytest.raises(SystemExit):
        embedded.main(["--port", "0", *options])
    assert message in capsys.readouterr().err
    assert (signal.pthread_sigmask(signal.SIG_BLOCK, ()), signal.getsignal(signal.SIGINT)) == before
