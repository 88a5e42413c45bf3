// SPDX-License-Identifier: Apache-2.0
#include "columns/plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

// ---- life ----

ColumnPlan *column_plan_new(size_t count)
{
    ColumnPlan *plan = calloc(1, sizeof *plan + count * sizeof *plan->columns);
    if (plan != NULL) {
        atomic_init(&plan->references, 1);
        pthread_mutex_init(&plan->lock, NULL);
        plan->count = count;
    }
    return plan;
}

ColumnPlan *column_plan_hold(ColumnPlan *plan)
{
    atomic_fetch_add(&plan->references, 1);
    return plan;
}

void column_plan_release(ColumnPlan *plan)
{
    if (atomic_fetch_sub(&plan->references, 1) != 1) {
        return;
    }
    for (size_t i = 0; i < plan->count; i++) {
        column_type_free(plan->columns[i].type);
    }
    pthread_mutex_destroy(&plan->lock);
    free(plan);
}

void column_plan_fail(ColumnPlan *plan, const ColumnFailure *failure)
{
    pthread_mutex_lock(&plan->lock);
    plan->failure = *failure;
    pthread_mutex_unlock(&plan->lock);
}

ColumnFailure column_plan_failure(ColumnPlan *plan)
{
    pthread_mutex_lock(&plan->lock);
    ColumnFailure failure = plan->failure;
    pthread_mutex_unlock(&plan->lock);
    return failure;
}

bool column_plan_export(const ColumnPlan *plan, ArrowSchema *out)
{
    if (!arrow_schema_init(out, "+s", "", (int64_t)plan->count)) {
        return false;
    }
    out->flags = 0;
    for (size_t i = 0; i < plan->count; i++) {
        const Column *column = &plan->columns[i];
        if (!column_type_export(column->type, column->name, out->children[i])) {
            out->release(out);
            return false;
        }
    }
    return true;
}

// ---- a batch ----

enum { MOST_BYTES = 64 << 20 };  // of a batch, but for its last record: what offsets of 32 bits can count, by far

ColumnBatch *column_batch_new(const ColumnPlan *plan)
{
    ColumnBatch *batch = calloc(1, sizeof *batch + plan->count * sizeof *batch->builders);
    if (batch == NULL) {
        return NULL;
    }
    bool there = true;
    for (size_t i = 0; i < plan->count; i++) {
        batch->builders[i].type = plan->columns[i].type;
        there = there && builder_init(&batch->builders[i], plan->columns[i].type);
    }
    if (!there) {
        column_batch_free(plan, batch);
        return NULL;
    }
    return batch;
}

void column_batch_free(const ColumnPlan *plan, ColumnBatch *batch)
{
    for (size_t i = 0; i < plan->count; i++) {
        builder_free(&batch->builders[i]);
    }
    free(batch);
}

bool column_batch_is_full(const ColumnPlan *plan, const ColumnBatch *batch)
{
    return batch->rows >= plan->batch_rows || batch->bytes >= MOST_BYTES;
}

bool column_batch_finish(const ColumnPlan *plan, ColumnBatch *batch, ArrowArray *out)
{
    if (!arrow_array_init(out, (int64_t)plan->count)) {
        return false;
    }
    out->length = batch->rows;
    for (size_t i = 0; i < plan->count; i++) {
        if (!builder_finish(&batch->builders[i], out->children[i])) {
            out->release(out);
            return false;
        }
    }
    batch->rows = 0;
    batch->bytes = 0;
    return true;
}

// ---- a record ----

// Of several results of a bin.
static const as_val *find_last(const as_bins *bins, const char *name)
{
    for (uint16_t i = bins->size; i > 0; i--) {
        if (strcmp(bins->entries[i - 1].name, name) == 0) {
            return (const as_val *)bins->entries[i - 1].valuep;
        }
    }
    return NULL;
}

static const as_val *find_bin(const as_bins *bins, const char *name, size_t likely)
{
    if (likely < bins->size && strcmp(bins->entries[likely].name, name) == 0) {
        return (const as_val *)bins->entries[likely].valuep;
    }
    return find_last(bins, name);
}

static void read_value(const as_val *value, Msgpack *in, Cell *out)
{
    if (value == NULL) {
        out->kind = CELL_NULL;
    } else {
        cell_from_val(value, in, out);
    }
}

// Read the next bin. Whether it is that one.
static bool next_wire_is(WireBins *rest, const char *name, WireBin *out)
{
    rest->at = wire_bin(rest->at, out);
    rest->count--;
    return strlen(name) == out->name_size && memcmp(name, out->name, out->name_size) == 0;
}

static bool find_wire(WireBins all, const char *name, WireBins *rest, WireBin *out)
{
    WireBins likely = *rest;
    if (likely.count > 0 && next_wire_is(&likely, name, out)) {
        *rest = likely;
        return true;
    }
    bool found = false;
    while (all.count > 0) {
        WireBin bin;
        if (next_wire_is(&all, name, &bin)) {
            *out = bin;
            *rest = all;
            found = true;
        }
    }
    return found;
}

