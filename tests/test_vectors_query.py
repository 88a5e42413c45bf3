# SPDX-License-Identifier: Apache-2.0
"""Queries, indexes and background jobs answer as a real server of version 8.1 did: many-query.jsonl, from its first
line to its last, as its lines hang on those before them."""

import hashlib
import json
import time
import warnings

import measured
import pytest
from fix_records import remove_quietly
from fix_server import HOSTS
from measured_commands import argument, build
from test_vectors_batch import operations_of, policy, ttl_class

import aerospike
from aerospike import embedded, exception, predicates

SET, JOBS = "many", "manyjobs"
TYPES = {
    "num": aerospike.INDEX_NUMERIC,
    "str": aerospike.INDEX_STRING,
    "blob": aerospike.INDEX_BLOB,
    "geo": aerospike.INDEX_GEO2DSPHERE,
}
SOURCES = {
    "value": aerospike.INDEX_TYPE_DEFAULT,
    "list": aerospike.INDEX_TYPE_LIST,
    "keys": aerospike.INDEX_TYPE_MAPKEYS,
    "values": aerospike.INDEX_TYPE_MAPVALUES,
}
CREATE = {
    "value": "index_single_value_create",
    "list": "index_list_create",
    "keys": "index_map_keys_create",
    "values": "index_map_values_create",
}


def hashed(form):
    return hashlib.sha1(json.dumps(form, sort_keys=True).encode()).hexdigest()


def in_order(rows):
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))


def brief(rows, most=8):
    """Many rows as how many there are, whose they are, the first, and a hash of them all."""
    if len(rows) <= most:
        return rows
    return {"count": len(rows), "pks": [row["pk"] for row in rows], "first": rows[0], "sha1": hashed(rows)}


def show(record, with_ttl=False):
    (_namespace, _set, pk, _digest), meta, *bins = record
    shown = {"pk": measured.encode(pk), "gen": meta["gen"]} | ({"ttl": ttl_class(meta["ttl"])} if with_ttl else {})
    return shown | ({"bins": measured.encode(bins[0])} if bins else {})


def predicate(form):
    function, *arguments = form
    values = [
        getattr(aerospike, v["type"]) if isinstance(v, dict) and "type" in v else measured.decode(v) for v in arguments
    ]
    return getattr(predicates, function)(*values)


