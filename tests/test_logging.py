# SPDX-License-Identifier: Apache-2.0
"""The C client's log in Python: handler, level, the standard logger."""

import logging
import socket
import sys
import time

import pytest

import aerospike
from aerospike import exception


@pytest.fixture
def noisy():
    """All messages of the C client, until the test ends."""
    aerospike.set_log_level(aerospike.LOG_LEVEL_TRACE)
    yield
    aerospike.set_log_handler()
    aerospike.set_log_level(aerospike.LOG_LEVEL_WARN)


def wait_for(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_handler_gets_level_place_and_message(noisy, connect):
    messages = []
    assert aerospike.set_log_handler(lambda *args: messages.append(args)) == 0
    connect()
    wait_for(lambda: messages)
    level, function, path, line, message = messages[0]
    assert aerospike.LOG_LEVEL_ERROR <= level <= aerospike.LOG_LEVEL_TRACE
    assert isinstance(function, str)
    assert path.endswith(".c")
    assert line > 0
    assert message


def test_by_default_messages_go_to_the_logger(noisy, connect, caplog):
    with caplog.at_level(logging.DEBUG, logger="aerospike"):
        connect()
        wait_for(lambda: caplog.records)
    record = caplog.records[0]
    assert record.name == "aerospike"
    assert record.pathname.endswith(".c")


def test_none_discards(noisy, connect, caplog):
    assert aerospike.set_log_handler(None) == 0
    with caplog.at_level(logging.DEBUG, logger="aerospike"):
        connect()
        time.sleep(0.05)
    assert caplog.records == []


def test_what_a_handler_raises_goes_to_the_unraisable_hook(noisy, connect, monkeypatch):
    caught = []
    monkeypatch.setattr(sys, "unraisablehook", caught.append)

    def fail(*_args):
        raise KeyError("mine")

    aerospike.set_log_handler(fail)
    client = connect()
    assert client.is_connected()
    wait_for(lambda: caught)
    assert isinstance(caught[0].exc_value, KeyError)


@pytest.mark.parametrize("beyond", [99, 2**31, 10**30])
def test_a_level_beyond_the_last_is_the_last(connect, noisy, beyond):
    messages = []
    aerospike.set_log_handler(log_handler=lambda level, *_args: messages.append(level))
    assert aerospike.set_log_level(loglevel=beyond) == 0
    connect()
    wait_for(lambda: messages)


@pytest.mark.parametrize("below", [-1, -2, -(10**30)])
def test_a_level_below_the_first_lets_no_message_through(connect, noisy, below):
    messages = []
    assert aerospike.set_log_level(below) == 0
    time.sleep(0.05)
    aerospike.set_log_handler(lambda *args: messages.append(args))
    connect()
    assert messages == []


@pytest.mark.parametrize("bad", [None, "warn", 1.5])
def test_bad_level(bad):
    with pytest.raises(exception.ParamError, match="loglevel"):
        aerospike.set_log_level(bad)


def test_a_handler_that_cannot_be_called_discards(noisy, connect, caplog):
    with pytest.warns(UserWarning, match="log_handler must be a callable or None, not int"):
        assert aerospike.set_log_handler(5) == 0
    with caplog.at_level(logging.DEBUG, logger="aerospike"):
        connect()
        time.sleep(0.05)
    assert caplog.records == []


@pytest.mark.parametrize("level", [aerospike.LOG_LEVEL_OFF, aerospike.LOG_LEVEL_ERROR])
def test_why_a_host_was_refused_is_said_by_the_error_whatever_is_logged(level, noisy):
    messages = []
    aerospike.set_log_handler(lambda *args: messages.append(args))
    aerospike.set_log_level(level)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(exception.ClientError, match="refused"):
        aerospike.client({"hosts": [("127.0.0.1", port)]}).connect()
    assert [message for message in messages if message[0] > level] == []
