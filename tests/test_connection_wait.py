# SPDX-License-Identifier: Apache-2.0
"""More threads than connections: config['connection_wait_ms'] makes them wait for one."""

import contextlib
import multiprocessing
import signal
import threading
import time

import pytest

import aerospike
from aerospike import embedded, exception
from aerospike_helpers.operations import operations

PATIENT = {"total_timeout": 60000, "socket_timeout": 60000, "max_retries": 0}
LONG = 2**31 - 1
BOUND = 60  # seconds, for whatever must come

slow = pytest.mark.embedded_only("answers are delayed on purpose")


@pytest.fixture
def server():
    with embedded.Server() as server:
        yield server


@pytest.fixture
def key(make_key):
    return make_key()


@contextlib.contextmanager
def held(client, namespace):
    """The place of a scan that nobody reads on."""
    for number in range(200):
        client.put((namespace, "large", number), {"a": "x" * 80000})
    with iter(client.scan(namespace, "large")) as records:
        next(records)
        yield


def tried(call, *arguments):
    try:
        return call(*arguments)
    except exception.AerospikeError as error:
        return error


def reached(condition):
    deadline = time.monotonic() + BOUND
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def in_threads(count, work):
    """What came of `work(number)` on so many threads at once."""
    outcomes, start = [None] * count, threading.Barrier(count)

    def run(number):
        start.wait(BOUND)
        outcomes[number] = tried(work, number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(BOUND * 2)
        assert not thread.is_alive()
    return outcomes


def failures(outcomes):
    return [outcome for outcome in outcomes if isinstance(outcome, exception.AerospikeError)]


def test_200_threads_on_20_connections(connect, namespace, make_key):
    client = connect(max_conns_per_node=20, connection_wait_ms=60000)
    keys = [make_key() for _ in range(20)]
    client.batch_operate(keys, [operations.write("n", 0)])

    def work(number):
        for turn in range(10):
            client.operate(keys[number % 20], [operations.increment("n", 1)], {}, PATIENT)
            if turn == number % 10:
                client.batch_read(keys, policy=PATIENT)
                client.scan(namespace, keys[0][1]).results(PATIENT)
                client.info_random_node("build", {"timeout": 60000})

    assert failures(in_threads(200, work)) == []
    assert sum(client.get(key)[2]["n"] for key in keys) == 2000
    for node in client.get_stats().nodes:
        assert node.conns.in_pool + node.conns.in_use <= 20


@slow
def test_without_it_threads_fail_and_with_it_none_does(server, namespace):
    key = (namespace, "demo", 1)
    with server.fault("delay", delay_ms=30, commands="write"):
        for wait, fails in ((0, True), (60000, False)):
            config = {**server.config, "max_conns_per_node": 2, "connection_wait_ms": wait}
            with aerospike.client(config) as client:
                failed = failures(in_threads(16, lambda _: client.put(key, {"a": 1}, {}, PATIENT)))
                assert bool(failed) == fails
                assert {type(error) for error in failed} <= {exception.NoMoreConnectionsError}
                assert not any(error.in_doubt for error in failed)


@slow
def test_the_wait_is_bounded(server, namespace):
    key = (namespace, "demo", 1)
    config = {**server.config, "max_conns_per_node": 1, "connection_wait_ms": 50}
    with aerospike.client(config) as client:
        client.put(key, {"a": 1})
        with held(client, namespace):
            before = server.statistics()["commands"]
            for call in (
                lambda: client.put(key, {"a": 2}, {}, PATIENT),
                lambda: client.batch_read([key, key], policy=PATIENT),
                lambda: client.scan(namespace, "demo").results(PATIENT),
                lambda: client.info_random_node("build", {"timeout": 60000}),
            ):
                with pytest.raises(
                    exception.NoMoreConnectionsError, match=r"connection_wait_ms.*max_conns_per_node.*1"
                ) as caught:
                    call()
                assert not caught.value.in_doubt
            assert {**server.statistics()["commands"], "info": 0} == {**before, "info": 0}
            assert len(client.get_stats().nodes) == 1
            assert len(client.get_nodes()) == 1
        reached(lambda: tried(client.get, key)[2:] == ({"a": 1},))


@slow
def test_an_error_gives_the_place_back(server, namespace):
    config = {**server.config, "max_conns_per_node": 1, "connection_wait_ms": 50}
    with aerospike.client(config) as client:
        for _ in range(3):
            with pytest.raises(exception.RecordNotFound):
                client.get((namespace, "demo", 1))
            with pytest.raises(exception.ParamError):
                client.get((namespace, "demo", 1.5))
            with pytest.raises(exception.AerospikeError):
                client.scan("nosuch").results()
            with pytest.raises(exception.AerospikeError):
                client.udf_get("nosuch.lua")
        client.index_single_value_create(namespace, "demo", "a", aerospike.INDEX_NUMERIC, "waits")
        client.index_remove(namespace, "waits")
        client.put((namespace, "demo", 1), {"a": 1})


@slow
def test_an_interrupt_ends_the_wait(server, namespace):
    key = (namespace, "demo", 1)
    config = {**server.config, "max_conns_per_node": 1, "connection_wait_ms": LONG}
    with aerospike.client(config) as client:
        client.put(key, {"a": 1})
        with held(client, namespace):
            threading.Timer(0.2, signal.raise_signal, (signal.SIGINT,)).start()
            with pytest.raises(KeyboardInterrupt):
                client.put(key, {"a": 2}, {}, PATIENT)
        assert client.get(key)[2] == {"a": 1}


@slow
def test_a_client_that_is_closed_meanwhile_lets_those_that_wait_go_on(server, namespace):
    key = (namespace, "demo", 1)
    client = aerospike.client({**server.config, "max_conns_per_node": 1, "connection_wait_ms": LONG})
    client.put(key, {"a": 1})
    outcome = []
    waiting = threading.Thread(target=lambda: outcome.append(tried(client.put, key, {"a": 2}, {}, PATIENT)))
    with held(client, namespace):
        waiting.start()
        time.sleep(0.1)  # it waits, or comes too late: either is an answer
        client.close()
    waiting.join(BOUND)
    assert outcome == [0] or isinstance(outcome[0], exception.ClusterError)


@slow
def test_connections_that_wait_for_a_late_answer_are_waited_for(server, namespace):
    key = (namespace, "demo", 1)
    config = {**server.config, "max_conns_per_node": 2, "connection_wait_ms": 60000, "tend_interval": 250}
    with aerospike.client(config) as client:
        client.put(key, {"a": 1})
        late = {"total_timeout": 100, "socket_timeout": 100, "max_retries": 0, "timeout_delay": 1000}
        with server.fault("drop", commands="read", times=2):
            for _ in range(2):
                with pytest.raises(exception.TimeoutError):
                    client.get(key, late)
        assert client.get(key, PATIENT)[2] == {"a": 1}


def work_in_child(client, key, queue):
    queue.put(client.get(key)[2])


@pytest.mark.forks
@slow
def test_a_child_has_a_gate_of_its_own(server, namespace):
    key = (namespace, "demo", 1)
    with aerospike.client({**server.config, "max_conns_per_node": 1, "connection_wait_ms": LONG}) as client:
        client.put(key, {"a": 1})
        with held(client, namespace):
            context = multiprocessing.get_context("fork")
            queue = context.Queue()
            child = context.Process(target=work_in_child, args=(client, key, queue))
            child.start()
            assert queue.get(timeout=BOUND) == {"a": 1}
            child.join(BOUND)


@pytest.mark.parametrize("value", [-1, 2**31, 1.5, "1", [], 2**70])
def test_misuse_is_named(hosts, value):
    with pytest.raises(exception.ParamError, match="connection_wait_ms"):
        aerospike.client({"hosts": hosts, "connection_wait_ms": value})
