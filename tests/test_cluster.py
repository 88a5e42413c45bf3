# SPDX-License-Identifier: Apache-2.0
"""Clients of a cluster of embedded nodes: what they see while nodes die, stand still and come back."""

import collections
import contextlib
import os
import pathlib
import re
import socket
import subprocess
import sys
import threading
import time

import pytest

import aerospike
from aerospike import embedded, exception
from aerospike_helpers.batch.records import BatchRecords, Write
from aerospike_helpers.operations import operations as op

pytestmark = pytest.mark.embedded_only("nodes of one process, which a test stops")

LONG = 60  # seconds, that nothing takes
SURE = {"max_retries": 1000, "sleep_between_retries": 20, "socket_timeout": 500, "total_timeout": LONG * 1000}


@pytest.fixture
def server():
    with embedded.Server(nodes=3, heartbeat_interval=20) as made:
        yield made


@pytest.fixture
def cluster(server):
    with aerospike.client({**server.config, "tend_interval": 250}) as client:
        yield client


def keys_of(count, name="demo"):
    return [("test", name, number) for number in range(count)]


def until(condition):
    deadline = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


# ---- at rest ----


def test_a_client_finds_all_nodes_from_any(server):
    for node in server.nodes:
        with aerospike.client({"hosts": node.hosts}) as client:
            assert {entry["node_name"] for entry in client.get_node_names()} == {one.name for one in server.nodes}


def test_commands_go_to_the_master_and_all_nodes_have_some(server, cluster):
    before = [node.statistics()["commands"]["write"] for node in server.nodes]
    for key in keys_of(300):
        cluster.put(key, {"a": 1})
    written = [node.statistics()["commands"]["write"] - count for node, count in zip(server.nodes, before, strict=True)]
    assert sum(written) == 300
    assert all(written)
    objects = {"master": 0, "prole": 0}
    for node in server.nodes:
        told = cluster.info_single_node("namespace/test", node.name)
        for kind in objects:
            objects[kind] += int(re.search(rf"\b{kind}_objects=(\d+)", told)[1])
    assert objects == {"master": 300, "prole": 300}


def test_statistics_of_the_server_are_those_of_its_nodes(server, cluster):
    cluster.put(("test", "demo", 1), {"a": 1})
    assert server.statistics()["commands"]["write"] == 1
    parts = [node.statistics() for node in server.nodes]
    assert sum(part["commands"]["write"] for part in parts) == 1
    assert "faults" not in parts[0]
    (writer,) = (node for node in server.nodes if node.statistics()["commands"]["write"])
    writer.stop()
    assert writer.statistics()["commands"]["write"] == writer.statistics()["connections"] == 0
    assert server.statistics()["commands"]["write"] == 1


def test_scans_queries_and_jobs_find_each_record_once(server, cluster):
    keys = keys_of(500)
    for key in keys:
        cluster.put(key, {"a": key[2]}, policy={"key": aerospike.POLICY_KEY_SEND})
    for rows in (
        cluster.scan("test", "demo").results(),
        cluster.query("test", "demo").results(),
    ):
        assert sorted(row[0][2] for row in rows) == list(range(500))
    cluster.index_single_value_create("test", "demo", "a", aerospike.INDEX_NUMERIC, "a_index")
    query = cluster.query("test", "demo")
    query.where(aerospike.predicates.between("a", 100, 199))
    assert len(query.results()) == 100
    query = cluster.query("test", "demo")
    query.add_ops([op.increment("a", 1000)])
    job = query.execute_background()
    until(lambda: cluster.job_info(job, "query")["status"] == aerospike.JOB_STATUS_COMPLETED)
    assert sorted(cluster.get(key)[2]["a"] for key in keys) == list(range(1000, 1500))


def test_batches_of_all_nodes(server, cluster):
    keys = keys_of(200)
    for key in keys:
        cluster.put(key, {"a": key[2]})
    records = cluster.batch_read(keys).batch_records
    assert [record.record[2]["a"] for record in records] == list(range(200))


def test_clear_is_for_all_nodes(server, cluster):
    for key in keys_of(100):
        cluster.put(key, {"a": 1})
    server.clear()
    assert cluster.scan("test", "demo").results() == []


# ---- a node dies ----


