# SPDX-License-Identifier: Apache-2.0
"""Map operations, packed by hand: examples, edges, misuse, and random ones against dictionaries of Python."""

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
    KEY_VALUE,
    LEAST,
    MOST,
    NONE,
    NOT_APPLICABLE,
    NOT_FOUND,
    ORDERED_MAP,
    PARAMETER,
    RANK,
    REVERSE_INDEX,
    REVERSE_RANK,
    UNORDERED_MAP,
    VALUE,
    choose,
    counts,
    cut,
    given_count,
    keys,
    less,
    order,
    property_test,
    ranked,
    starts,
    values,
)
from one_bin import refusal
from packing import INFINITY, WILDCARD, pack

READ_OPERATOR = frames.OP_CDT_READ

SET_TYPE, ADD, ADD_ITEMS, PUT, PUT_ITEMS, REPLACE, REPLACE_ITEMS = range(64, 71)
INCREMENT, DECREMENT, CLEAR = range(73, 76)
SIZE = 96
# the codes of the reads, and of the removals
BY_KEY, BY_INDEX, BY_RANK, BY_KEY_LIST = (97, 76), (98, 77), (100, 79), (107, 81)
BY_VALUE, BY_VALUE_LIST = (102, 82), (108, 83)
BY_KEY_INTERVAL, BY_INDEX_RANGE, BY_VALUE_INTERVAL, BY_RANK_RANGE = (103, 84), (104, 85), (105, 86), (106, 87)
BY_RELATIVE_INDEX, BY_RELATIVE_RANK = (109, 88), (110, 89)

UNORDERED, KEY_ORDERED, KEY_VALUE_ORDERED, PERSIST_INDEX = 0, 1, 3, 16
CREATE_ONLY, UPDATE_ONLY, NO_FAIL, PARTIAL = 1, 2, 4, 8

SAMPLE = {"a": 7, "b": 3, "c": 5}


@pytest.fixture
def entries(one_bin):
    """A bin that holds SAMPLE."""
    one_bin.put(MAP, pack(SAMPLE))
    return one_bin


@pytest.fixture
def nothing(entries):
    """The bin is not there."""
    entries.put(0, b"")
    return entries


# ---- writing ----


@pytest.mark.parametrize(
    ("payload", "result", "after"),
    [
        ((PUT, "d", [1]), 4, SAMPLE | {"d": [1]}),
        ((PUT, "a", None, KEY_ORDERED), 3, SAMPLE | {"a": None}),
        ((PUT, 5, 1, 0, CREATE_ONLY), 4, SAMPLE | {5: 1}),
        ((PUT, "a", 1, 0, CREATE_ONLY | NO_FAIL), 3, SAMPLE),
        ((PUT, "d", 1, 0, UPDATE_ONLY | NO_FAIL), 3, SAMPLE),
        ((PUT_ITEMS, {}), 3, SAMPLE),
        ((PUT_ITEMS, {b"k": 1, "a": 2}), 4, SAMPLE | {"a": 2, b"k": 1}),
        ((PUT_ITEMS, {"a": 2, "d": 1}, 0, CREATE_ONLY | NO_FAIL), 3, SAMPLE),
        ((PUT_ITEMS, {"a": 2, "d": 1}, 0, CREATE_ONLY | NO_FAIL | PARTIAL), 4, SAMPLE | {"d": 1}),
        ((PUT_ITEMS, {"a": 2, "d": 1}, 0, UPDATE_ONLY | NO_FAIL | PARTIAL), 3, SAMPLE | {"a": 2}),
        ((ADD, "d", 1), 4, SAMPLE | {"d": 1}),
        ((ADD_ITEMS, {"d": 1, "e": 2}), 5, SAMPLE | {"d": 1, "e": 2}),
        ((REPLACE, "a", 1), 3, SAMPLE | {"a": 1}),
        ((REPLACE_ITEMS, {"a": 1, "b": 2}), 3, SAMPLE | {"a": 1, "b": 2}),
        ((INCREMENT, "a", 2), 9, SAMPLE | {"a": 9}),
        ((INCREMENT, "a", 2.9), 9, SAMPLE | {"a": 9}),
        ((INCREMENT, "d", 0.5), 0.5, SAMPLE | {"d": 0.5}),
        ((DECREMENT, "a", None), 6, SAMPLE | {"a": 6}),
        ((DECREMENT, "d", 2, KEY_ORDERED), -2, SAMPLE | {"d": -2}),
        ((CLEAR,), None, {}),
        ((SET_TYPE, KEY_VALUE_ORDERED), None, SAMPLE),
        ((SET_TYPE, KEY_ORDERED | PERSIST_INDEX), None, SAMPLE),
        ((BY_KEY[1], VALUE, "b"), 3, {"a": 7, "c": 5}),
        ((BY_KEY[1], VALUE, "x"), None, SAMPLE),
        ((BY_INDEX[1], KEY, -1), "c", {"a": 7, "b": 3}),
        ((BY_RANK[1], KEY_VALUE, 0), {"b": 3}, {"a": 7, "c": 5}),
        ((BY_KEY_LIST[1], COUNT | INVERTED, ["a", "x"]), 2, {"a": 7}),
    ],
)
def test_a_write_gives_and_leaves(entries, payload, result, after):
    assert entries.modify(*payload) == result
    left = entries.get()
    assert left == after
    assert list(left) == sorted(after, key=order)


