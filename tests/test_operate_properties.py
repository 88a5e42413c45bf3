# SPDX-License-Identifier: Apache-2.0
"""Random lists and maps under random operations, against plain Python lists and dicts."""

import hypothesis
from hypothesis import strategies as st

import aerospike
from aerospike_helpers import cdt_ctx
from aerospike_helpers.operations import list_operations as lists
from aerospike_helpers.operations import map_operations as maps
from aerospike_helpers.operations import operations as op

LIST_VALUE, LIST_COUNT = aerospike.LIST_RETURN_VALUE, aerospike.LIST_RETURN_COUNT
MAP_KEY, MAP_VALUE, MAP_COUNT = aerospike.MAP_RETURN_KEY, aerospike.MAP_RETURN_VALUE, aerospike.MAP_RETURN_COUNT

scalars = st.integers(-5, 5) | st.sampled_from(["", "a", "b\0", "é", 2.5, -0.5, b"x", None, True, 2**63 - 1, -(2**63)])
places = st.integers(-9, 9)
counts = st.integers(0, 9)
flags = st.booleans()

quick = hypothesis.settings(
    max_examples=150, deadline=None, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture]
)


def span(size, start, count=None):
    """The places that a start, which may be negative, and a count select."""
    first = start + size if start < 0 else start
    last = size if count is None else first + count
    return range(max(first, 0), max(min(last, size), 0))


def chosen(items, places, inverted):
    """The items at these places, and the others."""
    inside = [item for place, item in enumerate(items) if (place in places) != inverted]
    outside = [item for place, item in enumerate(items) if (place in places) == inverted]
    return inside, outside


# ---- lists: each step draws an operation and gives (operation, result, list after) ----


def list_append(draw, items):
    value = draw(scalars)
    return lists.list_append("b", value), len(items) + 1, [*items, value]


def list_append_items(draw, items):
    values = draw(st.lists(scalars, max_size=4))
    return lists.list_append_items("b", values), len(items) + len(values), items + values


def list_insert(draw, items):
    place, value = draw(st.integers(0, len(items) + 3)), draw(scalars)
    padded = items + [None] * (place - len(items))
    return lists.list_insert("b", place, value), len(padded) + 1, [*padded[:place], value, *padded[place:]]


def list_set(draw, items):
    place, value = draw(st.integers(0, len(items) + 3)), draw(scalars)
    padded = items + [None] * (place + 1 - len(items))
    return lists.list_set("b", place, value), None, [*padded[:place], value, *padded[place + 1 :]]


def list_pop(draw, items):
    if not items:
        return lists.list_size("b"), 0, items
    place = draw(st.integers(-len(items), len(items) - 1))
    return lists.list_pop("b", place), items[place], [item for i, item in enumerate(items) if i != place % len(items)]


def list_trim(draw, items):
    start, count = draw(st.integers(0, 9)), draw(st.integers(1, 9))
    kept = items[start : start + count]
    return lists.list_trim("b", start, count), len(items) - len(kept), kept


def list_get_by_index_range(draw, items):
    start, count, inverted = draw(places), draw(st.none() | counts), draw(flags)
    inside, _ = chosen(items, span(len(items), start, count), inverted)
    return lists.list_get_by_index_range("b", start, LIST_VALUE, count, inverted), inside, items


def list_remove_by_index_range(draw, items):
    start, count, inverted = draw(places), draw(st.none() | counts), draw(flags)
    inside, outside = chosen(items, span(len(items), start, count), inverted)
    return lists.list_remove_by_index_range("b", start, LIST_VALUE, count, inverted), inside, outside


def same(a, b):
    """Equal for the server: True is no 1."""
    return type(a) is type(b) and a == b


def list_get_by_value(draw, items):
    value, inverted = draw(scalars), draw(flags)
    inside, _ = chosen(items, [i for i, item in enumerate(items) if same(item, value)], inverted)
    return lists.list_get_by_value("b", value, LIST_COUNT, inverted), len(inside), items


def list_remove_by_value_list(draw, items):
    values, inverted = draw(st.lists(scalars, min_size=1, max_size=4)), draw(flags)
    found = [i for i, item in enumerate(items) if any(same(item, value) for value in values)]
    inside, outside = chosen(items, found, inverted)
    return lists.list_remove_by_value_list("b", values, LIST_COUNT, inverted), len(inside), outside


