# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F405
"""Random expressions against a model in Python: what operators build, the server works out as Python would."""

import math

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import aerospike
from aerospike import exception
from aerospike._expression import Node
from aerospike_helpers import cdt_ctx
from aerospike_helpers.expressions import *  # noqa: F403
from aerospike_helpers.expressions import resources
from aerospike_helpers.operations import expression_operations

WIDE = 2**64
INTEGERS = {"i": 7, "j": -3, "k": 0, "big": 2**63 - 1}
FLOATS = {"f": 2.5, "g": -0.25, "h": 1e6}
BOOLEANS = {"t": True, "u": False}
STRINGS = {"s": "abc", "e": ""}


class Unknown_(Exception):  # noqa: N801, N818
    """The server has no result."""


def wrap(number):
    """As 64 bits."""
    return (number + WIDE // 2) % WIDE - WIDE // 2


def quotient(a, b):
    """Integer division as the server does it: cut towards zero."""
    if b == 0:
        raise Unknown_
    assume((a, b) != (-(2**63), -1))  # does not fit, and processors differ
    return wrap(abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1))


def remainder(a, b):
    return a - b * quotient(a, b) if b != 0 else quotient(a, b)


def float_quotient(a, b):
    assume(b != 0)  # the sign of a zero is nowhere told
    return a / b


# A pair of an expression and a function that gives its value, or raises Unknown_.
def leaf(kind, values, bin_class):
    return st.one_of(
        st.sampled_from(sorted(values)).map(lambda name: (bin_class(name), lambda: values[name])),
        kind.map(lambda value: (Val(value), lambda: value)),
    )


def both(function, combine):
    return lambda pair: (combine(pair[0][0], pair[1][0]), lambda: function(pair[0][1](), pair[1][1]()))


def one(function, combine):
    return lambda part: (combine(part[0]), lambda: function(part[1]()))


