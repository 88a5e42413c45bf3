# SPDX-License-Identifier: Apache-2.0
"""A cluster of embedded nodes, at rest and while one dies and comes back, against what a real one answered.

``data/cluster.json`` has the answers of three real nodes every 0.2 seconds. Here a state is what can be told of a node
at one moment without numbers of its own; states that are seen here follow each other as there.
"""

import base64
import collections
import itertools
import json
import pathlib
import re
import time

import frames
import pytest
from frames import FIELD_DIGEST, FIELD_NAMESPACE, FIELD_SET, GET_ALL, INFO, INTEGER, MESSAGE, OP_WRITE, READ, WRITE

from aerospike import embedded

pytestmark = pytest.mark.embedded_only("nodes of one process, which a test stops")

MEASURED = json.loads((pathlib.Path(__file__).parent.parent / "data" / "cluster.json").read_text())
REST = MEASURED["at rest"]
PARTITIONS = 4096
GENERATIONS = ("peers-generation", "rebalance-generation")
COMMANDS = (
    "node",
    "peers-clear-std",
    "peers-clear-alt",
    "partition-generation",
    *GENERATIONS,
    "services",
    "cluster-stable:",
    "replicas",
)
LONG = 30  # seconds, that nothing takes


@pytest.fixture
def server():
    with embedded.Server(nodes=3, heartbeat_interval=20) as made:
        yield made


def address(node):
    return node.hosts[0]


def ask(node, *commands):
    """The answers of a node to info commands."""
    with frames.Connection(address(node)) as connection:
        connection.send(frames.frame(INFO, "".join(f"{command}\n" for command in commands).encode()))
        kind, body = connection.receive()
    assert kind == INFO
    return dict(line.split("\t", 1) for line in body.decode().splitlines())


def one(node, command):
    return ask(node, command)[command]


def pairs(text):
    return dict(part.split("=", 1) for part in text.rstrip(";").split(";"))


def statistics(node):
    return pairs(one(node, "statistics"))


def bitmaps(text):
    """What ``replicas`` gives of the first namespace: regime, and a set of partitions for each copy."""
    regime, count, *maps = text.split(";")[0].split(":")[1].split(",")
    sets = []
    for bitmap in maps:
        number = int.from_bytes(base64.b64decode(bitmap), "big")
        sets.append({i for i in range(PARTITIONS) if number >> (PARTITIONS - 1 - i) & 1})
    assert len(sets) == int(count)
    return int(regime), sets


def owned(node):
    return bitmaps(one(node, "replicas"))[1]


# ---- at rest ----


def test_at_rest_nodes_tell_of_each_other_as_measured(server):
    for node in server.nodes:
        answers, real = ask(node, *COMMANDS), REST[str(MEASURED["ports"][0])]
        others = [other for other in server.nodes if other is not node]
        assert answers["node"] == node.name
        generation, port, peers = re.fullmatch(r"(\d+),(\d+),\[(.*)\]", answers["peers-clear-std"]).groups()
        assert (generation, port) == (answers["peers-generation"], "3000")
        assert set(re.findall(r"\[(\w+),,\[([\d.:]+)\]\]", peers)) == {
            (other.name, f"127.0.0.1:{other.port}") for other in others
        }
        assert answers["peers-clear-alt"] == f"{generation},3000,[]"
        assert sorted(answers["services"].split(";")) == sorted(f"127.0.0.1:{other.port}" for other in others)
        assert (answers["partition-generation"], answers["rebalance-generation"]) == ("0", "1")
        assert answers["peers-generation"] == REST[str(MEASURED["ports"][2])]["peers-generation"]  # which came last
        for command in ("racks:", "rack-ids"):
            assert one(node, command) == real[command]


def test_every_partition_has_one_master_and_one_second_copy(server):
    masters, seconds = zip(*(owned(node) for node in server.nodes), strict=True)
    for owners in (masters, seconds):
        assert collections.Counter(itertools.chain(*owners)) == dict.fromkeys(range(PARTITIONS), 1)
        assert all(1150 < len(one) < 1580 for one in owners)  # a third, as near as chance has it
    assert not any(mine & second for mine, second in zip(masters, seconds, strict=True))


