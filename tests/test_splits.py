# SPDX-License-Identifier: Apache-2.0
"""Shares of scans and queries: together they are the whole, in other processes too, and hold nothing secret."""

import asyncio
import copy
import json
import pickle
import subprocess
import sys

import pytest
from children import environment

import aerospike
from aerospike import embedded, exception, predicates
from aerospike_helpers import cdt_ctx, expressions
from aerospike_helpers.operations import operations

COUNT = 300
NUMBERS = list(range(COUNT))
PARTITIONS = 4096

READER = """
import json, pickle, sys
import aerospike

hosts, splits = json.loads(sys.argv[1]), pickle.loads(bytes.fromhex(sys.argv[2]))
with aerospike.client({"hosts": [tuple(host) for host in hosts]}) as client:
    print([bins["n"] for split in splits for _, _, bins in split.results(client)])
"""


@pytest.fixture(scope="module")
def set_name(client, namespace):
    client.truncate(namespace, "splits", 0)
    for n in range(COUNT):
        client.put((namespace, "splits", n), {"n": n, "deep": {"n": n}, "text": f"t{n}"})
    yield "splits"
    client.truncate(namespace, "splits", 0)


@pytest.fixture(params=["scan", "query"])
def plan(request, client, namespace, set_name):
    return getattr(client, request.param)(namespace, set_name)


@pytest.fixture
def index(client, namespace, set_name):
    """``index(name, make, ...)``: of the records of the tests, made by a method of the client, gone after the test."""
    made = []

    def make(name, method, *arguments):
        getattr(client, method)(namespace, set_name, *arguments)
        made.append(name)

    yield make
    for name in made:
        client.index_remove(namespace, name)


def numbers(rows):
    return [bins["n"] for _, _, bins in rows]


@pytest.mark.parametrize("n", [1, 2, 7, 64, PARTITIONS])
def test_each_partition_is_in_one_split(plan, n):
    splits = plan.splits(n)
    assert [split.begin for split in splits] == [0, *(split.begin + split.count for split in splits[:-1])]
    assert splits[-1].begin + splits[-1].count == PARTITIONS
    assert max(split.count for split in splits) - min(split.count for split in splits) <= 1


def test_splits_are_the_whole(client, plan):
    splits = plan.splits(5)
    for _ in range(2):  # a split can be read again
        assert sorted(number for split in splits for number in numbers(split.results(client))) == NUMBERS
    assert sorted(number for split in splits for number in numbers(split.records(client))) == NUMBERS


def test_columns(client, plan):
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    read = [pyarrow.table(split.arrow(client, {"n": "int64"}, 10, 1, ("gen",))) for split in plan.splits(3)]
    whole = pyarrow.concat_tables(read)
    assert whole.schema.names == ["gen", "n"]
    assert sorted(whole["n"].to_pylist()) == NUMBERS


def test_another_process_reads_them(plan, hosts):
    splits = pickle.dumps(plan.select("n").splits(4)).hex()
    command = [sys.executable, "-c", READER, json.dumps(hosts), splits]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert sorted(json.loads(done.stdout)) == NUMBERS


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda split: pickle.loads(pickle.dumps(split))])
def test_a_copy_reads_the_same(client, plan, copied):
    plan = plan.select("n").add_ops([operations.read("n"), operations.read("text")])
    plan.records_per_second = 100_000
    for split in plan.splits(3):
        other = copied(split)
        assert (other.namespace, other.set, other.begin, other.count) == (
            *(split.namespace, split.set, split.begin, split.count),
        )
        assert repr(other) == repr(split)
        bins = [bins for _, _, bins in other.results(client)]
        assert sorted(bins, key=lambda found: found["n"]) == sorted(
            (bins for _, _, bins in split.results(client)), key=lambda found: found["n"]
        )
        assert {tuple(found) for found in bins} == {("n", "text")}


def test_selected_bins_go_along(client, plan):
    rows = [row for split in plan.select("n").splits(3) for row in split.results(client)]
    assert {tuple(bins) for _, _, bins in rows} == {("n",)}


def test_what_is_chosen_later_is_not_theirs(client, namespace, set_name):
    query = client.query(namespace, set_name)
    (split,) = query.splits(1)
    query.max_records = 5
    query.add_ops([operations.read("text")])
    assert sorted(numbers(split.results(client))) == NUMBERS


def test_an_index_goes_along(client, namespace, set_name, index):
    index("splits_n", "index_single_value_create", "n", aerospike.INDEX_NUMERIC, "splits_n")
    ctx = [cdt_ctx.cdt_ctx_map_key("n")]
    index("splits_deep", "index_single_value_create", "deep", aerospike.INDEX_NUMERIC, "splits_deep", None, ctx)
    for query in (
        client.query(namespace, set_name).where(predicates.between("n", 10, 99)),
        client.query(namespace, set_name).where(predicates.between("deep", 10, 99), ctx),
        client.query(namespace, set_name).where_with_index_name("splits_n", predicates.between("n", 10, 99)),
    ):
        splits = pickle.loads(pickle.dumps(query.splits(4)))
        assert sorted(number for split in splits for number in numbers(split.results(client))) == list(range(10, 100))


