# SPDX-License-Identifier: Apache-2.0
"""Records as columns for leaks.py: streams read, left and refused, by Arrow's interface called by hand; batches."""

from __future__ import annotations

import ctypes
import functools
import pickle
from array import array
from collections.abc import Callable, Iterator
from typing import Any

from leak_row import Row, refused

from aerospike import POLICY_EXISTS_CREATE
from aerospike._put_arrow import written
from aerospike_helpers.operations import operations

SCHEMA = {"n": "int64", "text": "string", "none": "map<string, list<int8>>"}
WORDS = 10  # as many as each of Arrow's structs has at the most
RELEASE = {"arrow_array_stream": 3, "array": 8}  # the word of its function

get_pointer = ctypes.pythonapi.PyCapsule_GetPointer
get_pointer.restype, get_pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]


def release(address: int, word: int) -> None:
    function = ctypes.c_void_p.from_address(address + 8 * word).value
    if function is not None:
        ctypes.CFUNCTYPE(None, ctypes.c_void_p)(function)(address)


def take(reader: Any, batches: int) -> None:
    """Ask for so many batches, and release all."""
    capsule = reader.__arrow_c_stream__()
    stream = get_pointer(capsule, b"arrow_array_stream")
    next_batch = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(
        ctypes.c_void_p.from_address(stream + 8).value or 0
    )
    array = (ctypes.c_void_p * WORDS)()
    for _ in range(batches):
        next_batch(stream, ctypes.addressof(array))
        release(ctypes.addressof(array), RELEASE["array"])
    release(stream, RELEASE["arrow_array_stream"])


def column_rows(client: Any, name: str, make: Callable[[], Any]) -> Iterator[Row]:
    """Of a scan or query of twenty records."""

    def error() -> None:
        reader = make().arrow({"text": "list<int64>"})
        take(reader, 2)
        repr(reader.error)

    yield Row(f"{name}.arrow", lambda: take(make().arrow(SCHEMA, meta=("key", "digest", "gen", "ttl")), 2), 20)
    yield Row(f"{name}.arrow: left", lambda: take(make().arrow(SCHEMA, 5, 1), 1), 20)
    yield Row(f"{name}.arrow: not read", lambda: take(make().arrow(SCHEMA), 0), 2)
    yield Row(f"{name}.arrow: a wrong type", error, 20)
    yield Row(f"{name}.arrow: bad type", lambda: refused(make().arrow, {"a": "list<int64>", "n": "list<x>"}))
    yield Row(f"{name}.arrow: bad policy", lambda: refused(make().arrow, SCHEMA, 8192, 4, (), {"total_timeout": "x"}))
    yield Row(f"ArrowReader.__arrow_c_schema__: {name}", lambda: make().arrow(SCHEMA).__arrow_c_schema__())
    yield Row(f"ArrowReader.__arrow_c_stream__: {name}", lambda: make().arrow(SCHEMA).__arrow_c_stream__())
    (split,) = make().splits(1)
    yield Row(f"{name}.splits", lambda: pickle.dumps(make().splits(3)))
    yield Row(f"{name}.splits: bad n", lambda: refused(make().splits, 0))
    yield Row(f"Split.arrow: {name}", lambda: take(split.arrow(client, SCHEMA), 2), 20)
    yield Row(f"Split.results: {name}", lambda: split.results(client), 20)
    yield Row(f"Split.records: {name}", lambda: list(split.records(client)), 20)
    yield Row(f"ArrowReader.error: {name}", lambda: make().arrow(SCHEMA).error)


