# SPDX-License-Identifier: Apache-2.0
"""What the functions of several families share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aerospike.types import Operation
    from aerospike_helpers.cdt_ctx import Context


def at(operation: Operation, ctx: Context | None) -> Operation:
    """The operation, with its context where it has one."""
    if ctx is not None:
        operation["ctx"] = ctx
    return operation
