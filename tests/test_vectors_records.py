# SPDX-License-Identifier: Apache-2.0
"""Single-record commands under policies answer as a real server of version 8.1 did (tests/data/records.jsonl)."""

import measured
import pytest
from measured_commands import prepare_record

from aerospike import exception

SET = "rvectors"
LINES = measured.lines("records.jsonl")
GROUPS = sorted({line["cmd"] for line in LINES})


def call(client, line, key):
    args, meta, policy = measured.decode(line["args"]), dict(line["meta"]), dict(line["policy"])
    if "expressions" in policy:
        policy["expressions"] = filters()[policy["expressions"]]
    command = getattr(client, line["cmd"])
    match line["cmd"]:
        case "get" | "exists":
            return command(key, policy)
        case "select":
            return command(key, args["bins"], policy)
        case "remove":
            return command(key, meta, policy)
        case "put" | "remove_bin":
            return command(key, args["bins"], meta, policy)
        case "touch":
            return command(key, args["ttl"], meta, policy)
        case "increment":
            return command(key, args["bin"], args["by"], meta, policy)
        case "append" | "prepend":
            return command(key, args["bin"], args["val"], meta, policy)
        case "operate" | "operate_ordered":
            return command(key, args["ops"], meta, policy)


def filters():
    from aerospike_helpers.expressions import base

    return {
        "true": base.Eq(base.IntBin("a"), base.IntBin("a")).compile(),
        "false": base.Eq(base.IntBin("a"), 12345).compile(),
        "unknown": base.Eq(base.IntBin("absent"), 1).compile(),
    }


def show(answer):
    """As the measurements have it: times to live other than "never" depend on the clock."""
    if not isinstance(answer, tuple):
        return measured.encode(answer)
    key, meta, *bins = answer
    shown = {"pk": measured.encode(key[2]), "meta": None}
    if meta is not None:
        shown["meta"] = {"gen": meta["gen"], "ttl": meta["ttl"] if meta["ttl"] == 0xFFFFFFFF else "some"}
    if bins:
        shown["bins"] = measured.encode(bins[0])
    return shown


def answer_of(client, line, namespace):
    key = (namespace, SET, line["n"])
    prepare_record(client, line, key)
    try:
        answer = {"result": show(call(client, line, key))}
    except exception.AerospikeError as error:
        answer = {"error": error.code}
    try:
        answer["after"] = show(client.get(key))
    except exception.RecordNotFound:
        answer["after"] = None
    return answer


@pytest.mark.parametrize("command", GROUPS)
def test_measured_answers(client, namespace, command):
    wrong = []
    for line in LINES:
        if line["cmd"] != command:
            continue
        want = {"result": line["result"]} if "result" in line else {"error": line["error"][0]}
        want["after"] = line["after"]
        got = answer_of(client, line, namespace)
        if got != want:
            wrong.append((line["n"], want, got))
    assert wrong == []
