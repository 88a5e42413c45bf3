# SPDX-License-Identifier: Apache-2.0
"""A server of the test module's own, which each test may do harm to."""

import pytest


@pytest.fixture
def server(running):
    """The module's server ``running``, without records and faults, before the test and after it."""
    running.clear()
    yield running
    running.clear()
