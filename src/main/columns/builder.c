// SPDX-License-Identifier: Apache-2.0
#include "columns/builder.h"

#include "columns/number.h"

#include <stdio.h>
#include <stdlib.h>

// ---- buffers ----

// The bit of that place, which is the next one.
static inline bool buffer_push_bit(Buffer *buffer, int64_t place, bool bit)
{
    if (place % 8 == 0 && !buffer_push(buffer, "", 1)) {
        return false;
    }
    buffer->bytes[place / 8] |= (char)(bit << (place % 8));
    return true;
}

// Its bytes, which are there even if there are none: not all who read Arrow take NULL.
static void *buffer_take(Buffer *buffer)
{
    if (buffer->bytes == NULL && !buffer_grow(buffer, 1)) {
        return NULL;
    }
    void *bytes = buffer->bytes;
    *buffer = (Buffer){0};
    return bytes;
}

// ---- life ----

static bool has_offsets(const ColumnType *type)
{
    return type->kind >= COLUMN_STRING;
}

static bool push_offset(Builder *builder, size_t end)
{
    int32_t offset = (int32_t)end;  // a batch is full long before
    return buffer_push(&builder->offsets, &offset, sizeof offset);
}

bool builder_init(Builder *builder, const ColumnType *type)
{
    *builder = (Builder){.type = type};
    if (has_offsets(type) && !push_offset(builder, 0)) {
        return false;
    }
    int count = column_type_inner(type);
    builder->inner = count == 0 ? NULL : calloc((size_t)count, sizeof *builder->inner);
    bool there = count == 0 || builder->inner != NULL;
    for (int i = 0; there && i < count; i++) {
        there = builder_init(&builder->inner[i], type->inner[i]);
    }
    return there;
}

void builder_free(Builder *builder)
{
    for (int i = 0; builder->inner != NULL && i < column_type_inner(builder->type); i++) {
        builder_free(&builder->inner[i]);
    }
    free(builder->inner);
    free(builder->validity.bytes);
    free(builder->offsets.bytes);
    free(builder->values.bytes);
}

// ---- refusals ----

static bool refuse(const Builder *builder, const char *what, Refusal *refusal)
{
    snprintf(refusal->value, sizeof refusal->value, "%s", what);
    refusal->wanted = builder->type;
    return false;
}

static bool exhausted(Refusal *refusal)
{
    refusal->value[0] = '\0';
    return false;
}

static bool refuse_cell(const Builder *builder, const Cell *cell, Refusal *refusal)
{
    cell_print(cell, builder->type->kind < COLUMN_BOOL, refusal->value, sizeof refusal->value);
    refusal->wanted = builder->type;
    return false;
}

// ---- values ----

// Whether a value has its place in the column's validity; the first null makes room for all before it.
static bool push_valid(Builder *builder, bool valid)
{
    if (valid && builder->nulls == 0) {
        return true;
    }
    for (int64_t i = 0; builder->nulls == 0 && i < builder->length; i++) {
        if (!buffer_push_bit(&builder->validity, i, true)) {
            return false;
        }
    }
    builder->nulls += !valid;
    return buffer_push_bit(&builder->validity, builder->length, valid);
}

static bool push_nothing(Builder *builder)
{
    static const char ZERO[8] = {0};
    if (builder->type->kind == COLUMN_BOOL) {
        return buffer_push_bit(&builder->values, builder->length, false);
    }
    if (!has_offsets(builder->type)) {
        return buffer_push(&builder->values, ZERO, column_type_width(builder->type));
    }
    return push_offset(builder, builder->inner == NULL ? builder->values.size : (size_t)builder->inner->length);
}

bool builder_add_null(Builder *builder)
{
    bool done = push_valid(builder, false) && push_nothing(builder);
    builder->length++;
    return done;
}

static bool add_number(Builder *builder, const Cell *cell, Refusal *refusal)
{
    char number[sizeof(int64_t)];
    if (!column_number(builder->type->kind, cell, number)) {
        return refuse_cell(builder, cell, refusal);
    }
    return buffer_push(&builder->values, number, column_type_width(builder->type)) || exhausted(refusal);
}

static bool add_bool(Builder *builder, const Cell *cell, Refusal *refusal)
{
    if (cell->kind != CELL_BOOL) {
        return refuse_cell(builder, cell, refusal);
    }
    return buffer_push_bit(&builder->values, builder->length, cell->integer != 0) || exhausted(refusal);
}

static bool push_bytes(Builder *builder, const void *bytes, size_t size, Refusal *refusal)
{
    return (buffer_push(&builder->values, bytes, size) && push_offset(builder, builder->values.size)) ||
           exhausted(refusal);
}

