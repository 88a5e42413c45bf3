# SPDX-License-Identifier: Apache-2.0
"""Faults that the embedded server is asked for, and what it has counted."""

import contextlib
import socket
import threading
import time

import pytest

import aerospike
from aerospike import embedded, exception
from aerospike_helpers.operations import operations

KEY = ("test", "demo", 1)
LUA = b"function answer(rec) return 42 end\n"
ONCE = {"max_retries": 0, "total_timeout": 400, "socket_timeout": 400}
NO_RETRY = {"max_retries": 0, "total_timeout": 20000, "socket_timeout": 20000}


@pytest.fixture(scope="module")
def running():
    with embedded.Server(namespaces=["test", "bar"]) as server:
        yield server


@pytest.fixture
def client(server, tmp_path):
    with aerospike.client(server.config) as client:
        client.put(KEY, {"a": 1})
        yield client


@pytest.fixture
def module(client, tmp_path):
    path = tmp_path / "fault.lua"
    path.write_bytes(LUA)
    client.udf_put(str(path))


CALLS = {
    "read": lambda client, policy: client.get(KEY, policy),
    "write": lambda client, policy: client.put(KEY, {"a": 2}, {}, policy),
    "udf": lambda client, policy: client.apply(KEY, "fault", "answer", [], policy),
    "batch": lambda client, policy: client.batch_read([KEY, KEY], policy=policy),
    "query": lambda client, policy: client.scan("test", "demo").results(policy),
    "background": lambda client, policy: client.scan_apply(
        "test", "demo", "fault", "answer", [], {"timeout": policy["total_timeout"], **policy}
    ),
    "info": lambda client, policy: client.info_random_node("build", {"timeout": policy["total_timeout"]}),
}
WRITES = {
    "operate": lambda client: client.operate(KEY, [operations.increment("a", 1)]),
    "remove": lambda client: client.remove(KEY),
    "touch": lambda client: client.touch(KEY),
}


@pytest.mark.parametrize("kind", [kind for kind in CALLS if kind not in ("info", "background")])
@pytest.mark.parametrize("after", [False, True])
def test_an_error_code_comes_to_commands_of_a_kind(server, client, module, kind, after):
    others = [other for other in CALLS if other not in (kind, "background")]
    with server.fault("error", code=exception.DeviceOverload.code, commands=kind, after=after) as fault:
        for other in others:
            CALLS[other](client, NO_RETRY)
        assert fault.count == 0
        if kind == "batch":
            assert CALLS[kind](client, NO_RETRY).result == exception.DeviceOverload.code
        else:
            with pytest.raises(exception.DeviceOverload):
                CALLS[kind](client, NO_RETRY)
        assert fault.count == (1 if kind != "query" else fault.count) > 0
    CALLS[kind](client, NO_RETRY)


def test_an_error_code_comes_to_background_work(server, client, module):
    with server.fault("error", code=exception.UDFError.code, commands="background") as fault:
        with pytest.raises(exception.AerospikeError):
            client.scan_apply("test", "demo", "fault", "answer", [])
        assert fault.count > 0


@pytest.mark.parametrize("name", WRITES)
def test_what_changes_a_record_is_a_write(server, client, name):
    with server.fault("error", code=14, commands="write", times=1) as fault, pytest.raises(exception.RecordBusy):
        WRITES[name](client)
    assert fault.count == 1
    assert client.get(KEY)[1]["gen"] == 1


def test_a_reading_operate_is_a_read(server, client):
    with server.fault("error", code=14, commands="read", times=1), pytest.raises(exception.RecordBusy):
        client.operate(KEY, [operations.read("a")])


HARM = {
    "drop": ({}, exception.TimeoutError),
    "reset": ({}, exception.ConnectionError),
    "truncate": ({}, exception.ConnectionError),
    "error": ({"code": 9}, exception.TimeoutError),
    "delay": ({"delay_ms": 5000}, exception.TimeoutError),
}
TIMES = [(action, after) for action in HARM for after in (False, True) if action != "truncate" or after]


