# SPDX-License-Identifier: Apache-2.0
"""Nodes, info commands, truncation."""

import base64
import re
import time

import pytest

import aerospike
from aerospike import embedded, exception


def test_nodes(client, hosts):
    nodes = client.get_nodes()
    assert all(isinstance(address, str) and isinstance(port, int) for address, port in nodes)
    assert hosts[0][1] in [port for _address, port in nodes]


def test_node_names(client):
    for node in client.get_node_names():
        assert set(node) == {"address", "port", "node_name"}
        assert (node["address"], node["port"]) in client.get_nodes()


def test_info_all(client, namespace):
    answers = client.info_all("namespaces")
    assert set(answers) == {node["node_name"] for node in client.get_node_names()}
    for error, text in answers.values():
        assert error is None
        assert namespace in text.strip().split(";")


def test_info_random_node(client):
    assert client.info_random_node("build").startswith("build\t")
    assert client.info_random_node("build", {"timeout": 1000}).endswith("\n")


def test_nodes_hear_that_it_is_a_client_of_python(client):
    agents = re.findall("user-agent=([^:]*):", client.info_random_node("user-agents"))
    assert f"1,python-{aerospike.__version__},not-set" in {base64.b64decode(agent).decode() for agent in agents}


def test_info_single_node(client):
    name = client.get_node_names()[0]["node_name"]
    assert client.info_single_node("node", name) == f"node\t{name}\n"


def test_misuse(client):
    for call in (client.info_all, client.info_random_node, lambda c: client.info_single_node(c, "x")):
        for bad in (5, None, "a\0b"):
            with pytest.raises(exception.ParamError, match="command"):
                call(bad)
    for host in ("nosuch", 5):
        with pytest.raises(exception.ParamError, match="host"):
            client.info_single_node("build", host)
    with pytest.raises(exception.ParamError, match="policy"):
        client.info_all("build", 5)
    with pytest.raises(exception.InvalidRequest):
        client.info_all("no-such-command")


def test_shm_key(client):
    assert client.shm_key() is None


def test_the_usual_shm_key_is_the_vendors(connect):
    assert connect(shm={}).shm_key() == 0xA8000000


def test_shared_memory(connect, key):
    client = connect(shm={"shm_key": 0x5A5A0000, "max_nodes": 4, "max_namespaces": 4})
    assert client.shm_key() == 0x5A5A0000
    client.put(key, {"a": 1})
    assert client.get(key)[2] == {"a": 1}


def wait_until(condition):
    for _ in range(200):
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_truncate_a_set(client, make_key):
    one, other = make_key(set_name="truncated"), make_key(set_name="kept")
    client.put(one, {"a": 1})
    client.put(other, {"a": 1})
    time.sleep(0.002)  # a server spares what was written in the truncation's own millisecond
    assert client.truncate(one[0], "truncated", 0) == 0
    assert wait_until(lambda: client.exists(one)[1] is None)
    assert client.exists(other)[1] is not None


def test_truncate_what_is_older_than_a_time(client, make_key):
    key = make_key(set_name="truncated2")
    client.put(key, {"a": 1})
    before = time.time_ns() - 60 * 10**9
    client.truncate(key[0], "truncated2", before)
    time.sleep(0.1)
    assert client.exists(key)[1] is not None


def test_a_truncation_of_no_set_removes_nothing(client, make_key):
    """An empty name is no name of a set, nor does it mean the whole namespace: that is None."""
    keys = [make_key(set_name="truncated3"), make_key(set_name=None)]
    for key in keys:
        client.put(key, {"a": 1})
    time.sleep(0.002)
    for nanos in (0, time.time_ns()):
        with pytest.raises(exception.InvalidRequest, match="missing 'set' value") as caught:
            client.truncate(keys[0][0], "", nanos)
        assert caught.value.code == 4
    time.sleep(0.1)
    assert all(client.exists(key)[1] is not None for key in keys)


def test_none_is_the_whole_namespace():
    keys = [("one", "s", 1), ("one", None, 1), ("other", "s", 1)]
    with embedded.Server(namespaces=["one", "other"]) as server, aerospike.client(server.config) as client:
        for key in keys:
            client.put(key, {"a": 1})
        assert client.truncate("one", None, 0) == 0
        assert [client.exists(key)[1] is not None for key in keys] == [False, False, True]


@pytest.mark.parametrize(
    ("nanos", "error"),
    [
        ("x", exception.ParamError),
        (1.5, exception.ParamError),
        (-1, exception.ParamError),
        (2**64, exception.ParamError),
        (10**30, exception.ParamError),
        (1, exception.InvalidRequest),
        (2**62, exception.InvalidRequest),
        (2**63, exception.InvalidRequest),
        (2**64 - 1, exception.InvalidRequest),
    ],
)
def test_bad_times(client, namespace, nanos, error):
    with pytest.raises(error, match="nanos" if error is exception.ParamError else "would truncate") as caught:
        client.truncate(namespace, "truncated", nanos)
    assert type(caught.value) is error


def test_bad_names(client):
    with pytest.raises(exception.ParamError, match="namespace"):
        client.truncate(5, "s", 0)
    with pytest.raises(exception.ParamError, match="set"):
        client.truncate("test", 5, 0)
    assert client.truncate("nosuch", "s", 0) == 0


def test_a_newline_at_the_end_of_a_command(client):
    for command in ("build", "build\n"):
        for error, answer in client.info_all(command).values():
            assert error is None
            assert "build" not in answer
            assert answer.count(".") >= 3


@pytest.mark.parametrize("bad", ["\ud800", "a\0b", 5, None])
def test_a_node_that_is_no_name(client, bad):
    with pytest.raises((exception.ParamError, exception.ClientError), match="host"):
        client.info_single_node("build", bad)


def test_without_a_node_the_error_says_so():
    with embedded.Server() as server:
        client = aerospike.client({**server.config, "tend_interval": 250})
    deadline = time.monotonic() + 20
    while client.get_nodes() and time.monotonic() < deadline:
        time.sleep(0.05)
    for command in (
        lambda: client.info_all("build"),
        lambda: client.info_random_node("build"),
        lambda: client.truncate("test", None, 0),
        lambda: client.scan("test", "demo").results(),
    ):
        with pytest.raises(exception.AerospikeError, match=r"\w") as caught:
            command()
        assert caught.value.code in (-1, 1, 11)
        assert caught.value.msg
    client.close()
