# SPDX-License-Identifier: Apache-2.0
"""What fails beneath the client: memory that is not there, servers that answer with nonsense or not at all."""

import json
import sys
import threading
import time

import fix_proxy
import pytest
from children import run_program

import aerospike
from aerospike import exception
from aerospike_helpers.operations import list_operations, operations

# ---- memory ----

NO_MEMORY = """
import json
import sys
import _testcapi
import aerospike
from aerospike_helpers import cdt_ctx
from aerospike_helpers.expressions import base
from aerospike_helpers.operations import list_operations, map_operations, operations

# other threads would need memory to take the GIL, and CPython ends the process where they get none
aerospike.set_log_level(aerospike.LOG_LEVEL_OFF)
# a scan that is given up counts as an error of the node
config = {"hosts": HOSTS, "max_error_rate": 10_000, "error_rate_window": 100}
client = aerospike.client(config)
key = (NAMESPACE, "memory", "k")
point = aerospike.GeoJSON({"type": "Point", "coordinates": [1, 2]})
nested = {"a": {"b": [1] * 30, "g": point}, 1: 2, b"k": 3, "o": aerospike.KeyOrderedDict({"b": 1, "a": {"x": 2}})}
bins = {"i": 1, "s": "abc" * 50, "f": 1.5, "b": b"x" * 100, "l": [1, [2, {"a": "x" * 60}], b"y" * 50], "m": nested}
rows = [(NAMESPACE, "memory", n) for n in range(20)]
for row in rows:
    client.put(row, {"a": [row[2]], "n": row[2]})
ops = [
    operations.write("w", nested),
    list_operations.list_append("x", [1], {"write_flags": 4}, [cdt_ctx.cdt_ctx_list_index_create(0)]),
    map_operations.map_put("m", "k", nested),
    operations.read("m"),
]
policy = {"total_timeout": 5000, "expressions": base.And(base.GT(base.IntBin("i"), 0), base.BinExists("s")).compile()}

def scan_by_status():
    scan = client.scan(NAMESPACE, "memory")
    scan.max_records = 5
    scan.paginate()
    scan.results()
    return len(scan.get_partitions_status())

class Hook:
    def start(self, report):
        report.notes[self] = report.command

    def end(self, report):
        report.notes[self], report.namespace, report.address, report.digest, report.error

watched = aerospike.client({**config, "slow_log_ms": 60_000})
watched.add_hook(Hook())
sys.unraisablehook = lambda what: None  # what hooks raise is no matter of the commands

def hook_of_one_call():
    hook = Hook()
    client.add_hook(hook)
    try:
        return client.get(key)[2]
    finally:
        client.remove_hook(hook)

calls = {
    "put": lambda: client.put(key, bins, {"ttl": 100}, {"exists": aerospike.POLICY_EXISTS_IGNORE}),
    "get": lambda: client.get(key)[2],
    "get by policy": lambda: client.get(key, policy)[2],
    "get of nothing": lambda: client.get((NAMESPACE, "memory", "nothing")),
    "select": lambda: client.select(key, ["i", "l", "m"])[2],
    "exists": lambda: client.exists(key)[0],
    "a bad value": lambda: client.put(key, {"v": [1, {"a": (1, 2)}]}),
    "a bad key": lambda: client.get((NAMESPACE, "memory", 1.5)),
    "remove_bin": lambda: client.remove_bin(key, ["n1", "n2"]),
    "append": lambda: client.append(key, "s", "x"),
    "increment": lambda: client.increment(key, "i", 1),
    "operate": lambda: client.operate(key, ops)[0],
    "operate_ordered": lambda: len(client.operate_ordered(key, ops, {"ttl": 5}, policy)[2]),
    "an old operation": lambda: client.operate(key, [{"op": aerospike.OPERATOR_INCR, "bin": "i"}]),
    "results": lambda: len(client.scan(NAMESPACE, "memory").results()),
    "foreach": lambda: client.scan(NAMESPACE, "memory").foreach(lambda row: None, policy),
    "iteration": lambda: len(list(client.query(NAMESPACE, "memory").select("n"))),
    "partitions": scan_by_status,
    "info_all": lambda: client.info_all("namespaces"),
    "nodes": lambda: (client.get_nodes(), client.get_node_names()),
    "policies": lambda: client.get_policies(),
    "digest": lambda: aerospike.calc_digest("test", "demo", "x" * 500),
    "context": lambda: client.get_cdtctx_base64([cdt_ctx.cdt_ctx_map_key("a")]),
    "get, watched": lambda: watched.get(key)[2],
    "get of nothing, watched": lambda: watched.get((NAMESPACE, "memory", "nothing")),
    "iteration, watched": lambda: len(list(watched.query(NAMESPACE, "memory").select("n"))),
    "add_hook": hook_of_one_call,
    "connect": lambda: aerospike.client(config).close(),
}

def outcome(call, start, stop, expected):
    try:
        _testcapi.set_nomemory(start, stop)
        try:
            result = call()
        finally:
            _testcapi.remove_mem_hooks()
        return "good" if result == expected else f"{result!r} instead of {expected!r}"
    except BaseException as error:
        # CPython 3.11 loses an exception where it finds no memory for its traceback, int("x") is enough for that
        lost = type(error) is SystemError and str(error) == "error return without exception set"
        return "MemoryError" if lost else type(error).__name__

outcomes = {}
for name, call in calls.items():
    expected = None
    try:
        expected = call()
        usual = "good"
    except aerospike.Error as error:
        usual = type(error).__name__
    seen, same, start = {usual}, 0, 0
    # every allocation in turn, until none is left that could fail
    while same < 20 and start < 3000:
        found = {outcome(call, start, start + 1, expected), outcome(call, start, 0, expected) if start < 40 else usual}
        same = same + 1 if found == {usual} else 0
        seen |= found
        start += 1
    outcomes[name] = (usual, sorted(seen))
    print(name, usual, sorted(seen), start, flush=True)
    client.put(key, bins)
client.close()
client.connect()
assert client.get(key)[2]["l"] == bins["l"]
for row in [*rows, key]:
    client.remove(row)
client.close()
watched.close()
print(json.dumps(outcomes))
"""


@pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="CPython 3.12 and 3.13 crash where they find no memory for a function object"
)
def test_every_allocation_may_fail(hosts, namespace):
    pytest.importorskip("_testcapi", reason="this Python came without the module that lets allocations fail")
    program = f"HOSTS, NAMESPACE = {hosts!r}, {namespace!r}\n{NO_MEMORY}"
    done = run_program(program, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    usual = {"a bad value": "ParamError", "a bad key": "ParamError", "get of nothing": "RecordNotFound"}
    usual["get of nothing, watched"] = "RecordNotFound"
    for name, (found, seen) in json.loads(done.stdout.splitlines()[-1]).items():
        assert found == usual.get(name, "ParamError" if name == "an old operation" else "good")
        assert set(seen) <= {found, "MemoryError"}, name


# ---- servers ----

HARMS = {
    fix_proxy.truncated: exception.ConnectionError,
    fix_proxy.closed: exception.ConnectionError,
    fix_proxy.silent: exception.TimeoutError,
    fix_proxy.late: exception.TimeoutError,
    fix_proxy.nonsense: exception.ClientError,
    fix_proxy.another_kind: exception.ClientError,
}

CALLS = {
    "get": lambda client, key: client.get(key),
    "select": lambda client, key: client.select(key, ["a"]),
    "exists": lambda client, key: client.exists(key),
    "put": lambda client, key: client.put(key, {"a": 1}),
    "touch": lambda client, key: client.touch(key),
    "remove_bin": lambda client, key: client.remove_bin(key, ["b"]),
    "operate": lambda client, key: client.operate(key, [list_operations.list_append("l", 1), operations.read("l")]),
    "scan": lambda client, key: client.scan(key[0], key[1]).results(),
}
WRITES = ("put", "touch", "remove_bin", "operate")


def behind(proxy, total, socket):
    """A client behind the proxy, without second tries, and of so much patience in milliseconds."""
    policies = {"total_timeout": total, "socket_timeout": socket, "max_retries": 0}
    return aerospike.client({"hosts": proxy.hosts, "tend_interval": 250, "policies": policies}).connect()


@pytest.fixture
def harmed(proxy):
    """A client for answers that may never come."""
    with behind(proxy, 250, 100) as client:
        yield client


@pytest.fixture
def patient(proxy):
    """A client for answers that do."""
    with behind(proxy, 10000, 10000) as client:
        yield client


def recovered(client, call):
    """The call's result, soon after the harm has ended."""
    deadline = time.monotonic() + 10
    while True:
        try:
            return call(client)
        except exception.AerospikeError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
@pytest.mark.parametrize("name", CALLS)
def test_a_harmed_answer_is_an_error_and_the_next_one_is_not(client, request, proxy, make_key, harm, name):
    harmed = request.getfixturevalue("harmed" if HARMS[harm] is exception.TimeoutError else "patient")
    key = make_key(set_name="faults")
    client.put(key, {"a": 1, "b": 2, "l": [1]})
    proxy.harm = harm
    for _ in range(3):
        with pytest.raises(HARMS[harm]) as caught:
            CALLS[name](harmed, key)
        assert isinstance(caught.value, exception.AerospikeError)
        if HARMS[harm] is not exception.ClientError:
            assert caught.value.in_doubt == (name in WRITES)
    proxy.harm = None
    recovered(harmed, lambda client: CALLS[name](client, key))
    assert recovered(harmed, lambda client: client.get(key))[2]["a"] == 1


def test_a_second_try_helps(client, proxy, record):
    def once(chance, frame):
        proxy.harm = None
        return b"", True

    policy = {"max_retries": 2, "total_timeout": 5000}
    with aerospike.client({"hosts": proxy.hosts}) as harmed:
        for call in (lambda: harmed.get(record, policy), lambda: harmed.put(record, {"a": 1}, {}, policy)):
            proxy.harm = once
            call()
            assert proxy.harm is None


def test_a_second_try_that_is_refused_is_in_doubt_of_the_first(client, proxy, key):
    def once(chance, frame):
        proxy.harm = None
        return b"", True

    policy = {"exists": aerospike.POLICY_EXISTS_CREATE, "max_retries": 2, "total_timeout": 5000}
    with aerospike.client({"hosts": proxy.hosts}) as harmed:
        proxy.harm = once
        for in_doubt in (True, False):
            with pytest.raises(exception.RecordExistsError) as caught:
                harmed.put(key, {"a": 1}, policy=policy)
            assert caught.value.in_doubt == in_doubt
    assert client.get(key)[2] == {"a": 1}


@pytest.mark.parametrize(
    "harm", [fix_proxy.closed, fix_proxy.truncated, fix_proxy.silent], ids=lambda harm: harm.__name__
)
def test_a_client_survives_harm_to_what_it_asks_by_itself(harmed, proxy, record, harm):
    proxy.kind, proxy.harm = fix_proxy.INFO, harm
    before = proxy.harmed
    deadline = time.monotonic() + 10
    while proxy.harmed < before + 3:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    proxy.harm = None
    assert recovered(harmed, lambda client: client.get(record))[2]["a"] == 1
    assert harmed.is_connected()


@pytest.mark.parametrize("harm", [fix_proxy.closed, fix_proxy.truncated, fix_proxy.silent, fix_proxy.nonsense])
def test_nobody_answers_a_first_question(proxy, harm):
    proxy.kind, proxy.harm = fix_proxy.INFO, harm
    start = time.monotonic()
    with pytest.raises(exception.AerospikeError):
        aerospike.client({"hosts": proxy.hosts, "connect_timeout": 200})
    assert time.monotonic() - start < 10
    proxy.harm = None
    with aerospike.client({"hosts": proxy.hosts}) as client:
        assert client.is_connected()


def test_threads_meet_harm_of_every_kind(client, harmed, proxy, make_key):
    keys = [make_key(set_name="faults") for _ in range(4)]
    for key in keys:
        client.put(key, {"a": 1, "b": 2, "l": [1]})
    unexpected, stop = [], threading.Event()

    def work(key):
        while not stop.is_set():
            for call in CALLS.values():
                try:
                    call(harmed, key)
                except exception.AerospikeError:
                    pass
                except BaseException as error:
                    unexpected.append(error)

    threads = [threading.Thread(target=work, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for harm in (*HARMS, None, *HARMS):
        proxy.harm = harm
        time.sleep(0.1)
    proxy.harm = None
    stop.set()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    assert unexpected == []
    for key in keys:
        recovered(harmed, lambda client, key=key: client.get(key))


# ---- values that a server never sends ----

SPOILED = [
    [1, [2, {"a": "x" * 6}], b"y" * 5, 1.5, None, True, 2**40, -5],
    {"a": {"b": [1] * 3}, 1: 2, b"k": 3, "o": "é" * 20},
    aerospike.KeyOrderedDict({"b": 1, "a": {"x": 2}}),
    [aerospike.GeoJSON({"type": "Point", "coordinates": [1, 2]})] * 3,
    list(range(300)),
    {n: n for n in range(70)},
]


@pytest.mark.parametrize("value", SPOILED, ids=lambda value: repr(value)[:20])
def test_spoiled_values_are_read_or_refused(client, patient, proxy, record, value):
    client.put(record, {"v": value})
    proxy.harm = fix_proxy.spoiler(client.get(record, {"deserialize": False})[2]["v"])
    refused = 0
    for _ in range(200):
        try:
            patient.get(record)
        except exception.ClientError:
            refused += 1
    assert refused > 0
    proxy.harm = None
    assert patient.get(record)[2]["v"] == value


def test_an_empty_answer_to_an_info_command(patient, proxy):
    def emptied(chance, frame):
        body = frame[fix_proxy.HEADER.size :]
        return (fix_proxy.HEADER.pack(2, fix_proxy.INFO, 0, 0) if body.startswith(b"build\t") else frame), False

    (node,) = patient.get_node_names()
    proxy.kind, proxy.harm = fix_proxy.INFO, emptied
    for call in (
        lambda: patient.info_random_node("build"),
        lambda: patient.info_single_node("build", node["node_name"]),
        lambda: patient.info_all("build")[node["node_name"]][1],
    ):
        with pytest.raises(exception.ClientError, match=r"Malformed answer of .*: nothing"):
            call()
    proxy.harm = None
    assert "build\t" in patient.info_random_node("build")


def test_the_details_of_an_error(patient, proxy, record):
    details = b"\x82\x01\x07\x02\xa7because"  # {1: subcode, 2: message}

    def detailed(chance, frame):
        body = bytearray(frame[fix_proxy.HEADER.size :])
        assert body[5] != 0  # the code of the answer
        assert body[18:22] == bytes(4)  # neither fields nor operations
        body[18:20] = (1).to_bytes(2, "big")
        body += (len(details) + 1).to_bytes(4, "big") + bytes([45]) + details
        return fix_proxy.HEADER.pack(2, fix_proxy.MESSAGE, 0, len(body)) + bytes(body), False

    proxy.harm = detailed
    with pytest.raises(exception.RecordExistsError, match="because") as caught:
        patient.put(record, {"a": 2}, {}, {"exists": aerospike.POLICY_EXISTS_CREATE, "error_detail_verbosity": 2})
    assert caught.value.subcode == 7
    assert exception.RecordExistsError.subcode == 0
