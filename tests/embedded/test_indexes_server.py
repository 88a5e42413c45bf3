# SPDX-License-Identifier: Apache-2.0
"""Secondary indexes: how they are made and shown, and what they hold, in frames made by hand."""

import base64

import frames
import pytest
from frames import INTEGER, LIST, Operation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from indexing import (
    INT_K,
    LIST_INDEX,
    LIST_RANK,
    MAP_KEY,
    NO_INDEX,
    NO_SUCH,
    SOURCES,
    Indexed,
    between,
    encoded,
    equal,
    range_of,
    same,
)
from packing import Raw, pack

from aerospike import embedded

# ---- definitions ----


def test_an_index_comes_and_goes(indexed):
    assert indexed.names() == []
    assert indexed.create() == "ok"
    assert indexed.list() == [
        {
            "ns": indexed.namespace,
            "indexname": f"{indexed.name}-ix",
            "set": indexed.name,
            "bin": "n",
            "type": "numeric",
            "indextype": "default",
            "context": "null",
            "exp": "null",
            "state": "RW",
        }
    ]
    exists = f"sindex-exists:namespace={indexed.namespace};indexname={indexed.name}-ix"
    assert indexed.info(exists) == "true"
    statistics = indexed.statistics()
    assert (statistics["entries"], statistics["load_pct"]) == (0, 100)
    assert indexed.drop() == "ok"
    assert indexed.info(exists) == "false"
    assert indexed.info(f"sindex-stat:ns={indexed.namespace};indexname={indexed.name}-ix") == NO_SUCH
    assert indexed.drop() == "ok"


def test_what_is_made_again(indexed):
    assert indexed.create() == indexed.create() == "ok"
    for other in ({"bin": "m"}, {"type": "string"}, {"indextype": "list"}, {"set": None}, {"indextype": "set"}):
        assert indexed.create(**other) == "ERROR:200:'indexname' already exists with different definition"
    assert indexed.names() == ["ix"]


def test_another_name_for_the_same_index_is_its_name_from_then_on(indexed):
    digest = indexed.put(n=1)
    indexed.create()
    assert indexed.create("other") == "ok"
    assert indexed.names() == ["other"]
    same(indexed.query(between("n", 1, 1)), [digest])
    assert indexed.create("ix", bin="m") == "ok"
    assert indexed.names() == ["other", "ix"]
    indexed.drop("ix")
    same(indexed.query(between("n", 1, 1)), [digest])


@pytest.mark.parametrize("kind", ["numeric", "string", "blob", "geo2dsphere"])
@pytest.mark.parametrize("source", ["default", "list", "mapkeys", "mapvalues"])
def test_types_and_sources_in_any_case(indexed, kind, source):
    answer = indexed.create(type=kind.upper(), indextype=source.upper())
    if (kind, source) == ("geo2dsphere", "mapkeys"):
        assert answer.startswith("ERROR:4:")
        return
    assert answer == "ok"
    (line,) = indexed.list()
    assert (line["type"], line["indextype"]) == (kind, source)


def test_bin_and_type_in_one_as_of_old(indexed):
    assert indexed.create(indexdata="a,string") == "ok"
    (line,) = indexed.list()
    assert (line["bin"], line["type"]) == ("a", "string")


@pytest.mark.parametrize(
    ("steps", "shown"),
    [
        ([MAP_KEY, "k", LIST_INDEX, 0], "[map_key(<string#1>), list_index(0)]"),
        ([LIST_RANK, -1], "[list_rank(-1)]"),
        ([0x13, 3], "[list_value(3)]"),
        ([0x20, 2, 0x21, 3, 0x23, 4], "[map_index(2), map_rank(3), map_value(4)]"),
        ([MAP_KEY, "x" * 900], "[map_key(<string#900>)]"),
    ],
)
def test_contexts_are_shown(indexed, steps, shown):
    assert indexed.create(context=encoded(steps)) == "ok"
    assert indexed.list()[0]["context"] == shown
    assert indexed.list("b64=false")[0]["context"] == shown
    assert indexed.list("b64=true")[0]["context"] == encoded(steps)