def test_the_clusters_key_is_that_of_all(server):
    keys = {one(node, "cluster-stable:") for node in server.nodes}
    (key,) = keys
    assert re.fullmatch("[1-9A-F][0-9A-F]*", key)
    node = server.nodes[0]
    assert one(node, "cluster-stable:size=3") == key
    size_2 = "cluster-stable:size=2;ignore-migrations=true"
    assert one(node, size_2) == REST[str(MEASURED["ports"][0])][size_2]


def test_statistics_of_the_cluster(server):
    real = REST[str(MEASURED["ports"][0])]["statistics"]
    own = {"cluster_key", "cluster_principal", "paxos_principal", "cluster_generation"}
    for node in server.nodes:
        told = statistics(node)
        assert {name: told[name] for name in real if name not in own} == {
            name: value for name, value in real.items() if name not in own
        }
        assert told["cluster_key"] == one(node, "cluster-stable:")
        assert told["cluster_principal"] == told["paxos_principal"] == max(other.name for other in server.nodes)


def test_the_same_nodes_own_the_same_after_one_was_gone(server):
    before = [owned(node) for node in server.nodes]
    server.nodes[1].stop()
    server.wait_until_stable(LONG)
    without = [owned(node) for node in server.nodes if node.running]
    assert [sum(map(len, owners)) for owners in zip(*without, strict=True)] == [PARTITIONS, PARTITIONS]
    server.nodes[1].start()
    server.wait_until_stable(LONG)
    assert [owned(node) for node in server.nodes] == before


def test_partition_info_has_the_measured_form(server):
    header, *real = MEASURED["partition-info sample"]
    told_header, *lines = one(server.nodes[0], "partition-info").split(";")
    assert told_header == header

    def form(line):  # of a real one: without namespace, number, and what nodes call themselves
        parts = line.split(":")[2:]
        versions = [
            re.sub("^[0-9a-f]{12}", lambda found: "0" * 12 if set(found[0]) == {"0"} else "key", part)
            for part in parts[-2:]
        ]
        names = ["node" if part.startswith("BB9") else part for part in parts[5:7]]
        return (*parts[:5], *names, *parts[7:-2], *versions)

    assert {form(line) for line in real} == {form(line) for line in lines}
    masters, seconds = owned(server.nodes[0])
    places = {int(line.split(":")[1]): line.split(":")[4] for line in lines}
    assert {id for id, place in places.items() if place == "0"} == masters
    assert {id for id, place in places.items() if place == "1"} == seconds


# ---- states in time ----


def state(answers, base):
    """What can be told of a node without numbers of its own. ``base`` is what it said at the start."""
    told = answers["statistics"]
    return (
        told["cluster_size"],
        told["cluster_integrity"],
        told["cluster_is_member"],
        told["migrate_allowed"],
        answers["cluster-stable:"].startswith("ERROR"),
        answers["services"].count(":"),
        *(int(answers[name]) - int(base[name]) for name in GENERATIONS),
        int(told["cluster_generation"]) - int(base["statistics"]["cluster_generation"]),
        told["migrate_partitions_remaining"] != "0",
    )


def squeezed(states):
    return [key for key, _ in itertools.groupby(states)]


def measured_states(steps, port):
    """The states of a real node, in their order."""
    answers, found, base = {"statistics": {}}, [], None
    for step in steps:
        if "no answer" in step.get(port, {}):
            continue
        change = dict(step.get(port, {}))
        answers["statistics"].update(change.pop("statistics", {}))
        answers.update(change)
        if "services" in answers:
            base = base or {**answers, "statistics": dict(answers["statistics"])}
            found.append(state(answers, base))
    return squeezed(found)


def look(node):
    answers = ask(node, *COMMANDS, "statistics")
    return {**answers, "statistics": pairs(answers["statistics"])}


def is_stable(server):
    try:
        server.wait_until_stable(0)
    except TimeoutError:
        return False
    return True


