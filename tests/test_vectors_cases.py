# SPDX-License-Identifier: Apache-2.0
"""Cases in which the embedded server once answered otherwise than a real one of version 8.1.2, paths and sketches.

tests/data/cases.jsonl, paths.jsonl and hll.jsonl have what the real server said.
"""

import collections

import measured
import pytest
from fix_records import remove_quietly
from measured_commands import argument, build, function, operation

from aerospike import exception

SET = "fid"  # an expression asks for it
FILES = ("cases", "paths", "hll")
KINDS = collections.defaultdict(list)
for _file in FILES:
    for _line in measured.lines(f"{_file}.jsonl"):
        if not _line.get("kills_the_server"):  # ours answers those, too: the tests of operations say how
            KINDS[f"{_file}: {_line.get('kind') or _line['op']}"].append((_file, _line))


def setup(line):
    """Operations that make the record what it was."""
    made = [operation(one) for one in line.get("setup", [])]
    for name, (values, index_bits, minhash_bits) in line.get("hll", {}).items():
        made.append(function("hll.hll_add")(name, measured.decode(values), index_bits, minhash_bits))
    if "list_order" in line:
        made.append(function("list.list_set_order")("l", line["list_order"]))
    if "map_order" in line:
        made.append(function("map.map_set_policy")("m", {"map_order": line["map_order"]}))
    return made


def prepare(client, line, key):
    remove_quietly(client, key)
    before = {name: argument(given) for name, given in line["before"].items()}
    for _ in range(line.get("writes", 1) if before else 0):
        client.put(key, before, line.get("before_meta"), {"key": line.get("stored_key", 0)})
    made = setup(line)
    if before and made:
        client.operate(key, made, line.get("before_meta"))


# Otherwise than a real server, on purpose or for want of a rule; docs/embedded.rst tells of each kind: {file: lines}.
OTHERWISE = {
    "cases": {
        39: "the regions of a GeoJSON bin count in the size of its record",
        40: "the regions of a GeoJSON bin count in the size of its record",
        250: "the regions of a GeoJSON bin count in the size of its record",
        174: "a shift of more than the bits that are left brings bits from elsewhere",
        123: "a filter after an index of a map gives another element",
        157: "a wildcard as the beginning of an interval of a list with a persisted index",
    },
    "paths": {},
    "hll": {98: "three sketches without a minhash in common, whose estimates differ by two"},
}


def call(client, line, key):
    policy, meta = dict(line.get("policy", {})), line.get("meta")
    if "expressions" in policy:
        policy["expressions"] = build(policy["expressions"]["e"]).compile()
    command = line.get("cmd", "operate_ordered")
    if command in ("operate", "operate_ordered"):
        bins = getattr(client, command)(key, [operation(one) for one in line.get("ops", [line])], meta, policy)[2]
        if isinstance(bins, dict):
            return {name: measured.encode(value) for name, value in bins.items()}
        return measured.encode(bins)
    if command in ("get", "exists"):
        return getattr(client, command)(key, policy)
    if command == "put":
        return client.put(key, {name: argument(given) for name, given in line["args"][0].items()}, meta, policy)
    return getattr(client, command)(key, *map(argument, line["args"]), meta, policy)


def outcome(client, line, key):
    """As the files have it, but for times and generations, which other tests are about."""
    try:
        prepare(client, line, key)
        made = {"result": call(client, line, key)}
    except exception.AerospikeError as error:
        made = {"error": error.code}
    try:
        made["after"] = {name: measured.encode(value) for name, value in client.get(key)[2].items()}
    except exception.RecordNotFound:
        made["after"] = None
    return made


def expected(line):
    error = line.get("error")
    want = (
        {"error": error[0] if isinstance(error, list) else error} if error is not None else {"result": line["result"]}
    )
    return want | ({"after": line["after"]} if "after" in line else {})


def as_pairs(want, got):
    """Whether a map of the file and a flat list are the same entries: so the vendor's client shows KEY_VALUE."""
    if isinstance(want, dict) and len(want) == 1 and isinstance(got, list):
        ((kind, pairs),) = want.items()
        return kind in ("m", "om") and sorted(map(repr, pairs)) == sorted(
            map(repr, map(list, zip(got[::2], got[1::2], strict=True)))
        )
    return False


def same(want, got):
    if isinstance(want, dict) and isinstance(got, dict):
        return want.keys() == got.keys() and all(same(want[name], got[name]) for name in want)
    if isinstance(want, list) and isinstance(got, list):
        return len(want) == len(got) and all(map(same, want, got))
    return want == got or as_pairs(want, got)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_measured_cases(client, namespace, kind):
    wrong = []
    for file, line in KINDS[kind]:
        if line["n"] in OTHERWISE[file]:
            continue
        got, want = outcome(client, line, (namespace, SET, line["n"])), expected(line)
        if "after" not in want:
            got.pop("after")
        if not same(want, got):
            wrong.append((line["n"], line.get("ops") or line.get("args"), want, got))
    assert wrong == []
