// SPDX-License-Identifier: Apache-2.0
// A sink that makes batches of columns, each on the thread that a node's records come on, and holds a few of them for
// whoever reads. Nothing here knows of Python.
#ifndef COLUMN_SINK_H
#define COLUMN_SINK_H

#include "client/sink.h"
#include "columns/plan.h"

typedef struct ColumnSink ColumnSink;

ColumnSink *column_sink_new(ColumnPlan *plan);  // NULL where memory ran out; its sink frees it
Sink *column_sink_base(ColumnSink *columns);

// A batch that waits already: true.
bool column_sink_poll(ColumnSink *columns, ArrowArray *out);
// Wait for a batch: true. False: no more will come, and *failure is why, where a record was to blame.
bool column_sink_take(ColumnSink *columns, ArrowArray *out, ColumnFailure *failure);

// The next record ends the run, and no thread waits for room any more.
void column_sink_stop(ColumnSink *columns);

#endif
