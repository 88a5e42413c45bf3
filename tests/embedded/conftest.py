# SPDX-License-Identifier: Apache-2.0
"""What the tests share that speak in frames of their own."""

import frames
import pytest
from indexing import Indexed
from one_bin import OneBin


@pytest.fixture
def connection(hosts):
    with frames.Connection(hosts[0]) as connection:
        yield connection


@pytest.fixture
def one_bin(connection, namespace, request):
    """A bin for the family of operations whose reading operator is the module's ``READ_OPERATOR``."""
    made = OneBin(connection, namespace, request.module.READ_OPERATOR)
    made.put(frames.INTEGER, bytes(8))
    yield made
    made.remove()


@pytest.fixture
def indexed(connection, namespace):
    made = Indexed(connection, namespace)
    yield made
    for name in made.made:
        made.info(f"sindex-delete:namespace={namespace};indexname={name}")
    made.info(f"truncate:namespace={namespace};set={made.name}")
