// SPDX-License-Identifier: Apache-2.0
// Batches whose records are read row by row into something that is no Python object, without the GIL where a thread
// waits for them.
#ifndef BATCH_ROWS_H
#define BATCH_ROWS_H

#include "client/batch.h"
#include "client/block.h"
#include "columns/plan.h"

// Begins a command's answer.
typedef struct BatchRows {
    Batch batch;
    // False where it does not take the row, with the failure.
    bool (*add)(struct BatchRows *rows, const ColumnRow *row);
    Taker *taker;  // who takes its records as they come, where this thread reads them; NULL: nobody
    bool operated;  // what comes are results of operations
    bool tried, made;  // all were added
    uint32_t row;  // that is added now, or failed
    ColumnFailure failure;
} BatchRows;

// Runs the batch, and adds its rows.
as_status batch_rows_run(Command *command, aerospike *as);
// All rows are added; of a command of asyncio it is done now. 0, or -1 with the exception of the failure.
int batch_rows_end(Command *command);

#endif
