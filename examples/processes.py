#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Share work among processes, which are started as the argument says: fork, spawn or forkserver."""

from __future__ import annotations

import argparse
import concurrent.futures
import multiprocessing
import os

import aerospike

KEY = ("test", "work", "done")
client: aerospike.Client


def start(hosts: list[str]) -> None:
    """Each process begins with this."""
    global client
    client = aerospike.client({"hosts": hosts})


def work(number: int) -> int:
    client.increment(KEY, "n", number)
    return os.getpid()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("method", choices=multiprocessing.get_all_start_methods())
    context = multiprocessing.get_context(parser.parse_args().method)
    hosts = os.environ.get("AEROSPIKE_HOSTS", "127.0.0.1:3000").split(",")

    with concurrent.futures.ProcessPoolExecutor(2, context, start, (hosts,)) as pool:
        processes = set(pool.map(work, range(100)))
    with aerospike.client({"hosts": hosts}) as reader:
        print(f"Sum {reader.get(KEY)[2]['n']}, by others: {os.getpid() not in processes}")


if __name__ == "__main__":  # a process that is spawned imports this file, too
    main()
