# SPDX-License-Identifier: Apache-2.0
"""What the policies of time and retries promise, counted at a server that does harm on purpose."""

import contextlib
import time

import pytest
from fix_both import CLIENTS

import aerospike
from aerospike import embedded, exception
from aerospike_helpers.operations import operations

pytestmark = pytest.mark.embedded_only("faults are the embedded server's")

KEY = ("test", "demo", 1)
LONG = {"total_timeout": 60000, "socket_timeout": 60000}
SHORT = {"total_timeout": 60000, "socket_timeout": 400, "timeout_delay": 0}


@pytest.fixture(scope="module")
def running():
    with embedded.Server() as server:
        yield server


@pytest.fixture
def connect(server, client_kind):
    """Connect a client; all are closed in the end."""
    with contextlib.ExitStack() as stack:
        settings = {**server.config, "max_error_rate": 1000, "error_rate_window": 10}
        yield lambda **more: stack.enter_context(CLIENTS[client_kind]({**settings, **more}))


@pytest.fixture
def client(connect):
    made = connect()
    made.put(KEY, {"n": 0})
    return made


def counted(server, kind, call):
    """How many commands of a kind came to the server, and what the call raised."""
    before = server.statistics()["commands"][kind]
    error = None
    try:
        call()
    except exception.AerospikeError as caught:
        error = caught
    return server.statistics()["commands"][kind] - before, error


def patience(action):
    """Time that an answer needs on a busy machine, but not too much for one that never comes."""
    return SHORT if action == "drop" else LONG


def increment(client, policy):
    return client.operate(KEY, [operations.increment("n", 1)], {}, policy)


def value(client):
    return client.get(KEY, LONG)[2]["n"]


# ---- how often a command is tried ----

CALLS = {
    "read": lambda client, policy: client.get(KEY, policy),
    "write": lambda client, policy: client.put(KEY, {"n": 5}, {}, policy),
    "batch": lambda client, policy: [
        row.record[2] for row in client.batch_read([KEY, KEY], policy=policy).batch_records
    ],
}
BROKEN = [
    ("reset", exception.ConnectionError),
    ("truncate", exception.ConnectionError),
    ("drop", exception.TimeoutError),
]


@pytest.mark.parametrize(("action", "raised"), BROKEN)
@pytest.mark.parametrize("kind", ["read", "write"])
@pytest.mark.parametrize("retries", [0, 1, 2])
def test_a_command_is_tried_once_and_as_often_again_as_allowed(server, client, action, raised, kind, retries):
    policy = {**patience(action), "max_retries": retries}
    with server.fault(action, commands=kind) as fault:
        tries, error = counted(server, kind, lambda: CALLS[kind](client, policy))
        assert isinstance(error, raised)
        assert error.in_doubt == (kind == "write")
        assert (tries, fault.count) == (retries + 1, retries + 1)
    with server.fault(action, commands=kind, times=retries) if retries else server.fault("delay", delay_ms=1):
        assert counted(server, kind, lambda: CALLS[kind](client, policy)) == (retries + 1, None)


@pytest.mark.parametrize("action", ["reset", "truncate", "drop"])
def test_a_batch_is_tried_again(server, client, action):
    policy = {**patience(action), "max_retries": 2}
    with server.fault(action, commands="batch") as fault:
        result = client.batch_read([KEY, KEY], policy=policy)
        assert result.result != 0
        assert not any(row.in_doubt for row in result.batch_records)
        assert fault.count == 3
    with server.fault(action, commands="batch", times=2) as fault:
        assert CALLS["batch"](client, policy) == [{"n": 0}] * 2
        assert fault.count == 2


def test_what_a_policy_says_by_default(server, client):
    with server.fault("reset"):
        for kind, default in (("read", 2), ("write", 0)):
            tries, _ = counted(server, kind, lambda: CALLS[kind](client, LONG))  # noqa: B023
            assert tries == default + 1 == client.get_policies()[kind]["max_retries"] + 1


