# SPDX-License-Identifier: Apache-2.0
"""Columns, matrices and tables that are written while nodes die, and while the process forks."""

import os
import threading

import pytest
from fix_columns import Stream

import aerospike
from aerospike import embedded

COUNT = 600
ROWS = 50  # sent at a time
PATIENT = {"max_retries": 1000, "sleep_between_retries": 10, "total_timeout": 0}
HASTY = {"max_retries": 0, "socket_timeout": 2000, "total_timeout": 4000}
SPOILED = {"max_error_rate": 0}  # nodes are asked again however often they failed


@pytest.fixture(scope="module")
def pa():
    return pytest.importorskip("pyarrow", reason="pyarrow is not installed")


@pytest.fixture
def cluster():
    """Three nodes with as many records, and a client."""
    with (
        embedded.Server(nodes=3, heartbeat_interval=20) as server,
        aerospike.client({**server.config, **SPOILED}) as client,
    ):
        for n in range(COUNT):
            client.put(("test", "dying", n), {"n": n})
        yield server, client


def keys_of(count=COUNT):
    return [("test", "dying", n) for n in range(count)]


def table(pa, add=0):
    return pa.table({"id": range(COUNT), "n": [n + add for n in range(COUNT)]})


# ---- nodes that die ----


def columns(pa, client, policy):
    made = pa.table(client.batch_arrow(keys_of(), {"n": "int64"}, policy=policy))
    return made.column("_status").to_pylist(), made.column("n").to_pylist()


def matrix(_pa, client, policy):
    made = client.batch_matrix(keys_of(), ["n"], "int64", -1, policy=policy)
    return made.status.tolist(), [None if row == [-1] else row[0] for row in memoryview(made).tolist()]


@pytest.mark.embedded_only("it kills nodes")
@pytest.mark.parametrize("read", [columns, matrix])
@pytest.mark.parametrize("policy", [PATIENT, HASTY])
def test_a_row_says_whether_it_was_read(pa, cluster, read, policy):
    server, client = cluster
    killer = threading.Thread(target=server.nodes[1].stop)
    killer.start()
    while True:
        dying = killer.is_alive()
        statuses, numbers = read(pa, client, policy)
        for n, (status, number) in enumerate(zip(statuses, numbers, strict=True)):
            assert number == (n if status == 0 else None)
        assert 2 not in statuses  # of which the other nodes have copies
        assert statuses == [0] * COUNT or policy is HASTY
        if not dying:
            break
    killer.join()
    assert read(pa, client, PATIENT) == ([0] * COUNT, list(range(COUNT)))


@pytest.mark.embedded_only("it kills nodes")
@pytest.mark.parametrize("policy", [PATIENT, HASTY])
def test_what_was_told_as_written_is_there(pa, cluster, policy):
    server, client = cluster
    seen, killers = [], []

    def told(batch):
        if not seen:
            killers.append(threading.Thread(target=server.nodes[1].stop))
            killers[0].start()
        seen.append((batch.status.tolist(), batch.in_doubt.tolist()))

    data = table(pa, add=1)
    written = client.put_arrow(data, "test", "dying", "id", batch_rows=ROWS, policy=policy, on_batch=told)
    killers[0].join()
    statuses, doubts = ([one for batch in seen for one in batch[part]] for part in (0, 1))
    assert (written.rows, len(statuses)) == (COUNT, COUNT)
    assert written.failed == COUNT - statuses.count(0)
    assert written.failed == 0 or policy is HASTY
    found = columns(pa, client, PATIENT)[1]
    for n, (status, doubt, number) in enumerate(zip(statuses, doubts, found, strict=True)):
        assert number == n + (status == 0) or (doubt and number == n + 1)


# ---- forks ----


def in_child(work):
    """The exit code of a child that does that: 0 where it returned True."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = 0 if work() else 2
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def all_ways(pa, client, keys, place):
    """Read a few keys as columns and as a matrix, and write a few rows. Whether it went well."""
    read = pa.table(client.batch_arrow(keys, {"n": "int64"})).column("n").to_pylist()
    matrix = memoryview(client.batch_matrix(keys, ["n"])).tolist()
    put = client.put_arrow(pa.table({"id": [1, 2], "n": [3, 4]}), *place, "id", batch_rows=1)
    return (read, matrix, put.failed) == (list(range(len(keys))), [[n] for n in range(len(keys))], 0)


@pytest.fixture
def kept(client, namespace):
    """Keys of records that are there, and a place for others."""
    keys = [(namespace, "columns forked", n) for n in range(20)]
    for n, key in enumerate(keys):
        client.put(key, {"n": n})
    yield keys, (namespace, "columns forked to")
    client.truncate(namespace, "columns forked", 0)
    client.truncate(namespace, "columns forked to", 0)


@pytest.mark.forks
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork() here")
def test_forks_while_threads_read_and_write(pa, client, kept):
    done, wrong = threading.Event(), []

    def work(number):
        while not done.is_set():
            if not all_ways(pa, client, kept[0], kept[1]):
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    codes = [in_child(lambda: client.batch_matrix(kept[0], ["n"]).status.tolist() == [0] * 20) for _ in range(3)]
    codes += [in_child(lambda: len(client.batch_arrow(kept[0], {"n": "int64"})) == 20) for _ in range(3)]
    done.set()
    for thread in threads:
        thread.join()
    assert (codes, wrong) == ([0] * 6, [])


@pytest.mark.forks
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork() here")
def test_a_fork_between_two_batches_that_are_written(pa, client, kept):
    codes = []
    parent = os.getpid()

    def told(batch):
        assert batch.failed == 0
        if os.getpid() == parent and len(codes) < 2:
            codes.append(in_child(lambda: all_ways(pa, client, *kept)))

    data = pa.table({"id": range(90), "n": range(90)})
    assert client.put_arrow(data, *kept[1], "id", batch_rows=30, on_batch=told).rows == 90
    assert codes == [0, 0]
    rows = client.batch_arrow([(*kept[1], n) for n in range(10, 90)], {"n": "int64"})
    assert pa.table(rows).column("n").to_pylist() == list(range(10, 90))


# ---- readers that are left ----


def test_a_stream_is_left_after_its_end_and_its_error(client, kept):
    plan = client.scan(*kept[0][0][:2])
    ended, failed = Stream(plan.arrow({"n": "int64"})), Stream(plan.arrow({"n": "string"}))
    assert ended.rows() == 20
    assert failed.next()[0] != 0
    ended.release()
    failed.release()


def test_a_reader_that_is_written_is_left(connect, kept):
    client = connect(max_conns_per_node=2, connection_wait_ms=60000)
    reader = client.scan(*kept[0][0][:2]).arrow({"n": "int64"}, batch_rows=1, queue=1, meta=("digest",))
    for _ in range(4):  # each would keep a connection
        written = client.put_arrow(reader, *kept[1], "digest", on_batch=lambda _batch: False)
        assert (written.rows, written.failed) == (1, 0)
