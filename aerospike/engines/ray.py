# SPDX-License-Identifier: Apache-2.0
"""Scans and queries as datasets of Ray."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow
from ray.data import Datasource, ReadTask
from ray.data.block import BlockMetadata

from aerospike.engines import arrow_arguments

if TYPE_CHECKING:
    from aerospike import Client, Query, Scan, Split
    from aerospike.types import QueryPolicy


def tables(split: Split, connect: Callable[[], Client], arguments: dict[str, Any]) -> Iterator[pyarrow.Table]:
    """Read a split's records, a batch at a time."""
    with connect() as client, pyarrow.RecordBatchReader.from_stream(split.arrow(client, **arguments)) as batches:
        for batch in batches:
            yield pyarrow.Table.from_batches([batch])


class AerospikeDatasource(Datasource):
    """The records of a scan or query, for ``ray.data.read_datasource()``.

    :param plan: what is read, with its bins, index and operations.
    :param connect: a function that returns a connected client, which the workers call.
    :param dict schema: ``{bin: type}``, as of :meth:`aerospike.Query.arrow`.
    :param int splits: how many tasks read it, 1 to 4096.
    :param meta: columns before those of bins, as of :meth:`aerospike.Query.arrow`.
    :param dict policy: see :ref:`query_policy`, but for ``partition_filter``; default: the worker's client's.
    :raises ParamError: an argument is not valid.
    """

    def __init__(
        self,
        plan: Scan | Query,
        connect: Callable[[], Client],
        schema: Mapping[str, str],
        splits: int,
        meta: Iterable[str] = (),
        policy: QueryPolicy | None = None,
    ) -> None:
        super().__init__()
        self._arguments = arrow_arguments(schema, meta, policy)
        self._schema = pyarrow.schema(plan.arrow(schema, meta=self._arguments["meta"]))
        self._splits = plan.splits(splits)
        self._connect = connect

    def get_name(self) -> str:
        return "Aerospike"

    def estimate_inmemory_data_size(self) -> int | None:
        return None

    def get_read_tasks(self, parallelism: int, *arguments: Any, **keywords: Any) -> list[ReadTask]:
        """Return a task for each split, however many Ray would like."""
        metadata = BlockMetadata(num_rows=None, size_bytes=None, input_files=None, exec_stats=None)
        return [
            ReadTask(functools.partial(tables, split, self._connect, self._arguments), metadata, schema=self._schema)
            for split in self._splits
        ]
