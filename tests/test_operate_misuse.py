# SPDX-License-Identifier: Apache-2.0
"""Every operation with arguments of every wrong kind: an exception that names them, or an answer, never a crash."""

import copy
import importlib
import inspect

import pytest

import aerospike
from aerospike import _native, exception
from aerospike.exception import ParamError
from aerospike_helpers import cdt_ctx
from aerospike_helpers.expressions.base import Eq, IntBin
from aerospike_helpers.operations import list_operations as lists
from aerospike_helpers.operations import map_operations as maps
from aerospike_helpers.string_helpers import StringPolicy

MODULES = (
    "operations",
    "list_operations",
    "map_operations",
    "bitwise_operations",
    "hll_operations",
    "string_operations",
    "expression_operations",
)
EXPRESSION = Eq(IntBin("a"), 1).compile()

# A good argument for each parameter's name; where a function takes another kind, "module.function.name".
GOOD = {
    "bin_name": "b",
    "index": 0,
    "rank": 0,
    "count": 1,
    "offset": 0,
    "value": 1,
    "values": [1],
    "value_list": [1],
    "hll_list": [b"x"],
    "key_list": ["a"],
    "value_begin": 1,
    "value_end": 3,
    "value_start": 1,
    "key_range_start": "a",
    "key_range_end": "c",
    "return_type": 7,
    "inverted": False,
    "policy": {},
    "map_policy": {"map_order": 1},
    "ctx": [cdt_ctx.cdt_ctx_list_index(0)],
    "list_order": 1,
    "map_order": 1,
    "pad": False,
    "persist_index": False,
    "sort_flags": 0,
    "separator": ",",
    "key": "a",
    "amount": 1,
    "item_dict": {"a": 1},
    "index_start": 0,
    "rank_start": 0,
    "get_amt": 1,
    "remove_amt": 1,
    "bit_offset": 0,
    "bit_size": 8,
    "byte_offset": 0,
    "byte_size": 1,
    "value_byte_size": 1,
    "sign": False,
    "action": 0,
    "shift": 1,
    "resize_flags": 0,
    "invert_size": False,
    "index_bit_count": 8,
    "mh_bit_count": 4,
    "append_item": "x",
    "prepend_item": "x",
    "write_item": [1],
    "ttl": 100,
    "flags": 0,
    "expr": EXPRESSION,
    "expression": EXPRESSION,
    "expression_read_flags": 0,
    "expression_write_flags": 0,
    "start": 0,
    "end": 1,
    "needle": "a",
    "occurrence": 1,
    "prefix": "a",
    "suffix": "a",
    "replacement": "b",
    "target_length": 5,
    "pad_string": "*",
    "pattern": "a+",
    "regex_flags": 0,
    "numeric_type": 0,
    "bitwise_operations.bit_insert.value": b"x",
    "bitwise_operations.bit_set.value": b"x",
    "bitwise_operations.bit_or.value": b"x",
    "bitwise_operations.bit_xor.value": b"x",
    "bitwise_operations.bit_and.value": b"x",
    "bitwise_operations.bit_lscan.value": True,
    "bitwise_operations.bit_rscan.value": True,
    **{f"string_operations.{name}.value": "x" for name in ("append", "prepend", "insert", "overwrite")},
    "string_operations.concat.value_list": ["x"],
}


def good_argument(module, name, parameter):
    if module == "string_operations" and parameter == "policy":
        return StringPolicy()
    return GOOD.get(f"{module}.{name}.{parameter}", GOOD.get(parameter))


def every_operation():
    for module in MODULES:
        functions = vars(importlib.import_module(f"aerospike_helpers.operations.{module}"))
        for name, function in sorted(functions.items()):
            if inspect.isfunction(function) and function.__module__.endswith(module) and not name.startswith("_"):
                arguments = {
                    parameter: good_argument(module, name, parameter)
                    for parameter in inspect.signature(function).parameters
                }
                yield pytest.param(function(**arguments), id=f"{module}.{name}")


