# SPDX-License-Identifier: Apache-2.0
"""List operations, packed by hand: examples, edges, misuse, and random ones against lists of Python."""

import frames
import pytest
from frames import LIST, MAP, STRING
from hypothesis import given
from hypothesis import strategies as st
from model import (
    COUNT,
    EXISTS,
    EXISTS_ALREADY,
    INCOMPATIBLE,
    INDEX,
    INVERTED,
    KEY,
    LEAST,
    MOST,
    NONE,
    NOT_APPLICABLE,
    ORDERED_MAP,
    PARAMETER,
    RANK,
    REVERSE_INDEX,
    REVERSE_RANK,
    TOO_BIG,
    VALUE,
    choose,
    counts,
    given_count,
    order,
    property_test,
    starts,
    values,
)
from one_bin import refusal
from packing import INFINITY, WILDCARD, Packed, pack

READ_OPERATOR = frames.OP_CDT_READ

SET_TYPE, APPEND, APPEND_ITEMS, INSERT, INSERT_ITEMS, POP, POP_RANGE, REMOVE, REMOVE_RANGE, SET = range(10)
TRIM, CLEAR, INCREMENT, SORT = range(10, 14)
SIZE, GET, GET_RANGE = 16, 17, 18
BY_INDEX, BY_RANK, BY_VALUE, BY_VALUE_LIST, BY_INDEX_RANGE, BY_INTERVAL, BY_RANK_RANGE, BY_RELATIVE_RANK = (
    19,
    21,
    22,
    23,
    24,
    25,
    26,
    27,
)
JOIN = 28
REMOVAL = 13  # from the code of a read to that of the removal

UNORDERED, ORDERED, PERSIST_INDEX = 0, 1, 16
ADD_UNIQUE, BOUNDED, NO_FAIL, PARTIAL = 1, 2, 4, 8
DESCENDING, DROP_DUPLICATES = 1, 2


@pytest.fixture
def items(one_bin):
    """A bin that holds [3, 1, 2]."""
    one_bin.put(LIST, pack([3, 1, 2]))
    return one_bin


@pytest.fixture
def ordered(items):
    """The same as an ordered list: [1, 2, 3]."""
    items.modify(SET_TYPE, ORDERED)
    return items


@pytest.fixture
def nothing(items):
    """The bin is not there."""
    items.put(0, b"")
    return items


# ---- writing ----


