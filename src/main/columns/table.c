// SPDX-License-Identifier: Apache-2.0
#include "columns/table.h"

#include <errno.h>
#include <stdlib.h>

// ---- life ----

ColumnTable *column_table_new(ColumnPlan *plan)
{
    ColumnTable *table = calloc(1, sizeof *table);
    if (table != NULL) {
        atomic_init(&table->references, 1);
        table->plan = column_plan_hold(plan);
    }
    return table;
}

ColumnTable *column_table_hold(ColumnTable *table)
{
    atomic_fetch_add(&table->references, 1);
    return table;
}

void column_table_release(ColumnTable *table)
{
    if (atomic_fetch_sub(&table->references, 1) != 1) {
        return;
    }
    for (size_t i = 0; i < table->count; i++) {
        table->arrays[i].release(&table->arrays[i]);
    }
    free(table->arrays);
    column_plan_release(table->plan);
    free(table);
}

// ---- rows ----

static bool make_room(ColumnTable *table)
{
    if (table->count < table->capacity) {
        return true;
    }
    size_t capacity = table->capacity == 0 ? 1 : 2 * table->capacity;
    ArrowArray *arrays = realloc(table->arrays, capacity * sizeof *arrays);
    if (arrays == NULL) {
        return false;
    }
    table->arrays = arrays;
    table->capacity = capacity;
    return true;
}

bool column_table_take(ColumnTable *table, const ArrowArray *array)
{
    bool room = make_room(table);
    if (room) {
        table->arrays[table->count++] = *array;
    }
    return room;
}

bool column_table_end(ColumnTable *table, ColumnBatch *batch, ColumnFailure *failure)
{
    if (batch->rows == 0) {
        return true;
    }
    ArrowArray array;
    if (!column_batch_finish(table->plan, batch, &array)) {
        return column_shortage(failure);
    }
    if (!column_table_take(table, &array)) {
        array.release(&array);
        return column_shortage(failure);
    }
    return true;
}

bool column_table_add(ColumnTable *table, ColumnBatch *batch, const ColumnRow *row, ColumnFailure *failure)
{
    return column_batch_add(table->plan, batch, row, failure) &&
           (!column_batch_is_full(table->plan, batch) || column_table_end(table, batch, failure));
}

// ---- views of batches ----

// What lies behind an array that is shown: the table whose buffers it has, and its children.
typedef struct View {
    ColumnTable *table;
    ArrowArray *children[];
} View;

static void view_release(ArrowArray *array)
{
    View *view = array->private_data;
    for (int64_t i = 0; i < array->n_children; i++) {
        if (view->children[i]->release != NULL) {  // else a consumer has taken it
            view->children[i]->release(view->children[i]);
        }
    }
    column_table_release(view->table);
    free(view);
    array->release = NULL;
}

static bool view_init(ArrowArray *out, const ArrowArray *array, ColumnTable *table)
{
    size_t count = (size_t)array->n_children;
    View *view = calloc(1, sizeof *view + count * (sizeof *view->children + sizeof **view->children));
    if (view == NULL) {
        return false;
    }
    ArrowArray *first = (ArrowArray *)(view->children + count);
    for (size_t i = 0; i < count; i++) {
        view->children[i] = first + i;
    }
    view->table = column_table_hold(table);
    *out = *array;
    out->children = view->children;
    out->release = view_release;
    out->private_data = view;
    for (size_t i = 0; i < count; i++) {
        if (!view_init(view->children[i], array->children[i], table)) {
            out->release(out);
            return false;
        }
    }
    return true;
}

// ---- the stream ----

typedef struct TableStream {
    ColumnTable *table;
    size_t next;
} TableStream;

static int stream_get_schema(ArrowArrayStream *base, ArrowSchema *out)
{
    const TableStream *stream = base->private_data;
    return column_plan_export(stream->table->plan, out) ? 0 : ENOMEM;
}

static int stream_get_next(ArrowArrayStream *base, ArrowArray *out)
{
    TableStream *stream = base->private_data;
    out->release = NULL;
    if (stream->next == stream->table->count) {
        return 0;
    }
    return view_init(out, &stream->table->arrays[stream->next++], stream->table) ? 0 : ENOMEM;
}

static const char *stream_get_last_error(ArrowArrayStream *stream)
{
    (void)stream;
    return "memory ran out";
}

static void stream_release(ArrowArrayStream *base)
{
    TableStream *stream = base->private_data;
    column_table_release(stream->table);
    free(stream);
    base->release = NULL;
}

bool column_table_stream(ColumnTable *table, ArrowArrayStream *out)
{
    TableStream *stream = calloc(1, sizeof *stream);
    if (stream == NULL) {
        return false;
    }
    stream->table = column_table_hold(table);
    *out = (ArrowArrayStream){stream_get_schema, stream_get_next, stream_get_last_error, stream_release, stream};
    return true;
}
