# SPDX-License-Identifier: Apache-2.0
"""Map operations: each for its result and at its edges."""

import pytest

import aerospike
from aerospike import exception
from aerospike_helpers import cdt_ctx
from aerospike_helpers.operations import map_operations as maps

KEY, VALUE, INDEX, RANK, COUNT, PAIRS, NONE = (
    aerospike.MAP_RETURN_KEY,
    aerospike.MAP_RETURN_VALUE,
    aerospike.MAP_RETURN_INDEX,
    aerospike.MAP_RETURN_RANK,
    aerospike.MAP_RETURN_COUNT,
    aerospike.MAP_RETURN_KEY_VALUE,
    aerospike.MAP_RETURN_NONE,
)
KEY_ORDERED = {"map_order": aerospike.MAP_KEY_ORDERED}
CREATE = {"map_write_flags": aerospike.MAP_WRITE_FLAGS_CREATE_ONLY}
UPDATE = {"map_write_flags": aerospike.MAP_WRITE_FLAGS_UPDATE_ONLY}
CREATE_NO_FAIL = {"map_write_flags": aerospike.MAP_WRITE_FLAGS_CREATE_ONLY | aerospike.MAP_WRITE_FLAGS_NO_FAIL}
CREATE_PARTIAL = {
    "map_write_flags": aerospike.MAP_WRITE_FLAGS_CREATE_ONLY
    | aerospike.MAP_WRITE_FLAGS_NO_FAIL
    | aerospike.MAP_WRITE_FLAGS_PARTIAL
}

# before, operation, result, after
WRITES = [
    ({"a": 1}, maps.map_put("b", "c", [2]), 2, {"a": 1, "c": [2]}),
    (None, maps.map_put("b", 5, None), 1, {5: None}),
    ({}, maps.map_put("b", b"\0", "x"), 1, {b"\0": "x"}),
    ({}, maps.map_put("b", "k\0", "x"), 1, {"k\0": "x"}),
    ({"a": 1}, maps.map_put("b", "a", 2, UPDATE), 1, {"a": 2}),
    ({"a": 1}, maps.map_put("b", "a", 2, CREATE_NO_FAIL), 1, {"a": 1}),
    ({"a": 1}, maps.map_put_items("b", {"b": 2, "c": {"d": []}}), 3, {"a": 1, "b": 2, "c": {"d": []}}),
    ({"a": 1}, maps.map_put_items("b", {"a": 2, "b": 2}, CREATE_PARTIAL), 2, {"a": 1, "b": 2}),
    ({"a": 1}, maps.map_put_items("b", {}), 1, {"a": 1}),
    ({"a": 1}, maps.map_increment("b", "a", 5), 6, {"a": 6}),
    ({}, maps.map_increment("b", "x", 1.5), 1.5, {"x": 1.5}),
    ({"a": 1}, maps.map_decrement("b", "a", 5), -4, {"a": -4}),
    ({"a": 1, "b": 2}, maps.map_clear("b"), None, {}),
    (None, maps.map_create("b", aerospike.MAP_UNORDERED, False), None, {}),
]

