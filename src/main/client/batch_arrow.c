// SPDX-License-Identifier: Apache-2.0
// Batches whose records become columns, a row a key. ArrowTable (aerospike._columns) holds a table of them.
#include "client/arrow.h"
#include "client/batch_rows.h"
#include "columns/table.h"

typedef struct ColumnsBatch {
    BatchRows rows;
    ColumnPlan *plan;
    const char **names;  // of bins to read
    uint32_t name_count;
    ColumnBatch *at_work;
    ColumnTable *table;
} ColumnsBatch;

static bool add_row(BatchRows *rows, const ColumnRow *row)
{
    ColumnsBatch *columns = (ColumnsBatch *)rows;
    return column_table_add(columns->table, columns->at_work, row, &rows->failure);
}

// ---- read ----

static int names_read(ColumnsBatch *columns)
{
    const ColumnPlan *plan = columns->plan;
    columns->names = PyMem_Calloc(plan->count + 1, sizeof *columns->names);
    if (columns->names == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->columns[i].source == COLUMN_OF_BIN) {
            columns->names[columns->name_count++] = plan->columns[i].name;
        }
    }
    return 0;
}

static ColumnsBatch *columns_new(Command *command, PyObject *const *given)
{
    ColumnPlan *plan = arrow_plan(given[1]);
    if (plan == NULL || batch_new(command, sizeof(ColumnsBatch), "keys", given[0]) == NULL) {
        return NULL;
    }
    ColumnsBatch *columns = command->answer;
    columns->rows.add = add_row;
    columns->plan = column_plan_hold(plan);
    columns->table = column_table_new(plan);
    columns->at_work = column_batch_new(plan);
    return columns->table == NULL || columns->at_work == NULL ? (ColumnsBatch *)PyErr_NoMemory() : columns;
}

static int set_read(Command *command, as_batch_base_record *row, PyObject *const *Py_UNUSED(given))
{
    const ColumnsBatch *columns = command->answer;
    as_batch_read_record *read = (as_batch_read_record *)row;
    read->bin_names = columns->name_count == 0 ? NULL : (char **)columns->names;
    read->n_bin_names = columns->name_count;
    return 0;
}

static int _batch_arrow_read(Command *command, PyObject *const *given)
{
    ColumnsBatch *columns = columns_new(command, given);
    return columns == NULL || names_read(columns) < 0 ? -1 : batch_read_keys(command, ROW_READ, set_read, given);
}

static int set_operated(Command *command, as_batch_base_record *row, PyObject *const *given)
{
    return batch_set_operations(command, row, given[2], Py_None);
}

static int _batch_arrow_operate_read(Command *command, PyObject *const *given)
{
    ColumnsBatch *columns = columns_new(command, given);
    as_operations *operations = columns == NULL ? NULL : batch_operations(command, given[2], Py_None);
    if (operations == NULL) {
        return -1;
    }
    columns->rows.operated = true;
    operations->ttl = AS_RECORD_CLIENT_DEFAULT_TTL;  // as in batch_operate
    return batch_read_keys(command, as_operations_has_write(operations) ? ROW_WRITE : ROW_READ, set_operated, given);
}

// ---- give ----

// (table, how many rows, result)
static PyObject *_batch_arrow_give(Command *command)
{
    ColumnsBatch *columns = command->answer;
    BatchRows *rows = &columns->rows;
    if (batch_rows_end(command) < 0) {
        return NULL;
    }
    if (!column_table_end(columns->table, columns->at_work, &rows->failure)) {
        return arrow_raise(command_state(command), &rows->failure, NULL);
    }
    PyObject *capsule = arrow_table_to_py(column_table_hold(columns->table));
    if (capsule == NULL) {
        return NULL;
    }
    return Py_BuildValue("NIi", capsule, rows->row, (int)rows->batch.status);
}

static void _batch_arrow_release(Command *command)
{
    ColumnsBatch *columns = command->answer;
    if (columns == NULL) {
        return;
    }
    if (columns->at_work != NULL) {
        column_batch_free(columns->plan, columns->at_work);
    }
    if (columns->table != NULL) {
        column_table_release(columns->table);
    }
    if (columns->plan != NULL) {
        column_plan_release(columns->plan);
    }
    PyMem_Free(columns->names);
    batch_release(command);
}

#define BATCH_ARROW(method, begin, kind, arguments, ...)                                                               \
    static const CommandKind method##_command = {.signature = {#method, arguments, {__VA_ARGS__}},                     \
                                                 .name = "batch_arrow",                                                \
                                                 .policy = kind,                                                       \
                                                 .read = method##_read,                                                \
                                                 .run = batch_rows_run,                                                \
                                                 .start = begin,                                                       \
                                                 .give = _batch_arrow_give,                                            \
                                                 .tell = batch_tell,                                                   \
                                                 .release = _batch_arrow_release};                                     \
    COMMAND_FLYING(method)

DOC(client__batch_arrow,
    "_batch_arrow($self, keys, columns, policy=None)\n--\n\n"
    "A table of records, its rows, and the result of the batch.");

BATCH_ARROW(_batch_arrow, batch_read_start, POLICY_KIND_BATCH, 2, "keys", "columns", "policy")

DOC(client__batch_arrow_operate,
    "_batch_arrow_operate($self, keys, columns, ops, policy=None)\n--\n\n"
    "The same of what operations give.");

BATCH_ARROW(_batch_arrow_operate, batch_start, POLICY_KIND_BATCH_PARENT_WRITE, 3, "keys", "columns", "ops", "policy")

PyMethodDef client_batch_arrow_methods[] = {
    METHOD_FLYING(_batch_arrow),
    METHOD_FLYING(_batch_arrow_operate),
    {NULL, NULL, 0, NULL},
};
