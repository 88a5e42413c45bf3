# SPDX-License-Identifier: Apache-2.0
"""The commands of what was measured on a real server, and the records as they were before."""

import importlib

import measured
from fix_records import remove_quietly

from aerospike_helpers import HyperLogLog, cdt_ctx

MODULES = {
    "list": "list_operations",
    "map": "map_operations",
    "bit": "bitwise_operations",
    "hll": "hll_operations",
    "op": "operations",
    "expr": "expression_operations",
}
EXPRESSIONS = ("base", "arithmetic", "bitwise", "bitwise_operators", "hll", "list", "map")


def function(name):
    """Of ``list.list_append`` the function list_operations.list_append."""
    module, _, name = name.partition(".")
    return getattr(importlib.import_module(f"aerospike_helpers.operations.{MODULES[module]}"), name)


def expression_class(name):
    modules = [importlib.import_module(f"aerospike_helpers.expressions.{module}") for module in EXPRESSIONS]
    return next((vars(module)[name] for module in modules if name in vars(module)), None)


def build(tree):
    """``["Add", ["IntBin", "i"], 3]`` as the expression Add(IntBin("i"), 3)."""
    name, *arguments = tree
    return expression_class(name)(
        *[
            build(item) if isinstance(item, list) and item and isinstance(item[0], str) and expression_class(item[0])
            else argument(item)
            for item in arguments
        ]
    )  # fmt: skip


def argument(form):
    """An argument of a measured command: a value, a context, an expression, or a list of sketches."""
    match form:
        case {"ctx": entries}:
            return [getattr(cdt_ctx, name)(*map(argument, values)) for name, *values in entries]
        case {"e": tree} | {"ec": tree}:
            return build(tree).compile()
        case {"hlls": sketches}:
            return [HyperLogLog(bytes.fromhex(sketch)) for sketch in sketches]
    return measured.decode(form)


def operation(line):
    """The operation of a line of operations.jsonl."""
    return function(line["op"])(**{name: argument(form) for name, form in line["args"].items()})


def prepare_operation(client, line, key):
    """The record as it was before a line of operations.jsonl."""
    remove_quietly(client, key)
    before = {name: measured.decode(value) for name, value in line["before"].items()}
    if before:
        client.put(key, before)
    setup = []
    if "list_order" in line:
        setup.append(function("list.list_set_order")("l", line["list_order"]))
    if "map_order" in line:
        setup.append(function("map.map_set_policy")("m", {"map_order": line["map_order"]}))
    for name, (values, index_bits, minhash_bits) in line.get("hll", {}).items():
        setup.append(function("hll.hll_add")(name, measured.decode(values), index_bits, minhash_bits))
    if setup:
        client.operate(key, setup)


def prepare_record(client, line, key):
    """The record as it was before a line of records.jsonl."""
    remove_quietly(client, key)
    for _ in range(line["writes"]):
        client.put(key, measured.decode(line["before"]), {}, {"key": line["stored_key"]})
