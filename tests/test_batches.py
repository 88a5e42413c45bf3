# SPDX-License-Identifier: Apache-2.0
"""Batches: reading, operating on, removing and writing many records in one call."""

import gc
import threading

import pytest

import aerospike
from aerospike import exception
from aerospike_helpers.batch import records
from aerospike_helpers.expressions.base import IntBin
from aerospike_helpers.operations import list_operations as lists
from aerospike_helpers.operations import operations

MISSING, FILTERED, BATCH_FAILED = 2, 27, -16


@pytest.fixture
def numbers(client, make_key):
    """Ten keys; the records of the first eight have their number in ``n``."""
    keys = [make_key() for _ in range(10)]
    for number, key in enumerate(keys[:8]):
        client.put(key, {"n": number, "s": str(number), "l": [number]})
    return keys


def results(batch):
    return [row.result for row in batch.batch_records]


def bins(batch):
    return [row.record and row.record[2] for row in batch.batch_records]


# ---- batch_read ----


def test_rows_are_in_the_order_of_keys(client, numbers):
    keys = [numbers[3], numbers[9], numbers[0], numbers[3]]
    batch = client.batch_read(keys, ["n"])
    assert isinstance(batch, records.BatchRecords)
    assert (batch.result, results(batch)) == (0, [0, MISSING, 0, 0])
    assert bins(batch) == [{"n": 3}, None, {"n": 0}, {"n": 3}]
    whole = [(*key[:3], aerospike.calc_digest(*key[:3])) for key in keys]
    assert [row.key for row in batch.batch_records] == whole
    row = batch.batch_records[0]
    assert row.record[0] == whole[0]
    assert row.record[1]["gen"] == 1
    assert (row.message, row.subcode, row.in_doubt) == (None, 0, False)
    assert batch.batch_records[1].record is None


def test_all_bins_and_none(client, numbers):
    assert bins(client.batch_read(numbers[:2])) == [{"n": i, "s": str(i), "l": [i]} for i in range(2)]
    assert bins(client.batch_read(numbers[:1], None)) == [{"n": 0, "s": "0", "l": [0]}]
    batch = client.batch_read(numbers[7:9], [])
    assert [row.record and len(row.record) for row in batch.batch_records] == [2, None]
    assert bins(client.batch_read(numbers[:1], ["absent"])) == [{}]


def test_rows_show_what_a_get_shows(client, make_key):
    """Of every type, in few bins and many, short and longer than the memory that is there for them."""
    point = aerospike.GeoJSON({"type": "Point", "coordinates": [1.5, 2.5]})
    of_all_types = {
        "i": -(2**63),
        "f": -0.5,
        "s": "ä",
        "b": b"\0",
        "t": True,
        "l": [None, [1]],
        "m": {1: {}},
        "g": point,
    }
    written = [
        of_all_types,
        {"": 1},
        {"fifteen letters": ""},
        {"s": "s" * 100_000},
        {"l": list(range(5000)), "b": bytes(1000)},
        {f"n{number}": number for number in range(300)},
    ]
    keys = [make_key() for _ in written]
    for key, record in zip(keys, written, strict=True):
        client.put(key, record)
    assert bins(client.batch_read(keys)) == [client.get(key)[2] for key in keys] == written
    asked = ["l", "absent", "s", "l"]
    expected = [{name: record[name] for name in record if name in asked} for record in written]
    assert bins(client.batch_read(keys, asked)) == expected
    rows = records.BatchRecords(
        [
            records.Read(keys[0], None, read_all_bins=True),
            records.Read(keys[0], [operations.read("i"), operations.read("i")]),
            records.Write(keys[0], [operations.write("i", 7)]),
            records.Read(keys[4], None, read_all_bins=True),
        ]
    )
    assert bins(client.batch_write(rows)) == [written[0], {"i": -(2**63)}, {"i": None}, written[4]]


def test_nothing_is_asked_of_no_keys(client):
    batch = client.batch_read([])
    assert (batch.result, batch.batch_records) == (0, [])


