# SPDX-License-Identifier: Apache-2.0
"""Every order in which the commands of several actors can reach the server, without a sleep.

An actor makes its calls on a thread of its own, through a client that stops before every command until it is told to go
on; so one thread runs at a time, and who is next is chosen. ``explore`` tries every choice, by playing again from the
start. What an actor does next follows from the answers that it has had, and what the server answers from its records:
two ways to where these are the same, and the order of the calls, have the same futures, and one of the ways is enough.
"""

import functools
import itertools
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
        parts = [self._command(name, key, lambda key=key: method([key], *given, **named)) for key in keys]
        return batches.BatchRecords([record for part in parts for record in part.batch_records])

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
        self.play, self.calls, self.client = play, calls, Stepped(client, self.command)
        self.answers, self.done = [], []
        self.waits, self.began, self.died = False, None, False
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
        self.waits = False
        self._stopped.release()

    def command(self, name, key, carry_out):
        """Carries out a command when it is this actor's turn."""
        if not self.died:
            self.waits = True
            self._stopped.release()
            self._go.acquire()
        if self.died:
            raise Cut
        if self.began is None:
            self.began = self.play.clock
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

    ``named`` gives a text without what differs from play to play, such as keys that are made for one.
    """

    def __init__(self, client, actors, named=str):
        self.client, self.named, self.clock = client, named, 0
        self.records, self.keys, self.story = {}, set(), []
        self.actors = [Actor(self, f"actor {number}", client, calls) for number, calls in enumerate(actors)]

    def came(self, actor, name, key):
        """Looks at what a command left."""
        record = self.named(key[2])
        self.keys.add(key[:3])
        self.story.append(f"{self.actors.index(actor)}: {name} {record} -> {actor.answers[-1]}")
        if name not in READS:
            try:
                _, meta, bins = self.client.get(key)
                self.records[record] = (meta["gen"], bins)
            except exception.RecordNotFound:
                self.records[record] = None

    def steps(self, deaths):
        """The steps of which one is next."""
        waiting = [number for number, actor in enumerate(self.actors) if actor.waits]
        if sum(actor.died for actor in self.actors) == deaths:
            return waiting
        return waiting + [~number for number in waiting if self.actors[number].began is not None]

    def step(self, step):
        if step < 0:
            self.story.append(f"{~step}: dies")
            self.actors[~step].die()
        else:
            self.actors[step].step()

    def done(self):
        return [done for actor in self.actors for done in actor.done]

    def end(self):
        for actor in self.actors:
            actor.die()

    def state(self):
        """All that the rest of the play follows from, and all that is asked of it."""
        spans = [span for actor in self.actors for span in actor.spans()]
        order = [ended <= began for _, ended in spans for began, _ in spans]
        actors = [(actor.answers, len(actor.done), actor.began is None, actor.died) for actor in self.actors]
        return self.named((sorted(self.records.items()), actors, order))


class Explored(NamedTuple):
    """What was gone through: schedules from the first command to the last, the states on them, plays that it took."""

    schedules: int
    states: int
    plays: int


def switches_of(way):
    """How often a way goes on with another actor."""
    return sum(one != other for one, other in itertools.pairwise(way))


def explore(make, check, deaths=0, switches=None):
    """Goes through every schedule of the play that ``make()`` begins; ``check`` gets each that ended otherwise.

    ``switches``: of those that go on with another actor so often at the most.
    """
    follow, begun, plays = {None: []}, [((), None)], 0
    while begun:
        way, before = begun.pop()
        play = make()
        plays += 1
        try:
            for step in way:
                play.step(step)
            while True:
                if len(way) > LONGEST:
                    _checked(_endless, play)
                state = hash((play.state(), way[-1:], switches_of(way)) if switches else play.state())
                follow[before].append(state)
                if state in follow:
                    break
                follow[state] = []
                steps = play.steps(deaths)
                if switches and switches_of(way) >= switches:
                    steps = [step for step in steps if step == way[-1]] or steps[:1]
                if not steps:
                    _checked(check, play)
                    break
                begun += [((*way, step), state) for step in steps[1:]]
                way, before = (*way, steps[0]), state
                play.step(steps[0])
        finally:
            play.end()
    return Explored(_ways(follow), len(follow) - 1, plays)


def _checked(check, play):
    try:
        check(play)
    except AssertionError as error:
        story = "\n".join((*play.story, *map(str, play.done())))
        raise AssertionError(f"{error}\nafter:\n{story}") from error


def _endless(play):
    raise AssertionError(f"{play.clock} commands did not bring its calls to their end")


def _ways(follow):
    """From the start to an end."""

    @functools.cache
    def ways(state):
        return sum(map(ways, follow[state])) or 1

    return ways(None)