@pytest.mark.parametrize(
    "context",
    [[], [LIST_INDEX], [LIST_INDEX, 0, MAP_KEY], [0x50, 0], [0xE2, "a"], [0x30, 0], ["a", 1], 5, [LIST_INDEX, "a"]],
)
def test_contexts_that_lead_nowhere(indexed, context):
    assert indexed.create(context=encoded(context)).startswith("ERROR:4:")
    assert indexed.names() == []


@pytest.mark.parametrize(
    ("tree", "arguments", "shown"),
    [
        ([20, INT_K, 1], {}, 'add(bin_int("k"), 1)'),
        ([123, [3, INT_K, 5], INT_K, [0]], {}, 'cond(gt(bin_int("k"), 5), bin_int("k"), unknown())'),
        ([81, 3, Raw(b"s")], {"type": "string"}, 'bin_str("s")'),
        ([81, 4, Raw(b"l")], {"indextype": "list"}, 'bin_list("l")'),
        ([81, 5, Raw(b"m")], {"indextype": "mapkeys", "type": "string"}, 'bin_map("m")'),
        ([81, 6, Raw(b"b")], {"type": "blob"}, 'bin_blob("b")'),
        ([81, 8, Raw(b"p")], {"type": "geo2dsphere"}, 'bin_geojson("p")'),
        ([64, 5], {}, "digest_modulo(5)"),
    ],
)
def test_expressions_are_shown(indexed, tree, arguments, shown):
    assert indexed.create(exp=encoded(tree), **arguments) == "ok"
    (line,) = indexed.list()
    assert (line["bin"], line["exp"]) == ("null", shown)
    assert indexed.list("b64=true")[0]["exp"] == encoded(tree)


@pytest.mark.parametrize(
    ("tree", "arguments"),
    [
        ([81, 3, Raw(b"s")], {}),  # a string
        ([3, INT_K, 1], {}),  # a truth value
        ([81, 7, Raw(b"f")], {}),  # a float
        ([81, 4, Raw(b"l")], {}),  # a list, of which the source is itself
        (INT_K, {"indextype": "list"}),
        (5, {}),  # of no record
        ([20, 1, 2], {}),
        ([67], {}),  # of time
        ([20, INT_K, [69]], {}),
        ([20], {}),  # malformed
        ([], {}),
        (INT_K, {"context": encoded([LIST_INDEX, 0])}),
        (INT_K, {"bin": "k"}),
    ],
)
def test_expressions_that_are_no_index(indexed, tree, arguments):
    assert indexed.create(exp=encoded(tree), **arguments).startswith("ERROR:4:")
    assert indexed.names() == []


def test_an_index_of_a_set(indexed):
    assert indexed.create(indextype="set") == "ok"
    assert indexed.list() == [
        {
            "ns": indexed.namespace,
            "indexname": f"{indexed.name}-ix",
            "set": indexed.name,
            "indextype": "set",
        }
    ]
    assert (
        indexed.query(b"\1\0" + range_of("", INTEGER, 1)[2:], index_name=f"{indexed.name}-ix".encode()).code == NO_INDEX
    )


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        ({"indexname": None}, "ERROR:4:missing 'indexname'"),
        ({"indexname": ""}, "ERROR:4:missing 'indexname' value"),
        ({"indexname": "x" * 64}, "ERROR:4:'indexname' value too long"),
        ({"namespace": None}, "ERROR:20:missing 'namespace'"),
        ({"set": ""}, "ERROR:4:missing 'set' value"),
        ({"set": "s" * 64}, "ERROR:4:'set' value too long"),
        ({"bin": ""}, "ERROR:4:missing 'bin' value"),
        ({"bin": "b" * 16}, "ERROR:4:'bin' value too long"),
        ({"type": None}, "ERROR:4:both 'indexdata' and 'type' are missing"),
        ({"type": "x"}, "ERROR:4:bad 'type' - must be one of 'numeric', 'string', 'blob', 'geo2dsphere'"),
        (
            {"indextype": "x"},
            "ERROR:4:bad 'indextype' - must be one of 'default', 'list', 'mapkeys', 'mapvalues'",
        ),
        ({"context": "!!"}, "ERROR:4:'context' invalid base64"),
        ({"exp": "AAAA", "bin": "b"}, "ERROR:4:both 'bin' and 'exp' are specified"),
        ({"exp": "AAAA"}, "ERROR:4:bad 'exp'"),
        ({"exp": "!"}, "ERROR:4:'exp' invalid base64"),
        ({"indexdata": "a"}, "ERROR:4:bad 'type' - must be one of 'numeric', 'string', 'blob', 'geo2dsphere'"),
        ({"namespace": "nosuch"}, "ok"),
    ],
)
def test_definitions_that_are_refused(indexed, arguments, answer):
    assert indexed.create(**arguments) == answer
    assert indexed.names() == []


