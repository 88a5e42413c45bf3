# SPDX-License-Identifier: Apache-2.0
"""Scans and queries over a namespace or set: results, callbacks, pages, partitions, misuse."""

import contextlib
import copy
import gc
import itertools
import os
import signal
import threading
import time
import warnings
import weakref

import pytest
from children import run_program
from fix_both import CLIENTS

import aerospike
from aerospike import embedded, exception

COUNT = 300
_sets = itertools.count()


@pytest.fixture(scope="module")
def set_name(client, namespace):
    """A set of COUNT records {n, odd, text}; every tenth has its key stored."""
    name = f"scanned{next(_sets)}"
    client.truncate(namespace, name, 0)
    for n in range(COUNT):
        policy = {"key": aerospike.POLICY_KEY_SEND if n % 10 == 0 else aerospike.POLICY_KEY_DIGEST}
        client.put((namespace, name, n), {"n": n, "odd": n % 2, "text": "x" * n}, {}, policy)
    yield name
    client.truncate(namespace, name, 0)


@pytest.fixture(params=["scan", "query"])
def make_plan(request, client, namespace, set_name):
    return lambda: getattr(client, request.param)(namespace, set_name)


def numbers(rows):
    return sorted(bins["n"] for _key, _meta, bins in rows)


def test_results_are_all_records(make_plan, namespace, set_name):
    rows = make_plan().results()
    assert numbers(rows) == list(range(COUNT))
    (found_namespace, found_set, pk, digest), meta, bins = rows[0]
    assert (found_namespace, found_set) == (namespace, set_name)
    assert pk is None or pk % 10 == 0
    assert digest == aerospike.calc_digest(namespace, set_name, bins["n"])
    assert meta["gen"] == 1


def test_stored_keys_come_back(make_plan):
    assert sorted(key[2] for key, _, _ in make_plan().results() if key[2] is not None) == list(range(0, COUNT, 10))


def test_select(make_plan):
    plan = make_plan()
    assert plan.select("n", "none") is plan
    assert all(set(bins) == {"n"} for _, _, bins in plan.results())
    assert all(set(bins) == {"n", "odd"} for _, _, bins in make_plan().select("n", bytearray(b"odd"), "n").results())


def test_bins_are_chosen_once(client, namespace, set_name):
    scan = client.scan(namespace, set_name).select("n")
    assert scan.select("odd") is scan
    assert set(scan.results()[0][2]) == {"n"}
    query = client.query(namespace, set_name).select("n")
    with pytest.raises(exception.ClientError, match="select"):
        query.select("odd")
    assert set(query.results()[0][2]) == {"n"}


def test_names_that_are_too_long_are_left_out_where_types_are_not_strict(connect, namespace, set_name):
    client = connect(strict_types=False)
    for plan in (client.scan(namespace, set_name), client.query(namespace, set_name)):
        assert set(plan.select("x" * 16, "n", "é" * 8).results()[0][2]) == {"n"}
    assert set(client.scan(namespace, set_name).select("x" * 16).results()[0][2]) == {"n", "odd", "text"}
    with pytest.raises(exception.ParamError, match="NUL"):
        client.scan(namespace, set_name).select("a\0b")


def test_a_query_leaves_out_names_that_are_too_long(connect, namespace, set_name):
    client = connect(validate_keys=False)
    with pytest.warns(UserWarning, match="bin name 'xxxxxxxxxxxxxxxx' has more than 15 bytes") as warned:
        query = client.query(namespace, set_name).select("x" * 16)
    assert warned[0].filename == __file__
    assert set(query.results()[0][2]) == {"n", "odd", "text"}
    with pytest.raises(exception.BinNameError):
        client.scan(namespace, set_name).select("x" * 16)
    with pytest.raises(exception.BinNameError):
        connect(validate_keys=True).query(namespace, set_name).select("x" * 16)


def test_foreach(make_plan):
    rows = []
    assert make_plan().foreach(rows.append) is None
    assert numbers(rows) == list(range(COUNT))


