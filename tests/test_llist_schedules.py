# SPDX-License-Identifier: Apache-2.0
"""An LList under two writers and a reader: every schedule of their commands, of which each end is audited.

``make schedules`` (LLIST_SCHEDULES=all) goes through all scenes, and tells how many schedules they were.
"""

import collections
import os
import threading

import pytest
from llist_audit import Watched, audit, whole
from llist_model import check
from remembered import remembered
from schedules import Play, explore
from stepped import Actor, answer_of, packed

import aerospike
from aerospike import _llist_tree

pytestmark = [pytest.mark.embedded_only("schedules are played for nobody else to see"), pytest.mark.foreign]
READS = {"get": (4,), "filter": (), "size": (), "find_from": (4, 4)}
READERS = {*READS, "find_last"}
ALL = os.environ.get("LLIST_SCHEDULES") == "all"
PAGE = 256  # bytes, the least: half a dozen elements
WIDTH = 30


def elements_of(*numbers):
    return [f"{number:0{WIDTH}}" for number in numbers]


FULL = range(0, 14, 2)  # a page that the next element splits
PAGES = range(0, 24, 2)  # several

MANY = "many and many"
# name: (numbers in the list before, calls of the writers)
WRITERS = {
    "one key added twice": (FULL[:3], [("add", 3)], [("add", 3)]),
    "first spreading": (FULL, [("add", 3)], [("add", 7)]),
    "a page splits": (PAGES, [("add", 3)], [("add", 7)]),
    "two pages split": (PAGES, [("add", 3)], [("add", 21)]),
    "removed and added": (PAGES, [("remove", 4)], [("add", 5)]),
    "added again": (PAGES, [("remove", 4)], [("add", 4)]),
    "updated and removed": (PAGES, [("update", 4)], [("remove", 4)]),
    "destroyed": (FULL, [("destroy",)], [("add", 3)]),
    "destroyed with pages": (PAGES, [("destroy",)], [("add", 3)]),
    "destroyed and added again": (PAGES, [("destroy",)], [("add", 4)]),
    "destroyed twice": (PAGES, [("destroy",)], [("destroy",), ("add", 3)]),
    MANY: (FULL, [("add_many", (1, 3, 5))], [("add_many", (7, 9, 11))]),
}
THIRD = {"adds": ("add", 5), "removes": ("remove", 6), "destroys": ("destroy",)}


def given(name, arguments):
    """What a call of the tables is given: elements in the place of numbers."""
    if name == "find_from":
        return (*elements_of(arguments[0]), arguments[1])
    if name == "find_last":
        return arguments
    if name.endswith("_many"):
        return (elements_of(*arguments[0]),)
    return tuple(elements_of(*arguments))


def call(key, name, arguments):
    return (name, lambda client, *values: getattr(aerospike.LList(client, key, "l"), name)(*values), arguments)


class Ids:
    """Ids that are the same whenever a thread of that name makes them."""

    def __init__(self):
        self.made = collections.Counter()

    def __call__(self):
        thread = threading.current_thread()
        self.made[thread] += 1
        return f"{thread.name[-1]}{self.made[thread]}".encode()


def made_late(play, state):
    """The records of writers that died in the call in which they had made them anew, when they had been removed.

    Where a writer stops before it creates a page, others finish the split for it and destroy the list, then its late
    "create" cannot be refused: nothing is left that could remember the page. It sees that, and takes the record back,
    if it lives; docs/contributing/llist.md says why no order of commands does more. Such a record may be left.
    """
    return {part.anew for part in state.parts if part.died}


class Scene:
    """Calls of actors on a list that has the elements ``before``, and had those that are ``gone``."""

    def __init__(self, client, make_key, ids, before, actors, memory=True, gone=()):
        self.key, self.before, self.gone = make_key(), elements_of(*before), elements_of(*gone)
        self.ids, self.reads = ids, [any(name in READERS for name, *_ in actor) for actor in actors]
        calls = [[call(self.key, name, given(name, rest)) for name, *rest in actor] for actor in actors]
        self.play = Play(client, make_key, calls, self.make, self.knows if memory else None)
        self.audited, self.came = {}, set()

    def make(self, client):
        self.ids.made.clear()
        elements = aerospike.LList(client, self.key, "l")
        elements.set_page_size(PAGE)
        elements.add_many([*self.before, *self.gone])
        elements.remove_many(self.gone)

    def knows(self, actor):
        """All that an actor's further commands, and its results, can follow from.

        What a read of many has found so far lies where no variable shows it.
        """
        hidden = actor.answers if self.reads[int(actor.thread.name[-1])] else None
        return remembered(actor.frame), self.ids.made[actor.thread], hidden

    def ends(self, state):
        """Asserts that what the calls answered, and what they led to, may be."""
        late = made_late(self.play, state)
        keys = {key for key in self.play.keys(state) if self.play.asked.place(key) not in late}
        known = state.contents, frozenset(keys)
        if known not in self.audited:
            self.audited[known] = whole(self.play.client(state), self.key, "l", keys)
        after, done = self.audited[known], self.play.done(state)
        check(self.before, done, after)
        self.came.add((packed(after), packed([(one.name, one.result) for one in done])))


