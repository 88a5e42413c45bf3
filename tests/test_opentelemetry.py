# SPDX-License-Identifier: Apache-2.0
"""Spans and metrics of OpenTelemetry, with its real SDK."""

import pathlib
import subprocess
import sys
from importlib import metadata

import pytest

pytest.importorskip("opentelemetry.sdk", reason="opentelemetry-sdk is not installed")
pytest.importorskip("opentelemetry.instrumentation", reason="opentelemetry-instrumentation is not installed")

from opentelemetry import trace
from opentelemetry.instrumentation.utils import suppress_instrumentation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

import aerospike
from aerospike import embedded, exception
from aerospike.opentelemetry import AerospikeInstrumentor, OpenTelemetryHook


class Telemetry:
    """Providers of a test's own, and what they got."""

    def __init__(self):
        self.exporter = InMemorySpanExporter()
        self.tracer_provider = TracerProvider()
        self.tracer_provider.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.reader = InMemoryMetricReader()
        self.meter_provider = MeterProvider([self.reader])

    @property
    def providers(self):
        return {"tracer_provider": self.tracer_provider, "meter_provider": self.meter_provider}

    @property
    def spans(self):
        return self.exporter.get_finished_spans()

    def points(self):
        """``(metric, [points])`` of the histogram."""
        data = self.reader.get_metrics_data()
        (metric,) = [m for r in data.resource_metrics for s in r.scope_metrics for m in s.metrics]
        return metric, list(metric.data.data_points)


@pytest.fixture
def telemetry():
    made = Telemetry()
    yield made
    made.tracer_provider.shutdown()
    made.meter_provider.shutdown()


@pytest.fixture
def watched(connect, telemetry):
    made = connect()
    made.add_hook(OpenTelemetryHook(**telemetry.providers))
    return made


def test_a_span_says_what_the_conventions_say(watched, telemetry, make_key):
    key = make_key()
    watched.put(key, {"n": 1})
    (span,) = telemetry.spans
    assert (span.name, span.kind) == (f"put {key[1]}", SpanKind.CLIENT)
    assert span.status.status_code is StatusCode.UNSET
    about = {
        "db.system.name": "aerospike",
        "db.operation.name": "put",
        "db.namespace": key[0],
        "db.collection.name": key[1],
    }
    assert about.items() <= span.attributes.items()
    assert not [name for name in span.attributes if name.startswith(("error", "db.response"))]
    if sys.platform != "darwin":
        address = (span.attributes["server.address"], span.attributes["server.port"])
        assert address in watched.get_nodes()
        assert span.attributes["aerospike.node.name"] in [node["node_name"] for node in watched.get_node_names()]
    assert span.instrumentation_scope.name == "aerospike.opentelemetry"


def test_a_span_tells_an_error_without_the_key(watched, telemetry, make_key):
    namespace, set_name, _ = make_key()
    with pytest.raises(exception.RecordNotFound):
        watched.get((namespace, set_name, "a name that nobody knows"))
    (span,) = telemetry.spans
    assert span.status.status_code is StatusCode.ERROR
    assert span.attributes["error.type"] == "RecordNotFound"
    assert span.attributes["db.response.status_code"] == "2"
    assert "a name that nobody knows" not in span.to_json()


def test_what_a_callback_raises_has_no_status_code(watched, telemetry, make_key):
    def fail(record):
        raise KeyError

    key = make_key()
    watched.put(key, {"n": 1})
    with pytest.raises(KeyError):
        watched.query(*key[:2]).foreach(fail)
    span = telemetry.spans[-1]
    assert span.attributes["error.type"] == "KeyError"
    assert "db.response.status_code" not in span.attributes


def test_batches_and_queries_tell_their_sizes(watched, telemetry, make_key):
    keys = [make_key() for _ in range(3)]
    for key in keys:
        watched.put(key, {"n": 1})
    watched.batch_read(keys)
    watched.batch_read(keys[:1])
    plan = watched.query(*keys[0][:2])
    plan.max_records = 2
    assert len(list(plan)) == 2
    many, one, query = telemetry.spans[-3:]
    assert many.attributes["db.operation.batch.size"] == 3
    assert "db.operation.batch.size" not in one.attributes
    assert query.attributes["db.response.returned_rows"] == 2
    assert query.name == f"query {keys[0][1]}"


