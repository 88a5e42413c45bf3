// SPDX-License-Identifier: Apache-2.0
#include "client/awaited.h"

#include "args.h"
#include "client/flight.h"

#include <structmember.h>

Awaited *awaited_new(State *state, struct Flight *flight, PyObject *loop)
{
    PyTypeObject *type = (PyTypeObject *)state->awaited_type;
    Awaited *awaited = (Awaited *)type->tp_alloc(type, 0);
    if (awaited != NULL) {
        awaited->flight = flight;
        awaited->loop = Py_NewRef(loop);
    }
    return awaited;
}

// ---- its end ----

// The wake-up of a task of asyncio's C code, which may be called by whoever is called by the loop.
static bool wakes_task(PyObject *callback)
{
    return PyCFunction_Check(callback) && strcmp(((PyCFunctionObject *)callback)->m_ml->ml_name, "task_wakeup") == 0;
}

static int call_later(Awaited *awaited, PyObject *callback, PyObject *context)
{
    PyObject *soon = PyObject_GetAttrString(awaited->loop, "call_soon");
    PyObject *keywords = context == NULL ? PyTuple_New(0) : Py_BuildValue("(s)", "context");
    PyObject *handle = NULL;
    if (soon != NULL && keywords != NULL) {
        PyObject *arguments[] = {callback, (PyObject *)awaited, context};
        handle = PyObject_Vectorcall(soon, arguments, 2, keywords);
    }
    Py_XDECREF(soon);
    Py_XDECREF(keywords);
    Py_XDECREF(handle);
    return handle == NULL ? -1 : 0;
}

static int call_now(Awaited *awaited, PyObject *callback, PyObject *context, PyObject *done)
{
    if (PyContext_Enter(context) < 0) {  // it is entered already
        PyErr_Clear();
        return call_later(awaited, callback, context);
    }
    PyObject *answer = PyObject_CallOneArg(callback, done);
    PyObject *type, *error, *traceback;
    PyErr_Fetch(&type, &error, &traceback);
    int result = PyContext_Exit(context) < 0 || answer == NULL ? -1 : 0;
    if (type != NULL) {
        PyErr_Restore(type, error, traceback);
    }
    Py_XDECREF(answer);
    return result;
}

// At once, with a future that is done; or later (NULL).
static int tell(Awaited *awaited, PyObject *done)
{
    PyObject *callback = awaited->callback, *context = awaited->context;
    awaited->callback = awaited->context = NULL;
    int result = 0;
    if (callback != NULL && done != NULL && context != NULL && wakes_task(callback)) {
        result = call_now(awaited, callback, context, done);
    } else if (callback != NULL) {
        result = call_later(awaited, callback, context);
    }
    Py_XDECREF(callback);
    Py_XDECREF(context);
    return result;
}

static void settle(Awaited *awaited, PyObject *result)
{
    awaited->flight = NULL;
    awaited->done = true;
    awaited->result = result;
    if (result == NULL) {
        PyErr_Fetch(&awaited->error_type, &awaited->error, &awaited->traceback);
    }
}

int awaited_end(Awaited *awaited, PyObject *result, PyObject *done)
{
    settle(awaited, result);
    return tell(awaited, done);
}

void awaited_drop(Awaited *awaited)
{
    awaited->flight = NULL;
    Py_CLEAR(awaited->callback);
    Py_CLEAR(awaited->context);
}

// ---- asyncio's protocol ----

