# SPDX-License-Identifier: Apache-2.0
"""What where() and its like send, read back from the frame, and what they refuse."""

import copy
import gc
import struct

import pytest
from test_wire import relay, sent  # noqa: F401

import aerospike
from aerospike import exception, predicates
from aerospike_helpers import cdt_ctx
from aerospike_helpers.expressions import base

INDEX_NAME, INDEX_RANGE, INDEX_TYPE, INDEX_CONTEXT, INDEX_EXPRESSION = 21, 22, 26, 23, 24
INTEGER, STRING, BLOB, GEOJSON = 1, 3, 4, 23  # of values on the wire
LIST = aerospike.INDEX_TYPE_LIST
POINT = '{"type": "Point", "coordinates": [1.5, 2]}'
EXPRESSION = base.Eq(base.IntBin("a"), 1).compile()


def range_of(bin, particle, least, most=None):
    """The field of a range on the wire: how many, the bin, the type of both ends, the ends."""

    def end(value):
        data = struct.pack(">q", value) if isinstance(value, int) else value
        return struct.pack(">I", len(data)) + data

    name = bin.encode()
    return bytes([1, len(name)]) + name + bytes([particle]) + end(least) + end(least if most is None else most)


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        (predicates.equals("a", 5), range_of("a", INTEGER, 5)),
        (predicates.equals("a", -(2**63)), range_of("a", INTEGER, -(2**63))),
        (predicates.equals("a", "é"), range_of("a", STRING, "é".encode())),
        (predicates.equals("a", ""), range_of("a", STRING, b"")),
        (predicates.equals("a", b"x\0y"), range_of("a", BLOB, b"x\0y")),
        (predicates.equals("a", bytearray(b"x")), range_of("a", BLOB, b"x")),
        (predicates.between("fifteen_letters", 1, 2**63 - 1), range_of("fifteen_letters", INTEGER, 1, 2**63 - 1)),
        (predicates.between("a", 5, 1), range_of("a", INTEGER, 5, 1)),
        (predicates.geo_contains_geojson_point("a", POINT), range_of("a", GEOJSON, POINT.encode())),
        ((0, aerospike.INDEX_NUMERIC, "a", 5), range_of("a", INTEGER, 5)),
        ((0, 1, "a", 5), range_of("a", INTEGER, 5)),
        ((0, aerospike.INDEX_NUMERIC, "a", True, None, None), range_of("a", INTEGER, 1)),
    ],
)
def test_a_predicate_reaches_the_wire(sent, predicate, expected):  # noqa: F811
    request = sent(lambda client: client.query("test", "wire").where(predicate).results())
    assert request.fields[INDEX_RANGE] == expected
    assert {INDEX_TYPE, INDEX_CONTEXT, INDEX_NAME, INDEX_EXPRESSION}.isdisjoint(request.fields)


@pytest.mark.parametrize(
    "predicate",
    [
        predicates.contains("a", LIST, 5),
        predicates.contains("a", aerospike.INDEX_TYPE_MAPKEYS, "x"),
        predicates.range("a", aerospike.INDEX_TYPE_MAPVALUES, 1, 5),
        predicates.geo_within_radius("a", 1, 2, 3, LIST),
    ],
)
def test_where_the_value_is_reaches_the_wire(sent, predicate):  # noqa: F811
    request = sent(lambda client: client.query("test", "wire").where(predicate).results())
    assert request.fields[INDEX_TYPE] == bytes([predicate[5]])


def test_a_context_reaches_the_wire(sent):  # noqa: F811
    ctx = [cdt_ctx.cdt_ctx_map_key("k"), cdt_ctx.cdt_ctx_list_index(1)]
    request = sent(lambda client: client.query("test", "wire").where(predicates.equals("a", 5), ctx).results())
    assert request.fields[INDEX_CONTEXT] == bytes.fromhex("94 22 a2036b 10 01")
    assert request.fields[INDEX_RANGE] == range_of("a", INTEGER, 5)
    request = sent(lambda client: client.query("test", "wire").where(predicates.equals("a", 5), []).results())
    assert INDEX_CONTEXT not in request.fields


def test_an_index_is_named(sent):  # noqa: F811
    predicate = predicates.contains("a", LIST, 5)
    request = sent(lambda client: client.query("test", "wire").where_with_index_name("i" * 63, predicate).results())
    assert request.fields[INDEX_NAME] == b"i" * 63
    assert request.fields[INDEX_RANGE] == range_of("", INTEGER, 5)
    assert request.fields[INDEX_TYPE] == bytes([LIST])


def test_an_index_is_named_by_its_expression(sent):  # noqa: F811
    predicate = predicates.between(None, 1, 5)
    request = sent(lambda client: client.query("test", "wire").where_with_expr(EXPRESSION, predicate).results())
    assert request.fields[INDEX_EXPRESSION] == bytes.fromhex("93 01 93 51 02 a161 01")
    assert request.fields[INDEX_RANGE] == range_of("", INTEGER, 1, 5)


