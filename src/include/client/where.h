// SPDX-License-Identifier: Apache-2.0
// Which records of a secondary index a query reads. It never changes and is counted: a plan holds it as a capsule, and
// a run, which may outlive the plan and has no GIL, holds it too.
#ifndef WHERE_H
#define WHERE_H

#include "client/client.h"

#include <aerospike/as_query.h>

typedef struct Where Where;

// What where() and its like were given, each checked; ctx, expression and index_name may be None. A new capsule, or
// NULL with an exception that names the argument.
PyObject *where_from_py(const Codec *codec, PyObject *predicate, PyObject *ctx, PyObject *expression,
                        PyObject *index_name);

// A reference to what a capsule holds; NULL with an exception.
Where *where_hold(PyObject *capsule);
void where_release(Where *where);  // needs no GIL; NULL is fine

// The query borrows it.
void where_lend(Where *where, as_query *query);

#endif
