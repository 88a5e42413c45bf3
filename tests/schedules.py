# SPDX-License-Identifier: Apache-2.0
"""Every order in which the commands of several actors can reach the server, without a sleep.

What a command answers, and makes of its record, follows from the record's content; what an actor does next, from the
answers that it has had. So each command on each content is carried out once (asked.py), each step of an actor is made
once (``Course``), and ``explore`` puts them together in every order. Two ways to where the records, what the actors
know and the order of their calls are the same have the same futures: these are gone through once, and counted as often
as there are ways.
"""

import functools
import itertools
from typing import Any, NamedTuple

from asked import NEVER, REMOVED, Asked
from stepped import Actor, packed

LONGEST = 300  # steps of a schedule, more than which only those make that wait for each other for ever
FOREVER = float("inf")


class Done(NamedTuple):
    """A call that was begun: what it was, when it began and ended as against others, what came of it."""

    name: str
    arguments: tuple[Any, ...]
    began: int
    ended: float  # FOREVER where its actor died
    result: Any  # an exception where one was raised


class Stop(NamedTuple):
    """Where an actor stands."""

    place: int | None  # the record of its command; None: it has come to its end
    command: int | None
    begins: bool  # a call, with this command
    done: tuple[Any, ...]  # calls
    call: Any  # the one under way
    answers: tuple[int, ...]  # that brought it here; others may have as well


class Course:
    """All that one actor can come to. Each of its steps is made once."""

    def __init__(self, asked, begin, memory):
        self._asked, self._begin, self._memory = asked, begin, memory
        self.stops, self._numbers, self._after, self._standing = [], {}, {}, {}
        self._come(begin(), ())

    def _come(self, actor, answers):
        """The number of where an actor stands."""
        memory = None if actor.waits is None else self._memory(actor)
        number = self._number((actor.done, memory), lambda: self._stop(actor, answers))
        self._standing.setdefault(number, actor)
        if self._standing[number] is not actor:
            actor.end()
        return number

    def _number(self, known, stop):
        number = self._numbers.setdefault(packed(known), len(self.stops))
        if number == len(self.stops):
            self.stops.append(stop())
        return number

    def _stop(self, actor, answers):
        where = None, None
        if actor.waits is not None:
            where = self._asked.place(actor.waits.key), self._asked.command(actor.waits)
        return Stop(*where, not actor.answers, tuple(actor.done), actor.call, answers)

    def after(self, stop, answer):
        """Where it stands after the answer to its command."""
        known = self._after.get((stop, answer))
        if known is None:
            answers = self.stops[stop].answers
            actor = self._standing.pop(stop, None)
            if actor is None:
                actor = self._begin()
                for one in answers:
                    actor.tell(self._asked.answer(one))
            actor.tell(self._asked.answer(answer))
            known = self._after[stop, answer] = self._come(actor, (*answers, answer))
        return known

    def dead(self, stop):
        """Where it stands when it goes no further."""
        stop = self.stops[stop]
        done = (*stop.done, stop.call)
        return self._number(("dead", done), lambda: stop._replace(place=None, command=None, done=done))

    def end(self):
        for actor in self._standing.values():
            actor.end()


class Part(NamedTuple):
    """What one actor is in a state."""

    stop: int
    spans: tuple[tuple[int, float], ...]  # when its calls began and ended
    began: int | None  # when the call under way did
    anew: int | None  # the record that this call has put where one had been removed
    died: bool


class State(NamedTuple):
    """All that the rest of a schedule follows from, and all that is asked of it."""

    contents: tuple[int, ...]  # of records, by place
    parts: tuple[Part, ...]

    def content(self, place):
        return self.contents[place] if place < len(self.contents) else NEVER


