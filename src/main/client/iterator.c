// SPDX-License-Identifier: Apache-2.0
#include "client/iterator.h"

#include "args.h"
#include "client/bell.h"
#include "client/command.h"
#include "client/partitions.h"
#include "convert/wire_to_py.h"

#include <structmember.h>

// ---- what a run gives ----

PyObject *row_to_py(const Codec *codec, const QueryRun *run, const Row *row)
{
    if (run->aggregation != NULL) {
        return bin_to_py(codec, row->record->bins.entries);
    }
    if (row->wire.bytes != NULL) {
        return wire_record_to_py(codec, &row->wire);
    }
    PyObject *key = key_to_py(codec, &row->record->key);
    PyObject *record = key == NULL ? NULL : record_to_py(codec, row->record, key, true);
    Py_XDECREF(key);
    return record;
}

int query_run_outcome(State *state, const QueryRun *run, const Rows *rows)
{
    if (rows->exhausted) {
        PyErr_NoMemory();
        return -1;
    }
    if (run->status != AEROSPIKE_OK) {
        error_raise(state, &run->err);
        if (run->aggregation != NULL) {
            error_note(state, "module", run->query.apply.module);
            error_note(state, "func", run->query.apply.function);
        }
        return -1;
    }
    return 0;
}

// ---- the iterator ----

typedef struct RecordIterator {
    PyObject_HEAD
    State *state;
    ClientObject *client;
    unsigned long closings;  // of the client when the run began
    unsigned forks;
    unsigned long holder;  // the thread that is in next(); 0: none
    unsigned waiting;  // threads that want to be
    PyThread_type_lock gate;  // where they wait: free only if open
    bool open;
    bool closed;  // nothing is given any more
    // of the thread in next()
    Settings *settings;
    Codec codec;
    QueryRun *run;  // NULL: let go
    Rows *rows;
    Burst burst;  // taken, and not yet given
    bool more;  // the run may give others
    int64_t given;
    Bell bell;  // of the coroutine that waits for the next burst
    PyObject *partitions;  // of the request, which take over how far was gathered; or NULL
    PyObject *gathered;  // all that was given, hidden from the collector; NULL where nobody asks
    bool observed;
    Observation observation;  // where observed: who is told of the end
} RecordIterator;

static bool is_child(const RecordIterator *iterator)
{
    return fork_count() != iterator->forks;
}

// A child process tells nothing: the run is its parent's.
static void tell_end(RecordIterator *iterator)
{
    if (!iterator->observed) {
        return;
    }
    iterator->observed = false;
    if (iterator->observation.report != NULL) {
        iterator->observation.report->records = iterator->given;
    }
    if (is_child(iterator)) {
        observation_drop(&iterator->observation);
    } else {
        observation_end(iterator->state, &iterator->observation, NULL);
    }
}

// A child process has not the thread of the run, nor knows who held the lock of the rows.
static void let_go(RecordIterator *iterator)
{
    if (is_child(iterator)) {
        burst_free(&iterator->burst);
    } else if (iterator->run != NULL) {
        rows_listen(iterator->rows, 0, NULL, NULL);
        rows_give_back(iterator->rows, &iterator->burst);
        rows_stop(iterator->rows);
        query_run_release(iterator->run);
    }
    bell_take_down(&iterator->bell);
    iterator->run = NULL;
    tell_end(iterator);
}

// Wait for the threads that share the iterator. 0 or -1.
static int enter(RecordIterator *iterator)
{
    unsigned long me = PyThread_get_thread_ident();
    if (iterator->holder == me) {
        return error_set(iterator->state, AEROSPIKE_ERR_CLIENT, "what converts a record cannot ask for the next one");
    }
    while (iterator->holder != 0) {
        PyLockStatus status;
        iterator->waiting++;
        Py_BEGIN_ALLOW_THREADS
        status = PyThread_acquire_lock_timed(iterator->gate, ROWS_PATIENCE * 1000, 0);
        Py_END_ALLOW_THREADS
        iterator->waiting--;
        if (status == PY_LOCK_ACQUIRED) {
            iterator->open = false;
        }
        if (PyErr_CheckSignals() < 0) {
            return -1;
        }
    }
    iterator->holder = me;
    return 0;
}

