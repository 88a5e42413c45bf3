# SPDX-License-Identifier: Apache-2.0
"""Iteration over scans and queries: one run that waits for its consumer, and may be left, closed or shared."""

import contextlib
import copy
import gc
import itertools
import os
import resource
import signal
import sys
import threading
import time

import fix_proxy
import pytest
from children import run_program
from test_wire import Relay

import aerospike
from aerospike import embedded, exception
from aerospike_helpers import expressions as exp

COUNT = 3000
FLAGS = aerospike.__build_info__["flags"]
LARGE = 8000, "x" * 12000  # records that no buffer holds: each of the sockets between may take 36 MB


@pytest.fixture(scope="module")
def set_name(client, namespace):
    client.truncate(namespace, "iterated", 0)
    for n in range(COUNT):
        client.put((namespace, "iterated", n), {"n": n, "text": "x" * 200})
    yield "iterated"
    client.truncate(namespace, "iterated", 0)


@pytest.fixture(params=["scan", "query"])
def make_plan(request, client, namespace, set_name):
    return lambda: getattr(client, request.param)(namespace, set_name)


def numbers(rows):
    return sorted(bins["n"] for _key, _meta, bins in rows)


def content(rows):
    """All but the seconds that are left, of which some go by."""
    return sorted(((key, meta["gen"], bins) for key, meta, bins in rows), key=repr)


def test_all_records_as_results_has_them(make_plan):
    rows = list(make_plan())
    assert numbers(rows) == list(range(COUNT))
    assert content(rows) == content(make_plan().results())


def test_a_plan_is_iterated_again(make_plan):
    plan = make_plan().select("n")
    assert numbers(plan) == numbers(plan) == list(range(COUNT))
    pairs = zip(plan, plan)  # noqa: B905  two runs at a time
    assert sum(1 for _ in pairs) == COUNT


def test_max_records(make_plan):
    plan = make_plan()
    plan.max_records = 90
    assert len(list(plan)) == 90


def test_iteration_is_not_of_the_pages(make_plan):
    plan = make_plan()
    plan.max_records = 100
    plan.paginate()
    assert len(plan.results()) == 100
    assert len(list(plan)) == 100
    assert not plan.is_done()
    rest = 0
    while not plan.is_done():
        rest += len(plan.results())
    assert rest == COUNT - 100


def test_no_records(client, namespace):
    records = iter(client.scan(namespace, "nobody"))
    assert list(records) == []
    assert "closed" in repr(records)


def test_it_outlives_the_variables_of_its_plan_and_client(config, namespace, set_name):
    records = iter(aerospike.client(config).scan(namespace, set_name))
    gc.collect()
    assert numbers(records) == list(range(COUNT))


def test_at_its_end_it_stays_there(make_plan):
    records = iter(make_plan())
    assert iter(records) is records
    assert len(list(records)) == COUNT
    assert list(records) == []
    with pytest.raises(StopIteration):
        next(records)


def test_records_by_a_policy(make_plan):
    few = exp.LT(exp.IntBin("n"), 10).compile()
    records = make_plan().records({"expressions": few})
    assert isinstance(records, aerospike.RecordIterator)
    assert numbers(records) == list(range(10))
    assert numbers(make_plan().records()) == list(range(COUNT))
    assert all(bins == {} for _key, _meta, bins in make_plan().records(None, {"nobins": True}))
    plan = make_plan()
    plan.max_records = 90
    assert len(list(plan.records({"total_timeout": 60000}))) == 90


def test_records_of_one_node(client, namespace, set_name):
    scan = client.scan(namespace, set_name)
    assert len(list(scan.records({"max_records": 50}))) == 50
    names = [node["node_name"] for node in client.get_node_names()]
    assert sum(len(list(scan.records(nodename=name))) for name in names) == COUNT
    with pytest.raises(exception.AerospikeError):
        list(scan.records(nodename="nosuch"))


def test_records_of_some_partitions(make_plan):
    plan, parts = make_plan(), []
    for begin in range(0, 4096, 1024):
        parts += plan.records({"partition_filter": {"begin": begin, "count": 1024}})
    assert numbers(parts) == list(range(COUNT))
    # no page: the plan's own pages begin at the beginning, and another part may be asked for
    assert plan.get_partitions_status() == {}
    page = {"partition_filter": {"begin": 0, "count": 2048}}
    half = plan.results(page)
    assert numbers(half) == numbers(plan.records(page))
    assert plan.results(page) == []
    # from where another run has stopped
    other = make_plan()
    other.max_records = 100
    first = other.results(page)
    status = {**page["partition_filter"], "partition_status": other.get_partitions_status()}
    rest = list(make_plan().records({"partition_filter": status}))
    assert numbers(first + rest) == numbers(half)


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ((5,), exception.ParamError, "policy must be a dict"),
        (({"total_timeout": "x"},), exception.ParamError, "total_timeout"),
        (({"partition_filter": 5},), exception.ParamError, "partition_filter"),
        (({"partition_filter": {"begin": -1}},), exception.ParamError, "begin"),
        (({"expressions": 5},), exception.ParamError, "expressions"),
        ((None, 5), exception.ParamError, "options must be a dict"),
        ((None, {"nobin": True}), exception.ParamError, "options has no key 'nobin'"),
        ((None, None, None, None), TypeError, "positional arguments"),
    ],
)
def test_misuse_of_records(make_plan, arguments, error, text):
    with pytest.raises(error, match=text):
        make_plan().records(*arguments)


