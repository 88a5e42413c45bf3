#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Clients in asyncio: AsyncClient, the synchronous client in threads, aerospike-native, the vendor's client in threads.

Each in an environment of its own, against the embedded server in another process. Rounds alternate; a number is the
median of its rounds. aerospike-native (on uvloop) and the vendor's client take part where they can be installed.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import venv
from typing import Any

import environment

LOAD = str(environment.HERE / "asyncio_load.py")
CASES = [("get", 1), ("get", 32), ("get", 1000), ("put", 32), ("batch", 8), ("query", 1)]
ONLY = {"query": ("ours", "threads")}  # of 10,000 records: async for, and the synchronous results()


def native_python() -> str | None:
    """The Python of an environment with aerospike-native and uvloop, or None."""
    home = environment.BUILD / f"native-{sys.implementation.cache_tag}"
    python = home / "bin" / "python"
    if not (home / "done").exists():
        venv.create(home, clear=True, with_pip=True)
        command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        done = subprocess.run([*command, "aerospike-native==1.0.0", "uvloop"], check=False)
        if done.returncode != 0:
            print("aerospike-native cannot be installed here: it is left out", file=sys.stderr)
            return None
        (home / "done").touch()
    return str(python)


def vendor_python() -> str | None:
    try:
        return environment.vendor_python()
    except subprocess.CalledProcessError:
        print("the vendor's client cannot be installed here: it is left out", file=sys.stderr)
        return None


def run(python: str, name: str, *arguments: Any) -> dict[str, float]:
    ours = environment.our_environment() if python == sys.executable else None
    command = [python, LOAD, name, *map(str, arguments)]
    done = subprocess.run(command, env=ours, check=True, stdout=subprocess.PIPE, text=True)
    numbers: dict[str, float] = json.loads(done.stdout)
    return numbers


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0, help="of a run (default: %(default)s)")
    parser.add_argument("--clients", default="ours,single,threads,native,vendor")
    parser.add_argument("--json", type=pathlib.Path, help="write the numbers there, too")
    options = parser.parse_args()
    chosen = options.clients.split(",")
    peers = {"native": native_python, "vendor": vendor_python}
    pythons = {name: peers[name]() if name in peers else sys.executable for name in chosen}
    facts = environment.machine()
    print(environment.machine_text(facts))
    print("  case in flight   client  a second µs of CPU  p50 ms  p99 ms beat p99")
    report = []
    for case, in_flight in CASES:
        found: dict[str, list[dict[str, float]]] = {
            name: [] for name, python in pythons.items() if python and name in ONLY.get(case, pythons)
        }
        with environment.embedded_server() as (address, port, _):
            for _ in range(options.rounds):
                for name, results in found.items():
                    results.append(run(str(pythons[name]), name, address, port, case, in_flight, options.seconds))
        for name, results in found.items():
            row = {key: statistics.median(one[key] for one in results) for key in results[0]}
            report.append({"case": case, "in_flight": in_flight, "client": name, **row})
            print(
                f"{case:>6} {in_flight:>9} {name:>8} {row['rate']:>9.0f} {row['cpu']:>9.1f} {row['p50']:>7.2f}"
                f" {row['p99']:>7.2f} {row['heartbeat']:>8.2f}",
                flush=True,
            )
    if options.json:
        options.json.write_text(json.dumps({"machine": facts, "rows": report}, indent=1))


if __name__ == "__main__":
    main()
