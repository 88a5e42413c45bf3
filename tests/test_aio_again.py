# SPDX-License-Identifier: Apache-2.0
"""Batches of asyncio whose node does not answer are tried again, each row at the node that has it then."""

import asyncio
import sys

import pytest

import aerospike
from aerospike import embedded
from aerospike_helpers import expressions

pytestmark = [
    pytest.mark.embedded_only("its nodes stand still"),
    pytest.mark.skipif(sys.platform == "darwin", reason="its linker wraps nothing: docs/asyncio.rst"),
]
KEYS = [("test", "again", n) for n in range(60)]
FILTER = expressions.GE(expressions.IntBin("n"), 0).compile()
PATIENT = {"total_timeout": 60000, "socket_timeout": 300, "max_retries": 100}


@pytest.fixture(scope="module")
def server():
    with embedded.Server(nodes=3, replication_factor=2, compression=True, heartbeat_interval=20) as server:
        with aerospike.client(server.config) as client:
            for key in KEYS:
                client.put(key, {"n": key[2]})
        yield server


@pytest.mark.parametrize(
    "more", [{}, {"expressions": FILTER}, {"compress": True}], ids=["plain", "filter", "compressed"]
)
def test_a_node_that_stands_still(server, more):
    async def main():
        async with aerospike.AsyncClient({**server.config, "tend_interval": 250}) as client:
            await client.batch_read(KEYS)  # all nodes are known, and have connections
            server.nodes[0].pause()
            try:
                return (await client.batch_read(KEYS, policy={**PATIENT, **more})).batch_records
            finally:
                server.nodes[0].resume()

    rows = asyncio.run(main())
    server.wait_until_stable(60)
    assert [row.result for row in rows] == [0] * len(KEYS)
    assert [row.record[2]["n"] for row in rows] == list(range(len(KEYS)))
