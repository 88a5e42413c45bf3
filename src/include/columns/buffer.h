// SPDX-License-Identifier: Apache-2.0
// Bytes that grow.
#ifndef COLUMN_BUFFER_H
#define COLUMN_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

typedef struct Buffer {
    char *bytes;
    size_t size, capacity;
} Buffer;

bool buffer_grow(Buffer *buffer, size_t more);  // room for so many more; false where memory ran out

static inline bool buffer_push(Buffer *buffer, const void *bytes, size_t size)
{
    if (buffer->capacity - buffer->size < size && !buffer_grow(buffer, size)) {
        return false;
    }
    if (size > 0) {
        memcpy(buffer->bytes + buffer->size, bytes, size);
    }
    buffer->size += size;
    return true;
}

#endif
