# SPDX-License-Identifier: Apache-2.0
"""Actors, whose calls on a client stop before every command until they are told what it answers."""

import io
import pickle
import queue
import sys
import threading
from typing import Any, NamedTuple

from aerospike import exception
from aerospike_helpers.batch import records as batches

READS = {"get", "select", "exists", "batch_read"}
BATCHES = {"batch_read", "batch_operate", "batch_remove"}
COMMANDS = READS | BATCHES | {"put", "remove", "operate", "operate_ordered", "touch"}
BOUND = 120  # seconds, for what comes at once


class Cut(BaseException):
    """What an actor meets that goes no further: the death of its process."""


class Command(NamedTuple):
    """A call of a client's method that is about one record."""

    name: str
    key: tuple[Any, ...]
    given: tuple[Any, ...]
    named: dict[str, Any]

    def carry_out(self, client, key=None):
        key = key or self.key
        return getattr(client, self.name)([key] if self.name in BATCHES else key, *self.given, **self.named)


def answer_of(client, command, key=None):
    """What a command on its record, or on this one, comes back with."""
    try:
        return command.carry_out(client, key)
    except exception.AerospikeError as error:
        return error


class Stepped:
    """A client that has ``command`` carry out its commands. Each record of a batch is a command of its own."""

    def __init__(self, client, command):
        self._client, self._command = client, command

    def __getattr__(self, name):
        if name in BATCHES:
            return lambda keys, *given, **named: self._batch(name, keys, given, named)
        if name in COMMANDS:
            return lambda key, *given, **named: self._command(Command(name, key, given, named))
        return getattr(self._client, name)

    def _batch(self, name, keys, given, named):
        rows = []  # a variable, for what is known so far is part of what an actor knows
        for key in keys:
            rows += self._command(Command(name, key, given, named)).batch_records
        return batches.BatchRecords(rows)


class Call(NamedTuple):
    """A call of an actor: its name, what it was given, what came of it."""

    name: str
    arguments: tuple[Any, ...]
    result: Any = None  # an exception where one was raised


class Actor:
    """Makes calls, (name, function of its client, arguments), one after the other, on a thread of its own."""

    def __init__(self, client, name, calls):
        self.calls, self.client = calls, Stepped(client, self._command)
        self.call = None  # the one under way
        self.answers = []  # of its commands that have been
        self.done = []
        self.waits = None  # the command before which it stands; None: it has come to its end
        self.frame = None  # where that is
        self._told, self._stops = queue.SimpleQueue(), queue.SimpleQueue()
        self.thread = threading.Thread(target=self._run, daemon=True, name=name)
        self.thread.start()
        self._until_it_stops()

    def _until_it_stops(self):
        self.waits, self.frame = self._stops.get(timeout=BOUND)

    def _run(self):
        for name, function, arguments in self.calls:
            self.call, self.answers = Call(name, arguments), []
            try:
                result = function(self.client, *arguments)
            except Cut:
                return
            except Exception as error:  # the model says whether it should have been
                result = error
            if self.answers:  # what has asked nobody is seen by nobody
                self.done.append(self.call._replace(result=result))
        self._stops.put((None, None))

    def _command(self, command):
        self._stops.put((command, sys._getframe()))
        answer = self._told.get()
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def tell(self, answer):
        """Goes on to the next command, with the answer to the last."""
        self.answers.append(answer)
        self._told.put(answer)
        self._until_it_stops()

    def end(self):
        if self.waits is not None:
            self._told.put(Cut())


class _Packer(pickle.Pickler):
    def reducer_override(self, value):
        return (str, (type(value).__name__,)) if isinstance(value, BaseException) else NotImplemented


def packed(value):
    """All of a value as bytes, which are the same for what is equal; of an exception its type."""
    made = io.BytesIO()
    packer = _Packer(made, pickle.HIGHEST_PROTOCOL)
    packer.fast = True  # whether two are equal or one is nothing to it
    packer.dump(value)
    return made.getvalue()
