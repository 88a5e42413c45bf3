# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F405
"""What is wrong in an expression is said before anything is sent: which expression, where in it, which argument."""

import pytest

import aerospike
from aerospike._expression import Node
from aerospike.exception import BinNameError, ClientError, ParamError
from aerospike_helpers import cdt_ctx
from aerospike_helpers.expressions import *  # noqa: F403
from aerospike_helpers.operations import expression_operations

VALUE = aerospike.LIST_RETURN_VALUE
MANY = "must be an int or an expression"


def cdt(function, *arguments):
    return [getattr(cdt_ctx, f"cdt_ctx_{function}")(*arguments)]


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        (GT(ListGetByIndex(None, VALUE, 2, "x", "l"), 1), "GT → ListGetByIndex → index " + MANY + ", not str"),
        (ListGetByIndex(None, VALUE, 2, True, "l"), "ListGetByIndex → index " + MANY + ", not bool"),
        (ListGetByIndex(None, VALUE, 2, 2**64, "l"), "ListGetByIndex → index is an int that does not fit 64 bits"),
        (ListGetByIndex(None, 0, 2, 0, "l"), "ListGetByIndex: return_type must be a constant that gives something"),
        (ListGetByIndex(None, VALUE, 99, 0, "l"), "value_type must be from 0 to 9"),
        (ListGetByIndex(None, 5, 3, 0, "l"), "ListGetByIndex: value_type must be 2 with that return_type, not 3"),
        (ListGetByIndex(None, "x", 2, 0, "l"), "return_type must be an int, not str"),
        (ListGetByValue(None, 8, 1, "l"), "ListGetByValue: return_type must be"),
        (ListGetByValue(None, VALUE, 1, "l", "x"), "inverted must be an int, not str"),
        (ListGetByValue(None, VALUE, 1, [5]), None),  # a value is as good as a bin
        (ListGetByValue(None, VALUE, 1, 5), "ListGetByValue → bin must be the name of a bin or an expression, not int"),
        (ListSize(None, b"l"), "ListSize → bin must be the name of a bin or an expression, not bytes"),
        (ListSize(None, "a\0b"), "ListSize → bin must not contain NUL"),
        (MapSize(None, 1.5), "MapSize → bin must be the name of a bin or an expression, not float"),
        (MapSize(None, None), "MapSize → bin must be the name of a bin or an expression, not NoneType"),
        (HLLGetCount(True), "HLLGetCount → bin must be the name of a bin or an expression, not bool"),
        (BitCount(0, 8, [1]), "BitCount → bin must be the name of a bin or an expression, not list"),
        (BinExists("a\0b"), "bin must not contain NUL"),
        (ListGetByValueList(None, VALUE, 1, "l"), "value must be a list or an expression, not int"),
        (ListGetByValueList(None, VALUE, [IntBin("a")], "l"), r"value\[0\] is of type IntBin"),
        (ListAppend(None, 5, 1, "l"), "ListAppend → policy must be a dict or None, not int"),
        (ListAppend(None, {"list_order": "x"}, 1, "l"), r"policy\['list_order'\] must be an int, not str"),
        (ListAppend(None, {"list_order": 9}, 1, "l"), r"policy\['list_order'\] must be from 0 to 1"),
        (ListAppend(None, None, {1, 2}, "l"), "ListAppend → value is of type set, which a server cannot store"),
        (ListAppend(None, None, (1, 2), "l"), "ListAppend → value is of type tuple"),
        (ListAppend(None, None, [1, {"a": {2}}], "l"), r"ListAppend → value\[1\]\['a'\] is of type set"),
        (ListAppend(5, None, 1, "l"), "ListAppend: ctx must be a list of aerospike_helpers.cdt_ctx entries, not int"),
        (ListAppend([5], None, 1, "l"), r"ListAppend: ctx\[0\]: it must be made by a function"),
        (ListAppend(cdt("list_index", "x"), None, 1, "l"), r"ListAppend: ctx\[0\]: its index or rank must be an int"),
        (ListSort(None, "x", "l"), "order must be an int, not str"),
        (ListSize(None, "b" * 16), "bin is longer than 15 bytes of UTF-8"),
        (ListJoin(None, 5, "l"), "separator must be a str, not int"),
        (MapPutItems(None, None, [1], "m"), "map must be a dict or an expression, not list"),
        (MapPut(None, {"map_order": -1}, 1, 1, "m"), r"policy\['map_order'\] must be from 0 to 3"),
        (MapGetByKeyList(None, VALUE, "ab", "m"), "keys must be a list or an expression, not str"),
        (MapGetByRank(None, VALUE, 2, 1.5, "m"), "rank " + MANY + ", not float"),
        (BitResize(None, None, 0, "b"), "byte_size " + MANY + ", not NoneType"),
        (BitResize(None, 1, IntBin("a"), "b"), "flags must be an int, not an expression"),
        (BitSet(None, 0, 8, "x", "b"), "value must be bytes, a bytearray or an expression, not str"),
        (BitGetInt(0, 8, "x", "b"), "sign must be a bool, not str"),
        (BitGetInt(0, 8, 2, "b"), "sign must be from 0 to 1"),
        (HLLAdd(None, "ab", None, None, "h"), "list must be a list or an expression, not str"),
        (HLLInit(None, "x", None, "h"), "index_bit_count " + MANY + ", not str"),
        (Append("x", "y", "s"), "policy must be a StringPolicy or None, not str"),
        (Append(None, 5, "s"), "value must be a str, not int"),
        (Concat(None, "ab", "s"), "values must be a list or an expression, not str"),
        (Replace(None, "a", None, "s"), "replacement must be a str, not NoneType"),
        (SubStr(IntBin("a"), "s"), "start must be an int, not an expression"),
        (
            SelectByPath(cdt("all_children"), 4, 0, "l"),
            r"bin must be ListBin\(\) or MapBin\(\): the path does not tell",
        ),
        (SelectByPath(None, 4, "x", ListBin("l")), "flags must be an int, not str"),
        (ModifyByPath(None, 4, 5, 0, ListBin("l")), "mod_exp must be a compiled expression"),
        (IntBin(5), "IntBin → bin must be a str, not int"),
        (IntBin(b"a"), "IntBin → bin must be a str, not bytes"),
        (IntBin("é" * 8), "IntBin → bin is longer than 15 bytes of UTF-8: 'éééééééé'"),
        (IntBin("\ud800"), "IntBin → bin has a lone surrogate"),
        (DigestMod("3"), "DigestMod → mod must be an int, not str"),
        (DigestMod(2**64), "DigestMod → mod must be from -9223372036854775808 to 9223372036854775807"),
        (CmpRegex("x", "a", "b"), "options must be an int, not str"),
        (CmpRegex(0, 5, "b"), "regex_str must be a str, not int"),
        (Var(5), "Var → var_name must be a str, not int"),
        (Not(), "Not takes 1 argument, not 0"),
        (And(), "And takes at least 1 argument, not 0"),
        (Add(IntBin("a"), Max()), "Add → Max takes at least 1 argument, not 0"),
        (Not(True, False), "Not takes 1 argument, not 2"),
        (Def("x", 1), "Def stands for nothing outside of Let"),
        (And(True, Def("x", 1)), "And → Def stands for nothing outside of Let"),
        (Val({1.5: 1}), "Val → value has a map key of type float"),
        (Val("\ud800"), "lone surrogate"),
        (Val(2**63), "Val → value is an int that does not fit 64 bits"),
        (Val(object()), "Val → value is of type object"),
        (Eq(IntBin("a"), IntBin), "Eq → expr1 is of type type"),
    ],
)
def test_the_place_is_named(client, expression, message):
    if message is None:
        client.get_expression_base64(expression.compile())
        return
    with pytest.raises((ParamError, BinNameError, ClientError), match=f"^.*expression: .*{message}"):
        client.get_expression_base64(expression.compile())


