# SPDX-License-Identifier: Apache-2.0
"""Transactions: the object, its policy key, what is refused."""

import contextlib
import copy
import os
import pickle
import threading

import pytest

import aerospike
from aerospike import exception, predicates
from aerospike_helpers.batch import records
from aerospike_helpers.operations import operations

# ---- the object ----


def test_a_new_one():
    transaction = aerospike.Transaction()
    assert (transaction.state, transaction.in_doubt, transaction.timeout) == (aerospike.TXN_STATE_OPEN, False, 0)
    assert 0 < transaction.id < 2**64
    assert transaction.id != aerospike.Transaction().id
    assert repr(transaction) == f"<aerospike.Transaction {transaction.id}, open>"


@pytest.mark.parametrize("capacities", [(0, 0), (16,), (2**32 - 1, 2**32 - 1), (2**31, 2**31)])
def test_capacities(capacities):
    assert aerospike.Transaction(*capacities).state == aerospike.TXN_STATE_OPEN
    names = dict(zip(("reads_capacity", "writes_capacity"), capacities, strict=False))
    assert aerospike.Transaction(**names).state == aerospike.TXN_STATE_OPEN


@pytest.mark.parametrize("bad", [-1, 2**32, 10**30, 1.5, "16", None])
@pytest.mark.parametrize("name", ["reads_capacity", "writes_capacity"])
def test_bad_capacities(name, bad):
    with pytest.raises(exception.ParamError, match=name):
        aerospike.Transaction(**{name: bad})


def test_the_timeout_can_be_set():
    transaction = aerospike.Transaction()
    for seconds in (0, 5, 2**32 - 1):
        transaction.timeout = seconds
        assert transaction.timeout == seconds
    for bad in (-1, 2**32, 1.5, None):
        with pytest.raises(exception.ParamError, match="timeout"):
            transaction.timeout = bad
    with pytest.raises(exception.ParamError, match="timeout"):
        del transaction.timeout
    assert transaction.timeout == 2**32 - 1


@pytest.mark.parametrize("name", ["id", "state", "in_doubt"])
def test_other_attributes_cannot(name):
    with pytest.raises(AttributeError):
        setattr(aerospike.Transaction(), name, 1)


@pytest.mark.parametrize("other", [copy.copy, copy.deepcopy, pickle.dumps])
def test_there_is_no_other_one_of_it(other):
    with pytest.raises(TypeError):
        other(aerospike.Transaction())


# ---- what is refused ----

