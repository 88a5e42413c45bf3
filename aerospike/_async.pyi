# SPDX-License-Identifier: Apache-2.0
# Made by scripts/stub_async.py: the methods of Client, LList, Scan and Query as AsyncClient has them.
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Any, TypeVar

from aerospike._batch import BatchRecords
from aerospike._columns import ArrowReader, ArrowTable
from aerospike._native import Matrix, Transaction
from aerospike._plan import Plan
from aerospike._put_arrow import ArrowWritten
from aerospike._split import Split
from aerospike.predicates import Predicate
from aerospike.types import (
    AdminPolicy,
    ApplyPolicy,
    BatchApplyPolicy,
    BatchPolicy,
    BatchRemovePolicy,
    BatchWritePolicy,
    Bins,
    Callback,
    CompiledExpression,
    Config,
    DefaultPolicies,
    Hook,
    InfoPolicy,
    JobInfo,
    Key,
    Meta,
    Module,
    NodeName,
    OperatePolicy,
    Operation,
    Path,
    PrimaryKey,
    Privilege,
    QueryOptions,
    QueryPolicy,
    ReadPolicy,
    Record,
    RecordKey,
    RecordMeta,
    RemovePolicy,
    Role,
    RolePrivilege,
    Row,
    RowCallback,
    ScanOptions,
    ScanPolicy,
    User,
    WritePolicy,
)
from aerospike_helpers.cdt_ctx import Context
from aerospike_helpers.metrics import ClusterStats, MetricsPolicy

__all__ = ["AsyncClient", "AsyncLList", "AsyncQuery", "AsyncRecordIterator", "AsyncScan"]

_Client = TypeVar("_Client", bound="AsyncClient")
_Plan = TypeVar("_Plan", bound="AsyncPlan")
_Key = TypeVar("_Key", bound=Key)  # a list of some keys is no list of all

class AsyncRecordIterator:
    def __init__(self, records: Iterator[Any]) -> None: ...
    def __aiter__(self) -> AsyncIterator[Any]: ...
    async def __anext__(self) -> Any: ...
    async def aclose(self) -> None: ...
    async def __aenter__(self) -> AsyncRecordIterator: ...
    async def __aexit__(self, *_: object) -> None: ...

class AsyncPlan:
    def __init_subclass__(cls, model: type[Plan] | None = None) -> None: ...
    max_records: int
    records_per_second: int
    ttl: int
    def __aiter__(self) -> AsyncIterator[Any]: ...

