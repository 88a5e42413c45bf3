# SPDX-License-Identifier: Apache-2.0
"""AsyncClient at a server that does harm: timeouts, resets, cancellation, loops and clients that end in the middle."""

import asyncio
import contextlib
import gc
import sys
import threading
import time

import pytest

import aerospike
from aerospike import embedded, exception
from aerospike_helpers.operations import operations

pytestmark = pytest.mark.embedded_only("faults are the embedded server's")

KEY = ("test", "demo", 1)
READS = ("read", "batch")  # which reads that come together are
LONG = {"total_timeout": 60000, "socket_timeout": 60000}
SHORT = {"total_timeout": 200, "socket_timeout": 200, "max_retries": 0}


@pytest.fixture(scope="module")
def running():
    with embedded.Server(nodes=2) as server:
        yield server


@pytest.fixture
def run(server):
    """Run a coroutine function with a connected client."""

    def start(function, **settings):
        config = {**server.config, "max_error_rate": 100, **settings}

        async def main():
            async with aerospike.AsyncClient(config) as client:
                await client.put(KEY, {"a": 1}, policy=LONG)
                return await function(client)

        return asyncio.run(main())

    return start


async def reached(condition):
    for _ in range(6000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come about")


def test_a_write_that_came_too_late_is_in_doubt(server, run):
    """The loop stands still for longer than the timeout, at any moment of a write whose answer gets lost."""

    async def main(client):
        policy = {**SHORT, "total_timeout": 50, "exists": aerospike.POLICY_EXISTS_CREATE}
        late = 0
        for turns in [*range(8)] * 3:
            await client.remove(KEY, policy=LONG)
            with server.fault("drop", commands=("write", "batch"), after=True):
                task = asyncio.create_task(client.put(KEY, {"a": 1}, policy=policy))
                for _ in range(turns):
                    await asyncio.sleep(0)
                time.sleep(0.1)
                (result,) = await asyncio.gather(task, return_exceptions=True)
            _, meta = await client.exists(KEY, policy=LONG)
            if result == 0:
                assert meta is not None
            elif not isinstance(result, exception.RecordExistsError):  # which is the one before, later still
                late += meta is not None
                assert result.in_doubt or meta is None
            if meta is None:
                await client.put(KEY, {"a": 1}, policy=LONG)
        assert late > 0

    run(main)


@pytest.mark.parametrize(("action", "raised"), [("reset", "ConnectionError"), ("truncate", "ConnectionError")])
@pytest.mark.parametrize("retries", [0, 2])
def test_a_broken_connection(server, run, action, raised, retries):
    async def main(client):
        policy = {**LONG, "max_retries": retries}
        with server.fault(action, commands=("read", "batch", "write")) as fault:
            with pytest.raises(getattr(exception, raised)) as caught:
                await client.get(KEY, policy)
            assert not caught.value.in_doubt
            with pytest.raises(getattr(exception, raised)) as caught:
                await client.put(KEY, {"a": 2}, policy=policy)
            assert caught.value.in_doubt
            assert fault.count == 2 * (retries + 1)
        assert (await client.get(KEY, LONG))[2]["a"] in (1, 2)

    run(main)


@pytest.mark.skipif(sys.platform == "darwin", reason="its linker cannot wrap: libuv looks at timers before it reads")
@pytest.mark.parametrize("socket_timeout", [1000, 500])
def test_a_loop_that_stood_still_finds_its_answers(server, run, socket_timeout):
    """For longer than a command may take; the nodes have answered in time."""
    policy = {"total_timeout": 1000, "socket_timeout": socket_timeout, "max_retries": 0}
    alone = {**policy, "key": aerospike.POLICY_KEY_SEND}  # not in one batch with others

    async def main(client):
        with server.fault("delay", commands=("read", "batch", "write"), delay_ms=200):
            calls = [
                *(client.get(KEY, policy) for _ in range(20)),
                client.get(KEY, alone),
                *(client.put(("test", "still", n), {"a": 2}, policy=policy) for n in range(20)),
                client.put(("test", "still", 20), {"a": 2}, policy=alone),
                client.operate(KEY, [operations.increment("a", 1)], policy=policy),
                client.batch_read([KEY, ("test", "still", 21)], policy=policy),
            ]
            tasks = [asyncio.ensure_future(call) for call in calls]
            await asyncio.sleep(0.05)
            time.sleep(1.5)
            found = await asyncio.gather(*tasks)
        assert [row.result for row in found[-1].batch_records] == [0, 2]
        assert sum(result == 0 for result in found[21:42]) == 21

    run(main)


def test_an_answer_that_does_not_come(server, run):
    async def main(client):
        with server.fault("drop", commands=("read", "batch", "write")):
            found = await asyncio.gather(
                *(client.get(KEY, {**SHORT, "timeout_delay": 3000}) for _ in range(20)),
                *(client.put(KEY, {"a": 2}, policy=SHORT) for _ in range(20)),
                return_exceptions=True,
            )
        assert all(isinstance(error, exception.TimeoutError) for error in found)
        assert [error.in_doubt for error in found] == [False] * 20 + [True] * 20
        assert (await client.get(KEY, LONG))[2] == {"a": 1}

    run(main)


@pytest.mark.parametrize(("action", "code"), [("reset", -10), ("drop", 9), ("error", 18)])
def test_a_batch_that_fails_tells_so_in_its_rows(server, run, action, code):
    async def main(client):
        policy = {**(SHORT if action == "drop" else LONG), "max_retries": 1}
        with server.fault(action, commands="batch", code=18 if action == "error" else None) as fault:
            for begin in (
                lambda: client.batch_read([KEY] * 3, policy=policy),
                lambda: client.batch_operate([KEY] * 3, [operations.increment("a", 1)], policy),
            ):
                before = fault.count
                found = await begin()
                assert found.result in (code, exception.BatchFailed.code)
                assert all(row.record is None and row.result != 0 for row in found.batch_records)
                assert fault.count > before
        found = await client.batch_read([KEY], policy=LONG)
        assert found.batch_records[0].record[2]["a"] == 1

    run(main)


def test_errors_of_the_server(server, run):
    async def main(client):
        with server.fault("error", code=exception.DeviceOverload.code):
            with pytest.raises(exception.DeviceOverload) as caught:
                await client.put(KEY, {"a": 2}, policy={"max_retries": 0})
            assert caught.value.key == KEY

    run(main)


def raised(caught):
    """What a cancelled command raised: who awaits its task gets another error on CPython 3.10, whose context it is."""
    return caught.value if sys.version_info >= (3, 11) else caught.value.__context__


def test_a_cancelled_command(server, run):
    async def main(client):
        with server.fault("delay", delay_ms=300, commands=("read", "batch", "write")) as fault:
            for begin, in_doubt in (
                (lambda: client.put(KEY, {"a": 2}), True),
                (lambda: client.get(KEY), False),
                (lambda: client.batch_read([KEY]), False),
                (lambda: client.batch_operate([KEY], [operations.write("a", 2)]), True),
            ):
                before = fault.count
                task = asyncio.create_task(begin())
                await reached(lambda: fault.count > before)  # noqa: B023
                task.cancel()
                with pytest.raises(asyncio.CancelledError) as caught:
                    await task
                assert raised(caught).in_doubt is in_doubt
        await reached_value(client, 2)

    run(main)


async def reached_value(client, value):
    for _ in range(6000):
        if (await client.get(KEY, LONG))[2] == {"a": value}:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the cancelled write did not come about")


def test_a_command_that_was_cancelled_before_it_was_sent(server, run):
    async def main(client):
        with server.fault("delay", delay_ms=400, commands=READS) as fault:
            first = asyncio.create_task(client.get(KEY, LONG))
            await reached(lambda: fault.count == 1)
            second = asyncio.create_task(client.put(KEY, {"a": 3}, policy=LONG))
            await asyncio.sleep(0)
            second.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await second
            assert raised(caught).in_doubt is False
            assert (await first)[2] == {"a": 1}
        assert (await client.get(KEY, LONG))[2] == {"a": 1}

    run(main, max_in_flight=1)


def test_a_storm_of_cancellations(server, run):
    # the last is of a connection that none has become free in time, for all are kept for late answers
    expected = (tuple, asyncio.CancelledError, exception.TimeoutError, exception.NoMoreConnectionsError)

    async def main(client):
        with server.fault("drop", commands=READS, share=0.5):
            for _ in range(5):
                tasks = [asyncio.create_task(client.get(KEY, SHORT)) for _ in range(200)]
                await asyncio.sleep(0.01)
                for task in tasks[::2]:
                    task.cancel()
                for found in await asyncio.gather(*tasks, return_exceptions=True):
                    assert isinstance(found, expected), found
        assert (await client.get(KEY, LONG))[2] == {"a": 1}

    run(main)


def test_wait_for_gives_up(server, run):
    async def main(client):
        with server.fault("delay", delay_ms=1000, commands=READS), pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(client.get(KEY, LONG), 0.05)
        assert (await client.get(KEY, LONG))[2] == {"a": 1}

    run(main)


def test_the_time_of_a_command_that_waits_counts_from_its_call(server, run):
    async def main(client):
        with server.fault("delay", delay_ms=500, commands=READS) as fault:
            first = asyncio.create_task(client.get(KEY, LONG))
            await reached(lambda: fault.count == 1)
            with pytest.raises(exception.TimeoutError, match="never sent") as caught:
                await client.put(KEY, {"a": 5}, policy={"total_timeout": 50})
            assert not caught.value.in_doubt
            assert not first.done()
            assert (await first)[2] == {"a": 1}

    run(main, max_in_flight=1)


def test_close_waits_for_what_is_under_way(server):
    async def main():
        client = await aerospike.AsyncClient(server.config).connect()
        await client.put(KEY, {"a": 1}, policy=LONG)
        with server.fault("delay", delay_ms=200, commands=READS):
            tasks = [asyncio.create_task(client.get(KEY, LONG)) for _ in range(10)]
            await asyncio.sleep(0)
            await client.close()
            assert all(task.done() for task in tasks)
            assert [task.result()[2] for task in tasks] == [{"a": 1}] * 10
        with pytest.raises(exception.ClusterError):
            await client.get(KEY)

    asyncio.run(main())


def test_close_does_not_wait_for_late_answers(server):
    async def main():
        client = await aerospike.AsyncClient(server.config).connect()
        with server.fault("drop", commands=READS):
            with pytest.raises(exception.TimeoutError):
                await client.get(KEY, {**SHORT, "timeout_delay": 600000})
            await asyncio.wait_for(client.close(), 60)

    asyncio.run(main())


async def leave(client):
    """End with commands under way, of which nobody hears any more."""
    tasks = [asyncio.ensure_future(client.get(KEY, LONG)) for _ in range(20)]
    await asyncio.sleep(0)
    for task in tasks:
        task._log_destroy_pending = False  # that is what is tested


def leave_a_loop(client):
    with contextlib.closing(asyncio.new_event_loop()) as loop:
        loop.run_until_complete(leave(client))


@pytest.mark.parametrize("closing", ["dropped", "closed"])
def test_a_loop_that_ends_with_commands_under_way(server, closing):
    client = aerospike.AsyncClient({**server.config, "max_in_flight": 5})
    asyncio.run(client.connect())
    asyncio.run(client.put(KEY, {"a": 1}, policy=LONG))
    with server.fault("drop", commands=READS):
        asyncio.run(leave(client))
        leave_a_loop(client)
    assert asyncio.run(client.get(KEY, LONG))[2] == {"a": 1}
    with server.fault("drop", commands=READS):
        leave_a_loop(client)
        if closing == "closed":
            asyncio.run(client.close())
        del client
        gc.collect()


def test_a_node_that_stops(server, run):
    async def main(client):
        node = server.nodes[1]
        node.pause()
        try:
            keys = [("test", "demo", number) for number in range(50)]
            puts = (client.put(key, {"a": 1}, policy=SHORT) for key in keys)
            found = await asyncio.gather(*puts, return_exceptions=True)
            assert {type(one) for one in found} <= {int, exception.TimeoutError}
        finally:
            node.resume()
        await asyncio.to_thread(server.wait_until_stable)
        await asyncio.gather(*(client.put(key, {"a": 1}, policy=LONG) for key in keys))

    run(main)


def test_a_closed_client_in_another_thread(server):
    """Commands of one loop are under way while another closes the client."""
    client = aerospike.AsyncClient(server.config)
    asyncio.run(client.connect())
    asyncio.run(client.put(KEY, {"a": 1}, policy=LONG))
    begun = threading.Event()
    results = []

    async def work():
        tasks = [asyncio.create_task(client.get(KEY, LONG)) for _ in range(10)]
        await asyncio.sleep(0)
        begun.set()
        results.extend(await asyncio.gather(*tasks, return_exceptions=True))

    with server.fault("delay", delay_ms=300, commands=READS):
        thread = threading.Thread(target=lambda: asyncio.run(work()))
        thread.start()
        assert begun.wait(60)
        with contextlib.closing(asyncio.new_event_loop()) as loop:
            loop.run_until_complete(client.close())
        thread.join()
    assert [bins for _, _, bins in results] == [{"a": 1}] * 10
