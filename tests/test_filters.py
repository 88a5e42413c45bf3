# SPDX-License-Identifier: Apache-2.0
"""Filters: the policy key ``expressions`` of every command that takes it."""

import pytest

import aerospike
from aerospike.exception import ClientError, FilteredOut, ParamError
from aerospike_helpers.expressions import IntBin, StrBin

YES = (IntBin("a") == 1).compile()
NO = (IntBin("a") == 2).compile()
UNKNOWN = (IntBin("none") == 1).compile()

COMMANDS = {
    "get": lambda c, key, policy: c.get(key, policy),
    "select": lambda c, key, policy: c.select(key, ["a"], policy),
    "exists": lambda c, key, policy: c.exists(key, policy),
    "put": lambda c, key, policy: c.put(key, {"new": 1}, {}, policy),
    "append": lambda c, key, policy: c.append(key, "s", "x", {}, policy),
    "prepend": lambda c, key, policy: c.prepend(key, "s", "x", {}, policy),
    "increment": lambda c, key, policy: c.increment(key, "n", 1, {}, policy),
    "touch": lambda c, key, policy: c.touch(key, 100, {}, policy),
    "operate": lambda c, key, policy: c.operate(key, [{"op": aerospike.OPERATOR_READ, "bin": "a"}], {}, policy),
    "operate_ordered": lambda c, key, policy: c.operate_ordered(
        key, [{"op": aerospike.OPERATOR_WRITE, "bin": "n", "val": 1}], {}, policy
    ),
    "remove_bin": lambda c, key, policy: c.remove_bin(key, ["l"], {}, policy),
    "remove": lambda c, key, policy: c.remove(key, {}, policy),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_record_that_the_filter_drops_is_left_alone(client, record, command):
    before = client.get(record)
    for drops in (NO, UNKNOWN):
        with pytest.raises(FilteredOut) as raised:
            COMMANDS[command](client, record, {"expressions": drops})
        assert raised.value.code == 27
    _, meta, bins = client.get(record)
    assert (meta["gen"], bins) == (before[1]["gen"], before[2])
    COMMANDS[command](client, record, {"expressions": YES})


@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_no_filter_is_refused(client, record, command):
    for wrong in (IntBin("a") == 1, 5, "x", [], [("IntBin", "a")], None):
        with pytest.raises(ClientError, match="expressions is invalid: the filter must be a compiled"):
            COMMANDS[command](client, record, {"expressions": wrong})


@pytest.fixture
def numbers(client, make_key):
    """A set with the numbers from 0 to 19 in bin ``n``."""
    for number in range(20):
        client.put(make_key(number, "filters"), {"n": number, "s": "even" if number % 2 == 0 else "odd"})
    return "filters"


FILTER = {"expressions": ((IntBin("n") < 10) & (StrBin("s") == "odd")).compile()}


@pytest.mark.parametrize("kind", ["scan", "query"])
def test_scans_and_queries(client, namespace, numbers, kind):
    def make():
        return getattr(client, kind)(namespace, numbers)

    assert sorted(bins["n"] for _, _, bins in make().results(FILTER)) == [1, 3, 5, 7, 9]
    seen = []
    make().foreach(lambda record: seen.append(record[2]["n"]), FILTER)
    assert sorted(seen) == [1, 3, 5, 7, 9]
    with pytest.raises(
        ParamError, match="expressions is invalid: the filter: LT → IntBin → bin must be a str, not int"
    ):
        make().results({"expressions": (IntBin(5) < 1).compile()})


def test_a_filter_as_a_default(connect, record):
    client = connect(policies={"read": {"expressions": NO}})
    with pytest.raises(FilteredOut):
        client.get(record)
    assert client.get(record, {"expressions": YES})[2]["a"] == 1
    with pytest.raises(ParamError, match="expressions"):
        connect(policies={"read": {"expressions": IntBin("a") == 1}})


def test_a_filter_sees_the_record_and_its_metadata(client, record):
    from aerospike_helpers.expressions import And, BinExists, KeyExists, SetName, SinceUpdateTime

    seen = And(BinExists("a"), ~BinExists("none"), SetName() == record[1], ~KeyExists(), SinceUpdateTime() < 60_000)
    assert client.get(record, {"expressions": seen.compile()})[2]["a"] == 1
