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

// Whether the first 16 bytes are the name's, as far as it goes. So many can be read.
static inline bool name_begins(const PlacedName *placed, const char *text)
{
    uint64_t differs = ((name_load(text, 8) ^ placed->text[0]) & placed->mask[0]) |
                       ((name_load(text + 8, 8) ^ placed->text[1]) & placed->mask[1]);
    return placed->name != NULL && differs == 0;
}

#endif
