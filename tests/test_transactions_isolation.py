# SPDX-License-Identifier: Apache-2.0
"""Transactions on a server: what others see, what collides, what stands in the end; checked against a model, too."""

import threading
import time

import pytest
from fix_nodes import Nodes
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import aerospike
from aerospike import embedded, exception
from aerospike_helpers.batch import records
from aerospike_helpers.operations import operations

pytestmark = pytest.mark.embedded_only("its namespace is strongly consistent")

SET = "together"
KEYS = [("test", SET, number) for number in range(4)]
DURABLE = {"durable_delete": True}


@pytest.fixture(scope="module")
def server():
    with embedded.Server(namespaces=["test", "other"], strong_consistency=["test"]) as running:
        yield running


@pytest.fixture
def client(server):
    with aerospike.client(server.config) as connected:
        yield connected
    server.clear()


@pytest.fixture
def begun():
    """A transaction and the policy of its commands."""
    transaction = aerospike.Transaction()
    return transaction, {"txn": transaction}


def value(client, key, policy=None):
    try:
        return client.get(key, policy)[2]["n"]
    except exception.RecordNotFound:
        return None


def statistic(client, name):
    (answer,) = client.info_all("namespace/test").values()
    return dict(pair.partition("=")[::2] for pair in answer[1].strip().split(";"))[name]


# ---- one at a time ----


def test_all_commands_take_part(client, begun):
    transaction, policy = begun
    for key in KEYS[:3]:
        client.put(key, {"n": 0, "s": "a"})
    client.put(KEYS[0], {"n": 1}, policy=policy)
    client.increment(KEYS[0], "n", 1, policy=policy)
    client.append(KEYS[0], "s", "b", policy=policy)
    client.prepend(KEYS[0], "s", "c", policy=policy)
    client.touch(KEYS[0], policy=policy)
    client.remove_bin(KEYS[1], ["s"], policy=policy)
    client.remove(KEYS[2], policy={**policy, **DURABLE})
    client.batch_operate([KEYS[1], KEYS[3]], [operations.write("n", 7)], policy)
    assert client.operate(KEYS[0], [operations.read("n")], policy=policy)[2] == {"n": 2}
    assert client.select(KEYS[0], ["s"], policy)[2] == {"s": "cab"}
    assert client.exists(KEYS[2], policy)[1] is None
    assert [row.result for row in client.batch_read(KEYS, None, policy).batch_records] == [0, 0, 2, 0]
    assert [value(client, key) for key in KEYS] == [0, 0, 0, None]
    assert sorted(record[2]["n"] for record in client.scan("test", SET).results()) == [0, 0, 0]
    assert client.commit(transaction) == aerospike.COMMIT_OK
    assert [value(client, key) for key in KEYS] == [2, 7, None, 7]
    assert client.get(KEYS[1])[2] == {"n": 7}
    assert len(client.scan("test", SET).results()) == 3
    assert (statistic(client, "mrt_monitors"), statistic(client, "mrt_provisionals")) == ("0", "0")


def test_an_aborted_one_leaves_nothing(client, begun):
    transaction, policy = begun
    client.put(KEYS[0], {"n": 0})
    client.put(KEYS[0], {"n": 1}, policy=policy)
    client.put(KEYS[1], {"n": 1}, policy=policy)
    client.remove(KEYS[0], policy={**policy, **DURABLE})
    assert statistic(client, "mrt_provisionals") == "2"
    assert client.abort(transaction) == aerospike.ABORT_OK
    assert [value(client, key) for key in KEYS] == [0, None, None, None]
    client.put(KEYS[1], {"n": 2})
    assert (statistic(client, "mrt_monitors"), statistic(client, "mrt_provisionals")) == ("0", "0")


def test_a_locked_record(client, begun):
    _, policy = begun
    client.put(KEYS[0], {"n": 0})
    client.put(KEYS[0], {"n": 1}, policy=policy)
    client.put(KEYS[1], {"n": 1}, policy=policy)
    other = {"txn": aerospike.Transaction()}
    for key in KEYS[:2]:
        for write in (None, other):
            with pytest.raises(exception.TransactionBlocked):
                client.put(key, {"n": 2}, policy=write)
            with pytest.raises(exception.TransactionBlocked):
                client.remove(key, policy={**(write or {}), **DURABLE})
        with pytest.raises(exception.TransactionBlocked):
            client.get(key, other)
    assert value(client, KEYS[0]) == 0
    rows = [records.Write(key, [operations.write("n", 3)]) for key in KEYS]
    assert [row.result for row in client.batch_write(records.BatchRecords(rows)).batch_records] == [120, 120, 0, 0]
    client.scan("test", SET).add_ops([operations.increment("n", 1)]).execute_background()


