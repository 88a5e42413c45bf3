# SPDX-License-Identifier: Apache-2.0
"""Metrics of commands and connections for Prometheus.

Needs the package that ``pip install 'aerospike[prometheus]'`` brings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING

try:
    from prometheus_client import REGISTRY, Counter, Histogram
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
    from prometheus_client.registry import Collector as _Collector
    from prometheus_client.registry import CollectorRegistry
except ImportError as _missing:
    raise ImportError(
        f"aerospike.prometheus needs a package that is not installed ({_missing}): pip install 'aerospike[prometheus]'",
        name=_missing.name,
    ) from _missing

import aerospike
from aerospike.exception import AerospikeError

if TYPE_CHECKING:
    from aerospike_helpers.metrics import NodeStats

# A tenth of a millisecond to ten seconds.
BUCKETS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

# What nodes have: kind, name, help, attribute of NodeStats.
GAUGES = (
    ("connections_in_use", "Connections that a command has.", "conns.in_use"),
    ("connections_in_pool", "Open connections that wait for a command.", "conns.in_pool"),
)
COUNTERS = (
    ("connections_opened", "Connections opened so far.", "conns.opened"),
    ("connections_closed", "Connections closed so far.", "conns.closed"),
    ("node_errors", "Errors of a node so far.", "error_count"),
    ("node_timeouts", "Commands that a node did not answer in time, so far.", "timeout_count"),
)


class Collector(_Collector):
    """Counts the commands of clients, and tells of their connections when Prometheus asks.

    ``aerospike_command_duration_seconds`` is a histogram by command and namespace. By these count
    ``aerospike_command_retries_total`` what was sent again, and ``aerospike_command_errors_total``, which has the
    error's class and code, too. By node are ``aerospike_connections_in_use``, ``_in_pool``, ``_opened_total``,
    ``_closed_total``, ``aerospike_node_errors_total`` and ``aerospike_node_timeouts_total``; of all,
    ``aerospike_retries_total``. These are the C client's counts (:meth:`aerospike.Client.get_stats`), summed over the
    clients.

    A registry takes one of them; it keeps its clients until :meth:`close`.

    :param Client clients: whose commands and connections are told.
    :param registry: where the metrics are registered; default: that of prometheus_client.
    :param buckets: upper ends of the histogram's buckets, in seconds; default: a tenth of a millisecond to 10 seconds.
    :raises TypeError: a client is none.
    :raises ValueError: the registry has such a collector already.
    """

    def __init__(
        self,
        *clients: aerospike.Client,
        registry: CollectorRegistry = REGISTRY,
        buckets: Sequence[float] = BUCKETS,
    ) -> None:
        for client in clients:
            if not isinstance(client, aerospike.Client):
                raise TypeError(f"clients must be aerospike.Client objects, not {type(client).__name__}")
        about = ("command", "namespace")
        self._duration = Histogram(
            "aerospike_command_duration_seconds",
            "How long commands take, with their retries.",
            about,
            registry=registry,
            buckets=buckets,
        )
        self._errors = Counter(
            "aerospike_command_errors", "Commands that raised.", (*about, "error", "code"), registry=registry
        )
        self._retries = Counter(
            "aerospike_command_retries", "What commands sent again, with those of all nodes.", about, registry=registry
        )
        registry.register(self)
        self._registry = registry
        self._open = True
        self._clients = clients
        for client in clients:
            client.add_hook(self)

    def end(self, report: aerospike.CommandReport) -> None:
        """Count a command; called by the client."""
        about = (report.command, report.namespace or "")
        self._duration.labels(*about).observe(report.duration or 0.0)
        if report.retries:
            self._retries.labels(*about).inc(report.retries)
        if report.error is not None:
            code = "" if report.code is None else str(report.code)
            self._errors.labels(*about, type(report.error).__name__, code).inc()

    def describe(self) -> Iterable[GaugeMetricFamily | CounterMetricFamily]:
        """Return nothing: so that a registry does not ask the cluster for the names of the metrics."""
        return ()

    def collect(self) -> Iterable[GaugeMetricFamily | CounterMetricFamily]:
        """Yield what the clients have counted; called by the registry. Closed ones have nothing to say."""
        nodes: dict[tuple[str, str], list[NodeStats]] = defaultdict(list)
        retries = 0
        for client in self._clients:
            try:
                stats = client.get_stats()
            except AerospikeError:
                continue
            retries += stats.retry_count
            for node in stats.nodes:
                nodes[node.name, f"{node.address}:{node.port}"].append(node)
        for kind, rows in ((GaugeMetricFamily, GAUGES), (CounterMetricFamily, COUNTERS)):
            for name, help_text, attribute in rows:
                family = kind(f"aerospike_{name}", help_text, labels=("node", "address"))
                for labels, found in nodes.items():
                    family.add_metric(labels, sum(map(attrgetter(attribute), found)))
                yield family
        yield CounterMetricFamily("aerospike_retries", "Commands sent again so far.", value=retries)

    def close(self) -> None:
        """Take the metrics out of the registry, and let go of the clients. Closing twice is fine."""
        if not self._open:
            return
        self._open = False
        for client in self._clients:
            client.remove_hook(self)
        self._clients = ()
        for each in (self, self._duration, self._errors, self._retries):
            self._registry.unregister(each)
