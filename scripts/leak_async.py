# SPDX-License-Identifier: Apache-2.0
"""AsyncClient for leaks.py."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any

from leak_row import BINS, NAMESPACE, Context, Row

import aerospike
from aerospike import exception
from aerospike_helpers.operations import operations

TIMES = 20  # that a row's command runs in one call


async def refused(coroutine: Coroutine[Any, Any, Any]) -> None:
    with contextlib.suppress(exception.AerospikeError, TypeError):
        await coroutine


async def cancelled(coroutine: Coroutine[Any, Any, Any]) -> None:
    task = asyncio.ensure_future(coroutine)
    await asyncio.sleep(0)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def commands(client: aerospike.AsyncClient, context: Context) -> dict[str, Callable[[], Coroutine[Any, Any, Any]]]:
    """A command of each kind that runs on the C client's loop."""
    key = context.scratch
    return {
        "get": lambda: client.get(context.key),
        "select": lambda: client.select(context.key, ["int", "list"]),
        "exists": lambda: client.exists(context.key),
        "put": lambda: client.put(key, BINS),
        "remove_bin": lambda: client.remove_bin(key, ["list"]),
        "append": lambda: client.append(key, "t", "x"),
        "prepend": lambda: client.prepend(key, "t", "x"),
        "increment": lambda: client.increment(key, "int", 1),
        "touch": lambda: client.touch(key),
        "operate": lambda: client.operate(key, [operations.read("int")]),
        "operate_ordered": lambda: client.operate_ordered(key, [operations.read("int")]),
        "remove": lambda: refused(client.remove(context.absent)),
        "batch_read": lambda: client.batch_read([context.key, context.absent]),
        "batch_arrow": lambda: client.batch_arrow([key], {"int": "int64"}),
        "batch_matrix": lambda: client.batch_matrix([key], ["int"]),
        "batch_operate": lambda: client.batch_operate([key], [operations.read("int")]),
        "apply": lambda: refused(client.apply(key, "none", "none", [])),
    }


def async_rows(context: Context) -> Iterator[Row]:
    """Coroutines on one loop, and what comes and goes with loops."""
    loop = asyncio.new_event_loop()
    client = aerospike.AsyncClient(context.config)
    wait = loop.run_until_complete
    wait(client.connect())
    wait(client.put(context.scratch, {**BINS, "t": ""}))

    async def many(make: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        await asyncio.gather(*(make() for _ in range(TIMES)))

    async def records() -> None:
        async for _ in client.query(NAMESPACE, "scanned"):
            pass
        await client.scan(NAMESPACE, "scanned").results()

    async def left() -> None:
        async for _ in client.query(NAMESPACE, "scanned"):
            break
        async with client.scan(NAMESPACE, "scanned").records() as rows:
            await anext(rows)
        await refused(client.query("none", "scanned").results())

    async def tables() -> None:
        async for table in client.query(NAMESPACE, "scanned").arrow({"n": "int64"}):
            repr(table)

    async def parts() -> None:
        async def source() -> AsyncIterator[Any]:
            while True:
                yield await client.batch_arrow([context.key], {"int": "int64"}, None, ("digest",))

        await client.put_arrow(source(), NAMESPACE, "copied", "digest", on_batch=lambda _: False)

    async def connect_and_close() -> None:
        async with aerospike.AsyncClient(context.config) as other:
            await many(lambda: other.get(context.key))

    def another_loop() -> None:
        asyncio.run(connect_and_close())

    def abandoned() -> None:
        with contextlib.closing(asyncio.new_event_loop()) as other:
            other.run_until_complete(many(lambda: client.get(context.key)))

    for name, make in commands(client, context).items():
        yield Row(f"AsyncClient.{name}", lambda make=make: wait(many(make)), 10)  # type: ignore[misc]
        yield Row(f"AsyncClient.{name}: cancelled", lambda make=make: wait(cancelled(make())))  # type: ignore[misc]
    yield Row("AsyncClient.get: no record", lambda: wait(refused(client.get(context.absent))))
    yield Row("AsyncClient.get: bad key", lambda: wait(refused(client.get(("test",)))))  # type: ignore[arg-type]
    yield Row("AsyncClient.query, AsyncClient.scan", lambda: wait(records()), 10)
    yield Row("AsyncClient.query, AsyncClient.scan: left early", lambda: wait(left()), 10)
    for name, make_results in (("query", client.query), ("scan", client.scan)):
        yield Row(
            f"AsyncClient.{name}: cancelled",
            lambda make=make_results: wait(cancelled(make(NAMESPACE, "scanned").results())),  # type: ignore[misc]
            10,
        )
    yield Row("AsyncQuery.arrow: async for", lambda: wait(tables()), 10)
    yield Row("AsyncClient.put_arrow: of an asynchronous generator", lambda: wait(parts()), 10)
    yield Row("AsyncClient.connect, AsyncClient.close", another_loop, 80)
    yield Row("AsyncClient: a loop that ends", abandoned, 20)
