#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Clients in asyncio: AsyncClient on asyncio and on uvloop, aerospike-native on uvloop, the vendor's client in threads.

Each in an environment of its own, against the embedded server in another process. Rounds alternate; a number is the
median of its rounds, a ratio one of medians. aerospike-native, uvloop and the vendor's client take part where they can
be installed. Keys are made of numbers and bins of records are looked at, as programs do; --unread leaves both out, of
which a client that makes objects only when they are asked for looks faster. At the end stands the table of the README.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import shlex
import signal
import statistics
import subprocess
import sys
import venv
from collections.abc import Callable
from typing import Any, NamedTuple

import environment

LOAD = str(environment.HERE / "asyncio_load.py")
OURS = {"ours": "asyncio", "uvloop": "uvloop"}
CLIENTS = {
    "ours": "AsyncClient",
    "uvloop": "the same on uvloop",
    "native": "aerospike-native on uvloop",
    "vendor": "the vendor's in threads",
    "sync": "our synchronous client",
    "single": "AsyncClient, not fused",
    "threads": "our synchronous in threads",
}


class Case(NamedTuple):
    name: str
    in_flight: int
    what: str

    @property
    def only(self) -> tuple[str, ...] | None:
        """The clients that take part; None: all but the synchronous one."""
        return ("ours", "uvloop", "sync") if self.name == "query" else None


CASES = [
    Case("get", 32, "get, 32 in flight"),
    Case("get", 1, "get, 1 in flight"),
    Case("get", 1000, "get, 1,000 in flight"),
    Case("put", 32, "put, 32 in flight"),
    Case("batch", 8, "batch of 100, 8 in flight"),
    Case("query", 1, "query of 10,000 records"),
    Case("think", 300, "get, 300 tasks that think"),
]


class Target(NamedTuple):
    """What the ratio of ours to another client's is to be: at least `bound`, or at most where less is better."""

    case: Case
    number: str
    against: str
    bound: float

    @property
    def what(self) -> str:
        return {
            "rate": self.case.what,
            "cpu": f"{self.case.what}: CPU",
            "heartbeat": f"heartbeat beside {self.case.what[5:]}: p99",
        }.get(self.number, f"{self.case.what}: {self.number}")

    def holds(self, ratio: float) -> bool:
        return ratio >= self.bound if self.number == "rate" else ratio <= self.bound

    def text(self) -> str:
        return f"{'≥' if self.number == 'rate' else '≤'} {self.bound:g}"


GET, ONE, CROWD, PUT, BATCH, QUERY, THINK = CASES
TARGETS = [
    Target(GET, "rate", "native", 3),
    Target(GET, "cpu", "native", 0.25),
    Target(ONE, "rate", "native", 1.5),
    Target(CROWD, "rate", "native", 3),
    Target(PUT, "rate", "native", 3),
    Target(BATCH, "rate", "native", 2),
    Target(QUERY, "rate", "sync", 1),
    Target(CROWD, "heartbeat", "native", 0.5),
    Target(THINK, "p50", "native", 1),
    Target(THINK, "p99", "native", 1),
]

Numbers = dict[str, float]
Medians = dict[Case, dict[str, Numbers]]


# ---- environments ----


def made(name: str, *packages: str) -> str | None:
    """The Python of an environment with packages, or None."""
    home = environment.BUILD / f"{name}-{sys.implementation.cache_tag}"
    python = home / "bin" / "python"
    if not (home / "done").exists():
        print(f"installing {', '.join(packages)} into {home}", file=sys.stderr)
        venv.create(home, clear=True, with_pip=True)
        command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        if subprocess.run([*command, *packages], check=False).returncode != 0:
            print(f"{', '.join(packages)}: not to be had here, and left out", file=sys.stderr)
            return None
        (home / "done").touch()
    return str(python)


def vendor_python() -> str | None:
    try:
        return environment.vendor_python()
    except subprocess.CalledProcessError:
        print("the vendor's client cannot be installed here: it is left out", file=sys.stderr)
        return None


PYTHONS: dict[str, Callable[[], str | None]] = {
    "uvloop": lambda: made("uvloop", "uvloop"),
    "native": lambda: made("native", "aerospike-native==1.0.0", "uvloop"),
    "vendor": vendor_python,
}


# ---- measuring ----


