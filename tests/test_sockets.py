# SPDX-License-Identifier: Apache-2.0
"""Sockets that are not ready when one would expect it: the client waits, and does not burn the CPU while it does."""

import threading
import time

import pytest
from fix_proxy import Proxy

import aerospike
from aerospike import exception


class DrippingProxy(Proxy):
    """Answers in pieces, with pauses within the header, behind it, and later."""

    def _answer(self, source, target, kind, frame):
        pieces = [3, 8, 9, 30, len(frame)] if kind == self.kind else [len(frame)]
        for begin, end in zip([0, *pieces], pieces, strict=False):
            target.sendall(frame[begin:end])
            time.sleep(0.01)


class LazyProxy(Proxy):
    """Takes nothing from a connection until ``pause`` seconds have gone by, or until it is told to."""

    pause = 0.0

    def __init__(self, address):
        self.told = threading.Event()
        super().__init__(address)

    def _relay(self, source, target, hand):
        if hand == self._hand_on:
            self.told.wait(self.pause)
        super()._relay(source, target, hand)


@pytest.fixture
def proxied(hosts, client):
    """Proxies of a class before the server, and clients behind them."""
    if len(client.get_nodes()) > 1:
        pytest.skip("a client would find the other nodes of the cluster without the proxy")
    made = []

    def make(kind):
        proxy = kind(hosts[0][:2])
        client = aerospike.client({"hosts": proxy.hosts, "policies": {"total_timeout": 10000}})
        made.extend([client, proxy])
        return proxy, client

    yield make
    for one in made:
        one.close()


def test_an_answer_in_pieces_is_read_whole(proxied, make_key):
    _, client = proxied(DrippingProxy)
    key = make_key()
    bins = {"text": "a" * 5000, "list": list(range(500))}
    for _ in range(3):
        assert client.put(key, bins) == 0
        assert client.get(key)[2] == bins


def test_a_connection_of_threads_is_not_mistaken_for_another(proxied, make_key):
    _, slow = proxied(DrippingProxy)
    _, fast = proxied(Proxy)
    key = make_key()
    for number in range(5):
        slow.put(key, {"n": number})
        assert fast.get(key)[2] == {"n": number}
        fast.put(key, {"n": -number})
        assert slow.get(key)[2] == {"n": -number}


def test_a_server_that_takes_slowly_is_waited_for(proxied, make_key):
    def cost(pause):
        proxy, client = proxied(LazyProxy)
        proxy.pause = pause  # of the connection that the command opens
        before = time.thread_time()
        with pytest.raises(exception.RecordTooBig):
            client.put(make_key(), {"blob": bytes(16 << 20)}, policy={"socket_timeout": 0, "total_timeout": 0})
        return time.thread_time() - before

    assert cost(pause=1.0) < cost(pause=0) + 0.5


def test_a_server_that_takes_nothing_times_out(proxied, make_key):
    proxy, client = proxied(LazyProxy)
    proxy.pause = 300
    with pytest.raises(exception.TimeoutError):
        client.put(make_key(), {"blob": bytes(16 << 20)}, policy={"total_timeout": 300, "max_retries": 0})
    assert not proxy.told.is_set()
    proxy.told.set()