M = {"a": 5, "b": 2, "c": 9, "d": 4}
READS = [
    (maps.map_size("b"), 4),
    (maps.map_get_by_key("b", "b", VALUE), 2),
    (maps.map_get_by_key("b", "z", VALUE), None),
    (maps.map_get_by_key("b", "b", RANK), 0),
    (maps.map_get_by_key("b", "z", aerospike.MAP_RETURN_EXISTS), False),
    (maps.map_get_by_key_list("b", ["a", "z", "d"], VALUE), [5, 4]),
    (maps.map_get_by_key_list("b", ["a", "z", "d"], COUNT, inverted=True), 2),
    (maps.map_get_by_key_list("b", [], VALUE), []),
    (maps.map_get_by_key_range("b", "b", "d", KEY), ["b", "c"]),
    (maps.map_get_by_key_range("b", None, "b", KEY), ["a"]),
    (maps.map_get_by_key_range("b", "c", aerospike.CDTInfinite(), KEY), ["c", "d"]),
    (maps.map_get_by_key_range("b", "b", "d", KEY, inverted=True), ["a", "d"]),
    (maps.map_get_by_key_index_range_relative("b", "b", 0, KEY), ["b", "c", "d"]),
    (maps.map_get_by_key_index_range_relative("b", "b", 1, KEY, 1), ["c"]),
    (maps.map_get_by_key_index_range_relative("b", "bb", -1, KEY, 2), ["b", "c"]),
    (maps.map_get_by_value("b", 9, KEY), ["c"]),
    (maps.map_get_by_value("b", 9, COUNT, inverted=True), 3),
    (maps.map_get_by_value("b", 7, KEY), []),
    (maps.map_get_by_value_list("b", [5, 4, 3], COUNT), 2),
    (maps.map_get_by_value_range("b", 4, 9, COUNT), 2),
    (maps.map_get_by_value_range("b", None, 4, KEY), ["b"]),
    (maps.map_get_by_value_rank_range_relative("b", 5, 1, VALUE), [9]),
    (maps.map_get_by_value_rank_range_relative("b", 5, 0, VALUE, 1), [5]),
    (maps.map_get_by_index("b", 0, KEY), "a"),
    (maps.map_get_by_index("b", -1, PAIRS), ["d", 4]),
    (maps.map_get_by_index_range("b", 1, 2, VALUE), [2, 9]),
    (maps.map_get_by_index_range("b", 1, 2, KEY, inverted=True), ["a", "d"]),
    (maps.map_get_by_index_range("b", 9, 2, VALUE), []),
    (maps.map_get_by_rank("b", 0, PAIRS), ["b", 2]),
    (maps.map_get_by_rank("b", -1, VALUE), 9),
    (maps.map_get_by_rank("b", -1, INDEX), 2),
    (maps.map_get_by_rank_range("b", -2, 2, COUNT), 2),
    (maps.map_get_by_key_range("b", "a", "c", aerospike.MAP_RETURN_UNORDERED_MAP), {"a": 5, "b": 2}),
    (maps.map_get_by_key_range("b", "a", "c", aerospike.MAP_RETURN_ORDERED_MAP), {"a": 5, "b": 2}),
]

REMOVALS = [
    (maps.map_remove_by_key("b", "a", VALUE), 5, "bcd"),
    (maps.map_remove_by_key("b", "z", COUNT), 0, "abcd"),
    (maps.map_remove_by_key_list("b", ["a", "z"], KEY), ["a"], "bcd"),
    (maps.map_remove_by_key_list("b", ["a", "z"], COUNT, inverted=True), 3, "a"),
    (maps.map_remove_by_key_range("b", "b", "d", COUNT), 2, "ad"),
    (maps.map_remove_by_key_index_range_relative("b", "c", 0, KEY), ["c", "d"], "ab"),
    (maps.map_remove_by_key_index_range_relative("b", "c", 0, KEY, 1), ["c"], "abd"),
    (maps.map_remove_by_value("b", 2, KEY), ["b"], "acd"),
    (maps.map_remove_by_value_list("b", [2, 5], COUNT), 2, "cd"),
    (maps.map_remove_by_value_range("b", 5, None, COUNT), 0, "abcd"),
    (maps.map_remove_by_value_range("b", 5, aerospike.CDTInfinite(), COUNT), 2, "bd"),
    (maps.map_remove_by_value_rank_range_relative("b", 5, 0, COUNT), 2, "bd"),
    (maps.map_remove_by_value_rank_range_relative("b", 5, 0, VALUE, 1), [5], "bcd"),
    (maps.map_remove_by_index("b", 0, KEY), "a", "bcd"),
    (maps.map_remove_by_index_range("b", 1, 2, KEY), ["b", "c"], "ad"),
    (maps.map_remove_by_rank("b", 0, KEY), "b", "acd"),
    (maps.map_remove_by_rank_range("b", -2, 2, NONE), None, "bd"),
]

