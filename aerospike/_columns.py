# SPDX-License-Identifier: Apache-2.0
"""Records as columns: what Scan.arrow(), Query.arrow() and Client.batch_arrow() return."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from aerospike import _native
from aerospike.exception import AerospikeError, ParamError

if TYPE_CHECKING:
    from aerospike._client import Client
    from aerospike._plan import Request

OF_BIN = 0
# Where the native side finds it, and its types, the first of which is the usual one.
META: dict[str, tuple[int, tuple[str, ...]]] = {
    "key": (1, ("string", "int64", "binary")),
    "digest": (2, ("binary",)),
    "gen": (3, ("int32",)),
    "ttl": (4, ("int64",)),
}
STATUS = ("_status", 5, "int32")  # of a row of a batch
MOST_ROWS = 2**30 - 1  # of a batch that is to be one

Column = tuple[str, int, str]


def check_text(what: str, text: Any) -> None:
    """Refuse what is no str."""
    if not isinstance(text, str):
        raise ParamError(-2, f"{what} must be a str, not {type(text).__name__}")


def meta_column(name: Any, kind: str | None) -> Column:
    """Return a column of what a record has beside its bins; `kind` is its type, None the usual one."""
    check_text("a name in meta", name)
    if name not in META:
        raise ParamError(-2, f"meta has no {name!r}; valid are {', '.join(map(repr, META))}")
    source, kinds = META[name]
    if kind is not None and kind not in kinds:
        raise ParamError(-2, f"meta[{name!r}] must be {' or '.join(map(repr, kinds))}, not {kind!r}")
    return name, source, kind or kinds[0]


def read_columns(schema: Any, meta: Any, *first: Column) -> tuple[Column, ...]:
    """Return the columns that a schema and meta ask for, checked but for the types of bins; `first` stand before."""
    if not isinstance(schema, Mapping):
        raise ParamError(-2, f"schema must be a dict {{bin: type}}, not {type(schema).__name__}")
    if isinstance(meta, (str, bytes)) or not isinstance(meta, Iterable):
        raise ParamError(-2, f"meta must be a tuple of names, not {type(meta).__name__}")
    kinds = meta if isinstance(meta, Mapping) else {}
    columns = [*first, *(meta_column(name, kinds.get(name)) for name in meta)]
    for name, kind in schema.items():
        check_text("a name in schema", name)
        check_text(f"schema[{name!r}]", kind)
        columns.append((name, OF_BIN, kind))
    names = [name for name, _, _ in columns]
    for name in names:
        if names.count(name) > 1:
            raise ParamError(-2, f"two columns have the name {name!r}")
    if len(columns) == len(first):
        raise ParamError(-2, "schema must have a bin, or meta a name")
    return tuple(columns)


def columns_text(columns: tuple[Column, ...]) -> str:
    """Return names and types."""
    return ", ".join(f"{name}: {kind}" for name, _, kind in columns)


class ArrowReader:
    """Records as columns, for whatever library takes Arrow streams; made by :meth:`Query.arrow` and :meth:`Scan.arrow`.

    It has ``__arrow_c_stream__`` and ``__arrow_c_schema__`` (the Arrow PyCapsule interface), and is given to the
    library as it is: ``pyarrow.table(reader)``, ``polars.DataFrame(reader)``, ``pandas.DataFrame.from_arrow(reader)``,
    ``duckdb.sql("from reader")``. Nothing is copied on the way.

    Each stream is a run of its own, which begins when its first batch is asked for, so that a reader can be read again,
    and by several threads, each with a stream of its own. Releasing a stream, at any moment, ends the server's work. A
    batch lives on without it. In a child process a stream of the parent fails; a new one of the same reader does not.

    ``async for table in reader`` gives each batch of a stream as an :class:`ArrowTable`, for which a thread waits.
    """

    __slots__ = ("__weakref__", "_client", "_columns", "_plan", "_request")
    __module__ = "aerospike"
    _client: Client
    _request: Request
    _columns: tuple[Column, ...]
    _plan: Any

    def __init__(self) -> None:
        raise TypeError("use arrow() of a query or scan to make an ArrowReader")

    @classmethod
    def _create(
        cls, client: Client, request: Request, columns: tuple[Column, ...], batch_rows: int, queue: int
    ) -> ArrowReader:
        self = object.__new__(cls)
        self._client, self._columns = client, columns
        self._plan = client._columns(columns, batch_rows, queue)
        policy = request.policy
        self._request = request._replace(policy=dict(policy) if isinstance(policy, dict) else policy)
        client._arrow_check(self._request, self._plan)
        return self

    def __repr__(self) -> str:
        return f"<aerospike.ArrowReader {columns_text(self._columns)}>"

    def __arrow_c_schema__(self) -> object:
        """A capsule of the columns' names and types, ``arrow_schema``."""
        return self._client._arrow_schema(self._plan)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """A capsule of a new stream, ``arrow_array_stream``; its types are the schema's, whatever is requested.

        :raises ClusterError: the client is closed.
        """
        return self._client._arrow_stream(self._request, self._plan)

    async def __aiter__(self) -> AsyncGenerator[ArrowTable, None]:
        """Give the batches of a new stream one by one, each as an :class:`ArrowTable`."""
        import asyncio

        stream = self.__arrow_c_stream__()
        while (answer := await asyncio.to_thread(self._client._next_table, stream, self._plan)) is not None:
            yield table_of(self._columns, self._plan, (*answer, 0))

    @property
    def error(self) -> AerospikeError | None:
        """What a stream of this reader failed by last, as this client raises it; None where none has failed.

        Libraries turn a stream's error into one of their own, of which the text is ours.
        """
        error: AerospikeError | None = self._client._arrow_error(self._plan)
        return error


