# SPDX-License-Identifier: Apache-2.0
"""What scans and queries do to the records that they find: operations and functions, chosen and refused."""

import copy
import time

import pytest

import aerospike
from aerospike import exception, predicates
from aerospike_helpers.expressions import base
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


@pytest.mark.sync_only("plans for asyncio are not copied")
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
        (None, "ops must be a list of operations, not NoneType"),
        ((operations.read("n"),), "not tuple"),
        ([], "ops must hold at least one operation"),
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
        (("m" * 64, "f"), "module must be at most 63 bytes"),
        (("m", None), "function must be a str, not NoneType"),
        (("m", ""), "function must not be empty"),
        (("m", "f\0"), "function must be at most 63 bytes without NUL"),
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


# ---- in the background ----


def wait(client, job, module=aerospike.JOB_QUERY):
    """What is told of a job once it is done."""
    deadline = time.monotonic() + 20
    while (told := client.job_info(job, module))["status"] == aerospike.JOB_STATUS_INPROGRESS:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    return told


def bins(client, namespace):
    rows = client.query(namespace, SET).results()
    return sorted((row[2] for row in rows), key=lambda found: found["n"])


def test_operations_on_all_records(records, make_plan, client, namespace):
    plan = make_plan().add_ops([operations.increment("n", 1000), list_operations.list_append("l", b"end")])
    plan.ttl = 500
    job = plan.execute_background()
    assert type(job) is int
    assert wait(client, job) == {
        "progress_pct": 100,
        "records_read": COUNT,
        "status": aerospike.JOB_STATUS_COMPLETED,
    }
    assert bins(client, namespace) == [
        {"n": n + 1000, "l": [n, n % 4, b"end"], "s": "abc"[n % 3]} for n in range(COUNT)
    ]
    assert 490 <= client.get((namespace, SET, 3))[1]["ttl"] <= 500


def test_a_job_runs_again_and_with_a_filter(records, make_plan, client, namespace):
    plan = make_plan().add_ops([operations.write("s", "new")])
    policy = {"expressions": base.LT(base.IntBin("n"), 20).compile()}
    for _ in range(2):
        assert wait(client, plan.execute_background(policy))["records_read"] == 20
    assert [found["s"] == "new" for found in bins(client, namespace)] == [True] * 20 + [False] * (COUNT - 20)


def test_records_that_refuse_do_not_count(records, make_plan, client, namespace):
    told = wait(client, make_plan().add_ops([operations.append("n", "x")]).execute_background())
    assert (told["records_read"], told["status"]) == (0, aerospike.JOB_STATUS_COMPLETED)
    assert bins(client, namespace) == [{"n": n, "l": [n, n % 4], "s": "abc"[n % 3]} for n in range(COUNT)]


def test_a_set_without_records(make_plan, client, namespace):
    client.truncate(namespace, SET, 0)
    assert wait(client, make_plan().add_ops([operations.touch()]).execute_background())["records_read"] == 0


def test_a_job_at_a_rate(records, make_plan, client):
    plan = make_plan().add_ops([operations.touch()])
    plan.records_per_second = 1
    job = plan.execute_background()
    told = client.job_info(job, aerospike.JOB_SCAN)
    assert (told["status"], told["progress_pct"] < 100) == (aerospike.JOB_STATUS_INPROGRESS, True)
    client.info_all(f"query-abort:id={job}\n")
    assert wait(client, job)["records_read"] < COUNT


@pytest.mark.parametrize("module", [aerospike.JOB_SCAN, aerospike.JOB_QUERY])
def test_a_job_that_nobody_remembers_is_done(client, module):
    expected = {"progress_pct": 0, "records_read": 0, "status": aerospike.JOB_STATUS_COMPLETED}
    assert client.job_info(12345, module) == expected
    assert client.job_info(job_id=2**64 - 1, module=module, policy={"timeout": 1000}) == expected


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((-1, "scan"), "job_id must be from 0 to"),
        ((2**64, "scan"), "job_id must be from 0 to"),
        (("1", "scan"), "job_id must be an int, not str"),
        ((1, "index"), r"module must be aerospike.JOB_SCAN or aerospike.JOB_QUERY, not 'index'"),
        ((1, None), "module must be a str"),
        ((1, "scan", 5), "policy must be a dict"),
        ((1, "scan", {"timeout": "x"}), "timeout is invalid"),
    ],
)
def test_misuse_of_job_info(client, arguments, message):
    with pytest.raises(exception.ParamError, match=message):
        client.job_info(*arguments)


def test_nothing_to_do_is_refused(client, namespace):
    with pytest.raises(exception.ParamError, match=r"needs add_ops\(\) or apply\(\)"):
        client.query(namespace, SET).execute_background()
    with pytest.raises(exception.UnsupportedFeature, match=r"needs add_ops\(\) or apply\(\)"):
        client.scan(namespace, SET).execute_background()


@pytest.mark.parametrize("ops", [[operations.read("n")], [operations.touch(), list_operations.list_size("l")]])
def test_operations_that_read_have_nowhere_to_go(make_plan, ops):
    with pytest.raises(exception.ParamError, match="ops read"):
        make_plan().add_ops(ops).execute_background()