@pytest.mark.parametrize("flags", [UNORDERED, KEY_ORDERED, KEY_VALUE_ORDERED])
def test_a_persisted_index_is_not_told(entries, flags):
    """What the vendor's client would take for a map without an order."""
    plain = pack(SAMPLE)
    marked = b"\x84\xc7\x00" + bytes([flags]) + b"\xc0" + plain[1:] if flags else plain
    for persist in (0, PERSIST_INDEX):
        entries.modify(SET_TYPE, flags | persist)
        assert entries.get_bytes() == marked


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ((PUT, "a", 1, 0, CREATE_ONLY), EXISTS_ALREADY),
        ((PUT, "d", 1, 0, UPDATE_ONLY), NOT_FOUND),
        ((PUT_ITEMS, {"a": 2, "d": 1}, 0, CREATE_ONLY), EXISTS_ALREADY),
        ((PUT_ITEMS, {"a": 2, "d": 1}, 0, UPDATE_ONLY), NOT_FOUND),
        ((ADD, "a", 1), EXISTS_ALREADY),
        ((ADD_ITEMS, {"a": 1}), EXISTS_ALREADY),
        ((REPLACE, "d", 1), NOT_FOUND),
        ((REPLACE_ITEMS, {"a": 1, "d": 1}), NOT_FOUND),
        ((INCREMENT, "a", "x"), PARAMETER),
        ((BY_INDEX[1], VALUE, 3), NOT_APPLICABLE),
        ((BY_RANK[1], VALUE, -4), NOT_APPLICABLE),
        ((BY_KEY_LIST[1], RANK, ["a"]), NOT_APPLICABLE),
    ],
)
def test_a_write_is_refused(entries, payload, code):
    assert refusal(entries.modify, *payload) == code
    assert entries.get() == SAMPLE


def test_an_element_that_is_no_number_is_not_incremented(entries):
    for element in ["x", None, True, [1]]:
        entries.put(MAP, pack({"a": element}))
        assert refusal(entries.modify, INCREMENT, "a", 1) == PARAMETER


def test_an_integer_wraps_around(entries):
    entries.put(MAP, pack({"a": LEAST}))
    assert entries.modify(DECREMENT, "a", 1) == MOST


@pytest.mark.parametrize(
    ("payload", "result", "after"),
    [
        ((SET_TYPE, KEY_ORDERED), None, {}),
        ((PUT, "b", 1), 1, {"b": 1}),
        ((PUT_ITEMS, {"b": 1, "a": 2}, KEY_ORDERED), 2, {"a": 2, "b": 1}),
        ((ADD, "b", 1), 1, {"b": 1}),
        ((INCREMENT, "b", None), 1, {"b": 1}),
        ((DECREMENT, "b", 2.5), -2.5, {"b": -2.5}),
        ((CLEAR,), None, None),
        ((BY_KEY[1], VALUE, "a"), None, None),
        ((BY_INDEX[1], VALUE, 0), None, None),
        ((BY_KEY_LIST[1], RANK, ["a"]), None, None),
    ],
)
def test_a_write_on_no_bin(nothing, payload, result, after):
    assert nothing.modify(*payload) == result
    assert nothing.get() == after


def test_nothing_is_replaced_in_no_bin(nothing):
    assert refusal(nothing.modify, REPLACE, "a", 1) == NOT_FOUND
    assert nothing.get() is None