@pytest.mark.parametrize(
    ("payload", "result", "after"),
    [
        ((APPEND, 9), 4, [3, 1, 2, 9]),
        ((APPEND, {"k": [None]}, ORDERED), 4, [3, 1, 2, {"k": [None]}]),
        ((APPEND, 1, 0, ADD_UNIQUE | NO_FAIL), 3, [3, 1, 2]),
        ((APPEND_ITEMS, [5, 5]), 5, [3, 1, 2, 5, 5]),
        ((APPEND_ITEMS, []), 3, [3, 1, 2]),
        ((APPEND_ITEMS, [1, 7, 2], 0, ADD_UNIQUE | NO_FAIL), 3, [3, 1, 2]),
        ((APPEND_ITEMS, [1, 7, 2], 0, ADD_UNIQUE | NO_FAIL | PARTIAL), 4, [3, 1, 2, 7]),
        ((INSERT, 1, "x"), 4, [3, "x", 1, 2]),
        ((INSERT, -3, "x"), 4, ["x", 3, 1, 2]),
        ((INSERT, 3, "x", BOUNDED), 4, [3, 1, 2, "x"]),
        ((INSERT, 5, "x"), 6, [3, 1, 2, None, None, "x"]),
        ((INSERT, 5, "x", BOUNDED | NO_FAIL), 3, [3, 1, 2]),
        ((INSERT_ITEMS, -1, [8, 9]), 5, [3, 1, 8, 9, 2]),
        ((INSERT_ITEMS, -20, []), 3, [3, 1, 2]),
        ((SET, -1, "x"), None, [3, 1, "x"]),
        ((SET, 4, "x"), None, [3, 1, 2, None, "x"]),
        ((SET, 4, "x", BOUNDED | NO_FAIL), None, [3, 1, 2]),
        ((SET, 0, 2, ADD_UNIQUE | NO_FAIL), None, [3, 1, 2]),
        ((INCREMENT, 1, 10), 11, [3, 11, 2]),
        ((INCREMENT, 1, None), 2, [3, 2, 2]),
        ((INCREMENT, 1, 2.9), 3, [3, 3, 2]),
        ((INCREMENT, 1, 1, 0, ADD_UNIQUE | NO_FAIL), 2, [3, 1, 2]),
        ((INCREMENT, 4, 7, 0, BOUNDED | NO_FAIL), 7, [3, 1, 2]),
        ((INCREMENT, 4, 7), 7, [3, 1, 2, None, 7]),
        ((POP, 1), 1, [3, 2]),
        ((POP_RANGE, -2), [1, 2], [3]),
        ((POP_RANGE, 0, 2), [3, 1], [2]),
        ((REMOVE, 0), 1, [1, 2]),
        ((REMOVE_RANGE, 1, 9), 2, [3]),
        ((REMOVE_RANGE, 9, 9), 0, [3, 1, 2]),
        ((TRIM, 1, 1), 2, [1]),
        ((TRIM, 9, 1), 3, []),
        ((TRIM, 0, MOST), 0, [3, 1, 2]),
        ((CLEAR,), None, []),
        ((SORT,), None, [1, 2, 3]),
        ((SORT, DROP_DUPLICATES), None, [1, 2, 3]),
        ((SORT, DESCENDING), None, [3, 2, 1]),
        ((SET_TYPE, ORDERED), None, [1, 2, 3]),
        ((SET_TYPE, ORDERED | PERSIST_INDEX), None, [1, 2, 3]),
        ((SET_TYPE, UNORDERED), None, [3, 1, 2]),
    ],
)
def test_a_write_gives_and_leaves(items, payload, result, after):
    assert items.modify(*payload) == result
    assert items.get() == after


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ((APPEND, 1, 0, ADD_UNIQUE), EXISTS_ALREADY),
        ((APPEND_ITEMS, [7, 2], 0, ADD_UNIQUE), EXISTS_ALREADY),
        ((APPEND_ITEMS, [7, 7], 0, ADD_UNIQUE), NOT_APPLICABLE),  # new, but not unique among themselves
        ((INSERT_ITEMS, 0, [7, 7], ADD_UNIQUE), NOT_APPLICABLE),
        ((INSERT, -4, "x"), NOT_APPLICABLE),
        ((INSERT, -4, "x", NO_FAIL), NOT_APPLICABLE),
        ((INSERT, 5, "x", BOUNDED), NOT_APPLICABLE),
        ((SET, -4, "x", NO_FAIL), NOT_APPLICABLE),
        ((SET, 4, "x", BOUNDED), NOT_APPLICABLE),
        ((INCREMENT, -4, 1), NOT_APPLICABLE),
        ((INCREMENT, 1, "x"), PARAMETER),
        ((INCREMENT, 1, [1]), PARAMETER),
        ((POP, 3), NOT_APPLICABLE),
        ((POP, -4), NOT_APPLICABLE),
        ((REMOVE, 3), NOT_APPLICABLE),
        ((BY_INDEX + REMOVAL, VALUE, 3), NOT_APPLICABLE),
        ((BY_RANK + REMOVAL, VALUE, -4), NOT_APPLICABLE),
    ],
)
def test_a_write_is_refused(items, payload, code):
    assert refusal(items.modify, *payload) == code
    assert items.get() == [3, 1, 2]


def test_an_element_that_is_no_number_is_not_incremented(items):
    for element in ["x", None, True, [1]]:
        items.put(LIST, pack([element]))
        assert refusal(items.modify, INCREMENT, 0, 1, 0, NO_FAIL) == PARAMETER


def test_a_real_is_incremented_by_an_integer(items):
    items.put(LIST, pack([0.5]))
    assert items.modify(INCREMENT, 0, 2) == 2.5
    assert items.modify(INCREMENT, 1, 0.25) == 0.25


def test_an_integer_wraps_around(items):
    items.put(LIST, pack([MOST]))
    assert items.modify(INCREMENT, 0, 1) == LEAST


