# SPDX-License-Identifier: Apache-2.0
"""Keys that no other test uses."""

import contextlib
import itertools
import os
import time

import pytest

from aerospike import exception

SET = "suite"
_numbers = itertools.count()
_session = f"{os.getpid()}-{time.time_ns()}"


def remove_quietly(client, key):
    with contextlib.suppress(exception.RecordNotFound):
        client.remove(key)


@pytest.fixture
def make_key(client, namespace):
    """Make new keys; their records are removed in the end."""
    made = []

    def make(pk=None, set_name=SET):
        key = (namespace, set_name, f"{_session}-{next(_numbers)}" if pk is None else pk)
        remove_quietly(client, key)
        made.append(key)
        return key

    yield make
    for key in made:
        remove_quietly(client, key)


@pytest.fixture
def key(make_key):
    """A key without a record."""
    return make_key()


@pytest.fixture
def record(client, key):
    """The key of a record with the bins ``a`` (1), ``s`` ("abc") and ``l`` ([1, 2])."""
    client.put(key, {"a": 1, "s": "abc", "l": [1, 2]})
    return key
