# SPDX-License-Identifier: Apache-2.0
"""AsyncClient: that it is as complete as Client, and lives through what asyncio does to it."""

import asyncio
import contextlib
import contextvars
import gc
import inspect
import os
import pathlib
import signal
import sys
import threading

import pytest
from children import run_program

import aerospike
from aerospike import _async, embedded, exception
from aerospike_helpers import expressions as exp
from aerospike_helpers.operations import operations

NOT_COROUTINES = {"scan", "query", "llist", "transaction"}
OWN = {"connect", "close"}


@pytest.fixture
def run(config):
    """Run a coroutine function with a connected client."""

    def start(function, *, debug=False, **settings):
        async def main():
            async with aerospike.AsyncClient({**config, **settings}) as client:
                return await function(client)

        return asyncio.run(main(), debug=debug)

    return start


def public(cls):
    return {name for name in dir(cls) if not name.startswith("_")}


# ---- the names ----

TODAY = public(aerospike.Client) - _async.OLD_NAMES


def test_both_clients_have_the_same_methods():
    assert public(aerospike.AsyncClient) == TODAY


@pytest.mark.parametrize("name", sorted(TODAY))
def test_a_method_is_a_coroutine_function_with_the_same_parameters(name):
    method, like = getattr(aerospike.AsyncClient, name), getattr(aerospike.Client, name)
    assert inspect.iscoroutinefunction(method) == (name not in NOT_COROUTINES)
    assert list(inspect.signature(method).parameters) == list(inspect.signature(like).parameters)
    assert method.__doc__
    assert name in OWN or method.__doc__ == like.__doc__


@pytest.mark.parametrize(("cls", "like"), [("AsyncScan", "Scan"), ("AsyncQuery", "Query")])
def test_scans_and_queries_have_the_same_methods(cls, like):
    cls, like = getattr(aerospike, cls), getattr(aerospike, like)
    assert public(cls) == public(like)
    with pytest.raises(TypeError, match="AsyncClient"):
        cls()


# ---- commands ----


def test_a_record_is_written_and_read(run, key):
    async def main(client):
        assert await client.put(key, {"a": 1, "l": [1, {"b": 2}], "s": "x"}) == 0
        assert (await client.get(key))[2] == {"a": 1, "l": [1, {"b": 2}], "s": "x"}
        assert (await client.select(key, ["a"]))[2] == {"a": 1}
        assert (await client.exists(key))[1]["gen"] == 1
        assert await client.increment(key, "a", 2) == 0
        assert await client.append(key, "s", "y") == 0
        assert await client.prepend(key, "s", "w") == 0
        assert await client.touch(key) == 0
        assert (await client.operate(key, [operations.read("a"), operations.read("s")]))[2] == {"a": 3, "s": "wxy"}
        assert (await client.operate_ordered(key, [operations.read("a")]))[2] == [("a", 3)]
        assert await client.remove_bin(key, ["s", "l"]) == 0
        assert (await client.get(key))[2] == {"a": 3}
        assert await client.remove(key) == 0
        assert (await client.exists(key))[1] is None
        with pytest.raises(exception.RecordNotFound) as caught:
            await client.get(key)
        assert caught.value.key == key

    run(main)


def test_many_records_at_once(run, make_key):
    keys = [make_key() for _ in range(300)]

    async def main(client):
        done = await client.batch_operate(keys, [operations.write("a", 1), operations.increment("a", 1)])
        assert done.result == 0
        found = await asyncio.gather(*(client.batch_read(keys[start : start + 100]) for start in (0, 100, 200)))
        assert [row.record[2] for part in found for row in part.batch_records] == [{"a": 2}] * 300
        assert (await client.batch_read([])).batch_records == []
        removed = await client.batch_remove(keys)
        assert [row.result for row in removed.batch_records] == [0] * 300
        with pytest.raises(exception.ParamError, match="keys"):
            await client.batch_read(5)

    run(main)


def test_a_function_may_return_anything_to_a_batch(run, make_key, tmp_path):
    module = tmp_path / "aio_values.lua"
    module.write_text("function same(rec, value) return value end")
    keys = [make_key() for _ in range(3)]

    async def main(client):
        await client.udf_put(str(module))
        for value in [True, False, 5, "x", [True], {"a": False}] * 20:
            for some in (keys[:1], keys):
                done = await client.batch_apply(some, "aio_values", "same", [value])
                assert [row.record[2] for row in done.batch_records] == [{"SUCCESS": value}] * len(some)
        await client.udf_remove("aio_values.lua")

    run(main)


