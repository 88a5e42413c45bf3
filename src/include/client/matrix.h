// SPDX-License-Identifier: Apache-2.0
// Numbers in rows and columns, shown by the buffer protocol: memory of its own, or a buffer of the program.
#ifndef MATRIX_H
#define MATRIX_H

#include "columns/type.h"
#include "errors.h"

typedef struct Matrix {
    PyObject_HEAD
    ColumnType type;
    char *values;
    Py_buffer out;  // of the program; obj is NULL where the memory is its own
    Py_ssize_t shape[2], strides[2];
    PyObject *status;  // a memoryview
    int32_t *statuses;  // a row each
    int result;
} Matrix;

// Of numbers of that kind, which are not set yet; `out` is a buffer, COLUMN_KIND_COUNT is its kind then, or float64; or
// NULL. A new reference, or NULL.
Matrix *matrix_new(State *state, Py_ssize_t rows, Py_ssize_t columns, ColumnKind kind, PyObject *out);

#endif
