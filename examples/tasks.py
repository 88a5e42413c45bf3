# SPDX-License-Identifier: Apache-2.0
"""Tasks for Celery that count orders: ``celery --app tasks worker``."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import worker_process_init, worker_process_shutdown

import aerospike
from aerospike_helpers.operations import operations

app = Celery("tasks")
hosts = os.environ.get("AEROSPIKE_HOSTS", "127.0.0.1:3000")
client: aerospike.Client


@worker_process_init.connect
def connect(**_: Any) -> None:
    """In each process that carries out tasks; who only sends them needs no client."""
    global client
    client = aerospike.client({"hosts": hosts.split(",")})


@worker_process_shutdown.connect
def close(**_: Any) -> None:
    client.close()


@app.task
def order(item: str, count: int) -> dict[str, int]:
    """How many were ordered by now, and by which process this was noted."""
    key = ("test", "orders", item)
    _key, _meta, bins = client.operate(key, [operations.increment("n", count), operations.read("n")])
    return {"ordered": bins["n"], "process": os.getpid()}