@pytest.mark.embedded_only("a cluster of its own")
@pytest.mark.skipif(sys.platform == "darwin", reason="its linker cannot wrap: the nodes are not known")
def test_what_asked_several_nodes_names_them(telemetry):
    with embedded.Server(nodes=2) as server, aerospike.client(server.config) as watched:
        watched.add_hook(OpenTelemetryHook(**telemetry.providers))
        watched.query("test", "suite").results()
        names = sorted(node["node_name"] for node in watched.get_node_names())
    (span,) = telemetry.spans
    assert sorted(span.attributes["aerospike.node.names"]) == names
    assert "aerospike.node.name" not in span.attributes


def test_without_a_set_the_span_is_named_by_what_there_is(watched, telemetry, namespace):
    watched.info_random_node("namespaces")
    watched.truncate(namespace, "suite-hooks", 0)
    with pytest.raises(exception.AerospikeError):
        watched.truncate(namespace, None, 1)  # a time long ago
    assert [span.name for span in telemetry.spans] == [
        "info_random_node",
        "truncate suite-hooks",
        f"truncate {namespace}",
    ]


def test_a_span_is_a_child_of_the_current_one(watched, telemetry, make_key):
    with telemetry.tracer_provider.get_tracer("test").start_as_current_span("outer") as outer:
        watched.exists(make_key())
        assert trace.get_current_span() is outer
    assert telemetry.spans[0].parent.span_id == outer.get_span_context().span_id


def test_the_histogram_is_in_seconds_with_the_buckets_of_the_conventions(watched, telemetry, make_key):
    key = make_key()
    for _ in range(3):
        watched.exists(key)
    with pytest.raises(exception.RecordNotFound):
        watched.get(key)
    metric, points = telemetry.points()
    assert (metric.name, metric.unit) == ("db.client.operation.duration", "s")
    by_operation = {point.attributes["db.operation.name"]: point for point in points}
    assert by_operation["exists"].count == 3
    assert by_operation["exists"].explicit_bounds == (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10)
    assert by_operation["get"].attributes["error.type"] == "RecordNotFound"
    assert {name for point in points for name in point.attributes} <= {
        "db.system.name",
        "db.operation.name",
        "db.namespace",
        "db.collection.name",
        "db.response.status_code",
        "error.type",
        "server.address",
        "server.port",
    }


def test_suppressed_commands_are_not_told(watched, telemetry, make_key):
    with suppress_instrumentation():
        watched.exists(make_key())
    assert telemetry.spans == ()


def test_the_instrumentor_is_for_every_client(client, connect, telemetry, make_key):
    key, instrumentor = make_key(), AerospikeInstrumentor()
    instrumentor.instrument(**telemetry.providers)
    try:
        client.exists(key)
        connect().exists(key)
    finally:
        instrumentor.uninstrument()
    client.exists(key)
    assert [span.attributes["db.operation.name"] for span in telemetry.spans] == ["exists", "exists"]
    assert instrumentor.instrumentation_dependencies() == ()


def test_opentelemetry_instrument_finds_the_instrumentor():
    text = (pathlib.Path(__file__).parents[1] / "pyproject.toml").read_text()
    table = text.partition("[project.entry-points.opentelemetry_instrumentor]\n")[2]
    name, _, value = table.splitlines()[0].partition(" = ")
    found = metadata.EntryPoint(name, value.strip('"'), "opentelemetry_instrumentor").load()
    assert found is AerospikeInstrumentor


MISSING = """
import sys
sys.modules[{package!r}] = None
try:
    import {module}
except ImportError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("module", "package"),
    [
        ("aerospike.opentelemetry", "opentelemetry"),
        ("aerospike.opentelemetry", "opentelemetry.instrumentation"),
        ("aerospike.prometheus", "prometheus_client"),
    ],
)
def test_a_missing_package_is_named(module, package):
    code = MISSING.format(module=module, package=package)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    extra = module.rpartition(".")[2]
    assert f"{module} needs a package that is not installed" in done.stdout
    assert package.partition(".")[0] in done.stdout
    assert f"pip install 'aerospike[{extra}]'" in done.stdout


def test_the_package_itself_imports_neither():
    code = "import sys, aerospike; print([name for name in sys.modules if name.startswith(('opentel', 'prometheus'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
