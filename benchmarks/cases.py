# SPDX-License-Identifier: Apache-2.0
"""What is measured: the commands, their data, and how often each is run. floor.c has the same in C."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from draining import drain

FLAT = {"name": "Ann Example", "age": 41, "balance": 1234.5, "city": "Oslo", "photo": bytes(range(32))}
MAP = {"map": {f"item{i:03d}": {"name": f"thing {i}", "count": i * 100, "ok": True} for i in range(100)}}  # some 4 kB
LIST = {"list": [i * i for i in range(1000)]}
NUMBERS = {f"n{i:02d}": i * 1.5 if i % 2 else i for i in range(20)}
KEYS = 500  # of a set of which single records are asked for


class Kind(NamedTuple):
    """A set: so many records, all the same."""

    record: dict[str, Any]
    size: int = KEYS


KINDS = {
    "flat": Kind(FLAT),
    "map": Kind(MAP),
    "list": Kind(LIST),
    "many-flat": Kind(FLAT, 20000),
    "large-flat": Kind(FLAT, 200000),
    "numbers": Kind(NUMBERS),
    "table": Kind(FLAT, 10000),
    "many-map": Kind(MAP, 2000),
    "many-small": Kind({"n": 1}, 50000),
    "single": Kind(FLAT, 1),
}


def set_of(kind: str) -> str:
    return f"bench-{kind}"


def keys_of(namespace: str, kind: str) -> list[tuple[str, str, str]]:
    return [(namespace, set_of(kind), f"key-{i}") for i in range(KINDS[kind].size)]


def get(client: Any, keys: Iterable[Any], _record: Any) -> None:
    command = client.get
    for key in keys:
        command(key)


def put(client: Any, keys: Iterable[Any], record: Any) -> None:
    command = client.put
    for key in keys:
        command(key, record)


def exists(client: Any, keys: Iterable[Any], _record: Any) -> None:
    command = client.exists
    for key in keys:
        command(key)


def operate(client: Any, keys: Iterable[Any], _record: Any) -> None:
    from aerospike_helpers.operations import operations

    command = client.operate
    four = [
        *[operations.increment("age", 1), operations.write("city", "Bergen")],
        *[operations.read("age"), operations.read("name")],
    ]
    for key in keys:
        command(key, four)


def groups(keys: Iterable[Any], size: int) -> Iterator[list[Any]]:
    left = iter(keys)
    while group := list(itertools.islice(left, size)):
        yield group


def batch_read(client: Any, keys: Iterable[Any], _record: Any, size: int = 100) -> None:
    command = client.batch_read
    for group in groups(keys, size):
        command(group)


@functools.wraps(batch_read)
def batch_read_5000(client: Any, keys: Iterable[Any], record: Any) -> None:
    batch_read(client, keys, record, 5000)


def batch_write(client: Any, keys: Iterable[Any], record: Any) -> None:
    from aerospike_helpers.batch import records
    from aerospike_helpers.operations import operations

    command = client.batch_write
    ops = [operations.write(name, value) for name, value in record.items()]
    for group in groups(keys, 100):
        command(records.BatchRecords([records.Write(key, ops) for key in group]))


def query(client: Any, keys: Iterable[Any], _record: Any) -> None:
    for namespace, set_name, _ in keys:
        client.query(namespace, set_name).results()


def ignore(_record: Any) -> None:
    """What is done with a record that is looked at."""


@functools.wraps(query)
def iterate(client: Any, keys: Iterable[Any], _record: Any) -> None:
    """Each client's own way to see one record at a time: this one is iterated, the vendor's calls a function."""
    for namespace, set_name, _ in keys:
        plan = client.query(namespace, set_name)
        if hasattr(plan, "__iter__"):
            for _record in plan:
                pass
        else:
            plan.foreach(ignore)


COLUMNS = {"name": "string", "age": "int64", "balance": "float64", "city": "string", "photo": "binary"}


@functools.wraps(query)
def columns(client: Any, keys: Iterable[Any], _record: Any) -> None:
    """Each client's own way to a table: this one makes columns, the vendor's a list of records."""
    for namespace, set_name, _ in keys:
        plan = client.query(namespace, set_name)
        if hasattr(plan, "arrow"):
            drain(plan.arrow(COLUMNS))
        else:
            plan.results()


def beside_busy(run: Callable[[Any, Iterable[Any], Any], None]) -> Callable[[Any, Iterable[Any], Any], None]:
    """The same beside a thread that is always at work in Python."""

    @functools.wraps(run)
    def busy(client: Any, keys: Iterable[Any], record: Any) -> None:
        done = threading.Event()

        def work() -> None:
            while not done.is_set():
                sum(range(1000))

        thread = threading.Thread(target=work)
        thread.start()
        try:
            run(client, keys, record)
        finally:
            done.set()
            thread.join()

    return busy


@functools.wraps(batch_read)
def matrix(client: Any, keys: Iterable[Any], record: Any) -> None:
    """Each client's own way to an array of NumPy's: this one makes a matrix, the vendor's dictionaries."""
    import numpy

    bins = list(record)
    for group in groups(keys, 100):
        if hasattr(client, "batch_matrix"):
            numpy.asarray(client.batch_matrix(group, bins))
        else:
            found = [row.record[2] for row in client.batch_read(group, bins).batch_records]
            numpy.array([[values[name] for name in bins] for values in found], dtype="float64")


