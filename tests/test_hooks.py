# SPDX-License-Identifier: Apache-2.0
"""Hooks: who is told of which command, and what; the log of slow commands."""

import contextlib
import gc
import logging
import os
import sys
import threading
import time
import types
import weakref

import fix_proxy
import pytest

import aerospike
from aerospike import embedded, exception
from aerospike_helpers.batch import records as batch_records
from aerospike_helpers.operations import operations


@pytest.fixture
def unraisable(monkeypatch):
    """What went to sys.unraisablehook."""
    seen = []
    monkeypatch.setattr(sys, "unraisablehook", lambda what: seen.append(what.exc_value))
    return seen


# ---- what is told ----


def test_start_and_end_are_told_with_one_report(watched, recorder, make_key):
    key = make_key()
    watched.put(key, {"n": 1})
    (start, first, _), (end, second, _) = recorder.told
    assert (start, end) == ("start", "end")
    assert first is second
    assert (first.command, first.namespace, first.set) == ("put", key[0], key[1])
    assert first.digest == bytes(aerospike.calc_digest(*key))
    assert (first.code, first.error, first.in_doubt, first.records) == (0, None, False, None)
    assert first.duration > 0
    assert repr(first) == "<aerospike.CommandReport put, done>"


def test_at_the_start_the_end_is_not_known(client, connect, make_key):
    seen = []

    class Hook:
        def start(self, report):
            seen.append((report.duration, report.code, report.error, report.node, report.nodes, report.retries))
            seen.append((report.digest, report.address))
            seen.append(repr(report))

    watched = connect()
    watched.add_hook(Hook())
    watched.exists(make_key())
    assert seen == [(None,) * 6, (None,) * 2, "<aerospike.CommandReport exists, under way>"]


def test_an_error_is_told_as_it_is_raised(watched, recorder, make_key):
    with pytest.raises(exception.RecordNotFound) as caught:
        watched.get(make_key())
    assert recorder.last.error is caught.value
    assert recorder.last.code == caught.value.code == 2
    assert caught.value.key is not None
    assert repr(recorder.last) == "<aerospike.CommandReport get, failed>"


def calls(client, namespace, set_name):
    """``{name in reports: (call, namespace, set, records)}``."""
    key, other = (namespace, set_name, 1), (namespace, set_name, 2)
    rows = batch_records.BatchRecords([batch_records.Read(key, None)])
    return {
        "put": (lambda: client.put(key, {"n": 1, "s": "a"}), namespace, set_name, None),
        "get": (lambda: client.get(key), namespace, set_name, None),
        "select": (lambda: client.select(key, ["n"]), namespace, set_name, None),
        "exists": (lambda: client.exists(key), namespace, set_name, None),
        "touch": (lambda: client.touch(key), namespace, set_name, None),
        "append": (lambda: client.append(key, "s", "b"), namespace, set_name, None),
        "prepend": (lambda: client.prepend(key, "s", "b"), namespace, set_name, None),
        "increment": (lambda: client.increment(key, "n", 1), namespace, set_name, None),
        "remove_bin": (lambda: client.remove_bin(key, ["s"]), namespace, set_name, None),
        "operate": (lambda: client.operate(key, [operations.read("n")]), namespace, set_name, None),
        "operate_ordered": (lambda: client.operate_ordered(key, [operations.read("n")]), namespace, set_name, None),
        "batch_read": (lambda: client.batch_read([key, other]), namespace, set_name, 2),
        "batch_write": (lambda: client.batch_write(rows), namespace, set_name, 1),
        "batch_operate": (lambda: client.batch_operate([key], [operations.touch()]), namespace, set_name, 1),
        "batch_remove": (lambda: client.batch_remove([other, (namespace, "other", 1)]), namespace, None, 2),
        "query": (lambda: client.query(namespace, set_name).results(), namespace, set_name, 1),
        "scan": (lambda: client.scan(namespace, set_name).results(), namespace, set_name, 1),
        "query_background": (
            lambda: client.query(namespace, set_name).add_ops([operations.touch()]).execute_background(),
            *(namespace, set_name, None),
        ),
        "scan_background": (
            lambda: client.scan(namespace, set_name).add_ops([operations.touch()]).execute_background(),
            *(namespace, set_name, None),
        ),
        "remove": (lambda: client.remove(key), namespace, set_name, None),
        "index_single_value_create": (
            lambda: client.index_single_value_create(
                namespace, set_name, "n", aerospike.INDEX_NUMERIC, "suite_hooks_index"
            ),
            *(namespace, set_name, None),
        ),
        "index_remove": (lambda: client.index_remove(namespace, "suite_hooks_index"), namespace, None, None),
        "info_all": (lambda: client.info_all("namespaces"), None, None, None),
        "info_random_node": (lambda: client.info_random_node("namespaces"), None, None, None),
        "udf_list": (client.udf_list, None, None, None),
        "truncate": (lambda: client.truncate(namespace, set_name, 0), namespace, set_name, None),
    }


