# SPDX-License-Identifier: Apache-2.0
"""What a thread within an LList's call still knows: all that its further commands can follow from."""

import inspect

from stepped import packed

from aerospike._expression import Node
from aerospike._llist_node import Guard
from aerospike_helpers.batch.records import BatchRecord, BatchRecords

# Variables that are not read before they are written again, and a command that its steps have just made.
SPENT = {("run", "answer"), ("run", "error"), ("run", "command")}


def remembered(frame):
    """The variables of a stopped thread, where it stands in each function, and in the generators that it runs."""
    parts, texts = [], {}
    while frame is not None:
        if frame.f_globals["__name__"].startswith("aerospike.") or frame.f_code.co_name == "_batch":
            parts.append(_known(frame, texts))
            for value in frame.f_locals.values():
                while inspect.isgenerator(value) and value.gi_frame is not None and not value.gi_running:
                    parts.append(_known(value.gi_frame, texts))
                    value = value.gi_yieldfrom
        frame = frame.f_back
    return parts


def _known(frame, texts):
    name, known = frame.f_code.co_name, []
    for key, value in frame.f_locals.items():
        if key != "_" and (name, key) not in SPENT:  # that is a count of tries
            if id(value) not in texts:
                texts[id(value)] = value, _plain(value)
            known.append((key, texts[id(value)][1]))
    return name, frame.f_lineno, sorted(known)  # they come in the order in which they were looked at


def _plain(value):
    """The value without what differs from play to play: the addresses of objects."""
    if isinstance(value, Guard):
        return "guard"  # the same for all of a list's life
    if isinstance(value, Node):
        return packed(value)
    text = repr(value)
    if "<" not in text:
        return text  # which has all of it
    if isinstance(value, dict):
        return [(_plain(key), _plain(item)) for key, item in value.items()]
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, BatchRecords):
        return _plain(value.batch_records)
    if isinstance(value, BatchRecord):
        return value.result, value.record and value.record[2]
    if type(value).__module__.startswith("aerospike.") and hasattr(value, "__dict__"):
        return type(value).__name__, _plain(vars(value))
    return getattr(value, "__qualname__", type(value).__name__)  # functions, generators; the actor's client
