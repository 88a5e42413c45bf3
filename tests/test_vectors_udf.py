# SPDX-License-Identifier: Apache-2.0
"""Functions in Lua answer as a real server of version 8.1 did: many-udf.jsonl, from its first line to its last.

What an error says is compared, too, but for the address of the server."""

import hashlib
import json
import re
import time

import measured
import pytest
from fix_both import CLIENTS
from fix_records import remove_quietly
from fix_server import HOSTS
from test_vectors_batch import policy, show

import aerospike
from aerospike import embedded, exception, predicates

SET = "many"
ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+:\d+")


def in_order(rows):
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))


def brief(rows, most=8):
    """Many rows as how many there are, the first, and a hash of them all."""
    if len(rows) <= most:
        return rows
    text = json.dumps(rows, sort_keys=True)
    return {"count": len(rows), "pks": None, "first": rows[0], "sha1": hashlib.sha1(text.encode()).hexdigest()}


def where(query, form):
    if form:
        function, *arguments = form
        query.where(getattr(predicates, function)(*map(measured.decode, arguments)))


def told(error):
    """The code of an error; of a function's, what was said."""
    said = ADDRESS.sub("*", error.msg.split("\nsub-errors")[0])
    of_lua = error.code == 100 or (error.code in (-1, 16) and ".lua" in said)
    return [error.code, *([said] if of_lua else [])]


class Calls:
    """The calls of many-udf.jsonl, by their names in it."""

    def __init__(self, client, folder):
        self.client, self.folder = client, folder

    def truncate(self, line, arguments):
        self.client.truncate("test", arguments["set"], 0)
        time.sleep(0.3)

    def put(self, line, arguments):
        key = ("test", arguments.get("set", SET), arguments["pk"])
        policy = {"key": 1, "exists": aerospike.POLICY_EXISTS_CREATE_OR_REPLACE}
        return self.client.put(key, measured.decode(arguments["bins"]), {}, policy)

    def index_create(self, line, arguments):
        return self.client.index_single_value_create(
            "test", SET, arguments["bin"], aerospike.INDEX_NUMERIC, arguments["name"]
        )

    def drop_indexes(self, line, arguments):
        for name in ("many_i", "many_k"):
            self.client.index_remove("test", name)

    def drop_udfs(self, line, arguments):
        for module in self.client.udf_list():
            if module["name"].startswith("many"):
                self.client.udf_remove(module["name"])

    def udf_put(self, line, arguments):
        path = self.folder / arguments["name"]
        path.write_text(arguments["source"])
        return self.client.udf_put(path)

    def udf_get(self, line, arguments):
        return self.client.udf_get(arguments["name"])

    def udf_list(self, line, arguments):
        modules = [module for module in self.client.udf_list() if module["name"].startswith("many")]
        return in_order(
            {**module, "hash": module["hash"].hex(), "content": len(module["content"])} for module in modules
        )

    def udf_remove(self, line, arguments):
        return self.client.udf_remove(arguments["name"])

    def apply(self, line, arguments):
        key = ("test", SET, f"{line['n']}r")
        module = arguments.get("module", "many_udf")
        values = measured.decode(arguments["args"])
        return measured.encode(self.client.apply(key, module, arguments["fn"], values, policy(arguments.get("policy"))))

    def aggregate(self, line, arguments):
        query = self.client.query("test", SET)
        where(query, arguments.get("where"))
        values = measured.decode(arguments.get("args", []))
        query.apply(arguments.get("module", "many_udf"), arguments["fn"], values)
        rows = query.results(policy(arguments.get("policy")))
        return brief(in_order([measured.encode(row) for row in rows]))

    # -- a line --

    def prepare(self, line):
        for name, before in line.get("before", {}).items():
            key = ("test", SET, f"{line['n']}{name}")
            remove_quietly(self.client, key)
            if before is not None:
                meta = {"ttl": before["ttl"]} if "ttl" in before else {}
                for _ in range(before.get("writes", 1)):
                    self.client.put(key, measured.decode(before["bins"]), meta, {"key": before.get("key", 0)})

    def left(self, line, name):
        try:
            return show(self.client.get(("test", SET, f"{line['n']}{name}")), with_pk=True)
        except exception.RecordNotFound:
            return None

    def answer(self, line):
        self.prepare(line)
        try:
            answer = {"result": getattr(self, line["call"])(line, line["args"])}
        except exception.AerospikeError as error:
            answer = {"error": told(error)}
        if "before" in line:
            answer["after"] = {name: self.left(line, name) for name in line["before"]}
        return json.loads(json.dumps(answer))


def wanted(line):
    want = {name: line[name] for name in ("result", "error", "after") if name in line}
    if "error" in want:
        code, _class, *said = want["error"]
        want["error"] = [code, *(ADDRESS.sub("*", text) for text in said)]
    return want


@pytest.fixture(scope="module")
def calls(client_kind, tmp_path_factory):
    """Of a server with the default time to live that was measured."""
    if HOSTS:
        pytest.skip("measured with a default time to live that a cluster may not have")
    folder = tmp_path_factory.mktemp("lua")
    policies = {name: {"total_timeout": 8000} for name in ("apply", "query", "read", "write")}
    with (
        embedded.Server() as server,
        CLIENTS[client_kind](
            {"hosts": server.hosts, "policies": policies, "lua": {"user_path": str(folder)}}
        ) as client,
    ):
        yield Calls(client, folder)


@pytest.fixture(scope="module")
def answers(calls):
    """``{call: [(line, wanted, got)]}`` of the lines that were measured."""
    found = {}
    for line in measured.lines("many-udf.jsonl"):
        got = calls.answer(line)
        if not line.get("setup"):
            found.setdefault(line["call"], []).append((line, wanted(line), got))
    return found


@pytest.mark.parametrize("call", ["apply", "aggregate", "udf_put", "udf_get", "udf_list", "udf_remove"])
def test_measured_functions(answers, call):
    wrong = [(line["n"], line["args"], want, got) for line, want, got in answers[call] if want != got]
    assert not wrong, f"{len(wrong)} of {len(answers[call])}, the first: {wrong[0]}"
