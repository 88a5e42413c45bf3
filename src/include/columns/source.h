// SPDX-License-Identifier: Apache-2.0
// Columns that others made: their types, read from Arrow's schema, and their values, of which nothing is copied.
#ifndef COLUMN_SOURCE_H
#define COLUMN_SOURCE_H

#include "columns/arrow.h"
#include "columns/buffer.h"
#include "columns/cell.h"

typedef enum SourceKind {
    SOURCE_NULL,
    SOURCE_INTEGER,
    SOURCE_NATURAL,
    SOURCE_FLOAT,
    SOURCE_BOOL,
    SOURCE_BYTES,  // texts, too, between offsets
    SOURCE_VIEW,  // the same, by views
    SOURCE_BLOCK,  // bytes of a fixed size
    SOURCE_LIST,  // between offsets
    SOURCE_FIXED_LIST,
    SOURCE_MAP,
    SOURCE_STRUCT,  // a map of its names
} SourceKind;

typedef struct Source {
    SourceKind kind;
    CellKind cell;  // of its values, but for numbers
    size_t width;  // of a number or offset in bytes; of what has a fixed size, that
    const char *name;  // the schema's
    bool dictionary;  // what it has are places in the one within
    size_t count;
    struct Source *inner;
} Source;

// False with *refused, the format that no bin takes; NULL: memory ran out. source_free takes it in any case, and the
// schema must live as long.
bool source_init(Source *source, const ArrowSchema *schema, const char **refused);
void source_free(Source *source);

// A value; of a list, map or struct `integer` is where its items begin.
void source_cell(const Source *source, const ArrowArray *array, int64_t at, Cell *out);

// Why a value was not packed; refused: it has an integer beyond 63 bits, or a text that is not UTF-8.
typedef enum SourceFault { SOURCE_PACKED, SOURCE_REFUSED, SOURCE_EXHAUSTED } SourceFault;

// Append a list, map or struct as msgpack, which is where its cell was read.
SourceFault source_pack(const Source *source, const ArrowArray *array, const Cell *cell, bool bool_as_integer,
                        Buffer *out);

#endif
