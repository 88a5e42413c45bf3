# SPDX-License-Identifier: Apache-2.0
"""Operations on what lies inside lists and maps, found and made by contexts packed by hand."""

import frames
import pytest
from frames import LIST, MAP, STRING
from hypothesis import given
from hypothesis import strategies as st
from model import INCOMPATIBLE, NOT_APPLICABLE, PARAMETER, TOO_BIG, VALUE, order, property_test
from one_bin import refusal
from packing import WILDCARD, pack

READ_OPERATOR = frames.OP_CDT_READ

IN_CONTEXT = 0xFF
LIST_INDEX, LIST_RANK, LIST_VALUE = 0x10, 0x11, 0x13
MAP_INDEX, MAP_RANK, MAP_KEY, MAP_VALUE = 0x20, 0x21, 0x22, 0x23
# what is made where there is nothing: the container that the step leads through
LIST_CREATE, LIST_CREATE_PADDED, LIST_CREATE_ORDERED = 0x40, 0x80, 0xC0
MAP_CREATE, MAP_CREATE_ORDERED, MAP_CREATE_VALUE_ORDERED = 0x40, 0x80, 0xC0

LIST_SET_TYPE, APPEND, INSERT, POP, REMOVE, LIST_CLEAR, SORT, LIST_SIZE, GET = 0, 1, 3, 5, 7, 11, 13, 16, 17
MAP_SET_TYPE, PUT, INCREMENT, MAP_CLEAR, MAP_SIZE, BY_KEY = 64, 67, 73, 75, 96, 97

NEST = {"k": [[1], {"x": [5, 3, 4]}, 9], 7: {}}


@pytest.fixture
def nest(one_bin):
    """A bin that holds NEST."""
    one_bin.put(MAP, pack(NEST))
    return one_bin


@pytest.fixture
def nothing(nest):
    """The bin is not there."""
    nest.put(0, b"")
    return nest


def within(context, *operation):
    return (IN_CONTEXT, context, list(operation))


# ---- the way ----

TO_X = [MAP_KEY, "k", LIST_INDEX, 1, MAP_KEY, "x"]


@pytest.mark.parametrize(
    "context",
    [
        TO_X,
        [MAP_KEY, "k", LIST_INDEX, -2, MAP_INDEX, 0],
        [MAP_INDEX, 1, LIST_RANK, -1, MAP_RANK, -1],
        [MAP_RANK, 0, LIST_VALUE, {"x": [5, 3, 4]}, MAP_VALUE, [5, 3, 4]],
    ],
)
def test_ways_to_the_same_list(nest, context):
    assert nest.read(*within(context, LIST_SIZE)) == 3
    assert nest.read(*within(context, GET, 0)) == 5
    assert nest.modify(*within(context, APPEND, 1)) == 4
    assert nest.get() == {"k": [[1], {"x": [5, 3, 4, 1]}, 9], 7: {}}


def test_a_wildcard_leads_a_read_only(nest):
    context = [MAP_VALUE, [[1], WILDCARD], LIST_RANK, 2, MAP_VALUE, WILDCARD]
    assert nest.read(*within(context, LIST_SIZE)) == 3
    assert refusal(nest.modify, *within(context, APPEND, 1)) == PARAMETER
    assert refusal(nest.read, *within([MAP_KEY, WILDCARD], LIST_SIZE)) == NOT_APPLICABLE
    assert nest.get() == NEST


def test_operations_at_the_end_of_the_way(nest):
    assert nest.modify(*within(TO_X, SORT)) is None
    assert nest.modify(*within(TO_X, POP, 0)) == 3
    assert nest.modify(*within([MAP_KEY, 7], PUT, "a", 1)) == 1
    assert nest.modify(*within([MAP_KEY, 7], INCREMENT, "a", 1)) == 2
    assert nest.modify(*within([MAP_KEY, "k", LIST_INDEX, 0], LIST_CLEAR)) is None
    assert nest.get() == {"k": [[], {"x": [4, 5]}, 9], 7: {"a": 2}}
    assert nest.read(*within(TO_X[:-2], BY_KEY, VALUE, "x")) == [4, 5]


