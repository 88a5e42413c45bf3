# SPDX-License-Identifier: Apache-2.0
"""Scans and queries as columns: what every type becomes, what is refused, and streams that are left at any moment."""

import asyncio
import contextlib
import ctypes
import errno
import gc
import math
import os
import resource
import sys
import threading

import fix_columns
import pytest
from fix_columns import Stream
from test_iteration import Counting, until

import aerospike
from aerospike import embedded, exception, predicates
from aerospike_helpers import expressions as exp
from aerospike_helpers.operations import operations

COUNT = 1000
FLAGS = aerospike.__build_info__["flags"]
SEND = {"key": aerospike.POLICY_KEY_SEND}


@pytest.fixture(scope="module")
def set_name(client, namespace):
    client.truncate(namespace, "columns", 0)
    for n in range(COUNT):
        bins = {"n": n, "text": f"é{n}", "tags": [f"t{n}", None], "more": {"a": [n % 100, 2], "b": []}}
        client.put((namespace, "columns", n), bins | ({"third": n / 2} if n % 3 == 0 else {}), policy=SEND)
    yield "columns"
    client.truncate(namespace, "columns", 0)


@pytest.fixture(params=["scan", "query"])
def make_plan(request, client, namespace, set_name):
    return lambda: getattr(client, request.param)(namespace, set_name)


@pytest.fixture
def put_one(client, namespace):
    """Put one record, and return a query that finds nothing else."""
    key = (namespace, "one column", "one")

    def put(value):
        client.put(key, {"a": value}, policy={**SEND, "exists": aerospike.POLICY_EXISTS_CREATE_OR_REPLACE})
        return client.query(namespace, "one column")

    yield put
    client.remove(key)


def table(reader):
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    made = pyarrow.table(reader)
    made.validate(full=True)
    return made


def failure(reader):
    """The text and the original of what a stream of the reader ends with."""
    stream = Stream(reader)
    status = 0
    while status == 0:
        status, batch = stream.next()
        assert status or batch.release, "the stream came to its end"
        if batch.release:
            fix_columns.release(batch)
    assert stream.next()[0] == status
    return stream.error(), reader.error


# ---- libraries ----

ALL = {"n": "int64", "text": "string", "tags": "list<string>", "more": "map<string, list<int8>>", "third": "float64"}


def expected(n):
    return {
        "n": n,
        "text": f"é{n}",
        "tags": [f"t{n}", None],
        "more": [("a", [n % 100, 2]), ("b", [])],
        "third": n / 2 if n % 3 == 0 else None,
    }


def test_pyarrow_gets_what_was_put(make_plan):
    made = table(make_plan().arrow(ALL, batch_rows=64))
    assert [str(kind) for kind in made.schema.types] == [
        *("int64", "string", "list<item: string>", "map<string, list<item: int8>>", "double")
    ]
    rows = sorted(made.to_pylist(), key=lambda row: row["n"])
    assert rows == [expected(n) for n in range(COUNT)]
    assert made.column("n").num_chunks == math.ceil(COUNT / 64)
    assert made.column("third").null_count == sum(n % 3 != 0 for n in range(COUNT))


@pytest.mark.skipif("-fsanitize=thread" in FLAGS, reason="polars does not start under the thread sanitizer")
def test_polars_gets_what_was_put(make_plan):
    polars = pytest.importorskip("polars", reason="polars is not installed")
    frame = polars.DataFrame(make_plan().arrow({name: ALL[name] for name in ("n", "text", "tags", "third")}))
    rows = frame.sort("n").to_dicts()
    assert rows == [{key: value for key, value in expected(n).items() if key != "more"} for n in range(COUNT)]


def test_nanoarrow_gets_what_was_put(make_plan):
    nanoarrow = pytest.importorskip("nanoarrow", reason="nanoarrow is not installed")
    array = nanoarrow.ArrayStream(make_plan().arrow({"n": "int64", "tags": "list<string>"})).read_all()
    rows = {row["n"]: row["tags"] for row in array.to_pylist()}
    assert rows == {n: [f"t{n}", None] for n in range(COUNT)}


