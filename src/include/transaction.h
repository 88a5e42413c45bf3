// SPDX-License-Identifier: Apache-2.0
// aerospike.Transaction. The C client does not guard a transaction against threads: commands that belong to one take
// turns.
#ifndef TRANSACTION_H
#define TRANSACTION_H

#include "errors.h"

#include <aerospike/as_txn.h>
#include <stdbool.h>

typedef struct Transaction Transaction;

// What an object holds that must be a Transaction, borrowed. NULL with an exception that calls it `what`.
Transaction *transaction_from_py(State *state, PyObject *object, const char *what);
as_txn *transaction_txn(Transaction *transaction);

// Around a call of the C client, without the GIL; NULL: no transaction, nothing. A thread that is within such a call,
// in a log handler, is refused, and so is a child of the process that began the transaction.
as_status transaction_enter(Transaction *transaction, as_error *err);
void transaction_leave(Transaction *transaction);

#endif