static bool add_string(Builder *builder, const Cell *cell, Refusal *refusal)
{
    if (cell->kind != CELL_STRING && cell->kind != CELL_GEOJSON) {
        return refuse_cell(builder, cell, refusal);
    }
    if (!cell_is_utf8(cell->bytes, cell->size)) {
        return refuse(builder, "a string that is not UTF-8", refusal);
    }
    return push_bytes(builder, cell->bytes, cell->size, refusal);
}

// Bytes and texts as they are, lists and maps packed.
static bool add_binary(Builder *builder, const Cell *cell, Msgpack *in, Refusal *refusal)
{
    switch (cell->kind) {
    case CELL_BYTES:
    case CELL_STRING:
    case CELL_GEOJSON:
        return push_bytes(builder, cell->bytes, cell->size, refusal);
    case CELL_LIST:
    case CELL_MAP:
        in->at = cell->bytes;
        if (!msgpack_skip(in)) {
            return refuse(builder, cell_kind_name(CELL_MALFORMED), refusal);
        }
        return push_bytes(builder, cell->bytes, (size_t)(in->at - cell->bytes), refusal);
    default:
        return refuse_cell(builder, cell, refusal);
    }
}

static bool add_container(Builder *builder, const Cell *cell, Msgpack *in, Refusal *refusal)
{
    bool map = builder->type->kind == COLUMN_MAP;
    if (cell->kind != (map ? CELL_MAP : CELL_LIST)) {
        return refuse_cell(builder, cell, refusal);
    }
    for (size_t i = 0; i < cell->size; i++) {
        for (int part = 0; part <= map; part++) {
            Cell item;
            cell_from_msgpack(in, &item);
            if (map && part == 0 && item.kind == CELL_NULL) {  // Arrow's maps have none
                return refuse_cell(&builder->inner[0], &item, refusal);
            }
            if (!builder_add(&builder->inner[part], &item, in, refusal)) {
                return false;
            }
        }
    }
    return push_offset(builder, (size_t)builder->inner->length) || exhausted(refusal);
}

static bool add_value(Builder *builder, const Cell *cell, Msgpack *in, Refusal *refusal)
{
    switch (builder->type->kind) {
    case COLUMN_BOOL:
        return add_bool(builder, cell, refusal);
    case COLUMN_STRING:
        return add_string(builder, cell, refusal);
    case COLUMN_BINARY:
        return add_binary(builder, cell, in, refusal);
    case COLUMN_LIST:
    case COLUMN_MAP:
        return add_container(builder, cell, in, refusal);
    default:
        return add_number(builder, cell, refusal);
    }
}

bool builder_add(Builder *builder, const Cell *cell, Msgpack *in, Refusal *refusal)
{
    if (cell->kind == CELL_NULL) {
        return builder_add_null(builder) || exhausted(refusal);
    }
    if (!push_valid(builder, true)) {
        return exhausted(refusal);
    }
    bool added = add_value(builder, cell, in, refusal);
    builder->length++;
    return added;
}

// ---- the array ----

static bool finish_inner(Builder *builder, ArrowArray *out)
{
    if (builder->type->kind == COLUMN_LIST) {
        return builder_finish(builder->inner, out->children[0]);
    }
    ArrowArray *entries = out->children[0];
    if (!arrow_array_init(entries, 2)) {
        return false;
    }
    entries->length = builder->inner->length;
    return builder_finish(&builder->inner[0], entries->children[0]) &&
           builder_finish(&builder->inner[1], entries->children[1]);
}

// In the order that Arrow has them: validity, offsets, values.
static bool take_buffers(Builder *builder, ArrowArray *out)
{
    int64_t count = 1;
    if (builder->nulls > 0) {
        out->buffers[0] = buffer_take(&builder->validity);
    }
    if (has_offsets(builder->type) && (out->buffers[count++] = buffer_take(&builder->offsets)) == NULL) {
        return false;
    }
    if (builder->inner == NULL && (out->buffers[count++] = buffer_take(&builder->values)) == NULL) {
        return false;
    }
    out->n_buffers = count;
    return true;
}

bool builder_finish(Builder *builder, ArrowArray *out)
{
    if (!arrow_array_init(out, builder->inner != NULL)) {
        return false;
    }
    out->length = builder->length;
    out->null_count = builder->nulls;
    builder->length = 0;
    if (!take_buffers(builder, out) || (builder->inner != NULL && !finish_inner(builder, out)) ||
        (has_offsets(builder->type) && !push_offset(builder, 0))) {
        out->release(out);
        return false;
    }
    builder->nulls = 0;
    return true;
}
