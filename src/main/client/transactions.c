// SPDX-License-Identifier: Apache-2.0
// The end of transactions. Commands take part in them by their policy.
#include "client/command.h"

#include <aerospike/aerospike_txn.h>

static int read_transaction(Command *command, PyObject *const *given)
{
    Transaction *transaction = transaction_from_py(command_state(command), given[0], "transaction");
    if (transaction == NULL) {
        return -1;
    }
    command->owned.transaction = Py_NewRef(given[0]);
    command->answer = transaction_txn(transaction);
    return 0;
}

static PyObject *number_give(Command *command)
{
    return PyLong_FromUnsignedLongLong(command->number);
}

#define END_OF_TRANSACTION(name)                                                                                       \
    static const CommandKind name##_command = {.signature = {#name, 1, {"transaction"}},                               \
                                               .policy = POLICY_KIND_COUNT,                                            \
                                               .read = read_transaction,                                               \
                                               .run = name##_run,                                                      \
                                               .give = number_give};                                                   \
    COMMAND(name)

DOC(client_commit,
    "commit($self, transaction)\n--\n\n"
    "Make the writes of a transaction stand, if nothing that it has read was written by others meanwhile.\n\n"
    ":param Transaction transaction: the transaction.\n"
    ":return: ``COMMIT_OK`` or ``COMMIT_ALREADY_COMMITTED``; or ``COMMIT_ROLL_FORWARD_ABANDONED`` or\n"
    "    ``COMMIT_CLOSE_ABANDONED``, where it is committed and the server will clear up what the client could not.\n"
    ":raises TransactionFailed: something that it has read was written by others; it is aborted.\n"
    ":raises TransactionAlreadyAborted: it was aborted before.\n"
    ":raises AerospikeError: it could not be committed. With ``in_doubt`` it may have been all the same, and commit()\n"
    "    again finds out; else abort() lets go of its records.\n");

static as_status commit_run(Command *command, aerospike *as)
{
    as_commit_status status = AS_COMMIT_OK;
    as_status result = aerospike_commit(as, &command->err, command->answer, &status);
    command->number = (uint64_t)status;
    return result;
}

END_OF_TRANSACTION(commit)

DOC(client_abort,
    "abort($self, transaction)\n--\n\n"
    "Undo the writes of a transaction.\n\n"
    ":param Transaction transaction: the transaction.\n"
    ":return: ``ABORT_OK`` or ``ABORT_ALREADY_ABORTED``; or ``ABORT_ROLL_BACK_ABANDONED`` or\n"
    "    ``ABORT_CLOSE_ABANDONED``, where the server will undo or clear up what the client could not.\n"
    ":raises TransactionAlreadyCommitted: it was committed before.\n"
    ":raises TransactionFailed: a commit of it is in doubt: commit() again finds out.\n");

static as_status abort_run(Command *command, aerospike *as)
{
    as_abort_status status = AS_ABORT_OK;
    as_status result = aerospike_abort(as, &command->err, command->answer, &status);
    command->number = (uint64_t)status;
    return result;
}

END_OF_TRANSACTION(abort)

PyMethodDef client_transactions_methods[] = {
    METHOD("commit", client_commit),
    METHOD("abort", client_abort),
    {NULL, NULL, 0, NULL},
};
