// SPDX-License-Identifier: Apache-2.0
#include "transaction.h"

#include "args.h"
#include "convert/convert.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

struct Transaction {
    PyObject_HEAD
    State *state;
    pthread_mutex_t turn;  // who holds it may use `txn`
    pid_t process;
    as_txn txn;
    // what Python sees and sets of it, whoever's turn it is
    atomic_int phase;
    atomic_bool in_doubt;
    atomic_uint timeout;
};

// More buckets than these make nothing faster, and the C client counts them with 32 bits.
enum { CAPACITY_MOST = 1 << 16 };

// ---- turns ----

as_status transaction_enter(Transaction *transaction, as_error *err)
{
    if (transaction == NULL) {
        return AEROSPIKE_OK;
    }
    if (transaction->process != getpid()) {
        return as_error_update(err, AEROSPIKE_ERR_PARAM,
                               "the transaction is of the parent process: a child begins its own");
    }
    if (pthread_mutex_lock(&transaction->turn) == EDEADLK) {
        return as_error_update(err, AEROSPIKE_ERR_PARAM,
                               "the transaction is at work on this thread, for which a log handler was called");
    }
    as_txn_set_timeout(&transaction->txn, atomic_load(&transaction->timeout));
    return AEROSPIKE_OK;
}

void transaction_leave(Transaction *transaction)
{
    if (transaction != NULL) {
        atomic_store(&transaction->phase, (int)transaction->txn.state);
        atomic_store(&transaction->in_doubt, transaction->txn.in_doubt);
        pthread_mutex_unlock(&transaction->turn);
    }
}

Transaction *transaction_from_py(State *state, PyObject *object, const char *what)
{
    if (!PyObject_TypeCheck(object, (PyTypeObject *)state->transaction_type)) {
        error_type(state, what, "an aerospike.Transaction", object);
        return NULL;
    }
    return (Transaction *)object;
}

as_txn *transaction_txn(Transaction *transaction)
{
    return &transaction->txn;
}

// ---- the object ----

static int capacity_from_py(State *state, PyObject *value, const char *what, uint32_t *out)
{
    int64_t number;
    if (value == NULL) {
        return 0;
    }
    if (integer_from_py(state, value, what, 0, UINT32_MAX, &number) < 0) {
        return -1;
    }
    *out = number < CAPACITY_MOST ? (uint32_t)number : CAPACITY_MOST;
    return 0;
}

static PyObject *transaction_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"reads_capacity", "writes_capacity", NULL};
    State *state = state_of_module(PyType_GetModule(type));
    PyObject *given[2] = {NULL, NULL};
    uint32_t reads = AS_TXN_READ_CAPACITY_DEFAULT, writes = AS_TXN_WRITE_CAPACITY_DEFAULT;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "|OO:Transaction", names, &given[0], &given[1]) ||
        capacity_from_py(state, given[0], names[0], &reads) < 0 ||
        capacity_from_py(state, given[1], names[1], &writes) < 0) {
        return NULL;
    }
    Transaction *transaction = (Transaction *)type->tp_alloc(type, 0);
    if (transaction == NULL) {
        return NULL;
    }
    pthread_mutexattr_t checked;
    pthread_mutexattr_init(&checked);
    pthread_mutexattr_settype(&checked, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(&transaction->turn, &checked);
    pthread_mutexattr_destroy(&checked);
    transaction->state = state;
    transaction->process = getpid();
    as_txn_init_capacity(&transaction->txn, reads, writes);
    return (PyObject *)transaction;
}

static void transaction_dealloc(PyObject *self)
{
    Transaction *transaction = (Transaction *)self;
    PyTypeObject *type = Py_TYPE(self);
    as_txn_destroy(&transaction->txn);
    pthread_mutex_destroy(&transaction->turn);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *get_id(PyObject *self, void *Py_UNUSED(closure))
{
    return PyLong_FromUnsignedLongLong(((Transaction *)self)->txn.id);
}

static PyObject *get_state(PyObject *self, void *Py_UNUSED(closure))
{
    return PyLong_FromLong(atomic_load(&((Transaction *)self)->phase));
}

static PyObject *get_in_doubt(PyObject *self, void *Py_UNUSED(closure))
{
    return PyBool_FromLong(atomic_load(&((Transaction *)self)->in_doubt));
}

static PyObject *get_timeout(PyObject *self, void *Py_UNUSED(closure))
{
    return PyLong_FromUnsignedLong(atomic_load(&((Transaction *)self)->timeout));
}

static int set_timeout(PyObject *self, PyObject *value, void *Py_UNUSED(closure))
{
    Transaction *transaction = (Transaction *)self;
    int64_t seconds;
    if (value == NULL) {
        return error_param(transaction->state, "timeout cannot be deleted");
    }
    if (integer_from_py(transaction->state, value, "timeout", 0, UINT32_MAX, &seconds) < 0) {
        return -1;
    }
    atomic_store(&transaction->timeout, (unsigned)seconds);
    return 0;
}

static PyObject *transaction_repr(PyObject *self)
{
    static const char *const states[] = {[AS_TXN_STATE_OPEN] = "open",
                                         [AS_TXN_STATE_VERIFIED] = "verified",
                                         [AS_TXN_STATE_COMMITTED] = "committed",
                                         [AS_TXN_STATE_ABORTED] = "aborted",
                                         [AS_TXN_STATE_COMMIT_FAILED] = "commit failed"};
    Transaction *transaction = (Transaction *)self;
    return PyUnicode_FromFormat("<aerospike.Transaction %llu, %s>", (unsigned long long)transaction->txn.id,
                                states[atomic_load(&transaction->phase)]);
}

static PyGetSetDef members[] = {
    {"id", get_id, NULL, "The number by which the server knows it, drawn by lot.", NULL},
    {"state", get_state, NULL, "How far it is: one of ``TXN_STATE_*``.", NULL},
    {"in_doubt", get_in_doubt, NULL,
     "True where a commit failed and may have come about all the same: ``commit()`` again says more.", NULL},
    {"timeout", get_timeout, set_timeout,
     "The seconds after its first write that the server gives it, and then rolls it back; 0: as the server is\n"
     "configured (``mrt-duration``, 10 seconds). To be set before the first write.",
     NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static const char transaction_doc[] =
    "Transaction(reads_capacity=128, writes_capacity=128)\n--\n\n"
    "Several commands that come about together or not at all. Commands take part by the key ``txn`` of their policy;\n"
    ":meth:`Client.commit` and :meth:`Client.abort` end it. All are of one namespace, which must be strongly "
    "consistent.\n"
    "Needs a server of the Enterprise Edition, 8.0 or later.\n\n"
    ":param int reads_capacity: how many records it is expected to read; at least 16 are made room for.\n"
    ":param int writes_capacity: how many records it is expected to write.\n"
    ":raises ParamError: a capacity is no int, or not between 0 and 2**32 - 1.\n";

static PyType_Slot slots[] = {
    {Py_tp_doc, (void *)transaction_doc}, {Py_tp_new, transaction_new}, {Py_tp_dealloc, transaction_dealloc},
    {Py_tp_repr, transaction_repr},       {Py_tp_getset, members},      {0, NULL},
};

static PyType_Spec spec = {
    .name = "aerospike.Transaction",
    .basicsize = sizeof(Transaction),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = slots,
};

int transaction_init(PyObject *module, State *state)
{
    state->transaction_type = PyType_FromModuleAndSpec(module, &spec, NULL);
    return state->transaction_type == NULL ? -1 : PyModule_AddType(module, (PyTypeObject *)state->transaction_type);
}
