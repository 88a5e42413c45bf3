# SPDX-License-Identifier: Apache-2.0
"""A watched file of policies: whatever stands in it, the client goes on, with what it was set to before."""

import json
import os
import time

import pytest

import aerospike
from aerospike import exception
from aerospike_helpers.metrics import MetricsPolicy

HEAD = 'version: "1.1.0"\n'
GOOD = HEAD + "dynamic:\n  client:\n    timeout: 1000\n"


def metrics(text):
    return f"{HEAD}dynamic:\n  metrics:\n    enable: true\n    {text}\n"


# A file, and what is said of it.
REFUSED = [
    (metrics("latency_shift: 64"), "line 5: latency_shift must be from 0 to 63, not 64"),
    (metrics("latency_shift: 255"), "latency_shift must be"),
    (metrics("latency_shift: '200'"), "latency_shift must be"),
    (metrics("latency_shift: -1"), "latency_shift must be"),
    (metrics("latency_shift: 99999999999999999999999"), "latency_shift must be"),
    (metrics('"latency_shift": 64'), "latency_shift must be"),
    (metrics("latency_columns: 0"), "latency_columns must be from 1 to 255, not 0"),
    (metrics("latency_columns: x"), "latency_columns must be from 1 to 255, not x"),
    (metrics("other: [latency_shift, 100]"), "latency_shift must be"),  # which the C client takes for a setting
    (metrics("other: {a: b}\n    latency_shift: 100"), "latency_shift must be"),
    (metrics("? [a]\n    : {metrics: {latency_shift: 100}}"), "latency_shift must be"),
    (metrics("latency_shift: 1\n    latency_shift: 100"), "line 6: latency_shift must be"),
    (metrics("labels: {a: '%s%s%s%s%n'}"), "labels must not contain '%'"),
    (metrics("labels: {'%s%s%s%s%n': b}"), "labels must not contain '%'"),
    (metrics("labels: x\n    '%s%n': b"), "labels must not contain '%'"),
    (HEAD + "static:\n  client:\n    max_connections_per_node: 0\n", "max_connections_per_node must be from 1"),
    (
        HEAD + "static:\n  client:\n    max_connections_per_node: 107374183\n",
        "must be from 1 to 1000000, not 107374183",
    ),
    (HEAD + "static:\n  client:\n    min_connections_per_node: -1\n", "must be from 0 to 1000000, not -1"),
    (HEAD + "static:\n  client:\n    async_max_connections_per_node: 4294967295\n", "must be from 1 to 1000000"),
    (HEAD + "static:\n  client:\n    async_min_connections_per_node: 1000001\n", "must be from 0 to 1000000"),
    (HEAD + "other: " + "[" * 100_000, "line 2: more than 32 levels"),
    (HEAD + "other: " + "{a: " * 100_000, "more than 32 levels"),
    (HEAD + "dynamic: [", "line 3: "),
    (HEAD + "dynamic: {client: {timeout: 5\n", "line"),
    ("\0", "line 1: "),
    ("\xff\xfe\xfd", "line 1: "),
    (HEAD + "#" * 2**20, "at most 1048576 bytes"),
]


@pytest.fixture
def said():
    """What the C client logs."""
    messages = []
    aerospike.set_log_handler(lambda _level, _function, _path, _line, message: messages.append(message))
    yield messages
    aerospike.set_log_handler()
    aerospike.set_log_level(aerospike.LOG_LEVEL_WARN)


