# SPDX-License-Identifier: Apache-2.0
"""Batches as columns: a row a key, what is null, what is refused, and tables that outlive everything."""

import asyncio
import gc
import os

import fix_columns
import pytest
from fix_columns import Stream
from test_columns import Spoiling

import aerospike
from aerospike import embedded, exception
from aerospike_helpers.operations import hll_operations as hll
from aerospike_helpers.operations import list_operations as lists
from aerospike_helpers.operations import operations

FLAGS = aerospike.__build_info__["flags"]
COUNT = 50
SCHEMA = {"n": "int64", "text": "string", "tags": "list<string>", "more": "map<string, int8>", "third": "float64"}


@pytest.fixture(scope="module")
def keys(client, namespace):
    keys = [(namespace, "batch columns", n) for n in range(COUNT)]
    for n, key in enumerate(keys):
        bins = {"n": n, "text": f"é{n}", "tags": [f"t{n}", None], "more": {"a": n}}
        client.put(key, bins | ({"third": n / 2} if n % 3 == 0 else {}))
    yield keys
    client.truncate(namespace, "batch columns", 0)


def absent(keys, n=0):
    return (*keys[0][:2], f"absent {n}")


def table(made):
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    read = pyarrow.table(made)
    read.validate(full=True)
    return read


def expected(n):
    third = n / 2 if n % 3 == 0 else None
    return {"_status": 0, "n": n, "text": f"é{n}", "tags": [f"t{n}", None], "more": [("a", n)], "third": third}


NOTHING = {"_status": 2, **dict.fromkeys(SCHEMA)}


def test_rows_are_in_the_order_of_the_keys(client, keys):
    asked = [keys[7], absent(keys), keys[3], keys[7]]
    made = client.batch_arrow(asked, SCHEMA)
    assert len(made) == 4
    assert made.result == client.batch_read(asked).result
    assert table(made).to_pylist() == [expected(7), NOTHING, expected(3), expected(7)]
    assert repr(made).startswith("<aerospike.ArrowTable of 4: _status: int32, n: int64, text: string, tags: list<")


def test_many_rows_are_one_batch(client, keys):
    made = table(client.batch_arrow(keys * 20, {"n": "int32"}))
    assert made.column("n").to_pylist() == list(range(COUNT)) * 20
    assert made.column("n").num_chunks == 1


def test_more_bytes_than_one_batch_takes(client, keys, namespace):
    key = (namespace, keys[0][1], "large")
    client.put(key, {"a": b"x" * 1_000_000})
    made = table(client.batch_arrow([key] * 70 + [absent(keys)], {"a": "binary"}))
    assert made.column("a").num_chunks == 2
    assert made.num_rows == 71
    assert made.column("a").null_count == 1
    client.remove(key)


def test_meta(client, keys):
    asked = [(*keys[2][:3], client.get_key_digest(*keys[2])), absent(keys, 5)]
    meta = {"key": "int64", "digest": "binary", "gen": "int32", "ttl": "int64"}
    rows = table(client.batch_arrow([asked[0]], {"n": "int64"}, meta=meta)).to_pylist()
    assert rows[0]["key"] == 2
    assert rows[0]["digest"] == bytes(client.get_key_digest(*keys[2]))
    assert rows[0]["gen"] == 1
    assert rows[0]["ttl"] is not None
    rows = table(client.batch_arrow([asked[1]], {}, meta=("key", "gen", "ttl", "digest"))).to_pylist()
    digest = bytes(client.get_key_digest(*asked[1]))
    assert rows == [{"_status": 2, "key": "absent 5", "gen": None, "ttl": None, "digest": digest}]


def test_no_keys(client):
    made = client.batch_arrow([], SCHEMA, meta=("gen",))
    assert len(made) == 0
    read = table(made)
    assert read.num_rows == 0
    assert read.schema.names == ["_status", "gen", *SCHEMA]


def test_results_of_operations(client, keys, namespace):
    asked = [(namespace, keys[0][1], f"operated {n}") for n in range(3)]
    for n, key in enumerate(asked):
        client.put(key, {"n": n, "list": list(range(n))})
    ops = [operations.increment("n", 10), lists.list_size("list"), operations.read("n")]
    schema = {"n": "int64", "list": "int8"}
    assert table(client.batch_arrow(asked, schema, ops)).to_pylist() == [
        {"_status": 0, "n": n + 10, "list": n} for n in range(3)
    ]
    reading = [lists.list_get_range("list", 0, 2)]
    read = table(client.batch_arrow([*asked, absent(keys)], {"list": "list<int64>"}, reading))
    assert read.column("list").to_pylist() == [[], [0], [0, 1], None]
    assert read.column("_status").to_pylist() == [0, 0, 0, 2]
    client.batch_remove(asked)


def test_an_operation_that_fails_is_in_its_row(client, keys, namespace):
    key = (namespace, keys[0][1], "failing")
    client.put(key, {"n": "text"})
    made = client.batch_arrow([key, keys[0]], {"n": "int64"}, [operations.increment("n", 0), operations.read("n")])
    assert made.result == -16
    assert table(made).to_pylist() == [{"_status": 12, "n": None}, {"_status": 0, "n": 0}]
    client.remove(key)


