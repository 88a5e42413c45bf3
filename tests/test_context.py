# SPDX-License-Identifier: Apache-2.0
"""Contexts: what is refused, their base64, and names of indexes. What they lead to is tested with the operations."""

import base64

import pytest

import aerospike
from aerospike import exception
from aerospike_helpers import cdt_ctx
from aerospike_helpers.expressions.base import GT, IntBin
from aerospike_helpers.operations import list_operations as lists
from aerospike_helpers.operations import map_operations as maps
from aerospike_helpers.operations import operations as op

INDEX = cdt_ctx.cdt_ctx_list_index

# what stands in the context, and the text about it
MISUSES = [
    (5, "ctx must be a list of aerospike_helpers.cdt_ctx entries, not int"),
    ((INDEX(0),), "ctx must be a list of aerospike_helpers.cdt_ctx entries, not tuple"),
    ([5], r"ctx\[0\]: it must be made by a function of aerospike_helpers.cdt_ctx, not int"),
    ([INDEX(0), None], r"ctx\[1\]: it must be made by a function"),
    ([cdt_ctx._cdt_ctx(id=99)], r"ctx\[0\]: its id 99 is none"),
    ([cdt_ctx._cdt_ctx(id=None)], r"its id must be an int, not NoneType"),
    ([cdt_ctx._cdt_ctx(id=2**70)], r"its id must be from 0"),
    ([INDEX("a")], r"ctx\[0\]: its index or rank must be an int, not str"),
    ([INDEX(None)], "its index or rank must be an int, not NoneType"),
    ([INDEX(2**31)], "its index or rank must be from -2147483648 to 2147483647"),
    ([INDEX(-(10**30))], "its index or rank must be from"),
    ([cdt_ctx.cdt_ctx_map_rank(1.5)], "its index or rank must be an int, not float"),
    ([cdt_ctx.cdt_ctx_list_value((1,))], "its value is of type tuple"),
    ([cdt_ctx.cdt_ctx_list_value([{1}])], r"its value\[0\] is of type set"),
    ([cdt_ctx.cdt_ctx_map_key(2**63)], "its value must be from -9223372036854775808"),
    ([cdt_ctx.cdt_ctx_map_key_create(1.5)], "its key must be a str, int or bytes, not float"),
    ([cdt_ctx.cdt_ctx_map_key_create("a", "x")], "order_key must be an int, not str"),
    ([cdt_ctx.cdt_ctx_map_key_create("a", 9)], "order_key must be from 0 to 3, not 9"),
    ([cdt_ctx.cdt_ctx_list_index_create(0, 2)], "order_key must be from 0 to 1, not 2"),
    ([cdt_ctx.cdt_ctx_list_index_create(0, 0, "x")], "pad_key must be an int, not str"),
    ([cdt_ctx._cdt_ctx(id=aerospike.CDT_CTX_LIST_INDEX_CREATE, value=1, extra_args=5)], "extra_args must be a dict"),
    (
        [cdt_ctx._cdt_ctx(id=aerospike.CDT_CTX_LIST_INDEX_CREATE, value=1, extra_args={"pad_key": None})],
        "pad_key must be an int, not NoneType",
    ),
    ([cdt_ctx.cdt_ctx_map_keys_in("ab")], "its keys must be a list, not str"),
    ([cdt_ctx.cdt_ctx_all_children_with_filter("x")], "its expression"),
    ([cdt_ctx.cdt_ctx_and_filter(5)], "its expression must be a compiled expression"),
]


@pytest.mark.parametrize(("context", "message"), MISUSES, ids=str)
def test_misuse(client, record, context, message):
    for operation in (lists.list_size("l", ctx=context), maps.map_put("m", "a", 1, ctx=context)):
        # what cannot be stored is a ClientError in operations
        with pytest.raises(exception.ClientError, match=message) as caught:
            client.operate(record, [op.read("a"), operation])
        assert str(caught.value.msg).startswith("operation 1 (")
    if isinstance(context, list):
        with pytest.raises(exception.ParamError, match=message):
            client.get_cdtctx_base64(context)
    assert client.get(record)[1]["gen"] == 1


def test_a_mistyped_extra_argument_warns(client, record, connect):
    entry = cdt_ctx._cdt_ctx(id=aerospike.CDT_CTX_MAP_KEY_CREATE, value="a", extra_args={"order_kye": 1})
    with pytest.warns(UserWarning, match="extra_args has no key 'order_kye'; did you mean 'order_key'"):
        client.get_cdtctx_base64([entry])
    with pytest.raises(exception.ParamError, match='"order_kye" is an invalid context dictionary key'):
        connect(validate_keys=True).get_cdtctx_base64([entry])


