// SPDX-License-Identifier: Apache-2.0
// `async for` over the records of a run. What __anext__() returns gives a record that is at hand without a coroutine,
// without a turn of the loop, and without a new object: it is used again and again. Where none is at hand it goes on as
// the coroutine _wait(), which the Python class has.
#include "client/awaited.h"
#include "client/iterator.h"
#include "client/pump.h"

#include <structmember.h>

// Of AsyncRecordIterator, which is a Python class.
typedef struct AsyncRecords {
    PyObject_HEAD
    State *state;
    PyObject *records;  // the RecordIterator; NULL until __init__()
    PyObject *spare;  // an Upcoming that has ended; or NULL
    uint64_t turn_end;  // nanoseconds, when others have theirs
} AsyncRecords;

// The record that comes next, to be awaited.
typedef struct Upcoming {
    PyObject_HEAD
    AsyncRecords *of;  // NULL: it has ended
    PyObject *way;  // the coroutine that waits; or NULL
    bool rested;  // others had their turn
} Upcoming;

static void turn_begin(AsyncRecords *records)
{
    records->turn_end = uv_hrtime() + PUMP_BURST;
}

// ---- the record that comes next ----

static PySendResult upcoming_end(Upcoming *upcoming, PySendResult how)
{
    AsyncRecords *records = upcoming->of;
    upcoming->of = NULL;
    Py_CLEAR(upcoming->way);
    if (records != NULL) {
        Py_XSETREF(records->spare, Py_NewRef(upcoming));
        Py_DECREF(records);
    }
    return how;
}

// One step of the coroutine. PYGEN_RETURN: there may be records now.
static PySendResult way_send(Upcoming *upcoming, PyObject *value, PyObject **result)
{
    PyObject *way = Py_NewRef(upcoming->way);
    PySendResult sent = PyIter_Send(way, value, result);
    if (sent == PYGEN_RETURN) {
        Py_CLEAR(*result);
        Py_CLEAR(upcoming->way);
    }
    Py_DECREF(way);
    return sent;
}

static int way_begin(Upcoming *upcoming)
{
    upcoming->way = PyObject_CallMethod((PyObject *)upcoming->of, "_wait", NULL);
    return upcoming->way == NULL ? -1 : 0;
}

static PySendResult upcoming_give(Upcoming *upcoming, PyObject *value, PyObject **result)
{
    AsyncRecords *records = upcoming->of;
    bool waited = false;
    for (;;) {
        if (upcoming->way != NULL) {
            PySendResult sent = way_send(upcoming, value, result);
            if (sent != PYGEN_RETURN) {
                return sent;
            }
            turn_begin(records);
            waited = true;
            value = Py_None;
        }
        *result = iterator_at_hand(records->records, waited);
        if (*result != NULL) {
            return PYGEN_RETURN;
        }
        if (PyErr_Occurred() || way_begin(upcoming) < 0) {
            return PYGEN_ERROR;
        }
    }
}

static PySendResult upcoming_send(PyObject *self, PyObject *value, PyObject **result)
{
    Upcoming *upcoming = (Upcoming *)self;
    AsyncRecords *records = upcoming->of;
    *result = NULL;
    if (records == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "this was awaited already");
        return PYGEN_ERROR;
    }
    if (upcoming->rested) {
        upcoming->rested = false;
        turn_begin(records);
    } else if (upcoming->way == NULL && uv_hrtime() >= records->turn_end) {
        upcoming->rested = true;
        *result = Py_NewRef(Py_None);  // as asyncio.sleep(0) does
        return PYGEN_NEXT;
    }
    Py_INCREF(records);
    PySendResult sent = upcoming_give(upcoming, value, result);
    Py_DECREF(records);
    return sent == PYGEN_NEXT ? sent : upcoming_end(upcoming, sent);
}

static PyObject *upcoming_next(PyObject *self)
{
    return awaited_step(upcoming_send, self, Py_None);
}

static PyObject *upcoming_send_method(PyObject *self, PyObject *value)
{
    return awaited_step(upcoming_send, self, value);
}

// What is thrown in goes through the coroutine, which knows what to do with it.
static PyObject *upcoming_throw(PyObject *self, PyObject *args)
{
    Upcoming *upcoming = (Upcoming *)self;
    if (upcoming->of == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "this was awaited already");
        return NULL;
    }
    if (upcoming->way == NULL && way_begin(upcoming) < 0) {
        return NULL;
    }
    PyObject *way = Py_NewRef(upcoming->way);
    PyObject *throw = PyObject_GetAttrString(way, "throw");
    PyObject *result = throw == NULL ? NULL : PyObject_CallObject(throw, args);
    Py_XDECREF(throw);
    Py_DECREF(way);
    if (result == NULL) {
        (void)upcoming_end(upcoming, PYGEN_ERROR);
    }
    return result;
}

