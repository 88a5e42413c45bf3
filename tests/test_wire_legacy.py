# SPDX-License-Identifier: Apache-2.0
"""Policies as programs of 2015 write them reach the wire, from calls and as flat defaults of the client."""

import sys
import warnings

import pytest
from test_wire import COMMANDS, KEY, relay, sent, shown  # noqa: F401

import aerospike
from aerospike import embedded, exception

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

ALL = ("read", "write", "operate", "remove", "apply")
WRITES = ("write", "operate", "remove")
READ_ALL = aerospike.POLICY_READ_MODE_AP_ALL

# a policy of 2015, what the request shows of it, the commands that have it
ROWS = [
    ({"timeout": 1357}, lambda r: r.timeout == 1357, ALL),
    ({"consistency_level": READ_ALL}, lambda r: r.info1 & 64, ("read",)),
    ({"key": aerospike.POLICY_KEY_SEND}, lambda r: r.fields.get(2) == b"\x03k", ALL),
    ({"gen": aerospike.POLICY_GEN_EQ}, lambda r: r.info2 & 4, WRITES),
    ({"gen": aerospike.POLICY_GEN_GT}, lambda r: r.info2 & 8, WRITES),
    ({"exists": aerospike.POLICY_EXISTS_CREATE}, lambda r: r.info2 & 32, ("write",)),
    ({"exists": aerospike.POLICY_EXISTS_UPDATE}, lambda r: r.info3 & 8, ("write",)),
    ({"exists": aerospike.POLICY_EXISTS_REPLACE}, lambda r: r.info3 & 32, ("write",)),
    ({"commit_level": aerospike.POLICY_COMMIT_LEVEL_MASTER}, lambda r: r.info3 & 2, (*WRITES, "apply")),
]
EACH = [(command, policy, shows) for policy, shows, commands in ROWS for command in commands]


@pytest.mark.parametrize(("command", "policy", "shows"), EACH, ids=shown)
def test_a_policy_of_2015_reaches_the_wire(sent, command, policy, shows):  # noqa: F811
    assert shows(sent(COMMANDS[command](policy)))
    assert shows(sent(COMMANDS[command](None), policies=policy))
    assert shows(sent(COMMANDS[command](None), policies={command: policy}))
    assert not shows(sent(COMMANDS[command](None)))


def test_all_of_them_at_once(sent):  # noqa: F811
    policies = {
        "timeout": 1357,
        "key": aerospike.POLICY_KEY_SEND,
        "exists": aerospike.POLICY_EXISTS_CREATE,
        "gen": aerospike.POLICY_GEN_EQ,
        "retry": aerospike.POLICY_RETRY_ONCE,
        "consistency_level": READ_ALL,
        "replica": aerospike.POLICY_REPLICA_MASTER,
        "commit_level": aerospike.POLICY_COMMIT_LEVEL_MASTER,
    }
    write = sent(COMMANDS["write"](None), policies=policies)
    assert (write.timeout, write.fields[2], write.info2 & (32 | 4), write.info3 & 2) == (1357, b"\x03k", 32 | 4, 2)
    read = sent(COMMANDS["read"](None), policies=policies)
    assert (read.timeout, read.fields[2], read.info1 & 64) == (1357, b"\x03k", 64)


@pytest.mark.parametrize("call", [lambda c: c.batch_read([KEY, KEY]), lambda c: c.get_many([KEY, KEY])])
def test_flat_defaults_are_those_of_batches_too(sent, call):  # noqa: F811
    assert sent(call, policies={"timeout": 1357}).timeout == 1357
    plain, strict = sent(call), sent(call, policies={"consistency_level": READ_ALL})
    assert plain.fields[41] != strict.fields[41]


@pytest.mark.parametrize("call", [lambda c: c.scan(*KEY[:2]).results(), lambda c: c.query(*KEY[:2]).results()])
def test_flat_timeouts_are_those_of_scans_and_queries(sent, call):  # noqa: F811
    assert sent(call, policies={"timeout": 5357}).timeout == 5357


def tries(server, client, policy):
    """How often the server meets a read whose connection it closes."""
    with server.fault("reset", commands="read") as fault, pytest.raises(exception.AerospikeError):
        client.get(KEY, policy)
    return fault.count


def test_retry_is_how_often_a_command_is_tried_again():
    quick = {"total_timeout": 60000, "sleep_between_retries": 0, "replica": aerospike.POLICY_REPLICA_MASTER}
    with embedded.Server() as server:
        for retry in (aerospike.POLICY_RETRY_NONE, aerospike.POLICY_RETRY_ONCE, 3):
            with aerospike.client({**server.config, "max_error_rate": 0}) as client:
                assert tries(server, client, {**quick, "retry": retry}) == retry + 1
            config = {**server.config, "policies": {**quick, "retry": retry}, "max_error_rate": 0}
            with aerospike.client(config) as client:
                assert tries(server, client, None) == retry + 1


class Nodes:
    """A hook that keeps which nodes were asked."""

    def __init__(self):
        self.names = set()

    def end(self, report):
        self.names.add(report.node)


def asked(config, policies):
    """The nodes that reads of one record go to."""
    with aerospike.client({**config, "policies": policies}) as client:
        client.put(KEY, {"a": 1})
        nodes = Nodes()
        client.add_hook(nodes)
        for _ in range(20):
            client.get(KEY)
        return nodes.names


@pytest.mark.skipif(sys.platform == "darwin", reason="its linker cannot wrap: the node is not known")
def test_a_flat_replica_chooses_the_node():
    with embedded.Server(nodes=2, replication_factor=2) as server:
        assert len(asked(server.config, {"replica": aerospike.POLICY_REPLICA_MASTER})) == 1
        assert len(asked(server.config, {"replica": aerospike.POLICY_REPLICA_ANY})) == 2


def test_the_warnings_are_of_the_old_names_alone(config):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        policies = {"key": 1, "exists": 1, "gen": 1, "replica": 0, "commit_level": 1, "timeout": 1000, "retry": 0}
        aerospike.client({**config, "policies": {**policies, "consistency_level": 1}}).close()
    names = [str(one.message).split("'")[1] for one in told]
    assert names == ["timeout", "retry", "consistency_level"]
