# SPDX-License-Identifier: Apache-2.0
"""How metrics are gathered: here, where the client reads it, and told in aerospike_helpers.metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aerospike_helpers.metrics import MetricsListeners


class MetricsPolicy:
    """How metrics are gathered, and where they go.

    :param MetricsListeners metrics_listeners: who gets them; None: files in report_dir.
    :param str report_dir: the folder of those files.
    :param int report_size_limit: bytes after which another file is begun; 0: never.
    :param int interval: looks at the cluster (``config['tend_interval']``) between snapshots.
    :param int latency_columns: columns of the latency histograms.
    :param int latency_shift: each column from the third on is for times 2 ** latency_shift longer than the one before
        it; the first two are up to 1 ms, and more. With 7 columns and a shift of 1: <=1, >1, >2, >4, >8, >16, >32 ms.
    :param dict labels: names and values that are told with the metrics.
    """

    __module__ = "aerospike_helpers.metrics"

    def __init__(
        self,
        metrics_listeners: MetricsListeners | None = None,
        report_dir: str = ".",
        report_size_limit: int = 0,
        interval: int = 30,
        latency_columns: int = 7,
        latency_shift: int = 1,
        labels: dict[str, str] | None = None,
    ) -> None:
        self.metrics_listeners = metrics_listeners
        self.report_dir = report_dir
        self.report_size_limit = report_size_limit
        self.interval = interval
        self.latency_columns = latency_columns
        self.latency_shift = latency_shift
        self.labels: dict[str, str] = {} if labels is None else labels