def test_foreach_stops_at_false_only(make_plan):
    rows = []
    make_plan().foreach(lambda row: rows.append(row) or len(rows) < 5)
    assert len(rows) == 5


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt, SystemExit, exception.ParamError])
def test_what_a_callback_raises_comes_out(make_plan, error):
    calls = []

    def fail(row):
        calls.append(row)
        raise error("mine")

    with pytest.raises(error, match="mine") as caught:
        make_plan().foreach(fail)
    assert type(caught.value) is error
    assert len(calls) == 1


def test_a_callback_may_use_the_client(client, make_plan):
    seen = []
    make_plan().foreach(lambda row: seen.append(client.get(row[0])[2]["n"]))
    assert sorted(seen) == list(range(COUNT))


def test_nobins(make_plan):
    rows = []
    make_plan().foreach(rows.append, None, {"nobins": True})
    assert len(rows) == COUNT
    assert all(bins == {} for _, _, bins in rows)


def test_pages(make_plan):
    plan = make_plan()
    plan.max_records = 70
    plan.paginate()
    rows, pages = [], 0
    while not plan.is_done():
        page = plan.results()
        assert len(page) <= 70
        rows += page
        pages += 1
        assert pages < 20
    assert numbers(rows) == list(range(COUNT))
    assert pages >= 5
    assert plan.results() == []
    assert plan.is_done()


def test_a_plan_runs_again_and_outlives_its_client_variable(config, namespace, set_name):
    client = aerospike.client(config)
    query = client.query(namespace, set_name)
    del client
    gc.collect()
    assert len(query.results()) == COUNT
    assert len(query.results()) == COUNT
    query._client.close()
    with pytest.raises(exception.ClusterError):
        query.results()


def test_status_lets_another_run_go_on(make_plan):
    first = make_plan()
    assert first.get_partitions_status() == {}
    assert not first.is_done()
    first.max_records = 100
    first.paginate()
    rows = first.results()
    status = first.get_partitions_status()
    assert status["done"] is False
    assert len(status) == 4096 + 2
    rest = make_plan().results({"partition_filter": {"partition_status": status}})
    assert numbers(rows + rest) == list(range(COUNT))


def test_partition_filter(make_plan, client, namespace, set_name):
    low = make_plan().results({"partition_filter": {"begin": 0, "count": 2000}})
    high = make_plan().results({"partition_filter": {"begin": 2000, "count": 2096}})
    assert numbers(low + high) == list(range(COUNT))
    partition = client.get_key_partition_id(namespace, set_name, 7)
    one = make_plan().results({"partition_filter": {"begin": partition, "count": 1}})
    assert 7 in numbers(one)
    pairs = []
    make_plan().foreach(
        lambda number, row: pairs.append((number, row[2]["n"])), {"partition_filter": {"begin": partition, "count": 1}}
    )
    assert (partition, 7) in pairs


def test_digest_filter_goes_on_after_it(make_plan, namespace, set_name):
    digest = aerospike.calc_digest(namespace, set_name, 7)
    partition = aerospike.get_partition_id(digest)
    whole = numbers(make_plan().results({"partition_filter": {"begin": partition, "count": 1}}))
    chosen = {"begin": partition, "count": 1, "digest": {"init": True, "value": digest}}
    rest = numbers(make_plan().results({"partition_filter": chosen}))
    assert 7 not in rest
    assert set(rest) < set(whole)


DIGEST = bytearray(20)
BAD_ENTRIES = [
    5,
    (),
    (0, False, True, DIGEST),
    [0, False, True, DIGEST, 0],
    (0, 0, True, DIGEST, 0),
    (0, False, None, DIGEST, 0),
    (0, False, True, b"short", 0),
    (0, False, True, "x" * 20, 0),
    (0, False, True, None, 0),
    (0, False, True, DIGEST, -1),
    (0, False, True, DIGEST, 2**64),
    (0, False, True, DIGEST, 1.5),
    (0, False, True, DIGEST, None),
]


