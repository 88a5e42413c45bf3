# SPDX-License-Identifier: Apache-2.0
"""Queries by secondary indexes, in frames made by hand."""

import contextlib
import json
import struct
import threading

import frames
import pytest
from frames import BLOB, DOUBLE, GEOJSON, INTEGER, STRING, Operation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from indexing import (
    DIGESTS,
    INDEX_CONTEXT,
    INDEX_EXPRESSION,
    INDEX_NAME,
    INDEX_RANGE,
    INDEX_SOURCE,
    INT_K,
    KEYS,
    LIST_INDEX,
    NO_INDEX,
    NO_NAMESPACE,
    OK,
    PARAMETER,
    PARTITION_DONE,
    PIDS,
    RECORDS_PER_SECOND,
    RESPOND_ALL,
    Indexed,
    between,
    circle,
    equal,
    geo,
    partition_of,
    point,
    range_of,
    same,
)
from packing import Geo, Raw, pack

from aerospike import embedded

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


LONGITUDES = st.sampled_from([-180, 180, 0, 90]) | st.floats(-180, 180)
LATITUDES = st.sampled_from([-90, 90, 0, 89.999]) | st.floats(-90, 90)
POINTS = st.builds(point, LONGITUDES, LATITUDES)
CIRCLES = st.builds(circle, LONGITUDES, LATITUDES, st.sampled_from([1, 1e5, 1e6, 1e7, 3e7]) | st.floats(-1, 2e7))


@st.composite
def polygons(draw):
    west, south = draw(st.floats(-180, 100)), draw(st.floats(-90, 60))
    east, north = west + draw(st.floats(0.001, 79)), south + draw(st.floats(0.001, 29))
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(POINTS | CIRCLES, min_size=4, max_size=8), asked=CIRCLES | polygons() | POINTS)
def test_geometries_that_an_index_leads_to_are_those_that_fit(indexed, values, asked):
    indexed.create(type="geo2dsphere")
    digests = [put_geo(indexed, value) for value in values]
    rows = indexed.query(range_of("n", GEOJSON, asked))
    if rows.code == OK:
        same(rows, indexed.scan([8, [81, 8, Raw(b"n")], Geo(asked)]).digests)
    for digest in digests:
        indexed.remove(digest)
    assert indexed.statistics()["entries"] == 0


@pytest.mark.parametrize("region", [CROSSED, OPEN, "not json", '{"type": "Nothing"}', ""])
def test_no_regions(indexed, region):
    indexed.create(type="geo2dsphere")
    assert indexed.query(range_of("n", GEOJSON, region)).code == PARAMETER


# ---- many at once ----


def test_a_query_whose_index_goes(indexed):
    """It ends with an error, so that what came is not taken for all there is."""
    indexed.create()
    for _ in range(40):
        indexed.put(n=5, s="x" * 20_000)
    fields = {**indexed.fields(), INDEX_RANGE: equal("n", 5), PIDS: struct.pack("<4096H", *range(4096))}
    slowly = {RECORDS_PER_SECOND: struct.pack(">I", 20)}
    indexed.connection.send(frames.message(frames.READ, 0, PARTITION_DONE, fields={**fields, **slowly}))
    kind, _body = indexed.connection.receive()
    assert kind == frames.MESSAGE
    with frames.Connection(indexed.connection.address) as other:
        Indexed(other, indexed.namespace).info(
            f"sindex-delete:namespace={indexed.namespace};indexname={indexed.name}-ix"
        )
    assert indexed.connection.answers()[-1].code == NO_INDEX


def test_a_colon_in_a_name(namespace):
    """Such an index is listed, and stays, as on a server of version 8.1."""
    with embedded.Server(namespaces=[namespace]) as server, frames.Connection(server.hosts[0]) as connection:
        indexed = Indexed(connection, namespace)
        assert indexed.create("a:b") == "ok"
        digest = indexed.put(n=1)
        assert indexed.drop("a:b") == "ok"
        same(indexed.query(equal("n", 1)), [digest])
        assert indexed.create("plain") == "ok"
        assert indexed.drop("plain") == "ok"
        assert indexed.query(equal("n", 1)).code == NO_INDEX


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
