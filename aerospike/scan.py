# SPDX-License-Identifier: Apache-2.0
"""Reading every record of a namespace or set."""

from __future__ import annotations

from aerospike._plan import Callback, Plan
from aerospike.types import Record, ScanOptions, ScanPolicy


class Scan(Plan):
    """All records of a namespace, or of one set of it; made by :meth:`Client.scan`.

    ::

        for key, meta, bins in client.scan("test", "demo").select("name"):
            print(bins["name"])

    The order is the server's, and nobody else's. Attributes: ``ttl`` (of a background scan, in seconds).
    """

    __module__ = "aerospike"
    _kind = "scan"
    # the last four had a meaning for the servers of their time, and are accepted for the programs of it
    _options = ("nobins", "concurrent", "priority", "percent", "include_ldt")

    def results(self, policy: ScanPolicy | None = None, nodename: str | None = None) -> list[Record]:
        """Run, and return all records.

        :param dict policy: see :ref:`scan_policy`; default: the client's.
        :param str nodename: read only what this node holds, a name that :meth:`Client.get_node_names` tells.
        :return: a list of ``(key, meta, bins)``.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
        return self._fetch(policy, None, nodename)

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
