# SPDX-License-Identifier: Apache-2.0
"""Short of descriptors, threads or memory, forked, or without anyone to read: an error, and the server goes on."""

import os
import sys

import pytest
from children import run_program

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sets and sees limits as Linux has them")
NOT_SANITIZED = pytest.mark.skipif("LD_PRELOAD" in os.environ, reason="sanitizers want addresses and descriptors, too")


def run(script, *arguments):
    """What a program of its own prints; it must end well."""
    done = run_program(script, *arguments, timeout=100)
    assert done.returncode == 0, (done.returncode, done.stdout, done.stderr)
    return done.stdout.split("\n")[0]


@NOT_SANITIZED
@pytest.mark.parametrize("left", range(0, 14, 2))
def test_a_start_without_descriptors(left):
    printed = run(
        """
        import os, resource, sys
        from aerospike import embedded
        used = len(os.listdir("/proc/self/fd")) - 1
        resource.setrlimit(resource.RLIMIT_NOFILE, (used + int(sys.argv[1]), 4096))
        try:
            embedded.Server().stop()
            print("started")
        except OSError as error:
            print(error)
        """,
        left,
    )
    assert printed == "started" or "oo many open files" in printed


@NOT_SANITIZED
@pytest.mark.parametrize("mebibytes", [1, 10, 40])
def test_a_start_without_room_for_threads(mebibytes):
    printed = run(
        """
        import resource, sys
        from aerospike import embedded
        size = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (size + int(sys.argv[1]) * 2**20,) * 2)
        try:
            embedded.Server(workers=32)
        except (OSError, MemoryError) as error:
            print(type(error).__name__)
        """,
        mebibytes,
    )
    assert printed in ("OSError", "MemoryError")


@NOT_SANITIZED
def test_frames_for_which_there_is_no_memory():
    """Their connections are closed; the others are served."""
    printed = run(
        """
        import contextlib, resource, socket
        import aerospike
        from aerospike import embedded
        with embedded.Server() as server, aerospike.client(server.config) as client:
            size = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
            resource.setrlimit(resource.RLIMIT_AS, (size + 100 * 2**20,) * 2)
            greedy = []
            piece = bytes(2**20)
            for _ in range(4):
                greedy.append(socket.create_connection(server.hosts[0], timeout=10))
                with contextlib.suppress(OSError):
                    greedy[-1].sendall(b"\\x02\\x03" + (120 << 20).to_bytes(6, "big"))
                    for _ in range(100):
                        greedy[-1].sendall(piece)
            client.put(("test", "s", 1), {"a": 1})
            print(client.get(("test", "s", 1))[2])
        """
    )
    assert printed == "{'a': 1}"


def test_half_frames_have_a_limit_together():
    printed = run(
        """
        import contextlib, socket
        import aerospike
        from aerospike import embedded
        with embedded.Server() as server, aerospike.client(server.config) as client:
            greedy, refused = [], 0
            piece = bytes(2**20)
            for _ in range(7):
                greedy.append(socket.create_connection(server.hosts[0], timeout=30))
                try:
                    greedy[-1].sendall(b"\\x02\\x03" + (120 << 20).to_bytes(6, "big"))
                    for _ in range(100):
                        greedy[-1].sendall(piece)
                except OSError:
                    refused += 1
            client.put(("test", "s", 1), {"a": 1})
            print(client.get(("test", "s", 1))[2], refused > 0)
        """
    )
    assert printed == "{'a': 1} True"


def test_a_server_without_descriptors_waits_for_one():
    """It does not turn in circles meanwhile, and serves who has waited."""
    printed = run(
        """
        import os, resource, socket, time
        from aerospike import embedded
        with embedded.Server() as server:
            waiting = [socket.socket() for _ in range(4)]
            used = len(os.listdir("/proc/self/fd")) - 1
            resource.setrlimit(resource.RLIMIT_NOFILE, (used, 4096))
            kept = []
            while True:
                try:
                    kept.append(os.open("/dev/null", os.O_RDONLY))
                except OSError:
                    break
            for one in waiting:
                one.settimeout(20)
                one.connect(server.hosts[0])
                one.sendall(b"\\x02\\x01" + (7).to_bytes(6, "big") + b"status\\n")
            before = time.process_time()
            time.sleep(1)
            idle = time.process_time() - before < 0.5
            resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
            answers = {one.recv(100)[8:] for one in waiting}
            print(idle, answers)
        """
    )
    assert printed == r"True {b'status\tok\n'}"


def test_a_client_that_leaves_where_pipe_signals_end_the_process():
    printed = run(
        """
        import signal
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        import contextlib, socket
        import aerospike
        from aerospike import embedded
        with embedded.Server() as server, aerospike.client(server.config) as client:
            for i in range(50):
                client.put(("test", "s", i), {"b": bytes(500_000)})
            for _ in range(30):
                with contextlib.suppress(aerospike.Error):
                    client.scan("test", "s").foreach(lambda record: False)
            print("alive")
        """
    )
    assert printed == "alive"


@pytest.mark.skipif("LD_PRELOAD" in os.environ, reason="a child may find a lock of its sanitizer held by a busy thread")
@pytest.mark.parametrize("what", ["loses a descriptor", "keeps a socket"])
def test_a_child_while_connections_come_and_go(what):
    """It closes the server's sockets, each of them, and nothing else."""
    printed = run(
        """
        import os, socket, sys, threading, time
        from aerospike import embedded
        server = embedded.Server(workers=4)

        def churn():
            while True:
                sockets = [socket.create_connection(server.hosts[0]) for _ in range(8)]
                for one in sockets:
                    one.close()

        def lost(own):
            gone = 0
            for descriptor in own:
                try:
                    os.fstat(descriptor)
                except OSError:
                    gone += 1
            return gone

        def kept():
            count = 0
            for descriptor in os.listdir("/proc/self/fd"):
                try:
                    one = socket.socket(fileno=os.dup(int(descriptor)))
                    count += one.family == socket.AF_INET and one.getsockname()[1] == server.port
                except OSError:
                    pass
            return min(count, 100)

        for _ in range(2):
            threading.Thread(target=churn, daemon=True).start()
        bad, end = 0, time.monotonic() + 2
        while time.monotonic() < end:
            own = [os.open("/dev/null", os.O_RDONLY) for _ in range(6)]
            child = os.fork()
            if child == 0:
                os._exit(lost(own) if "loses" in sys.argv[1] else kept())
            bad += os.waitpid(child, 0)[1] != 0
            for descriptor in own:
                os.close(descriptor)
        print(bad, flush=True)
        os._exit(0)
        """,
        what,
    )
    assert printed == "0"
