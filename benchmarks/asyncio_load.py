# SPDX-License-Identifier: Apache-2.0
"""One run of benchmarks/asyncio_clients.py, in an environment with one of its clients: prints its numbers as JSON.

python asyncio_load.py CLIENT ADDRESS PORT CASE IN_FLIGHT SECONDS
"""

import asyncio
import concurrent.futures
import json
import sys
import time

KEYS = 10000
BINS = {"name": "Ann Example", "age": 41, "city": "Oslo"}


class Ours:
    """AsyncClient."""

    async def connect(self, address, port):
        import aerospike

        self.client = await aerospike.AsyncClient({"hosts": [(address, port)]}).connect()
        self.keys = [("test", "bench", number) for number in range(KEYS)]
        self.get, self.close = self.client.get, self.client.close

    async def put(self, key):
        await self.client.put(key, BINS)

    async def batch(self, keys):
        await self.client.batch_read(keys)

    async def query(self, _):
        async for _row in self.client.query("test", "bench"):
            pass


class Single(Ours):
    """AsyncClient, every get a command of its own."""

    async def connect(self, address, port):
        import aerospike

        await super().connect(address, port)
        await self.client.close()
        self.client = await aerospike.AsyncClient({"hosts": [(address, port)], "fuse_reads": False}).connect()
        self.get, self.close = self.client.get, self.client.close


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

    async def query(self, _):
        await self.loop.run_in_executor(self.threads, self.client.query("test", "bench").results)

    async def close(self):
        self.client.close()


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


CLIENTS = {"ours": Ours, "single": Single, "threads": Threads, "vendor": Threads, "native": Native}


async def heartbeat(lags):
    """How late a coroutine is that wants to go on every 5 ms."""
    while True:
        due = time.perf_counter() + 0.005
        await asyncio.sleep(0.005)
        lags.append(time.perf_counter() - due)


async def measure(client, case, in_flight, seconds):
    latencies, lags = [], []
    end = time.perf_counter() + seconds
    clock = time.perf_counter

    async def work(number):
        keys, position = client.keys, number * 7919
        call = getattr(client, case)
        while clock() < end:
            position = (position + 1) % (KEYS - 100)
            begin = clock()
            await call(keys[position : position + 100] if case == "batch" else keys[position])
            latencies.append(clock() - begin)

    beats = asyncio.ensure_future(heartbeat(lags))
    cpu, began = time.process_time(), clock()
    await asyncio.gather(*(work(number) for number in range(in_flight)))
    took, used = clock() - began, time.process_time() - cpu
    beats.cancel()
    latencies.sort()
    lags.sort()
    return {
        "rate": len(latencies) / took,
        "cpu": used / len(latencies) * 1e6,
        "p50": latencies[len(latencies) // 2] * 1e3,
        "p99": latencies[len(latencies) * 99 // 100] * 1e3,
        "heartbeat": lags[len(lags) * 99 // 100] * 1e3 if lags else None,
    }


async def main(name, address, port, case, in_flight, seconds):
    client = CLIENTS[name]()
    await client.connect(address, int(port))
    for start in range(0, KEYS, 500):
        await asyncio.gather(*(client.put(key) for key in client.keys[start : start + 500]))
    await measure(client, case, int(in_flight), 0.3)
    result = await measure(client, case, int(in_flight), float(seconds))
    await client.close()
    return result


if __name__ == "__main__":
    try:
        import uvloop
    except ImportError:
        uvloop = None
    if uvloop is not None and sys.argv[1] == "native":  # where it is fastest
        uvloop.install()
    print(json.dumps(asyncio.run(main(*sys.argv[1:]))))
