# SPDX-License-Identifier: Apache-2.0
"""The explorer of schedules goes through all of them, and finds what only one of them shows."""

import itertools
import random

import pytest
from schedules import Explored, Play, explore
from stepped import Actor, answer_of, packed

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
        key, seen = make_key(), set()
        calls = [[("count", function, (key,))]] * actors
        play = Play(client, make_key, calls, lambda client: client.put(key, {"n": 0}))
        explored = explore(play, lambda state: seen.add(play.client(state).get(key)[2]["n"]), deaths)
        return explored, seen

    return found


def test_an_update_that_is_lost_is_found(ends):
    explored, numbers = ends(count_up, 2)
    assert explored.schedules == 6  # two commands of each: 4! / (2! 2!)
    assert numbers == {1, 2}


def test_what_is_atomic_is_lost_in_no_schedule(ends):
    explored, numbers = ends(count, 3)
    assert (explored.schedules, explored.ends) == (6, 6)  # each of them has other answers
    assert numbers == {3}


def test_actors_die_at_every_command_but_the_first(ends):
    explored, numbers = ends(count_up, 1, deaths=1)
    assert explored == Explored(2, 4, 2)
    assert numbers == {0, 1}


def test_what_check_finds_is_told_with_its_schedule(client, make_key):
    def check(state):
        raise AssertionError("as it should not be")

    key = make_key()
    play = Play(client, make_key, [[("count", count_up, (key,))]], lambda client: client.put(key, {"n": 1}))
    with pytest.raises(AssertionError, match=r"(?s)as it should not be.*0: get .*0: put .*result=1"):
        explore(play, check)


def test_ways_to_the_same_are_gone_on_with_once(client, make_key):
    keys = [make_key(), make_key()]

    def read(client, key):
        return [client.exists(key)[1] for _ in range(3)]

    calls = [[("read", read, (key,)), ("read", read, (key,))] for key in keys]
    explored = explore(Play(client, make_key, calls), lambda state: None)
    assert explored.schedules == 924  # 12! / (6! 6!)
    assert explored.states < 200


COMMANDS = {
    "look": lambda client, key: client.exists(key)[1] is not None,
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
        if found[-1] is False:
            break
    return found


def orders(lengths):
    """All orders of so many steps of each."""
    whole = [number for number, length in enumerate(lengths) for _ in range(length)]
    return sorted(set(itertools.permutations(whole)))


@pytest.mark.parametrize("seed", range(6))
def test_each_order_ends_as_it_does_on_the_server(client, make_key, seed):
    keys = [make_key() for _ in range(3)]
    calls = [[("chance", by_chance, (keys, f"{seed} {actor} {call}")) for call in (0, 1)] for actor in (0, 1)]

    def before(client):
        for key in [key for key in keys if client.exists(key)[1] is not None]:
            client.remove(key)
        for key in keys[:2]:
            client.put(key, {"n": 0})

    def told(client, done):
        there = [client.get(key)[2] if client.exists(key)[1] is not None else None for key in keys]
        return packed([there, [call[-1] for call in done]])

    play, explored, carried_out = Play(client, make_key, calls, before), set(), set()
    explore(play, lambda state: explored.add(told(play.client(state), play.done(state))))
    for order in orders([4, 4]):
        before(client)
        actors = [Actor(client, f"actor {number}", given) for number, given in enumerate(calls)]
        for number in (*order, *[0] * 4, *[1] * 4):
            if (command := actors[number].waits) is not None:
                actors[number].tell(answer_of(client, command))
        carried_out.add(told(client, [call for actor in actors for call in actor.done]))
    assert explored == carried_out


def test_actors_that_wait_for_each_other_are_found(client, make_key):
    key = make_key()

    def wait(client):
        while client.get(key)[2]["turn"] != 1:
            pass

    play = Play(client, make_key, [[("wait", wait, ())]], lambda client: client.put(key, {"turn": 3}))
    with pytest.raises(AssertionError, match="did not bring its calls to their end"):
        explore(play, lambda state: None)


def test_what_is_known_for_the_same_comes_back_for_ever(client, make_key):
    key = make_key()

    def wait(client):
        while client.exists(key)[1] is None:
            pass

    play = Play(client, make_key, [[("wait", wait, ())]], memory=lambda actor: "the same")
    with pytest.raises(AssertionError, match="did not bring its calls to their end"):
        explore(play, lambda state: None)
