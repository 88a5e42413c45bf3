# SPDX-License-Identifier: Apache-2.0
"""A process whose clients get answers in which something is wrong. A crash ends it, so that tests run it as a child.

Usage: lies.py SEED ROUNDS [KIND ...], of KINDS; without any, all. A line for each says how much it survived.
"""

import asyncio
import contextlib
import pathlib
import sys
import tempfile

from fix_proxy import INFO, MESSAGE, Proxy

import aerospike
from aerospike import embedded, exception
from aerospike_helpers.batch.records import BatchRecords, Read, Write
from aerospike_helpers.operations import operations

ADMIN, HEAD = 2, 8
USER = {"user": "root", "password": "hush"}
ROLES = ["user-admin", "data-admin", "sys-admin", "read-write-udf"]
KEYS = [("test", "demo", number) for number in range(4)]
LONG = {"total_timeout": 5000, "max_retries": 0, "compress": True}
WORDS = [0, 1, 2, 5, 8, 15, 16, 22, 255, 65535, 2**31 - 1, 2**31, 2**32 - 2, 2**32 - 1]
BYTES = [0, 1, 2, 4, 5, 10, 11, 12, 16, 17, 45, 127, 128, 254, 255]
MARKS = b":;,[]\t\n\0-09A"


def framed(kind, body):
    return bytes([2, kind]) + len(body).to_bytes(6, "big") + body


# ---- harm to the body of a frame ----


def cut(chance, body):
    del body[chance.randrange(len(body)) :]


def word(chance, body):
    at = chance.randrange(len(body))
    body[at : at + 4] = chance.choice(WORDS).to_bytes(4, "big")


def byte(chance, body):
    body[chance.randrange(len(body))] = chance.choice(BYTES)


def mark(chance, body):
    places = [at for at, char in enumerate(body) if char in MARKS]
    if places:
        body[chance.choice(places)] = chance.choice(MARKS)


def lost(chance, body):
    at = chance.randrange(len(body))
    del body[at : at + chance.choice([1, 2, 5, 100])]


def doubled(chance, body):
    at = chance.randrange(len(body))
    body[at:at] = body[at : at + chance.choice([1, 4, 20, 1000])]


def digits(chance, body):
    at = chance.randrange(len(body))
    body[at:at] = b"9" * chance.choice([1, 10, 30])


HARMS = [cut, word, byte, mark, lost, doubled, digits]


def harmed(chance, frame):
    body = bytearray(frame[HEAD:])
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        if body:
            chance.choice(HARMS)(chance, body)
    return framed(frame[1], body)


class Liar(Proxy):
    """Does harm to a share of the answers of some kinds, and closes the connection: the client waits for no more."""

    def __init__(self, address, seed, kinds):
        super().__init__(address, seed)
        self.kinds = kinds
        self.share = 0.0
        self.told = 0

    def _answer(self, source, target, kind, frame):
        lies = kind in self.kinds and self._random.random() < self.share
        self.told += lies
        target.sendall(harmed(self._random, frame) if lies else frame)
        if lies:
            raise ConnectionError("closed on purpose")


# ---- what is asked ----


def administration(client):
    for call in (
        client.admin_query_users_info,
        lambda: client.admin_query_user_info("ann"),
        client.admin_get_roles,
        lambda: client.admin_get_role("clerk"),
        lambda: client.admin_set_quotas("clerk", 10, 20),
    ):
        with contextlib.suppress(exception.AerospikeError, UnicodeDecodeError):
            repr(call())


def ask_administration(config, liar, rounds):
    with aerospike.client(config) as client:
        liar.share = 0.8
        for _ in range(rounds):
            administration(client)


def ask_clusters(config, liar, rounds):
    """Log in and learn of the cluster."""
    liar.share = 0.25
    for _ in range(rounds):
        with contextlib.suppress(exception.AerospikeError), aerospike.client(config) as client:
            client.get_node_names()
            client.get(KEYS[0])