def test_what_was_given_may_be_changed(sent):  # noqa: F811
    ctx, value = [cdt_ctx.cdt_ctx_list_index(1)], bytearray(b"before")

    def run(client):
        query = client.query("test", "wire").where(predicates.equals("a", value), ctx)
        ctx.clear()
        value[:] = b"behind"
        again = copy.copy(query)
        del query
        gc.collect()
        again.results()

    request = sent(run)
    assert request.fields[INDEX_RANGE] == range_of("a", BLOB, b"before")
    assert request.fields[INDEX_CONTEXT] == bytes.fromhex("92 10 01")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([0, 4, "a", 5],), "predicate must be a tuple that a function of aerospike.predicates returns, not list"),
        ((None,), "predicate must be a tuple"),
        (((),), "predicate must have 4 to 6 elements, not 0"),
        (((0, 4, "a"),), "predicate must have 4 to 6 elements, not 3"),
        (((0, 4, "a", 5, None, 0, 0),), "predicate must have 4 to 6 elements, not 7"),
        ((("0", 4, "a", 5),), r"predicate\[0\] must be"),
        (((2, 4, "a", 5),), r"predicate\[0\] must be"),
        (((0, 5, "a", 5),), r"predicate\[1\] must be"),
        (((0, -1, "a", 5),), r"predicate\[1\] must be"),
        (((0, 4, 5, 5),), r"predicate\[2\] must be a str or None, not int"),
        (((0, 4, None, 5),), r"predicate\[2\] must be a bin: None is for an index that is named otherwise"),
        (((0, 4, "a\0b", 5),), "NUL"),
        (((0, 4, "a", "5"),), r"predicate\[3\] must be an int, not str"),
        (((0, 4, "a", 2**63),), r"predicate\[3\]"),
        (((0, 0, "a", 5),), r"predicate\[3\] must be a str, not int"),
        (((0, 0, "a", b"5"),), r"predicate\[3\] must be a str, not bytes"),
        (((0, 0, "a", "x\0y"),), r"predicate\[3\] must be without NUL"),
        (((0, 0, "a", "x" * (2**20 + 1)),), r"predicate\[3\] must have at most 1048576 bytes"),
        (((0, 3, "a", "x"),), r"predicate\[3\] must be bytes or a bytearray, not str"),
        (((0, 3, "a", memoryview(b"x")),), r"predicate\[3\] must be bytes or a bytearray, not memoryview"),
        (((0, 3, "a", bytes(2**20 + 1)),), r"predicate\[3\] must have at most 1048576 bytes"),
        (((0, 2, "a", POINT),), r"predicate\[0\] must be 1 where"),
        (((1, 0, "a", "x"),), r"predicate\[0\] must be 0 where"),
        (((1, 3, "a", b"x", b"y"),), r"predicate\[0\] must be 0 where"),
        (((1, 4, "a", 1),), r"predicate\[4\] must be an int, not NoneType"),
        (((1, 4, "a", 1, 2.5),), r"predicate\[4\] must be an int, not float"),
        (((1, 2, "a", aerospike.GeoJSON(POINT)),), r"predicate\[3\] must be a str, not GeoJSON"),
        (((0, 4, "a", 5, None, 4),), r"predicate\[5\]"),
        (((0, 4, "a", 5, None, "list"),), r"predicate\[5\] must be an int, not str"),
        ((predicates.equals("a", 5), (cdt_ctx.cdt_ctx_list_index(1),)), "ctx must be a list of .*, not tuple"),
        ((predicates.equals("a", 5), [5]), r"ctx\[0\]"),
    ],
)
def test_misuse_of_where_names_the_argument(client, arguments, message):
    query = client.query("test", "demo")
    with pytest.raises(exception.ParamError, match=message) as raised:
        query.where(*arguments)
    assert raised.value.code == -2
    assert "where" not in repr(query)


def test_a_bin_that_is_too_long(client):
    with pytest.raises(exception.BinNameError):
        client.query("test", "demo").where(predicates.equals("sixteen__letters", 5))


def test_a_lone_surrogate(client):
    with pytest.raises(exception.ClientError, match=r"predicate\[3\]"):
        client.query("test", "demo").where(predicates.equals("a", "\ud800"))


@pytest.mark.parametrize(
    ("name", "message"),
    [(None, "index_name must be a str"), (5, "index_name"), ("", "1 to 63 bytes"), ("i" * 64, "1 to 63 bytes")],
)
def test_misuse_of_the_name_of_an_index(client, name, message):
    with pytest.raises(exception.ParamError, match=message):
        client.query("test", "demo").where_with_index_name(name, predicates.equals("a", 5))


@pytest.mark.parametrize("expr", [None, 5, [], base.Eq(base.IntBin("a"), 1)])
def test_misuse_of_the_expression_of_an_index(client, expr):
    with pytest.raises(exception.ParamError, match="expr"):
        client.query("test", "demo").where_with_expr(expr, predicates.equals("a", 5))


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("where", (predicates.equals("b", 6),)),
        ("where_with_expr", (EXPRESSION, predicates.equals("b", 6))),
        ("where_with_index_name", ("i", predicates.equals("b", 6))),
    ],
)
def test_a_query_has_one_predicate(client, method, arguments):
    query = client.query("test", "demo").where(predicates.equals("a", 5))
    before = repr(query)
    with pytest.raises(exception.ParamError, match="called before"):
        getattr(query, method)(*arguments)
    assert repr(query) == before


def test_a_query_shows_its_predicate(client):
    def shown(method, *arguments):
        return repr(getattr(client.query("test", "demo"), method)(*arguments))

    assert "where=(1, 4, 'age', 18, 30) of" in shown("where", predicates.between("age", 18, 30))
    assert "where=(0, 4, 'a', 5) ctx=[" in shown("where", predicates.equals("a", 5), [cdt_ctx.cdt_ctx_list_index(1)])
    assert "index_name='i' of" in shown("where_with_index_name", "i", predicates.equals("a", 5))
    assert "IntBin" in shown("where_with_expr", EXPRESSION, predicates.equals(None, 5))
    assert len(shown("where", predicates.equals("a", "x" * 10000))) < 1000


def test_where_is_refused_by_a_closed_client(hosts):
    client = aerospike.client({"hosts": hosts})
    query = client.query("test", "demo")
    client.close()
    with pytest.raises(exception.ClusterError):
        query.where(predicates.equals("a", 5))
