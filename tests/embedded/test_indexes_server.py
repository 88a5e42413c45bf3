# SPDX-License-Identifier: Apache-2.0
"""Secondary indexes: how they are made and shown, what they hold, and queries by them, in frames made by hand."""

import base64
import contextlib
import struct
import threading
import uuid

import frames
import pytest
from frames import BLOB, BOOL, DOUBLE, GEOJSON, INTEGER, LIST, MAP, STRING, Operation
from packing import Raw, pack

from aerospike import embedded

OK, PARAMETER, NO_NAMESPACE, NO_INDEX = 0, 4, 20, 201
PARTITIONS = 4096
PIDS, DIGESTS, MAX_RECORDS, KEYS = 11, 12, 13, 15
INDEX_NAME, INDEX_RANGE, INDEX_CONTEXT, INDEX_EXPRESSION, INDEX_SOURCE = 21, 22, 23, 24, 26
PARTITION_DONE, LAST = 1 << 2, 1 << 0  # info3
RESPOND_ALL = 1 << 7  # info2
SOURCES = {"default": 0, "list": 1, "mapkeys": 2, "mapvalues": 3}
NO_SUCH = "ERROR:201:no index"
MAP_KEY, LIST_INDEX, LIST_RANK = 0x22, 0x10, 0x11  # steps of a context


def partition_of(digest):
    return struct.unpack_from("<H", digest)[0] & (PARTITIONS - 1)


def end(value):
    if isinstance(value, int):
        value = struct.pack(">q", value)
    value = value.encode() if isinstance(value, str) else value
    return struct.pack(">I", len(value)) + value


def range_of(name, particle, low, high=None):
    """The field of a range: one, the bin, the type of both ends, the ends."""
    data = name.encode()
    return bytes([1, len(data)]) + data + bytes([particle]) + end(low) + end(low if high is None else high)


def particle_of(value):
    """A value as a bin has it: its type, its bytes."""
    if isinstance(value, bool):
        return BOOL, bytes([value])
    if isinstance(value, int):
        return INTEGER, struct.pack(">q", value)
    if isinstance(value, float):
        return DOUBLE, struct.pack(">d", value)
    if isinstance(value, str):
        return STRING, value.encode()
    if isinstance(value, bytes):
        return BLOB, value
    return (LIST if isinstance(value, list) else MAP), pack(value)


def geo(text):
    """The bytes of a GeoJSON value: flags, a number of cells that are not there, the text."""
    return b"\0\0\0" + text.encode()


def point(longitude, latitude):
    return f'{{"type": "Point", "coordinates": [{longitude}, {latitude}]}}'


def circle(longitude, latitude, meters):
    return f'{{"type": "AeroCircle", "coordinates": [[{longitude}, {latitude}], {meters}]}}'


def equal(name, value):
    particle, data = particle_of(value)
    return range_of(name, particle, data)


def between(name, low, high):
    return range_of(name, INTEGER, low, high)


class Rows(list):
    """What a query gave: (digest, key of the entry, answer), in order; and its code."""

    code = OK

    @property
    def digests(self):
        return [digest for digest, _key, _answer in self]