def test_pandas_gets_what_was_put(make_plan):
    pandas = pytest.importorskip("pandas", minversion="3", reason="pandas 3 is not installed")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    frame = pandas.DataFrame.from_arrow(make_plan().arrow({"n": "int64", "third": "float64", "text": "string"}))
    assert frame["n"].sum() == sum(range(COUNT))
    assert frame["third"].isna().sum() == sum(n % 3 != 0 for n in range(COUNT))


def test_duckdb_gets_what_was_put(make_plan):
    duckdb = fix_columns.import_duckdb()
    reader = make_plan().arrow({"n": "int64", "tags": "list<string>"})
    assert "n" in repr(reader)
    assert duckdb.sql("select count(*), sum(n), sum(len(tags)) from reader").fetchall() == [
        (COUNT, sum(range(COUNT)), 2 * COUNT)
    ]


def test_numpy_gets_what_was_put_without_a_copy(make_plan):
    pytest.importorskip("numpy", reason="NumPy is not installed")
    chunk = table(make_plan().arrow({"n": "int32"})).column("n").chunks[0]
    assert set(chunk.to_numpy(zero_copy_only=True)) <= set(range(COUNT))


# ---- types ----


@pytest.mark.parametrize(
    ("kind", "value", "wanted"),
    [
        *(("int64", value, value) for value in (0, -1, 2**63 - 1, -(2**63))),
        *(("int32", value, value) for value in (2**31 - 1, -(2**31))),
        *(("int16", value, value) for value in (2**15 - 1, -(2**15))),
        *(("int8", value, value) for value in (127, -128)),
        ("float64", 0.1, 0.1),
        ("float64", 2**53, 2.0**53),
        ("float64", -(2**53), -(2.0**53)),
        ("float64", math.inf, math.inf),
        ("float32", 0.5, 0.5),
        ("float32", 2**24, 2.0**24),
        ("float32", -math.inf, -math.inf),
        ("bool", True, True),
        ("bool", False, False),
        ("string", "", ""),
        ("string", "aä€😀" * 9, "aä€😀" * 9),
        ("string", "NUL\0within", "NUL\0within"),
        ("binary", b"\0\xff", b"\0\xff"),
        ("binary", "text", b"text"),
        ("binary", [1, 2], b"\x92\x01\x02"),
        ("list<int64>", [], []),
        ("list<int64>", [1, -1, 300, 2**40, -(2**40), None], [1, -1, 300, 2**40, -(2**40), None]),
        ("list<float64>", [1.5, 2], [1.5, 2.0]),
        ("list<bool>", [True, None, False] * 5, [True, None, False] * 5),
        ("list<binary>", [b"a", [1], "x", None], [b"a", b"\x91\x01", b"x", None]),
        ("list<list<list<int8>>>", [[[1], []], [], None], [[[1], []], [], None]),
        ("list<map<int64, string>>", [{1: "a"}, {}], [[(1, "a")], []]),
        ("map<string, float32>", {"b": 1, "a": None}, [("a", None), ("b", 1.0)]),
        ("map<int8, map<string, list<string>>>", {1: {"x": ["y"]}}, [(1, [("x", ["y"])])]),
        ("map<binary, bool>", {b"k": True}, [(b"k", True)]),
        (" list < int64 > ", [1], [1]),
    ],
)
def test_a_value_of_every_type(put_one, kind, value, wanted):
    assert table(put_one(value).arrow({"a": kind})).to_pylist() == [{"a": wanted}]