@pytest.mark.parametrize(
    "bad",
    [
        5,
        {"begin": -1},
        {"begin": 4096, "count": 1},
        {"begin": "x"},
        {"begin": 1.5},
        {"begin": None},
        {"count": 0},
        {"count": 4097},
        {"count": 2**70},
        {"begin": 4000, "count": 100},
        {"begin": 4095},
        {"digest": 5},
        {"digest": {}},
        {"digest": {"init": True}},
        {"digest": {"value": bytes(20)}},
        {"digest": {"init": 1, "value": bytes(20)}},
        {"digest": {"init": True, "value": b"short"}},
        {"digest": {"init": True, "value": "x" * 20}},
        {"partition_status": None},
        {"partition_status": 5},
        {"partition_status": {}},
        {"partition_status": {"done": False}},
        {"partition_status": {"retry": True}},
        {"partition_status": {"done": None, "retry": True}},
        {"partition_status": {"done": False, "retry": "x"}},
        *({"partition_status": {"done": False, "retry": True, 0: entry}} for entry in BAD_ENTRIES),
    ],
)
def test_bad_partition_filter(make_plan, bad):
    plan = make_plan()
    with pytest.raises(exception.ParamError, match="partition_filter"):
        plan.results({"partition_filter": bad})
    assert len(plan.results()) == COUNT  # and it changed nothing


def test_an_unknown_key_of_a_partition_filter(make_plan, connect, namespace, set_name):
    with pytest.warns(UserWarning, match="partition_filter has no key 'begni'; did you mean 'begin'"):
        make_plan().results({"partition_filter": {"begni": 0}})
    with pytest.raises(exception.ParamError, match="begni"):
        connect().scan(namespace, set_name).results({"partition_filter": {"begni": 0}})


@pytest.mark.parametrize("where", ["init", "retry", "id", "bval", "done", "filter", "statuses"])
def test_a_partition_filter_is_not_taken_away_while_it_is_read(make_plan, where):
    class Evil:
        """Empties all dictionaries when it is asked anything."""

        def empty(self, *_):
            statuses.clear()
            chosen.clear()
            gc.collect()
            return [tuple(range(1000, 1005)) for _ in range(50)] and 1

        def __eq__(self, other):
            self.empty()
            return False

        def __hash__(self):
            return hash({"filter": "digest", "statuses": "done"}.get(where, 0))

        __bool__ = __index__ = __int__ = empty

    evil = Evil()
    place = {"id": 0, "init": 1, "retry": 2, "bval": 4}.get(where)
    statuses = {"done": False, "retry": True}
    for number in range(10):
        entry = [number, False, True, bytearray(20), 0]
        if place is not None:
            entry[place] = evil
        statuses[number] = tuple(entry)
    chosen = {"count": 10, "partition_status": statuses}
    if where == "done":
        statuses["done"] = evil
    if where in ("filter", "statuses"):
        target = chosen if where == "filter" else statuses
        rest = dict(target)
        target.clear()
        target[evil] = 1
        target.update(rest)
    with warnings.catch_warnings(), contextlib.suppress(exception.ParamError):
        warnings.simplefilter("ignore")  # of the key that is none of a filter's
        make_plan().results({"partition_filter": chosen})


def test_scan_policy_limits(client, namespace, set_name):
    scan = client.scan(namespace, set_name)
    assert len(scan.results({"max_records": 20})) == 20
    assert len(scan.results({"records_per_second": 5000})) == COUNT


def test_scan_of_one_node(client, namespace, set_name):
    total = []
    for node in client.get_node_names():
        total += client.scan(namespace, set_name).select("n").results(nodename=node["node_name"])
    assert numbers(total) == list(range(COUNT))
    with pytest.raises(exception.ParamError, match="nosuch"):
        client.scan(namespace, set_name).results({}, "nosuch")
    with pytest.raises(exception.ParamError, match="nodename"):
        client.scan(namespace, set_name).results(nodename=5)


def test_unknown_set_and_namespace(client, namespace):
    assert client.scan(namespace, "nosuchset").results() == []
    assert list(client.query(namespace, "nosuchset")) == []
    with pytest.raises(exception.NamespaceNotFound):
        client.scan("nosuch").results()


def test_whole_namespace(client, namespace, set_name):
    found = {key[1] for key, _, _ in client.scan(namespace).results()}
    assert set_name in found


@pytest.mark.parametrize("plan_class", [aerospike.Scan, aerospike.Query])
def test_plans_are_made_by_the_client(plan_class):
    with pytest.raises(TypeError, match="use client"):
        plan_class()