REFUSED = [
    ([1], maps.map_put("b", "a", 1), exception.BinIncompatibleType),
    ("text", maps.map_size("b"), exception.BinIncompatibleType),
    ({"a": 1}, maps.map_put("b", "a", 1, CREATE), exception.ElementExistsError),
    ({"a": 1}, maps.map_put("b", "z", 1, UPDATE), exception.ElementNotFoundError),
    ({"a": "x"}, maps.map_increment("b", "a", 1), exception.ServerError),
    ({"a": 1}, maps.map_get_by_index("b", 7, VALUE), exception.OpNotApplicable),
    ({"a": 1}, maps.map_get_by_key("b", "a", 99), exception.ServerError),
    ({"a": 1}, maps.map_put("b", "a", aerospike.CDTWildcard()), exception.ServerError),
]


@pytest.mark.parametrize(("before", "operation", "result", "after"), WRITES, ids=str)
def test_write(outcome, before, operation, result, after):
    assert outcome(before, operation) == (result, after)


@pytest.mark.parametrize(("operation", "result"), READS, ids=str)
def test_read(outcome, operation, result):
    assert outcome(M, operation) == (result, M)


@pytest.mark.parametrize(("operation", "result", "left"), REMOVALS, ids=str)
def test_removal(outcome, operation, result, left):
    assert outcome(M, operation) == (result, {key: M[key] for key in left})


@pytest.mark.parametrize(("before", "operation", "error"), REFUSED, ids=str)
def test_refusal(refusal, before, operation, error):
    assert issubclass(refusal(before, operation), error)


def test_reads_of_no_bin_give_none(client, record):
    reads = [maps.map_size("none"), maps.map_get_by_key("none", "a", VALUE)]
    assert client.operate_ordered(record, reads)[2] == [("none", None)] * 2


def test_order(outcome):
    _, after = outcome({"b": 1, "a": 2}, maps.map_set_policy("b", KEY_ORDERED))
    assert isinstance(after, aerospike.KeyOrderedDict)
    assert list(after) == ["a", "b"]
    _, after = outcome(None, maps.map_put("b", "x", 1, KEY_ORDERED))
    assert isinstance(after, aerospike.KeyOrderedDict)
    _, after = outcome(None, maps.map_create("b", aerospike.MAP_KEY_VALUE_ORDERED, True))
    assert type(after) is dict


def test_a_policy_of_none_is_unordered(outcome):
    assert type(outcome(aerospike.KeyOrderedDict({"a": 1}), maps.map_set_policy("b", None))[1]) is dict


def test_kinds_of_maps_as_values(outcome):
    value = aerospike.KeyOrderedDict([("b", 1), ("a", {"z": 1, "y": 2})])
    _, after = outcome({}, maps.map_put("b", "k", value))
    assert isinstance(after["k"], aerospike.KeyOrderedDict)
    assert after == {"k": {"a": {"y": 2, "z": 1}, "b": 1}}
    assert outcome({"k": {"a": 1, "b": 2}}, maps.map_get_by_value("b", {"b": 2, "a": 1}, KEY))[0] == ["k"]


def test_maps_are_created_on_the_way(outcome):
    for order, kind in ((aerospike.MAP_UNORDERED, dict), (aerospike.MAP_KEY_ORDERED, aerospike.KeyOrderedDict)):
        context = [cdt_ctx.cdt_ctx_map_key_create("x", order), cdt_ctx.cdt_ctx_map_key_create(5, order)]
        result, after = outcome({}, maps.map_put("b", "k", 1, ctx=context))
        assert (result, after) == (1, {"x": {5: {"k": 1}}})
        assert type(after["x"]) is kind
    context = [cdt_ctx.cdt_ctx_map_key("x")]
    assert outcome({"y": 1}, maps.map_create("b", aerospike.MAP_UNORDERED, False, context))[1] == {"x": {}, "y": 1}


def test_a_context_that_leads_nowhere(refusal):
    for context in ([cdt_ctx.cdt_ctx_map_key("x")], [cdt_ctx.cdt_ctx_map_index(5)], [cdt_ctx.cdt_ctx_map_key("a")]):
        assert refusal({"a": 1}, maps.map_put("b", "k", 1, ctx=context)) in (
            exception.OpNotApplicable,
            exception.BinIncompatibleType,
        )