def test_commands_of_all_kinds_are_told_by_their_names(watched, recorder, namespace):
    for name, (call, *about) in calls(watched, namespace, "suite-hooks").items():
        recorder.told.clear()
        call()
        assert [what for what, _, _ in recorder.told] == ["start", "end"], name
        report = recorder.last
        assert [report.command, report.namespace, report.set, report.records] == [name, *about]
        assert report.code == 0, name


def test_what_asks_no_server_is_not_told(watched, recorder):
    watched.get_nodes(), watched.get_node_names(), watched.get_stats(), watched.shm_key(), watched.is_connected()
    watched.get_policies(), watched.query("test", "suite").where, watched.get_key_digest("test", "suite", 1)
    assert recorder.told == []


def test_what_is_refused_is_not_told(watched, recorder, make_key):
    with pytest.raises(exception.ParamError):
        watched.get(5)
    with pytest.raises(exception.ClientError):
        watched.put(make_key(), {"n": object()})
    watched.close()
    with pytest.raises(exception.ClusterError):
        watched.get(make_key())
    assert recorder.told == []


def test_notes_are_the_hooks_own(connect, make_key):
    seen = []

    class Hook:
        def start(self, report):
            report.notes[self] = "begun"

        def end(self, report):
            seen.append(report.notes.pop(self))

    watched = connect()
    hooks = [Hook(), Hook()]
    for hook in hooks:
        watched.add_hook(hook)
    watched.exists(make_key())
    assert seen == ["begun", "begun"]


# ---- records that come one after another ----


@pytest.fixture
def plan(watched, make_key):
    """A query of five records."""
    keys = [make_key() for _ in range(5)]
    set_name = f"suite-hooks-{os.getpid()}"
    for number in range(5):
        watched.put((keys[0][0], set_name, number), {"n": number})
    yield watched.query(keys[0][0], set_name)
    watched.truncate(keys[0][0], set_name, 0)


def test_a_query_ends_with_its_last_record(plan, recorder):
    recorder.told.clear()
    seen = []
    plan.foreach(lambda record: seen.append(len(recorder.ended)))
    assert seen == [0] * 5
    assert (recorder.last.command, recorder.last.records, recorder.last.code) == ("query", 5, 0)


def test_a_query_that_its_callback_stops(plan, recorder):
    plan.foreach(lambda record: False)
    assert (recorder.last.records, recorder.last.code) == (1, 0)


def test_what_a_callback_raises_has_no_code(plan, recorder):
    def fail(record):
        raise KeyError("mine")

    with pytest.raises(KeyError) as caught:
        plan.foreach(fail)
    assert (recorder.last.records, recorder.last.code) == (0, None)
    assert recorder.last.error is caught.value


def test_an_iterator_ends_with_its_last_record(plan, recorder):
    recorder.told.clear()
    records = iter(plan)
    assert [what for what, _, _ in recorder.told] == ["start"]
    for _ in range(5):
        next(records)
    assert recorder.ended == []
    assert next(records, None) is None
    assert (recorder.last.command, recorder.last.records, recorder.last.code) == ("query", 5, 0)
    records.close()
    assert len(recorder.ended) == 1


@pytest.mark.parametrize("end", ["close", "with", "forget"])
def test_an_iterator_that_is_left_ends(plan, recorder, end):
    recorder.told.clear()
    records = iter(plan)
    next(records)
    if end == "close":
        records.close()
    elif end == "with":
        with records:
            pass
    del records
    assert [report.records for report in recorder.ended] == [1]


