# SPDX-License-Identifier: Apache-2.0
# What the extension exports. The constants are those of constants.def, one line each, and the methods those of the
# rooms of src/main/client; stubtest (tests/test_typing.py) finds what is missing here or differs.
import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from types import TracebackType
from typing import Any, Final, TypeVar, final

from aerospike._batch import BatchRecords
from aerospike._plan import Job, Request
from aerospike.types import (
    AdminPolicy,
    ApplyPolicy,
    BatchApplyPolicy,
    BatchPolicy,
    BatchRemovePolicy,
    BatchWritePolicy,
    Bins,
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
    ReadPolicy,
    Record,
    RecordKey,
    RecordMeta,
    RemovePolicy,
    Role,
    RolePrivilege,
    Row,
    User,
    WritePolicy,
)
from aerospike_helpers.cdt_ctx import Context
from aerospike_helpers.metrics import ClusterStats, MetricsPolicy

_Self = TypeVar("_Self", bound="_Client")
_Records = TypeVar("_Records", bound="RecordIterator")
_Key = TypeVar("_Key", bound=Key)  # a list of some keys is no list of all
_Callback = TypeVar("_Callback", bound=Callable[..., Any])

_build_info: dict[str, str]

def _visits_stop() -> None: ...
def _password_hash(password: str, /) -> str: ...
def calc_digest(ns: str, set: str | None, key: PrimaryKey) -> bytearray:
    """The digest by which the server knows a key.

    :param str ns: the namespace.
    :param str set: the set, or None.
    :param key: the primary key: str, int, bytes or bytearray.
    :return: a bytearray of 20 bytes.
    :raises TypeError: an argument is of another type.
    :raises ParamError: an argument is not valid.
    """

def get_partition_id(digest: bytes | bytearray | str, /) -> int:
    """The partition, from 0 to 4095, of a record.

    :param digest: the 20 bytes that calc_digest() gives.
    :raises TypeError: digest is of another type.
    :raises ParamError: it has not 20 bytes.
    """

def set_deserializer(function: Callable[[str | bytes], Any]) -> int:
    """Choose what is made of blobs that are read, by every client without a deserializer of its own.

    :param function: called with the blob, a str where it is UTF-8 and bytes otherwise; returns the value. Where
        it raises an Exception, the value is the blob, as bytes, and a warning with the bin and the traceback is
        logged.
    :return: 0.
    """

def add_hook(hook: Hook) -> None:
    """Have a hook told of every command of every client of this process, those that are there and those to come.

    :param hook: as of :meth:`Client.add_hook`; it is told of the start before the client's hooks, and of the end
        after them.
    :raises ParamError: it is no hook.
    """

def remove_hook(hook: Hook) -> None:
    """Tell a hook that :func:`aerospike.add_hook` was given of no further command.

    :param hook: the object that was given.
    :raises ParamError: it was not added.
    """

def set_log_handler(log_handler: Callable[[int, str, str, int, str], Any] | None = ...) -> int:
    """Choose who gets the C client's messages; for the whole process.

    :param log_handler: called as ``log_handler(level, function, path, line, message)`` on any thread; None discards
        the messages, and so does, with a warning, what cannot be called; without an argument they go to
        ``logging.getLogger('aerospike')``, as from the start. What it raises goes to ``sys.unraisablehook``.
    :return: 0.
    """

def set_log_level(loglevel: int) -> int:
    """Choose which of the C client's messages reach the log handler; for the whole process.

    :param int loglevel: a ``LOG_LEVEL_*`` constant; default ``LOG_LEVEL_WARN``. Beyond them are all messages, and none.
    :return: 0.
    :raises ParamError: loglevel is no int.
    """

def set_serializer(function: Callable[[Any], str | bytes | bytearray]) -> int:
    """Choose how put() stores values of types that Aerospike does not know, where it is told
    ``serializer=aerospike.SERIALIZER_USER`` and its client has no serializer of its own.

    :param function: called with the value; returns str, bytes or bytearray. What it raises comes out of put().
    :return: 0.
    :raises ClientError: (of put) the function returned something else, or none is set.
    """

def unset_serializers() -> int:
    """Forget set_serializer() and set_deserializer(). Returns 0."""

@final
class Transaction:
    """."""

    def __new__(cls, reads_capacity: int = 128, writes_capacity: int = 128) -> Transaction: ...
    timeout: int
    @property
    def id(self) -> int:
        """The number by which the server knows it, drawn by lot."""
    @property
    def state(self) -> int:
        """How far it is: one of ``TXN_STATE_*``."""
    @property
    def in_doubt(self) -> bool:
        """True where a commit failed and may have come about all the same: ``commit()`` again says more."""

@final
class Matrix:
    """."""

    def __buffer__(self, flags: int, /) -> memoryview: ...
    @property
    def shape(self) -> tuple[int, int]:
        """``(rows, columns)``: as many as there were keys, and bins."""
    @property
    def type(self) -> str:
        """The type of its numbers, such as ``"float64"``."""
    @property
    def status(self) -> memoryview:
        """A memoryview of int32, a number a row: 0 where the record was read, else the ``code`` of the exception that a
        single command raises, such as 2 where there is no such record.
        """
    @property
    def result(self) -> int:
        """The code of the batch as a whole, as that of :class:`~aerospike_helpers.batch.records.BatchRecords`."""

@final
class RecordIterator:
    def __iter__(self: _Records) -> _Records: ...
    def __next__(self) -> Row: ...
    def __enter__(self: _Records) -> _Records: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None, /
    ) -> None: ...
    def close(self) -> None:
        """Give no more records, and end the server's work on them. Closing twice is fine."""
    def _gather(self) -> list[Any] | bool | None: ...
    def _listen(self, future: asyncio.Future[None] | None, many: bool, /) -> bool: ...

class _AsyncRecords:
    def __init__(self, records: RecordIterator) -> None: ...
    @property
    def _records(self) -> RecordIterator: ...
    def __aiter__(self) -> AsyncIterator[Any]: ...
    def __anext__(self) -> Awaitable[Any]: ...

