# SPDX-License-Identifier: Apache-2.0
"""A client's life: configuration, connect, close, with, and what happens after."""

import gc
import os
import socket
import weakref

import pytest

import aerospike
from aerospike import _hosts, embedded, exception
from aerospike_helpers.expressions import base
from aerospike_helpers.metrics import MetricsListeners, MetricsPolicy


def unused_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def test_client_is_connected_from_the_start(connect):
    client = connect()
    assert isinstance(client, aerospike.Client)
    assert client.is_connected()


def test_connect_of_a_connected_client_returns_it(connect):
    client = connect()
    assert client.connect() is client
    assert client.connect(username=None) is client


def test_close_and_connect_again(connect, key):
    client = connect()
    assert client.close() is None
    assert client.close() is None
    assert not client.is_connected()
    with pytest.raises(exception.ClusterError) as caught:
        client.get(key)
    assert caught.value.code == 11
    assert client.connect() is client
    client.put(key, {"a": 1})
    assert client.get(key)[2] == {"a": 1}


def test_a_closed_client_says_so_before_it_looks_at_arguments(connect):
    client = connect()
    scan, query = client.scan("test", "demo"), client.query("test", "demo")
    client.close()
    for call in (
        client.get,
        lambda: client.put(5, 5, 5, 5),
        lambda: client.operate(None, []),
        lambda: client.get_key_partition_id("test", "demo", 1),
        lambda: client.get_key_partition_id(5, 5, 5),
        lambda: client.truncate(5, 5, "x"),
        lambda: scan.results(5),
        lambda: scan.foreach(5),
        lambda: query.results({}, 5),
        lambda: query.select(5),
    ):
        with pytest.raises(exception.ClusterError, match=r"^No connection to aerospike cluster: the client is closed"):
            call()


def test_the_apps_id_of_another_type_is_a_type_error(config):
    for wrong in (5, None, b"x"):
        if wrong is None:
            aerospike.client({**config, "app_id": None}).close()
        else:
            with pytest.raises(TypeError, match=r"config\['app_id'\] must be a str, not"):
                aerospike.client({**config, "app_id": wrong})
    with pytest.raises(exception.ParamError, match="NUL"):
        aerospike.client({**config, "app_id": "a\0b"})


@pytest.mark.parametrize("number", [100, -1, 10**30])
def test_send_bool_as_what_is_none_of_the_two(connect, key, number):
    with pytest.warns(UserWarning, match=r"config\['send_bool_as'\] must be aerospike.INTEGER or aerospike.AS_BOOL"):
        client = connect(send_bool_as=number, validate_keys=False)
    client.put(key, {"b": True})
    assert client.get(key)[2]["b"] is True


def test_with_closes(config):
    with aerospike.client(config) as client:
        assert client.is_connected()
    assert not client.is_connected()


def test_with_closes_on_an_error_too(config):
    with pytest.raises(ZeroDivisionError), aerospike.client(config) as client:
        raise ZeroDivisionError
    assert not client.is_connected()


def test_weak_references(config):
    client = aerospike.client(config)
    reference = weakref.ref(client)
    assert reference() is client
    del client
    gc.collect()
    assert reference() is None


def test_no_server_is_a_connection_error():
    port = unused_port()
    with pytest.raises(exception.ConnectionError) as caught:
        aerospike.client({"hosts": [("127.0.0.1", port)]})
    assert caught.value.code == -10
    assert f"127.0.0.1:{port}" in caught.value.msg