class Load:
    """Puts and gets of ever higher numbers from several threads, each with records of its own.

    ``acknowledged`` has the last number of each record that was; ``tried`` the last that may have been written.
    ``errors`` has ``(command, code, in doubt)``, ``wrong`` answers that no order of what was sent explains.
    """

    def __init__(self, client, threads=4, records=50):
        self.client = client
        self.stopping = threading.Event()
        self.errors, self.wrong = collections.Counter(), []
        self.done = collections.Counter()
        self.acknowledged, self.tried = {}, {}
        self.threads = [threading.Thread(target=self.work, args=(place, records)) for place in range(threads)]

    def work(self, place, records):
        keys = [("test", f"load {place}", number) for number in range(records)]
        number = 0
        while not self.stopping.is_set():
            number += 1
            for key in keys:
                self.put(key, number)
                self.get(key)

    def put(self, key, number):
        self.tried[key] = number
        try:
            self.client.put(key, {"n": number}, policy={"total_timeout": 300})
        except exception.AerospikeError as error:
            self.errors["put", error.code, error.in_doubt] += 1
            time.sleep(0.02)  # too many errors at once and the client would give the node a rest
        else:
            self.acknowledged[key] = number
            self.done["put"] += 1

    def get(self, key):
        try:
            found = self.client.get(key, policy=SURE)[2]["n"]
        except exception.RecordNotFound:
            found = 0
        except exception.AerospikeError as error:
            self.errors["get", error.code, error.in_doubt] += 1
            return
        self.done["get"] += 1
        if not self.acknowledged.get(key, 0) <= found <= self.tried[key]:
            self.wrong.append((key, self.acknowledged.get(key), found, self.tried[key]))

    def check(self):
        for key, number in self.acknowledged.items():
            found = self.client.get(key, policy=SURE)[2]["n"]
            assert number <= found <= self.tried[key], key

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def goes_on(self):
        """Wait until more was done."""
        before = self.done["put"], self.done["get"]
        until(lambda: self.done["put"] > before[0] + 50 and self.done["get"] > before[1] + 50)


def errors_of_puts(load):
    """Those that a put may have: -10, not sent, or (in doubt) broken on its way; 9, no answer in time, in doubt."""
    known = {("put", -10, False), ("put", -10, True), ("put", 9, True)}
    return {error: count for error, count in load.errors.items() if error in known}


@pytest.mark.parametrize("place", [0, 1, 2])
def test_nothing_acknowledged_is_lost_when_a_node_dies_and_comes_back(server, cluster, place):
    with Load(cluster) as load:
        load.goes_on()
        server.nodes[place].stop()
        load.goes_on()
        server.wait_until_stable(LONG)
        load.goes_on()
        server.nodes[place].start()
        server.wait_until_stable(LONG)
        until(lambda: len(cluster.get_nodes()) == 3)
        load.goes_on()
    assert load.wrong == []
    load.check()
    assert errors_of_puts(load) == load.errors


def test_nothing_acknowledged_is_lost_when_nodes_die_one_after_the_other(server, cluster):
    with Load(cluster) as load:
        for node in (*server.nodes, server.nodes[1]):
            load.goes_on()
            node.stop()
            server.wait_until_stable(LONG)
            load.goes_on()
            node.start()
            server.wait_until_stable(LONG)
            until(lambda: len(cluster.get_nodes()) == 3)
    assert load.wrong == []
    load.check()


def test_nothing_acknowledged_is_lost_when_a_node_stands_still(server, cluster):
    with Load(cluster) as load:
        load.goes_on()
        server.nodes[1].pause()
        assert not server.nodes[1].running
        server.wait_until_stable(LONG)
        load.goes_on()
        server.nodes[1].resume()
        server.wait_until_stable(LONG)
        load.goes_on()
    assert load.wrong == []
    load.check()
    assert errors_of_puts(load) == load.errors


def test_a_node_that_stands_still_for_a_moment_is_not_missed():
    with embedded.Server(nodes=3, heartbeat_interval=5000) as server, aerospike.client(server.config) as client:
        key = ("test", "demo", 1)
        client.put(key, {"a": 1})
        for node in server.nodes:
            node.pause()
        with pytest.raises(exception.TimeoutError):
            client.get(key, policy={"total_timeout": 100})
        for node in server.nodes:
            node.resume()
        assert client.get(key, policy=SURE)[2] == {"a": 1}
        server.wait_until_stable(LONG)
        assert client.scan("test", "demo").results() != []


