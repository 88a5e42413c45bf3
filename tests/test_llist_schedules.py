# SPDX-License-Identifier: Apache-2.0
"""An LList under two writers and a reader: every schedule of their commands, of which each end is audited.

By default the larger scenes have few switches from one actor to another. ``make schedules`` (LLIST_SCHEDULES=all) goes
through all but of the vast ones, and tells how many they were.
"""

import collections
import os
import threading

import pytest
from llist_audit import Watched, whole
from llist_model import check
from remembered import remembered
from schedules import Play, explore, plain

import aerospike
from aerospike import _llist_tree

pytestmark = pytest.mark.embedded_only("schedules are played for nobody else to see")
READS = {"get": (4,), "filter": (), "size": (), "find_from": (4, 4)}
LONG = {"many and many"}
SHORT = {  # all of each, by default, too
    "one key added twice",
    "two pages split",
    "removed and added",
    "added again",
    "updated and removed",
    "destroyed twice",
}
# Of these not even all are: they would take hours.
VAST_WITH_A_DEATH = {"first spreading", "many and many"}
VAST_WITH_A_READER = {"first spreading", "destroyed", "destroyed with pages", "many and many"}
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
        return f"#{self.play:06}#"

    def __call__(self):
        who = threading.current_thread().name[-1]
        self.made[who] += 1
        return f"#{self.play:06}#{who}{self.made[who]}".encode()


IDS = Ids()


def knows(actor):
    """All that an actor's further commands, and its results, can follow from.

    What a read of many has found so far lies where no variable shows it.
    """
    hidden = actor.answers if any(name in READS for name, *_ in actor.calls) else None
    return remembered(actor.frame), IDS.made[actor.name[-1]], hidden


def made_late(play):
    """The records of writers that died in the call in which they had made them anew, when they had been removed.

    Where a writer stops before it creates a page, others finish the split for it and destroy the list, then its late
    "create" cannot be refused: nothing is left that could remember the page. It sees that, and takes the record back,
    if it lives; docs/contributing/llist.md says why no order of commands does more. Such a record may be left.
    """
    return {actor.anew for actor in play.actors if actor.died}


@pytest.fixture
def explored(client, make_key, monkeypatch, record_property):
    """``explored(before, actors)`` plays all, and asks the model and the audit about each end."""

    monkeypatch.setattr(_llist_tree, "new_id", IDS)

    def run(before, actors, switches=None, deaths=0, memory=knows, reduced=True, came=None):
        def make():
            mark = IDS.begin()
            key, watched = make_key(), Watched(client)
            elements = aerospike.LList(watched.client, key, "l")
            elements.set_page_size(PAGE)
            elements.add_many(elements_of(*before))
            calls = [[call(key, name, given(name, rest)) for name, *rest in actor] for actor in actors]

            def named(it):
                return str(it).replace(str(key[2]), "list").replace(mark, "")

            play = Play(client, calls, named, {key, *watched.keys}, memory)
            play.home, play.before = key, watched.keys
            return play

        def ends(play):
            late = made_late(play)
            keys = {key for key in play.keys | play.before if play.named(key[2]) not in late}
            after = whole(client, play.home, "l", keys)
            check(elements_of(*before), play.done(), after)
            if came is not None:
                came.add(
                    play.named(
                        [after, [[(one.name, plain(one.result)) for one in actor.done] for actor in play.actors]]
                    )
                )

        found = explore(make, ends, deaths, switches, reduced)
        record_property("explored", found)
        print(found)
        return found

    return run


def scenes(*few):
    return pytest.mark.parametrize(
        "scene", WRITERS if ALL else few or [scene for scene in WRITERS if scene not in LONG]
    )


@scenes()
def test_two_writers(explored, scene):
    before, *actors = WRITERS[scene]
    assert explored(before, actors, None if ALL or scene in SHORT else 2).schedules > 1


@scenes("first spreading", "a page splits")
@pytest.mark.parametrize("read", READS)
def test_two_writers_and_a_reader(explored, scene, read):
    before, *actors = WRITERS[scene]
    switches = None if ALL and scene not in VAST_WITH_A_READER else 1
    assert explored(before, [*actors, [(read, *READS[read])]], switches).schedules > 1


@scenes("first spreading", "two pages split", "removed and added", "destroyed", "destroyed with pages")
def test_a_writer_dies_beside_another(explored, scene):
    before, *actors = WRITERS[scene]
    whole = scene not in VAST_WITH_A_DEATH if ALL else scene == "two pages split"
    assert explored(before, actors, None if whole else 1, deaths=1).schedules > 1


@pytest.mark.parametrize("scene", ["added again", "updated and removed"])
def test_nothing_is_left_out_by_what_is_held_for_the_same(explored, scene):
    before, *actors = WRITERS[scene]
    all_ends, ends = set(), set()
    every = explored(before, actors, memory=None, reduced=False, came=all_ends)
    few = explored(before, actors, came=ends)
    assert ends == all_ends
    assert (few.schedules, few.plays < every.plays) == (every.schedules, True)
