# SPDX-License-Identifier: Apache-2.0
"""List operations: each for its result and at its edges."""

import pytest

import aerospike
from aerospike import exception
from aerospike_helpers import cdt_ctx
from aerospike_helpers.operations import list_operations as lists

VALUE, INDEX, RANK, COUNT, NONE = (
    aerospike.LIST_RETURN_VALUE,
    aerospike.LIST_RETURN_INDEX,
    aerospike.LIST_RETURN_RANK,
    aerospike.LIST_RETURN_COUNT,
    aerospike.LIST_RETURN_NONE,
)
ORDERED = {"list_order": aerospike.LIST_ORDERED}
UNIQUE = {"write_flags": aerospike.LIST_WRITE_ADD_UNIQUE}
UNIQUE_NO_FAIL = {"write_flags": aerospike.LIST_WRITE_ADD_UNIQUE | aerospike.LIST_WRITE_NO_FAIL}
UNIQUE_PARTIAL = {
    "write_flags": aerospike.LIST_WRITE_ADD_UNIQUE | aerospike.LIST_WRITE_NO_FAIL | aerospike.LIST_WRITE_PARTIAL
}
BOUNDED = {"write_flags": aerospike.LIST_WRITE_INSERT_BOUNDED}

# before, operation, result, after
WRITES = [
    ([1], lists.list_append("b", "x"), 2, [1, "x"]),
    (None, lists.list_append("b", None), 1, [None]),
    ([1], lists.list_append("b", {"k": [1.5]}), 2, [1, {"k": [1.5]}]),
    ([1], lists.list_append("b", 1, UNIQUE_NO_FAIL), 1, [1]),
    (None, lists.list_append("b", 3, ORDERED), 1, [3]),
    ([1], lists.list_append_items("b", [2, 3]), 3, [1, 2, 3]),
    ([1], lists.list_append_items("b", [1, 2], UNIQUE_PARTIAL), 2, [1, 2]),
    ([1], lists.list_append_items("b", []), 1, [1]),
    ([1, 2], lists.list_insert("b", 1, "x"), 3, [1, "x", 2]),
    ([1, 2], lists.list_insert("b", -1, "x"), 3, [1, "x", 2]),
    ([1], lists.list_insert("b", 3, "x"), 4, [1, None, None, "x"]),
    ([1, 2], lists.list_insert_items("b", 0, [8, 9]), 4, [8, 9, 1, 2]),
    ([1, 2.5], lists.list_increment("b", 0, 5), 6, [6, 2.5]),
    ([1, 2.5], lists.list_increment("b", -1, 1.5), 4.0, [1, 4.0]),
    ([1], lists.list_increment("b", 1, 7), 7, [1, 7]),
    ([1, 2, 3], lists.list_pop("b", 0), 1, [2, 3]),
    ([1, 2, 3], lists.list_pop("b", -1), 3, [1, 2]),
    ([1, 2, 3], lists.list_pop_range("b", 1, 5), [2, 3], [1]),
    ([1, 2, 3], lists.list_pop_range("b", 0, 0), [], [1, 2, 3]),
    ([1, 2, 3], lists.list_remove("b", 1), 1, [1, 3]),
    ([1, 2, 3], lists.list_remove_range("b", 0, 2), 2, [3]),
    ([1, 2, 3], lists.list_clear("b"), None, []),
    ([1, 2, 3], lists.list_set("b", 1, "x"), None, [1, "x", 3]),
    ([1], lists.list_set("b", 2, "x"), None, [1, None, "x"]),
    ([1, 2, 3, 4], lists.list_trim("b", 1, 2), 2, [2, 3]),
    ([3, 1, 2, 1], lists.list_sort("b"), None, [1, 1, 2, 3]),
    ([3, 1, 2, 1], lists.list_sort("b", aerospike.LIST_SORT_DROP_DUPLICATES), None, [1, 2, 3]),
    ([3, 1, 2], lists.list_set_order("b", aerospike.LIST_ORDERED), None, [1, 2, 3]),
    (None, lists.list_create("b", aerospike.LIST_ORDERED, False, False), None, []),
]

