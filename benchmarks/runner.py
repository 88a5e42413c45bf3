# SPDX-License-Identifier: Apache-2.0
"""The process of one Python client: measures what its standard input asks for.

``runner.py ADDRESS PORT NAMESPACE``; then a line ``CASE COUNT`` is answered by ``SECONDS CPU_SECONDS`` (of the whole
process, user and system), or by ``unsupported: REASON``. floor.c does the same in C.
"""

from __future__ import annotations

import concurrent.futures
import importlib.metadata
import itertools
import resource
import sys
import threading
import time
from typing import Any

from cases import BY_NAME, KINDS, Case, keys_of, set_of

import aerospike

PATIENCE = 600000  # milliseconds: beside a busy thread queries may be slow


def cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def measure(client: Any, case: Case, keys: list[Any], count: int) -> tuple[float, float]:
    """Run `count` commands over all threads: seconds, and seconds of CPU."""
    ready = threading.Barrier(case.threads + 1)

    def work(first: int) -> None:
        mine = itertools.islice(itertools.cycle(keys[first:] + keys[:first]), count // case.threads // case.each)
        ready.wait()
        case.run(client, mine, KINDS[case.kind].record)

    with concurrent.futures.ThreadPoolExecutor(case.threads) as threads:
        futures = [threads.submit(work, i * len(keys) // case.threads) for i in range(case.threads)]
        ready.wait()
        began, cpu_began = time.perf_counter(), cpu_seconds()
        for future in futures:
            future.result()
        return time.perf_counter() - began, cpu_seconds() - cpu_began


def fill(client: Any, keys: list[Any], record: Any) -> None:
    """Write the records of a set, unless another client's process has."""
    if client.exists(keys[-1])[1] is None:
        for key in keys:
            client.put(key, record)


def main(address: str, port: str, namespace: str) -> None:
    client = aerospike.client({"hosts": [(address, int(port))], "policies": {"total_timeout": PATIENCE}})
    keys: dict[str, list[Any]] = {}
    version = getattr(aerospike, "__version__", None) or importlib.metadata.version("aerospike")
    print("ready", version, getattr(aerospike, "__build_info__", {}).get("flags", "-"), flush=True)
    for line in sys.stdin:
        name, count = line.split()
        case = BY_NAME[name]
        if not hasattr(client, case.run.__name__):
            print("unsupported: the client has no", case.run.__name__, flush=True)
        else:
            if case.kind not in keys:
                keys[case.kind] = keys_of(namespace, case.kind)
                fill(client, keys[case.kind], KINDS[case.kind].record)
            print(*measure(client, case, keys[case.kind], int(count)), flush=True)
    for kind in keys:
        client.truncate(namespace, set_of(kind), 0)
    client.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