def test_ordered_maps_and_geojson(put_one):
    assert table(put_one(aerospike.KeyOrderedDict({"b": 1, "a": 2})).arrow({"a": "map<string, int8>"})).to_pylist() == [
        {"a": [("a", 2), ("b", 1)]}
    ]
    point = '{"type": "Point", "coordinates": [1.0, 2.0]}'
    for value, kind, wanted in (
        (aerospike.geojson(point), "string", point),
        ([aerospike.geojson(point)], "list<string>", [point]),
    ):
        shown = table(put_one(value).arrow({"a": kind})).to_pylist()[0]["a"]
        assert [aerospike.geojson(text).geo_data for text in ([shown] if isinstance(shown, str) else shown)] == [
            aerospike.geojson(text).geo_data for text in ([wanted] if isinstance(wanted, str) else wanted)
        ]


def test_an_ordered_list(put_one, client, namespace):
    from aerospike_helpers.operations import list_operations as lists

    plan = put_one([3, 1, 2])
    client.operate((namespace, "one column", "one"), [lists.list_set_order("a", aerospike.LIST_ORDERED)])
    assert table(plan.arrow({"a": "list<int8>"})).to_pylist() == [{"a": [1, 2, 3]}]
    assert table(plan.arrow({"a": "binary"})).to_pylist()[0]["a"].endswith(b"\1\2\3")


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("int64", "x", "string"),
        ("int64", 1.5, "float 1.5"),
        ("int64", True, "bool"),
        ("int64", b"x", "bytes"),
        ("int64", [1], "list"),
        ("int64", {"a": 1}, "map"),
        ("int64", aerospike.geojson('{"type": "Point", "coordinates": [1.0, 2.0]}'), "GeoJSON"),
        ("int32", 2**31, "2147483648"),
        ("int16", -(2**15) - 1, "-32769"),
        ("int8", 128, "128"),
        ("float64", 2**53 + 1, "9007199254740993"),
        ("float64", "x", "string"),
        ("float64", True, "bool"),
        ("float32", 2**24 + 1, "16777217"),
        ("float32", 1e300, r"float 1.*e\+300"),
        ("bool", 1, "integer"),
        ("string", 1, "integer"),
        ("string", b"x", "bytes"),
        ("string", [], "list"),
        ("binary", 1, "integer"),
        ("binary", 1.5, "float"),
        ("list<int64>", {}, "map"),
        ("list<int64>", 1, "integer"),
        ("map<string, int64>", [], "list"),
        ("map<string, int64>", "x", "string"),
        ("list<int64>", [1, "x"], "string within, where int64 is wanted"),
        ("list<int8>", [200], "200 within, where int8 is wanted"),
        ("list<int64>", [[1]], "list within, where int64 is wanted"),
        ("list<list<int64>>", [[1], 2], "integer within, where list<int64> is wanted"),
        ("map<string, int64>", {1: 1}, "integer within, where string is wanted"),
        ("map<int64, list<string>>", {1: [b"x"]}, "bytes within, where string is wanted"),
    ],
)
def test_a_value_of_a_wrong_type(put_one, kind, value, shown):
    reader = put_one(value).arrow({"a": kind})
    text, error = failure(reader)
    assert text.startswith("bin 'a' of record 'one': value is ")
    assert text.endswith(f", the column is {kind}")
    assert isinstance(error, exception.BinIncompatibleType)
    assert error.bin == "a"
    assert error.msg == text
    with pytest.raises(exception.BinIncompatibleType, match=f"value is {shown}, the column is"):
        raise error


class Spoiling(Counting):
    """Puts bytes into answers that are no UTF-8, in the place of others."""

    swap = (b"SPOILED", b"")

    def rewrite(self, kind, body):
        return super().rewrite(kind, body).replace(*self.swap)


