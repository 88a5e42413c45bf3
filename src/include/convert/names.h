// SPDX-License-Identifier: Apache-2.0
// Whether a text is the name that was found at its place before.
#ifndef NAMES_H
#define NAMES_H

#include "state.h"

#include <stdbool.h>

static inline uint64_t name_load(const char *text, size_t width)
{
    uint64_t word = 0;
    memcpy(&word, text, width);
    return word;
}

// Whether the first 16 bytes are the name's where the mask is set. So many can be read.
static inline bool name_begins(const PlacedName *placed, const char *text, const uint64_t mask[2])
{
    uint64_t differs =
        ((name_load(text, 8) ^ placed->text[0]) & mask[0]) | ((name_load(text + 8, 8) ^ placed->text[1]) & mask[1]);
    return placed->name != NULL && differs == 0;
}

// The same for all of a text, which need not end with a NUL.
static inline bool name_is(const PlacedName *placed, const char *text, size_t size)
{
    return placed->size == size && name_begins(placed, text, placed->mask) &&
           (size <= sizeof placed->text || memcmp(PyUnicode_DATA(placed->name), text, size) == 0);
}

#endif