def seen_states(server, node, base):
    """The states of a node here, until nothing is to come: those seen twice, for one may change while it is told."""
    found, before = [], None
    deadline = time.monotonic() + LONG
    while True:
        last = is_stable(server)
        now = state(look(node), base)
        found += [now] if now == before or last else []
        before = now
        if last:
            return squeezed(found)
        assert time.monotonic() < deadline


def is_subsequence(part, whole):
    rest = iter(whole)
    return all(one in rest for one in part)


def test_states_while_a_node_is_gone_are_as_measured(server):
    first, _, third = server.nodes
    base = look(first)
    third.stop()
    seen = [state(base, base), *seen_states(server, first, base)]
    real = measured_states(MEASURED["killed"]["steps"], str(MEASURED["ports"][0]))
    assert is_subsequence(squeezed(seen), real)
    assert (seen[0], seen[-1]) == (real[0], real[-1])


@pytest.mark.parametrize("place", [0, 2])
def test_states_when_it_comes_back_are_as_measured(server, place):
    node, third = server.nodes[place], server.nodes[2]
    third.stop()
    server.wait_until_stable(LONG)
    base = look(node) if place == 0 else None
    third.start()
    base = base or look(node)
    seen = seen_states(server, node, base)
    real = measured_states(MEASURED["back"]["start to 10 s"], str(MEASURED["ports"][place]))
    assert is_subsequence(seen, real)
    assert seen[-1] == real[-1]


def test_a_node_that_comes_back_is_in_no_cluster_at_first():
    with embedded.Server(nodes=3, heartbeat_interval=1000) as server:
        third = server.nodes[2]
        third.stop()
        third.start()  # nobody has missed it: that is found out at once
        answers = ask(third, *COMMANDS)
        real = next(step["14510"] for step in MEASURED["back"]["start to 10 s"] if "node" in step["14510"])
        for command in ("peers-clear-std", "partition-generation", "cluster-stable:", "services", *GENERATIONS):
            assert answers[command] == real[command]
        assert bitmaps(answers["replicas"]) == (0, [set()])
        told = statistics(third)
        links = {"heartbeat_connections", "fabric_connections"}
        assert {name: told[name] for name in real["statistics"]} == {
            **real["statistics"],
            **{name: told[name] for name in links},
        }
        assert one(server.nodes[0], "cluster-stable:") == "ERROR:7:unstable cluster"


def test_partition_generations_count_copies_that_move(server):
    third = server.nodes[2]
    moves = sum(len(owners) for owners in owned(third))

    def generations():
        return [int(one(node, "partition-generation")) for node in server.nodes if node.running]

    assert generations() == [0, 0, 0]
    third.stop()
    server.wait_until_stable(LONG)
    assert generations() == [moves + 1, moves + 1]  # of the others one sent it, and one received it
    third.start()
    server.wait_until_stable(LONG)
    *others, own = generations()
    assert own == moves  # all that it received
    assert sum(others) == 2 * (moves + 1) + moves + 2  # which one of them sent
    assert [one(node, "peers-generation") for node in server.nodes] == ["7", "7", "4"]
    assert [one(node, "rebalance-generation") for node in server.nodes] == ["3", "3", "1"]


def count_masters(node):
    """How many partitions it is master of, soon: only the first bitmap, and only counted."""
    bitmap = one(node, "replicas").split(",")[2]
    return int.from_bytes(base64.b64decode(bitmap), "big").bit_count()


def test_masters_come_back_one_by_one():
    with embedded.Server(nodes=3, heartbeat_interval=100) as server:
        third = server.nodes[2]
        whole = count_masters(third)
        third.stop()
        third.start()
        seen = [count_masters(third)]
        while seen[-1] < whole:
            seen.append(count_masters(third))
        assert seen == sorted(seen)
        assert any(0 < count < whole for count in seen)
        server.wait_until_stable(LONG)
        assert sum(map(count_masters, server.nodes)) == PARTITIONS


def test_every_partition_has_a_master_while_they_move(server):
    server.nodes[2].stop()
    server.wait_until_stable(LONG)
    server.nodes[2].start()
    while not is_stable(server):
        masters = set().union(*(owned(node)[0] for node in server.nodes))  # those that send, then the one that receives
        assert len(masters) == PARTITIONS


