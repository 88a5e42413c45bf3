# SPDX-License-Identifier: Apache-2.0
"""Spans and metrics of OpenTelemetry for every command, by its semantic conventions for databases.

Needs the packages that ``pip install 'aerospike[opentelemetry]'`` brings.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

try:
    from opentelemetry.instrumentation.instrumentor import BaseInstrumentor  # type: ignore[attr-defined]  # a file that mypy is told to skip
    from opentelemetry.instrumentation.utils import is_instrumentation_enabled
    from opentelemetry.metrics import MeterProvider, get_meter
    from opentelemetry.trace import SpanKind, Status, StatusCode, TracerProvider, get_tracer
except ImportError as _missing:
    raise ImportError(
        f"aerospike.opentelemetry needs a package that is not installed ({_missing}): "
        "pip install 'aerospike[opentelemetry]'",
        name=_missing.name,
    ) from _missing

import aerospike

SCHEMA = "https://opentelemetry.io/schemas/1.33.0"  # the first one in which those of databases are stable
BUCKETS = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0)  # seconds, as the conventions say

Attributes = dict[str, Any]


def _known(attributes: Attributes) -> Attributes:
    return {name: value for name, value in attributes.items() if value is not None}


def _about(report: aerospike.CommandReport) -> Attributes:
    """What is known when a command begins."""
    return _known(
        {
            "db.system.name": "aerospike",
            "db.operation.name": report.command,
            "db.namespace": report.namespace,
            "db.collection.name": report.set,
        }
    )


def _outcome(report: aerospike.CommandReport) -> Attributes:
    """What is known when it has ended."""
    address, port = report.address or (None, None)
    failed = report.error is not None
    return _known(
        {
            "server.address": address,
            "server.port": port,
            "error.type": type(report.error).__qualname__ if failed else None,
            "db.response.status_code": str(report.code) if failed and report.code is not None else None,
        }
    )


class OpenTelemetryHook:
    """A hook that makes a span of each command, and a value of the histogram ``db.client.operation.duration``.

    For one client: ``client.add_hook(OpenTelemetryHook())``; :class:`AerospikeInstrumentor` is for all of the process.

    :param tracer_provider: where spans go; None: to the global provider.
    :param meter_provider: where the histogram goes; None: to the global provider.
    """

    def __init__(
        self, tracer_provider: TracerProvider | None = None, meter_provider: MeterProvider | None = None
    ) -> None:
        version = aerospike.__version__
        self._tracer = get_tracer(__name__, version, tracer_provider, schema_url=SCHEMA)
        self._duration = get_meter(__name__, version, meter_provider, schema_url=SCHEMA).create_histogram(
            "db.client.operation.duration",
            unit="s",
            description="Duration of database client operations.",
            explicit_bucket_boundaries_advisory=BUCKETS,
        )

    def start(self, report: aerospike.CommandReport) -> None:
        """Begin a span, a child of the current one."""
        if not is_instrumentation_enabled():
            return
        about = _about(report)
        if report.records is not None and report.records > 1:
            about["db.operation.batch.size"] = report.records
        target = report.set or report.namespace
        name = f"{report.command} {target}" if target else report.command
        report.notes[self] = self._tracer.start_span(name, kind=SpanKind.CLIENT, attributes=about)

    def end(self, report: aerospike.CommandReport) -> None:
        """End the span, and note how long it took."""
        span = report.notes.pop(self, None)
        if span is None:
            return
        outcome = _outcome(report)
        if span.is_recording():
            span.set_attributes(outcome)
            span.set_attributes(
                _known(
                    {
                        "db.response.returned_rows": report.records if report.command in ("query", "scan") else None,
                        "aerospike.node.name": report.node,
                        "aerospike.node.names": report.nodes if report.node is None else None,
                        "aerospike.retries": report.retries or None,
                        "aerospike.in_doubt": report.in_doubt or None,
                    }
                )
            )
            if report.error is not None:
                span.set_status(Status(StatusCode.ERROR))
        span.end()
        self._duration.record(report.duration or 0.0, {**_about(report), **outcome})


class AerospikeInstrumentor(BaseInstrumentor):  # type: ignore[misc]
    """An :class:`OpenTelemetryHook` for all clients of the process, those that are there and those to come.

    ``AerospikeInstrumentor().instrument()`` adds it, ``uninstrument()`` removes it; ``instrument()`` takes
    ``tracer_provider`` and ``meter_provider``. The program ``opentelemetry-instrument`` does it by itself.
    """

    _hook: OpenTelemetryHook

    def instrumentation_dependencies(self) -> Collection[str]:
        """Which packages must be there beside this one: none."""
        return ()

    def _instrument(self, **keywords: Any) -> None:
        self._hook = OpenTelemetryHook(keywords.get("tracer_provider"), keywords.get("meter_provider"))
        aerospike.add_hook(self._hook)

    def _uninstrument(self, **keywords: Any) -> None:
        aerospike.remove_hook(self._hook)
