# SPDX-License-Identifier: Apache-2.0
"""What Scan and Query have in common: a plan that names records, and ways to run it."""

from __future__ import annotations

import operator
import os
import threading
import types
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from aerospike._columns import OF_BIN, ArrowReader, read_columns
from aerospike._error import shown
from aerospike._native import RecordIterator
from aerospike._split import Chosen, Split, splits_of
from aerospike.exception import AerospikeError, ClientError, ParamError
from aerospike.types import Operation, RowCallback

if TYPE_CHECKING:
    from aerospike._client import Client

Self = TypeVar("Self", bound="Plan")


# Threads that share a plan which goes on where it stopped run it one after another.
turns = threading.Condition()


def renew_turns() -> None:
    """Forget, in a child process, what other threads were about to do."""
    global turns
    turns = threading.Condition()


os.register_at_fork(after_in_child=renew_turns)


# What the C client has room for, and the end of the text.
MODULE_MOST = FUNCTION_MOST = 63


class Function(NamedTuple):
    """A function in Lua that a plan calls, and what it is given beside the record."""

    module: str
    name: str
    arguments: list[Any]


class Request(NamedTuple):
    """What one run asks for; the native side reads it by these names."""

    kind: str  # whose policy it is
    namespace: str
    set: str | None
    bins: tuple[str, ...]
    operations: list[Operation] | None  # that read, and give bins in the place of the record's own
    function: Function | None  # that makes values of the records
    where: Any  # of a secondary index, as the native side made it; None: all records
    max_records: int
    records_per_second: int
    no_bins: bool
    policy: Mapping[str, Any] | None
    partitions: Any  # how far they were read, for a run that goes on there and notes it; None: all are read
    node: str | None
    callback: RowCallback | None  # None: the records are returned
    with_partition: bool  # the callback takes the partition, too


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


def check_text(what: str, text: Any, most: int) -> None:
    """Refuse the same, and what is empty."""
    check_name(what, text, most)
    if not text:
        raise ParamError(-2, f"{what} must not be empty")


def partitions_of(policy: Any) -> Any:
    """Return the ``partition_filter`` of a policy, which may be none."""
    return policy.get("partition_filter") if isinstance(policy, dict) else None


class Job(NamedTuple):
    """What a job in the background is asked for; the native side reads it by these names."""

    namespace: str
    set: str | None
    where: Any
    operations: list[Operation] | None  # that write
    function: Function | None  # or this
    records_per_second: int
    ttl: int | None  # None: the policy's
    policy: Mapping[str, Any] | None


class Number:
    """An attribute of a plan that is a whole number, checked when it is set."""

    def __init__(self, least: int, most: int) -> None:
        self._least, self._most = least, most

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, plan: Plan | None, owner: type) -> int:
        return self if plan is None else plan._numbers.get(self._name, 0)  # type: ignore[return-value]

    def __set__(self, plan: Plan, value: int) -> None:
        try:
            number = operator.index(value)
        except TypeError:
            raise TypeError(f"{self._name} must be an int, not {type(value).__name__}") from None
        if not self._least <= number <= self._most:
            raise ParamError(-2, f"{self._name} must be an int from {self._least} to {self._most}, not {shown(value)}")
        plan._numbers[self._name] = number


def method_of(cls: type, method: types.FunctionType) -> types.FunctionType:
    """Return a method that a class inherits as one of its own."""
    own = types.FunctionType(method.__code__, method.__globals__, method.__name__, method.__defaults__)
    own.__doc__, own.__annotations__ = method.__doc__, method.__annotations__
    own.__qualname__ = f"{cls.__qualname__}.{method.__name__}"
    return own


