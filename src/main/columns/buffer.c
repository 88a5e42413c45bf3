// SPDX-License-Identifier: Apache-2.0
#include "columns/buffer.h"

#include <stdlib.h>

enum { LEAST_CAPACITY = 256 };

bool buffer_grow(Buffer *buffer, size_t more)
{
    size_t capacity = buffer->capacity < LEAST_CAPACITY ? LEAST_CAPACITY : buffer->capacity;
    while (capacity - buffer->size < more) {
        capacity *= 2;
    }
    char *bytes = realloc(buffer->bytes, capacity);
    if (bytes == NULL) {
        return false;
    }
    buffer->bytes = bytes;
    buffer->capacity = capacity;
    return true;
}
