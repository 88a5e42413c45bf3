// SPDX-License-Identifier: Apache-2.0
#include "convert/shape.h"

#include "convert/convert.h"

enum {
    INSTANCES = 32,  // CPython leaves room for names that come later, less with each instance
    NAMES_LEAST = 3,  // fewer are faster set than replaced
    NAMES_MOST = 24,  // it shares no more than 30
    ALIKE = 256,  // records after which a shape is worth being made
};

// The dict, which is given away, with the names. NULL makes NULL.
static PyObject *with_names(PyObject *dict, PyObject *names)
{
    for (Py_ssize_t i = 0; dict != NULL && i < PyTuple_GET_SIZE(names); i++) {
        if (PyDict_SetItem(dict, PyTuple_GET_ITEM(names, i), Py_None) < 0) {
            Py_CLEAR(dict);
        }
    }
    return dict;
}

// The dict of a new instance, with the names.
static PyObject *instance_dict(PyObject *class, PyObject *names)
{
    PyObject *instance = PyObject_CallNoArgs(class);
    PyObject *dict = with_names(instance == NULL ? NULL : PyObject_GetAttrString(instance, "__dict__"), names);
    Py_XDECREF(instance);
    return dict;
}

PyObject *shape_new(PyObject *names)
{
    if (PyTuple_GET_SIZE(names) > NAMES_MOST) {
        return with_names(PyDict_New(), names);
    }
    PyObject *class = PyObject_CallFunction((PyObject *)&PyType_Type, "s(){}", "Shape");
    PyObject *dict = class == NULL ? NULL : instance_dict(class, names);
    for (int i = 1; dict != NULL && i < INSTANCES; i++) {
        Py_SETREF(dict, instance_dict(class, names));
    }
    Py_XDECREF(class);
    return dict;
}

// ---- of the records that are read at present ----

static int shape_make(State *state, size_t count)
{
    PyObject *names = PyTuple_New((Py_ssize_t)count);
    for (size_t i = 0; names != NULL && i < count; i++) {
        PyObject *name = state->placed_names[PLACE_BINS + i].name;  // NULL: of those that are never placed
        PyTuple_SET_ITEM(names, (Py_ssize_t)i, Py_NewRef(name == NULL ? state->str_id : name));
    }
    PyObject *shape = names == NULL ? NULL : shape_new(names);
    if (shape == NULL) {
        Py_XDECREF(names);
        return -1;
    }
    Py_XSETREF(state->shape, shape);
    Py_XSETREF(state->shape_names, names);
    return 0;
}

PyObject *shape_copy(PyObject *shape)
{
    Py_INCREF(shape);  // the garbage collector's work may learn another one
    PyObject *dict = PyDict_Copy(shape);
    Py_DECREF(shape);
    return dict;
}

int shape_learn(State *state, size_t count)
{
    if (state->placings != state->alike_since || count != state->alike_count) {
        state->alike_since = state->placings;
        state->alike_count = count;
        state->alike = 0;
    }
    bool worth = ++state->alike == ALIKE && count >= NAMES_LEAST && count <= NAMES_MOST;
    return worth ? shape_make(state, count) : 0;
}
