# SPDX-License-Identifier: Apache-2.0
"""One bin of one record, worked on with the operations of a family in frames made by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frames
import pytest
from frames import Operation
from packing import pack

NAME = "b"


class RefusedError(Exception):
    """The server's answer is an error: its code."""


def refusal(ask: Callable[..., Any], *payload: Any) -> int:
    """The code with which the server refuses what is asked; that it does is the test."""
    with pytest.raises(RefusedError) as caught:
        ask(*payload)
    code: int = caught.value.args[0]
    return code


class OneBin:
    """The bin ``b`` of a record that also has ``other``, so that the record stays when the bin goes."""

    def __init__(self, connection: frames.Connection, namespace: str, read_code: int) -> None:
        self._connection = connection
        self._codes = read_code, read_code + 1
        self._fields = {
            frames.FIELD_NAMESPACE: namespace.encode(),
            frames.FIELD_SET: b"one_bin",
            frames.FIELD_DIGEST: frames.new_digest(),
        }

    def _answer(self, info1: int, info2: int, *operations: Operation) -> list[Operation]:
        answer = self._connection.ask(info1, info2, fields=self._fields, operations=list(operations))
        if answer.code != 0:
            raise RefusedError(answer.code)
        return answer.operations

    def _ask(self, info1: int, info2: int, *operations: Operation) -> Any:
        return [frames.value_of(op) for op in self._answer(info1, info2, *operations)]

    def put(self, particle: int, value: bytes) -> None:
        other = Operation(frames.OP_WRITE, "other", frames.INTEGER, bytes(8))
        self._ask(0, frames.WRITE, other, Operation(frames.OP_WRITE, NAME, particle, value))

    def get(self) -> Any:
        """The bin's value; None when there is no such bin."""
        return self._ask(frames.READ, frames.RESPOND_ALL, Operation(frames.OP_READ, NAME))[0]

    def get_bytes(self) -> bytes:
        """The bin's value as it is in the frame."""
        return self._answer(frames.READ, frames.RESPOND_ALL, Operation(frames.OP_READ, NAME))[0].value

    def read(self, *payload: Any) -> Any:
        """The result of a reading operation: its code and arguments."""
        return self._ask(frames.READ, frames.RESPOND_ALL, self._operation(self._codes[0], payload))[0]

    def modify(self, *payload: Any) -> Any:
        """The result of a modifying operation: its code and arguments."""
        return self._ask(0, frames.WRITE | frames.RESPOND_ALL, self._operation(self._codes[1], payload))[0]

    def ask_raw(self, code: int, payload: bytes) -> Any:
        """The result of a reading operation whose payload is given as bytes."""
        return self._ask(frames.READ, frames.RESPOND_ALL, Operation(code, NAME, frames.BLOB, payload))[0]

    def _operation(self, code: int, payload: tuple[Any, ...]) -> Operation:
        return Operation(code, NAME, frames.BLOB, pack(list(payload)))

    def remove(self) -> None:
        self._ask(0, frames.WRITE | frames.REMOVE)
