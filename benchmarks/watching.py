#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What it costs a command to be watched: by a hook, the log of slow commands, Prometheus, OpenTelemetry.

All ways take turns in one process, each with a client of its own; the server is another process, on the same core. What
counts is the CPU time of a command (user and system), the median of all rounds, and its ratio to that of a client that
nobody watches. Ways whose packages are not installed are left out.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pathlib
import statistics
import sys
from collections.abc import Callable
from typing import Any

import environment
from cases import BY_NAME, KINDS, keys_of

sys.path[:0] = environment.our_paths()  # for runner, and for what it measures

import runner  # noqa: E402

import aerospike  # noqa: E402

NAMESPACE = "test"


class Empty:
    """A hook that does nothing."""

    def start(self, report: aerospike.CommandReport) -> None:
        pass

    def end(self, report: aerospike.CommandReport) -> None:
        pass


def add_prometheus(client: aerospike.Client) -> None:
    from prometheus_client import CollectorRegistry

    from aerospike.prometheus import Collector

    Collector(client, registry=CollectorRegistry())


def add_opentelemetry(client: aerospike.Client) -> None:
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader
    from opentelemetry.sdk.trace import TracerProvider

    from aerospike.opentelemetry import OpenTelemetryHook

    client.add_hook(OpenTelemetryHook(TracerProvider(), MeterProvider([InMemoryMetricReader()])))


# What is added to a client, or to its configuration.
WAYS: dict[str, Callable[[aerospike.Client], None] | dict[str, Any]] = {
    "nobody": {},
    "log of slow commands": {"slow_log_ms": 60_000},
    "empty function": lambda client: client.add_hook(lambda report: None),
    "empty start and end": lambda client: client.add_hook(Empty()),
    "Prometheus": add_prometheus,
    "OpenTelemetry, no export": add_opentelemetry,
}


def connect(way: str, address: tuple[str, int]) -> aerospike.Client | None:
    """A client that is watched in that way; None where a package is missing."""
    added = WAYS[way]
    config: Any = {"hosts": [address], **(added if isinstance(added, dict) else {})}
    client = aerospike.client(config)
    try:
        if not isinstance(added, dict):
            added(client)
    except ImportError:
        client.close()
        return None
    return client


def measure(clients: dict[str, aerospike.Client], names: list[str], rounds: int, count: int) -> dict[str, Any]:
    """``{case: {way: [µs of CPU of a command]}}``."""
    taken: dict[str, Any] = {name: {way: [] for way in clients} for name in names}
    ways = list(clients)
    for number in range(rounds + 1):  # the first one warms up
        for name in names:
            case = BY_NAME[name]
            keys = keys_of(NAMESPACE, case.kind)
            runner.fill(clients[ways[0]], keys, KINDS[case.kind].record)
            turn = number % len(ways)
            for way in ways[turn:] + ways[:turn]:
                _, cpu = runner.measure(clients[way], case, keys, count)
                if number > 0:
                    taken[name][way].append(cpu / count * 1e6)
    return taken


def report(taken: dict[str, Any]) -> dict[str, dict[str, tuple[float, float]]]:
    """``{case: {way: (median, ratio to that of a client that nobody watches)}}``."""
    medians = {name: {way: statistics.median(all_) for way, all_ in ways.items()} for name, ways in taken.items()}
    return {name: {way: (cpu, cpu / ways["nobody"]) for way, cpu in ways.items()} for name, ways in medians.items()}


def table(found: dict[str, dict[str, tuple[float, float]]]) -> str:
    lines = [f"{'CPU of a command, µs':26}" + "".join(f"{name:>10}{'ratio':>8}" for name in found)]
    for way in next(iter(found.values())):
        lines.append(f"{way:26}" + "".join("{:>10.2f}{:>8.2f}".format(*ways[way]) for ways in found.values()))
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=31, help="how often all is measured (default: %(default)s)")
    parser.add_argument("--count", type=int, default=5000, help="commands of one measurement (default: %(default)s)")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write the medians and ratios to a file")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    machine = environment.machine()
    with contextlib.ExitStack() as stack:
        address, port, _ = stack.enter_context(environment.embedded_server("--namespace", NAMESPACE))
        made = {way: connect(way, (address, port)) for way in WAYS}
        clients = {way: stack.enter_context(client) for way, client in made.items() if client is not None}
        found = report(measure(clients, ["get", "put"], options.rounds, options.count))
    print(f"machine: {environment.machine_text(machine)}")
    print(f"method:  medians of {options.rounds} rounds, all on one core")
    if "-O3" not in aerospike.__build_info__["flags"]:
        print("WARNING: this client is no release build; its numbers mean nothing")
    print()
    print(table(found))
    if options.json:
        options.json.write_text(json.dumps({"machine": machine, "cases": found}, indent=1) + "\n")


if __name__ == "__main__":
    main()
