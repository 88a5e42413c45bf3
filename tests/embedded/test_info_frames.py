# SPDX-License-Identifier: Apache-2.0
"""Info commands in frames made by hand: one, many, none, unknown ones, and the form of each answer."""

import base64
import re
import time

import frames
import measured
import pytest
from fix_server import NAMESPACE
from frames import INFO


@pytest.fixture
def ask(connection):
    """The answers to a body: a list of (command, answer)."""

    def send(body):
        connection.send(frames.frame(INFO, body if isinstance(body, bytes) else body.encode()))
        kind, answer = connection.receive()
        assert kind == INFO
        return [tuple(line.split("\t", 1)) for line in answer.decode().splitlines()]

    return send


@pytest.fixture
def one(ask):
    """The answer to one command."""

    def send(command):
        ((asked, answer),) = ask(command + "\n")
        assert asked == command
        return answer

    return send


def pairs(text):
    """``a=1;b=2`` as a dictionary."""
    return dict(part.split("=", 1) for part in text.rstrip(";").split(";"))


def test_commands_are_answered_in_order(ask):
    answers = ask("node\nedition\nno-such-command\nnode\n")
    assert [command for command, _ in answers] == ["node", "edition", "no-such-command", "node"]
    assert answers[0] == answers[3]
    assert answers[2][1] == "ERROR:4:unrecognized command"


def test_what_stands_behind_the_last_line_end_is_no_command(ask):
    assert ask("build") == []
    assert ask("node\nbuild") == ask("node\n")


def test_an_empty_line_is_a_command_that_nobody_knows(ask):
    unknown = ("", "ERROR:4:unrecognized command")
    assert ask("\n") == [unknown]
    assert ask("node\n\nnode\n") == [*ask("node\n"), unknown, *ask("node\n")]


def test_an_empty_request_asks_for_the_usual(ask):
    assert {"build", "edition", "node", "statistics"} <= {command for command, _ in ask("")}


@pytest.mark.skipif(NAMESPACE != "test", reason="the commands name the namespace test")
def test_measured_answers(connection):
    """Commands whose answer depends on no state, and what a real server of version 8.1 said (* is any number)."""
    wrong = []
    for line in measured.lines("info.jsonl"):
        connection.send(frames.frame(INFO, line["text"].encode()))
        kind, answer = connection.receive()
        wanted = re.escape(line["answer"]).replace(re.escape("*"), r"\d+")
        if kind != INFO or not re.fullmatch(wanted, answer.decode()):
            wrong.append((line, answer))
    assert wrong == []


def test_a_command_may_have_empty_arguments(one):
    assert one("status") == "ok"
    assert one("cluster-stable:") == one("cluster-stable")


@pytest.mark.parametrize("body", [b"\xff\xfe\n", b"\0\0\n", b"a" * 100_000 + b"\n", b":::///\n", b"build:\tx\n"])
def test_nonsense_is_answered(connection, body):
    connection.send(frames.frame(INFO, body))
    kind, answer = connection.receive()
    assert kind == INFO
    assert answer.startswith(body.rstrip(b"\n")) or b"ERROR" in answer
    connection.send(frames.frame(INFO, b"status\n"))
    assert connection.receive() == (INFO, b"status\tok\n")


@pytest.mark.embedded_only("asks for an answer of gigabytes, of which a real server may die")
def test_more_commands_than_anyone_sends(hosts):
    with frames.Connection(hosts[0]) as greedy:
        greedy.send(frames.frame(INFO, b"partition-info\n" * 100_000))
        with pytest.raises(ConnectionError):
            greedy.receive()


def test_many_requests_in_one_piece(connection):
    connection.send(frames.frame(INFO, b"node\n") * 300)
    answers = {connection.receive() for _ in range(300)}
    assert len(answers) == 1


# ---- answers, by what a client makes of them ----


def test_the_server_names_itself(one):
    assert re.fullmatch(r"[\d.]+", one("build"))
    assert re.fullmatch(r"[0-9A-F]{1,16}", one("node"))
    assert one("version") == f"{one('edition')} build {one('build')}"
    assert pairs(one("release"))["version"] == one("build")


def test_namespaces(one, namespace):
    assert namespace in one("namespaces").split(";")
    assert one("namespace/nosuch") == "type=unknown"


def test_replicas(one, namespace):
    (mine,) = [part for part in one("replicas").split(";") if part.startswith(namespace + ":")]
    _, _, counts = mine.partition(":")
    regime, replicas, bitmap = counts.split(",")[:3]
    assert int(regime) >= 0
    assert int(replicas) >= 1
    assert len(base64.b64decode(bitmap)) == 512


