# SPDX-License-Identifier: Apache-2.0
"""What scans and queries do to the records that they find: operations and functions, chosen and refused."""

import copy

import pytest

from aerospike import exception
from aerospike_helpers.operations import list_operations, operations

SET = "background"
COUNT = 60


@pytest.fixture
def records(client, namespace):
    """A set of COUNT records {n, l, s}."""
    client.truncate(namespace, SET, 0)
    for n in range(COUNT):
        client.put((namespace, SET, n), {"n": n, "l": [n, n % 4], "s": "abc"[n % 3]})
    yield
    client.truncate(namespace, SET, 0)


@pytest.fixture(params=["scan", "query"])
def make_plan(request, client, namespace):
    return lambda: getattr(client, request.param)(namespace, SET)


# ---- what is chosen ----


def test_what_was_chosen_is_shown(make_plan):
    plan = make_plan()
    assert plan.add_ops([operations.increment("n", 1), operations.read("n")]) is plan
    assert "operations=2" in repr(plan)
    other = make_plan()
    assert other.apply("module", "name", [1, {"a": [2]}]) is other
    assert "function='module.name'" in repr(other)
    assert "function='module.name'" in repr(copy.copy(other))


def test_a_later_choice_takes_the_place_of_an_earlier_one(make_plan):
    assert "operations=1" in repr(make_plan().add_ops([operations.read("n")] * 2).add_ops([operations.read("n")]))
    assert "function='b.g'" in repr(make_plan().apply("a", "f").apply(module="b", function="g", arguments=None))


def test_operations_and_a_function_exclude_each_other(make_plan):
    with pytest.raises(exception.ParamError, match=r"apply\(\) cannot follow add_ops\(\)"):
        make_plan().add_ops([operations.read("n")]).apply("module", "name")
    with pytest.raises(exception.ParamError, match=r"add_ops\(\) cannot follow apply\(\)"):
        make_plan().apply("module", "name").add_ops([operations.read("n")])


@pytest.mark.parametrize(
    ("ops", "message"),
    [
        (None, "ops is invalid: list must be a list of operations, not NoneType"),
        ((operations.read("n"),), "not tuple"),
        ([], "at least one operation"),
        ([operations.read("n"), 5], "operation 1: an operation must be a dict, not int"),
        ([{"op": 10**6, "bin": "n"}], "operation 0"),
        ([operations.write("n", {1.5: 1})], r"operation 0 \(write on bin 'n'\)"),
    ],
)
def test_wrong_operations_are_refused_when_they_are_chosen(make_plan, ops, message):
    plan = make_plan()
    with pytest.raises(exception.ParamError, match=message):
        plan.add_ops(ops)
    assert "operations" not in repr(plan)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((5, "f"), "module must be a str, not int"),
        (("", "f"), "module must not be empty"),
        (("m" * 128, "f"), "module must be at most 127 bytes"),
        (("m", None), "function must be a str, not NoneType"),
        (("m", ""), "function must not be empty"),
        (("m", "f\0"), "function must be at most 127 bytes without NUL"),
        (("m", "f", (1,)), "arguments must be a list, not tuple"),
        (("m", "f", [1, {1.5: 2}]), r"arguments\[1\] has a map key of type float"),
        (("m", "f", [object()]), r"arguments\[0\] is of type object"),
    ],
)
def test_wrong_functions_are_refused_when_they_are_chosen(make_plan, arguments, message):
    with pytest.raises(exception.ParamError, match=message):
        make_plan().apply(*arguments)


# ---- operations that read ----


def test_operations_that_read_choose_bins(records, make_plan):
    rows = make_plan().add_ops([operations.read("n"), operations.read("none"), operations.read("s")]).results()
    assert sorted((bins["n"], bins["s"]) for _, _, bins in rows) == [(n, "abc"[n % 3]) for n in range(COUNT)]


def test_operations_that_write_are_for_the_background(records, make_plan, client, namespace):
    plan = make_plan().add_ops([operations.read("n"), list_operations.list_append("l", 5)])
    with pytest.raises(exception.ParamError, match=r"ops write, .* execute_background\(\)"):
        plan.results()
    assert client.get((namespace, SET, 7))[2]["l"] == [7, 3]


def test_a_scan_with_a_function_runs_in_the_background(client, namespace):
    with pytest.raises(exception.ClientError, match=r"execute_background\(\)"):
        client.scan(namespace, SET).apply("module", "name").results()
