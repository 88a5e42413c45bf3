# SPDX-License-Identifier: Apache-2.0
"""Each kind of index, made and asked: the records that it has, and those that it has not."""

import threading

import pytest
from fix_records import remove_quietly

import aerospike
from aerospike import exception, predicates
from aerospike_helpers import cdt_ctx, expressions

SET = "suite_indexed"
NUMERIC, STRING, BLOB, GEO = (
    aerospike.INDEX_NUMERIC, aerospike.INDEX_STRING, aerospike.INDEX_BLOB, aerospike.INDEX_GEO2DSPHERE
)  # fmt: skip
LIST, KEYS, VALUES = aerospike.INDEX_TYPE_LIST, aerospike.INDEX_TYPE_MAPKEYS, aerospike.INDEX_TYPE_MAPVALUES


def point(longitude, latitude):
    return aerospike.GeoJSON({"type": "Point", "coordinates": [longitude, latitude]})


RECORDS = {
    1: {"n": 1, "s": "a", "b": b"\0\1", "l": [1, "x", b"z"], "m": {"k": 1, "o": "v"}, "g": point(10, 60)},
    2: {"n": 2, "s": "b", "b": b"\0\2", "l": [2, 1, 1], "m": {"k": 2, 5: 1}, "g": point(12.5, 41.9)},
    3: {"n": "1", "s": 1, "b": "\0\1", "l": 1, "m": [1], "g": "10, 60"},  # the types of no index
    4: {"other": 1},
    5: {"n": -5, "d": {"in": [7, {"x": 3, "y": "deep"}]}},
}


@pytest.fixture(scope="module")
def indexed(client, namespace):
    """The set with the records."""
    keys = [(namespace, SET, pk) for pk in RECORDS]
    for key in keys:
        client.put(key, RECORDS[key[2]], policy={"key": aerospike.POLICY_KEY_SEND})
    yield namespace, SET
    for key in keys:
        remove_quietly(client, key)


@pytest.fixture
def make(client, indexed):
    """Make an index in the set by the middle of its call's name; it is removed in the end."""
    made = []

    def run(kind, *arguments, name="suite_index", **keywords):
        made.append(name)
        call = getattr(client, f"index_{kind}_create")
        place = [name] if kind == "set" else [*arguments, name]
        return call(*indexed, *place, **keywords)

    yield run
    for name in made:
        if len(name) < 64:
            client.index_remove(indexed[0], name)


@pytest.fixture
def found(client, indexed):
    """The primary keys of the records that a predicate finds."""

    def run(predicate, ctx=None):
        return sorted(key[2] for key, _meta, _bins in client.query(*indexed).where(predicate, ctx).results())

    return run


CONTEXT = [cdt_ctx.cdt_ctx_map_key("in"), cdt_ctx.cdt_ctx_list_index(1)]
CASES = [
    (
        "single_value",
        ("n", NUMERIC),
        None,
        [(predicates.equals("n", 1), [1]), (predicates.between("n", -9, 1), [1, 5])],
    ),
    ("single_value", ("s", STRING), None, [(predicates.equals("s", "b"), [2]), (predicates.equals("s", "c"), [])]),
    ("single_value", ("b", BLOB), None, [(predicates.equals("b", b"\0\1"), [1])]),
    ("single_value", ("g", GEO), None, [(predicates.geo_within_radius("g", 10.0, 60.0, 1000.0), [1])]),
    ("list", ("l", NUMERIC), None, [(predicates.contains("l", LIST, 1), [1, 2])]),
    ("list", ("l", STRING), None, [(predicates.contains("l", LIST, "x"), [1])]),
    ("list", ("l", BLOB), None, [(predicates.contains("l", LIST, b"z"), [1])]),
    ("map_keys", ("m", STRING), None, [(predicates.contains("m", KEYS, "k"), [1, 2])]),
    ("map_keys", ("m", NUMERIC), None, [(predicates.range("m", KEYS, 0, 9), [2])]),
    ("map_values", ("m", NUMERIC), None, [(predicates.range("m", VALUES, 1, 1), [1, 2])]),
    ("map_values", ("m", STRING), None, [(predicates.contains("m", VALUES, "v"), [1])]),
    ("map_keys", ("d", STRING), CONTEXT, [(predicates.contains("d", KEYS, "x"), [5])]),
    ("map_values", ("d", NUMERIC), CONTEXT, [(predicates.contains("d", VALUES, 3), [5])]),
    ("single_value", ("d", NUMERIC), [*CONTEXT, cdt_ctx.cdt_ctx_map_key("x")], [(predicates.equals("d", 3), [5])]),
    ("list", ("d", NUMERIC), CONTEXT[:1], [(predicates.contains("d", LIST, 7), [5])]),
]


