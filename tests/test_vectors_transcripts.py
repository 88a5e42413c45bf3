# SPDX-License-Identifier: Apache-2.0
"""Calls of operate() made one after another answer as a real server of version 8.1 did (transcript_operate.jsonl)."""

import time

import measured

from aerospike import exception
from aerospike_helpers.expressions import base
from aerospike_helpers.operations import list_operations, operations

SET = "transcripts"
HELPERS = {"op": operations, "list": list_operations}


def build_operation(name, arguments):
    family, function = name.split(".")
    return getattr(HELPERS[family], function)(**measured.decode({"m": list(arguments.items())}))


def build_expression(form):
    name, *operands = form
    return getattr(base, name)(*(build_expression(item) if isinstance(item, list) else item for item in operands))


def build_policy(form):
    return {name: build_expression(value).compile() if name == "expressions" else value for name, value in form.items()}


def show(answer):
    (_namespace, _set, pk, _digest), meta, bins = answer
    return {"pk": pk, "gen": meta["gen"], "bins": measured.encode(bins)}


class Calls:
    """The calls of a transcript, by their names in it."""

    def __init__(self, client, namespace):
        self.client = client
        self.namespace = namespace

    def key(self, pk):
        return (self.namespace, SET, pk)

    def truncate(self):
        answer = self.client.truncate(self.namespace, SET, 0)
        time.sleep(0.3)  # a record written within the same moment would be gone, too
        return answer

    def put(self, pk, bins):
        return self.client.put(self.key(pk), measured.decode(bins), {}, {"key": 1})

    def get(self, pk):
        return show(self.client.get(self.key(pk)))

    def exists(self, pk):
        return self.client.exists(self.key(pk))[1] is not None

    def operate(self, pk, parts, policy=None):
        made = [build_operation(*part) for part in parts]
        return show(self.client.operate(self.key(pk), made, {}, build_policy(policy or {})))

    def operate_ordered(self, pk, parts):
        made = [build_operation(*part) for part in parts]
        return measured.encode(self.client.operate_ordered(self.key(pk), made)[2])


def answer_of(calls, line):
    try:
        return {"result": getattr(calls, line["call"])(*line["args"])}
    except exception.AerospikeError as error:
        return {"error": [error.code, type(error).__name__]}


def test_operate(client, namespace):
    calls = Calls(client, namespace)
    wrong = []
    for line in measured.lines("transcript_operate.jsonl"):
        want = {kind: line[kind] for kind in ("result", "error") if kind in line}
        got = answer_of(calls, line)
        if got != want:
            wrong.append((line["call"], line["args"], want, got))
    assert wrong == []