@functools.cache
def table(kind: str) -> Any:
    """The records of a set as a table, with the column key."""
    import pyarrow

    record, size = KINDS[kind]
    columns = {name: [value] * size for name, value in record.items()}
    return pyarrow.table({"key": [key for _, _, key in keys_of("", kind)], **columns})


@functools.wraps(batch_write)
def put_table(client: Any, keys: Iterable[Any], record: Any) -> None:
    """Each client's own way to write 10,000 rows: this one takes a table, the vendor's operations of each row."""
    from aerospike_helpers.batch import records
    from aerospike_helpers.operations import operations

    for namespace, set_name, _ in keys:
        if hasattr(client, "put_arrow"):
            client.put_arrow(table("table"), namespace, set_name, "key")
            continue
        for group in groups(keys_of(namespace, "table"), 1000):
            rows = [records.Write(key, [operations.write(*bin) for bin in record.items()]) for key in group]
            client.batch_write(records.BatchRecords(rows))


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    what: str
    run: Callable[[Any, Iterable[Any], Any], None]
    kind: str  # of the records
    count: int  # commands of one measurement; of a batch or query, records
    threads: int = 1
    target: float | None = None  # the most that CPU per command may be of the vendor's
    whole: bool = False  # a command is for all records of the set

    @property
    def each(self) -> int:
        """Records that one command of the case is for, and counts as."""
        return KINDS[self.kind].size if self.whole else 1


CASES = [
    Case("get", "get, 5 flat bins", get, "flat", 6000, target=0.85),
    Case("put", "put, 5 flat bins", put, "flat", 6000, target=0.85),
    Case("exists", "exists", exists, "flat", 6000),
    Case("operate", "operate of 4 operations", operate, "flat", 6000, target=0.85),
    Case("map-get", "get, nested map of 100", get, "map", 2000, target=0.4),
    Case("map-put", "put, nested map of 100", put, "map", 2000, target=0.4),
    Case("list-get", "get, list of 1,000 ints", get, "list", 2000, target=0.4),
    Case("list-put", "put, list of 1,000 ints", put, "list", 2000, target=0.4),
    Case("batch-100", "batch_read of 100", batch_read, "flat", 40000, target=0.6),
    Case("batch-5000", "batch_read of 5,000", batch_read_5000, "flat", 40000, target=0.6),
    Case("batch-put", "batch_write of 100", batch_write, "flat", 20000, target=0.6),
    Case("query", "query results, 5 flat bins", query, "many-flat", 60000, target=0.5, whole=True),
    Case("query-map", "query results, map of 100", query, "many-map", 4000, target=0.3, whole=True),
    Case("iterate", "query, small, one by one", iterate, "many-small", 100000, target=0.55, whole=True),
    Case("query-one", "query of one record", query, "single", 2000, whole=True),
    Case("get-4", "get, 4 threads", get, "flat", 6000, threads=4),
    Case("get-16", "get, 16 threads", get, "flat", 6000, threads=16),
]
COLUMN_CASES = [
    Case("columns", "20,000 of 5 flat bins", columns, "many-flat", 60000, whole=True),
    Case("rows-busy", "rows beside a busy thread", beside_busy(query), "many-flat", 20000, whole=True),
    Case("columns-large", "200,000 of 5 flat bins", columns, "large-flat", 200000, target=0.1, whole=True),
    Case("columns-busy", "beside a busy thread", beside_busy(columns), "large-flat", 200000, whole=True),
    Case("matrix", "matrix of 100 keys x 20", matrix, "numbers", 40000, target=0.15),
    Case("put-table", "table of 10,000 x 5 put", put_table, "table", 40000, target=0.1, whole=True),
]
BY_NAME = {case.name: case for case in CASES + COLUMN_CASES}