def test_records_of_a_closed_client(config):
    client = aerospike.client(config)
    plans = client.scan("test", "iterated"), client.query("test", "iterated")
    client.close()
    for plan in plans:
        with pytest.raises(exception.ClusterError):
            plan.records(5)


@pytest.mark.parametrize("leave", ["close", "with", "del"])
def test_it_may_be_left(make_plan, leave):
    records = iter(make_plan())
    assert next(records)[2]["text"] == "x" * 200
    assert repr(records) == "<aerospike.RecordIterator open>"
    if leave == "close":
        assert records.close() is None
        records.close()
    elif leave == "with":
        with records as same:
            assert same is records
            next(records)
    else:
        del records
        return
    assert repr(records) == "<aerospike.RecordIterator closed>"
    assert list(records) == []


def test_a_with_block_lets_exceptions_out(make_plan):
    records = iter(make_plan())
    with pytest.raises(KeyError), records:
        raise KeyError
    assert list(records) == []


def test_it_is_made_by_a_plan_only(make_plan):
    with pytest.raises(TypeError, match=r"cannot create 'aerospike\.RecordIterator' instances"):
        aerospike.RecordIterator()
    with pytest.raises(TypeError):
        copy.copy(iter(make_plan()))
    with pytest.raises(TypeError):

        class _Other(aerospike.RecordIterator):
            pass


def test_an_unknown_namespace(client):
    records = iter(client.scan("nowhere"))
    with pytest.raises(exception.NamespaceNotFound):
        next(records)
    assert list(records) == []


# ---- the server's side ----


class Counting(Relay):
    """Counts the bytes of the answers, and the connections that the client has closed."""

    def __init__(self, port):
        self.passed, self.left = 0, 0
        super().__init__(port)

    def pump(self, source, target, change):
        if change == self.rewrite:
            with contextlib.suppress(OSError), source, target:
                while piece := source.recv(1 << 16):
                    target.sendall(self.rewrite(1, piece))
                    self.passed += len(piece)
        else:
            super().pump(source, target, change)
            self.left += 1

    def settled(self):
        """The count, once it stays as it is for a while."""
        before = -1
        while before != self.passed:
            before = self.passed
            time.sleep(0.3)
        return before


def until(condition):
    deadline = time.monotonic() + 20
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert condition()


@pytest.fixture(scope="module")
def large():
    """A server with more records than are held anywhere between it and a consumer."""
    count, text = LARGE
    with embedded.Server() as server, aerospike.client(server.config) as client:
        for n in range(count):
            client.put(("test", "large", n), {"n": n, "text": text})
        yield server


@pytest.fixture
def relayed(large):
    """A client of that server, and the relay in between."""
    relay = Counting(large.port)
    with aerospike.client({"hosts": [("127.0.0.1", relay.port)], "policies": {"max_retries": 0}}) as client:
        yield client, relay
    relay.listener.close()


def test_the_server_waits_for_the_consumer(relayed):
    client, relay = relayed
    count, text = LARGE
    whole = count * len(text)
    records = iter(client.scan("test", "large"))
    first = next(records)
    assert relay.settled() < whole
    assert numbers(itertools.chain([first], records)) == list(range(count))
    assert relay.passed > whole
    assert len([request for request in relay.requests if request.info1 & 1]) == 1  # one query, not many


@pytest.mark.skipif("-fsanitize" in FLAGS, reason="sanitizers keep what was freed")
def test_memory_stays_flat(large):
    count, _ = LARGE
    with aerospike.client(large.config) as client:
        sum(1 for _ in client.scan("test", "large"))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        assert sum(1 for _ in client.scan("test", "large")) == count
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown * (1 if sys.platform == "darwin" else 1024) < 4 << 20


@pytest.mark.parametrize("leave", ["break", "close", "raise"])
def test_leaving_ends_the_servers_work(relayed, leave):
    client, relay = relayed
    before = relay.left
    records = iter(client.scan("test", "large"))
    if leave == "break":
        for _ in records:
            break
        del records
    elif leave == "close":
        next(records)
        records.close()
    else:
        with contextlib.suppress(KeyError), records:
            raise KeyError
    until(lambda: relay.left > before)  # the connection, whose answer is given up
    count, text = LARGE
    assert relay.settled() < count * len(text)


