# SPDX-License-Identifier: Apache-2.0
"""Path expressions, packed by hand: many elements of a document selected and changed."""

import frames
import pytest
from frames import MAP, STRING
from model import COUNT, INCOMPATIBLE, PARAMETER, VALUE
from one_bin import refusal
from packing import Raw, pack

READ_OPERATOR = frames.OP_CDT_READ

BY_PATH = 0xFE
TREE, VALUES, KEYS, KEYS_AND_VALUES, APPLY, NO_FAIL = 0, 1, 2, 3, 4, 16

CHILDREN, ALSO, KEYS_IN = 0x04, 0x204, 0x2A
LIST_INDEX, LIST_RANK, MAP_INDEX, MAP_RANK, MAP_KEY, MAP_VALUE, CREATE = 0x10, 0x11, 0x20, 0x21, 0x22, 0x23, 0x40
SERVER_ERROR = 1

# of expressions
EQ, GT, GE, LT, AND, ADD, REMOVE, LOOP_VARIABLE, CALL = 1, 3, 4, 5, 16, 20, 100, 122, 127
T_BOOL, T_INT, T_TEXT, T_MAP = 1, 2, 3, 5
OF_KEY, OF_VALUE, OF_INDEX = 0, 1, 2
BIN = 81


def loop(kind, what=OF_VALUE):
    return [LOOP_VARIABLE, kind, what]


def field(kind, name):
    """The field of a map that is the element."""
    return [CALL, kind, 0, [97, VALUE, name], loop(T_MAP)]


SHOP = {
    "shirts": {
        "10": {"featured": True, "variants": {"1": {"price": 25, "stock": 100}, "2": {"price": 25, "stock": 0}}},
        "11": {"featured": False, "variants": {"3": {"price": 30, "stock": 20}}},
        "50": {"featured": True, "variants": {"4": {"price": 599, "stock": 0}}},
        "51": {"featured": True, "variants": [{"price": 199, "stock": 60}, {"price": 399, "stock": 0}]},
    }
}

FEATURED = [CHILDREN, [EQ, field(T_BOOL, "featured"), True]]
IN_STOCK = [CHILDREN, [GT, field(T_INT, "stock"), 0]]
ALL = [CHILDREN, True]
OFFERED = [*ALL, *FEATURED, MAP_KEY, "variants", *IN_STOCK]


@pytest.fixture
def shop(one_bin):
    one_bin.put(MAP, pack(SHOP))
    return one_bin


@pytest.fixture
def numbers(one_bin):
    """A bin that holds {"l": [10, 20, 30], "m": {"a": 1, "b": 2, "c": 3}, "t": "text"}."""
    one_bin.put(MAP, pack({"l": [10, 20, 30], "m": {"a": 1, "b": 2, "c": 3}, "t": "text"}))
    return one_bin


# ---- selecting ----


def test_a_tree_has_what_was_chosen_on_each_level(shop):
    assert shop.read(BY_PATH, OFFERED, TREE) == {
        "shirts": {
            "10": {"variants": {"1": {"price": 25, "stock": 100}}},
            "50": {"variants": {}},
            "51": {"variants": [{"price": 199, "stock": 60}]},
        }
    }


@pytest.mark.parametrize(
    ("flags", "result"),
    [
        (VALUES, [{"price": 25, "stock": 100}, {"price": 199, "stock": 60}]),
        (KEYS | NO_FAIL, ["1"]),  # an element of a list has no key
        (KEYS_AND_VALUES | NO_FAIL, ["1", {"price": 25, "stock": 100}]),
    ],
)
def test_a_list_has_what_was_chosen_at_the_end(shop, flags, result):
    assert shop.read(BY_PATH, OFFERED, flags) == result


@pytest.mark.parametrize("flags", [KEYS, KEYS_AND_VALUES])
def test_an_element_of_a_list_has_no_key(shop, flags):
    assert refusal(shop.read, BY_PATH, OFFERED, flags) == INCOMPATIBLE