@pytest.mark.embedded_only("answers are changed on their way")
@pytest.mark.parametrize(
    "bad",
    [
        b"\x80aaaaaa",
        b"\xc0\xafaaaaa",
        b"\xc1\x81aaaaa",
        b"\xe0\x80\xafaaaa",
        b"\xed\xa0\x80aaaa",
        b"\xf0\x80\x80\xafaaa",
    ]
    + [
        b"\xf4\x90\x80\x80aaa",
        b"\xf5\x80\x80\x80aaa",
        b"aaaaaa\xc3",
        b"aaaaa\xe2\x82",
        b"aaaa\xf0\x9f\x98",
        b"\xe2(\xa1aaaa",
    ],
)
def test_a_string_that_is_no_utf_8(bad):
    with embedded.Server() as server:
        relay = Spoiling(server.port)
        relay.swap = (b"SPOILED", bad)
        with aerospike.client({"hosts": [("127.0.0.1", relay.port)]}) as client:
            client.put(("test", "bad", 1), {"a": "SPOILED", "l": ["SPOILED"]}, policy=SEND)
            text, error = failure(client.query("test", "bad").arrow({"a": "string"}))
            assert text == "bin 'a' of record 1: value is a string that is not UTF-8, the column is string"
            assert isinstance(error, exception.BinIncompatibleType)
            assert "where string is wanted" in failure(client.query("test", "bad").arrow({"l": "list<string>"}))[0]
            assert table(client.query("test", "bad").arrow({"a": "binary"})).to_pylist() == [{"a": bad}]
        relay.listener.close()


@pytest.mark.embedded_only("answers are changed on their way")
@pytest.mark.parametrize(
    "swap", [(b"\x93\x01\x02\x4d", b"\x94\x01\x02\x4d"), (b"\x93\x01\x02\x4d", b"\xdd\xff\xff\xff")]
)
def test_a_list_whose_bytes_are_cut(swap):
    with embedded.Server() as server:
        relay = Spoiling(server.port)
        relay.swap = swap
        with aerospike.client({"hosts": [("127.0.0.1", relay.port)]}) as client:
            client.put(("test", "bad", 1), {"a": [1, 2, 77]}, policy=SEND)
            for kind in ("list<int64>", "binary"):
                assert "malformed msgpack" in failure(client.query("test", "bad").arrow({"a": kind}))[0]
        relay.listener.close()


def test_the_last_record_does_not_fit(client, namespace, set_name):
    key = (namespace, set_name, "bad")
    client.put(key, {"n": "no number"})
    try:
        reader = client.scan(namespace, set_name).arrow({"n": "int64"}, batch_rows=10, queue=1)
        text, error = failure(reader)
        digest = client.get_key_digest(*key).hex()
        assert text == f"bin 'n' of the record of digest {digest}: value is string, the column is int64"
        assert error.bin == "n"
    finally:
        client.remove(key)
    assert Stream(reader).rows() == COUNT


# ---- meta ----


def test_meta_columns(client, make_plan):
    meta = {"key": "int64", "digest": None, "gen": None, "ttl": None}
    made = table(make_plan().arrow({"n": "int64"}, meta=meta))
    assert [f"{field.name} {field.type}" for field in made.schema] == [
        *("key int64", "digest binary", "gen int32", "ttl int64", "n int64")
    ]
    rows = {bytes(key[3]): (key[2], meta["gen"], meta["ttl"]) for key, meta, _bins in make_plan().results()}
    for row in made.to_pylist():
        key, gen, ttl = rows[row["digest"]]
        assert (row["key"], row["key"], row["gen"]) == (row["n"], key, gen)
        assert abs(row["ttl"] - ttl) < 300  # seconds go by


def test_meta_alone_fetches_no_bins(make_plan):
    made = table(make_plan().arrow({}, meta=("gen",)))
    assert made.column("gen").to_pylist() == [1] * COUNT


def test_a_key_that_is_not_stored_is_null_and_one_of_another_type_refused(put_one, client, namespace):
    plan = put_one(1)
    assert table(plan.arrow({}, meta=["key"])).to_pylist() == [{"key": "one"}]
    text, _ = failure(plan.arrow({}, meta={"key": "int64"}))
    assert text == "the key of record 'one': value is string, the column is int64"
    client.remove((namespace, "one column", "one"))
    client.put((namespace, "one column", "one"), {"a": 1})
    assert table(plan.arrow({}, meta=("key",))).to_pylist() == [{"key": None}]


