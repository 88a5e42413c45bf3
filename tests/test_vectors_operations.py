# SPDX-License-Identifier: Apache-2.0
"""Operations and expressions answer as a real server of version 8.1 did (tests/data/operations.jsonl)."""

import collections

import measured
import pytest
from measured_commands import operation, prepare_operation

from aerospike import exception

SET = "vectors"
FAMILIES = collections.defaultdict(list)
for _line in measured.lines("operations.jsonl"):
    FAMILIES[_line["op"]].append(_line)


def answer_of(client, line, namespace):
    key = (namespace, SET, line["n"])
    prepare_operation(client, line, key)
    try:
        results = client.operate_ordered(key, [operation(line)])[2]
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
