# SPDX-License-Identifier: Apache-2.0
"""Queries: records of a namespace or set."""

from __future__ import annotations

from aerospike._plan import Plan, Self
from aerospike.exception import ClientError
from aerospike.types import Callback, QueryOptions, QueryPolicy, Record


class Query(Plan):
    """Records of a namespace, or of one set of it; made by :meth:`Client.query`.

    It can be run again, and lives on when its client's variable is gone. Attributes: ``max_records`` (of one run; 0:
    no limit), ``records_per_second`` (of every node; 0: no limit), ``ttl`` (of a background query, in seconds).
    """

    __slots__ = ()
    __module__ = "aerospike"
    _kind = "query"

    def select(self: Self, *bins: str | bytearray) -> Self:
        """Read only these bins.

        :param bins: names of bins; a name that a record has not is left out of its bins. One that is too long for a bin
            is left out, too, where the client's ``strict_types`` is False.
        :return: the object itself.
        :raises BinNameError: a name is longer than 15 bytes.
        :raises ClientError: the bins were chosen before.
        """
        if self._bins is not None:
            raise ClientError(-1, "select() was called before on this query")
        self._bins = self._client._bin_names(bins)
        return self

    def results(self, policy: QueryPolicy | None = None, options: QueryOptions | None = None) -> list[Record]:
        """Run, and return all records.

        :param dict policy: see :ref:`query_policy`; default: the client's.
        :param dict options: ``nobins``: True to read keys and meta only.
        :return: a list of ``(key, meta, bins)``.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
        return self._run(policy, options)

    def foreach(
        self, callback: Callback, policy: QueryPolicy | None = None, options: QueryOptions | None = None
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