@pytest.mark.parametrize(
    ("context", "code"),
    [
        ([MAP_KEY, "none"], NOT_APPLICABLE),
        ([MAP_KEY, 1.5], NOT_APPLICABLE),
        ([MAP_INDEX, 2], NOT_APPLICABLE),
        ([MAP_RANK, -3], NOT_APPLICABLE),
        ([MAP_VALUE, 1], NOT_APPLICABLE),
        ([MAP_KEY, "k", LIST_INDEX, 3], NOT_APPLICABLE),
        ([MAP_KEY, "k", LIST_INDEX, -4], NOT_APPLICABLE),
        ([MAP_KEY, "k", LIST_RANK, 3], NOT_APPLICABLE),
        ([MAP_KEY, "k", LIST_VALUE, 1], NOT_APPLICABLE),
        ([LIST_INDEX, 0], NOT_APPLICABLE),
        ([MAP_KEY, "k", MAP_KEY, "x"], NOT_APPLICABLE),
        ([MAP_KEY, "k", LIST_INDEX, 2], INCOMPATIBLE),  # a number
        ([MAP_KEY, "k", LIST_INDEX, 2, LIST_INDEX, 0], NOT_APPLICABLE),
        ([MAP_KEY, 7], INCOMPATIBLE),  # a map, and the operation is for lists
    ],
)
def test_a_way_that_leads_nowhere(nest, context, code):
    assert refusal(nest.read, *within(context, LIST_SIZE)) == code
    assert refusal(nest.modify, *within(context, APPEND, 1)) == code
    assert nest.get() == NEST


@pytest.mark.parametrize(
    "context",
    [
        [],
        [MAP_KEY],
        [MAP_KEY, "k", LIST_INDEX],
        ["k", 1],
        [0x99, 1],
        [0x12, 1],
        [LIST_INDEX, "0"],
        [MAP_RANK, None],
        [LIST_INDEX, 0] * 64,
        MAP_KEY,
        None,
    ],
)
def test_a_malformed_context(nest, context):
    assert refusal(nest.read, *within(context, LIST_SIZE)) == PARAMETER
    assert refusal(nest.modify, *within(context, APPEND, 1)) == PARAMETER


@pytest.mark.parametrize(
    "payload",
    [(IN_CONTEXT,), (IN_CONTEXT, TO_X), (IN_CONTEXT, TO_X, [LIST_SIZE], 1), within(TO_X, *within(TO_X, LIST_SIZE))],
)
def test_a_malformed_operation_in_a_context(nest, payload):
    assert refusal(nest.read, *payload) == PARAMETER


def test_a_bin_of_another_type(nest):
    nest.put(STRING, b"text")
    assert refusal(nest.read, *within([LIST_INDEX, 0], LIST_SIZE)) == PARAMETER


def test_an_ordered_list_puts_what_changed_where_it_belongs(nest):
    nest.put(LIST, pack([[1], [2], [3]]))
    nest.modify(LIST_SET_TYPE, 1)
    nest.modify(*within([LIST_INDEX, 0], INSERT, 0, 9))
    assert nest.get() == [[2], [3], [9, 1]]
    nest.modify(*within([LIST_INDEX, 2], LIST_CLEAR))
    assert nest.get() == [[], [2], [3]]


# ---- making ----


@pytest.mark.parametrize(
    ("context", "operation", "result", "after"),
    [
        ([MAP_KEY | MAP_CREATE, "new"], (APPEND, 1), 1, NEST | {"new": [1]}),
        ([MAP_KEY | MAP_CREATE_ORDERED, "new"], (PUT, 1, 2), 1, NEST | {"new": {1: 2}}),
        ([MAP_KEY | MAP_CREATE, "new"], (LIST_SET_TYPE, 1), None, NEST | {"new": []}),
        ([MAP_KEY | MAP_CREATE, "new"], (MAP_SET_TYPE, 1), None, NEST | {"new": {}}),
        (
            [MAP_KEY | MAP_CREATE, "k", LIST_INDEX | LIST_CREATE, 0],
            (APPEND, 1),
            2,
            NEST | {"k": [[1, 1], *NEST["k"][1:]]},
        ),
        ([MAP_KEY, "k", LIST_INDEX | LIST_CREATE, 3], (APPEND, 1), 1, NEST | {"k": [*NEST["k"], [1]]}),
        (
            [MAP_KEY, "k", LIST_INDEX | LIST_CREATE_PADDED, 5],
            (APPEND, 1),
            1,
            NEST | {"k": [*NEST["k"], None, None, [1]]},
        ),
        (
            [MAP_KEY, 7, MAP_KEY | MAP_CREATE, 1, LIST_INDEX | LIST_CREATE, 0, MAP_KEY | MAP_CREATE, "z"],
            (APPEND, 1),
            1,
            NEST | {7: {1: [{"z": [1]}]}},
        ),
        # nothing is made where the operation makes nothing
        ([MAP_KEY | MAP_CREATE, "new"], (POP, 0), None, NEST),
        ([MAP_KEY | MAP_CREATE, "new"], (LIST_CLEAR,), None, NEST),
        ([MAP_KEY | MAP_CREATE, "new"], (SORT, 0), None, NEST),
        ([MAP_KEY | MAP_CREATE, "new"], (MAP_CLEAR,), None, NEST),
        ([MAP_KEY | MAP_CREATE, "new"], (9, 1, 1, 2 | 4), None, NEST),  # a bounded set that may not fail
    ],
)
def test_what_is_made_on_the_way(nest, context, operation, result, after):
    assert nest.modify(*within(context, *operation)) == result
    assert nest.get() == after


