# SPDX-License-Identifier: Apache-2.0
"""Tables and streams of other libraries that become records: types, nulls, rows that fail, streams without end."""

import asyncio
import decimal
import itertools
import math

import fix_columns
import pytest

import aerospike
from aerospike import exception

FLAGS = aerospike.__build_info__["flags"]
SET = "put arrow"


@pytest.fixture(scope="module")
def pa():
    return pytest.importorskip("pyarrow", reason="pyarrow is not installed")


@pytest.fixture(autouse=True)
def no_records(client, namespace):
    yield
    client.truncate(namespace, SET, 0)


@pytest.fixture
def bins_of(client, namespace):
    """The bins of the record with that key, None where there is none."""
    return lambda key: (client.batch_read([(namespace, SET, key)]).batch_records[0].record or [None] * 3)[2]


def table(pa, kind, *values):
    """A table of the keys 0, 1, ..., and a column a of that type."""
    return pa.table({"id": pa.array(range(len(values)), "int64"), "a": pa.array(values, kind)})


def test_a_table(client, namespace, pa, bins_of):
    data = pa.table({"id": [1, 2, 3], "n": [10, None, 30], "s": ["é", "", None]})
    written = client.put_arrow(data, namespace, SET, "id")
    assert (written.rows, written.failed) == (3, 0)
    assert (written.status.tolist(), written.in_doubt.tolist()) == ([0] * 3, [False] * 3)
    assert [bins_of(n) for n in (1, 2, 3)] == [{"n": 10, "s": "é"}, {"s": ""}, {"n": 30}]


TYPES = [
    *((f"int{bits}", value) for bits in (8, 16, 32, 64) for value in (2 ** (bits - 1) - 1, -(2 ** (bits - 1)))),
    *((f"uint{bits}", 2**bits - 1) for bits in (8, 16, 32)),
    ("uint64", 2**63 - 1),
    *(("float32", 0.5), ("float64", 0.1), ("float64", -math.inf), ("bool_", True), ("bool_", False)),
    *((kind, text) for kind in ("string", "large_string", "string_view") for text in ("", "aé😀", "x" * 300)),
    ("string", "NUL\0within"),
    *((kind, b"\0\xff") for kind in ("binary", "large_binary", "binary_view")),
]


@pytest.mark.parametrize(("kind", "value"), TYPES)
def test_every_type(client, namespace, pa, bins_of, kind, value):
    array = pa.array([None, value, value, None], getattr(pa, kind)())
    data = pa.table({"id": range(4), "a": array})
    for part in (data, data.slice(1, 2)):  # the second one's buffers begin elsewhere
        written = client.put_arrow(part, namespace, SET, "id")
        assert written.status.tolist() == ([-2, 0, 0, -2] if part is data else [0, 0])
        assert [bins_of(n) for n in range(4)] == [None, {"a": value}, {"a": value}, None]


NESTED = [
    (lambda pa: pa.list_(pa.int64()), [1, -1, 127, 128, -32, -33, 300, 70000, 2**40, -(2**40), None]),
    (lambda pa: pa.list_(pa.string()), ["a", "x" * 31, "y" * 300, "z" * 70000, None]),
    (lambda pa: pa.large_list(pa.float64()), [0.5, None]),
    (lambda pa: pa.list_(pa.bool_()), [True, None, False]),
    (lambda pa: pa.list_(pa.binary()), [b"", b"\xff", b"x" * 40]),
    (lambda pa: pa.list_(pa.list_(pa.int8())), [[1], [], None, [2, 3]]),
    (lambda pa: pa.list_(pa.float32(), 3), [0.5, 1.5, 2.5]),
    (lambda pa: pa.list_(pa.uint8()), list(range(0, 256, 5))),
    (lambda pa: pa.list_(pa.int32()), list(range(70000))),
    (lambda pa: pa.list_(pa.int32()), []),
    (lambda pa: pa.binary(3), b"abc"),
    (lambda pa: pa.dictionary(pa.int8(), pa.string()), "word"),
    (lambda pa: pa.dictionary(pa.uint8(), pa.list_(pa.int8())), [1, 2]),
]


