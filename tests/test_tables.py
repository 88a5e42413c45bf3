# SPDX-License-Identifier: Apache-2.0
"""Every row of the tables of operations and expressions goes all the way: helper, types, an answer, the manual."""

import importlib
import inspect
import os
import pathlib
import re

import measured
import pytest
from measured_commands import operation, prepare_operation
from test_operate_misuse import NAMES
from test_operate_strings import READS, WRITES
from test_typing import policy_tables

import aerospike
from aerospike import _native, exception
from aerospike_helpers import cdt_ctx, expressions
from aerospike_helpers.expressions import Div, LoopVarInt
from aerospike_helpers.operations import bitwise_operations as bits
from aerospike_helpers.operations import list_operations as lists
from aerospike_helpers.operations import operations as op

ROOT = pathlib.Path(__file__).parents[1]


def rows(table):
    """The first argument of each row: a constant of operations.def, a name of expressions.def."""
    text = (ROOT / "src" / "include" / "tables" / f"{table}.def").read_text()
    return re.findall(r"^(?!NAME_ONLY)[A-Z_]+\((\w+),", text, re.M)


def is_typed(function):
    signature = inspect.signature(function)
    return all(parameter.annotation is not parameter.empty for parameter in signature.parameters.values())


# ---- operations ----


def helper(constant):
    module, _, name = NAMES[getattr(_native, constant)].partition(".")
    return getattr(importlib.import_module(f"aerospike_helpers.operations.{module}"), name)


def test_every_helper_has_a_row():
    assert {getattr(_native, constant) for constant in rows("operations")} == set(NAMES)


@pytest.mark.foreign
@pytest.mark.parametrize("constant", rows("operations"))
def test_an_operation_has_a_helper_with_types_and_a_line_in_the_manual(constant, inventory):
    function = helper(constant)
    assert is_typed(function)
    assert f"{function.__module__}.{function.__name__}" in inventory


def measured_answers():
    """``{number of an operation: line}``: of each one to which a real server gave a result."""
    lines = [line for file in ("hll.jsonl", "operations.jsonl") for line in measured.lines(file) if "result" in line]
    of_name = {line["op"]: line for line in lines}
    return {operation(line)["op"]: line for line in of_name.values()}


ALL = [cdt_ctx.cdt_ctx_all_children()]
HALVED = Div(LoopVarInt(aerospike.EXP_LOOPVAR_VALUE), 2).compile()
# An operation, after the value that the bin had before.
BY_HAND = [
    (1, op.touch(100)),
    (1, op.delete()),
    ([4, 2], op.select_by_path("b", ALL, aerospike.EXP_PATH_SELECT_VALUE)),
    ([4, 2], op.modify_by_path("b", ALL, HALVED, aerospike.EXP_PATH_MODIFY_DEFAULT)),
    (["a", "b"], lists.list_join("b")),
    (b"ab", bits.bit_b64_encode("b")),
    *((before, made) for before, made, _after in (*READS, *WRITES)),
]
STRINGS = {made["op"] for _before, made in BY_HAND[4:]}
ANSWERS = {made["op"]: {"before": {"b": before}, "made": made} for before, made in BY_HAND} | measured_answers()


@pytest.mark.parametrize("constant", rows("operations"))
def test_an_operation_is_answered(constant, client, key, request):
    number = getattr(_native, constant)
    if number in STRINGS:
        request.getfixturevalue("since_8_2")
    line = ANSWERS[number]
    prepare_operation(client, line, key)
    client.operate(key, [line.get("made") or operation(line)])


# ---- expressions ----


@pytest.mark.foreign
@pytest.mark.parametrize("name", rows("expressions"))
def test_an_expression_has_a_class_with_types_and_a_line_in_the_manual(name, inventory):
    cls = getattr(expressions, name)
    assert is_typed(cls)
    assert f"{cls.__module__}.{name}" in inventory


# ---- what the manual says of rows ----


def told(table):
    """What docs/_tables/TABLE.txt has texts for."""
    return set(re.findall(r"^([-\w.]+) ", (ROOT / "docs" / "_tables" / f"{table}.txt").read_text(), re.M))


def test_no_text_of_the_manual_is_without_its_row():
    tables = policy_tables()
    keys = set().union(*tables.values()) | {f"{kind}.{key}" for kind, names in tables.items() for key in names}
    classes = {key for key in told("errors") if key.isidentifier()}
    assert classes == set(exception.__all__)
    assert told("constants") <= set(dir(aerospike))
    assert told("policies") <= keys


def statuses():
    """Codes of the C client that this package was built with."""
    chosen = os.environ.get("AEROSPIKE_C_HOME")
    for home in [pathlib.Path(chosen)] if chosen else (ROOT / "build").glob("c-client-*"):
        for header in home.glob("**/include/aerospike/as_status.h"):
            return set(map(int, re.findall(r"^\s+AEROSPIKE_\w+\s*=\s*(-?\d+),", header.read_text(), re.M)))
    return pytest.skip("the C client's headers are not here")


def test_the_manual_tells_of_every_code_of_the_c_client():
    answered = [getattr(exception, name) for name in exception.__all__]
    answered = [cls for cls in answered if not issubclass(cls, exception.LDTError)]  # those are of the codes of 2015
    classes = {vars(cls).get("code") for cls in answered} - {None}
    others = {int(key) for key in told("errors") if not key.isidentifier()}
    assert not classes & others
    assert classes | others == statuses()
