# SPDX-License-Identifier: Apache-2.0
"""A web application that counts visits to its pages."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

import aerospike
from aerospike_helpers.operations import operations

hosts = os.environ.get("AEROSPIKE_HOSTS", "127.0.0.1:3000")
client = aerospike.client({"hosts": hosts.split(",")})  # one for all threads


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    key = ("test", "visits", environ["PATH_INFO"])
    _key, _meta, bins = client.operate(key, [operations.increment("n", 1), operations.read("n")])
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"visit {bins['n']}, answered by process {os.getpid()}\n".encode()]
