# SPDX-License-Identifier: Apache-2.0
"""What errors say to a reader: what, where and on what."""

import pickle
import socket

import pytest

import aerospike
from aerospike import embedded, exception
from aerospike_helpers.operations import list_operations as lists
from aerospike_helpers.operations import operations


@pytest.fixture
def key(make_key):
    """A short one, which texts show whole."""
    return make_key("texts")


def text_of(function, *arguments, **keywords):
    with pytest.raises(exception.AerospikeError) as caught:
        function(*arguments, **keywords)
    return str(caught.value)


def test_the_key_and_the_node_of_a_record_that_is_not_there(client, record):
    client.remove(record)
    nodes = {f"{host}:{port}" for host, port in client.get_nodes()}
    node, _, text = text_of(client.get, record).partition(" ")
    assert node in nodes
    assert text == f"AEROSPIKE_ERR_RECORD_NOT_FOUND (code 2, key {record!r})"


def test_the_bin_of_an_operation(client, record):
    client.put(record, {"a": 1})
    assert text_of(client.append, record, "a", "x").endswith(f"(code 12, key {record!r}, bin 'a')")
    one = [lists.list_append("a", 1)]
    assert text_of(client.operate, record, one).endswith(f"(code 12, key {record!r}, bin 'a')")
    assert text_of(client.operate_ordered, record, one).endswith("bin 'a')")
    many = [operations.read("a"), *one]
    assert text_of(client.operate, record, many).endswith(f"(code 12, key {record!r})")


def test_of_bins_only_the_names_are_shown(client, record):
    text = text_of(client.put, record, {"a": "secret", "b" * 16: 1})
    assert "bin 'a', 'bbbbbbbbbbbbbbbb'" in text
    assert "secret" not in text


def test_large_keys_are_cut():
    error = exception.RecordNotFound(2, "gone", None, None, False)
    error.key = ("test", "s", "k" * 1000)
    assert len(str(error)) < 100


def test_what_cannot_be_shown_is_named_by_its_type():
    error = exception.ParamError(-2, "wrong", None, None, False)
    error.key = 10**5000
    assert str(error).startswith("wrong (code -2, key <int")  # newer versions of Python tell how many digits it has


def test_of_many_bins_some_are_shown(client, record):
    text = text_of(client.put, record, {f"bin {number}": 1 for number in range(70000)})
    assert "'bin 18', 'bin 19' and 69980 more" in text
    assert "bin 20" not in text


def test_what_is_large_is_cut(client, key):
    text = text_of(client.get, tuple(range(100000)))
    assert text.startswith("key must be (namespace, set, primary key)")
    assert len(text) < 3000
    text = text_of(client.get, ("test", "s" * 10000, 1))
    assert "... sss" in text
    assert "' has 10000" in text


def deep():
    value = []
    for _ in range(100000):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda c, k: c.touch(k, -(10**5000)), exception.InvalidRequest, "TTL_CLIENT_DEFAULT, not a value that cannot"),
        (lambda c, k: c.remove_hook(10**5000), exception.ParamError, "or not here: a value that cannot be shown"),
        (lambda c, k: c.put(k, {"a": {10**5000: 1}}), exception.ParamError, r"'a'\[a value that cannot be shown\]"),
        (lambda c, k: c.remove_hook(deep()), exception.ParamError, "or not here: a value that cannot be shown"),
    ],
)
def test_what_cannot_be_shown_is_an_error_of_its_kind(client, key, call, error, text):
    with pytest.raises(error, match=text):
        call(client, key)


def test_what_is_large_is_cut_in_warnings(client, record):
    with pytest.warns(UserWarning, match="has more than 15 bytes, and is not selected") as caught:
        client.query(*record[:2]).select("x" * 10000).results()
    assert all(len(str(warning.message)) < 3000 for warning in caught)


def test_a_key_of_a_policy_that_cannot_be_shown(client, key):
    with pytest.warns(UserWarning, match="write policy has no key a value that cannot be shown"):
        client.put(key, {"a": 1}, {}, {10**5000: 1})


def test_doubt_and_details():
    error = exception.TimeoutError(9, "late", None, 0, True)
    assert str(error) == "late (code 9, in doubt: what was to be written may be)"
    error.subcode = 5
    assert "subcode 5" in str(error)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    assert error.args == (9, "late", None, 0, True)


def test_errors_made_by_programs_say_what_those_say():
    assert str(exception.ClientError("mine")) == "mine"
    assert str(exception.ClientError()) == ""
    assert str(exception.ClientError(1, 2)) == "(1, 2)"


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def test_a_host_that_refuses():
    port = closed_port()
    text = text_of(aerospike.client, {"hosts": [("127.0.0.1", port)]})
    assert text.startswith(f"Failed to connect (hosts: 127.0.0.1:{port})")
    assert "Connection refused" in text


def test_a_host_without_address():
    text = text_of(aerospike.client, {"hosts": [("no.such.host.invalid", 3000), ("127.0.0.1", closed_port())]})
    assert "no.such.host.invalid: " in text
    assert "Connection refused" in text


def test_reasons_are_those_of_the_last_connect(client, record):
    text_of(aerospike.client, {"hosts": [("127.0.0.1", closed_port())]})
    client.remove(record)
    assert "refused" not in text_of(client.get, record)


def test_an_info_command_that_takes_too_long(proxy):
    client = aerospike.client({"hosts": proxy.hosts})
    proxy.kind = 1
    proxy.harm = lambda _random, _frame: (b"", False)
    text = text_of(client.info_random_node, "namespaces", {"timeout": 50})
    proxy.harm = None
    client.close()
    assert text.startswith("no answer within the timeout of the info policy, 50 ms, from 127.0.0.1:")


def test_the_repr_of_a_client(hosts):
    client = aerospike.client({"hosts": hosts})
    host, port = hosts[0][:2]
    assert repr(client).startswith(f"<aerospike.Client of {host}:{port}")
    client.close()
    assert repr(client) == "<aerospike.Client, closed>"


@pytest.mark.embedded_only("a fault on purpose")
def test_a_node_that_does_not_answer_an_info_command():
    with embedded.Server() as server, aerospike.client(server.config) as asking:
        host, port = server.hosts[0]
        policy = {"timeout": 100}
        with server.fault("drop", commands="info"):
            for text in (
                text_of(asking.udf_list, policy),
                text_of(asking.index_remove, "test", "none", policy),
                text_of(asking.job_info, 1, aerospike.JOB_SCAN, policy),
            ):
                assert text == f"no answer in time from {host}:{port} (code 9)"