@pytest.mark.parametrize(
    ("payload", "result", "after"),
    [
        ((APPEND, 2), 4, [1, 2, 2, 3]),
        ((APPEND_ITEMS, [0, "x", None]), 6, [None, 0, 1, 2, 3, "x"]),
        ((APPEND_ITEMS, [0, 2], 0, ADD_UNIQUE | NO_FAIL | PARTIAL), 4, [0, 1, 2, 3]),
        ((INCREMENT, 0, 9), 10, [2, 3, 10]),
        ((INCREMENT, 3, 0), 0, [0, 1, 2, 3]),
        ((SORT, DESCENDING), None, [1, 2, 3]),
        ((POP, 0), 1, [2, 3]),
    ],
)
def test_an_ordered_list_stays_in_order(ordered, payload, result, after):
    assert ordered.modify(*payload) == result
    assert ordered.get() == after
    assert ordered.modify(APPEND, 2.5) == len(after) + 1
    assert ordered.get() == sorted([*after, 2.5], key=order)


@pytest.mark.parametrize(
    "payload", [(INSERT, 0, 1), (INSERT_ITEMS, 0, [1]), (SET, 0, 1, NO_FAIL), (INCREMENT, 4, 1, 0, NO_FAIL)]
)
def test_an_ordered_list_takes_nothing_at_a_place(ordered, payload):
    assert refusal(ordered.modify, *payload) == NOT_APPLICABLE


def test_a_list_that_is_no_longer_ordered_takes_things_at_a_place(ordered):
    ordered.modify(SET_TYPE, UNORDERED)
    ordered.modify(INSERT, 0, 9)
    assert ordered.get() == [9, 1, 2, 3]


@pytest.mark.parametrize(("flags", "mark"), [(UNORDERED, b"\x93"), (ORDERED, b"\x94\xc7\x00\x01")])
def test_a_persisted_index_is_not_told(ordered, flags, mark):
    for persist in (0, PERSIST_INDEX):
        ordered.modify(SET_TYPE, flags | persist)
        assert ordered.get_bytes() == mark + b"\x01\x02\x03"


def test_a_cleared_list_keeps_its_order(ordered):
    ordered.modify(CLEAR)
    ordered.modify(APPEND_ITEMS, [2, 1])
    assert ordered.get() == [1, 2]


@pytest.mark.embedded_only("malformed on purpose")
def test_a_list_that_is_called_ordered_and_is_not(items):
    unsorted = Packed(b"\x94\xc7\x00\x01" + pack(3) + pack(1) + pack(2))
    for value in (unsorted, [unsorted]):
        items.put(LIST, pack(value))
        assert items.get() in ([1, 2, 3], [[1, 2, 3]])
    items.modify(APPEND, unsorted)
    assert items.read(BY_VALUE, INDEX, unsorted) == [0, 1]


# ---- a bin that is not there ----


@pytest.mark.parametrize(
    ("payload", "result", "after"),
    [
        ((SET_TYPE, ORDERED), None, []),
        ((APPEND, 1), 1, [1]),
        ((APPEND_ITEMS, [2, 1]), 2, [2, 1]),
        ((APPEND_ITEMS, [2, 1], ORDERED), 2, [1, 2]),
        ((INSERT, 1, 1), 2, [None, 1]),
        ((INSERT_ITEMS, 0, [1]), 1, [1]),
        ((SET, 1, 1), None, [None, 1]),
        ((INCREMENT, 0, 5), 5, [5]),
        ((POP, 0), None, None),
        ((POP_RANGE, 0), None, None),
        ((REMOVE, 0), None, None),
        ((TRIM, 0, 1), None, None),
        ((CLEAR,), None, None),
        ((BY_VALUE + REMOVAL, COUNT, 1), None, None),
    ],
)
def test_a_write_on_no_bin(nothing, payload, result, after):
    assert nothing.modify(*payload) == result
    assert nothing.get() == after


@pytest.mark.parametrize(
    ("payload", "code"),
    [((SORT, 0), INCOMPATIBLE), ((INSERT, -1, 1), NOT_APPLICABLE), ((SET, -1, 1), NOT_APPLICABLE)],
)
def test_a_write_refused_on_no_bin(nothing, payload, code):
    assert refusal(nothing.modify, *payload) == code
    assert nothing.get() is None