@pytest.fixture
def watched(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # where metrics go
    path = tmp_path / "client.yml"
    path.write_text(GOOD)
    return path


def watch(connect, path, **configured):
    provider = aerospike.ConfigProvider(str(path), 250)
    return connect(tend_interval=250, config_provider=provider, **configured)


def rewrite(path, text, number):
    path.write_bytes(text.encode("latin-1"))
    later = time.time() + 100 * number
    os.utime(path, (later, later))  # the client looks whether it is later than before


def wait_for(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=range(len(REFUSED)))
def test_what_harms_is_refused_as_a_whole(connect, key, watched, said, text, message):
    rewrite(watched, text, 0)
    client = watch(connect, watched)
    assert any(message in line for line in said), said
    assert any("Failed to parse" in line and str(watched) in line for line in said)
    client.put(key, {"a": 1})
    assert client.get(key)[2] == {"a": 1}


def test_it_is_refused_when_it_comes_later(connect, key, watched, said):
    client = watch(connect, watched)
    client.put(key, {"a": 1})
    for number, (text, message) in enumerate(REFUSED[::4], 1):
        said.clear()
        rewrite(watched, text, number)
        wait_for(lambda: any("Failed to parse" in line for line in said))
        assert any(message in line for line in said), (message, said)
        client.get(key)


def test_what_is_right_is_taken(connect, key, watched, said):
    client = watch(connect, watched)
    client.put(key, {"a": 1})
    aerospike.set_log_level(aerospike.LOG_LEVEL_INFO)
    for number, text in enumerate(["latency_shift: 63", "latency_columns: 1", "labels: {a: b}", "labels: {}"], 1):
        said.clear()
        rewrite(watched, metrics(text), number)
        wait_for(lambda: "Update dynamic config" in said)
        for _ in range(20):
            client.get(key)
    assert not any("Failed" in line for line in said)


# What a file can say, and what each becomes in get_policies().
TIMES = {
    "connect_timeout": 1001,
    "socket_timeout": 1002,
    "total_timeout": 1003,
    "timeout_delay": 3000,
    "max_retries": 7,
    "sleep_between_retries": 8,
    "error_detail_verbosity": 1,
}
PARENT = {
    **TIMES,
    "replica": ("PREFER_RACK", aerospike.POLICY_REPLICA_PREFER_RACK),
    "read_mode_ap": ("ALL", aerospike.POLICY_READ_MODE_AP_ALL),
    "read_mode_sc": ("ALLOW_REPLICA", aerospike.POLICY_READ_MODE_SC_ALLOW_REPLICA),
}
ROWS = {"allow_inline": False, "allow_inline_ssd": True, "respond_all_keys": False}
CONCURRENT = {"max_concurrent_threads": (0, {"concurrent": True})}
WRITES = {"durable_delete": True, "send_key": (True, {"key": aerospike.POLICY_KEY_SEND})}
REPLICA = {"replica": ("MASTER", aerospike.POLICY_REPLICA_MASTER)}
DURATION = {"expected_duration": ("SHORT", aerospike.QUERY_DURATION_SHORT)}
BATCH = {**PARENT, **ROWS, **CONCURRENT}
SETTINGS = {
    "read": (PARENT, ["read"]),
    "write": ({**TIMES, **REPLICA, **WRITES}, ["write", "operate", "apply", "remove"]),
    "scan": ({**TIMES, **REPLICA}, ["scan"]),
    "query": ({**TIMES, **REPLICA, **DURATION}, ["query"]),
    "batch_read": (BATCH, ["batch"]),
    "batch_write": (BATCH, ["batch_parent_write"]),
    "batch_udf": (WRITES, ["batch_apply"]),
    "batch_delete": (WRITES, ["batch_remove"]),
    "txn_verify": (BATCH, ["txn_verify"]),
    "txn_roll": (BATCH, ["txn_roll"]),
}


def shown(settings):
    """What get_policies() has of them."""
    keys = {}
    for key, value in settings.items():
        value = value[1] if isinstance(value, tuple) else value
        keys.update(value if isinstance(value, dict) else {key: value})
    return keys


def everything(sections):
    said = {
        section: {key: value[0] if isinstance(value, tuple) else value for key, value in settings.items()}
        for section, (settings, _) in sections.items()
    }
    return json.dumps({"version": "1.1.0", "dynamic": {"client": {"timeout": 1000}, **said}})


def differences(client):
    """What does not hold of all that a file can say."""
    policies = client.get_policies()
    return {
        (kind, key): (value, policies[kind][key])
        for settings, kinds in SETTINGS.values()
        for key, value in shown(settings).items()
        for kind in kinds
        if policies[kind][key] != value
    }


@pytest.mark.parametrize("section", SETTINGS)
def test_every_setting_of_a_file_holds(connect, watched, section):
    settings, kinds = SETTINGS[section]
    before = watch(connect, watched).get_policies()
    rewrite(watched, everything({section: SETTINGS[section]}), 0)
    policies = watch(connect, watched).get_policies()
    for kind in kinds:
        expected = shown(settings)
        assert {key: policies[kind][key] for key in expected} == expected
        assert {key: before[kind][key] for key in expected} != expected
    others = {key: value for key, value in policies.items() if key not in kinds}
    others["operate"] = before["operate"] if section == "read" else policies["operate"]  # it reads, too
    assert {key: others[key] for key in others if others[key] != before[key] and key not in kinds} == {}


def test_settings_are_followed_as_the_file_changes(connect, key, watched, said):
    client = watch(connect, watched)
    before = client.get_policies()
    rewrite(watched, everything(SETTINGS), 1)
    wait_for(lambda: differences(client) == {})
    # and by commands, which no policy of their own says it to
    client.put(key, {"a": 1})
    rows = client.scan(*key[:2]).results()
    assert key[2] in [stored[2] for stored, _meta, _bins in rows]
    rewrite(watched, GOOD, 2)
    wait_for(lambda: client.get_policies() == before)


def test_a_closed_client_tells_the_last_policies(connect, watched):
    rewrite(watched, everything(SETTINGS), 0)
    client = watch(connect, watched)
    assert differences(client) == {}
    client.close()
    with pytest.raises(exception.ClusterError):
        client.put(("test", "demo", 1), {"a": 1})
    client.connect()
    assert differences(client) == {}


@pytest.mark.parametrize("configured", [{}, {"rack_ids": [3, 4]}, {"rack_id": 5}])
def test_racks_may_come_and_go(connect, key, watched, said, configured):
    client = watch(connect, watched, **configured)
    aerospike.set_log_level(aerospike.LOG_LEVEL_INFO)
    for number, racks in enumerate(("    rack_ids: [1, 2]\n", "", "    rack_ids: []\n", "    rack_ids: [7]\n", ""), 1):
        said.clear()
        rewrite(watched, GOOD + racks, number)
        wait_for(lambda: "Update dynamic config" in said)
        client.put(key, {"a": number})


@pytest.mark.parametrize("named", [False, True])
def test_names_and_labels_may_come_and_go(connect, key, watched, said, tmp_path, named):
    configured = {"app_id": "mine"} if named else {}
    policy = MetricsPolicy(report_dir=str(tmp_path), labels={"one": "two"} if named else {})
    client = watch(connect, watched, policies={"metrics": policy}, **configured)
    client.put(key, {"a": 1})
    aerospike.set_log_level(aerospike.LOG_LEVEL_INFO)
    more = "  metrics:\n    labels: {three: four}\n"
    for number, text in enumerate(["    app_id: other\n" + more, "", "    app_id: third\n", more, ""], 1):
        said.clear()
        rewrite(watched, GOOD + text, number)
        wait_for(lambda: "Update dynamic config" in said)
        client.get(key)


def test_the_environment_may_name_the_file(connect, key, watched, monkeypatch):
    monkeypatch.setenv("AEROSPIKE_CLIENT_CONFIG_URL", f"file://{watched}")
    rewrite(watched, GOOD + "    rack_ids: [1, 2]\n    app_id: other\n", 0)
    connect().put(key, {"a": 1})


@pytest.mark.parametrize("name", ["none", "."])
def test_a_file_that_cannot_be_read(connect, key, watched, said, name):
    connect(config_provider=aerospike.ConfigProvider(str(watched.parent / name), 1000)).put(key, {"a": 1})
    assert any("Failed to" in line for line in said)


@pytest.mark.parametrize("limit", [1_000_001, 107_374_183, 2**32 - 1])
@pytest.mark.parametrize("setting", ["min_conns_per_node", "max_conns_per_node"])
def test_connections_have_a_limit(connect, setting, limit):
    with pytest.raises(exception.ParamError, match=rf"config\['{setting}'\] must be from . to 1000000, not {limit}"):
        connect(**{setting: limit})
