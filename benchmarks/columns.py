#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Columns and matrices against the vendor's lists of records, and the C client called from C, measured alternately.

The processes and the way to measure are those of compare.py: what asks and waits is measured on one core, and scans, in
which server and client work at one time, on all. Each set is alone in its server, which looks at all records to find
those of a set. Beside a thread that is always at work in Python the seconds count, not the CPU, most of which is that
thread's.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import pathlib
from typing import Any

import compare
import environment
from cases import COLUMN_CASES, Case

MOST_OF_FLOOR, MOST_LATENCY = 2.7, 1.1  # what the project promises
MOST_BESIDE_BUSY = {"columns-busy": 0.05, "rows-busy": 0.1}
ON_ONE_CORE = ("matrix", "put-table")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", nargs="+", choices=list(compare.CLIENTS), default=list(compare.CLIENTS))
    names = [case.name for case in COLUMN_CASES]
    parser.add_argument("--cases", nargs="+", choices=names, default=names, help="default: all")
    parser.add_argument("--rounds", type=int, default=7, help="how often all is measured (default: %(default)s)")
    parser.add_argument("--scale", type=float, default=1.0, help="how many of each case's records are read")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write all that was measured to a file")
    return parser.parse_args()


def verdict(what: str, ratio: float, most: float) -> str:
    return f"{what}: {ratio:.3f}, target ≤ {most:g}{'' if ratio <= most else ', missed'}"


def promises(found: dict[str, dict[str, Any]]) -> list[str]:
    """What of the promises this run can tell, of ``{case: {client: its numbers}}``."""
    lines = []
    large, matrix = (found.get(name, {}) for name in ("columns-large", "matrix"))
    if {"ours", "floor"} <= set(large):
        ratio = large["ours"]["cpu_us"] / large["floor"]["cpu_us"]
        lines.append(verdict("CPU of 200,000, of the C client's from C", ratio, MOST_OF_FLOOR))
    for name, most in MOST_BESIDE_BUSY.items():
        if {"ours", "vendor"} <= set(busy := found.get(name, {})):
            ratio = busy["vendor"]["per_second"] / busy["ours"]["per_second"]
            what = name.removesuffix("-busy")
            lines.append(verdict(f"seconds of {what} beside a busy thread, of the vendor's", ratio, most))
    if {"ours", "floor"} <= set(matrix):
        ratio = matrix["floor"]["per_second"] / matrix["ours"]["per_second"]
        lines.append(verdict("latency of a matrix, of the C client's from C", ratio, MOST_LATENCY))
    return lines


def measure(cases: list[Case], options: argparse.Namespace) -> compare.Samples:
    """Measure cases of one set."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(environment.cores(cases[0].name in ON_ONE_CORE))
        address, port, _ = stack.enter_context(environment.embedded_server("--namespace", "test"))
        clients = []
        for name in options.clients:
            clients.append(compare.start(name, [address, str(port), "test"]))
            stack.callback(clients[-1].close)
        return compare.measure(clients, cases, options.rounds, options.scale)


def main() -> None:
    options = arguments()
    cases = [case for case in COLUMN_CASES if case.name in options.cases]
    machine = environment.machine()
    samples: compare.Samples = {}
    for _, of_one_set in itertools.groupby(cases, key=lambda case: case.kind):
        samples |= measure(list(of_one_set), options)
    rows = [compare.summary(case, samples[case.name]) for case in cases]
    print(f"machine: {environment.machine_text(machine)}\n")
    print(compare.table(rows))
    print("\n".join(promises({row["case"]: row["clients"] for row in rows})))
    if options.json:
        options.json.write_text(json.dumps({"machine": machine, "cases": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
