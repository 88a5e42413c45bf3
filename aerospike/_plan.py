# SPDX-License-Identifier: Apache-2.0
"""What Scan and Query have in common: a plan that names records, and ways to run it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from aerospike.exception import ClientError, ParamError
from aerospike.types import Record

if TYPE_CHECKING:
    from aerospike._client import Client

Self = TypeVar("Self", bound="Plan")
Callback: TypeAlias = Callable[[Record], Any] | Callable[[int, Record], Any]

# Records fetched at a time by iteration: what it keeps in memory, whatever the size of the set.
PAGE = 5000


def check_name(what: str, name: Any, most: int) -> None:
    """Refuse what is no str of at most so many bytes of UTF-8 without NUL."""
    if not isinstance(name, str):
        raise ParamError(-2, f"{what} must be a str, not {type(name).__name__}")
    try:
        size = len(name.encode())
    except UnicodeEncodeError:
        raise ClientError(-1, f"{what} is a str with a lone surrogate, which UTF-8 cannot encode") from None
    if size > most or "\0" in name:
        raise ParamError(-2, f"{what} must be at most {most} bytes without NUL: {name!r}")


class Plan:
    """Records of a namespace or set, to be read by :meth:`results`, :meth:`foreach` or iteration."""

    max_records: int = 0
    records_per_second: int = 0
    ttl: int = 0

    _kind = ""
    _client: Client
    _namespace: str
    _set: str | None
    _bins: tuple[str, ...] = ()
    _paginate = False
    _partitions: Any = None  # the native state of a paged or finished run

    def __init__(self) -> None:
        raise TypeError(f"use client.{self._kind}() to make a {type(self).__name__}")

    @classmethod
    def _create(cls: type[Self], client: Client, namespace: str, set: str | None) -> Self:
        check_name("namespace", namespace, 31)
        if set is not None:
            check_name("set", set, 63)
        self = object.__new__(cls)
        self._client = client
        self._namespace = namespace
        self._set = set
        return self

    def select(self: Self, *bins: str) -> Self:
        """Read only these bins.

        :param bins: names of bins; a name that a record has not is left out of its bins.
        :return: the object itself.
        """
        for name in bins:
            check_name("a bin name", name, 15)
        self._bins = tuple(dict.fromkeys(self._bins + bins))
        return self

    def paginate(self) -> None:
        """Let every run go on where the last one stopped, until :meth:`is_done`.

        How many records a run gives at the most is said by ``max_records``.
        """
        self._paginate = True

    def is_done(self) -> bool:
        """Whether a paged plan has come to its end: the last run read every partition to its end."""
        return self._partitions is not None and self._client._partitions_done(self._partitions)

    def get_partitions_status(self) -> dict[Any, Any]:
        """How far each partition of the last run was read.

        :return: ``{'done': bool, 'retry': bool, partition: (partition, init, retry, digest, bval)}`` after a run that
            was paged or had a ``partition_filter``, empty otherwise. As ``partition_filter={'partition_status': …}`` it
            lets another run go on from there.
        """
        return {} if self._partitions is None else self._client._partitions_status(self._partitions)

    def __iter__(self) -> Iterator[Record]:
        """Records one after another, fetched by pages, so that memory stays bounded."""
        pages = type(self)._create(self._client, self._namespace, self._set)
        pages.__dict__.update(self.__dict__, _paginate=True, _partitions=None, max_records=PAGE)
        left = self.max_records or None
        while not pages.is_done():
            if left is not None:
                pages.max_records = min(PAGE, left)
            page = pages._fetch(None)
            yield from page
            if left is not None:
                left -= len(page)
                if left <= 0:
                    return

    def _read_options(self, options: Mapping[str, Any] | None) -> bool:
        if options is None:
            return False
        if not isinstance(options, dict):
            raise ParamError(-2, f"options must be a dict, not {type(options).__name__}")
        for key in options:
            if key not in self._options:
                raise ParamError(-2, f"options has no key {key!r}; valid are {', '.join(map(repr, self._options))}")
        return bool(options.get("nobins", False))

    _options: tuple[str, ...] = ("nobins",)

    def _fetch(
        self, policy: Mapping[str, Any] | None, options: Mapping[str, Any] | None = None, nodename: str | None = None
    ) -> list[Record]:
        rows: list[Record] = []
        self._run(policy, rows, options, nodename)
        return rows

    def _call(
        self,
        callback: Callback,
        policy: Mapping[str, Any] | None,
        options: Mapping[str, Any] | None,
        nodename: str | None = None,
    ) -> None:
        if not callable(callback):
            raise TypeError(f"callback must be callable, not {type(callback).__name__}")
        self._run(policy, callback, options, nodename)

    def _run(
        self,
        policy: Mapping[str, Any] | None,
        sink: list[Record] | Callback,
        options: Mapping[str, Any] | None,
        nodename: str | None,
    ) -> None:
        no_bins = self._read_options(options)
        chosen = policy.get("partition_filter") if isinstance(policy, dict) else None
        partitions = self._partitions if self._paginate and self._partitions is not None else chosen
        plan = (
            self._kind,
            self._namespace,
            self._set,
            self._bins,
            self._number("max_records", 2**63 - 1),
            self._number("records_per_second", 2**32 - 1),
            no_bins,
            self._paginate or chosen is not None,  # then the C client notes how far each partition was read
        )
        self._partitions = self._client._run_query(plan, policy, partitions, nodename, sink, chosen is not None)

    def _number(self, name: str, most: int) -> int:
        value: Any = getattr(self, name)
        if not isinstance(value, int) or not 0 <= value <= most:
            raise ParamError(-2, f"{name} must be an int from 0 to {most}, not {value!r}")
        return int(value)
