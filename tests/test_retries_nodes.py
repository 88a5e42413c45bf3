# SPDX-License-Identifier: Apache-2.0
"""What becomes of commands where one node of three is in trouble, counted there."""

import threading

import pytest

import aerospike
from aerospike import embedded, exception
from aerospike_helpers.operations import operations

pytestmark = pytest.mark.embedded_only("faults are the embedded server's")

KEYS = [("test", "demo", number) for number in range(90)]
LONG = {"total_timeout": 60000, "socket_timeout": 60000}
TRIES = {**LONG, "max_retries": 2}


@pytest.fixture(scope="module")
def running():
    with embedded.Server(nodes=3) as server:
        yield server


@pytest.fixture
def client(server):
    with aerospike.client({**server.config, "max_error_rate": 1000, "error_rate_window": 10}) as client:
        client.batch_operate(KEYS, [operations.write("n", 0)], LONG)
        yield client


@pytest.fixture
def bad(server):
    return server.nodes[1]


def values(client):
    return [client.get(key, LONG)[2]["n"] for key in KEYS]


def failed(call):
    """The keys for which the call raised."""
    missed = []
    for key in KEYS:
        try:
            call(key)
        except exception.AerospikeError:
            missed.append(key)
    return missed


def mastered(server, client, bad):
    """The keys whose master is the bad node."""
    policy = {**LONG, "max_retries": 0, "replica": aerospike.POLICY_REPLICA_MASTER}
    with server.fault("error", code=14, node=bad):
        return failed(lambda key: client.get(key, policy))


@pytest.mark.parametrize("action", ["reset", "truncate"])
def test_reads_go_to_another_node(server, client, bad, action):
    with server.fault(action, commands="read", node=bad) as fault:
        assert failed(lambda key: client.get(key, TRIES)) == []
        assert 0 < fault.count < len(KEYS)


def test_reads_of_the_master_alone_do_not(server, client, bad):
    own = mastered(server, client, bad)
    assert 0 < len(own) < len(KEYS)
    with server.fault("reset", commands="read", node=bad) as fault:
        policy = {**TRIES, "replica": aerospike.POLICY_REPLICA_MASTER}
        assert failed(lambda key: client.get(key, policy)) == own
        assert fault.count == 3 * len(own)


def test_a_silent_node_costs_reads_a_socket_timeout_and_no_more(server, client, bad):
    own = mastered(server, client, bad)[:3]
    policy = {"total_timeout": 60000, "socket_timeout": 500, "max_retries": 2, "timeout_delay": 0}
    with server.fault("drop", commands="read", node=bad) as fault:
        for key in own:
            assert client.get(key, policy)[2] == {"n": 0}
        assert fault.count == len(own)


def test_a_slow_node_does_not_slow_down_others(server, client, bad):
    others = set(KEYS) - set(mastered(server, client, bad))
    with server.fault("delay", delay_ms=2**31 - 1, node=bad) as fault:
        for key in others:
            client.get(key, LONG)
        assert fault.count == 0


def test_writes_with_retries_go_through_another_node(server, client, bad):
    with server.fault("reset", commands="write", node=bad) as fault:
        assert failed(lambda key: client.put(key, {"n": 1}, {}, TRIES)) == []
        assert fault.count > 0
    assert values(client) == [1] * len(KEYS)


def test_writes_without_retries_are_in_doubt(server, client, bad):
    own = mastered(server, client, bad)
    for after in (False, True):
        with server.fault("reset", commands="write", node=bad, after=after) as fault:
            for key in KEYS:
                if key in own:
                    with pytest.raises(exception.ConnectionError) as caught:
                        client.put(key, {"n": 2}, {}, {**LONG, "max_retries": 0})
                    assert caught.value.in_doubt
                else:
                    client.put(key, {"n": 0}, {}, LONG)
            assert fault.count == len(own)
        assert values(client) == [2 if key in own and after else 0 for key in KEYS]


def test_rows_of_the_other_nodes_are_done(server, client, bad):
    own = mastered(server, client, bad)
    with server.fault("reset", commands="batch", node=bad) as fault:
        result = client.batch_operate(KEYS, [operations.increment("n", 1)], {**LONG, "max_retries": 0})
        assert fault.count == 1
    assert result.result != 0
    for key, row in zip(KEYS, result.batch_records, strict=True):
        assert (row.result == 0, row.in_doubt) == (key not in own, key in own)
    assert values(client) == [0 if key in own else 1 for key in KEYS]


def test_a_batch_that_reads_is_tried_at_other_nodes(server, client, bad):
    with server.fault("reset", commands="batch", node=bad) as fault:
        rows = client.batch_read(KEYS, policy=TRIES).batch_records
        assert fault.count > 0
    assert [row.record[2] for row in rows] == [{"n": 0}] * len(KEYS)


@pytest.mark.parametrize("action", ["reset", "truncate"])
def test_a_scan_is_complete_although_a_node_fails(server, client, bad, action):
    with server.fault(action, commands="query", node=bad, times=2, after=True) as fault:
        found = client.scan("test", "demo").results({**LONG, "max_retries": 5})
        assert fault.count == 2
    assert len({bytes(key[3]) for key, _, _ in found}) == len(found) == len(KEYS)


def test_errors_are_counted_for_each_node(server, bad):
    config = {**server.config, "max_error_rate": 10, "error_rate_window": 1, "tend_interval": 60000}
    with aerospike.client(config) as client:
        client.batch_operate(KEYS, [operations.write("n", 0)], LONG)
        own = mastered(server, client, bad)
        policy = {**LONG, "max_retries": 0, "replica": aerospike.POLICY_REPLICA_MASTER}
        with server.fault("reset", commands="read", node=bad) as fault:
            raised = []
            for _ in range(2):
                for key in own:
                    with pytest.raises(exception.AerospikeError) as caught:
                        client.get(key, policy)
                    raised.append(type(caught.value))
            assert raised[-1] is exception.MaxErrorRateExceeded
            assert fault.count <= 22  # a window ends soon after the client has connected
            assert failed(lambda key: client.get(key, policy)) == own
            assert failed(lambda key: client.get(key, TRIES)) == []  # by the other node that has them


def test_more_threads_than_connections_on_three_nodes(server):
    config = {**server.config, "max_conns_per_node": 4, "connection_wait_ms": 60000}
    with aerospike.client(config) as client:
        client.batch_operate(KEYS, [operations.write("n", 0)], LONG)
        errors = []

        def work():
            try:
                for key in KEYS:
                    client.operate(key, [operations.increment("n", 1)], {}, {**LONG, "max_retries": 0})
                    client.batch_read(KEYS[:9], policy=LONG)
                client.scan("test", "demo").results(LONG)
            except exception.AerospikeError as error:
                errors.append(error)

        threads = [threading.Thread(target=work) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        assert errors == []
        assert values(client) == [20] * len(KEYS)