static void leave(RecordIterator *iterator)
{
    if (iterator->closed) {
        let_go(iterator);
    }
    iterator->holder = 0;
    if (iterator->waiting > 0 && !iterator->open) {
        iterator->open = true;
        PyThread_release_lock(iterator->gate);
    }
}

static int check_process(const RecordIterator *iterator)
{
    return is_child(iterator) ? error_set(iterator->state, AEROSPIKE_ERR_CLIENT,
                                          "a child process cannot go on with an iterator of its parent")
                              : 0;
}

static int check_client(const RecordIterator *iterator)
{
    return iterator->client->closings == iterator->closings
               ? 0
               : error_set(iterator->state, AEROSPIKE_ERR_CLUSTER,
                           "No connection to aerospike cluster: the client was closed while its records were iterated");
}

// Have a row in the burst: 1; 0 at the end; -1.
static int fill(RecordIterator *iterator)
{
    while (iterator->burst.first == NULL) {
        if (!iterator->more) {
            return query_run_outcome(iterator->state, iterator->run, iterator->rows);
        }
        Py_BEGIN_ALLOW_THREADS
        iterator->more = rows_take(iterator->rows, &iterator->burst);
        Py_END_ALLOW_THREADS
        if (PyErr_CheckSignals() < 0 || check_process(iterator) < 0) {  // a signal's handler may fork
            return -1;
        }
        if (iterator->closed) {
            return 0;
        }
    }
    return 1;
}

// Of a burst that has one.
static PyObject *pop_record(RecordIterator *iterator)
{
    const Row *row = iterator->burst.first;
    iterator->burst.first = row->next;
    PyObject *record = row_to_py(&iterator->codec, iterator->run, row);
    iterator->given += record != NULL;
    return record;
}

static PyObject *next_record(RecordIterator *iterator)
{
    return iterator->closed || check_client(iterator) < 0 || fill(iterator) < 1 ? NULL : pop_record(iterator);
}

static PyObject *iterator_next(PyObject *self)
{
    RecordIterator *iterator = (RecordIterator *)self;
    if (check_process(iterator) < 0 || enter(iterator) < 0) {
        return NULL;
    }
    PyObject *record = next_record(iterator);
    if (record == NULL) {
        iterator->closed = true;
    }
    leave(iterator);
    return record;
}

DOC(iterator_close,
    "close($self, /)\n--\n\n"
    "Give no more records, and end the server's work on them. Closing twice is fine.");

static PyObject *iterator_close(PyObject *self, PyObject *Py_UNUSED(none))
{
    RecordIterator *iterator = (RecordIterator *)self;
    iterator->closed = true;
    if (iterator->bell.pump != NULL && bell_answer(&iterator->bell) < 0) {
        return NULL;
    }
    if (iterator->run != NULL && !is_child(iterator)) {
        rows_stop(iterator->rows);
        if (iterator->holder == 0) {  // else the thread in next() lets go
            let_go(iterator);
        }
    }
    Py_RETURN_NONE;
}

// ---- for asyncio ----

// Of so many as may be made while others wait. 0 or -1.
static int convert_some(RecordIterator *iterator, PyObject *list)
{
    uint64_t end = uv_hrtime() + PUMP_BURST;
    do {
        PyObject *record = pop_record(iterator);
        int result = record == NULL ? -1 : command_list_append(list, record);
        Py_XDECREF(record);
        if (result < 0) {
            return -1;
        }
    } while (iterator->burst.first != NULL && !iterator->closed && uv_hrtime() < end);
    return 0;
}

// What there is to convert without waiting, where so many bytes have come: 1; 0 where there is none yet; -1 with an
// exception, or without one at the end.
static int poll(RecordIterator *iterator, size_t bytes)
{
    if (iterator->closed || check_client(iterator) < 0) {
        return -1;
    }
    if (iterator->burst.first == NULL && iterator->more) {
        iterator->more = rows_poll(iterator->rows, &iterator->burst, bytes);
    }
    if (iterator->burst.first != NULL) {
        return 1;
    }
    if (!iterator->more) {
        (void)query_run_outcome(iterator->state, iterator->run, iterator->rows);
        return -1;
    }
    return 0;
}

