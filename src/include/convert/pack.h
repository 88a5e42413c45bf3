// SPDX-License-Identifier: Apache-2.0
// Python objects as the msgpack that stands inside LIST and MAP bins and operation payloads.
#ifndef PACK_H
#define PACK_H

#include "convert/convert.h"

// Where a value stands inside another, for error texts: made on the stack, one link a level.
typedef struct PackPath {
    const struct PackPath *outer;
    const char *what;  // of the outermost: "bin 'a'"; of an expression in it or an expression's argument: the name
    PyObject *key;  // of a map entry, borrowed, or NULL
    Py_ssize_t index;  // of a list item
} PackPath;

typedef struct Packer {
    const Codec *codec;
    uint8_t *bytes;  // a PyMem block
    size_t size, room;
    bool special;  // CDTInfinite and CDTWildcard are allowed: arguments of operations
    bool sort_maps;  // a dict is written in the order of its keys, as the maps are that a server compares it with
} Packer;

// Append one value. 0, or -1 with an exception that shows the path.
int pack_value(Packer *packer, PyObject *value, const PackPath *path, int depth);

// The parts of a payload that is no value by itself. 0 or -1.
int pack_integer(Packer *packer, int64_t number);
int pack_count(Packer *packer, bool map, size_t count);  // the head of a list or map
int pack_name(Packer *packer, const char *text, size_t size);  // a string without the byte that says its type
int pack_ready(Packer *packer, const void *bytes, size_t size);  // msgpack as it is

// "bin 'a'['x'][3]"; within expressions "the filter: GT → Add". A new str or NULL.
PyObject *pack_path_text(const PackPath *path);

void packer_release(Packer *packer);

#endif
