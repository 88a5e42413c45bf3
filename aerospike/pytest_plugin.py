# SPDX-License-Identifier: Apache-2.0
"""Fixtures for programs that test against a server of their own: installed with the package, nothing to configure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import aerospike
    from aerospike import embedded


@pytest.fixture(scope="session")
def aerospike_server() -> Iterator[embedded.Server]:
    """An embedded server with the namespace ``test``, for the whole session."""
    from aerospike import embedded

    with embedded.Server() as server:
        yield server


@pytest.fixture
def aerospike_client(aerospike_server: embedded.Server) -> Iterator[aerospike.Client]:
    """A client of the session's server; its namespaces are empty again after the test."""
    import aerospike

    with aerospike.client(aerospike_server.config) as client:
        yield client
        for namespace in aerospike_server.namespaces:
            client.truncate(namespace, None, 0)