@pytest.mark.parametrize("payload", [(SIZE,), (GET, 0), (GET_RANGE, 0), (BY_INDEX, VALUE, 9), (BY_VALUE, COUNT, 1)])
def test_a_read_of_no_bin_gives_nothing(nothing, payload):
    assert nothing.read(*payload) is None


# ---- reading ----


@pytest.mark.parametrize(
    ("payload", "result"),
    [
        ((SIZE,), 3),
        ((GET, 0), 3),
        ((GET, -1), 2),
        ((GET_RANGE, 1), [1, 2]),
        ((GET_RANGE, -5, 3), [3]),
        ((GET_RANGE, LEAST, 5), []),
        ((BY_INDEX, VALUE, -1), 2),
        ((BY_INDEX, INDEX, -1), 2),
        ((BY_INDEX, REVERSE_INDEX, -1), 0),
        ((BY_INDEX, RANK, 0), 2),
        ((BY_INDEX, REVERSE_RANK, 0), 0),
        ((BY_INDEX, COUNT, 0), 1),
        ((BY_INDEX, EXISTS, 0), True),
        ((BY_INDEX, NONE, 0), None),
        ((BY_RANK, VALUE, -1), 3),
        ((BY_RANK, INDEX, 0), 1),
        ((BY_VALUE, INDEX, 1), [1]),
        ((BY_VALUE, RANK | INVERTED, 2), [0, 2]),
        ((BY_VALUE, COUNT, WILDCARD), 3),
        ((BY_VALUE, EXISTS, 9), False),
        ((BY_VALUE_LIST, VALUE, [2, 9, 3]), [3, 2]),
        ((BY_VALUE_LIST, VALUE | INVERTED, [2, 9, 3]), [1]),
        ((BY_VALUE_LIST, COUNT, []), 0),
        ((BY_VALUE_LIST, VALUE, [WILDCARD]), [3, 1, 2]),
        ((BY_INTERVAL, VALUE, 2, 3), [2]),
        ((BY_INTERVAL, VALUE, 2), [3, 2]),
        ((BY_INTERVAL, VALUE, None, 3), [1, 2]),
        ((BY_INTERVAL, VALUE, 2, INFINITY), [3, 2]),
        ((BY_INTERVAL, COUNT, 3, 1), 0),
        ((BY_INDEX_RANGE, REVERSE_INDEX, 0, 2), [1, 2]),
        ((BY_INDEX_RANGE, VALUE | INVERTED, 1, 1), [3, 2]),
        ((BY_RANK_RANGE, RANK, 1), [1, 2]),
        ((BY_RELATIVE_RANK, RANK, 2, 0), [1, 2]),
        ((BY_RELATIVE_RANK, VALUE, 2, -1, 1), [1]),
        ((BY_RELATIVE_RANK, COUNT, WILDCARD, 1), 2),
    ],
)
def test_a_read_gives(items, payload, result):
    assert items.read(*payload) == result
    assert items.get() == [3, 1, 2]


@pytest.mark.parametrize("payload", [(GET, 3), (GET, LEAST), (BY_INDEX, VALUE, 3), (BY_RANK, NONE, -4)])
def test_an_element_that_is_not_there(items, payload):
    assert refusal(items.read, *payload) == NOT_APPLICABLE


def test_a_wildcard_within_a_list_stands_for_its_rest(items):
    items.put(LIST, pack([[1, 2], [1], [2, 1], 1]))
    assert items.read(BY_VALUE, INDEX, [1, WILDCARD]) == [0]  # which is one item at least
    assert items.read(BY_VALUE_LIST, INDEX, [[2, WILDCARD], 1]) == [2, 3]


def test_equal_elements_have_the_lowest_of_their_ranks(items):
    items.put(LIST, pack([5, 4, 5, 5]))
    assert items.read(BY_INDEX_RANGE, RANK, 1, 3) == [0, 1, 1]


def test_values_of_a_rank_range_come_from_the_nearer_end(items):
    items.put(LIST, pack([1, -2, -5, 6, 4, 5]))
    assert items.read(BY_RANK_RANGE, VALUE, 1, 2) == [1, -2]
    assert items.read(BY_RANK_RANGE, VALUE, 3, 3) == [4, 5, 6]