def run(python: str, name: str, *arguments: Any) -> Numbers | None:
    """The numbers of one run, in a process of its own. None: a peer crashed, and the other runs count."""
    peer = name in ("native", "vendor")
    command = [python, LOAD, name, *map(str, arguments)]
    env = None if peer else environment.our_environment()
    done = subprocess.run(command, env=env, check=False, stdout=subprocess.PIPE, text=True)
    if peer and done.returncode < 0:
        print(f"{CLIENTS[name]} died: {signal.strsignal(-done.returncode)} ({shlex.join(command)})", file=sys.stderr)
        return None
    done.check_returncode()
    numbers: Numbers = json.loads(done.stdout)
    return numbers


def takes_part(case: Case, name: str) -> bool:
    return name in case.only if case.only is not None else name != "sync"


def measure(pythons: dict[str, str], cases: list[Case], rounds: int, seconds: float, way: str) -> Medians:
    found: dict[Case, dict[str, list[Numbers]]] = {case: {} for case in cases}
    with environment.embedded_server() as (address, port, _):
        run(sys.executable, "ours", address, port, "fill", 1, 0, way)
        for number in range(rounds):
            for case in cases:
                names = [name for name in pythons if takes_part(case, name)]
                turn = number % max(len(names), 1)
                for name in names[turn:] + names[:turn]:
                    numbers = run(pythons[name], name, address, port, case.name, case.in_flight, seconds, way)
                    if numbers is not None:
                        found[case].setdefault(name, []).append(numbers)
    return {
        case: {
            name: {key: statistics.median(one[key] for one in all_rounds) for key in all_rounds[0]}
            for name, all_rounds in clients.items()
        }
        for case, clients in found.items()
    }


# ---- what is told ----


def measured(medians: Medians) -> str:
    lines = [f"{'':26} {'':26}{'a second':>10}{'CPU, µs':>9}{'p50, ms':>9}{'p99, ms':>9}{'heartbeat p99':>15}"]
    for case, clients in medians.items():
        for name, row in clients.items():
            lines.append(
                f"{case.what:26} {CLIENTS[name]:26}{row['rate']:>10,.0f}{row['cpu']:>9.1f}{row['p50']:>9.2f}"
                f"{row['p99']:>9.2f}{row['heartbeat']:>15.2f}"
            )
    return "\n".join(lines)


def ratio(medians: Medians, target: Target, ours: str, other: str) -> float | None:
    clients = medians.get(target.case, {})
    if ours not in clients or other not in clients:
        return None
    return clients[ours][target.number] / clients[other][target.number]


def targets(medians: Medians) -> str:
    """A line for each target, as markdown: ours to the best peer, and to the vendor's client."""
    lines = [
        "| AsyncClient as a multiple of | aerospike-native | both on uvloop | the vendor's in threads | target |",
        "|---|---|---|---|---|",
    ]
    for target in TARGETS:
        known = [ratio(medians, target, ours, target.against) for ours in OURS]
        if known == [None, None]:
            continue
        vendor = ratio(medians, target, "ours", "vendor")
        told = ["-" if one is None else f"{one:.2f}" for one in (*known, vendor)]
        what = target.what + (" (of `results()`)" if target.against == "sync" else "")
        missed = "" if all(one is None or target.holds(one) for one in known) else ", missed"
        lines.append(f"| {what} | {' | '.join(told)} | {target.text()}{missed} |")
    return "\n".join(lines)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="how often all is measured (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=1.0, help="of a run (default: %(default)s)")
    parser.add_argument(
        "--clients", nargs="+", choices=list(CLIENTS), default=["ours", "uvloop", "native", "vendor", "sync"]
    )
    parser.add_argument("--cases", nargs="+", choices=sorted({case.name for case in CASES}), help="default: all")
    parser.add_argument("--unread", action="store_true", help="keys are made before, and nobody looks at the answers")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write the numbers there, too")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    facts = environment.machine()
    found = {name: PYTHONS.get(name, lambda: sys.executable)() for name in options.clients}
    pythons = {name: python for name, python in found.items() if python is not None}
    cases = [case for case in CASES if options.cases is None or case.name in options.cases]
    way = "unread" if options.unread else "read"
    medians = measure(pythons, cases, options.rounds, options.seconds, way)
    print(f"machine: {environment.machine_text(facts)}")
    print(f"method:  medians of {options.rounds} alternating rounds of {options.seconds:g} s, a process each, {way}\n")
    print(measured(medians) + "\n\n" + targets(medians))
    if options.json:
        rows = [
            {"case": case.name, "in_flight": case.in_flight, "client": name, **row}
            for case, clients in medians.items()
            for name, row in clients.items()
        ]
        options.json.write_text(json.dumps({"machine": facts, "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
