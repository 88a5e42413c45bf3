// SPDX-License-Identifier: Apache-2.0
// Python objects as the msgpack that stands inside LIST and MAP bins and operation payloads.
#ifndef PACK_H
#define PACK_H

#include "convert.h"

// Where a value stands inside another, for error texts: made on the stack, one link a level.
typedef struct PackPath {
    const struct PackPath *outer;
    const char *what;  // of the outermost: "bin 'a'"
    PyObject *key;  // of a map entry, borrowed, or NULL
    Py_ssize_t index;  // of a list item
} PackPath;

typedef struct Packer {
    const Codec *codec;
    uint8_t *bytes;  // a PyMem block
    size_t size, room;
    bool special;  // CDTInfinite and CDTWildcard are allowed: arguments of operations
    bool nul_keys;  // set where a map key with a NUL was packed
} Packer;

// Append one value. 0, or -1 with an exception that shows the path.
int pack_value(Packer *packer, PyObject *value, const PackPath *path, int depth);

// "bin 'a'['x'][3]". A new str or NULL.
PyObject *pack_path_text(const PackPath *path);

void packer_release(Packer *packer);

#endif