@pytest.mark.parametrize(("action", "after"), TIMES)
def test_what_comes_to_a_write_and_whether_it_was_done(server, client, action, after):
    given, error = HARM[action]
    with server.fault(action, commands="write", after=after, **given) as fault:
        with pytest.raises(error) as caught:
            client.put(KEY, {"a": 2}, {}, ONCE)
        assert caught.value.in_doubt
        assert fault.count == 1
    assert client.get(KEY)[2] == {"a": 2 if after else 1}


@pytest.mark.parametrize("action", ["drop", "reset", "truncate"])
def test_a_batch_is_done_before_its_answer_is_harmed(server, client, action):
    keys = [("test", "demo", i) for i in range(3000)]
    with server.fault(action, commands="batch", after=True):
        result = client.batch_operate(
            keys, [operations.write("a", 5), operations.read("a")], {**ONCE, "total_timeout": 3000}
        )
        assert result.result != 0
    deadline = time.monotonic() + 30
    while len(client.scan("test", "demo").results()) < 3000:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_delay_ends(server, client):
    for after in (False, True):
        with server.fault("delay", delay_ms=20, after=after) as fault:
            assert client.get(KEY, NO_RETRY)[2] == {"a": 1}
            client.put(KEY, {"a": 1}, {}, NO_RETRY)
            assert len(client.scan("test", "demo").results(NO_RETRY)) == 1
            assert client.batch_read([KEY, KEY], policy=NO_RETRY).result == 0
        assert fault.count == 4


def test_a_delay_does_not_hold_up_other_connections(server):
    with embedded.Server(workers=1) as alone, aerospike.client(alone.config) as client:
        client.put(KEY, {"a": 1})
        fault = alone.fault("delay", delay_ms=10000, commands="write")

        def wait():
            with contextlib.suppress(exception.TimeoutError):
                client.put(KEY, {"a": 2}, {}, ONCE)

        waiting = threading.Thread(target=wait)
        waiting.start()
        deadline = time.monotonic() + 30
        while fault.count == 0:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert client.get(KEY, NO_RETRY)[2] == {"a": 1}
        waiting.join(30)


def test_namespace_and_set_choose(server, client):
    def struck(**choice):
        with server.fault("error", code=14, **choice) as fault:
            for key in (("test", "demo", 1), ("test", None, 1), ("bar", "demo", 1)):
                with contextlib.suppress(exception.RecordBusy):
                    client.put(key, {"a": 1}, {}, NO_RETRY)
            client.batch_read([("bar", "demo", 1), ("test", "other", 1)], policy=NO_RETRY)
        return fault.count

    assert struck(commands="write") == 3
    assert struck(commands="write", namespace="bar") == 1
    assert struck(commands="write", set="demo") == 2
    assert struck(commands="write", set="") == 1
    assert struck(commands="write", namespace="test", set="demo") == 1
    assert struck(commands="batch", set="other") == 1
    assert struck(commands="batch", set="third") == 0
    assert struck(commands="batch", namespace="bar", set="other") == 0
    assert struck(commands=["write", "batch"], namespace="bar") == 2


def test_a_node_is_chosen():
    with embedded.Server(nodes=3) as cluster, aerospike.client(cluster.config) as found:
        keys = [("test", "demo", number) for number in range(60)]
        for key in keys:
            found.put(key, {"a": 1})
        faults = [cluster.fault("error", code=14, node=node) for node in cluster.nodes]
        for key in keys:
            with pytest.raises(exception.RecordBusy):
                found.get(key, NO_RETRY)
        counts = [fault.count for fault in faults]
        assert sum(counts) == 60
        assert min(counts) > 0
        faults[1].end()
        good = 0
        for key in keys:
            with contextlib.suppress(exception.RecordBusy):
                found.get(key, NO_RETRY)
                good += 1
        assert good == counts[1]
        with embedded.Server() as other, pytest.raises(ValueError, match="node must be one of"):
            cluster.fault("drop", node=other.nodes[0])


def test_a_share_is_chosen_by_its_seed(server, client):
    def struck(**choice):
        outcome = []
        with server.fault("error", code=14, **choice) as fault:
            for _ in range(200):
                try:
                    client.get(KEY, NO_RETRY)
                    outcome.append(False)
                except exception.RecordBusy:
                    outcome.append(True)
        assert fault.count == sum(outcome)
        return outcome

    first = struck(share=0.25, seed=7)
    assert 20 < sum(first) < 90
    assert struck(share=0.25, seed=7) == first
    assert struck(share=0.25, seed=8) != first
    assert struck() == [True] * 200
    assert struck(times=3) == [True] * 3 + [False] * 197


