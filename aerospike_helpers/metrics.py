# SPDX-License-Identifier: Apache-2.0
"""What the client counts, and how it tells: for ``Client.enable_metrics()`` and ``Client.get_stats()``.

Counts go up from the start of the client (or of its knowing a node) and are never set back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aerospike._metrics import MetricsPolicy

__all__ = [
    "AsyncioStats",
    "Cluster",
    "ClusterStats",
    "ConnectionStats",
    "MetricsListeners",
    "MetricsPolicy",
    "NamespaceMetrics",
    "Node",
    "NodeStats",
]


class _Snapshot:
    """A set of numbers at one moment; its attributes are filled by the client."""

    def __repr__(self) -> str:
        filled = vars(self)
        numbers = ", ".join(f"{name}={filled[name]!r}" for name in type(self).__annotations__ if name in filled)
        return f"{type(self).__name__}({numbers})"


class ConnectionStats(_Snapshot):
    """The connections to a node, over all of its pools."""

    in_use: int
    """Connections that a command uses at the moment."""
    in_pool: int
    """Connections that wait for a command."""
    opened: int
    """Connections made so far."""
    closed: int
    """Connections closed so far."""
    recovered: int
    """Connections that timed out, were read to the end of the late answer (policy ``timeout_delay``) and used again."""
    aborted: int
    """Connections that timed out and whose late answer did not come in ``timeout_delay`` either."""


class NamespaceMetrics(_Snapshot):
    """What a node did for one namespace.

    The latencies are histograms: counts of commands by the time they took, in columns that
    :class:`MetricsPolicy` describes.
    """

    ns: str
    """The namespace."""
    bytes_in: int
    """Bytes received."""
    bytes_out: int
    """Bytes sent."""
    error_count: int
    """Errors, those of tries that were followed by another one too."""
    timeout_count: int
    """Timeouts, those of tries that were followed by another one too."""
    key_busy_count: int
    """Commands refused because too many worked on the record at once."""
    conn_latency: list[int]
    """Of making a connection."""
    write_latency: list[int]
    """Of writes of one record."""
    read_latency: list[int]
    """Of reads of one record."""
    batch_latency: list[int]
    """Of a node's part of a batch."""
    query_latency: list[int]
    """Of a node's part of a scan or query."""


class Node(_Snapshot):
    """A node, as metrics listeners see it."""

    name: str
    """The node's name."""
    address: str
    """Its address, without the port."""
    port: int
    """Its port."""
    conns: ConnectionStats
    """Its connections."""
    metrics: list[NamespaceMetrics]
    """What it did, by namespace."""


class Cluster(_Snapshot):
    """The cluster, as metrics listeners see it."""

    cluster_name: str | None
    """The name that the nodes must have (``config['cluster_name']``)."""
    app_id: str
    """What the application calls itself (``config['app_id']``), else its user, else ``'not-set'``."""
    invalid_node_count: int
    """Nodes that could not be added in the latest look at the cluster."""
    command_count: int
    """Commands so far."""
    retry_count: int
    """Further tries of commands so far."""
    nodes: list[Node]
    """The nodes that are known."""


class NodeStats(_Snapshot):
    """A node, as ``get_stats()`` shows it."""

    name: str
    """The node's name."""
    address: str
    """Its address, without the port."""
    port: int
    """Its port."""
    conns: ConnectionStats
    """Its connections."""
    error_count: int
    """Errors, those of tries that were followed by another one too."""
    timeout_count: int
    """Timeouts, those of tries that were followed by another one too."""
    key_busy_count: int
    """Commands refused because too many worked on the record at once."""


class AsyncioStats(_Snapshot):
    """What an ``AsyncClient`` does on the C client's event loop, over all asyncio loops, since it was connected.

    Commands of a ``Client``, and what runs in threads, do not count.
    """

    in_flight: int
    """Commands under way; a batch of calls that came together is one. At most ``max_in_flight`` on each loop."""
    waiting: int
    """Calls that wait for their turn. At most ``max_waiting`` on each loop."""
    completed: int
    """Calls that have ended so far, well or not."""
    batches: int
    """Batches so far in which ``get()`` or ``put()`` that came together were sent."""
    fused_reads: int
    """Calls of ``get()`` so far that were part of one."""
    fused_writes: int
    """Calls of ``put()`` so far that were part of one."""


class ClusterStats(_Snapshot):
    """The cluster, as ``get_stats()`` shows it."""

    nodes: list[NodeStats]
    """The nodes that are known."""
    retry_count: int
    """Further tries of commands so far."""
    thread_pool_queued_tasks: int
    """Parts of batches, scans and queries that wait for a thread; above 0, all threads are busy."""
    recover_queue_size: int
    """Connections that timed out and whose late answer is awaited."""
    asyncio: AsyncioStats
    """The commands of an ``AsyncClient``."""


class MetricsListeners:
    """Functions that get the metrics, instead of the files that the client writes by itself. All must be given.

    :param enable_listener: called without arguments when metrics are enabled.
    :param snapshot_listener: called with a :class:`Cluster` at every interval.
    :param node_close_listener: called with a :class:`Node` that leaves the cluster.
    :param disable_listener: called with a :class:`Cluster` when metrics are disabled.
    """

    def __init__(
        self,
        enable_listener: Callable[[], Any],
        snapshot_listener: Callable[[Cluster], Any],
        node_close_listener: Callable[[Node], Any],
        disable_listener: Callable[[Cluster], Any],
    ) -> None:
        self.enable_listener = enable_listener
        self.snapshot_listener = snapshot_listener
        self.node_close_listener = node_close_listener
        self.disable_listener = disable_listener
