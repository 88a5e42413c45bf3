# SPDX-License-Identifier: Apache-2.0
"""Nodes that lie of users, at the log-in, and of the cluster: an error that says so, no crash, and the client goes on.

Answers to commands on records are the subject of test_lying_lengths.py.
"""

import contextlib
import pathlib
import re
import subprocess
import sys
import time

import pytest
from children import environment
from fix_both import CLIENTS
from fix_proxy import INFO, Proxy
from lies import ADMIN, KINDS, framed

import aerospike
from aerospike import embedded, exception

pytestmark = [
    pytest.mark.embedded_only("the test answers itself"),
    pytest.mark.skipif(sys.platform == "darwin", reason="the linker there cannot put the check before the C client"),
]
KEY = ("test", "demo", 1)
MALFORMED = re.compile(r"Malformed answer( of 127\.0\.0\.1:\d+)?: \w")
QUERY_END = 50
USER, TOKEN, TTL, ROLES, ROLE, PRIVILEGES, WHITELIST, QUOTA, INFO_READ, CONNECTIONS = (
    0,
    5,
    6,
    10,
    11,
    12,
    13,
    14,
    16,
    18,
)


def field(kind, data, size=None):
    return (len(data) + 1 if size is None else size).to_bytes(4, "big") + bytes([kind]) + data


def entry(*fields, count=None, result=0):
    return bytes([0, result, 0, len(fields) if count is None else count]) + bytes(12) + b"".join(fields)


ANN = field(USER, b"ann")
END = entry(result=QUERY_END)
BODIES = {
    "a field of none": entry(field(USER, b"", size=0)),
    "a field of 4294967295 bytes": entry(field(USER, b"ann", size=2**32 - 1)),
    "a field that ends behind the frame": entry(field(USER, b"ann", size=100)),
    "more fields than there are": entry(ANN, count=255),
    "more roles than there are": entry(ANN, field(ROLES, b"\xff\4read")),
    "a role that ends behind the frame": entry(ANN, field(ROLES, b"\1\xffread")),
    "roles that end before the field": entry(ANN, field(ROLES, b"\1\4readread")),
    "roles of no bytes": entry(ANN, field(ROLES, b"")),
    "statistics of no bytes": entry(ANN, field(INFO_READ, b"")),
    "more statistics than there are": entry(ANN, field(INFO_READ, b"\xff" + bytes(4))),
    "connections of 1 byte": entry(ANN, field(CONNECTIONS, b"\1")),
    "a user with two names": entry(ANN, ANN),
    "more privileges than there are": entry(field(ROLE, b"clerk"), field(PRIVILEGES, b"\xff\x0a\4test\0")),
    "a privilege without a set": entry(field(ROLE, b"clerk"), field(PRIVILEGES, b"\1\x0a\4test")),
    "a quota of none": entry(field(ROLE, b"clerk"), field(QUOTA, b"")),
    "a whitelist of -1": entry(field(ROLE, b"clerk"), field(WHITELIST, b"", size=0)),
    "half a head": entry(ANN) + bytes(7),
    "a head that is cut": b"\0",
}
CALLS = {
    "users": lambda client: client.admin_query_users_info(),
    "user": lambda client: client.admin_query_user_info("ann"),
    "roles": lambda client: client.admin_get_roles(),
    "role": lambda client: client.admin_get_role("clerk"),
}


@pytest.fixture(scope="module")
def running():
    with embedded.Server(racks=[1]) as server:
        yield server


@pytest.fixture
def proxy(running):
    made = Proxy(running.nodes[0].hosts[0])
    yield made
    made.close()


@pytest.fixture
def asked(proxy):
    """A client that is told what ``proxy.harm`` makes of an answer about users."""
    proxy.kind = ADMIN
    config = {"hosts": proxy.hosts, "max_error_rate": 10_000, "error_rate_window": 100}
    with aerospike.client(config) as client:
        yield client
        proxy.harm = None
        client.put(KEY, {"a": 1})


@pytest.fixture
def messages():
    """What the C client logs."""
    found = []
    aerospike.set_log_handler(lambda *said: found.append(said[-1]))
    yield found
    aerospike.set_log_handler()


def refuses(call, *arguments):
    with pytest.raises(exception.ClientError, match=MALFORMED):
        call(*arguments)


@pytest.mark.parametrize("call", CALLS)
def test_users_and_roles(proxy, asked, call):
    for body in BODIES.values():
        proxy.harm = lambda chance, frame, body=body: (framed(ADMIN, body + END), False)
        refuses(CALLS[call], asked)


def test_users_that_are_true(proxy, asked):
    statistics = field(INFO_READ, b"\2" + (7).to_bytes(4, "big") + bytes(4))
    ann = entry(ANN, field(ROLES, b"\2\4read\5clerk"), statistics, field(CONNECTIONS, (3).to_bytes(4, "big")))
    proxy.harm = lambda chance, frame: (framed(ADMIN, ann) + framed(ADMIN, END), False)
    found = asked.admin_query_users_info()["ann"]
    assert (found["roles"], found["read_info"], found["conns_in_use"]) == (["read", "clerk"], [7, 0], 3)


def test_frames_that_grow_without_end(proxy, asked):
    """The C client would take them all from its stack."""
    grown = b"".join(framed(ADMIN, entry(field(99, bytes(size)))) for size in range(8000, 8200))
    proxy.harm = lambda chance, frame: (grown, False)
    refuses(asked.admin_query_users_info)
    proxy.harm = lambda chance, frame: (framed(ADMIN, b"") * 2, False)
    refuses(asked.admin_get_roles)