# ---- what is read ----


def test_filters_limits_and_partitions(make_plan):
    few = {"expressions": exp.LT(exp.IntBin("n"), 10).compile()}
    assert sorted(table(make_plan().arrow({"n": "int8"}, policy=few)).column("n").to_pylist()) == list(range(10))
    plan = make_plan()
    plan.max_records = 90
    assert Stream(plan.arrow({"n": "int64"})).rows() == 90
    parts = []
    for begin in range(0, 4096, 1024):
        policy = {"partition_filter": {"begin": begin, "count": 1024}}
        reader = make_plan().arrow({"n": "int64"}, policy=policy)
        policy["partition_filter"] = 5  # what it was then is what counts
        numbers = table(reader).column("n").to_pylist()
        assert sorted(numbers) == sorted(table(reader).column("n").to_pylist())
        parts += numbers
    assert sorted(parts) == list(range(COUNT))


def test_what_was_selected_does_not_count_and_the_plan_may_change(make_plan):
    plan = make_plan().select("text")
    reader = plan.arrow({"n": "int64"})
    plan.max_records = 1
    assert table(reader).column("n").null_count == 0
    assert Stream(reader).rows() == COUNT


def test_no_records(client, namespace):
    made = table(client.scan(namespace, "nobody").arrow({"a": "list<map<string, int8>>", "b": "bool"}))
    assert (made.num_rows, made.column_names) == (0, ["a", "b"])


def test_a_query_by_an_index(client, namespace, set_name):
    client.index_single_value_create(namespace, set_name, "n", aerospike.INDEX_NUMERIC, "columns_n")
    try:
        query = client.query(namespace, set_name)
        query.where(predicates.between("n", 5, 8))
        assert sorted(table(query.arrow({"n": "int64"})).column("n").to_pylist()) == [5, 6, 7, 8]
    finally:
        client.index_remove(namespace, "columns_n")


def test_operations_give_the_bins(make_plan):
    plan = make_plan().add_ops([operations.read("n")])
    made = table(plan.arrow({"n": "int64", "text": "string"}))
    assert made.column("text").null_count == COUNT
    assert sorted(made.column("n").to_pylist()) == list(range(COUNT))


def test_one_node(client, namespace, set_name):
    scan = client.scan(namespace, set_name)
    names = [node["node_name"] for node in client.get_node_names()]
    rows = [Stream(scan.arrow({"more": "map<string, list<int8>>"}, nodename=name)).rows() for name in names]
    assert sum(rows) == COUNT


@pytest.mark.embedded_only("it has as many nodes as wanted")
def test_several_nodes():
    with embedded.Server(nodes=3) as server, aerospike.client(server.config) as client:
        for n in range(600):
            client.put(("test", "d", n), {"n": n})
        reader = client.query("test", "d").arrow({"n": "int64"}, batch_rows=50, queue=1)
        for _ in range(3):
            assert sorted(table(reader).column("n").to_pylist()) == list(range(600))
        stream = Stream(client.query("test", "d").arrow({"n": "string"}))
        assert stream.next()[0] == errno.EINVAL
        stream = Stream(reader)
        assert stream.next()[1].length == 50
        stream.release()


# ---- streams ----


@pytest.mark.parametrize("gil", [True, False])
def test_a_stream_by_hand(make_plan, gil):
    stream = Stream(make_plan().arrow({"n": "int64", "tags": "list<string>"}, batch_rows=100), gil)
    schema = stream.schema()
    assert (schema.format, schema.n_children) == (b"+s", 2)
    children = [fix_columns.Schema.from_address(schema.children[i]) for i in range(2)]
    assert [(child.name, child.format) for child in children] == [(b"n", b"l"), (b"tags", b"+l")]
    fix_columns.release(schema)
    assert stream.rows() == COUNT
    assert stream.next()[1].release is None  # it stays at its end
    assert stream.error() is None
    stream.release()