# ---- commands on records ----


def roles(server):
    """For each pair (master, second) of places, a digest of a partition that they own."""
    maps = [owned(node) for node in server.nodes]
    found = {}
    for master, second in itertools.permutations(range(3), 2):
        partition = min(maps[master][0] & maps[second][1])
        found[master, second] = (partition).to_bytes(2, "little") + frames.new_digest()[2:]
    return found


def get(digest):
    return frames.message(READ | GET_ALL, fields=record(digest))


def put(digest, value):
    operation = frames.Operation(OP_WRITE, "v", INTEGER, value.to_bytes(8, "big"))
    return frames.message(info2=WRITE, fields=record(digest), operations=[operation])


def record(digest):
    return {FIELD_NAMESPACE: b"test", FIELD_SET: b"demo", FIELD_DIGEST: digest}


def send(node, message):
    """The answer of a node: its code, generation, and the value."""
    with frames.Connection(address(node)) as connection:
        connection.send(message)
        kind, body = connection.receive()
    assert kind == MESSAGE
    answer = frames.read_answer(body)
    values = [frames.value_of(operation) for operation in answer.operations]
    return answer.code, answer.generation, values


def test_any_node_takes_any_command_and_answers_as_the_master(server):
    for (master, _), digest in roles(server).items():
        assert send(server.nodes[master], put(digest, 0)) == (0, 1, [])
        for count, node in enumerate(server.nodes, 1):
            assert send(node, put(digest, count)) == (0, count + 1, [])
            assert {str(send(other, get(digest))) for other in server.nodes} == {str((0, count + 1, [count]))}


@pytest.mark.parametrize("gone", ["stop", "pause"])
def test_commands_before_anybody_has_missed_a_node(gone):
    """As measured: ``one command each, sent 20 ms after the kill``."""
    real = MEASURED["killed"]["one command each, sent 20 ms after the kill, its own timeout 1000 ms"]
    with embedded.Server(nodes=3, heartbeat_interval=5000) as server:
        digests = roles(server)
        for digest in digests.values():
            assert send(server.nodes[0], put(digest, 7))[0] == 0
        getattr(server.nodes[2], gone)()
        first, second, _ = server.nodes
        asked = {
            "get, master dead, at the replica": (first, get(digests[2, 0])),
            "put, both alive, at the master": (first, put(digests[0, 1], 8)),
            "put, master dead, at the replica": (first, put(digests[2, 0], 8)),
            "put, replica dead, at the master": (first, put(digests[0, 2], 8)),
            "get, master dead, at the node with no copy": (second, get(digests[2, 0])),
        }
        answers = {what: send(node, message) for what, (node, message) in asked.items()}
        assert {what: code for what, (code, _, _) in answers.items()} == {what: real[what]["code"] for what in asked}
        assert answers["put, replica dead, at the master"] == (9, 0, [])
        assert send(first, get(digests[2, 0])) == (0, 1, [7])  # its master did nothing
        assert send(first, get(digests[0, 2])) == (0, 2, [8])  # its master did it


def test_a_put_that_is_refused_does_not_wait_for_the_second_copy():
    with embedded.Server(nodes=3, heartbeat_interval=5000) as server:
        digest = roles(server)[0, 2]
        server.nodes[2].stop()
        update = frames.message(
            info2=WRITE,
            info3=1 << 3,
            fields=record(digest),
            operations=[frames.Operation(OP_WRITE, "v", INTEGER, bytes(8))],
        )
        assert send(server.nodes[0], update) == (2, 0, [])


def test_a_put_that_its_master_alone_commits_does_not_wait_either():
    with embedded.Server(nodes=3, heartbeat_interval=5000) as server:
        digest = roles(server)[0, 2]
        server.nodes[2].stop()
        operation = frames.Operation(OP_WRITE, "v", INTEGER, bytes(8))
        message = frames.message(info2=WRITE, info3=1 << 1, fields=record(digest), operations=[operation])
        assert send(server.nodes[0], message) == (0, 1, [])


