# SPDX-License-Identifier: Apache-2.0
"""Dask, Ray and Spark read and write by their own workers; ``make test-engines`` installs them."""

import functools
import os
import sys

import pytest
from test_docs import python_block

import aerospike
from aerospike import exception

COUNT = 500
WORKERS = 2
SCHEMA = {"n": "int64", "text": "string", "tags": "list<string>"}
LOCAL = {"spark.ui.enabled": "false", "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
SPARK_SCHEMA = "n bigint, text string, tags array<string>"


@pytest.fixture(scope="module")
def set_name(client, namespace):
    client.truncate(namespace, "engines", 0)
    for n in range(COUNT):
        client.put((namespace, "engines", n), {"n": n, "text": f"t{n % 3}", "tags": ["a", f"b{n}"]})
    yield "engines"
    client.truncate(namespace, "engines", 0)


@pytest.fixture
def scan(client, namespace, set_name):
    return client.scan(namespace, set_name)


@pytest.fixture
def connect(hosts):
    return functools.partial(aerospike.client, {"hosts": hosts})


def run_recipe(word, hosts, **names):
    """Run what the manual shows of an engine; the names that are there afterwards."""
    ((address, port),) = hosts[:1]
    code = python_block("columns.rst", word).replace("3000", str(port)).replace("127.0.0.1", address)
    names = {"__name__": "__main__", "aerospike": aerospike, **names}  # as in a program, whose functions go along
    exec(compile(code, "columns.rst", "exec"), names)
    return names


@pytest.fixture
def manual(client, namespace):
    """The records of the manual's page."""
    if namespace != "test":
        pytest.skip("the manual works in the namespace test")
    client.truncate("test", "manual", 0)
    for n in range(100):
        client.put(("test", "manual", n), {"city": f"c{n % 10}", "people": n})
    yield client
    for name in ("manual", "totals"):
        client.truncate("test", name, 0)


# ---- Dask ----


@pytest.fixture(scope="module")
def dask_workers():
    distributed = pytest.importorskip("distributed", reason="dask[distributed] is not installed")
    pytest.importorskip("dask.dataframe", reason="dask[dataframe] is not installed")
    with (
        distributed.LocalCluster(n_workers=WORKERS, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as workers,
    ):
        yield workers


@pytest.mark.usefixtures("dask_workers")
def test_dask_reads(scan, connect):
    from aerospike.engines import dask

    frame = dask.read(scan, connect, SCHEMA, 8, meta=("gen",))
    assert frame.npartitions == 8
    assert list(frame.columns) == ["gen", "n", "text", "tags"]
    assert frame["n"].sum().compute() == sum(range(COUNT))
    assert frame.groupby("text")["n"].count().compute().to_dict() == {"t0": 167, "t1": 167, "t2": 166}
    assert sorted(frame.compute()["n"]) == list(range(COUNT))


@pytest.mark.usefixtures("dask_workers")
def test_dask_has_the_errors_of_its_workers(scan, connect):
    from aerospike.engines import dask

    frame = dask.read(scan, connect, {"text": "int64"}, 2)
    with pytest.raises(Exception, match=r"bin 'text' of the record of digest .*: value is string, the column is int64"):
        frame.compute()


@pytest.mark.usefixtures("dask_workers")
@pytest.mark.parametrize(
    ("schema", "npartitions", "message"), [({"n": "int65"}, 2, "int65"), ({"n": "int64"}, 0, "n must be an int from 1")]
)
def test_dask_refuses(scan, connect, schema, npartitions, message):
    from aerospike.engines import dask

    with pytest.raises(exception.ParamError, match=message):
        dask.read(scan, connect, schema, npartitions)


@pytest.mark.usefixtures("dask_workers")
def test_the_recipe_for_dask(manual, hosts):
    assert run_recipe("dask.read", hosts, client=manual)["totals"]["c1"] == sum(range(1, 100, 10))


# ---- Ray ----


@pytest.fixture(scope="module")
def ray():
    ray = pytest.importorskip("ray", reason="ray is not installed")
    ray.init(num_cpus=WORKERS, include_dashboard=False, log_to_driver=False)
    yield ray
    ray.shutdown()


def test_ray_reads(ray, scan, connect):
    from aerospike.engines.ray import AerospikeDatasource

    dataset = ray.data.read_datasource(AerospikeDatasource(scan, connect, SCHEMA, 4))
    rows = dataset.take_all()
    assert sorted(row["n"] for row in rows) == list(range(COUNT))
    assert sorted(rows[0]) == sorted(SCHEMA)
    with pytest.raises(exception.ParamError, match="n must be an int from 1"):
        AerospikeDatasource(scan, connect, SCHEMA, 0)


def test_the_recipe_for_ray(ray, manual, hosts):
    totals = run_recipe("AerospikeDatasource", hosts, client=manual)["totals"]
    assert dict(zip(totals["city"], totals["sum(people)"], strict=True))["c1"] == sum(range(1, 100, 10))


# ---- Spark ----


@pytest.fixture(scope="module")
def spark():
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed")
    from aerospike.engines.spark import AerospikeDataSource

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = sql.SparkSession.builder.master(f"local[{WORKERS}]")
    for name, value in LOCAL.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.dataSource.register(AerospikeDataSource)
    yield session
    session.stop()


@pytest.fixture
def options(hosts, namespace):
    return {"hosts": ",".join(f"{address}:{port}" for address, port in hosts), "namespace": namespace}


def test_spark_reads(spark, options, set_name):
    source = spark.read.format("aerospike").options(**options, set=set_name, splits="4").schema(SPARK_SCHEMA)
    frame = source.load()
    assert frame.rdd.getNumPartitions() == 4
    rows = frame.collect()
    assert sorted(row.n for row in rows) == list(range(COUNT))
    assert all(row.tags == ["a", f"b{row.n}"] for row in rows)


def test_spark_writes(spark, options, client, namespace):
    frame = spark.createDataFrame([(n, f"t{n}", ["a"]) for n in range(COUNT)], SPARK_SCHEMA)
    client.truncate(namespace, "spark", 0)
    frame.write.format("aerospike").options(**options, set="spark", key="n").mode("append").save()
    assert client.get((namespace, "spark", 7))[2] == {"text": "t7", "tags": ["a"]}
    assert len(client.scan(namespace, "spark").results()) == COUNT
    client.truncate(namespace, "spark", 0)


def test_the_recipe_for_spark(spark, manual, hosts):
    run_recipe("AerospikeDataSource", hosts, spark=spark)
    assert manual.get(("test", "totals", "c1"))[2] == {"people": sum(range(1, 100, 10))}


@pytest.mark.parametrize(
    ("given", "schema", "message"),
    [
        ({"namespace": None}, "n bigint", "the option 'namespace' is needed"),
        ({"hosts": None}, "n bigint", "the option 'hosts'"),
        ({"splits": "many"}, "n bigint", "the option 'splits' must be a number, not 'many'"),
        ({"nosuch": "1"}, "n bigint", "there is no option 'nosuch'; valid are 'hosts'"),
        ({}, "n date", "a bin cannot be of the type date"),
        ({}, None, "a set has no schema"),
    ],
)
def test_spark_refuses_to_read(spark, options, given, schema, message):
    source = spark.read.format("aerospike")
    for name, value in {**options, **given}.items():
        if value is not None:
            source = source.option(name, value)
    with pytest.raises(Exception, match=message):
        (source if schema is None else source.schema(schema)).load().count()


@pytest.mark.parametrize(
    ("mode", "given", "message"),
    [
        ("append", {}, "the option 'key' is needed"),
        ("overwrite", {"key": "n"}, "a set is not overwritten"),
        ("append", {"key": "n", "namespace": "nosuch-one"}, f"{COUNT} of {COUNT} rows were not written|nosuch-one"),
    ],
)
def test_spark_refuses_to_write(spark, options, mode, given, message):
    frame = spark.createDataFrame([(n,) for n in range(COUNT)], "n bigint").selectExpr("n", "n as m").coalesce(1)
    with pytest.raises(Exception, match=message):
        frame.write.format("aerospike").options(**{**options, **given}).mode(mode).save()