@pytest.mark.parametrize(
    ("bad", "named"),
    [
        ({}, "hosts"),
        ({"hosts": []}, "hosts"),
        ({"hosts": "127.0.0.1"}, "hosts"),
        ({"hosts": [("127.0.0.1",)]}, "hosts"),
        ({"hosts": [("127.0.0.1", "3000")]}, "port"),
        ({"hosts": [("127.0.0.1", 65536)]}, "port"),
        ({"hosts": [(5, 3000)]}, "address"),
        ({"hosts": [("a\0b", 3000)]}, "NUL"),
        ({"hosts": [("127.0.0.1", 3000, 5)]}, "TLS name"),
        ({"policies": 5}, "policies"),
        ({"policies": {"read": 5}}, "policies"),
        ({"policies": {"read": {"total_timeout": "soon"}}}, "total_timeout"),
        ({"policies": {"total_timeout": -1}}, "total_timeout"),
        ({"policies": {"write": {"exists": 9}}, "validate_keys": True}, "exists"),
        ({"policies": {"auth_mode": 9}}, "auth_mode"),
        ({"policies": {"login_timeout_ms": -1}}, "login_timeout_ms"),
        ({"policies": {"thread_pool_size": "many"}}, "thread_pool_size"),
        ({"user": "ann"}, "password"),
        ({"user": "a" * 64, "password": "p"}, "63 bytes"),
        ({"user": 5, "password": "p"}, "user"),
        ({"policies": {"metrics": 5}}, "metrics"),
        ({"tls": 5}, "tls"),
        ({"tls": {"enable": 5}}, "enable"),
        ({"tls": {"cafile": 5}}, "cafile"),
        ({"shm": {"max_nodes": "x"}}, "max_nodes"),
        ({"lua": 5}, "lua"),
        ({"lua": {"user_path": 5}}, "user_path"),
        ({"rack_ids": 5}, "rack_ids"),
        ({"rack_ids": ["a"]}, "rack_ids"),
        ({"rack_id": "a"}, "rack_id"),
        ({"serialization": 5}, "serialization"),
        ({"serialization": (5, None)}, "serialization"),
        ({"serialization": (True, None)}, "serialization"),
        ({"unpickle": 5}, "unpickle"),
        ({"send_bool_as": "7"}, "send_bool_as"),
        ({"send_bool_as": 7, "validate_keys": True}, "send_bool_as"),
        ({"strict_types": "yes"}, "strict_types"),
        ({"validate_keys": "yes"}, "validate_keys"),
        ({"max_conns_per_node": 0}, "max_conns_per_node"),
        ({"compression_threshold": -1}, "compression_threshold"),
        ({"config_provider": 5}, "config_provider"),
        ({"cluster_name": 5}, "cluster_name"),
    ],
)
def test_bad_configuration_names_the_key(bad, named):
    config = {} if bad == {} else {"hosts": [("127.0.0.1", unused_port())], **bad}
    with pytest.raises(exception.ParamError, match=named):
        aerospike.client(config)


def test_configuration_that_is_no_dict():
    with pytest.raises(exception.ParamError, match="config"):
        aerospike.client(5)


def test_full_configuration(config, key):
    full = {
        **config,
        "lua": {"user_path": "/usr/share/nothing"},
        "serialization": (None, None),
        "thread_pool_size": 4,
        "max_threads": 4,
        "min_conns_per_node": 1,
        "max_conns_per_node": 50,
        "max_error_rate": 0,
        "error_rate_window": 1,
        "connect_timeout": 2000,
        "use_shared_connection": True,
        "send_bool_as": aerospike.AS_BOOL,
        "compression_threshold": 100,
        "tend_interval": 1000,
        "strict_types": True,
        "rack_aware": False,
        "rack_id": 0,
        "rack_ids": [1, 2],
        "use_services_alternate": False,
        "max_socket_idle": 30,
        "fail_if_not_connected": True,
        "app_id": "suite",
        "force_single_node": False,
    }
    with aerospike.client(full) as client:
        client.put(key, {"a": 1})
        assert client.get(key)[2] == {"a": 1}


def test_misspelt_key_warns_and_names_the_nearest(config):
    del config["validate_keys"]
    with pytest.warns(UserWarning, match="'host_s'.*did you mean 'hosts'"):
        aerospike.client({**config, "host_s": []}).close()


def test_misspelt_policy_default_warns(config):
    del config["validate_keys"]
    config["policies"] = {"read": {"total_timeuot": 5}}
    with pytest.warns(UserWarning, match="did you mean 'total_timeout'"):
        aerospike.client(config).close()


@pytest.mark.parametrize(
    "extra",
    [{"host_s": []}, {"policies": {"reed": {}}}, {"policies": {"read": {"total_timeuot": 5}}}, {"shm": {"x": 1}}],
)
def test_misspelt_key_raises_under_validate_keys(config, extra):
    with pytest.raises(exception.ParamError):
        aerospike.client({**config, **extra})


