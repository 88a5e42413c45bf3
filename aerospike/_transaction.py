# SPDX-License-Identifier: Apache-2.0
"""A ``with`` block that is a transaction."""

from __future__ import annotations

import contextlib
from types import TracebackType
from typing import TYPE_CHECKING

from aerospike import _native
from aerospike.exception import AerospikeError

if TYPE_CHECKING:
    from aerospike._client import Client


class TransactionBlock:
    """What ``with client.transaction() as txn:`` enters and leaves."""

    def __init__(self, client: Client, transaction: _native.Transaction) -> None:
        self._client = client
        self._transaction = transaction

    def __enter__(self) -> _native.Transaction:
        return self._transaction

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._transaction.state in (_native.TXN_STATE_COMMITTED, _native.TXN_STATE_ABORTED):
            return  # the block has ended it by itself
        if kind is None:
            self._commit()
        else:
            self._abort()

    def _commit(self) -> None:
        try:
            self._client.commit(self._transaction)
        except BaseException:
            if not self._transaction.in_doubt:
                self._abort()
            raise

    def _abort(self) -> None:
        """Let go of its records. What the client cannot undo the server does, when the transaction's time is over."""
        if self._transaction.state in (_native.TXN_STATE_OPEN, _native.TXN_STATE_VERIFIED):
            with contextlib.suppress(AerospikeError):
                self._client.abort(self._transaction)
