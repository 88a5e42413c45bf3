# SPDX-License-Identifier: Apache-2.0
"""Calls made one after another answer as a real server of version 8.1 did (transcript_*.jsonl)."""

import json
import time

import measured
import pytest
from measured_commands import argument, build, function

import aerospike
from aerospike import exception, predicates
from aerospike_helpers.batch import records

SET = "transcripts"
CREATE = {
    "value": "index_single_value_create",
    "list": "index_list_create",
    "keys": "index_map_keys_create",
    "values": "index_map_values_create",
}


def build_operations(forms):
    return [
        function(name)(**{key: measured.decode(form) for key, form in arguments.items()}) for name, arguments in forms
    ]


def build_policy(form):
    return {name: build(value).compile() if name == "expressions" else value for name, value in (form or {}).items()}


def show(answer):
    (_namespace, _set, pk, _digest), meta, *bins = answer
    return {"pk": pk, "gen": meta["gen"]} | ({"bins": measured.encode(bins[0])} if bins else {})


def show_batch(batch):
    rows = [
        {"code": row.result, "in_doubt": row.in_doubt, "record": row.record and show(row.record)}
        for row in batch.batch_records
    ]
    return {"result": batch.result, "records": rows}


def in_order(rows):
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))


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
        return show(self.client.operate(self.key(pk), build_operations(parts), {}, build_policy(policy)))

    def operate_ordered(self, pk, parts):
        return measured.encode(self.client.operate_ordered(self.key(pk), build_operations(parts))[2])


class ManyCalls(Calls):
    """Those of the transcripts of many records."""

    def __init__(self, client, namespace, folder):
        super().__init__(client, namespace)
        self.folder = folder

    def remove(self, pk):
        return self.client.remove(self.key(pk))

    # ---- functions ----

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

    # ---- indexes and queries ----

    def index(self, kind, bin_name, datatype, name, context=None):
        place = self.namespace, SET
        if kind == "set":
            return self.client.index_set_create(*place, name)
        if kind == "geo":
            return self.client.index_single_value_create(*place, bin_name, aerospike.INDEX_GEO2DSPHERE, name)
        if kind == "exp":
            source = build(bin_name).compile()
            return self.client.index_expr_create(*place, aerospike.INDEX_TYPE_DEFAULT, datatype, source, name)
        create = getattr(self.client, CREATE[kind])
        return create(*place, bin_name, datatype, name, None, argument({"ctx": context}) if context else None)

    def index_remove(self, name):
        return self.client.index_remove(self.namespace, name)

    def plan(self, predicate, context=None):
        query = self.client.query(self.namespace, SET)
        if predicate:
            name, *arguments = predicate
            query.where(getattr(predicates, name)(*map(measured.decode, arguments)), context)
        return query

    def query(self, predicate, bins=None, policy=None, context=None, options=None):
        query = self.plan(predicate, argument({"ctx": context}) if context else None)
        if bins:
            query.select(*bins)
        if options:
            query.max_records = options["max_records"]
            return len(query.results(build_policy(policy)))
        return in_order([show(record) for record in query.results(build_policy(policy))])

    def query_nobins(self):
        return in_order([show(record) for record in self.plan(None).results({}, {"nobins": True})])

    def scan(self, bins=None, policy=None):
        scan = self.client.scan(self.namespace, SET)
        if bins:
            scan.select(*bins)
        return in_order([show(record) for record in scan.results(build_policy(policy))])

    def pages(self, size):
        query = self.plan(None)
        query.max_records = size
        query.paginate()
        seen = []
        while not query.is_done():
            seen += [key[2] for key, *_ in query.results()]
        return [len(seen), len(set(seen))]

    def partitions(self, begin, count):
        return len(self.plan(None).results({"partition_filter": {"begin": begin, "count": count}}))

    def aggregate(self, function, predicate=None, arguments=None):
        query = self.plan(predicate)
        query.apply("transcripts", function, arguments or [])
        return in_order([measured.encode(row) for row in query.results()])

    def background(self, ops=None, function=None, predicate=None, policy=None):
        query = self.plan(predicate)
        if ops:
            query.add_ops(build_operations(ops))
        if function:
            query.apply("transcripts", *function)
        job = query.execute_background(build_policy(policy))
        for _ in range(200):
            if self.client.job_info(job, aerospike.JOB_QUERY)["status"] == aerospike.JOB_STATUS_COMPLETED:
                return "completed"
            time.sleep(0.02)
        return "still running"

    # ---- batches ----

    def keys(self, pks):
        return [self.key(pk) for pk in pks]

    def batch_read(self, pks, bins, policy=None):
        return show_batch(self.client.batch_read(self.keys(pks), bins, build_policy(policy)))

    def batch_operate(self, pks, ops, policy=None, of_rows=None):
        chosen = build_policy(policy), build_policy(of_rows)
        return show_batch(self.client.batch_operate(self.keys(pks), build_operations(ops), *chosen))

    def batch_remove(self, pks, policy=None, of_rows=None):
        return show_batch(self.client.batch_remove(self.keys(pks), build_policy(policy), build_policy(of_rows)))

    def batch_apply(self, pks, module, function, arguments, policy=None, of_rows=None):
        values, chosen = measured.decode(arguments), (build_policy(policy), build_policy(of_rows))
        return show_batch(self.client.batch_apply(self.keys(pks), module, function, values, *chosen))

    def row(self, kind, pk, *rest):
        *rest, policy = rest if rest and isinstance(rest[-1], dict) else (*rest, None)
        key, chosen = self.key(pk), build_policy(policy)
        if kind == "read":
            (ops,) = rest
            return records.Read(key, None if ops is None else build_operations(ops), ops is None, None, chosen)
        if kind == "write":
            return records.Write(key, build_operations(rest[0]), None, chosen)
        if kind == "apply":
            module, function, arguments = rest
            return records.Apply(key, module, function, measured.decode(arguments), chosen)
        return records.Remove(key, chosen)

    def batch_write(self, rows, policy=None):
        return show_batch(
            self.client.batch_write(records.BatchRecords([self.row(*row) for row in rows]), build_policy(policy))
        )


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


@pytest.mark.parametrize("subject", ["batch", "query", "udf"])
def test_many_records(client, namespace, tmp_path, subject):
    lines = measured.lines(f"transcript_{subject}.jsonl")
    assert wrong_answers(ManyCalls(client, namespace, tmp_path), lines) == []