def test_keys_of_all_forms(client, numbers):
    namespace, set_name, pk = numbers[1][:3]
    digest = aerospike.calc_digest(namespace, set_name, pk)
    forms = [(namespace, set_name, None, digest), {"ns": namespace, "set": set_name, "key": pk}]
    batch = client.batch_read(forms, ["n"])
    assert bins(batch) == [{"n": 1}, {"n": 1}]
    assert [row.key for row in batch.batch_records] == [(namespace, set_name, pk, digest) for pk in (None, pk)]


def test_the_policy_of_a_read(client, numbers):
    batch = client.batch_read(numbers[:4], ["n"], {"expressions": (IntBin("n") > 1).compile()})
    assert results(batch) == [FILTERED, FILTERED, 0, 0]
    packed = client.batch_read(numbers[:1], ["l"], {"deserialize": False})
    assert bins(packed) == [{"l": b"\x91\x00"}]


def test_a_namespace_that_is_not_there_fails_its_rows_alone(client, numbers):
    batch = client.batch_read([numbers[0], ("no-such", "x", 1)], ["n"])
    assert batch.result == BATCH_FAILED
    assert results(batch) == [0, 20]
    assert bins(batch) == [{"n": 0}, None]


# ---- batch_operate, batch_remove ----


def test_operations_that_read(client, numbers):
    batch = client.batch_operate(numbers[7:9], [operations.read("n"), lists.list_size("l")])
    assert (batch.result, results(batch)) == (0, [0, MISSING])
    assert bins(batch) == [{"n": 7, "l": 1}, None]


def test_operations_that_write(client, numbers):
    ops = [operations.increment("n", 10), operations.read("n")]
    batch = client.batch_operate(numbers[:2] + numbers[8:9], ops, ttl=500)
    assert results(batch) == [0, 0, 0]
    assert bins(batch) == [{"n": 10}, {"n": 11}, {"n": 10}]
    assert 490 <= client.get(numbers[0])[1]["ttl"] <= 500


def test_a_policy_of_every_row(client, numbers):
    policy = {"exists": aerospike.POLICY_EXISTS_UPDATE, "expressions": (IntBin("n") > 0).compile()}
    batch = client.batch_operate([numbers[0], numbers[1], numbers[9]], [operations.write("x", 1)], {}, policy)
    assert results(batch)[:2] == [FILTERED, 0]
    assert results(batch)[2] != 0
    assert "x" not in client.get(numbers[0])[2]


def test_remove(client, numbers):
    batch = client.batch_remove([numbers[0], numbers[9]])
    assert results(batch) == [0, MISSING]
    assert client.exists(numbers[0])[1] is None
    batch = client.batch_remove([numbers[1]], {}, {"gen": aerospike.POLICY_GEN_EQ, "generation": 9})
    assert results(batch) == [3]
    assert client.exists(numbers[1])[1] is not None


# ---- batch_write ----


def test_rows_of_all_kinds(client, numbers):
    batch = records.BatchRecords(
        [
            records.Write(numbers[0], [operations.increment("n", 5), operations.read("n")], {"ttl": 500}),
            records.Read(numbers[1], None, read_all_bins=True),
            records.Read(numbers[2], [operations.read("s")]),
            records.Read(numbers[3], None),
            records.Remove(numbers[4]),
            records.Remove(numbers[9]),
        ]
    )
    assert client.batch_write(batch) is batch
    assert (batch.result, results(batch)) == (0, [0, 0, 0, 0, 0, MISSING])  # what is not there is no failure
    assert batch.batch_records[0].record[2] == {"n": 5}
    assert batch.batch_records[1].record[2] == {"n": 1, "s": "1", "l": [1]}
    assert batch.batch_records[2].record[2] == {"s": "2"}
    assert batch.batch_records[3].record[2] == {}
    assert client.exists(numbers[4])[1] is None
    assert 490 <= client.get(numbers[0])[1]["ttl"] <= 500


def test_rows_can_be_used_again(client, numbers):
    batch = records.BatchRecords([records.Write(numbers[0], [operations.increment("n", 1)])])
    for _ in range(3):
        client.batch_write(batch)
    assert client.get(numbers[0])[2]["n"] == 3
    batch.batch_records[0].key = numbers[9]
    batch.batch_records[0].policy = {"exists": aerospike.POLICY_EXISTS_UPDATE}
    client.batch_write(batch)
    assert (batch.result, results(batch)) == (0, [MISSING])
    assert batch.batch_records[0].record is None


