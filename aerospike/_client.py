# SPDX-License-Identifier: Apache-2.0
"""The Client class: the native commands, and what is made of them in Python."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from aerospike import _hosts, types
from aerospike._columns import ArrowTable, batch_request
from aerospike._legacy import OldCalls
from aerospike._legacy_cdt import CollectionCalls
from aerospike._native import Transaction
from aerospike._put_arrow import ArrowWriting, ArrowWritten
from aerospike._secrets import secretive
from aerospike._transaction import TransactionBlock
from aerospike.exception import ParamError
from aerospike.query import Query
from aerospike.scan import Scan

if TYPE_CHECKING:
    from aerospike.llist import LList
    from aerospike.predicates import Predicate

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def checked(method: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Make wrong arguments of a method, which itself raises no TypeError, ParamErrors."""

    @functools.wraps(method)
    def call(*args: Arguments.args, **keywords: Arguments.kwargs) -> Result:
        try:
            return method(*args, **keywords)
        except TypeError as error:
            raise ParamError(-2, str(error)) from None

    return call


class Client(OldCalls, CollectionCalls):
    """A connection to an Aerospike cluster, shared freely between threads.

    Made by :func:`aerospike.client`. Closed by :meth:`close` or at the end of a ``with`` block; usable in a child
    process after ``fork()``, where it connects anew.
    """

    __module__ = "aerospike"

    @secretive
    def __init__(self, config: types.Config | str | None = None) -> None:
        super().__init__(_hosts.configuration(config))

    @checked
    def scan(self, namespace: str, set: str | None = None) -> Scan:
        """Return a :class:`~aerospike.Scan` over a namespace, or over one set of it.

        :param str namespace: the namespace.
        :param str set: the set; None: every record of the namespace.
        """
        return Scan._create(self, namespace, set)

    @checked
    def query(self, namespace: str, set: str | None = None) -> Query:
        """Return a :class:`~aerospike.Query` over a namespace, or over one set of it.

        :param str namespace: the namespace.
        :param str set: the set; None: every record of the namespace.
        """
        return Query._create(self, namespace, set)

    def scan_apply(
        self,
        ns: str,
        set: str | None,
        module: str,
        function: str,
        args: list[Any] | None = None,
        policy: types.ScanPolicy | None = None,
        options: types.ScanOptions | None = None,
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
        self._check_open()
        scan = Scan._create(self, ns, set)
        scan._read_options(options)
        return scan._call_function(module, function, args, "args").execute_background(policy)

    def query_apply(
        self,
        ns: str,
        set: str | None,
        predicate: Predicate,
        module: str,
        function: str,
        args: list[Any] | None = None,
        policy: types.WritePolicy | None = None,
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
        self._check_open()
        query = Query._create(self, ns, set).where(predicate)
        return query._call_function(module, function, args, "args").execute_background(policy)

    def batch_arrow(
        self,
        keys: list[types.Key],
        schema: Mapping[str, str],
        ops: list[types.Operation] | None = None,
        meta: Iterable[str] = (),
        policy: types.BatchPolicy | None = None,
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
            types. What ops wrote stays written.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
        request = batch_request(self, keys, schema, ops, meta, policy)
        return request.table(getattr(self, request.method)(*request.arguments))

    def put_arrow(
        self,
        data: Any,
        namespace: str,
        set: str | None,
        key: str,
        bins: Iterable[str] | Mapping[str, str] | None = None,
        batch_rows: int = 1000,
        ttl: int | None = None,
        policy: types.BatchPolicy | None = None,
        policy_write: types.BatchWritePolicy | None = None,
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
        how = (batch_rows, ttl, policy, policy_write)
        writing = ArrowWriting(self, (namespace, set), (key, bins), how, on_batch)
        writing.write(data)
        return writing.written()

    def llist(self, key: types.Key, bin: str, module: str | None = None) -> LList:
        """Return the :class:`LList` of a bin, which is there or will be. Nothing is sent.

        :param tuple key: the key of the record that has the bin.
        :param str bin: the bin's name.
        :param module: accepted for programs of 2015, and without effect.
        :raises LDTInputParamError: the key, or the set's name is not valid.
        :raises LDTBinNameNotString: the bin's name is no str; :exc:`LDTBinNameNull`: it is None or empty;
            :exc:`LDTBinNameTooLong`: it is longer than 15 bytes.
        """
        from aerospike.llist import LList

        return LList(self, key, bin, module)

    @checked
    def transaction(
        self, timeout: int = 0, reads_capacity: int = 128, writes_capacity: int = 128
    ) -> AbstractContextManager[Transaction]:
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
        transaction = Transaction(reads_capacity, writes_capacity)
        transaction.timeout = timeout
        return TransactionBlock(self, transaction)
