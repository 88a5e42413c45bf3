# SPDX-License-Identifier: Apache-2.0
"""Info commands answer as a real server of version 8.1 did: many-info.jsonl, from its first line to its last. In it
``*`` is what is a node's own or a moment's; where the embedded server tells something else, a table below says so."""

import re

import frames
import measured
import pytest
from fix_server import HOSTS

import aerospike
from aerospike import embedded

# What was there before the first line: sets, two indexes, and a module.
SETS = ["many", "manyother", "manyjobs", "s" * 63, "nosuchset", "vectors", "rvectors"]
REGISTERED = [
    "sindex-create:namespace=test;indexname=many:colon;set=many;bin=i;type=numeric",
    "sindex-create:namespace=test;indexname=many_ia;set=many;bin=a;type=numeric",
    "udf-put:filename=a/b.lua;content=ZnVuY3Rpb24gZihyKSByZXR1cm4gMSBlbmQ=;content-len=36;udf-type=LUA",
]
AGENT = "user-agent-set:value=MSxweXRob24tMTkuMy4wLG5vdC1zZXQ="  # the client that measured

# What stands in an answer of the measured server, and what the embedded one tells there.
OTHERWISE = [
    (r"failed_best_practices=true", "failed_best_practices=false"),  # it does not judge the machine
    (r"(failed_best_practices)=max-.*", r"\1=none"),
    (r"(pidfile|work-directory)=/\*", r"\1=null"),  # it has no files
    (r"(admin|heartbeat|fabric)\.port=\d+", r"\1.port=0"),  # it serves at one port, clients alone
    (r"(admin|heartbeat|fabric)\.addresses=[\d.]+", r"\1.addresses=null"),
    (r"^(admin-clear-std\t).*", r"\1"),
    (r"^(mesh\t).*", r"\1"),
    (r"^(cluster-name/\t).*", r"\1null"),  # its cluster has no name
    (r"^(objects\t).*", r"\1*"),  # as many as there are
    (r":msec[,*]+", ":"),  # it measures no latencies
]
NOT_COMPARED = {
    "help": "names the commands that there are, which are not the same",
    "smd-info": "tells what the nodes of a cluster keep alike, for which one node has no use",
}


def pattern(answer, node, address):
    """The answers that a measured one allows."""
    for told, instead in OTHERWISE:
        answer = re.sub(told, instead, answer)
    own = {"{NODE}": node, "{HOST}": "{}:{}".format(*address), "{PORT}": str(address[1]), "{CLUSTER}": "null"}
    for name, value in own.items():
        answer = answer.replace(name, value)
    allowed = re.escape(answer).replace(r"\*", r"[^;:,=\t\n]*").replace("…", r"[\s\S]*")
    return re.sub(r"<base64\\ of\\ \d+\\ bytes>", "[A-Za-z0-9+/=]+", allowed)


class Node:
    """The server, asked in frames."""

    def __init__(self, connection):
        self.connection = connection

    def ask(self, text):
        self.connection.send(frames.frame(frames.INFO, text.encode()))
        return self.connection.receive()[1].decode()


@pytest.fixture
def server():
    if HOSTS:
        pytest.skip("measured on a server with two namespaces, where nobody else has sets and indexes")
    with embedded.Server(namespaces=["test", "bar"]) as made:
        yield made


@pytest.fixture
def node(server):
    """With what was there when the first line was asked."""
    with aerospike.client(server.config) as client:
        for place in [*(("test", name) for name in SETS), ("bar", "many")]:
            client.put((*place, 0), {"a": 0})
    with frames.Connection(server.hosts[0]) as connection:
        asked = Node(connection)
        assert [asked.ask(text + "\n") for text in REGISTERED] == [text + "\tok\n" for text in REGISTERED]
        with frames.Connection(server.hosts[0]) as agent:
            assert Node(agent).ask(AGENT + "\n") == AGENT + "\tok\n"
            yield asked


def test_measured_answers(server, node):
    lines = [line for line in measured.lines("many-info.jsonl") if line["call"] == "info"]
    wrong, compared = [], 0
    for line in lines:
        text, answer = line["args"]["text"], node.ask(line["args"]["text"])
        if text.strip() in NOT_COMPARED:
            continue
        compared += 1
        if not re.fullmatch(pattern(line["result"]["answer"], server.node, server.hosts[0]), answer):
            wrong.append((line["n"], text, line["result"]["answer"], answer))
    assert compared == len(lines) - len(NOT_COMPARED)
    assert not wrong, f"{len(wrong)} of {compared}, the first: {wrong[0]}"


def test_user_agents_are_those_of_open_connections(server, node):
    def agents():
        return node.ask("user-agents\n").removeprefix("user-agents\t").strip()

    measuring = "user-agent=MSxweXRob24tMTkuMy4wLG5vdC1zZXQ=:count={};"
    assert agents() == measuring.format(1)
    assert node.ask(AGENT + "\n").endswith("\tok\n")
    assert agents() == measuring.format(2)
    node.ask("user-agent-set:value=MSwxLDE=\n")
    assert agents() == "user-agent=MSwxLDE=:count=1;" + measuring.format(1)
    node.ask("user-agent-set:value=!!\n")
    assert agents() == "user-agent=MSwxLDE=:count=1;" + measuring.format(1)


def test_levels_of_the_log_can_be_set(node):
    def levels():
        return dict(part.split(":") for part in node.ask("log\n").strip().split("\t")[1].split(";"))

    before = levels()
    assert set(before.values()) == {"INFO"}
    assert node.ask("log-set:id=0;udf=debug\n").endswith("\tok\n")
    assert levels() == before | {"udf": "DEBUG"}
    for wrong in ("id=0", "id=1;udf=info", "id=;udf=info", "id=0;udf=", "id=0;udf=inf"):
        assert node.ask(f"log-set:{wrong}\n").endswith("\tERROR:4:bad parameter\n"), wrong
    assert levels() == before | {"udf": "DEBUG"}
