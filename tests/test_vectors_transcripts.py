# SPDX-License-Identifier: Apache-2.0
"""Calls made one after another answer as a real server of version 8.1 did (transcript_*.jsonl)."""

import json
import time

import measured

import aerospike
from aerospike import exception, predicates
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


def in_order(rows):
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))


class FunctionCalls(Calls):
    """The calls of the transcript of functions."""

    def __init__(self, client, namespace, folder):
        super().__init__(client, namespace)
        self.folder = folder

    def get(self, pk):
        answer = self.client.get(self.key(pk))
        return {**show(answer), "pk": answer[0][2]}

    def udf_put(self, source):
        path = self.folder / "transcripts.lua"
        path.write_text(source)
        return self.client.udf_put(path)

    def udf_names(self):
        return sorted(module["name"] for module in self.client.udf_list() if module["name"].startswith("transcripts"))

    def udf_remove(self, name):
        return self.client.udf_remove(name)

    def apply(self, pk, function, arguments):
        values = measured.decode(arguments)
        return measured.encode(self.client.apply(self.key(pk), "transcripts", function, values))

    def apply_from(self, pk, module, function):
        return measured.encode(self.client.apply(self.key(pk), module, function, []))

    def index(self, kind, bin_name, datatype, name):
        assert kind == "value"
        return self.client.index_single_value_create(self.namespace, SET, bin_name, datatype, name)

    def index_remove(self, name):
        return self.client.index_remove(self.namespace, name)

    def plan(self, predicate):
        query = self.client.query(self.namespace, SET)
        if predicate:
            function, *arguments = predicate
            query.where(getattr(predicates, function)(*arguments))
        return query

    def query(self, predicate, bins=None):
        query = self.plan(predicate)
        if bins:
            query.select(*bins)
        return in_order([show(record) for record in query.results()])

    def aggregate(self, function, predicate=None, arguments=None):
        query = self.plan(predicate)
        query.apply("transcripts", function, arguments or [])
        return in_order([measured.encode(row) for row in query.results()])

    def background(self, ops=None, function=None, predicate=None, policy=None):
        query = self.plan(predicate)
        if ops:
            query.add_ops([build_operation(*part) for part in ops])
        if function:
            query.apply("transcripts", *function)
        job = query.execute_background(build_policy(policy or {}))
        for _ in range(200):
            if self.client.job_info(job, aerospike.JOB_QUERY)["status"] == aerospike.JOB_STATUS_COMPLETED:
                return "completed"
            time.sleep(0.02)
        return "still running"


def answer_of(calls, line):
    try:
        return {"result": getattr(calls, line["call"])(*line["args"])}
    except exception.AerospikeError as error:
        return {"error": [error.code, type(error).__name__]}


def wrong_answers(calls, lines):
    wrong = []
    for line in lines:
        want = {kind: line[kind] for kind in ("result", "error") if kind in line}
        got = answer_of(calls, line)
        if got != want:
            wrong.append((line["call"], line["args"], want, got))
    return wrong


def test_operate(client, namespace):
    assert wrong_answers(Calls(client, namespace), measured.lines("transcript_operate.jsonl")) == []


def test_functions(client, namespace, tmp_path):
    calls = FunctionCalls(client, namespace, tmp_path)
    assert wrong_answers(calls, measured.lines("transcript_udf.jsonl")) == []
