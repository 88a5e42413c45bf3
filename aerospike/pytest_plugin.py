# SPDX-License-Identifier: Apache-2.0
"""Fixtures for programs that test against a server of their own: installed with the package, nothing to configure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import aerospike
    from aerospike import embedded
    from aerospike.types import Config


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("aerospike_namespaces", "namespaces of aerospike_server", type="args", default=["test"])


@pytest.fixture(scope="session")
def aerospike_server(pytestconfig: pytest.Config) -> Iterator[embedded.Server]:
    """An embedded server for the whole session, with the namespaces that ``aerospike_namespaces`` lists."""
    from aerospike import embedded

    with embedded.Server(namespaces=pytestconfig.getini("aerospike_namespaces")) as server:
        yield server


@pytest.fixture
def _aerospike_cleared(aerospike_server: embedded.Server) -> Iterator[None]:
    """The server without records, before a test and after it."""
    aerospike_server.clear()
    yield
    aerospike_server.clear()


@pytest.fixture
def aerospike_config(aerospike_server: embedded.Server, _aerospike_cleared: None) -> Config:
    """A configuration for :func:`aerospike.client`, a new one for each test: override it to add to it."""
    return aerospike_server.config


@pytest.fixture
def aerospike_client(aerospike_config: Config, _aerospike_cleared: None) -> Iterator[aerospike.Client]:
    """A client that is connected by ``aerospike_config``."""
    import aerospike

    with aerospike.client(aerospike_config) as client:
        yield client