def list_clear(draw, items):
    return lists.list_clear("b"), None, []


LIST_STEPS = [
    list_append,
    list_append_items,
    list_insert,
    list_set,
    list_pop,
    list_trim,
    list_get_by_index_range,
    list_remove_by_index_range,
    list_get_by_value,
    list_remove_by_value_list,
    list_clear,
]


# ---- maps ----

keys = st.sampled_from(["", "a", "b", "ab", "é", "k\0", b"", b"\x01", -3, 0, 7, 2**40])


def ordered(entries):
    """The keys in the server's order: numbers, then texts, then bytes."""
    return sorted(
        entries, key=lambda key: ((int, str, bytes).index(type(key)), key.encode() if isinstance(key, str) else key)
    )


def map_put(draw, entries):
    key, value = draw(keys), draw(scalars)
    after = {**entries, key: value}
    return maps.map_put("b", key, value), len(after), after


def map_put_items(draw, entries):
    items = draw(st.dictionaries(keys, scalars, max_size=4))
    after = {**entries, **items}
    return maps.map_put_items("b", items), len(after), after


def map_get_by_key(draw, entries):
    key = draw(keys)
    return maps.map_get_by_key("b", key, MAP_VALUE), entries.get(key), entries


def map_remove_by_key_list(draw, entries):
    wanted, inverted = draw(st.lists(keys, min_size=1, max_size=4, unique=True)), draw(flags)
    gone = [key for key in entries if (key in wanted) != inverted]
    return (
        maps.map_remove_by_key_list("b", wanted, MAP_COUNT, inverted),
        len(gone),
        {key: value for key, value in entries.items() if key not in gone},
    )


def map_get_by_index_range(draw, entries):
    start, count, inverted = draw(places), draw(counts), draw(flags)
    inside, _ = chosen(ordered(entries), span(len(entries), start, count), inverted)
    return maps.map_get_by_index_range("b", start, count, MAP_KEY, inverted), inside, entries


def map_remove_by_index_range(draw, entries):
    start, count, inverted = draw(places), draw(counts), draw(flags)
    inside, outside = chosen(ordered(entries), span(len(entries), start, count), inverted)
    after = {key: entries[key] for key in outside}
    return maps.map_remove_by_index_range("b", start, count, MAP_KEY, inverted), inside, after


def map_get_by_key_range(draw, entries):
    low, high = sorted(draw(st.tuples(st.integers(-9, 9), st.integers(-9, 9))))
    inside = [key for key in ordered(entries) if isinstance(key, int) and low <= key < high]
    return maps.map_get_by_key_range("b", low, high, MAP_KEY), inside, entries


def map_get_by_value(draw, entries):
    value, inverted = draw(scalars), draw(flags)
    found = [key for key in ordered(entries) if same(entries[key], value) != inverted]
    return maps.map_get_by_value("b", value, MAP_COUNT, inverted), len(found), entries


def map_clear(draw, entries):
    return maps.map_clear("b"), None, {}


MAP_STEPS = [
    map_put,
    map_put_items,
    map_get_by_key,
    map_remove_by_key_list,
    map_get_by_index_range,
    map_remove_by_index_range,
    map_get_by_key_range,
    map_get_by_value,
    map_clear,
]


# ---- many steps, each of its own or all in one command ----


def shown(value):
    """Comparable, types included."""
    return repr(sorted(value.items(), key=repr)) if isinstance(value, dict) else repr(value)


def check(client, key, data, before, steps):
    client.put(key, {"other": 0, "b": before})
    state, operations, results = before, [], []
    for _ in range(data.draw(st.integers(1, 6))):
        operation, result, state = data.draw(st.sampled_from(steps))(data.draw, state)
        operations.append(operation)
        results.append(result)
    if data.draw(flags):
        answers = client.operate_ordered(key, [*operations, op.read("b")])[2]
    else:
        answers = [answer for one in [*operations, op.read("b")] for answer in client.operate_ordered(key, [one])[2]]
    assert shown(answers[-1][1]) == shown(state)
    given = [value for _, value in answers[:-1]]
    assert shown([value for value in given if value is not None]) == shown([r for r in results if r is not None])