def test_a_filter_and_the_policy(client, keys):
    from aerospike_helpers import expressions as exp

    policy = {"expressions": exp.LT(exp.IntBin("n"), 2).compile()}
    statuses = table(client.batch_arrow(keys[:4], {"n": "int64"}, policy=policy)).column("_status").to_pylist()
    assert statuses == [0, 0, 27, 27]


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("x", "int64", "value is string, the column is int64"),
        (1, "string", "value is integer, the column is string"),
        (300, "int8", "value is 300, the column is int8"),
        (2**53 + 1, "float64", "value is 9007199254740993, the column is float64"),
        (0.5, "int64", "value is float 0.5, the column is int64"),
        (1e300, "float32", "the column is float32"),
        (1, "bool", "value is integer, the column is bool"),
        (b"\xff", "string", "value is bytes, the column is string"),
        ([1, "x"], "list<int64>", "value is string within, where int64 is wanted"),
        ({1: 2}, "list<int64>", "value is map, the column is list<int64>"),
        ([1], "map<int64, int64>", "value is list, the column is map<int64, int64>"),
    ],
)
def test_a_value_of_another_type(client, keys, namespace, value, kind, text):
    key = (namespace, keys[0][1], "wrong")
    client.put(key, {"n": value})
    with pytest.raises(exception.BinIncompatibleType, match=r"bin 'n' of record 'wrong'") as caught:
        client.batch_arrow([absent(keys), key], {"n": kind})
    assert text in caught.value.msg
    assert (caught.value.bin, caught.value.key) == ("n", key)
    client.remove(key)


INTEGERS, FLOATS = ["int64", "int32", "int16", "int8"], ["float64", "float32"]
LIST, MAP = "list<int64>", "map<int64, int64>"
KINDS = [*INTEGERS, *FLOATS, "bool", "string", "binary", LIST, MAP]
POINT = '{"type":"Point","coordinates":[1.0,2.0]}'
TAKES = {  # a value: the types that take it
    "int": (7, [*INTEGERS, *FLOATS]),
    "float": (0.5, FLOATS),
    "bool": (True, ["bool"]),
    "str": ("s", ["string", "binary"]),
    "bytes": (b"b", ["binary"]),
    "geo": (aerospike.geojson(POINT), ["string", "binary"]),
    "list": ([1], [LIST, "binary"]),
    "map": ({1: 2}, [MAP, "binary"]),
}


def test_every_value_in_every_type(client, keys, namespace):
    key = (namespace, keys[0][1], "kinds")
    client.put(key, {name: value for name, (value, _) in TAKES.items()})
    client.operate(key, [hll.hll_add("hll", ["x"], 4)])
    for name in (*TAKES, "hll"):
        for kind in KINDS:
            if kind in (TAKES[name][1] if name in TAKES else ["binary"]):
                rows = table(client.batch_arrow([key, absent(keys)], {name: kind})).column(name).to_pylist()
                assert rows[0] is not None
                assert rows[1] is None
                continue
            with pytest.raises(exception.BinIncompatibleType, match=f"the column is {kind} ") as refused:
                client.batch_arrow([key], {name: kind})
            assert refused.value.bin == name
    client.remove(key)


def test_every_value_in_lists_and_maps_of_every_type(client, keys, namespace):
    key = (namespace, keys[0][1], "kinds")
    client.put(key, {name: [None, value] for name, (value, _) in TAKES.items()})
    client.put(key, {f"m {name}": {1: value, 2: None} for name, (value, _) in TAKES.items()})
    for name, (_, kinds) in TAKES.items():
        for kind in KINDS:
            schema = {name: f"list<{kind}>"}, {f"m {name}": f"map<int8, {kind}>"}
            if kind in kinds:
                lists_of, maps_of = (table(client.batch_arrow([key], one)).column(1).to_pylist()[0] for one in schema)
                assert lists_of[0] is None
                assert maps_of == [(1, lists_of[1]), (2, None)]
                continue
            for one in schema:
                with pytest.raises(exception.BinIncompatibleType, match="within, where"):
                    client.batch_arrow([key], one)
    client.remove(key)


