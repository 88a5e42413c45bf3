// SPDX-License-Identifier: Apache-2.0
// One value as a column is given it, from a bin or from the msgpack of a list or map: nothing is copied.
#ifndef CELL_H
#define CELL_H

#include "convert/msgpack.h"
#include "convert/wire.h"

#include <aerospike/as_val.h>
#include <stdbool.h>

//   what errors call it
#define CELL_KINDS(X)                                                                                                  \
    X(NULL, "null")                                                                                                    \
    X(INTEGER, "integer")                                                                                              \
    X(NATURAL, "an integer beyond 63 bits")                                                                            \
    X(FLOAT, "float")                                                                                                  \
    X(BOOL, "bool")                                                                                                    \
    X(STRING, "string")                                                                                                \
    X(GEOJSON, "GeoJSON")                                                                                              \
    X(BYTES, "bytes")                                                                                                  \
    X(LIST, "list")                                                                                                    \
    X(MAP, "map")                                                                                                      \
    X(MALFORMED, "malformed msgpack")                                                                                  \
    X(STRANGE, "of a type that no column has")

typedef enum CellKind {
#define CELL_KIND(kind, name) CELL_##kind,
    CELL_KINDS(CELL_KIND)
#undef CELL_KIND
} CellKind;

typedef struct Cell {
    CellKind kind;
    int64_t integer;  // and bool
    double number;
    const uint8_t *bytes;  // of texts and bytes; of a list or map where its head begins
    size_t size;  // of texts and bytes; of a list the items, of a map the entries that follow the head
} Cell;

const char *cell_kind_name(CellKind kind);
// What it is, for errors: where a number is wanted and it is one, which.
void cell_print(const Cell *cell, bool number, char *text, size_t size);

// The value of a bin; of a list or map the head is read, and its items are left in *in.
void cell_from_val(const as_val *value, Msgpack *in, Cell *out);

void cell_from_wire(const WireBin *bin, Msgpack *in, Cell *out);

// The next element of msgpack, of a list or map its head only, and the mark that servers put first.
void cell_from_msgpack(Msgpack *in, Cell *out);

bool cell_is_utf8(const uint8_t *bytes, size_t size);

#endif