def test_what_waits_at_a_node_that_was_missed_is_not_done_late(server, cluster):
    keys = keys_of(30)
    for key in keys:
        cluster.put(key, {"n": 1})
    node = server.nodes[1]
    node.pause()
    for key in keys:
        with contextlib.suppress(exception.AerospikeError):
            cluster.put(key, {"n": 2}, policy={"total_timeout": 10})
    server.wait_until_stable(LONG)
    until(lambda: len(cluster.get_nodes()) == 2)
    for key in keys:
        cluster.put(key, {"n": 3})
    node.resume()
    server.wait_until_stable(LONG)
    assert [cluster.get(key, policy=SURE)[2]["n"] for key in keys] == [3] * 30


def test_a_scan_after_a_node_has_died_finds_all(server, cluster):
    for key in keys_of(300):
        cluster.put(key, {"a": 1})
    server.nodes[2].stop()
    policy = {"max_retries": 1000, "sleep_between_retries": 50, "total_timeout": LONG * 1000}
    assert len(cluster.scan("test", "demo").results(policy)) == 300


def test_a_batch_while_a_node_is_missed(server, cluster):
    keys = keys_of(200)
    for key in keys:
        cluster.put(key, {"a": 1})
    server.nodes[0].stop()
    records = cluster.batch_read(keys, policy=SURE).batch_records
    assert [record.record[2] for record in records] == [{"a": 1}] * 200


def test_batches_whose_records_get_no_answer_end_with_their_time():
    with embedded.Server(nodes=3, heartbeat_interval=5000) as server, aerospike.client(server.config) as client:
        keys = keys_of(60)
        for key in keys:
            client.put(key, {"a": 1})
        server.nodes[1].stop()
        batch = BatchRecords([Write(key, [op.write("a", 2)]) for key in keys])
        client.batch_write(batch, {"total_timeout": 300})
        results = collections.Counter(record.result for record in batch.batch_records)
        assert set(results) <= {0, 9, -10, -15}  # -15: the client had given up before the answer came
        assert set(results) != {0}


def test_records_are_lost_with_the_last_copy_and_only_then():
    with embedded.Server(nodes=3, heartbeat_interval=10) as server:
        keys = keys_of(200)
        with aerospike.client(server.config) as client:
            for key in keys:
                client.put(key, {"a": 1})
        server.nodes[0].stop()
        server.nodes[1].stop()  # before copies have moved
        server.wait_until_stable(LONG)
        with aerospike.client({"hosts": server.nodes[2].hosts}) as client:
            found = sum(client.exists(key)[1] is not None for key in keys)
            assert 0 < found < 200
            server.nodes[0].start()
            server.wait_until_stable(LONG)
            server.nodes[2].stop()  # after they have
            server.wait_until_stable(LONG)
        with aerospike.client({"hosts": server.nodes[0].hosts}) as client:
            assert sum(client.exists(key)[1] is not None for key in keys) == found


def test_a_node_of_one_comes_back_empty():
    with embedded.Server(heartbeat_interval=10) as server:
        (node,) = server.nodes
        with aerospike.client(server.config) as client:
            client.put(("test", "demo", 1), {"a": 1})
            client.index_single_value_create("test", "demo", "a", aerospike.INDEX_NUMERIC, "kept")
        node.stop()
        with pytest.raises(exception.AerospikeError):
            aerospike.client(server.config)
        node.start()
        server.wait_until_stable(LONG)
        with aerospike.client(server.config) as client:
            assert client.exists(("test", "demo", 1))[1] is None
            assert "kept" in client.info_random_node("sindex-list")  # as what nodes keep alike does


# ---- clients that look for nodes ----


def test_a_seed_list_whose_first_is_dead(server):
    server.nodes[0].stop()
    server.wait_until_stable(LONG)
    with aerospike.client(server.config) as client:
        assert len(client.get_nodes()) == 2
        client.put(("test", "demo", 1), {"a": 1})


def test_a_client_leaves_and_finds_nodes(server, cluster):
    for node in server.nodes[1:]:
        node.stop()
        until(lambda node=node: ("127.0.0.1", node.port) not in cluster.get_nodes())
        node.start()
        until(lambda node=node: ("127.0.0.1", node.port) in cluster.get_nodes())


