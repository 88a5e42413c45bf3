# SPDX-License-Identifier: Apache-2.0
"""Every order in which the commands of several actors can reach the server, without a sleep.

An actor makes its calls on a thread of its own, through a client that stops before every command until it is told to go
on; so one thread runs at a time, and who is next is chosen. ``explore`` tries every choice, by playing again from the
start. What an actor does next follows from the answers that it has had, and what the server answers from its records:
two ways to where these are the same, and the order of the calls, have the same futures, and one of the ways is enough.

Two steps that cannot see each other, such as commands on two records, lead to the same whichever is first. One order of
them is played (sleep sets, with states that are known: Godefroid, Holzmann, Pirottin 1995): no state is left out by
that, only ways that lead to one a second time. They are counted all the same.
"""

import functools
import itertools
import sys
import threading
from typing import Any, NamedTuple

from aerospike import exception
from aerospike_helpers.batch import records as batches

READS = {"get", "select", "exists", "batch_read"}
COMMANDS = READS | {"put", "remove", "operate", "operate_ordered", "touch"}
BATCHES = {"batch_read", "batch_operate", "batch_remove"}
BOUND = 120  # seconds, for what comes at once
LONGEST = 300  # steps of a play, more than which only those make that wait for each other for ever
NEVER = float("inf")


class Cut(BaseException):
    """What an actor that goes no further meets at its next command: the death of its process."""


class Done(NamedTuple):
    """A call that was begun: what it was, how many commands had been when it began and ended, what came of it."""

    name: str
    arguments: tuple[Any, ...]
    began: int
    ended: float  # NEVER where its actor died
    result: Any  # an exception where one was raised


class Footprint(NamedTuple):
    """What a step was to others."""

    actor: int
    record: str | None  # None: a death
    changed: bool
    begins: bool  # a call
    ends: bool


def apart(one, other):
    """Whether two steps lead to the same, whichever is first."""
    if one.actor == other.actor or (one.record is None and other.record is None):  # deaths are numbered
        return False
    if one.record == other.record and (one.changed or other.changed):
        return False
    return not (one.ends and other.begins) and not (other.ends and one.begins)


class Stepped:
    """A client that has ``command`` carry out its commands. Each record of a batch is a command of its own."""

    def __init__(self, client, command):
        self._client, self._command = client, command

    def __getattr__(self, name):
        method = getattr(self._client, name)
        if name in BATCHES:
            return lambda keys, *given, **named: self._batch(name, method, keys, *given, **named)
        if name == "batch_write":
            return lambda whole, *given, **named: self._batch_write(method, whole, *given, **named)
        if name in COMMANDS:
            return lambda key, *given, **named: self._command(name, key, lambda: method(key, *given, **named))
        return method

    def _batch(self, name, method, keys, *given, **named):
        rows = []  # a variable, for what is known so far is part of a state
        for key in keys:
            rows += self._command(name, key, lambda key=key: method([key], *given, **named)).batch_records
        return batches.BatchRecords(rows)

    def _batch_write(self, method, whole, *given, **named):
        for record in whole.batch_records:
            part = batches.BatchRecords([record])
            self._command("batch_write", record.key, lambda part=part: method(part, *given, **named))
        return whole


def plain(answer):
    """An answer without what differs from play to play: the key, the time to live."""
    if isinstance(answer, BaseException):
        return type(answer).__name__
    if isinstance(answer, batches.BatchRecords):
        return [(one.result, one.record and plain(one.record)) for one in answer.batch_records]
    if isinstance(answer, tuple) and len(answer) > 1:
        meta, *bins = answer[1:]
        return meta and meta["gen"], bins
    return answer