def test_the_order_of_types(items):
    ascending = [None, False, True, LEAST, 0, "", "a", "b", [], [0], [0, 0], [1], {}, {2: 1}, {1: 1, 2: 1}, b"", -0.5]
    items.put(LIST, pack(ascending[::-1]))
    items.modify(SORT)
    assert items.get() == ascending


@pytest.mark.usefixtures("since_8_2")
def test_texts_are_joined(items):
    items.put(LIST, pack(["a", "", "b"]))
    assert items.read(JOIN) == "ab"
    assert items.read(JOIN, ", ") == "a, , b"
    items.put(LIST, pack([]))
    assert items.read(JOIN, ",") == ""
    items.put(LIST, pack(["a", 1]))
    assert refusal(items.read, JOIN) == PARAMETER


# ---- misuse ----


@pytest.mark.parametrize(
    "payload",
    [
        (),
        ("x",),
        (None,),
        (14,),
        (-1,),
        (GET,),
        (GET, "0"),
        (GET, 0, 1),
        (GET_RANGE, 0, 1, 2),
        (BY_INDEX, VALUE),
        (BY_VALUE_LIST, VALUE, 1),
        (APPEND, 1),
        (0xFF, [0x10, 0], []),
    ],
)
def test_a_read_that_is_malformed(items, payload):
    assert refusal(items.read, *payload) == PARAMETER


@pytest.mark.parametrize("wanted", [KEY, ORDERED_MAP, 99, -1, VALUE | INVERTED])
def test_what_an_element_of_a_list_cannot_be_given_as(items, wanted):
    assert refusal(items.read, BY_INDEX, wanted, 0) == NOT_APPLICABLE


@pytest.mark.parametrize(
    "payload",
    [
        (SIZE,),
        (APPEND,),
        (APPEND, 1, "0"),
        (APPEND, 1, 0, 0, 0),
        (APPEND, WILDCARD),
        (APPEND, [1, INFINITY]),
        (APPEND, {1.5: 1}),
        (APPEND_ITEMS, 1),
        (SET_TYPE, 2),
        (SORT, 8),
    ],
)
def test_a_write_that_is_malformed(items, payload):
    assert refusal(items.modify, *payload) == PARAMETER
    assert items.get() == [3, 1, 2]


@pytest.mark.parametrize(("particle", "value"), [(STRING, b"abc"), (MAP, pack({1: 2}))])
def test_a_bin_of_another_type(items, particle, value):
    items.put(particle, value)
    assert refusal(items.read, SIZE) == INCOMPATIBLE
    assert refusal(items.modify, APPEND, 1) == INCOMPATIBLE


@pytest.mark.embedded_only("a real server may be slow about it, or allow larger records")
def test_a_list_does_not_grow_without_bounds(items):
    for payload in [(INSERT, 2**20, 1), (SET, 2**20, 1), (INCREMENT, 2**20, 1)]:
        assert refusal(items.modify, *payload) == TOO_BIG
    assert items.get() == [3, 1, 2]


@pytest.mark.parametrize("index", [2**31, MOST])
def test_an_index_beyond_32_bits(items, index):
    for payload in [(INSERT, index, 1), (SET, index, 1), (INCREMENT, index, 1)]:
        assert refusal(items.modify, *payload) == NOT_APPLICABLE
    assert refusal(items.modify, INSERT, 2**31 - 1, 1) == PARAMETER
    assert items.get() == [3, 1, 2]


def test_values_do_not_nest_without_bounds(items):
    deep = []
    for _ in range(70):
        deep = [deep]
    assert refusal(items.modify, APPEND, deep) == PARAMETER
    assert items.get() == [3, 1, 2]


@pytest.mark.embedded_only("a limit of its own: each is compared with each element")
def test_wildcards_in_a_list_of_values_are_bounded(items):
    assert items.read(BY_VALUE_LIST, COUNT, [[WILDCARD]] * 256) == 0
    assert refusal(items.read, BY_VALUE_LIST, COUNT, [[WILDCARD]] * 257) == PARAMETER


# ---- against lists of Python ----

