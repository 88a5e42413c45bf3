# SPDX-License-Identifier: Apache-2.0
"""AsyncClient: the methods of Client as coroutines.

What a method of Client is here says its name alone. Commands on records run on the C client's event loop
(``_begin_…`` of the native client); what asks no node runs at once; everything else runs in a thread of the asyncio
loop, over the same connection. asyncio is imported by whoever needs it first.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from aerospike import _hosts, _native
from aerospike._client import Client
from aerospike._columns import batch_request
from aerospike._legacy import OldCalls
from aerospike._legacy_cdt import METHODS as OLD_COLLECTION_CALLS
from aerospike._plan import Plan, partitions_of
from aerospike._put_arrow import ArrowWriting
from aerospike._secrets import secretive
from aerospike._transaction import TransactionBlock
from aerospike.llist import LList
from aerospike.query import Query
from aerospike.scan import Scan

if TYPE_CHECKING:
    import asyncio

    from aerospike import types

__all__ = ["AsyncClient", "AsyncLList", "AsyncQuery", "AsyncRecordIterator", "AsyncScan"]

Result = TypeVar("Result")
Self = TypeVar("Self")

# What asks no node, nor waits for anything.
AT_ONCE = frozenset(
    ("add_hook", "remove_hook", "get_policies", "get_key_digest", "get_key_partition_id", "shm_key", "is_connected")
    + ("get_cdtctx_base64", "get_cdtctx_from_base64", "get_expression_base64", "get_expression_from_base64")
)
LINGER = 0.001  # seconds that a record waits for others
BURST_ELEMENTS = 1000  # that a thread brings to the loop at a time


async def in_thread(function: Callable[..., Result], *args: Any, **keywords: Any) -> Result:
    """Call a function that waits in a thread of the loop that runs here."""
    import asyncio

    return await asyncio.to_thread(function, *args, **keywords)


# ---- methods ----


FLYING = """
async def {name}(self, {parameters}):
    awaited = begin(self._client, {arguments})
    if awaited is NotImplemented:  # it belongs to a transaction
        return await in_thread(self._client.{name}, {arguments})
    return await awaited
"""


def flying(name: str, begin: Callable[..., Any]) -> Callable[..., Any]:
    """Make a coroutine function of a command that runs on the C client's event loop.

    It has the command's parameters: to pass on ``*args, **keywords`` would be a tenth of what a get costs.
    """
    parameters = getattr(_native._Client, name).__text_signature__[len("($self, ") : -1]
    arguments = parameters.replace("=None", "")
    if "=" in arguments:  # a default that is not the same as nothing given
        parameters = arguments = "*args, **keywords"
    names: dict[str, Any] = {"__name__": __name__, "begin": begin, "in_thread": in_thread}
    source = FLYING.format(name=name, parameters=parameters, arguments=arguments)
    exec(compile(source, f"<AsyncClient.{name}>", "exec"), names)  # as tracebacks show it
    method: Callable[..., Any] = names[name]
    return method


def immediate(name: str) -> Callable[..., Any]:
    """Make a coroutine function of what asks no node."""

    async def method(self: AsyncClient, *args: Any, **keywords: Any) -> Any:
        return getattr(self._client, name)(*args, **keywords)

    return method


def threaded(name: str) -> Callable[..., Any]:
    """Make a coroutine function of a method that waits."""

    @secretive  # some are given passwords
    async def method(self: Any, *args: Any, **keywords: Any) -> Any:
        return await in_thread(getattr(self._sync, name), *args, **keywords)

    return method


def chained(name: str) -> Callable[..., Any]:
    """Make a method of one that returns its object."""

    def method(self: AsyncPlan, *args: Any, **keywords: Any) -> Any:
        getattr(self._sync, name)(*args, **keywords)
        return self

    return method


def answering(name: str) -> Callable[..., Any]:
    """Make a method of one that answers at once."""

    def method(self: AsyncPlan, *args: Any, **keywords: Any) -> Any:
        return getattr(self._sync, name)(*args, **keywords)

    return method


def attribute(name: str) -> property:
    """Make an attribute of the synchronous object's."""

    def fget(self: AsyncPlan) -> Any:
        return getattr(self._sync, name)

    def fset(self: AsyncPlan, value: Any) -> None:
        setattr(self._sync, name, value)

    return property(fget, fset)


