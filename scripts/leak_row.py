# SPDX-License-Identifier: Apache-2.0
"""What a row of leaks.py is, and what rows work with."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, NamedTuple

import aerospike
from aerospike import exception
from aerospike.types import Config

NAMESPACE = "test"
SET = "leaks"

BINS: dict[str, Any] = {
    "int": 1,
    "float": 2.5,
    "text": "text",
    "bytes": b"bytes",
    "bool": True,
    "list": [1, "two", 3.0, [b"four", None], {"five": 5}],
    "map": {"a": 1, 2: [3, {"deep": "map"}], b"b": None},
    "ordered": aerospike.KeyOrderedDict({"z": 1, "a": [2]}),
    "geo": aerospike.GeoJSON({"type": "Point", "coordinates": [1.0, 2.0]}),
}


class Row(NamedTuple):
    name: str
    call: Callable[[], object]
    cost: int = 1  # how many times as long as a command it takes, so that it is called less often


class Context:
    """What the rows work with: a client of a server in another process, and keys with and without a record."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.hosts = [address]
        self.config: Config = {"hosts": self.hosts}
        # rows that fail on purpose count as errors, after many of which a node is left alone for a while; this is the
        # most that the C client lets pass
        patient: Config = {
            "hosts": self.hosts,
            "validate_keys": True,
            "max_error_rate": 10000,
            "error_rate_window": 100,
            "tend_interval": 250,
        }
        self.client = aerospike.client(patient)
        self.key = (NAMESPACE, SET, "here")
        self.absent = (NAMESPACE, SET, "absent")
        self.scratch = (NAMESPACE, SET, "scratch")
        self.client.put(self.key, BINS)
        for number in range(20):
            self.client.put((NAMESPACE, "scanned", number), {"n": number, "text": "x" * 50})

    def __enter__(self) -> Context:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.client.close()


def refused(call: Callable[..., object], *args: Any, **keywords: Any) -> None:
    """A call that must raise; what it raises is the tests' subject."""
    try:
        call(*args, **keywords)
    except (exception.AerospikeError, TypeError, ValueError, OSError, RuntimeError, ZeroDivisionError):
        return
    raise AssertionError(f"{call} did not raise")