def test_a_cluster_of_another_name():
    with embedded.Server(nodes=2, cluster_name="cakes") as server:
        with aerospike.client({**server.config, "cluster_name": "cakes"}) as client:
            assert len(client.get_nodes()) == 2
            assert client.info_random_node("cluster-name").endswith("\tcakes\n")
        with pytest.raises(exception.ClientError, match="cakes"):
            aerospike.client({**server.config, "cluster_name": "bread"})
    with embedded.Server() as server, pytest.raises(exception.ClientError, match="cakes"):
        aerospike.client({**server.config, "cluster_name": "cakes"})


# ---- racks ----


def reads(server):
    return [node.statistics()["commands"]["read"] for node in server.nodes]


@pytest.mark.parametrize("rack", [1, 2])
def test_rack_aware_reads_stay_in_their_rack(rack):
    with embedded.Server(nodes=4, racks=[1, 2, 1, 2]) as server:
        settings = {**server.config, "rack_aware": True, "rack_id": rack}
        with aerospike.client(settings) as client:
            keys = keys_of(200)
            for key in keys:
                client.put(key, {"a": 1})
            before = reads(server)
            for key in keys:
                client.get(key, policy={"replica": aerospike.POLICY_REPLICA_PREFER_RACK})
            found = [after - count for after, count in zip(reads(server), before, strict=True)]
        near = found[rack - 1 :: 2]
        assert sum(near) == 200
        assert all(near)


def test_racks_are_told():
    with embedded.Server(nodes=3, racks=[7, 0, 7], namespaces=["test", "bar"]) as server:
        first, second, third = server.nodes
        with aerospike.client(server.config) as client:
            assert client.info_single_node("rack-ids", first.name).split("\t")[1] == "test:7;bar:7\n"
            assert client.info_single_node("rack-ids", second.name).split("\t")[1] == "test:0;bar:0\n"
            racks = client.info_single_node("racks:", first.name).split("\t")[1]
            one, other = racks.strip().split(";")
            assert one.replace("ns=test", "ns=bar") == other
            assert re.fullmatch(rf"ns=test:rack_0={second.name}:rack_7=\w+,\w+", one)
            assert set(one.rpartition("=")[2].split(",")) == {first.name, third.name}


def test_one_rack_that_dies_takes_no_record_with_it():
    with embedded.Server(nodes=4, racks=[1, 2, 1, 2], heartbeat_interval=20) as server:
        keys = keys_of(200)
        with aerospike.client({**server.config, "tend_interval": 250}) as client:
            for key in keys:
                client.put(key, {"a": 1})
            for node in server.nodes[::2]:
                node.stop()
            server.wait_until_stable(LONG)
            assert all(client.get(key, policy=SURE)[2] == {"a": 1} for key in keys)


# ---- nodes as objects ----


def test_a_node_is_what_it_says(server):
    assert [node.hosts for node in server.nodes] == [[("127.0.0.1", node.port)] for node in server.nodes]
    assert server.hosts == server.config["hosts"] == [("127.0.0.1", node.port) for node in server.nodes]
    assert (server.port, server.node) == (server.nodes[0].port, server.nodes[0].name)
    node = server.nodes[1]
    name, port = node.name, node.port
    assert node.running
    assert "running" in repr(node)
    node.pause()
    node.pause()
    assert not node.running
    assert "paused" in repr(node)
    node.start()  # it is not stopped
    assert "paused" in repr(node)
    node.resume()
    node.resume()
    assert node.running
    node.stop()
    node.stop()
    assert not node.running
    assert "stopped" in repr(node)
    for act in (node.pause, node.resume):
        with pytest.raises(RuntimeError, match="the node is stopped"):
            act()
    node.start()
    assert node.running
    assert (node.name, node.port) == (name, port)


def test_a_port_that_was_taken_meanwhile(server):
    node = server.nodes[1]
    node.stop()
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", node.port))
        taken.listen()
        with pytest.raises(OSError, match=str(node.port)):
            node.start()
        assert not node.running
    node.start()
    assert node.running


def test_nodes_of_a_stopped_server(server):
    node = server.nodes[1]
    node.pause()
    server.stop()
    assert not node.running
    node.stop()
    for act in (node.start, node.pause, node.resume, node.statistics, server.wait_until_stable):
        with pytest.raises(RuntimeError, match="the server is stopped"):
            act()


