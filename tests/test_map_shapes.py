# SPDX-License-Identifier: Apache-2.0
"""Maps that are alike, many of them: their dicts are copies of one, which nobody can tell but by their size."""

import gc
import random
import sys

import pytest

MANY = 600  # more than it takes to learn that maps are alike


@pytest.fixture
def back(client, make_key):
    """Write a value and read it back."""
    key = make_key()

    def pass_through(value):
        client.put(key, {"v": value})
        return client.get(key)[2]["v"]

    yield pass_through
    client.remove(key)


def named(count, number=0):
    return {f"name{i}": number + i for i in range(count)}


@pytest.mark.parametrize("count", [1, 2, 3, 24, 25, 100, 256, 257, 400])
def test_alike_maps_come_back(back, count):
    maps = [named(count, number) for number in range(max(2 * 256 // count, 3))]
    order = list(back(maps[:1])[0])  # the server's own
    for _ in range(MANY // len(maps) + 1):
        got = back(maps)
        assert got == maps
        assert all(list(one) == order for one in got)


MANY_SHARED = pytest.param(24, marks=pytest.mark.skipif(sys.version_info < (3, 11), reason="CPython 3.10 shares five"))


@pytest.mark.parametrize("count", [3, MANY_SHARED])
def test_alike_maps_take_less_memory(back, count):
    for _ in range(2):
        got = back([named(count, number) for number in range(MANY)])
    sizes = {sys.getsizeof(one) for one in got}
    assert max(sizes) < sys.getsizeof(dict.fromkeys(named(count)))


def test_what_one_map_is_changed_to_no_other_has(back):
    for _ in range(2):
        first, second, third = back([named(5, number) for number in range(MANY)])[-3:]
    first["name0"], first["more"] = "changed", 1
    del second["name1"]
    second[7] = None
    third.clear()
    got = back([named(5, number) for number in range(3)])
    assert got == [named(5, number) for number in range(3)]
    assert (first["name1"], second["name2"], len(third)) == (MANY - 2, MANY, 0)


def test_maps_that_are_nearly_alike(back):
    """The same first key and count as many before, and then another name, order, kind of key or end."""
    assert back([named(4, number) for number in range(MANY)])[-1] == named(4, MANY - 1)
    strange = [
        {"name0": 0, "name1": 1, "name2": 2, "other": 3},
        {"name0": 0, "name1": 1, "name3": 3, "name2": 2},
        {"name0": 0, "other": 1, "name1": 2, "name2": 3},
        {"name0": 0, 1: 1, "name1": 2, b"name3": 3},
        {"name0": 0, "name1": 1, "é": 2, "x" * 300: 3},
        {"name0": 0, "name1": 1, "name2": 2},
    ]
    for one in strange:
        (got, after) = back([one, named(4)])
        assert got == one
        assert {*got} == {*one}
        assert after == named(4)


def test_shapes_are_given_up_for_others(back):
    """What is alike changes again and again."""
    chance = random.Random(5)
    kinds = [named(count) for count in (3, 4, 5, 30)] + [{"name0": 1, "b": 2, "c": 3}, {"name0": 1, "c": 2, "b": 3}]
    for _ in range(20):
        maps = [dict(chance.choice(kinds[-2:] if chance.random() < 0.5 else kinds)) for _ in range(200)]
        more = [chance.choice(kinds)] * 300
        assert back(maps + more) == maps + more


def test_within_each_other(back):
    def nested(number):
        return {"a": named(3, number), "b": [named(3, number), named(4)], "c": {"a": number, "b": named(3), "c": None}}

    for _ in range(3):
        got = back([nested(number) for number in range(MANY)])
        assert got == [nested(number) for number in range(MANY)]


def test_the_collector_looks_only_at_what_it_must(back):
    for _ in range(2):
        got = back([{"a": 1, "b": "text", "c": 2.5} for _ in range(MANY)])
        holding = back([{"a": 1, "b": [], "c": {}} for _ in range(MANY)])
    assert {gc.is_tracked(one) for one in got} == {gc.is_tracked(dict.fromkeys("abc", 1))}
    assert all(map(gc.is_tracked, holding))


BLOBS = [{"name0": number, "name1": b"text", "name2": number} for number in range(MANY)]


def test_the_work_of_a_conversion_reads_maps_itself(client, connect, make_key, back):
    """A deserializer that reads other maps, alike and not, in the middle of one that is alike."""
    outer, inner = make_key(), make_key()
    client.put(outer, {"v": BLOBS})
    client.put(inner, {"v": [{"name0": 0, "name1": 1, "other": number} for number in range(3 * MANY)]})
    asked = []

    def deserialize(data):
        asked.append(data)
        if len(asked) % MANY == MANY - 1:
            assert len(client.get(inner)[2]["v"]) == 3 * MANY
        return data.encode()

    reader = connect(serialization=(None, deserialize))
    for _ in range(4):
        assert back([named(3, number) for number in range(MANY)])[-1] == named(3, MANY - 1)
        assert reader.get(outer)[2]["v"] == BLOBS
    assert len(asked) == 4 * MANY


def test_a_map_that_fails_in_its_middle(client, connect, make_key):
    """An error after a copy was begun leaves no trace in the next one."""
    key = make_key()
    client.put(key, {"v": BLOBS})
    asked = []

    def deserialize(data):
        asked.append(data)
        if len(asked) == 2 * MANY - 1:
            raise KeyboardInterrupt
        return data.encode()

    reader = connect(serialization=(None, deserialize))
    assert reader.get(key)[2]["v"] == BLOBS
    with pytest.raises(KeyboardInterrupt):
        reader.get(key)
    assert reader.get(key)[2]["v"] == BLOBS
