// SPDX-License-Identifier: Apache-2.0
// Batches that are whole and stay, for any number of streams, on any threads: they share the memory.
#ifndef COLUMN_TABLE_H
#define COLUMN_TABLE_H

#include "columns/plan.h"

typedef struct ColumnTable {
    atomic_int references;
    ColumnPlan *plan;
    size_t count, capacity;
    ArrowArray *arrays;
} ColumnTable;

ColumnTable *column_table_new(ColumnPlan *plan);  // NULL where memory ran out
ColumnTable *column_table_hold(ColumnTable *table);
void column_table_release(ColumnTable *table);

// One more row, by way of the batch at work, whose last rows column_table_end takes. False with the reason.
bool column_table_add(ColumnTable *table, ColumnBatch *batch, const ColumnRow *row, ColumnFailure *failure);
bool column_table_end(ColumnTable *table, ColumnBatch *batch, ColumnFailure *failure);

// One more batch, which is the table's from then on; false where memory ran out.
bool column_table_take(ColumnTable *table, const ArrowArray *array);

// A stream of all batches; false where memory ran out.
bool column_table_stream(ColumnTable *table, ArrowArrayStream *out);

#endif
