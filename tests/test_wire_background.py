# SPDX-License-Identifier: Apache-2.0
"""What a job in the background is asked for reaches the wire: policies, ttl, rate, operations, functions."""

import pytest
from test_wire import relay, sent, shown  # noqa: F401

import aerospike
from aerospike import predicates
from aerospike_helpers.expressions.base import Eq, IntBin
from aerospike_helpers.operations import operations

NAMESPACE, SET, TASK_ID, SOCKET_TIMEOUT, RATE, INDEX_RANGE = 0, 1, 7, 9, 10, 22
MODULE, FUNCTION, ARGUMENTS, UDF_OP, FILTER = 30, 31, 32, 33, 43
OPS = [operations.increment("a", 1)]
BASE = [
    ({"total_timeout": 4321, "socket_timeout": 0}, lambda r: r.timeout == 4321),
    ({"socket_timeout": 777}, lambda r: r.fields[SOCKET_TIMEOUT] == (777).to_bytes(4, "big")),
    ({"expressions": Eq(IntBin("a"), 1).compile()}, lambda r: FILTER in r.fields),
    ({"durable_delete": True}, lambda r: r.info2 & 16),
    ({"ttl": 777}, lambda r: r.ttl == 777),
    ({"error_detail_verbosity": aerospike.ERROR_DETAIL_MESSAGE}, lambda r: (r.info4 >> 5) & 3 == 2),
]
QUERY = [
    *BASE,
    ({"exists": aerospike.POLICY_EXISTS_CREATE}, lambda r: r.info2 & 32),
    ({"exists": aerospike.POLICY_EXISTS_REPLACE}, lambda r: r.info3 & 32),
    ({"commit_level": aerospike.POLICY_COMMIT_LEVEL_MASTER}, lambda r: r.info3 & 2),
]
SCAN = [*BASE, ({"records_per_second": 55}, lambda r: r.fields.get(RATE) == (55).to_bytes(4, "big"))]
ROWS = [("query", "write", *row) for row in QUERY] + [("scan", "scan", *row) for row in SCAN]
WORK = {"ops": lambda plan: plan.add_ops(OPS), "function": lambda plan: plan.apply("m", "f", [1])}


def start(kind, policy=None, work="ops", **attributes):
    def call(client):
        plan = WORK[work](getattr(client, kind)("test", "wire"))
        for name, value in attributes.items():
            setattr(plan, name, value)
        plan.execute_background(policy)

    return call


@pytest.mark.parametrize("work", ["ops", "function"])
@pytest.mark.parametrize(("kind", "policy_kind", "policy", "shows"), ROWS, ids=shown)
def test_a_policy_reaches_the_wire(sent, kind, policy_kind, policy, shows, work):  # noqa: F811
    assert shows(sent(start(kind, policy, work)))
    assert not shows(sent(start(kind, None, work)))
    assert shows(sent(start(kind, None, work), policies={policy_kind: policy}))


@pytest.mark.parametrize("kind", ["scan", "query"])
def test_operations_and_what_they_are_for(sent, kind):  # noqa: F811
    request = sent(start(kind))
    assert (request.info1, request.info2, request.info3) == (0, 1, 0)
    assert (request.fields[NAMESPACE], request.fields[SET]) == (b"test", b"wire")
    assert request.ops == [(5, 1, "a", (1).to_bytes(8, "big"))]
    assert len(request.fields[TASK_ID]) == 8
    assert not {RATE, INDEX_RANGE, UDF_OP} & set(request.fields)
    assert SET not in sent(lambda c: getattr(c, kind)("test").add_ops(OPS).execute_background()).fields


@pytest.mark.parametrize("work", ["ops", "function"])
@pytest.mark.parametrize("kind", ["scan", "query"])
@pytest.mark.parametrize("ttl", [777, aerospike.TTL_NEVER_EXPIRE, aerospike.TTL_DONT_UPDATE, 0])
def test_the_ttl_of_the_plan_goes_before_the_policys(sent, kind, work, ttl):  # noqa: F811
    assert sent(start(kind, {"ttl": 55}, work, ttl=ttl)).ttl == ttl % 2**32
    assert sent(start(kind, {"ttl": 55}, work, ttl=aerospike.TTL_CLIENT_DEFAULT)).ttl == 55
    assert sent(start(kind, {"ttl": 55}, work)).ttl == 55


@pytest.mark.parametrize("kind", ["scan", "query"])
def test_the_ttl_of_a_touch(sent, kind):  # noqa: F811
    touch = [operations.touch(66)]
    assert sent(lambda c: getattr(c, kind)("test", "wire").add_ops(touch).execute_background({"ttl": 55})).ttl == 66


@pytest.mark.parametrize("kind", ["scan", "query"])
def test_the_rate_of_the_plan_goes_before_the_policys(sent, kind):  # noqa: F811
    policy = {"records_per_second": 55} if kind == "scan" else None
    assert sent(start(kind, policy, records_per_second=44)).fields[RATE] == (44).to_bytes(4, "big")


CALLS = {
    "Scan": lambda c: c.scan("test", "wire").apply("m", "f", ["x", 5]).execute_background(),
    "Query": lambda c: c.query("test", "wire").apply("m", "f", ["x", 5]).execute_background(),
    "scan_apply": lambda c: c.scan_apply("test", "wire", "m", "f", ["x", 5]),
    "query_apply": lambda c: c.query_apply("test", "wire", predicates.equals("a", 7), "m", "f", ["x", 5]),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_function(sent, name):  # noqa: F811
    request = sent(CALLS[name])
    assert request.fields[UDF_OP] == b"\2"
    assert (request.fields[MODULE], request.fields[FUNCTION]) == (b"m", b"f")
    assert request.fields[ARGUMENTS] == b"\x92\xa2\x03x\x05"
    assert request.ops == []
    assert (INDEX_RANGE in request.fields) == (name == "query_apply")


@pytest.mark.parametrize(("name", "policy"), [("scan_apply", {"ttl": 77}), ("query_apply", {"exists": 1, "ttl": 77})])
def test_policies_of_functions(sent, name, policy):  # noqa: F811
    where = [predicates.between("a", 1, 2)] if name == "query_apply" else []
    request = sent(lambda c: getattr(c, name)("test", None, *where, "m", "f", None, policy))
    assert request.ttl == 77
    assert bool(request.info2 & 32) == ("exists" in policy)
    assert request.fields[ARGUMENTS] == b"\x90"


def test_a_predicate(sent):  # noqa: F811
    where = predicates.between("a", 1, 2)
    request = sent(lambda c: c.query("test", "wire").where(where).add_ops(OPS).execute_background())
    assert request.fields[INDEX_RANGE].startswith(b"\1\1a\1")
