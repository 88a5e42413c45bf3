// SPDX-License-Identifier: Apache-2.0
// Arrow's libraries call what is here, most without the GIL, some with it. Nothing needs it; where it is there, it is
// let go of during a wait.
#include "client/column_stream.h"

#include <errno.h>

typedef struct ColumnStream {
    ColumnPlan *plan;
    ColumnSink *columns;  // the run's sink
    QueryRun *run;
    Connection *connection;  // NULL: the run has begun, and has it
    ColumnWatch *watch;  // NULL: nobody is told of its end, or was already
    unsigned forks;
    int ended;  // by an error: its errno
    char error[sizeof((as_error){0}.message) + 64];
} ColumnStream;

// ---- the GIL ----

// Whose thread state runs; in any thread.
static PyThreadState *running_state(void)
{
#if PY_VERSION_HEX >= 0x030D0000
    return PyThreadState_GetUnchecked();
#else
    return _PyThreadState_UncheckedGet();
#endif
}

// Let go of the GIL where this thread has it; what is returned takes it back.
static PyThreadState *gil_leave(void)
{
    PyThreadState *own = PyGILState_GetThisThreadState();
    return own != NULL && own == running_state() ? PyEval_SaveThread() : NULL;
}

static void gil_return(PyThreadState *left)
{
    if (left != NULL) {
        PyEval_RestoreThread(left);
    }
}

// ---- errors ----

static void tell_end(ColumnStream *stream, const ColumnFailure *failure)
{
    if (stream->watch != NULL) {
        column_watch_end(stream->watch, failure);
        stream->watch = NULL;
    }
}

static int end(ColumnStream *stream, const ColumnFailure *failure)
{
    column_plan_fail(stream->plan, failure);
    snprintf(stream->error, sizeof stream->error, "%s", failure->err.message);
    stream->ended = failure->err.code == AEROSPIKE_ERR_BIN_INCOMPATIBLE_TYPE ? EINVAL : EIO;
    return stream->ended;
}

static int end_in_child(ColumnStream *stream)
{
    ColumnFailure failure = {0};
    as_error_set_message(&failure.err, AEROSPIKE_ERR_CLIENT,
                         "a child process cannot go on with a stream of its parent");
    return end(stream, &failure);
}

// ---- what a consumer calls ----

static int stream_get_schema(ArrowArrayStream *base, ArrowSchema *out)
{
    const ColumnStream *stream = base->private_data;
    return column_plan_export(stream->plan, out) ? 0 : ENOMEM;
}

static as_status begin(ColumnStream *stream, as_error *err)
{
    Connection *connection = stream->connection;
    if (gate_is_there(&connection->gate)) {
        if (!gate_enter_unwatched(&connection->gate)) {
            return as_error_set_message(err, AEROSPIKE_ERR_NO_MORE_CONNECTIONS,
                                        "no connection became free in config['connection_wait_ms']");
        }
        stream->run->has_place = true;
    }
    stream->connection = NULL;
    as_status status = query_run_start(stream->run, err, connection_hold(connection));
    if (status != AEROSPIKE_OK && stream->run->has_place) {
        gate_leave(&connection->gate);
    }
    connection_drop(connection);
    return status;
}

// The next batch: 0, with a released one at the end; else an errno.
static int next_batch(ColumnStream *stream, ArrowArray *out)
{
    ColumnFailure failure = {0};
    as_error_init(&failure.err);
    if (stream->connection == NULL || begin(stream, &failure.err) == AEROSPIKE_OK) {
        if (column_sink_take(stream->columns, out, &failure)) {
            return 0;
        }
        if (failure.err.code == AEROSPIKE_OK) {
            failure.err = stream->run->err;
            failure.err.code = stream->run->status;
        }
    }
    bool failed = failure.err.code != AEROSPIKE_OK;
    int result = failed ? end(stream, &failure) : 0;
    tell_end(stream, failed ? &failure : NULL);
    return result;
}

static int stream_get_next(ArrowArrayStream *base, ArrowArray *out)
{
    ColumnStream *stream = base->private_data;
    out->release = NULL;
    if (stream->ended != 0) {
        return stream->ended;
    }
    if (fork_count() != stream->forks) {
        return end_in_child(stream);
    }
    // who has the GIL keeps it where nothing is waited for: taking it again may be waited for long
    int result = 0;
    if (stream->connection != NULL || !column_sink_poll(stream->columns, out)) {
        PyThreadState *left = gil_leave();
        result = next_batch(stream, out);
        gil_return(left);
    }
    if (out->release != NULL && stream->watch != NULL) {
        column_watch_count(stream->watch, out->length);
    }
    return result;
}

static const char *stream_get_last_error(ArrowArrayStream *base)
{
    const ColumnStream *stream = base->private_data;
    return stream->ended == 0 ? NULL : stream->error;
}

// A child process has not the thread of the run, nor knows who held the locks that it needs.
static void let_go(ColumnStream *stream)
{
    if (fork_count() == stream->forks) {
        column_sink_stop(stream->columns);
        if (stream->connection != NULL) {
            connection_drop(stream->connection);
        }
        query_run_release(stream->run);
        tell_end(stream, NULL);
    }
}

static void stream_release(ArrowArrayStream *base)
{
    ColumnStream *stream = base->private_data;
    base->release = NULL;
    PyThreadState *left = gil_leave();
    let_go(stream);
    gil_return(left);
    column_plan_release(stream->plan);
    free(stream);
}

bool column_stream_init(ArrowArrayStream *out, ColumnPlan *plan, ColumnSink *columns, QueryRun *run,
                        Connection *connection)
{
    ColumnStream *stream = calloc(1, sizeof *stream);
    if (stream == NULL) {
        query_run_release(run);
        connection_release(connection);
        return false;
    }
    stream->plan = column_plan_hold(plan);
    stream->columns = columns;
    stream->run = run;
    stream->connection = connection;
    stream->forks = fork_count();
    *out = (ArrowArrayStream){stream_get_schema, stream_get_next, stream_get_last_error, stream_release, stream};
    return true;
}

void column_stream_watch(ArrowArrayStream *made, ColumnWatch *watch)
{
    ColumnStream *stream = made->private_data;
    stream->watch = watch;
    stream->run->trace = trace_retain(column_watch_trace(watch));
}