@pytest.mark.parametrize(
    ("context", "result"),
    [
        ([MAP_KEY, "l"], [[10, 20, 30]]),
        ([MAP_KEY, "l", *ALL], [10, 20, 30]),
        ([MAP_KEY, "l", LIST_INDEX, -1], [30]),
        ([MAP_KEY, "l", LIST_RANK, 0], [10]),
        ([MAP_KEY, "l", CHILDREN, [LT, loop(T_INT, OF_INDEX), 2]], [10, 20]),
        ([MAP_KEY, "l", LIST_INDEX, 9], []),
        ([MAP_KEY, "none", *ALL], []),
        ([MAP_INDEX, 1, MAP_VALUE, 2], [2]),
        ([MAP_KEY, "m", CHILDREN, [GE, loop(T_TEXT, OF_KEY), "b"]], [2, 3]),
        ([MAP_KEY, "m", KEYS_IN, ["c", "a", "x"]], [1, 3]),
        ([MAP_KEY, "m", KEYS_IN, []], []),
        ([MAP_KEY, "m", KEYS_IN, ["a", "b", None], ALSO, [GT, loop(T_INT), 1]], [2]),
        ([MAP_KEY, "m", MAP_INDEX, 0, ALSO, [GE, loop(T_TEXT, OF_KEY), "b"]], []),
        ([KEYS_IN, ["l"], CHILDREN, [GT, loop(T_INT), 15]], [20, 30]),
    ],
)
def test_values_at_the_end_of_a_path(numbers, context, result):
    assert numbers.read(BY_PATH, context, VALUES) == result


def test_a_filter_sees_nothing_of_the_record(numbers):
    other = [BIN, T_INT, Raw(b"other")]  # 0
    context = [MAP_KEY, "m", CHILDREN, [GT, loop(T_INT), [ADD, other, 2]]]
    assert refusal(numbers.read, BY_PATH, context, VALUES) == PARAMETER
    assert numbers.read(BY_PATH, context, VALUES | NO_FAIL) == []


def test_an_entry_of_a_map_has_no_index(numbers):
    context = [MAP_KEY, "m", CHILDREN, [LT, loop(T_INT, OF_INDEX), 2]]
    assert refusal(numbers.read, BY_PATH, context, VALUES) == PARAMETER


@pytest.mark.parametrize("no_fail", [0, NO_FAIL])
def test_what_is_no_container_is_passed_over(numbers, no_fail):
    context = [*ALL, *ALL]  # the text has no children
    assert numbers.read(BY_PATH, context, VALUES | no_fail) == [10, 20, 30, 1, 2, 3]
    assert numbers.read(BY_PATH, context, TREE | no_fail) == numbers.get()
    assert refusal(numbers.read, BY_PATH, [*ALL, LIST_INDEX, 0], VALUES | no_fail) == PARAMETER  # m is a map


def test_places_in_each_of_several_containers_are_beyond_the_server(numbers):
    for name, step in (("m", MAP_INDEX), ("m", MAP_RANK), ("l", LIST_RANK)):
        assert refusal(numbers.read, BY_PATH, [KEYS_IN, [name], step, 0], VALUES) == SERVER_ERROR


def test_a_filter_that_does_not_know_is_an_error_or_no(numbers):
    context = [CHILDREN, [GT, loop(T_INT), 0]]  # none of them is a number
    assert refusal(numbers.read, BY_PATH, context, VALUES) == PARAMETER
    assert numbers.read(BY_PATH, context, VALUES | NO_FAIL) == []


def test_no_bin_gives_nothing_and_is_not_changed(numbers):
    numbers.put(0, b"")
    assert numbers.read(BY_PATH, ALL, VALUES) is None
    assert refusal(numbers.modify, BY_PATH, ALL, APPLY, 1) == INCOMPATIBLE
    assert numbers.get() is None


def test_a_bin_that_is_no_document(numbers):
    numbers.put(STRING, b"text")
    assert refusal(numbers.read, BY_PATH, ALL, VALUES) == INCOMPATIBLE


# ---- modifying ----


