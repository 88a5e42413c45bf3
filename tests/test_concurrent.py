# SPDX-License-Identifier: Apache-2.0
"""Everything at once: threads that share clients, plans, handlers and servers. ``make tsan`` looks at them run."""

import contextlib
import threading
import time

import pytest

import aerospike
from aerospike import embedded, exception
from aerospike_helpers import expressions as exp
from aerospike_helpers.operations import list_operations as lists
from aerospike_helpers.operations import map_operations as maps
from aerospike_helpers.operations import operations as op

SET = "concurrent"
SECONDS = 0.7
POSITIVE = (exp.IntBin("n") > 0).compile()
# What a client that another thread closes, or whose server goes, may say.
GONE = (exception.ClusterError, exception.ConnectionError, exception.TimeoutError, exception.ClientError)


def at_once(*jobs, allowed=()):
    """Run jobs again and again, each on its thread, for a while; what they raise beside ``allowed`` comes out."""
    stop, unexpected = threading.Event(), []

    def work(job):
        while not stop.is_set() and not unexpected:
            try:
                job()
            except allowed:
                pass
            except BaseException as error:
                unexpected.append(error)

    threads = [threading.Thread(target=work, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    time.sleep(SECONDS)
    stop.set()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    if unexpected:
        raise unexpected[0]


@pytest.fixture
def keys(client, namespace):
    made = [(namespace, SET, number) for number in range(40)]
    for number, key in enumerate(made):
        client.put(key, {"n": number, "l": [number], "m": {"a": number}, "s": "x" * number})
    yield made
    client.truncate(namespace, SET, 0)


def jobs_of_records(client, keys):
    """Commands on the same records, with values, policies and errors of every kind."""
    hot = keys[0]
    operations = [op.increment("n", 1), lists.list_append("l", {"a": [1]}), maps.map_put("m", "k", [2]), op.read("l")]
    removed = (hot[0], hot[1], "removed")

    def remove():
        client.put(removed, {"a": b"bytes"}, {"ttl": 100}, {"key": aerospike.POLICY_KEY_SEND})
        with contextlib.suppress(exception.RecordNotFound):
            client.remove(removed)

    def refused():
        for call in (lambda: client.get(hot, {"expressions": 5}), lambda: client.put(hot, {"n" * 16: 1})):
            with pytest.raises(exception.AerospikeError):
                call()

    return [
        lambda: [client.put(key, {"n": 1, "m": {"a": [1, 2.5, None]}}) for key in keys[:5]],
        lambda: [client.get(key, {"expressions": POSITIVE}) for key in keys[1:5]],
        lambda: client.operate(hot, operations, {"ttl": 1000}),
        lambda: (client.exists(hot), client.select(hot, ["n", "l"]), client.increment(hot, "n", 1)),
        lambda: client.operate(hot, [op.write("l", []), op.touch()]),
        remove,
        refused,
    ]


FILTERED = (exception.FilteredOut, exception.RecordNotFound)


def test_commands_on_the_same_records(client, keys):
    at_once(*jobs_of_records(client, keys), allowed=FILTERED)
    assert client.get(keys[-1])[2]["n"] == len(keys) - 1


def test_scans_info_and_truncations_beside_writes(client, keys, namespace):
    others = [(namespace, "concurrent 2", number) for number in range(10)]

    def stopped():
        client.scan(namespace, SET).foreach(lambda _row: False)

    def left():
        for _row in client.query(namespace, SET).select("n"):
            break

    at_once(
        *jobs_of_records(client, keys)[:3],
        lambda: client.scan(namespace, SET).results({"expressions": POSITIVE}),
        lambda: client.query(namespace).foreach(lambda row: row[2]),
        stopped,
        left,
        lambda: [client.put(key, {"a": 1}) for key in others],
        lambda: client.truncate(namespace, "concurrent 2", 0),
        lambda: (client.info_all("sets"), client.info_random_node(f"namespace/{namespace}")),
        lambda: (client.get_nodes(), client.get_policies(), client.is_connected()),
        allowed=FILTERED,
    )


def test_a_plan_whose_pages_threads_share(client, keys, namespace):
    plan, rows = client.scan(namespace, SET), []
    plan.max_records = 3
    plan.paginate()
    at_once(*[lambda: rows.extend(plan.results())] * 3, plan.get_partitions_status, plan.is_done)
    while not plan.is_done():
        rows.extend(plan.results())
    assert sorted(bins["n"] for _key, _meta, bins in rows) == list(range(len(keys)))


def test_a_client_that_is_closed_connected_and_configured_meanwhile(connect, config, keys, namespace):
    client = connect(tend_interval=250)

    def again():
        client.close()
        client.connect()

    def anew():
        client.__init__({**config, "tend_interval": 250, "policies": {"read": {"expressions": POSITIVE}}})

    at_once(
        *jobs_of_records(client, keys)[:4],
        lambda: client.scan(namespace, SET).results(),
        lambda: client.info_all("build"),
        lambda: (client.get_policies(), client.get_nodes()),
        again,
        anew,
        allowed=(*FILTERED, *GONE),
    )
    client.connect()
    client.put(keys[0], {"n": 1})


def test_clients_come_and_go(config, keys):
    def come_and_go():
        with aerospike.client({**config, "tend_interval": 250}) as client:
            client.get(keys[3])

    at_once(*[come_and_go] * 4, lambda: aerospike.client(config).get(keys[4]))


def test_log_handlers_levels_and_serializers_change_meanwhile(connect, keys):
    client, logged = connect(tend_interval=250), []

    def handlers():
        aerospike.set_log_handler(lambda *message: logged.append(message))
        aerospike.set_log_handler(None)

    def levels():
        aerospike.set_log_level(aerospike.LOG_LEVEL_TRACE)
        time.sleep(0.001)
        aerospike.set_log_level(aerospike.LOG_LEVEL_WARN)

    def serializers():
        aerospike.set_serializer(repr)
        aerospike.set_deserializer(str)
        client.put(keys[5], {"o": {1, 2}}, serializer=aerospike.SERIALIZER_USER)
        aerospike.unset_serializers()

    try:
        at_once(
            *jobs_of_records(client, keys)[:2],
            handlers,
            levels,
            serializers,
            lambda: connect().close(),
            allowed=(*FILTERED, exception.ClientError),
        )
    finally:
        aerospike.set_log_handler()
        aerospike.set_log_level(aerospike.LOG_LEVEL_WARN)
        aerospike.unset_serializers()


def test_servers_come_and_go_beside_one_that_is_cleared():
    def come_and_go():
        with embedded.Server(workers=3) as server, aerospike.client(server.config) as client:
            client.put(("test", SET, 1), {"a": 1})
            client.scan("test").results()

    with embedded.Server(workers=4, default_ttl=1) as server, aerospike.client(server.config) as client:
        keys = [("test", SET, number) for number in range(20)]
        at_once(
            come_and_go,
            come_and_go,
            server.clear,
            lambda: [client.put(key, {"a": 1}) for key in keys],
            lambda: client.scan("test", SET).results(),
            lambda: client.info_all("statistics"),
            lambda: (repr(server), server.port, server.node),
        )


def test_a_server_that_stops_while_everybody_works():
    for _ in range(3):
        server = embedded.Server(workers=3)
        quick = {"total_timeout": 300, "max_retries": 0}
        with aerospike.client({**server.config, "tend_interval": 250, "policies": quick}) as client:
            keys = [("test", SET, number) for number in range(20)]
            stopper = threading.Timer(SECONDS / 2, server.stop)
            stopper.start()
            at_once(
                *jobs_of_records(client, keys)[:4],
                lambda: client.scan("test", SET).results(),
                lambda: client.info_all("namespaces"),
                allowed=exception.AerospikeError,
            )
            stopper.join()
