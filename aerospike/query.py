# SPDX-License-Identifier: Apache-2.0
"""Queries: records of a namespace or set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from aerospike._columns import ArrowReader
from aerospike._native import RecordIterator
from aerospike._plan import Plan, Self
from aerospike.exception import ClientError, ParamError
from aerospike.types import CompiledExpression, QueryOptions, QueryPolicy, Row, RowCallback, WritePolicy

if TYPE_CHECKING:
    from aerospike.predicates import Predicate
    from aerospike_helpers.cdt_ctx import Context


SHOWN_MOST = 200  # characters of a predicate that a query shows


def shorten(text: str) -> str:
    """Return its beginning where it is too long to be looked at."""
    return text if len(text) <= SHOWN_MOST else f"{text[:SHOWN_MOST]}..."


def choose(query: Plan, predicate: Any, ctx: Any, expr: Any, index_name: Any, text: str) -> None:
    """Let a query read what an index gives, and show it."""
    where = query._client._where(predicate, ctx, expr, index_name)
    if query._where is not None:
        raise ParamError(-2, f"where() was called before on this query: {query._where_text}")
    query._where, query._where_text = where, shorten(f"where={predicate!r} {text}".rstrip())
    query._chosen = predicate, ctx, expr, index_name, text


class Query(Plan):
    """Records of a namespace, or of one set of it; made by :meth:`Client.query`.

    It can be run again, and lives on when its client's variable is gone. Attributes: ``max_records`` (of one run; 0:
    no limit), ``records_per_second`` (of every node; 0: no limit), ``ttl`` (of a background query, in seconds).
    """

    __slots__ = ()
    __module__ = "aerospike"
    _kind = "query"
    _aggregates = True

    def select(self: Self, *bins: str | bytearray) -> Self:
        """Read only these bins.

        :param bins: names of bins; a name that a record has not is left out of its bins. One that is longer than 15
            bytes is left out, too, with a warning; if none is left, all bins are read.
        :return: the object itself.
        :raises BinNameError: a name is longer than 15 bytes, under the client's ``validate_keys``.
        :raises ClientError: the bins were chosen before.
        """
        if self._bins is not None:
            raise ClientError(-1, "select() was called before on this query")
        self._bins = self._client._bin_names(bins, False)
        return self

    def where(self: Self, predicate: Predicate, ctx: Context | None = None) -> Self:
        """Read only the records that a secondary index of the predicate's bin gives.

        The server needs such an index, of the predicate's type and of the same ``ctx``; without one a run raises
        :class:`~aerospike.exception.IndexNotFound`.

        :param tuple predicate: what a function of :mod:`aerospike.predicates` returns.
        :param list ctx: where the value is within the bin: entries made by ``aerospike_helpers.cdt_ctx``.
        :return: the object itself.
        :raises ParamError: an argument is not valid, or the query has a predicate already.
        """
        choose(self, predicate, ctx, None, None, f"ctx={ctx!r}" if ctx else "")
        return self

    def where_with_expr(self: Self, expr: CompiledExpression, predicate: Predicate) -> Self:
        """Read only the records that the index of an expression gives. Needs server version 8.1.

        :param list expr: the expression that the index was made with, compiled.
        :param tuple predicate: what a function of :mod:`aerospike.predicates` returns; its bin does not count, and may
            be None.
        :return: the object itself.
        :raises ParamError: an argument is not valid, or the query has a predicate already.
        """
        if expr is None:
            raise ParamError(-2, "expr must be a compiled expression, not NoneType")
        choose(self, predicate, None, expr, None, f"expr={expr!r}")
        return self

    def where_with_index_name(self: Self, index_name: str, predicate: Predicate) -> Self:
        """Read only the records that the index of a name gives.

        :param str index_name: the index's name, of 1 to 63 bytes.
        :param tuple predicate: what a function of :mod:`aerospike.predicates` returns; its bin does not count, and may
            be None.
        :return: the object itself.
        :raises ParamError: an argument is not valid, or the query has a predicate already.
        """
        if index_name is None:
            raise ParamError(-2, "index_name must be a str, not NoneType")
        choose(self, predicate, None, None, index_name, f"index_name={index_name!r}")
        return self

    def results(self, policy: QueryPolicy | None = None, options: QueryOptions | None = None) -> list[Row]:
        """Run, and return all records.

        :param dict policy: see :ref:`query_policy`; default: the client's.
        :param dict options: ``nobins``: True to read keys and meta only.
        :return: a list of ``(key, meta, bins)``, or of the values of a function in Lua (see :ref:`aggregation`).
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises IndexNotFound: no index fits the predicate.
        :raises UDFError: the function failed.
        """
        return self._run(policy, options)

    def records(self, policy: QueryPolicy | None = None, options: QueryOptions | None = None) -> RecordIterator:
        """Run, and return an iterator of the records; iterating over the query itself is the same without arguments.

        The run waits for whoever takes the records, and is one of its own: it goes on where no page has stopped, and
        moves none. A ``partition_filter`` says which partitions it reads.

        :param dict policy: see :ref:`query_policy`; default: the client's.
        :param dict options: ``nobins``: True to read keys and meta only.
        :return: a :class:`RecordIterator` of ``(key, meta, bins)``, or of the values of a function in Lua.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
        return self._records(policy, options)

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
        return self._arrow(schema, batch_rows, queue, meta, policy)

    def foreach(
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
        self._call(callback, policy, options)

    def execute_background(self, policy: WritePolicy | None = None) -> int:
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
        return self._background(policy, ParamError)
