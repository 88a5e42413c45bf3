# SPDX-License-Identifier: Apache-2.0
"""What get_stats() tells of an AsyncClient's commands."""

import asyncio

import pytest

import aerospike
from aerospike import embedded, exception
from aerospike_helpers.metrics import AsyncioStats

COUNT = 300


@pytest.fixture
def run(config):
    """Run a coroutine function with a connected client."""

    def start(function, **settings):
        async def main():
            async with aerospike.AsyncClient({**config, **settings}) as client:
                return await function(client)

        return asyncio.run(main())

    return start


async def stats_of(client):
    return (await client.get_stats()).asyncio


def test_reads_and_writes_that_come_together(run, make_key):
    keys = [make_key() for _ in range(COUNT)]

    async def main(client):
        assert vars(await stats_of(client)) == dict.fromkeys(AsyncioStats.__annotations__, 0)
        await asyncio.gather(*(client.put(key, {"a": 1}) for key in keys))
        written = await stats_of(client)
        assert (written.completed, written.in_flight, written.waiting) == (COUNT, 0, 0)
        assert 2 <= written.batches <= written.fused_writes <= COUNT
        assert written.fused_reads == 0
        await asyncio.gather(*(client.get(key) for key in keys))
        await asyncio.gather(client.remove(keys[0]), client.exists(keys[1]))
        read = await stats_of(client)
        assert read.completed == 2 * COUNT + 2
        assert 2 <= read.fused_reads <= COUNT
        assert read.batches > written.batches
        assert read.fused_writes == written.fused_writes

    run(main)


def test_large_puts_go_alone(run, make_key):
    """So that what comes together is no message that servers refuse."""
    keys = [make_key() for _ in range(COUNT)]

    async def main(client):
        await asyncio.gather(*(client.put(key, {"a": "x" * 30_000, "b": bytes(40_000)}) for key in keys))
        await asyncio.gather(*(client.put(key, {"a": ["x" * 70_000]}) for key in keys))
        assert (await stats_of(client)).fused_writes == 0
        await asyncio.gather(*(client.put(key, {"a": "x" * 30_000, "b": [bytes(30_000)]}) for key in keys))
        assert (await stats_of(client)).fused_writes >= 2

    run(main)


def test_commands_of_their_own(run, key):
    async def main(client):
        await client.put(key, {"a": 1})
        await asyncio.gather(*(client.get(key) for _ in range(COUNT)))
        with pytest.raises(exception.ParamError):
            await client.get(("none",))  # which was no command
        stats = await stats_of(client)
        assert (stats.completed, stats.batches, stats.fused_reads) == (COUNT + 1, 0, 0)

    run(main, fuse_reads=False)


def test_a_synchronous_client_has_none(client, key):
    client.put(key, {"a": 1})
    assert set(vars(client.get_stats().asyncio).values()) == {0}


@pytest.mark.embedded_only("it makes a server stand still")
def test_commands_under_way_and_waiting():
    async def main(server):
        async with aerospike.AsyncClient({**server.config, "max_in_flight": 2}) as client:
            key, policy = ("test", "demo", 1), {"total_timeout": 60000, "socket_timeout": 60000}
            await client.put(key, {"a": 1})
            server.nodes[0].pause()
            try:
                tasks = [asyncio.ensure_future(client.exists(key, policy)) for _ in range(10)]
                await asyncio.sleep(0)
                stats = await stats_of(client)
                assert (stats.in_flight, stats.waiting, stats.completed) == (2, 8, 1)
            finally:
                server.nodes[0].resume()
            await asyncio.gather(*tasks)
            stats = await stats_of(client)
            assert (stats.in_flight, stats.waiting, stats.completed) == (0, 0, 11)

    with embedded.Server() as server:
        asyncio.run(main(server))
