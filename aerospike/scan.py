# SPDX-License-Identifier: Apache-2.0
"""Reading every record of a namespace or set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from aerospike._columns import ArrowReader
from aerospike._native import RecordIterator
from aerospike._plan import Plan, Self
from aerospike.exception import UnsupportedFeature
from aerospike.types import Callback, Record, ScanOptions, ScanPolicy


class Scan(Plan):
    """All records of a namespace, or of one set of it; made by :meth:`Client.scan`.

    ::

        for key, meta, bins in client.scan("test", "demo").select("name"):
            print(bins["name"])

    The order is the server's, and nobody else's. Attributes: ``ttl`` (of a background scan, in seconds).
    """

    __slots__ = ()
    __module__ = "aerospike"
    _kind = "scan"
    # the last four had a meaning for the servers of their time, and are accepted for the programs of it
    _options = ("nobins", "concurrent", "priority", "percent", "include_ldt")

    def select(self: Self, *bins: str | bytearray) -> Self:
        """Read only these bins.

        The first call chooses; later ones change nothing.

        :param bins: names of bins; a name that a record has not is left out of its bins. One that is too long for a bin
            is left out, too, where the client's ``strict_types`` is False.
        :return: the object itself.
        :raises BinNameError: a name is longer than 15 bytes.
        """
        names = self._client._bin_names(bins, True)
        if self._bins is None:
            self._bins = names
        return self

    def results(self, policy: ScanPolicy | None = None, nodename: str | None = None) -> list[Record]:
        """Run, and return all records.

        :param dict policy: see :ref:`scan_policy`; default: the client's.
        :param str nodename: read only what this node holds, a name that :meth:`Client.get_node_names` tells.
        :return: a list of ``(key, meta, bins)``.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
        return self._run(policy, None, nodename)

    def records(
        self, policy: ScanPolicy | None = None, options: ScanOptions | None = None, nodename: str | None = None
    ) -> RecordIterator:
        """Run, and return an iterator of the records; iterating over the scan itself is the same without arguments.

        The run waits for whoever takes the records, and is one of its own: it goes on where no page has stopped, and
        moves none. A ``partition_filter`` says which partitions it reads.

        :param dict policy: see :ref:`scan_policy`; default: the client's.
        :param dict options: ``nobins``: True to read keys and meta only.
        :param str nodename: read only what this node holds.
        :return: a :class:`RecordIterator` of ``(key, meta, bins)``.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
        return self._records(policy, options, nodename)

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
        return self._arrow(schema, batch_rows, queue, meta, policy, nodename)

    def foreach(
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
        self._call(callback, policy, options, nodename)

    def execute_background(self, policy: ScanPolicy | None = None) -> int:
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
        return self._background(policy, UnsupportedFeature)  # whose code a server gives