L = [0, 4, 5, 9, 11, 15]
READS = [
    ([1, 2], lists.list_size("b"), 2),
    ([], lists.list_size("b"), 0),
    (L, lists.list_get("b", 1), 4),
    (L, lists.list_get("b", -1), 15),
    (L, lists.list_get_range("b", 4, 9), [11, 15]),
    (L, lists.list_get_range("b", -2, -1), [11, 15]),
    (L, lists.list_get_by_index("b", 2, VALUE), 5),
    (L, lists.list_get_by_index("b", -1, aerospike.LIST_RETURN_REVERSE_INDEX), 0),
    (L, lists.list_get_by_index_range("b", 2, VALUE), [5, 9, 11, 15]),
    (L, lists.list_get_by_index_range("b", 2, VALUE, 2), [5, 9]),
    (L, lists.list_get_by_index_range("b", 2, VALUE, 2, True), [0, 4, 11, 15]),
    (L, lists.list_get_by_index_range("b", 20, VALUE), []),
    ([9, 0, 5], lists.list_get_by_rank("b", 0, VALUE), 0),
    ([9, 0, 5], lists.list_get_by_rank("b", -1, INDEX), 0),
    ([9, 0, 5], lists.list_get_by_rank_range("b", 1, INDEX, 2), [0, 2]),
    ([9, 0, 5], lists.list_get_by_rank_range("b", -1, VALUE), [9]),
    ([1, 2, 1], lists.list_get_by_value("b", 1, INDEX), [0, 2]),
    ([1, 2, 1], lists.list_get_by_value("b", 1, COUNT, inverted=True), 1),
    ([1, 2, 1], lists.list_get_by_value("b", 7, aerospike.LIST_RETURN_EXISTS), False),
    ([["a", 1], ["b", 1], ["a", 2]], lists.list_get_by_value("b", ["a", aerospike.CDTWildcard()], COUNT), 2),
    ([1, 2, 1, None], lists.list_get_by_value_list("b", [1, None], COUNT), 3),
    ([1, 2], lists.list_get_by_value_list("b", [], VALUE), []),
    (L, lists.list_get_by_value_range("b", VALUE, 4, 11), [4, 5, 9]),
    (L, lists.list_get_by_value_range("b", VALUE, None, 5), [0, 4]),
    (L, lists.list_get_by_value_range("b", VALUE, 9, None), [9, 11, 15]),
    (L, lists.list_get_by_value_range("b", VALUE, 9, aerospike.CDTInfinite()), [9, 11, 15]),
    (L, lists.list_get_by_value_rank_range_relative("b", 5, 0, VALUE), [5, 9, 11, 15]),
    (L, lists.list_get_by_value_rank_range_relative("b", 5, 1, VALUE), [9, 11, 15]),
    (L, lists.list_get_by_value_rank_range_relative("b", 5, -1, VALUE, 1), [4]),
    (L, lists.list_get_by_value_rank_range_relative("b", 3, 3, VALUE), [11, 15]),
]

REMOVALS = [
    (lists.list_remove_by_index("b", 0, VALUE), 0, [4, 5, 9, 11, 15]),
    (lists.list_remove_by_index_range("b", 2, COUNT), 4, [0, 4]),
    (lists.list_remove_by_index_range("b", 2, VALUE, 2), [5, 9], [0, 4, 11, 15]),
    (lists.list_remove_by_rank("b", -1, VALUE), 15, [0, 4, 5, 9, 11]),
    (lists.list_remove_by_rank_range("b", 0, COUNT, 2), 2, [5, 9, 11, 15]),
    (lists.list_remove_by_value("b", 5, COUNT), 1, [0, 4, 9, 11, 15]),
    (lists.list_remove_by_value("b", 5, NONE, inverted=True), None, [5]),
    (lists.list_remove_by_value_list("b", [4, 5, 6], VALUE), [4, 5], [0, 9, 11, 15]),
    (lists.list_remove_by_value_range("b", VALUE, 4, 10), [4, 5, 9], [0, 11, 15]),
    (lists.list_remove_by_value_range("b", COUNT), 6, []),
    (lists.list_remove_by_value_rank_range_relative("b", 5, 0, VALUE, 1), [5], [0, 4, 9, 11, 15]),
    (lists.list_remove_by_value_rank_range_relative("b", 5, 1, COUNT), 3, [0, 4, 5]),
]

REFUSED = [
    ("text", lists.list_append("b", 1), exception.BinIncompatibleType),
    (5, lists.list_size("b"), exception.BinIncompatibleType),
    ([1], lists.list_append("b", 1, UNIQUE), exception.ElementExistsError),
    ([1], lists.list_insert("b", 3, "x", BOUNDED), exception.OpNotApplicable),
    ([1], lists.list_get("b", 5), exception.OpNotApplicable),
    ([1], lists.list_pop("b", 1), exception.OpNotApplicable),
    (["x"], lists.list_increment("b", 0, 1), exception.InvalidRequest),
    ([1], lists.list_get_by_index("b", 0, 99), exception.ServerError),
    ([1], lists.list_set_order("b", 5), exception.ServerError),
    ([1], lists.list_append("b", aerospike.CDTInfinite()), exception.ServerError),
]


