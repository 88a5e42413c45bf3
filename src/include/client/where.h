// SPDX-License-Identifier: Apache-2.0
// Which records a query is about, and those of a secondary index that it reads: a Where, which never changes and is
// counted. A plan holds it as a capsule, and a run, which may outlive the plan and has no GIL, holds it too.
#ifndef WHERE_H
#define WHERE_H

#include "client/client.h"

#include <aerospike/as_query.h>

typedef struct Where Where;

// What where() and its like were given, each checked; ctx, expression and index_name may be None. A new capsule, or
// NULL with an exception that names the argument.
PyObject *where_from_py(const Codec *codec, PyObject *predicate, PyObject *ctx, PyObject *expression,
                        PyObject *index_name);

// The query borrows what a capsule has, of which *held is a reference; None has nothing. 0 or -1.
int where_lend(PyObject *capsule, as_query *query, Where **held);
void where_release(Where *where);  // needs no GIL; NULL is fine

// A query of what a plan names; its set may be None. 0 or -1.
int query_from_py(State *state, PyObject *namespace, PyObject *set, PyObject *records_per_second, as_query *query);

#endif