@quick
@hypothesis.given(data=st.data(), before=st.lists(scalars, max_size=8))
def test_lists(client, key, data, before):
    check(client, key, data, before, LIST_STEPS)


@quick
@hypothesis.given(
    data=st.data(),
    before=st.dictionaries(keys, scalars, max_size=8),
    order=st.sampled_from([dict, aerospike.KeyOrderedDict]),
)
def test_maps(client, key, data, before, order):
    check(client, key, data, order(before), MAP_STEPS)


def wrapped(draw, value):
    """A value within lists and maps, the context that leads to it, and how to get there in Python."""
    context, steps = [], []
    for _ in range(draw(st.integers(1, 3))):
        if draw(flags):
            before, after = draw(st.lists(scalars, max_size=3)), draw(st.lists(scalars, max_size=3))
            value = [*before, value, *after]
            place = draw(st.sampled_from([len(before), -1 - len(after)]))
            context.insert(0, cdt_ctx.cdt_ctx_list_index(place))
            steps.insert(0, len(before))
        else:
            key = draw(keys)
            value = {**draw(st.dictionaries(keys, scalars, max_size=3)), key: value}
            place = ordered(value).index(key)
            by_key, by_index = cdt_ctx.cdt_ctx_map_key(key), cdt_ctx.cdt_ctx_map_index(place)
            context.insert(0, draw(st.sampled_from([by_key, by_index])))
            steps.insert(0, key)
    return value, context, steps


@quick
@hypothesis.given(data=st.data(), before=st.lists(scalars, max_size=6) | st.dictionaries(keys, scalars, max_size=6))
def test_a_context_leads_to_the_same(client, key, data, before):
    """An operation on a list or map within others does what it does on a bin's."""
    outer, context, steps = wrapped(data.draw, before)
    kinds = LIST_STEPS if isinstance(before, list) else MAP_STEPS
    operation, _, after = data.draw(st.sampled_from(kinds))(data.draw, before)
    client.put(key, {"other": 0, "b": before, "c": outer})
    within = {**operation, "bin": "c", "ctx": context}
    results = client.operate_ordered(key, [operation, within])[2]
    assert len({shown(value) for _, value in results}) <= 1
    found = client.get(key)[2]["c"]
    for step in steps:
        found = found[step]
    assert shown(found) == shown(after)


@quick
@hypothesis.given(items=st.lists(st.integers(-9, 9), max_size=9), rank=places, count=st.none() | counts, inverted=flags)
def test_ranks(client, key, items, rank, count, inverted):
    client.put(key, {"b": items, "m": {f"k{i}": item for i, item in enumerate(items)}})
    inside, outside = chosen(sorted(items), span(len(items), rank, count), inverted)
    reads = [lists.list_get_by_rank_range("b", rank, LIST_VALUE, count, inverted)]
    if count is not None:
        reads.append(maps.map_get_by_rank_range("m", rank, count, MAP_VALUE, inverted))
    for _, got in client.operate_ordered(key, reads)[2]:
        assert sorted(got) == inside
    client.operate(key, [lists.list_remove_by_rank_range("b", rank, LIST_VALUE, count, inverted)])
    assert sorted(client.get(key)[2]["b"]) == outside


@quick
@hypothesis.given(items=st.lists(st.integers(-9, 9), max_size=9), low=st.none() | places, high=st.none() | places)
def test_value_ranges(client, key, items, low, high):
    client.put(key, {"b": items})
    inside = [item for item in items if (low is None or low <= item) and (high is None or item < high)]
    result = client.operate(key, [lists.list_get_by_value_range("b", LIST_VALUE, low, high)])[2]["b"]
    assert sorted(result) == sorted(inside)


@quick
@hypothesis.given(items=st.lists(scalars.filter(lambda value: value is not True), max_size=9))
def test_ordered_lists_are_sorted(client, key, items):
    """In the same order that a sort gives."""
    client.put(key, {"b": None, "c": items})
    policy = {"list_order": aerospike.LIST_ORDERED}
    client.operate(key, [lists.list_append_items("b", items, policy)])
    client.operate(key, [lists.list_sort("c")])
    bins = client.get(key)[2]
    assert bins.get("b", []) == bins["c"]
    integers = [item for item in bins["c"] if isinstance(item, int)]
    assert integers == sorted(integers)
