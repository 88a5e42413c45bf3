# SPDX-License-Identifier: Apache-2.0
"""The tests of some modules run for both clients: once with AsyncClient, whose coroutines are waited for."""

import pathlib
import sys

import pytest

import aerospike

sys.path.append(str(pathlib.Path(__file__).parents[1] / "scripts"))

from blocking import blocking_client

# Whose tests look at a client's results and errors alone. Not here are those of modules whose clients are made by the
# tests themselves, of what one thread does while another waits (test_iteration), of Python alone
# (test_operate_misuse, test_properties), and of the names of 2015, which AsyncClient has not (test_admin).
MODULES = ["test_records", "test_operate", "test_operate_lists", "test_operate_maps", "test_operate_bits"]
MODULES += ["test_operate_strings", "test_operate_properties", "test_keys", "test_values", "test_strict_types"]
MODULES += ["test_policies", "test_context", "test_batches", "test_filters", "test_expressions_misuse"]
MODULES += ["test_expressions_properties", "test_expressions_results", "test_expressions_text", "test_queries"]
MODULES += ["test_query_bins", "test_scan", "test_background", "test_indexes_used", "test_udf_used"]
MODULES += ["test_aggregation", "test_info", "test_vectors_cases", "test_vectors_operations", "test_vectors_records"]
MODULES += ["test_vectors_transcripts", "test_batch_arrow", "test_batch_matrix", "test_put_arrow"]
MODULES += ["test_vectors_batch", "test_vectors_udf", "test_retries"]
MODULES += ["test_vectors_query", "test_columns", "test_llist", "test_transactions"]


@pytest.fixture(scope="session")
def client_kind(request):
    """Which of the clients a test has."""
    return getattr(request, "param", "sync")


def pytest_generate_tests(metafunc):
    one = metafunc.definition.get_closest_marker("sync_only") is not None
    if metafunc.module.__name__ in MODULES and not one and "client_kind" in metafunc.fixturenames:
        metafunc.parametrize("client_kind", ["sync", "asyncio"], indirect=True, scope="session")


CLIENTS = {"sync": aerospike.client, "asyncio": blocking_client}
