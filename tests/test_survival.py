# SPDX-License-Identifier: Apache-2.0
"""What kills other clients: threads that close and connect, fork, servers that go away."""

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest
from children import run_program

import aerospike
from aerospike import exception
from aerospike_helpers.metrics import MetricsPolicy


def test_threads_work_while_another_closes_and_connects(connect, make_key):
    client = connect()
    keys = [make_key() for _ in range(4)]
    stop = threading.Event()
    unexpected = []

    def work(key):
        while not stop.is_set():
            try:
                client.put(key, {"a": [1, {"b": 2}]})
                client.get(key)
            except (exception.ClusterError, exception.RecordNotFound, exception.ConnectionError):
                pass
            except BaseException as error:
                unexpected.append(error)

    threads = [threading.Thread(target=work, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for _ in range(15):
        client.close()
        client.connect()
    stop.set()
    for thread in threads:
        thread.join()
    assert unexpected == []
    client.put(keys[0], {"a": 1})


def in_child(function):
    """Run a function in a forked child; what it prints goes nowhere, its truth comes back."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            code = 0 if function() else 2
        finally:
            os._exit(code)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    return "hung"


@pytest.mark.forks
def test_the_child_of_a_fork_works_and_the_parent_goes_on(client, key):
    client.put(key, {"n": 0})

    def work():
        for _ in range(5):
            client.increment(key, "n", 1)
        return client.get(key)[2]["n"] == 5

    assert in_child(work) == 0
    client.increment(key, "n", 1)
    assert client.get(key)[2]["n"] == 6


@pytest.mark.forks
def test_a_child_may_close_and_scan(client, record):
    def work():
        rows = client.scan(record[0], record[1]).results()
        client.close()
        return len(rows) > 0

    assert in_child(work) == 0
    assert client.get(record)[2]["a"] == 1


@pytest.mark.forks
def test_a_child_has_none_of_the_threads_that_wait_for_runs(client, record):
    rows = len(client.scan(*record[:2]).results())

    def work():
        return [len(client.scan(*record[:2]).results()) for _ in range(3)] == [rows] * 3

    assert in_child(work) == 0
    assert work()


@pytest.mark.forks
def test_children_of_children(client, record):
    assert in_child(lambda: in_child(lambda: client.get(record)[2]["a"] == 1) == 0) == 0


@pytest.mark.forks
def test_fork_while_threads_work(client, make_key):
    keys = [make_key() for _ in range(3)]
    stop = threading.Event()

    def work(key):
        while not stop.is_set():
            client.put(key, {"a": 1})

    threads = [threading.Thread(target=work, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    try:
        for _ in range(5):
            assert in_child(lambda: client.put(keys[0], {"b": 1}) == 0) == 0
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _increment(key):
    _shared.increment(key, "n", 1)
    return os.getpid()


_shared = None


@pytest.mark.forks
def test_multiprocessing_pool(client, key):
    global _shared
    _shared = client
    client.put(key, {"n": 0})
    # its end sends SIGTERM, which a library of the columns' tests catches in this process
    default = {"initializer": signal.signal, "initargs": (signal.SIGTERM, signal.SIG_DFL)}
    with multiprocessing.get_context("fork").Pool(2, **default) as pool:
        pool.map(_increment, [key] * 20)
    assert client.get(key)[2]["n"] == 20


def run_with_hosts(text, hosts):
    return run_program(f"hosts = {hosts!r}\n{textwrap.dedent(text)}")


def test_a_program_that_never_closes_ends(hosts):
    done = run_with_hosts(
        """
        import aerospike, logging
        logging.basicConfig()
        aerospike.set_log_level(aerospike.LOG_LEVEL_TRACE)
        client = aerospike.client({"hosts": hosts, "tend_interval": 250})
        print(client.is_connected())
        """,
        hosts,
    )
    assert (done.returncode, done.stdout) == (0, "True\n")


def test_a_program_that_ends_in_the_middle_of_work(hosts):
    done = run_with_hosts(
        """
        import aerospike, threading, time
        client = aerospike.client({"hosts": hosts})
        def work():
            while True:
                client.put(("test", "suite", "ends"), {"a": 1})
        for _ in range(4):
            threading.Thread(target=work, daemon=True).start()
        time.sleep(0.2)
        print("done")
        """,
        hosts,
    )
    assert (done.returncode, done.stdout) == (0, "done\n")


def test_a_server_that_goes_away_and_comes_back():
    from aerospike import embedded

    server = embedded.Server()
    client = aerospike.client({**server.config, "tend_interval": 250, "policies": {"total_timeout": 500}})
    key = ("test", "suite", 1)
    client.put(key, {"a": 1})
    server.stop()
    with pytest.raises(exception.AerospikeError) as caught:
        client.put(key, {"a": 2})
    assert caught.value.code in (-10, -8, 9, 11, -12)
    with embedded.Server(port=server.port):
        deadline = time.monotonic() + 20
        while True:
            try:
                client.put(key, {"a": 3})
                break
            except exception.AerospikeError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        assert client.get(key)[2] == {"a": 3}
        client.close()


def test_a_server_that_never_answers_is_a_timeout_or_connection_error():
    import socket

    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        start = time.monotonic()
        with pytest.raises((exception.ConnectionError, exception.TimeoutError)):
            aerospike.client({"hosts": [silent.getsockname()], "connect_timeout": 300})
        assert time.monotonic() - start < 10


def test_a_client_that_is_configured_anew_during_its_own_call(connect, config, key):
    calls = []

    def deserialize(blob):
        calls.append(blob)
        if len(calls) == 1:
            client.__init__({**config, "serialization": (None, bytes.fromhex)})
        return ("made of", blob)

    client = connect(serialization=(None, deserialize))
    client.put(key, {"l": [b"01", b"02"]})
    # the command keeps the settings that it began with
    assert client.get(key)[2] == {"l": [("made of", "01"), ("made of", "02")]}
    assert client.get(key)[2] == {"l": [b"\1", b"\2"]}


def threads():
    return len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else threading.active_count()


@pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="counts threads in /proc")
def test_the_thread_of_a_run_waits_for_the_next_run_and_ends(client, record):
    client.scan(*record[:2]).results()
    time.sleep(2)  # until those of other tests have ended
    before = threads()
    for _ in range(20):
        client.scan(*record[:2]).results()
        assert before < threads() <= before + 3  # the next may begin before the last one waits
    deadline = time.monotonic() + 20
    while threads() > before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert threads() == before


def test_a_connect_that_fails_late_leaves_nothing_behind(connect, config, tmp_path):
    provided = tmp_path / "client.yml"
    provided.write_text('version: "1.0.0"\ndynamic:\n  metrics:\n    enable: true\n')
    before = threads()
    for _ in range(5):
        with pytest.raises(exception.AerospikeError, match="Failed to open file"):
            connect(
                config_provider=aerospike.ConfigProvider(str(provided), 1000),
                policies={"metrics": MetricsPolicy(report_dir=str(tmp_path / "none" / "such"))},
            )
    assert threads() <= before


IN_A_LOG_HANDLER = """
import gc, threading, time
import aerospike
from aerospike import embedded

class Box: pass

server = embedded.Server()
main, seen, done = threading.get_ident(), [], threading.Event()
client = aerospike.client({**server.config, "tend_interval": 250})

def handler(level, function, path, line, message):
    if threading.get_ident() != main and not seen:
        seen.append(message)
        end()
        done.set()

if "WAY" == "close":
    end = client.close
else:
    box = Box()
    box.me, box.client = box, client
    end = gc.collect
    gc.disable()
    del box, client
aerospike.set_log_handler(handler)
server.stop()
assert done.wait(20), "the handler did not come back"
gc.enable()
assert gc.isenabled() and gc.collect() >= 0
"""


@pytest.mark.parametrize("way", ["close", "collect"])
def test_a_client_may_end_in_a_log_handler_of_its_own_thread(way):
    ran = run_program(IN_A_LOG_HANDLER.replace("WAY", way))
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize("module", ["aerospike", "aerospike._native", "aerospike._embedded"])
def test_a_subinterpreter_is_refused(module):
    interpreters = pytest.importorskip("_interpreters" if sys.version_info >= (3, 13) else "_xxsubinterpreters")
    program = f"""if True:
        try:
            import {module}
        except ImportError as error:
            assert "subinterpreters" in str(error), error
        else:
            raise AssertionError("imported")
    """
    script = f"import {interpreters.__name__} as i; problem = i.run_string(i.create(), {program!r}); assert not problem"
    command = [sys.executable, "-W", "ignore", "-c", script]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
