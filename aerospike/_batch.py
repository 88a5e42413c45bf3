# SPDX-License-Identifier: Apache-2.0
"""The entries of a batch, which the native module reads and fills; told in aerospike_helpers.batch.records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from aerospike import types

# Which command an entry is, as the native module reads it off its class.
_READ, _WRITE, _APPLY, _REMOVE = range(4)


class BatchRecord:
    """One record of a batch: its key, and in the end what came of it. The base of the other classes.

    :param tuple key: ``(namespace, set, primary key)``, or ``(namespace, set, None, digest)``.
    """

    __module__ = "aerospike_helpers.batch.records"

    _type: ClassVar[int]
    _has_write: ClassVar[bool]

    key: types.Key
    """The key of the record; with its digest in rows that the client made for a list of keys."""
    record: types.Record | None
    """``(key, meta, bins)`` where the command succeeded, ``(key, meta)`` where no bins were asked for, else None."""
    result: int = 0
    """The code of the answer: 0 is success, otherwise the ``code`` of the exception that a single command raises."""
    message: str | None = None
    """What the server says of an error."""
    subcode: int = 0
    """A ``SUB_*`` number where the server details an error, else 0."""
    in_doubt: bool = False
    """Whether a write that failed may have been done nevertheless."""

    def __init__(self, key: types.Key) -> None:
        self.key = key
        self.record = None
        self.result = 0
        self.in_doubt = False

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.key!r}: result {self.result}>"


class Read(BatchRecord):
    """Read a record.

    :param tuple key: the record's key.
    :param list ops: operations that read, as ``aerospike_helpers.operations`` makes them; None with read_all_bins.
    :param bool read_all_bins: read the whole record instead of carrying out ops; without either, only its meta.
    :param dict meta: not used by reads.
    :param dict policy: see :class:`aerospike.types.BatchReadPolicy`; default: the client's.
    """

    __module__ = "aerospike_helpers.batch.records"

    _type = _READ
    _has_write = False

    ops: list[types.Operation] | None
    """Operations that read."""
    read_all_bins: bool
    """Whether the whole record is read."""
    meta: types.Meta | None
    """Not used by reads."""
    policy: types.BatchReadPolicy | None
    """Policy of this read; None: the client's."""

    def __init__(
        self,
        key: types.Key,
        ops: list[types.Operation] | None,
        read_all_bins: bool = False,
        meta: types.Meta | None = None,
        policy: types.BatchReadPolicy | None = None,
    ) -> None:
        super().__init__(key)
        self.ops = ops
        self.read_all_bins = read_all_bins
        self.meta = meta
        self.policy = policy


class Write(BatchRecord):
    """Carry out operations on a record, of which at least one writes.

    :param tuple key: the record's key.
    :param list ops: operations, as ``aerospike_helpers.operations`` makes them.
    :param dict meta: ``ttl`` in seconds (or a ``TTL_*`` constant) and ``gen``, the generation that the policy compares.
    :param dict policy: see :class:`aerospike.types.BatchWritePolicy`; default: the client's.
    """

    __module__ = "aerospike_helpers.batch.records"

    _type = _WRITE
    _has_write = True

    ops: list[types.Operation]
    """The operations."""
    meta: types.Meta | None
    """Time to live and generation."""
    policy: types.BatchWritePolicy | None
    """Policy of this write; None: the client's."""

    def __init__(
        self,
        key: types.Key,
        ops: list[types.Operation],
        meta: types.Meta | None = None,
        policy: types.BatchWritePolicy | None = None,
    ) -> None:
        super().__init__(key)
        self.ops = ops
        self.meta = meta
        self.policy = policy


class Apply(BatchRecord):
    """Call a user-defined function on a record.

    :param tuple key: the record's key.
    :param str module: the module that the server has.
    :param str function: the function of that module.
    :param list args: its arguments, after the record.
    :param dict policy: see :class:`aerospike.types.BatchApplyPolicy`; default: the client's.
    """

    __module__ = "aerospike_helpers.batch.records"

    _type = _APPLY
    _has_write = True

    module: str
    """The module that the server has."""
    function: str
    """The function of that module."""
    args: list[Any]
    """The function's arguments, after the record."""
    policy: types.BatchApplyPolicy | None
    """Policy of this call; None: the client's."""

    def __init__(
        self,
        key: types.Key,
        module: str,
        function: str,
        args: list[Any],
        policy: types.BatchApplyPolicy | None = None,
    ) -> None:
        super().__init__(key)
        self.module = module
        self.function = function
        self.args = args
        self.policy = policy


class Remove(BatchRecord):
    """Remove a record.

    :param tuple key: the record's key.
    :param dict policy: see :class:`aerospike.types.BatchRemovePolicy`; default: the client's.
    """

    __module__ = "aerospike_helpers.batch.records"

    _type = _REMOVE
    _has_write = True

    policy: types.BatchRemovePolicy | None
    """Policy of this removal; None: the client's."""

    def __init__(self, key: types.Key, policy: types.BatchRemovePolicy | None = None) -> None:
        super().__init__(key)
        self.policy = policy


class BatchRecords:
    """A batch: entries, and in the end the result of the whole.

    :param list batch_records: :class:`Read`, :class:`Write`, :class:`Apply` and :class:`Remove` objects; None: an empty
        list, to be filled.
    """

    __module__ = "aerospike_helpers.batch.records"

    batch_records: list[BatchRecord]
    """The entries; the list that was given, not a copy."""
    result: int
    """The code of the batch as a whole: 0 is success; -16 (``BatchFailed``) says that an entry failed."""

    def __init__(self, batch_records: list[BatchRecord] | None = None) -> None:
        self.batch_records = [] if batch_records is None else batch_records
        self.result = 0

    def __repr__(self) -> str:
        return f"<BatchRecords of {len(self.batch_records)}: result {self.result}>"