@pytest.mark.parametrize(("kind", "value"), NESTED, ids=itertools.count())
def test_nested_types(client, namespace, pa, bins_of, kind, value):
    kind = kind(pa)
    if pa.types.is_dictionary(kind):
        array = pa.DictionaryArray.from_arrays(
            pa.array([None, 0, 0], kind.index_type), pa.array([value], kind.value_type)
        )
    else:
        array = pa.array([None, value, value], kind)
    data = pa.table({"id": range(3), "a": array})
    for part in (data, data.slice(1)):
        client.put_arrow(part, namespace, SET, "id")
        assert (bins_of(1), bins_of(2)) == ({"a": value}, {"a": value})


def test_maps_and_structs(client, namespace, pa, bins_of):
    maps = pa.array([[("x", [1])], [("b", []), ("a", None)], []], pa.map_(pa.string(), pa.list_(pa.int8())))
    structs = pa.array([{"p": 1, "q": {"r": "s"}}, {"p": None, "q": None}, None])
    data = pa.table({"id": ["a", "b", "c"], "m": maps, "s": structs})
    for part in (data, data.slice(1)):
        client.put_arrow(part, namespace, SET, "id")
        assert bins_of("b") == {"m": {"b": [], "a": None}, "s": {"p": None, "q": None}}
        assert bins_of("c") == {"m": {}}
    assert bins_of("a") == {"m": {"x": [1]}, "s": {"p": 1, "q": {"r": "s"}}}


@pytest.mark.parametrize("kind", ["date32", "time32", "timestamp", "duration", "decimal", "float16", "list", "union"])
def test_a_type_that_no_bin_takes(client, namespace, pa, kind):
    arrays = {
        "date32": lambda: pa.array([1], pa.date32()),
        "time32": lambda: pa.array([1], pa.time32("s")),
        "timestamp": lambda: pa.array([1], pa.timestamp("us", "UTC")),
        "duration": lambda: pa.array([1], pa.duration("s")),
        "decimal": lambda: pa.array([decimal.Decimal("1.5")]),
        "float16": lambda: pa.array([1.5], pa.float16()),
        "list": lambda: pa.array([[1]], pa.list_(pa.date32())),
        "union": lambda: pa.UnionArray.from_sparse(pa.array([0], pa.int8()), [pa.array([1])]),
    }
    data = pa.table({"id": [1], "good": [1], "a": arrays[kind]()})
    with pytest.raises(exception.ParamError, match=r"column 'a' has the type '.*' of Arrow's, which no bin takes"):
        client.put_arrow(data, namespace, SET, "id")
    assert client.put_arrow(data, namespace, SET, "id", ["good"]).failed == 0


# ---- keys ----


def test_kinds_of_keys(client, namespace, pa, bins_of):
    for kind, keys in ((pa.int8(), [-1, 5]), (pa.uint32(), [7, 2**32 - 1]), (pa.large_string(), ["a", "é"])):
        client.put_arrow(pa.table({"k": pa.array(keys, kind), "a": keys}), namespace, SET, "k")
        assert [bins_of(key) for key in keys] == [{"a": key} for key in keys]
    keys = [b"\0a", b"b"]
    client.put_arrow(pa.table({"a": [1, 2], "k": keys}), namespace, SET, "k")
    assert [bins_of(bytearray(key)) for key in keys] == [{"a": 1}, {"a": 2}]
    words = pa.array(["x", "y", "x"]).dictionary_encode()
    client.put_arrow(pa.table({"k": words, "a": [1, 2, 3]}), namespace, SET, "k")
    assert (bins_of("x"), bins_of("y")) == ({"a": 3}, {"a": 2})


def test_many_keys_of_every_length(client, namespace, pa, bins_of):
    keys = ["k" * n for n in range(1, 70)]
    client.put_arrow(pa.table({"k": keys, "a": range(1, 70)}), namespace, SET, "k")
    assert [bins_of(key)["a"] for key in keys] == list(range(1, 70))


def test_a_key_longer_than_a_stack(client, namespace, pa, bins_of):
    key = "k" * 20_000_000
    assert client.put_arrow(pa.table({"k": ["a", key], "a": [1, 2]}), namespace, SET, "k").failed == 0
    assert bins_of(key) == {"a": 2}


