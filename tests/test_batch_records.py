# SPDX-License-Identifier: Apache-2.0
"""The entries of a batch, and the classes of metrics: names, parameters and attributes of the vendor's client."""

import inspect

import pytest

from aerospike_helpers import metrics
from aerospike_helpers.batch import records

KEY = ("test", "demo", 1)
RESULTS = {"key": KEY, "record": None, "result": 0, "in_doubt": False}


@pytest.mark.parametrize(
    ("entry", "own"),
    [
        (records.BatchRecord(KEY), {}),
        (
            records.Read(KEY, None, True, {"ttl": 1}, {"read_mode_ap": 1}),
            {"ops": None, "read_all_bins": True, "meta": {"ttl": 1}, "policy": {"read_mode_ap": 1}},
        ),
        (records.Read(KEY, []), {"ops": [], "read_all_bins": False, "meta": None, "policy": None}),
        (
            records.Write(KEY, [{"op": 1}], {"gen": 1}, {"ttl": 5}),
            {"ops": [{"op": 1}], "meta": {"gen": 1}, "policy": {"ttl": 5}},
        ),
        (records.Apply(KEY, "m", "f", [1]), {"module": "m", "function": "f", "args": [1], "policy": None}),
        (records.Remove(KEY, {"generation": 2}), {"policy": {"generation": 2}}),
    ],
)
def test_an_entry_holds_what_it_was_given_and_no_result_yet(entry, own):
    assert isinstance(entry, records.BatchRecord)
    assert vars(entry) == {**RESULTS, **own}
    assert (entry.message, entry.subcode) == (None, 0)
    assert repr(entry) == f"<{type(entry).__name__} of {KEY!r}: result 0>"


def test_the_list_of_a_batch_is_the_callers():
    entries = [records.Remove(KEY)]
    batch = records.BatchRecords(entries)
    assert batch.batch_records is entries
    assert batch.result == 0
    assert repr(batch) == "<BatchRecords of 1: result 0>"


def test_an_empty_batch_can_be_filled():
    batch = records.BatchRecords()
    batch.batch_records.append(records.Remove(KEY))
    assert records.BatchRecords().batch_records == []


def test_metrics_policy():
    policy = metrics.MetricsPolicy()
    assert vars(policy) == {
        "metrics_listeners": None,
        "report_dir": ".",
        "report_size_limit": 0,
        "interval": 30,
        "latency_columns": 7,
        "latency_shift": 1,
        "labels": {},
    }
    policy.labels["a"] = "b"
    assert metrics.MetricsPolicy().labels == {}
    assert list(inspect.signature(metrics.MetricsPolicy).parameters) == list(vars(policy))


def test_metrics_listeners_must_all_be_given():
    names = ["enable_listener", "snapshot_listener", "node_close_listener", "disable_listener"]
    listeners = metrics.MetricsListeners(*names)
    assert vars(listeners) == {name: name for name in names}
    with pytest.raises(TypeError):
        metrics.MetricsListeners(print)


def test_snapshots_show_their_numbers():
    stats = metrics.ConnectionStats()
    stats.in_use, stats.in_pool = 1, 2
    assert repr(stats) == "ConnectionStats(in_use=1, in_pool=2)"