def test_wrong_arguments_are_found_before_anything_is_sent(run, key):
    async def main(client):
        with pytest.raises(TypeError, match=r"AsyncClient\.get\(\) missing 1 required positional argument: 'key'"):
            client.get()
        with pytest.raises(TypeError, match=r"AsyncClient\.put\(\) got an unexpected keyword argument 'bin'"):
            client.put(key, bin={})
        with pytest.raises(exception.ParamError, match="policy"):
            await client.get(key, 5)
        with pytest.raises(exception.ParamError):
            await client.put(key, 5)
        with pytest.raises(exception.ParamError, match="max_retries"):
            await client.get(key, {"max_retries": -1})

    run(main)


@pytest.mark.embedded_only("it counts what came to it")
@pytest.mark.filterwarnings("ignore:.*is deprecated:DeprecationWarning")
def test_no_method_sends_what_is_wrong():
    async def call(client, name):
        method = getattr(client, name)
        parameters = inspect.signature(method).parameters.values()
        count = sum(each.default is each.empty for each in parameters if each.kind is not each.VAR_POSITIONAL)
        found = method(*[object()] * max(count, 1))
        return found if name in NOT_COROUTINES else await found

    async def main(config):
        async with aerospike.AsyncClient(config) as client:
            before = sent()
            for name in sorted(TODAY - OWN):
                with pytest.raises((aerospike.Error, TypeError), match=rf"must be|was not added|{name}\(\)"):
                    await call(client, name)
            assert sent() == before

    def sent():
        return {kind: count for kind, count in server.statistics()["commands"].items() if kind != "info"}  # it tends

    with embedded.Server() as server:
        asyncio.run(main(server.config))


def test_what_runs_in_threads(run, key):
    async def main(client):
        await client.put(key, {"a": 1})
        assert await client.get_node_names()
        assert await client.info_all("namespaces")
        assert await client.is_connected()
        assert (await client.get_policies())["read"]

    run(main)


def test_records_of_a_query_come_one_by_one(run, make_key, namespace):
    keys = [make_key(set_name="aio") for _ in range(2500)]

    async def main(client):
        await asyncio.gather(*(client.put(key, {"a": i}) for i, key in enumerate(keys)))
        query = client.query(namespace, "aio").select("a")
        assert sorted([bins["a"] async for _, _, bins in query]) == list(range(2500))
        assert len(await client.query(namespace, "aio").results()) == 2500
        scan = client.scan(namespace, "aio")
        scan.max_records = 10
        assert scan.max_records == 10
        assert len(await scan.results()) == 10
        async with client.query(namespace, "aio").records() as records:
            async for _ in records:
                break
        assert [row async for row in records] == []
        rows = []
        await client.scan(namespace, "aio").foreach(rows.append)
        assert len(rows) == 2500

    run(main)


def test_a_transaction_asks_for_a_namespace_that_has_them(run, client, key):
    with client.transaction() as transaction, pytest.raises(exception.AerospikeError) as caught:
        client.put(key, {"a": 1}, policy={"txn": transaction})

    async def main(other):
        async with other.transaction() as transaction:
            with pytest.raises(type(caught.value)):
                await other.put(key, {"a": 1}, policy={"txn": transaction})

    run(main)


@pytest.mark.embedded_only("strong consistency is the Enterprise Edition's")
def test_a_transaction_stands_or_falls():
    key = ("test", "aio", 1)

    async def main(config):
        async with aerospike.AsyncClient(config) as client:
            async with client.transaction() as transaction:
                await client.put(key, {"a": 1}, policy={"txn": transaction})
            with pytest.raises(KeyError):
                await fail(client)
            return (await client.get(key))[2]

    async def fail(client):
        async with client.transaction() as transaction:
            await asyncio.gather(*(client.increment(key, "a", 1, policy={"txn": transaction}) for _ in range(5)))
            raise KeyError

    with embedded.Server(strong_consistency=["test"]) as server:
        assert asyncio.run(main(server.config)) == {"a": 1}