static PyObject *give_gathered(RecordIterator *iterator)
{
    PyObject *list = iterator->gathered;
    iterator->gathered = NULL;
    command_list_show(list);
    return list;
}

static PyObject *gather(RecordIterator *iterator)
{
    if (iterator->gathered == NULL && (iterator->gathered = command_list()) == NULL) {
        return NULL;
    }
    int there = poll(iterator, ROWS_SOME);
    if (there == 0) {
        Py_RETURN_NONE;
    }
    if (there > 0) {
        return convert_some(iterator, iterator->gathered) < 0 ? NULL : Py_NewRef(Py_False);
    }
    iterator->closed = true;
    if (PyErr_Occurred() ||
        (iterator->partitions != NULL && partitions_replace(iterator->partitions, iterator->run->partitions) < 0)) {
        return NULL;
    }
    return give_gathered(iterator);
}

// A list of all records, at the end; False after some. None: there is none yet.
static PyObject *iterator_gather(PyObject *self, PyObject *Py_UNUSED(none))
{
    RecordIterator *iterator = (RecordIterator *)self;
    if (check_process(iterator) < 0 || enter(iterator) < 0) {
        return NULL;
    }
    PyObject *result = gather(iterator);
    if (result == NULL) {
        iterator->closed = true;
    }
    leave(iterator);
    return result;
}

static PyObject *at_hand(RecordIterator *iterator, size_t bytes)
{
    int there = poll(iterator, bytes);
    PyObject *record = there > 0 ? pop_record(iterator) : NULL;
    if (there != 0 && record == NULL) {
        iterator->closed = true;
        if (!PyErr_Occurred()) {
            PyErr_SetNone(PyExc_StopAsyncIteration);
        }
    }
    return record;
}

PyObject *iterator_at_hand(PyObject *self, bool waited)
{
    RecordIterator *iterator = (RecordIterator *)self;
    if (check_process(iterator) < 0 || enter(iterator) < 0) {
        return NULL;
    }
    PyObject *record = at_hand(iterator, waited ? ROWS_SOME : ROWS_MANY);
    leave(iterator);
    return record;
}

// _listen(future, many): end the future of this loop as soon as a record is there, or many, or the end. Whether that is
// so already. None: nobody waits.
static PyObject *iterator_listen(PyObject *self, PyObject *args)
{
    RecordIterator *iterator = (RecordIterator *)self;
    PyObject *future;
    int many;
    if (!PyArg_ParseTuple(args, "Op", &future, &many) || check_process(iterator) < 0) {
        return NULL;
    }
    if (iterator->closed || iterator->run == NULL || iterator->burst.first != NULL) {
        Py_RETURN_TRUE;
    }
    rows_listen(iterator->rows, 0, NULL, NULL);
    bell_take_down(&iterator->bell);
    if (future == Py_None) {
        Py_RETURN_FALSE;
    }
    if (bell_hang(&iterator->bell, iterator->state, future) < 0) {
        return NULL;
    }
    bool there = rows_listen(iterator->rows, many ? ROWS_MANY : ROWS_SOME, bell_ring, &iterator->bell);
    if (there) {
        bell_take_down(&iterator->bell);
    }
    return PyBool_FromLong(there);
}

DOC(iterator_enter, "__enter__($self, /)\n--\n\nThe iterator itself, which the end of the block closes.");

static PyObject *iterator_enter(PyObject *self, PyObject *Py_UNUSED(none))
{
    return Py_NewRef(self);
}

DOC(iterator_exit, "__exit__($self, /, *args)\n--\n\nClose the iterator.");

static PyObject *iterator_exit(PyObject *self, PyObject *Py_UNUSED(args))
{
    return iterator_close(self, NULL);
}

static PyObject *iterator_repr(PyObject *self)
{
    const RecordIterator *iterator = (const RecordIterator *)self;
    return PyUnicode_FromFormat("<aerospike.RecordIterator %s>", iterator->closed ? "closed" : "open");
}

