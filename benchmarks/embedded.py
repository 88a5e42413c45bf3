#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How fast and how small the embedded server is, against what it promises: it must not be what a test waits for."""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import statistics
import struct
import subprocess
import sys
from typing import Any

import environment

sys.path[:0] = environment.our_paths()

import aerospike  # noqa: E402

RECORD = {"name": "Ann Example", "age": 41, "balance": 1234.5, "city": "Oslo", "photo": bytes(32)}
RECORD_DATA = sum(len(name) for name in RECORD) + 11 + 8 + 8 + 4 + 32  # bytes of names and values
GET_ALL = 1 | 2  # a read, of all bins
BATCH = 8
BATCH_SIZE = 100

# Run in a process of its own, so that nothing is loaded or warm: milliseconds from the start to the first answer.
FIRST_ANSWER = """
import socket, sys, time
from aerospike import embedded
frame = bytes.fromhex(sys.argv[1])
began = time.perf_counter()
with embedded.Server() as server, socket.create_connection((server.address, server.port)) as connection:
    connection.sendall(frame)
    answer = connection.recv(1024)
    print((time.perf_counter() - began) * 1000)
"""


def field(kind: int, value: bytes) -> bytes:
    return struct.pack(">IB", len(value) + 1, kind) + value


def frame(info1: int, *fields: bytes) -> bytes:
    body = struct.pack(">BBBBBBIIIHH", 22, info1, 0, 0, 0, 0, 0, 0, 1000, len(fields), 0) + b"".join(fields)
    return struct.pack(">BB", 2, 3) + len(body).to_bytes(6, "big") + body


def get_frame(namespace: str, set_name: str, key: Any) -> bytes:
    """The request for a record with all its bins, as a client sends it."""
    digest = bytes(aerospike.calc_digest(namespace, set_name, key))
    return frame(GET_ALL, field(0, namespace.encode()), field(1, set_name.encode()), field(4, digest))


def batch_frame(keys: list[tuple[str, str, Any]]) -> bytes:
    """The request for many records of one set: the first in full, the others as repeats."""
    namespace, set_name, _ = keys[0]
    set_fields = field(0, namespace.encode()) + field(1, set_name.encode())
    entries = struct.pack(">IB", len(keys), 0)
    for i, key in enumerate(keys):
        entries += struct.pack(">I", i) + bytes(aerospike.calc_digest(*key))
        entries += b"\1" if i else struct.pack(">BBBBIHH", 2 | 8, GET_ALL, 0, 0, 0, 2, 0) + set_fields
    return frame(BATCH, field(41, entries))


def server_cpu(pid: int) -> float:
    """Seconds of CPU, user and system, of a process so far."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident(pid: int) -> int:
    """Bytes of a process in memory."""
    return int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def measure_reads(options: argparse.Namespace, at_a_time: int) -> dict[str, Any]:
    """Reads of one record a request, or of more. Numbers are those of a record."""
    load = environment.c_program("load", with_client=False)
    keys = [("test", "bench", i) for i in range(1000)]
    parts = [keys[i : i + at_a_time] for i in range(0, len(keys), at_a_time)]
    with environment.embedded_server() as (address, port, pid):
        with aerospike.client({"hosts": [(address, port)]}) as client:
            for key in keys:
                client.put(key, RECORD)
        frames = b"".join(get_frame(*part[0]) if at_a_time == 1 else batch_frame(part) for part in parts)
        command = [load, address, str(port), str(options.connections), str(options.seconds)]
        rounds = []
        for _ in range(options.rounds):
            before = server_cpu(pid)
            done = subprocess.run(command, input=frames, capture_output=True, check=False)
            if done.returncode != 0:
                raise SystemExit(done.stderr.decode())
            answers, failures, seconds, cpu = map(float, done.stdout.split())
            if failures:
                raise SystemExit(f"{failures:.0f} of {answers:.0f} reads failed")
            answers *= at_a_time
            rounds.append((answers / seconds, (server_cpu(pid) - before) / answers * 1e6, cpu / answers * 1e6))
    rate, server, generator = (statistics.median(column) for column in zip(*rounds, strict=True))
    return {"per_second": rate, "best": max(one[0] for one in rounds), "server_us": server, "load_us": generator}


def measure_start(rounds: int) -> float:
    frame = get_frame("test", "bench", 1).hex()
    command = [sys.executable, "-c", FIRST_ANSWER, frame]
    runs = (subprocess.run(command, env=environment.our_environment(), capture_output=True) for _ in range(rounds))
    return statistics.median(float(done.stdout) for done in runs)


def measure_memory(records: int) -> float:
    """Bytes of a record beyond the bytes of its names and values."""
    with (
        environment.embedded_server() as (address, port, pid),
        aerospike.client({"hosts": [(address, port)]}) as client,
    ):
        client.put(("test", "bench", 0), RECORD)
        before = resident(pid)
        for i in range(1, records + 1):
            client.put(("test", "bench", i), RECORD)
        return (resident(pid) - before) / records - RECORD_DATA


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--connections", type=int, default=128, help="gets under way at a time (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=2.0, help="of one round of gets (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=7, help="medians are of so many (default: %(default)s)")
    parser.add_argument("--records", type=int, default=100_000, help="to weigh (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="less of each: a first look")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write the numbers to a file")
    options = parser.parse_args()
    if options.quick:
        options.seconds, options.rounds, options.records = 0.5, 3, 20_000
    if not sys.platform.startswith("linux"):
        parser.error("this benchmark needs Linux (epoll, /proc)")
    return options


def show_reads(name: str, options: argparse.Namespace, reads: dict[str, Any], target: int) -> None:
    print(
        f"{name:<8} {reads['per_second']:,.0f} a second (best {reads['best']:,.0f}), {options.connections} under way; "
        f"CPU of a record: server {reads['server_us']:.1f} µs, load {reads['load_us']:.1f} µs; "
        f"target ≥ {target:,}: {verdict(reads['per_second'] >= target)}"
    )


def verdict(holds: bool) -> str:
    return "holds" if holds else "MISSED"


def main() -> None:
    options = arguments()
    machine = environment.machine()
    print(f"machine: {environment.machine_text(machine)}")
    flags = " ".join(environment.build_flags())
    if "-O3" not in flags:
        print(f"WARNING: this is no release build (flags: {flags}); the numbers mean nothing")
    gets = measure_reads(options, 1)
    show_reads("gets:", options, gets, 100_000)
    batches = measure_reads(options, BATCH_SIZE)
    show_reads("batches:", options, batches, 250_000)
    start = measure_start(options.rounds)
    print(f"start:   {start:.1f} ms to the first answer; target < 50 ms: {verdict(start < 50)}")
    memory = measure_memory(options.records)
    print(
        f"memory:  {memory:.0f} bytes a record beyond its {RECORD_DATA} of data; target < 200: {verdict(memory < 200)}"
    )
    if options.json:
        facts = {"machine": machine, "flags": flags, "gets": gets, "batches": batches}
        facts |= {"start_ms": start, "memory_bytes": memory}
        options.json.write_text(json.dumps(facts, indent=1) + "\n")


if __name__ == "__main__":
    main()