def test_the_client_can_be_closed_and_connected_again(config, key):
    async def main():
        client = aerospike.AsyncClient(config)
        with pytest.raises(exception.ClusterError):
            await client.get(key)
        assert await client.connect() is client
        await client.put(key, {"a": 1})
        await client.close()
        await client.close()
        with pytest.raises(exception.ClusterError, match="closed"):
            await client.get(key)
        await client.connect()
        assert (await client.get(key))[2] == {"a": 1}
        await client.close()

    asyncio.run(main())


def test_a_wrong_configuration_is_told_by_connect(config):
    async def main():
        with pytest.raises(exception.ParamError, match="max_waiting"):
            await aerospike.AsyncClient({**config, "max_waiting": -1}).connect()
        with pytest.raises(exception.ParamError, match="max_in_flight"):
            await aerospike.AsyncClient({**config, "max_in_flight": "many"}).connect()

    asyncio.run(main())


def test_hooks_are_told(run, key):
    class Hook:
        def __init__(self):
            self.told = []

        def start(self, report):
            pass

        def end(self, report):
            self.told.append((report.command, report.code))

    hook = Hook()

    async def main(client):
        await client.add_hook(hook)
        await client.put(key, {"a": 1})
        await client.remove(key)
        with pytest.raises(exception.RecordNotFound):
            await client.get(key)

    run(main)
    assert hook.told == [("put", 0), ("remove", 0), ("get", 2)]


# ---- asyncio ----


def test_what_asyncio_offers_works(run, record):
    async def main(client):
        assert (await asyncio.create_task(client.get(record)))[2]["a"] == 1
        assert (await asyncio.wait_for(client.get(record), 60))[2]["a"] == 1
        assert (await asyncio.shield(client.get(record)))[2]["a"] == 1
        for first in asyncio.as_completed([client.get(record), client.exists(record)]):
            assert await first
        done, _ = await asyncio.wait([asyncio.ensure_future(client.get(record))])
        assert len(done) == 1
        found = await asyncio.gather(client.get(record), client.get(record, 5), return_exceptions=True)
        assert isinstance(found[1], exception.ParamError)

    run(main)
    run(main, debug=True)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="TaskGroup came with Python 3.11")
def test_groups_of_tasks(run, record):
    async def main(client):
        async with asyncio.timeout(60), asyncio.TaskGroup() as group:
            tasks = [group.create_task(client.get(record)) for _ in range(300)]
        assert [task.result()[2]["a"] for task in tasks] == [1] * 300

    run(main)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="eager tasks came with Python 3.12")
def test_eager_tasks(run, record):
    """They begin within the task that makes them, and some of them within a turn of the pump."""

    async def work(client):
        for _ in range(10):
            assert (await asyncio.create_task(client.get(record)))[2]["a"] == 1

    async def main(client):
        asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
        await asyncio.gather(*(work(client) for _ in range(50)))
        given_up = asyncio.create_task(client.get(record))
        given_up.cancel()
        await asyncio.wait([given_up])
        assert given_up.cancelled()

    run(main)
    run(main, debug=True)


def test_a_task_keeps_its_context(run, record):
    variable = contextvars.ContextVar("variable")

    async def work(client, number):
        variable.set(number)
        for _ in range(10):
            await client.get(record)
            assert variable.get() == number
            assert asyncio.current_task().get_name() == str(number)

    async def main(client):
        variable.set(-1)
        tasks = [asyncio.create_task(work(client, number), name=str(number)) for number in range(50)]
        await asyncio.gather(*tasks)
        assert variable.get() == -1

    run(main)


def test_a_coroutine_beside_many_commands_has_its_turn(run, record):
    async def main(client):
        beats = 0

        async def heart():
            nonlocal beats
            while True:
                await asyncio.sleep(0)
                beats += 1

        async def work():
            for _ in range(50):
                await client.get(record)

        task = asyncio.create_task(heart())
        await asyncio.gather(*(work() for _ in range(100)))
        task.cancel()
        assert beats > 10

    run(main)