def test_waiting_has_an_end():
    with embedded.Server(nodes=2, heartbeat_interval=5000) as server:
        server.wait_until_stable(0)
        server.nodes[0].stop()
        with pytest.raises(TimeoutError, match=r"not stable after 0\.05 seconds"):
            server.wait_until_stable(0.05)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"nodes": 0}, "nodes must be an int from 1 to 16, not 0"),
        ({"nodes": 17}, "nodes must be an int from 1 to 16, not 17"),
        ({"nodes": "3"}, "nodes must be"),
        ({"nodes": True}, "nodes must be"),
        ({"replication_factor": 0}, "replication_factor must be an int from 1 to 3, not 0"),
        ({"replication_factor": 4}, "replication_factor must be"),
        ({"nodes": 2, "racks": [1]}, "racks must have a number for each of the 2 nodes, not 1"),
        ({"nodes": 2, "racks": "12"}, "racks must be a list of a number for each node, not '12'"),
        ({"nodes": 2, "racks": 5}, "racks must be a list"),
        ({"nodes": 2, "racks": [1, -1]}, r"racks\[1\] must be an int from 0 to 1000000, not -1"),
        ({"nodes": 2, "racks": [1, "a"]}, r"racks\[1\] must be"),
        ({"heartbeat_interval": 0}, "heartbeat_interval must be an int from 1 to 60000, not 0"),
        ({"heartbeat_interval": 1.5}, "heartbeat_interval must be"),
        ({"cluster_name": ""}, "cluster_name must be"),
        ({"cluster_name": "a;b"}, "cluster_name must be"),
        ({"cluster_name": "a\n"}, "cluster_name must be"),
        ({"cluster_name": 5}, "cluster_name must be"),
        ({"nodes": 3, "port": 65534}, "port must be 65533 at the most"),
    ],
)
def test_arguments_of_a_cluster(given, message):
    with pytest.raises(ValueError, match=message):
        embedded.Server(**given)


def test_a_shell_starts_several_nodes():
    command = [sys.executable, "-m", "aerospike.embedded", "--port", "0", "--nodes", "3", "--replication-factor", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline()
            where, namespaces = re.fullmatch(r"listening at (.+), namespaces: (.+)\n", line).groups()
            hosts = [(host, int(port)) for host, port in re.findall(r"([\d.]+):(\d+)", where)]
            assert (len(hosts), namespaces) == (3, "test")
            with aerospike.client({"hosts": hosts[:1]}) as client:
                assert sorted(client.get_nodes()) == sorted(hosts)
                assert "replication-factor=1;" in client.info_random_node("namespace/test")
        finally:
            process.terminate()


# ---- what is left over ----


def threads():
    return len(os.listdir("/proc/self/task"))


def descriptors():
    return len(os.listdir("/proc/self/fd"))


@pytest.mark.skipif(not pathlib.Path("/proc/self/task").exists(), reason="counts threads in /proc")
def test_no_thread_and_no_descriptor_is_left():
    def round_of_life():
        with embedded.Server(nodes=3, heartbeat_interval=10) as server, aerospike.client(server.config) as client:
            for number in range(3):
                node = server.nodes[number]
                for key in keys_of(20):
                    with contextlib.suppress(exception.AerospikeError):
                        client.put(key, {"a": 1}, policy={"total_timeout": 100})
                node.pause() if number == 1 else node.stop()
                server.wait_until_stable(LONG)
                node.resume() if number == 1 else node.start()
                server.wait_until_stable(LONG)

    round_of_life()
    before = threads(), descriptors()
    for _ in range(3):
        round_of_life()
    until(lambda: threads() <= before[0] and descriptors() <= before[1])


def test_nodes_come_and_go_on_several_threads(server, cluster):
    """Whatever threads ask for, the server stays whole."""

    def worry(place):
        for _ in range(15):
            for act in ("pause", "stop", "start", "resume"):
                with contextlib.suppress(RuntimeError):
                    getattr(server.nodes[place], act)()
            server.statistics()

    workers = [threading.Thread(target=worry, args=(place % 2,)) for place in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for node in server.nodes[:2]:
        node.start()
        node.resume()
    server.wait_until_stable(LONG)
    until(lambda: len(cluster.get_nodes()) == 3)
    key = ("test", "demo", 1)
    cluster.put(key, {"a": 1})
    assert cluster.get(key, policy=SURE)[2] == {"a": 1}