OPERATIONS = list(every_operation())
NAMES = {param.values[0]["op"]: param.id for param in OPERATIONS}
WRONG = [
    None, 1.5, float("nan"), "x", "a\0b", "\ud800", b"x", 2**70, -(2**70), 2**63, -1, [], {}, (), {1}, object(),
    [None], {"write_flags": "x", "map_order": [], "bit_write_flags": {}, "flags": None}, aerospike.CDTInfinite(), True,
]  # fmt: skip


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_good_one_is_taken(client, record, operation):
    """The server answers it, if only with an error of its own."""
    before = copy.copy(operation)
    try:
        client.operate(record, [operation])
    except exception.ClientError as error:
        pytest.fail(f"refused by the client: {error.msg}")
    except exception.ServerError:
        pass
    assert operation == before


# Keys that may be absent, but not where the operation's number stands after them.
OPTIONAL = {
    "inverted": (),
    "count": (_native._OP_STRING_REPEAT,),
    "value_begin": (),
    "value_end": (),
    "policy": (),
    "list_policy": (),
    "map_policy": (aerospike.OP_MAP_SET_POLICY,),
    "hll_policy": (),
    "ctx": (_native._OP_SELECT_BY_PATH, _native._OP_MODIFY_BY_PATH),
    "separator": (_native._OP_STRING_SPLIT_SEPARATOR,),
    "end": (_native._OP_STRING_SUBSTR_RANGE,),
    "byte_size": (aerospike.OP_BIT_RESIZE, aerospike.OP_BIT_REMOVE),
    "value_byte_size": (),
    "resize_flags": (),
    "invert_size": (),
}


def may_be_absent(operation, key):
    number = operation["op"]
    if key == "return_type":
        return "map" in NAMES[number]
    if key == "val":
        return number == aerospike.OPERATOR_TOUCH
    return key in OPTIONAL and number not in OPTIONAL[key]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_missing_key_is_named(client, record, operation):
    for key in operation:
        if not may_be_absent(operation, key):
            rest = {name: value for name, value in operation.items() if name != key}
            with pytest.raises(exception.ParamError, match=f"'{key}' is missing"):
                client.operate(record, [rest])


@pytest.mark.embedded_only("real servers of version 8.1 end on some of these")
@pytest.mark.filterwarnings("ignore:.*_policy has no key:UserWarning")
@pytest.mark.parametrize("operation", OPERATIONS)
def test_wrong_arguments(client, record, operation):
    for key in set(operation) - {"op"}:
        for wrong in WRONG:
            broken = {**operation, key: wrong}
            before = dict(broken)
            try:
                client.operate(record, [broken])
            except exception.AerospikeError as error:
                if isinstance(error, exception.ClientError) and "operation 0" not in error.msg:
                    pytest.fail(f"{key}={wrong!r}: {error.msg}")
            assert broken == before
            client.put(record, {"b": [1]})


@pytest.mark.parametrize(
    "name", sorted(name for name in dir(aerospike) if name.startswith("OP_") and name.endswith("_TO_END"))
)
def test_constants_that_name_no_operation(client, record, name):
    with pytest.raises(exception.ParamError, match="is no operation"):
        client.operate(record, [{"op": getattr(aerospike, name), "bin": "l", "index": 0, "return_type": 7}])


def test_unknown_policy_fields_warn(client, record):
    with pytest.warns(UserWarning, match="list_policy has no key 'flags'; .*'write_flags'"):
        client.operate(record, [{"op": aerospike.OP_LIST_APPEND, "bin": "l", "val": 1, "list_policy": {"flags": 1}}])
    policy = {"map_write_flag": 2}
    with pytest.warns(UserWarning, match="map_policy has no key 'map_write_flag'; did you mean 'map_write_flags'"):
        client.operate(record, [{"op": aerospike.OP_MAP_PUT, "bin": "m", "key": "a", "val": 1, "map_policy": policy}])


@pytest.mark.parametrize(
    ("operation", "problem"),
    [
        (lists.list_append("b", 1, {"list_order": 7}), r"list_policy\['list_order'\] must be from 0 to 1, not 7"),
        (lists.list_append("b", 1, {"write_flags": 256}), r"list_policy\['write_flags'\] must be from 0 to 255"),
        (maps.map_put("b", 1, 1, {"map_order": 4}), r"map_policy\['map_order'\] must be from 0 to 3, not 4"),
        (maps.map_put("b", 1, 1, {"persist_index": 2}), r"map_policy\['persist_index'\] must be a bool, not int"),
    ],
)
def test_policies_of_operations_have_the_ranges_of_those_of_expressions(client, record, operation, problem):
    with pytest.raises(ParamError, match=problem):
        client.operate(record, [operation])