@pytest.mark.sync_only("a loop does not try again what is overloaded: docs/asyncio.rst")
def test_errors_of_the_server_are_not_tried_again_unless_it_is_overloaded(server, client):
    policy = {**LONG, "max_retries": 2}
    for code, tries in (
        (exception.RecordBusy.code, 1),
        (exception.ServerError.code, 1),
        (exception.DeviceOverload.code, 3),
        (exception.TimeoutError.code, 3),
    ):
        with server.fault("error", code=code, commands="read"):
            seen, error = counted(server, "read", lambda: client.get(KEY, policy))
            assert (seen, error.code) == (tries, code)


def test_a_scan_goes_on_where_it_was_cut(server, client):
    keys = [("test", "many", number) for number in range(2000)]
    client.batch_operate(keys, [operations.write("n", 1)], LONG)
    for action in ("reset", "truncate"):
        with server.fault(action, commands="query", after=True, times=2) as fault:
            found = client.scan("test", "many").results({**LONG, "max_retries": 5})
            assert fault.count == 2
        digests = {bytes(key[3]) for key, _, _ in found}
        assert len(found) == len(digests) == 2000


# ---- time ----


def test_the_total_time_ends_the_tries(server, client):
    policy = {"total_timeout": 450, "socket_timeout": 100, "max_retries": 1000, "timeout_delay": 0}
    with server.fault("drop") as fault:
        for kind in ("read", "write"):
            tries, error = counted(server, kind, lambda: CALLS[kind](client, policy))  # noqa: B023
            assert isinstance(error, exception.TimeoutError)
            assert 1 <= tries <= 5
        assert fault.count <= 10


def test_without_a_socket_timeout_of_its_own_a_try_takes_all_of_the_time(server, client):
    for policy in ({"total_timeout": 200, "socket_timeout": 0}, {"total_timeout": 200, "socket_timeout": 5000}):
        with server.fault("drop"):
            tries, error = counted(server, "read", lambda: client.get(KEY, {**policy, "max_retries": 5}))  # noqa: B023
            assert (tries, type(error)) == (1, exception.TimeoutError)


@pytest.mark.sync_only("a loop does not sleep between tries: docs/asyncio.rst")
def test_no_try_begins_that_would_have_to_sleep_beyond_the_total_time(server, client):
    policy = {"total_timeout": 30000, "max_retries": 5, "sleep_between_retries": 60000}
    with server.fault("reset"):
        for replica, tries in ((aerospike.POLICY_REPLICA_MASTER, 1), (aerospike.POLICY_REPLICA_SEQUENCE, 2)):
            seen, error = counted(server, "read", lambda: client.get(KEY, {**policy, "replica": replica}))  # noqa: B023
            assert (seen, type(error)) == (tries, exception.ConnectionError)


def test_a_slow_node_is_waited_for(server, client):
    with server.fault("delay", delay_ms=100) as fault:
        assert CALLS["read"](client, LONG)[2] == {"n": 0}
        assert CALLS["write"](client, LONG) == 0
        assert CALLS["batch"](client, LONG) == [{"n": 5}] * 2
        assert len(client.scan("test", "demo").results(LONG)) == 1
        assert fault.count == 4


def test_a_late_answer_is_not_that_of_another_command(server, client):
    other = ("test", "demo", 2)
    client.put(other, {"n": 2})
    policy = {"total_timeout": 50, "max_retries": 0, "timeout_delay": 5000}
    for _ in range(5):
        with server.fault("delay", delay_ms=150, commands="read", times=1), pytest.raises(exception.TimeoutError):
            client.get(KEY, policy)
        for _ in range(20):
            assert client.get(other, LONG)[2] == {"n": 2}


# ---- whether it was done ----


@pytest.mark.parametrize("action", ["reset", "drop", "truncate"])
def test_a_retry_may_do_it_twice(server, client, action):
    with server.fault(action, commands="write", after=True, times=1):
        increment(client, {**patience(action), "max_retries": 1})
    assert value(client) == 2