def test_nothing_is_asked_before_it_is_read(make_plan, config):
    with aerospike.client(config) as client:
        reader = client.scan("nowhere").arrow({"a": "int64"})
        stream = Stream(reader)
        fix_columns.release(stream.schema())
        assert reader.error is None
        assert stream.next()[0] == errno.EIO
        assert isinstance(reader.error, exception.NamespaceNotFound)
        assert str(reader.error.msg) == stream.error()


@pytest.mark.parametrize("gil", [True, False])
@pytest.mark.parametrize("batches", [0, 1, 3])
def test_a_stream_is_left_at_any_moment(make_plan, gil, batches):
    kept = []
    for _ in range(3):
        stream = Stream(make_plan().arrow({"n": "int64"}, batch_rows=10, queue=1), gil)
        kept += [stream.next()[1] for _ in range(batches)]
        stream.release()
    assert sum(batch.length for batch in kept) == 3 * batches * 10
    for batch in kept:  # they live on
        numbers = fix_columns.Array.from_address(batch.children[0])
        assert (numbers.length, numbers.n_buffers) == (10, 2)
        fix_columns.release(batch)


def test_a_capsule_that_nobody_reads_and_one_that_is_dropped_within(make_plan):
    reader = make_plan().arrow({"n": "int64"}, batch_rows=10, queue=1)
    assert reader.__arrow_c_stream__() is not reader.__arrow_c_stream__(None)
    assert reader.__arrow_c_schema__() is not None
    stream = Stream(reader)
    fix_columns.release(stream.next()[1])
    del stream, reader
    gc.collect()


