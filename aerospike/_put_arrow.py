# SPDX-License-Identifier: Apache-2.0
"""Records from columns that others made: what put_arrow() does with streams."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from aerospike._columns import check_text
from aerospike.exception import ParamError

if TYPE_CHECKING:
    from aerospike._client import Client


@dataclass(frozen=True)
class ArrowWritten:
    """What came of rows that :meth:`Client.put_arrow` wrote."""

    __module__ = "aerospike"

    rows: int
    """How many there were."""
    failed: int
    """How many of them were not written, or may not have been."""
    status: memoryview | None
    """int32, a number a row: 0 where it was written, else the ``code`` of the exception that a single command raises;
    -2 where it cannot be written, and was not sent. None where on_batch was told."""
    in_doubt: memoryview | None
    """bool, one a row: whether one that failed may have been written nevertheless."""


def written(statuses: array[int], doubts: bytearray) -> ArrowWritten:
    """Return what came of rows."""
    failed = len(statuses) - statuses.count(0)
    shown = cast("memoryview", memoryview(doubts).cast("?"))
    return ArrowWritten(len(statuses), failed, memoryview(statuses), shown)


def read_bins(bins: Any) -> dict[str, str] | None:
    """Return which column becomes which bin; None: each one that of its name."""
    if bins is None:
        return None
    if isinstance(bins, (str, bytes)) or not isinstance(bins, Iterable):
        raise ParamError(-2, f"bins must be a list of columns or a dict {{column: bin}}, not {type(bins).__name__}")
    chosen = dict(bins) if isinstance(bins, Mapping) else {name: name for name in list(bins)}
    for column, name in chosen.items():
        check_text("a column in bins", column)
        check_text(f"bins[{column!r}]", name)
    return chosen


def stream_of(data: Any) -> object:
    """Return the Arrow stream of an object."""
    make = getattr(data, "__arrow_c_stream__", None)
    if make is None:
        raise ParamError(-2, f"data must have __arrow_c_stream__(), as tables do, not be of {type(data).__name__}")
    return make()


class ArrowWriting:
    """Rows that are being written to a place, a namespace and set.

    `columns` are the key's and those of bins, `how` is batch_rows, ttl and the policies.
    """

    def __init__(
        self, client: Client, place: tuple[Any, Any], columns: tuple[Any, Any], how: tuple[Any, ...], on_batch: Any
    ) -> None:
        client._check_open()
        check_text("key", columns[0])
        if on_batch is not None and not callable(on_batch):
            raise ParamError(-2, f"on_batch must be callable, not {type(on_batch).__name__}")
        self.client, self.place, self.how, self.on_batch = client, place, how, on_batch
        self.key, self.bins = columns[0], read_bins(columns[1])
        self.statuses, self.doubts = array("i"), bytearray()
        self.rows = self.failed = 0

    def write(self, data: Any) -> bool:
        """Write all rows of a stream or table; whether on_batch wants more."""
        writer = self.client._arrow_writer(stream_of(data), self.key, self.bins)
        wanted = True
        while wanted and (answer := self.client._put_rows(writer, *self.place, *self.how)) is not None:
            wanted = self.count(*answer)
        return wanted

    def count(self, statuses: bytearray, doubts: bytearray) -> bool:
        """Count a batch, and tell of it."""
        numbers = array("i")
        numbers.frombytes(statuses)
        batch = written(numbers, doubts)
        self.rows, self.failed = self.rows + batch.rows, self.failed + batch.failed
        if self.on_batch is not None:
            return self.on_batch(batch) is not False
        self.statuses += numbers
        self.doubts += doubts
        return True

    def written(self) -> ArrowWritten:
        """Return what came of all rows."""
        if self.on_batch is None:
            return written(self.statuses, self.doubts)
        return ArrowWritten(self.rows, self.failed, None, None)
