# SPDX-License-Identifier: Apache-2.0
"""Indexes on many records: their creation is answered at once, they are built behind it, and hold what is true then."""

import random
import threading

import frames
import pytest
from indexing import PIDS, Indexed, between
from test_iteration import until

import aerospike
from aerospike import embedded
from aerospike_helpers.batch import records
from aerospike_helpers.operations import operations

COUNT = 30_000  # far more than are built before the answer
NOT_READABLE = 203
CREATE = "sindex-create:namespace=test;set=many;indexname={0};bin={1};type=numeric"
STATISTICS = "sindex-stat:namespace=test;indexname={0}"


def fill(client):
    for begin in range(0, COUNT, 5000):
        rows = [
            records.Write(("test", "many", n), [operations.write("n", n), operations.write("tens", n // 10)])
            for n in range(begin, begin + 5000)
        ]
        assert client.batch_write(records.BatchRecords(rows)).result == 0


@pytest.fixture(scope="module")
def many():
    with embedded.Server() as server, aerospike.client(server.config) as client:
        fill(client)
        yield server, client


@pytest.fixture
def talk(many):
    """A set of that many records, spoken to in frames."""
    server, client = many
    with frames.Connection(("127.0.0.1", server.port)) as connection:
        made = Indexed(connection, "test")
        made.name = "many"
        yield made
    for name in ("first", "second", "third"):
        client.index_remove("test", name)


def loaded(talk, name):
    answer = talk.info(STATISTICS.format(name))
    return int(dict(part.split("=") for part in answer.split(";"))["load_pct"])


def numbers(client, low, high):
    query = client.query("test", "many")
    query.where(aerospike.predicates.between("n", low, high))
    return sorted(bins["n"] for _, _, bins in query.results())


def test_the_answer_comes_before_the_index(many, talk):
    """Asked in one breath, for the next look may come too late."""
    talk.connection.send(frames.frame(frames.INFO, f"{CREATE}\n{STATISTICS}\n".format("first", "n").encode()))
    made, statistics = talk.connection.receive()[1].decode().splitlines()
    assert made.endswith("\tok")
    assert "load_pct=100" not in statistics
    seen = [0]
    while seen[-1] < 100:
        seen.append(loaded(talk, "first"))
    assert seen == sorted(seen)
    assert numbers(many[1], 10, 19_999) == list(range(10, 20_000))


def test_what_is_not_built_cannot_be_asked(many, talk):
    create = frames.frame(frames.INFO, CREATE.format("first", "n").encode() + b"\n")
    query = frames.message(
        frames.READ | frames.GET_ALL, 0, 4, fields={**talk.fields(), 22: between("n", 0, 9), PIDS: bytes(2)}
    )
    talk.connection.send(create + query)
    assert talk.connection.receive()[1].endswith(b"\tok\n")
    assert talk.receive().code == NOT_READABLE
    until(lambda: loaded(talk, "first") == 100)
    assert numbers(many[1], 0, 9) == list(range(10))


def test_the_client_waits_until_it_is_there(many):
    client = many[1]
    for name, bin in (("first", "n"), ("second", "tens")):
        client.index_single_value_create("test", "many", bin, aerospike.INDEX_NUMERIC, name)
    assert numbers(client, 29_990, COUNT) == list(range(29_990, COUNT))
    query = client.query("test", "many")
    query.where(aerospike.predicates.equals("tens", 7))
    assert sorted(bins["n"] for _, _, bins in query.results()) == list(range(70, 80))
    for name in ("first", "second"):
        client.index_remove("test", name)


def test_others_are_served_meanwhile(many, talk):
    """On the same connection, so by the thread that builds."""
    asked = 0
    talk.info(CREATE.format("first", "n"))
    while loaded(talk, "first") < 100:
        asked += 1
    assert asked > 0


@pytest.mark.parametrize("again", [False, True], ids=["gone", "made again"])
def test_one_that_is_removed_while_it_is_built(many, talk, again):
    for _ in range(10):
        talk.connection.send(
            frames.frame(frames.INFO, f"{CREATE}\n".format("first", "n").encode())
            + frames.frame(frames.INFO, b"sindex-delete:namespace=test;indexname=first\n")
        )
        for _ in range(2):
            assert talk.connection.receive()[1].decode().rstrip().endswith("ok")
        if not again:
            assert talk.info(STATISTICS.format("first")).startswith("ERROR:201")
    if again:
        assert talk.info(CREATE.format("first", "n")) == "ok"
        until(lambda: loaded(talk, "first") == 100)
        assert numbers(many[1], 0, COUNT) == list(range(COUNT))


def test_several_are_built_one_after_the_other(many, talk):
    for name, bin in (("first", "n"), ("second", "tens"), ("third", "other")):
        assert talk.info(CREATE.format(name, bin)) == "ok"
    until(lambda: [loaded(talk, name) for name in ("first", "second", "third")] == [100, 100, 100])
    entries = [talk.info(STATISTICS.format(name)).partition(";")[0] for name in ("first", "second", "third")]
    assert entries == [f"entries={COUNT}", f"entries={COUNT}", "entries=0"]


def test_what_is_written_meanwhile_is_in_it(many, talk):
    """Writers change and remove records on both sides of where the building is."""
    client = many[1]
    changed = [set() for _ in range(4)]
    done = threading.Event()

    def write(writer):
        chance = random.Random(writer)
        while not done.is_set():
            n = chance.randrange(writer, COUNT, len(changed))
            if chance.random() < 0.3:
                client.batch_remove([("test", "many", n)])
            client.put(("test", "many", n), {"n": n + COUNT})
            changed[writer].add(n)

    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(len(changed))]
    for writer in writers:
        writer.start()
    try:
        assert talk.info(CREATE.format("first", "n")) == "ok"
        until(lambda: loaded(talk, "first") == 100)
    finally:
        done.set()
        for writer in writers:
            writer.join()
    moved = set().union(*changed)
    assert moved
    assert set(numbers(client, 0, COUNT - 1)) == set(range(COUNT)) - moved
    assert set(numbers(client, COUNT, 2 * COUNT)) == {n + COUNT for n in moved}
    client.truncate("test", "many", 0)
    assert numbers(client, 0, 2 * COUNT) == []
    fill(client)


def test_a_node_that_stops_leaves_its_work_to_another():
    with embedded.Server(nodes=2) as server, aerospike.client(server.config) as client:
        fill(client)
        with frames.Connection(("127.0.0.1", server.nodes[0].port)) as connection:
            talk = Indexed(connection, "test")
            assert talk.info(CREATE.format("first", "n")) == "ok"
        server.nodes[0].stop()
        with frames.Connection(("127.0.0.1", server.nodes[1].port)) as connection:
            talk = Indexed(connection, "test")
            until(lambda: loaded(talk, "first") == 100)
        server.nodes[0].start()
