# SPDX-License-Identifier: Apache-2.0
"""Shares of a scan or query that any process can read: what Scan.splits() and Query.splits() return."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Awaitable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, overload

from aerospike._columns import ArrowReader
from aerospike._native import RecordIterator
from aerospike.exception import ParamError
from aerospike.types import QueryPolicy

if TYPE_CHECKING:
    from aerospike._async import AsyncClient, AsyncRecordIterator
    from aerospike._client import Client
    from aerospike._plan import Plan

PARTITIONS = 4096
Chosen = tuple[Any, ...]  # what a query was told of an index: the arguments of choose() but for the query


def check_count(n: Any) -> int:
    """Return how many splits are asked for."""
    try:
        number = operator.index(n)
    except TypeError:
        raise ParamError(-2, f"n must be an int, not {type(n).__name__}") from None
    if not 1 <= number <= PARTITIONS:
        raise ParamError(-2, f"n must be an int from 1 to {PARTITIONS}, the number of partitions, not {n!r}")
    return number


class Split:
    """Some partitions of a scan or query, for one worker of many; made by :meth:`Scan.splits` and :meth:`Query.splits`.

    It can be pickled, and holds what is read, but neither hosts nor users: each process reads it by a client of its
    own, as often as it likes. Attributes: ``namespace``, ``set``, ``begin`` (the first partition) and ``count``.
    """

    __slots__ = ("_bins", "_chosen", "_kind", "_numbers", "_operations", "begin", "count", "namespace", "set")
    __module__ = "aerospike"

    namespace: str
    set: str | None
    begin: int
    count: int
    _kind: str
    _bins: tuple[str, ...] | None
    _operations: list[Any] | None
    _numbers: dict[str, int]
    _chosen: Chosen | None

    def __init__(self) -> None:
        raise TypeError("use splits() of a query or scan to make a Split")

    @classmethod
    def _create(cls, plan: Plan, begin: int, count: int) -> Split:
        self = object.__new__(cls)
        self.begin, self.count = begin, count
        self.namespace, self.set, self._kind = plan._namespace, plan._set, plan._kind
        self._bins, self._operations = plan._bins, plan._operations
        self._numbers, self._chosen = dict(plan._numbers), plan._chosen
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return object.__new__, (Split,), (None, {name: getattr(self, name) for name in self.__slots__})

    def __repr__(self) -> str:
        where = self.namespace if self.set is None else f"{self.namespace}.{self.set}"
        partitions = f"partitions {self.begin} to {self.begin + self.count - 1}"
        return f"<aerospike.Split of a {self._kind} of {where}: {partitions}>"

    def _plan(self, client: Any) -> Any:
        """The scan or query of a client, of either kind."""
        plan = getattr(client, self._kind)(self.namespace, self.set)
        model: Plan = getattr(plan, "_sync", plan)
        model._bins, model._operations, model._numbers = self._bins, self._operations, dict(self._numbers)
        if self._chosen is not None:
            from aerospike.query import choose  # which needs what is here

            choose(model, *self._chosen)
        return plan

    def _policy(self, policy: Any) -> dict[str, Any]:
        """The policy, with the partitions."""
        if policy is not None and not isinstance(policy, dict):
            raise ParamError(-2, f"policy must be a dict, not {type(policy).__name__}")
        if (policy or {}).get("partition_filter") is not None:
            raise ParamError(-2, "policy['partition_filter']: a split has its partitions")
        return {**(policy or {}), "partition_filter": {"begin": self.begin, "count": self.count}}

    @overload
    def results(self, client: Client, policy: QueryPolicy | None = None) -> list[Any]: ...

    @overload
    def results(self, client: AsyncClient, policy: QueryPolicy | None = None) -> Awaitable[list[Any]]: ...

    def results(self, client: Any, policy: Any = None) -> Any:
        """Read its records, and return them all.

        :param client: a :class:`Client`, or an :class:`AsyncClient`, of which the result is awaited.
        :param dict policy: see :ref:`query_policy`, but for ``partition_filter``; default: the client's.
        :return: a list of ``(key, meta, bins)``.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
        policy = self._policy(policy)
        return self._plan(client).results(policy)

    @overload
    def records(self, client: Client, policy: QueryPolicy | None = None) -> RecordIterator: ...

    @overload
    def records(self, client: AsyncClient, policy: QueryPolicy | None = None) -> AsyncRecordIterator: ...

    def records(self, client: Any, policy: Any = None) -> Any:
        """Begin to read its records, and return an iterator that gives them one after another.

        :param client: a :class:`Client`, or an :class:`AsyncClient`, for ``async for``.
        :param dict policy: see :ref:`query_policy`, but for ``partition_filter``; default: the client's.
        :return: what :meth:`Query.records` returns.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
        policy = self._policy(policy)
        return self._plan(client).records(policy)

    def arrow(
        self,
        client: Client | AsyncClient,
        schema: Mapping[str, str],
        batch_rows: int = 8192,
        queue: int = 4,
        meta: Iterable[str] = (),
        policy: QueryPolicy | None = None,
    ) -> ArrowReader:
        """Read its records as columns.

        :param client: a :class:`Client` or :class:`AsyncClient`.
        :param dict schema: as of :meth:`Query.arrow`, and so are ``batch_rows``, ``queue`` and ``meta``.
        :param dict policy: see :ref:`query_policy`, but for ``partition_filter``; default: the client's.
        :return: an :class:`ArrowReader`.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
        reader: ArrowReader = self._plan(client).arrow(schema, batch_rows, queue, meta, self._policy(policy))
        return reader


def splits_of(plan: Plan, n: int) -> list[Split]:
    """Share the partitions of a plan among so many splits."""
    number = check_count(n)
    if plan._function is not None:
        raise ParamError(-2, "what a function makes of records cannot be split: splits() cannot follow apply()")
    if plan._numbers.get("max_records"):
        raise ParamError(-2, "max_records limits one run, and each split is one: it must be 0")
    if plan._paginate:
        raise ParamError(-2, "splits() cannot follow paginate(): each split is read from its beginning")
    begins = [i * PARTITIONS // number for i in range(number + 1)]
    return [Split._create(plan, begin, end - begin) for begin, end in itertools.pairwise(begins)]
