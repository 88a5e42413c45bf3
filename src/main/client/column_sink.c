// SPDX-License-Identifier: Apache-2.0
#include "client/column_sink.h"

#include "client/block.h"
#include "client/condition.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

// A batch that is whole.
typedef struct Finished {
    struct Finished *next;
    ArrowArray array;
} Finished;

struct ColumnSink {
    Sink sink;
    uint64_t id;  // no other one ever has it
    ColumnPlan *plan;
    atomic_bool stopped;  // nobody wants more, or something went wrong
    pthread_mutex_t lock;  // of all below
    pthread_cond_t filled, drained;
    ColumnBatch *batches;  // of all threads, at work
    Finished *first, **last;
    int64_t held;  // finished ones
    ColumnFailure failure;
    bool finished;
};

// ---- what a thread is at work on ----

// The batch that this thread fills, and of which sink: a thread serves one at a time, and has another batch when it
// comes back to one.
static _Thread_local struct {
    uint64_t sink;
    ColumnBatch *batch;
} mine;

static ColumnBatch *batch_of_thread(ColumnSink *columns)
{
    if (mine.sink == columns->id) {
        return mine.batch;
    }
    ColumnBatch *batch = column_batch_new(columns->plan);
    if (batch != NULL) {
        pthread_mutex_lock(&columns->lock);
        batch->next = columns->batches;
        columns->batches = batch;
        pthread_mutex_unlock(&columns->lock);
        mine.sink = columns->id;
        mine.batch = batch;
    }
    return batch;
}

// ---- the sink ----

// The first reason counts: others follow from it.
static bool end_by(ColumnSink *columns, const ColumnFailure *failure)
{
    pthread_mutex_lock(&columns->lock);
    if (columns->failure.err.code == AEROSPIKE_OK) {
        columns->failure = *failure;
    }
    atomic_store(&columns->stopped, true);
    pthread_cond_broadcast(&columns->drained);
    pthread_mutex_unlock(&columns->lock);
    return false;
}

static bool end_by_shortage(ColumnSink *columns)
{
    ColumnFailure failure;
    column_shortage(&failure);
    return end_by(columns, &failure);
}

// With the lock, which is let go while the queue is full, where it is to have an end.
static void queue_push(ColumnSink *columns, Finished *finished, bool bounded)
{
    bool stands = false;
    while (bounded && columns->held >= columns->plan->queue && !atomic_load(&columns->stopped)) {
        sink_wait(&columns->sink, &columns->drained, &columns->lock, &stands);
    }
    sink_go_on(&columns->sink, stands);
    finished->next = NULL;
    *columns->last = finished;
    columns->last = &finished->next;
    columns->held++;
    pthread_cond_signal(&columns->filled);
}

static bool hand_over(ColumnSink *columns, ColumnBatch *batch, bool bounded)
{
    Finished *finished = malloc(sizeof *finished);
    if (finished == NULL || !column_batch_finish(columns->plan, batch, &finished->array)) {
        free(finished);
        return end_by_shortage(columns);
    }
    pthread_mutex_lock(&columns->lock);
    queue_push(columns, finished, bounded);
    pthread_mutex_unlock(&columns->lock);
    return true;
}

static bool column_sink_record(Sink *sink, const as_record *record, as_partition_status *partition)
{
    (void)partition;
    ColumnSink *columns = (ColumnSink *)sink;
    if (atomic_load_explicit(&columns->stopped, memory_order_relaxed)) {
        return false;
    }
    ColumnBatch *batch = batch_of_thread(columns);
    if (batch == NULL) {
        return end_by_shortage(columns);
    }
    ColumnFailure failure;
    const ColumnRow row = {.key = &record->key, .record = record, .bins = block_bins()};
    if (!column_batch_add(columns->plan, batch, &row, &failure)) {
        return end_by(columns, &failure);
    }
    return !column_batch_is_full(columns->plan, batch) || hand_over(columns, batch, true);
}

static bool column_sink_wants(Sink *sink)
{
    return !atomic_load(&((ColumnSink *)sink)->stopped);
}

// All threads are done: what they have begun is whole now.
static void column_sink_finish(Sink *sink)
{
    ColumnSink *columns = (ColumnSink *)sink;
    for (ColumnBatch *batch = columns->batches; batch != NULL && !atomic_load(&columns->stopped); batch = batch->next) {
        if (batch->rows > 0) {
            hand_over(columns, batch, false);
        }
    }
    pthread_mutex_lock(&columns->lock);
    columns->finished = true;
    pthread_cond_broadcast(&columns->filled);
    pthread_mutex_unlock(&columns->lock);
}

static void column_sink_free(Sink *sink)
{
    ColumnSink *columns = (ColumnSink *)sink;
    for (ColumnBatch *batch = columns->batches, *next; batch != NULL; batch = next) {
        next = batch->next;
        column_batch_free(columns->plan, batch);
    }
    for (Finished *finished = columns->first, *next; finished != NULL; finished = next) {
        next = finished->next;
        finished->array.release(&finished->array);
        free(finished);
    }
    pthread_cond_destroy(&columns->drained);
    pthread_cond_destroy(&columns->filled);
    pthread_mutex_destroy(&columns->lock);
    column_plan_release(columns->plan);
    free(columns);
}

ColumnSink *column_sink_new(ColumnPlan *plan)
{
    static atomic_uint_fast64_t count;
    ColumnSink *columns = calloc(1, sizeof *columns);
    if (columns != NULL) {
        columns->sink = (Sink){.record = column_sink_record,
                               .wants = column_sink_wants,
                               .finish = column_sink_finish,
                               .free = column_sink_free};
        columns->id = atomic_fetch_add(&count, 1) + 1;
        columns->plan = column_plan_hold(plan);
        columns->last = &columns->first;
        pthread_mutex_init(&columns->lock, NULL);
        pthread_cond_init(&columns->filled, NULL);
        condition_init(&columns->drained);
    }
    return columns;
}

Sink *column_sink_base(ColumnSink *columns)
{
    return &columns->sink;
}

// ---- the reader ----

// With the lock: the first batch that waits, or NULL.
static Finished *queue_pop(ColumnSink *columns)
{
    Finished *finished = columns->first;
    if (finished != NULL) {
        columns->first = finished->next;
        columns->last = columns->first == NULL ? &columns->first : columns->last;
        columns->held--;
        pthread_cond_signal(&columns->drained);
    }
    return finished;
}

static bool give(Finished *finished, ArrowArray *out)
{
    if (finished != NULL) {
        *out = finished->array;
        free(finished);
    }
    return finished != NULL;
}

bool column_sink_poll(ColumnSink *columns, ArrowArray *out)
{
    pthread_mutex_lock(&columns->lock);
    Finished *finished = queue_pop(columns);
    pthread_mutex_unlock(&columns->lock);
    return give(finished, out);
}

bool column_sink_take(ColumnSink *columns, ArrowArray *out, ColumnFailure *failure)
{
    pthread_mutex_lock(&columns->lock);
    while (columns->first == NULL && !columns->finished) {
        pthread_cond_wait(&columns->filled, &columns->lock);
    }
    Finished *finished = queue_pop(columns);
    *failure = columns->failure;
    pthread_mutex_unlock(&columns->lock);
    return give(finished, out);
}

void column_sink_stop(ColumnSink *columns)
{
    pthread_mutex_lock(&columns->lock);
    atomic_store(&columns->stopped, true);
    pthread_cond_broadcast(&columns->drained);
    pthread_mutex_unlock(&columns->lock);
}
