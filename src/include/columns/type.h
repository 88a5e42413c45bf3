// SPDX-License-Identifier: Apache-2.0
// Types of columns: read from their text, and shown as Arrow's schema.
#ifndef COLUMN_TYPE_H
#define COLUMN_TYPE_H

#include "columns/arrow.h"

#include <stddef.h>

//   name    its text
//   format  Arrow's letter for it
//   width   of a value in bytes; 0: it is none of a fixed width in bytes
#define COLUMN_KINDS(X)                                                                                                \
    X(INT8, "int8", "c", 1)                                                                                            \
    X(INT16, "int16", "s", 2)                                                                                          \
    X(INT32, "int32", "i", 4)                                                                                          \
    X(INT64, "int64", "l", 8)                                                                                          \
    X(FLOAT32, "float32", "f", 4)                                                                                      \
    X(FLOAT64, "float64", "g", 8)                                                                                      \
    X(BOOL, "bool", "b", 0)                                                                                            \
    X(STRING, "string", "u", 0)                                                                                        \
    X(BINARY, "binary", "z", 0)                                                                                        \
    X(LIST, "list", "+l", 0)                                                                                           \
    X(MAP, "map", "+m", 0)

typedef enum ColumnKind {
#define COLUMN_KIND(kind, name, format, width) COLUMN_##kind,
    COLUMN_KINDS(COLUMN_KIND)
#undef COLUMN_KIND
        COLUMN_KIND_COUNT
} ColumnKind;

typedef struct ColumnType {
    ColumnKind kind;
    struct ColumnType *inner[2];  // of a list its items; of a map its keys and values
} ColumnType;

// The type of a text, such as "list<map<string, int64>>": NULL where it is none, or memory ran out.
ColumnType *column_type_new(const char *text);
void column_type_free(ColumnType *type);

size_t column_type_width(const ColumnType *type);
int column_type_inner(const ColumnType *type);  // how many types it has within

// Its text, cut where it is too long.
void column_type_print(const ColumnType *type, char *text, size_t size);

// A column of that name. False where memory ran out, with *out released.
bool column_type_export(const ColumnType *type, const char *name, ArrowSchema *out);

#endif