class Indexed:
    """A set with indexes of its own."""

    def __init__(self, connection, namespace):
        self.connection, self.namespace = connection, namespace
        self.name = "index-" + uuid.uuid4().hex[:12]
        self.made = []

    def info(self, command):
        self.connection.send(frames.frame(frames.INFO, command.encode() + b"\n"))
        return self.connection.receive()[1].decode().partition("\t")[2].rstrip("\n")

    def create(self, name="ix", **arguments):
        """Make an index; ``type`` and ``bin`` are those of most tests where they are not given."""
        if not {"bin", "exp", "indexdata"} & set(arguments) and arguments.get("indextype") != "set":
            arguments["bin"] = "n"
        if "indexdata" not in arguments and arguments.get("indextype") != "set":
            arguments.setdefault("type", "numeric")
        named = {"namespace": self.namespace, "set": self.name, "indexname": f"{self.name}-{name}", **arguments}
        answer = self.info("sindex-create:" + ";".join(f"{k}={v}" for k, v in named.items() if v is not None))
        self.made.append(named["indexname"])
        return answer

    def drop(self, name="ix"):
        return self.info(f"sindex-delete:namespace={self.namespace};indexname={self.name}-{name}")

    def list(self, *more):
        text = self.info(";".join([f"sindex-list:namespace={self.namespace}", *more]))
        lines = [dict(part.split("=", 1) for part in line.split(":")) for line in text.split(";") if line]
        return [line for line in lines if line["indexname"].startswith(self.name)]

    def names(self):
        return [line["indexname"].removeprefix(self.name + "-") for line in self.list()]

    def statistics(self, name="ix"):
        text = self.info(f"sindex-stat:namespace={self.namespace};indexname={self.name}-{name}")
        return {k: int(v) for k, v in (part.split("=") for part in text.split(";"))}

    def fields(self, digest=None):
        fields = {frames.FIELD_NAMESPACE: self.namespace.encode(), frames.FIELD_SET: self.name.encode()}
        return fields if digest is None else {**fields, frames.FIELD_DIGEST: digest}

    def operate(self, digest, *operations, info2=0, ttl=0):
        answer = self.connection.ask(
            0, frames.WRITE | info2, fields=self.fields(digest), operations=list(operations), ttl=ttl
        )
        assert answer.code == OK
        return digest

    def put(self, digest=None, ttl=0, **bins):
        written = [Operation(frames.OP_WRITE, name, *particle_of(value)) for name, value in bins.items()]
        return self.operate(digest or frames.new_digest(), *written, ttl=ttl)

    def remove(self, digest):
        answer = self.connection.ask(0, frames.WRITE | frames.REMOVE, fields=self.fields(digest))
        assert answer.code == OK

    def query(self, range_field, pids=range(PARTITIONS), *, info2=0, operations=None, fields=None, **more):
        asked = {**self.fields(), INDEX_RANGE: range_field, **(fields or {})}
        asked |= {globals()[name.upper()]: value for name, value in more.items()}
        if pids:
            asked[PIDS] = struct.pack(f"<{len(pids)}H", *pids)
        info1 = frames.READ | (0 if operations else frames.GET_ALL)
        asked = {kind: value for kind, value in asked.items() if value is not None}
        self.connection.send(frames.message(info1, info2, PARTITION_DONE, fields=asked, operations=operations))
        rows = Rows()
        while True:
            kind, body = self.connection.receive()
            assert kind == frames.MESSAGE
            for one in frames.messages(body):
                answer = frames.read_answer(one)
                if answer.info3 & LAST:
                    rows.code = answer.code
                    return rows
                fields = frames.fields_of(one)
                rows.append((fields[frames.FIELD_DIGEST], struct.unpack("<q", fields[KEYS])[0], answer))


@pytest.fixture
def indexed(connection, namespace):
    made = Indexed(connection, namespace)
    yield made
    for name in made.made:
        made.info(f"sindex-delete:namespace={namespace};indexname={name}")
    made.info(f"truncate:namespace={namespace};set={made.name}")


def same(rows, digests):
    assert rows.code == OK
    assert sorted(rows.digests) == sorted(digests)


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


def encoded(value):
    return base64.b64encode(pack(value)).decode()


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


INT_K = [81, 2, Raw(b"k")]


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


# ---- queries ----


def test_entries_of_a_partition_come_in_order_and_go_on(indexed):
    indexed.create()
    head = frames.new_digest()[:2]
    digests = {head + frames.new_digest()[2:]: i % 4 for i in range(20)}
    for digest, value in digests.items():
        indexed.put(digest, n=value)
    expected = sorted(digests, key=lambda digest: (digests[digest], digest))
    pid = [partition_of(head)]
    rows = indexed.query(between("n", 0, 9), pid)
    assert rows.digests == expected
    assert [key for _digest, key, _answer in rows] == [digests[digest] for digest in expected]
    for i in range(0, 20, 3):
        digest, key, _answer = rows[i]
        rest = indexed.query(between("n", 0, 9), (), digests=digest, keys=struct.pack("<q", key))
        assert rest.digests == expected[i + 1 :]
    some = indexed.query(between("n", 1, 2), pid, max_records=struct.pack(">Q", 3))
    assert some.digests == [digest for digest in expected if digests[digest] in (1, 2)][:3]


def test_a_list_may_come_again_behind_one_of_its_values(indexed):
    indexed.create(indextype="list")
    digest = indexed.put(n=[1, 2, 3])
    for after, found in ((1, [2]), (2, [3]), (3, []), (-5, [1])):
        rows = indexed.query(between("n", 0, 9), (), index_source=b"\1", digests=digest, keys=struct.pack("<q", after))
        assert [key for _digest, key, _answer in rows] == found