def test_default_policies_are_told(connect):
    client = connect(policies={"total_timeout": 1234, "read": {"max_retries": 7, "key": aerospike.POLICY_KEY_SEND}})
    policies = client.get_policies()
    assert policies["read"]["total_timeout"] == 1234
    assert policies["write"]["total_timeout"] == 1234
    assert policies["read"]["max_retries"] == 7
    assert policies["read"]["key"] == aerospike.POLICY_KEY_SEND
    assert policies["write"]["key"] == aerospike.POLICY_KEY_DIGEST


def test_policies_of_one_command_win_over_flat_ones(connect):
    client = connect(policies={"read": {"total_timeout": 777}, "total_timeout": 1234})
    assert client.get_policies()["read"]["total_timeout"] == 777
    assert client.get_policies()["operate"]["total_timeout"] == 1234


@pytest.mark.parametrize(
    ("old", "new", "value"),
    [("timeout", "total_timeout", 4321), ("retry", "max_retries", 1), ("consistency_level", "read_mode_ap", 1)],
)
def test_flat_defaults_of_2015_work_and_warn(connect, old, new, value):
    with pytest.warns(DeprecationWarning, match=f"'{old}' is deprecated, use '{new}'"):
        client = connect(policies={old: value})
    assert client.get_policies()["read"][new] == value


@pytest.mark.parametrize(
    ("name", "value"), [("key", 1), ("exists", 2), ("gen", 1), ("replica", 0), ("commit_level", 1)]
)
def test_flat_defaults_reach_the_write_policy(connect, name, value):
    assert connect(policies={name: value}).get_policies()["write"][name] == value


def test_a_client_needs_its_configuration():
    with pytest.raises(exception.ParamError, match="hosts"):
        aerospike.Client()


def test_making_a_client_again_reconnects_it(connect, config, key):
    client = connect()
    client.__init__(config)
    client.put(key, {"a": 1})
    assert client.is_connected()


def test_config_provider_tells_what_it_was_given():
    provider = aerospike.ConfigProvider("policies.yaml", 30)
    assert (provider.path, provider.interval) == ("policies.yaml", 30)
    assert aerospike.ConfigProvider("p").interval == 5000
    with pytest.raises(AttributeError):
        provider.path = "other"
    for bad in ((5,), (b"x",), ("x", "5"), ("x", None)):
        with pytest.raises(TypeError):
            aerospike.ConfigProvider(*bad)
    for bad in (-1, 2**32):
        with pytest.raises(ValueError, match="interval must be from 0"):
            aerospike.ConfigProvider("x", bad)


def test_config_provider_is_read(connect, make_key, tmp_path):
    path = tmp_path / "policies.yaml"
    path.write_text("version: 1.0.0\ndynamic:\n  write:\n    send_key: true\n")
    key = make_key("sent by the file's policy", set_name="provider")
    connect(config_provider=aerospike.ConfigProvider(str(path))).put(key, {"a": 1})
    assert [row[0][2] for row in connect().scan(key[0], key[1]).results()] == [key[2]]


def test_hosts_as_texts(hosts):
    address, port = hosts[0][:2]
    with aerospike.client({"hosts": [f"{address}:{port}"]}) as client:
        assert client.is_connected()


def test_shm_keys_have_32_bits(connect):
    key = 0xA8000000 + unused_port()
    client = connect(shm={"shm_key": key})
    assert client.shm_key() == key


def test_unknown_lua_keys_are_unknown(config):
    with pytest.raises(exception.ParamError, match="user_path"):
        aerospike.client({**config, "lua": {"user_pth": "/"}})


def test_metrics_policy_of_the_configuration(connect):
    policy = MetricsPolicy(report_dir="/tmp", report_size_limit=5, interval=10, labels={"zone": "a"})
    assert connect(policies={"metrics": policy}).is_connected()


@pytest.mark.parametrize(
    ("policy", "text"),
    [
        ({}, "MetricsPolicy"),
        (MetricsPolicy(report_dir="x" * 256), "report_dir"),
        (MetricsPolicy(report_size_limit=-1), "report_size_limit"),
        (MetricsPolicy(interval="5"), "interval"),
        (MetricsPolicy(latency_columns=256), "latency_columns"),
        (MetricsPolicy(latency_shift=None), "latency_shift"),
        (MetricsPolicy(labels=5), "labels"),
        (MetricsPolicy(labels={"a": 5}), "labels"),
        (MetricsPolicy(MetricsListeners(print, print, print, print)), "metrics_listeners"),
    ],
)
def test_metrics_policies_that_are_refused(config, policy, text):
    with pytest.raises(exception.ParamError, match=text):
        aerospike.client({**config, "policies": {"metrics": policy}})