@final
class CommandReport:
    @property
    def command(self) -> str:
        """The name of the command: that of the method of the client, or ``query``, ``scan``, ``query_background``,
        ``scan_background``.
        """
    @property
    def namespace(self) -> str | None:
        """The namespace, or None where it is about none, or several."""
    @property
    def set(self) -> str | None:
        """The set, or None where it is about none, or several."""
    @property
    def digest(self) -> bytes | None:
        """Of a command on one record, at its end: the digest of the key, 20 bytes, by which the record can be found."""
    @property
    def records(self) -> int | None:
        """Of a batch: how many records it is about. Of a scan or query, at its end: how many records, or values, were
        given. None for others.
        """
    @property
    def duration(self) -> float | None:
        """Seconds from the arguments read to the result made; None until the end."""
    @property
    def code(self) -> int | None:
        """0, or the code of the :exc:`~aerospike.exception.AerospikeError` that the command raises. None until the end,
        and where it raises something else.
        """
    @property
    def error(self) -> BaseException | None:
        """What the command raises; None: nothing."""
    @property
    def in_doubt(self) -> bool:
        """Whether it failed and may have written all the same."""
    @property
    def node(self) -> str | None:
        """At the end: the name of the node that it asked last, or None where it asked several at once, or that is not
        known.
        """
    @property
    def address(self) -> tuple[str, int] | None:
        """``(address, port)`` of that node, or None."""
    @property
    def nodes(self) -> tuple[str, ...] | None:
        """At the end: a tuple of the names of all nodes that it asked, in the order in which they were first asked.
        None where that is not known.
        """
    @property
    def retries(self) -> int | None:
        """At the end: how many times the C client tried again, all nodes together; None where that is not known."""
    @property
    def notes(self) -> dict[Any, Any]:
        """A dict in which hooks keep what their ``end`` needs of their ``start``. The hook itself is a good key."""

