# SPDX-License-Identifier: Apache-2.0
"""Sets as DataFrames of Spark (4.1 and later): ``spark.dataSource.register(AerospikeDataSource)``, then by name."""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow
from pyspark.sql import types as spark
from pyspark.sql.datasource import (
    DataSource,
    DataSourceArrowWriter,
    DataSourceReader,
    InputPartition,
    WriterCommitMessage,
)

import aerospike
from aerospike.exception import ClientError, ParamError

TYPES: dict[type, str] = {
    spark.LongType: "int64",
    spark.IntegerType: "int32",
    spark.ShortType: "int16",
    spark.ByteType: "int8",
    spark.DoubleType: "float64",
    spark.FloatType: "float32",
    spark.BooleanType: "bool",
    spark.StringType: "string",
    spark.BinaryType: "binary",
}
OPTIONS = ("hosts", "connect", "namespace", "set", "splits", "key")
Options = dict[str, str]


def type_of(kind: spark.DataType) -> str:
    """Return the type of a column, as Query.arrow() names it."""
    if isinstance(kind, spark.ArrayType):
        return f"list<{type_of(kind.elementType)}>"
    if isinstance(kind, spark.MapType):
        return f"map<{type_of(kind.keyType)}, {type_of(kind.valueType)}>"
    if type(kind) not in TYPES:
        raise ParamError(-2, f"a bin cannot be of the type {kind.simpleString()}")
    return TYPES[type(kind)]


def connect(options: Options) -> aerospike.Client:
    """Return a client by the option `connect`, the name of a function as ``module:function``, or else by `hosts`."""
    module, colon, function = options.get("connect", "").partition(":")
    if colon:
        make: Callable[[], aerospike.Client] = getattr(importlib.import_module(module), function)
        return make()
    if "hosts" not in options:
        raise ParamError(-2, "the option 'hosts', as 'address:port,address:port', or 'connect' is needed")
    return aerospike.client({"hosts": options["hosts"].split(",")})


def checked(options: Any) -> Options:
    """Return the options, which Spark has in lower case, with what every use needs."""
    given = {name.lower(): value for name, value in options.items()}
    for name in given:
        if name not in OPTIONS:
            raise ParamError(-2, f"there is no option {name!r}; valid are {', '.join(map(repr, OPTIONS))}")
    if "namespace" not in given:
        raise ParamError(-2, "the option 'namespace' is needed")
    return given


@dataclass
class Part(InputPartition):
    """A split, for one task."""

    split: aerospike.Split


class Reader(DataSourceReader):
    """Reads a set, a split for each task."""

    def __init__(self, options: Options, schema: spark.StructType) -> None:
        self._options = options
        self._schema = {field.name: type_of(field.dataType) for field in schema.fields}

    def partitions(self) -> list[InputPartition]:
        try:
            splits = int(self._options.get("splits", "16"))
        except ValueError:
            raise ParamError(-2, f"the option 'splits' must be a number, not {self._options['splits']!r}") from None
        with connect(self._options) as client:
            scan = client.scan(self._options["namespace"], self._options.get("set"))
            return [Part(split) for split in scan.splits(splits)]

    def read(self, partition: Part) -> Iterator[pyarrow.RecordBatch]:
        with connect(self._options) as client:
            stream = partition.split.arrow(client, self._schema)
            with pyarrow.RecordBatchReader.from_stream(stream) as batches:
                yield from batches


class Writer(DataSourceArrowWriter):
    """Puts rows as records; a task that is tried again puts the same ones."""

    def __init__(self, options: Options) -> None:
        if "key" not in options:
            raise ParamError(-2, "the option 'key' is needed: the column with the primary keys")
        self._options = options

    def write(self, iterator: Iterator[pyarrow.RecordBatch]) -> WriterCommitMessage:
        first = next(iterator, None)
        if first is None:
            return WriterCommitMessage()
        stream = pyarrow.RecordBatchReader.from_batches(first.schema, itertools.chain([first], iterator))
        with connect(self._options) as client:
            client.put_arrow(
                stream,
                self._options["namespace"],
                self._options.get("set"),
                self._options["key"],
                on_batch=self._check,
            )
        return WriterCommitMessage()

    def _check(self, written: aerospike.ArrowWritten) -> None:
        if written.failed:
            codes = ", ".join(map(str, sorted({*(written.status or ())} - {0})))
            raise ClientError(-1, f"{written.failed} of {written.rows} rows were not written (codes {codes})")


class AerospikeDataSource(DataSource):
    """Reads and writes a set: ``spark.read.format("aerospike")`` with a schema, and ``frame.write`` in mode "append".

    Options: ``hosts`` (``address:port,address:port``), or ``connect``, ``module:function``, which workers can import
    and which returns a connected client; ``namespace``; ``set`` (default: none, which reads all records); ``splits``
    (reading: how many tasks, default 16); ``key`` (writing: the column with the primary keys). Rows that are not
    written fail their task.
    """

    @classmethod
    def name(cls) -> str:
        return "aerospike"

    def schema(self) -> str:
        raise ParamError(-2, "a set has no schema: give one, as spark.read.schema('n bigint, name string')")

    def reader(self, schema: spark.StructType) -> DataSourceReader:
        return Reader(checked(self.options), schema)

    def writer(self, schema: spark.StructType, overwrite: bool) -> DataSourceArrowWriter:
        if overwrite:
            raise ParamError(-2, "a set is not overwritten: use the mode 'append', which replaces bins by keys")
        return Writer(checked(self.options))