def test_loops_one_after_another_leave_nothing(config, key):
    def state():
        gc.collect()
        return len(os.listdir("/proc/self/fd")), threading.active_count(), len(os.listdir("/proc/self/task"))

    async def main():
        async with aerospike.AsyncClient(config) as client:
            await asyncio.gather(*(client.put(key, {"a": 1}) for _ in range(20)))
            assert await client.batch_read([key])

    if not pathlib.Path("/proc/self/fd").is_dir():
        pytest.skip("needs /proc")
    asyncio.run(main())
    asyncio.run(main())
    before = state()
    for _ in range(5):
        asyncio.run(main())
    assert all(now <= then for now, then in zip(state(), before, strict=True))


def test_a_client_serves_one_loop_after_another(config, key):
    client = aerospike.AsyncClient(config)
    asyncio.run(client.connect())
    for number in range(20):
        asyncio.run(client.put(key, {"a": number}))
        assert asyncio.run(client.get(key))[2] == {"a": number}
    asyncio.run(client.close())


def test_loops_in_threads_share_a_client(config, make_key):
    client = aerospike.AsyncClient(config)
    asyncio.run(client.connect())
    keys = [make_key() for _ in range(4)]
    failed = []

    async def work(key):
        for number in range(100):
            await client.put(key, {"a": number})
            assert (await client.get(key))[2] == {"a": number}

    def thread(key):
        try:
            asyncio.run(work(key))
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=thread, args=[key]) for key in keys]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    asyncio.run(client.close())
    assert not failed


def test_more_loops_than_there_is_room_for(config, record):
    client = aerospike.AsyncClient(config)
    asyncio.run(client.connect())
    loops = [asyncio.new_event_loop() for _ in range(20)]

    async def attempt():
        try:
            await client.get(record)
        except exception.ClientError as error:
            return str(error)

    found = [loop.run_until_complete(attempt()) for loop in loops]
    for loop in loops:
        loop.close()
    refused = [text for text in found if text is not None]
    assert 4 <= len(refused) <= 12
    assert all("loops" in text for text in refused)
    assert asyncio.run(client.get(record))[2]["a"] == 1
    asyncio.run(client.close())


def test_both_clients_in_one_process(run, client, record):
    async def main(other):
        assert (await other.get(record))[0] == client.get(record)[0]
        assert client.get(record)[2] == (await other.get(record))[2]

    run(main)


def test_without_a_loop_of_asyncio(config, record):
    client = aerospike.AsyncClient(config)
    with pytest.raises(exception.ClientError, match="asyncio"):
        client.connect().send(None)
    asyncio.run(client.connect())
    with pytest.raises(exception.ClientError, match="trio"):
        client.get(record).send(None)
    asyncio.run(client.close())


def test_uvloop(config, record):
    uvloop = pytest.importorskip("uvloop")

    async def main():
        async with aerospike.AsyncClient(config) as client:
            found = await asyncio.gather(*(client.get(record) for _ in range(300)))
            assert [bins["a"] for _, _, bins in found] == [1] * 300

    for _ in range(3):
        with contextlib.closing(uvloop.new_event_loop()) as loop:
            loop.run_until_complete(main())


def test_anyio(config, record):
    anyio = pytest.importorskip("anyio")

    async def main():
        async with aerospike.AsyncClient(config) as client, anyio.create_task_group() as group:
            for _ in range(20):
                group.start_soon(client.get, record)

    anyio.run(main)


def test_trio_is_refused(config):
    trio = pytest.importorskip("trio")
    with pytest.raises(exception.ClientError, match="trio"):
        trio.run(aerospike.AsyncClient(config).connect)


@pytest.mark.forks
def test_a_child_connects_anew(config, key):
    client = aerospike.AsyncClient(config)
    asyncio.run(client.connect())
    asyncio.run(client.put(key, {"a": 1}))
    child = os.fork()
    if child == 0:
        status = 1
        try:
            signal.alarm(120)
            asyncio.run(client.increment(key, "a", 1))
            asyncio.run(client.close())
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    assert status == 0
    assert asyncio.run(client.get(key))[2] == {"a": 2}
    asyncio.run(client.close())


def test_a_program_may_end_without_closing(config, key):
    script = f"""
import asyncio, aerospike
client = aerospike.AsyncClient({config!r})
async def main():
    await client.connect()
    await client.put({key!r}, {{"a": 1}})
    asyncio.ensure_future(client.get({key!r}))
    await asyncio.sleep(0)
    print("done")
asyncio.run(main())
"""
    done = run_program(script, timeout=120)
    assert (done.returncode, done.stdout.strip()) == (0, "done"), done.stderr