def test_rows_that_cannot_be_sent(client, namespace, pa, bins_of):
    data = pa.table({"k": [1, None, 3, 4], "a": pa.array([1, 2, None, 2**63], "uint64")})
    written = client.put_arrow(data, namespace, SET, "k")
    assert (written.failed, written.status.tolist()) == (3, [0, -2, -2, -2])
    assert [bins_of(key) for key in (1, 3, 4)] == [{"a": 1}, None, None]
    large = pa.array([[1], [2**64 - 1]], pa.list_(pa.uint64()))
    assert client.put_arrow(pa.table({"k": [5, 6], "a": large}), namespace, SET, "k").status.tolist() == [0, -2]


def test_texts_that_are_not_utf_8(client, namespace, pa, bins_of):
    bad = pa.array([b"aaaaaaaa\x80", b"\xff", "é".encode()], "binary").view("string")
    good = pa.array([1, 2, 3])
    lists, structs = pa.ListArray.from_arrays([0, 1, 2, 3], bad), pa.StructArray.from_arrays([bad], ["s"])
    for text in (bad, lists, structs, bad.dictionary_encode()):
        written = client.put_arrow(pa.table({"k": good, "a": text}), namespace, SET, "k")
        assert written.status.tolist() == [-2, -2, 0]
    assert [bins_of(n) for n in (1, 2, 3)] == [None, None, {"a": "é"}]
    assert client.put_arrow(pa.table({"k": bad, "a": good}), namespace, SET, "k").status.tolist() == [-2, -2, 0]


def test_a_set_may_be_none_and_the_key_may_be_sent(client, namespace, pa):
    send = {"key": aerospike.POLICY_KEY_SEND}
    client.put_arrow(pa.table({"k": ["one"], "a": [1]}), namespace, SET, "k", policy_write=send)
    assert [row[0][2] for row in client.query(namespace, SET).results()] == ["one"]
    client.put_arrow(pa.table({"k": ["put arrow none"], "a": [1]}), namespace, None, "k")
    assert client.get((namespace, None, "put arrow none"))[2] == {"a": 1}
    client.remove((namespace, None, "put arrow none"))


# ---- bins ----


def test_bins_are_chosen_and_named(client, namespace, pa, bins_of):
    data = pa.table({"k": [1], "a": [2], "b": [3], "a name that is too long": [4]})
    client.put_arrow(data, namespace, SET, "k", bins=["b"])
    assert bins_of(1) == {"b": 3}
    client.put_arrow(data, namespace, SET, "k", {"a name that is too long": "c", "k": "key"})
    assert bins_of(1) == {"b": 3, "c": 4, "key": 1}


@pytest.mark.parametrize(
    ("key", "bins", "text"),
    [
        ("none", None, "data has no column 'none'"),
        (5, None, "key must be a str"),
        ("float", ["a"], "column 'float' has the type 'g' of Arrow's, which is none of keys"),
        ("k", ["a", "none"], "data has not all columns of bins"),
        ("k", [], "data has no column beside the key"),
        ("k", {"a": "x", "float": "x"}, "two columns of data become the bin 'x'"),
        ("k", {"a": "x" * 16}, "column 'a': bin name 'x{16}'"),
        ("k", {"a": 5}, r"bins\['a'\] must be a str"),
        ("k", [5], "a column in bins must be a str"),
        ("k", "a", "bins must be a list of columns"),
        ("k", 5, "bins must be a list of columns"),
    ],
)
def test_columns_that_do_not_do(client, namespace, pa, bins_of, key, bins, text):
    data = pa.table({"k": [1], "a": [2], "float": [1.5]})
    with pytest.raises(exception.AerospikeError, match=text):
        client.put_arrow(data, namespace, SET, key, bins)
    assert bins_of(1) is None


def test_columns_of_one_name(client, namespace, pa):
    data = pa.table([pa.array([1]), pa.array([2]), pa.array([3])], names=["k", "a", "a"])
    with pytest.raises(exception.ParamError, match="two columns of data become the bin 'a'"):
        client.put_arrow(data, namespace, SET, "k")
    with pytest.raises(exception.ParamError, match="data has two columns 'a'"):
        client.put_arrow(data, namespace, SET, "a", ["k"])


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((5,), "namespace"),
        (("n" * 32,), "namespace"),
        (("test", 5), "set"),
        (("test", SET, "id", None, 0), "batch_rows"),
        (("test", SET, "id", None, "x"), "batch_rows"),
        (("test", SET, "id", None, 5, "x"), "ttl"),
        (("test", SET, "id", None, 5, None, 5), "policy must be a dict"),
        (("test", SET, "id", None, 5, None, {"total_timeout": "x"}), "total_timeout"),
        (("test", SET, "id", None, 5, None, None, {"exists": "x"}), "exists"),
        (("test", SET, "id", None, 5, None, None, None, 5), "on_batch must be callable"),
    ],
)
def test_wrong_arguments(client, pa, arguments, text):
    whole = [*arguments, *("test", SET, "id")[len(arguments) :]]
    with pytest.raises(exception.AerospikeError, match=text):
        client.put_arrow(table(pa, pa.int64(), 1), *whole)


