# SPDX-License-Identifier: Apache-2.0
"""Commands of asyncio whose node takes the log-in no more are sent again, when the C client has logged in anew."""

import asyncio

import pytest

import aerospike
from aerospike import embedded, exception
from aerospike_helpers.batch import records
from aerospike_helpers.operations import operations

pytestmark = pytest.mark.embedded_only("it ends log-ins after a second")
USERS = {"ann": ("one, two", ["data-admin", "read-write-udf"])}
KEYS = [("test", "log in", n) for n in range(60)]
PATIENT = {"policies": {"total_timeout": 60000}}


@pytest.fixture(scope="module")
def config():
    with embedded.Server(nodes=3, users=USERS, session_ttl=1) as server:
        config = {**server.config, **PATIENT, "user": "ann", "password": "one, two"}
        with aerospike.client(config) as client:
            client.batch_operate(KEYS, [operations.write("n", 0), operations.write("m", 5)])
        yield config


def results(done):
    return [done.result, *(row.result for row in done.batch_records)]


async def counted_up(client):
    """Each record by one, whatever node was asked twice."""
    assert set(results(await client.batch_operate(KEYS, [operations.increment("n", 1)]))) == {0}
    counts = [row.record[2]["n"] for row in (await client.batch_read(KEYS, ["n"])).batch_records]
    return set(counts) == {counts[0]} and counts[0] > 0


async def partly_wrong(client):
    """A row that fails by itself is an error of the whole, though others were sent again."""
    keys = [*KEYS[:30], ("test", "log in", "none")]
    wrong = records.Write(KEYS[30], [operations.append("m", "x")])
    rows = [*(records.Read(key, None) for key in keys), wrong]
    found = results(await client.batch_write(records.BatchRecords(rows)))
    return found == [exception.BatchFailed.code, *[0] * 30, 2, exception.BinIncompatibleType.code]


async def read_as_matrix(client):
    matrix = await client.batch_matrix(KEYS, ["m"])
    return matrix.result == 0 and set(memoryview(matrix).cast("B").cast("d")) == {5.0}


async def singles(client):
    await asyncio.gather(*(client.put(key, {"m": 5}) for key in KEYS))
    found = await asyncio.gather(*(client.get(key) for key in KEYS), *(client.exists(key) for key in KEYS))
    return {one[2]["m"] for one in found[: len(KEYS)]} == {5}


async def read_all(client, keys):
    return set(results(await client.batch_read(keys))) == {0}


WORK = {
    "batch_operate": counted_up,
    "batch_write": partly_wrong,
    "batch_matrix": read_as_matrix,
    "batch_read": lambda client: read_all(client, KEYS),
    "batch_read of one": lambda client: read_all(client, KEYS[:1]),
    "single": singles,
}


def test_a_log_in_that_ended_is_made_anew(config):
    async def main():
        clients = [await aerospike.AsyncClient(config).connect() for _ in WORK]
        await asyncio.sleep(1.2)
        done = await asyncio.gather(*(work(client) for work, client in zip(WORK.values(), clients, strict=True)))
        for client in clients:
            await client.close()
        return done

    assert asyncio.run(main()) == [True] * len(WORK)
