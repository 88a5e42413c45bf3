# SPDX-License-Identifier: Apache-2.0
"""Hooks: which nodes a command asked, and how often."""

import asyncio
import sys

import fix_proxy
import pytest

import aerospike
from aerospike import embedded
from aerospike_helpers.operations import operations

traced = pytest.mark.skipif(sys.platform == "darwin", reason="its linker cannot wrap: the node is not known")


@traced
def test_the_node_is_that_of_the_key(watched, recorder, make_key):
    watched.put(make_key(), {"n": 1})
    nodes = {node["node_name"]: (node["address"], node["port"]) for node in watched.get_node_names()}
    assert nodes[recorder.last.node] == recorder.last.address
    assert (recorder.last.nodes, recorder.last.retries) == ((recorder.last.node,), 0)


@traced
def test_the_node_of_an_info_command_is_the_one_that_was_asked(watched, recorder):
    name = watched.get_node_names()[0]["node_name"]
    watched.info_single_node("namespaces", name)
    assert recorder.last.node == name


@traced
@pytest.mark.embedded_only("two nodes that are one server")
def test_of_several_nodes_all_are_told(nodes, recorder):
    nodes.client.add_hook(recorder)
    nodes.client.info_all("namespaces")
    assert (recorder.last.node, recorder.last.address) == (None, None)
    assert sorted(recorder.last.nodes) == sorted(node["node_name"] for node in nodes.client.get_node_names())


class Cluster:
    """Three nodes, sixty records, and a client with the recorder as its hook."""

    def __init__(self, server, client, recorder):
        self.server, self.client, self.recorder = server, client, recorder
        self.names = sorted(node["node_name"] for node in client.get_node_names())
        self.keys = [("test", "suite", number) for number in range(60)]
        for key in self.keys:
            client.put(key, {"n": 1})

    def told_of_all(self, retries=0):
        """That the last command asked all nodes."""
        last = self.recorder.last
        assert (last.node, last.address, sorted(last.nodes)) == (None, None, self.names)
        assert last.retries == retries


@pytest.fixture
def cluster(recorder):
    with embedded.Server(nodes=3) as server, aerospike.client(server.config) as client:
        client.add_hook(recorder)
        yield Cluster(server, client, recorder)


def digest(key):
    return bytes(aerospike.calc_digest(*key))


own_cluster = pytest.mark.embedded_only("a cluster of its own")


@traced
@own_cluster
def test_each_record_has_its_node_and_a_batch_has_them_all(cluster, recorder):
    assert len(cluster.names) == 3
    assert sorted({report.node for report in recorder.ended}) == cluster.names
    assert all(report.nodes == (report.node,) for report in recorder.ended)
    for concurrent in (False, True):
        cluster.client.batch_read(cluster.keys, policy={"concurrent": concurrent})
        cluster.told_of_all()
    cluster.client.batch_read(cluster.keys[:1], policy={"concurrent": True})
    assert recorder.last.nodes == (recorder.last.node,)


@traced
@own_cluster
def test_a_scan_or_query_has_all_nodes_that_it_asked(cluster, recorder):
    query = cluster.client.query("test", "suite")
    for read in (query.results, cluster.client.scan("test", "suite").results, lambda: list(query)):
        assert len(read()) == 60
        cluster.told_of_all()
    query.foreach(lambda record: None)
    cluster.told_of_all()
    cluster.client.query("test", "suite").add_ops([operations.touch()]).execute_background()
    cluster.told_of_all()
    cluster.client.scan("test", "suite").foreach(lambda record: None, {}, {}, cluster.names[0])
    assert (recorder.last.node, recorder.last.nodes) == (cluster.names[0], (cluster.names[0],))


@traced
@own_cluster
def test_an_iterator_that_is_left_tells_its_nodes(cluster, recorder):
    with iter(cluster.client.query("test", "suite")) as records:
        next(records)
    assert recorder.last.retries == 0
    assert set(recorder.last.nodes) <= set(cluster.names)


@traced
@own_cluster
@pytest.mark.parametrize("kind", ["query", "batch"])
def test_what_several_nodes_were_asked_again_is_counted(cluster, kind):
    reads = {
        "query": cluster.client.query("test", "suite").results,
        "batch": lambda: cluster.client.batch_read(cluster.keys).batch_records,
    }
    before = cluster.client.get_stats().retry_count
    with cluster.server.fault("reset", commands=kind, node=cluster.server.nodes[1], times=1):
        assert len(reads[kind]()) == 60
    retries = cluster.client.get_stats().retry_count - before
    assert retries > 0
    cluster.told_of_all(retries)


@pytest.fixture
def in_loop(cluster, recorder):
    """Runs a coroutine with an AsyncClient of the cluster that sends each command by itself."""

    def run(work, **settings):
        async def main():
            config = {**cluster.server.config, "fuse_reads": False, "fuse_writes": False, **settings}
            async with aerospike.AsyncClient(config) as client:
                await client.add_hook(recorder)
                await work(client)

        cluster.client.remove_hook(recorder)
        recorder.told.clear()
        asyncio.run(main())

    return run


