#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Seeds for the fuzzers: what the test suite sends, caught by a relay between its client and an embedded server.

Usage: seeds.py FOLDER. It makes the folders frames, operations, expressions, queries and lua in it. A test that fails
behind the relay ends it, and is shown.
"""

from __future__ import annotations

import collections
import hashlib
import os
import pathlib
import struct
import subprocess
import sys
from collections.abc import Callable
from typing import Any

HERE = pathlib.Path(__file__).resolve().parent
TESTS = HERE.parent
sys.path.insert(0, str(TESTS))

import test_wire  # noqa: E402

import aerospike  # noqa: E402
from aerospike import embedded  # noqa: E402
from aerospike_helpers.operations import operations  # noqa: E402

INFO, MESSAGE = 1, 3
NAMESPACE, DIGEST, UDF_ARGUMENTS, BATCH, FILTER = 0, 4, 32, 41, 43  # fields
FIRST_DIGEST = slice(9, 29)  # of a batch, behind its head and the index
WRITE, EXPRESSION_READ, EXPRESSION_MODIFY = 2, 7, 8  # operations
OPERATIONS_MOST = 16  # of a query
SIZE_MOST = 2000  # bytes of a seed
COUNT_MOST = 3000  # seeds of a kind
SENDING_LITTLE = ("benchmarks", "docs", "examples", "typing")  # and taking long


class Recorder(test_wire.Relay):
    """Keeps whole frames."""

    def __init__(self, port: int) -> None:
        self.frames: list[tuple[int, bytes]] = []
        super().__init__(port)

    def keep(self, kind: int, body: bytes) -> bytes:
        self.frames.append((kind, body))
        return body


def framed(kind: int, body: bytes) -> bytes:
    return bytes([2, kind]) + len(body).to_bytes(6, "big") + body


def packed_expression(payload: bytes) -> bytes:
    """The expression of an operation's payload, a list of it and of flags."""
    return payload[1:-1]


def sized(value: bytes) -> bytes:
    return struct.pack(">H", len(value)) + value


def query_step(request: test_wire.Request) -> bytes:
    """A request that names no record, as the fuzzer of queries takes it."""
    fields = {kind: value for kind, value in request.fields.items() if kind != NAMESPACE}
    parts = [struct.pack(">BBBBB", 1, request.info1, request.info2, request.info3, len(fields))]
    parts += [bytes([kind]) + sized(value) for kind, value in fields.items()]
    parts.append(bytes([len(request.ops)]))
    for operation, particle, name, value in request.ops:
        parts.append(bytes([operation, particle, len(name.encode())]) + name.encode() + sized(value))
    return b"".join(parts)


def collect(frames: list[tuple[int, bytes]]) -> dict[str, set[bytes]]:
    """The seeds of each fuzzer: frames behind what was sent to the same record before, operations behind the value that
    was written to their bin, expressions, queries behind the making of indexes, and arguments of functions before some
    choices of a script."""
    seeds: dict[str, set[bytes]] = {name: set() for name in ("frames", "operations", "expressions", "queries", "lua")}
    indexes: collections.deque[bytes] = collections.deque(maxlen=2)
    sent: dict[bytes, collections.deque[bytes]] = collections.defaultdict(lambda: collections.deque(maxlen=3))
    written: dict[tuple[bytes, str], tuple[int, bytes]] = {}
    for kind, body in frames:
        if kind != MESSAGE:
            seeds["frames"].add(framed(kind, body))
            if kind == INFO and body.startswith(b"sindex-create") and len(body) < SIZE_MOST:
                indexes.append(b"\0" + sized(body))
            continue
        request = test_wire.parse(body)
        keyless = not {DIGEST, BATCH} & request.fields.keys()
        if keyless and len(request.ops) < OPERATIONS_MOST and len(body) < SIZE_MOST:
            seeds["queries"].add(b"".join([*indexes, query_step(request)]))
        digest = request.fields.get(DIGEST) or request.fields.get(BATCH, b"")[FIRST_DIGEST]
        sent[digest].append(framed(kind, body))
        seeds["frames"].add(b"".join(sent[digest]) if digest else framed(kind, body))
        arguments = request.fields.get(UDF_ARGUMENTS)
        if arguments is not None and len(arguments) < SIZE_MOST:
            seeds["lua"].add(sized(arguments) + hashlib.sha256(arguments).digest())
        if FILTER in request.fields:
            seeds["expressions"].add(request.fields[FILTER])
        for operation, particle, name, value in request.ops:
            if operation == WRITE:
                written[digest, name] = (particle, value)
                continue
            before, content = written.get((digest, name), (0, b""))
            if len(content) < SIZE_MOST:
                seeds["operations"].add(struct.pack(">BBH", operation, before, len(content)) + content + value)
            if operation in (EXPRESSION_READ, EXPRESSION_MODIFY):
                seeds["expressions"].add(packed_expression(value))
    return seeds