def test_requests_with_more_time_are_answered_when_the_cluster_has_settled(server):
    digests = roles(server)
    assert send(server.nodes[0], put(digests[2, 0], 7))[0] == 0
    longer = bytearray(get(digests[2, 0]))
    longer[8 + 14 : 8 + 18] = (20000).to_bytes(4, "big")
    server.nodes[2].stop()
    assert send(server.nodes[1], bytes(longer)) == (0, 1, [7])


def test_a_node_in_no_cluster_serves_nothing():
    with embedded.Server(nodes=2, heartbeat_interval=5000) as server:
        server.nodes[1].stop()
        server.nodes[1].start()
        assert send(server.nodes[1], get(frames.new_digest()))[0] == 11


def test_records_of_the_last_copy_are_lost():
    with embedded.Server(nodes=3, heartbeat_interval=10, replication_factor=1) as server:
        digests = [frames.new_digest() for _ in range(60)]
        masters = owned(server.nodes[2])[0]
        for digest in digests:
            assert send(server.nodes[0], put(digest, 1))[0] == 0
        server.nodes[2].stop()
        server.wait_until_stable(LONG)
        for digest in digests:
            gone = int.from_bytes(digest[:2], "little") % PARTITIONS in masters
            assert send(server.nodes[0], get(digest))[0] == (2 if gone else 0)


def test_records_of_a_batch_that_get_no_answer_have_their_own_errors():
    with embedded.Server(nodes=3, heartbeat_interval=5000) as server:
        digests = roles(server)
        for digest in digests.values():
            assert send(server.nodes[0], put(digest, 7))[0] == 0
        server.nodes[2].stop()
        fields = {FIELD_NAMESPACE: b"test", FIELD_SET: b"demo"}
        write = frames.Operation(OP_WRITE, "v", INTEGER, bytes(7) + b"\x08")
        asked = [
            (digests[0, 1], (READ | GET_ALL, 0, 0), None, 0),
            (digests[2, 1], (READ | GET_ALL, 0, 0), None, 9),  # this node has no copy
            (digests[2, 0], (READ | GET_ALL, 0, 0), None, 0),  # it has the second
            (digests[0, 2], (0, WRITE, 0), [write], 9),  # done here, and confirmed by nobody
            (digests[1, 0], (0, WRITE, 0), [write], 0),
        ]
        entries = [
            frames.entry(place, digest, *info, fields=fields, operations=operations)
            for place, (digest, info, operations, _) in enumerate(asked)
        ]
        with frames.Connection(address(server.nodes[0])) as connection:
            connection.send(frames.batch(*entries, flags=1 << 2))
            *answers, _ = connection.answers()
        assert {answer.index: answer.code for answer in answers} == {place: one[3] for place, one in enumerate(asked)}
        assert send(server.nodes[0], get(digests[0, 2])) == (0, 2, [8])


# ---- scans ----

FIELD_PARTITIONS = 11
PARTITION_DONE = 1 << 2  # info3
UNAVAILABLE = 11


def test_a_scan_of_partitions_of_others_says_so(server):
    for partition in range(0, PARTITIONS, 41):
        digest = partition.to_bytes(2, "little") + frames.new_digest()[2:]
        assert send(server.nodes[0], put(digest, 7))[0] == 0
    found = 0
    for node in server.nodes:
        fields = {
            FIELD_NAMESPACE: b"test",
            FIELD_PARTITIONS: b"".join(id.to_bytes(2, "little") for id in range(PARTITIONS)),
        }
        with frames.Connection(address(node)) as connection:
            connection.send(frames.message(READ | GET_ALL, info3=PARTITION_DONE, fields=fields))
            *answers, last = connection.answers()
        assert last.code == 0
        others = [answer.generation for answer in answers if answer.info3 & PARTITION_DONE]
        assert set(others) == set(range(PARTITIONS)) - owned(node)[0]
        assert {answer.code for answer in answers if answer.info3 & PARTITION_DONE} == {UNAVAILABLE}
        records = [answer for answer in answers if not answer.info3 & PARTITION_DONE]
        assert {answer.code for answer in records} == {0}
        found += len(records)
    assert found == len(range(0, PARTITIONS, 41))
