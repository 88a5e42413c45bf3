# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F405
"""Expressions by Python's operators, as Python text, and as base64 that other clients share."""

import base64
import copy
import json
import math
import operator
import pathlib
import pickle
import threading

import pytest
from test_expressions_results import ARITHMETIC, BASE, BITS, HLLS, LISTS, MAPS, PATHS, STRINGS

import aerospike
from aerospike.exception import ParamError
from aerospike_helpers import cdt_ctx
from aerospike_helpers.expressions import *  # noqa: F403
from aerospike_helpers.expressions import resources

ALL = [expression for rows in (BASE, ARITHMETIC, LISTS, MAPS, BITS, HLLS, PATHS, STRINGS) for expression, _ in rows]
A, B, F, S, T = IntBin("a"), IntBin("b"), FloatBin("f"), StrBin("s"), BoolBin("t")


def same(one, other):
    return one.compile() == other.compile() and repr(one) == repr(other)


# ---- operators ----


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (A == 5, Eq(A, 5)),
        (A != B, NE(A, B)),
        (A > 5, GT(A, 5)),
        (A >= 5, GE(A, 5)),
        (A < 5, LT(A, 5)),
        (A <= 5, LE(A, 5)),
        (operator.gt(5, A), LT(A, 5)),
        (operator.eq(5, A), Eq(A, 5)),
        (A == None, Eq(A, None)),  # noqa: E711
        ((A > 5) & T, And(GT(A, 5), T)),
        (T & T & T, And(T, T, T)),
        (T & (T & T), And(T, And(T, T))),
        (True & T, And(True, T)),
        (T | False, Or(T, False)),
        (True | T | T, Or(True, T, T)),
        (T ^ T, Exclusive(T, T)),
        (T ^ T ^ T, Exclusive(Exclusive(T, T), T)),
        (~T, Not(T)),
        (~(A > 5), Not(GT(A, 5))),
        (A & 7, IntAnd(A, 7)),
        (7 | A | 8, IntOr(7, A, 8)),
        (A ^ B, IntXOr(A, B)),
        (~A, IntNot(A)),
        (A << 2, IntLeftShift(A, 2)),
        (1 << A, IntLeftShift(1, A)),
        (A >> 2, IntArithmeticRightShift(A, 2)),
        (256 >> A, IntArithmeticRightShift(256, A)),
        (A + B + 1, Add(A, B, 1)),
        (1 + A, Add(1, A)),
        (sum([A, B]), Add(0, A, B)),
        (A - 1 - B, Sub(Sub(A, 1), B)),
        (1 - A, Sub(1, A)),
        (-A, Sub(A)),
        (+A, A),
        (abs(A), Abs(A)),
        (math.floor(F), Floor(F)),
        (math.ceil(F), Ceil(F)),
        (A * B * 2, Mul(A, B, 2)),
        (2 * A, Mul(2, A)),
        (A / 2, Div(A, 2)),
        (1 / A, Div(1, A)),
        (A / 2.0, Div(ToFloat(A), 2.0)),
        (A / F, Div(ToFloat(A), F)),
        (1 / F, Div(1.0, F)),
        (F / 2, Div(F, 2.0)),
        (A // 2, Div(A, 2)),
        (7 // A, Div(7, A)),
        (F // 2, Floor(Div(F, 2.0))),
        (A // 2.0, Floor(Div(ToFloat(A), 2.0))),
        (A % 3, Mod(A, 3)),
        (10 % A, Mod(10, A)),
        (F**2, Pow(F, 2.0)),
        (2**A, Pow(2.0, ToFloat(A))),
        (A + F, Add(ToFloat(A), F)),
        (F > 5, GT(F, 5.0)),
        (Var("x") + 1 > 2, GT(Add(Var("x"), 1), 2)),
        (Var("x") / 2, Div(Var("x"), 2)),
        (
            ListGetByIndex(None, aerospike.LIST_RETURN_VALUE, ResultType.INTEGER, 0, "l") & 1,
            IntAnd(ListGetByIndex(None, aerospike.LIST_RETURN_VALUE, ResultType.INTEGER, 0, "l"), 1),
        ),
    ],
)
def test_operators_give_expressions(made, expected):
    assert same(made, expected)
    assert type(made) is type(expected)


@pytest.mark.parametrize("use", [bool, lambda e: e and e, lambda e: not e, lambda e: 1 < e < 5, lambda e: e in [A]])
def test_an_expression_has_no_truth_value(use):
    with pytest.raises(TypeError, match="has no truth value"):
        use(A > 5)


def test_expressions_are_hashed_by_identity():
    one, other = IntBin("a"), IntBin("a")
    assert len({one, other}) == 2
    assert {one: 1}[one] == 1
    assert one is not other


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda e: pickle.loads(pickle.dumps(e))])
def test_copies(duplicate):
    expression = (A > 5) & CmpRegex(0, "x", S)
    assert same(duplicate(expression), expression)
    compiled = expression.compile()
    assert duplicate(compiled) == compiled
    assert repr(duplicate(compiled)) == repr(compiled)