def test_the_first_fault_that_is_for_a_command_strikes_it(server, client):
    with server.fault("error", code=14, commands="read", times=1) as first, server.fault("error", code=18) as second:
        with pytest.raises(exception.RecordBusy):
            client.get(KEY, NO_RETRY)
        with pytest.raises(exception.DeviceOverload):
            client.get(KEY, NO_RETRY)
    assert (first.count, second.count) == (1, 1)
    assert client.get(KEY, NO_RETRY)[2] == {"a": 1}


def test_faults_end(server, client):
    fault = server.fault("error", code=14)
    assert repr(fault) == "<aerospike.embedded.Fault error, struck 0 times>"
    fault.end()
    fault.end()
    client.get(KEY, NO_RETRY)
    cleared = server.fault("error", code=14)
    server.clear()
    with pytest.raises(exception.RecordNotFound):
        client.get(KEY, NO_RETRY)
    cleared.end()
    assert cleared.count == 0
    with pytest.raises(ZeroDivisionError), server.fault("error", code=14):
        1 / 0  # noqa: B018
    client.put(KEY, {"a": 1}, {}, NO_RETRY)


def test_clear_keeps_indexes_and_modules(server, client, module):
    client.index_single_value_create("test", "demo", "a", aerospike.INDEX_NUMERIC, "kept")
    server.clear()
    client.put(KEY, {"a": 1})
    assert client.apply(KEY, "fault", "answer", []) == 42
    assert "kept" in client.info_random_node("sindex-list:namespace=test")
    client.index_remove("test", "kept")


def test_info_commands_may_be_harmed(server, client):
    with server.fault("error", code=4, commands="info"):
        with pytest.raises(exception.AerospikeError):
            client.info_random_node("build", {"timeout": 5000})
        with pytest.raises(exception.AerospikeError):
            aerospike.client(server.config)
    with server.fault("drop", commands="info", namespace="test") as fault:
        aerospike.client(server.config).close()
        assert fault.count == 0


def test_a_log_in_may_be_harmed():
    users = {"ann": ("hush", ["read-write"])}
    with embedded.Server(users=users) as server:
        config = {**server.config, "user": "ann", "password": "hush"}
        with server.fault("error", code=exception.InvalidCredential.code, commands="admin") as fault:
            with pytest.raises(exception.AerospikeError):
                aerospike.client(config)
            assert fault.count > 0
        aerospike.client(config).close()


def frame(body):
    return bytes([2, 3]) + len(body).to_bytes(6, "big") + body


READ = frame(
    bytes([22, 3, 0, 0, 0, 0])
    + bytes(12)
    + (3).to_bytes(2, "big")
    + bytes(2)
    + b"".join(
        len(value + b".").to_bytes(4, "big") + bytes([kind]) + value
        for kind, value in ((0, b"test"), (1, b"demo"), (4, bytes(20)))
    )
)  # of a record that is not there
ANSWER = 30
LAST = bytes([2, 1]) + len(b"node\n").to_bytes(6, "big") + b"node\n"


def received(address, count):
    """What comes of so many requests in one piece, until the end; None: the connection was reset."""
    with socket.create_connection(address, timeout=30) as connection:
        data = b""
        try:
            connection.sendall(READ * count + LAST)
            while not data.endswith(b"\n") and (part := connection.recv(65536)):
                data += part
        except ConnectionResetError:
            return None
    return data.partition(b"\2\1")[0]