def test_an_iterator_of_a_closed_client_ends_with_its_error(plan, watched, recorder):
    recorder.told.clear()
    records = iter(plan)
    watched.close()
    with pytest.raises(exception.ClusterError) as caught:
        next(records)
    assert recorder.last.error is caught.value
    watched.connect()


def test_an_iterator_keeps_the_hooks_that_it_began_with(plan, watched, recorder):
    recorder.told.clear()
    records = iter(plan)
    watched.remove_hook(recorder)
    list(records)
    assert [report.records for report in recorder.ended] == [5]


# ---- several hooks ----


class Named:
    def __init__(self, name, told):
        self.name, self.told = name, told

    def start(self, report):
        self.told.append(f"{self.name} start")

    def end(self, report):
        self.told.append(f"{self.name} end")


def test_hooks_nest(connect, make_key):
    told = []
    watched, process = connect(), Named("process", told)
    for name in ("a", "b"):
        watched.add_hook(Named(name, told))
    key = make_key()
    aerospike.add_hook(process)
    try:
        watched.exists(key)
    finally:
        aerospike.remove_hook(process)
    assert told == ["process start", "a start", "b start", "b end", "a end", "process end"]


def test_hooks_of_the_process_are_told_of_every_client(client, connect, recorder, make_key):
    key, other = make_key(), connect()
    aerospike.add_hook(recorder)
    try:
        client.exists(key)
        other.exists(key)
    finally:
        aerospike.remove_hook(recorder)
    client.exists(key)
    assert [report.command for report in recorder.ended] == ["exists", "exists"]


def test_a_hook_is_added_once(watched, recorder, make_key):
    watched.add_hook(recorder)
    watched.exists(make_key())
    assert len(recorder.told) == 2
    watched.remove_hook(recorder)
    watched.exists(make_key())
    assert len(recorder.told) == 2


@pytest.mark.parametrize("place", range(3))
def test_each_of_several_can_be_removed(connect, make_key, place):
    told = []
    hooks = [Named(name, told) for name in "abc"]
    watched = connect()
    for hook in hooks:
        watched.add_hook(hook)
    watched.remove_hook(hooks[place])
    watched.exists(make_key())
    assert [line[0] for line in told if line.endswith("start")] == [h.name for h in hooks if h is not hooks[place]]


def test_a_function_is_told_of_the_end(connect, make_key):
    reports = []
    watched = connect()
    watched.add_hook(reports.append)
    watched.exists(make_key())
    assert [report.code for report in reports] == [0]


class OnlyEnd:
    start = None

    def __init__(self, told):
        self.end = told.append


def test_a_method_may_be_missing_or_none(connect, make_key):
    told = []
    watched = connect()
    watched.add_hook(OnlyEnd(told))
    watched.exists(make_key())
    assert len(told) == 1


class Wrong:
    start = 5


@pytest.mark.parametrize(
    ("hook", "message"),
    [
        (5, "hook must be a callable or have a method start or end, not int"),
        (None, "hook must be a callable or have a method start or end, not NoneType"),
        (Wrong(), r"hook\.start must be a method, not int"),
    ],
    ids=["number", "None", "start"],
)
def test_what_is_no_hook(connect, hook, message):
    for owner in (connect(), aerospike):
        with pytest.raises(exception.ParamError, match=message):
            owner.add_hook(hook)
        with pytest.raises(exception.ParamError, match="hook was not added"):
            owner.remove_hook(hook)


def test_what_looking_for_a_method_raises_comes_out(connect):
    class Moody:
        @property
        def end(self):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        connect().add_hook(Moody())


def test_a_report_cannot_be_made_or_changed(watched, recorder, make_key):
    watched.exists(make_key())
    with pytest.raises(TypeError):
        aerospike.CommandReport()
    with pytest.raises(AttributeError):
        recorder.last.code = 5


# ---- what hooks do ----


