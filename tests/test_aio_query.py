# SPDX-License-Identifier: Apache-2.0
"""Scans and queries of AsyncClient: records that come in bursts, tasks beside them, and runs that end early."""

import asyncio
import contextlib
import gc
import os

import pytest
from test_iteration import Counting, numbers

import aerospike
from aerospike import embedded, exception

COUNT = 6000
TEXT = "x" * 2000  # so that what is held between server and consumer is less than all


@pytest.fixture(scope="module")
def running():
    with embedded.Server(nodes=2) as server, aerospike.client(server.config) as client:
        for n in range(COUNT):
            client.put(("test", "streamed", n), {"n": n, "text": TEXT})
        yield server


@pytest.fixture
def run(running):
    """Run a coroutine function with a connected client."""

    def start(function, *, config=None, debug=False):
        async def main():
            async with aerospike.AsyncClient(config or running.config) as client:
                return await asyncio.wait_for(function(client), 120)

        return asyncio.run(main(), debug=debug)

    return start


pytestmark = pytest.mark.embedded_only("the records are of servers of its own, and so are the faults")

LONG = {"total_timeout": 60000, "socket_timeout": 60000}


def native_threads():
    """The threads of this process, also those that Python does not know."""
    return len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 0


def descriptors():
    return len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0


async def reached(condition):
    for _ in range(6000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come about")


# ---- what they give ----


@pytest.mark.parametrize("kind", ["scan", "query"])
@pytest.mark.parametrize("debug", [False, True])
def test_all_ways_give_the_same_records(run, kind, debug):
    async def main(client):
        def plan():
            return getattr(client, kind)("test", "streamed")

        whole = list(range(COUNT))
        assert numbers([row async for row in plan()]) == whole
        assert numbers([row async for row in plan().records()]) == whole
        assert numbers(await plan().results()) == whole
        rows = []
        await plan().foreach(rows.append)
        assert numbers(rows) == whole
        assert await getattr(client, kind)("test", "nothing").results() == []
        assert [row async for row in getattr(client, kind)("test", "nothing")] == []

    run(main, debug=debug)


def test_limits_and_partitions(run):
    async def main(client):
        scan = client.scan("test", "streamed")
        scan.max_records = 10
        assert len(await scan.results()) == len([row async for row in scan]) == 10
        query, rows = client.query("test", "streamed"), []
        for begin in range(0, 4096, 1024):
            policy = {"partition_filter": {"begin": begin, "count": 1024}}
            rows += [row async for row in query.records(policy)]
        assert numbers(rows) == list(range(COUNT))
        pages, rows = client.query("test", "streamed"), []
        pages.paginate()
        pages.max_records = 2500
        while not pages.is_done():
            rows += await pages.results()
        assert numbers(rows) == list(range(COUNT))

    run(main)


def test_pages_are_read_in_turn_and_again_where_they_were_cancelled(run):
    async def main(client):
        query, rows = client.query("test", "streamed"), []
        query.paginate()
        query.max_records = 1000
        for page in await asyncio.gather(*(query.results() for _ in range(3))):
            rows += page
        assert 0 < len(rows) <= 3000
        task = asyncio.ensure_future(query.results())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        given = []
        await query.foreach(given.append)
        rows += given
        while not query.is_done():
            rows += await query.results()
        assert numbers(rows) == list(range(COUNT))
        assert await query.results() == []
        filtered = client.scan("test", "streamed")
        policy = {"partition_filter": {"begin": 7, "count": 100}}
        assert len(await filtered.results(policy)) == len([row async for row in filtered.records(policy)]) > 0
        assert filtered.is_done()

    run(main)


def test_errors_are_those_of_the_synchronous_client(run, running):
    async def main(client):
        with aerospike.client(running.config) as plain:
            for policy in ({"total_timeout": -1}, 5):
                with pytest.raises(exception.ParamError) as expected:
                    plain.query("test", "streamed").results(policy)
                with pytest.raises(exception.ParamError) as caught:
                    await client.query("test", "streamed").results(policy)
                assert str(caught.value) == str(expected.value)
                with pytest.raises(exception.ParamError):
                    client.query("test", "streamed").records(policy)
        with pytest.raises(TypeError, match="results"):
            await client.scan("test", "streamed").results(1, 2, 3)
        with pytest.raises(exception.AerospikeError) as caught:
            await client.query("none", "streamed").results()
        records = client.query("none", "streamed").records()
        with pytest.raises(type(caught.value)):
            await anext(records)
        assert [row async for row in records] == []

    run(main)


def test_hooks_are_told_of_the_end(run):
    told = []

    class Hook:
        def start(self, report):
            pass

        def end(self, report):
            told.append((report.command, report.records))

    async def main(client):
        await client.add_hook(Hook())
        await client.scan("test", "streamed").results()
        async with client.query("test", "streamed").records() as records:
            await anext(records)
        assert [command for command, _ in told] == ["scan", "query"]
        assert told[0][1] == COUNT
        assert 1 <= told[1][1] < COUNT

    run(main)


# ---- beside others ----


def test_the_server_waits_while_no_record_is_taken():
    count, text = 8000, "x" * 12000  # more than sockets hold
    with embedded.Server() as server, aerospike.client(server.config) as plain:
        for n in range(count):
            plain.put(("test", "large", n), {"n": n, "text": text})
        relay = Counting(server.port)

        async def main():
            async with aerospike.AsyncClient({"hosts": [("127.0.0.1", relay.port)]}) as client:
                records = client.scan("test", "large").records()
                rows = [await anext(records)]
                assert await asyncio.to_thread(relay.settled) < count * len(text)
                await client.put(("test", "beside", 1), {"a": 1}, policy=LONG)
                assert len(await client.query("test", "beside").results()) == 1
                rows += [row async for row in records]
                assert numbers(rows) == list(range(count))

        asyncio.run(main())
        relay.listener.close()


def test_runs_that_stand_still_hold_up_no_others(running):
    config = {**running.config, "thread_pool_size": 2}  # as many as one run needs

    async def main():
        async with aerospike.AsyncClient(config) as client:
            still = [client.scan("test", "streamed").records() for _ in range(3)]
            rows = [[await anext(records)] for records in still]
            assert len(await client.scan("test", "streamed").results()) == COUNT
            for records, some in zip(still, rows, strict=True):
                assert numbers(some + [row async for row in records]) == list(range(COUNT))

    asyncio.run(main())
    with aerospike.client(config) as client:
        still = [iter(client.scan("test", "streamed")) for _ in range(3)]
        rows = [[next(records)] for records in still]
        assert len(client.batch_read([("test", "streamed", n) for n in range(100)]).batch_records) == 100
        for records, some in zip(still[:2], rows, strict=False):
            assert numbers([*some, *records]) == list(range(COUNT))


@pytest.mark.parametrize("way", ["iterated", "results"])
def test_others_have_their_turn(run, way):
    async def main(client):
        turns = 0

        async def other():
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        beside = asyncio.create_task(other())
        if way == "results":
            assert len(await client.scan("test", "streamed").results()) == COUNT
        else:
            assert len([row async for row in client.scan("test", "streamed")]) == COUNT
        assert turns > 3
        beside.cancel()

    run(main)


def test_many_at_a_time(run):
    async def main(client):
        async def one(number):
            if number % 2:
                return len(await client.query("test", "streamed").select("n").results())
            return len([row async for row in client.query("test", "streamed").select("n")])

        assert await asyncio.gather(*(one(number) for number in range(12))) == [COUNT] * 12

    run(main)


def test_tasks_share_an_iterator(run):
    async def main(client):
        records, rows = client.scan("test", "streamed").records(), []

        async def take():
            async for row in records:
                rows.append(row)
                if len(rows) % 7 == 0:
                    await asyncio.sleep(0)

        await asyncio.gather(*(take() for _ in range(5)))
        assert numbers(rows) == list(range(COUNT))

    run(main)


def test_the_next_record_is_awaited_like_a_coroutine(run):
    async def main(client):
        async with client.scan("test", "streamed").select("n").records() as records:
            rows = [await asyncio.create_task(anext(records)), await asyncio.wait_for(anext(records), 60)]
            rows += await asyncio.gather(*(anext(records) for _ in range(20)))
            first, second = anext(records), anext(records)  # nothing is taken before it is awaited
            first.close()
            task = asyncio.ensure_future(anext(records))
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            with pytest.raises(KeyError):
                anext(records).throw(KeyError("mine"))
            rows += [await second]
            for ended in (first, second):
                with pytest.raises(RuntimeError, match="awaited already"):
                    await ended
                with pytest.raises(RuntimeError, match="awaited already"):
                    ended.throw(KeyError())
            rows += [row async for row in records]
            for _ in range(2):
                with pytest.raises(StopAsyncIteration):
                    await anext(records)
        assert numbers(rows) == list(range(COUNT))

    run(main)


def test_what_iterates_is_given_records():
    with pytest.raises(TypeError):
        aerospike.AsyncRecordIterator(5)
    with pytest.raises(RuntimeError, match="__init__"):
        anext(aerospike.AsyncRecordIterator.__new__(aerospike.AsyncRecordIterator))


def test_two_loops_take_from_one_client(running):
    client = aerospike.AsyncClient(running.config)

    async def whole():
        return len([row async for row in client.scan("test", "streamed")])

    async def main():
        await client.connect()
        inner = asyncio.to_thread(lambda: asyncio.run(whole()))
        assert await asyncio.gather(whole(), inner, client.scan("test", "streamed").results()) is not None
        await client.close()

    asyncio.run(main())


# ---- ends ----


@pytest.mark.parametrize("way", ["close", "block", "dropped", "cancelled"])
def test_a_run_that_is_left_leaves_nothing(run, way):
    async def take_some(client):
        async for _ in client.scan("test", "streamed"):
            await asyncio.sleep(0)

    async def leave(client):
        if way == "cancelled":
            task = asyncio.create_task(take_some(client))
            await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return
        records = client.scan("test", "streamed").records()
        await anext(records)
        if way == "close":
            await records.aclose()
            await records.aclose()
        elif way == "block":
            with contextlib.suppress(KeyError):
                async with records:
                    raise KeyError
        if way != "dropped":
            assert [row async for row in records] == []

    async def main(client):
        await leave(client)
        await client.scan("test", "nothing").results()
        gc.collect()
        before = native_threads(), descriptors()
        for _ in range(10):
            await leave(client)
            gc.collect()
        # the C client's pool keeps a thread for each that stood still at one time
        await reached(lambda: native_threads() < before[0] + 10 and descriptors() <= before[1] + 2)

    run(main)


def test_a_storm_of_cancellations(run):
    async def main(client):
        async def iterate():
            return len([row async for row in client.query("test", "streamed").select("n")])

        async def results():
            return len(await client.query("test", "streamed").select("n").results())

        for pause in (0, 0, 0.002, 0.01):
            tasks = [asyncio.create_task(make()) for make in (iterate, results) for _ in range(10)]
            await asyncio.sleep(pause)
            for task in tasks[::2]:
                task.cancel()
            found = await asyncio.gather(*tasks, return_exceptions=True)
            assert found[1::2] == [COUNT] * 10
            assert all(one == COUNT or isinstance(one, asyncio.CancelledError) for one in found)
        assert await iterate() == COUNT

    run(main)


def test_a_task_that_waits_ends_with_the_iterator(running, run):
    async def main(client):
        with running.fault("delay", delay_ms=3000, commands="query") as fault:
            records = client.scan("test", "streamed").records()
            task = asyncio.ensure_future(anext(records))
            await reached(lambda: fault.count > 0)
            await records.aclose()
            with pytest.raises(StopAsyncIteration):
                await task
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(client.scan("test", "streamed").results(), 0.01)

    run(main)


def test_after_the_client_was_closed(running):
    async def main():
        client = await aerospike.AsyncClient(running.config).connect()
        records = client.scan("test", "streamed").records()
        await anext(records)
        closing = asyncio.create_task(client.close())
        with pytest.raises(exception.ClusterError, match="closed"):
            _ = [row async for row in records]
        await closing
        with pytest.raises(exception.ClusterError):
            await client.scan("test", "streamed").results()

    asyncio.run(main())


def test_a_loop_that_ends_meanwhile(running):
    client = aerospike.AsyncClient(running.config)
    asyncio.run(client.connect())

    async def leave():
        tasks = [asyncio.ensure_future(client.scan("test", "streamed").results()) for _ in range(5)]
        tasks += [asyncio.ensure_future(anext(client.scan("test", "streamed").records())) for _ in range(5)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        for task in tasks:
            task._log_destroy_pending = False  # that is what is tested

    for _ in range(3):
        with contextlib.closing(asyncio.new_event_loop()) as loop:
            loop.run_until_complete(leave())
        del loop
        gc.collect()
        assert len(asyncio.run(client.scan("test", "streamed").results())) == COUNT
    asyncio.run(client.close())


@pytest.mark.parametrize("action", ["reset", "truncate"])
@pytest.mark.parametrize("way", ["iterated", "results"])
def test_a_node_that_dies_in_the_middle(running, run, action, way):
    async def everything(client, policy):
        query = client.query("test", "streamed")
        if way == "results":
            return await query.results(policy)
        return [row async for row in query.records(policy)]

    async def main(client):
        with running.fault(action, commands="query", node=running.nodes[1], times=2, after=True) as fault:
            rows = await everything(client, {**LONG, "max_retries": 5})
            assert fault.count == 2
        assert numbers(rows) == list(range(COUNT))
        with running.fault(action, commands="query", after=True), pytest.raises(exception.AerospikeError):
            await everything(client, {**LONG, "max_retries": 0})
        assert numbers(await everything(client, LONG)) == list(range(COUNT))

    run(main)
