# SPDX-License-Identifier: Apache-2.0
"""Scans and queries as Dask DataFrames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import dask.dataframe
import pyarrow

from aerospike.engines import arrow_arguments

if TYPE_CHECKING:
    from aerospike import Client, Query, Scan, Split
    from aerospike.types import QueryPolicy


def frame(split: Split, connect: Callable[[], Client], arguments: dict[str, Any]) -> Any:
    """Return a split's records as a DataFrame of pandas."""
    with connect() as client:
        return pyarrow.table(split.arrow(client, **arguments)).to_pandas()


def read(
    plan: Scan | Query,
    connect: Callable[[], Client],
    schema: Mapping[str, str],
    npartitions: int,
    meta: Iterable[str] = (),
    policy: QueryPolicy | None = None,
) -> Any:
    """Return a DataFrame whose partitions are the splits of a scan or query; nothing is read before it computes.

    :param plan: what is read, with its bins, index and operations.
    :param connect: a function that returns a connected client, which the workers call.
    :param dict schema: ``{bin: type}``, as of :meth:`aerospike.Query.arrow`.
    :param int npartitions: how many splits, 1 to 4096; some for each of the workers' threads.
    :param meta: columns before those of bins, as of :meth:`aerospike.Query.arrow`.
    :param dict policy: see :ref:`query_policy`, but for ``partition_filter``; default: the worker's client's.
    :return: a ``dask.dataframe.DataFrame``.
    :raises ParamError: an argument is not valid.
    """
    splits = plan.splits(npartitions)
    arguments = arrow_arguments(schema, meta, policy)
    empty = pyarrow.schema(plan.arrow(schema, meta=arguments["meta"])).empty_table().to_pandas()
    return dask.dataframe.from_map(frame, splits, connect=connect, arguments=arguments, meta=empty)