@pytest.mark.parametrize(
    "context",
    [
        [MAP_KEY, "k", LIST_INDEX | LIST_CREATE, 4],
        [MAP_KEY, "k", LIST_INDEX | LIST_CREATE_ORDERED, 4],
        [MAP_KEY, "k", LIST_INDEX | LIST_CREATE_PADDED, -4],
        [MAP_INDEX | MAP_CREATE, 5],
        [MAP_KEY, "none", MAP_KEY | MAP_CREATE, "new"],
    ],
)
def test_what_is_not_made(nest, context):
    assert refusal(nest.modify, *within(context, APPEND, 1)) == NOT_APPLICABLE
    assert nest.get() == NEST


@pytest.mark.parametrize("operation", [(LIST_SIZE,), (GET, 0)])
def test_a_read_makes_nothing(nest, operation):
    assert refusal(nest.read, *within([MAP_KEY | MAP_CREATE, "new"], *operation)) == NOT_APPLICABLE
    assert nest.get() == NEST


def test_the_record_stays_as_it_was_when_the_operation_is_refused(nest):
    context = [MAP_KEY, "k", LIST_INDEX | LIST_CREATE_PADDED, 5]
    assert refusal(nest.modify, *within(context, INSERT, -1, 1)) == NOT_APPLICABLE
    assert nest.get() == NEST


@pytest.mark.parametrize(
    ("context", "after"),
    [
        ([MAP_KEY | MAP_CREATE, "a"], {"a": [1]}),
        ([LIST_INDEX | LIST_CREATE, 0], [[1]]),
        ([LIST_INDEX | LIST_CREATE_PADDED, 2], [None, None, [1]]),
        ([MAP_KEY | MAP_CREATE_ORDERED, "a", LIST_INDEX | LIST_CREATE_ORDERED, 0], {"a": [[1]]}),
    ],
)
def test_a_bin_is_made(nothing, context, after):
    assert nothing.modify(*within(context, APPEND, 1)) == 1
    assert nothing.get() == after


def test_a_list_that_was_made_ordered_stays_ordered(nothing):
    nothing.modify(*within([LIST_INDEX | LIST_CREATE_ORDERED, 0], APPEND, 5))
    nothing.modify(APPEND, 1)
    assert nothing.get() == [1, [5]]


def test_a_read_of_no_bin_gives_nothing(nothing):
    assert nothing.read(*within([MAP_KEY, "a"], LIST_SIZE)) is None


@pytest.mark.embedded_only("a real server may be slow about it, or allow larger records")
def test_a_list_is_not_padded_without_bounds(nest):
    context = [MAP_KEY, "k", LIST_INDEX | LIST_CREATE_PADDED, 2**40]
    assert refusal(nest.modify, *within(context, APPEND, 1)) == TOO_BIG


def test_values_do_not_nest_without_bounds(nothing):
    context = [LIST_INDEX | LIST_CREATE, 0] * 60
    nothing.modify(*within(context, APPEND, [[1]]))
    before = nothing.get()
    assert refusal(nothing.modify, *within(context, APPEND, [[[[1]]]])) == PARAMETER
    assert nothing.get() == before


# ---- against Python ----

trees = st.recursive(
    st.integers(-3, 3),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from("abc"), inside, max_size=3),
    max_leaves=12,
)


def ways(value, context=()):
    """Every list in a value, and a context to it."""
    if isinstance(value, list):
        yield list(context), value
        for index, item in enumerate(value):
            yield from ways(item, (*context, LIST_INDEX, index))
    elif isinstance(value, dict):
        names = sorted(value, key=order)
        for index, name in enumerate(names):
            step = (MAP_KEY, name) if index % 2 else (MAP_INDEX, index)
            yield from ways(value[name], (*context, *step))


@property_test
@given(st.lists(trees, max_size=3) | st.dictionaries(st.sampled_from("abc"), trees, max_size=3))
def test_every_list_inside_is_found(nest, tree):
    nest.put(LIST if isinstance(tree, list) else MAP, pack(tree))
    for context, found in ways(tree):
        payload = within(context, APPEND, "new") if context else (APPEND, "new")
        found.append("new")
        assert nest.modify(*payload) == len(found)
    assert nest.get() == tree
