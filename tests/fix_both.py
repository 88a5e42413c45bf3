# SPDX-License-Identifier: Apache-2.0
"""The tests of some modules run for both clients: once with AsyncClient, whose coroutines are waited for."""

import asyncio
import inspect
import threading

import aerospike

# Whose tests look at a client's results and errors alone.
MODULES = ["test_records", "test_operate", "test_operate_lists", "test_operate_maps", "test_operate_bits"]
MODULES += ["test_operate_strings", "test_keys", "test_batches", "test_queries"]
MODULES += ["test_batch_arrow", "test_batch_matrix", "test_put_arrow"]


def pytest_generate_tests(metafunc):
    if metafunc.module.__name__ in MODULES and "client" in metafunc.fixturenames:
        metafunc.parametrize("client", ["sync", "asyncio"], indirect=True, scope="session")


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
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result()


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