static PyObject *upcoming_close(PyObject *self, PyObject *Py_UNUSED(none))
{
    Upcoming *upcoming = (Upcoming *)self;
    PyObject *way = Py_XNewRef(upcoming->way);
    PyObject *answer = way == NULL ? Py_NewRef(Py_None) : PyObject_CallMethod(way, "close", NULL);
    Py_XDECREF(way);
    (void)upcoming_end(upcoming, PYGEN_RETURN);
    return answer;
}

static int upcoming_traverse(PyObject *self, visitproc visit, void *arg)
{
    Upcoming *upcoming = (Upcoming *)self;
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(upcoming->of);
    Py_VISIT(upcoming->way);
    return 0;
}

static int upcoming_clear(PyObject *self)
{
    Upcoming *upcoming = (Upcoming *)self;
    Py_CLEAR(upcoming->of);
    Py_CLEAR(upcoming->way);
    return 0;
}

static void upcoming_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    upcoming_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

// As coroutines have them, so that it may be a task of its own.
static PyMethodDef upcoming_methods[] = {
    {"send", upcoming_send_method, METH_O, NULL},
    {"throw", upcoming_throw, METH_VARARGS, NULL},
    {"close", upcoming_close, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot upcoming_slots[] = {
    {Py_am_await, PyObject_SelfIter}, {Py_am_send, upcoming_send},       {Py_tp_iter, PyObject_SelfIter},
    {Py_tp_iternext, upcoming_next},  {Py_tp_methods, upcoming_methods}, {Py_tp_traverse, upcoming_traverse},
    {Py_tp_clear, upcoming_clear},    {Py_tp_dealloc, upcoming_dealloc}, {0, NULL},
};

static PyType_Spec upcoming_spec = {
    .name = "aerospike._native._Upcoming",
    .basicsize = sizeof(Upcoming),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = upcoming_slots,
};

// ---- the iterator ----

static PyObject *records_anext(PyObject *self)
{
    AsyncRecords *records = (AsyncRecords *)self;
    if (records->records == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "__init__() was not called");
        return NULL;
    }
    Upcoming *upcoming = (Upcoming *)records->spare;
    records->spare = NULL;
    if (upcoming == NULL || Py_REFCNT(upcoming) > 1) {  // somebody has kept it
        Py_XDECREF(upcoming);
        PyTypeObject *type = (PyTypeObject *)records->state->upcoming_type;
        upcoming = (Upcoming *)type->tp_alloc(type, 0);
        if (upcoming == NULL) {
            return NULL;
        }
    }
    upcoming->of = (AsyncRecords *)Py_NewRef(self);
    upcoming->rested = false;
    return (PyObject *)upcoming;
}

static int records_construct(PyObject *self, PyObject *args, PyObject *keywords)
{
    AsyncRecords *records = (AsyncRecords *)self;
    static char *names[] = {"records", NULL};
    PyObject *given;
    PyTypeObject *type = (PyTypeObject *)records->state->iterator_type;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O!:AsyncRecordIterator", names, type, &given)) {
        return -1;
    }
    Py_XSETREF(records->records, Py_NewRef(given));
    return 0;
}

static PyObject *records_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(keywords))
{
    AsyncRecords *records = (AsyncRecords *)type->tp_alloc(type, 0);
    if (records != NULL && (records->state = state_of_type(type)) == NULL) {
        Py_CLEAR(records);
    }
    return (PyObject *)records;
}

static int records_traverse(PyObject *self, visitproc visit, void *arg)
{
    AsyncRecords *records = (AsyncRecords *)self;
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(records->records);
    Py_VISIT(records->spare);
    return 0;
}

static int records_clear(PyObject *self)
{
    AsyncRecords *records = (AsyncRecords *)self;
    Py_CLEAR(records->records);
    Py_CLEAR(records->spare);
    return 0;
}

static void records_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    records_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyMemberDef records_members[] = {
    {"_records", T_OBJECT, offsetof(AsyncRecords, records), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot records_slots[] = {
    {Py_tp_new, records_new},     {Py_tp_init, records_construct},  {Py_am_aiter, PyObject_SelfIter},
    {Py_am_anext, records_anext}, {Py_tp_members, records_members}, {Py_tp_traverse, records_traverse},
    {Py_tp_clear, records_clear}, {Py_tp_dealloc, records_dealloc}, {0, NULL},
};

static PyType_Spec records_spec = {
    .name = "aerospike._native._AsyncRecords",
    .basicsize = sizeof(AsyncRecords),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = records_slots,
};

int async_records_init(PyObject *module, State *state)
{
    state->upcoming_type = PyType_FromModuleAndSpec(module, &upcoming_spec, NULL);
    PyObject *type = state->upcoming_type == NULL ? NULL : PyType_FromModuleAndSpec(module, &records_spec, NULL);
    int result = type == NULL ? -1 : PyModule_AddObjectRef(module, "_AsyncRecords", type);
    Py_XDECREF(type);
    return result;
}