def batch_column_rows(client: Any, keys: list[Any]) -> Iterator[Row]:
    """Of keys whose records have a list of numbers, or are not there."""
    schema, ops, meta = {"list": "list<string>"}, [operations.read("list")], ("digest", "gen", "ttl")

    def read(batches: int, *arguments: Any) -> None:
        take(client.batch_arrow(keys, *arguments), batches)

    yield Row("Client.batch_arrow", lambda: read(2, {"map": "binary", "none": "int8"}, None, meta), 4)
    yield Row("Client.batch_arrow: left", lambda: read(0, {"map": "binary"}), 4)
    yield Row("Client.batch_arrow: ops", lambda: read(1, {"int": "int64"}, [operations.increment("int", 1)]), 4)
    yield Row("Client.batch_arrow: a wrong type", lambda: refused(client.batch_arrow, keys, schema, ops), 4)
    yield Row("Client.batch_arrow: bad key", lambda: refused(client.batch_arrow, [*keys, 5], schema))
    yield Row("Client.batch_arrow: bad ops", lambda: refused(client.batch_arrow, keys, schema, [*ops, 5]))
    yield Row("ArrowTable.result", lambda: repr(client.batch_arrow([], schema).result))
    yield Row("ArrowTable.__len__", lambda: len(client.batch_arrow([], schema)))
    yield Row("ArrowTable.__arrow_c_schema__", lambda: client.batch_arrow([], schema).__arrow_c_schema__())


def batch_matrix_rows(client: Any, keys: list[Any]) -> Iterator[Row]:
    """Of the same keys."""
    out = memoryview(bytearray(8 * len(keys))).cast("q", (len(keys), 1))
    matrix = client.batch_matrix
    yield Row("Client.batch_matrix", lambda: bytes(memoryview(matrix(keys, ["int", "none"])).cast("B")), 4)
    yield Row("Client.batch_matrix: out", lambda: matrix(keys, ["int"], fill=5, out=out), 4)
    yield Row("Client.batch_matrix: a wrong type", lambda: refused(matrix, keys, ["int", "map"]), 4)
    yield Row("Client.batch_matrix: bad key", lambda: refused(matrix, [*keys, 5], ["int"]))
    yield Row("Client.batch_matrix: bad fill", lambda: refused(matrix, keys, ["int"], "int64", "x"))
    yield Row("Client.batch_matrix: bad out", lambda: refused(matrix, keys, ["int", "none"], None, 0, out))

    def show(name: str) -> None:
        repr(getattr(matrix([], ["int"]), name))

    for name in ("shape", "type", "status", "result"):
        yield Row(f"Matrix.{name}", functools.partial(show, name))


def put_arrow_rows(client: Any, keys: list[Any], make: Callable[[], Any]) -> Iterator[Row]:
    """Of records with those keys, and what a query gives, written to another set."""
    place, wrong = ("test", "copied", "digest"), {"exists": "x"}
    client.put(keys[0], {"ids": [1, 2**40]})
    schema = {"int": "int64", "ids": "list<int64>", "map": "binary"}
    table = client.batch_arrow(keys, schema, None, ("digest",))

    def put(**more: Any) -> None:
        client.put_arrow(table, *place, **more)

    def refuse(**more: Any) -> None:
        refused(put, **more)

    def fail() -> None:
        client.put_arrow(make().arrow({"text": "list<int8>"}, meta=("digest",)), *place)

    yield Row("Client.put_arrow", lambda: put(batch_rows=2), 8)
    yield Row("Client.put_arrow: rows fail", lambda: put(policy_write={"exists": POLICY_EXISTS_CREATE}), 8)
    yield Row("Client.put_arrow: left", lambda: put(batch_rows=1, on_batch=lambda _: False), 8)
    yield Row("Client.put_arrow: the stream fails", lambda: refused(fail), 20)
    yield Row("Client.put_arrow: bad bins", lambda: refuse(bins={"int": "x" * 16}))
    yield Row("Client.put_arrow: bad policy", lambda: refuse(policy_write=wrong), 8)
    yield Row("Client.put_arrow: no table", lambda: refused(client.put_arrow, 5, *place))
    for name in ("rows", "failed", "status", "in_doubt"):
        yield Row(f"ArrowWritten.{name}", lambda: repr(written(array("i", [0]), bytearray(1))))
