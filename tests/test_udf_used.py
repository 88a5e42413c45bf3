# SPDX-License-Identifier: Apache-2.0
"""Functions in Lua on a server: what they are given, what they return, and what comes of their errors."""

import threading

import pytest

import aerospike
from aerospike import exception
from aerospike_helpers import expressions

SOURCE = """
function echo(rec, a) return a end
function count(rec, ...) return select("#", ...) end
function put(rec, name, value)
  rec[name] = value
  if aerospike:exists(rec) then return aerospike:update(rec) end
  return aerospike:create(rec)
end
function there(rec) return aerospike:exists(rec) end
function drop(rec) return aerospike:remove(rec) end
function fail(rec)
  error("on purpose")
end
function deep(rec) local x = nil; return x.y end
"""
MODULE = "suite_udf"


@pytest.fixture(scope="module")
def apply(client, tmp_path_factory):
    """Call a function of the module."""
    path = tmp_path_factory.mktemp("lua") / f"{MODULE}.lua"
    path.write_text(SOURCE)
    client.udf_put(path)
    yield lambda key, function, *arguments, policy=None: client.apply(key, MODULE, function, list(arguments), policy)
    client.udf_remove(path.name)


VALUES = [
    0,
    -1,
    2**63 - 1,
    -(2**63),
    1.5,
    -0.0,
    float("inf"),
    True,
    False,
    None,
    "",
    "é🚀",
    "x" * 100_000,
    b"",
    b"\0\xff",
    bytes(range(256)) * 100,
    [],
    [1, "a", None, 2.5, [b"\0"], {"k": [True]}],
    list(range(10_000)),
    {},
    {"a": 1, 2: "b", b"c": [None]},
    {"deep": {"er": {"still": [{"x": 1}]}}},
    aerospike.GeoJSON({"type": "Point", "coordinates": [1.0, 2.0]}),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:30])
def test_values_come_back(apply, key, value):
    got = apply(key, "echo", value)
    assert type(got) is type(value)
    assert (got.geo_data if isinstance(value, aerospike.GeoJSON) else got) == (
        value.geo_data if isinstance(value, aerospike.GeoJSON) else value
    )


def test_a_bytearray_is_bytes(apply, key):
    assert apply(key, "echo", bytearray(b"ab")) == b"ab"


def test_how_many_arguments(apply, key):
    for count in (0, 1, 5, 40):
        assert apply(key, "count", *range(count)) == count


def test_a_record_is_made_changed_and_removed(client, apply, key):
    assert apply(key, "there") is False
    assert apply(key, "put", "a", 1) == 0
    assert apply(key, "there") is True
    assert apply(key, "put", "b", {"x": [1, 2]}) == 0
    assert client.get(key)[2] == {"a": 1, "b": {"x": [1, 2]}}
    assert client.get(key)[1]["gen"] == 2
    assert apply(key, "put", "a", None) == 0
    assert client.get(key)[2] == {"b": {"x": [1, 2]}}
    assert apply(key, "drop") == 0
    assert client.exists(key)[1] is None


def test_the_ttl_of_the_policy(client, apply, key):
    apply(key, "put", "a", 1, policy={"ttl": 5000})
    assert 4990 <= client.get(key)[1]["ttl"] <= 5000


def test_the_key_is_stored_where_the_policy_sends_it(client, apply, key):
    apply(key, "put", "a", 1, policy={"key": aerospike.POLICY_KEY_SEND})
    (stored,) = [one for one, _meta, _bins in client.scan(*key[:2]).results() if one[2] == key[2]]
    assert bytes(stored[3]) == bytes(client.get_key_digest(*key))


def test_a_filter(apply, record):
    even = expressions.Eq(expressions.IntBin("a"), 2).compile()
    with pytest.raises(exception.FilteredOut) as caught:
        apply(record, "put", "a", 5, policy={"expressions": even})
    assert caught.value.key == record
    assert (
        apply(record, "put", "a", 2, policy={"expressions": expressions.Eq(expressions.IntBin("a"), 1).compile()}) == 0
    )
    assert apply(record, "echo", 1, policy={"expressions": even}) == 1