def test_policies_of_rows(client, numbers):
    shared = {"expressions": (IntBin("n") == 1).compile()}
    batch = records.BatchRecords(
        [
            records.Write(numbers[0], [operations.write("x", 1)], policy=shared),
            records.Write(numbers[1], [operations.write("x", 1)], policy=shared),
            records.Read(numbers[0], None, True, policy=shared),
            records.Remove(numbers[0], policy=shared),
            records.Write(numbers[2], [operations.write("x", 1)], {"gen": 7}, {"gen": aerospike.POLICY_GEN_EQ}),
        ]
    )
    client.batch_write(batch)
    assert results(batch) == [FILTERED, 0, FILTERED, FILTERED, 3]


def test_a_default_filter_serves_rows_without_one(connect, numbers):
    only_one = (IntBin("n") == 1).compile()
    client = connect(policies={"batch_write": {"expressions": only_one}, "batch_remove": {"expressions": only_one}})
    assert results(client.batch_operate(numbers[:2], [operations.write("x", 1)])) == [FILTERED, 0]
    assert results(client.batch_remove(numbers[:2])) == [FILTERED, 0]


def test_many_rows_of_many_policies(client, make_key):
    keys = [make_key() for _ in range(60)]
    rows = [records.Write(key, [operations.write("n", i)], {"ttl": 100 + i}, {}) for i, key in enumerate(keys)]
    assert results(client.batch_write(records.BatchRecords(rows))) == [0] * 60
    assert bins(client.batch_read(keys)) == [{"n": i} for i in range(60)]


# ---- what is refused, before anything is sent ----


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        (lambda client, key: client.batch_read((key,)), "keys must be a list, not tuple"),
        (lambda client, key: client.batch_read(key for key in [key]), "keys must be a list, not generator"),
        (lambda client, key: client.batch_read([key, 5]), r"keys\[1\]: key must be a tuple"),
        (lambda client, key: client.batch_read([key], "n"), "bins must be a list of bin names, not str"),
        (lambda client, key: client.batch_read([key], [5]), "a name in bins must be a str, not int"),
        (lambda client, key: client.batch_read([key], ["a\0b"]), "a name in bins must not contain NUL"),
        (lambda client, key: client.batch_read([key], None, 5), "policy must be a dict, not int"),
        (lambda client, key: client.batch_operate([key], 5), "must be a list"),
        (lambda client, key: client.batch_operate([], []), "ops must hold at least one operation"),
        (lambda client, key: client.batch_operate([key], [{"op": 1}]), "operation 0"),
        (lambda client, key: client.batch_operate([key], [operations.read("n")], {}, 5), None),
        (lambda client, key: client.batch_operate([key], [operations.touch()], {}, 5), "policy must be a dict"),
        (lambda client, key: client.batch_operate([key], [operations.touch()], ttl="x"), "ttl must be an int"),
        (lambda client, key: client.batch_remove([key], {}, 5), "policy must be a dict"),
        (lambda client, key: client.batch_apply([key], 5, "f", []), "module must be a str"),
        (lambda client, key: client.batch_apply([key], "m", None, []), "function must be a str"),
        (lambda client, key: client.batch_apply([key], "m", "f", "x"), "args must be a list, not str"),
        (lambda client, key: client.batch_apply([key], "m", "f", [object()]), "args"),
        (
            lambda client, key: client.batch_write([records.Remove(key)]),
            "batch_records must be a BatchRecords, not list",
        ),
    ],
)
def test_bad_arguments(client, numbers, call, problem):
    if problem is None:  # what only reads has no policy of writes
        assert results(call(client, numbers[0])) == [0]
        return
    with pytest.raises(exception.ClientError, match=problem):
        call(client, numbers[0])
    assert client.get(numbers[0])[1]["gen"] == 1


