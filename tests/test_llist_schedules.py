# SPDX-License-Identifier: Apache-2.0
"""An LList under two writers and a reader: every schedule of their commands, of which each end is audited.

LLIST_SCHEDULES=all plays those that are left out by default, too: they take an hour.
"""

import collections
import os
import threading

import pytest
from llist_audit import Watched, whole
from llist_model import check
from schedules import Play, explore

import aerospike
from aerospike import _llist_tree

pytestmark = pytest.mark.embedded_only("schedules are played for nobody else to see")
READS = {"get": (4,), "filter": (), "size": (), "find_from": (4, 4)}
LONG = {"many and many"}
ALL = os.environ.get("LLIST_SCHEDULES") == "all"
PAGE = 256  # bytes, the least: half a dozen elements
WIDTH = 30


def elements_of(*numbers):
    return [f"{number:0{WIDTH}}" for number in numbers]


FULL = range(0, 14, 2)  # a page that the next element splits
PAGES = range(0, 24, 2)  # several

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
    "destroyed twice": (PAGES, [("destroy",)], [("destroy",), ("add", 3)]),
    "many and many": (FULL, [("add_many", (1, 3, 5))], [("add_many", (7, 9, 11))]),
}


def given(name, arguments):
    """What a call of the tables is given: elements in the place of numbers."""
    if name == "find_from":
        return (*elements_of(arguments[0]), arguments[1])
    if name.endswith("_many"):
        return (elements_of(*arguments[0]),)
    return tuple(elements_of(*arguments))


def call(key, name, arguments):
    return (name, lambda client, *values: getattr(aerospike.LList(client, key, "l"), name)(*values), arguments)


class Ids:
    """Ids that are the same in each play, but for its number."""

    def __init__(self):
        self.play, self.made = 0, collections.Counter()

    def begin(self):
        self.play += 1
        self.made.clear()
        return f"<{self.play:06}>"

    def __call__(self):
        who = threading.current_thread().name[-1]
        self.made[who] += 1
        return f"<{self.play:06}>{who}{self.made[who]}".encode()


IDS = Ids()


@pytest.fixture
def explored(client, make_key, monkeypatch, record_property):
    """``explored(before, actors)`` plays all, and asks the model and the audit about each end."""

    monkeypatch.setattr(_llist_tree, "new_id", IDS)

    def run(before, actors, switches, deaths=0):
        def make():
            mark = IDS.begin()
            key, watched = make_key(), Watched(client)
            elements = aerospike.LList(watched.client, key, "l")
            elements.set_page_size(PAGE)
            elements.add_many(elements_of(*before))
            calls = [[call(key, name, given(name, rest)) for name, *rest in actor] for actor in actors]
            play = Play(client, calls, named=lambda it: str(it).replace(str(key[2]), "list").replace(mark, ""))
            play.home, play.before = key, watched.keys
            return play

        def ends(play):
            check(elements_of(*before), play.done(), whole(client, play.home, "l", play.keys | play.before))

        found = explore(make, ends, deaths, None if ALL else switches)
        record_property("explored", found)
        return found

    return run


def scenes(*few):
    return pytest.mark.parametrize(
        "scene", WRITERS if ALL else few or [scene for scene in WRITERS if scene not in LONG]
    )


@scenes()
def test_two_writers(explored, scene):
    before, *actors = WRITERS[scene]
    assert explored(before, actors, 3 if scene == "destroyed with pages" else 2).schedules > 1


@scenes("first spreading", "a page splits")
@pytest.mark.parametrize("read", READS)
def test_two_writers_and_a_reader(explored, scene, read):
    before, *actors = WRITERS[scene]
    assert explored(before, [*actors, [(read, *READS[read])]], 1).schedules > 1


@scenes("first spreading", "two pages split", "removed and added", "destroyed", "destroyed with pages")
def test_a_writer_dies_beside_another(explored, scene):
    before, *actors = WRITERS[scene]
    assert explored(before, actors, 1, deaths=1).schedules > 1