def transactions(config: dict[str, Any]) -> None:
    """What clients send of transactions."""
    client = aerospike.client(config)
    keys = [("test", "seeds", n) for n in range(4)]
    for end in (client.commit, client.abort):
        transaction = aerospike.Transaction()
        policy = {"txn": transaction}
        client.put(keys[0], {"a": 1}, policy=policy)
        client.operate(keys[1], [operations.increment("a", 1), operations.read("a")], policy=policy)
        client.batch_operate(keys, [operations.increment("a", 1)], policy)
        client.batch_read(keys, policy=policy)
        client.exists(keys[2], policy)
        client.remove(keys[3], policy={**policy, "durable_delete": True})
        end(transaction)
        client.get(keys[0])
    client.close()


def keepers(config: dict[str, Any]) -> None:
    """What clients send of users and roles."""
    client = aerospike.client({**config, "user": "ann", "password": "secret"})
    privileges = [{"code": aerospike.PRIV_READ, "ns": "test", "set": "a"}, {"code": aerospike.PRIV_UDF_ADMIN}]
    whitelist = ["127.0.0.1", "10.0.0.0/8"]
    client.admin_create_role("clerk", privileges, whitelist=whitelist, read_quota=5, write_quota=6)
    client.admin_set_whitelist("clerk", ["127.0.0.1"])
    client.admin_set_quotas("clerk", 7, 8)
    client.admin_grant_privileges("clerk", privileges)
    client.admin_revoke_privileges("clerk", privileges)
    client.admin_create_user("bob", "secret", ["clerk", "read"])
    client.admin_grant_roles("bob", ["write"])
    client.admin_revoke_roles("bob", ["write"])
    client.admin_set_password("bob", "another")
    client.admin_change_password("ann", "another")
    client.admin_query_users_info()
    client.admin_query_user_info("bob")
    client.admin_query_roles()
    client.admin_get_role("clerk")
    client.admin_drop_user("bob")
    client.admin_drop_role("clerk")
    client.close()


def caught(send: Callable[[dict[str, Any]], None], **options: Any) -> list[tuple[int, bytes]]:
    """The frames that are sent to a server with these options."""
    with embedded.Server(**options) as server:
        recorder = Recorder(server.port)
        send({"hosts": [("127.0.0.1", recorder.port)]})
        return recorder.frames


def write(folder: pathlib.Path, seeds: set[bytes]) -> None:
    """A file for each, or for as many as there may be, evenly taken."""
    folder.mkdir(parents=True, exist_ok=True)
    fitting = sorted(seed for seed in seeds if len(seed) <= SIZE_MOST)
    for seed in fitting[:: len(fitting) // COUNT_MOST + 1]:
        (folder / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)


def suite() -> list[tuple[int, bytes]]:
    """The frames that the suite sends to the server that it is given."""
    with embedded.Server() as server:
        recorder = Recorder(server.port)
        python = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), str(HERE)]))
        environment = {**os.environ, "AEROSPIKE_HOSTS": f"127.0.0.1:{recorder.port}", "PYTHONPATH": python}
        command = [sys.executable, "-m", "pytest", "-q", "--no-header", "--tb=short", "-p", "no:cacheprovider"]
        command += ["-p", "sending", str(TESTS), *(f"--ignore={TESTS / f'test_{name}.py'}" for name in SENDING_LITTLE)]
        command += ["--ignore", str(TESTS / "embedded" / "test_protocol.py")]  # the relay needs whole frames
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"seeds.py: the suite fails behind the relay\n{done.stdout}")
    print("the suite through the relay:", done.stdout.splitlines()[-1])
    return recorder.frames


def main() -> None:
    frames = suite()
    frames += caught(transactions, strong_consistency=["test"])
    frames += caught(keepers, users={"ann": ("secret", ["user-admin"])}, quotas=True)
    for name, seeds in collect(frames).items():
        write(pathlib.Path(sys.argv[1]) / name, seeds)
        print(f"{name}: {len(seeds)} seeds")


if __name__ == "__main__":
    main()