class Play:
    """Actors before records that ``before(client)`` has made. A step is the number of an actor, ``~number`` its death.

    ``memory``: what a function says of an actor that waits is all that it still knows, of its answers and all else;
    without one, all answers count.
    """

    def __init__(self, client, make_key, actors, before=None, memory=None):
        self.asked, records = Asked(client, make_key), {}
        if before is not None:
            before(self.asked.client(records))
        memory = memory or (lambda actor: actor.answers)
        self.courses = [
            Course(self.asked, functools.partial(Actor, client, f"actor {number}", calls), memory)
            for number, calls in enumerate(actors)
        ]
        contents = tuple(records.get(place, NEVER) for place in range(max(records, default=-1) + 1))
        self.start = State(contents, tuple(Part(0, (), None, None, died=False) for _ in actors))

    def end(self):
        for course in self.courses:
            course.end()

    def stop(self, state, actor):
        return self.courses[actor].stops[state.parts[actor].stop]

    def steps(self, state, deaths):
        """The steps of which one is next."""
        waiting = [actor for actor in range(len(state.parts)) if self.stop(state, actor).place is not None]
        if sum(part.died for part in state.parts) == deaths:
            return waiting
        return waiting + [~actor for actor in waiting if state.parts[actor].began is not None]

    def after(self, state, step):
        """The state after a step."""
        if step < 0:
            return self._with(state, ~step, self._dead(state, ~step))
        stop = self.stop(state, step)
        content = state.content(stop.place)
        answer, changed = self.asked.ask(content, stop.command)
        part = self._told(state, step, answer)
        if content == REMOVED and changed > REMOVED and self.asked.commands[stop.command].name == "put":
            part = part._replace(anew=stop.place)
        if part.began is None:
            part = part._replace(anew=None)
        return self._with(state, step, part, stop.place, changed)

    def _told(self, state, actor, answer):
        """An actor that has had an answer."""
        part, stop = state.parts[actor], self.stop(state, actor)
        number = self.courses[actor].after(part.stop, answer)
        spans, began, anew = part.spans, part.began, part.anew
        if stop.begins:
            began, anew = _now(state), None
        if len(self.courses[actor].stops[number].done) > len(stop.done):
            spans, began = (*spans, (began, 1 + _latest(state, began))), None
        return Part(number, spans, began, anew, died=False)

    def _dead(self, state, actor):
        part = state.parts[actor]
        spans = (*part.spans, (part.began, FOREVER))
        return Part(self.courses[actor].dead(part.stop), spans, None, part.anew, died=True)

    def _with(self, state, actor, part, place=None, content=NEVER):
        parts, contents = list(state.parts), list(state.contents)
        parts[actor] = part
        if content != NEVER:
            contents += [NEVER] * (place + 1 - len(contents))
            contents[place] = content
        return State(tuple(contents), tuple(parts))

    # ---- what has come of it ----

    def done(self, state):
        return [
            Done(call.name, call.arguments, *span, call.result)
            for actor, part in enumerate(state.parts)
            for call, span in zip(self.stop(state, actor).done, part.spans, strict=True)
        ]

    def client(self, state):
        """A client before the records of a state."""
        return self.asked.client(dict(enumerate(state.contents)))

    def keys(self, state):
        """The keys of the records that are there."""
        return [key for key, place in self.asked.places.items() if state.content(place) > REMOVED]

    def tell(self, states):
        """A schedule, by its states, as a text."""
        for state, after in itertools.pairwise(states):
            actor = next(number for number, part in enumerate(state.parts) if part != after.parts[number])
            yield f"{actor}: dies" if after.parts[actor].died else f"{actor}: {self._step_text(state, actor)}"

    def _step_text(self, state, actor):
        stop = self.stop(state, actor)
        content = state.content(stop.place)
        answer, _ = self.asked.ask(content, stop.command)
        key = next(key for key, place in self.asked.places.items() if place == stop.place)
        return f"{self.asked.commands[stop.command].name} {key[2]!r} -> {self.asked.answer(answer)!r}"


def _now(state):
    """When a call begins: after those that have ended."""
    return max([0, *(ended for part in state.parts for _, ended in part.spans if ended != FOREVER)])


def _latest(state, began):
    """When a call began last."""
    return max(
        began, *(part.began or 0 for part in state.parts), *(one for part in state.parts for one, _ in part.spans)
    )


class Explored(NamedTuple):
    """What was gone through: schedules from the first command to the last, the states on them, and those at an end."""

    schedules: int
    states: int
    ends: int


def explore(play, check, deaths=0):
    """Goes through every schedule of a play; ``check`` gets each state that they end in."""
    try:
        return _explore(play, check, deaths)
    finally:
        play.end()


def _explore(play, check, deaths):
    ways, way, ends = {}, [], 0  # of states, by their hashes: how many ways lead to an end; None: it is on the way

    def come(state):
        nonlocal ends
        steps = play.steps(state, deaths)
        ways[hash(state)] = None
        way.append([state, steps, 0 if steps else 1])
        if not steps:
            ends += 1
            _checked(check, play, way)

    come(play.start)
    while True:
        state, steps, count = way[-1]
        if steps:
            after = play.after(state, steps.pop())
            known = ways.get(hash(after), 0)
            if known == 0:
                come(after)
            if known is None or len(way) > LONGEST:
                _checked(_endless, play, way)
            way[-1][2] += known
        else:
            way.pop()
            ways[hash(state)] = count
            if not way:
                return Explored(count, len(ways), ends)
            way[-1][2] += count


def _checked(check, play, way):
    states = [state for state, *_ in way]
    try:
        check(states[-1])
    except AssertionError as error:
        story = "\n".join((*play.tell(states), *map(str, play.done(states[-1]))))
        raise AssertionError(f"{error}\nafter:\n{story}") from error


def _endless(state):
    raise AssertionError("its commands did not bring its calls to their end")
