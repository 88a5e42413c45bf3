# SPDX-License-Identifier: Apache-2.0
"""Metrics for Prometheus, with its real client."""

import sys

import pytest

pytest.importorskip("prometheus_client", reason="prometheus_client is not installed")

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

import aerospike
from aerospike import embedded, exception, prometheus


@pytest.fixture
def registry():
    return CollectorRegistry()


@pytest.fixture
def watched(connect, registry):
    made = connect()
    collector = prometheus.Collector(made, registry=registry)
    yield made
    collector.close()


def samples(registry):
    """``{name: [(labels, value)]}`` as Prometheus would read it."""
    found = {}
    for family in text_string_to_metric_families(generate_latest(registry).decode()):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


def test_commands_are_counted_in_buckets_below_a_millisecond(watched, registry, make_key):
    key = make_key()
    for _ in range(3):
        watched.exists(key)
    labels = {"command": "exists", "namespace": key[0]}
    found = samples(registry)
    assert (labels, 3) in found["aerospike_command_duration_seconds_count"]
    buckets = [float(each["le"]) for each, _ in found["aerospike_command_duration_seconds_bucket"]]
    assert buckets == [*prometheus.BUCKETS, float("inf")]
    assert sum(bucket < 0.001 for bucket in buckets) == 3
    ((_, total),) = found["aerospike_command_duration_seconds_sum"]
    assert total > 0


def test_errors_are_counted_by_class_and_code(watched, registry, make_key):
    key = make_key()
    with pytest.raises(exception.RecordNotFound):
        watched.get(key)
    labels = {"command": "get", "namespace": key[0], "error": "RecordNotFound", "code": "2"}
    assert samples(registry)["aerospike_command_errors_total"] == [(labels, 1)]
    assert "suite" not in generate_latest(registry).decode()


def test_what_a_callback_raises_has_no_code(watched, registry, make_key):
    def fail(record):
        raise KeyError

    key = make_key()
    watched.put(key, {"n": 1})
    with pytest.raises(KeyError):
        watched.query(*key[:2]).foreach(fail)
    ((labels, count),) = samples(registry)["aerospike_command_errors_total"]
    assert (labels["error"], labels["code"], count) == ("KeyError", "", 1)


@pytest.mark.embedded_only("commands that it resets")
@pytest.mark.skipif(sys.platform == "darwin", reason="its linker cannot wrap: retries are not known")
def test_retries_are_counted_by_command(registry):
    with embedded.Server() as server, aerospike.client(server.config) as client:
        collector = prometheus.Collector(client, registry=registry)
        with server.fault("reset", commands="read", times=2):
            client.exists(("test", "suite", 1), {"max_retries": 2, "sleep_between_retries": 0})
        client.exists(("test", "suite", 1))
        found = samples(registry)
        collector.close()
    assert found["aerospike_command_retries_total"] == [({"command": "exists", "namespace": "test"}, 2)]


def test_connections_are_told_by_node(watched, registry, make_key):
    watched.put(make_key(), {"n": 1})
    found = samples(registry)
    nodes = {(node["node_name"], f"{node['address']}:{node['port']}") for node in watched.get_node_names()}
    for name in ("connections_in_use", "connections_in_pool", "connections_opened_total", "connections_closed_total"):
        assert {(labels["node"], labels["address"]) for labels, _ in found[f"aerospike_{name}"]} == nodes
    assert sum(value for _, value in found["aerospike_connections_in_pool"]) >= 1
    assert sum(value for _, value in found["aerospike_connections_opened_total"]) >= 1
    assert {value for _, value in found["aerospike_node_timeouts_total"]} == {0}
    assert found["aerospike_retries_total"] == [({}, 0)]


def test_asking_is_no_command(watched, registry):
    samples(registry)
    assert "aerospike_command_duration_seconds_count" not in samples(registry)


def test_several_clients_are_summed(connect, registry, make_key):
    clients, key = [connect(), connect()], make_key()
    collector = prometheus.Collector(*clients, registry=registry)
    for client in clients:
        client.exists(key)
    found = samples(registry)
    assert [value for _, value in found["aerospike_command_duration_seconds_count"]] == [2]
    assert sum(value for _, value in found["aerospike_connections_in_pool"]) >= 2
    collector.close()


def test_a_closed_client_has_nothing_to_say(connect, registry):
    client = connect()
    collector = prometheus.Collector(client, registry=registry)
    client.close()
    assert "aerospike_connections_in_use" not in samples(registry)
    collector.close()


def test_buckets_may_be_chosen(connect, registry, make_key):
    client = connect()
    collector = prometheus.Collector(client, registry=registry, buckets=(0.5, 1))
    client.exists(make_key())
    buckets = [labels["le"] for labels, _ in samples(registry)["aerospike_command_duration_seconds_bucket"]]
    assert buckets == ["0.5", "1.0", "+Inf"]
    collector.close()


def test_a_registry_takes_one(connect, registry, make_key):
    client = connect()
    collector = prometheus.Collector(client, registry=registry)
    with pytest.raises(ValueError, match="Duplicated timeseries"):
        prometheus.Collector(client, registry=registry)
    client.exists(make_key())
    assert [value for _, value in samples(registry)["aerospike_command_duration_seconds_count"]] == [1]
    collector.close()
    collector.close()
    assert samples(registry) == {}
    prometheus.Collector(client, registry=registry).close()


def test_a_collector_that_is_closed_is_told_nothing(connect, registry, make_key):
    client = connect()
    collector = prometheus.Collector(client, registry=registry)
    collector.close()
    with pytest.raises(exception.ParamError, match="hook was not added"):
        client.remove_hook(collector)


@pytest.mark.parametrize("client", [None, "client", 5])
def test_what_is_no_client_is_refused_and_leaves_nothing(registry, client):
    with pytest.raises(TypeError, match=r"clients must be aerospike\.Client objects"):
        prometheus.Collector(client, registry=registry)
    assert samples(registry) == {}