def test_a_subclass_is_what_it_derives_from():
    class Age(IntBin):
        def __init__(self):
            super().__init__("age")

    assert same(Age() > 5, IntBin("age") > 5)


# ---- text ----


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ((A > 30) & (S == "Oslo"), "(IntBin('a') > 30) & (StrBin('s') == 'Oslo')"),
        ((A + 1) * 2, "(IntBin('a') + 1) * 2"),
        (A + 1 * B, "IntBin('a') + 1 * IntBin('b')"),
        (A - (B - 1), "IntBin('a') - (IntBin('b') - 1)"),
        (-(F**2), "-FloatBin('f') ** 2.0"),
        ((-F) ** 2.0, "(-FloatBin('f')) ** 2.0"),
        ((F**2.0) ** F, "(FloatBin('f') ** 2.0) ** FloatBin('f')"),
        (F ** (F**2.0), "FloatBin('f') ** FloatBin('f') ** 2.0"),
        ((-2.0) ** F, "(-2.0) ** FloatBin('f')"),
        (~(T | T), "~(BoolBin('t') | BoolBin('t'))"),
        ((A == 1) == T, "(IntBin('a') == 1) == BoolBin('t')"),
        (Eq(1, A), "Eq(1, IntBin('a'))"),
        (And(T), "And(BoolBin('t'))"),
        (And(And(T, T), T), "And(BoolBin('t') & BoolBin('t'), BoolBin('t'))"),
        (And(A, B), "And(IntBin('a'), IntBin('b'))"),
        (Add(F, 1), "Add(FloatBin('f'), 1)"),
        (Sub(A, B, 1), "Sub(IntBin('a'), IntBin('b'), 1)"),
        (BinExists("a"), "BinType('a') != 0"),
        (Val("x"), "Val('x')"),
        (
            Eq(GeoBin("g"), aerospike.GeoJSON({"type": "Point", "coordinates": [1, 2]})),
            "GeoBin('g') == aerospike.GeoJSON({'type': 'Point', 'coordinates': [1, 2]})",
        ),
        (ListSize([cdt_ctx.cdt_ctx_map_key("k")], "m"), "ListSize([cdt_ctx_map_key('k')], 'm')"),
        (Let(Def("x", A), Var("x") > 1), "Let(Def('x', IntBin('a')), Var('x') > 1)"),
    ],
)
def test_text(expression, text):
    assert str(expression) == repr(expression) == text
    assert repr(expression.compile()) == f"[{text}]"


def test_text_of_every_expression_makes_it_again():
    names = {**vars(cdt_ctx), **vars(resources), **{k: v for k, v in globals().items() if k[0].isupper()}}
    for expression in ALL:
        text = repr(expression)
        if "StringPolicy" not in text:
            again = eval(text, {**names, "aerospike": aerospike, "inf": float("inf")})
            assert repr(again) == text


def test_deep_text_ends():
    deep = A
    for _ in range(1000):
        deep = Abs(deep)
    assert "…" in repr(deep)
    assert len(repr(deep)) < 1000


# ---- base64 ----

# Texts that the vendor's client 19.3.0 makes.
KNOWN = [
    (Eq(A, 1), "kwGTUQKhYQE="),
    (Val([1, "a", [2]]), "kn6TAaIDYZEC"),
    (Val({"b": 1, "a": 2}), "gqIDYQKiA2IB"),
    (Let(Def("x", 1), Add(Var("x"), 2)), "lH2heAGTFJJ8oXgC"),
]


@pytest.mark.parametrize(("expression", "text"), KNOWN)
def test_base64_of_the_vendor(client, expression, text):
    assert client.get_expression_base64(expression.compile()) == text


def measured_texts():
    path = pathlib.Path(__file__).parent / "data" / "expressions.json"
    return json.loads(path.read_text())


def test_measured_expressions_are_those_of_the_vendor(client):
    """Every kind of expression with arguments of every kind: what the vendor's client 19.3.0 makes of it."""
    names = {**vars(cdt_ctx), **{k: v for k, v in globals().items() if k[0].isupper()}, "aerospike": aerospike}
    wrong = []
    for source, text in measured_texts():
        if client.get_expression_base64(eval(source, names).compile()) != text:
            wrong.append(source)
    assert wrong == []


def test_texts_are_read_back(client):
    for text in [text for _, text in measured_texts()] + [client.get_expression_base64(e.compile()) for e in ALL]:
        assert client.get_expression_base64(client.get_expression_from_base64(text)) == text


def test_what_was_read_back_works_and_prints(client, record):
    text = client.get_expression_base64(((A > 0) & (S == "abc")).compile())
    back = client.get_expression_from_base64(text)
    assert repr(back) == "[(IntBin('a') > 0) & (StrBin('s') == 'abc')]"
    assert client.get(record, {"expressions": back})[2]["a"] == 1