// ---- life ----

PyObject *iterator_new(ClientObject *client, Settings *settings, const Codec *codec, QueryRun *run, Rows *rows)
{
    PyTypeObject *type = (PyTypeObject *)client->state->iterator_type;
    PyThread_type_lock gate = PyThread_allocate_lock();
    RecordIterator *iterator = gate == NULL ? NULL : (RecordIterator *)type->tp_alloc(type, 0);
    if (iterator == NULL) {
        if (gate != NULL) {
            PyThread_free_lock(gate);
        }
        rows_stop(rows);
        query_run_release(run);
        return PyErr_Occurred() ? NULL : PyErr_NoMemory();
    }
    iterator->state = client->state;
    iterator->client = (ClientObject *)Py_NewRef((PyObject *)client);
    iterator->closings = client->closings;
    iterator->forks = fork_count();
    iterator->gate = gate;
    PyThread_acquire_lock(gate, NOWAIT_LOCK);
    iterator->settings = settings_hold(settings);
    iterator->codec = *codec;
    iterator->run = run;
    iterator->rows = rows;
    iterator->more = true;
    return (PyObject *)iterator;
}

void iterator_continue(PyObject *self, PyObject *partitions)
{
    ((RecordIterator *)self)->partitions = Py_NewRef(partitions);
}

void iterator_observe(PyObject *self, const Observation *observation)
{
    RecordIterator *iterator = (RecordIterator *)self;
    iterator->observation = *observation;  // which is given away
    iterator->observed = true;
}

static int iterator_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    const RecordIterator *iterator = (const RecordIterator *)self;
    Py_VISIT(iterator->client);
    Py_VISIT(iterator->bell.future);
    Py_VISIT(iterator->partitions);
    return iterator->observed ? observation_traverse(&iterator->observation, visit, arg) : 0;
}

static void iterator_dealloc(PyObject *self)
{
    RecordIterator *iterator = (RecordIterator *)self;
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    let_go(iterator);
    Py_XDECREF(iterator->gathered == NULL ? NULL : give_gathered(iterator));
    Py_XDECREF(iterator->partitions);
    settings_release(iterator->settings);
    Py_XDECREF((PyObject *)iterator->client);
    PyThread_free_lock(iterator->gate);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyMethodDef methods[] = {
    {"_gather", iterator_gather, METH_NOARGS, NULL},
    {"_listen", iterator_listen, METH_VARARGS, NULL},
    {"close", iterator_close, METH_NOARGS, iterator_close_doc},
    {"__enter__", iterator_enter, METH_NOARGS, iterator_enter_doc},
    {"__exit__", iterator_exit, METH_VARARGS, iterator_exit_doc},
    {NULL, NULL, 0, NULL},
};

DOC(iterator,
    "The records of a scan or query, one after another: what ``iter()`` of one returns.\n\n"
    "It has a run of its own, which waits while nobody asks for records, and holds some thousand records at the most.\n"
    "It may be left early: the end of the loop's name, :meth:`close`, or the end of a ``with`` block ends the\n"
    "server's work. Threads may share it, and each gets other records. In a child process it raises\n"
    ":class:`~aerospike.exception.ClientError`, after the client was closed\n"
    ":class:`~aerospike.exception.ClusterError`.");

static PyType_Slot slots[] = {
    {Py_tp_doc, (void *)iterator_doc},
    {Py_tp_iter, PyObject_SelfIter},
    {Py_tp_iternext, iterator_next},
    {Py_tp_repr, iterator_repr},
    {Py_tp_traverse, iterator_traverse},
    {Py_tp_dealloc, iterator_dealloc},
    {Py_tp_methods, methods},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "aerospike.RecordIterator",
    .basicsize = sizeof(RecordIterator),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = slots,
};

int iterator_init(PyObject *module, State *state)
{
    aggregation_prepare();
    state->iterator_type = PyType_FromModuleAndSpec(module, &spec, NULL);
    return state->iterator_type == NULL ? -1 : PyModule_AddType(module, (PyTypeObject *)state->iterator_type);
}
