# SPDX-License-Identifier: Apache-2.0
"""Operations, expressions and contexts for leaks.py: rows made of what the tests know.

Of each measured operation (tests/data/operations.jsonl) one that succeeds and one that fails; of the measured
expressions as many as it takes to have every class; the tables of tests/test_operate_strings.py.
"""

from __future__ import annotations

import contextlib
import pathlib
import sys
from collections.abc import Callable, Iterator
from typing import Any

from leak_row import Context, Row

from aerospike import exception
from aerospike_helpers.expressions.base import GT, IntBin

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "tests"))

import measured_commands as commands
import test_operate_strings as strings
from test_vectors_operations import FAMILIES

COST = 10
KEY = ("test", "vectors", "leaks")


def classes(form: Any) -> set[str]:
    """The names of expressions in the notation of a measured line."""
    if isinstance(form, dict):
        return set().union(*(classes(item) for item in form.values()))
    if not isinstance(form, list):
        return set()
    own = {form[0]} if form and isinstance(form[0], str) and commands.expression_class(form[0]) else set()
    return own.union(*(classes(item) for item in form))


def chosen_lines() -> Iterator[tuple[str, dict[str, Any]]]:
    """Names of rows with the lines that they carry out."""
    for family, lines in sorted(FAMILIES.items()):
        if family.startswith("expr."):
            known: set[str] = set()
            for line in lines:
                new = classes(line["args"]) - known
                if new:
                    known |= new
                    yield f"{family}: {', '.join(sorted(new))}", line
            continue
        for kind in ("result", "error"):
            found = next((line for line in lines if kind in line), None)
            if found is not None:
                yield f"{family}: {kind}", found


def measured_rows(context: Context) -> Iterator[Row]:
    def call(line: dict[str, Any]) -> Callable[[], object]:
        def run() -> None:
            commands.prepare_operation(context.client, line, KEY)
            with contextlib.suppress(exception.AerospikeError):
                context.client.operate_ordered(KEY, [commands.operation(line)])

        return run

    for name, line in chosen_lines():
        yield Row(name, call(line), COST)


def string_rows(context: Context) -> Iterator[Row]:
    def call(before: Any, operation: Any) -> Callable[[], object]:
        def run() -> None:
            context.client.put(KEY, {"b": before})
            context.client.operate(KEY, [operation])

        return run

    for number, (before, operation, _after) in enumerate([*strings.READS, *strings.WRITES]):
        yield Row(f"string {number}: {operation}"[:70], call(before, operation), COST)


def expression_rows(context: Context) -> Iterator[Row]:
    client = context.client
    expression = GT(IntBin("int"), 5).compile()
    packed = client.get_expression_base64(expression)

    def unreadable() -> None:
        with contextlib.suppress(exception.AerospikeError):
            client.get_expression_from_base64("????")

    def filtered() -> None:
        with contextlib.suppress(exception.FilteredOut):
            client.get(context.key, {"expressions": expression})

    yield Row("Client.get: filtered", filtered)
    yield Row("Client.get_expression_base64", lambda: client.get_expression_base64(expression))
    yield Row("Client.get_expression_from_base64", lambda: client.get_expression_from_base64(packed))
    yield Row("Client.get_expression_from_base64: bad", unreadable)


def rows(context: Context) -> Iterator[Row]:
    for family in (measured_rows, string_rows, expression_rows):
        yield from family(context)