def test_what_is_no_table(client, namespace, pa):
    for data in (5, None, [{"id": 1}], {"id": [1]}):
        with pytest.raises(exception.ParamError, match=r"data must have __arrow_c_stream__\(\)"):
            client.put_arrow(data, namespace, SET, "id")
    with pytest.raises(exception.ParamError, match="data must be a table"):
        client.put_arrow(pa.chunked_array([[1, 2]]), namespace, SET, "id")

    class Odd:
        def __arrow_c_stream__(self, requested_schema=None):
            return "no capsule"

    class Read:
        capsule = table(pa, pa.int64(), 1).__arrow_c_stream__()

        def __arrow_c_stream__(self, requested_schema=None):
            return self.capsule

    with pytest.raises(exception.ParamError, match="an Arrow stream that nobody has read"):
        client.put_arrow(Odd(), namespace, SET, "id")
    assert client.put_arrow(Read(), namespace, SET, "id").rows == 1
    with pytest.raises(exception.ParamError, match="an Arrow stream that nobody has read"):
        client.put_arrow(Read(), namespace, SET, "id")


def test_a_closed_client(connect, namespace, pa):
    closed = connect()
    closed.close()
    with pytest.raises(exception.ClusterError):
        closed.put_arrow(table(pa, pa.int64(), 1), namespace, SET, "id")


# ---- what came of rows ----


def test_rows_that_fail(client, namespace, pa, bins_of):
    client.put_arrow(table(pa, pa.int64(), 1, 2), namespace, SET, "id")
    create = {"exists": aerospike.POLICY_EXISTS_CREATE}
    written = client.put_arrow(table(pa, pa.int64(), 7, 8, 9), namespace, SET, "id", policy_write=create)
    assert (written.rows, written.failed, written.status.tolist()) == (3, 2, [5, 5, 0])
    assert written.in_doubt.tolist() == [False] * 3
    assert [bins_of(n) for n in range(3)] == [{"a": 1}, {"a": 2}, {"a": 9}]


def test_a_null_stays_or_is_replaced(client, namespace, pa, bins_of):
    client.put((namespace, SET, 0), {"a": 1, "b": 2})
    data = pa.table({"id": [0], "a": pa.array([None], pa.int64()), "b": [3]})
    client.put_arrow(data, namespace, SET, "id")
    assert bins_of(0) == {"a": 1, "b": 3}
    replace = {"exists": aerospike.POLICY_EXISTS_CREATE_OR_REPLACE}
    client.put_arrow(data, namespace, SET, "id", policy_write=replace)
    assert bins_of(0) == {"b": 3}


def test_policies_and_ttl(client, namespace, pa):
    from aerospike_helpers import expressions as exp

    data = table(pa, pa.int64(), 1, 2)
    client.put_arrow(data, namespace, SET, "id", ttl=aerospike.TTL_NEVER_EXPIRE)
    assert client.exists((namespace, SET, 0))[1]["ttl"] == aerospike.TTL_NEVER_EXPIRE & 0xFFFFFFFF
    drop = {"expressions": exp.Eq(exp.IntBin("a"), 1).compile()}
    assert client.put_arrow(data, namespace, SET, "id", policy_write=drop).status.tolist() == [0, 27]
    assert client.put_arrow(data, namespace, SET, "id", policy={"max_retries": 0}).failed == 0


# ---- streams ----


