#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""This client, the vendor's, and the C client called from C, measured alternately against the same server.

Each runs in a process of its own, the server in another, all on one core, unless --no-pin: waking another core costs
more than a command, and now and then, so that it would be what is measured. What counts is the CPU time that a command
costs the client's process (user and system); benchmarks/README.md says how to read the table.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pathlib
import statistics
import subprocess
import sys
from typing import Any

import environment
from cases import BY_NAME, CASES, Case

CLIENTS = {
    "ours": "this client",
    "vendor": f"the vendor's {environment.VENDOR_VERSION}",
    "floor": "the C client from C",
}


class Client:
    """The process of one client."""

    def __init__(self, name: str, command: list[str], where: list[str], env: dict[str, str] | None = None) -> None:
        self.name = name
        self.process = subprocess.Popen(
            [*command, *where], env=env, cwd="/", stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.input, self.output = environment.pipe(self.process.stdin), environment.pipe(self.process.stdout)
        greeting = self.output.readline().split(maxsplit=2)
        if not greeting or greeting[0] != "ready":
            raise SystemExit(f"{CLIENTS[name]} did not start")
        self.version, self.flags = greeting[1], greeting[2].strip()

    def run(self, case: Case, count: int) -> tuple[float, float] | None:
        """Seconds and seconds of CPU for `count` commands; None where the client has no such command."""
        self.input.write(f"{case.name} {count}\n")
        self.input.flush()
        answer = self.output.readline()
        if answer.startswith("unsupported"):
            return None
        if not answer:
            raise SystemExit(f"{CLIENTS[self.name]} ended in the case {case.name}")
        seconds, cpu = answer.split()
        return float(seconds), float(cpu)

    def close(self) -> None:
        self.input.close()
        self.process.wait()


def start(name: str, where: list[str]) -> Client:
    runner = str(environment.HERE / "runner.py")
    if name == "floor":
        return Client(name, [environment.c_program("floor")], where)
    if name == "vendor":
        # without the variables that would show it this checkout
        env = {key: value for key, value in environment.our_environment().items() if key != "PYTHONPATH"}
        return Client(name, [environment.vendor_python(), runner], where, env)
    return Client(name, [sys.executable, runner], where, environment.our_environment())


class Progress:
    """One line that is written again and again; on a file, nothing."""

    def __init__(self, total: int) -> None:
        self.total, self.done, self.shows = total, 0, sys.stderr.isatty()

    def step(self, what: str) -> None:
        self.done += 1
        if self.shows:
            end = "\n" if self.done == self.total else ""
            print(f"\r{self.done * 100 // self.total:3d}% {what:<50}", end=end, file=sys.stderr, flush=True)


Samples = dict[str, dict[str, list[tuple[float, float]]]]  # case: client: (seconds, CPU) of one command


def measure(clients: list[Client], cases: list[Case], rounds: int, scale: float) -> Samples:
    samples: Samples = {case.name: {client.name: [] for client in clients} for case in cases}
    progress = Progress((rounds + 1) * len(cases) * len(clients))
    for number in range(rounds + 1):  # the first one warms up
        for case in cases:
            step = case.threads * case.each
            count = max(step, int(case.count * scale) // step * step)
            turn = number % len(clients)
            for client in clients[turn:] + clients[:turn]:
                progress.step(f"round {number} of {rounds}: {case.what}, {CLIENTS[client.name]}")
                taken = client.run(case, count)
                if taken is not None and number > 0:
                    samples[case.name][client.name].append((taken[0] / count, taken[1] / count))
    return samples


def summary(case: Case, samples: dict[str, list[tuple[float, float]]]) -> dict[str, Any]:
    """Medians of a case by client, and the ratios of ours to the others."""
    row: dict[str, Any] = {"case": case.name, "what": case.what, "target": case.target, "clients": {}}
    for client, taken in samples.items():
        if taken:
            cpu = [one[1] * 1e6 for one in taken]
            row["clients"][client] = {
                "per_second": 1 / statistics.median(one[0] for one in taken),
                "cpu_us": statistics.median(cpu),
                "cpu_us_all": cpu,
            }
    known = row["clients"]
    if "ours" in known and "vendor" in known:
        row["cpu_ratio"] = known["ours"]["cpu_us"] / known["vendor"]["cpu_us"]
        row["throughput_ratio"] = known["ours"]["per_second"] / known["vendor"]["per_second"]
        row["holds"] = None if case.target is None else row["cpu_ratio"] <= case.target
    return row


def cell(row: dict[str, Any], client: str, what: str, form: str) -> str:
    return format(row["clients"][client][what], form) if client in row["clients"] else "-"


def table(rows: list[dict[str, Any]]) -> str:
    lines = [
        f"{'':26}{'commands a second':^30}{'CPU of a command, µs':^27}{'ours / vendor':^25}",
        f"{'':26}{'ours':>10}{'vendor':>10}{'C':>10}{'ours':>9}{'vendor':>9}{'C':>9}{'CPU':>8}{'target':>8}{'speed':>8}",
    ]
    for row in rows:
        line = f"{row['what']:26}"
        line += "".join(f"{cell(row, client, 'per_second', ',.0f'):>10}" for client in CLIENTS)
        line += "".join(f"{cell(row, client, 'cpu_us', '.1f'):>9}" for client in CLIENTS)
        if "cpu_ratio" in row:
            target = "" if row["target"] is None else f"≤ {row['target']:.2f}"
            verdict = "  missed" if row["holds"] is False else ""
            line += f"{row['cpu_ratio']:>8.2f}{target:>8}{row['throughput_ratio']:>8.2f}{verdict}"
        lines.append(line.rstrip())
    return "\n".join(lines)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hosts", help="address:port of a real server (default: the embedded one, in its own process)")
    parser.add_argument("--namespace", default="test", help="the server's namespace to work in (default: %(default)s)")
    parser.add_argument("--cases", nargs="+", choices=list(BY_NAME), metavar="CASE", help=f"of {', '.join(BY_NAME)}")
    parser.add_argument("--clients", nargs="+", choices=list(CLIENTS), default=list(CLIENTS), help="default: all")
    parser.add_argument("--rounds", type=int, help="how often all is measured (default: 15)")
    parser.add_argument("--scale", type=float, default=1.0, help="how many of each case's commands are run")
    parser.add_argument("--quick", action="store_true", help="3 rounds of a quarter of the commands: a first look")
    parser.add_argument("--no-pin", action="store_true", help="let the system choose the cores of client and server")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write all that was measured to a file")
    options = parser.parse_args()
    if options.quick:
        options.scale /= 4
    options.rounds = options.rounds or (3 if options.quick else 15)
    if options.hosts and not options.hosts.rpartition(":")[2].isdigit():
        parser.error(f"--hosts must be address:port, not {options.hosts}")
    return options


def main() -> None:
    options = arguments()
    pinned = not options.no_pin and hasattr(os, "sched_setaffinity")
    cases = [BY_NAME[name] for name in options.cases] if options.cases else CASES
    machine = environment.machine()
    with contextlib.ExitStack() as stack:
        stack.enter_context(environment.cores(pinned))
        if options.hosts:
            address, _, port = options.hosts.rpartition(":")
        else:
            address, port, _ = stack.enter_context(environment.embedded_server("--namespace", options.namespace))
        clients = []
        for name in options.clients:
            clients.append(start(name, [address, str(port), options.namespace]))
            stack.callback(clients[-1].close)
        samples = measure(clients, cases, options.rounds, options.scale)
        versions = {client.name: client.version for client in clients}
        flags = {client.name: client.flags for client in clients}
    rows = [summary(case, samples[case.name]) for case in cases]
    print(f"machine: {environment.machine_text(machine)}")
    print(f"server:  {options.hosts or 'the embedded server, in a process of its own'}")
    print(
        f"method:  medians of {options.rounds} rounds, {'all on one core' if pinned else 'cores as the system chose'}"
    )
    print("clients: " + ", ".join(f"{CLIENTS[name]} ({version})" for name, version in versions.items()))
    if "-O3" not in flags.get("ours", "-O3"):
        print(f"WARNING: this client is no release build (flags: {flags['ours']}); its numbers mean nothing")
    print()
    print(table(rows))
    if options.json:
        report = {
            "machine": machine,
            "pinned": pinned,
            "versions": versions,
            "flags": flags,
            "rounds": options.rounds,
            "cases": rows,
        }
        options.json.write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