def test_an_empty_context_is_none(client, record):
    assert client.operate(record, [lists.list_size("l", ctx=[])])[2] == {"l": 2}


def test_what_creates_needs_one_place(client, record):
    context = [INDEX(0), cdt_ctx.cdt_ctx_all_children()]
    for operation in (lists.list_create("l", 0, False, False, context), maps.map_create("l", 0, False, context)):
        with pytest.raises(exception.ParamError, match=r"ctx\[1\] selects children"):
            client.operate(record, [operation])


def test_path_operations_need_a_context(client, record):
    for context in ([], None):
        with pytest.raises(exception.ParamError, match="ctx must have at least one entry"):
            client.operate(record, [op.select_by_path("l", context, aerospike.EXP_PATH_SELECT_VALUE)])


@pytest.mark.parametrize(
    ("value", "context", "found"),
    [
        ({"a": 1, "a\0b": [1, 2]}, cdt_ctx.cdt_ctx_map_key("a\0b"), 2),
        ([[1], [2, "x"]], cdt_ctx.cdt_ctx_list_value([2, aerospike.CDTWildcard()]), 2),
        ([[4]], cdt_ctx.cdt_ctx_list_value(aerospike.CDTWildcard()), 1),
        ({b"": [1, 2, 3]}, cdt_ctx.cdt_ctx_map_key(b""), 3),
        ([{"a\0b": 1, "a\0c": 2}], cdt_ctx.cdt_ctx_list_value({"a\0c": 2, "a\0b": 1}), None),
    ],
)
def test_values_that_the_c_client_has_no_form_for(client, key, value, context, found):
    client.put(key, {"v": value})
    if found is None:  # what is found there is no list
        with pytest.raises(exception.BinIncompatibleType):
            client.operate(key, [lists.list_size("v", [context])])
    else:
        assert client.operate(key, [lists.list_size("v", [context])])[2] == {"v": found}


def test_nothing_is_infinite(client, key):
    client.put(key, {"v": [[1]]})
    with pytest.raises(exception.OpNotApplicable):
        client.operate(key, [lists.list_size("v", [cdt_ctx.cdt_ctx_list_value(aerospike.CDTInfinite())])])


def test_contexts_are_used_again(client, record):
    context = [cdt_ctx.cdt_ctx_list_value(2)]
    client.put(record, {"l": [1, 2, [3]]})
    operation = lists.list_size("l", ctx=[INDEX(2)])
    assert [client.operate(record, [operation])[2] for _ in range(3)] == [{"l": 1}] * 3
    assert client.get_cdtctx_base64(context) == client.get_cdtctx_base64(context)


# ---- base64 ----

TEXTS = [
    ([INDEX(0)], b"\x92\x10\x00"),
    ([cdt_ctx.cdt_ctx_list_rank(-1)], b"\x92\x11\xff"),
    ([cdt_ctx.cdt_ctx_list_value(["a", 1])], b"\x92\x13\x92\xa2\x03a\x01"),
    ([cdt_ctx.cdt_ctx_map_index(1)], b"\x92\x20\x01"),
    ([cdt_ctx.cdt_ctx_map_rank(2)], b"\x92\x21\x02"),
    ([cdt_ctx.cdt_ctx_map_key("a")], b"\x92\x22\xa2\x03a"),
    ([cdt_ctx.cdt_ctx_map_value(b"x")], b"\x92\x23\xa2\x04x"),
    ([cdt_ctx.cdt_ctx_map_keys_in(["a", 1])], b"\x92\x2a\x92\xa2\x03a\x01"),
    ([cdt_ctx.cdt_ctx_all_children()], b"\x92\x04\xc3"),
    ([cdt_ctx.cdt_ctx_list_index_create(1)], b"\x92\x50\x01"),
    ([cdt_ctx.cdt_ctx_list_index_create(1, aerospike.LIST_UNORDERED, True)], b"\x92\xcc\x90\x01"),
    ([cdt_ctx.cdt_ctx_list_index_create(1, aerospike.LIST_ORDERED)], b"\x92\xcc\xd0\x01"),
    ([cdt_ctx.cdt_ctx_map_key_create("a")], b"\x92\x62\xa2\x03a"),
    ([cdt_ctx.cdt_ctx_map_key_create("a", aerospike.MAP_KEY_ORDERED)], b"\x92\xcc\xa2\xa2\x03a"),
    ([cdt_ctx.cdt_ctx_map_key_create("a", aerospike.MAP_KEY_VALUE_ORDERED)], b"\x92\xcc\xe2\xa2\x03a"),
    ([INDEX(0), cdt_ctx.cdt_ctx_map_key(2**40)], b"\x94\x10\x00\x22\xcf" + (2**40).to_bytes(8, "big")),
]


