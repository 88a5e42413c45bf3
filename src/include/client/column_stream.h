// SPDX-License-Identifier: Apache-2.0
// A run as an Arrow stream, which begins when its first batch is asked for.
#ifndef COLUMN_STREAM_H
#define COLUMN_STREAM_H

#include "client/column_sink.h"
#include "client/column_watch.h"
#include "client/query_run.h"

// Make *out a stream of `run`, whose sink is `columns`, on `connection`: both are its own from then on, also on
// failure. False where memory ran out.
bool column_stream_init(ArrowArrayStream *out, ColumnPlan *plan, ColumnSink *columns, QueryRun *run,
                        Connection *connection);

// Have the end of a stream that has not begun told by `watch`, which is given away.
void column_stream_watch(ArrowArrayStream *made, ColumnWatch *watch);

#endif
