# SPDX-License-Identifier: Apache-2.0
"""Batches answer as a real server of version 8.1 did (many-batch.jsonl): what came of each row, and what was left."""

import json

import measured
import pytest
from fix_both import CLIENTS
from fix_server import HOSTS
from measured_commands import build, operation

from aerospike import embedded, exception
from aerospike_helpers.batch import records

SET = "many"
LINES = [line for line in measured.lines("many-batch.jsonl") if not line.get("setup")]
EVER = 2**32 - 1


def ttl_class(ttl):
    """A ttl as it was asked for: seconds pass while we look."""
    asked = (0, 100, 500, 1000, 2592000, 315360000)
    return "never" if ttl == EVER else next((seconds for seconds in asked if seconds - 60 <= ttl <= seconds), "some")


def show(record, with_pk=False):
    if record is None:
        return None
    (_namespace, _set, pk, _digest), meta, *bins = record
    shown = {"pk": measured.encode(pk)} if with_pk else {}
    shown |= {"gen": meta["gen"], "ttl": ttl_class(meta["ttl"])}
    return shown | ({"bins": measured.encode(bins[0])} if bins else {})


def policy(form):
    if form is None:
        return None
    return {name: build(value).compile() if name == "expressions" else value for name, value in form.items()}


def operations_of(forms):
    return [operation({"op": name, "args": arguments}) for name, arguments in forms]


class Line:
    """One line, asked again."""

    def __init__(self, client, line):
        self.client, self.line, self.arguments = client, line, line["args"]

    def key(self, form):
        namespace, set_name, pk = form if isinstance(form, list) else ("test", SET, form)
        return (namespace, set_name, f"{self.line['n']}{pk}")

    def prepare(self):
        for name, before in self.line.get("before", {}).items():
            for _ in range(0 if before is None else before.get("writes", 1)):
                meta = {"ttl": before["ttl"]} if "ttl" in before else {}
                bins = measured.decode(before["bins"])
                self.client.put(self.key(name), bins, meta, {"key": before.get("key", 0)})

    def row(self, kind, key, of):
        chosen, meta = policy(of.get("policy")), of.get("meta")
        if kind == "read":
            ops = operations_of(of["ops"]) if "ops" in of else None
            return records.Read(self.key(key), ops, of.get("all", False), meta, chosen)
        if kind == "write":
            return records.Write(self.key(key), operations_of(of["ops"]), meta, chosen)
        if kind == "apply":
            return records.Apply(self.key(key), of["module"], of["fn"], measured.decode(of["args"]), chosen)
        return records.Remove(self.key(key), chosen)

    def call(self):
        if self.line["call"] == "batch_write":
            batch = records.BatchRecords([self.row(*row) for row in self.arguments["rows"]])
            return batch, lambda: self.client.batch_write(batch, policy(self.arguments.get("policy")))
        return records.BatchRecords(), self.call_on_keys

    def call_on_keys(self):
        arguments, client = self.arguments, self.client
        whole, of_rows = policy(arguments.get("policy")), policy(arguments.get("row_policy"))
        keys = [self.key(key) for key in arguments["keys"]]
        if self.line["call"] == "batch_read":
            return client.batch_read(keys, arguments.get("bins"), whole)
        if self.line["call"] == "batch_remove":
            return client.batch_remove(keys, whole, of_rows)
        if self.line["call"] == "batch_apply":
            values = measured.decode(arguments["args"])
            return client.batch_apply(keys, arguments["module"], arguments["fn"], values, whole, of_rows)
        return client.batch_operate(keys, operations_of(arguments["ops"]), whole, of_rows, arguments.get("ttl"))

    def answer(self):
        batch, call = self.call()
        try:
            answer = call()
        except exception.AerospikeError as error:
            rows = [row.result for row in batch.batch_records]
            return {"error": error.code} | ({"records": rows} if self.line["call"] == "batch_write" else {})
        rows = [
            {"code": row.result, "in_doubt": row.in_doubt, "record": show(row.record)} for row in answer.batch_records
        ]
        return {"result": answer.result, "records": rows}

    def after(self):
        left = {}
        for name in self.line["after"]:
            *elsewhere, pk = (None if part == "None" else part for part in name.split("/"))
            try:
                left[name] = show(self.client.get(self.key([*elsewhere, pk] if elsewhere else pk)), with_pk=True)
            except exception.RecordNotFound:
                left[name] = None
        return left


def wanted(line):
    want = {name: line[name] for name in ("result", "records", "after") if name in line}
    return want | ({"error": line["error"][0]} if "error" in line else {})


def same(want, got):
    return json.dumps(want, sort_keys=True) == json.dumps(got, sort_keys=True)


def put_modules(client, folder):
    """The modules that the lines need."""
    for line in measured.lines("many-batch.jsonl"):
        if line["call"] == "udf_put":
            path = folder / line["args"]["name"]
            path.write_text(line["args"]["source"])
            client.udf_put(path)


@pytest.fixture(scope="module")
def batch_client(client_kind, tmp_path_factory):
    """Of a server with the namespaces and times to live that were measured."""
    if HOSTS:
        pytest.skip("measured with two namespaces and their default times to live, which a cluster may not have")
    with (
        embedded.Server(namespaces=["test", "bar"]) as server,
        CLIENTS[client_kind]({"hosts": server.hosts, "policies": {"batch": {"total_timeout": 8000}}}) as client,
    ):
        client.info_all("set-config:context=namespace;namespace=bar;default-ttl=0")
        put_modules(client, tmp_path_factory.mktemp("lua"))
        yield client


@pytest.mark.parametrize("call", ["batch_read", "batch_write", "batch_operate", "batch_remove", "batch_apply"])
def test_measured_batches(batch_client, call):
    wrong = []
    for line in LINES:
        if line["call"] != call:
            continue
        asked = Line(batch_client, line)
        asked.prepare()
        got = asked.answer() | {"after": asked.after()}
        if not same(wanted(line), got):
            wrong.append((line["n"], line["args"], wanted(line), got))
    assert not wrong, f"{len(wrong)} of them, the first: {wrong[0]}"