def integers(child):
    pairs = st.tuples(child, child)
    return st.one_of(
        pairs.map(both(lambda a, b: wrap(a + b), lambda x, y: x + y)),
        pairs.map(both(lambda a, b: wrap(a - b), lambda x, y: x - y)),
        pairs.map(both(lambda a, b: wrap(a * b), lambda x, y: x * y)),
        pairs.map(both(quotient, lambda x, y: x / y)),
        pairs.map(both(quotient, lambda x, y: x // y)),
        pairs.map(both(remainder, lambda x, y: x % y)),
        pairs.map(both(lambda a, b: a & b, lambda x, y: x & y)),
        pairs.map(both(lambda a, b: a | b, lambda x, y: x | y)),
        pairs.map(both(lambda a, b: a ^ b, lambda x, y: x ^ y)),
        pairs.map(both(min, Min)),
        pairs.map(both(max, Max)),
        child.map(one(lambda a: ~a, lambda x: ~x)),
        child.map(one(lambda a: wrap(-a), lambda x: -x)),
        child.map(one(lambda a: (a % WIDE).bit_count(), IntCount)),
    )


INTEGER = st.recursive(leaf(st.integers(-(2**63), 2**63 - 1), INTEGERS, IntBin), integers, max_leaves=8)


def floats(child):
    pairs = st.tuples(child, child)
    return st.one_of(
        pairs.map(both(lambda a, b: a + b, lambda x, y: x + y)),
        pairs.map(both(lambda a, b: a - b, lambda x, y: x - y)),
        pairs.map(both(lambda a, b: a * b, lambda x, y: x * y)),
        pairs.map(both(float_quotient, lambda x, y: x / y)),
        child.map(one(lambda a: -a, lambda x: -x)),
        child.map(one(abs, abs)),
    )


FLOAT = st.recursive(leaf(st.floats(-1e6, 1e6), FLOATS, FloatBin), floats, max_leaves=6)
STRING = leaf(st.text(max_size=4), STRINGS, StrBin)

COMPARISONS = [
    (lambda a, b: a == b, lambda x, y: x == y),
    (lambda a, b: a != b, lambda x, y: x != y),
    (lambda a, b: a < b, lambda x, y: x < y),
    (lambda a, b: a <= b, lambda x, y: x <= y),
    (lambda a, b: a > b, lambda x, y: x > y),
    (lambda a, b: a >= b, lambda x, y: x >= y),
]


def compared(kind):
    return st.tuples(st.sampled_from(COMPARISONS), kind, kind).map(lambda made: both(*made[0])(made[1:]))


def decided(deciding):
    """And, or Or: one part that decides is enough, whatever is unknown beside it."""

    def run(a, b):
        unknown = False
        for part in (a, b):
            try:
                if part() is deciding:
                    return deciding
            except Unknown_:
                unknown = True
        if unknown:
            raise Unknown_
        return not deciding

    return run


def booleans(child):
    pairs = st.tuples(child, child)
    return st.one_of(
        pairs.map(lambda p: (p[0][0] & p[1][0], lambda: decided(False)(p[0][1], p[1][1]))),
        pairs.map(lambda p: (p[0][0] | p[1][0], lambda: decided(True)(p[0][1], p[1][1]))),
        pairs.map(both(lambda a, b: a is not b, lambda x, y: x ^ y)),
        child.map(one(lambda a: not a, lambda x: ~x)),
        st.tuples(child, child, child).map(
            lambda p: (Cond(p[0][0], p[1][0], p[2][0]), lambda: p[1][1]() if p[0][1]() else p[2][1]())
        ),
    )


STRING_ORDER = st.tuples(st.sampled_from(COMPARISONS), STRING, STRING).map(
    lambda made: (
        made[0][1](made[1][0], made[2][0]),
        lambda: made[0][0](made[1][1]().encode(), made[2][1]().encode()),
    )
)
BOOLEAN = st.recursive(
    st.one_of(leaf(st.booleans(), BOOLEANS, BoolBin), compared(INTEGER), compared(FLOAT), STRING_ORDER),
    booleans,
    max_leaves=6,
)


@pytest.fixture(scope="module")
def key(client, namespace):
    key = (namespace, "properties", "record")
    client.put(key, {**INTEGERS, **FLOATS, **BOOLEANS, **STRINGS})
    yield key
    client.remove(key)


def answer(client, key, expression):
    operation = expression_operations.expression_read("out", expression.compile())
    try:
        return client.operate(key, [operation])[2]["out"]
    except exception.OpNotApplicable:
        return Unknown_


def modelled(model):
    try:
        return model()
    except Unknown_:
        return Unknown_
    except OverflowError:
        assume(False)


def same(a, b):
    return a is b or (type(a) is type(b) and (a == b or (a != a and b != b)))


HYPOTHESIS = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@HYPOTHESIS
@given(st.one_of(INTEGER, FLOAT, BOOLEAN, STRING))
def test_the_server_agrees_with_python(client, key, made):
    expression, model = made
    assert same(answer(client, key, expression), modelled(model)), expression


@HYPOTHESIS
@given(BOOLEAN)
def test_filters_agree_with_python(client, key, made):
    expression, model = made
    expected = modelled(model)
    try:
        client.exists(key, {"expressions": expression.compile()})
        assert expected is True, expression
    except exception.FilteredOut:
        assert expected in (False, Unknown_), expression


@HYPOTHESIS
@given(st.one_of(INTEGER, FLOAT, BOOLEAN, STRING))
def test_text_and_base64_keep_the_expression(client, made):
    expression, _ = made
    text = client.get_expression_base64(expression.compile())
    assert client.get_expression_base64(client.get_expression_from_base64(text)) == text
    names = {name: thing for name, thing in globals().items() if isinstance(thing, type)}
    if "…" not in repr(expression):
        again = eval(repr(expression), {**names, "nan": math.nan, "inf": math.inf, "aerospike": aerospike})
        assert client.get_expression_base64(again.compile()) == text


VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**63), 2**63 - 1),
        st.floats(allow_nan=False),
        st.text(max_size=40),
        st.binary(max_size=40),
    ),
    lambda child: st.one_of(
        st.lists(child, max_size=4),
        st.dictionaries(st.one_of(st.integers(-(2**63), 2**63 - 1), st.text(max_size=4), st.binary(max_size=4)), child),
    ),
    max_leaves=12,
)


@HYPOTHESIS
@given(VALUES)
def test_values_come_back(client, key, value):
    back = client.get_expression_from_base64(client.get_expression_base64(Val(value).compile()))
    assert same(back[0][1], value)
    assert same(answer(client, key, Val(value)), value)


@HYPOTHESIS
@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(client, data):
    import base64

    try:
        back = client.get_expression_from_base64(base64.b64encode(data).decode())
    except exception.ParamError:
        return
    again = client.get_expression_from_base64(client.get_expression_base64(back))
    assert repr(again) == repr(back)


NAMES = sorted({*resources.Expression._classes, "Packed", "Nothing"})
ANYTHING = st.one_of(
    VALUES,
    st.sampled_from(
        [object(), (1,), {1}, 2**70, "\ud800", cdt_ctx.cdt_ctx_list_index(0), [cdt_ctx.cdt_ctx_map_key("k")]]
    ),
)
TREES = st.recursive(
    ANYTHING,
    lambda child: st.tuples(st.sampled_from(NAMES), st.lists(child, max_size=8)).map(
        lambda made: Node((made[0], *made[1]))
    ),
    max_leaves=12,
)


@pytest.mark.filterwarnings("ignore:.*policy has no key")
@HYPOTHESIS
@given(TREES)
def test_any_tree_is_packed_or_refused(client, tree):
    try:
        text = client.get_expression_base64([tree])
    except (exception.ParamError, exception.ClientError, exception.BinNameError):
        return
    assert client.get_expression_base64(client.get_expression_from_base64(text)) == text
    assert isinstance(repr(tree), str)
