#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Call everything many times and watch the memory: what is still allocated grows by what leaks.

Each row of leak_rows.py is called a number of times to warm up, and that number of times again, and again. All of
Python's objects come from malloc here, which knows to the byte what is allocated; the smallest growth counts, so that
what grows once is no leak. The server is another process.
"""

from __future__ import annotations

import argparse
import array
import collections
import contextlib
import ctypes
import gc
import itertools
import logging
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import leak_rows
from leak_row import Context, Row

from aerospike.exception import MaxErrorRateExceeded

WINDOWS = 4
CONFIRM = (1, 16, 128)  # a leak shows however many the calls; caches and buffers are full some day
LEAK = 4.0  # bytes a call; the smallest block that malloc gives has 16


class MallocInfo(ctypes.Structure):
    """glibc's struct mallinfo2."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            "arena",
            "ordblks",
            "smblks",
            "hblks",
            "hblkhd",
            "usmblks",
            "fsmblks",
            "uordblks",
            "fordblks",
            "keep",
        )
    ]


class Tally(logging.Handler):
    """Counts messages by their level: what rows' deserializers raise is logged, for every value again."""

    def __init__(self) -> None:
        super().__init__()
        self.counts = collections.Counter[str]()

    def emit(self, record: logging.LogRecord) -> None:
        self.counts[record.levelname] += 1


def allocated() -> int:
    """Bytes that are allocated now."""
    gc.collect()
    info = LIBC.mallinfo2()
    return int(info.uordblks + info.hblkhd)


def patient(call: Callable[[], object]) -> None:
    """Call once the node may be asked: rows that break off close connections, which count as its errors."""
    while True:
        try:
            call()
            return
        except MaxErrorRateExceeded:
            time.sleep(0.05)


def growth(call: Callable[[], object], times: int) -> float:
    """Bytes that a call leaves behind."""
    marks = array.array("q", [0] * (WINDOWS + 1))  # to note a number in it allocates nothing
    for _ in range(times):
        patient(call)
    marks[0] = allocated()
    for window in range(1, WINDOWS + 1):
        for _ in range(times):
            patient(call)
        marks[window] = allocated()
    return min(after - before for before, after in itertools.pairwise(marks)) / times


@contextlib.contextmanager
def server_of_its_own() -> Iterator[tuple[str, int]]:
    """An embedded server in another process; its address."""
    command = [sys.executable, "-m", "aerospike.embedded", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            told = re.match(r"listening at (\S+):(\d+)", process.stdout.readline())
            if told is None:
                raise SystemExit("leaks.py: the embedded server did not start")
            yield told[1], int(told[2])
        finally:
            process.terminate()
            process.communicate()


def measure(rows: list[Row], times: int) -> int:
    """Print a line a row; how many leak."""
    leaks = 0
    print(f"{'bytes a call':>12}  {'calls':>5}  what")
    for row in rows:
        for factor in CONFIRM:
            count = max(times // row.cost, 8) * factor
            grown = growth(row.call, count)
            if grown < LEAK:
                break
        leaks += grown >= LEAK
        print(f"{grown:12.1f}  {count * WINDOWS:5}  {row.name}{'   LEAK' if grown >= LEAK else ''}", flush=True)
    return leaks


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--times", type=int, default=200, help="calls between two looks at the memory (default: %(default)s)"
    )
    parser.add_argument("--only", default="", help="rows whose name contains this")
    options = parser.parse_args()
    tally = Tally()
    logging.getLogger("aerospike").addHandler(tally)
    with server_of_its_own() as address, Context(address) as context:
        rows = leak_rows.all_rows(context)
        missing = leak_rows.uncovered(rows)
        chosen = [row for row in rows if options.only.lower() in row.name.lower()]
        leaks = measure(chosen, options.times)
    for name in missing:
        print(f"no row calls {name}")
    print("logged:", ", ".join(f"{count:,} of level {level}" for level, count in tally.counts.items()) or "nothing")
    print(f"{len(chosen)} rows, {leaks} leak, {len(missing)} names without a row")
    return 1 if leaks or missing else 0


if __name__ == "__main__":
    if not hasattr(ctypes.CDLL(None), "mallinfo2"):
        raise SystemExit("leaks.py: it needs glibc 2.33 or later, which tells what is allocated")
    if os.environ.get("PYTHONMALLOC") != "malloc":
        # one arena and no thread caches: what is free counts as free, whichever thread freed it
        tuned = {"PYTHONMALLOC": "malloc", "MALLOC_ARENA_MAX": "1", "GLIBC_TUNABLES": "glibc.malloc.tcache_count=0"}
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **tuned})
    LIBC = ctypes.CDLL(None)
    LIBC.mallinfo2.restype = MallocInfo
    sys.exit(main())