def test_what_was_read_back_combines(client):
    back = client.get_expression_from_base64(client.get_expression_base64((A > 0).compile()))
    combined = resources.Expression.of(back) & T
    assert same(combined, And(GT(A, 0), T))
    assert type(resources.Expression.of(back)) is GT
    unknown = resources.Expression.of(client.get_expression_from_base64("ks3wAAc="))
    assert repr(unknown == 1) == r"Packed(b'\x92\xcd\xf0\x00\x07') == 1"
    for wrong in (None, [], A, [A], back * 2, [("IntBin", "a")]):
        with pytest.raises(TypeError, match="compiled must be"):
            resources.Expression.of(wrong)


def test_unknown_parts_are_kept(client):
    # [1, [240, 7], 1]: an operator that no client knows yet
    text = "kwGSzPAHAQ=="
    back = client.get_expression_from_base64(text)
    assert repr(back) == r"[Packed(b'\x92\xcc\xf0\x07') == 1]"
    assert client.get_expression_base64(back) == text


@pytest.mark.parametrize("code", [16, 17, 18, 20, 21, 22, 23])
def test_operators_of_nothing_are_kept(client, code):
    """And() and its like, which this client does not write."""
    text = base64.b64encode(bytes([0x91, code])).decode()
    back = client.get_expression_from_base64(text)
    assert repr(back) == f"[Packed({bytes([0x91, code])!r})]"
    assert client.get_expression_base64(back) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "text is not base64"),
        ("x", "text is not base64"),
        ("kwGTUQKhYQ==", "text has no whole expression in it"),
        ("kwGTUQKhYQEB", "text has no whole expression in it"),
        ("3f////8=", "text has no whole expression in it"),
        ("wQ==", "text has no whole expression in it"),
        ("é", "text is not base64"),
        (b"kwGTUQKhYQE=", "text must be a str, not bytes"),
        (None, "text must be a str, not NoneType"),
        ("\ud800", "lone surrogate"),
    ],
)
def test_bad_texts(client, text, message):
    with pytest.raises((ParamError, aerospike.exception.ClientError), match=message):
        client.get_expression_from_base64(text)


def test_deep_texts(client):
    import base64

    # 100,000 levels of Abs
    text = base64.b64encode(b"\x92\x1b" * 100_000 + b"\x01").decode()
    back = client.get_expression_from_base64(text)
    assert "…" in repr(back)


CONTEXT = [
    cdt_ctx.cdt_ctx_list_index(-1),
    cdt_ctx.cdt_ctx_list_rank(2),
    cdt_ctx.cdt_ctx_list_value(b"x"),
    cdt_ctx.cdt_ctx_list_index_create(1, aerospike.LIST_ORDERED, False),
    cdt_ctx.cdt_ctx_list_index_create(1, aerospike.LIST_UNORDERED, True),
    cdt_ctx.cdt_ctx_map_index(0),
    cdt_ctx.cdt_ctx_map_rank(-2),
    cdt_ctx.cdt_ctx_map_key("k"),
    cdt_ctx.cdt_ctx_map_key_create(5, aerospike.MAP_KEY_ORDERED),
    cdt_ctx.cdt_ctx_map_key_create(5, aerospike.MAP_UNORDERED),
    cdt_ctx.cdt_ctx_map_value({"a": [1]}),
    cdt_ctx.cdt_ctx_map_keys_in(["a", "b"]),
    cdt_ctx.cdt_ctx_all_children(),
    cdt_ctx.cdt_ctx_all_children_with_filter((LoopVarInt(1) > 5).compile()),
    cdt_ctx.cdt_ctx_and_filter((LoopVarInt(1) < 9).compile()),
]


def test_contexts_are_read_back(client):
    text = client.get_cdtctx_base64(CONTEXT)
    back = client.get_cdtctx_from_base64(text)
    assert repr(back) == repr(CONTEXT)
    assert client.get_cdtctx_base64(back) == text
    with pytest.raises(ParamError, match="text has no context in it"):
        client.get_cdtctx_from_base64("kwGTUQKhYQE=")


# ---- using them again ----


def test_an_expression_does_not_change_by_use(client, record):
    part = (A > 0) & (S == "abc")
    whole, other = part & T, Or(part, Not(part))
    compiled = [e.compile() for e in (part, whole, other)]
    texts = [client.get_expression_base64(c) for c in compiled]
    for _ in range(3):
        client.get(record, {"expressions": compiled[0]})
        assert [client.get_expression_base64(e.compile()) for e in (part, whole, other)] == texts
        assert [client.get_expression_base64(c) for c in compiled] == texts
    assert part.compile() is not part.compile()


def test_threads_share_an_expression(client, record):
    expression = And(*(IntBin("a") < n for n in range(100, 150))) & (S == "abc")
    compiled, text = expression.compile(), client.get_expression_base64(expression.compile())
    problems = []

    def work():
        for _ in range(50):
            if client.get_expression_base64(expression.compile()) != text:
                problems.append("compiled otherwise")
            if client.get(record, {"expressions": compiled})[2]["a"] != 1:
                problems.append("filtered otherwise")

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