def test_many_small_batches(client, namespace, pa):
    data = pa.Table.from_batches(
        [pa.record_batch({"id": range(n, n + 7), "a": range(n, n + 7)}) for n in range(0, 70, 7)]
        + [pa.record_batch({"id": pa.array([], "int64"), "a": pa.array([], "int64")})]
    )
    seen = []
    written = client.put_arrow(data, namespace, SET, "id", batch_rows=5, on_batch=lambda batch: seen.append(batch))
    assert (written.rows, written.failed, written.status, written.in_doubt) == (70, 0, None, None)
    assert [batch.rows for batch in seen] == [5, 2] * 10
    assert all(batch.status.tolist() == [0] * batch.rows for batch in seen)
    rows = client.batch_arrow([(namespace, SET, n) for n in range(70)], {"a": "int64"})
    assert pa.table(rows).column("a").to_pylist() == list(range(70))
    assert client.put_arrow(data, namespace, SET, "id", batch_rows=5).status.tolist() == [0] * 70


def test_batches_of_large_rows(client, namespace, pa):
    """No server would take all of them in one message."""
    values, rows = pa.array(["v" * 1_000_000] * 150), []
    lists = pa.ListArray.from_arrays(range(151), values)
    for large in (values, values.cast("binary"), lists):
        data = pa.table({"id": range(150), "a": large})
        written = client.put_arrow(data, namespace, SET, "id", on_batch=rows.append)
        assert (written.rows, written.failed, [batch.rows for batch in rows]) == (150, 0, [9] * 16 + [6])
        rows.clear()


def test_nothing_to_write(client, namespace, pa):
    written = client.put_arrow(table(pa, pa.int64()), namespace, SET, "id")
    assert (written.rows, written.failed, written.status.tolist(), written.in_doubt.tolist()) == (0, 0, [], [])


