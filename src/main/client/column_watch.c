// SPDX-License-Identifier: Apache-2.0
#include "client/column_watch.h"

#include "client/arrow.h"
#include "client/thread.h"

struct ColumnWatch {
    Observation observation;
    int64_t rows;
    ColumnFailure failure;  // of code AEROSPIKE_OK: none
};

ColumnWatch *column_watch_begin(const struct Command *command)
{
    ColumnWatch *watch = calloc(1, sizeof *watch);
    if (watch != NULL && !observation_start(command, &watch->observation)) {
        free(watch);
        return NULL;
    }
    if (watch != NULL) {
        observation_keep(&watch->observation, command);
    }
    return watch;
}

Trace *column_watch_trace(const ColumnWatch *watch)
{
    return watch->observation.trace;
}

void column_watch_count(ColumnWatch *watch, int64_t rows)
{
    watch->rows += rows;
}

// ---- the end ----

static void tell(State *state, ColumnWatch *watch)
{
    if (watch->observation.report != NULL) {
        watch->observation.report->records = watch->rows;
    }
    if (watch->failure.err.code != AEROSPIKE_OK) {
        arrow_raise(state, &watch->failure, NULL);
    }
    observation_end(state, &watch->observation, NULL);
    PyErr_Clear();
}

static void *visit(void *argument)
{
    ColumnWatch *watch = argument;
    Visit visit;
    State *state = visit_begin(&visit);
    if (state != NULL) {  // else Python's objects go with the process
        tell(state, watch);
        visit_end(&visit);
    }
    free(watch);
    return NULL;
}

// A thread that Python does not know may be waited for by one that has the GIL.
void column_watch_end(ColumnWatch *watch, const ColumnFailure *failure)
{
    if (failure != NULL) {
        watch->failure = *failure;
    }
    if (PyGILState_GetThisThreadState() != NULL || thread_start(visit, watch) != 0) {
        visit(watch);
    }
}