@pytest.mark.parametrize("payload", [(SIZE,), (BY_KEY[0], COUNT, "a"), (BY_INDEX[0], VALUE, 9)])
def test_a_read_of_no_bin_gives_nothing(nothing, payload):
    assert nothing.read(*payload) is None


# ---- reading ----


@pytest.mark.parametrize(
    ("payload", "result"),
    [
        ((SIZE,), 3),
        ((BY_KEY[0], VALUE, "b"), 3),
        ((BY_KEY[0], KEY, "b"), "b"),
        ((BY_KEY[0], KEY_VALUE, "b"), {"b": 3}),
        ((BY_KEY[0], INDEX, "b"), 1),
        ((BY_KEY[0], REVERSE_INDEX, "a"), 2),
        ((BY_KEY[0], RANK, "b"), 0),
        ((BY_KEY[0], REVERSE_RANK, "b"), 2),
        ((BY_KEY[0], COUNT, "b"), 1),
        ((BY_KEY[0], EXISTS, "b"), True),
        ((BY_KEY[0], NONE, "b"), None),
        ((BY_KEY[0], UNORDERED_MAP, "b"), {"b": 3}),
        ((BY_KEY[0], VALUE, "x"), None),
        ((BY_KEY[0], KEY_VALUE, "x"), {}),
        ((BY_KEY[0], INDEX, "x"), -1),
        ((BY_KEY[0], RANK, "x"), -1),
        ((BY_KEY[0], COUNT, "x"), 0),
        ((BY_KEY[0], EXISTS, "x"), False),
        ((BY_KEY[0], ORDERED_MAP, "x"), {}),
        ((BY_INDEX[0], KEY, -1), "c"),
        ((BY_RANK[0], KEY, -1), "a"),
        ((BY_VALUE[0], KEY, 3), ["b"]),
        ((BY_VALUE[0], KEY, WILDCARD), ["a", "b", "c"]),
        ((BY_VALUE[0], KEY | INVERTED, 3), ["a", "c"]),
        ((BY_VALUE_LIST[0], KEY, [5, 7, 9]), ["a", "c"]),
        ((BY_VALUE_LIST[0], KEY, []), []),
        ((BY_KEY_LIST[0], KEY_VALUE, ["c", "a", "x"]), {"a": 7, "c": 5}),
        ((BY_KEY_LIST[0], VALUE | INVERTED, ["c", "a", "x"]), [3]),
        ((BY_KEY_LIST[0], COUNT, ["a", "a"]), 1),
        ((BY_KEY_INTERVAL[0], KEY, "b", "c"), ["b"]),
        ((BY_KEY_INTERVAL[0], KEY, "b"), ["b", "c"]),
        ((BY_KEY_INTERVAL[0], KEY, None, "b"), ["a"]),
        ((BY_KEY_INTERVAL[0], KEY, "b", INFINITY), ["b", "c"]),
        ((BY_KEY_INTERVAL[0], KEY, "c", "a"), []),
        ((BY_VALUE_INTERVAL[0], KEY, 4, 7), ["c"]),
        ((BY_VALUE_INTERVAL[0], KEY, 4), ["a", "c"]),
        ((BY_VALUE_INTERVAL[0], REVERSE_RANK | INVERTED, 4, 6), [2, 0]),
        ((BY_INDEX_RANGE[0], UNORDERED_MAP, 1), {"b": 3, "c": 5}),
        ((BY_INDEX_RANGE[0], RANK, 0, 2), [2, 0]),
        ((BY_RANK_RANGE[0], KEY, 0, 2), ["b", "c"]),
        ((BY_RANK_RANGE[0], VALUE | INVERTED, 1, 1), [7, 3]),
        ((BY_RANK_RANGE[0], REVERSE_INDEX, 0), [1, 0, 2]),
        ((BY_RELATIVE_INDEX[0], KEY, "b", 0), ["b", "c"]),
        ((BY_RELATIVE_INDEX[0], KEY, "b", -1, 2), ["a", "b"]),
        ((BY_RELATIVE_INDEX[0], KEY, "aa", 0, 1), ["b"]),
        ((BY_RELATIVE_RANK[0], KEY, 5, 0), ["c", "a"]),
        ((BY_RELATIVE_RANK[0], KEY, 4, -1, 1), ["b"]),
    ],
)
def test_a_read_gives(entries, payload, result):
    assert entries.read(*payload) == result
    assert entries.get() == SAMPLE


