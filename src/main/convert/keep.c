// SPDX-License-Identifier: Apache-2.0
#include "convert/keep.h"

// Room for one more behind the first; `size` is what there is. The array, perhaps moved, or NULL with MemoryError.
static void *grow(void *array, Py_ssize_t used, Py_ssize_t *size)
{
    if (used < *size) {
        return array;
    }
    Py_ssize_t more = *size == 0 ? 16 : *size * 2;
    void *grown = PyMem_Realloc(array, (size_t)more * sizeof(void *));
    if (grown == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    *size = more;
    return grown;
}

int keep_object(Keep *keep, PyObject *object)
{
    if (keep->object_count < KEEP_OBJECTS) {
        keep->first_objects[keep->object_count++] = Py_NewRef(object);
        return 0;
    }
    Py_ssize_t place = keep->object_count - KEEP_OBJECTS;
    PyObject **objects = grow(keep->objects, place, &keep->object_size);
    if (objects == NULL) {
        return -1;
    }
    keep->objects = objects;
    objects[place] = Py_NewRef(object);
    keep->object_count++;
    return 0;
}

PyObject *keep_new(Keep *keep, PyObject *object)
{
    int result = object == NULL ? -1 : keep_object(keep, object);
    Py_XDECREF(object);
    return result < 0 ? NULL : object;
}

int keep_block(Keep *keep, void *block)
{
    if (keep->block_count < KEEP_BLOCKS) {
        keep->first_blocks[keep->block_count++] = block;
        return 0;
    }
    Py_ssize_t place = keep->block_count - KEEP_BLOCKS;
    void **blocks = grow(keep->blocks, place, &keep->block_size);
    if (blocks == NULL) {
        PyMem_Free(block);
        return -1;
    }
    keep->blocks = blocks;
    blocks[place] = block;
    keep->block_count++;
    return 0;
}

void keep_release(Keep *keep)
{
    for (Py_ssize_t i = 0; i < keep->object_count; i++) {
        Py_DECREF(i < KEEP_OBJECTS ? keep->first_objects[i] : keep->objects[i - KEEP_OBJECTS]);
    }
    for (Py_ssize_t i = 0; i < keep->block_count; i++) {
        PyMem_Free(i < KEEP_BLOCKS ? keep->first_blocks[i] : keep->blocks[i - KEEP_BLOCKS]);
    }
    PyMem_Free(keep->objects);
    PyMem_Free(keep->blocks);
    keep->object_count = keep->object_size = keep->block_count = keep->block_size = 0;
    keep->objects = NULL;
    keep->blocks = NULL;
}
