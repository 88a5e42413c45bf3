# SPDX-License-Identifier: Apache-2.0
"""Where the tests find a server, and clients connected to it."""

import os

import pytest
from fix_both import CLIENTS

import aerospike
from aerospike import embedded, exception
from aerospike_helpers.operations import string_operations


def parse_hosts(text):
    hosts = []
    for part in filter(None, text.split(",")):
        address, _, port = part.strip().rpartition(":")
        hosts.append((address, int(port)))
    return hosts


HOSTS = parse_hosts(os.environ.get("AEROSPIKE_HOSTS", ""))
NAMESPACE = os.environ.get("AEROSPIKE_NAMESPACE", "test")


@pytest.fixture(scope="session")
def hosts():
    """``config['hosts']`` of the server that the session tests against."""
    if HOSTS:
        yield HOSTS
    else:
        with embedded.Server(namespaces=[NAMESPACE]) as server:
            yield server.config["hosts"]


@pytest.fixture(scope="session")
def namespace():
    return NAMESPACE


@pytest.fixture
def config(hosts):
    """A configuration of one's own, to add to."""
    return {"hosts": hosts, "policies": {"total_timeout": 10000}, "validate_keys": True}


@pytest.fixture(scope="session")
def client(hosts, client_kind):
    """A client that all tests share, of either kind (fix_both.py); who changes or closes one connects its own."""
    with CLIENTS[client_kind]({"hosts": hosts, "policies": {"total_timeout": 10000}}) as shared:
        yield shared


@pytest.fixture(scope="session")
def since_8_2(client, namespace):
    """Skips a test of what came with version 8.2 where the server does not know string operations."""
    key = (namespace, "suite", "since 8.2")
    client.put(key, {"s": "a"})
    try:
        client.operate(key, [string_operations.strlen("s")])
    except exception.ServerError:
        pytest.skip("the server has no string operations, which came with version 8.2")
    finally:
        client.remove(key)


@pytest.fixture
def connect(config):
    """Connect further clients, with configuration of their own; all are closed in the end."""
    clients = []

    def make(**settings):
        made = aerospike.client({**config, **settings})
        clients.append(made)
        return made

    yield make
    for made in clients:
        made.close()
