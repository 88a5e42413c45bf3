# SPDX-License-Identifier: Apache-2.0
"""Operations on one bin, from what it holds before to what it holds after."""

import pytest

from aerospike import exception


@pytest.fixture
def outcome(client, key):
    """Write a value to the bin ``b`` (None: none) and run operations: returns the last result, and what is left."""

    def run(before, *operations):
        client.put(key, {"other": 0, "b": before})
        results = client.operate_ordered(key, list(operations))[2]
        return (results[-1][1] if results else None), client.get(key)[2].get("b")

    return run


@pytest.fixture
def refusal(client, key):
    """The exception's class that operations on a bin ``b`` raise; the record stays as it was."""

    def run(before, *operations):
        client.put(key, {"other": 0, "b": before})
        stored = client.get(key)[2]
        try:
            client.operate_ordered(key, list(operations))
        except exception.AerospikeError as error:
            assert client.get(key)[2] == stored
            return type(error)
        return None

    return run