def test_peers_and_services(one):
    address, _, _port = one("service").rpartition(":")
    assert address
    for name in ("peers-clear-std", "peers-clear-alt"):
        generation, default_port, peers = one(name).split(",", 2)
        assert generation == one("peers-generation")
        assert int(default_port) > 0
        assert peers.startswith("[")
    assert one("peers-tls-std").startswith("ERROR:25:enterprise only")


def test_partition_info(one, namespace):
    header, *lines = one("partition-info").split(";")
    names = header.split(":")
    assert names[:3] == ["namespace", "partition", "state"]
    mine = [dict(zip(names, line.split(":"), strict=True)) for line in lines if line.startswith(namespace + ":")]
    assert [int(line["partition"]) for line in mine] == list(range(4096))
    assert {line["working_master"] for line in mine} == {one("node")}
    assert all(re.fullmatch(r"[0-9a-f]{12}\.\d+\.\S+", line["version"]) for line in mine)


def test_sets(one, connection, namespace):
    fields = {
        frames.FIELD_NAMESPACE: namespace.encode(),
        frames.FIELD_SET: b"info-frames",
        frames.FIELD_DIGEST: frames.new_digest(),
    }
    write = frames.Operation(frames.OP_WRITE, "n", frames.INTEGER, bytes(8))
    assert connection.ask(0, frames.WRITE, fields=fields, operations=[write]).code == 0
    (alone,) = one(f"sets/{namespace}/info-frames").rstrip(";").split(";")
    described = dict(part.split("=") for part in alone.split(":"))
    assert int(described["objects"]) >= 1
    assert int(described["data_used_bytes"]) > 0
    for command in ("sets", f"sets/{namespace}"):
        lines = one(command).rstrip(";").split(";")
        assert any(line.startswith(f"ns={namespace}:set=info-frames:objects=") for line in lines)
    connection.ask(0, frames.WRITE | frames.REMOVE, fields=fields)


STATISTICS = [
    *("cluster_size", "cluster_key", "cluster_generation", "cluster_principal", "cluster_integrity", "uptime"),
    *("objects", "tombstones", "client_connections", "client_connections_opened", "client_connections_closed"),
    *("system_free_mem_pct", "heap_efficiency_pct", "info_complete", "demarshal_error", "rw_in_progress"),
]


def test_statistics(one):
    statistics = pairs(one("statistics"))
    assert set(STATISTICS) <= set(statistics)
    assert statistics["cluster_key"] == one("cluster-stable")
    assert int(statistics["client_connections"]) >= 1
    before = int(statistics["client_connections_opened"])
    assert before - int(statistics["client_connections_closed"]) >= 1


NAMESPACE_STATISTICS = [
    *("ns_cluster_size", "effective_replication_factor", "objects", "master_objects", "prole_objects"),
    *("stop_writes", "current_time", "expired_objects", "data_used_bytes", "index_used_bytes", "default-ttl"),
    *("replication-factor", "nsup-period", "strong-consistency"),
]


def test_statistics_of_a_namespace(one, namespace):
    statistics = pairs(one(f"namespace/{namespace}"))
    assert set(NAMESPACE_STATISTICS) <= set(statistics)
    assert abs(int(statistics["current_time"]) + 1262304000 - time.time()) < 100
    assert statistics["stop_writes"] == "false"


def test_configuration(one, namespace):
    assert pairs(one("get-config:context=service"))["proto-fd-max"].isdigit()
    for argument in ("id", "namespace"):
        settings = pairs(one(f"get-config:context=namespace;{argument}={namespace}"))
        assert settings["replication-factor"] == "1"
        assert settings.items() <= pairs(one(f"namespace/{namespace}")).items()
    assert pairs(one("get-config")) == pairs(one("get-config:context=service")) | pairs(
        one("get-config:context=network")
    )


def test_latencies(one, namespace):
    lines = one("latencies:").split(";")
    assert any(line.startswith("{" + namespace + "}-read:") for line in lines)


def test_the_default_time_to_live_can_be_set(one, client, make_key):
    def configured():
        return pairs(one(f"get-config:context=namespace;namespace={NAMESPACE}"))["default-ttl"]

    before = configured()
    change = f"set-config:context=namespace;namespace={NAMESPACE};default-ttl="
    try:
        for text, seconds in (("90", 90), ("90s", 90), ("2m", 120), ("1h", 3600), ("30d", 2592000), ("0", 0)):
            assert one(change + text) == "ok"
            assert configured() == str(seconds)
            key = make_key()
            client.put(key, {"a": 1})
            ttl = client.get(key)[1]["ttl"]
            assert seconds - 5 <= ttl <= seconds if seconds > 0 else ttl == 2**32 - 1
        for wrong in ("", "x", "-1", "1y", "d", "1.5", "315360001", "3651d", "99999999999999999999"):
            assert one(change + wrong) == "ERROR:4:invalid set-config parameter"
        assert configured() == "0"
    finally:
        assert one(change + before) == "ok"