def rows_of(key, row):
    return records.BatchRecords([records.Write(key, [operations.increment("n", 1)]), row])


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda key: 5, "it must be a Read, Write, Apply or Remove, not int"),
        (lambda key: records.BatchRecord(key), "it must be a Read, Write, Apply or Remove, not BatchRecord"),
        (lambda key: records.Remove(5), "key must be a tuple"),
        (lambda key: records.Write(key, []), "ops must hold at least one operation"),
        (lambda key: records.Write(key, None), "must be a list"),
        (lambda key: records.Write(key, [operations.touch()], 5), "meta must be a dict"),
        (lambda key: records.Write(key, [operations.touch()], None, 5), "policy must be a dict"),
        (lambda key: records.Read(key, []), "ops must hold at least one operation"),
        (lambda key: records.Apply(key, "m", "f", 5), "args must be a list"),
        (lambda key: records.Remove(key, {"generation": -1}), "generation is invalid"),
    ],
)
def test_bad_rows(client, numbers, make, problem):
    batch = rows_of(numbers[0], make(numbers[1]))
    with pytest.raises(exception.ClientError, match=rf"^batch_records\[1\]: .*{problem}"):
        client.batch_write(batch)
    assert client.get(numbers[0])[2]["n"] == 0
    assert batch.batch_records[0].result == 0


def test_rows_must_be_a_list(client, numbers):
    batch = records.BatchRecords()
    batch.batch_records = (records.Remove(numbers[0]),)
    with pytest.raises(exception.ParamError, match="batch_records must be a list, not tuple"):
        client.batch_write(batch)
    del batch.batch_records
    with pytest.raises(AttributeError):
        client.batch_write(batch)


def test_what_a_row_raises_comes_out(client, numbers):
    class Stubborn(records.Remove):
        def __setattr__(self, name, value):
            if name == "result" and value != 0:
                raise KeyError("mine")
            super().__setattr__(name, value)

    with pytest.raises(KeyError, match="mine"):
        client.batch_write(records.BatchRecords([Stubborn(numbers[9])]))


def test_unknown_keys_of_policies_of_rows(client, config, numbers):
    row = records.Remove(numbers[0], {"durable_delet": True})
    with pytest.warns(UserWarning, match="batch_remove policy .*'durable_delete'"):
        client.batch_write(records.BatchRecords([row]))
    with aerospike.client(config) as strict, pytest.raises(exception.ParamError, match="durable_delet"):
        strict.batch_write(records.BatchRecords([row]))


def test_a_closed_client(connect, numbers):
    client = connect()
    client.close()
    for call in (
        lambda: client.batch_read(5),
        lambda: client.batch_write(5),
        lambda: client.batch_remove(5),
        lambda: client.batch_operate(5, 5),
        lambda: client.batch_apply(5, 5, 5, 5),
    ):
        with pytest.raises(exception.ClusterError):
            call()


# ---- large batches ----


def test_other_threads_go_on_while_a_large_answer_is_converted(client, make_key):
    key = make_key()
    client.put(key, {"l": list(range(300))})
    steps, done = [0], threading.Event()

    def work():
        while not done.is_set():
            steps[0] += 1

    thread = threading.Thread(target=work)
    thread.start()
    batch = client.batch_read([key] * 20_000)
    taken = steps[0]
    done.set()
    thread.join()
    assert all(row.result == 0 for row in batch.batch_records)
    assert taken > 100


def test_a_list_of_rows_that_changes_meanwhile(client, numbers):
    class Clearing(records.Remove):
        @property
        def policy(self):
            rows.clear()

        @policy.setter
        def policy(self, value):
            pass

    rows = [Clearing(numbers[0])]
    rows += [records.Remove(key) for key in numbers[1:8]]
    client.batch_write(records.BatchRecords(rows))
    assert client.exists(numbers[7])[1] is None


def test_no_list_is_seen_while_it_grows(client, numbers):
    """The garbage collector shows what it knows: what is half made must not be among that."""
    key = (*numbers[0],)[:2] + numbers[0][2:]  # which nobody else holds
    seen = []

    class Row(records.Remove):
        def __setattr__(self, name, value):
            seen.extend(one for one in gc.get_objects() if type(one) is list and one and one[0] is key)
            super().__setattr__(name, value)

    client.batch_write(records.BatchRecords([Row(key)]))
    assert seen == []
