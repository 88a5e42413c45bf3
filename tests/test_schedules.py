# SPDX-License-Identifier: Apache-2.0
"""The explorer of schedules goes through all of them, and finds what only one of them shows."""

import random

import pytest
from schedules import Explored, Play, explore

import aerospike
from aerospike import exception
from aerospike_helpers.operations import operations as op

pytestmark = pytest.mark.embedded_only("schedules are played for nobody else to see")


def count_up(client, key):
    """An increment as nobody should write it."""
    had = client.get(key)[2]["n"]
    client.put(key, {"n": had + 1})
    return had


def count(client, key):
    return client.operate(key, [op.increment("n", 1), op.read("n")])[2]["n"]


@pytest.fixture
def ends(client, make_key):
    """``ends(actors, deaths)``: what was explored, and the numbers that schedules led to."""

    def found(function, actors, deaths=0):
        seen = []

        def make():
            key = make_key()
            client.put(key, {"n": 0})
            play = Play(
                client,
                [[("count", function, (key,))]] * actors,
                named=lambda it: str(it).replace(str(key[2]), "counter"),
                before=[key],
            )
            play.key = key
            return play

        explored = explore(make, lambda play: seen.append(client.get(play.key)[2]["n"]), deaths)
        return explored, set(seen)

    return found


def test_an_update_that_is_lost_is_found(ends):
    explored, numbers = ends(count_up, 2)
    assert explored.schedules == 6  # two commands of each: 4! / (2! 2!)
    assert numbers == {1, 2}


def test_what_is_atomic_is_lost_in_no_schedule(ends):
    explored, numbers = ends(count, 3)
    assert explored.schedules == 6
    assert explored.plays == 6  # each of them has other answers
    assert numbers == {3}


def test_actors_die_at_every_command_but_the_first(ends):
    explored, numbers = ends(count_up, 1, deaths=1)
    assert explored == Explored(2, 4, 2)
    assert numbers == {0, 1}


def test_what_check_finds_is_told_with_its_schedule(client, make_key):
    def check(play):
        raise AssertionError("as it should not be")

    key = make_key()
    client.put(key, {"n": 1})
    with pytest.raises(AssertionError, match=r"(?s)as it should not be.*0: get .*0: put .*result=1"):
        explore(lambda: Play(client, [[("count", count_up, (key,))]]), check)


def test_ways_to_the_same_are_gone_on_with_once(client, make_key):
    keys = [make_key(), make_key()]

    def read(client, key):
        return [client.exists(key)[1] for _ in range(3)]

    explored = explore(
        lambda: Play(client, [[("read", read, (key,)), ("read", read, (key,))] for key in keys]), lambda play: None
    )
    assert explored.schedules == 924  # 12! / (6! 6!)
    assert explored.plays < 100


COMMANDS = {
    "look": lambda client, key: client.exists(key)[1],
    "read": lambda client, key: client.get(key)[2],
    "write": lambda client, key: client.put(key, {"n": 5}),
    "count": lambda client, key: client.operate(key, [op.increment("n", 1), op.read("n")])[2],
    "make": lambda client, key: client.put(key, {"n": 7}, policy={"exists": aerospike.POLICY_EXISTS_CREATE}),
    "remove": lambda client, key: client.remove(key),
}


def by_chance(client, keys, seed):
    """Two commands, the second of which may follow from the first's answer."""
    chance, found = random.Random(seed), []
    for _ in range(2):
        name, key = chance.choice(list(COMMANDS)), chance.choice(keys)
        try:
            found.append(COMMANDS[name](client, key))
        except exception.AerospikeError as error:
            found.append(type(error).__name__)
        if found[-1] is None:
            break
    return found


@pytest.mark.parametrize("seed", range(6))
def test_one_order_is_enough_of_what_cannot_see_each_other(client, make_key, seed):
    ends = {False: set(), True: set()}

    def run(reduced):
        def make():
            keys = [make_key() for _ in range(3)]
            for key in keys[:2]:
                client.put(key, {"n": 0})

            def named(it):
                for number, key in enumerate(keys):
                    it = str(it).replace(str(key[2]), f"record {number}")
                return it

            calls = [[("chance", by_chance, (keys, f"{seed} {actor} {call}")) for call in (0, 1)] for actor in (0, 1)]
            return Play(client, calls, named, keys)

        return explore(make, lambda play: ends[reduced].add(play.state()), seed % 2, None, reduced)

    whole, few = run(False), run(True)
    assert ends[False] == ends[True]
    assert (few.schedules, few.states) == (whole.schedules, whole.states)
    assert few.plays <= whole.plays


def test_actors_that_wait_for_each_other_are_found(client, key):
    client.put(key, {"turn": 3})

    def wait(client):
        while client.get(key)[2]["turn"] != 1:
            pass

    with pytest.raises(AssertionError, match="did not bring its calls to their end"):
        explore(lambda: Play(client, [[("wait", wait, ())]]), lambda play: None)
