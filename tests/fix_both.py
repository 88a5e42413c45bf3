# SPDX-License-Identifier: Apache-2.0
"""The tests of some modules run for both clients: once with AsyncClient, whose coroutines are waited for."""

import asyncio
import inspect
import threading

import pytest

import aerospike

# Whose tests look at a client's results and errors alone. Not here are those of modules whose clients are made by the
# tests themselves, of what one thread does while another waits (test_iteration, test_transactions), of Python alone
# (test_operate_misuse, test_properties), and of the names of 2015, which AsyncClient has not (test_admin).
MODULES = ["test_records", "test_operate", "test_operate_lists", "test_operate_maps", "test_operate_bits"]
MODULES += ["test_operate_strings", "test_operate_properties", "test_keys", "test_values", "test_strict_types"]
MODULES += ["test_policies", "test_context", "test_batches", "test_filters", "test_expressions_misuse"]
MODULES += ["test_expressions_properties", "test_expressions_results", "test_expressions_text", "test_queries"]
MODULES += ["test_query_bins", "test_scan", "test_background", "test_indexes_used", "test_udf_used"]
MODULES += ["test_aggregation", "test_info", "test_vectors_cases", "test_vectors_operations", "test_vectors_records"]
MODULES += ["test_vectors_transcripts", "test_batch_arrow", "test_batch_matrix", "test_put_arrow"]


@pytest.fixture(scope="session")
def client_kind(request):
    """Which of the clients a test has."""
    return getattr(request, "param", "sync")


def pytest_generate_tests(metafunc):
    one = metafunc.definition.get_closest_marker("sync_only") is not None
    if metafunc.module.__name__ in MODULES and not one and "client_kind" in metafunc.fixturenames:
        metafunc.parametrize("client_kind", ["sync", "asyncio"], indirect=True, scope="session")


async def outcome(coroutine):
    """Its result and its error: a KeyboardInterrupt, too, which would end the loop."""
    try:
        return await coroutine, None
    except BaseException as error:
        return None, error


class Loop:
    """An asyncio loop on a thread of its own."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def wait(self, coroutine):
        result, error = asyncio.run_coroutine_threadsafe(outcome(coroutine), self.loop).result()
        try:
            if error is not None:
                raise error
            return result
        finally:
            del error  # whose traceback has this frame


class Blocking:
    """An object with coroutines as one whose methods wait."""

    def __init__(self, loop, awaited):
        self.__dict__.update(_loop=loop, _awaited=awaited)

    def __getattr__(self, name):
        found = getattr(self._awaited, name)
        if not callable(found):
            return found

        def call(*args, **keywords):
            return self._waited(found(*args, **keywords))

        return call

    def __setattr__(self, name, value):
        setattr(self._awaited, name, value)

    def _waited(self, result):
        if inspect.iscoroutine(result):
            return self._loop.wait(result)
        if result is self._awaited:
            return self
        return Blocking(self._loop, result) if hasattr(result, "__aiter__") else result

    def __iter__(self):
        records = self._awaited.__aiter__()
        while True:
            try:
                yield self._loop.wait(anext(records))
            except StopAsyncIteration:
                return

    def __repr__(self):
        return repr(self._awaited)


class blocking_client:  # noqa: N801  (a context manager)
    """``with blocking_client(config) as client``: an AsyncClient whose methods wait."""

    def __init__(self, config):
        self.loop, self.client = Loop(), aerospike.AsyncClient(config)

    def __enter__(self):
        self.loop.__enter__()
        self.loop.wait(self.client.connect())
        return Blocking(self.loop, self.client)

    def __exit__(self, *error):
        self.loop.wait(self.client.close())
        self.loop.__exit__(*error)


CLIENTS = {"sync": aerospike.client, "asyncio": blocking_client}