# ---- reads that come together ----


@pytest.mark.embedded_only("it counts what came to it")
@pytest.mark.parametrize(
    ("settings", "policy", "commands"),
    [
        ({}, None, "batch"),
        ({}, {"total_timeout": 20000}, "batch"),
        ({"fuse_reads": False}, None, "read"),
        ({}, {"key": aerospike.POLICY_KEY_SEND}, "read"),
        ({}, {"expressions": exp.Eq(exp.IntBin("a"), 1).compile()}, "read"),
    ],
)
def test_reads_of_one_turn_are_a_batch_where_their_policy_allows(settings, policy, commands):
    async def main(config):
        async with aerospike.AsyncClient({**config, **settings}) as client:
            await client.put(("test", "aio", 1), {"a": 1, "l": [1, {"b": [2]}]})
            before = server.statistics()["commands"]
            keys = [("test", "aio", number % 2) for number in range(300)]
            found = await asyncio.gather(*(client.get(key, policy) for key in keys), return_exceptions=True)
            after = server.statistics()["commands"]
        assert {type(one) for one in found[::2]} == {exception.RecordNotFound}
        assert [error.key for error in found[::2]] == keys[::2]
        assert [bins for _, _, bins in found[1::2]] == [{"a": 1, "l": [1, {"b": [2]}]}] * 150
        assert [(key, meta["gen"]) for key, meta, _ in found[1::2]] == [(alone, 2)] * 150
        return {kind: after[kind] - before[kind] for kind in ("batch", "read")}

    with embedded.Server() as server:
        with aerospike.client(server.config) as sync:
            sync.put(("test", "aio", 1), {"a": 1})
            sync.remove(("test", "aio", 1))
            sync.put(("test", "aio", 1), {"a": 1, "l": [1, {"b": [2]}]})
            alone, _, _ = sync.get(("test", "aio", 1), {"key": (policy or {}).get("key", 0)})
        counted = asyncio.run(main(server.config))
    assert counted == ({"batch": 4, "read": 0} if commands == "batch" else {"batch": 0, "read": 300})


@pytest.mark.embedded_only("it counts what came to it")
@pytest.mark.parametrize(
    ("nodes", "settings", "gets", "batches"),
    [
        (1, {}, 4, 1),
        (1, {}, 8, 2),
        (1, {}, 15, 4),
        (1, {}, 16, 4),
        (1, {}, 512, 4),
        (1, {}, 1000, 8),
        (3, {}, 12, 1),
        (3, {}, 100, 4),
        (1, {"max_in_flight": 1}, 100, 1),
        (1, {"max_in_flight": 2}, 100, 2),
    ],
)
def test_what_comes_together_goes_in_a_few_batches(nodes, settings, gets, batches):
    """A quarter each, four for each node at least, 128 at most: nodes work on one while the loop makes the next."""

    async def main(config):
        async with aerospike.AsyncClient({**config, **settings}) as client:
            await asyncio.gather(
                *(client.get(("test", "aio", number)) for number in range(gets)), return_exceptions=True
            )
            there = (await client.get_stats()).asyncio
            return there.batches, there.fused_reads

    with embedded.Server(nodes=nodes) as server:
        assert asyncio.run(main(server.config)) == (batches, gets)


@pytest.mark.embedded_only("it counts what came to it")
@pytest.mark.parametrize(
    ("settings", "policy", "batches", "writes"),
    [
        ({}, None, 4, 0),
        ({}, {"ttl": 5000, "durable_delete": False}, 4, 0),
        ({"fuse_writes": False}, None, 0, 300),
        ({}, {"key": aerospike.POLICY_KEY_SEND}, 0, 300),
        ({}, {"exists": aerospike.POLICY_EXISTS_CREATE}, 0, 300),
        ({}, {"gen": aerospike.POLICY_GEN_EQ}, 0, 300),
    ],
)
def test_puts_of_one_turn_are_a_batch_where_their_policy_allows(settings, policy, batches, writes):
    values = [1, -(2**63), 2.5, True, "x", b"y", "", [1, [2, {"a": None}]], {"k": {"l": 1}}, "long" * 1000]
    keys = [("test", "aio", number) for number in range(300)]
    bins = [{"a": values[number % len(values)], "n": number} for number in range(300)]

    async def main(config):
        async with aerospike.AsyncClient({**config, **settings}) as client:
            before = server.statistics()["commands"]
            puts = (client.put(key, one, {"ttl": 7000}, policy) for key, one in zip(keys, bins, strict=True))
            assert set(await asyncio.gather(*puts)) == {0}
            after = server.statistics()["commands"]
            found = await client.batch_read(keys)
            assert [row.record[2] for row in found.batch_records] == bins
            assert all(6900 < row.record[1]["ttl"] <= 7000 for row in found.batch_records)
            await asyncio.gather(*(client.put(key, {"a": None}, policy={}) for key in keys[:5]))
            found = await asyncio.gather(*(client.get(key) for key in keys[:5]))
            assert [set(bins) for _, _, bins in found] == [{"n"}] * 5
        return after["batch"] - before["batch"], after["write"] - before["write"]

    with embedded.Server() as server:
        assert asyncio.run(main(server.config)) == (batches, writes)