@pytest.mark.parametrize("method", ["scan", "query"])
@pytest.mark.parametrize("bad", [(5,), ("test", 5), ("n" * 32,), ("test", "s" * 64), ("a\0b",)])
def test_bad_namespace_or_set(client, method, bad):
    with pytest.raises(exception.ParamError, match=r"namespace|set"):
        getattr(client, method)(*bad)


@pytest.mark.sync_only("it asks for the type of its plan")
def test_bad_arguments(make_plan):
    for bad in (5, b"a", "a\0b", bytearray(b"a\0b"), bytearray(b"\xff"), None, ["a"]):
        with pytest.raises(exception.ParamError, match="bin name"):
            make_plan().select("n", bad)
    for bad in ("x" * 16, "é" * 8, bytearray(b"x" * 16)):
        refused = pytest.raises(exception.BinNameError, match="bin name")
        left_out = pytest.warns(UserWarning, match="bin name")
        with refused if isinstance(make_plan(), aerospike.Scan) else left_out:
            make_plan().select("n", bad)
    with pytest.raises(TypeError, match="callback"):
        make_plan().foreach(5)
    with pytest.raises(exception.ParamError, match="nosuch"):
        make_plan().foreach(print, {}, {"nosuch": 1})
    with pytest.raises(exception.ParamError, match="options"):
        make_plan().foreach(print, {}, 5)
    with pytest.raises(exception.ParamError, match="policy"):
        make_plan().results(5)