# One that is asked for twice is given twice by an ordered list: see the measured cases.
DIFFERENT_VALUES = st.lists(values, max_size=5, unique_by=lambda value: repr(order(value)))
SELECTIONS = st.one_of(
    st.tuples(st.just("index"), st.tuples(starts, counts)),
    st.tuples(st.just("rank"), st.tuples(starts, counts)),
    st.tuples(st.just("value"), st.tuples(values)),
    st.tuples(st.just("values"), st.tuples(DIFFERENT_VALUES)),
    st.tuples(st.just("interval"), st.tuples(values, values)),
    st.tuples(st.just("relative rank"), st.tuples(values, starts, counts)),
)
CODES = {
    "index": BY_INDEX_RANGE,
    "rank": BY_RANK_RANGE,
    "value": BY_VALUE,
    "values": BY_VALUE_LIST,
    "interval": BY_INTERVAL,
    "relative rank": BY_RELATIVE_RANK,
}


def payload_of(how, arguments, wanted):
    last = given_count(arguments[-1]) if how in ("index", "rank", "relative rank") else arguments[-1:]
    return (CODES[how], wanted, *arguments[:-1], *last)


def in_order(elements):
    return sorted(map(order, elements))


@property_test
@given(st.lists(values, max_size=9), st.booleans(), SELECTIONS, st.booleans())
def test_selections(items, elements, is_ordered, selection, inverted):
    how, arguments = selection
    flag = INVERTED if inverted else 0
    items.put(LIST, pack(elements))
    if is_ordered:
        items.modify(SET_TYPE, ORDERED)
        elements = sorted(elements, key=order)
    chosen = choose(elements, how, arguments)
    if inverted:
        chosen = [i for i in range(len(elements)) if i not in chosen]
    wanted = in_order(elements[i] for i in chosen)

    def read(want):
        return items.read(*payload_of(how, arguments, want | flag))

    assert read(COUNT) == len(chosen)
    # inverted: whether nothing was found; but of indexes whether anything is left
    found_none = len(chosen) == len(elements)
    assert read(EXISTS) == (found_none if inverted and how != "index" else bool(chosen))
    assert in_order(read(VALUE)) == wanted
    assert in_order(elements[i] for i in set(read(INDEX))) == wanted
    assert in_order(elements[-1 - i] for i in set(read(REVERSE_INDEX))) == wanted
    by_rank = sorted(elements, key=order)
    assert {repr(order(by_rank[i])) for i in read(RANK)} == {repr(value) for value in wanted}
    assert {repr(order(by_rank[-1 - i])) for i in read(REVERSE_RANK)} <= {repr(value) for value in wanted}

    code, *rest = payload_of(how, arguments, VALUE | flag)
    assert in_order(items.modify(code + REMOVAL, *rest)) == wanted
    left = items.get()
    assert in_order(left) == in_order(elements[i] for i in range(len(elements)) if i not in chosen)
    assert left == sorted(left, key=order) if is_ordered else is_part(left, elements)


def is_part(part, whole):
    """Are these elements of the list, in its order?"""
    rest = iter(whole)
    return all(any(order(element) == order(other) for other in rest) for element in part)


@property_test
@given(st.lists(values, max_size=6), st.lists(values, max_size=6), st.integers(-8, 9), st.booleans())
def test_writes(items, elements, added, index, unique):
    """What is put where, and that a refusal leaves all as it was."""
    flags = ADD_UNIQUE if unique else 0
    place = index + len(elements) if index < 0 else index
    present = list(map(order, elements))
    new = list(map(order, added))
    refused = unique and (any(value in present for value in new) or any(new.count(value) > 1 for value in new))
    for payload, after in [
        ((APPEND_ITEMS, added, 0, flags), elements + added),
        ((INSERT_ITEMS, index, added, flags), (elements + [None] * (place - len(elements)))[: max(place, 0)] + added),
    ]:
        items.put(LIST, pack(elements))
        if refused or (payload[0] == INSERT_ITEMS and place < 0 and added):
            refusal(items.modify, *payload)
            after = elements
        elif payload[0] == INSERT_ITEMS:
            after = after + elements[place:] if added else elements
            assert items.modify(*payload) == len(after)
        else:
            assert items.modify(*payload) == len(after)
        assert items.get() == after
