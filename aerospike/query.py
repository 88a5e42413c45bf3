# SPDX-License-Identifier: Apache-2.0
"""Queries: records of a namespace or set."""

from __future__ import annotations

from typing import Any

from aerospike._plan import Plan, Record


class Query(Plan):
    """Records of a namespace, or of one set of it; made by :meth:`Client.query`.

    It can be run again, and lives on when its client's variable is gone. Attributes: ``max_records`` (of one run; 0:
    no limit), ``records_per_second`` (of every node; 0: no limit), ``ttl`` (of a background query, in seconds).
    """

    __module__ = "aerospike"
    _kind = "query"

    def results(self, policy: dict[str, Any] | None = None, options: dict[str, Any] | None = None) -> list[Record]:
        """Run, and return all records.

        :param dict policy: see :ref:`query_policy`; default: the client's.
        :param dict options: ``nobins``: True to read keys and meta only.
        :return: a list of ``(key, meta, bins)``.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
        rows: list[Record] = []
        self._run(policy, rows, options)
        return rows