static PyObject *awaited_add_done_callback(PyObject *self, METHOD_ARGS)
{
    Awaited *awaited = (Awaited *)self;
    static const Signature signature = {"add_done_callback", 1, {"fn", "context"}};
    PyObject *given[2];
    if (args_parse(&signature, args, count, keywords, given) < 0) {
        return NULL;
    }
    if (awaited->callback != NULL) {
        PyErr_SetString(PyExc_RuntimeError, "another task waits for this already");
        return NULL;
    }
    awaited->callback = Py_NewRef(given[0]);
    awaited->context = given[1] == NULL ? PyContext_CopyCurrent() : Py_NewRef(given[1]);
    if (awaited->context == NULL || (awaited->done && tell(awaited, NULL) < 0)) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *awaited_remove_done_callback(PyObject *self, PyObject *function)
{
    Awaited *awaited = (Awaited *)self;
    int same = awaited->callback == NULL ? 0 : PyObject_RichCompareBool(awaited->callback, function, Py_EQ);
    if (same < 0) {
        return NULL;
    }
    if (same) {
        Py_CLEAR(awaited->callback);
        Py_CLEAR(awaited->context);
    }
    return PyLong_FromLong(same);
}

// The exception says whether a write may come about all the same.
static PyObject *cancelled_error(State *state, PyObject *message, bool in_doubt)
{
    PyObject *error = message == NULL || message == Py_None ? PyObject_CallNoArgs(state->cancelled_error)
                                                            : PyObject_CallOneArg(state->cancelled_error, message);
    if (error != NULL && PyObject_SetAttrString(error, "in_doubt", in_doubt ? Py_True : Py_False) < 0) {
        Py_CLEAR(error);
    }
    return error;
}

static PyObject *awaited_cancel(PyObject *self, METHOD_ARGS)
{
    Awaited *awaited = (Awaited *)self;
    static const Signature signature = {"cancel", 0, {"msg"}};
    PyObject *given[1];
    if (args_parse(&signature, args, count, keywords, given) < 0) {
        return NULL;
    }
    if (awaited->done || awaited->flight == NULL) {
        Py_RETURN_FALSE;
    }
    State *state = PyType_GetModuleState(Py_TYPE(self));
    PyObject *error = cancelled_error(state, given[0], flight_in_doubt(awaited->flight));
    if (error == NULL) {
        return NULL;
    }
    flight_abandon(awaited->flight);
    PyErr_SetObject(state->cancelled_error, error);
    Py_DECREF(error);
    settle(awaited, NULL);
    if (tell(awaited, NULL) < 0) {
        return NULL;
    }
    Py_RETURN_TRUE;
}

static PyObject *awaited_get_loop(PyObject *self, PyObject *Py_UNUSED(none))
{
    return Py_NewRef(((Awaited *)self)->loop);
}

// A task asks only whether it may go on. What there is to raise is raised where it is awaited.
static PyObject *awaited_result(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(none))
{
    Py_RETURN_NONE;
}

static PyObject *awaited_done(PyObject *self, PyObject *Py_UNUSED(none))
{
    return PyBool_FromLong(((Awaited *)self)->done);
}

// ---- the iterator ----

static PySendResult awaited_send(PyObject *self, PyObject *Py_UNUSED(value), PyObject **result)
{
    Awaited *awaited = (Awaited *)self;
    if (!awaited->done) {
        awaited->blocking = true;
        *result = Py_NewRef(self);
        return PYGEN_NEXT;
    }
    *result = awaited->result;
    awaited->result = NULL;
    if (*result != NULL) {
        return PYGEN_RETURN;
    }
    if (awaited->error_type == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "this was awaited already");
    } else {
        PyErr_Restore(awaited->error_type, awaited->error, awaited->traceback);
        awaited->error_type = awaited->error = awaited->traceback = NULL;
    }
    return PYGEN_ERROR;
}

PyObject *awaited_step(sendfunc send, PyObject *self, PyObject *value)
{
    PyObject *result = NULL;
    if (send(self, value, &result) == PYGEN_RETURN) {
        PyObject *stop = PyObject_CallOneArg(PyExc_StopIteration, result);
        if (stop != NULL) {
            PyErr_SetObject(PyExc_StopIteration, stop);
        }
        Py_XDECREF(stop);
        Py_CLEAR(result);
    }
    return result;
}

static PyObject *awaited_next(PyObject *self)
{
    return awaited_step(awaited_send, self, Py_None);
}

// ---- the type ----

static int awaited_traverse(PyObject *self, visitproc visit, void *arg)
{
    Awaited *awaited = (Awaited *)self;
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(awaited->loop);
    Py_VISIT(awaited->callback);
    Py_VISIT(awaited->context);
    Py_VISIT(awaited->result);
    Py_VISIT(awaited->error_type);
    Py_VISIT(awaited->error);
    Py_VISIT(awaited->traceback);
    return 0;
}

static int awaited_clear(PyObject *self)
{
    Awaited *awaited = (Awaited *)self;
    Py_CLEAR(awaited->loop);
    Py_CLEAR(awaited->callback);
    Py_CLEAR(awaited->context);
    Py_CLEAR(awaited->result);
    Py_CLEAR(awaited->error_type);
    Py_CLEAR(awaited->error);
    Py_CLEAR(awaited->traceback);
    return 0;
}

static void awaited_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    awaited_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyMethodDef methods[] = {
    {"add_done_callback", (PyCFunction)(void (*)(void))awaited_add_done_callback, METH_FASTCALL | METH_KEYWORDS, NULL},
    {"remove_done_callback", awaited_remove_done_callback, METH_O, NULL},
    {"cancel", (PyCFunction)(void (*)(void))awaited_cancel, METH_FASTCALL | METH_KEYWORDS, NULL},
    {"get_loop", awaited_get_loop, METH_NOARGS, NULL},
    {"result", awaited_result, METH_NOARGS, NULL},
    {"done", awaited_done, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef members[] = {
    {"_asyncio_future_blocking", T_BOOL, offsetof(Awaited, blocking), 0, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot type_slots[] = {
    {Py_am_await, PyObject_SelfIter},   {Py_am_send, awaited_send},
    {Py_tp_iter, PyObject_SelfIter},    {Py_tp_iternext, awaited_next},
    {Py_tp_methods, methods},           {Py_tp_members, members},
    {Py_tp_traverse, awaited_traverse}, {Py_tp_clear, awaited_clear},
    {Py_tp_dealloc, awaited_dealloc},   {0, NULL},
};

static PyType_Spec spec = {
    .name = "aerospike._native._Awaited",
    .basicsize = sizeof(Awaited),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = type_slots,
};

int awaited_init(PyObject *module, State *state)
{
    state->awaited_type = PyType_FromModuleAndSpec(module, &spec, NULL);
    return state->awaited_type == NULL ? -1 : 0;
}