@pytest.mark.parametrize(("before", "operation", "result", "after"), WRITES, ids=str)
def test_write(outcome, before, operation, result, after):
    assert outcome(before, operation) == (result, after)


@pytest.mark.parametrize(("before", "operation", "result"), READS, ids=str)
def test_read(outcome, before, operation, result):
    assert outcome(before, operation) == (result, before)


@pytest.mark.parametrize(("operation", "result", "after"), REMOVALS, ids=str)
def test_removal(outcome, operation, result, after):
    assert outcome(L, operation) == (result, after)


@pytest.mark.parametrize(("before", "operation", "error"), REFUSED, ids=str)
def test_refusal(refusal, before, operation, error):
    assert issubclass(refusal(before, operation), error)


def test_reads_of_no_bin_have_no_result(client, record):
    reads = [lists.list_size("none"), lists.list_get_by_index("none", 0, VALUE), lists.list_get_range("none", 0, 1)]
    assert client.operate_ordered(record, reads)[2] == []


def test_an_ordered_list_keeps_its_order(outcome):
    assert outcome(None, lists.list_append("b", 5, ORDERED), lists.list_append_items("b", [7, 1, "a"]))[1] == [
        1,
        5,
        7,
        "a",
    ]


def test_a_context_of_each_kind(outcome):
    before = {"x": [[5, 1], [9]], "y": [0]}
    for context, after in [
        ([cdt_ctx.cdt_ctx_map_key("x"), cdt_ctx.cdt_ctx_list_index(-1)], {"x": [[5, 1], [9, 7]], "y": [0]}),
        ([cdt_ctx.cdt_ctx_map_index(0), cdt_ctx.cdt_ctx_list_rank(0)], {"x": [[5, 1, 7], [9]], "y": [0]}),
        ([cdt_ctx.cdt_ctx_map_rank(0)], {"x": [[5, 1], [9]], "y": [0, 7]}),
        ([cdt_ctx.cdt_ctx_map_value([0])], {"x": [[5, 1], [9]], "y": [0, 7]}),
        ([cdt_ctx.cdt_ctx_map_key("x"), cdt_ctx.cdt_ctx_list_value([9])], {"x": [[5, 1], [9, 7]], "y": [0]}),
    ]:
        assert outcome(before, lists.list_append("b", 7, ctx=context))[1] == after


def test_lists_are_created_on_the_way(outcome):
    index = cdt_ctx.cdt_ctx_list_index_create(1, aerospike.LIST_UNORDERED, True)
    assert outcome([], lists.list_append("b", 7, ctx=[index])) == (1, [None, [7]])
    context = [cdt_ctx.cdt_ctx_map_key("l")]
    assert outcome({"x": 1}, lists.list_create("b", aerospike.LIST_ORDERED, False, False, context))[1] == {
        "l": [],
        "x": 1,
    }


def test_values_are_whole(outcome):
    """Text with NUL, keys with NUL, deep and long values: nothing is cut short."""
    deep = [1]
    for _ in range(50):
        deep = [deep]
    for value in (
        "a\0b",
        {"k\0": 1, "k": 2, "k\0\0": 3},
        deep,
        list(range(70000)),
        {f"key {n}": n for n in range(5000)},
    ):
        assert outcome([], lists.list_append("b", value))[1] == [value]


def test_serialized_values(connect, key):
    client = connect(serialization=(lambda value: repr(value).encode(), lambda raw: raw))
    client.operate(key, [lists.list_append("b", (1, 2)), lists.list_append_items("b", [{3}])])
    assert client.get(key)[2]["b"] == ["(1, 2)", "{3}"]


@pytest.mark.usefixtures("since_8_2")
def test_join(outcome):
    assert outcome(["a", "b"], lists.list_join("b")) == ("ab", ["a", "b"])
    assert outcome(["a", "b"], lists.list_join("b", ", ")) == ("a, b", ["a", "b"])


@pytest.mark.parametrize("wrong", [0, 1, "x", None])
def test_pad_and_persist_index_are_bools(client, record, wrong):
    for name, operation in (
        ("pad", lists.list_create("n", aerospike.LIST_ORDERED, wrong, False)),
        ("persist_index", lists.list_create("n", aerospike.LIST_ORDERED, False, wrong)),
    ):
        with pytest.raises(exception.ParamError, match=f"{name} must be a bool, not {type(wrong).__name__}"):
            client.operate(record, [operation])
