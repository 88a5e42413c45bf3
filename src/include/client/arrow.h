// SPDX-License-Identifier: Apache-2.0
// Plans and streams of columns as Python has them: capsules.
#ifndef CLIENT_ARROW_H
#define CLIENT_ARROW_H

#include "columns/table.h"
#include "errors.h"

ColumnPlan *arrow_plan(PyObject *capsule);  // borrowed; NULL with an exception

// Whose stream it is from then on, also on failure: a new reference, or NULL.
PyObject *arrow_stream_to_py(ArrowArrayStream *made);

// Whose table it is from then on, also on failure: a capsule, or NULL.
PyObject *arrow_table_to_py(ColumnTable *table);

// Raise why a value has no place in its column; `key` may be NULL. Returns NULL.
PyObject *arrow_raise(State *state, const ColumnFailure *failure, PyObject *key);

#endif