@pytest.mark.parametrize(("kind", "arguments", "ctx", "asked"), CASES, ids=lambda value: str(value)[:40])
def test_an_index_serves_its_predicates(make, found, kind, arguments, ctx, asked):
    make(kind, *arguments, **({"ctx": ctx} if ctx else {}))
    for predicate, pks in asked:
        assert found(predicate, ctx) == pks


def test_an_index_of_an_expression(client, indexed, make):
    compiled = (expressions.IntBin("n") * 10).compile()
    make("expr", aerospike.INDEX_TYPE_DEFAULT, NUMERIC, compiled)
    for query in (
        client.query(*indexed).where_with_expr(compiled, predicates.equals(None, 20)),
        client.query(*indexed).where_with_index_name("suite_index", predicates.equals(None, 20)),
    ):
        assert [key[2] for key, _meta, _bins in query.results()] == [2]


def test_an_index_of_a_set(client, indexed, make):
    assert make("set") == 0
    assert len(client.query(*indexed).results()) == len(RECORDS)


def test_an_index_follows_changes(client, indexed, make, found):
    make("single_value", "n", NUMERIC)
    key = (*indexed, 1)
    client.put(key, {"n": 77})
    assert found(predicates.equals("n", 1)) == []
    assert found(predicates.equals("n", 77)) == [1]
    client.put(key, {"n": 1})


def test_the_same_index_again(make):
    assert make("single_value", "n", NUMERIC) == 0
    assert make("single_value", "n", NUMERIC) == 0


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [("single_value", ("s", NUMERIC)), ("single_value", ("n", STRING)), ("list", ("n", NUMERIC))],
)
def test_another_index_of_that_name(make, kind, arguments):
    make("single_value", "n", NUMERIC)
    with pytest.raises(exception.IndexFoundError) as caught:
        make(kind, *arguments)
    assert caught.value.name == "suite_index"


def test_what_is_not_there_is_removed(client, namespace):
    assert client.index_remove(namespace, "suite_nosuch") == 0
    assert client.index_remove("nosuch", "suite_nosuch") == 0


def test_after_its_removal(client, indexed, make, found):
    make("single_value", "n", NUMERIC)
    assert client.index_remove(indexed[0], "suite_index") == 0
    with pytest.raises(exception.IndexNotFound):
        found(predicates.equals("n", 1))


def test_what_the_server_refuses(client, namespace, make):
    with pytest.raises(exception.InvalidRequest):
        make("single_value", "a_name_longer_than_15", NUMERIC)
    with pytest.raises(exception.InvalidRequest):
        make("single_value", "n", NUMERIC, name="x" * 64)
    with pytest.raises(exception.InvalidRequest):
        make("single_value", "d", NUMERIC, ctx=[])
    with pytest.raises(exception.InvalidRequest):
        make("expr", aerospike.INDEX_TYPE_DEFAULT, NUMERIC, expressions.StrBin("s").compile())
    with pytest.raises(exception.NamespaceNotFound) as caught:
        client.index_single_value_create("nosuch", SET, "n", NUMERIC, "suite_index")
    assert caught.value.code == 20
    with pytest.raises(exception.InvalidRequest):
        client.index_remove(namespace, "")


def test_threads_make_the_same_index(make):
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(make("single_value", "n", NUMERIC))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [0] * 8
