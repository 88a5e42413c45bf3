// SPDX-License-Identifier: Apache-2.0
// A sink that holds records until a thread with the GIL takes them, all that are there at once: the GIL is what makes
// a record dear, so it is taken for a burst of them. The order within a node is kept. Nothing here knows of Python.
#ifndef ROWS_H
#define ROWS_H

#include "client/block.h"
#include "client/sink.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

enum { ROWS_PATIENCE = 100 };  // milliseconds until a thread with the GIL looks after signals

enum { ROWS_SOME = 1, ROWS_MANY = 256 << 10 };  // bytes to wait for; many are worth taking the GIL for

typedef void (*RowsRing)(void *bell);

typedef struct Row {
    struct Row *next;
    as_partition_status *partition;  // where the run notes how far it came, else NULL
    as_digest last_digest;  // of `partition` before this record
    uint64_t last_bval;
    WireRecord wire;  // no bytes: it came as a record of values
    as_record record[];  // that one, its bins, and what their values point to; or the bytes
} Row;

void burst_append(Burst *burst, Burst *others);  // takes them all
void burst_free(Burst *burst);

// Put the partitions of rows that nobody got back to where they were before the first row of each. Once the run has
// ended.
void burst_return(const Burst *burst);

typedef struct Rows {
    Sink sink;
    pthread_mutex_t lock;  // of all below
    pthread_cond_t filled, drained;
    Burst held;
    struct Chunk *spare;
    size_t wanted;  // the bytes that wake the reader
    RowsRing ring;  // instead of `filled`; or NULL
    void *bell;
    atomic_bool stopped;  // the reader wants no more
    bool exhausted;  // memory ran out, and that ended the run
    bool finished;
} Rows;

Rows *rows_new(void);  // NULL where memory ran out; its sink frees it

// Wait for records and take all that came, for an earlier burst or an empty one, which is used again: none where none
// came for a while, so that the caller can look after signals. False: the run has ended, these are the last.
bool rows_take(Rows *rows, Burst *burst);

// The same for who does not wait: none where fewer bytes are there and the run goes on.
bool rows_poll(Rows *rows, Burst *burst, size_t bytes);

// Have `ring` called with `bell` once, when so many bytes are there, or the run has ended: on its thread, which has the
// lock and no GIL. Whether that is so already, and nothing will be called. NULL: do not call.
bool rows_listen(Rows *rows, size_t bytes, RowsRing ring, void *bell);

// Nobody looks any more at what was taken. Not in a child process.
void rows_give_back(Rows *rows, Burst *burst);

// The next record ends the run, and no thread waits for room any more.
void rows_stop(Rows *rows);

#endif