@pytest.fixture
def explored(client, make_key, monkeypatch, record_property):
    """``explored(before, actors)`` goes through all, and asks the model and the audit about each end."""
    ids = Ids()
    monkeypatch.setattr(_llist_tree, "new_id", ids)

    def run(before, actors, deaths=0, memory=True, gone=()):
        scene = Scene(client, make_key, ids, before, actors, memory, gone)
        found = explore(scene.play, scene.ends, deaths)
        record_property("explored", found._asdict())
        print(found)
        return found, scene.came

    return run


def scenes(*few, vast=()):
    """The scenes that a test goes through: all of them, or a few; but for what is too vast for this test."""
    return pytest.mark.parametrize("scene", [scene for scene in WRITERS if scene not in vast] if ALL else few)


@scenes(*[scene for scene in WRITERS if scene != MANY])
def test_two_writers(explored, scene):
    before, *actors = WRITERS[scene]
    explored(before, actors)


@scenes("two pages split", "removed and added", "destroyed twice")
@pytest.mark.parametrize("read", READS)
def test_two_writers_and_a_reader(explored, scene, read):
    before, *actors = WRITERS[scene]
    explored(before, [*actors, [(read, *READS[read])]])


@scenes("a page splits", "two pages split", "removed and added", "destroyed", "destroyed with pages")
def test_a_writer_dies_beside_another(explored, scene):
    before, *actors = WRITERS[scene]
    explored(before, actors, deaths=1)


@scenes("two pages split")
def test_both_writers_die(explored, scene):
    before, *actors = WRITERS[scene]
    explored(before, actors, deaths=2)


@scenes("two pages split")
@pytest.mark.parametrize("read", ["get", "filter"])
def test_one_dies_of_two_writers_and_a_reader(explored, scene, read):
    before, *actors = WRITERS[scene]
    explored(before, [*actors, [(read, *READS[read])]], deaths=1)


@scenes("added again", vast={"first spreading", MANY})
@pytest.mark.parametrize("third", THIRD)
def test_three_writers(explored, scene, third):
    before, *actors = WRITERS[scene]
    explored(before, [*actors, [THIRD[third]]])


@pytest.mark.parametrize("read", [("filter",), ("find_last", 3), ("find_from", 4, 4)])
@pytest.mark.parametrize("write", [("add_many", range(17, 33, 2)), ("destroy",)])
def test_pages_that_are_empty_are_passed(explored, write, read):
    explored((0, 2, 56, 58), [[write], [read]], gone=range(4, 56, 2))


@pytest.mark.parametrize("scene", ["added again", "updated and removed"])
def test_nothing_is_left_out_by_what_is_held_for_the_same(explored, scene):
    before, *actors = WRITERS[scene]
    every, all_ends = explored(before, actors, memory=False)
    few, ends = explored(before, actors)
    assert ends == all_ends
    assert (few.schedules, few.states < every.states) == (every.schedules, True)


@pytest.fixture
def watched(client):
    return Watched(client)


@pytest.fixture
def elements(watched, make_key):
    elements = aerospike.LList(watched.client, make_key(), "l")
    elements.set_page_size(PAGE)
    return elements


def go_on(client, actor, until=lambda command: False):
    """Carries out an actor's commands up to one."""
    while actor.waits is not None and not until(actor.waits):
        actor.tell(answer_of(client, actor.waits))


def test_a_page_that_is_split_while_empty_ones_are_passed(client, elements):
    elements.add_many(elements_of(*range(0, 60, 2)))
    elements.remove_many(elements_of(*range(4, 56, 2)))
    reader = Actor(client, "reads", [call(elements.key, "find_last", (3,))])
    go_on(client, reader, lambda command: command.name == "batch_operate")  # of pages that it knows of their parent
    elements.add_many(elements_of(*range(15, 23)))
    elements.remove_many(elements_of(*range(15, 22)))
    go_on(client, reader)
    assert reader.done[0].result == elements_of(58, 56, 22)


def test_what_was_split_off_a_page_that_is_taken_back_goes_with_it(watched, elements):
    client, key = watched.client, elements.key
    elements.add_many(elements_of(*FULL))
    first, third = [Actor(client, "adds", [call(key, "add", elements_of(number))]) for number in (3, 5)]
    go_on(client, first, lambda command: command.name == "put")  # a page
    page = first.waits.key
    go_on(client, third, lambda command: command.key == page and command.name != "put")
    elements.destroy()
    go_on(client, first, lambda command: command.name != "put")  # the page, again
    go_on(client, third)
    assert len(watched.left()) == 3  # the root, the page and what the third has split off it
    go_on(client, first)
    assert audit(elements) == elements_of(3, 5)
    assert watched.left() == [key]
