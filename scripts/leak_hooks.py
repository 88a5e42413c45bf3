# SPDX-License-Identifier: Apache-2.0
"""Rows of leaks.py about hooks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from leak_columns import take
from leak_row import Context, Row, refused

import aerospike


class Watching:
    """A hook that keeps what it is told until it is told something else."""

    def start(self, report: aerospike.CommandReport) -> None:
        report.notes[self] = report

    def end(self, report: aerospike.CommandReport) -> None:
        self.report = (repr(report), report.address, report.nodes, report.digest, report.duration, report.error)


def hooked(call: Callable[[], object], owner: Any = aerospike) -> None:
    """The call under a hook."""
    hook = Watching()
    owner.add_hook(hook)
    call()
    owner.remove_hook(hook)


def hook_rows(context: Context) -> Iterator[Row]:
    client, key = context.client, context.key
    slow = aerospike.client({"hosts": context.hosts, "slow_log_ms": 2**32 - 1})
    yield Row("add_hook: get", lambda: hooked(lambda: client.get(key)))
    yield Row("add_hook: bad", lambda: refused(aerospike.add_hook, 5))
    yield Row("remove_hook: unknown", lambda: refused(aerospike.remove_hook, 5))
    yield Row("Client.add_hook: get", lambda: hooked(lambda: client.get(key), client))
    yield Row("Client.add_hook: an error", lambda: hooked(lambda: refused(client.get, context.absent), client))
    yield Row("Client.add_hook: a batch", lambda: hooked(lambda: client.batch_read([key, context.absent]), client))
    query = client.query(key[0], key[1])
    yield Row("Client.add_hook: a query", lambda: hooked(query.results, client))
    yield Row("Client.add_hook: an iterator that is left", lambda: hooked(lambda: next(iter(query)), client))
    columns, wrong = query.arrow({"int": "int64"}), query.arrow({"int": "string"})
    yield Row("Client.add_hook: columns", lambda: hooked(lambda: take(columns, 2), client), 20)
    yield Row("Client.add_hook: columns that are left", lambda: hooked(lambda: take(columns, 0), client))
    yield Row("Client.add_hook: columns that fail", lambda: hooked(lambda: take(wrong, 1), client), 20)
    yield Row("Client.add_hook: bad", lambda: refused(client.add_hook, 5))
    yield Row("Client.remove_hook: unknown", lambda: refused(client.remove_hook, 5))
    yield Row("Client.get: log of slow commands", lambda: slow.get(key))