@pytest.mark.embedded_only("it counts what came to it")
def test_puts_of_one_key_are_not_in_one_batch():
    keys = [("test", "aio", number % 4) for number in range(40)]

    async def main(config):
        async with aerospike.AsyncClient(config) as client:
            before = server.statistics()["commands"]["batch"]
            await asyncio.gather(*(client.put(key, {str(number): number}) for number, key in enumerate(keys)))
            assert server.statistics()["commands"]["batch"] == before + 10
            for key in keys[:4]:
                _, meta, bins = await client.get(key)
                assert (meta["gen"], len(bins)) == (10, 10)

    with embedded.Server() as server:
        asyncio.run(main(server.config))


def test_puts_that_come_together_have_errors_of_their_own(run, make_key):
    keys = [make_key() for _ in range(6)]

    async def main(client):
        await client.put(keys[0], {"a": 1})
        puts = [client.put(key, {"a": "x" * (9 << 20 if number == 3 else 1)}) for number, key in enumerate(keys)]
        found = await asyncio.gather(*puts, client.put(("nosuch", "s", 1), {"a": 1}), return_exceptions=True)
        assert [one for one in found if one == 0] == [0] * 5
        assert isinstance(found[3], exception.AerospikeError)
        assert found[3].key == keys[3]
        assert isinstance(found[6], exception.AerospikeError)
        assert found[6].key == ("nosuch", "s", 1)

    run(main)


@pytest.mark.embedded_only("faults are the embedded server's")
def test_a_batch_of_reads_that_fails_is_an_error_of_each():
    async def main(client):
        await client.put(("test", "aio", 1), {"a": 1})
        for action, raised in (("drop", exception.TimeoutError), ("reset", exception.ConnectionError)):
            with server.fault(action, commands="batch"):
                policy = {"total_timeout": 60000 if action == "reset" else 200, "max_retries": 0}
                reads = (client.get(("test", "aio", 1), policy) for _ in range(10))
                found = await asyncio.gather(*reads, return_exceptions=True)
            assert {type(error) for error in found} == {raised}
            assert all(error.key == ("test", "aio", 1) and not error.in_doubt for error in found)
        assert (await client.get(("test", "aio", 1)))[2] == {"a": 1}

    async def start():
        async with aerospike.AsyncClient(server.config) as client:
            await main(client)

    with embedded.Server() as server:
        asyncio.run(start())


# ---- limits ----


def test_more_commands_than_connections(run, make_key):
    keys = [make_key() for _ in range(500)]

    async def main(client):
        await asyncio.gather(*(client.put(key, {"a": i}) for i, key in enumerate(keys)))
        found = await asyncio.gather(*(client.get(key) for key in keys))
        assert [bins["a"] for _, _, bins in found] == list(range(500))

    run(main, max_in_flight=3)
    run(main, max_conns_per_node=2)


def test_more_commands_than_may_wait(run, record):
    async def main(client):
        found = await asyncio.gather(*(client.exists(record) for _ in range(20)), return_exceptions=True)
        refused = [error for error in found if isinstance(error, exception.ClientError)]
        assert len(refused) == 13
        assert all("nothing was sent" in str(error) and not error.in_doubt for error in refused)
        assert (await client.get(record))[2]["a"] == 1

    run(main, max_in_flight=2, max_waiting=5)