class Calls:
    """The calls of the file, by their names in it."""

    def __init__(self, client, folder):
        self.client, self.folder = client, folder

    # ---- what makes the state ----

    def truncate(self, arguments):
        self.client.truncate("test", arguments["set"], 0)
        time.sleep(0.01)

    def drop_indexes(self, arguments):
        pass  # a server of our own has none at first, and ends at last

    def udf_put(self, arguments):
        path = self.folder / arguments["name"]
        path.write_text(arguments["source"])
        self.client.udf_put(path)

    def put(self, arguments):
        key = ("test", arguments.get("set", SET), arguments["pk"])
        kept = {"key": aerospike.POLICY_KEY_SEND, "exists": aerospike.POLICY_EXISTS_CREATE_OR_REPLACE}
        self.client.put(key, measured.decode(arguments["bins"]), {}, kept)

    def remove(self, arguments):
        self.client.remove(("test", arguments.get("set", SET), arguments["pk"]))

    # ---- indexes ----

    def index_create(self, arguments):
        kind, name, client = arguments["kind"], arguments["name"], self.client
        place = arguments.get("ns", "test"), arguments.get("set", SET)
        if kind == "set":
            return client.index_set_create(*place, name)
        of_type = TYPES[arguments["type"]]
        if kind == "exp":
            source = SOURCES[arguments.get("of", "value")]
            return client.index_expr_create(*place, source, of_type, build(arguments["exp"]).compile(), name)
        context = [argument({"ctx": arguments["ctx"]})] if "ctx" in arguments else []
        return getattr(client, CREATE[kind])(*place, arguments["bin"], of_type, name, None, *context)

    def index_remove(self, arguments):
        return self.client.index_remove(arguments.get("ns", "test"), arguments["name"])

    def sindex_list(self, arguments):
        (answer,) = self.client.info_all("sindex-list").values()
        return sorted(line for line in answer[1].strip().split(";") if "indexname=many" in line)

    # ---- queries ----

    def make(self, arguments, scan=False):
        place = arguments.get("ns", "test"), arguments.get("set", SET)
        query = self.client.scan(*place) if scan else self.client.query(*place)
        if "select" in arguments:
            query.select(*arguments["select"])
        if "where" in arguments:
            self.where(query, arguments)
        if "ops" in arguments:
            query.add_ops(operations_of(arguments["ops"]))
        for name in ("max_records", "ttl"):
            if name in arguments:
                setattr(query, name, arguments[name])
        return query

    def where(self, query, arguments):
        asked = predicate(arguments["where"])
        if "index" in arguments:
            query.where_with_index_name(arguments["index"], asked)
        elif "exp" in arguments:
            query.where_with_expr(build(arguments["exp"]).compile(), asked)
        else:
            query.where(asked, *([argument({"ctx": arguments["ctx"]})] if "ctx" in arguments else []))

    def query(self, arguments):
        query = self.make(arguments, arguments.get("scan", False))
        asked = [policy(arguments.get("policy")) or {}]
        if "options" in arguments:
            asked.append(arguments["options"])
        if "pages" in arguments:
            return self.pages(query, arguments["pages"], asked)
        if "max_records" in arguments:
            rows = query.results(*asked)
            return {"count": len(rows), "different": len({bytes(key[3]) for key, *_ in rows})}
        rows = []
        if arguments.get("foreach"):
            query.foreach(lambda row: rows.append(row), *asked)
        else:
            asked[0] |= {"partition_filter": arguments["partition"]} if "partition" in arguments else {}
            rows = query.results(*asked)
        return brief(in_order([show(row) for row in rows]))

    def pages(self, query, most, asked):
        query.max_records = most
        query.paginate()
        seen, largest = [], 0
        while not query.is_done():
            page = query.results(*asked)
            seen += [measured.encode(row[0][2]) for row in page]
            largest = max(largest, len(page))
        keys = sorted(seen, key=repr)
        shown = keys if len(keys) <= 40 else hashlib.sha1(json.dumps(keys).encode()).hexdigest()
        return {"seen": len(seen), "pks": shown, "largest_page_fits": largest <= most, "done": query.is_done()}

    # ---- background jobs ----

    def background(self, arguments):
        for pk in range(24):
            key = ("test", JOBS, pk)
            remove_quietly(self.client, key)
            self.client.put(
                key, {"i": pk, "s": "abc"[pk % 3], "l": [pk, pk % 4]}, {}, {"key": aerospike.POLICY_KEY_SEND}
            )
        job, kind = self.start({"set": JOBS, **arguments})
        info = self.client.job_info(job, kind)
        while info["status"] == aerospike.JOB_STATUS_INPROGRESS:
            info = self.client.job_info(job, kind)
        left = in_order([show(row, with_ttl=True) for row in self.client.query("test", JOBS).results()])
        told = {name: info[name] for name in ("progress_pct", "records_read", "status")}
        return {"job": told, "left": brief(left, most=24)}

    def start(self, arguments):
        how, asked = arguments.get("how", "query"), policy(arguments.get("policy"))
        if how in ("scan_apply", "query_apply"):
            module, function, values = arguments["udf"]
            called = (module, function, measured.decode(values), asked)
            if how == "scan_apply":
                return self.client.scan_apply("test", arguments["set"], *called), aerospike.JOB_SCAN
            of = predicate(arguments["where"]) if "where" in arguments else ()
            return self.client.query_apply("test", arguments["set"], of, *called), aerospike.JOB_QUERY
        query = self.make(arguments, how == "scan")
        if "udf" in arguments:
            module, function, values = arguments["udf"]
            query.apply(module, function, measured.decode(values))
        kind = aerospike.JOB_SCAN if how == "scan" else aerospike.JOB_QUERY
        return query.execute_background(asked), kind


def answer(calls, line):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of names that a server cuts
            return {"result": getattr(calls, line["call"])(line["args"])}
    except exception.AerospikeError as error:
        return {"error": error.code}


def wanted(line):
    """What was measured; but this client refuses a filter of a scan that the measuring one ignored."""
    arguments = line["args"]
    if arguments.get("scan") and arguments.get("partition", {}).get("begin", 0) < 0:
        return {"error": exception.ParamError.code}
    return {"error": line["error"][0]} if "error" in line else {"result": line.get("result")}


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """Every measured line, and what is answered to it."""
    if HOSTS:
        pytest.skip("measured in a namespace that has no other indexes")
    settings = {name: {"total_timeout": 8000} for name in ("query", "scan")}
    with (
        embedded.Server(namespaces=["test", "bar"]) as server,
        aerospike.client({"hosts": server.hosts, "policies": settings}) as client,
    ):
        calls = Calls(client, tmp_path_factory.mktemp("modules"))
        return [(line, answer(calls, line)) for line in measured.lines("many-query.jsonl")]


@pytest.mark.parametrize("call", ["query", "index_create", "index_remove", "sindex_list", "background"])
def test_measured(answers, call):
    asked = [(line, got) for line, got in answers if line["call"] == call and not line.get("setup")]
    assert asked
    wrong = [
        (line["n"], line["args"], wanted(line), got)
        for line, got in asked
        if json.dumps(wanted(line), sort_keys=True) != json.dumps(json.loads(json.dumps(got)), sort_keys=True)
    ]
    assert not wrong, f"{len(wrong)} of {len(asked)}, the first: {wrong[0]}"
