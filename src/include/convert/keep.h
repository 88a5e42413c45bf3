// SPDX-License-Identifier: Apache-2.0
// What must stay alive while a command runs without the GIL: Python objects whose buffers the C client reads, and
// memory of our own. A zeroed Keep is empty; keep_release is safe on it.
#ifndef KEEP_H
#define KEEP_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

enum { KEEP_OBJECTS = 16, KEEP_BLOCKS = 4 };  // that need no memory

typedef struct Keep {
    Py_ssize_t object_count, object_size;
    Py_ssize_t block_count, block_size;
    PyObject **objects;  // beyond the first
    void **blocks;
    PyObject *first_objects[KEEP_OBJECTS];
    void *first_blocks[KEEP_BLOCKS];
} Keep;

// Hold a new reference until keep_release. 0, or -1 with MemoryError.
int keep_object(Keep *keep, PyObject *object);

// The same for a reference that is given away: the object, or NULL with MemoryError. NULL stays NULL.
PyObject *keep_new(Keep *keep, PyObject *object);

// Own a PyMem_Malloc block until keep_release. On failure the block is freed. 0 or -1.
int keep_block(Keep *keep, void *block);

void keep_release(Keep *keep);

#endif