def test_a_generation_keeps_a_retry_from_doing_it_twice(server, client):
    policy = {**LONG, "max_retries": 1, "gen": aerospike.POLICY_GEN_EQ}
    generation = client.get(KEY)[1]["gen"]
    with (
        server.fault("reset", commands="write", after=True, times=1),
        pytest.raises(exception.RecordGenerationError) as caught,
    ):
        client.operate(KEY, [operations.increment("n", 1)], {"gen": generation}, policy)
    assert caught.value.in_doubt  # it was the first try that did it
    assert value(client) == 1


def test_what_was_never_sent_is_not_in_doubt(server, connect, client):
    with server.fault("drop", commands="write") as fault:
        for call, raised in (
            (lambda: client.put(("nosuch", "demo", 1), {"n": 1}), exception.AerospikeError),
            (lambda: client.put(KEY, {"n" * 16: 1}), exception.BinNameError),
        ):
            before = fault.count
            with pytest.raises(raised) as caught:
                call()
            assert caught.value.in_doubt == (fault.count > before)
        assert fault.count == 0


@pytest.mark.parametrize("code", [2, 3, 4, 14, 18, 22])
def test_what_the_server_refused_is_not_in_doubt(server, client, code):
    with server.fault("error", code=code, commands="write"), pytest.raises(exception.AerospikeError) as caught:
        client.put(KEY, {"n": 1}, {}, {**LONG, "max_retries": 0})
    assert (caught.value.code, caught.value.in_doubt) == (code, False)
    assert value(client) == 0


def test_rows_of_a_batch_are_in_doubt(server, client):
    keys = [("test", "demo", number) for number in range(10)]
    for after in (False, True):
        with server.fault("reset", commands="batch", after=after):
            result = client.batch_operate(keys, [operations.write("m", after)], {**LONG, "max_retries": 0})
        assert [row.in_doubt for row in result.batch_records] == [True] * 10
        assert all(row.record is None for row in result.batch_records)
    assert all(client.get(key)[2]["m"] for key in keys)


def test_a_pool_that_is_empty_on_the_second_try_leaves_the_first_in_doubt(server, connect):
    client = connect(max_conns_per_node=1)
    client.put(KEY, {"n": 0})
    policy = {**SHORT, "timeout_delay": 3000, "max_retries": 1}
    with server.fault("drop", commands="write", after=True), pytest.raises(exception.NoMoreConnectionsError) as caught:
        client.put(KEY, {"n": 1}, {}, policy)
    assert caught.value.in_doubt


# ---- the rate of errors ----


def test_a_node_with_many_errors_is_left_alone_for_a_while(server, connect):
    client = connect(max_error_rate=5, error_rate_window=1, tend_interval=250)
    client.put(KEY, {"n": 0})
    policy = {**LONG, "max_retries": 0}
    with server.fault("reset", commands="write") as fault:
        deadline = time.monotonic() + 60
        while True:
            before = fault.count
            with pytest.raises(exception.AerospikeError) as caught:
                client.put(KEY, {"n": 1}, {}, policy)
            if isinstance(caught.value, exception.MaxErrorRateExceeded):
                break
            assert time.monotonic() < deadline
        assert fault.count == before
        assert not caught.value.in_doubt
    deadline = time.monotonic() + 60
    while True:
        try:
            client.put(KEY, {"n": 2}, {}, policy)
            break
        except exception.MaxErrorRateExceeded:
            assert time.monotonic() < deadline
            time.sleep(0.02)
    assert value(client) == 2


def test_the_server_sees_no_more_than_the_rate(server, connect):
    client = connect(max_error_rate=20, error_rate_window=1, tend_interval=60000)
    client.put(KEY, {"n": 0})
    with server.fault("reset", commands="read") as fault:
        raised = []
        for _ in range(100):
            with pytest.raises(exception.AerospikeError) as caught:
                client.get(KEY, {**LONG, "max_retries": 0})
            raised.append(type(caught.value))
        assert raised.count(exception.ConnectionError) == fault.count <= 42  # a window ends after connecting
        assert raised[-1] is exception.MaxErrorRateExceeded
    client.close()
