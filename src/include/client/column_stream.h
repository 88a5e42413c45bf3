// SPDX-License-Identifier: Apache-2.0
// A run as an Arrow stream, which begins when its first batch is asked for.
#ifndef COLUMN_STREAM_H
#define COLUMN_STREAM_H

#include "client/column_sink.h"
#include "client/query_run.h"

// Make *out a stream of `run`, whose sink is `columns`, on `connection`: both are its own from then on, also on
// failure. False where memory ran out.
bool column_stream_init(ArrowArrayStream *out, ColumnPlan *plan, ColumnSink *columns, QueryRun *run,
                        Connection *connection);

#endif
