# SPDX-License-Identifier: Apache-2.0
"""What the client counts, and tells to files and listeners."""

import gc
import os
import signal
import sys
import threading
import time
import weakref

import pytest
from children import run_program

import aerospike
from aerospike import embedded, exception
from aerospike_helpers import metrics
from aerospike_helpers.expressions import IntBin
from aerospike_helpers.metrics import MetricsListeners, MetricsPolicy

SOON = {"tend_interval": 250}


class Heard:
    """Listeners that note what they are told: ``[(name, argument)]``."""

    def __init__(self, **instead):
        self.events = []
        self.threads = []
        functions = {
            name: instead.get(name, self.note(name)) for name in ("enable", "snapshot", "node_close", "disable")
        }
        self.listeners = MetricsListeners(**{f"{name}_listener": function for name, function in functions.items()})

    def note(self, name):
        def listener(*arguments):
            self.threads.append(threading.current_thread())
            self.events.append((name, *arguments))

        return listener

    def policy(self, **settings):
        return MetricsPolicy(self.listeners, **{"interval": 1, **settings})

    @property
    def names(self):
        return [event[0] for event in self.events]

    def wait(self, name, count=1):
        wait_for(lambda: self.names.count(name) >= count)
        return [event[1] for event in self.events if event[0] == name][-1]