def test_a_default_filter_is_checked_when_the_client_is_made(config, connect, record):
    for bad in (5, [], [5], base.IntBin("a")):
        with pytest.raises(exception.ParamError, match="expressions"):
            aerospike.client({**config, "policies": {"read": {"expressions": bad}}})
    client = connect(policies={"read": {"expressions": base.Eq(base.IntBin("a"), 2).compile()}})
    with pytest.raises(exception.FilteredOut):
        client.get(record)
    client.increment(record, "a", 1)
    assert client.get(record)[2]["a"] == 2


def test_a_tls_name_is_no_obstacle_without_tls(hosts):
    with aerospike.client({"hosts": [(*hosts[0][:2], "name")]}) as client:
        assert client.is_connected()
    with aerospike.client({"hosts": [(*hosts[0][:2], None)]}) as client:
        assert client.is_connected()


def test_login_settings_are_taken(connect):
    settings = {"auth_mode": aerospike.AUTH_INTERNAL, "login_timeout_ms": 100, "thread_pool_size": 2, "max_threads": 2}
    assert connect(policies=settings).is_connected()


def test_a_server_without_users_refuses_a_login(config):
    with pytest.raises(exception.SecurityNotSupported):
        aerospike.client({**config, "user": "ann", "password": "secret"})
    client = aerospike.client(config)
    client.close()
    with pytest.raises(exception.SecurityNotSupported):
        client.connect("ann", "secret")


# ---- hosts ----


@pytest.fixture(autouse=True)
def no_hosts_of_the_environment(monkeypatch):
    monkeypatch.delenv("AEROSPIKE_HOSTS", raising=False)


@pytest.mark.parametrize(
    ("host", "message"),
    [
        ("127.0.0.1:99999", "port must be a number from 1 to 65535, not '99999'"),
        ("127.0.0.1:x", "port must be a number"),
        ("127.0.0.1:-1", "port must be a number"),
        ("127.0.0.1:", "port must be a number from 1 to 65535, not ''"),
        ("127.0.0.1:٣", "port must be a number"),
        ("", "it has no address"),
        (":3000", "it has no address"),
        ("a,,b", "it has no address"),
        ("1:2:3:4", "an IPv6 address stands in brackets"),
        ("http://127.0.0.1", "must be a URL that begins with aerospike://, not http://"),
        ("aerospike://127.0.0.1/test", "has '/test' where a URL of hosts ends"),
        ("aerospike://127.0.0.1:x", "port must be a number"),
        ("aerospike://127.0.0.1?total_timeout", "config"),
        ("aerospike://", "it has no address"),
        (["127.0.0.1", 3000], r"must be an \(address, port\) tuple or 'address:port', not \['127.0.0.1', 3000\]"),
        (None, "must be an"),
    ],
)
def test_a_host_that_is_none(host, message):
    with pytest.raises(exception.ParamError, match=message) as caught:
        aerospike.client({"hosts": [("127.0.0.1", unused_port()), host]})
    assert caught.value.msg.startswith("config['hosts'][1]")


def test_hosts_are_a_list():
    with pytest.raises(exception.ParamError, match="Hosts must be a list"):
        aerospike.client({"hosts": "127.0.0.1"})
    with pytest.raises(exception.ParamError, match="config must be a dict or a URL, not int"):
        aerospike.client(5)
    with pytest.raises(exception.ParamError, match="hosts"):
        aerospike.client()


def test_a_url_is_a_configuration(hosts):
    address, port = hosts[0][:2]
    with aerospike.client(
        f"aerospike://{address}:{port}/?total_timeout=501&tend_interval=300&validate_keys=true"
    ) as client:
        policies = client.get_policies()
        assert {policies[kind]["total_timeout"] for kind in ("read", "write", "query")} == {501}
    unreachable = f"aerospike://{address}:{unused_port()}?total_timeot=501&validate_keys=true"
    with pytest.raises(exception.ParamError, match="did you mean 'total_timeout'"):
        aerospike.client(unreachable)
    with aerospike.client(
        {"hosts": [f"aerospike://{address}:{port}?max_retries=7"], "policies": {"max_retries": 3}}
    ) as own:
        assert own.get_policies()["read"]["max_retries"] == 3


