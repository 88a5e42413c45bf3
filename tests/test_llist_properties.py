# SPDX-License-Identifier: Apache-2.0
"""Random programs over several LLists, two of them in one record, against sorted Python lists."""

import bisect

import hypothesis
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from aerospike import exception

MISSING, THERE = exception.LargeItemNotFound, exception.LDTUniqueKeyError
PAGE = 300  # bytes: a handful of elements, so that pages split often

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60)
KINDS = {
    "numbers": st.integers(-40, 40) | st.sampled_from([2**63 - 1, -(2**63)]),
    "texts": st.sampled_from([f"{letter * 30}{number}" for letter in "abc" for number in range(12)]) | texts,
    "bytes": st.integers(0, 60).map(lambda n: bytes([n]) * (n + 1)),
    "floats": st.integers(-50, 50).map(lambda n: n / 4),
    "dicts": st.builds(lambda key, size: {"key": key, "text": "x" * size}, st.integers(0, 50), st.integers(0, 120)),
}
names = st.sampled_from(list(KINDS))


def key_of(element):
    return element["key"] if isinstance(element, dict) else element


class Programs(RuleBasedStateMachine):
    client = make_key = None

    @initialize()
    def begin(self):
        one, other = self.make_key(), self.make_key()
        homes = {"numbers": one, "texts": one, "bytes": other, "floats": self.make_key(), "dicts": other}
        self.lists = {name: self.client.llist(homes[name], name) for name in KINDS}
        self.models = {name: {} for name in KINDS}
        for made in self.lists.values():
            made.set_page_size(PAGE)

    def raises(self, error, call, *arguments):
        with pytest.raises(error):
            call(*arguments)

    def elements(self, name):
        return [element for _, element in sorted(self.models[name].items())]

    @rule(name=names, data=st.data())
    def add(self, name, data):
        element, model = data.draw(KINDS[name]), self.models[name]
        if key_of(element) in model:
            self.raises(THERE, self.lists[name].add, element)
        else:
            self.lists[name].add(element)
            model[key_of(element)] = element

    @rule(name=names, data=st.data())
    def update(self, name, data):
        element = data.draw(KINDS[name])
        self.lists[name].update(element)
        self.models[name][key_of(element)] = element

    @rule(name=names, data=st.data())
    def add_many(self, name, data):
        drawn = data.draw(st.lists(KINDS[name], max_size=30, unique_by=key_of))
        new = [element for element in drawn if key_of(element) not in self.models[name]]
        self.lists[name].add_many(new)
        self.models[name].update((key_of(element), element) for element in new)

    @rule(name=names, data=st.data())
    def update_many(self, name, data):
        drawn = data.draw(st.lists(KINDS[name], max_size=30, unique_by=key_of))
        self.lists[name].update_many(drawn)
        self.models[name].update((key_of(element), element) for element in drawn)

    @rule(name=names, data=st.data(), there=st.booleans())
    def remove(self, name, data, there):
        model = self.models[name]
        key = data.draw(st.sampled_from(sorted(model)) if model and there else KINDS[name].map(key_of))
        if key in model:
            self.lists[name].remove(key)
            del model[key]
        else:
            self.raises(MISSING, self.lists[name].remove, key)

    @rule(name=names, data=st.data())
    def remove_many(self, name, data):
        model = self.models[name]
        if model:
            keys = data.draw(st.lists(st.sampled_from(sorted(model)), unique=True))
            self.lists[name].remove_many(keys)
            for key in keys:
                del model[key]

    @rule(name=names, data=st.data())
    def get(self, name, data):
        key, model = key_of(data.draw(KINDS[name])), self.models[name]
        assert self.lists[name].exists(key) == (key in self.lists[name]) == (key in model)
        if key in model:
            assert self.lists[name].get(key) == model[key]
        else:
            self.raises(MISSING, self.lists[name].get, key)

    @rule(name=names, data=st.data(), count=st.integers(1, 40))
    def find(self, name, data, count):
        key, model, made = key_of(data.draw(KINDS[name])), self.elements(name), self.lists[name]
        place = bisect.bisect_left([key_of(element) for element in model], key)
        assert made.find_from(key, count) == model[place : place + count]
        assert made.find_first(count) == model[:count]
        assert made.find_last(count) == model[::-1][:count]

    @rule(name=names, data=st.data())
    def range_limit(self, name, data):
        low, high = sorted((key_of(data.draw(KINDS[name])), key_of(data.draw(KINDS[name]))))
        wanted = [element for element in self.elements(name) if low <= key_of(element) <= high]
        assert self.lists[name].range_limit(low, high) == wanted

    @rule(name=names)
    def destroy(self, name):
        if self.models[name]:
            self.lists[name].destroy()
            self.models[name] = {}
        self.lists[name].set_page_size(PAGE)

    def teardown(self):
        for made in getattr(self, "lists", {}).values():
            made.destroy()

    @invariant()
    def all_is_there(self):
        for name in getattr(self, "lists", ()):
            wanted = self.elements(name)
            assert list(self.lists[name]) == self.lists[name].filter() == wanted
            assert len(self.lists[name]) == len(wanted)


def test_random_programs(client, make_key):
    class Here(Programs):
        pass

    Here.client, Here.make_key = client, staticmethod(make_key)
    settings = hypothesis.settings(max_examples=30, stateful_step_count=25, deadline=None)
    hypothesis.stateful.run_state_machine_as_test(Here, settings=settings)


def test_a_hundred_thousand(client, make_key):
    numbers, size = client.llist(make_key(), "numbers"), 100_000
    for first in range(0, size, 5000):
        numbers.add_many(range(first, first + 5000))
    assert numbers.size() == size
    assert list(numbers) == list(range(size))
    assert numbers.find_last(2) == [size - 1, size - 2]
    assert numbers.find_from(54321, 3) == [54321, 54322, 54323]
    with pytest.raises(THERE):
        numbers.add(77777)
    numbers.destroy()
    assert numbers.size() == 0