def test_errors_have_file_and_line(apply, key):
    with pytest.raises(exception.UDFError, match=rf"{MODULE}\.lua:12: on purpose") as caught:
        apply(key, "fail")
    error = caught.value
    assert (error.code, error.module, error.func, error.key) == (100, MODULE, "fail", key)
    with pytest.raises(exception.UDFError, match=rf"{MODULE}\.lua:14: attempt to index a nil value"):
        apply(key, "deep")


def test_what_is_not_there(client, apply, key):
    with pytest.raises(exception.UDFError) as caught:
        apply(key, "nosuch")
    assert (caught.value.module, caught.value.func) == (MODULE, "nosuch")
    with pytest.raises(exception.UDFError) as caught:
        client.apply(key, "suite_nosuch", "f", [])
    assert caught.value.module == "suite_nosuch"
    with pytest.raises(exception.UDFError, match="not_found"):
        client.udf_get("suite_nosuch.lua")
    assert client.udf_remove("suite_nosuch.lua") == 0


def test_a_module_in_its_next_version(client, key, tmp_path):
    path = tmp_path / "suite_versions.lua"
    for version in range(5):
        path.write_text(f"function version(rec) return {version} end")
        client.udf_put(path)
        assert client.apply(key, "suite_versions", "version", []) == version
        assert client.udf_get(path.name) == path.read_text()
    assert [module["type"] for module in client.udf_list() if module["name"] == path.name] == [aerospike.UDF_TYPE_LUA]
    client.udf_remove(path.name)
    with pytest.raises(exception.UDFError):
        client.apply(key, "suite_versions", "version", [])


def test_a_module_that_is_no_lua(client, tmp_path):
    path = tmp_path / "suite_broken.lua"
    path.write_text("\n\nfunction (")
    with pytest.raises(exception.UDFError, match="line=3") as caught:
        client.udf_put(path)
    assert caught.value.module == path.name


def test_calls_in_a_batch(client, apply, make_key):
    keys = [make_key() for _ in range(3)]
    client.batch_apply(keys, MODULE, "put", ["a", 7])
    assert [client.get(key)[2] for key in keys] == [{"a": 7}] * 3
    rows = client.batch_apply(keys, MODULE, "fail", []).batch_records
    assert [row.result for row in rows] == [100] * 3


def test_a_serializer_serves_no_arguments_without_one(apply, key):
    with pytest.raises(exception.ParamError, match=r"args\[0\]"):
        apply(key, "echo", {1, 2})


# ---- modules that change while they are used ----

SUM = """
local function add(a, b) return a + b end
function total(s) return s : map(function(rec) return %d end) : reduce(add) end
"""


def test_a_module_may_be_put_while_it_aggregates(client, make_key, namespace, tmp_path):
    path = tmp_path / "changing.lua"
    path.write_text(SUM % 1)
    client.udf_put(str(path))
    keys = [make_key(n, "changing") for n in range(50)]
    for key in keys:
        client.put(key, {"n": 1})
    sums, failures = [], []
    ended = threading.Event()

    def ask():
        while not ended.is_set():
            try:
                sums.extend(client.query(namespace, "changing").apply("changing", "total").results())
            except exception.AerospikeError as error:  # where a node has not the module just then
                failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(2, 22):
        path.write_text(SUM % number)
        client.udf_put(str(path))
    ended.set()
    for thread in threads:
        thread.join(60)
    assert {error.code for error in failures} <= {-1, 100}
    assert all(50 <= value <= 50 * 21 for value in sums)
    assert client.query(namespace, "changing").apply("changing", "total").results() == [50 * 21]
    client.udf_remove("changing.lua")