def test_threads_read_one_reader(make_plan):
    reader = make_plan().arrow({"n": "int64", "text": "string"}, batch_rows=32, queue=1)
    rows = []
    threads = [threading.Thread(target=lambda: rows.append(Stream(reader).rows())) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows == [COUNT] * 6


def test_connections_are_waited_for(connect, namespace, set_name):
    client = connect(max_conns_per_node=2, connection_wait_ms=60000)
    reader = client.scan(namespace, set_name).arrow({"n": "int64"}, batch_rows=32, queue=1)
    rows = []
    threads = [threading.Thread(target=lambda: rows.append(Stream(reader).rows())) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows == [COUNT] * 6


@pytest.mark.forks
def test_a_child_process_is_refused(make_plan):
    reader = make_plan().arrow({"n": "int64"}, batch_rows=10, queue=1)
    begun, unread = Stream(reader), Stream(reader)
    fix_columns.release(begun.next()[1])
    source, target = os.pipe()
    if os.fork() == 0:
        try:
            told = [stream.next()[0] == errno.EIO and stream.error() for stream in (begun, unread)]
            begun.release()
            del begun, unread
            gc.collect()
            os.write(target, f"{told[0] == told[1]} {told[0]} {Stream(reader).rows()}".encode())
        finally:
            os._exit(0)
    os.close(target)
    with os.fdopen(source) as told:
        assert told.read() == f"True a child process cannot go on with a stream of its parent {COUNT}"
    os.wait()
    assert begun.rows() == COUNT - 10
    assert unread.rows() == COUNT


def test_a_client_that_is_closed(config, namespace, set_name):
    client = aerospike.client(config)
    plan = client.scan(namespace, set_name)
    reader = plan.arrow({"n": "int64"}, batch_rows=10, queue=1)
    begun = Stream(reader)
    fix_columns.release(begun.next()[1])
    client.close()
    with pytest.raises(exception.ClusterError, match="closed"):
        reader.__arrow_c_stream__()
    with pytest.raises(exception.ClusterError, match="closed"):
        plan.arrow({"n": "int64"})
    assert begun.rows() == COUNT - 10  # what was begun comes to its end


@pytest.fixture
def relayed():
    """A client of a server with more than any socket holds, and the relay in between."""
    with embedded.Server() as server:
        relay = Counting(server.port)
        config = {"hosts": [("127.0.0.1", relay.port)], "policies": {"max_retries": 0}}
        with aerospike.client(config) as client:
            for n in range(3000):
                client.put(("test", "large", n), {"n": n, "text": "x" * 10000})
            yield client, relay
        relay.listener.close()


@pytest.mark.embedded_only("the relay counts what one node sends")
def test_the_server_waits_and_leaving_ends_its_work(relayed):
    client, relay = relayed
    reader = client.scan("test", "large").arrow({"n": "int64", "text": "string"}, batch_rows=10, queue=2)
    before, left = relay.settled(), relay.left
    stream = Stream(reader)
    assert not [request for request in relay.requests if request.info1 & 1]  # nothing is read yet
    fix_columns.release(stream.next()[1])
    assert relay.settled() - before < 20_000_000  # what sockets hold is the system's choice
    stream.release()
    until(lambda: relay.left > left)
    assert relay.settled() - before < 30_000_000
    assert Stream(reader).rows() == 3000


@pytest.mark.embedded_only("the relay stands before one node")
def test_large_values_fill_a_batch_before_its_rows_do(relayed):
    client, _relay = relayed
    stream = Stream(client.scan("test", "large").arrow({"text": "string"}, batch_rows=10**6))
    assert stream.rows() == 3000


def numbers_of(batch):
    """The int64 of a batch's first column; releases it."""
    column = fix_columns.Array.from_address(batch.children[0])
    found = list((ctypes.c_int64 * column.length).from_address(column.buffers[1]))
    fix_columns.release(batch)
    return found


@pytest.mark.embedded_only("it kills a node")
def test_a_node_dies_in_the_middle_of_a_stream():
    with embedded.Server(nodes=3, heartbeat_interval=20) as server, aerospike.client(server.config) as client:
        for n in range(3000):  # more than sockets hold
            client.put(("test", "dying", n), {"n": n, "text": "x" * 10000})
        policy = {"max_retries": 1000, "sleep_between_retries": 20, "total_timeout": 0}
        schema = {"n": "int64", "text": "string"}
        reader = client.scan("test", "dying").arrow(schema, batch_rows=10, queue=1, policy=policy)
        stream = Stream(reader)
        found = []
        status, batch = stream.next()
        server.nodes[1].stop()
        while status == 0 and batch.release:
            found += numbers_of(batch)
            status, batch = stream.next()
        assert status == 0, stream.error()
        assert sorted(found) == list(range(3000))  # none lost, none twice
        assert reader.error is None


@pytest.mark.skipif("-fsanitize" in FLAGS, reason="sanitizers keep what was freed")
@pytest.mark.embedded_only("the relay stands before one node")
def test_memory_stays_flat(relayed):
    client, _relay = relayed
    reader = client.scan("test", "large").arrow({"text": "string"}, batch_rows=50, queue=2)
    assert Stream(reader).rows() == 3000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert Stream(reader).rows() == 3000
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown * (1 if sys.platform == "darwin" else 1024) < 8 << 20  # of 30 MB


# ---- misuse ----


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        (("n",), exception.ParamError, "schema must be a dict {bin: type}, not str"),
        (({},), exception.ParamError, "schema must have a bin, or meta a name"),
        (({1: "int64"},), exception.ParamError, "a name in schema must be a str, not int"),
        (({"n": int},), exception.ParamError, r"schema\['n'\] must be a str, not type"),
        (({"n": "x" * 1000},), exception.ParamError, "column 'n' has no type 'x"),
        *(
            (({"n": kind},), exception.ParamError, "has no type")
            for kind in ("", "int", "list", "list<", "list<int64", "list<int64>>", "list<int64, int8>", "map<int64>")
        ),
        (({"n": "list<" * 50 + "int8" + ">" * 50},), exception.ParamError, "has no type"),
        (({"n": "int64\0"},), exception.ParamError, "a type in schema must not contain NUL"),
        (({"n": "\ud800"},), exception.ClientError, "lone surrogate"),
        (({"n" * 16: "int64"},), exception.BinNameError, "16 bytes"),
        (({"n\0": "int64"},), exception.ParamError, "must not contain NUL"),
        (({"n": "int64"}, 0), exception.ParamError, "batch_rows"),
        (({"n": "int64"}, "x"), exception.AerospikeError, "batch_rows"),
        (({"n": "int64"}, 8192, 0), exception.ParamError, "queue"),
        (({"n": "int64"}, 8192, 2**40), exception.ParamError, "queue"),
        (({"n": "int64"}, 8192, 4, "key"), exception.ParamError, "meta must be a tuple of names, not str"),
        (({"n": "int64"}, 8192, 4, 5), exception.ParamError, "meta must be a tuple of names, not int"),
        (({"n": "int64"}, 8192, 4, ("keys",)), exception.ParamError, "meta has no 'keys'; valid are 'key', 'digest'"),
        (({"n": "int64"}, 8192, 4, (5,)), exception.ParamError, "a name in meta must be a str, not int"),
        (
            ({"n": "int64"}, 8192, 4, {"key": "bool"}),
            exception.ParamError,
            r"meta\['key'\] must be 'string' or 'int64'",
        ),
        (({"gen": "int64"}, 8192, 4, ("gen",)), exception.ParamError, "two columns have the name 'gen'"),
        (({"n": "int64"}, 8192, 4, (), 5), exception.ParamError, "policy must be a dict"),
        (({"n": "int64"}, 8192, 4, (), {"total_timeout": "x"}), exception.ParamError, "total_timeout"),
        (({"n": "int64"}, 8192, 4, (), {"partition_filter": 5}), exception.ParamError, "partition_filter"),
    ],
)
def test_misuse(make_plan, arguments, error, text):
    with pytest.raises(error, match=text):
        make_plan().arrow(*arguments)


