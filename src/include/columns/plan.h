// SPDX-License-Identifier: Apache-2.0
// Which columns are made of records, and a batch of them at work. A plan never changes but for its last failure; it is
// counted, for threads read it that know nothing of who made it.
#ifndef COLUMN_PLAN_H
#define COLUMN_PLAN_H

#include "columns/builder.h"

#include <aerospike/as_error.h>
#include <aerospike/as_record.h>
#include <pthread.h>
#include <stdatomic.h>

// Where a column's values come from.
typedef enum ColumnSource {
    COLUMN_OF_BIN,
    COLUMN_OF_KEY,
    COLUMN_OF_DIGEST,
    COLUMN_OF_GEN,
    COLUMN_OF_TTL,
    COLUMN_OF_STATUS,
} ColumnSource;

typedef struct Column {
    char name[AS_BIN_NAME_MAX_SIZE];
    ColumnSource source;
    ColumnType *type;
} Column;

typedef struct ColumnFailure {
    as_error err;  // AEROSPIKE_OK: there is none
    char bin[AS_BIN_NAME_MAX_SIZE];  // that it is about; empty: none
} ColumnFailure;

// Memory ran out. False.
bool column_shortage(ColumnFailure *failure);

typedef struct ColumnPlan {
    atomic_int references;
    int64_t batch_rows;
    int64_t queue;  // batches that wait for their reader at the most
    pthread_mutex_t lock;  // of `failure`
    ColumnFailure failure;  // the last one of all who read by this plan
    size_t count;
    Column columns[];
} ColumnPlan;

ColumnPlan *column_plan_new(size_t count);  // NULL where memory ran out
ColumnPlan *column_plan_hold(ColumnPlan *plan);
void column_plan_release(ColumnPlan *plan);

void column_plan_fail(ColumnPlan *plan, const ColumnFailure *failure);
ColumnFailure column_plan_failure(ColumnPlan *plan);

bool column_plan_export(const ColumnPlan *plan, ArrowSchema *out);  // false where memory ran out

// ---- a batch at work ----

typedef struct ColumnBatch {
    struct ColumnBatch *next;  // for whoever has several
    int64_t rows;
    size_t bytes;  // of what has no fixed width
    Builder builders[];  // one a column
} ColumnBatch;

ColumnBatch *column_batch_new(const ColumnPlan *plan);  // NULL where memory ran out
void column_batch_free(const ColumnPlan *plan, ColumnBatch *batch);

// What a row is made of.
typedef struct ColumnRow {
    const as_key *key;
    const as_record *record;  // NULL: there is none, and its columns are null
    WireBins bins;  // of the record, where they are as they came
    int status;
    bool repeats;  // operations may have given several results of a bin, of which the last counts
} ColumnRow;

// Where the bin is likely to lie that is asked for next: bins come in the order in which they were asked for.
typedef struct ColumnCursor {
    size_t index;
    WireBins rest;  // of those that are as they came
} ColumnCursor;

// The value of a bin; a null cell where there is none. The cursor is moved on; at first it is {.rest = row->bins}.
void column_row_bin(const ColumnRow *row, const char *name, ColumnCursor *cursor, Msgpack *in, Cell *out);

// The record, for errors: by its key or digest.
void column_row_print(const ColumnRow *row, char *text, size_t size);

// False, with the reason, where a value does not fit its column or memory ran out: the batch is of no more use.
bool column_batch_add(const ColumnPlan *plan, ColumnBatch *batch, const ColumnRow *row, ColumnFailure *failure);
bool column_batch_is_full(const ColumnPlan *plan, const ColumnBatch *batch);
// The batch is empty again. False where memory ran out, with *out released.
bool column_batch_finish(const ColumnPlan *plan, ColumnBatch *batch, ArrowArray *out);

#endif