@pytest.mark.parametrize("payload", [(BY_INDEX[0], VALUE, 3), (BY_INDEX[0], VALUE, LEAST), (BY_RANK[0], NONE, -4)])
def test_an_element_that_is_not_there(entries, payload):
    assert refusal(entries.read, *payload) == NOT_APPLICABLE


def test_indexes_of_a_key_list_come_as_it_asks(entries):
    assert entries.read(BY_KEY_LIST[0], INDEX, ["b", "c", "b"]) == [2, 1]  # the last of equal keys counts
    entries.modify(SET_TYPE, KEY_ORDERED)
    assert entries.read(BY_KEY_LIST[0], INDEX, ["b", "c", "b"]) == [1, 2, 1]


@pytest.mark.embedded_only("a real server of version 8.1 dies of it")
@pytest.mark.parametrize(
    ("wanted", "asked", "result"),
    [(ORDERED_MAP, ["b", "x"], {"b": 3}), (UNORDERED_MAP, ["b"], {"b": 3}), (COUNT, [], 0), (ORDERED_MAP, [], {})],
)
def test_a_key_list_that_kills_others(entries, wanted, asked, result):
    assert entries.modify(BY_KEY_LIST[1], wanted, asked) == result
    assert entries.get() == {key: value for key, value in SAMPLE.items() if key not in asked}


# ---- misuse ----


@pytest.mark.parametrize(
    "payload",
    [
        (BY_KEY[0],),
        (BY_KEY[0], VALUE),
        (BY_KEY[0], 9, "a"),
        (BY_INDEX[0], VALUE, "0"),
        (BY_KEY_LIST[0], VALUE, "a"),
        (BY_RELATIVE_INDEX[0], VALUE, "a"),
        (SIZE, 0),
        (PUT, "a", 1),
        (71, "a", 1),
        (111, 0),
    ],
)
def test_a_read_that_is_malformed(entries, payload):
    assert refusal(entries.read, *payload) == PARAMETER


def test_a_search_for_one_entry_is_not_inverted(entries):
    assert refusal(entries.read, BY_KEY[0], VALUE | INVERTED, "a") == NOT_APPLICABLE


@pytest.mark.parametrize(
    "payload",
    [
        (SIZE,),
        (PUT, "a"),
        (PUT, 1.5, 1),
        (PUT, None, 1),
        (PUT, [1], 1),
        (PUT, True, 1),
        (PUT, "a", WILDCARD),
        (PUT, "a", [INFINITY]),
        (PUT, "a", 1, "0"),
        (PUT_ITEMS, [1]),
        (PUT_ITEMS, {1.5: 1}),
        (INCREMENT, 1.5, 1),
        (SET_TYPE, 2),
        (SET_TYPE, 32),
    ],
)
def test_a_write_that_is_malformed(entries, payload):
    assert refusal(entries.modify, *payload) == PARAMETER
    assert entries.get() == SAMPLE


@pytest.mark.parametrize(("particle", "value"), [(STRING, b"abc"), (LIST, pack([1, 2]))])
def test_a_bin_of_another_type(entries, particle, value):
    entries.put(particle, value)
    assert refusal(entries.read, SIZE) == INCOMPATIBLE
    assert refusal(entries.modify, PUT, "a", 1) == INCOMPATIBLE


# ---- against dictionaries of Python ----

SELECTIONS = st.one_of(
    st.tuples(st.just("index"), st.tuples(starts, counts)),
    st.tuples(st.just("rank"), st.tuples(starts, counts)),
    st.tuples(st.just("value"), st.tuples(values)),
    st.tuples(st.just("values"), st.tuples(st.lists(values, max_size=5))),
    st.tuples(st.just("interval"), st.tuples(values, values)),
    st.tuples(st.just("relative rank"), st.tuples(values, starts, counts)),
    st.tuples(st.just("keys"), st.tuples(st.lists(keys, max_size=5))),
    st.tuples(st.just("key interval"), st.tuples(keys, keys)),
    st.tuples(st.just("relative index"), st.tuples(keys, starts, counts)),
)
CODES = {
    "index": BY_INDEX_RANGE,
    "rank": BY_RANK_RANGE,
    "value": BY_VALUE,
    "values": BY_VALUE_LIST,
    "interval": BY_VALUE_INTERVAL,
    "relative rank": BY_RELATIVE_RANK,
    "keys": BY_KEY_LIST,
    "key interval": BY_KEY_INTERVAL,
    "relative index": BY_RELATIVE_INDEX,
}