def test_the_index_of_an_expression_goes_along(client, namespace, set_name, index, since_8_2):
    expr = expressions.Add(expressions.IntBin("n"), 1000).compile()
    index(
        "splits_expr", "index_expr_create", aerospike.INDEX_TYPE_DEFAULT, aerospike.INDEX_NUMERIC, expr, "splits_expr"
    )
    query = client.query(namespace, set_name).where_with_expr(expr, predicates.between(None, 1010, 1019))
    splits = pickle.loads(pickle.dumps(query.splits(4)))
    assert sorted(number for split in splits for number in numbers(split.results(client))) == list(range(10, 20))


def test_a_policy_is_given_where_a_split_is_read(client, plan):
    policy = {"expressions": expressions.LT(expressions.IntBin("n"), 10).compile()}
    splits = plan.splits(3)
    assert sorted(number for split in splits for number in numbers(split.results(client, policy))) == list(range(10))
    assert policy.keys() == {"expressions"}


def test_asyncio_reads_them(hosts, plan):
    splits = plan.splits(3)

    async def main():
        async with aerospike.AsyncClient({"hosts": hosts}) as client:
            found = [number for split in splits for number in numbers(await split.results(client))]
            one_by_one = [bins["n"] for split in splits async for _, _, bins in split.records(client)]
            assert client.scan("test").splits(2)[1].begin == PARTITIONS // 2
            return sorted(found), sorted(one_by_one)

    assert asyncio.run(main()) == (NUMBERS, NUMBERS)


@pytest.mark.embedded_only("its nodes are stopped")
def test_a_split_is_read_again_when_a_node_has_died():
    with embedded.Server(nodes=3, replication_factor=2) as server, aerospike.client(server.config) as client:
        for n in range(COUNT):
            client.put(("test", "splits", n), {"n": n})
        splits = client.scan("test", "splits").splits(6)
        found = numbers(splits[0].results(client))
        server.nodes[1].stop()
        for split in splits[1:]:
            found += numbers(split.results(client, {"max_retries": 50, "sleep_between_retries": 100}))
        assert sorted(found) == NUMBERS


@pytest.mark.embedded_only("it has a user")
def test_no_host_and_no_user_is_in_a_split():
    with embedded.Server(users={"ann": ("secret-word", ["read"])}) as server:
        config = {**server.config, "user": "ann", "password": "secret-word"}
        with aerospike.client(config) as client:
            pickled = pickle.dumps(client.scan("test").splits(2), 0)
    assert not [word for word in (b"ann", b"secret", str(server.port).encode(), b"127.0.0.1") if word in pickled]


@pytest.mark.parametrize(
    ("n", "message"),
    [
        (0, "n must be an int from 1 to 4096, the number of partitions, not 0"),
        (-1, "not -1"),
        (4097, "not 4097"),
        (10**30, "from 1 to 4096"),
        ("2", "n must be an int, not str"),
        (1.0, "n must be an int, not float"),
        (None, "n must be an int, not NoneType"),
    ],
)
def test_numbers_of_splits(plan, n, message):
    with pytest.raises(exception.ParamError, match=message):
        plan.splits(n)


def test_what_cannot_be_split(client, namespace):
    scan = client.scan(namespace)
    scan.max_records = 5
    with pytest.raises(exception.ParamError, match="max_records limits one run"):
        scan.splits(2)
    scan = client.scan(namespace)
    scan.paginate()
    with pytest.raises(exception.ParamError, match=r"cannot follow paginate\(\)"):
        scan.splits(2)
    with pytest.raises(exception.ParamError, match=r"cannot follow apply\(\)"):
        client.query(namespace).apply("module", "function").splits(2)


@pytest.mark.parametrize("read", ["results", "records"])
@pytest.mark.parametrize(
    ("policy", "message"),
    [
        (5, "policy must be a dict, not int"),
        ({"partition_filter": {"begin": 0}}, "partition_filter.*a split has its partitions"),
        ({"total_timeout": "x"}, "total_timeout"),
    ],
)
def test_policies(client, plan, read, policy, message):
    (split,) = plan.splits(1)
    with pytest.raises(exception.ParamError, match=message):
        getattr(split, read)(client, policy)
    with pytest.raises(exception.ParamError, match=message):
        split.arrow(client, {"n": "int64"}, policy=policy)


def test_a_split_is_made_by_splits_alone():
    with pytest.raises(TypeError, match=r"use splits\(\)"):
        aerospike.Split()


def test_it_tells_what_it_is(client):
    whole = client.query("test")
    assert repr(whole.splits(2)[1]) == "<aerospike.Split of a query of test: partitions 2048 to 4095>"
