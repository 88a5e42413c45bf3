// SPDX-License-Identifier: Apache-2.0
#include "convert/map_shape.h"

#include "convert/shape.h"

enum {
    LEAST = 3,  // fewer entries are faster set than replaced
    MOST = 256,
    ALIKE = 256,  // maps after which a shape is worth being made, or given up
};

// ---- shapes ----

static MapShape *shape_of(State *state, PyObject *first, size_t count)
{
    if (count < LEAST || count > MOST || !PyUnicode_CheckExact(first)) {
        return NULL;
    }
    size_t mixed = (size_t)first >> 4 ^ (size_t)first >> 12 ^ count;
    return &state->map_shapes[mixed % STATE_MAP_SHAPES];
}

static void shape_forget(MapShape *shape)
{
    Py_CLEAR(shape->names);
    Py_CLEAR(shape->dict);
    shape->alike = shape->strange = 0;
}

static bool are_names(PyObject *keys)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(keys); i++) {
        if (!PyUnicode_CheckExact(PyTuple_GET_ITEM(keys, i))) {
            return false;
        }
    }
    return true;
}

// Look out for maps like this one. 0 or -1.
static int shape_begin(MapShape *shape, PyObject *dict)
{
    PyObject *keys = PySequence_Tuple(dict);
    if (keys == NULL) {
        return -1;
    }
    shape_forget(shape);
    if (are_names(keys)) {
        shape->names = Py_NewRef(keys);
    }
    Py_DECREF(keys);
    return 0;
}

// Another map had these names, which are the shape's. 0 or -1.
static int shape_affirm(MapShape *shape, PyObject *names)
{
    shape->strange -= shape->strange > 0;
    if (shape->dict != NULL || ++shape->alike < ALIKE) {
        return 0;
    }
    PyObject *dict = shape_new(names);
    if (dict != NULL && names == shape->names) {  // else the garbage collector's work has learned another one
        Py_XSETREF(shape->dict, Py_NewRef(dict));
    }
    Py_XDECREF(dict);
    return dict == NULL ? -1 : 0;
}

// ---- a map ----

void map_filling_begin(MapFilling *filling, State *state, PyObject *class, PyObject *first, size_t count)
{
    *filling = (MapFilling){.shape = class == NULL ? shape_of(state, first, count) : NULL};
    const MapShape *shape = filling->shape;
    if (shape != NULL && shape->names != NULL && (size_t)PyTuple_GET_SIZE(shape->names) == count) {
        filling->names = Py_NewRef(shape->names);
        filling->copied = shape->dict != NULL;
    }
    filling->dict = filling->copied ? shape_copy(shape->dict)
                    : class == NULL ? PyDict_New()
                                    : PyObject_CallNoArgs(class);
}

// A new dict of what was added to the copy of a shape. NULL with an exception.
static PyObject *added(const MapFilling *filling)
{
    PyObject *dict = PyDict_New();
    for (size_t i = 0; dict != NULL && i < filling->filled; i++) {
        PyObject *name = PyTuple_GET_ITEM(filling->names, (Py_ssize_t)i);
        PyObject *value = PyDict_GetItemWithError(filling->dict, name);
        if (value == NULL || PyDict_SetItem(dict, name, value) < 0) {
            Py_CLEAR(dict);
        }
    }
    return dict;
}

// The next key is not the shape's. 0 or -1.
static int leave_shape(MapFilling *filling)
{
    if (filling->copied) {
        PyObject *dict = added(filling);
        if (dict == NULL) {
            return -1;
        }
        Py_SETREF(filling->dict, dict);
        filling->copied = false;
    }
    Py_CLEAR(filling->names);
    return 0;
}

int map_filling_add(MapFilling *filling, PyObject *key, PyObject *value)
{
    if (filling->names != NULL && key != PyTuple_GET_ITEM(filling->names, (Py_ssize_t)filling->filled) &&
        leave_shape(filling) < 0) {
        return -1;
    }
    filling->filled++;
    return PyDict_SetItem(filling->dict, key, value);
}

// Learn from a map. 0 or -1.
static int learn(MapFilling *filling)
{
    MapShape *shape = filling->shape;
    if (filling->names != NULL) {
        // else the work of a conversion has learned another one
        return filling->names == shape->names ? shape_affirm(shape, filling->names) : 0;
    }
    return shape->names == NULL || ++shape->strange > ALIKE ? shape_begin(shape, filling->dict) : 0;
}

PyObject *map_filling_end(MapFilling *filling, bool good)
{
    if (!good || (filling->shape != NULL && learn(filling) < 0)) {
        Py_CLEAR(filling->dict);
    }
    Py_CLEAR(filling->names);
    return filling->dict;
}