def test_a_function_has_no_columns(client, namespace):
    with pytest.raises(exception.ParamError, match=r"cannot follow apply\(\)"):
        client.query(namespace, "columns").apply("module", "function").arrow({"n": "int64"})
    with pytest.raises(TypeError, match=r"use arrow\(\) of a query or scan"):
        aerospike.ArrowReader()


def test_a_reader_shows_its_columns(make_plan):
    reader = make_plan().arrow({"n": "int64", "tags": "list<string>"}, meta=("key",))
    assert repr(reader) == "<aerospike.ArrowReader key: string, n: int64, tags: list<string>>"
    assert reader.error is None


# ---- asyncio ----


def test_batches_of_asyncio(config, namespace, set_name):
    async def read():
        async with aerospike.AsyncClient(config) as client:
            reader = client.query(namespace, set_name).arrow({"n": "int64"}, batch_rows=128, meta={"key": "int64"})
            tables = [made async for made in reader]
            return tables, sum([len(made) async for made in reader])

    tables, again = asyncio.run(read())
    assert max(map(len, tables)) == 128
    assert sum(map(len, tables)) == again == COUNT
    rows = [row for made in tables for row in table(made).to_pylist()]
    assert sorted(row["n"] for row in rows) == list(range(COUNT))
    assert all(row["n"] == row["key"] for row in rows)
    assert all(made.result == 0 for made in tables)


def test_batches_of_asyncio_are_left(config, namespace, set_name):
    async def read():
        async with aerospike.AsyncClient(config) as client:
            reader = client.scan(namespace, set_name).arrow({"n": "int64"}, batch_rows=10, queue=1)
            async with contextlib.aclosing(aiter(reader)) as tables:
                return await anext(tables)

    assert Stream(asyncio.run(read())).rows() == 10


def test_batches_of_asyncio_fail(config, namespace, set_name):
    async def read():
        async with aerospike.AsyncClient(config) as client:
            reader = client.scan(namespace, set_name).arrow({"text": "int64"})
            with pytest.raises(exception.BinIncompatibleType, match="bin 'text' of record") as caught:
                async for _ in reader:
                    pass
            assert caught.value.msg == reader.error.msg

    asyncio.run(read())