def test_how_many_there_may_be(namespace):
    with embedded.Server(namespaces=[namespace]) as server, frames.Connection(server.hosts[0]) as connection:
        indexed = Indexed(connection, namespace)
        assert all(indexed.create(str(i), bin=f"b{i}") == "ok" for i in range(256))
        assert indexed.create("more", bin="more").startswith("ERROR:205:")
        indexed.drop("17")
        assert indexed.create("more", bin="more") == "ok"


# ---- what they hold ----


def test_values_of_every_type(indexed):
    for kind, name in (("numeric", "ix"), ("string", "s"), ("blob", "b"), ("geo2dsphere", "g")):
        indexed.create(name, type=kind)
    values = [1, -1, 0, 2**63 - 1, -(2**63), "1", "", "é", "a" * 5000, b"1", b"", b"\0\xff", b"x" * 100_000]
    digests = [indexed.put(n=value) for value in values]
    others = [1.0, True, [1], {1: 1}, ["1"]]
    for value in others:
        indexed.put(n=value)
    for value, digest in zip(values, digests, strict=True):
        same(indexed.query(equal("n", value)), [digest])
    same(indexed.query(between("n", -(2**63), 2**63 - 1)), digests[:5])
    assert [indexed.statistics(name)["entries"] for name in ("ix", "s", "b", "g")] == [5, 4, 4, 0]


def test_elements_of_lists_and_maps(indexed):
    lists = indexed.put(n=[1, "1", b"1", 1, 1.0, None, True, [2], {2: 2}])
    maps = indexed.put(n={1: "a", "1": 1, b"1": [1], "b": 2})
    indexed.put(n=1)
    found = {
        ("list", "numeric", 1): [lists],
        ("list", "numeric", 2): [],
        ("list", "string", "1"): [lists],
        ("list", "blob", b"1"): [lists],
        ("mapkeys", "numeric", 1): [maps],
        ("mapkeys", "string", "b"): [maps],
        ("mapkeys", "blob", b"1"): [maps],
        ("mapvalues", "numeric", 2): [maps],
        ("mapvalues", "string", "a"): [maps],
        ("mapvalues", "string", "b"): [],
    }
    for number, (source, kind, _value) in enumerate(found):
        indexed.create(str(number), type=kind, indextype=source)
    for (source, _kind, value), digests in found.items():
        same(indexed.query(equal("n", value), index_source=bytes([SOURCES[source]])), digests)


def test_a_record_with_many_values_in_a_range_comes_once(indexed):
    indexed.create(indextype="list")
    digest = indexed.put(n=[5, 3, 4, 3])
    for low, high in ((3, 5), (4, 9), (0, 3)):
        rows = indexed.query(between("n", low, high), index_source=b"\1")
        same(rows, [digest])
        assert rows[0][1] == max(low, 3)
    assert indexed.statistics()["entries"] == 3


def test_what_a_context_leads_to(indexed):
    indexed.create(context=encoded([MAP_KEY, "a", LIST_INDEX, -1]))
    indexed.create("list", context=encoded([MAP_KEY, "a"]), indextype="list")
    digest = indexed.put(n={"a": [1, 2, 3]})
    for value in ({"a": 3}, {"b": [3]}, {"a": []}, {"a": {0: 3}}, [3], 3, {}):
        indexed.put(n=value)
    for steps, source, value in (([MAP_KEY, "a", LIST_INDEX, -1], b"\0", 3), ([MAP_KEY, "a"], b"\1", 2)):
        same(indexed.query(equal("n", value), index_context=pack(steps), index_source=source), [digest])
    assert indexed.query(equal("n", 3)).code == NO_INDEX