def test_harm_to_one_of_many_requests_in_a_row(server):
    address = server.hosts[0]
    whole = received(address, 5)
    assert len(whole) == 5 * ANSWER
    with server.fault("delay", delay_ms=30, times=2):
        assert received(address, 5) == whole
    with server.fault("delay", delay_ms=30, times=2, after=True):
        assert received(address, 5) == whole
    with server.fault("drop", times=2):
        assert received(address, 5) == whole[: 3 * ANSWER]
    with server.fault("truncate", times=1):
        assert received(address, 5) == whole[: ANSWER // 2]
    with server.fault("reset", times=1) as fault:
        assert received(address, 5) is None
        assert fault.count == 1


def test_statistics(server, client):
    before = server.statistics()
    assert set(before) == {"connections", "connections_opened", "commands", "malformed", "faults"}
    assert set(before["commands"]) == {"read", "write", "udf", "batch", "query", "background", "info", "admin"}
    client.get(KEY)
    client.get(KEY)
    client.put(KEY, {"a": 3})
    client.batch_read([KEY] * 10)
    with server.fault("error", code=14, commands="read"), pytest.raises(exception.RecordBusy):
        client.get(KEY, NO_RETRY)
    after = server.statistics()
    grown = {kind: after["commands"][kind] - before["commands"][kind] for kind in after["commands"]}
    assert grown["info"] >= 0
    assert {**grown, "info": 0} == {
        "read": 3,
        "write": 1,
        "udf": 0,
        "batch": 1,
        "query": 0,
        "background": 0,
        "info": 0,
        "admin": 0,
    }
    assert after["faults"] == before["faults"] + 1
    assert after["connections"] >= 1
    assert after["connections_opened"] >= before["connections_opened"] >= before["connections"]


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"action": "explode"}, "action must be one of delay, drop"),
        ({"action": None}, "action must be one of"),
        ({"commands": "get"}, "commands has 'get'"),
        ({"commands": []}, "commands must name"),
        ({"commands": 5}, "commands must be"),
        ({"commands": [5]}, "commands has 5"),
        ({"node": 0}, "node must be one of the server's nodes, not 0"),
        ({"node": "BB9"}, "node must be one of"),
        ({"namespace": "none"}, "namespace 'none' is not one"),
        ({"namespace": b"test"}, "namespace must be a str, not bytes"),
        ({"set": 5}, "set must be a str, not int"),
        ({"share": 0}, "share must be"),
        ({"share": 1.1}, "share must be"),
        ({"share": float("nan")}, "share must be"),
        ({"share": "1"}, "share must be"),
        ({"seed": -1}, "seed must be"),
        ({"seed": None}, "seed must be"),
        ({"times": 0}, "times must be"),
        ({"times": 1.5}, "times must be"),
        ({"times": True}, "times must be"),
        ({"after": 1}, "after must be a bool"),
        ({"action": "truncate", "after": False}, "after must not be False"),
        ({"action": "delay"}, "delay_ms must be"),
        ({"action": "delay", "delay_ms": 0}, "delay_ms must be"),
        ({"action": "delay", "delay_ms": 2**31}, "delay_ms must be"),
        ({"delay_ms": 5}, "delay_ms is not for"),
        ({"action": "error"}, "code must be"),
        ({"action": "error", "code": 256}, "code must be"),
        ({"code": 5}, "code is not for"),
    ],
)
def test_misuse_is_named(server, given, text):
    with pytest.raises(ValueError, match=text):
        server.fault(**{"action": "drop", **given})
    assert server.statistics()["malformed"] == 0


def test_a_stopped_server_has_no_faults():
    server = embedded.Server()
    fault = server.fault("drop")
    server.stop()
    assert fault.count == 0
    fault.end()
    for call in (lambda: server.fault("drop"), server.statistics):
        with pytest.raises(RuntimeError, match="the server is stopped"):
            call()


def test_types_of_the_native_side_are_not_made_by_hand():
    with pytest.raises(TypeError):
        aerospike._embedded.Fault()


def test_threads_set_and_end_faults_under_load(server, client):
    stop = threading.Event()
    unexpected = []

    def load():
        while not stop.is_set():
            try:
                client.get(KEY, NO_RETRY)
            except exception.RecordBusy:
                pass
            except BaseException as error:
                unexpected.append(error)
                return

    def change():
        for _ in range(200):
            with server.fault("error", code=14, share=0.5), server.fault("delay", delay_ms=1, times=2):
                server.statistics()

    loads = [threading.Thread(target=load) for _ in range(3)]
    changes = [threading.Thread(target=change) for _ in range(3)]
    for thread in loads + changes:
        thread.start()
    for thread in changes:
        thread.join(120)
    stop.set()
    for thread in loads:
        thread.join(30)
    assert unexpected == []
    assert client.get(KEY, NO_RETRY)[2] == {"a": 1}
