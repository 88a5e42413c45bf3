# SPDX-License-Identifier: Apache-2.0
"""Operations that the server computes by expressions.

Each function returns a dictionary for the list that :meth:`aerospike.Client.operate` takes::

    from aerospike_helpers.expressions import IntBin
    from aerospike_helpers.expressions.arithmetic import Add
    from aerospike_helpers.operations import expression_operations as expressions

    total = Add(IntBin("a"), IntBin("b")).compile()
    _, _, bins = client.operate(key, [expressions.expression_read("sum", total)])
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aerospike

if TYPE_CHECKING:
    from aerospike.types import CompiledExpression, Operation


def expression_read(bin_name: str, expression: CompiledExpression, expression_read_flags: int = 0) -> Operation:
    """Compute an expression.

    :param str bin_name: the name of the result; it need not be a bin's.
    :param expression: a compiled expression.
    :param int expression_read_flags: ``EXP_READ_*`` flags.
    """
    return {"op": aerospike.OP_EXPR_READ, "bin": bin_name, "expr": expression, "expr_flags": expression_read_flags}


def expression_write(bin_name: str, expression: CompiledExpression, expression_write_flags: int = 0) -> Operation:
    """Compute an expression and write it to a bin.

    :param str bin_name: the bin.
    :param expression: a compiled expression.
    :param int expression_write_flags: ``EXP_WRITE_*`` flags.
    """
    return {"op": aerospike.OP_EXPR_WRITE, "bin": bin_name, "expr": expression, "expr_flags": expression_write_flags}