def test_what_was_read_must_stay(client, begun):
    transaction, policy = begun
    client.put(KEYS[0], {"n": 0})
    assert value(client, KEYS[0], policy) == 0
    client.put(KEYS[1], {"n": 1}, policy=policy)
    client.put(KEYS[0], {"n": 5})
    with pytest.raises(exception.TransactionVersionMismatch):
        client.get(KEYS[0], policy)
    with pytest.raises(exception.TransactionVersionMismatch):
        client.put(KEYS[0], {"n": 6}, policy=policy)
    with pytest.raises(exception.TransactionFailed, match="Verify failed") as caught:
        client.commit(transaction)
    assert not caught.value.in_doubt
    assert transaction.state == aerospike.TXN_STATE_ABORTED
    assert [value(client, key) for key in KEYS[:2]] == [5, None]
    client.put(KEYS[1], {"n": 1})


def test_two_that_read_what_the_other_writes_do_not_both_stand(client):
    first, second = aerospike.Transaction(), aerospike.Transaction()
    for key in KEYS[:2]:
        client.put(key, {"n": 0})
        value(client, key, {"txn": first})
        value(client, key, {"txn": second})
    client.put(KEYS[0], {"n": 1}, policy={"txn": first})
    client.put(KEYS[1], {"n": 1}, policy={"txn": second})
    for transaction in (first, second):
        try:
            client.commit(transaction)
        except exception.TransactionFailed:
            break
    else:
        pytest.fail("both were committed")


def test_one_namespace_alone(client, begun):
    _, policy = begun
    client.put(KEYS[0], {"n": 1}, policy=policy)
    with pytest.raises(exception.ParamError, match="Namespace must be the same"):
        client.put(("other", SET, 1), {"n": 1}, policy=policy)


def test_where_there_is_no_strong_consistency(client, begun):
    _, policy = begun
    for call in (
        lambda: client.put(("other", SET, 1), {"n": 1}, policy=policy),
        lambda: client.get(("other", SET, 1), policy),
    ):
        with pytest.raises(exception.UnsupportedFeature):
            call()
    client.put(("other", SET, 1), {"n": 1})
    client.remove(("other", SET, 1))


def test_removal_is_durable(client):
    client.put(KEYS[0], {"n": 1})
    with pytest.raises(exception.ForbiddenError):
        client.remove(KEYS[0])
    with pytest.raises(exception.ForbiddenError):
        client.remove_bin(KEYS[0], ["n"])
    client.remove(KEYS[0], policy=DURABLE)
    assert value(client, KEYS[0]) is None


def test_writes_that_must_lock(client, begun):
    transaction, policy = begun
    client.put(KEYS[0], {"n": 1}, policy={**policy, "on_locking_only": True})
    with pytest.raises(exception.TransactionAlreadyLocked):
        client.put(KEYS[0], {"n": 2}, policy={**policy, "on_locking_only": True})
    client.commit(transaction)
    assert value(client, KEYS[0]) == 1


def test_one_that_is_left_to_itself_expires(client, begun):
    transaction, policy = begun
    transaction.timeout = 1
    client.put(KEYS[0], {"n": 0})
    client.put(KEYS[0], {"n": 1}, policy=policy)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            client.put(KEYS[0], {"n": 2})
            break
        except exception.TransactionBlocked:
            time.sleep(0.1)
    assert value(client, KEYS[0]) == 2
    with pytest.raises(exception.TransactionExpired):
        client.put(KEYS[1], {"n": 1}, policy=policy)
    with pytest.raises(exception.TransactionExpired):
        client.commit(transaction)
    assert client.abort(transaction) == aerospike.ABORT_OK
    assert [value(client, key) for key in KEYS[:2]] == [2, None]


def test_too_many_writes(client, begun):
    transaction, policy = begun
    keys = [("test", SET, number) for number in range(4097)]
    results = [
        client.batch_operate(keys[start : start + 1024], [operations.write("n", 1)], policy).result
        for start in range(0, len(keys), 1024)
    ]
    assert results == [0, 0, 0, 0, exception.TransactionTooManyWrites.code]
    assert client.abort(transaction) == aerospike.ABORT_OK
    assert client.scan("test", SET).results() == []