@pytest.mark.parametrize("cls", [LoopVar, lambda _: IntBin(), lambda _: Eq(1), lambda _: ListSize(None)])
def test_classes_check_their_arguments(cls):
    with pytest.raises(TypeError):
        cls(0)


@pytest.mark.parametrize(
    "compiled",
    [
        None,
        5,
        "x",
        b"x",
        {},
        (),
        [],
        [None],
        [1, 2],
        IntBin("a"),
        Eq(IntBin("a"), 1),
        IntBin("a").compile()[0],
        tuple(IntBin("a").compile()),
        IntBin("a").compile() * 2,
        [("IntBin", "a")],
        [[Node(("IntBin", "a"))]],
        [(1, None, None, 2), (81, 2, {"bin": "a"}, 0), (200, None, {"val": 5}, 0)],
    ],
)
def test_what_is_not_compiled(client, compiled):
    with pytest.raises(ParamError, match="must be a compiled expression") as raised:
        client.get_expression_base64(compiled)
    assert raised.value.code == -2


@pytest.mark.parametrize(
    "node",
    [
        Node(()),
        Node((5,)),
        Node((None, 1)),
        Node(("Nothing",)),
        Node(("IntBin",)),
        Node(("IntBin", "a", "b")),
        Node(("IntBin", Node(("IntBin", "a")))),
        Node(("Add", Node(("x",)))),
        Node(("ListSize", None)),
        Node(("ListSize", [[]], "l")),
        Node(("ListSize", Node(("Add",)), "l")),
        Node(("ListGetByIndex", None, None, None, None, None)),
        Node(("Packed", "x")),
        Node(("Packed", b"")),
        Node(("Packed", b"\x01\x01")),
        Node(("Packed", b"\x92\x01")),
        Node(("Packed", b"\xdf\xff\xff\xff\xff")),
        Node(("Packed", None)),
        Node(("Append", object(), "x", "s")),
        Node(("Let", Node(("Def",)))),
        Node(("\ud800",)),
    ],
)
def test_hostile_trees(client, node):
    with pytest.raises((ParamError, ClientError)):
        client.get_expression_base64([node])


