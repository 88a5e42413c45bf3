# SPDX-License-Identifier: Apache-2.0
"""One run of benchmarks/asyncio_clients.py, in an environment with one of its clients: prints its numbers as JSON.

python asyncio_load.py CLIENT ADDRESS PORT CASE IN_FLIGHT SECONDS
"""

import asyncio
import concurrent.futures
import json
import random
import sys
import time

KEYS = 10000
BINS = {"name": "Ann Example", "age": 41, "city": "Oslo"}
BATCH = 100
THINK = 0.004  # seconds, at the most


class Ours:
    """AsyncClient."""

    async def connect(self, address, port):
        import aerospike

        self.client = await aerospike.AsyncClient({"hosts": [(address, port)], **self.settings()}).connect()
        self.keys = [("test", "bench", number) for number in range(KEYS)]
        self.get, self.close = self.client.get, self.client.close

    def settings(self):
        return {}

    async def put(self, key):
        await self.client.put(key, BINS)

    async def batch(self, keys):
        await self.client.batch_read(keys)

    async def query(self, _):
        async for _row in self.client.query("test", "bench"):
            pass


class Single(Ours):
    """AsyncClient, every get and put a command of its own."""

    def settings(self):
        return {"fuse_reads": False, "fuse_writes": False}


class Threads:
    """The synchronous client in threads: ours, or the vendor's where that is installed."""

    async def connect(self, address, port):
        import aerospike

        self.client = aerospike.client({"hosts": [(address, port)]})
        self.keys = [("test", "bench", number) for number in range(KEYS)]
        self.threads = concurrent.futures.ThreadPoolExecutor(32)
        self.loop = asyncio.get_running_loop()

    async def get(self, key):
        return await self.loop.run_in_executor(self.threads, self.client.get, key)

    async def put(self, key):
        await self.loop.run_in_executor(self.threads, self.client.put, key, BINS)

    async def batch(self, keys):
        await self.loop.run_in_executor(self.threads, self.client.batch_read, keys)

    async def close(self):
        self.client.close()


class Sync(Threads):
    """Our synchronous client, which holds up the loop."""

    async def query(self, _):
        self.client.query("test", "bench").results()


class Native:
    """aerospike-native."""

    async def connect(self, address, port):
        import aerospike_native as native

        self.client = await native.new_client(native.ClientPolicy(), f"{address}:{port}")
        self.keys = [native.Key("test", "bench", number) for number in range(KEYS)]
        self.get = self.client.get

    async def put(self, key):
        await self.client.put(key, BINS)

    async def batch(self, keys):
        await self.client.batch_read(keys)

    async def close(self):
        closed = self.client.close()
        if asyncio.iscoroutine(closed) or asyncio.isfuture(closed):
            await closed


CLIENTS = {"ours": Ours, "uvloop": Ours, "single": Single, "threads": Threads, "sync": Sync, "native": Native}
CLIENTS["vendor"] = Threads
ON_UVLOOP = ("uvloop", "native")  # which is fastest there


async def heartbeat(lags):
    """How late a coroutine is that wants to go on every 5 ms."""
    while True:
        due = time.perf_counter() + 0.005
        await asyncio.sleep(0.005)
        lags.append(time.perf_counter() - due)


def percentile(numbers, percent):
    """In milliseconds."""
    return sorted(numbers)[len(numbers) * percent // 100] * 1e3


async def measure(client, case, in_flight, seconds):
    latencies, lags = [], []
    end = time.perf_counter() + seconds
    clock = time.perf_counter

    async def work(number):
        keys, position = client.keys, number * 7919
        call = getattr(client, "get" if case == "think" else case)
        while not latencies or clock() < end:
            position = (position + 1) % (KEYS - BATCH)
            if case == "think":
                await asyncio.sleep(random.random() * THINK)
            begin = clock()
            await call(keys[position : position + BATCH] if case == "batch" else keys[position])
            latencies.append(clock() - begin)

    beats = asyncio.ensure_future(heartbeat(lags))
    cpu, began = time.process_time(), clock()
    await asyncio.gather(*(work(number) for number in range(in_flight)))
    took, used = clock() - began, time.process_time() - cpu
    beats.cancel()
    return {
        "rate": len(latencies) / took,
        "cpu": used / len(latencies) * 1e6,
        "p50": percentile(latencies, 50),
        "p99": percentile(latencies, 99),
        "heartbeat": percentile(lags or [took], 99),  # it may never have had its turn
    }


async def fill(client):
    for start in range(0, KEYS, 500):
        await asyncio.gather(*(client.put(key) for key in client.keys[start : start + 500]))


async def main(name, address, port, case, in_flight, seconds):
    client = CLIENTS[name]()
    await client.connect(address, int(port))
    if case == "fill":
        result = await fill(client)
    else:
        await measure(client, case, int(in_flight), float(seconds) / 4)
        result = await measure(client, case, int(in_flight), float(seconds))
    await client.close()
    return result


if __name__ == "__main__":
    if sys.argv[1] in ON_UVLOOP:
        import uvloop

        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    print(json.dumps(asyncio.run(main(*sys.argv[1:]))))