static void read_wire(const ColumnRow *row, const char *name, ColumnCursor *cursor, Msgpack *in, Cell *out)
{
    WireBin bin;
    if (find_wire(row->bins, name, &cursor->rest, &bin)) {
        cell_from_wire(&bin, in, out);
    } else {
        out->kind = CELL_NULL;
    }
}

void column_row_bin(const ColumnRow *row, const char *name, ColumnCursor *cursor, Msgpack *in, Cell *out)
{
    if (row->bins.at != NULL) {
        read_wire(row, name, cursor, in, out);
        return;
    }
    const as_bins *bins = row->record == NULL ? NULL : &row->record->bins;
    size_t likely = cursor->index++;
    read_value(bins == NULL ? NULL : row->repeats ? find_last(bins, name) : find_bin(bins, name, likely), in, out);
}

static Cell number_cell(const ColumnRow *row, int64_t number)
{
    return (Cell){.kind = row->record == NULL ? CELL_NULL : CELL_INTEGER, .integer = number};
}

static void read_cell(const Column *column, const ColumnRow *row, ColumnCursor *cursor, Msgpack *in, Cell *out)
{
    switch (column->source) {
    case COLUMN_OF_BIN:
        column_row_bin(row, column->name, cursor, in, out);
        break;
    case COLUMN_OF_KEY:
        read_value((const as_val *)row->key->valuep, in, out);
        break;
    case COLUMN_OF_DIGEST:
        *out = (Cell){.kind = CELL_BYTES, .bytes = row->key->digest.value, .size = AS_DIGEST_VALUE_SIZE};
        break;
    case COLUMN_OF_GEN:
        *out = number_cell(row, row->record == NULL ? 0 : row->record->gen);
        break;
    case COLUMN_OF_TTL:
        *out = number_cell(row, row->record == NULL ? 0 : row->record->ttl);
        break;
    case COLUMN_OF_STATUS:
        *out = (Cell){.kind = CELL_INTEGER, .integer = row->status};
        break;
    }
}

void column_row_print(const ColumnRow *row, char *text, size_t size)
{
    const as_val *key = (const as_val *)row->key->valuep;
    if (key != NULL && as_val_type(key) == AS_INTEGER) {
        snprintf(text, size, "record %" PRId64, row->key->value.integer.value);
        return;
    }
    if (key != NULL && as_val_type(key) == AS_STRING && strlen(row->key->value.string.value) <= 64) {
        snprintf(text, size, "record '%s'", row->key->value.string.value);
        return;
    }
    int at = snprintf(text, size, "the record of digest ");
    for (int i = 0; i < AS_DIGEST_VALUE_SIZE; i++) {
        at += snprintf(text + at, size - (size_t)at, "%02x", row->key->digest.value[i]);
    }
}

bool column_shortage(ColumnFailure *failure)
{
    *failure = (ColumnFailure){0};
    as_error_set_message(&failure->err, AEROSPIKE_ERR_CLIENT, "memory ran out");
    return false;
}

static bool fail(const Column *column, const ColumnRow *row, const Refusal *refusal, ColumnFailure *failure)
{
    if (refusal->value[0] == '\0') {
        return column_shortage(failure);
    }
    *failure = (ColumnFailure){0};
    char of[96], what[32], type[128], wanted[128] = "";
    column_row_print(row, of, sizeof of);
    column_type_print(column->type, type, sizeof type);
    snprintf(what, sizeof what, column->source == COLUMN_OF_BIN ? "bin '%s'" : "the %s", column->name);
    if (refusal->wanted != column->type) {
        snprintf(wanted, sizeof wanted, " within, where ");
        column_type_print(refusal->wanted, wanted + strlen(wanted), sizeof wanted / 2);
        strcat(wanted, " is wanted");
    }
    as_error_update(&failure->err, AEROSPIKE_ERR_BIN_INCOMPATIBLE_TYPE, "%s of %s: value is %s%s, the column is %s",
                    what, of, refusal->value, wanted, type);
    if (column->source == COLUMN_OF_BIN) {
        strcpy(failure->bin, column->name);
    }
    return false;
}

bool column_batch_add(const ColumnPlan *plan, ColumnBatch *batch, const ColumnRow *row, ColumnFailure *failure)
{
    ColumnCursor cursor = {.rest = row->bins};
    for (size_t i = 0; i < plan->count; i++) {
        const Column *column = &plan->columns[i];
        Msgpack in = {0};
        Cell cell = {.kind = CELL_NULL};
        Refusal refusal;
        read_cell(column, row, &cursor, &in, &cell);
        bool container = cell.kind == CELL_LIST || cell.kind == CELL_MAP;
        batch->bytes += container ? msgpack_left(&in) : cell.size;
        if (!builder_add(&batch->builders[i], &cell, &in, &refusal)) {
            return fail(column, row, &refusal, failure);
        }
    }
    batch->rows++;
    return true;
}