def nested(depth):
    expression = IntBin("a")
    for _ in range(depth):
        expression = Abs(expression)
    return expression


def test_depth(client):
    client.get_expression_base64(nested(511).compile())
    with pytest.raises(ParamError, match="expression has expressions nested deeper than 512"):
        client.get_expression_base64(nested(512).compile())
    with pytest.raises(ParamError, match="nested deeper than 512 levels"):
        client.get_expression_base64(nested(200_000).compile())


def test_long_chains_stay_flat(client):
    chain = IntBin("a") == 0
    for number in range(1, 5000):
        chain = chain | (IntBin("a") == number)
    assert len(chain.compile()[0]) == 5001
    client.get_expression_base64(chain.compile())


def test_values_that_contain_themselves(client):
    loop = []
    loop.append(loop)
    with pytest.raises(ParamError, match="nested deeper than 64 levels"):
        client.get_expression_base64(Val(loop).compile())


def test_contexts_that_contain_themselves(client):
    entry = cdt_ctx.cdt_ctx_all_children()
    compiled = SelectByPath([entry], 4, 0, ListBin("l")).compile()
    entry.value = compiled
    with pytest.raises(ParamError, match="nested deeper than 512 levels"):
        client.get_expression_base64(compiled)


def test_too_large(client):
    with pytest.raises(aerospike.exception.RecordTooBig):
        client.get_expression_base64(Eq(BlobBin("b"), bytes(129 << 20)).compile())


def test_policy_keys_are_checked(client, connect):
    with pytest.raises(ParamError, match="ListAppend → policy has no key 'list_ordr'; did you mean 'list_order'"):
        connect(validate_keys=True).get_expression_base64(ListAppend(None, {"list_ordr": 1}, 1, "l").compile())
    with pytest.warns(UserWarning, match="ListAppend → policy has no key 'list_ordr'; did you mean 'list_order'"):
        client.get_expression_base64(ListAppend(None, {"list_ordr": 1}, 1, "l").compile())


def test_where_it_was_used_is_named(client, record):
    wrong = (IntBin("a") > 1) & (ListSize("x", "l") > 1)
    with pytest.raises(ParamError, match="expressions is invalid: the filter: And → GT → ListSize: ctx must be a list"):
        client.get(record, {"expressions": wrong.compile()})
    with pytest.raises(
        ParamError, match=r"operation 0 \(expression_read on bin 'out'\): expr: And → GT → ListSize: ctx"
    ):
        client.operate(record, [expression_operations.expression_read("out", wrong.compile())])
    with pytest.raises(ParamError, match="compiled expression"):
        client.operate(record, [expression_operations.expression_read("out", wrong)])


def test_a_serializer_that_raises_comes_out(connect):
    def serialize(value):
        raise ZeroDivisionError

    client = connect(serialization=(serialize, bytes))
    with pytest.raises(ZeroDivisionError):
        client.get_expression_base64(Eq(BlobBin("b"), {1}).compile())


def test_a_serializer_is_asked(connect):
    client = connect(serialization=(lambda value: str(sorted(value)), bytes))
    text = client.get_expression_base64(Eq(BlobBin("b"), {2, 1}).compile())
    assert text == client.get_expression_base64(Eq(BlobBin("b"), b"[1, 2]").compile())