def test_limits_that_do_not_limit_are_refused(make_plan, client, namespace):
    plan = make_plan().add_ops([operations.touch()])
    plan.max_records = 5
    with pytest.raises(exception.ParamError, match="max_records does not limit"):
        plan.execute_background()
    scan = client.scan(namespace, SET).add_ops([operations.touch()])
    with pytest.raises(exception.ParamError, match="max_records does not limit"):
        scan.execute_background({"max_records": 5})
    with pytest.raises(exception.ParamError, match="partition_filter"):
        scan.execute_background({"partition_filter": {"begin": 0, "count": 5}})


@pytest.mark.parametrize("policy", [5, {"total_timeout": "x"}, {"expressions": "x"}, {"ttl": []}])
def test_wrong_policies_are_refused(make_plan, policy):
    with pytest.raises(exception.ParamError):
        make_plan().add_ops([operations.touch()]).execute_background(policy)


def test_a_namespace_that_is_not_there(client):
    for plan in (client.scan("nosuch"), client.query("nosuch")):
        with pytest.raises(exception.NamespaceNotFound):
            plan.add_ops([operations.touch()]).execute_background()


def test_a_closed_client_says_so_first(config):
    client = aerospike.client(config)
    scan, query = client.scan("test"), client.query("test")
    client.close()
    for call in (
        scan.execute_background,
        query.execute_background,
        lambda: client.job_info("x", 5),
        lambda: client.scan_apply(5, 5, 5, 5),
        lambda: client.query_apply(5, 5, 5, 5, 5),
    ):
        with pytest.raises(exception.ClusterError):
            call()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((5, SET, "m", "f"), "namespace must be a str"),
        (("test", 5, "m", "f"), "set must be a str"),
        (("test", SET, 5, "f"), "module must be a str"),
        (("test", SET, "m", ""), "function must not be empty"),
        (("test", SET, "m", "f", (1,)), "args must be a list, not tuple"),
        (("test", SET, "m", "f", [{1.5: 1}]), r"args\[0\] has a map key"),
        (("test", SET, "m", "f", [], 5), "policy must be a dict"),
    ],
)
def test_misuse_of_functions_on_many_records(client, arguments, message):
    with pytest.raises(exception.ParamError, match=message):
        client.scan_apply(*arguments)
    where = predicates.equals("n", 1)
    with pytest.raises(exception.ParamError, match=message):
        client.query_apply(*arguments[:2], where, *arguments[2:])


def test_options_and_predicates_of_functions_on_many_records(client):
    with pytest.raises(exception.ParamError, match="options must be a dict"):
        client.scan_apply("test", SET, "m", "f", options=5)
    with pytest.raises(exception.ParamError, match="options has no key 'x'"):
        client.scan_apply("test", SET, "m", "f", options={"x": 1})
    for wrong in ((), None, "x", (1,)):
        with pytest.raises(exception.ParamError, match="predicate"):
            client.query_apply("test", SET, wrong, "m", "f")


# ---- functions in the background ----

MODULE = """
function tag(rec, name, value)
    rec[name] = value
    aerospike:update(rec)
end

function drop_odd(rec)
    if rec["n"] % 2 == 1 then aerospike:remove(rec) end
end

function fail_odd(rec)
    if rec["n"] % 2 == 1 then error("odd") end
    rec["n"] = -rec["n"]
    aerospike:update(rec)
end
"""


@pytest.fixture(scope="module")
def module(client, tmp_path_factory):
    """The name of a module that the server has."""
    path = tmp_path_factory.mktemp("lua") / "backgrounds.lua"
    path.write_text(MODULE)
    client.udf_put(path)
    yield "backgrounds"
    client.udf_remove("backgrounds.lua")


@pytest.fixture(params=["plan", "short"])
def call(request, make_plan, client, namespace):
    """Call a function on every record of the set, in both ways: what is told of the job."""

    def run(*function, policy=None):
        if request.param == "plan":
            return wait(client, make_plan().apply(*function).execute_background(policy))
        return wait(client, client.scan_apply(namespace, SET, *function, policy=policy), aerospike.JOB_SCAN)

    return run


def test_a_function_on_all_records(records, module, call, client, namespace):
    value = {"a": [1, b"x", None, 2.5], "b": "é"}
    assert call(module, "tag", ["tag", value])["records_read"] == COUNT
    assert [found["tag"] for found in bins(client, namespace)] == [value] * COUNT


def test_a_function_that_removes(records, module, call, client, namespace):
    policy = {"expressions": base.LT(base.IntBin("n"), 20).compile()}
    assert call(module, "drop_odd", policy=policy)["records_read"] == 20
    assert [found["n"] for found in bins(client, namespace)] == [n for n in range(COUNT) if n % 2 == 0 or n >= 20]


def test_records_on_which_a_function_fails_stay(records, module, call, client, namespace):
    assert call(module, "fail_odd")["records_read"] == COUNT // 2
    assert [found["n"] for found in bins(client, namespace)] == sorted(n if n % 2 else -n for n in range(COUNT))


@pytest.mark.parametrize("missing", [("nosuch", "tag"), ("backgrounds", "nosuch")])
def test_a_function_that_is_not_there_does_nothing(records, module, call, client, namespace, missing):
    assert call(*missing) == {"progress_pct": 100, "records_read": 0, "status": aerospike.JOB_STATUS_COMPLETED}
    assert len(bins(client, namespace)) == COUNT
