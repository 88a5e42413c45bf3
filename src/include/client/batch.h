// SPDX-License-Identifier: Apache-2.0
// What commands on many records have in common, whatever they make of the answers.
#ifndef BATCH_H
#define BATCH_H

#include "client/breath.h"
#include "client/command.h"

#include <aerospike/aerospike_batch.h>

// What _type of a row says (aerospike._batch).
typedef enum RowType { ROW_READ, ROW_WRITE, ROW_APPLY, ROW_REMOVE, ROW_TYPES } RowType;

// A command's answer.
typedef struct Batch {
    as_batch_records records;
    as_batch_records refused;  // those of them that are sent again meanwhile (batch_run.c)
    PyObject *given;  // a tuple of keys, or of rows
    PyObject *keys;  // a list of the keys as tuples
    PyObject *result;  // the BatchRecords object
    as_status status;
    struct Shared *shared;  // by rows
    Breath breath;
} Batch;

// The answer of a command, which begins with a Batch and has that size. `sequence` is a list of keys or rows, which
// other threads may change while it is read. NULL with an exception.
Batch *batch_new(Command *command, size_t size, const char *what, PyObject *sequence);
void batch_release(Command *command);

// Every key becomes a row, which `set` completes. 0 or -1.
int batch_read_keys(Command *command, RowType type,
                    int (*set)(Command *command, as_batch_base_record *row, PyObject *const *given),
                    PyObject *const *given);

// A policy of a row, which those share that are given the same object. NULL with an exception.
const void *batch_policy(Command *command, RowType type, PyObject *object);
// Operations of a list, which rows share that are given the same objects. NULL with an exception.
as_operations *batch_operations(Command *command, PyObject *list, PyObject *meta);
// They are a row's, with a policy of its write. 0 or -1.
int batch_set_operations(Command *command, as_batch_base_record *row, PyObject *list, PyObject *policy);

// Of any rows, and of such as read without operations.
as_status batch_run(Command *command, aerospike *as);
as_status batch_start(Command *command, aerospike *as, as_event_loop *loop);
as_status batch_read_run(Command *command, aerospike *as);
as_status batch_read_start(Command *command, aerospike *as, as_event_loop *loop);
// The rows that are sent again have their places in the batch again.
void batch_take_back(Batch *batch);

void batch_tell(const Command *command, Report *report);

#endif
