# SPDX-License-Identifier: Apache-2.0
"""An AsyncClient as a client whose methods wait, so that what is done to the other client can be done to it as well."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import threading
from collections.abc import Coroutine, Iterator
from typing import Any

import aerospike


async def outcome(coroutine: Coroutine[Any, Any, Any]) -> tuple[Any, BaseException | None]:
    """Its result and its error: a KeyboardInterrupt, too, which would end the loop."""
    try:
        return await coroutine, None
    except BaseException as error:
        return None, error


class Loop:
    """An asyncio loop on a thread of its own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)

    def __enter__(self) -> Loop:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def wait(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        result, error = asyncio.run_coroutine_threadsafe(outcome(coroutine), self.loop).result()
        try:
            if error is not None:
                raise error
            return result
        finally:
            del error  # whose traceback has this frame


class Blocking:
    """An object with coroutines as one whose methods wait."""

    def __init__(self, loop: Loop, awaited: Any) -> None:
        self.__dict__.update(_loop=loop, _awaited=awaited)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._awaited, name)
        if not callable(found):
            return found

        def call(*args: Any, **keywords: Any) -> Any:
            return self._waited(found(*args, **keywords))

        return call

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._awaited, name, value)

    def _waited(self, result: Any) -> Any:
        if inspect.iscoroutine(result):
            return self._loop.wait(result)
        if result is self._awaited:
            return self
        more = hasattr(result, "__aiter__") or hasattr(result, "__aenter__")
        return Blocking(self._loop, result) if more else result

    def __enter__(self) -> Any:
        return self._waited(self._awaited.__aenter__())

    def __exit__(self, *raised: object) -> Any:
        return self._waited(self._awaited.__aexit__(*raised))

    def __iter__(self) -> Iterator[Any]:
        records = self._awaited.__aiter__()
        while True:
            try:
                yield self._loop.wait(anext(records))
            except StopAsyncIteration:
                return

    def __repr__(self) -> str:
        return repr(self._awaited)


@contextlib.contextmanager
def blocking_client(config: Any) -> Iterator[Any]:
    """An AsyncClient, connected for a block, whose methods wait."""
    client = aerospike.AsyncClient(config)
    with Loop() as loop:
        loop.wait(client.connect())
        try:
            yield Blocking(loop, client)
        finally:
            loop.wait(client.close())