class Plan:
    """Records of a namespace or set, to be read by :meth:`results`, :meth:`foreach` or iteration."""

    __slots__ = (
        "__weakref__",
        "_bins",
        "_chosen",
        "_client",
        "_function",
        "_namespace",
        "_numbers",
        "_operations",
        "_paginate",
        "_partitions",
        "_runner",
        "_set",
        "_where",
        "_where_text",
    )

    max_records = Number(0, 2**63 - 1)
    records_per_second = Number(0, 2**32 - 1)
    ttl = Number(-3, 2**32 - 1)

    _kind = ""
    _options: tuple[str, ...] = ("nobins",)
    _aggregates = False  # whether a function may make values of the records
    _client: Client
    _namespace: str
    _set: str | None
    _bins: tuple[str, ...] | None  # None: all, none were chosen
    _where: Any  # which records of a secondary index, as the native side made it; None: all
    _where_text: str
    _chosen: Chosen | None  # how they were chosen
    _numbers: dict[str, int]
    _operations: list[Operation] | None
    _function: Function | None
    _paginate: bool
    _partitions: Any  # the native state of a plan that goes on where it stopped; None before its first run
    _runner: tuple[int, int] | None  # the process and thread that has its turn

    def __init_subclass__(cls) -> None:
        for name, method in vars(Plan).items():
            if isinstance(method, types.FunctionType) and not name.startswith("_"):
                setattr(cls, name, vars(cls).get(name) or method_of(cls, method))
        for method in vars(cls).values():
            if isinstance(method, types.FunctionType):
                method.__objclass__ = cls  # type: ignore[attr-defined]

    def __init__(self) -> None:
        raise TypeError(f"use client.{self._kind}() to make a {type(self).__name__}")

    @classmethod
    def _create(cls: type[Self], client: Client, namespace: str, set: str | None) -> Self:
        check_name("namespace", namespace, 31)
        if set is not None:
            check_name("set", set, 63)
        self = object.__new__(cls)
        self._client, self._namespace, self._set = client, namespace, set
        self._bins, self._numbers = None, {}
        self._operations, self._function = None, None
        self._where, self._where_text, self._chosen = None, "", None
        self._paginate, self._partitions = False, None
        self._runner = None
        return self

    def __repr__(self) -> str:
        parts = [f"namespace={self._namespace!r}", f"set={self._set!r}"]
        if self._bins is not None:
            parts.append(f"bins={self._bins!r}")
        if self._operations is not None:
            parts.append(f"operations={len(self._operations)}")
        if self._function is not None:
            parts.append(f"function={self._function.module + '.' + self._function.name!r}")
        if self._where is not None:
            parts.append(self._where_text)
        parts += [f"{name}={number}" for name, number in self._numbers.items()]
        if self._paginate:
            parts.append("done" if self.is_done() else "begun" if self._partitions is not None else "not begun")
        return f"<aerospike.{type(self).__name__} {' '.join(parts)} of {self._client!r}>"

    def add_ops(self: Self, ops: list[Operation]) -> Self:
        """Carry out operations on every record that is found.

        A later call takes the place of an earlier one.

        :param list ops: operations, at least one: what the functions of ``aerospike_helpers.operations`` return.
        :return: the object itself.
        :raises ParamError: an operation is not valid, or a function was chosen before, by :meth:`apply`.
        """
        if self._function is not None:
            raise ParamError(-2, "add_ops() cannot follow apply(): a record gets either operations or a function")
        self._client._check_operations(ops)
        self._operations = list(ops)
        return self

    def apply(self: Self, module: str, function: str, arguments: list[Any] | None = None) -> Self:
        """Call a function in Lua that the server has.

        A later call takes the place of an earlier one.

        :param str module: the module that the server has.
        :param str function: the function of that module.
        :param list arguments: what it is given after the record, or the stream of records; None: nothing more.
        :return: the object itself.
        :raises ParamError: an argument is not valid, or operations were chosen before, by :meth:`add_ops`.
        """
        if self._operations is not None:
            raise ParamError(-2, "apply() cannot follow add_ops(): a record gets either operations or a function")
        return self._call_function(module, function, arguments, "arguments")

    def _call_function(self: Self, module: Any, function: Any, arguments: Any, what: str) -> Self:
        """Choose a function; `what` names its arguments in errors."""
        check_text("module", module, MODULE_MOST)
        check_text("function", function, FUNCTION_MOST)
        self._client._check_arguments(what, arguments)
        self._function = Function(module, function, list(arguments or ()))
        return self

    def paginate(self) -> None:
        """Let every run go on where the last one stopped, until :meth:`is_done`.

        How many records a run gives at the most is said by ``max_records``. A ``partition_filter`` does the same. From
        then on every run must be of the same partitions.
        """
        self._paginate = True

    def is_done(self) -> bool:
        """Whether a plan that goes on where it stopped has come to its end: every partition was read to its end."""
        return self._partitions is not None and self._client._partitions_done(self._partitions)

    def get_partitions_status(self) -> dict[Any, Any]:
        """How far each partition was read.

        :return: ``{'done': bool, 'retry': bool, partition: (partition, init, retry, digest, bval)}`` after a run that
            was paged or had a ``partition_filter``, empty otherwise. ``init`` says whether a record was read there, and
            ``digest`` which was the last. As ``partition_filter={'partition_status': …}`` it lets another scan or query
            go on from there.
        """
        return {} if self._partitions is None else self._client._partitions_status(self._partitions)

    def splits(self, n: int) -> list[Split]:
        """Share what is read among workers, by partitions.

        :param int n: how many splits there are to be, 1 to 4096; several for each worker let the fast ones do more.
        :return: ``n`` objects :class:`Split`, which can be pickled, and read by any process that has a client. Together
            they read every record once, each by a run of its own, to which ``records_per_second`` applies.
        :raises ParamError: ``n`` is not valid, ``max_records`` is set, or :meth:`apply` or :meth:`paginate` was called
            before.
        """
        return splits_of(self, n)

    def __copy__(self: Self) -> Self:
        other = object.__new__(type(self))
        other._client, other._namespace, other._set = self._client, self._namespace, self._set
        other._bins, other._numbers = self._bins, dict(self._numbers)
        other._operations, other._function = self._operations, self._function
        other._where, other._where_text, other._chosen = self._where, self._where_text, self._chosen
        other._paginate, other._partitions = False, None
        other._runner = None
        return other

    def __iter__(self) -> RecordIterator:
        """Records one after another, of a run of their own that waits for whoever takes them."""
        return self._records(None)

    def _read_options(self, options: Mapping[str, Any] | None) -> bool:
        if options is None:
            return False
        if not isinstance(options, dict):
            raise ParamError(-2, f"options must be a dict, not {type(options).__name__}")
        for key in options:
            if key not in self._options:
                raise ParamError(-2, f"options has no key {key!r}; valid are {', '.join(map(repr, self._options))}")
        return bool(options.get("nobins", False))

    def _request(
        self,
        policy: Mapping[str, Any] | None = None,
        options: Mapping[str, Any] | None = None,
        nodename: str | None = None,
        callback: RowCallback | None = None,
    ) -> Request:
        """All that one run asks for."""
        self._client._check_open()
        if self._function is not None and not self._aggregates:
            raise ClientError(-1, f"a {self._kind} with a function runs in the background, by execute_background()")
        return Request(
            kind=self._kind,
            namespace=self._namespace,
            set=self._set,
            bins=self._bins or (),
            operations=self._operations,
            function=self._function,
            where=self._where,
            max_records=self.max_records,
            records_per_second=self.records_per_second,
            no_bins=self._read_options(options),
            policy=policy,
            partitions=None,
            node=nodename,
            callback=callback,
            with_partition=False,
        )

    def _records(
        self,
        policy: Mapping[str, Any] | None,
        options: Mapping[str, Any] | None = None,
        nodename: str | None = None,
    ) -> RecordIterator:
        """Begin a run that is nobody's page, and return its iterator."""
        return self._client._iterate(self._unpaged(self._request(policy, options, nodename)))

    def _unpaged(self, request: Request) -> Request:
        """Return the request of a run that is nobody's page, with the partitions that its policy chooses."""
        chosen = partitions_of(request.policy)
        if chosen is None:
            return request
        self._refuse_pages()
        return request._replace(partitions=self._client._partitions(chosen, None))

    def _arrow(
        self,
        schema: Mapping[str, str],
        batch_rows: int,
        queue: int,
        meta: Iterable[str],
        policy: Mapping[str, Any] | None,
        nodename: str | None = None,
    ) -> ArrowReader:
        """Return a reader of columns, whose runs are nobody's pages."""
        if self._function is not None:
            raise ParamError(-2, "what a function makes of records has no columns: arrow() cannot follow apply()")
        columns = read_columns(schema, meta)
        request = self._request(policy, None, nodename)
        if self._operations is None:  # else they say which bins there are
            bins = tuple(name for name, source, _ in columns if source == OF_BIN)
            request = request._replace(bins=bins, no_bins=not bins)
        return ArrowReader._create(self._client, self._unpaged(request), columns, batch_rows, queue)

    def _refuse_pages(self) -> None:
        if self._function is not None:
            raise ParamError(-2, "a query with a function has neither pages nor a partition_filter")

    def _run(
        self,
        policy: Mapping[str, Any] | None,
        options: Mapping[str, Any] | None = None,
        nodename: str | None = None,
        callback: RowCallback | None = None,
    ) -> list[Any]:
        """Read the records: a list of them, empty where a callback gets them."""
        request = self._request(policy, options, nodename, callback)
        if not self._goes_on(policy):
            return self._client._run_query(request)
        self._refuse_pages()
        return self._go_on(request, partitions_of(policy))

    def _goes_on(self, policy: Mapping[str, Any] | None) -> bool:
        """Whether a run with this policy goes on where the last one stopped."""
        return self._paginate or partitions_of(policy) is not None

    def _go_on(self, request: Request, chosen: Any) -> list[Any]:
        """Run from where the last run stopped."""
        self._take_turn()
        try:
            return self._client._run_query(self._page(request, chosen))
        finally:
            self._end_turn()

    def _page(self, request: Request, chosen: Any) -> Request:
        """Return the request of a run that goes on, for whoever has the turn."""
        self._partitions = self._client._partitions(chosen, self._partitions)
        self._paginate = True
        return request._replace(partitions=self._partitions, with_partition=chosen is not None)

    def _take_turn(self) -> None:
        """Wait until no other thread runs this plan."""
        me = os.getpid(), threading.get_ident()
        with turns:
            while self._runner is not None and self._runner[0] == me[0]:  # not a thread of the process that forked
                if self._runner == me:
                    raise ClientError(-1, "a callback cannot run the paged scan or query that calls it")
                turns.wait()
            self._runner = me

    def _try_turn(self) -> bool:
        """Take the turn for a task of asyncio, where nobody has it."""
        with turns:
            if self._runner is not None and self._runner[0] == os.getpid():
                return False
            self._runner = os.getpid(), 0  # which is no thread's
            return True

    def _end_turn(self) -> None:
        with turns:
            self._runner = None
            turns.notify_all()

    def _call(
        self,
        callback: RowCallback,
        policy: Mapping[str, Any] | None,
        options: Mapping[str, Any] | None,
        nodename: str | None = None,
    ) -> None:
        self._client._check_open()
        if not callable(callback):
            raise TypeError(f"callback must be callable, not {type(callback).__name__}")
        self._run(policy, options, nodename, callback)

    def _background(self, policy: Mapping[str, Any] | None, lacking: type[AerospikeError]) -> int:
        """Start what was chosen, and return the job's id; `lacking` is raised where nothing was."""
        self._client._check_open()
        if self._operations is None and self._function is None:
            raise lacking(lacking.code, "execute_background() needs add_ops() or apply() before it")
        if self.max_records:
            raise ParamError(-2, "max_records does not limit what runs in the background: it must be 0")
        job = Job(
            namespace=self._namespace,
            set=self._set,
            where=self._where,
            operations=self._operations,
            function=self._function,
            records_per_second=self.records_per_second,
            ttl=self._numbers.get("ttl"),
            policy=policy,
        )
        start = self._client._start_scan if self._kind == "scan" else self._client._start_query
        return start(job)