class ArrowTable:
    """Records as columns, in memory; made by :meth:`Client.batch_arrow`, a row a key, or a batch of an ArrowReader.

    It has ``__arrow_c_stream__`` and ``__arrow_c_schema__``, and is given to a library as an :class:`ArrowReader` is:
    ``pyarrow.table(table)``. Nothing is copied, however often; the memory is free when nobody has any of it. ``len()``
    is the number of rows.
    """

    __slots__ = ("__weakref__", "_columns", "_plan", "_rows", "_table", "result")
    __module__ = "aerospike"

    result: int
    """The code of the batch as a whole, as that of :class:`~aerospike_helpers.batch.records.BatchRecords`."""
    _columns: tuple[Column, ...]
    _plan: Any
    _table: Any
    _rows: int

    def __init__(self) -> None:
        raise TypeError("use Client.batch_arrow() to make an ArrowTable")

    def __repr__(self) -> str:
        return f"<aerospike.ArrowTable of {self._rows}: {columns_text(self._columns)}>"

    def __len__(self) -> int:
        return self._rows

    def __arrow_c_schema__(self) -> object:
        """A capsule of the columns' names and types, ``arrow_schema``."""
        return _native._Client._arrow_schema(self._plan)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """A capsule of a new stream, ``arrow_array_stream``; its types are the schema's, whatever is requested."""
        return _native._Client._table_stream(self._table)


def table_of(columns: tuple[Column, ...], plan: Any, answer: tuple[Any, int, int]) -> ArrowTable:
    """Return a table of a native one, its rows and the result."""
    made = object.__new__(ArrowTable)
    made._columns, made._plan = columns, plan
    made._table, made._rows, made.result = answer
    return made


class BatchRequest(NamedTuple):
    """What batch_arrow() asks the native client: the method, its arguments, and what the answer is a table of."""

    method: str
    arguments: tuple[Any, ...]
    columns: tuple[Column, ...]
    plan: Any

    def table(self, answer: tuple[Any, int, int]) -> ArrowTable:
        """Return the table of an answer."""
        return table_of(self.columns, self.plan, answer)


def batch_request(client: Client, keys: Any, schema: Any, ops: Any, meta: Any, policy: Any) -> BatchRequest:
    """Return what batch_arrow() asks, of its arguments, which are checked but for the keys."""
    client._check_open()
    columns = read_columns(schema, meta, STATUS)
    plan = client._columns(columns, MOST_ROWS, 1)
    if ops is None:
        return BatchRequest("_batch_arrow", (keys, plan, policy), columns, plan)
    return BatchRequest("_batch_arrow_operate", (keys, plan, ops, policy), columns, plan)