def test_what_an_expression_gives(indexed):
    tree = pack([20, [81, 2, Raw(b"n")], 1])
    indexed.create(exp=base64.b64encode(tree).decode())
    digest = indexed.put(n=1)
    for value in ("1", 1.0, 2**63 - 1):
        indexed.put(n=value)
    indexed.put(m=1)
    same(indexed.query(equal("", 2), index_expression=tree), [digest])
    assert indexed.statistics()["entries"] in (1, 2)
    assert indexed.query(equal("", 2), index_expression=pack([20, [81, 2, Raw(b"n")], 2])).code == NO_INDEX
    assert indexed.query(equal("n", 2)).code == NO_INDEX


def test_the_sets_of_an_index(indexed, connection, namespace):
    indexed.create()
    other = Indexed(connection, namespace)
    everywhere = indexed.create("all", set=None)
    assert everywhere == "ok"
    mine, others = indexed.put(n=77), other.put(n=77)
    same(indexed.query(equal("n", 77)), [mine])
    assert other.query(equal("n", 77)).code == NO_INDEX
    rows = indexed.query(equal("n", 77), fields={frames.FIELD_SET: None})
    assert {mine, others} <= set(rows.digests)
    other.remove(others)
    assert others not in indexed.query(equal("n", 77), fields={frames.FIELD_SET: None}).digests


@pytest.mark.parametrize("before", [True, False], ids=["what was there", "what comes"])
def test_every_change(indexed, before):
    """Writes, operations, removals: the index follows them, and holds what was there when it was made."""
    if not before:
        indexed.create(indextype="list")
    first, second, third = (indexed.put(n=[i]) for i in range(3))
    indexed.put(first, n=[1, 7])
    append = pack([1, 7])  # list append
    indexed.operate(second, Operation(frames.OP_CDT_MODIFY, "n", LIST, append))
    indexed.put(third, m=7)
    fourth = indexed.put(n=[7])
    indexed.remove(fourth)
    fifth = indexed.put(n=[7])
    indexed.put(fifth, n="no list any more")
    if before:
        indexed.create(indextype="list")
    same(indexed.query(equal("n", 7), index_source=b"\1"), [first, second])
    same(indexed.query(equal("n", 0), index_source=b"\1"), [])
    same(indexed.query(between("n", 0, 9), index_source=b"\1"), [first, second, third])
    indexed.operate(third, Operation(frames.OP_WRITE, "n"))
    same(indexed.query(between("n", 0, 9), index_source=b"\1"), [first, second])
    assert indexed.statistics()["entries"] == 4


def test_truncation_empties(indexed):
    indexed.create()
    for i in range(20):
        indexed.put(n=i)
    assert indexed.statistics()["entries"] == 20
    indexed.info(f"truncate:namespace={indexed.namespace};set={indexed.name}")
    assert indexed.statistics()["entries"] == 0
    same(indexed.query(between("n", 0, 99)), [])


def test_expiry_and_clearing(namespace):
    with embedded.Server(namespaces=[namespace]) as server, frames.Connection(server.hosts[0]) as connection:
        indexed = Indexed(connection, namespace)
        indexed.create()
        indexed.put(n=1, ttl=1)
        kept = indexed.put(n=1)
        while indexed.statistics()["entries"] == 2:
            pass
        same(indexed.query(equal("n", 1)), [kept])
        server.clear()
        assert indexed.statistics()["entries"] == 0
        same(indexed.query(equal("n", 1)), [])
        again = indexed.put(n=1)
        same(indexed.query(equal("n", 1)), [again])


# ---- whatever happens ----

SCALARS = st.one_of(
    st.integers(-3, 3),
    st.sampled_from([2**63 - 1, -(2**63), "", "a", "3", b"", b"a", b"3", 3.0, True, None]),
)
KEYS_OF_MAPS = SCALARS.filter(lambda value: type(value) in (int, str, bytes))
VALUES = st.one_of(SCALARS, st.lists(SCALARS, max_size=4), st.dictionaries(KEYS_OF_MAPS, SCALARS, max_size=3))
CHANGES = st.one_of(
    st.tuples(st.just("put"), st.integers(0, 5), VALUES.filter(lambda value: value is not None)),
    st.tuples(st.just("remove"), st.integers(0, 5), st.none()),
    st.tuples(st.just("append"), st.integers(0, 5), SCALARS),
)
TYPES = {"numeric": int, "string": str, "blob": bytes}