def adopt(cls: type, model: type, name: str, method: Callable[..., Any]) -> None:
    """Give a class a method, which looks like the one of the synchronous class."""
    like = getattr(model, name)
    method.__name__, method.__qualname__, method.__doc__ = name, f"{cls.__qualname__}.{name}", like.__doc__
    method.__module__ = cls.__module__
    method.__wrapped__ = like  # type: ignore[attr-defined]  (whose signature it has)
    setattr(cls, name, method)


def public_methods(cls: type) -> Iterator[str]:
    """Return the names of what can be called of a class."""
    return (name for name in dir(cls) if not name.startswith("_") and callable(getattr(cls, name)))


def async_repr(model: Any) -> str:
    """Return the text of an object's counterpart."""
    return f"<aerospike.Async{repr(model)[len('<aerospike.') :]}"


# ---- scans and queries ----


def end(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


async def arrival(records: _native.RecordIterator) -> None:
    """Wait until there are records, many of them where they come fast, or the end."""
    import asyncio

    loop = asyncio.get_running_loop()
    for many in (True, False):
        rung = loop.create_future()
        if records._listen(rung, many):
            return
        timer = loop.call_later(LINGER, end, rung) if many else None
        try:
            await rung
        finally:
            records._listen(None, False)
            if timer is not None:
                timer.cancel()


class Closing:
    """What reads records, and is closed by ``await aclose()`` and at the end of an ``async with`` block."""

    __slots__ = ()
    _records: Any

    async def aclose(self) -> None:
        """End the run."""
        self._records.close()

    async def __aenter__(self: Self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


class AsyncRecordIterator(_native._AsyncRecords, Closing):
    """The records of one run, for ``async for``.

    The run goes on until some thousand records wait, and then waits itself. ``await aclose()`` ends the run early; so
    does the end of an ``async with`` block.
    """

    __module__ = "aerospike"

    def __init__(self, records: Any) -> None:
        import asyncio

        super().__init__(records)
        self._turn = asyncio.Lock()  # of tasks that share it

    async def _wait(self) -> None:
        async with self._turn:
            await arrival(self._records)


class ElementIterator(Closing):
    """The elements of an LList, which a thread brings, and reads no further while they are not taken."""

    def __init__(self, elements: Any) -> None:
        import asyncio

        self._records = elements
        self._burst: Iterator[Any] = iter(())
        self._turn = asyncio.Lock()  # of tasks that share it

    def __aiter__(self) -> ElementIterator:
        return self

    async def __anext__(self) -> Any:
        for element in self._burst:
            return element
        async with self._turn:
            for element in self._burst:  # which another task has brought meanwhile
                return element
            self._burst = iter(await in_thread(lambda: list(itertools.islice(self._records, BURST_ELEMENTS))))
            for element in self._burst:
                return element
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """End the run, and forget what it has brought."""
        self._burst = iter(())
        await super().aclose()


class AsyncFace:
    """An object of the synchronous client, whose calls are awaited; it gives its records or elements one by one."""

    __module__ = "aerospike"
    __slots__ = ("_sync",)
    _iterator: Callable[[Any], AsyncIterator[Any]] = AsyncRecordIterator
    _sync: Any

    def __init__(self) -> None:
        raise TypeError(f"use the methods of AsyncClient to make an {type(self).__name__}")

    @classmethod
    def _create(cls, model: Any) -> Any:
        self = object.__new__(cls)
        self._sync = model
        return self

    def __aiter__(self) -> AsyncIterator[Any]:
        return self._iterator(iter(self._sync))

    def __repr__(self) -> str:
        return async_repr(self._sync)


class AsyncPlan(AsyncFace):
    """What AsyncScan and AsyncQuery have in common."""

    __module__ = "aerospike"
    __slots__ = ()

    def __init_subclass__(cls, model: type[Plan] | None = None) -> None:
        if model is None:
            return
        for name in ("max_records", "records_per_second", "ttl"):
            setattr(cls, name, attribute(name))
        for name in public_methods(model):
            if name not in vars(cls):
                adopt(cls, model, name, PLAN_METHODS.get(name, chained)(name))


def records(name: str) -> Callable[..., AsyncRecordIterator]:
    """Make the method that returns an iterator."""

    def method(self: AsyncPlan, *args: Any, **keywords: Any) -> AsyncRecordIterator:
        return AsyncRecordIterator(getattr(self._sync, name)(*args, **keywords))

    return method


async def gathered(records: _native.RecordIterator) -> list[Any]:
    """Return all records of a run."""
    import asyncio

    with records:
        while not isinstance(rows := records._gather(), list):
            await (arrival(records) if rows is None else asyncio.sleep(0))
    return rows


@contextlib.asynccontextmanager
async def turn(plan: Plan) -> AsyncIterator[None]:
    """Let a plan that goes on where it stopped be run by one task or thread at a time, of whichever loop."""
    import asyncio

    pause = 0.001
    while not plan._try_turn():
        await asyncio.sleep(pause)
        pause = min(2 * pause, 0.05)
    try:
        yield
    finally:
        plan._end_turn()


class Asked:
    """In the place of a Scan or Query: what its results() asks a run for."""

    @staticmethod
    def _run(*asked: Any) -> tuple[Any, ...]:
        return asked


def collected(name: str) -> Callable[..., Any]:
    """Make the coroutine function that returns all records."""

    async def method(self: AsyncPlan, *args: Any, **keywords: Any) -> list[Any]:
        plan = self._sync
        asked = getattr(type(plan), name)(Asked, *args, **keywords)
        if not plan._goes_on(asked[0]):
            return await gathered(plan._records(*asked))
        request = plan._request(*asked)
        plan._refuse_pages()
        async with turn(plan):
            return await gathered(plan._client._iterate(plan._page(request, partitions_of(asked[0]))))

    return method


# What is none of these returns its object.
PLAN_METHODS: dict[str, Callable[[str], Any]] = {
    "results": collected,
    "foreach": threaded,
    "execute_background": threaded,
    "records": records,
    "arrow": answering,  # what reads it is of no asyncio
    "splits": answering,
    "is_done": answering,
    "get_partitions_status": answering,
}


class AsyncScan(AsyncPlan, model=Scan):
    """A :class:`~aerospike.Scan` whose runs are awaited; made by ``AsyncClient.scan()``."""

    __module__ = "aerospike"
    __slots__ = ()


class AsyncQuery(AsyncPlan, model=Query):
    """A :class:`~aerospike.Query` whose runs are awaited; made by ``AsyncClient.query()``."""

    __module__ = "aerospike"
    __slots__ = ()


class AsyncLList(AsyncFace):
    """An :class:`~aerospike.LList` whose calls are awaited; made by ``AsyncClient.llist()``.

    ``async for element in llist:`` gives the elements in order. There is no ``len()`` and no ``in``: await
    ``size()`` and ``exists()``.
    """

    __module__ = "aerospike"
    __slots__ = ()
    _iterator = ElementIterator

    key = attribute("key")
    bin = attribute("bin")


for _name in public_methods(LList):
    adopt(AsyncLList, LList, _name, threaded(_name))


class AsyncTransactionBlock:
    """What ``async with client.transaction() as txn:`` enters and leaves."""

    def __init__(self, block: TransactionBlock) -> None:
        self._block = block

    async def __aenter__(self) -> _native.Transaction:
        return self._block.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await in_thread(self._block.__exit__, kind, error, traceback)


# ---- the client ----


class AsyncClient:
    """A client for asyncio: the methods of :class:`Client`, as coroutines.

    ``await client.connect()`` connects, or ``async with``. It may be used by several loops, in several threads, and
    again after ``asyncio.run()``.

    :param config: as of :func:`aerospike.client`, with ``max_in_flight`` and ``max_waiting``.
    :raises ParamError: a value of the configuration is not valid; connect() tells.
    """

    __module__ = "aerospike"

    def __init__(self, config: types.Config | str | None = None) -> None:
        self._config = _hosts.configuration(config)
        self._client = self._sync = Client.__new__(Client)
        self._configured = False

    def __repr__(self) -> str:
        return async_repr(self._client)

    @secretive
    async def connect(self, username: str | None = None, password: str | None = None) -> AsyncClient:
        """Connect, or connect again after close(); a connected client is left as it is.

        :param str username: instead of the configuration's ``user``.
        :param str password: instead of the configuration's ``password``.
        :return: the client itself.
        :raises ConnectionError: no host of the configuration could be reached.
        :raises ParamError: a value of the configuration is not valid.
        """
        self._client._settle()  # that asyncio runs
        if self._configured:
            await in_thread(self._client.connect, username, password)
            return self
        given = {"user": username, "password": password}
        config: Any = {**self._config, **{key: value for key, value in given.items() if value is not None}}
        await in_thread(_native._Client.__init__, self._client, config)
        self._configured = True
        return self

    async def close(self) -> None:
        """Close all connections, when the commands on records that are under way are over.

        Later ones raise :class:`~aerospike.exception.ClusterError` until connect() is called. Closing twice is fine.
        """
        import asyncio

        client = self._client
        rest, pause = client._begin_close(), 0.001
        if rest is None:
            return
        while client._is_closing(rest):
            await asyncio.sleep(pause)
            pause = min(2 * pause, 0.05)
        await in_thread(client._end_close, rest)
        client._settle()

    async def __aenter__(self) -> AsyncClient:
        return await self.connect()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()


def maker(name: str, cls: type[AsyncFace]) -> Callable[..., Any]:
    """Make the method that makes a scan, query or list."""

    def method(self: AsyncClient, *args: Any, **keywords: Any) -> Any:
        return cls._create(getattr(self._client, name)(*args, **keywords))

    return method


def batch_arrow(name: str) -> Callable[..., Any]:
    """Make the method that reads many records as columns."""
    like = inspect.signature(getattr(Client, name))

    async def method(self: AsyncClient, *args: Any, **keywords: Any) -> Any:
        given = like.bind(self._client, *args, **keywords)
        given.apply_defaults()
        request = batch_request(*given.args)
        return request.table(await BATCHES[request.method](self, *request.arguments))

    return method


def put_arrow(name: str) -> Callable[..., Any]:
    """Make the method that writes columns, also such as come by and by."""
    like = inspect.signature(getattr(Client, name))

    async def method(self: AsyncClient, *args: Any, **keywords: Any) -> Any:
        given = like.bind(self._client, *args, **keywords)
        given.apply_defaults()
        client, data, namespace, set, key, bins, *how, on_batch = given.args
        if hasattr(data, "__arrow_c_stream__") or not hasattr(data, "__aiter__"):
            return await in_thread(Client.put_arrow, *given.args)
        writing = ArrowWriting(client, (namespace, set), (key, bins), tuple(how), on_batch)
        await write_parts(writing, aiter(data))
        return writing.written()

    return method


async def write_parts(writing: ArrowWriting, parts: AsyncIterator[Any]) -> None:
    """Write each part in a thread, and read the next one when that is done."""
    try:
        async for part in parts:
            if not await in_thread(writing.write, part):
                break
    finally:
        if hasattr(parts, "aclose"):
            await parts.aclose()


def transaction(name: str) -> Callable[..., Any]:
    """Make the method that begins a transaction."""

    def method(self: AsyncClient, *args: Any, **keywords: Any) -> Any:
        return AsyncTransactionBlock(getattr(self._client, name)(*args, **keywords))

    return method


def client_method(name: str) -> Callable[..., Any]:
    """Return what a method of Client is here."""
    begin = getattr(_native._Client, f"_begin_{name}", None)
    if begin is not None:
        return flying(name, begin)
    return immediate(name) if name in AT_ONCE else threaded(name)


BATCHES = {name: client_method(name) for name in ("_batch_arrow", "_batch_arrow_operate")}
OTHERS: dict[str, Callable[[str], Any]] = {
    "batch_arrow": batch_arrow,
    "put_arrow": put_arrow,
    "scan": functools.partial(maker, cls=AsyncScan),
    "query": functools.partial(maker, cls=AsyncQuery),
    "llist": functools.partial(maker, cls=AsyncLList),
    "transaction": transaction,
}

OLD_NAMES = {*vars(OldCalls), *OLD_COLLECTION_CALLS}  # which no program for asyncio has

for _name in public_methods(Client):
    if _name not in vars(AsyncClient) and _name not in OLD_NAMES:
        adopt(AsyncClient, Client, _name, OTHERS.get(_name, client_method)(_name))