def test_an_index_by_its_name_is_asked_whatever_the_rest_says(indexed):
    indexed.create()
    indexed.create("l", bin="l", indextype="list")
    indexed.create("s", bin="s", type="string")
    digest = indexed.put(n=5, l=[6], s="7")
    name = {INDEX_NAME: f"{indexed.name}-ix".encode()}
    same(indexed.query(equal("other", 5), fields=name), [digest])
    same(indexed.query(equal("other", 5), fields=name, index_source=b"\3"), [digest])
    same(indexed.query(equal("l", 6), fields={INDEX_NAME: f"{indexed.name}-l".encode()}), [digest])
    same(indexed.query(equal("n", "5"), fields=name), [])
    same(indexed.query(between("s", -(2**63), 2**63 - 1), fields={INDEX_NAME: f"{indexed.name}-s".encode()}), [])
    assert indexed.query(equal("n", 5), fields={INDEX_NAME: b"nosuch"}).code == NO_INDEX


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({INDEX_RANGE: equal("m", 5)}, NO_INDEX),
        ({INDEX_RANGE: equal("n", "5")}, NO_INDEX),
        ({INDEX_RANGE: equal("n", b"5")}, NO_INDEX),
        ({INDEX_RANGE: range_of("n", GEOJSON, point(0, 0))}, NO_INDEX),
        ({INDEX_SOURCE: b"\1"}, NO_INDEX),
        ({INDEX_CONTEXT: pack([LIST_INDEX, 0])}, NO_INDEX),
        ({INDEX_EXPRESSION: pack(INT_K)}, NO_INDEX),
        ({frames.FIELD_SET: b"nosuch"}, NO_INDEX),
        ({frames.FIELD_SET: None}, NO_INDEX),
        ({frames.FIELD_NAMESPACE: b"nosuch"}, NO_NAMESPACE),
        ({INDEX_RANGE: between("n", 6, 5)}, PARAMETER),
        ({INDEX_RANGE: range_of("n", DOUBLE, 5)}, PARAMETER),
        ({INDEX_RANGE: range_of("n", INTEGER, b"\5")}, PARAMETER),
        ({INDEX_RANGE: range_of("n", STRING, "a", "b")}, PARAMETER),
        ({INDEX_RANGE: range_of("n" * 16, INTEGER, 5)}, PARAMETER),
        ({INDEX_RANGE: b"\2" + equal("n", 5)[1:]}, PARAMETER),
        ({INDEX_RANGE: equal("n", 5) + b"\0"}, PARAMETER),
        ({INDEX_RANGE: range_of("n", GEOJSON, "{}")}, PARAMETER),
        ({INDEX_SOURCE: b"\0\0"}, PARAMETER),
        ({DIGESTS: bytes(20)}, PARAMETER),  # without its key
        ({DIGESTS: bytes(20), KEYS: bytes(7)}, PARAMETER),
    ],
)
def test_queries_that_fail(indexed, fields, code):
    indexed.create()
    indexed.put(n=5)
    rows = indexed.query(equal("n", 5), fields=fields)
    assert (rows.code, rows) == (code, [])


@pytest.mark.parametrize("size", range(len(equal("n", 5))))
def test_a_range_cut_short(indexed, size):
    indexed.create()
    assert indexed.query(equal("n", 5)[:size]).code == PARAMETER


def test_a_filter_beside_an_index(indexed):
    indexed.create()
    digests = [indexed.put(n=i, m=i % 2) for i in range(6)]
    is_odd = pack([1, [81, 2, Raw(b"m")], 1])
    same(indexed.query(between("n", 1, 3), fields={frames.FIELD_FILTER: is_odd}), [digests[1], digests[3]])
    assert indexed.query(between("n", 1, 3), fields={frames.FIELD_FILTER: pack(5)}).code == PARAMETER


# ---- operations in place of bins ----


def size_of(name):
    return Operation(frames.OP_CDT_READ, name, BLOB, pack([16]))


