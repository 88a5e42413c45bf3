// SPDX-License-Identifier: Apache-2.0
// Where the records of a scan or query go. Its functions are called on threads that know nothing of Python, `record` on
// one thread a node, several at a time: a sink that makes Python objects hands the records to a thread that has the GIL
// (rows.h); one that makes columns never needs it.
#ifndef SINK_H
#define SINK_H

#include <aerospike/as_partition_filter.h>
#include <aerospike/as_record.h>
#include <pthread.h>
#include <stdbool.h>

typedef struct Sink {
    // Take what is wanted of a record, which is gone after the call. `partition`, where a run notes how far it came,
    // says how far that was before this record. False ends the run.
    bool (*record)(struct Sink *sink, const as_record *record, as_partition_status *partition);
    // Whether the next record would be taken, for what works long for one.
    bool (*wants)(struct Sink *sink);
    // No record comes any more.
    void (*finish)(struct Sink *sink);
    void (*free)(struct Sink *sink);
    // Set by the run: called on a thread that has waited for long in `record`, and again when it goes on.
    void (*stands)(struct Sink *sink, bool stands);
    void *run;
} Sink;

// A sink's wait for room, with its lock, as long as it has none; *stands is false at first. The condition is of
// condition_init().
void sink_wait(Sink *sink, pthread_cond_t *room, pthread_mutex_t *lock, bool *stands);
// There is room.
void sink_go_on(Sink *sink, bool stands);

#endif