class AsyncLList:
    key: tuple[Any, ...]
    bin: str
    def __aiter__(self) -> AsyncIterator[Any]: ...
    async def add(self, element: Any, policy: dict[str, Any] | None = None) -> None:
        """Add an element.

        :param element: an int, str, bytes or float, or a dict with an entry ``"key"`` that is one.
        :param dict policy: see :class:`LList`.
        :raises LDTUniqueKeyError: an element with that key is there.
        :raises LDTTypeMismatch: the list has keys of another type.
        :raises LDTInputParamError: the element is not valid, or larger than a page.
        """
    async def add_many(self, elements: Iterable[Any], policy: dict[str, Any] | None = None) -> None:
        """Add elements, page by page: those of one page in one command.

        :param elements: an iterable of what :meth:`add` takes, in any order.
        :param dict policy: see :class:`LList`.
        :raises LDTUniqueKeyError: an element with one of the keys is there. None of that page was added; the error's
            ``done`` has the keys of those that were, on pages before.
        :raises LDTInputParamError: an element is not valid, or two have the same key. Nothing was sent.
        :raises LDTTypeMismatch: keys are of several types, or of another type than the list's.
        """
    async def update(self, element: Any, policy: dict[str, Any] | None = None) -> None:
        """Put an element in the place of the one with its key, or add it.

        :param element: what :meth:`add` takes.
        :param dict policy: see :class:`LList`.
        :raises LDTTypeMismatch: the list has keys of another type.
        :raises LDTInputParamError: the element is not valid, or larger than a page.
        """
    async def update_many(self, elements: Iterable[Any], policy: dict[str, Any] | None = None) -> None:
        """Put elements in the place of those with their keys, or add them, page by page.

        :param elements: an iterable of what :meth:`add` takes, in any order.
        :param dict policy: see :class:`LList`.
        :raises LDTInputParamError: an element is not valid, or two have the same key. Nothing was sent.
        :raises LDTTypeMismatch: keys are of several types, or of another type than the list's.
        """
    async def remove(self, value: Any, policy: dict[str, Any] | None = None) -> None:
        """Remove the element with a key.

        :param value: the key, or the element.
        :param dict policy: see :class:`LList`.
        :raises LargeItemNotFound: no element has it.
        :raises LDTTypeMismatch: the list has keys of another type.
        """
    async def remove_many(self, values: Iterable[Any], policy: dict[str, Any] | None = None) -> None:
        """Remove the elements with some keys, page by page.

        :param values: an iterable of keys, or elements.
        :param dict policy: see :class:`LList`.
        :raises LargeItemNotFound: some were not there. The others were removed; the error's ``done`` has their keys.
        :raises LDTTypeMismatch: keys are of several types, or of another type than the list's.
        """
    async def get(self, value: Any, policy: dict[str, Any] | None = None) -> Any:
        """Return the element with a key.

        :param value: the key, or a dict with it.
        :param dict policy: see :class:`LList`.
        :raises LargeItemNotFound: no element has it.
        :raises LDTTypeMismatch: the list has keys of another type.
        """
    async def exists(self, value: Any, policy: dict[str, Any] | None = None) -> bool:
        """Return whether an element has a key; ``value in llist`` asks the same.

        :param value: the key, or a dict with it.
        :param dict policy: see :class:`LList`.
        :raises LDTTypeMismatch: the list has keys of another type.
        """
    async def filter(
        self, function: Callable[..., Any] | None = None, args: Any = None, policy: dict[str, Any] | None = None
    ) -> list[Any]:
        """Return the elements, in order, all or those of which a function says so.

        :param function: is called in this process with each element and ``args``; None: all elements.
        :param list args: what else it is given.
        :param dict policy: see :class:`LList`.
        """
    async def find_first(self, count: int, policy: dict[str, Any] | None = None) -> list[Any]:
        """Return the first elements.

        :param int count: how many at the most.
        :param dict policy: see :class:`LList`.
        """
    async def find_last(self, count: int, policy: dict[str, Any] | None = None) -> list[Any]:
        """Return the last elements, the last one first.

        :param int count: how many at the most.
        :param dict policy: see :class:`LList`.
        """
    async def find_from(self, value: Any, count: int, policy: dict[str, Any] | None = None) -> list[Any]:
        """Return the first elements from a key on.

        :param value: the key; it need not be there.
        :param int count: how many at the most.
        :param dict policy: see :class:`LList`.
        :raises LDTTypeMismatch: the list has keys of another type.
        """
    async def find_first_filter(
        self, count: int, function: Callable[..., Any] | None, args: Any = None, policy: dict[str, Any] | None = None
    ) -> list[Any]:
        """Return the first elements of which a function says so.

        :param int count: how many at the most.
        :param function: as of :meth:`filter`.
        :param list args: what else it is given.
        :param dict policy: see :class:`LList`.
        """
    async def find_last_filter(
        self, count: int, function: Callable[..., Any] | None, args: Any = None, policy: dict[str, Any] | None = None
    ) -> list[Any]:
        """Return the last elements of which a function says so, the last one first.

        :param int count: how many at the most.
        :param function: as of :meth:`filter`.
        :param list args: what else it is given.
        :param dict policy: see :class:`LList`.
        """
    async def find_from_filter(
        self,
        value: Any,
        count: int,
        function: Callable[..., Any] | None,
        args: Any = None,
        policy: dict[str, Any] | None = None,
    ) -> list[Any]:
        """Return the first elements from a key on of which a function says so.

        :param value: the key; it need not be there.
        :param int count: how many at the most.
        :param function: as of :meth:`filter`.
        :param list args: what else it is given.
        :param dict policy: see :class:`LList`.
        :raises LDTTypeMismatch: the list has keys of another type.
        """
    async def range_limit(
        self,
        start_value: Any,
        end_value: Any,
        count: int | None = None,
        function: Callable[..., Any] | None = None,
        args: Any = None,
        policy: dict[str, Any] | None = None,
    ) -> list[Any]:
        """Return the elements from one key to another, both included.

        :param start_value: the lowest key; it need not be there.
        :param end_value: the highest key; it need not be there.
        :param int count: how many at the most; None: all.
        :param function: as of :meth:`filter`.
        :param list args: what else it is given.
        :param dict policy: see :class:`LList`.
        :raises LDTTypeMismatch: the list has keys of another type.
        """
    async def size(self, policy: dict[str, Any] | None = None) -> int:
        """Return how many elements there are; ``len(llist)`` does the same.

        :param dict policy: see :class:`LList`.
        """
    async def config(self, policy: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return how the list is made.

        :param dict policy: see :class:`LList`.
        :return: ``{"page_size": bytes, "key_type": "int", "str", "bytes", "float" or None, "levels": of nodes, 1 while
            it is in one record, 0 where there is none}``.
        """
    async def set_page_size(self, size: int, policy: dict[str, Any] | None = None) -> None:
        """Set how large pages grow before they are split.

        A list that is there keeps it; where there is none, the one that this object makes will have it.

        :param int size: bytes, 256 to 131,072; new lists have 32,768.
        :param dict policy: see :class:`LList`.
        """
    async def destroy(self, policy: dict[str, Any] | None = None) -> None:
        """Remove the list: its bin, and the record where that had nothing else, and all pages.

        :param dict policy: see :class:`LList`.
        """

class AsyncScan(AsyncPlan):
    def add_ops(self: _Plan, ops: list[Operation]) -> _Plan:
        """Carry out operations on every record that is found.

        A later call takes the place of an earlier one.

        :param list ops: operations, at least one: what the functions of ``aerospike_helpers.operations`` return.
        :return: the object itself.
        :raises ParamError: an operation is not valid, or a function was chosen before, by :meth:`apply`.
        """
    def apply(self: _Plan, module: str, function: str, arguments: list[Any] | None = None) -> _Plan:
        """Call a function in Lua that the server has.

        A later call takes the place of an earlier one.

        :param str module: the module that the server has.
        :param str function: the function of that module.
        :param list arguments: what it is given after the record, or the stream of records; None: nothing more.
        :return: the object itself.
        :raises ParamError: an argument is not valid, or operations were chosen before, by :meth:`add_ops`.
        """
    def paginate(self: _Plan) -> _Plan:
        """Let every run go on where the last one stopped, until :meth:`is_done`.

        How many records a run gives at the most is said by ``max_records``. A ``partition_filter`` does the same. From
        then on every run must be of the same partitions.
        """
    def is_done(self) -> bool:
        """Whether a plan that goes on where it stopped has come to its end: every partition was read to its end."""
    def get_partitions_status(self) -> dict[Any, Any]:
        """How far each partition was read.

        :return: ``{'done': bool, 'retry': bool, partition: (partition, init, retry, digest, bval)}`` after a run that
            was paged or had a ``partition_filter``, empty otherwise. ``init`` says whether a record was read there, and
            ``digest`` which was the last. As ``partition_filter={'partition_status': …}`` it lets another scan or query
            go on from there.
        """
    async def splits(self, n: int) -> list[Split]:
        """Share what is read among workers, by partitions.

        :param int n: how many splits there are to be, 1 to 4096; several for each worker let the fast ones do more.
        :return: ``n`` objects :class:`Split`, which can be pickled, and read by any process that has a client. Together
            they read every record once, each by a run of its own, to which ``records_per_second`` applies.
        :raises ParamError: ``n`` is not valid, ``max_records`` is set, or :meth:`apply` or :meth:`paginate` was called
            before.
        """
    def select(self: _Plan, *bins: str | bytearray) -> _Plan:
        """Read only these bins.

        The first call chooses; later ones change nothing.

        :param bins: names of bins; a name that a record has not is left out of its bins. One that is too long for a bin
            is left out, too, where the client's ``strict_types`` is False.
        :return: the object itself.
        :raises BinNameError: a name is longer than 15 bytes.
        """
    async def results(self, policy: ScanPolicy | None = None, nodename: str | None = None) -> list[Record]:
        """Run, and return all records.

        :param dict policy: see :ref:`scan_policy`; default: the client's.
        :param str nodename: read only what this node holds, a name that :meth:`Client.get_node_names` tells.
        :return: a list of ``(key, meta, bins)``.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    def records(
        self, policy: ScanPolicy | None = None, options: ScanOptions | None = None, nodename: str | None = None
    ) -> AsyncRecordIterator:
        """Run, and return an iterator of the records; iterating over the scan itself is the same without arguments.

        The run waits for whoever takes the records, and is one of its own: it goes on where no page has stopped, and
        moves none. A ``partition_filter`` says which partitions it reads.

        :param dict policy: see :ref:`scan_policy`; default: the client's.
        :param dict options: ``nobins``: True to read keys and meta only.
        :param str nodename: read only what this node holds.
        :return: a :class:`RecordIterator` of ``(key, meta, bins)``.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    def arrow(
        self,
        schema: Mapping[str, str],
        batch_rows: int = 8192,
        queue: int = 4,
        meta: Iterable[str] = (),
        policy: ScanPolicy | None = None,
        nodename: str | None = None,
    ) -> ArrowReader:
        """Return the records as columns, for pyarrow, polars, pandas, DuckDB and whatever else takes Arrow streams.

        No Python object is made of a record, and nothing is copied on the way; see :doc:`/columns`. Nothing is read
        before the library asks, and then each stream is a run of its own, which moves no page. Bins that are not in the
        schema are not fetched; what :meth:`select` chose does not count. A bin that a record has not is null.

        :param dict schema: ``{bin: type}``, in the order of the columns. Types: ``int64``, ``int32``, ``int16``,
            ``int8``, ``float64``, ``float32``, ``bool``, ``string``, ``binary``, ``list<type>``, ``map<type, type>``.
        :param int batch_rows: records of a batch; the last ones of each node have fewer. Default: 8192.
        :param int queue: batches that wait for their reader at the most; then the server waits. Default: 4.
        :param meta: columns before those of bins: ``"key"``, ``"digest"``, ``"gen"``, ``"ttl"``. A dict says the key's
            type: ``{"key": "int64"}``, or ``"string"`` (default) or ``"binary"``; a key that the server has not stored
            is null.
        :param dict policy: see :ref:`scan_policy`; default: the client's. A ``partition_filter`` says what is read.
        :param str nodename: read only what this node holds.
        :return: an :class:`ArrowReader`.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def foreach(
        self,
        callback: Callback,
        policy: ScanPolicy | None = None,
        options: ScanOptions | None = None,
        nodename: str | None = None,
    ) -> None:
        """Run, and call a function with each record.

        :param callback: called as ``callback((key, meta, bins))``, or as ``callback(partition, (key, meta, bins))``
            where the policy has a ``partition_filter``. False as its answer stops the scan. What it raises stops the
            scan, too, and comes out of foreach.
        :param dict policy: see :ref:`scan_policy`; default: the client's.
        :param dict options: ``nobins``: True to read keys and meta only.
        :param str nodename: read only what this node holds.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def execute_background(self, policy: ScanPolicy | None = None) -> int:
        """Have the servers write to every record that is found, and do not wait for it.

        What is done is chosen by :meth:`add_ops` or :meth:`apply`; bins that were selected do not count. How far it is
        tells :meth:`Client.job_info`. Where a record refuses, the others are gone on with. ``ttl`` is that of the
        records, ``records_per_second`` limits each node.

        :param dict policy: see :ref:`scan_policy`; default: the client's.
            Its ``ttl`` and ``records_per_second`` stand where the scan's are not set.
        :return: the job's id, an int.
        :raises ParamError: an argument is not valid, or operations read; nothing was sent.
        :raises UnsupportedFeature: neither operations nor a function were chosen.
        """

class AsyncQuery(AsyncPlan):
    def add_ops(self: _Plan, ops: list[Operation]) -> _Plan:
        """Carry out operations on every record that is found.

        A later call takes the place of an earlier one.

        :param list ops: operations, at least one: what the functions of ``aerospike_helpers.operations`` return.
        :return: the object itself.
        :raises ParamError: an operation is not valid, or a function was chosen before, by :meth:`apply`.
        """
    def apply(self: _Plan, module: str, function: str, arguments: list[Any] | None = None) -> _Plan:
        """Call a function in Lua that the server has.

        A later call takes the place of an earlier one.

        :param str module: the module that the server has.
        :param str function: the function of that module.
        :param list arguments: what it is given after the record, or the stream of records; None: nothing more.
        :return: the object itself.
        :raises ParamError: an argument is not valid, or operations were chosen before, by :meth:`add_ops`.
        """
    def paginate(self: _Plan) -> _Plan:
        """Let every run go on where the last one stopped, until :meth:`is_done`.

        How many records a run gives at the most is said by ``max_records``. A ``partition_filter`` does the same. From
        then on every run must be of the same partitions.
        """
    def is_done(self) -> bool:
        """Whether a plan that goes on where it stopped has come to its end: every partition was read to its end."""
    def get_partitions_status(self) -> dict[Any, Any]:
        """How far each partition was read.

        :return: ``{'done': bool, 'retry': bool, partition: (partition, init, retry, digest, bval)}`` after a run that
            was paged or had a ``partition_filter``, empty otherwise. ``init`` says whether a record was read there, and
            ``digest`` which was the last. As ``partition_filter={'partition_status': …}`` it lets another scan or query
            go on from there.
        """
    async def splits(self, n: int) -> list[Split]:
        """Share what is read among workers, by partitions.

        :param int n: how many splits there are to be, 1 to 4096; several for each worker let the fast ones do more.
        :return: ``n`` objects :class:`Split`, which can be pickled, and read by any process that has a client. Together
            they read every record once, each by a run of its own, to which ``records_per_second`` applies.
        :raises ParamError: ``n`` is not valid, ``max_records`` is set, or :meth:`apply` or :meth:`paginate` was called
            before.
        """
    def select(self: _Plan, *bins: str | bytearray) -> _Plan:
        """Read only these bins.

        :param bins: names of bins; a name that a record has not is left out of its bins. One that is longer than 15
            bytes is left out, too, with a warning; if none is left, all bins are read.
        :return: the object itself.
        :raises BinNameError: a name is longer than 15 bytes, under the client's ``validate_keys``.
        :raises ClientError: the bins were chosen before.
        """
    def where(self: _Plan, predicate: Predicate, ctx: Context | None = None) -> _Plan:
        """Read only the records that a secondary index of the predicate's bin gives.

        The server needs such an index, of the predicate's type and of the same ``ctx``; without one a run raises
        :class:`~aerospike.exception.IndexNotFound`.

        :param tuple predicate: what a function of :mod:`aerospike.predicates` returns.
        :param list ctx: where the value is within the bin: entries made by ``aerospike_helpers.cdt_ctx``.
        :return: the object itself.
        :raises ParamError: an argument is not valid, or the query has a predicate already.
        """
    def where_with_expr(self: _Plan, expr: CompiledExpression, predicate: Predicate) -> _Plan:
        """Read only the records that the index of an expression gives. Needs server version 8.1.

        :param list expr: the expression that the index was made with, compiled.
        :param tuple predicate: what a function of :mod:`aerospike.predicates` returns; its bin does not count, and may
            be None.
        :return: the object itself.
        :raises ParamError: an argument is not valid, or the query has a predicate already.
        """
    def where_with_index_name(self: _Plan, index_name: str, predicate: Predicate) -> _Plan:
        """Read only the records that the index of a name gives.

        :param str index_name: the index's name, of 1 to 63 bytes.
        :param tuple predicate: what a function of :mod:`aerospike.predicates` returns; its bin does not count, and may
            be None.
        :return: the object itself.
        :raises ParamError: an argument is not valid, or the query has a predicate already.
        """
    async def results(self, policy: QueryPolicy | None = None, options: QueryOptions | None = None) -> list[Row]:
        """Run, and return all records.

        :param dict policy: see :ref:`query_policy`; default: the client's.
        :param dict options: ``nobins``: True to read keys and meta only.
        :return: a list of ``(key, meta, bins)``, or of the values of a function in Lua (see :ref:`aggregation`).
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises IndexNotFound: no index fits the predicate.
        :raises UDFError: the function failed.
        """
    def records(self, policy: QueryPolicy | None = None, options: QueryOptions | None = None) -> AsyncRecordIterator:
        """Run, and return an iterator of the records; iterating over the query itself is the same without arguments.

        The run waits for whoever takes the records, and is one of its own: it goes on where no page has stopped, and
        moves none. A ``partition_filter`` says which partitions it reads.

        :param dict policy: see :ref:`query_policy`; default: the client's.
        :param dict options: ``nobins``: True to read keys and meta only.
        :return: a :class:`RecordIterator` of ``(key, meta, bins)``, or of the values of a function in Lua.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    def arrow(
        self,
        schema: Mapping[str, str],
        batch_rows: int = 8192,
        queue: int = 4,
        meta: Iterable[str] = (),
        policy: QueryPolicy | None = None,
    ) -> ArrowReader:
        """Return the records as columns, for pyarrow, polars, pandas, DuckDB and whatever else takes Arrow streams.

        No Python object is made of a record, and nothing is copied on the way; see :doc:`/columns`. Nothing is read
        before the library asks, and then each stream is a run of its own, which moves no page. Bins that are not in the
        schema are not fetched; what :meth:`select` chose does not count. A bin that a record has not is null.

        :param dict schema: ``{bin: type}``, in the order of the columns. Types: ``int64``, ``int32``, ``int16``,
            ``int8``, ``float64``, ``float32``, ``bool``, ``string``, ``binary``, ``list<type>``, ``map<type, type>``.
        :param int batch_rows: records of a batch; the last ones of each node have fewer. Default: 8192.
        :param int queue: batches that wait for their reader at the most; then the server waits. Default: 4.
        :param meta: columns before those of bins: ``"key"``, ``"digest"``, ``"gen"``, ``"ttl"``. A dict says the key's
            type: ``{"key": "int64"}``, or ``"string"`` (default) or ``"binary"``; a key that the server has not stored
            is null.
        :param dict policy: see :ref:`query_policy`; default: the client's. A ``partition_filter`` says what is read.
        :return: an :class:`ArrowReader`.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def foreach(
        self, callback: RowCallback, policy: QueryPolicy | None = None, options: QueryOptions | None = None
    ) -> None:
        """Run, and call a function with each record.

        :param callback: called as ``callback((key, meta, bins))``, or as ``callback(partition, (key, meta, bins))``
            where the policy has a ``partition_filter``. False as its answer stops the query. What it raises stops the
            query, too, and comes out of foreach.
        :param dict policy: see :ref:`query_policy`; default: the client's.
        :param dict options: ``nobins``: True to read keys and meta only.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def execute_background(self, policy: WritePolicy | None = None) -> int:
        """Have the servers write to every record that is found, and do not wait for it.

        What is done is chosen by :meth:`add_ops` or :meth:`apply`; bins that were selected do not count. How far it is
        tells :meth:`Client.job_info`. Where a record refuses, the others are gone on with. ``ttl`` is that of the
        records, ``records_per_second`` limits each node.

        :param dict policy: see :ref:`write`; default: the client's.
            What counts is ``exists``, ``commit_level``, ``durable_delete``, ``ttl``, ``expressions`` and what all
            policies have.
        :return: the job's id, an int.
        :raises ParamError: an argument is not valid, or operations read; nothing was sent.
        :raises ParamError: neither operations nor a function were chosen.
        """

class AsyncClient:
    def __init__(self, config: Config | str | None = None) -> None: ...
    async def connect(self: _Client, username: str | None = None, password: str | None = None) -> _Client: ...
    async def close(self) -> None: ...
    async def __aenter__(self: _Client) -> _Client: ...
    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...
    async def is_connected(self) -> bool:
        """True while the client knows at least one node of the cluster and has one it can reach."""
    async def get_policies(self) -> DefaultPolicies:
        """The default policies: the configuration says them, or a file of a ConfigProvider.

        :return: ``{command: {key: value}}``, with the keys of ``config['policies']``.
        """
    async def add_hook(self, hook: Hook) -> None:
        """Have a hook told of every command of this client; :func:`aerospike.add_hook` does it for all clients.

        :param hook: an object with a method ``start``, a method ``end``, or both; or a callable, told of the end.
            Each gets a :class:`~aerospike.CommandReport`. They are called on the thread of the command; what they raise
            goes to ``sys.unraisablehook``. One that is there already is not added again.
        :raises ParamError: it is none of these.
        """
    async def remove_hook(self, hook: Hook) -> None:
        """Tell a hook of no further command. Of those that are under way it is told the end.

        :param hook: the object that :meth:`add_hook` was given.
        :raises ParamError: it was not added to this client.
        """
    async def get(self, key: Key, policy: ReadPolicy | None = None) -> Record:
        """Read a record with all its bins.

        :param tuple key: ``(namespace, set, primary key)``, or ``(namespace, set, None, digest)``, or a dict
            with ``ns``, ``set`` and either ``key`` or ``digest``.
        :param dict policy: see :ref:`read`; default: the client's.
        :return: ``(key, meta, bins)``: key as ``(namespace, set, primary key or None, digest)``, where the primary
            key is shown if the policy's ``key`` is ``POLICY_KEY_SEND``; meta as
            ``{'ttl': seconds, 'gen': generation}``; bins as ``{name: value}``.
        :raises RecordNotFound: there is no such record.
        :raises FilteredOut: the policy's ``expressions`` drop the record.
        """
    async def select(self, key: Key, bins: list[str] | tuple[str, ...], policy: ReadPolicy | None = None) -> Record:
        """Read some bins of a record.

        :param tuple key: ``(namespace, set, primary key)``, or ``(namespace, set, None, digest)``, or a dict
            with ``ns``, ``set`` and either ``key`` or ``digest``.
        :param list bins: bin names; one that the record has not is left out of the result.
        :param dict policy: see :ref:`read`; default: the client's.
        :return: ``(key, meta, bins)``, as get() does.
        :raises RecordNotFound: there is no such record.
        :raises InvalidRequest: bins is empty.
        """
    async def exists(self, key: Key, policy: ReadPolicy | None = None) -> tuple[RecordKey, RecordMeta | None]:
        """Look whether a record exists, without reading its bins.

        :param tuple key: ``(namespace, set, primary key)``, or ``(namespace, set, None, digest)``, or a dict
            with ``ns``, ``set`` and either ``key`` or ``digest``.
        :param dict policy: see :ref:`read`; default: the client's.
        :return: ``(key, meta)``; meta is None where there is no such record.
        """
    async def put(
        self,
        key: Key,
        bins: Bins,
        meta: Meta | None = None,
        policy: WritePolicy | None = None,
        serializer: int | None = None,
    ) -> int:
        """Write bins of a record; it is created if need be. A bin of value None is removed.

        :param tuple key: ``(namespace, set, primary key)``, or ``(namespace, set, None, digest)``, or a dict
            with ``ns``, ``set`` and either ``key`` or ``digest``.
        :param dict bins: ``{name: value}``, names of at most 15 bytes.
        :param dict meta: ``ttl`` in seconds (or a ``TTL_*`` constant; default: the policy's) and ``gen``, the
            generation that the policy's ``gen`` compares.
        :param dict policy: see :ref:`write`; default: the client's.
        :param int serializer: ``SERIALIZER_USER`` or ``SERIALIZER_NONE``, for values of other types than Aerospike's;
            the manual says what ``SERIALIZER_PYTHON`` does.
        :return: 0.
        :raises RecordGenerationError: ``gen`` of the policy does not allow the record's generation.
        :raises FilteredOut: the policy's ``expressions`` drop the record.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises RecordExistsError: the policy's ``exists`` asks for a new record.
        :raises RecordNotFound: the policy's ``exists`` asks for a record that is there.
        :raises InvalidRequest: bins is empty.
        :raises BinNameError: a bin's name is longer than 15 bytes.
        :raises RecordTooBig: the record would be larger than the server allows.
        """
    async def remove(self, key: Key, meta: Meta | None = None, policy: RemovePolicy | None = None) -> int:
        """Remove a record.

        :param tuple key: ``(namespace, set, primary key)``, or ``(namespace, set, None, digest)``, or a dict
            with ``ns``, ``set`` and either ``key`` or ``digest``.
        :param dict meta: ``gen``, the generation that the policy's ``gen`` compares; other keys, and what is
            no dict, are ignored with a warning.
        :param dict policy: see :ref:`remove`; default: the client's.
        :return: 0.
        :raises RecordNotFound: there is no such record.
        :raises RecordGenerationError: ``gen`` of the policy does not allow the record's generation.
        :raises FilteredOut: the policy's ``expressions`` drop the record.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def remove_bin(
        self, key: Key, list: list[str], meta: Meta | None = None, policy: WritePolicy | None = None
    ) -> int:
        """Remove bins of a record; a record without bins is gone.

        :param tuple key: ``(namespace, set, primary key)``, or ``(namespace, set, None, digest)``, or a dict
            with ``ns``, ``set`` and either ``key`` or ``digest``.
        :param list list: bin names.
        :param dict meta: ``ttl`` in seconds (or a ``TTL_*`` constant; default: the policy's) and ``gen``, the
            generation that the policy's ``gen`` compares.
        :param dict policy: see :ref:`write`; default: the client's.
        :return: 0.
        :raises RecordGenerationError: ``gen`` of the policy does not allow the record's generation.
        :raises FilteredOut: the policy's ``expressions`` drop the record.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def append(
        self,
        key: Key,
        bin: str | bytearray,
        val: str | bytes | bytearray,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> int:
        """Append to a str or bytes bin; it is created if need be.

        :param tuple key: ``(namespace, set, primary key)``, or ``(namespace, set, None, digest)``, or a dict
            with ``ns``, ``set`` and either ``key`` or ``digest``.
        :param bin: the bin's name, a str or a bytearray.
        :param val: str, bytes or bytearray, of the bin's type.
        :param dict meta: ``ttl`` in seconds (or a ``TTL_*`` constant; default: the policy's) and ``gen``, the
            generation that the policy's ``gen`` compares.
        :param dict policy: see :ref:`operate`; default: the client's.
        :return: 0.
        :raises BinIncompatibleType: the bin holds another type.
        :raises RecordGenerationError: ``gen`` of the policy does not allow the record's generation.
        :raises FilteredOut: the policy's ``expressions`` drop the record.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def prepend(
        self,
        key: Key,
        bin: str | bytearray,
        val: str | bytes | bytearray,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> int:
        """Prepend to a str or bytes bin; it is created if need be.

        :param tuple key: ``(namespace, set, primary key)``, or ``(namespace, set, None, digest)``, or a dict
            with ``ns``, ``set`` and either ``key`` or ``digest``.
        :param bin: the bin's name, a str or a bytearray.
        :param val: str, bytes or bytearray, of the bin's type.
        :param dict meta: ``ttl`` in seconds (or a ``TTL_*`` constant; default: the policy's) and ``gen``, the
            generation that the policy's ``gen`` compares.
        :param dict policy: see :ref:`operate`; default: the client's.
        :return: 0.
        :raises BinIncompatibleType: the bin holds another type.
        :raises RecordGenerationError: ``gen`` of the policy does not allow the record's generation.
        :raises FilteredOut: the policy's ``expressions`` drop the record.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def increment(
        self,
        key: Key,
        bin: str | bytearray,
        offset: float,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> int:
        """Add to a number; the record and the bin are created if need be. Integers wrap at 64 bits.

        :param tuple key: ``(namespace, set, primary key)``, or ``(namespace, set, None, digest)``, or a dict
            with ``ns``, ``set`` and either ``key`` or ``digest``.
        :param bin: the bin's name, a str or a bytearray.
        :param offset: int or float, of the bin's type; may be negative.
        :param dict meta: ``ttl`` in seconds (or a ``TTL_*`` constant; default: the policy's) and ``gen``, the
            generation that the policy's ``gen`` compares.
        :param dict policy: see :ref:`operate`; default: the client's.
        :return: 0.
        :raises BinIncompatibleType: the bin holds another type.
        :raises RecordGenerationError: ``gen`` of the policy does not allow the record's generation.
        :raises FilteredOut: the policy's ``expressions`` drop the record.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def touch(self, key: Key, val: int = 0, meta: Meta | None = None, policy: OperatePolicy | None = None) -> int:
        """Renew a record's time to live; its generation grows by one.

        :param tuple key: ``(namespace, set, primary key)``, or ``(namespace, set, None, digest)``, or a dict
            with ``ns``, ``set`` and either ``key`` or ``digest``.
        :param int val: seconds, or a ``TTL_*`` constant; 0: what the policy says; left out: what meta says.
        :param dict meta: ``ttl`` in seconds (or a ``TTL_*`` constant; default: the policy's) and ``gen``, the
            generation that the policy's ``gen`` compares.
        :param dict policy: see :ref:`operate`; default: the client's.
        :return: 0.
        :raises RecordNotFound: there is no such record.
        :raises RecordGenerationError: ``gen`` of the policy does not allow the record's generation.
        :raises FilteredOut: the policy's ``expressions`` drop the record.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def operate(
        self, key: Key, list: list[Operation], meta: Meta | None = None, policy: OperatePolicy | None = None
    ) -> Record:
        """Carry out several operations on one record, as one: all of them or, where one fails, none.

        :param tuple key: ``(namespace, set, primary key)``, or ``(namespace, set, None, digest)``, or a dict
            with ``ns``, ``set`` and either ``key`` or ``digest``.
        :param list list: operations, at least one: what the functions of ``aerospike_helpers.operations`` return, or
            dictionaries of the same form, such as ``{'op': aerospike.OPERATOR_INCR, 'bin': 'n', 'val': 1}``. They are
            never changed, and may be used again, from other threads too.
        :param dict meta: ``ttl`` in seconds (or a ``TTL_*`` constant; default: the policy's) and ``gen``, the
            generation that the policy's ``gen`` compares.
        :param dict policy: see :ref:`operate`; default: the client's.
        :return: ``(key, meta, bins)``: bins holds the results as ``{name: value}``; of several results of one bin
            only the last, see operate_ordered().
        :raises ParamError: an argument is not valid, nothing was sent; the message names the operation's index in the
            list, the operation, its bin and the argument.
        :raises RecordNotFound: the operations only read, and there is no such record.
        :raises BinIncompatibleType: a bin holds another type than its operation needs.
        :raises OpNotApplicable: an operation cannot be done on the bin's value.
        :raises RecordGenerationError: ``gen`` of the policy does not allow the record's generation.
        :raises FilteredOut: the policy's ``expressions`` drop the record.
        """
    async def operate_ordered(
        self, key: Key, list: list[Operation], meta: Meta | None = None, policy: OperatePolicy | None = None
    ) -> tuple[RecordKey, RecordMeta, list[tuple[str, Any]]]:
        """The same as operate(), with every result in the order of the operations.

        :param tuple key: ``(namespace, set, primary key)``, or ``(namespace, set, None, digest)``, or a dict
            with ``ns``, ``set`` and either ``key`` or ``digest``.
        :param list list: operations, at least one: what the functions of ``aerospike_helpers.operations`` return, or
            dictionaries of the same form, such as ``{'op': aerospike.OPERATOR_INCR, 'bin': 'n', 'val': 1}``. They are
            never changed, and may be used again, from other threads too.
        :param dict meta: ``ttl`` in seconds (or a ``TTL_*`` constant; default: the policy's) and ``gen``, the
            generation that the policy's ``gen`` compares.
        :param dict policy: see :ref:`operate`; default: the client's.
        :return: ``(key, meta, results)``: results is a list of ``(name, value)``.
        :raises ParamError: an argument is not valid, nothing was sent; the message names the operation's index in the
            list, the operation, its bin and the argument.
        :raises RecordNotFound: the operations only read, and there is no such record.
        :raises BinIncompatibleType: a bin holds another type than its operation needs.
        :raises OpNotApplicable: an operation cannot be done on the bin's value.
        :raises RecordGenerationError: ``gen`` of the policy does not allow the record's generation.
        :raises FilteredOut: the policy's ``expressions`` drop the record.
        """
    async def get_cdtctx_base64(self, ctx: Context) -> str:
        """A context as base64 text, as the server's info commands take it.

        :param list ctx: entries made by ``aerospike_helpers.cdt_ctx``, at least one.
        :return: str.
        :raises ParamError: ctx is not such a list.
        """
    async def batch_read(
        self, keys: list[_Key], bins: list[str] | None = None, policy: BatchPolicy | None = None
    ) -> BatchRecords:
        """Read many records.

        :param list keys: the records' keys; the same one may be there more than once.
        :param list bins: names of bins to read; None: all; an empty list: none, only the meta of each record.
        :param dict policy: see :ref:`batch`; default: the client's.
        :return: a :class:`~aerospike_helpers.batch.records.BatchRecords`: its ``batch_records`` are in the order of
            keys, each with ``key``, ``record`` and ``result``, its own ``result`` is 0 where all went well. Rows that
            failed raise nothing.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def batch_matrix(
        self,
        keys: list[_Key],
        bins: list[str] | tuple[str, ...],
        type: str | None = None,
        fill: float | None = None,
        out: Any = None,
        policy: BatchPolicy | None = None,
    ) -> Matrix:
        """Read numbers of many records as a matrix: a row a key, a column a bin; see :doc:`/columns`.

        :param list keys: the records' keys; the same one may be there more than once.
        :param list bins: names of bins, at least one.
        :param str type: ``"float64"``, ``"float32"``, ``"int64"``, ``"int32"``, ``"int16"`` or ``"int8"``;
            default: that of out, or ``"float64"``.
        :param fill: the number where a bin or a record is not there; default: NaN, which integers have not.
        :param out: a buffer of that shape and type that can be written, such as an array of NumPy, which gets the
            numbers. None: new memory. Where the call raises, some may have been written.
        :param dict policy: see :ref:`batch`; default: the client's.
        :return: a :class:`Matrix`, which ``numpy.asarray()`` takes without copying. Rows that failed raise nothing.
        :raises BinIncompatibleType: a value is no number that the type has; the message names the bin, the record and
            both
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def batch_write(self, batch_records: BatchRecords, policy_batch: BatchPolicy | None = None) -> BatchRecords:
        """Carry out a command of its own on each of many records.

        :param BatchRecords batch_records: rows of :mod:`aerospike_helpers.batch.records`, which get the results.
        :param dict policy_batch: see :ref:`batch_parent_write`; default: the client's.
        :return: batch_records: each row has its ``record`` and ``result``, the whole a ``result`` that is 0 where all
            went well. Rows that failed raise nothing.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def batch_operate(
        self,
        keys: list[_Key],
        ops: list[Operation],
        policy_batch: BatchPolicy | None = None,
        policy_batch_write: BatchWritePolicy | None = None,
        ttl: int | None = None,
    ) -> BatchRecords:
        """Carry out the same operations on many records; on each of them all or none.

        :param list keys: the records' keys; the same one may be there more than once.
        :param list ops: operations, at least one, as of operate().
        :param dict policy_batch: see :ref:`batch_parent_write`; default: the client's.
        :param dict policy_batch_write: of each record, see :ref:`batch_write`; default: the client's.
        :param int ttl: time to live in seconds, or a ``TTL_*`` constant; default: the policy's.
        :return: a :class:`~aerospike_helpers.batch.records.BatchRecords`: its ``batch_records`` are in the order of
            keys, each with ``key``, ``record`` and ``result``, its own ``result`` is 0 where all went well. Rows that
            failed raise nothing.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def batch_remove(
        self,
        keys: list[_Key],
        policy_batch: BatchPolicy | None = None,
        policy_batch_remove: BatchRemovePolicy | None = None,
    ) -> BatchRecords:
        """Remove many records.

        :param list keys: the records' keys; the same one may be there more than once.
        :param dict policy_batch: see :ref:`batch_parent_write`; default: the client's.
        :param dict policy_batch_remove: of each record, see :ref:`batch_remove`; default: the client's.
        :return: a :class:`~aerospike_helpers.batch.records.BatchRecords`: its ``batch_records`` are in the order of
            keys, each with ``key``, ``record`` and ``result``, its own ``result`` is 0 where all went well. Rows that
            failed raise nothing.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def batch_apply(
        self,
        keys: list[_Key],
        module: str,
        function: str,
        args: list[Any],
        policy_batch: BatchPolicy | None = None,
        policy_batch_apply: BatchApplyPolicy | None = None,
    ) -> BatchRecords:
        """Call a user-defined function on many records.

        :param list keys: the records' keys; the same one may be there more than once.
        :param str module: the module that the server has.
        :param str function: the function of that module.
        :param list args: its arguments, after the record.
        :param dict policy_batch: see :ref:`batch_parent_write`; default: the client's.
        :param dict policy_batch_apply: of each call, see :ref:`batch_apply`; default: the client's.
        :return: a :class:`~aerospike_helpers.batch.records.BatchRecords`: its ``batch_records`` are in the order of
            keys, each with ``key``, ``record`` and ``result``, its own ``result`` is 0 where all went well. Rows that
            failed raise nothing.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def udf_put(self, filename: Path, udf_type: int = 0, policy: InfoPolicy | None = None) -> int:
        """Register a module of functions in Lua with the server, in place of one of the same name.

        Waits until every node of the cluster has it, for as long as the policy's ``timeout``. The file is only read:
        no copy is made of it.

        :param filename: the path of the file, a str or ``os.PathLike``. The last part of it, ``'cities.lua'``, is the
            module's name; calls leave out ``.lua``.
        :param int udf_type: ``UDF_TYPE_LUA``.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: 0.
        :raises LuaFileNotFound: the file is not there, cannot be read or is empty.
        :raises UDFError: it is no Lua, or the server does not take the name; the message has the line.
        :raises TimeoutError: the module is registered, and not every node had it in time.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def udf_remove(self, module: str, policy: InfoPolicy | None = None) -> int:
        """Take a module off the server. Waits until no node has it, for as long as the policy's ``timeout``.

        :param str module: the module's name, such as ``'cities.lua'``; of a path its last part.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: 0, also where there was no such module.
        :raises UDFError: the server does not take the name.
        :raises TimeoutError: the module is removed, and a node still had it in the end.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def udf_list(self, policy: InfoPolicy | None = None) -> list[Module]:
        """The modules that the server has.

        :param dict policy: see :ref:`info`; default: the client's.
        :return: ``[{'name': str, 'hash': bytearray, 'type': UDF_TYPE_LUA, 'content': bytearray}]``: hash is text, and
            the content is always empty, see udf_get().
        """
    async def udf_get(self, module: str, language: int = 0, policy: InfoPolicy | None = None) -> str:
        """The source of a module that the server has.

        :param str module: the module's name, such as ``'cities.lua'``; of a path its last part.
        :param int language: ``UDF_TYPE_LUA``.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: a str; bytes where the source is no UTF-8.
        :raises UDFError: there is no such module.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def apply(
        self, key: Key, module: str, function: str, args: list[Any], policy: ApplyPolicy | None = None
    ) -> Any:
        """Call a function of a module on a record, which need not exist: the function may create it.

        :param tuple key: ``(namespace, set, primary key)``, or ``(namespace, set, None, digest)``, or a dict
            with ``ns``, ``set`` and either ``key`` or ``digest``.
        :param str module: the module's name, without ``.lua``.
        :param str function: the function of that module.
        :param list args: its arguments, after the record: values of any kind that bins hold.
        :param dict policy: see :ref:`apply`; default: the client's.
        :return: what the function returns; None where that is nil or nothing.
        :raises UDFError: there is no such module or function, or it has raised an error: the message has the file and
            the line, the exception ``module``, ``func`` and ``key``.
        :raises FilteredOut: the policy's ``expressions`` drop the record.
        :raises ClientError: the function returns a text that is not UTF-8.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def index_single_value_create(
        self,
        ns: str,
        set: str | None,
        bin: str,
        index_datatype: int,
        name: str,
        policy: InfoPolicy | None = None,
        ctx: Context | None = None,
    ) -> int:
        """Index a bin by its value, or by one value within it.

        Waits until the index is ready on every node: for 30 seconds, or for the policy's ``timeout`` where that is
        longer (0: without end).

        :param str ns: the namespace.
        :param str set: the set; None: the whole namespace.
        :param str bin: the bin.
        :param int index_datatype: of which type they are: ``INDEX_NUMERIC`` (``INDEX_INTEGER`` is the same),
            ``INDEX_STRING``, ``INDEX_BLOB`` or ``INDEX_GEO2DSPHERE``. Values of others are not in the index.
        :param str name: the index's name, unique in the namespace; at most 63 bytes.
        :param list ctx: the way to a value within the bin, see :mod:`aerospike_helpers.cdt_ctx`; None: the bin itself.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: 0, also where there is the same index already.
        :raises IndexFoundError: another index has that name.
        :raises InvalidRequest: the server does not take a name, a context or a combination of
        :raises NamespaceNotFound: there is no such namespace.
        :raises TimeoutError: the index is not ready yet; the server goes on building it.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def index_list_create(
        self,
        ns: str,
        set: str | None,
        bin: str,
        index_datatype: int,
        name: str,
        policy: InfoPolicy | None = None,
        ctx: Context | None = None,
    ) -> int:
        """Index a bin by the elements of its list: a record is found by each of them.

        Waits until the index is ready on every node: for 30 seconds, or for the policy's ``timeout`` where that is
        longer (0: without end).

        :param str ns: the namespace.
        :param str set: the set; None: the whole namespace.
        :param str bin: the bin.
        :param int index_datatype: of which type they are: ``INDEX_NUMERIC`` (``INDEX_INTEGER`` is the same),
            ``INDEX_STRING``, ``INDEX_BLOB`` or ``INDEX_GEO2DSPHERE``. Values of others are not in the index.
        :param str name: the index's name, unique in the namespace; at most 63 bytes.
        :param list ctx: the way to a value within the bin, see :mod:`aerospike_helpers.cdt_ctx`; None: the bin itself.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: 0, also where there is the same index already.
        :raises IndexFoundError: another index has that name.
        :raises InvalidRequest: the server does not take a name, a context or a combination of
        :raises NamespaceNotFound: there is no such namespace.
        :raises TimeoutError: the index is not ready yet; the server goes on building it.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def index_map_keys_create(
        self,
        ns: str,
        set: str | None,
        bin: str,
        index_datatype: int,
        name: str,
        policy: InfoPolicy | None = None,
        ctx: Context | None = None,
    ) -> int:
        """Index a bin by the keys of its map: a record is found by each of them.

        Waits until the index is ready on every node: for 30 seconds, or for the policy's ``timeout`` where that is
        longer (0: without end).

        :param str ns: the namespace.
        :param str set: the set; None: the whole namespace.
        :param str bin: the bin.
        :param int index_datatype: of which type they are: ``INDEX_NUMERIC`` (``INDEX_INTEGER`` is the same),
            ``INDEX_STRING``, ``INDEX_BLOB`` or ``INDEX_GEO2DSPHERE``. Values of others are not in the index.
        :param str name: the index's name, unique in the namespace; at most 63 bytes.
        :param list ctx: the way to a value within the bin, see :mod:`aerospike_helpers.cdt_ctx`; None: the bin itself.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: 0, also where there is the same index already.
        :raises IndexFoundError: another index has that name.
        :raises InvalidRequest: the server does not take a name, a context or a combination of
        :raises NamespaceNotFound: there is no such namespace.
        :raises TimeoutError: the index is not ready yet; the server goes on building it.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def index_map_values_create(
        self,
        ns: str,
        set: str | None,
        bin: str,
        index_datatype: int,
        name: str,
        policy: InfoPolicy | None = None,
        ctx: Context | None = None,
    ) -> int:
        """Index a bin by the values of its map: a record is found by each of them.

        Waits until the index is ready on every node: for 30 seconds, or for the policy's ``timeout`` where that is
        longer (0: without end).

        :param str ns: the namespace.
        :param str set: the set; None: the whole namespace.
        :param str bin: the bin.
        :param int index_datatype: of which type they are: ``INDEX_NUMERIC`` (``INDEX_INTEGER`` is the same),
            ``INDEX_STRING``, ``INDEX_BLOB`` or ``INDEX_GEO2DSPHERE``. Values of others are not in the index.
        :param str name: the index's name, unique in the namespace; at most 63 bytes.
        :param list ctx: the way to a value within the bin, see :mod:`aerospike_helpers.cdt_ctx`; None: the bin itself.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: 0, also where there is the same index already.
        :raises IndexFoundError: another index has that name.
        :raises InvalidRequest: the server does not take a name, a context or a combination of
        :raises NamespaceNotFound: there is no such namespace.
        :raises TimeoutError: the index is not ready yet; the server goes on building it.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def index_expr_create(
        self,
        ns: str,
        set: str | None,
        index_type: int,
        index_datatype: int,
        expressions: CompiledExpression,
        name: str,
        policy: InfoPolicy | None = None,
    ) -> int:
        """Index records by what an expression makes of each. Servers have such indexes since version 8.1.

        Waits until the index is ready on every node: for 30 seconds, or for the policy's ``timeout`` where that is
        longer (0: without end).

        :param str ns: the namespace.
        :param str set: the set; None: the whole namespace.
        :param int index_type: where the values are: ``INDEX_TYPE_DEFAULT``, ``INDEX_TYPE_LIST``,
            ``INDEX_TYPE_MAPKEYS`` or ``INDEX_TYPE_MAPVALUES``.
        :param int index_datatype: of which type they are: ``INDEX_NUMERIC`` (``INDEX_INTEGER`` is the same),
            ``INDEX_STRING``, ``INDEX_BLOB`` or ``INDEX_GEO2DSPHERE``. Values of others are not in the index.
        :param list expressions: what an expression's ``compile()`` returned; its type must be that of the index.
        :param str name: the index's name, unique in the namespace; at most 63 bytes.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: 0, also where there is the same index already.
        :raises IndexFoundError: another index has that name.
        :raises InvalidRequest: the server does not take a name, a context or a combination of
        :raises NamespaceNotFound: there is no such namespace.
        :raises TimeoutError: the index is not ready yet; the server goes on building it.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def index_set_create(self, ns: str, set: str, name: str, policy: InfoPolicy | None = None) -> int:
        """Index a set, so that a query of all its records need not look at those of others. Servers make such indexes
        since version 8.1.2.

        Waits until the index is ready on every node: for 30 seconds, or for the policy's ``timeout`` where that is
        longer (0: without end).

        :param str ns: the namespace.
        :param str set: the set.
        :param str name: the index's name, unique in the namespace; at most 63 bytes.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: 0, also where there is the same index already.
        :raises IndexFoundError: another index has that name.
        :raises InvalidRequest: the server does not take a name, a context or a combination of
        :raises NamespaceNotFound: there is no such namespace.
        :raises TimeoutError: the index is not ready yet; the server goes on building it.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def index_integer_create(
        self, ns: str, set: str | None, bin: str, name: str, policy: InfoPolicy | None = None
    ) -> int:
        """Index the integer of a bin. Deprecated, with a DeprecationWarning: use index_single_value_create().

        :param str ns: the namespace.
        :param str set: the set; None: the whole namespace.
        :param str bin: the bin.
        :param str name: the index's name, unique in the namespace; at most 63 bytes.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: 0, as of index_single_value_create().
        """
    async def index_string_create(
        self, ns: str, set: str | None, bin: str, name: str, policy: InfoPolicy | None = None
    ) -> int:
        """Index the text of a bin. Deprecated, with a DeprecationWarning: use index_single_value_create().

        :param str ns: the namespace.
        :param str set: the set; None: the whole namespace.
        :param str bin: the bin.
        :param str name: the index's name, unique in the namespace; at most 63 bytes.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: 0, as of index_single_value_create().
        """
    async def index_blob_create(
        self, ns: str, set: str | None, bin: str, name: str, policy: InfoPolicy | None = None
    ) -> int:
        """Index the bytes of a bin. Deprecated, with a DeprecationWarning: use index_single_value_create().

        :param str ns: the namespace.
        :param str set: the set; None: the whole namespace.
        :param str bin: the bin.
        :param str name: the index's name, unique in the namespace; at most 63 bytes.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: 0, as of index_single_value_create().
        """
    async def index_geo2dsphere_create(
        self, ns: str, set: str | None, bin: str, name: str, policy: InfoPolicy | None = None
    ) -> int:
        """Index the point or region of a bin. Deprecated, with a DeprecationWarning: use index_single_value_create().

        :param str ns: the namespace.
        :param str set: the set; None: the whole namespace.
        :param str bin: the bin.
        :param str name: the index's name, unique in the namespace; at most 63 bytes.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: 0, as of index_single_value_create().
        """
    async def index_cdt_create(
        self,
        ns: str,
        set: str | None,
        bin: str,
        index_type: int,
        index_datatype: int,
        name: str,
        ctx: Context,
        policy: InfoPolicy | None = None,
    ) -> int:
        """Index values within a bin. Deprecated, with a DeprecationWarning: use index_list_create(),
        index_map_keys_create(), index_map_values_create() or index_single_value_create() with ``ctx``.

        :param str ns: the namespace.
        :param str set: the set; None: the whole namespace.
        :param str bin: the bin.
        :param int index_type: where the values are: ``INDEX_TYPE_DEFAULT``, ``INDEX_TYPE_LIST``,
            ``INDEX_TYPE_MAPKEYS`` or ``INDEX_TYPE_MAPVALUES``.
        :param int index_datatype: of which type they are: ``INDEX_NUMERIC`` (``INDEX_INTEGER`` is the same),
            ``INDEX_STRING``, ``INDEX_BLOB`` or ``INDEX_GEO2DSPHERE``. Values of others are not in the index.
        :param str name: the index's name, unique in the namespace; at most 63 bytes.
        :param list ctx: the way to a value within the bin, see :mod:`aerospike_helpers.cdt_ctx`; None: the bin itself.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: 0, as of index_single_value_create().
        """
    async def index_remove(self, ns: str, name: str, policy: InfoPolicy | None = None) -> int:
        """Remove an index. Waits until it is gone from every node: for 30 seconds, or for the policy's ``timeout``
        where that is longer (0: without end).

        :param str ns: the namespace.
        :param str name: the index's name.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: 0, also where there is no such index.
        :raises InvalidRequest: the server does not take the name.
        :raises TimeoutError: the index is removed, and a node still had it in the end.
        :raises IndexError: its name has a colon, and the server has kept it, as those of version 8.1 do.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def admin_create_user(
        self, username: str, password: str, roles: list[str], policy: AdminPolicy | None = None
    ) -> int:
        """Make a user, who logs in by a password.

        :param str username: the user's name, of at most 63 bytes.
        :param str password: at most 63 bytes; what is sent is a hash of it.
        :param list roles: names of roles, each of at most 63 bytes.
        :param dict policy: see :ref:`admin`; default: the client's.
        :return: 0.
        :raises UserExistsError: there is such a user.
        :raises InvalidRole: there is no such role.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises RoleViolation: the client's user is not allowed to.
        :raises SecurityNotSupported: the server is of the Community Edition.
        """
    async def admin_create_pki_user(self, username: str, roles: list[str], policy: AdminPolicy | None = None) -> int:
        """Make a user who logs in by the certificate of TLS, and by no password. Needs server version 8.1.

        :param str username: the user's name, of at most 63 bytes.
        :param list roles: names of roles, each of at most 63 bytes.
        :param dict policy: see :ref:`admin`; default: the client's.
        :return: 0.
        :raises ClientError: the server is older.
        :raises UserExistsError: there is such a user.
        :raises InvalidRole: there is no such role.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises RoleViolation: the client's user is not allowed to.
        :raises SecurityNotSupported: the server is of the Community Edition.
        """
    async def admin_drop_user(self, username: str, policy: AdminPolicy | None = None) -> int:
        """Remove a user.

        :param str username: the user's name, of at most 63 bytes.
        :param dict policy: see :ref:`admin`; default: the client's.
        :return: 0.
        :raises InvalidUser: there is no such user.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises RoleViolation: the client's user is not allowed to.
        :raises SecurityNotSupported: the server is of the Community Edition.
        """
    async def admin_grant_roles(self, username: str, roles: list[str], policy: AdminPolicy | None = None) -> int:
        """Give roles to a user, beside those that it has.

        :param str username: the user's name, of at most 63 bytes.
        :param list roles: names of roles, each of at most 63 bytes.
        :param dict policy: see :ref:`admin`; default: the client's.
        :return: 0.
        :raises InvalidUser: there is no such user.
        :raises InvalidRole: there is no such role.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises RoleViolation: the client's user is not allowed to.
        :raises SecurityNotSupported: the server is of the Community Edition.
        """
    async def admin_revoke_roles(self, username: str, roles: list[str], policy: AdminPolicy | None = None) -> int:
        """Take roles from a user.

        :param str username: the user's name, of at most 63 bytes.
        :param list roles: names of roles, each of at most 63 bytes.
        :param dict policy: see :ref:`admin`; default: the client's.
        :return: 0.
        :raises InvalidUser: there is no such user.
        :raises InvalidRole: there is no such role.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises RoleViolation: the client's user is not allowed to.
        :raises SecurityNotSupported: the server is of the Community Edition.
        """
    async def admin_change_password(self, username: str, password: str, policy: AdminPolicy | None = None) -> int:
        """Change the password of the client's own user. The client goes on with the new one.

        :param str username: the user's name, of at most 63 bytes.
        :param str password: at most 63 bytes; what is sent is a hash of it.
        :param dict policy: see :ref:`admin`; default: the client's.
        :return: 0.
        :raises ForbiddenPassword: the user logs in by a certificate.
        :raises InvalidUser: there is no such user.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises RoleViolation: the client's user is not allowed to.
        :raises SecurityNotSupported: the server is of the Community Edition.
        """
    async def admin_set_password(self, username: str, password: str, policy: AdminPolicy | None = None) -> int:
        """Set the password of a user, as an administrator of users. The client goes on with that of its own user.

        :param str username: the user's name, of at most 63 bytes.
        :param str password: at most 63 bytes; what is sent is a hash of it.
        :param dict policy: see :ref:`admin`; default: the client's.
        :return: 0.
        :raises ForbiddenPassword: the user logs in by a certificate.
        :raises InvalidUser: there is no such user.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises RoleViolation: the client's user is not allowed to.
        :raises SecurityNotSupported: the server is of the Community Edition.
        """
    async def admin_query_user_info(self, user: str, policy: AdminPolicy | None = None) -> User:
        """What is known of a user.

        :param str user: the user's name, of at most 63 bytes.
        :param dict policy: see :ref:`admin`; default: the client's.
        :return: ``{'roles': [name], 'read_info': [int], 'write_info': [int], 'conns_in_use': int}``.
            ``read_info`` and ``write_info`` are None where the server does not tell, and else: the quota, single
            records a second, records of scans and queries a second, and how many of these run without a limit.
        :raises InvalidUser: there is no such user.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises RoleViolation: the client's user is not allowed to.
        :raises SecurityNotSupported: the server is of the Community Edition.
        """
    async def admin_query_users_info(self, policy: AdminPolicy | None = None) -> dict[str, User]:
        """What is known of all users.

        :param dict policy: see :ref:`admin`; default: the client's.
        :return: ``{name: user}``, a user as admin_query_user_info() tells it.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises RoleViolation: the client's user is not allowed to.
        :raises SecurityNotSupported: the server is of the Community Edition.
        """
    async def admin_create_role(
        self,
        role: str,
        privileges: list[Privilege],
        policy: AdminPolicy | None = None,
        whitelist: list[str] | None = None,
        read_quota: int = 0,
        write_quota: int = 0,
    ) -> int:
        """Make a role.

        :param str role: the role's name, of at most 63 bytes.
        :param list privileges: ``[{'code': PRIV_*, 'ns': namespace, 'set': set}]``; without ``set`` one of a whole
            namespace, without ``ns`` one of the whole cluster.
        :param dict policy: see :ref:`admin`; default: the client's.
        :param list whitelist: addresses that users of the role may connect from, ``'10.1.2.3'`` or ``'10.1.2.0/24'``;
            None, or an empty one: from everywhere.
        :param int read_quota: reads a second, of each node; 0: no limit.
        :param int write_quota: writes a second, of each node; 0: no limit.
        :return: 0.
        :raises RoleExistsError: there is such a role.
        :raises InvalidPrivilege: the server does not know the privilege.
        :raises InvalidWhitelist: an address is none.
        :raises QuotasNotEnabled: the server is configured to know no quotas.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises RoleViolation: the client's user is not allowed to.
        :raises SecurityNotSupported: the server is of the Community Edition.
        """
    async def admin_drop_role(self, role: str, policy: AdminPolicy | None = None) -> int:
        """Remove a role; its users lose it.

        :param str role: the role's name, of at most 63 bytes.
        :param dict policy: see :ref:`admin`; default: the client's.
        :return: 0.
        :raises InvalidRole: there is no such role.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises RoleViolation: the client's user is not allowed to.
        :raises SecurityNotSupported: the server is of the Community Edition.
        """
    async def admin_grant_privileges(
        self, role: str, privileges: list[Privilege], policy: AdminPolicy | None = None
    ) -> int:
        """Add privileges to a role.

        :param str role: the role's name, of at most 63 bytes.
        :param list privileges: ``[{'code': PRIV_*, 'ns': namespace, 'set': set}]``; without ``set`` one of a whole
            namespace, without ``ns`` one of the whole cluster.
        :param dict policy: see :ref:`admin`; default: the client's.
        :return: 0.
        :raises InvalidPrivilege: the server does not know the privilege.
        :raises InvalidRole: there is no such role.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises RoleViolation: the client's user is not allowed to.
        :raises SecurityNotSupported: the server is of the Community Edition.
        """
    async def admin_revoke_privileges(
        self, role: str, privileges: list[Privilege], policy: AdminPolicy | None = None
    ) -> int:
        """Take privileges from a role.

        :param str role: the role's name, of at most 63 bytes.
        :param list privileges: ``[{'code': PRIV_*, 'ns': namespace, 'set': set}]``; without ``set`` one of a whole
            namespace, without ``ns`` one of the whole cluster.
        :param dict policy: see :ref:`admin`; default: the client's.
        :return: 0.
        :raises InvalidPrivilege: the server does not know the privilege.
        :raises InvalidRole: there is no such role.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises RoleViolation: the client's user is not allowed to.
        :raises SecurityNotSupported: the server is of the Community Edition.
        """
    async def admin_set_whitelist(
        self, role: str, whitelist: list[str] | None, policy: AdminPolicy | None = None
    ) -> int:
        """Say from where the users of a role may connect.

        :param str role: the role's name, of at most 63 bytes.
        :param list whitelist: addresses that users of the role may connect from, ``'10.1.2.3'`` or ``'10.1.2.0/24'``;
            None, or an empty one: from everywhere.
        :param dict policy: see :ref:`admin`; default: the client's.
        :return: 0.
        :raises InvalidWhitelist: an address is none.
        :raises InvalidRole: there is no such role.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises RoleViolation: the client's user is not allowed to.
        :raises SecurityNotSupported: the server is of the Community Edition.
        """
    async def admin_set_quotas(
        self, role: str, read_quota: int = 0, write_quota: int = 0, policy: AdminPolicy | None = None
    ) -> int:
        """Say how much the users of a role may read and write. Both are set: one that is left out is 0.

        :param str role: the role's name, of at most 63 bytes.
        :param int read_quota: reads a second, of each node; 0: no limit.
        :param int write_quota: writes a second, of each node; 0: no limit.
        :param dict policy: see :ref:`admin`; default: the client's.
        :return: 0.
        :raises QuotasNotEnabled: the server is configured to know no quotas.
        :raises InvalidRole: there is no such role.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises RoleViolation: the client's user is not allowed to.
        :raises SecurityNotSupported: the server is of the Community Edition.
        """
    async def admin_get_role(self, role: str, policy: AdminPolicy | None = None) -> Role:
        """What a role is.

        :param str role: the role's name, of at most 63 bytes.
        :param dict policy: see :ref:`admin`; default: the client's.
        :return: ``{'privileges': list, 'whitelist': [address], 'read_quota': int, 'write_quota': int}``, where a
            privilege is as admin_query_role() tells it, and a quota of 0 no limit.
        :raises InvalidRole: there is no such role.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises RoleViolation: the client's user is not allowed to.
        :raises SecurityNotSupported: the server is of the Community Edition.
        """
    async def admin_get_roles(self, policy: AdminPolicy | None = None) -> dict[str, Role]:
        """What all roles are.

        :param dict policy: see :ref:`admin`; default: the client's.
        :return: ``{name: role}``, a role as admin_get_role() tells it.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises RoleViolation: the client's user is not allowed to.
        :raises SecurityNotSupported: the server is of the Community Edition.
        """
    async def admin_query_role(self, role: str, policy: AdminPolicy | None = None) -> list[RolePrivilege]:
        """The privileges of a role.

        :param str role: the role's name, of at most 63 bytes.
        :param dict policy: see :ref:`admin`; default: the client's.
        :return: ``[{'code': PRIV_*, 'ns': str, 'set': str}]``, empty names where it has no such limit.
        :raises InvalidRole: there is no such role.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises RoleViolation: the client's user is not allowed to.
        :raises SecurityNotSupported: the server is of the Community Edition.
        """
    async def admin_query_roles(self, policy: AdminPolicy | None = None) -> dict[str, list[RolePrivilege]]:
        """The privileges of all roles.

        :param dict policy: see :ref:`admin`; default: the client's.
        :return: ``{name: privileges}``, as admin_query_role() tells them.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises RoleViolation: the client's user is not allowed to.
        :raises SecurityNotSupported: the server is of the Community Edition.
        """
    async def get_nodes(self) -> list[tuple[str, int]]:
        """The nodes of the cluster.

        :return: ``[(address, port)]``.
        """
    async def get_node_names(self) -> list[NodeName]:
        """The nodes of the cluster, with their names.

        :return: ``[{'address': str, 'port': int, 'node_name': str}]``.
        """
    async def shm_key(self) -> int | None:
        """The key of the shared memory that the client uses, or None where it uses none."""
    async def info_all(self, command: str, policy: InfoPolicy | None = None) -> dict[str, tuple[str | None, str]]:
        """Send an info command to every node.

        :param str command: the info command, ``'namespaces'`` for one.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: ``{node name: (error or None, answer)}``.
        """
    async def info_random_node(self, command: str, policy: InfoPolicy | None = None) -> str:
        """Send an info command to some node.

                :param str command: the info command, ``'namespaces'`` for one.
                :param dict policy: see :ref:`info`; default: the client's.
                :return: the answer as the node gave it, ``'command	value
        '``.
        """
    async def info_single_node(self, command: str, host: str, policy: InfoPolicy | None = None) -> str:
        """Send an info command to one node.

                :param str command: the info command, ``'namespaces'`` for one.
                :param str host: the node's name, as get_node_names() tells it.
                :param dict policy: see :ref:`info`; default: the client's.
                :return: the answer as the node gave it, ``'command	value
        '``.
                :raises ParamError: there is no such node.
        """
    async def truncate(self, namespace: str, set: str | None, nanos: int, policy: InfoPolicy | None = None) -> int:
        """Remove all records of a set, or of a namespace, that were last written before a time.

        :param str namespace: the namespace.
        :param str set: the set; None: the whole namespace.
        :param int nanos: nanoseconds since 1970; 0: now.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: 0. The records are gone soon after.
        :raises InvalidRequest: the time has not come yet, or the set's name is empty.
        """
    async def set_xdr_filter(
        self,
        data_center: str,
        namespace: str,
        expression_filter: CompiledExpression | None,
        policy: InfoPolicy | None = None,
    ) -> str:
        """Choose which records of a namespace XDR ships to a data center. Servers of the Enterprise Edition have XDR.

                :param str data_center: the name of the data center in the server's configuration.
                :param str namespace: the namespace.
                :param list expression_filter: a compiled expression, of the records that are shipped; None: all are.
                :param dict policy: see :ref:`info`; default: the client's.
                :return: the answer as the node gave it, ``'command	ok
        '``; the node tells the others.
                :raises ServerError: the server knows no such data center, or has no XDR.
        """
    async def get_stats(self) -> ClusterStats:
        """What the client has counted so far, of each node and of the cluster; metrics need not be enabled for it.

        :return: :class:`aerospike_helpers.metrics.ClusterStats`.
        :raises ClusterError: the client is closed.
        """
    async def enable_metrics(self, policy: MetricsPolicy | None = None) -> None:
        """Gather metrics, and tell them every ``policy.interval`` looks at the cluster: to the policy's listeners, else
        to a file in its ``report_dir``. Where they were enabled before, they are disabled first. In a child process
        after ``fork()`` they are not enabled.

        :param policy: an :class:`aerospike_helpers.metrics.MetricsPolicy`; None: the configuration's,
            ``config['policies']['metrics']``, else one with the defaults.
        :raises ParamError: policy is not valid.
        :raises ClientError: ``report_dir`` cannot be written to, or ``report_size_limit`` is below 1,000,000 and not 0.
        :raises MetricsConflict: the file that a ConfigProvider follows disables metrics.
        """
    async def disable_metrics(self) -> None:
        """Gather metrics no longer: the file is closed, or ``disable_listener`` called with what was gathered last.
        Metrics that are not enabled are no mistake. close() does it, too.

        :raises MetricsConflict: the file that a ConfigProvider follows enables metrics.
        """
    async def commit(self, transaction: Transaction) -> int:
        """Make the writes of a transaction stand, if nothing that it has read was written by others meanwhile.

        :param Transaction transaction: the transaction.
        :return: ``COMMIT_OK`` or ``COMMIT_ALREADY_COMMITTED``; or ``COMMIT_ROLL_FORWARD_ABANDONED`` or
            ``COMMIT_CLOSE_ABANDONED``, where it is committed and the server will clear up what the client could not.
        :raises TransactionFailed: something that it has read was written by others; it is aborted.
        :raises TransactionAlreadyAborted: it was aborted before.
        :raises AerospikeError: it could not be committed. With ``in_doubt`` it may have been all the same, and commit()
            again finds out; else abort() lets go of its records.
        """
    async def abort(self, transaction: Transaction) -> int:
        """Undo the writes of a transaction.

        :param Transaction transaction: the transaction.
        :return: ``ABORT_OK`` or ``ABORT_ALREADY_ABORTED``; or ``ABORT_ROLL_BACK_ABANDONED`` or
            ``ABORT_CLOSE_ABANDONED``, where the server will undo or clear up what the client could not.
        :raises TransactionAlreadyCommitted: it was committed before.
        :raises TransactionFailed: a commit of it is in doubt: commit() again finds out.
        """
    async def get_key_digest(self, ns: str, set: str | None, key: PrimaryKey) -> bytearray:
        """The digest by which the server knows a key.

        :param str ns: the namespace.
        :param str set: the set, or None.
        :param key: the primary key: str, int, bytes or bytearray.
        :return: a bytearray of 20 bytes.
        """
    async def get_key_partition_id(self, ns: str, set: str | None, key: PrimaryKey) -> int:
        """The partition, from 0 to 4095, that a key is in.

        :param str ns: the namespace.
        :param str set: the set, or None.
        :param key: the primary key: str, int, bytes or bytearray.
        """
    async def job_info(self, job_id: int, module: str, policy: InfoPolicy | None = None) -> JobInfo:
        """How far a job in the background is.

        :param int job_id: what ``execute_background()`` and its like have returned.
        :param str module: ``aerospike.JOB_SCAN`` or ``aerospike.JOB_QUERY``; servers since 6.0 ask no more for it.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: ``{'progress_pct': percent of the slowest node, 'records_read': records written, 'status':
            JOB_STATUS_*}``. A job that no node remembers is ``JOB_STATUS_COMPLETED``, with 0 percent and records.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def get_expression_base64(self, expression: CompiledExpression) -> str:
        """Return a compiled expression as text, as asadm, asbackup and other clients take it.

        :param list expression: what an expression's ``compile()`` returned.
        :return: a str of base64.
        :raises ParamError: it is not a compiled expression, or an argument in it is not valid.

        ::

            client.get_expression_base64((IntBin('age') > 30).compile())
        """
    async def get_expression_from_base64(self, text: str) -> CompiledExpression:
        """Return the compiled expression that a text holds: the opposite of get_expression_base64().

        It serves wherever a compiled expression does, and prints as Python text. A part of it that this client does
        not know, from a newer client perhaps, is kept as its bytes.

        :param str text: base64, of any Aerospike client.
        :return: a compiled expression: a list of tuples.
        :raises ParamError: the text is not base64, or its bytes are no expression.
        """
    async def get_cdtctx_from_base64(self, text: str) -> Context:
        """Return the context that a text holds: the opposite of get_cdtctx_base64().

        :param str text: base64, of any Aerospike client.
        :return: a list of entries, as the functions of ``aerospike_helpers.cdt_ctx`` make them.
        :raises ParamError: the text is not base64, or its bytes are no context.
        """
    def scan(self, namespace: str, set: str | None = None) -> AsyncScan:
        """Return a :class:`~aerospike.Scan` over a namespace, or over one set of it.

        :param str namespace: the namespace.
        :param str set: the set; None: every record of the namespace.
        """
    def query(self, namespace: str, set: str | None = None) -> AsyncQuery:
        """Return a :class:`~aerospike.Query` over a namespace, or over one set of it.

        :param str namespace: the namespace.
        :param str set: the set; None: every record of the namespace.
        """
    async def scan_apply(
        self,
        ns: str,
        set: str | None,
        module: str,
        function: str,
        args: list[Any] | None = None,
        policy: ScanPolicy | None = None,
        options: ScanOptions | None = None,
    ) -> int:
        """Have the servers call a function in Lua on every record of a set, and do not wait for it.

        It is short for a :class:`~aerospike.Scan`, its :meth:`~aerospike.Scan.apply` and
        :meth:`~aerospike.Scan.execute_background`.

        :param str ns: the namespace.
        :param str set: the set; None: every record of the namespace.
        :param str module: the module that the server has.
        :param str function: the function of that module.
        :param list args: what it is given after the record; None: nothing more.
        :param dict policy: see :ref:`scan_policy`; default: the client's.
        :param dict options: accepted, and without effect.
        :return: the job's id, for :meth:`job_info`.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def query_apply(
        self,
        ns: str,
        set: str | None,
        predicate: Predicate,
        module: str,
        function: str,
        args: list[Any] | None = None,
        policy: WritePolicy | None = None,
    ) -> int:
        """Have the servers call a function in Lua on every record that an index gives, and do not wait for it.

        It is short for a :class:`~aerospike.Query`, its :meth:`~aerospike.Query.where`,
        :meth:`~aerospike.Query.apply` and :meth:`~aerospike.Query.execute_background`.

        :param str ns: the namespace.
        :param str set: the set, or None.
        :param tuple predicate: what a function of :mod:`aerospike.predicates` returns.
        :param str module: the module that the server has.
        :param str function: the function of that module.
        :param list args: what it is given after the record; None: nothing more.
        :param dict policy: see :ref:`write`; default: the client's.
        :return: the job's id, for :meth:`job_info`.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises IndexNotFound: the server has no such index.
        """
    async def batch_arrow(
        self,
        keys: list[Key],
        schema: Mapping[str, str],
        ops: list[Operation] | None = None,
        meta: Iterable[str] = (),
        policy: BatchPolicy | None = None,
    ) -> ArrowTable:
        """Read many records as columns, a row a key, in the order of the keys; see :doc:`/columns`.

        The first column is ``_status`` (int32): 0 where the record was read, else the ``code`` of the exception that a
        single command raises, such as 2 where there is no such record. The other columns of such a row are null, but
        for ``key`` and ``digest``.

        :param list keys: the records' keys; the same one may be there more than once.
        :param dict schema: ``{bin: type}``, with the types of :meth:`Query.arrow`. Other bins are not read.
        :param list ops: operations, as of operate(), whose results the columns are, by the names of their bins; of
            several of one bin the last. None: the bins are read.
        :param meta: columns before those of bins, as of :meth:`Query.arrow`.
        :param dict policy: see :ref:`batch`, with ops :ref:`batch_parent_write`; default: the client's.
        :return: an :class:`ArrowTable`. Rows that failed raise nothing.
        :raises BinIncompatibleType: a value does not fit its column; the message names the bin, the record and both
             What ops wrote stays written.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    async def put_arrow(
        self,
        data: Any,
        namespace: str,
        set: str | None,
        key: str,
        bins: Iterable[str] | Mapping[str, str] | None = None,
        batch_rows: int = 1000,
        ttl: int | None = None,
        policy: BatchPolicy | None = None,
        policy_write: BatchWritePolicy | None = None,
        on_batch: Callable[[ArrowWritten], object] | None = None,
    ) -> ArrowWritten:
        """Write the rows of a table or stream of any library, a record a row; see :doc:`/columns`.

        A null is not written: where the record has that bin, it stays, unless ``exists`` of policy_write is
        ``POLICY_EXISTS_CREATE_OR_REPLACE`` or its like. A row whose key is null, or all of whose bins are, is not sent,
        nor is one with an integer beyond 63 bits, a string that is not UTF-8, or a value that no request has room for.

        :param data: an object with ``__arrow_c_stream__``: of pyarrow, polars, pandas, DuckDB, nanoarrow and others. An
            AsyncClient takes an asynchronous iterable of them, too.
        :param str namespace: the namespace of the records.
        :param str set: their set, or None.
        :param str key: the column with the primary keys: integers, strings or bytes. It becomes no bin.
        :param bins: the columns to write, as a list, or as a dict ``{column: bin}``; None: all but the key.
        :param int batch_rows: how many rows are sent at a time, at the most; fewer where they have 8 MiB.
        :param int ttl: time to live in seconds, or a ``TTL_*`` constant; default: the policy's.
        :param dict policy: see :ref:`batch_parent_write`; default: the client's.
        :param dict policy_write: of each record, see :ref:`batch_write`; default: the client's.
        :param on_batch: is called after each batch with its :class:`ArrowWritten`, and ends the call by False; then
            no row's status is kept, so that a stream without end needs no more memory than a batch of it does.
        :return: an :class:`ArrowWritten` of all rows. Rows that failed raise nothing.
        :raises ParamError: an argument is not valid, or a column has a type that no bin takes; nothing was sent.
        :raises ClientError: the stream failed; what came before was written.
        """
    def llist(self, key: Key, bin: str, module: str | None = None) -> AsyncLList:
        """Return the :class:`LList` of a bin, which is there or will be. Nothing is sent.

        :param tuple key: the key of the record that has the bin.
        :param str bin: the bin's name.
        :param module: accepted for programs of 2015, and without effect.
        :raises LDTInputParamError: the key, or the set's name is not valid.
        :raises LDTBinNameNotString: the bin's name is no str; :exc:`LDTBinNameNull`: it is None or empty;
            :exc:`LDTBinNameTooLong`: it is longer than 15 bytes.
        """
    def transaction(
        self, timeout: int = 0, reads_capacity: int = 128, writes_capacity: int = 128
    ) -> AbstractAsyncContextManager[Transaction]:
        """Begin a transaction for a ``with`` block, whose end commits it.

        Where the block raises, the transaction is aborted and the exception goes on. Where it cannot be committed, what
        :meth:`commit` raises comes out of the block, with ``in_doubt`` where it may have come about all the same.
        Nothing is tried again.

        :param int timeout: seconds that the server gives it; 0: as the server is configured.
        :param int reads_capacity: as of :class:`~aerospike.Transaction`.
        :param int writes_capacity: as of :class:`~aerospike.Transaction`.
        :return: a context manager, which gives the :class:`~aerospike.Transaction`.
        :raises ParamError: an argument is not valid.
        """