class _Client:
    def __new__(cls: type[_Self], *args: Any, **kwargs: Any) -> _Self: ...
    def __init__(self, config: Config) -> None: ...
    def __enter__(self: _Self) -> _Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None, /
    ) -> None: ...
    # lifecycle.c
    def connect(self: _Self, username: str | None = None, password: str | None = None) -> _Self:
        """Connect again after close(); a connected client is left as it is.

        :param str username: instead of the configuration's ``user``.
        :param str password: instead of the configuration's ``password``.
        :return: the client itself.
        :raises ConnectionError: no host of the configuration could be reached.
        """
    def close(self) -> None:
        """Close all connections. Commands of other threads that are under way finish; later ones raise
        :class:`~aerospike.exception.ClusterError` until connect() is called. Closing twice is fine.
        """
    def is_connected(self) -> bool:
        """True while the client knows at least one node of the cluster and has one it can reach."""
    def get_policies(self) -> DefaultPolicies:
        """The default policies: the configuration says them, or a file of a ConfigProvider.

        :return: ``{command: {key: value}}``, with the keys of ``config['policies']``.
        """
    # hooks.c
    def add_hook(self, hook: Hook) -> None:
        """Have a hook told of every command of this client; :func:`aerospike.add_hook` does it for all clients.

        :param hook: an object with a method ``start``, a method ``end``, or both; or a callable, told of the end.
            Each gets a :class:`~aerospike.CommandReport`. They are called on the thread of the command; what they raise
            goes to ``sys.unraisablehook``. One that is there already is not added again.
        :raises ParamError: it is none of these.
        """
    def remove_hook(self, hook: Hook) -> None:
        """Tell a hook of no further command. Of those that are under way it is told the end.

        :param hook: the object that :meth:`add_hook` was given.
        :raises ParamError: it was not added to this client.
        """
    # kv.c
    def get(self, key: Key, policy: ReadPolicy | None = None) -> Record:
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
    def select(self, key: Key, bins: list[str] | tuple[str, ...], policy: ReadPolicy | None = None) -> Record:
        """Read some bins of a record.

        :param tuple key: ``(namespace, set, primary key)``, or ``(namespace, set, None, digest)``, or a dict
            with ``ns``, ``set`` and either ``key`` or ``digest``.
        :param list bins: bin names; one that the record has not is left out of the result.
        :param dict policy: see :ref:`read`; default: the client's.
        :return: ``(key, meta, bins)``, as get() does.
        :raises RecordNotFound: there is no such record.
        :raises InvalidRequest: bins is empty.
        """
    def exists(self, key: Key, policy: ReadPolicy | None = None) -> tuple[RecordKey, RecordMeta | None]:
        """Look whether a record exists, without reading its bins.

        :param tuple key: ``(namespace, set, primary key)``, or ``(namespace, set, None, digest)``, or a dict
            with ``ns``, ``set`` and either ``key`` or ``digest``.
        :param dict policy: see :ref:`read`; default: the client's.
        :return: ``(key, meta)``; meta is None where there is no such record.
        """
    def put(
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
    def remove(self, key: Key, meta: Meta | None = None, policy: RemovePolicy | None = None) -> int:
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
    def remove_bin(
        self,
        key: Key,
        list: list[str],
        meta: Meta | None = None,
        policy: WritePolicy | None = None,
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
    def append(
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
    def prepend(
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
    def increment(
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
    def touch(self, key: Key, val: int = 0, meta: Meta | None = None, policy: OperatePolicy | None = None) -> int:
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
    # operate.c
    def operate(
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
    def operate_ordered(
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
    def get_cdtctx_base64(self, ctx: Context) -> str:
        """A context as base64 text, as the server's info commands take it.

        :param list ctx: entries made by ``aerospike_helpers.cdt_ctx``, at least one.
        :return: str.
        :raises ParamError: ctx is not such a list.
        """
    # info.c
    def batch_read(
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
    def batch_matrix(
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
            both types.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    def batch_write(self, batch_records: BatchRecords, policy_batch: BatchPolicy | None = None) -> BatchRecords:
        """Carry out a command of its own on each of many records.

        :param BatchRecords batch_records: rows of :mod:`aerospike_helpers.batch.records`, which get the results.
        :param dict policy_batch: see :ref:`batch_parent_write`; default: the client's.
        :return: batch_records: each row has its ``record`` and ``result``, the whole a ``result`` that is 0 where all
            went well. Rows that failed raise nothing.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    def batch_operate(
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
    def batch_remove(
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
    def batch_apply(
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
    def udf_put(self, filename: Path, udf_type: int = 0, policy: InfoPolicy | None = None) -> int:
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
    def udf_remove(self, module: str, policy: InfoPolicy | None = None) -> int:
        """Take a module off the server. Waits until no node has it, for as long as the policy's ``timeout``.

        :param str module: the module's name, such as ``'cities.lua'``; of a path its last part.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: 0, also where there was no such module.
        :raises UDFError: the server does not take the name.
        :raises TimeoutError: the module is removed, and a node still had it in the end.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    def udf_list(self, policy: InfoPolicy | None = None) -> list[Module]:
        """The modules that the server has.

        :param dict policy: see :ref:`info`; default: the client's.
        :return: ``[{'name': str, 'hash': bytearray, 'type': UDF_TYPE_LUA, 'content': bytearray}]``: hash is text, and
            the content is always empty, see udf_get().
        """
    def udf_get(self, module: str, language: int = 0, policy: InfoPolicy | None = None) -> str:
        """The source of a module that the server has.

        :param str module: the module's name, such as ``'cities.lua'``; of a path its last part.
        :param int language: ``UDF_TYPE_LUA``.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: a str; bytes where the source is no UTF-8.
        :raises UDFError: there is no such module.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    def apply(self, key: Key, module: str, function: str, args: list[Any], policy: ApplyPolicy | None = None) -> Any:
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
    def index_single_value_create(
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
        :raises InvalidRequest: the server does not take a name, a context or a combination of types.
        :raises NamespaceNotFound: there is no such namespace.
        :raises TimeoutError: the index is not ready yet; the server goes on building it.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    def index_list_create(
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
        :raises InvalidRequest: the server does not take a name, a context or a combination of types.
        :raises NamespaceNotFound: there is no such namespace.
        :raises TimeoutError: the index is not ready yet; the server goes on building it.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    def index_map_keys_create(
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
        :raises InvalidRequest: the server does not take a name, a context or a combination of types.
        :raises NamespaceNotFound: there is no such namespace.
        :raises TimeoutError: the index is not ready yet; the server goes on building it.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    def index_map_values_create(
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
        :raises InvalidRequest: the server does not take a name, a context or a combination of types.
        :raises NamespaceNotFound: there is no such namespace.
        :raises TimeoutError: the index is not ready yet; the server goes on building it.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    def index_expr_create(
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
        :raises InvalidRequest: the server does not take a name, a context or a combination of types.
        :raises NamespaceNotFound: there is no such namespace.
        :raises TimeoutError: the index is not ready yet; the server goes on building it.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    def index_set_create(self, ns: str, set: str, name: str, policy: InfoPolicy | None = None) -> int:
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
        :raises InvalidRequest: the server does not take a name, a context or a combination of types.
        :raises NamespaceNotFound: there is no such namespace.
        :raises TimeoutError: the index is not ready yet; the server goes on building it.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
    def index_integer_create(
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
    def index_string_create(
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
    def index_blob_create(self, ns: str, set: str | None, bin: str, name: str, policy: InfoPolicy | None = None) -> int:
        """Index the bytes of a bin. Deprecated, with a DeprecationWarning: use index_single_value_create().

        :param str ns: the namespace.
        :param str set: the set; None: the whole namespace.
        :param str bin: the bin.
        :param str name: the index's name, unique in the namespace; at most 63 bytes.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: 0, as of index_single_value_create().
        """
    def index_geo2dsphere_create(
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
    def index_cdt_create(
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
    def index_remove(self, ns: str, name: str, policy: InfoPolicy | None = None) -> int:
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
    def admin_create_user(
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
    def admin_create_pki_user(self, username: str, roles: list[str], policy: AdminPolicy | None = None) -> int:
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
    def admin_drop_user(self, username: str, policy: AdminPolicy | None = None) -> int:
        """Remove a user.

        :param str username: the user's name, of at most 63 bytes.
        :param dict policy: see :ref:`admin`; default: the client's.
        :return: 0.
        :raises InvalidUser: there is no such user.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises RoleViolation: the client's user is not allowed to.
        :raises SecurityNotSupported: the server is of the Community Edition.
        """
    def admin_grant_roles(self, username: str, roles: list[str], policy: AdminPolicy | None = None) -> int:
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
    def admin_revoke_roles(self, username: str, roles: list[str], policy: AdminPolicy | None = None) -> int:
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
    def admin_change_password(self, username: str, password: str, policy: AdminPolicy | None = None) -> int:
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
    def admin_set_password(self, username: str, password: str, policy: AdminPolicy | None = None) -> int:
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
    def admin_query_user_info(self, user: str, policy: AdminPolicy | None = None) -> User:
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
    def admin_query_users_info(self, policy: AdminPolicy | None = None) -> dict[str, User]:
        """What is known of all users.

        :param dict policy: see :ref:`admin`; default: the client's.
        :return: ``{name: user}``, a user as admin_query_user_info() tells it.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises RoleViolation: the client's user is not allowed to.
        :raises SecurityNotSupported: the server is of the Community Edition.
        """
    def admin_create_role(
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
    def admin_drop_role(self, role: str, policy: AdminPolicy | None = None) -> int:
        """Remove a role; its users lose it.

        :param str role: the role's name, of at most 63 bytes.
        :param dict policy: see :ref:`admin`; default: the client's.
        :return: 0.
        :raises InvalidRole: there is no such role.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises RoleViolation: the client's user is not allowed to.
        :raises SecurityNotSupported: the server is of the Community Edition.
        """
    def admin_grant_privileges(self, role: str, privileges: list[Privilege], policy: AdminPolicy | None = None) -> int:
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
    def admin_revoke_privileges(self, role: str, privileges: list[Privilege], policy: AdminPolicy | None = None) -> int:
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
    def admin_set_whitelist(self, role: str, whitelist: list[str] | None, policy: AdminPolicy | None = None) -> int:
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
    def admin_set_quotas(
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
    def admin_get_role(self, role: str, policy: AdminPolicy | None = None) -> Role:
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
    def admin_get_roles(self, policy: AdminPolicy | None = None) -> dict[str, Role]:
        """What all roles are.

        :param dict policy: see :ref:`admin`; default: the client's.
        :return: ``{name: role}``, a role as admin_get_role() tells it.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises RoleViolation: the client's user is not allowed to.
        :raises SecurityNotSupported: the server is of the Community Edition.
        """
    def admin_query_role(self, role: str, policy: AdminPolicy | None = None) -> list[RolePrivilege]:
        """The privileges of a role.

        :param str role: the role's name, of at most 63 bytes.
        :param dict policy: see :ref:`admin`; default: the client's.
        :return: ``[{'code': PRIV_*, 'ns': str, 'set': str}]``, empty names where it has no such limit.
        :raises InvalidRole: there is no such role.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises RoleViolation: the client's user is not allowed to.
        :raises SecurityNotSupported: the server is of the Community Edition.
        """
    def admin_query_roles(self, policy: AdminPolicy | None = None) -> dict[str, list[RolePrivilege]]:
        """The privileges of all roles.

        :param dict policy: see :ref:`admin`; default: the client's.
        :return: ``{name: privileges}``, as admin_query_role() tells them.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises RoleViolation: the client's user is not allowed to.
        :raises SecurityNotSupported: the server is of the Community Edition.
        """
    def get_nodes(self) -> list[tuple[str, int]]:
        """The nodes of the cluster.

        :return: ``[(address, port)]``.
        """
    def get_node_names(self) -> list[NodeName]:
        """The nodes of the cluster, with their names.

        :return: ``[{'address': str, 'port': int, 'node_name': str}]``.
        """
    def shm_key(self) -> int | None:
        """The key of the shared memory that the client uses, or None where it uses none."""
    def info_all(self, command: str, policy: InfoPolicy | None = None) -> dict[str, tuple[str | None, str]]:
        """Send an info command to every node.

        :param str command: the info command, ``'namespaces'`` for one.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: ``{node name: (error or None, answer)}``.
        """
    def info_random_node(self, command: str, policy: InfoPolicy | None = None) -> str:
        """Send an info command to some node.

        :param str command: the info command, ``'namespaces'`` for one.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: the answer as the node gave it, ``'command\tvalue\n'``.
        """
    def info_single_node(self, command: str, host: str, policy: InfoPolicy | None = None) -> str:
        """Send an info command to one node.

        :param str command: the info command, ``'namespaces'`` for one.
        :param str host: the node's name, as get_node_names() tells it.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: the answer as the node gave it, ``'command\tvalue\n'``.
        :raises ParamError: there is no such node.
        """
    def truncate(self, namespace: str, set: str | None, nanos: int, policy: InfoPolicy | None = None) -> int:
        """Remove all records of a set, or of a namespace, that were last written before a time.

        :param str namespace: the namespace.
        :param str set: the set; None: the whole namespace.
        :param int nanos: nanoseconds since 1970; 0: now.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: 0. The records are gone soon after.
        :raises InvalidRequest: the time has not come yet, or the set's name is empty.
        """
    def set_xdr_filter(
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
        :return: the answer as the node gave it, ``'command\tok\n'``; the node tells the others.
        :raises ServerError: the server knows no such data center, or has no XDR.
        """
    def get_stats(self) -> ClusterStats:
        """What the client has counted so far, of each node and of the cluster; metrics need not be enabled for it.

        :return: :class:`aerospike_helpers.metrics.ClusterStats`.
        :raises ClusterError: the client is closed.
        """
    def enable_metrics(self, policy: MetricsPolicy | None = None) -> None:
        """Gather metrics, and tell them every ``policy.interval`` looks at the cluster: to the policy's listeners, else
        to a file in its ``report_dir``. Where they were enabled before, they are disabled first. In a child process
        after ``fork()`` they are not enabled.

        :param policy: an :class:`aerospike_helpers.metrics.MetricsPolicy`; None: the configuration's,
            ``config['policies']['metrics']``, else one with the defaults.
        :raises ParamError: policy is not valid.
        :raises ClientError: ``report_dir`` cannot be written to, or ``report_size_limit`` is below 1,000,000 and not 0.
        :raises MetricsConflict: the file that a ConfigProvider follows disables metrics.
        """
    def disable_metrics(self) -> None:
        """Gather metrics no longer: the file is closed, or ``disable_listener`` called with what was gathered last.
        Metrics that are not enabled are no mistake. close() does it, too.

        :raises MetricsConflict: the file that a ConfigProvider follows enables metrics.
        """
    def commit(self, transaction: Transaction) -> int:
        """Make the writes of a transaction stand, if nothing that it has read was written by others meanwhile.

        :param Transaction transaction: the transaction.
        :return: ``COMMIT_OK`` or ``COMMIT_ALREADY_COMMITTED``; or ``COMMIT_ROLL_FORWARD_ABANDONED`` or
            ``COMMIT_CLOSE_ABANDONED``, where it is committed and the server will clear up what the client could not.
        :raises TransactionFailed: something that it has read was written by others; it is aborted.
        :raises TransactionAlreadyAborted: it was aborted before.
        :raises AerospikeError: it could not be committed. With ``in_doubt`` it may have been all the same, and commit()
            again finds out; else abort() lets go of its records.
        """
    def abort(self, transaction: Transaction) -> int:
        """Undo the writes of a transaction.

        :param Transaction transaction: the transaction.
        :return: ``ABORT_OK`` or ``ABORT_ALREADY_ABORTED``; or ``ABORT_ROLL_BACK_ABANDONED`` or
            ``ABORT_CLOSE_ABANDONED``, where the server will undo or clear up what the client could not.
        :raises TransactionAlreadyCommitted: it was committed before.
        :raises TransactionFailed: a commit of it is in doubt: commit() again finds out.
        """
    def get_key_digest(self, ns: str, set: str | None, key: PrimaryKey) -> bytearray:
        """The digest by which the server knows a key.

        :param str ns: the namespace.
        :param str set: the set, or None.
        :param key: the primary key: str, int, bytes or bytearray.
        :return: a bytearray of 20 bytes.
        """
    def get_key_partition_id(self, ns: str, set: str | None, key: PrimaryKey) -> int:
        """The partition, from 0 to 4095, that a key is in.

        :param str ns: the namespace.
        :param str set: the set, or None.
        :param key: the primary key: str, int, bytes or bytearray.
        """
    # query.c
    def _run_query(self, request: Request) -> list[Any]: ...
    def _where(self, predicate: Any, ctx: Any, expr: Any, index_name: Any) -> Any: ...
    def _iterate(self, request: Request) -> RecordIterator: ...
    def _partitions(self, partition_filter: Any, former: Any) -> Any: ...
    def _check_open(self) -> int: ...
    def _bin_names(self, names: tuple[str | bytearray, ...], strict: bool) -> tuple[str, ...]: ...
    def _partitions_status(self, capsule: Any, /) -> dict[Any, Any]: ...
    def _partitions_done(self, capsule: Any, /) -> bool: ...
    # arrow.c
    def _columns(self, columns: tuple[tuple[str, int, str], ...], batch_rows: int, queue: int) -> Any: ...
    def _arrow_stream(self, request: Request, columns: Any) -> Any: ...
    def _arrow_check(self, request: Request, columns: Any) -> int: ...
    @staticmethod
    def _arrow_schema(columns: Any, /) -> Any: ...
    def _arrow_error(self, columns: Any, /) -> Any: ...
    @staticmethod
    def _table_stream(table: Any, /) -> Any: ...
    def _next_table(self, stream: Any, columns: Any, /) -> tuple[Any, int] | None: ...
    # batch_arrow.c
    def _batch_arrow(self, keys: list[_Key], columns: Any, policy: BatchPolicy | None = None) -> Any: ...
    def _batch_arrow_operate(
        self, keys: list[_Key], columns: Any, ops: list[Operation], policy: BatchPolicy | None = None
    ) -> Any: ...
    # put_arrow.c
    def _arrow_writer(self, stream: object, key: str, bins: dict[str, str] | None) -> Any: ...
    def _put_rows(
        self,
        writer: Any,
        namespace: str,
        set: str | None,
        rows: int,
        ttl: int | None,
        policy: BatchPolicy | None = None,
        policy_write: BatchWritePolicy | None = None,
    ) -> tuple[bytearray, bytearray] | None: ...
    # background.c
    def _check_operations(self, ops: list[Operation]) -> int: ...
    def _check_arguments(self, what: str, arguments: list[Any] | None) -> int: ...
    def _start_query(self, job: Job) -> int: ...
    def _start_scan(self, job: Job) -> int: ...
    def job_info(self, job_id: int, module: str, policy: InfoPolicy | None = None) -> JobInfo:
        """How far a job in the background is.

        :param int job_id: what ``execute_background()`` and its like have returned.
        :param str module: ``aerospike.JOB_SCAN`` or ``aerospike.JOB_QUERY``; servers since 6.0 ask no more for it.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: ``{'progress_pct': percent of the slowest node, 'records_read': records written, 'status':
            JOB_STATUS_*}``. A job that no node remembers is ``JOB_STATUS_COMPLETED``, with 0 percent and records.
        :raises ParamError: an argument is not valid; nothing was sent.
        """

    # expressions.c
    def get_expression_base64(self, expression: CompiledExpression) -> str:
        """Return a compiled expression as text, as asadm, asbackup and other clients take it.

        :param list expression: what an expression's ``compile()`` returned.
        :return: a str of base64.
        :raises ParamError: it is not a compiled expression, or an argument in it is not valid.

        ::

            client.get_expression_base64((IntBin('age') > 30).compile())
        """
    def get_expression_from_base64(self, text: str) -> CompiledExpression:
        """Return the compiled expression that a text holds: the opposite of get_expression_base64().

        It serves wherever a compiled expression does, and prints as Python text. A part of it that this client does
        not know, from a newer client perhaps, is kept as its bytes.

        :param str text: base64, of any Aerospike client.
        :return: a compiled expression: a list of tuples.
        :raises ParamError: the text is not base64, or its bytes are no expression.
        """
    def get_cdtctx_from_base64(self, text: str) -> Context:
        """Return the context that a text holds: the opposite of get_cdtctx_base64().

        :param str text: base64, of any Aerospike client.
        :return: a list of entries, as the functions of ``aerospike_helpers.cdt_ctx`` make them.
        :raises ParamError: the text is not base64, or its bytes are no context.
        """

# constants.def, operations.def
ABORT_ALREADY_ABORTED: Final[int]
ABORT_CLOSE_ABANDONED: Final[int]
ABORT_COMMIT_FAILED: Final[int]
ABORT_OK: Final[int]
ABORT_ROLL_BACK_ABANDONED: Final[int]
AS_BOOL: Final[int]
AS_BYTES_BLOB: Final[int]
AS_BYTES_BOOL: Final[int]
AS_BYTES_CSHARP: Final[int]
AS_BYTES_DOUBLE: Final[int]
AS_BYTES_ERLANG: Final[int]
AS_BYTES_GEOJSON: Final[int]
AS_BYTES_HLL: Final[int]
AS_BYTES_INTEGER: Final[int]
AS_BYTES_JAVA: Final[int]
AS_BYTES_LIST: Final[int]
AS_BYTES_MAP: Final[int]
AS_BYTES_PHP: Final[int]
AS_BYTES_PYTHON: Final[int]
AS_BYTES_RUBY: Final[int]
AS_BYTES_STRING: Final[int]
AS_BYTES_TYPE_MAX: Final[int]
AS_BYTES_UNDEF: Final[int]
AUTH_EXTERNAL: Final[int]
AUTH_EXTERNAL_INSECURE: Final[int]
AUTH_INTERNAL: Final[int]
AUTH_PKI: Final[int]
BIT_OVERFLOW_FAIL: Final[int]
BIT_OVERFLOW_SATURATE: Final[int]
BIT_OVERFLOW_WRAP: Final[int]
BIT_RESIZE_DEFAULT: Final[int]
BIT_RESIZE_FROM_FRONT: Final[int]
BIT_RESIZE_GROW_ONLY: Final[int]
BIT_RESIZE_SHRINK_ONLY: Final[int]
BIT_WRITE_CREATE_ONLY: Final[int]
BIT_WRITE_DEFAULT: Final[int]
BIT_WRITE_NO_FAIL: Final[int]
BIT_WRITE_PARTIAL: Final[int]
BIT_WRITE_UPDATE_ONLY: Final[int]
CDT_CTX_LIST_INDEX: Final[int]
CDT_CTX_LIST_INDEX_CREATE: Final[int]
CDT_CTX_LIST_RANK: Final[int]
CDT_CTX_LIST_VALUE: Final[int]
CDT_CTX_MAP_INDEX: Final[int]
CDT_CTX_MAP_KEY: Final[int]
CDT_CTX_MAP_KEY_CREATE: Final[int]
CDT_CTX_MAP_RANK: Final[int]
CDT_CTX_MAP_VALUE: Final[int]
COMMIT_ALREADY_COMMITTED: Final[int]
COMMIT_CLOSE_ABANDONED: Final[int]
COMMIT_OK: Final[int]
COMMIT_ROLL_FORWARD_ABANDONED: Final[int]
ERROR_DETAIL_EXP_TRACE: Final[int]
ERROR_DETAIL_MESSAGE: Final[int]
ERROR_DETAIL_NONE: Final[int]
ERROR_DETAIL_SUBCODE: Final[int]
EXP_LOOPVAR_INDEX: Final[int]
EXP_LOOPVAR_KEY: Final[int]
EXP_LOOPVAR_VALUE: Final[int]
EXP_PATH_MODIFY_DEFAULT: Final[int]
EXP_PATH_MODIFY_NO_FAIL: Final[int]
EXP_PATH_SELECT_LIST_VALUE: Final[int]
EXP_PATH_SELECT_MAP_KEY: Final[int]
EXP_PATH_SELECT_MAP_KEY_VALUE: Final[int]
EXP_PATH_SELECT_MAP_VALUE: Final[int]
EXP_PATH_SELECT_MATCHING_TREE: Final[int]
EXP_PATH_SELECT_NO_FAIL: Final[int]
EXP_PATH_SELECT_VALUE: Final[int]
EXP_READ_DEFAULT: Final[int]
EXP_READ_EVAL_NO_FAIL: Final[int]
EXP_WRITE_ALLOW_DELETE: Final[int]
EXP_WRITE_CREATE_ONLY: Final[int]
EXP_WRITE_DEFAULT: Final[int]
EXP_WRITE_EVAL_NO_FAIL: Final[int]
EXP_WRITE_POLICY_NO_FAIL: Final[int]
EXP_WRITE_UPDATE_ONLY: Final[int]
HLL_WRITE_ALLOW_FOLD: Final[int]
HLL_WRITE_CREATE_ONLY: Final[int]
HLL_WRITE_DEFAULT: Final[int]
HLL_WRITE_NO_FAIL: Final[int]
HLL_WRITE_UPDATE_ONLY: Final[int]
INDEX_BLOB: Final[int]
INDEX_GEO2DSPHERE: Final[int]
INDEX_INTEGER: Final[int]
INDEX_NUMERIC: Final[int]
INDEX_STRING: Final[int]
INDEX_TYPE_DEFAULT: Final[int]
INDEX_TYPE_LIST: Final[int]
INDEX_TYPE_MAPKEYS: Final[int]
INDEX_TYPE_MAPVALUES: Final[int]
INTEGER: Final[int]
INT_MAX: Final[int]
INT_MIN: Final[int]
JOB_QUERY: Final[str]
JOB_SCAN: Final[str]
JOB_STATUS_COMPLETED: Final[int]
JOB_STATUS_INPROGRESS: Final[int]
JOB_STATUS_UNDEF: Final[int]
LIST_ORDERED: Final[int]
LIST_RETURN_COUNT: Final[int]
LIST_RETURN_EXISTS: Final[int]
LIST_RETURN_INDEX: Final[int]
LIST_RETURN_NONE: Final[int]
LIST_RETURN_RANK: Final[int]
LIST_RETURN_REVERSE_INDEX: Final[int]
LIST_RETURN_REVERSE_RANK: Final[int]
LIST_RETURN_VALUE: Final[int]
LIST_SORT_DEFAULT: Final[int]
LIST_SORT_DROP_DUPLICATES: Final[int]
LIST_UNORDERED: Final[int]
LIST_WRITE_ADD_UNIQUE: Final[int]
LIST_WRITE_DEFAULT: Final[int]
LIST_WRITE_INSERT_BOUNDED: Final[int]
LIST_WRITE_NO_FAIL: Final[int]
LIST_WRITE_PARTIAL: Final[int]
LOG_LEVEL_DEBUG: Final[int]
LOG_LEVEL_ERROR: Final[int]
LOG_LEVEL_INFO: Final[int]
LOG_LEVEL_OFF: Final[int]
LOG_LEVEL_TRACE: Final[int]
LOG_LEVEL_WARN: Final[int]
MAP_KEY_ORDERED: Final[int]
MAP_KEY_VALUE_ORDERED: Final[int]
MAP_RETURN_COUNT: Final[int]
MAP_RETURN_EXISTS: Final[int]
MAP_RETURN_INDEX: Final[int]
MAP_RETURN_KEY: Final[int]
MAP_RETURN_KEY_VALUE: Final[int]
MAP_RETURN_NONE: Final[int]
MAP_RETURN_ORDERED_MAP: Final[int]
MAP_RETURN_RANK: Final[int]
MAP_RETURN_REVERSE_INDEX: Final[int]
MAP_RETURN_REVERSE_RANK: Final[int]
MAP_RETURN_UNORDERED_MAP: Final[int]
MAP_RETURN_VALUE: Final[int]
MAP_UNORDERED: Final[int]
MAP_WRITE_FLAGS_CREATE_ONLY: Final[int]
MAP_WRITE_FLAGS_DEFAULT: Final[int]
MAP_WRITE_FLAGS_NO_FAIL: Final[int]
MAP_WRITE_FLAGS_PARTIAL: Final[int]
MAP_WRITE_FLAGS_UPDATE_ONLY: Final[int]
MAP_WRITE_NO_FAIL: Final[int]
MAP_WRITE_PARTIAL: Final[int]
OPERATOR_APPEND: Final[int]
OPERATOR_DELETE: Final[int]
OPERATOR_INCR: Final[int]
OPERATOR_PREPEND: Final[int]
OPERATOR_READ: Final[int]
OPERATOR_TOUCH: Final[int]
OPERATOR_WRITE: Final[int]
OP_BIT_ADD: Final[int]
OP_BIT_AND: Final[int]
OP_BIT_COUNT: Final[int]
OP_BIT_GET: Final[int]
OP_BIT_GET_INT: Final[int]
OP_BIT_INSERT: Final[int]
OP_BIT_LSCAN: Final[int]
OP_BIT_LSHIFT: Final[int]
OP_BIT_NOT: Final[int]
OP_BIT_OR: Final[int]
OP_BIT_REMOVE: Final[int]
OP_BIT_RESIZE: Final[int]
OP_BIT_RSCAN: Final[int]
OP_BIT_RSHIFT: Final[int]
OP_BIT_SET: Final[int]
OP_BIT_SET_INT: Final[int]
OP_BIT_SUBTRACT: Final[int]
OP_BIT_XOR: Final[int]
OP_EXPR_READ: Final[int]
OP_EXPR_WRITE: Final[int]
OP_HLL_ADD: Final[int]
OP_HLL_DESCRIBE: Final[int]
OP_HLL_FOLD: Final[int]
OP_HLL_GET_COUNT: Final[int]
OP_HLL_GET_INTERSECT_COUNT: Final[int]
OP_HLL_GET_SIMILARITY: Final[int]
OP_HLL_GET_UNION: Final[int]
OP_HLL_GET_UNION_COUNT: Final[int]
OP_HLL_INIT: Final[int]
OP_HLL_MAY_CONTAIN: Final[int]
OP_HLL_REFRESH_COUNT: Final[int]
OP_HLL_SET_UNION: Final[int]
OP_LIST_APPEND: Final[int]
OP_LIST_APPEND_ITEMS: Final[int]
OP_LIST_CLEAR: Final[int]
OP_LIST_CREATE: Final[int]
OP_LIST_GET: Final[int]
OP_LIST_GET_BY_INDEX: Final[int]
OP_LIST_GET_BY_INDEX_RANGE: Final[int]
OP_LIST_GET_BY_INDEX_RANGE_TO_END: Final[int]
OP_LIST_GET_BY_RANK: Final[int]
OP_LIST_GET_BY_RANK_RANGE: Final[int]
OP_LIST_GET_BY_RANK_RANGE_TO_END: Final[int]
OP_LIST_GET_BY_VALUE: Final[int]
OP_LIST_GET_BY_VALUE_LIST: Final[int]
OP_LIST_GET_BY_VALUE_RANGE: Final[int]
OP_LIST_GET_BY_VALUE_RANK_RANGE_REL: Final[int]
OP_LIST_GET_BY_VALUE_RANK_RANGE_REL_TO_END: Final[int]
OP_LIST_GET_RANGE: Final[int]
OP_LIST_INCREMENT: Final[int]
OP_LIST_INSERT: Final[int]
OP_LIST_INSERT_ITEMS: Final[int]
OP_LIST_POP: Final[int]
OP_LIST_POP_RANGE: Final[int]
OP_LIST_REMOVE: Final[int]
OP_LIST_REMOVE_BY_INDEX: Final[int]
OP_LIST_REMOVE_BY_INDEX_RANGE: Final[int]
OP_LIST_REMOVE_BY_INDEX_RANGE_TO_END: Final[int]
OP_LIST_REMOVE_BY_RANK: Final[int]
OP_LIST_REMOVE_BY_RANK_RANGE: Final[int]
OP_LIST_REMOVE_BY_RANK_RANGE_TO_END: Final[int]
OP_LIST_REMOVE_BY_REL_RANK_RANGE: Final[int]
OP_LIST_REMOVE_BY_REL_RANK_RANGE_TO_END: Final[int]
OP_LIST_REMOVE_BY_VALUE: Final[int]
OP_LIST_REMOVE_BY_VALUE_LIST: Final[int]
OP_LIST_REMOVE_BY_VALUE_RANGE: Final[int]
OP_LIST_REMOVE_BY_VALUE_RANK_RANGE_REL: Final[int]
OP_LIST_REMOVE_RANGE: Final[int]
OP_LIST_SET: Final[int]
OP_LIST_SET_ORDER: Final[int]
OP_LIST_SIZE: Final[int]
OP_LIST_SORT: Final[int]
OP_LIST_TRIM: Final[int]
OP_MAP_CLEAR: Final[int]
OP_MAP_CREATE: Final[int]
OP_MAP_DECREMENT: Final[int]
OP_MAP_GET_BY_INDEX: Final[int]
OP_MAP_GET_BY_INDEX_RANGE: Final[int]
OP_MAP_GET_BY_INDEX_RANGE_TO_END: Final[int]
OP_MAP_GET_BY_KEY: Final[int]
OP_MAP_GET_BY_KEY_INDEX_RANGE_REL: Final[int]
OP_MAP_GET_BY_KEY_LIST: Final[int]
OP_MAP_GET_BY_KEY_RANGE: Final[int]
OP_MAP_GET_BY_KEY_REL_INDEX_RANGE: Final[int]
OP_MAP_GET_BY_KEY_REL_INDEX_RANGE_TO_END: Final[int]
OP_MAP_GET_BY_RANK: Final[int]
OP_MAP_GET_BY_RANK_RANGE: Final[int]
OP_MAP_GET_BY_RANK_RANGE_TO_END: Final[int]
OP_MAP_GET_BY_VALUE: Final[int]
OP_MAP_GET_BY_VALUE_LIST: Final[int]
OP_MAP_GET_BY_VALUE_RANGE: Final[int]
OP_MAP_GET_BY_VALUE_RANK_RANGE_REL: Final[int]
OP_MAP_GET_BY_VALUE_RANK_RANGE_REL_TO_END: Final[int]
OP_MAP_INCREMENT: Final[int]
OP_MAP_PUT: Final[int]
OP_MAP_PUT_ITEMS: Final[int]
OP_MAP_REMOVE_BY_INDEX: Final[int]
OP_MAP_REMOVE_BY_INDEX_RANGE: Final[int]
OP_MAP_REMOVE_BY_INDEX_RANGE_TO_END: Final[int]
OP_MAP_REMOVE_BY_KEY: Final[int]
OP_MAP_REMOVE_BY_KEY_INDEX_RANGE_REL: Final[int]
OP_MAP_REMOVE_BY_KEY_LIST: Final[int]
OP_MAP_REMOVE_BY_KEY_RANGE: Final[int]
OP_MAP_REMOVE_BY_KEY_REL_INDEX_RANGE: Final[int]
OP_MAP_REMOVE_BY_KEY_REL_INDEX_RANGE_TO_END: Final[int]
OP_MAP_REMOVE_BY_RANK: Final[int]
OP_MAP_REMOVE_BY_RANK_RANGE: Final[int]
OP_MAP_REMOVE_BY_RANK_RANGE_TO_END: Final[int]
OP_MAP_REMOVE_BY_VALUE: Final[int]
OP_MAP_REMOVE_BY_VALUE_LIST: Final[int]
OP_MAP_REMOVE_BY_VALUE_RANGE: Final[int]
OP_MAP_REMOVE_BY_VALUE_RANK_RANGE_REL: Final[int]
OP_MAP_REMOVE_BY_VALUE_REL_INDEX_RANGE: Final[int]
OP_MAP_REMOVE_BY_VALUE_REL_RANK_RANGE: Final[int]
OP_MAP_REMOVE_BY_VALUE_REL_RANK_RANGE_TO_END: Final[int]
OP_MAP_SET_POLICY: Final[int]
OP_MAP_SIZE: Final[int]
POLICY_COMMIT_LEVEL_ALL: Final[int]
POLICY_COMMIT_LEVEL_MASTER: Final[int]
POLICY_EXISTS_CREATE: Final[int]
POLICY_EXISTS_CREATE_OR_REPLACE: Final[int]
POLICY_EXISTS_IGNORE: Final[int]
POLICY_EXISTS_REPLACE: Final[int]
POLICY_EXISTS_UPDATE: Final[int]
POLICY_GEN_EQ: Final[int]
POLICY_GEN_GT: Final[int]
POLICY_GEN_IGNORE: Final[int]
POLICY_KEY_DIGEST: Final[int]
POLICY_KEY_SEND: Final[int]
POLICY_READ_MODE_AP_ALL: Final[int]
POLICY_READ_MODE_AP_ONE: Final[int]
POLICY_READ_MODE_SC_ALLOW_REPLICA: Final[int]
POLICY_READ_MODE_SC_ALLOW_UNAVAILABLE: Final[int]
POLICY_READ_MODE_SC_LINEARIZE: Final[int]
POLICY_READ_MODE_SC_SESSION: Final[int]
POLICY_REPLICA_ANY: Final[int]
POLICY_REPLICA_MASTER: Final[int]
POLICY_REPLICA_PREFER_RACK: Final[int]
POLICY_REPLICA_RANDOM: Final[int]
POLICY_REPLICA_SEQUENCE: Final[int]
POLICY_RETRY_NONE: Final[int]
POLICY_RETRY_ONCE: Final[int]
PRIV_DATA_ADMIN: Final[int]
PRIV_READ: Final[int]
PRIV_READ_WRITE: Final[int]
PRIV_READ_WRITE_UDF: Final[int]
PRIV_SINDEX_ADMIN: Final[int]
PRIV_SYS_ADMIN: Final[int]
PRIV_TRUNCATE: Final[int]
PRIV_UDF_ADMIN: Final[int]
PRIV_USER_ADMIN: Final[int]
PRIV_WRITE: Final[int]
QUERY_DURATION_LONG: Final[int]
QUERY_DURATION_LONG_RELAX_AP: Final[int]
QUERY_DURATION_SHORT: Final[int]
REGEX_EXTENDED: Final[int]
REGEX_ICASE: Final[int]
REGEX_NEWLINE: Final[int]
REGEX_NONE: Final[int]
REGEX_NOSUB: Final[int]
SERIALIZER_JSON: Final[int]
SERIALIZER_NONE: Final[int]
SERIALIZER_USER: Final[int]
SUB_BIN_NAME_COUNT_TOO_LARGE: Final[int]
SUB_BIN_NOT_FOUND_HLL_CANNOT_CREATE_WITH_OP: Final[int]
SUB_FILTERED_BINS: Final[int]
SUB_FILTERED_BINS_EVAL_FAILED: Final[int]
SUB_FILTERED_META: Final[int]
SUB_FILTERED_META_EVAL_FAILED: Final[int]
SUB_FORBID_CLOCK_SKEW_STOP_WRITES: Final[int]
SUB_FORBID_DURABILITY_VIOLATION: Final[int]
SUB_FORBID_MASKING_POLICY_BLOCKED: Final[int]
SUB_FORBID_MASKING_ROLE_VIOLATION: Final[int]
SUB_FORBID_REPLACE_CONFLICT_RESOLVING: Final[int]
SUB_FORBID_SET_COUNT_STOP_WRITES: Final[int]
SUB_FORBID_SET_SIZE_STOP_WRITES: Final[int]
SUB_FORBID_TRUNCATED: Final[int]
SUB_FORBID_XDR_FILTER_BLOCKED: Final[int]
SUB_MRT_BLOCKED_ID_MISMATCH: Final[int]
SUB_MRT_BLOCKED_RECORD_LOCKED: Final[int]
SUB_NONE: Final[int]
SUB_OPNOT_CDT_BOUNDED_LIST_OVERFLOW: Final[int]
SUB_OPNOT_CDT_INDEX_OUT_OF_BOUNDS: Final[int]
SUB_OPNOT_CDT_RANK_OUT_OF_BOUNDS: Final[int]
SUB_OPNOT_HLL_CANNOT_FOLD_MINHASH: Final[int]
SUB_OPNOT_HLL_CANNOT_REDUCE_INDEX_BITS: Final[int]
SUB_OPNOT_HLL_CANNOT_REDUCE_MINHASH_BITS: Final[int]
SUB_OPNOT_HLL_FOLD_INDEX_BITS_TOO_LARGE: Final[int]
SUB_OPNOT_HLL_INDEX_BITS_UNSET: Final[int]
SUB_OPNOT_HLL_INTERSECT_MINHASH_MISMATCH: Final[int]
SUB_OPNOT_STRING_B64_INVALID: Final[int]
SUB_OPNOT_STRING_CONVERSION_FAILED: Final[int]
SUB_OPNOT_STRING_REGEX_LIMIT_EXCEEDED: Final[int]
SUB_OPNOT_STRING_UTF8_INVALID: Final[int]
SUB_PARAM_BIN_COUNT_TOO_LARGE: Final[int]
SUB_PARAM_BITS_OFFSET_OUT_OF_RANGE: Final[int]
SUB_PARAM_BITS_RESIZE_EXCEEDED: Final[int]
SUB_PARAM_BITS_SIZE_OUT_OF_RANGE: Final[int]
SUB_PARAM_STRING_CTX_MALFORMED: Final[int]
SUB_PARAM_STRING_INDEX_OUT_OF_BOUNDS: Final[int]
SUB_PARAM_STRING_OP_PARAMS_INVALID: Final[int]
SUB_PARAM_STRING_REGEX_INVALID: Final[int]
SUB_PARAM_STRING_UTF8_INVALID: Final[int]
SUB_PARAM_TTL_INVALID: Final[int]
SUB_UNAVAIL_INITIAL_BALANCE_UNRESOLVED: Final[int]
SUB_UNAVAIL_REPLICA_UNAVAILABLE: Final[int]
SUB_UNSUPP_FEAT_GENERIC: Final[int]
SUB_UNSUPP_FEAT_MRT_REQUIRES_STRONG_CONSISTENCY: Final[int]
TTL_CLIENT_DEFAULT: Final[int]
TTL_DONT_UPDATE: Final[int]
TTL_NAMESPACE_DEFAULT: Final[int]
TTL_NEVER_EXPIRE: Final[int]
TXN_STATE_ABORTED: Final[int]
TXN_STATE_COMMITTED: Final[int]
TXN_STATE_COMMIT_FAILED: Final[int]
TXN_STATE_OPEN: Final[int]
TXN_STATE_VERIFIED: Final[int]
UDF_TYPE_LUA: Final[int]
_OP_BIT_B64_ENCODE: Final[int]
_OP_LIST_JOIN: Final[int]
_OP_MODIFY_BY_PATH: Final[int]
_OP_SELECT_BY_PATH: Final[int]
_OP_STRING_APPEND: Final[int]
_OP_STRING_BASE64_DECODE: Final[int]
_OP_STRING_BYTE_LENGTH: Final[int]
_OP_STRING_CASEFOLD: Final[int]
_OP_STRING_CHAR_AT: Final[int]
_OP_STRING_CONCAT: Final[int]
_OP_STRING_CONTAINS: Final[int]
_OP_STRING_ENDS_WITH: Final[int]
_OP_STRING_FIND: Final[int]
_OP_STRING_INSERT: Final[int]
_OP_STRING_IS_LOWER: Final[int]
_OP_STRING_IS_NUMERIC: Final[int]
_OP_STRING_IS_UPPER: Final[int]
_OP_STRING_LOWER: Final[int]
_OP_STRING_NORMALIZE_NFC: Final[int]
_OP_STRING_OVERWRITE: Final[int]
_OP_STRING_PAD_END: Final[int]
_OP_STRING_PAD_START: Final[int]
_OP_STRING_PREPEND: Final[int]
_OP_STRING_REGEX_COMPARE: Final[int]
_OP_STRING_REGEX_REPLACE: Final[int]
_OP_STRING_REPEAT: Final[int]
_OP_STRING_REPLACE: Final[int]
_OP_STRING_REPLACE_ALL: Final[int]
_OP_STRING_SNIP: Final[int]
_OP_STRING_SPLIT: Final[int]
_OP_STRING_SPLIT_SEPARATOR: Final[int]
_OP_STRING_STARTS_WITH: Final[int]
_OP_STRING_STRLEN: Final[int]
_OP_STRING_SUBSTR: Final[int]
_OP_STRING_SUBSTR_RANGE: Final[int]
_OP_STRING_TO_BLOB: Final[int]
_OP_STRING_TO_DOUBLE: Final[int]
_OP_STRING_TO_INTEGER: Final[int]
_OP_STRING_TRIM: Final[int]
_OP_STRING_TRIM_END: Final[int]
_OP_STRING_TRIM_START: Final[int]
_OP_STRING_UPPER: Final[int]
_OP_TO_STRING: Final[int]