def test_a_block_commits(client):
    with client.transaction() as transaction:
        for key in KEYS:
            client.put(key, {"n": 1}, policy={"txn": transaction})
    assert [value(client, key) for key in KEYS] == [1] * 4


def test_a_block_that_raises_aborts(client):
    def block():
        with client.transaction() as transaction:
            client.put(KEYS[0], {"n": 1}, policy={"txn": transaction})
            raise KeyError

    with pytest.raises(KeyError):
        block()
    client.put(KEYS[0], {"n": 2})


def test_a_block_that_cannot_be_committed_raises_and_lets_go(client):
    client.put(KEYS[0], {"n": 0})

    def block():
        with client.transaction() as transaction:
            value(client, KEYS[0], {"txn": transaction})
            client.put(KEYS[1], {"n": 1}, policy={"txn": transaction})
            client.put(KEYS[0], {"n": 1})

    with pytest.raises(exception.TransactionFailed):
        block()
    client.put(KEYS[1], {"n": 2})


def test_threads_share_one(client):
    transaction, unexpected = aerospike.Transaction(), []
    policy = {"txn": transaction}

    def work(place):
        try:
            for number in range(20):
                client.put(("test", SET, place * 100 + number), {"n": place}, policy=policy)
                client.batch_operate(KEYS, [operations.increment("n", 1)], policy)
        except BaseException as error:
            unexpected.append(error)

    threads = [threading.Thread(target=work, args=(place,)) for place in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert unexpected == []
    assert client.commit(transaction) == aerospike.COMMIT_OK
    assert [value(client, key) for key in KEYS] == [80] * 4
    assert len(client.scan("test", SET).results()) == 84


def test_a_transaction_that_ends_beside_commands(client):
    """Whatever comes of each: no crash, and all of its writes stand or none does."""
    for end in (client.commit, client.abort):
        transaction = aerospike.Transaction()

        def work(transaction=transaction):
            for number in range(50):
                try:
                    client.put(("test", SET, number), {"n": 1}, policy={"txn": transaction})
                except aerospike.Error:
                    return

        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        end(transaction)
        for thread in threads:
            thread.join()
        assert transaction.state in (aerospike.TXN_STATE_COMMITTED, aerospike.TXN_STATE_ABORTED)


def test_two_clients_may_use_one(server, client, begun):
    transaction, policy = begun
    with aerospike.client(server.config) as other:
        client.put(KEYS[0], {"n": 1}, policy=policy)
        other.put(KEYS[1], {"n": 1}, policy=policy)
        assert other.commit(transaction) == aerospike.COMMIT_OK
    assert [value(client, key) for key in KEYS[:2]] == [1, 1]


def test_the_namespace_can_be_no_other():
    for bad in (["none"], "test", [5]):
        with pytest.raises(ValueError, match="strong_consistency"):
            embedded.Server(strong_consistency=bad)


def fields_sent(body):
    """``{type: bytes}`` of a message, and its info bytes."""
    count, at, fields = int.from_bytes(body[18:20], "big"), 22, {}
    for _ in range(count):
        size = int.from_bytes(body[at : at + 4], "big")
        fields[body[at + 4]] = body[at + 5 : at + 4 + size]
        at += 4 + size
    return fields, body[1:5]


def test_what_is_sent(server, begun):
    transaction, policy = begun
    transaction.timeout = 7
    number = transaction.id.to_bytes(8, "little")
    nodes = Nodes(server.port, 1)
    with aerospike.client({"hosts": nodes.hosts}) as client:
        client.put(KEYS[0], {"n": 0})
        nodes.sent.clear()
        client.get(KEYS[0], policy)
        client.put(KEYS[0], {"n": 1}, policy=policy)
        client.commit(transaction)
        client.remove(KEYS[0], policy=DURABLE)
    nodes.close()
    read, told, written, mark, forward, end, _ = map(fields_sent, nodes.sent)
    assert (read[0][5], 3 in read[0]) == (number, False)
    assert told[0][1] == mark[0][1] == end[0][1] == b"<ERO~MRT"
    assert nodes.sent[1][10:14] == (7).to_bytes(4, "big")
    assert (written[0][5], len(written[0][3]), len(written[0][6])) == (number, 7, 4)
    assert (forward[0][5], forward[1][3]) == (number, 2)
    assert end[1][1] & 2


# ---- many at once, beside a model ----


class Interleaved(RuleBasedStateMachine):
    """Transactions at work on four records, and commands beside them."""

    server = client = None
    places = st.integers(0, len(KEYS) - 1)
    numbers = st.integers(0, 100)
    turns = st.integers(0, 2)

    @initialize()
    def begin(self):
        for key in KEYS:
            self.client.remove(key, policy=DURABLE) if self.client.exists(key)[1] else None
        self.now = [None] * len(KEYS)  # what is committed
        self.versions = [0] * len(KEYS)
        self.open = [self.new() for _ in range(3)]

    def new(self):
        return {"txn": aerospike.Transaction(), "writes": {}, "reads": {}}

    def teardown(self):
        for one in getattr(self, "open", []):
            self.client.abort(one["txn"])

    def locked(self, place, but=None):
        return any(place in one["writes"] for one in self.open if one is not but)

    def expected(self, one, place):
        """What a command of a transaction on a record meets: an error, or nothing."""
        if self.locked(place, one):
            return exception.TransactionBlocked
        changed = place in one["reads"] and one["reads"][place] != self.versions[place]
        return exception.TransactionVersionMismatch if changed else None

    def attempt(self, error, call):
        if error is None:
            call()
        else:
            with pytest.raises(error):
                call()
        return error is None

    def change(self, place, number):
        self.now[place] = number
        self.versions[place] += 1

    @rule(place=places, number=numbers)
    def put(self, place, number):
        error = exception.TransactionBlocked if self.locked(place) else None
        if self.attempt(error, lambda: self.client.put(KEYS[place], {"n": number})):
            self.change(place, number)

    @rule(turn=turns, place=places, number=numbers)
    def put_within(self, turn, place, number):
        one = self.open[turn]
        call = lambda: self.client.put(KEYS[place], {"n": number}, policy={"txn": one["txn"]})  # noqa: E731
        if self.attempt(self.expected(one, place), call):
            one["writes"][place] = number
            one["reads"].pop(place, None)

    @rule(turn=turns, place=places)
    def remove_within(self, turn, place):
        one = self.open[turn]
        error = self.expected(one, place)
        there = one["writes"].get(place, self.now[place]) is not None
        if error is None and not there:
            error = exception.RecordNotFound
        if self.attempt(error, lambda: self.client.remove(KEYS[place], policy={"txn": one["txn"], **DURABLE})):
            one["writes"][place] = None
            one["reads"].pop(place, None)

    @rule(turn=turns)
    def read_all_within(self, turn):
        one = self.open[turn]
        rows = self.client.batch_read(KEYS, None, {"txn": one["txn"]}).batch_records
        for place, row in enumerate(rows):
            error = self.expected(one, place)
            if error is not None:
                assert row.result == error.code
                continue
            number = one["writes"].get(place, self.now[place])
            assert (row.record[2]["n"] if row.result == 0 else None) == number
            if place not in one["writes"] and number is not None:
                one["reads"][place] = self.versions[place]

    @rule(turn=turns, number=numbers)
    def write_all_within(self, turn, number):
        one = self.open[turn]
        rows = self.client.batch_operate(KEYS, [operations.write("n", number)], {"txn": one["txn"]}).batch_records
        for place, row in enumerate(rows):
            error = self.expected(one, place)
            assert row.result == (0 if error is None else error.code)
            if error is None:
                one["writes"][place] = number
                one["reads"].pop(place, None)

    @rule(turn=turns)
    def commit(self, turn):
        one = self.open[turn]
        stays = all(
            version == self.versions[place] and not self.locked(place, one) for place, version in one["reads"].items()
        )
        if self.attempt(None if stays else exception.TransactionFailed, lambda: self.client.commit(one["txn"])):
            for place, number in one["writes"].items():
                self.change(place, number)
        self.open[turn] = self.new()

    @rule(turn=turns)
    def abort(self, turn):
        assert self.client.abort(self.open[turn]["txn"]) == aerospike.ABORT_OK
        self.open[turn] = self.new()

    @precondition(lambda self: hasattr(self, "open"))
    @invariant()
    def others_see_what_is_committed(self):
        assert [value(self.client, key) for key in KEYS] == self.now
        scanned = sorted(record[2]["n"] for record in self.client.scan("test", SET).results())
        assert scanned == sorted(number for number in self.now if number is not None)


def test_many_at_once(server):
    with aerospike.client(server.config) as client:
        machine = type("Machine", (Interleaved,), {"client": client}).TestCase
        machine.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
        machine().runTest()
    server.clear()
