// SPDX-License-Identifier: Apache-2.0
// What a run gives to Python: its rows as objects, what its end says, and RecordIterator, which takes them one by one.
#ifndef ITERATOR_H
#define ITERATOR_H

#include "client/observation.h"
#include "client/query_run.h"
#include "client/rows.h"

// (key, meta, bins), or the value that an aggregation gave. A new reference, or NULL.
PyObject *row_to_py(const Codec *codec, const QueryRun *run, const Row *row);

// What the end of a run says: 0, or -1 with an exception. `rows` is its sink.
int query_run_outcome(State *state, const QueryRun *run, const Rows *rows);

// An iterator over a run that has begun on the client's connection, and whose reference is taken over; also on failure,
// when the run is stopped. NULL with an exception.
PyObject *iterator_new(ClientObject *client, Settings *settings, const Codec *codec, QueryRun *run, Rows *rows);

// For asyncio: the next record, where one is at hand, or many are, unless many were waited for. NULL: without an
// exception where that is not yet so, with StopAsyncIteration at the end.
PyObject *iterator_at_hand(PyObject *iterator, bool waited);

// Have these partitions, of the request, take over how far the run came, when all of its records were gathered.
void iterator_continue(PyObject *iterator, PyObject *partitions);

// Have the iterator tell its end, in the place of the command that made it. The observation is taken over.
void iterator_observe(PyObject *iterator, const Observation *observation);

#endif
