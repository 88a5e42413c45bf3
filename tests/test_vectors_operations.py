# SPDX-License-Identifier: Apache-2.0
"""Operations and expressions answer as a real server of version 8.1 did (tests/data/operations.jsonl)."""

import collections
import importlib

import measured
import pytest
from fix_records import remove_quietly

from aerospike import exception
from aerospike_helpers import cdt_ctx

SET = "vectors"
MODULES = {
    "list": "list_operations",
    "map": "map_operations",
    "bit": "bitwise_operations",
    "hll": "hll_operations",
    "op": "operations",
    "expr": "expression_operations",
}
EXPRESSIONS = ("base", "arithmetic", "bitwise", "bitwise_operators", "hll", "list", "map")
FAMILIES = collections.defaultdict(list)
for _line in measured.lines("operations.jsonl"):
    FAMILIES[_line["op"]].append(_line)


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
            else measured.decode(item)
            for item in arguments
        ]
    )  # fmt: skip


def argument(form):
    if isinstance(form, dict) and "ctx" in form:
        return [getattr(cdt_ctx, name)(*map(measured.decode, values)) for name, *values in form["ctx"]]
    if isinstance(form, dict) and "e" in form:
        return build(form["e"]).compile()
    return measured.decode(form)


def prepare(client, line, key):
    """The record as it was before."""
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


def answer_of(client, line, namespace):
    key = (namespace, SET, line["n"])
    prepare(client, line, key)
    try:
        operation = function(line["op"])(**{name: argument(form) for name, form in line["args"].items()})
        results = client.operate_ordered(key, [operation])[2]
        answer = {"result": [measured.encode(list(result)) for result in results]}
    except exception.AerospikeError as error:
        answer = {"error": [error.code, type(error).__name__]}
    try:
        answer["after"] = {name: measured.encode(value) for name, value in client.get(key)[2].items()}
    except exception.RecordNotFound:
        answer["after"] = None
    return answer


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_measured_answers(client, namespace, family):
    wrong = []
    for line in FAMILIES[family]:
        want = {name: line[name] for name in ("result", "error", "after") if name in line}
        got = answer_of(client, line, namespace)
        if got != want:
            wrong.append((line["n"], line["args"], want, got))
    assert wrong == []