def held(value, source, kind):
    """The values of a bin that an index of this source and type has."""
    if source == "default":
        found = [value]
    elif source == "list":
        found = value if isinstance(value, list) else []
    else:
        entries = value if isinstance(value, dict) else {}
        found = entries.keys() if source == "mapkeys" else entries.values()
    return {one for one in found if type(one) is TYPES[kind]}


class Model:
    """Records as they are, without an index."""

    def __init__(self, indexed):
        self.indexed, self.digests, self.bins = indexed, [frames.new_digest() for _ in range(6)], {}

    def change(self, how, place, value):
        digest = self.digests[place]
        if how == "put":
            self.indexed.put(digest, n=value)
            self.bins[digest] = value
        elif how == "remove" and digest in self.bins:
            self.indexed.remove(digest)
            del self.bins[digest]
        elif how == "append" and isinstance(self.bins.get(digest), list):
            self.indexed.operate(digest, Operation(frames.OP_CDT_MODIFY, "n", LIST, pack([1, value])))
            self.bins[digest] = [*self.bins[digest], value]

    def check(self, source, kind, values):
        low, high = (min(values), max(values)) if kind == "numeric" else (values[0], values[0])
        found = [
            digest
            for digest, value in self.bins.items()
            if any(low <= one <= high for one in held(value, source, kind))
        ]
        asked = between("n", low, high) if kind == "numeric" else equal("n", values[0])
        same(self.indexed.query(asked, index_source=bytes([SOURCES[source]])), found)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.lists(CHANGES, max_size=8),
    after=st.lists(CHANGES, max_size=12),
    source=st.sampled_from(list(SOURCES)),
    kind=st.sampled_from(list(TYPES)),
    data=st.data(),
)
def test_an_index_is_what_looking_at_every_record_gives(indexed, before, after, source, kind, data):
    model = Model(indexed)
    for change in before:
        model.change(*change)
    assert indexed.create(type=kind, indextype=source) == "ok"
    try:
        for change in after:
            model.change(*change)
            values = SCALARS.filter(lambda value: type(value) is TYPES[kind])
            model.check(source, kind, data.draw(st.tuples(values, values)))
        entries = sum(len(held(value, source, kind)) for value in model.bins.values())
        assert indexed.statistics()["entries"] == entries
    finally:
        indexed.drop()
        for digest in model.bins:
            indexed.remove(digest)


# ---- definitions that no client sends ----

ODD = ["", ";", "=", "=;=", "ns=test", "ns=test;set=", "bin=", "bin=a", "context=AAAA", "exp=AAAA", "context=%", "exp="]
ODD += [
    "type=numeric",
    "type=",
    "type=x",
    "indextype=x",
    "indextype=list;type=string",
    "indexname=",
    "indexname=a\x01b",
]
ODD += ["indexdata=a,numeric", "indexdata=a", "indexdata=,", "indexdata=a,b,c,d", "bin=" + "b" * 16, "set=" + "s" * 64]
ODD += ["ns=" + "n" * 32, "indexname=" + "i" * 64, "context=" + "A" * 9000, "exp=" + "kw" * 4000, "ns=test;ns=bar"]


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    parts=st.lists(st.sampled_from(ODD), max_size=8), command=st.sampled_from(["create", "delete", "stat", "exists"])
)
def test_odd_definitions_are_answered(odd, parts, command):
    text = f"sindex-{command}:{';'.join(parts)}"
    odd.send(frames.frame(frames.INFO, f"{text}\nstatus\n".encode()))
    kind, answer = odd.receive()
    assert kind == frames.INFO
    assert answer.decode().endswith("status\tok\n")


@pytest.fixture(scope="module")
def odd():
    with embedded.Server() as server, frames.Connection(("127.0.0.1", server.port)) as connection:
        yield connection