class Actor:
    """Makes calls, (name, function of its client, arguments), one after the other, a command at a time."""

    def __init__(self, play, name, client, calls):
        self.play, self.name, self.calls, self.client = play, name, calls, Stepped(client, self.command)
        self.answers, self.done = [], []
        self.waits, self.began, self.died = False, None, False
        self.frame = None  # where it waits
        self.anew = None  # the record that its call has put where one had been removed
        self._go, self._stopped = threading.Semaphore(0), threading.Semaphore(0)
        threading.Thread(target=self._run, daemon=True, name=name).start()
        self._until_it_stops()

    def _until_it_stops(self):
        assert self._stopped.acquire(timeout=BOUND), "an actor neither ended nor came to a command"

    def _run(self):
        for name, function, arguments in self.calls:
            self.began, ended = None, None
            try:
                result = function(self.client, *arguments)
            except Cut:
                result, ended = None, NEVER
            except Exception as error:  # the model says whether it should have been
                result = error
            if self.began is not None:
                self.done.append(Done(name, arguments, self.began, ended or self.play.clock, result))
            self.began = None
            if self.died:
                break
        self.waits, self.frame = False, None
        self._stopped.release()

    def command(self, name, key, carry_out):
        """Carries out a command when it is this actor's turn."""
        if not self.died:
            self.waits, self.frame = True, sys._getframe()
            self._stopped.release()
            self._go.acquire()
        if self.died:
            raise Cut
        if self.began is None:
            self.began, self.anew = self.play.clock, None
        self.play.clock += 1
        try:
            answer = carry_out()
        except exception.AerospikeError as error:
            self.answers.append(plain(error))
            raise
        else:
            self.answers.append(plain(answer))
            return answer
        finally:
            self.play.came(self, name, key)

    def step(self):
        """Carries out the command that it waits for, and goes on to the next."""
        self._go.release()
        self._until_it_stops()

    def die(self):
        if self.waits:
            self.died = True
            self.step()

    def spans(self):
        """When its calls began and ended, the last of which may be under way."""
        ended = [(done.began, done.ended) for done in self.done]
        return ended if self.began is None else [*ended, (self.began, NEVER)]


class Play:
    """Actors before records of their own. A step is the number of an actor, ``~number`` its death.

    ``named`` gives a text without what differs from play to play, such as keys that are made for one. ``before``: keys
    of records that are there. ``memory``: what a function says of an actor that waits is all that it still knows,
    of its answers and all else; without one, all answers count.
    """

    def __init__(self, client, actors, named=str, before=(), memory=None):
        self.client, self.named, self.clock, self.memory = client, named, 0, memory
        self.records, self.keys, self.story = {}, set(), []
        self.removed, self.touched = set(), None  # records that were; the last command's, and whether it was changed
        for key in before:
            self.look(key)
        self.actors = [Actor(self, f"actor {number}", client, calls) for number, calls in enumerate(actors)]

    def came(self, actor, name, key):
        """Looks at what a command left."""
        record = self.named(key[2])
        self.keys.add(key[:3])
        self.story.append(f"{self.actors.index(actor)}: {name} {record} -> {actor.answers[-1]}")
        changed = name not in READS and self.look(key)
        if changed:
            there = self.records[record] is not None
            if name == "put" and record in self.removed:
                actor.anew = record
            self.removed |= set() if there else {record}
        self.touched = record, changed

    def look(self, key):
        """Looks at a record; whether it is another one than when it was looked at last."""
        record = self.named(key[2])
        known = self.records.get(record, "nothing")
        try:
            _, meta, bins = self.client.get(key)
            self.records[record] = (meta["gen"], bins)
        except exception.RecordNotFound:
            self.records[record] = None
        return self.records[record] != known

    def steps(self, deaths):
        """The steps of which one is next."""
        waiting = [number for number, actor in enumerate(self.actors) if actor.waits]
        if sum(actor.died for actor in self.actors) == deaths:
            return waiting
        return waiting + [~number for number in waiting if self.actors[number].began is not None]

    def step(self, step):
        """Carries out a step; what it was to others."""
        if step < 0:
            self.story.append(f"{~step}: dies")
            self.actors[~step].die()
            return Footprint(~step, None, changed=False, begins=False, ends=False)
        actor = self.actors[step]
        begins, done = actor.began is None, len(actor.done)
        actor.step()
        return Footprint(step, *self.touched, begins, len(actor.done) > done)

    def done(self):
        return [done for actor in self.actors for done in actor.done]

    def end(self):
        for actor in self.actors:
            actor.die()

    def state(self):
        """All that the rest of the play follows from, and all that is asked of it."""
        spans = [span for actor in self.actors for span in actor.spans()]
        order = [ended <= began for _, ended in spans for began, _ in spans]
        actors = [
            (self.knows(actor), len(actor.done), actor.began is None, actor.died, actor.anew) for actor in self.actors
        ]
        records = sorted(self.records.items())
        if self.memory:  # of which generations are no part; that no state comes twice on a way, the clock sees to
            records = self.clock, [(name, record and record[1]) for name, record in records]
        return self.named((records, sorted(self.removed), actors, order))

    def knows(self, actor):
        """What an actor's further commands can follow from, and its results."""
        if not self.memory:
            return actor.answers
        return self.memory(actor), [plain(done.result) for done in actor.done]