def test_scans_from_many_threads(make_plan):
    found = []
    threads = [threading.Thread(target=lambda: found.append(len(make_plan().results()))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [COUNT] * 6


@pytest.mark.parametrize("bad", ["\ud800", "a\0b", "x" * 64, 5])
def test_names_are_checked_when_a_plan_is_made(client, bad):
    for make in (client.scan, client.query):
        with pytest.raises(exception.ClientError, match="namespace"):
            make(bad)
        with pytest.raises(exception.ClientError, match="set"):
            make("test", bad)
    with pytest.raises((exception.ClientError, exception.BinNameError), match="bin name"):
        client.scan("test").select(bad)
    with pytest.raises(exception.ClientError, match="nodename"):
        client.scan("test").results(nodename=bad)


# ---- going on ----


def test_a_partition_filter_makes_a_plan_go_on(make_plan):
    plan = make_plan()
    half = {"partition_filter": {"begin": 0, "count": 2048}}
    assert 0 < len(plan.results(half)) < COUNT
    assert plan.is_done()
    assert plan.results(half) == []
    for other in ({"partition_filter": {"begin": 0, "count": 2049}}, {"partition_filter": {"begin": 1}}, {}, None):
        with pytest.raises(exception.ParamError, match="begin"):
            plan.results(other)
    whole = make_plan()
    assert len(whole.results({"partition_filter": {}})) == COUNT
    assert whole.results() == []
    again = make_plan()
    assert len(again.results({"partition_filter": None})) == len(again.results()) == COUNT


def test_the_state_of_partitions_not_begun(make_plan, client, namespace, set_name):
    plan = make_plan()
    plan.max_records = 5
    plan.results({"partition_filter": {"begin": 0, "count": 4096}})
    status = plan.get_partitions_status()
    assert (status.pop("done"), status.pop("retry")) == (False, False)
    begun = {number for number, (_, init, _, _, _) in status.items() if init}
    assert 0 < len(begun) <= 5
    for number, (same, init, _retry, digest, bval) in status.items():
        assert (same, bval) == (number, 0)
        assert (bytes(digest) != bytes(20)) == init == (number in begun)


@pytest.mark.parametrize("tracked", [{"partition_filter": {}}, None])
@pytest.mark.parametrize("end", [False, ZeroDivisionError])
def test_what_a_callback_refused_comes_again(make_plan, tracked, end):
    """Records are read ahead of the callback; those that it did not get count as not read."""
    plan, taken = make_plan(), []
    plan.paginate()

    def take(*row):
        if len(taken) == 100:
            if end is False:
                return False
            raise end
        taken.append(row[-1])
        return None

    if end is False:
        plan.foreach(take, tracked)
    else:
        with pytest.raises(end):
            plan.foreach(take, tracked)
    assert len(taken) == 100
    assert not plan.is_done()
    rest = plan.results(tracked)
    assert numbers(taken + rest) == list(range(COUNT))
    assert plan.is_done()


@pytest.mark.embedded_only("sends a record in a frame of its own under records_per_second")
def test_a_page_that_fails_is_read_again(proxy, namespace, set_name):
    with aerospike.client({"hosts": proxy.hosts, "policies": {"max_retries": 0}}) as client:
        for plan in (client.scan(namespace, set_name), client.query(namespace, set_name)):
            plan.paginate()
            for after in (1, 40):
                answers = itertools.count()
                proxy.harm = lambda chance, frame, after=after, answers=answers: (frame, next(answers) == after)
                plan.records_per_second = 2000
                with pytest.raises(exception.AerospikeError):
                    plan.results({"max_retries": 0})
                proxy.harm, plan.records_per_second = None, 0
            assert numbers(plan.results()) == list(range(COUNT))


def test_threads_share_the_pages_of_a_plan(make_plan):
    plan, rows = make_plan(), []
    plan.max_records = 7
    plan.paginate()

    def work():
        while not plan.is_done():
            rows.extend(plan.results())

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers(rows) == list(range(COUNT))


@pytest.mark.sync_only("a callback in a thread cannot await")
def test_a_callback_cannot_run_its_own_pages(make_plan):
    plan = make_plan()
    plan.paginate()
    with pytest.raises(exception.ClientError, match="callback"):
        plan.foreach(lambda row: plan.results())
    free = make_plan()
    counts = []
    free.foreach(lambda row: counts.append(len(free.results())) or len(counts) < 3)
    assert counts == [COUNT] * 3


def test_pages_of_one_node(client, namespace, set_name):
    rows = []
    for node in client.get_node_names():
        scan = client.scan(namespace, set_name)
        scan.max_records = 70
        scan.paginate()
        while not scan.is_done():
            rows += scan.results(nodename=node["node_name"])
    assert numbers(rows) == list(range(COUNT))
    with pytest.raises(exception.ParamError, match="nodename"):
        client.scan(namespace, set_name).results({"partition_filter": {"begin": 0, "count": 5}}, node["node_name"])


# ---- how records are handed over ----


@pytest.mark.sync_only("AsyncClient calls it in a thread")
def test_a_callback_is_called_on_the_thread_that_asked(make_plan):
    threads = set()
    make_plan().foreach(lambda row: threads.add(threading.get_ident()))
    assert threads == {threading.get_ident()}


@pytest.mark.parametrize("kind", ["scan", "query"])
def test_a_callback_need_not_wait_for_others_records(proxy, client_kind, namespace, set_name, kind):
    """What comes behind the first frame goes on only when the callback was called."""
    called, waited = threading.Event(), []

    def hold(chance, frame):
        if proxy.harmed > 1:
            waited.append(called.wait(60))
        return frame, False

    with CLIENTS[client_kind]({"hosts": proxy.hosts, "policies": {"socket_timeout": 0}}) as client:
        plan = getattr(client, kind)(namespace, set_name)
        plan.records_per_second = 100  # so that there are several frames
        proxy.harm = hold
        plan.foreach(lambda row: called.set() or not waited)
    assert waited
    assert all(waited)


def test_records_of_a_node_keep_their_order(make_plan, client):
    if len(client.get_nodes()) > 1:
        pytest.skip("nodes answer beside each other")
    rows = make_plan().results()
    partitions = [aerospike.get_partition_id(key[3]) for key, _, _ in rows]
    assert partitions == sorted(partitions)
    called = []
    make_plan().foreach(called.append)
    assert [row[::2] for row in called] == [row[::2] for row in rows]  # a second may go by for their ttl


def test_every_kind_of_value_is_handed_over(client, namespace, make_key):
    point = aerospike.GeoJSON({"type": "Point", "coordinates": [1.0, 2.0]})
    bins = {
        "int": -(2**63),
        "float": -0.5,
        "bool": True,
        "str": "é" * 1000,
        "empty": "",
        "bytes": bytes(range(256)),
        "large": "x" * 300_000,  # more than the sink asks memory for at a time
        "list": [1, "a", None, [b"b", {"c": 1.5}]],
        "map": {"a": [1], 2: {"b": b"c"}},
        "geo": point,
    }
    name = "everykind"
    client.truncate(namespace, name, 0)
    wanted = {}
    for pk in (1, "text", b"bytes\xff" * 100, bytearray(b"array")):
        key = make_key(pk, name)
        client.put(key, {**bins, "pk": str(pk)}, {}, {"key": aerospike.POLICY_KEY_SEND})
        wanted[str(pk)] = pk, *client.get(key)[1:]
    for plan in (client.scan(namespace, name), client.query(namespace, name)):
        found = plan.results()
        assert len(found) == 4
        for key, meta, got in found:
            pk, wanted_meta, wanted_bins = wanted[got["pk"]]
            assert key[2] == pk
            assert meta["gen"] == wanted_meta["gen"]
            assert list(got.items()) == list(wanted_bins.items())


@pytest.mark.sync_only("asyncio itself holds what it has returned for a while")
def test_the_garbage_collector_knows_all_that_was_returned(make_plan):
    rows = make_plan().results()
    assert gc.is_tracked(rows)
    assert all(gc.is_tracked(row) for row in rows)
    cycle = rows[0][2]
    cycle["self"] = rows
    cycle["watched"] = event = threading.Event()
    watched = weakref.ref(event)
    del rows, cycle, event
    gc.collect()
    assert watched() is None


# ---- signals, fork, an empty cluster ----


@pytest.fixture
def interrupting(proxy):
    """A proxy that sends SIGINT to this process with the first answer, and hands on what it is given instead of it."""

    def make(handed_on):
        def harm(chance, frame):
            if proxy.harmed == 1:
                os.kill(os.getpid(), signal.SIGINT)
            return handed_on(frame), False

        proxy.harm = harm
        return proxy

    return make


@pytest.mark.parametrize("run", ["results", "foreach"])
@pytest.mark.parametrize("paged", [False, True])
def test_an_interrupt_ends_the_wait_for_a_silent_server(proxy, interrupting, namespace, set_name, run, paged):
    with aerospike.client({"hosts": proxy.hosts, "policies": {"socket_timeout": 20000, "total_timeout": 0}}) as client:
        scan, rows = client.scan(namespace, set_name), []
        if paged:
            scan.paginate()
        interrupting(lambda frame: b"")
        with pytest.raises(KeyboardInterrupt):
            scan.results() if run == "results" else scan.foreach(rows.append)
        proxy.harm = None
        assert numbers(scan.results()) == list(range(COUNT))  # the pages' state is that of before


def test_an_interrupt_ends_results_that_go_on_and_on(proxy, interrupting, client_kind, namespace, set_name):
    with CLIENTS[client_kind]({"hosts": proxy.hosts, "policies": {"socket_timeout": 0}}) as client:
        scan = client.scan(namespace, set_name)
        interrupting(lambda frame: frame)
        with pytest.raises(KeyboardInterrupt):
            scan.results({"records_per_second": 10})
    assert proxy.harmed < COUNT / 10  # frames


@pytest.mark.sync_only("the child has no loop")
@pytest.mark.forks
def test_a_child_leaves_its_parents_records_alone(make_plan, client, key):
    client.put(key, {"a": 1})
    reader, writer = os.pipe()
    parent, rows = os.getpid(), []

    def fork_once(row):
        rows.append(row)
        if len(rows) == 10 and os.fork() == 0:
            return True
        return None

    try:
        make_plan().foreach(fork_once)
    except exception.ClientError as error:
        if os.getpid() == parent:
            raise
        try:
            os.write(writer, f"{error.msg} {client.get(key)[2]}".encode())
        finally:
            os._exit(0)
    finally:
        if os.getpid() != parent:
            os._exit(1)
    os.close(writer)
    with os.fdopen(reader) as told:
        assert told.read() == "a child process cannot go on with a scan or query of its parent {'a': 1}"
    os.wait()
    assert numbers(rows) == list(range(COUNT))


EXIT = """
import sys, threading, time
import aerospike
client = aerospike.client({"hosts": HOSTS})

def work():
    while True:
        try:
            client.scan(NAMESPACE, SET).foreach(lambda row: None)
            client.query(NAMESPACE, SET).results()
        except aerospike.exception.AerospikeError:
            pass

for _ in range(4):
    threading.Thread(target=work, daemon=True).start()
time.sleep(DELAY)
"""


def test_the_interpreter_may_end_while_threads_scan(hosts, namespace, set_name):
    for number in range(6):
        names = f"HOSTS, NAMESPACE, SET, DELAY = {hosts!r}, {namespace!r}, {set_name!r}, {0.03 + 0.02 * number}\n"
        done = run_program(names + EXIT)
        assert (done.returncode, done.stderr) == (0, "")


def test_a_cluster_without_nodes():
    with embedded.Server() as server:
        client = aerospike.client({**server.config, "tend_interval": 250})
        client.put(("test", "demo", 1), {"a": 1})
    deadline = time.monotonic() + 20
    while client.get_nodes() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert client.get_nodes() == []
    for plan in (client.scan("test", "demo"), client.query("test", "demo")):
        with pytest.raises(exception.ServerError, match="cluster is empty") as caught:
            plan.results()
        assert caught.value.code == 1
    client.close()


# ---- attributes ----


@pytest.mark.parametrize("name", ["max_records", "records_per_second", "ttl"])
def test_attributes_are_checked(make_plan, name):
    plan = make_plan()
    assert getattr(plan, name) == 0
    for good in (0, 5, True, 2**32 - 1):
        setattr(plan, name, good)
        assert getattr(plan, name) == good
    for bad in ("x", 1.5, None, b"1"):
        with pytest.raises(TypeError, match=name):
            setattr(plan, name, bad)
    for bad in (-4, 2**64):
        with pytest.raises(exception.ParamError, match=name):
            setattr(plan, name, bad)
    assert getattr(plan, name) == 2**32 - 1


@pytest.mark.parametrize("name", ["max_record", "socket_timeout", "nosuch", "policy"])
def test_unknown_attributes_are_refused(make_plan, name):
    with pytest.raises(AttributeError, match=name):
        setattr(make_plan(), name, 5)
    with pytest.raises(AttributeError, match=name):
        getattr(make_plan(), name)


@pytest.mark.parametrize("method", ["scan", "query"])
def test_wrong_numbers_of_arguments(client, method):
    for wrong in ((), ("test", "demo", "more"), ("test", "demo", 3, 4)):
        with pytest.raises(exception.ParamError, match=method):
            getattr(client, method)(*wrong)
    with pytest.raises(exception.ParamError, match="nosuch"):
        getattr(client, method)("test", nosuch=1)
    assert repr(getattr(client, method)(namespace="test", set="demo"))


def test_methods_know_their_class():
    for plan_class in (aerospike.Scan, aerospike.Query):
        for name in (
            *("select", "results", "foreach", "paginate", "is_done", "get_partitions_status"),
            *("add_ops", "apply", "execute_background"),
        ):
            method = vars(plan_class)[name]
            assert method.__objclass__ is plan_class
            assert method.__qualname__ == f"{plan_class.__name__}.{name}"
            assert method.__doc__


@pytest.mark.sync_only("AsyncScan and AsyncQuery say it of themselves")
def test_plans_say_what_they_are(make_plan, client, namespace, set_name):
    plan = make_plan()
    name = type(plan).__name__
    assert repr(plan) == f"<aerospike.{name} namespace={namespace!r} set={set_name!r} of {client!r}>"
    plan.select("n")
    plan.max_records = 100
    plan.paginate()
    assert "bins=('n',) max_records=100 not begun of" in repr(plan)
    plan.results()
    assert " begun of" in repr(plan)
    plan.max_records = 0
    plan.results()
    assert " done of" in repr(plan)


@pytest.mark.sync_only("plans for asyncio are not copied")
def test_a_plan_can_be_copied(make_plan):
    plan = make_plan().select("n")
    plan.max_records = 10
    other = copy.copy(plan)
    other.max_records = 20
    other.paginate()
    assert (len(plan.results()), len(other.results())) == (10, 20)
    assert plan.get_partitions_status() == {}
