# SPDX-License-Identifier: Apache-2.0
"""Every policy key of batches reaches the wire: the frames with and without it differ in the rows, where it counts."""

import pytest
from test_wire import relay, sent, shown  # noqa: F401

import aerospike
from aerospike_helpers.batch import records
from aerospike_helpers.expressions.base import Eq, IntBin
from aerospike_helpers.operations import operations

KEYS = [("test", "wire", 1), ("test", "wire", 2)]  # one alone would be a single command
BATCH = 41  # the field of the rows
ROWS = {
    "batch_read": lambda key, policy: records.Read(key, None, read_all_bins=True, policy=policy),
    "batch_write": lambda key, policy: records.Write(key, [operations.write("a", 1)], policy=policy),
    "batch_apply": lambda key, policy: records.Apply(key, "m", "f", [1], policy=policy),
    "batch_remove": lambda key, policy: records.Remove(key, policy=policy),
}
FILTER = Eq(IntBin("a"), 1).compile()
WRITES = [
    {"key": aerospike.POLICY_KEY_SEND},
    {"commit_level": aerospike.POLICY_COMMIT_LEVEL_MASTER},
    {"durable_delete": True},
    {"expressions": FILTER},
]
POLICIES = [
    *(("batch_write", policy) for policy in WRITES),
    ("batch_write", {"exists": aerospike.POLICY_EXISTS_CREATE}),
    ("batch_write", {"exists": aerospike.POLICY_EXISTS_UPDATE}),
    ("batch_write", {"exists": aerospike.POLICY_EXISTS_REPLACE}),
    ("batch_write", {"ttl": 777}),
    ("batch_write", {"on_locking_only": True}),
    *(("batch_apply", policy) for policy in WRITES),
    ("batch_apply", {"ttl": 777}),
    ("batch_apply", {"on_locking_only": True}),
    *(("batch_remove", policy) for policy in WRITES),
    ("batch_remove", {"gen": aerospike.POLICY_GEN_EQ, "generation": 77}),
    ("batch_read", {"expressions": FILTER}),
    ("batch_read", {"read_mode_ap": aerospike.POLICY_READ_MODE_AP_ALL}),
    ("batch_read", {"read_mode_sc": aerospike.POLICY_READ_MODE_SC_LINEARIZE}),
    ("batch_read", {"read_touch_ttl_percent": 60}),
]


def batch_of(kind, policy):
    """A call whose first row has the policy."""
    rows = [ROWS[kind](key, policy if place == 0 else None) for place, key in enumerate(KEYS)]
    return lambda client: client.batch_write(records.BatchRecords(rows))


@pytest.mark.parametrize(("kind", "policy"), POLICIES, ids=shown)
def test_a_policy_of_a_row_reaches_the_wire(sent, kind, policy):  # noqa: F811
    assert sent(batch_of(kind, policy)).fields[BATCH] != sent(batch_of(kind, None)).fields[BATCH]


@pytest.mark.parametrize(("kind", "policy"), [row for row in POLICIES if row[0] != "batch_read"], ids=shown)
def test_a_default_of_the_client_for_rows_reaches_the_wire(sent, kind, policy):  # noqa: F811
    plain = sent(batch_of(kind, None)).fields[BATCH]
    assert sent(batch_of(kind, None), policies={kind: policy}).fields[BATCH] != plain


def test_meta_of_a_row_reaches_the_wire(sent):  # noqa: F811
    def write(meta, policy=None):
        rows = [records.Write(key, [operations.write("a", 1)], meta, policy) for key in KEYS]
        return sent(lambda client: client.batch_write(records.BatchRecords(rows))).fields[BATCH]

    assert (0x2345).to_bytes(4, "big") in write({"ttl": 0x2345})
    assert (0x2345).to_bytes(2, "big") in write({"gen": 0x2345}, {"gen": aerospike.POLICY_GEN_EQ})
    assert (0x2345).to_bytes(2, "big") not in write({"gen": 0x2345})


@pytest.mark.parametrize("call", ["batch_read", "batch_write"])
@pytest.mark.parametrize(
    ("policy", "shows"),
    [
        ({"total_timeout": 4321}, lambda request: request.timeout == 4321),
        ({"compress": True}, lambda request: request.info1 & 128),
        ({"expressions": FILTER}, lambda request: 43 in request.fields),
        ({"respond_all_keys": False}, lambda request: not request.info3 & 4 and not request.fields[BATCH][4] & 4),
        ({"allow_inline": False}, lambda request: not request.fields[BATCH][4] & 1),
        ({"allow_inline_ssd": True}, lambda request: request.fields[BATCH][4] & 2),
    ],
    ids=shown,
)
def test_the_policy_of_a_whole_batch_reaches_the_wire(sent, call, policy, shows):  # noqa: F811
    def run(chosen):
        if call == "batch_read":
            return sent(lambda client: client.batch_read(KEYS, None, chosen))
        rows = [ROWS["batch_write"](key, None) for key in KEYS]
        return sent(lambda client: client.batch_write(records.BatchRecords(rows), chosen))

    assert shows(run(policy))
    assert not shows(run({}))
