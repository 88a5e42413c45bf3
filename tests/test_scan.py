# SPDX-License-Identifier: Apache-2.0
"""Scans and queries over a namespace or set: results, callbacks, pages, partitions, misuse."""

import gc
import itertools
import threading

import pytest

import aerospike
from aerospike import _plan, exception

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
    assert all(set(bins) == {"n", "odd"} for _, _, bins in make_plan().select("n").select("odd").results())


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


def test_iteration(make_plan, monkeypatch):
    monkeypatch.setattr(_plan, "PAGE", 70)
    assert numbers(make_plan()) == list(range(COUNT))
    assert len(list(itertools.islice(make_plan(), 100))) == 100
    plan = make_plan().select("n")
    assert numbers(plan) == numbers(plan) == list(range(COUNT))


def test_iteration_heeds_max_records(make_plan, monkeypatch):
    monkeypatch.setattr(_plan, "PAGE", 40)
    plan = make_plan()
    plan.max_records = 90
    assert len(list(plan)) == 90


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


@pytest.mark.parametrize(
    "bad",
    [
        5,
        {"begin": -1},
        {"begin": "x"},
        {"count": 4097},
        {"begin": 4000, "count": 100},
        {"digest": 5},
        {"digest": {"value": b"short"}},
        {"partition_status": 5},
        {"partition_status": {0: 5}},
        {"partition_status": {0: (0, True, True, b"short", 0)}},
    ],
)
def test_bad_partition_filter(make_plan, bad):
    with pytest.raises(exception.ParamError, match="partition_filter"):
        make_plan().results({"partition_filter": bad})


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


def test_bad_arguments(make_plan):
    for bad in (5, b"a", "x" * 16):
        with pytest.raises(exception.ParamError, match="bin name"):
            make_plan().select(bad)
    with pytest.raises(TypeError, match="callback"):
        make_plan().foreach(5)
    with pytest.raises(exception.ParamError, match="nosuch"):
        make_plan().foreach(print, {}, {"nosuch": 1})
    with pytest.raises(exception.ParamError, match="options"):
        make_plan().foreach(print, {}, 5)
    with pytest.raises(exception.ParamError, match="policy"):
        make_plan().results(5)
    plan = make_plan()
    plan.max_records = -1
    with pytest.raises(exception.ParamError, match="max_records"):
        plan.results()


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
        with pytest.raises(exception.ClientError, match="bin name"):
            make("test").select(bad)
    with pytest.raises(exception.ClientError, match="nodename"):
        client.scan("test").results(nodename=bad)
