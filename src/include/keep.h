// SPDX-License-Identifier: Apache-2.0
// What must stay alive while a command runs without the GIL: Python objects whose buffers the C client reads, and
// memory of our own. A zeroed Keep is empty; keep_release is safe on it.
#ifndef KEEP_H
#define KEEP_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#define KEEP_INLINE 16

typedef struct Keep {
    Py_ssize_t object_count, object_size;
    PyObject **objects;  // NULL while they fit inline
    PyObject *inline_objects[KEEP_INLINE];
    Py_ssize_t block_count, block_size;
    void **blocks;
} Keep;

// Hold a new reference until keep_release. 0, or -1 with MemoryError.
int keep_object(Keep *keep, PyObject *object);

// Own a PyMem_Malloc block until keep_release. On failure the block is freed. 0 or -1.
int keep_block(Keep *keep, void *block);

void keep_release(Keep *keep);

#endif