def wait_for(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def serving():
    return [thread for thread in threading.enumerate() if thread.name == "aerospike-metrics"]


@pytest.fixture
def unraisable(monkeypatch):
    caught = []
    monkeypatch.setattr(sys, "unraisablehook", lambda error: caught.append(error.exc_value))
    return caught


# ---- as it stands ----


def test_stats(connect, make_key):
    client = connect()
    client.put(make_key(), {"a": 1})
    stats = client.get_stats()
    assert isinstance(stats, metrics.ClusterStats)
    assert (stats.retry_count, stats.thread_pool_queued_tasks, stats.recover_queue_size) == (0, 0, 0)
    assert [(node.name, node.address, node.port) for node in stats.nodes] == [
        (node["node_name"], node["address"], node["port"]) for node in client.get_node_names()
    ]
    node = stats.nodes[0]
    assert isinstance(node, metrics.NodeStats)
    assert isinstance(node.conns, metrics.ConnectionStats)
    assert node.conns.in_use == 0
    assert node.conns.opened - node.conns.closed >= node.conns.in_pool
    assert sum(node.conns.in_pool for node in stats.nodes) >= 1
    assert repr(node).startswith(f"NodeStats(name={node.name!r}, address=")


def test_stats_have_every_attribute_that_the_classes_tell(connect):
    stats = connect().get_stats()
    for thing in (stats, stats.asyncio, stats.nodes[0], stats.nodes[0].conns):
        assert vars(thing).keys() == type(thing).__annotations__.keys()


def test_errors_are_counted(connect, make_key):
    client, key = connect(), make_key()
    client.put(key, {"a": 1})
    before = sum(node.error_count for node in client.get_stats().nodes)
    with pytest.raises(exception.BinIncompatibleType):
        client.append(key, "a", "x")
    assert sum(node.error_count for node in client.get_stats().nodes) == before + 1


def test_a_closed_client_has_no_stats(connect):
    client = connect()
    client.close()
    for call in (client.get_stats, client.enable_metrics, client.disable_metrics):
        with pytest.raises(exception.ClusterError, match="closed"):
            call()


# ---- listeners ----


def test_listeners_hear_of_the_begin_of_intervals_and_of_the_end(connect, make_key):
    client, heard = connect(**SOON), Heard()
    assert client.enable_metrics(heard.policy()) is None
    assert heard.events == [("enable",)]
    client.put(make_key(), {"a": 1})
    wait_for(lambda: "snapshot" in heard.names and heard.events[-1][1].command_count >= 1)
    assert client.disable_metrics() is None
    assert heard.names[-1] == "disable"
    assert set(heard.names[1:-1]) == {"snapshot"}
    assert heard.threads[0] is heard.threads[-1] is threading.current_thread()
    assert {thread.name for thread in heard.threads[1:-1]} == {"aerospike-metrics"}


def test_what_they_are_told(connect, make_key, namespace):
    client, heard, key = connect(**SOON, app_id="mine"), Heard(), make_key()
    client.enable_metrics(heard.policy(latency_columns=4, latency_shift=2))
    client.put(key, {"a": 1})
    client.get(key)
    client.disable_metrics()
    cluster = heard.events[-1][1]
    node = next(node for node in cluster.nodes if any(each.ns == namespace for each in node.metrics))
    counts = next(each for each in node.metrics if each.ns == namespace)
    for thing in (cluster, node, node.conns, counts):
        assert vars(thing).keys() == type(thing).__annotations__.keys()
    assert (cluster.cluster_name, cluster.app_id, cluster.invalid_node_count) == (None, "mine", 0)
    assert (cluster.command_count, cluster.retry_count) == (2, 0)
    assert [len(counts.write_latency), sum(counts.write_latency), sum(counts.read_latency)] == [4, 1, 1]
    assert (sum(counts.batch_latency), sum(counts.query_latency)) == (0, 0)
    assert counts.bytes_in > 0
    assert counts.bytes_out > counts.bytes_in
    assert isinstance(cluster, metrics.Cluster)
    assert isinstance(node, metrics.Node)
    assert isinstance(counts, metrics.NamespaceMetrics)


def test_the_user_is_the_application_where_it_has_no_name(connect):
    client, heard = connect(), Heard()
    client.enable_metrics(heard.policy())
    client.disable_metrics()
    assert heard.events[-1][1].app_id == "not-set"


def test_closing_disables(connect):
    client, heard = connect(), Heard()
    client.enable_metrics(heard.policy(interval=1000))
    client.close()
    assert heard.names == ["enable", "disable"]
    wait_for(lambda: not serving())


def test_a_client_that_is_dropped_disables(config):
    client, heard = aerospike.client(config), Heard()
    client.enable_metrics(heard.policy(interval=1000))
    del client
    gc.collect()
    heard.wait("disable")
    wait_for(lambda: not serving())


def test_to_enable_again_disables_first(connect):
    client, first, second = connect(), Heard(), Heard()
    client.enable_metrics(first.policy(interval=1000))
    client.enable_metrics(second.policy(interval=1000, latency_columns=3))
    assert (first.names, second.names) == (["enable", "disable"], ["enable"])
    client.enable_metrics(second.policy(interval=1000))
    assert second.names == ["enable", "disable", "enable"]


def test_to_disable_what_is_not_enabled_is_no_mistake(connect):
    client, heard = connect(), Heard()
    client.disable_metrics()
    client.enable_metrics(heard.policy(interval=1000))
    client.disable_metrics()
    client.disable_metrics()
    assert heard.names == ["enable", "disable"]


def test_listeners_are_let_go(connect):
    client, heard = connect(), Heard()
    gone = weakref.ref(heard)
    client.enable_metrics(heard.policy(interval=1000))
    del heard
    gc.collect()
    assert gone() is not None
    client.disable_metrics()
    gc.collect()
    assert gone() is None


@pytest.mark.embedded_only("a node goes away")
def test_a_node_that_leaves():
    heard = Heard()
    with embedded.Server() as server:
        client = aerospike.client({**server.config, **SOON})
        port = server.port
        client.enable_metrics(heard.policy(interval=1000))
    node = heard.wait("node_close")
    assert isinstance(node, metrics.Node)
    assert node.port == port
    client.close()
    assert heard.names == ["enable", "node_close", "disable"]


@pytest.mark.parametrize("name", ["enable", "snapshot", "disable"])
def test_what_a_listener_raises_goes_to_the_unraisable_hook(connect, unraisable, name):
    def fail(*_arguments):
        raise KeyError(name)

    client, heard = connect(**SOON), Heard(**{name: fail})
    client.enable_metrics(heard.policy())
    wait_for(lambda: name == "disable" or unraisable or "snapshot" in heard.names)
    client.disable_metrics()
    assert client.is_connected()
    assert [error.args for error in unraisable][:1] == [(name,)]


def test_an_interrupt_in_a_listener_comes_out_later(connect, unraisable):
    def interrupt():
        raise KeyboardInterrupt

    client = connect()

    def enable():
        client.enable_metrics(Heard(enable=interrupt).policy())
        for _ in range(1000):
            time.sleep(0.01)

    with pytest.raises(KeyboardInterrupt):
        enable()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert isinstance(unraisable[0], KeyboardInterrupt)


def test_a_listener_may_use_its_client(connect, make_key):
    client, key, found = connect(**SOON), make_key(), []
    client.put(key, {"a": 1})
    heard = Heard(snapshot=lambda cluster: found.append((client.get(key)[2], client.get_stats().retry_count)))
    client.enable_metrics(heard.policy())
    wait_for(lambda: found)
    assert found[0] == ({"a": 1}, 0)


@pytest.mark.parametrize("name", ["enable", "snapshot"])
def test_a_listener_may_close_its_client(connect, name):
    client = connect(**SOON)
    heard = Heard(**{name: lambda *_arguments: client.close()})
    client.enable_metrics(heard.policy())
    heard.wait("disable")
    with pytest.raises(exception.ClusterError):
        client.get_stats()
    wait_for(lambda: not serving())


def test_a_listener_may_enable_other_metrics(connect):
    client, others = connect(**SOON), Heard()
    heard = Heard(snapshot=lambda cluster: client.enable_metrics(others.policy(interval=1000)))
    client.enable_metrics(heard.policy())
    wait_for(lambda: others.names == ["enable"])
    assert heard.names == ["enable", "disable"]


def test_a_slow_listener_holds_up_nothing(connect, make_key):
    client, begun, go_on = connect(**SOON), threading.Event(), threading.Event()

    def wait(_cluster):
        begun.set()
        go_on.wait(30)

    heard = Heard(snapshot=wait)
    client.enable_metrics(heard.policy())
    assert begun.wait(20)
    client.put(make_key(), {"a": 1})
    client.disable_metrics()  # heard of when the other is done
    client.close()
    assert heard.names == ["enable"]
    go_on.set()
    heard.wait("disable")


def test_who_enables_metrics_does_not_stay_to_serve_them(connect):
    client, stayed = connect(**SOON), []

    def slow(_cluster):
        if threading.current_thread() is threading.main_thread() and len(stayed) < 10:
            stayed.append(True)
            time.sleep(0.3)  # longer than it takes until the next one comes

    heard = Heard(enable=lambda: time.sleep(0.6), snapshot=slow)
    client.enable_metrics(heard.policy())
    assert len(stayed) < 10
    client.disable_metrics()
    heard.wait("disable")


def test_threads_that_enable_and_disable_beside_commands(connect, make_key):
    client, key, stop, unexpected = connect(**SOON), make_key(), threading.Event(), []
    listened = [Heard() for _ in range(3)]

    def run(work):
        try:
            while not stop.is_set():
                work()
        except BaseException as error:
            unexpected.append(error)

    def work():
        client.put(key, {"a": 1})
        client.get(key)

    def enabler(place):
        def enable():
            client.enable_metrics(listened[place].policy(latency_columns=3 + place))
            if place == 0:
                client.disable_metrics()

        return enable

    threads = [threading.Thread(target=run, args=(each,)) for each in (work, enabler(0), enabler(1), enabler(2))]
    for thread in threads:
        thread.start()
    time.sleep(1)
    stop.set()
    for thread in threads:
        thread.join()
    client.close()
    assert unexpected == []
    wait_for(lambda: not serving())
    for heard in listened:
        assert heard.names.count("enable") == heard.names.count("disable") > 0


@pytest.mark.forks
def test_a_child_process_has_none_until_it_enables_them(connect):
    client, heard = connect(**SOON), Heard()
    client.enable_metrics(heard.policy())
    heard.wait("snapshot")
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            heard.events.clear()
            client.get_stats()
            client.enable_metrics(heard.policy())
            client.disable_metrics()
            client.close()
            names = [name for name in heard.names if name != "snapshot"]
            code = 0 if names == ["enable", "disable"] else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    heard.wait("snapshot", heard.names.count("snapshot") + 1)


@pytest.mark.parametrize(
    "last",
    [
        "",
        "client.close()",
        "del client",
        "busy.wait(10)",
        "threading.Thread(target=client.close).start()",
        "atexit.register(client.close)",
    ],
)
def test_the_end_of_the_program(hosts, last):
    program = f"""
        import atexit, threading, time
        import aerospike
        from aerospike_helpers.metrics import MetricsListeners, MetricsPolicy
        busy = threading.Event()
        def slow(cluster):
            busy.set()
            time.sleep(0.3)
        client = aerospike.client({{"hosts": {hosts!r}, "tend_interval": 250}})
        listeners = MetricsListeners(lambda: print("enabled"), slow, print, lambda cluster: None)
        client.enable_metrics(MetricsPolicy(listeners, interval=1))
        {last}
    """
    done = run_program(program)
    assert (done.returncode, done.stdout, done.stderr) == (0, "enabled\n", "")


# ---- files ----


def lines_of(folder):
    return [line for file in sorted(folder.glob("metrics-*.log")) for line in file.read_text().splitlines()]


def test_files(connect, tmp_path, make_key, namespace):
    client = connect(**SOON)
    policy = MetricsPolicy(report_dir=str(tmp_path), interval=1, latency_columns=3, latency_shift=2)
    policy.labels = {"zone": "a", "colour": "blue"}
    client.enable_metrics(policy)
    client.put(make_key(), {"a": 1})
    wait_for(lambda: len(lines_of(tmp_path)) >= 2)
    client.disable_metrics()
    lines = lines_of(tmp_path)
    assert "header(2)" in lines[0]
    assert "latency(3,2)" in lines[0]
    assert "[[zone,a],[colour,blue]]" in lines[-1]
    assert f"{namespace},0,0,0," in lines[-1]
    client.put(make_key(), {"a": 1})
    assert lines_of(tmp_path) == lines


def test_the_policy_of_the_configuration_is_the_default(connect, tmp_path):
    client = connect(policies={"metrics": MetricsPolicy(report_dir=str(tmp_path), labels={"from": "config"})})
    client.enable_metrics()
    client.disable_metrics()
    assert "[from,config]" in lines_of(tmp_path)[-1]


def test_without_a_policy_files_go_to_the_working_directory(connect, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    client = connect()
    client.enable_metrics(None)
    client.close()
    assert "latency(7,1)" in lines_of(tmp_path)[0]


def test_files_after_listeners_and_back(connect, tmp_path):
    client, heard = connect(), Heard()
    client.enable_metrics(heard.policy(interval=1000))
    client.enable_metrics(MetricsPolicy(report_dir=str(tmp_path)))
    assert heard.names == ["enable", "disable"]
    client.enable_metrics(heard.policy(interval=1000))
    assert len(lines_of(tmp_path)) == 2
    client.disable_metrics()
    assert heard.names == ["enable", "disable"] * 2


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"report_dir": "/no/such/folder"}, "report_dir '/no/such/folder' cannot be written to: No such file"),
        ({"report_dir": __file__}, "report_dir .* cannot be written to"),
        ({"report_size_limit": 5}, "report_size_limit 5 must be at least 1000000"),
    ],
)
def test_files_that_cannot_be(connect, tmp_path, settings, text):
    client = connect()
    with pytest.raises(exception.ClientError, match=text) as caught:
        client.enable_metrics(MetricsPolicy(**{"report_dir": str(tmp_path), **settings}))
    assert caught.value.code == -1
    client.enable_metrics(MetricsPolicy(report_dir=str(tmp_path)))


