# SPDX-License-Identifier: Apache-2.0
"""Programs of several processes, as the manual shows them: gunicorn, Celery, multiprocessing; shared memory."""

import contextlib
import multiprocessing
import os
import pathlib
import pickle
import re
import signal
import subprocess
import sys
import time
import urllib.request

import children
import pytest

ROOT = pathlib.Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
pytestmark = pytest.mark.forks
BOUND = 120  # seconds, for what ends at once where nothing is wrong


@pytest.fixture
def environment(hosts, namespace, tmp_path):
    """Of a program that works with the server under test."""
    if namespace != "test":
        pytest.skip("the examples work in the namespace test")
    listed = ",".join(f"{address}:{port}" for address, port in hosts)
    return children.environment(EXAMPLES, AEROSPIKE_HOSTS=listed, HOME=str(tmp_path))


@pytest.fixture
def emptied(client):
    """``emptied(set, key)``: the key of a record that is not there, neither before nor after the test."""
    keys = []

    def remove(key):
        if client.exists(key)[1] is not None:
            client.remove(key)

    def make(*key):
        remove(key)
        keys.append(key)
        return key

    yield make
    for key in keys:
        remove(key)


@contextlib.contextmanager
def running(*command, **options):
    """A program and its children; none of them outlives the block."""
    command = [sys.executable, "-m", *command]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True, **options) as process:
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def line_of(process, pattern):
    """What a line of a program's log says."""
    seen = []
    for line in process.stderr:
        seen.append(line)
        found = re.search(pattern, line)
        if found:
            return found[1]
    return pytest.fail(f"{pattern!r} is not in:\n{''.join(seen)}")


def test_gunicorn_with_a_client_that_was_made_before_the_workers(environment, client, emptied):
    pytest.importorskip("gunicorn", reason="the example is for gunicorn")
    key = emptied("test", "visits", "/hats")
    command = ("gunicorn", "--config", "web_gunicorn.py", "--bind", "127.0.0.1:0", "web:application")
    visits, processes = [], set()
    deadline = time.monotonic() + BOUND
    with running(*command, env=environment, cwd=EXAMPLES) as master:
        address = line_of(master, r"Listening at: (\S+)")
        while len(processes) < 2 and time.monotonic() < deadline:
            with urllib.request.urlopen(f"{address}/hats", timeout=BOUND) as answer:
                visit, process = re.fullmatch(
                    r"visit (\d+), answered by process (\d+)\n", answer.read().decode()
                ).groups()
            visits.append(int(visit))
            if process not in processes:
                processes.add(process)
                os.kill(int(process), signal.SIGSTOP)  # the next visit is for the other one
        for process in processes:
            os.kill(int(process), signal.SIGCONT)
        master.terminate()
        _out, log = master.communicate(timeout=BOUND)
    assert len(processes) == 2
    assert str(master.pid) not in processes
    assert visits == [1, 2]
    assert client.get(key)[2]["n"] == 2
    assert master.returncode == 0, log
    assert "Traceback" not in log


SHOP = """
from tasks import app

folders = {"data_folder_in": "queue", "data_folder_out": "queue", "control_folder": "control"}
app.conf.update(broker_url="filesystem://", broker_transport_options=folders, result_backend="file://results")
"""
SEND = """
import shop, tasks

sent = [tasks.order.delay("hat", 2) for _ in range(10)]
answers = [task.get(timeout=BOUND, interval=0.02) for task in sent]
assert not hasattr(tasks, "client")
print(max(answer["ordered"] for answer in answers), *{answer["process"] for answer in answers})
"""


@pytest.mark.parametrize("pool", ["prefork", "solo"])
def test_celery(environment, client, emptied, tmp_path, pool):
    pytest.importorskip("celery", reason="the example is for Celery")
    key = emptied("test", "orders", "hat")
    for folder in ("queue", "control", "results"):
        (tmp_path / folder).mkdir()
    (tmp_path / "shop.py").write_text(SHOP.replace("file://results", f"file://{tmp_path / 'results'}"))
    at = {"env": environment, "cwd": tmp_path}
    command = ("celery", "--app", "shop", "worker", "--pool", pool, "--concurrency", "2", "--without-mingle")
    with running(*command, stdout=subprocess.DEVNULL, **at) as worker:
        send = [sys.executable, "-c", SEND.replace("BOUND", str(BOUND))]
        sender = subprocess.run(send, capture_output=True, text=True, check=False, **at)
        assert sender.returncode == 0, sender.stderr
        ordered, *processes = map(int, sender.stdout.split())
        if pool == "prefork":
            worker.terminate()
            _out, log = worker.communicate(timeout=BOUND)
            assert worker.returncode == 0, log
            assert "Traceback" not in log
    assert ordered == client.get(key)[2]["n"] == 20
    assert (worker.pid in processes) == (pool == "solo")


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_multiprocessing(environment, client, emptied, method):
    key = emptied("test", "work", "done")
    command = [sys.executable, EXAMPLES / "processes.py", method]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=BOUND, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "Sum 4950, by others: True\n"
    assert client.get(key)[2]["n"] == 4950


def test_a_client_does_not_go_from_process_to_process(client):
    with pytest.raises(TypeError, match="cannot pickle"):
        pickle.dumps(client)


SHARING = """
import os
import aerospike

config = {"hosts": HOSTS, "shm": {"shm_key": KEY}}
client = aerospike.client(config)
assert client.shm_key() == KEY
client.put(("test", "work", "done"), {"n": 0})
children = []
for _ in range(3):
    child = os.fork()
    if child == 0:
        code = 1
        try:
            for _ in range(10):
                client.increment(("test", "work", "done"), "n", 1)
            client.close()
            code = 0
        finally:
            os._exit(code)
    children.append(child)
ended = [os.waitpid(child, 0)[1] for child in children]
print(ended, client.get(("test", "work", "done"))[2])
client.close()
"""


def test_processes_share_what_they_know_of_the_cluster(environment, hosts, emptied):
    emptied("test", "work", "done")
    key = 0x5EED0000 + os.getpid() % 0xFFFF
    program = SHARING.replace("HOSTS", repr(hosts)).replace("KEY", str(key))
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", program]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=BOUND, check=False)
    assert done.stdout == "[0, 0, 0] {'n': 30}\n", done.stderr
    listed = pathlib.Path("/proc/sysvipc/shm")
    if listed.exists():
        assert str(key) not in listed.read_text().split()