PREDICATE = predicates.equals("a", 1)
CALLS = {
    "get": lambda client, key, policy: client.get(key, policy),
    "select": lambda client, key, policy: client.select(key, ["a"], policy),
    "exists": lambda client, key, policy: client.exists(key, policy),
    "put": lambda client, key, policy: client.put(key, {"a": 1}, None, policy),
    "remove_bin": lambda client, key, policy: client.remove_bin(key, ["b"], None, policy),
    "remove": lambda client, key, policy: client.remove(key, None, policy),
    "touch": lambda client, key, policy: client.touch(key, 0, None, policy),
    "increment": lambda client, key, policy: client.increment(key, "a", 1, None, policy),
    "append": lambda client, key, policy: client.append(key, "s", "x", None, policy),
    "prepend": lambda client, key, policy: client.prepend(key, "s", "x", None, policy),
    "operate": lambda client, key, policy: client.operate(key, [operations.read("a")], None, policy),
    "operate_ordered": lambda client, key, policy: client.operate_ordered(key, [operations.read("a")], None, policy),
    "apply": lambda client, key, policy: client.apply(key, "module", "function", [], policy),
    "batch_read": lambda client, key, policy: client.batch_read([key], None, policy),
    "batch_operate": lambda client, key, policy: client.batch_operate([key], [operations.read("a")], policy),
    "batch_remove": lambda client, key, policy: client.batch_remove([key], policy),
    "batch_apply": lambda client, key, policy: client.batch_apply([key], "module", "function", [], policy),
    "batch_write": lambda client, key, policy: client.batch_write(
        records.BatchRecords([records.Read(key, None)]), policy
    ),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("bad", [None, 5, "txn", aerospike.Transaction], ids=repr)
def test_no_transaction(client, key, call, bad):
    with pytest.raises(exception.ClientError, match=r"txn is invalid: it must be an aerospike\.Transaction, not"):
        CALLS[call](client, key, {"txn": bad})


@pytest.mark.parametrize(
    "call",
    [
        lambda client, policy: client.scan("test", "demo").results(policy),
        lambda client, policy: client.scan("test", "demo").foreach(print, policy),
        lambda client, policy: client.scan("test", "demo").add_ops([operations.touch()]).execute_background(policy),
        lambda client, policy: client.query("test", "demo").results(policy),
        lambda client, policy: client.query("test", "demo").foreach(print, policy),
        lambda client, policy: client.query("test", "demo").add_ops([operations.touch()]).execute_background(policy),
        lambda client, policy: client.scan_apply("test", "demo", "module", "function", [], policy),
        lambda client, policy: client.query_apply("test", "demo", PREDICATE, "module", "function", [], policy),
    ],
)
def test_what_takes_part_in_none(client, connect, call):
    with pytest.raises(exception.ParamError, match="'txn' has no effect"):
        call(connect(validate_keys=True), {"txn": aerospike.Transaction()})
    with pytest.warns(UserWarning, match="'txn' has no effect"), contextlib.suppress(exception.ServerError):
        call(client, {"txn": aerospike.Transaction()})


@pytest.mark.parametrize(
    "policies", [{"read": {"txn": aerospike.Transaction()}}, {"txn": aerospike.Transaction()}, {"write": {"txn": None}}]
)
def test_a_default_cannot_be_one(config, policies):
    with pytest.raises(exception.ParamError, match="txn"):
        aerospike.client({**config, "policies": policies})


@pytest.mark.parametrize("bad", [None, 5, {}, aerospike.Transaction])
def test_the_end_of_what_is_none(client, bad):
    for end in (client.commit, client.abort):
        with pytest.raises(exception.ParamError, match=r"transaction must be an aerospike\.Transaction, not"):
            end(bad)
        with pytest.raises(TypeError):
            end()


def test_a_closed_client(connect):
    client = connect()
    client.close()
    for end in (client.commit, client.abort):
        with pytest.raises(exception.ClusterError):
            end(aerospike.Transaction())


@pytest.mark.parametrize("bad", [{"timeout": -1}, {"timeout": "x"}, {"reads_capacity": -1}, {"nothing": 1}])
def test_blocks_that_are_refused(client, bad):
    with pytest.raises(exception.ParamError):
        client.transaction(**bad)


# ---- the end of an empty one ----


def test_an_empty_one_is_committed(client):
    transaction = aerospike.Transaction()
    assert client.commit(transaction) == aerospike.COMMIT_OK
    assert transaction.state == aerospike.TXN_STATE_COMMITTED
    assert client.commit(transaction) == aerospike.COMMIT_ALREADY_COMMITTED
    with pytest.raises(exception.TransactionAlreadyCommitted):
        client.abort(transaction)
    assert repr(transaction).endswith(", committed>")


def test_an_empty_one_is_aborted(client):
    transaction = aerospike.Transaction()
    assert client.abort(transaction) == aerospike.ABORT_OK
    assert transaction.state == aerospike.TXN_STATE_ABORTED
    assert client.abort(transaction) == aerospike.ABORT_ALREADY_ABORTED
    with pytest.raises(exception.TransactionAlreadyAborted):
        client.commit(transaction)


@pytest.mark.parametrize("call", CALLS)
def test_nothing_is_sent_after_the_end(client, key, call):
    transaction = aerospike.Transaction()
    client.commit(transaction)
    if call.startswith("batch"):
        assert CALLS[call](client, key, {"txn": transaction}).result == exception.ParamError.code
    else:
        with pytest.raises(exception.ParamError, match="has been committed"):
            CALLS[call](client, key, {"txn": transaction})
    assert client.exists(key)[1] is None


def test_a_block(client):
    with client.transaction(timeout=5, reads_capacity=20) as transaction:
        assert (transaction.state, transaction.timeout) == (aerospike.TXN_STATE_OPEN, 5)
    assert transaction.state == aerospike.TXN_STATE_COMMITTED


def test_a_block_that_raises(client):
    begun = []

    def block():
        with client.transaction() as transaction:
            begun.append(transaction)
            raise KeyError

    with pytest.raises(KeyError):
        block()
    assert begun[0].state == aerospike.TXN_STATE_ABORTED


@pytest.mark.parametrize("name", ["commit", "abort"])
def test_a_block_that_ends_it_by_itself(client, name):
    with client.transaction() as transaction:
        getattr(client, name)(transaction)

    def block():
        with client.transaction() as transaction:
            getattr(client, name)(transaction)
            raise KeyError

    with pytest.raises(KeyError):
        block()


@pytest.mark.forks
@pytest.mark.sync_only("a child has not the thread of the loop")
def test_a_child_process_is_refused(client):
    transaction = aerospike.Transaction()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            client.commit(transaction)
        except exception.ParamError as error:
            code = 0 if "parent" in error.msg else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert client.commit(transaction) == aerospike.COMMIT_OK


def test_a_log_handler_within_one_is_refused(client, connect, key):
    """The C client logs, at its finest level, on the thread of a command that has no connection yet."""
    found, transaction, other = [], aerospike.Transaction(), connect()

    def handle(*_arguments):
        if threading.current_thread() is threading.main_thread():
            try:
                client.abort(transaction)
            except aerospike.Error as error:
                found.append(error)

    aerospike.set_log_level(aerospike.LOG_LEVEL_TRACE)
    aerospike.set_log_handler(handle)
    try:
        with pytest.raises(exception.NamespaceNotFound):
            other.get(("no-such", "demo", 1), {"txn": transaction})
    finally:
        aerospike.set_log_handler()
        aerospike.set_log_level(aerospike.LOG_LEVEL_WARN)
    assert [type(error) for error in found] in ([], [exception.ParamError] * len(found))
    assert transaction.state == aerospike.TXN_STATE_OPEN
