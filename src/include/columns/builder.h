// SPDX-License-Identifier: Apache-2.0
// Makes a column of values, one after another, as an Arrow array that owns its memory.
#ifndef BUILDER_H
#define BUILDER_H

#include "columns/buffer.h"
#include "columns/cell.h"
#include "columns/type.h"

typedef struct Builder {
    const ColumnType *type;
    int64_t length, nulls;
    Buffer validity;  // a bit a value; empty while there is no null
    Buffer offsets;  // of texts, lists and maps
    Buffer values;  // of all but lists and maps
    struct Builder *inner;  // of lists and maps, one or two
} Builder;

// Why a value was not taken.
typedef struct Refusal {
    char value[64];  // what it is; empty: memory ran out
    const ColumnType *wanted;  // in its place
} Refusal;

// False where memory ran out; builder_free takes it in any case.
bool builder_init(Builder *builder, const ColumnType *type);
void builder_free(Builder *builder);

// Add one value; of a list or map the items are read from *in. False with *refusal, and the builder is of no more use.
bool builder_add(Builder *builder, const Cell *cell, Msgpack *in, Refusal *refusal);
bool builder_add_null(Builder *builder);  // false where memory ran out

// What was added, and the builder is empty again. False where memory ran out, with *out released.
bool builder_finish(Builder *builder, ArrowArray *out);

#endif