def test_operations_of_a_query(indexed):
    indexed.create()
    digest = indexed.put(n=5, l=[1, 2])
    rows = indexed.query(equal("n", 5), operations=[size_of("l"), Operation(frames.OP_READ, "n")], info2=RESPOND_ALL)
    ((_digest, _key, answer),) = rows
    assert [(op.name, frames.value_of(op)) for op in answer.operations] == [("l", 2), ("n", 5)]
    rows = indexed.query(equal("n", 5), operations=[size_of("x"), Operation(frames.OP_READ, "y")], info2=RESPOND_ALL)
    ((_digest, _key, answer),) = rows
    assert [(op.name, frames.value_of(op)) for op in answer.operations] == [("x", None), ("y", None)]
    same(rows, [digest])


def test_a_record_where_an_operation_fails_is_left_out(indexed):
    indexed.create()
    kept = indexed.put(n=5, l=[1])
    indexed.put(n=5, l="no list")
    same(
        indexed.query(equal("n", 5), operations=[Operation(frames.OP_READ, "n"), size_of("l")], info2=RESPOND_ALL),
        [kept],
    )


def test_what_is_left_out_counts_among_the_most(indexed):
    """As on a server of version 8.1, of which a page may have less than it was asked for."""
    indexed.create()
    head = frames.new_digest()[:2]
    first, second, third = sorted(head + frames.new_digest()[2:] for _ in range(3))
    for digest, bins in ((first, {}), (second, {"m": 1}), (third, {"m": 1})):
        indexed.put(digest, n=5, **bins)
    two = struct.pack(">Q", 2)
    same(indexed.query(equal("n", 5), operations=[Operation(frames.OP_READ, "m")], max_records=two), [second])


# ---- geometries ----

SQUARE = '{"type": "Polygon", "coordinates": [[[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]]]}'
CROSSED = '{"type": "Polygon", "coordinates": [[[0, 0], [10, 10], [10, 0], [0, 10], [0, 0]]]}'
OPEN = '{"type": "Polygon", "coordinates": [[[0, 0], [5, 0], [5, 5], [0, 5]]]}'


def put_geo(indexed, text):
    return indexed.operate(frames.new_digest(), Operation(frames.OP_WRITE, "n", GEOJSON, geo(text)))


def test_points_and_regions(indexed):
    indexed.create(type="geo2dsphere")
    near, far = put_geo(indexed, point(0.5, 0.5)), put_geo(indexed, point(5, 5))
    region = put_geo(indexed, SQUARE)
    indexed.put(n=SQUARE)
    for asked, found in (
        (SQUARE, [near]),
        (circle(5, 5, 1000), [far]),
        (circle(5, 5, -5), []),
        (point(0, 0), [region]),
        (point(0.5, 0.5), [region]),
        (point(5, 5), []),
        ('{"type": "Polygon", "coordinates": []}', []),
    ):
        same(indexed.query(range_of("n", GEOJSON, asked)), found)


@pytest.mark.parametrize("region", [CROSSED, OPEN, "not json", '{"type": "Nothing"}', ""])
def test_no_regions(indexed, region):
    indexed.create(type="geo2dsphere")
    assert indexed.query(range_of("n", GEOJSON, region)).code == PARAMETER


# ---- many at once ----


def test_threads_that_write_query_and_make_indexes(hosts, namespace, indexed):
    indexed.create()
    stop, failures = threading.Event(), []

    def repeat(work):
        with contextlib.suppress(ConnectionError), frames.Connection(hosts[0]) as connection:
            mine = Indexed(connection, namespace)
            mine.name = indexed.name
            try:
                while not stop.is_set():
                    work(mine)
            except AssertionError as error:
                failures.append(error)

    digests = [frames.new_digest() for _ in range(50)]
    turn = iter(range(10**9))

    def write(mine):
        number = next(turn)
        mine.put(digests[number % 50], n=number % 7)

    def query(mine):
        assert mine.query(between("n", 0, 6)).code in (OK, NO_INDEX)

    def remake(mine):
        mine.create("other", bin="n", indextype="list")
        mine.drop("other")

    threads = [threading.Thread(target=repeat, args=(work,)) for work in (write, query, remake)]
    for thread in threads:
        thread.start()
    while next(turn) < 3000 and not failures:
        pass
    stop.set()
    for thread in threads:
        thread.join()
    assert not failures
    for number, digest in enumerate(digests):
        indexed.put(digest, n=number)
    same(indexed.query(between("n", 0, 99)), digests)
    assert indexed.statistics()["entries"] == 50
