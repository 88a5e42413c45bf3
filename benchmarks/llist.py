#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the calls of an LList cost, from a thousand elements to a million: round trips and time.

The server is the embedded one, in another process on the same core. Round trips are the commands that a hook of the
client is told of: they are exact, and what counts where the server is further away.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pathlib
import random
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import environment

sys.path[:0] = environment.our_paths()

import aerospike  # noqa: E402

SIZES = [1_000, 100_000, 1_000_000]
BATCH = 1_000  # elements of one add_many
TAKEN = 10  # elements of one find_from


class Commands:
    """A hook that counts."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, report: aerospike.CommandReport) -> None:
        self.count += 1


class Measured(NamedTuple):
    """Of many calls: round trips of a call, mean and most; milliseconds of a call, the median and the sum of all."""

    what: str
    calls: int
    trips: float
    most_trips: int
    median_ms: float
    total_ms: float


def measure(what: str, commands: Commands, calls: list[Callable[[], Any]]) -> Measured:
    trips, taken = [], []
    for call in calls:
        commands.count = 0
        began = time.perf_counter()
        call()
        taken.append((time.perf_counter() - began) * 1000)
        trips.append(commands.count)
    return Measured(what, len(calls), statistics.mean(trips), max(trips), statistics.median(taken), sum(taken))


def walk(numbers: Any, size: int) -> None:
    found = sum(1 for _ in numbers)
    if found != size:
        raise SystemExit(f"{found} of {size} elements were found")


def cases(client: aerospike.Client, commands: Commands, size: int, calls: int) -> list[Measured]:
    """A list of the even numbers below twice its size, to which odd ones are added."""
    numbers = client.llist(("test", "bench", f"numbers-{size}"), "numbers")
    chance = random.Random(size)
    some = [2 * number for number in chance.sample(range(size), calls)]
    fill = [range(2 * first, 2 * min(first + BATCH, size), 2) for first in range(0, size, BATCH)]
    found = [
        measure(f"add_many({BATCH:,})", commands, [lambda part=part: numbers.add_many(list(part)) for part in fill]),
        measure("get", commands, [lambda n=n: numbers.get(n) for n in some]),
        measure("add", commands, [lambda n=n: numbers.add(n + 1) for n in some]),
        measure("remove", commands, [lambda n=n: numbers.remove(n + 1) for n in some]),
        measure(f"find_from, {TAKEN}", commands, [lambda n=n: numbers.find_from(n, TAKEN) for n in some]),
        measure("size", commands, [numbers.size for _ in range(5)]),
        measure("iteration", commands, [lambda: walk(numbers, size)]),
    ]
    numbers.destroy()
    return found


def table(found: dict[int, list[Measured]]) -> str:
    lines = [
        f"{'elements':>10}  {'call':18}{'calls':>8}{'round trips':>13}{'most':>7}{'ms, median':>12}{'ms, all':>12}"
    ]
    for size, rows in found.items():
        for row in rows:
            lines.append(
                f"{size:>10,}  {row.what:18}{row.calls:>8,}{row.trips:>13.2f}{row.most_trips:>7}"
                f"{row.median_ms:>12.3f}{row.total_ms:>12.1f}"
            )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="elements (default: 1000 100000 1000000)")
    parser.add_argument("--calls", type=int, default=500, help="of add, get, … on each list (default: %(default)s)")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write the numbers to a file")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    machine = environment.machine()
    print(f"machine: {environment.machine_text(machine)}")
    if "-O3" not in aerospike.__build_info__["flags"]:
        print("WARNING: this client is no release build; its times mean nothing")
    commands, found = Commands(), {}
    with contextlib.ExitStack() as stack:
        address, port, _ = stack.enter_context(environment.embedded_server())
        client = stack.enter_context(aerospike.client({"hosts": [(address, port)]}))
        client.add_hook(commands)
        for size in options.sizes:
            found[size] = cases(client, commands, size, min(options.calls, size))
    print()
    print(table(found))
    if options.json:
        rows = {size: [row._asdict() for row in measured] for size, measured in found.items()}
        options.json.write_text(json.dumps({"machine": machine, "sizes": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
