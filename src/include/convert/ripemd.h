// SPDX-License-Identifier: Apache-2.0
// RIPEMD-160 of several short messages at a time, in the lanes of vector registers.
#ifndef RIPEMD_H
#define RIPEMD_H

#include <stddef.h>
#include <stdint.h>

enum { RIPEMD_LANES = 4, RIPEMD_BLOCK = 64, RIPEMD_SHORT = 55, RIPEMD_SIZE = 20 };

// Messages of RIPEMD_SHORT bytes at the most, each in a block of its own.
typedef struct RipemdBlocks {
    uint8_t bytes[RIPEMD_LANES][RIPEMD_BLOCK];
} RipemdBlocks;

// After a message's bytes: what makes a block of it.
void ripemd_pad(uint8_t *block, size_t size);

// The digests of all blocks, of which those that are not used may hold anything.
void ripemd_digest(const RipemdBlocks *blocks, uint8_t digests[RIPEMD_LANES][RIPEMD_SIZE]);

#endif
