# SPDX-License-Identifier: Apache-2.0
"""Queries: records of a namespace or set."""

from __future__ import annotations

from aerospike._plan import Callback, Plan
from aerospike.types import QueryOptions, QueryPolicy, Record


class Query(Plan):
    """Records of a namespace, or of one set of it; made by :meth:`Client.query`.

    It can be run again, and lives on when its client's variable is gone. Attributes: ``max_records`` (of one run; 0:
    no limit), ``records_per_second`` (of every node; 0: no limit), ``ttl`` (of a background query, in seconds).
    """

    __module__ = "aerospike"
    _kind = "query"

    def results(self, policy: QueryPolicy | None = None, options: QueryOptions | None = None) -> list[Record]:
        """Run, and return all records.

        :param dict policy: see :ref:`query_policy`; default: the client's.
        :param dict options: ``nobins``: True to read keys and meta only.
        :return: a list of ``(key, meta, bins)``.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
        return self._fetch(policy, options)

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
