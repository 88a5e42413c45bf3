# SPDX-License-Identifier: Apache-2.0
"""String operations, operations on paths, and operations computed by expressions."""

import pytest

import aerospike
from aerospike import exception
from aerospike_helpers import cdt_ctx
from aerospike_helpers.expressions.arithmetic import Add
from aerospike_helpers.expressions.base import GT, IntBin
from aerospike_helpers.operations import expression_operations as expressions
from aerospike_helpers.operations import operations as op
from aerospike_helpers.operations import string_operations as strings
from aerospike_helpers.string_helpers import NumericType, RegexFlags, StringPolicy, WriteFlags

READS = [
    ("aé€", strings.strlen("b"), 3),
    ("aé€", strings.byte_length("b"), 6),
    ("hello", strings.substr("b", 2), "llo"),
    ("hello", strings.substr("b", -2), "lo"),
    ("hello", strings.substr_range("b", 1, 3), "el"),
    ("hello", strings.char_at("b", -1), "o"),
    ("hello", strings.find("b", "l"), 2),
    ("hello", strings.find("b", "l", 2), 3),
    ("hello", strings.find("b", "z"), -1),
    ("hello", strings.contains("b", "ell"), True),
    ("hello", strings.starts_with("b", "he"), True),
    ("hello", strings.ends_with("b", "he"), False),
    ("-42", strings.to_integer("b"), -42),
    ("1.5", strings.to_double("b"), 1.5),
    ("12", strings.is_numeric("b"), True),
    ("1.5", strings.is_numeric("b", NumericType.INT), False),
    ("AB", strings.is_upper("b"), True),
    ("AB", strings.is_lower("b"), False),
    ("é", strings.to_blob("b"), "é".encode()),
    ("aé", strings.split("b"), ["a", "é"]),
    ("a,b,,c", strings.split_separator("b", ","), ["a", "b", "", "c"]),
    ("aGk=", strings.base64_decode("b"), b"hi"),
    ("hello", strings.regex_compare("b", "h.*o"), True),
    ("HELLO", strings.regex_compare("b", "h.*o", RegexFlags.CASE_INSENSITIVE), True),
    (42, strings.to_string("b"), "42"),
]

WRITES = [
    ("hello", strings.insert("b", 1, "XY"), "hXYello"),
    ("hello", strings.overwrite("b", 1, "XY"), "hXYlo"),
    ("hello", strings.append("b", "é"), "helloé"),
    ("hello", strings.append("b", ""), "hello"),
    ("hello", strings.prepend("b", ">"), ">hello"),
    ("a", strings.concat("b", ["b", "", "c"]), "abc"),
    ("hello", strings.snip("b", 1, 3), "hlo"),
    ("hello", strings.snip("b", 2), "he"),
    ("aXbX", strings.replace("b", "X", "-"), "a-bX"),
    ("aXbX", strings.replace_all("b", "X", "--"), "a--b--"),
    ("a1b22", strings.regex_replace("b", "[0-9]+", "#"), "a#b22"),
    ("a1b22", strings.regex_replace("b", "[0-9]+", "#", RegexFlags.GLOBAL), "a#b#"),
    ("aé", strings.upper("b"), "AÉ"),
    ("AÉ", strings.lower("b"), "aé"),
    ("Straße", strings.casefold("b"), "strasse"),
    ("e\u0301", strings.normalize_nfc("b"), "é"),
    (" \ta ", strings.trim("b"), "a"),
    (" a ", strings.trim_start("b"), "a "),
    (" a ", strings.trim_end("b"), " a"),
    ("a", strings.pad_start("b", 4, "xy"), "xyxa"),
    ("a", strings.pad_end("b", 4, "xy"), "axyx"),
    ("ab", strings.repeat("b", 3), "ababab"),
]


@pytest.mark.usefixtures("since_8_2")
@pytest.mark.parametrize(("before", "operation", "result"), READS, ids=str)
def test_string_read(outcome, before, operation, result):
    assert outcome(before, operation) == (result, before)


@pytest.mark.usefixtures("since_8_2")
@pytest.mark.parametrize(("before", "operation", "after"), WRITES, ids=str)
def test_string_write(outcome, before, operation, after):
    assert outcome(before, operation)[1] == after


@pytest.mark.usefixtures("since_8_2")
def test_string_policy(outcome, refusal):
    assert refusal("a", strings.append("b", "x", StringPolicy(WriteFlags.CREATE_ONLY))) is exception.BinExistsError
    quiet = StringPolicy(WriteFlags.CREATE_ONLY | WriteFlags.NO_FAIL)
    assert outcome("a", strings.append("b", "x", quiet))[1] == "a"
    assert repr(quiet) == "StringPolicy(5)"


@pytest.mark.usefixtures("since_8_2")
def test_string_within_a_map(outcome):
    context = [cdt_ctx.cdt_ctx_map_key("s")]
    assert outcome({"s": "abc", "t": 1}, strings.upper("b", ctx=context))[1] == {"s": "ABC", "t": 1}
    assert outcome({"s": "abc"}, strings.strlen("b", ctx=context))[0] == 3


@pytest.mark.usefixtures("since_8_2")
def test_string_of_another_type(refusal):
    assert refusal(5, strings.upper("b")) is exception.BinIncompatibleType


# ---- paths ----

STOCK = {"book": {"price": 10, "left": 3}, "pen": {"price": 2, "left": 0}}


@pytest.mark.usefixtures("since_8_2")
def test_select_by_path(outcome):
    path = [cdt_ctx.cdt_ctx_all_children(), cdt_ctx.cdt_ctx_map_key("price")]
    assert outcome(STOCK, op.select_by_path("b", path, aerospike.EXP_PATH_SELECT_VALUE))[0] == [10, 2]
    path = [cdt_ctx.cdt_ctx_map_keys_in(["pen"]), cdt_ctx.cdt_ctx_all_children()]
    assert outcome(STOCK, op.select_by_path("b", path, aerospike.EXP_PATH_SELECT_MAP_KEY))[0] == ["left", "price"]


# ---- expressions ----


def test_expression_read(client, record):
    total = Add(IntBin("a"), 41).compile()
    assert client.operate(record, [expressions.expression_read("sum", total)])[2] == {"sum": 42}
    no_fail = expressions.expression_read("x", Add(IntBin("none"), 1).compile(), aerospike.EXP_READ_EVAL_NO_FAIL)
    assert client.operate(record, [no_fail])[2] == {"x": None}
    with pytest.raises(exception.OpNotApplicable):
        client.operate(record, [expressions.expression_read("x", Add(IntBin("none"), 1).compile())])


def test_expression_write(client, record):
    operation = expressions.expression_write("a", Add(IntBin("a"), 41).compile())
    assert client.operate(record, [operation, op.read("a")])[2] == {"a": 42}
    create = expressions.expression_write("a", GT(IntBin("a"), 1).compile(), aerospike.EXP_WRITE_CREATE_ONLY)
    with pytest.raises(exception.BinExistsError):
        client.operate(record, [create])


@pytest.mark.parametrize("wrong", [None, 5, "x", IntBin("a"), [], b"x"])
def test_an_expression_must_be_compiled(client, record, wrong):
    with pytest.raises(exception.ParamError, match=r"operation 0 \(expression_read on bin 'x'\): expr"):
        client.operate(record, [expressions.expression_read("x", wrong)])