@pytest.mark.parametrize(("context", "packed"), TEXTS, ids=str)
def test_base64(client, context, packed):
    assert client.get_cdtctx_base64(context) == base64.b64encode(packed).decode()


@pytest.mark.parametrize(("context", "packed"), TEXTS, ids=str)
def test_base64_is_read_back(client, context, packed):
    again = client.get_cdtctx_from_base64(base64.b64encode(packed).decode())
    assert client.get_cdtctx_base64(again) == base64.b64encode(packed).decode()
    assert [(type(entry), entry.id, entry.value) for entry in again] == [
        (type(entry), entry.id, entry.value) for entry in context
    ]


def test_expressions_in_contexts_are_read_back(client):
    expression = GT(IntBin("a"), 3).compile()
    context = [cdt_ctx.cdt_ctx_all_children_with_filter(expression), cdt_ctx.cdt_ctx_and_filter(expression)]
    text = client.get_cdtctx_base64(context)
    again = client.get_cdtctx_from_base64(text)
    assert [entry.value for entry in again] == [expression, expression]
    assert client.get_cdtctx_base64(again) == text


@pytest.mark.parametrize(
    "packed",
    [
        b"\x05",
        b"\x91\x10",
        b"\x92\x10",
        b"\x94\x10\x00",
        b"\x92\xa1a\x00",
        b"\x92\x22\xa5\x03a",
        b"\x92\x07\x00",
        b"\x92\x51\x00",
        b"\x92\xcf" + b"\xff" * 8 + b"\x00",
        b"\x92\x10\x00\x00",
        b"\x92\x04\x93",
        b"\xdd\xff\xff\xff\xfe",
    ],
    ids=str,
)
def test_bytes_that_are_no_context(client, packed):
    with pytest.raises(exception.ParamError, match="text has no context in it"):
        client.get_cdtctx_from_base64(base64.b64encode(packed).decode())


@pytest.mark.parametrize("text", [None, 5, b"khAA", "", "kh", "k!AA", "\ud800"])
def test_text_that_is_no_base64(client, text):
    with pytest.raises(exception.ClientError, match="text"):
        client.get_cdtctx_from_base64(text)


def test_a_long_context(client):
    text = client.get_cdtctx_base64([cdt_ctx.cdt_ctx_map_key("k" * 3000)] * 20)
    assert len(base64.b64decode(text)) > 60000


@pytest.mark.parametrize("wrong", [None, 5, [], (INDEX(0),), "khAA"])
def test_base64_of_no_context(client, wrong):
    with pytest.raises(exception.ParamError, match="ctx must be a list of at least one"):
        client.get_cdtctx_base64(wrong)


# ---- names ----


def test_names_of_indexes():
    types = ("DEFAULT", "LIST", "MAPKEYS", "MAPVALUES")
    names = [cdt_ctx.index_type_string(getattr(aerospike, f"INDEX_TYPE_{name}")) for name in types]
    assert names == ["default", "list", "mapkeys", "mapvalues"]
    names = [
        cdt_ctx.index_datatype_string(getattr(aerospike, f"INDEX_{name}"))
        for name in ("STRING", "NUMERIC", "GEO2DSPHERE")
    ]
    assert names == ["string", "numeric", "geo2dsphere"]
    assert cdt_ctx.index_type_string(99) == cdt_ctx.index_datatype_string("x") == "invalid"


def test_entries_show_what_they_are():
    assert repr(INDEX(3)) == "cdt_ctx_list_index(3)"
    assert repr(cdt_ctx.cdt_ctx_map_key_create("a", 1)) == "cdt_ctx_map_key_create('a', 1)"
    assert repr(cdt_ctx.cdt_ctx_list_index_create(1, 0, True)) == "cdt_ctx_list_index_create(1, 0, True)"
    assert repr(cdt_ctx.cdt_ctx_all_children()) == "cdt_ctx_all_children()"
    assert repr(cdt_ctx._cdt_ctx(id=99, value=3)) == "_cdt_ctx(id=99, value=3, extra_args=None)"