def test_what_a_hook_raises_changes_nothing(connect, make_key, unraisable):
    class Bad:
        def start(self, report):
            raise KeyError("start")

        def end(self, report):
            raise KeyError("end")

    watched, told, key = connect(), [], make_key()
    watched.add_hook(told.append)
    watched.add_hook(Bad())
    watched.put(key, {"n": 1})
    assert watched.get(key)[2] == {"n": 1}
    with pytest.raises(exception.RecordNotFound):
        watched.get(make_key())
    assert [error.args[0] for error in unraisable] == ["start", "end"] * 3
    assert [report.code for report in told] == [0, 0, 2]


def test_a_hook_may_use_the_client_and_is_not_told_of_it(watched, recorder, make_key):
    key = make_key()

    class Counting:
        def start(self, report):
            watched.increment(key, "starts", 1)

        def end(self, report):
            watched.increment(key, "ends", 1)

    watched.add_hook(Counting())
    watched.exists(key)
    watched.exists(key)
    assert [report.command for report in recorder.ended] == ["exists", "exists"]
    assert watched.get(key)[2] == {"starts": 3, "ends": 2}


@pytest.mark.parametrize("when", ["start", "end"])
def test_a_hook_finds_the_connection_free(connect, namespace, when):
    watched = connect(max_conns_per_node=1, connection_wait_ms=60_000)
    answers = []
    watched.add_hook(types.SimpleNamespace(**{when: lambda report: answers.append(watched.info_all("namespaces"))}))
    watched.index_single_value_create(
        namespace, "suite-hooks", "n", aerospike.INDEX_NUMERIC, "suite_hooks_free", policy={"timeout": 30_000}
    )
    watched.index_remove(namespace, "suite_hooks_free")
    assert len(answers) == 2


def test_a_hook_may_remove_itself_and_close_the_client(connect, make_key):
    told = []

    class Once:
        def start(self, report):
            watched.remove_hook(self)
            watched.close()

        def end(self, report):
            told.append(report.code)

    watched = connect()
    watched.add_hook(Once())
    with pytest.raises(exception.ClusterError):
        watched.exists(make_key())
    watched.connect()
    watched.exists(make_key())
    assert told == [exception.ClusterError.code]


def test_hooks_run_on_the_thread_of_the_command(watched, recorder, make_key):
    def work():
        for _ in range(20):
            watched.exists(make_key())

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    idents = {thread.ident for thread in threads}
    for thread in threads:
        thread.join()
    assert len(recorder.told) == 160
    assert {ident for _, _, ident in recorder.told} <= idents | {threading.get_ident()}
    starts = {id(report): ident for what, report, ident in recorder.told if what == "start"}
    assert all(starts[id(report)] == ident for what, report, ident in recorder.told if what == "end")


@pytest.mark.forks
def test_a_child_process_tells_its_own(watched, recorder, make_key):
    records = iter(watched.query(make_key()[0], "suite-hooks"))
    recorder.told.clear()
    key = make_key()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            del records
            watched.exists(key)
            status = 0 if [report.command for report in recorder.ended] == ["exists"] else 2
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert recorder.told == []
    records.close()
    assert len(recorder.ended) == 1


def test_hooks_stay_when_a_client_connects_again(watched, recorder, make_key):
    watched.close()
    watched.connect()
    watched.exists(make_key())
    assert len(recorder.ended) == 1


def test_a_client_and_its_hook_may_hold_each_other(connect, hosts):
    class Holder:
        def end(self, report):
            self.report = report

    client = aerospike.client({"hosts": hosts})
    holder = Holder()
    holder.client = client
    client.add_hook(holder)
    client.exists(("test", "suite", "hooks"))
    holder.report.notes["holder"] = holder
    gone = weakref.ref(holder)
    client.close()
    del client, holder
    gc.collect()
    assert gone() is None


# ---- the log of slow commands ----


def slow_lines(caplog):
    return [record for record in caplog.records if record.getMessage().startswith("slow command: ")]