@pytest.mark.parametrize(
    "answer",
    [framed(3, entry()), framed(ADMIN, entry(ANN)), framed(ADMIN, entry()[:10]) + bytes(6), b"\1" + bytes(23)],
    ids=["another kind", "too long", "too short", "nothing of a frame"],
)
def test_results(proxy, asked, answer):
    proxy.harm = lambda chance, frame: (answer, False)
    refuses(asked.admin_drop_user, "ann")


TOKENS = {
    "a field of none": [field(TOKEN, b"", size=0)],
    "a token of 4294967295 bytes": [field(TOKEN, b"token", size=2**32 - 1)],
    "a token that ends behind the frame": [field(TOKEN, b"token", size=1000)],
    "a token larger than what it is sent in": [field(TOKEN, bytes(16370))],
    "a token without bytes": [field(TOKEN, b"")],
    "a time of 2 bytes": [field(TOKEN, b"token"), field(TTL, b"\0\1")],
    "two tokens": [field(TOKEN, b"token"), field(TOKEN, b"token")],
}


@pytest.mark.parametrize("lie", TOKENS)
def test_log_ins(proxy, lie):
    proxy.kind = ADMIN
    proxy.harm = lambda chance, frame: (framed(ADMIN, entry(*TOKENS[lie])), False)
    refuses(aerospike.client, {"hosts": proxy.hosts, "user": "ann", "password": "hush"})


def test_a_token_that_event_loops_have_no_room_for(proxy, messages):
    lies = [framed(ADMIN, entry(field(TOKEN, b"t" * 9000)))]
    proxy.kind = ADMIN
    proxy.harm = lambda chance, frame: (lies.pop() if lies else framed(ADMIN, entry()), False)
    with CLIENTS["asyncio"]({"hosts": proxy.hosts, "user": "ann", "password": "hush"}) as client:
        client.put(KEY, {"a": 1})
        assert client.get(KEY)[2] == {"a": 1}
    assert "A log-in's token has 9000 bytes, 121 at most can be sent for AsyncClient" in messages


# ---- what the C client learns of the cluster ----

MAP = b"A" * 684
LINES = {
    "a namespace alone": b"replicas\ttest:\n",
    "a namespace of 32 bytes": b"replicas\t" + b"n" * 32 + b":0,1," + MAP + b"\n",
    "a regime alone": b"replicas\ttest:0\n",
    "copies alone": b"replicas\ttest:0,1\n",
    "no copies": b"replicas\ttest:0,0\n",
    "more copies than there can be": b"replicas\ttest:0,256," + MAP + b"\n",
    "more copies than there are": b"replicas\ttest:0,2," + MAP + b"\n",
    "fewer copies than there are": b"replicas\ttest:0,1," + MAP + b"," + MAP + b"\n",
    "a bitmap cut short": b"replicas\ttest:0,1," + MAP[1:] + b";\n",
    "a map without an end": b"replicas\ttest:0,1," + MAP,
    "a map and more": b"replicas\ttest:0,1," + MAP + b"\nbuild\t8\n",
    "an error for a map": b"replicas\tERROR:4:no map\n",
    "racks and more": b"rack-ids\ta:1;b:2\nccc:1\tddd:2\n",
    "a rack of two numbers": b"rack-ids\ta:1:2;b:2\n",
    "a rack that is none": b"rack-ids\ta:one\n",
    "a rack of a long namespace": b"rack-ids\t" + b"n" * 32 + b":1\n",
    "peers cut short": b"peers-clear-std\t1,3000,[[A,,[127.0.0.1:1,\n",
    "no peers": b"peers-clear-std\t\n",
    "a name with a NUL": b"node\tBB9\0\n",
    "a build without an end": b"build\t8",
    "a generation that is none": b"partition-generation\tone\n",
}


def wait_for(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def connected(proxy):
    return aerospike.client({"hosts": proxy.hosts, "rack_aware": True, "rack_id": 1})


def put(client):
    try:
        return client.put(KEY, {"a": 1}) == 0
    except exception.AerospikeError:
        return False


def test_empty_answers(proxy):
    """The C client takes each for a text."""
    proxy.kind = INFO
    with connected(proxy) as client:
        proxy.harm = lambda chance, frame: (framed(INFO, b""), False)
        refuses(client.job_info, 1, "query")
        refuses(client.info_random_node, "namespaces")
        refuses(connected, proxy)


@pytest.mark.parametrize("lie", LINES)
def test_of_the_cluster(proxy, messages, lie):
    name = LINES[lie].partition(b"\t")[0]
    proxy.kind = INFO

    def told(chance, frame):
        return framed(INFO, re.sub(rb"^%s\t.*\n" % name, lambda _: LINES[lie], frame[8:], flags=re.M)), False

    proxy.harm = told
    with contextlib.suppress(exception.ClientError), connected(proxy) as client:
        wait_for(lambda: any(MALFORMED.search(said) for said in messages))
        proxy.harm = None
        wait_for(lambda: put(client))
    assert any(MALFORMED.search(said) for said in messages)
    proxy.harm = None
    with connected(proxy) as client:
        assert put(client)


# ---- bytes anywhere in true answers are others ----


def test_no_answer_does_harm():
    program = pathlib.Path(__file__).with_name("lies.py")
    command = [sys.executable, str(program), "7", "6"]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    assert re.findall(r"^(\w+): [1-9]\d* lies survived$", done.stdout, re.M) == list(KINDS)
