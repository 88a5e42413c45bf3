// SPDX-License-Identifier: Apache-2.0
#include "keep.h"

int keep_object(Keep *keep, PyObject *object)
{
    if (keep->object_count < KEEP_INLINE) {
        keep->inline_objects[keep->object_count++] = Py_NewRef(object);
        return 0;
    }
    Py_ssize_t extra = keep->object_count - KEEP_INLINE;
    if (extra == keep->object_size) {
        Py_ssize_t size = keep->object_size == 0 ? KEEP_INLINE : keep->object_size * 2;
        PyObject **grown = PyMem_Realloc(keep->objects, (size_t)size * sizeof *grown);
        if (grown == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        keep->objects = grown;
        keep->object_size = size;
    }
    keep->objects[extra] = Py_NewRef(object);
    keep->object_count++;
    return 0;
}

int keep_block(Keep *keep, void *block)
{
    if (keep->block_count == keep->block_size) {
        Py_ssize_t size = keep->block_size == 0 ? 4 : keep->block_size * 2;
        void **grown = PyMem_Realloc(keep->blocks, (size_t)size * sizeof *grown);
        if (grown == NULL) {
            PyMem_Free(block);
            PyErr_NoMemory();
            return -1;
        }
        keep->blocks = grown;
        keep->block_size = size;
    }
    keep->blocks[keep->block_count++] = block;
    return 0;
}

void keep_release(Keep *keep)
{
    for (Py_ssize_t i = 0; i < keep->object_count; i++) {
        Py_DECREF(i < KEEP_INLINE ? keep->inline_objects[i] : keep->objects[i - KEEP_INLINE]);
    }
    for (Py_ssize_t i = 0; i < keep->block_count; i++) {
        PyMem_Free(keep->blocks[i]);
    }
    PyMem_Free(keep->objects);
    PyMem_Free(keep->blocks);
    keep->object_count = keep->object_size = keep->block_count = keep->block_size = 0;
    keep->objects = NULL;
    keep->blocks = NULL;
}