def endless(pa, made):
    schema = pa.schema({"id": pa.int64(), "a": pa.string()})

    def batches():
        for n in itertools.count():
            made.append(n)
            yield pa.record_batch({"id": [n], "a": ["x" * 100_000]}, schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


def test_a_stream_without_end(client, namespace, pa, bins_of):
    made, seen = [], []

    def told(batch):
        seen.append(batch.rows)
        return len(seen) < 40

    written = client.put_arrow(endless(pa, made), namespace, SET, "id", on_batch=told)
    assert (written.rows, len(seen)) == (40, 40)
    assert len(made) <= 42  # none was read ahead
    assert bins_of(39) is not None
    assert bins_of(40) is None


def test_who_is_told_raises(client, namespace, pa, bins_of):
    class TestError(Exception):
        pass

    def told(_batch):
        raise TestError

    with pytest.raises(TestError):
        client.put_arrow(endless(pa, []), namespace, SET, "id", on_batch=told)
    assert bins_of(0) is not None
    assert bins_of(1) is None


def test_a_stream_that_fails(client, namespace, pa, bins_of):
    schema = pa.schema({"id": pa.int64(), "a": pa.int64()})

    def batches():
        yield pa.record_batch({"id": [1], "a": [1]}, schema)
        raise ValueError("no more of this")

    with pytest.raises(exception.ClientError, match=r"the stream of data failed: [\s\S]*no more of this"):
        client.put_arrow(pa.RecordBatchReader.from_batches(schema, batches()), namespace, SET, "id")
    assert bins_of(1) == {"a": 1}


def test_a_set_is_copied(client, namespace, pa, bins_of):
    for n in range(50):
        key = (namespace, f"{SET} from", n)
        client.put(key, {"n": n, "tags": [str(n)]}, policy={"key": aerospike.POLICY_KEY_SEND})
    schema = {"n": "int64", "tags": "list<string>"}
    reader = client.query(namespace, f"{SET} from").arrow(schema, batch_rows=8, meta={"key": "int64"})
    assert client.put_arrow(reader, namespace, SET, "key").rows == 50
    assert [bins_of(n) for n in (0, 49)] == [{"n": 0, "tags": ["0"]}, {"n": 49, "tags": ["49"]}]
    client.truncate(namespace, f"{SET} from", 0)


# ---- asyncio ----


class Parts:
    """Tables that come by and by, and what was asked for of them."""

    def __init__(self, pa, *ends):
        self.pa, self.ends, self.asked, self.closed = pa, ends, 0, False

    async def __aiter__(self):
        try:
            for n in itertools.count():
                self.asked += 1
                yield self.pa.table({"id": [n, n + 1000], "a": [n, None]})
                if n + 1 in self.ends:
                    return
        finally:
            self.closed = True


@pytest.mark.sync_only
def test_parts_that_come_by_and_by(config, namespace, pa, bins_of):
    parts, endless, seen = Parts(pa, 3), Parts(pa), []

    async def write():
        async with aerospike.AsyncClient(config) as client:
            written = await client.put_arrow(parts, namespace, SET, "id")
            assert (written.rows, written.failed, written.status.tolist()) == (6, 3, [0, -2] * 3)

            def told(batch):
                seen.append(batch.rows)
                return len(seen) < 4

            written = await client.put_arrow(endless, namespace, SET, "id", on_batch=told)
            assert (written.rows, written.failed, written.status) == (8, 4, None)
            assert (endless.asked, endless.closed, parts.closed) == (4, True, True)

            again = Parts(pa)
            with pytest.raises(exception.ParamError, match=r"data has no column 'none'"):
                await client.put_arrow(again, namespace, SET, "none")
            assert (again.asked, again.closed) == (1, True)
            with pytest.raises(exception.ParamError, match="on_batch must be callable"):
                await client.put_arrow(again, namespace, SET, "id", on_batch=5)
            assert again.asked == 1

            async def odd():
                yield 5

            with pytest.raises(exception.ParamError, match=r"data must have __arrow_c_stream__\(\), .* not be of int"):
                await client.put_arrow(odd(), namespace, SET, "id")
            with pytest.raises(TypeError):
                await client.put_arrow(parts)
            reader = client.query(namespace, SET).arrow({"a": "int64"}, meta={"digest": "binary"})
            assert (await client.put_arrow(reader, namespace, SET, "digest")).rows == 4  # it is a stream, too

    asyncio.run(write())
    assert seen == [2] * 4
    assert [bins_of(n) for n in (0, 3, 4)] == [{"a": 0}, {"a": 3}, None]


@pytest.mark.sync_only
def test_a_client_of_threads_takes_no_parts(connect, namespace, pa):
    with pytest.raises(exception.ParamError, match=r"data must have __arrow_c_stream__\(\)"):
        connect().put_arrow(Parts(pa, 1), namespace, SET, "id")


# ---- other libraries ----


@pytest.mark.skipif("-fsanitize=thread" in FLAGS, reason="polars does not start under the thread sanitizer")
def test_polars(client, namespace, bins_of):
    polars = pytest.importorskip("polars", reason="polars is not installed")
    words = polars.Series(["x", "y", None], dtype=polars.Categorical)
    frame = polars.DataFrame({"k": ["a", "b", "c"], "v": [1.5, None, 2.5], "w": words, "l": [[1], [], None]})
    assert client.put_arrow(frame, namespace, SET, "k").failed == 0
    assert [bins_of(key) for key in "abc"] == [{"v": 1.5, "w": "x", "l": [1]}, {"w": "y", "l": []}, {"v": 2.5}]


def test_pandas(client, namespace, pa, bins_of):
    pandas = pytest.importorskip("pandas", minversion="3", reason="pandas 3 is not installed")
    frame = pandas.DataFrame({"k": ["a", "b"], "n": [1, 2], "s": ["x", None], "c": pandas.Categorical(["u", "v"])})
    assert client.put_arrow(frame, namespace, SET, "k").failed == 0
    assert [bins_of(key) for key in "ab"] == [{"n": 1, "s": "x", "c": "u"}, {"n": 2, "c": "v"}]


def test_nanoarrow(client, namespace, bins_of):
    nanoarrow = pytest.importorskip("nanoarrow", reason="nanoarrow is not installed")
    schema = nanoarrow.struct({"k": nanoarrow.int32(), "a": nanoarrow.string()})
    columns = [nanoarrow.c_array([1, 2], nanoarrow.int32()), nanoarrow.c_array(["x", None], nanoarrow.string())]
    array = nanoarrow.c_array_from_buffers(schema, 2, [None], children=columns)
    written = client.put_arrow(nanoarrow.Array(array), namespace, SET, "k")
    assert written.status.tolist() == [0, -2]
    assert bins_of(1) == {"a": "x"}


def test_duckdb(client, namespace, bins_of):
    duckdb = fix_columns.import_duckdb()
    with duckdb.connect() as database:
        data = database.sql("select range as k, 'v' || range as a from range(2500)")
        assert client.put_arrow(data, namespace, SET, "k").rows == 2500
    assert bins_of(2499) == {"a": "v2499"}