def texts(client):
    """The answers that the client's own methods read, and those of the thread behind it."""
    for call in (
        lambda: client.info_all("namespaces"),
        lambda: client.info_random_node("replicas"),
        client.udf_list,
        lambda: client.udf_get("lies.lua"),
        lambda: client.index_remove("test", "a_index"),
        lambda: client.truncate("test", "other", 0),
        lambda: client.job_info(1, "query"),
    ):
        with contextlib.suppress(exception.AerospikeError, UnicodeDecodeError):
            repr(call())


def ask_texts(config, liar, rounds):
    with aerospike.client(config) as client:
        liar.share = 0.5
        for _ in range(rounds):
            texts(client)


async def commands(client):
    batch = [Read(KEYS[0], None), Write(KEYS[1], [operations.write("a", 1)]), Read(KEYS[2], None)]
    calls = [
        client.get(KEYS[0], LONG),
        client.select(KEYS[0], ["a"], LONG),
        client.exists(KEYS[0], LONG),
        client.put(KEYS[1], {"a": 1}, policy=LONG),
        client.remove(KEYS[3], policy=LONG),
        client.operate(KEYS[0], [operations.read("l")], policy=LONG),
        client.apply(KEYS[0], "lies", "same", [[1, "x" * 300]], LONG),
        client.batch_write(BatchRecords(batch), LONG),
        client.batch_read(KEYS, policy=LONG),
    ]
    for call in calls:
        with contextlib.suppress(exception.AerospikeError, UnicodeDecodeError):
            repr(await call)


async def ask_loops(config, liar, rounds):
    async with aerospike.AsyncClient(config) as client:
        liar.share = 0.8
        for _ in range(rounds):
            await commands(client)


def ask_asynchronously(config, liar, rounds):
    asyncio.run(ask_loops(config, liar, rounds))


KINDS = {
    "texts": (ask_texts, {INFO}, 1),
    "administration": (ask_administration, {ADMIN}, 1),
    "clusters": (ask_clusters, {ADMIN, INFO}, 3),
    "asynchronous": (ask_asynchronously, {MESSAGE, MESSAGE + 1}, 1),
}


def fill(config):
    region = aerospike.geodata({"type": "Point", "coordinates": [1, 2]})
    with aerospike.client(config) as client, tempfile.TemporaryDirectory() as folder:
        module = pathlib.Path(folder, "lies.lua")
        module.write_text("function same(record, value) return value end")
        privileges = [{"code": aerospike.PRIV_READ, "ns": "test", "set": "a"}, {"code": aerospike.PRIV_SYS_ADMIN}]
        client.udf_put(str(module))
        client.admin_create_role("clerk", privileges, None, ["10.1.2.0/24", "10.1.3.1"], 5, 6)
        client.admin_create_user("ann", "hush", ["read", "clerk"])
        for key in KEYS:
            client.put(key, {"a": 1, "f": 1.5, "t": "text" * 100, "l": [1, {"b": 2}], "g": region})


def main(kind, seed, rounds):
    ask, kinds, nodes = KINDS[kind]
    users = {"root": ("hush", ROLES)}
    with embedded.Server(users=users, quotas=True, compression=True, nodes=nodes, racks=range(nodes)) as server:
        config = {**server.config, **USER, "max_error_rate": 10_000, "error_rate_window": 100}
        fill(config)
        liar = Liar(server.nodes[0].hosts[0], seed, kinds)
        ask({**config, "hosts": liar.hosts, "rack_aware": True, "rack_id": 1}, liar, rounds)
        liar.share = 0
        with aerospike.client({**config, "hosts": liar.hosts}) as client:
            assert client.get(KEYS[0])[2]["f"] == 1.5
        liar.close()
        print(f"{kind}: {liar.told} lies survived", flush=True)


if __name__ == "__main__":
    for name in sys.argv[3:] or KINDS:
        main(name, int(sys.argv[1]), int(sys.argv[2]))