def test_a_slow_command_is_logged(proxy, connect, make_key, caplog):
    watched, key = connect(hosts=proxy.hosts, slow_log_ms=100), make_key()
    proxy.harm = fix_proxy.late
    watched.put(key, {"n": 1})
    (record,) = slow_lines(caplog)
    assert (record.name, record.levelno) == ("aerospike", logging.WARNING)
    message = record.getMessage()
    assert message.startswith("slow command: put took ")
    assert f"namespace={key[0]} set={key[1]} digest={aerospike.calc_digest(*key).hex()}" in message
    assert str(key[2]) not in message.partition("digest")[0]
    assert record.report.command == "put"
    if sys.platform != "darwin":
        assert f"node={watched.get_node_names()[0]['node_name']}" in message


def test_a_slow_command_that_fails_is_logged_without_its_text(proxy, connect, make_key, caplog):
    watched = connect(hosts=proxy.hosts, slow_log_ms=100)
    proxy.harm = fix_proxy.late
    with pytest.raises(exception.RecordNotFound):
        watched.get((make_key()[0], "suite", "a name that nobody knows"))
    (record,) = slow_lines(caplog)
    assert "get failed with RecordNotFound (code 2), took" in record.getMessage()
    assert "a name that nobody knows" not in record.getMessage()


def test_a_slow_query_is_logged(connect, make_key, caplog):
    watched, key = connect(slow_log_ms=20), make_key()
    watched.put(key, {"n": 1})
    caplog.clear()
    plan = watched.query(*key[:2])
    plan.max_records = 1
    plan.foreach(lambda record: time.sleep(0.03))
    for _ in plan:
        time.sleep(0.03)
    messages = [record.getMessage() for record in slow_lines(caplog)]
    assert len(messages) == 2
    assert all(message.startswith("slow command: query took ") for message in messages)
    assert all("records=1" in message for message in messages)


@pytest.mark.skipif(sys.platform == "darwin", reason="its linker cannot wrap: the nodes are not known")
@pytest.mark.embedded_only("a cluster of its own")
def test_a_slow_command_tells_all_nodes(caplog):
    with embedded.Server(nodes=2) as server, aerospike.client({**server.config, "slow_log_ms": 5}) as watched:
        with server.fault("delay", commands="query", delay_ms=10):
            watched.query("test", "suite").results()
        names = sorted(node["node_name"] for node in watched.get_node_names())
    (message,) = [record.getMessage() for record in slow_lines(caplog) if record.report.command == "query"]
    assert sorted(message.partition("nodes=")[2].split()[0].split(",")) == names


@pytest.mark.parametrize("settings", [{}, {"slow_log_ms": 0}, {"slow_log_ms": 2**32 - 1}], ids=str)
def test_nothing_else_is_logged(connect, make_key, caplog, settings):
    watched, key = connect(**settings), make_key()
    watched.put(key, {"n": 1})
    plan = watched.query(*key[:2])
    plan.max_records = 1
    plan.foreach(lambda record: time.sleep(0.03))
    assert slow_lines(caplog) == []


@contextlib.contextmanager
def logged_to(handler):
    logging.getLogger("aerospike").addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger("aerospike").removeHandler(handler)


def test_a_log_handler_may_use_the_client(proxy, connect, make_key, caplog):
    watched, key = connect(hosts=proxy.hosts, slow_log_ms=100), make_key()

    class Handler(logging.Handler):
        def emit(self, record):
            watched.exists(key)

    with logged_to(Handler()):
        proxy.harm = fix_proxy.late
        watched.put(key, {"n": 1})
    assert len(slow_lines(caplog)) == 1


def test_what_a_log_handler_raises_changes_nothing(proxy, connect, make_key, unraisable):
    watched, key = connect(hosts=proxy.hosts, slow_log_ms=100), make_key()

    class Handler(logging.Handler):
        def emit(self, record):
            raise KeyError("handler")

    with logged_to(Handler()):
        proxy.harm = fix_proxy.late
        watched.put(key, {"n": 1})
    assert [error.args for error in unraisable] == [("handler",)]


@pytest.mark.parametrize("bad", [-1, 2**32, "50", 1.5, [], None], ids=repr)
def test_a_bad_slow_log_ms(hosts, bad):
    if bad is None:
        aerospike.client({"hosts": hosts, "slow_log_ms": None}).close()
        return
    with pytest.raises(exception.ParamError, match=r"config\['slow_log_ms'\]"):
        aerospike.client({"hosts": hosts, "slow_log_ms": bad})
