# SPDX-License-Identifier: Apache-2.0
"""Faults of the embedded server: what a test asks for, and the object that ends it."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType
from typing import Any

from aerospike import _embedded

ACTIONS = ("delay", "drop", "reset", "truncate", "error")
KINDS = ("read", "write", "udf", "batch", "query", "background", "info", "admin")
_OF_RECORDS = KINDS[:-2]


def _whole(name: str, value: Any, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"{name} must be an int from {least} to {most}, not {value!r}")
    return value


def _kinds(commands: Any) -> int:
    """A bit for each kind of command."""
    if commands is None:
        commands = _OF_RECORDS
    elif isinstance(commands, str):
        commands = (commands,)
    elif not isinstance(commands, Iterable):
        raise ValueError(f"commands must be a kind of command or several, not {commands!r}")
    bits = 0
    for kind in commands:
        if kind not in KINDS:
            raise ValueError(f"commands has {kind!r}, which is none of {', '.join(KINDS)}")
        bits |= 1 << KINDS.index(kind)
    if bits == 0:
        raise ValueError("commands must name at least one kind of command")
    return bits


def _only_for(action: str, name: str, value: Any, wanted: bool, most: int) -> int:
    """The number that one action needs, and the others do not take."""
    if wanted:
        return _whole(name, value, 1, most)
    if value is not None:
        raise ValueError(f"{name} is not for the action {action!r}")
    return 0


def _name(argument: str, value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{argument} must be a str, not {type(value).__name__}")
    return value


def _when(action: str, after: Any) -> bool:
    if after is None:
        return action == "truncate"
    if not isinstance(after, bool):
        raise ValueError(f"after must be a bool, not {after!r}")
    if action == "truncate" and not after:
        raise ValueError("after must not be False with 'truncate': without the command there is no answer to cut")
    return after


def _share(share: Any) -> float:
    if not isinstance(share, (int, float)) or isinstance(share, bool) or not 0 < share <= 1:
        raise ValueError(f"share must be a number above 0, and 1 at most, not {share!r}")
    return float(share)


class Fault:
    """A fault that :meth:`Server.fault` has set: it ends with the ``with`` block, or by :meth:`end`."""

    def __init__(self, action: str, fault: Any) -> None:
        self._action = action
        self._fault: _embedded.Fault = fault

    @property
    def count(self) -> int:
        """How many commands it has struck; it still tells when it has ended, and when the server is stopped."""
        return self._fault.count

    def end(self) -> None:
        """Strike no more. A command that it delays stays delayed; ending twice is fine."""
        self._fault.end()

    def __enter__(self) -> Fault:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.end()

    def __repr__(self) -> str:
        return f"<aerospike.embedded.Fault {self._action}, struck {self.count} times>"


def set_fault(server: _embedded.Server, namespaces: tuple[str, ...], action: Any, given: dict[str, Any]) -> Fault:
    """Check what :meth:`Server.fault` was given, and set it."""
    if action not in ACTIONS:
        raise ValueError(f"action must be one of {', '.join(ACTIONS)}, not {action!r}")
    namespace = _name("namespace", given["namespace"])
    if namespace is not None and namespace not in namespaces:
        raise ValueError(f"namespace {namespace!r} is not one of the server's: {', '.join(namespaces)}")
    times = given["times"]
    fault = server.fault(
        ACTIONS.index(action),
        _when(action, given["after"]),
        _only_for(action, "delay_ms", given["delay_ms"], action == "delay", 2**31 - 1),
        _only_for(action, "code", given["code"], action == "error", 255),
        _kinds(given["commands"]),
        given["node"],
        namespace,
        _name("set", given["set"]),
        _share(given["share"]),
        2**64 - 1 if times is None else _whole("times", times, 1, 2**64 - 1),
        _whole("seed", given["seed"], 0, 2**64 - 1),
    )
    return Fault(action, fault)
