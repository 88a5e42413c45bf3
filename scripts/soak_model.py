# SPDX-License-Identifier: Apache-2.0
"""What the soak knows of its records: what an answer may be, after all that was acknowledged or is in doubt."""

from __future__ import annotations

import threading
from collections import Counter

from aerospike import exception

# What a cluster in trouble may answer, or the client instead of it. Anything else is a violation.
EXPECTED = (
    exception.TimeoutError,
    exception.ConnectionError,
    exception.ClusterError,
    exception.InvalidNodeError,
    exception.NoMoreConnectionsError,
    exception.MaxErrorRateExceeded,
    exception.NoResponse,
    exception.BatchFailed,
    exception.DeviceOverload,
)
NAMES = {error.code: error.__name__ for error in EXPECTED}


class Log:
    """What happened, counted, and what must not have happened. Threads share it."""

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self.events: Counter[str] = Counter()
        self.in_doubt = 0
        self.violations: list[str] = []
        self._lock = threading.Lock()

    def note_done(self, what: str, times: int = 1) -> None:
        with self._lock:
            self.done[what] += times

    def note_rows(self, what: str, rows: list[tuple[int, bool]]) -> None:
        """The results of a batch's rows that failed, and whether they are in doubt."""
        with self._lock:
            self.in_doubt += sum(in_doubt for _, in_doubt in rows)
            for code, _ in rows:
                self.failed[NAMES.get(code, f"code {code}")] += 1
        for code, _ in rows:
            if code not in NAMES:
                self.violate(f"{what}: a row has code {code}")

    def note_event(self, what: str) -> None:
        with self._lock:
            self.events[what] += 1

    def note_failed(self, what: str, error: exception.AerospikeError) -> None:
        with self._lock:
            self.failed[type(error).__name__] += 1
            self.in_doubt += bool(error.in_doubt)
        if not isinstance(error, EXPECTED):
            self.violate(f"{what}: {type(error).__name__}: {error}")

    def violate(self, text: str) -> None:
        with self._lock:
            self.violations.append(text)


class Versions:
    """A record with one writer, whose writes must find the generation of the last one.

    ``generation`` and ``version`` were acknowledged or seen. A write in doubt has perhaps made its version the one of
    the next generation, or will: once there is such a generation, all others that tried to make it have lost.
    """

    def __init__(self) -> None:
        self.generation = 0  # the record is not there
        self.version = 0
        self.doubtful: set[int] = set()
        self.tried = 0

    def next(self) -> int:
        """A version that was never written."""
        self.tried += 1
        return self.tried

    def acknowledge(self, version: int) -> None:
        self.generation += 1
        self.version = version
        self.doubtful.clear()

    def doubt(self, version: int) -> None:
        self.doubtful.add(version)

    def see(self, generation: int, version: int | None) -> str | None:
        """Take over what a read has shown; what is wrong with it."""
        if (generation, version or 0) == (self.generation, self.version):
            return None
        if generation == self.generation + 1 and version in self.doubtful:
            self.acknowledge(version)
            return None
        doubtful = ", ".join(map(str, sorted(self.doubtful))) or "none"
        return (
            f"version {version} of generation {generation}, where {self.version} of {self.generation} was acknowledged "
            f"(in doubt: {doubtful})"
        )


class Tally:
    """A counter with one writer: what it has at the least, and at the most."""

    def __init__(self) -> None:
        self.least = 0
        self.most = 0

    def acknowledge(self) -> None:
        self.least += 1
        self.most += 1

    def doubt(self) -> None:
        self.most += 1

    def see(self, value: int | None) -> str | None:
        """Take over what a read has shown; what is wrong with it."""
        if not self.least <= (value or 0) <= self.most:
            return f"a count of {value}, where {self.least} to {self.most} are possible"
        self.least = value or 0
        return None