def test_an_error_comes_once(proxy, namespace, set_name):
    with aerospike.client({"hosts": proxy.hosts, "policies": {"max_retries": 0}}) as client:
        proxy.harm = fix_proxy.closed
        records = iter(client.scan(namespace, set_name))
        with pytest.raises(exception.AerospikeError):
            next(records)
        assert list(records) == []


def test_it_goes_on_after_an_error(proxy, namespace, set_name):
    harmed = []

    def once(chance, frame):
        if harmed:
            return frame, False
        harmed.append(frame)
        return frame[: len(frame) // 2], True

    with aerospike.client({"hosts": proxy.hosts, "policies": {"max_retries": 5}}) as client:
        proxy.harm = once
        assert numbers(client.scan(namespace, set_name)) == list(range(COUNT))
    assert harmed


# ---- threads, signals, processes ----


def test_threads_share_it(make_plan):
    records, taken = iter(make_plan()), []

    def work():
        taken.append([bins["n"] for _, _, bins in records])

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(itertools.chain.from_iterable(taken)) == list(range(COUNT))


def test_another_thread_may_close_it(proxy, namespace, set_name):
    with aerospike.client({"hosts": proxy.hosts, "policies": {"socket_timeout": 20000, "total_timeout": 0}}) as client:
        proxy.harm = fix_proxy.silent
        records, given = iter(client.scan(namespace, set_name)), []
        threads = [threading.Thread(target=lambda: given.append(list(records))) for _ in range(3)]
        for thread in threads:
            thread.start()
        until(lambda: proxy.harmed)
        records.close()
        for thread in threads:
            thread.join(10)
        assert given == [[]] * 3


def test_an_interrupt_ends_the_wait(proxy, namespace, set_name):
    with aerospike.client({"hosts": proxy.hosts, "policies": {"socket_timeout": 20000, "total_timeout": 0}}) as client:
        proxy.harm = fix_proxy.silent
        records = iter(client.scan(namespace, set_name))
        timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        try:
            with pytest.raises(KeyboardInterrupt):
                next(records)
        finally:
            timer.cancel()
        assert list(records) == []


def test_after_the_client_was_closed(config, namespace, set_name):
    client = aerospike.client(config)
    records = iter(client.scan(namespace, set_name))
    next(records)
    client.close()
    client.connect()
    with pytest.raises(exception.ClusterError, match="closed while its records were iterated"):
        next(records)
    assert list(records) == []
    assert numbers(client.scan(namespace, set_name)) == list(range(COUNT))
    client.close()
    with pytest.raises(exception.ClusterError):
        iter(client.scan(namespace, set_name))


def test_what_converts_a_record_cannot_ask_for_the_next_one(connect, namespace, set_name):
    key = namespace, "iterated", COUNT
    told = []

    def deserializer(text):
        with pytest.raises(exception.ClientError, match="cannot ask for the next one") as caught:
            next(records)
        told.append(caught.value)
        return text

    own = connect(serialization=(None, deserializer))
    own.put(key, {"blob": b"x"})
    records = iter(own.scan(namespace, set_name).select("blob"))
    assert [bins for _, _, bins in records] == [{"blob": "x"}]
    assert told
    own.remove(key)


@pytest.mark.forks
def test_a_child_process_is_refused(make_plan, client, key):
    client.put(key, {"a": 1})
    records = iter(make_plan())
    next(records)
    reader, writer = os.pipe()
    if os.fork() == 0:
        try:
            with pytest.raises(exception.ClientError, match="a child process cannot go on with an iterator"):
                next(records)
            records.close()
            del records
            gc.collect()
            os.write(writer, f"{len(list(make_plan()))} {client.get(key)[2]}".encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as told:
        assert told.read() == f"{COUNT} {{'a': 1}}"
    os.wait()
    assert len(list(records)) == COUNT - 1


EXIT = """
import threading, time
import aerospike
client = aerospike.client({"hosts": HOSTS})
kept = iter(client.scan("test", "large"))
next(kept)

def work():
    while True:
        try:
            for row in client.scan("test", "large"):
                pass
        except aerospike.exception.AerospikeError:
            pass

for _ in range(3):
    threading.Thread(target=work, daemon=True).start()
time.sleep(DELAY)
"""


def test_the_interpreter_may_end_meanwhile(large):
    for number in range(5):
        names = f"HOSTS, DELAY = {large.hosts!r}, {0.02 + 0.02 * number}\n"
        done = run_program(names + EXIT)
        assert (done.returncode, done.stderr) == (0, "")