def test_a_url_has_a_login():
    config = _hosts.configuration("aerospike://ann%40x:p%3Aw@h1,h2:3100,[::1]:3200/?cluster_name=east&shm=no")
    assert config["hosts"] == [("h1", 3000), ("h2", 3100), ("::1", 3200)]
    assert (config["user"], config["password"], config["cluster_name"]) == ("ann@x", "p:w", "east")


def test_hosts_of_the_environment(monkeypatch, hosts):
    address, port = hosts[0][:2]
    monkeypatch.setenv("AEROSPIKE_HOSTS", f"{address}:{port}")
    for given in ((), ({},), ({"policies": {"total_timeout": 5000}},)):
        with aerospike.client(*given) as client:
            assert client.is_connected()
    monkeypatch.setenv("AEROSPIKE_HOSTS", f"{address}:x")
    with pytest.raises(exception.ParamError, match="port must be a number"):
        aerospike.client({})


@pytest.mark.parametrize("key", ["cafile", "keyfile", "certfile", "cert_blacklist", "capath"])
def test_a_file_of_tls_that_cannot_be_read(key, tmp_path):
    config = {"hosts": [("127.0.0.1", unused_port())], "tls": {"enable": True, key: str(tmp_path / "none")}}
    with pytest.raises(exception.ParamError, match="No such file or directory") as caught:
        aerospike.client(config)
    assert caught.value.msg.startswith(f"config['tls']['{key}'] cannot be read: '{tmp_path / 'none'}'")


@pytest.mark.parametrize(
    ("policies", "message"),
    [
        ({"read": 5}, r"config\['policies'\]\['read'\] must be a dict, not int"),
        ({"total_timeout": "x"}, r"config\['policies'\]\['total_timeout'\] must be an int, not str"),
        ({"total_timeout": None}, r"config\['policies'\]\['total_timeout'\] must be an int, not NoneType"),
        ({"read": {"key": None}}, r"config\['policies'\]\['read'\]\['key'\] must be an int, not NoneType"),
        ({"login_timeout_ms": "x"}, r"config\['policies'\]\['login_timeout_ms'\] must be an int, not str"),
        ({"read": {"expressions": 5}}, r"config\['policies'\]\['read'\]\['expressions'\] must be a compiled"),
        (
            {"write": {"total_timeout": "x"}},
            r"config\['policies'\]\['write'\]\['total_timeout'\] must be an int, not str",
        ),
    ],
)
def test_a_default_policy_that_is_wrong_is_named(policies, message):
    with pytest.raises(exception.ParamError, match=f"^Invalid Policy setting value: {message}"):
        aerospike.client({"hosts": [("127.0.0.1", unused_port())], "policies": policies})


def test_the_shared_memory_of_another_cluster_is_refused():
    shared, key = {"shm_key": 0x7B510000 + os.getpid() % 0xFFFF}, ("test", "shared", 1)
    with (
        embedded.Server() as one,
        embedded.Server() as other,
        aerospike.client({**one.config, "shm": shared}) as client,
    ):
        with pytest.raises(exception.ClientError, match="belongs to a client of another cluster"):
            aerospike.client({**other.config, "shm": shared})
        with aerospike.client({**one.config, "shm": shared}) as second:
            second.put(key, {"a": 1})
        assert client.get(key)[2] == {"a": 1}


@pytest.mark.parametrize(
    "call",
    [
        lambda client, hosts: aerospike.client({"hosts": hosts, "nobody": 1}).close(),
        lambda client, _hosts: client.exists(("test", "demo", 1), {"nobody": 1}),
        lambda client, _hosts: client.scan("test", "demo").results({"nobody": 1}),
    ],
)
def test_a_warning_points_at_the_users_line(hosts, client, call):
    with pytest.warns(UserWarning, match="no key 'nobody'") as caught:
        call(client, hosts)
    assert [warning.filename for warning in caught] == [__file__]