@pytest.mark.parametrize(
    ("context", "change", "after"),
    [
        ([MAP_KEY, "l", *ALL], [ADD, loop(T_INT), 5], {"l": [15, 25, 35]}),
        ([MAP_KEY, "l", *ALL], [ADD, loop(T_INT), loop(T_INT, OF_INDEX)], {"l": [10, 21, 32]}),
        ([MAP_KEY, "l", CHILDREN, [GT, loop(T_INT), 10]], [REMOVE], {"l": [10]}),
        ([MAP_KEY, "m", KEYS_IN, ["a", "c"]], [ADD, loop(T_INT), 1000], {"m": {"a": 1001, "b": 2, "c": 1003}}),
        ([MAP_KEY, "m", CHILDREN, [GE, loop(T_TEXT, OF_KEY), "b"]], [REMOVE], {"m": {"a": 1}}),
        ([MAP_KEY, "t"], 1, {"t": 1}),
        ([MAP_KEY, "none"], 1, {}),
    ],
)
def test_what_a_change_leaves(numbers, context, change, after):
    before = numbers.get()
    assert numbers.modify(BY_PATH, context, APPLY, change) is None
    assert numbers.get() == before | after


def test_a_change_deep_inside(shop):
    put = [CALL, T_MAP, 0x40, [67, "stock", [ADD, field(T_INT, "stock"), 10]], loop(T_MAP)]
    shop.modify(BY_PATH, OFFERED, APPLY, put)
    after = shop.get()["shirts"]
    assert [variant["stock"] for variant in after["10"]["variants"].values()] == [110, 0]
    assert [variant["stock"] for variant in after["51"]["variants"]] == [70, 0]
    assert after["11"] == SHOP["shirts"]["11"]


def test_an_ordered_list_stays_in_order(numbers):
    numbers.modify(0xFF, [MAP_KEY, "l"], [0, 1])
    numbers.modify(BY_PATH, [MAP_KEY, "l", LIST_INDEX, 0], APPLY, 99)
    assert numbers.get()["l"] == [20, 30, 99]


def test_a_change_that_does_not_know_is_an_error_or_none(numbers):
    before = numbers.get()
    change = [ADD, loop(T_INT), 1]
    assert refusal(numbers.modify, BY_PATH, ALL, APPLY, change) == SERVER_ERROR
    numbers.modify(BY_PATH, ALL, APPLY | NO_FAIL, change)
    assert numbers.get() == before


# ---- misuse ----


@pytest.mark.parametrize(
    "payload",
    [
        (BY_PATH,),
        (BY_PATH, ALL),
        (BY_PATH, ALL, "1"),
        (BY_PATH, ALL, APPLY),
        (BY_PATH, ALL, VALUES, True),
        (BY_PATH, [], VALUES),
        (BY_PATH, None, VALUES),
        (BY_PATH, [CHILDREN], VALUES),
        (BY_PATH, [CHILDREN, 1], VALUES),  # no truth
        (BY_PATH, [CHILDREN, False], VALUES),  # of constants, only true is taken
        (BY_PATH, [CHILDREN, [999]], VALUES),
        (BY_PATH, [KEYS_IN, "a"], VALUES),
        (BY_PATH, [MAP_KEY | CREATE, "a"], VALUES),
        (BY_PATH, [ALSO, True], VALUES),
        (BY_PATH, [*ALL, ALSO, True], VALUES),
        (BY_PATH, [KEYS_IN, ["m"], ALSO, True, ALSO, True], VALUES),
        (BY_PATH, [0x99, 1], VALUES),
        (BY_PATH, ALL * 65, VALUES),
    ],
)
def test_a_malformed_path(numbers, payload):
    assert refusal(numbers.read, *payload) == PARAMETER


@pytest.mark.parametrize(
    "payload", [(BY_PATH, ALL, VALUES), (BY_PATH, ALL, VALUES, 1), (BY_PATH, ALL, APPLY), (BY_PATH, ALL, APPLY, [999])]
)
def test_a_malformed_change(numbers, payload):
    before = numbers.get()
    assert refusal(numbers.modify, *payload) == PARAMETER
    assert numbers.get() == before


def test_steps_of_paths_are_none_of_contexts(numbers):
    for step in (CHILDREN, ALSO, KEYS_IN):
        assert refusal(numbers.read, 0xFF, [step, True], [16]) == PARAMETER
    assert numbers.read(0xFF, [MAP_KEY, "m"], [102, COUNT, 2]) == 1