class Explored(NamedTuple):
    """What was gone through: schedules from the first command to the last, the states on them, plays that it took."""

    schedules: int
    states: int
    plays: int


def switches_of(way):
    """How often a way goes on with another actor."""
    return sum(one != other for one, other in itertools.pairwise(way))


class Graph:
    """The states that were come to, and the steps between them."""

    def __init__(self):
        self.follow = {None: {}}  # state: {step: state}
        self.asleep = {}  # state: the steps that were not taken there, for they are taken elsewhere
        self.squares = []  # (state, its step, state before, step from there): the two steps have no order

    def come(self, before, last, state, steps, asleep):
        """Notes a step from a state to another, of which ``steps`` are next; which of them are to be taken."""
        self.follow[before][last] = state
        self.squares += [(state, step, before, last) for step in asleep]
        if state in self.follow:
            todo = [step for step in self.asleep[state] if step not in asleep]
        else:
            self.follow[state], self.asleep[state] = {}, set(steps)
            todo = [step for step in steps if step not in asleep]
        self.asleep[state] -= set(todo)
        return todo

    def complete(self):
        """Adds the steps that were not taken."""
        follow, squares = self.follow, self.squares
        while squares:
            left = []
            for square in squares:
                state, step, before, last = square
                known, middle = follow[state].get(step), follow[before].get(step)
                end = None if middle is None else follow[middle].get(last)
                if known is None and end is not None:
                    follow[state][step] = end
                elif known is not None and middle is not None:
                    assert end in (None, known), "two steps that were taken for apart are not"
                    follow[middle][last] = known
                else:
                    left.append(square)
            assert len(left) < len(squares), "a step that was not taken leads nowhere"
            squares = left

    def ways(self):
        """How many ways there are from the start to an end."""
        self.complete()

        @functools.cache
        def ways(state):
            return sum(map(ways, self.follow[state].values())) or 1

        return ways(None)


def explore(make, check, deaths=0, switches=None, reduced=True):
    """Goes through every schedule of the play that ``make()`` begins; ``check`` gets each that ended otherwise.

    ``switches``: of those that go on with another actor so often at the most. ``reduced``: whether one order is enough
    of steps that cannot see each other.
    """
    graph, begun, plays = Graph(), [((), None, {})], 0
    while begun:
        way, before, others = begun.pop()
        play = make()
        plays += 1
        try:
            footprint = None
            for step in way:
                footprint = play.step(step)
            while True:
                if len(way) > LONGEST:
                    _checked(_endless, play)
                asleep = {}
                if way and reduced and not switches:
                    asleep = {step: had for step, had in others.items() if apart(had, footprint)}
                    others[way[-1]] = footprint
                steps = _steps(play, way, deaths, switches)
                state = hash((play.state(), way[-1:], switches_of(way)) if switches else play.state())
                known = state in graph.follow
                todo = graph.come(before, way[-1] if way else None, state, steps, asleep)
                if not steps and not known:
                    _checked(check, play)
                if not todo:
                    break
                begun += [((*way, step), state, asleep) for step in reversed(todo[1:])]
                way, before, others = (*way, todo[0]), state, asleep
                footprint = play.step(todo[0])
        finally:
            play.end()
    return Explored(graph.ways(), len(graph.follow) - 1, plays)


def _steps(play, way, deaths, switches):
    """The steps of which one is next."""
    steps = play.steps(deaths)
    if switches and switches_of(way) >= switches:
        return [step for step in steps if step == way[-1]] or steps[:1]
    return steps


def _checked(check, play):
    try:
        check(play)
    except AssertionError as error:
        story = "\n".join((*play.story, *map(str, play.done())))
        raise AssertionError(f"{error}\nafter:\n{story}") from error


def _endless(play):
    raise AssertionError(f"{play.clock} commands did not bring its calls to their end")