def choose_in(names, contents, how, arguments):
    """As for a list, and by key."""
    if how == "keys":
        return [i for i, name in enumerate(names) if name in arguments[0]]
    if how == "key interval":
        begin, end = map(order, arguments)
        return [i for i, name in enumerate(names) if begin <= order(name) < end]
    if how == "relative index":
        return list(cut(arguments[1], arguments[2], len(names), less(names, arguments[0])))
    return choose(contents, how, arguments)


def with_last(how, arguments):
    counted = how in ("index", "rank", "relative rank", "relative index")
    return (*arguments[:-1], *(given_count(arguments[-1]) if counted else arguments[-1:]))


@property_test
@given(
    st.dictionaries(keys, values, max_size=7),
    st.sampled_from([UNORDERED, KEY_ORDERED, KEY_VALUE_ORDERED]),
    SELECTIONS,
    st.booleans(),
)
def test_selections(entries, contents, attribute, selection, inverted):
    how, arguments = selection
    flag = INVERTED if inverted else 0
    entries.put(MAP, pack(contents))
    entries.modify(SET_TYPE, attribute)
    names = sorted(contents, key=order)
    elements = [contents[name] for name in names]
    chosen = choose_in(names, elements, how, arguments)
    if inverted:
        chosen = [i for i in range(len(names)) if i not in chosen]
    wanted = {names[i]: elements[i] for i in chosen}
    rank_of = {index: rank for rank, index in enumerate(ranked(elements))}

    def read(want):
        return entries.read(CODES[how][0], want | flag, *with_last(how, arguments))

    assert read(COUNT) == len(chosen)
    # inverted: of values and intervals of keys, whether nothing was found; else whether anything is left
    negates = inverted and how in ("value", "interval", "key interval")
    assert read(EXISTS) == (len(chosen) == len(names) if negates else bool(chosen))
    assert read(UNORDERED_MAP) == wanted
    assert list(read(ORDERED_MAP)) == [name for name in names if name in wanted]
    found = read(KEY)
    assert sorted(found, key=order) == sorted(wanted, key=order)
    assert read(VALUE) == [wanted[name] for name in found]
    assert list(read(KEY_VALUE).items()) == [(name, wanted[name]) for name in found]
    assert set(read(INDEX)) == set(chosen)
    assert {len(names) - 1 - i for i in read(REVERSE_INDEX)} == set(chosen)
    if how == "keys":
        assert refusal(read, RANK) == NOT_APPLICABLE
    else:
        assert set(read(RANK)) == {rank_of[i] for i in chosen}
        assert {len(names) - 1 - rank for rank in read(REVERSE_RANK)} == {rank_of[i] for i in chosen}
    if how != "keys" or arguments[0]:  # an empty list of keys kills a real server
        assert entries.modify(CODES[how][1], COUNT | flag, *with_last(how, arguments)) == len(chosen)
        assert entries.get() == {name: value for name, value in contents.items() if name not in wanted}


@property_test
@given(
    st.dictionaries(keys, values, max_size=6),
    st.dictionaries(keys, values, max_size=6),
    st.sampled_from([0, CREATE_ONLY, UPDATE_ONLY]),
    st.sampled_from([0, NO_FAIL, NO_FAIL | PARTIAL]),
)
def test_puts(entries, contents, added, only, mercy):
    allowed = {key: value for key, value in added.items() if not only or (key in contents) == (only == UPDATE_ONLY)}
    entries.put(MAP, pack(contents))
    if not contents and only == UPDATE_ONLY and mercy & PARTIAL:
        allowed = added  # a real server puts everything into an empty map
    payload = (PUT_ITEMS, added, UNORDERED, only | mercy)
    if allowed == added or mercy & PARTIAL:
        after = contents | allowed
        assert entries.modify(*payload) == len(after)
    elif mercy:
        after = contents
        assert entries.modify(*payload) == len(after)
    else:
        after = contents
        assert refusal(entries.modify, *payload) == (EXISTS_ALREADY if only == CREATE_ONLY else NOT_FOUND)
    assert entries.get() == after