# ---- misuse ----


@pytest.mark.parametrize(
    ("policy", "text"),
    [
        (5, "policy must be an aerospike_helpers.metrics.MetricsPolicy, not int"),
        ({"interval": 5}, "policy must be an aerospike_helpers.metrics.MetricsPolicy, not dict"),
        (
            MetricsPolicy(5),
            "MetricsPolicy.metrics_listeners must be an aerospike_helpers.metrics.MetricsListeners, not",
        ),
        (
            MetricsPolicy(MetricsListeners(print, print, 5, print)),
            "metrics_listeners.node_close_listener must be calla",
        ),
        (MetricsPolicy(MetricsListeners(None, print, print, print)), "enable_listener must be callable, not NoneType"),
        (MetricsPolicy(report_dir=""), "report_dir must not be empty"),
        (MetricsPolicy(report_dir="x" * 229), "report_dir must be at most 228 bytes"),
        (MetricsPolicy(report_dir=5), "report_dir must be a str"),
        (MetricsPolicy(interval=0), "interval"),
        (MetricsPolicy(latency_columns=0), "latency_columns"),
        (MetricsPolicy(latency_shift=64), "latency_shift"),
        (MetricsPolicy(labels={"a": 5}), "labels"),
    ],
)
def test_policies_that_are_refused(connect, policy, text):
    client = connect()
    with pytest.raises(exception.ParamError, match=text):
        client.enable_metrics(policy)
    assert not serving()


