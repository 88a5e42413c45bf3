// SPDX-License-Identifier: Apache-2.0
// Who is told of a stream of columns: its reader may be a thread that Python does not know.
#ifndef COLUMN_WATCH_H
#define COLUMN_WATCH_H

#include "client/observation.h"
#include "columns/plan.h"

typedef struct ColumnWatch ColumnWatch;

// Tell that the stream begins that the command makes. NULL: nobody is to be told, or memory ran out.
ColumnWatch *column_watch_begin(const struct Command *command);
Trace *column_watch_trace(const ColumnWatch *watch);
void column_watch_count(ColumnWatch *watch, int64_t rows);
// Tell the end, by a failure or NULL. Needs no GIL, and is called where it is there as well. The watch is gone then.
void column_watch_end(ColumnWatch *watch, const ColumnFailure *failure);

#endif
