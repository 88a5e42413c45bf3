// SPDX-License-Identifier: Apache-2.0
#include "columns/arrow.h"

#include <stdlib.h>
#include <string.h>

// Both hold what lies behind them in one block: pointers to the children, the children, and the rest.
#define MOST_BUFFERS 3

// ---- schema ----

static void schema_release(ArrowSchema *schema)
{
    for (int64_t i = 0; i < schema->n_children; i++) {
        if (schema->children[i]->release != NULL) {
            schema->children[i]->release(schema->children[i]);
        }
    }
    free(schema->private_data);
    schema->release = NULL;
}

bool arrow_schema_init(ArrowSchema *out, const char *format, const char *name, int64_t children)
{
    size_t count = (size_t)children, size = strlen(name) + 1;
    ArrowSchema **block = calloc(1, count * (sizeof *block + sizeof **block) + size);
    if (block == NULL) {
        return false;
    }
    ArrowSchema *first = (ArrowSchema *)(block + count);
    for (size_t i = 0; i < count; i++) {
        block[i] = first + i;
    }
    *out = (ArrowSchema){
        .format = format,
        .name = memcpy(first + count, name, size),
        .flags = ARROW_NULLABLE,
        .n_children = children,
        .children = block,
        .release = schema_release,
        .private_data = block,
    };
    return true;
}

// ---- array ----

typedef struct ArrayBlock {
    const void *buffers[MOST_BUFFERS];
    ArrowArray *children[];
} ArrayBlock;

static void array_release(ArrowArray *array)
{
    for (int64_t i = 0; i < array->n_children; i++) {
        if (array->children[i]->release != NULL) {
            array->children[i]->release(array->children[i]);
        }
    }
    ArrayBlock *block = array->private_data;
    for (int i = 0; i < MOST_BUFFERS; i++) {
        free((void *)block->buffers[i]);
    }
    free(block);
    array->release = NULL;
}

bool arrow_array_init(ArrowArray *out, int64_t children)
{
    size_t count = (size_t)children;
    ArrayBlock *block = calloc(1, sizeof *block + count * (sizeof *block->children + sizeof **block->children));
    if (block == NULL) {
        return false;
    }
    ArrowArray *first = (ArrowArray *)(block->children + count);
    for (size_t i = 0; i < count; i++) {
        block->children[i] = first + i;
    }
    *out = (ArrowArray){
        .n_buffers = 1,
        .n_children = children,
        .buffers = block->buffers,
        .children = block->children,
        .release = array_release,
        .private_data = block,
    };
    return true;
}