@traced
@own_cluster
def test_in_asyncio_what_is_put_off_has_its_node(cluster, recorder, in_loop):
    """After five errors of a loop, here of a pool that is empty, the C client begins commands in its next turn."""

    async def work(client):
        for _ in range(3):
            await asyncio.gather(*(client.get(key) for key in cluster.keys))
        assert len(recorder.ended) == 180
        assert sorted({report.node for report in recorder.ended}) == cluster.names

    in_loop(work, max_conns_per_node=1, max_in_flight=60)


@traced
@own_cluster
def test_in_asyncio_each_record_has_its_node_and_a_batch_has_them_all(cluster, recorder, in_loop):
    async def work(client):
        gets = await asyncio.gather(*(client.get(key) for key in cluster.keys))
        assert len(gets) == len(recorder.ended) == 60
        assert sorted({report.node for report in recorder.ended}) == cluster.names
        assert all((report.nodes, report.retries) == ((report.node,), 0) for report in recorder.ended)
        for keys in (cluster.keys[:3], cluster.keys):  # of the three, some are alone on their nodes
            names = {next(one.node for one in recorder.ended if one.digest == digest(key)) for key in keys}
            await client.batch_read(keys)
            assert (set(recorder.last.nodes), recorder.last.retries) == (names, 0)
        cluster.told_of_all()
        await client.batch_read(cluster.keys[:1])
        assert recorder.last.nodes == (recorder.last.node,)
        await client.info_all("namespaces")  # in a thread
        cluster.told_of_all()

    in_loop(work)


@traced
@own_cluster
@pytest.mark.parametrize("kind", ["read", "batch"])
def test_in_asyncio_retries_are_counted(cluster, recorder, in_loop, kind):
    async def work(client):
        calls = {"read": lambda: client.get(cluster.keys[0]), "batch": lambda: client.batch_read(cluster.keys)}
        await calls[kind]()
        before = (await client.get_stats()).retry_count
        with cluster.server.fault("reset", commands=kind, times=1):
            await calls[kind]()
        retries = (await client.get_stats()).retry_count - before
        assert retries > 0
        assert recorder.last.retries == retries
        assert len(recorder.last.nodes) == (2 if kind == "read" else 3)

    in_loop(work, policies={kind: {"replica": aerospike.POLICY_REPLICA_SEQUENCE, "max_retries": 2}})


@traced
@own_cluster
def test_in_asyncio_others_retries_are_not_counted(cluster, recorder, in_loop):
    async def work(client):
        with cluster.server.fault("reset", commands="read", times=5):
            await asyncio.gather(*(client.get(key) for key in cluster.keys))
        retries = [report.retries for report in recorder.ended]
        assert len(retries) == 60
        assert sum(retries) == (await client.get_stats()).retry_count == 5

    in_loop(work, policies={"read": {"max_retries": 9}})


@own_cluster
def test_in_asyncio_what_goes_in_one_batch_has_no_node(cluster, recorder, in_loop):
    async def work(client):
        await asyncio.gather(*(client.get(key) for key in cluster.keys))
        assert len(recorder.ended) == 60
        assert {(report.node, report.nodes, report.retries) for report in recorder.ended} == {(None, None, None)}

    in_loop(work, fuse_reads=True)


@traced
@own_cluster
def test_one_record_may_be_asked_of_several_nodes(cluster, recorder):
    cluster.client.get(cluster.keys[0])
    (first,) = recorder.last.nodes
    with cluster.server.fault("reset", commands="read", times=1):
        cluster.client.get(cluster.keys[0], {"replica": aerospike.POLICY_REPLICA_SEQUENCE})
    assert (recorder.last.retries, len(recorder.last.nodes)) == (1, 2)
    assert recorder.last.nodes == (first, recorder.last.node)


def fails_once(chance, frame):
    """No answer the first time."""
    if fails_once.proxy.harmed == 1:
        return b"", True
    return frame, False


@traced
def test_retries_are_counted(proxy, connect, recorder, make_key):
    watched = connect(hosts=proxy.hosts)
    watched.add_hook(recorder)
    fails_once.proxy, proxy.harm = proxy, fails_once
    watched.put(make_key(), {"n": 1}, policy={"max_retries": 2, "sleep_between_retries": 0})
    assert (recorder.last.retries, recorder.last.code) == (1, 0)
    assert recorder.last.address == proxy.hosts[0]


def test_in_doubt_is_told(proxy, connect, recorder, make_key):
    watched = connect(hosts=proxy.hosts)
    watched.add_hook(recorder)
    proxy.harm = fix_proxy.closed
    with pytest.raises(aerospike.Error):
        watched.put(make_key(), {"n": 1}, policy={"max_retries": 0})
    assert recorder.last.in_doubt
    assert recorder.last.code < 0