def test_a_mistake_leaves_what_is_enabled(connect):
    client, heard = connect(), Heard()
    client.enable_metrics(heard.policy(interval=1000))
    with pytest.raises(exception.ParamError):
        client.enable_metrics(heard.policy(interval=0))
    assert heard.names == ["enable"]
    client.disable_metrics()
    assert heard.names == ["enable", "disable"]


# ---- XDR ----


def test_the_filter_of_xdr_is_sent_to_one_node(nodes):
    nodes.answer = lambda place, command: "ok" if command.startswith("xdr-set-filter") else None
    compiled = (IntBin("age") > 30).compile()
    text = nodes.client.get_expression_base64(compiled)
    assert nodes.client.set_xdr_filter("DC1", "test", compiled).endswith("\tok\n")
    assert nodes.client.set_xdr_filter("DC1", "test", None, {"timeout": 1000}).endswith("\tok\n")
    assert [command for _place, command in nodes.asked] == [
        f"xdr-set-filter:dc=DC1;namespace=test;exp={text}",
        "xdr-set-filter:dc=DC1;namespace=test;exp=null",
    ]


def test_a_server_without_xdr(client):
    with pytest.raises(exception.AerospikeError) as caught:
        client.set_xdr_filter("DC1", "test", None)
    assert caught.value.code in (25, 4)  # of the Community Edition; another one knows no such data center


def test_what_the_server_says_of_a_filter_is_raised(nodes):
    nodes.answer = lambda place, command: "ERROR:4:invalid dc" if command.startswith("xdr-set-filter") else None
    with pytest.raises(exception.InvalidRequest, match="invalid dc"):
        nodes.client.set_xdr_filter("DC1", "test", None)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((5, "test", None), "data_center must be"),
        (("a;b", "test", None), "data_center must have neither"),
        (("DC", "te;st", None), "namespace must have neither"),
        (("DC", "te\nst", None), "namespace must have neither"),
        (("DC", None, None), "namespace must be"),
        (("DC", "test", 5), "expression_filter"),
        (("DC", "test", IntBin("a")), "expression_filter"),
        (("DC", "test", None, {"timeout": "x"}), "timeout"),
    ],
)
def test_filters_that_are_refused(client, arguments, text):
    with pytest.raises(exception.ParamError, match=text):
        client.set_xdr_filter(*arguments)