@pytest.mark.embedded_only("answers are changed on their way")
def test_a_string_that_is_no_utf_8():
    with embedded.Server() as server:
        relay = Spoiling(server.port)
        relay.swap = (b"SPOILED", b"aaaaaa\xc3")
        with aerospike.client({"hosts": [("127.0.0.1", relay.port)]}) as client:
            key = ("test", "bad", 1)
            client.put(key, {"a": "SPOILED"})
            with pytest.raises(exception.BinIncompatibleType, match=r"bin 'a' of record 1: .* that is not UTF-8"):
                client.batch_arrow([key], {"a": "string"})
            assert table(client.batch_arrow([key], {"a": "binary"})).column("a").to_pylist() == [b"aaaaaa\xc3"]
        relay.listener.close()


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        (((), {"n": "int64"}), exception.ParamError, "keys must be a list"),
        (([5], {"n": "int64"}), exception.ParamError, r"keys\[0\]"),
        (([], ["n"]), exception.ParamError, "schema must be a dict"),
        (([], {}), exception.ParamError, "schema must have a bin"),
        (([], {"n": "int65"}), exception.ParamError, "no type 'int65'"),
        (([], {"n": 5}), exception.ParamError, r"schema\['n'\] must be a str"),
        (([], {"x" * 16: "int64"}), exception.AerospikeError, "x" * 16),
        (([], {"_status": "int64"}), exception.ParamError, "two columns have the name '_status'"),
        (([], {"n": "int64"}, 5), exception.ParamError, "ops must be a list"),
        (([], {"n": "int64"}, [5]), exception.ParamError, "operation 0"),
        (([], {"n": "int64"}, None, ("_status",)), exception.ParamError, "meta has no '_status'"),
        (([], {"n": "int64"}, None, (), {"total_timeout": "x"}), exception.ParamError, "total_timeout"),
        (([], {"n": "int64"}, None, (), 5), exception.ParamError, "policy must be a dict"),
    ],
)
def test_wrong_arguments(client, arguments, error, text):
    with pytest.raises(error, match=text):
        client.batch_arrow(*arguments)


def test_a_closed_client(connect):
    closed = connect()
    closed.close()
    with pytest.raises(exception.ClusterError):
        closed.batch_arrow([], {"n": "int64"})


# ---- memory ----


def test_a_table_is_not_made_by_hand():
    with pytest.raises(TypeError, match=r"Client\.batch_arrow"):
        aerospike.ArrowTable()


def test_streams_share_and_outlive_the_table(client, keys):
    made = client.batch_arrow(keys[:9], SCHEMA)
    first, second = Stream(made), Stream(made, gil=True)
    schema = first.schema()
    assert schema.n_children == 6
    fix_columns.release(schema)
    del made
    gc.collect()
    _, batch = first.next()
    _, other = second.next()
    assert batch.length == other.length == 9
    assert batch.children[0] != other.children[0]
    first.release()
    fix_columns.release(other)
    child = fix_columns.Array.from_address(batch.children[1])
    assert child.length == 9
    fix_columns.release(child)  # as a consumer does that takes one column
    fix_columns.release(batch)
    assert second.next()[1].release is None
    second.release()


def test_a_table_is_left_unread(client, keys):
    client.batch_arrow(keys[:5], SCHEMA).__arrow_c_stream__()
    client.batch_arrow(keys[:5], SCHEMA).__arrow_c_schema__()
    stream = Stream(client.batch_arrow(keys[:5], SCHEMA))
    stream.release()


@pytest.mark.forks
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork() here")
def test_a_child_reads_its_parents_table(client, keys):
    made = client.batch_arrow(keys, {"n": "int64"})
    child = os.fork()
    if child == 0:
        os._exit(0 if Stream(made).rows() == COUNT else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


# ---- libraries ----


@pytest.mark.skipif("-fsanitize=thread" in FLAGS, reason="polars does not start under the thread sanitizer")
def test_polars(client, keys):
    polars = pytest.importorskip("polars", reason="polars is not installed")
    frame = polars.DataFrame(client.batch_arrow([keys[1], absent(keys)], {"n": "int64", "text": "string"}))
    assert frame.rows() == [(0, 1, "é1"), (2, None, None)]


def test_pandas(client, keys):
    pandas = pytest.importorskip("pandas", minversion="3", reason="pandas 3 is not installed")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    frame = pandas.DataFrame.from_arrow(client.batch_arrow(keys, {"n": "int64", "third": "float64"}))
    assert frame["n"].tolist() == list(range(COUNT))
    assert frame["third"].isna().sum() == sum(n % 3 != 0 for n in range(COUNT))


def test_nanoarrow(client, keys):
    nanoarrow = pytest.importorskip("nanoarrow", reason="nanoarrow is not installed")
    array = nanoarrow.ArrayStream(client.batch_arrow(keys, {"n": "int64"})).read_all()
    assert [row["n"] for row in array.to_pylist()] == list(range(COUNT))


# ---- asyncio ----


def test_asyncio(config, keys):
    async def read():
        async with aerospike.AsyncClient(config) as client:
            several = await asyncio.gather(*(client.batch_arrow(keys[n:], {"n": "int64"}) for n in range(3)))
            ops = [operations.read("n")]
            operated = await client.batch_arrow([keys[4], absent(keys)], schema={"n": "int64"}, ops=ops)
            with pytest.raises(exception.BinIncompatibleType, match="bin 'n' of record 0") as caught:
                await client.batch_arrow(keys, {"n": "string"})
            assert caught.value.key == keys[0]
            with pytest.raises(exception.ParamError, match="keys must be a list"):
                await client.batch_arrow(5, {"n": "int64"})
            with pytest.raises(TypeError):
                await client.batch_arrow(keys)
            return several, operated

    several, operated = asyncio.run(read())
    for n, made in enumerate(several):
        assert table(made).column("n").to_pylist() == list(range(n, COUNT))
    assert table(operated).to_pylist() == [{"_status": 0, "n": 4}, {"_status": 2, "n": None}]
