// SPDX-License-Identifier: Apache-2.0
// Dicts that have the same names in the same order, as the records of a set mostly do. CPython lets the dicts of a
// class's instances share one table of keys, and so do their copies: such a dict is made faster than one that grows,
// and takes half of its memory. Whoever adds another name to it gets a table of its own; nobody can tell otherwise.
#ifndef SHAPE_H
#define SHAPE_H

#include "state.h"

#include <stdbool.h>

// The dict to copy, with None for each name of a tuple; NULL with an exception.
PyObject *shape_new(PyObject *names);

// A copy of a shape.
PyObject *shape_copy(PyObject *shape);

// After a record's bins were placed by their names (convert.h), so many: where many were alike, the state has a shape
// of them. 0 or -1.
int shape_learn(State *state, size_t count);

// Whether a placed name is that of a shape's bin.
static inline bool shape_has(const State *state, size_t bin, const PlacedName *placed)
{
    return placed->name == PyTuple_GET_ITEM(state->shape_names, (Py_ssize_t)bin);
}

#endif
