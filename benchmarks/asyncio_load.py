# SPDX-License-Identifier: Apache-2.0
"""One run of benchmarks/asyncio_clients.py, in an environment with one of its clients: prints its numbers as JSON.

python asyncio_load.py CLIENT ADDRESS PORT CASE IN_FLIGHT SECONDS read|unread
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


class Client:
    """What each of them is asked: a client's keys and records are of its own kinds."""

    def key(self, number):
        return ("test", "bench", number)

    def bins(self, record):
        return record[2]

    def records(self, answer):
        return [row.record for row in answer.batch_records]


class Ours(Client):
    """AsyncClient."""

    async def connect(self, address, port):
        import aerospike

        self.client = await aerospike.AsyncClient({"hosts": [(address, port)], **self.settings()}).connect()
        self.get, self.put, self.batch = self.client.get, self.client.put, self.client.batch_read
        self.close = self.client.close

    def settings(self):
        return {}

    async def query(self):
        async for _row in self.client.query("test", "bench"):
            pass


class Single(Ours):
    """AsyncClient, every get and put a command of its own."""

    def settings(self):
        return {"fuse_reads": False, "fuse_writes": False}


class Threads(Client):
    """The synchronous client in threads: ours, or the vendor's where that is installed."""

    async def connect(self, address, port):
        import aerospike

        self.client = aerospike.client({"hosts": [(address, port)]})
        self.threads = concurrent.futures.ThreadPoolExecutor(32)
        self.loop = asyncio.get_running_loop()

    async def get(self, key):
        return await self.loop.run_in_executor(self.threads, self.client.get, key)

    async def put(self, key, bins):
        await self.loop.run_in_executor(self.threads, self.client.put, key, bins)

    async def batch(self, keys):
        return await self.loop.run_in_executor(self.threads, self.client.batch_read, keys)

    async def close(self):
        self.client.close()


class Sync(Threads):
    """Our synchronous client, which holds up the loop."""

    async def query(self):
        self.client.query("test", "bench").results()


class Native(Client):
    """aerospike-native, which makes objects of a record's bins when it is asked for them."""

    async def connect(self, address, port):
        import aerospike_native as native

        self.client = await native.new_client(native.ClientPolicy(), f"{address}:{port}")
        self.make_key = native.Key
        self.get, self.put, self.batch = self.client.get, self.client.put, self.client.batch_read

    def key(self, number):
        return self.make_key("test", "bench", number)

    def bins(self, record):
        return record.bins

    def records(self, answer):
        return [row.record for row in answer]

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


def read(client, case):
    """What is awaited again and again, with a number: a program has that, not a key, and wants the bins."""

    async def get(number):
        client.bins(await client.get(client.key(number)))

    async def put(number):
        await client.put(client.key(number), BINS)

    async def batch(number):
        answer = await client.batch([client.key(one) for one in range(number, number + BATCH)])
        for record in client.records(answer):
            client.bins(record)

    return {"get": get, "put": put, "batch": batch, "query": lambda _: client.query()}[case]


def unread(client, case):
    """The same with keys that were made before and answers that nobody looks at."""
    keys = [client.key(number) for number in range(KEYS)]
    return {
        "get": lambda number: client.get(keys[number]),
        "put": lambda number: client.put(keys[number], BINS),
        "batch": lambda number: client.batch(keys[number : number + BATCH]),
        "query": lambda _: client.query(),
    }[case]


async def measure(ask, thinks, in_flight, seconds):
    latencies, lags = [], []
    end = time.perf_counter() + seconds
    clock = time.perf_counter

    async def work(number):
        position = number * 7919
        while not latencies or clock() < end:
            position = (position + 1) % (KEYS - BATCH)
            if thinks:
                await asyncio.sleep(random.random() * THINK)
            begin = clock()
            await ask(position)
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
        await asyncio.gather(*(client.put(client.key(number), BINS) for number in range(start, start + 500)))


async def main(name, address, port, case, in_flight, seconds, way):
    client = CLIENTS[name]()
    await client.connect(address, int(port))
    if case == "fill":
        result = await fill(client)
    else:
        thinks = case == "think"
        ask = {"read": read, "unread": unread}[way](client, "get" if thinks else case)
        await measure(ask, thinks, int(in_flight), float(seconds) / 4)
        result = await measure(ask, thinks, int(in_flight), float(seconds))
    await client.close()
    return result


if __name__ == "__main__":
    if sys.argv[1] in ON_UVLOOP:
        import uvloop

        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    print(json.dumps(asyncio.run(main(*sys.argv[1:]))))
