# SPDX-License-Identifier: Apache-2.0
"""AsyncClient on encrypted connections: what the C client reads and writes there by other functions."""

import asyncio

import pytest

import aerospike
from aerospike import embedded, exception

pytestmark = pytest.mark.embedded_only("a server with TLS")

SECRET = "hush-hush"
SIZES = (1, 1000, 16383, 16384, 16385, 100_000, 700_000)
KEYS = [("test", "aiotls", number) for number in range(200)]
BIG = ("test", "aiotls", "big")
SHORT = {"total_timeout": 300, "socket_timeout": 300, "max_retries": 0}
PATIENT = {"total_timeout": 60000, "socket_timeout": 60000, "max_retries": 10}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    authority = embedded.Authority(tmp_path_factory.mktemp("authority"))
    identity = authority.server("db.example.org")
    tls = embedded.Tls(identity.cert_file, identity.key_file, authority.ca_file)
    users = {"admin": (SECRET, ["user-admin"]), "ann": (SECRET, ["read-write"])}
    with embedded.Server(tls=tls, users=users, nodes=2) as running:
        yield running


@pytest.fixture(params=[True, False], ids=["in batches", "one by one"])
def run(request, server):
    """Run a coroutine function with a connected client."""
    config = {**server.config, "user": "ann", "password": SECRET, "max_error_rate": 10_000}
    config |= {"fuse_reads": request.param, "fuse_writes": request.param}

    def start(function):
        async def main():
            async with aerospike.AsyncClient(config) as client:
                await asyncio.gather(*(client.put(key, {"n": key[2]}, policy=PATIENT) for key in KEYS))
                return await function(client)

        return asyncio.run(main())

    yield start
    server.clear()


async def all_are_right(client):
    answers = await asyncio.gather(*(client.get(key, PATIENT) for key in KEYS))
    assert [bins for _, _, bins in answers] == [{"n": key[2]} for key in KEYS]


def test_records_of_any_size(run):
    async def main(client):
        for size in SIZES:
            await client.put(BIG, {"b": bytes([size % 256]) * size}, policy=PATIENT)
            assert (await client.get(BIG, PATIENT))[2] == {"b": bytes([size % 256]) * size}
        await client.remove(BIG)
        await all_are_right(client)
        rows = (await client.batch_read(KEYS, policy=PATIENT)).batch_records
        assert [row.record[2]["n"] for row in rows] == [key[2] for key in KEYS]
        assert sorted([bins["n"] async for _, _, bins in client.query("test", "aiotls")]) == [key[2] for key in KEYS]

    run(main)


@pytest.mark.parametrize("action", ["reset", "truncate", "drop"])
def test_connections_that_break(run, server, action):
    async def main(client):
        with server.fault(action, commands=("read", "batch", "write"), share=0.3, after=True):
            reads = [client.get(key, SHORT) for key in KEYS]
            writes = [client.put(key, {"n": key[2]}, policy=SHORT) for key in KEYS]
            results = await asyncio.gather(*reads, *writes, return_exceptions=True)
        errors = [result for result in results if isinstance(result, Exception)]
        assert errors
        assert all(isinstance(error, exception.AerospikeError) for error in errors)
        await all_are_right(client)

    run(main)


def test_what_is_cancelled(run):
    async def main(client):
        for turns in range(6):
            tasks = [asyncio.create_task(client.get(key, PATIENT)) for key in KEYS]
            for _ in range(turns):
                await asyncio.sleep(0)
            for task in tasks[::2]:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            assert [result[2]["n"] for result in results[1::2]] == [key[2] for key in KEYS[1::2]]
        await all_are_right(client)

    run(main)


def test_a_loop_that_ends_with_commands_under_way(run, server):
    async def main(client):
        with server.fault("drop", commands=("read", "batch")):
            for key in KEYS[:50]:
                asyncio.get_running_loop().create_task(client.get(key))
            await asyncio.sleep(0.05)

    run(main)
    run(all_are_right)


def test_a_log_in_that_is_refused(server):
    async def main():
        await aerospike.AsyncClient({**server.config, "user": "ann", "password": "wrong"}).connect()

    with pytest.raises(exception.InvalidCredential):
        asyncio.run(main())
