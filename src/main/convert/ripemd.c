// SPDX-License-Identifier: Apache-2.0
// After H. Dobbertin, A. Bosselaers, B. Preneel: RIPEMD-160, a strengthened version of RIPEMD (1996). A block goes
// through two lines of five rounds of sixteen steps; each line has five words at work.
#include "convert/ripemd.h"

#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the words of a block are little-endian"
#endif

enum { ROUNDS = 5, STEPS = 16, WORDS = 5 };

typedef uint32_t Lanes __attribute__((vector_size(RIPEMD_LANES * sizeof(uint32_t))));

static const uint32_t begin[WORDS] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};

// What a line's rounds add, which word of the block each step takes, and by how many bits it turns.
typedef struct Line {
    uint32_t added[ROUNDS];
    uint8_t word[ROUNDS][STEPS], turn[ROUNDS][STEPS];
} Line;

// clang-format off
static const Line left_line = {
    {0, 0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xa953fd4e},
    {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
     {7, 4, 13, 1, 10, 6, 15, 3, 12, 0, 9, 5, 2, 14, 11, 8},
     {3, 10, 14, 4, 9, 15, 8, 1, 2, 7, 0, 6, 13, 11, 5, 12},
     {1, 9, 11, 10, 0, 8, 12, 4, 13, 3, 7, 15, 14, 5, 6, 2},
     {4, 0, 5, 9, 7, 12, 2, 10, 14, 1, 3, 8, 11, 6, 15, 13}},
    {{11, 14, 15, 12, 5, 8, 7, 9, 11, 13, 14, 15, 6, 7, 9, 8},
     {7, 6, 8, 13, 11, 9, 7, 15, 7, 12, 15, 9, 11, 7, 13, 12},
     {11, 13, 6, 7, 14, 9, 13, 15, 14, 8, 13, 6, 5, 12, 7, 5},
     {11, 12, 14, 15, 14, 15, 9, 8, 9, 14, 5, 6, 8, 6, 5, 12},
     {9, 15, 5, 11, 6, 8, 13, 12, 5, 12, 13, 14, 11, 8, 5, 6}},
};
static const Line right_line = {
    {0x50a28be6, 0x5c4dd124, 0x6d703ef3, 0x7a6d76e9, 0},
    {{5, 14, 7, 0, 9, 2, 11, 4, 13, 6, 15, 8, 1, 10, 3, 12},
     {6, 11, 3, 7, 0, 13, 5, 10, 14, 15, 8, 12, 4, 9, 1, 2},
     {15, 5, 1, 3, 7, 14, 6, 9, 11, 8, 12, 2, 10, 0, 4, 13},
     {8, 6, 4, 1, 3, 11, 15, 0, 5, 12, 2, 13, 9, 7, 10, 14},
     {12, 15, 10, 4, 1, 5, 8, 7, 6, 2, 13, 14, 0, 3, 9, 11}},
    {{8, 9, 9, 11, 13, 15, 15, 5, 7, 7, 8, 11, 14, 14, 12, 6},
     {9, 13, 15, 7, 12, 8, 9, 11, 7, 7, 12, 7, 6, 15, 13, 11},
     {9, 7, 15, 11, 8, 6, 6, 14, 12, 13, 5, 14, 13, 13, 7, 5},
     {15, 5, 8, 11, 14, 14, 6, 14, 6, 9, 12, 9, 12, 5, 15, 8},
     {8, 5, 12, 9, 12, 5, 14, 6, 8, 13, 6, 5, 15, 13, 11, 11}},
};
// clang-format on

#define INLINE static inline __attribute__((always_inline))

INLINE Lanes mix(int kind, Lanes x, Lanes y, Lanes z)
{
    return kind == 0   ? x ^ y ^ z
           : kind == 1 ? (x & y) | (~x & z)
           : kind == 2 ? (x | ~y) ^ z
           : kind == 3 ? (x & z) | (y & ~z)
                       : x ^ (y | ~z);
}

INLINE Lanes turn(Lanes word, int bits)
{
    return word << bits | word >> (32 - bits);
}

INLINE void step(Lanes *at, int kind, Lanes word, uint32_t added, int bits)
{
    Lanes made = turn(at[0] + mix(kind, at[1], at[2], at[3]) + word + added, bits) + at[4];
    at[0] = at[4];
    at[4] = at[3];
    at[3] = turn(at[2], 10);
    at[2] = at[1];
    at[1] = made;
}

INLINE void go_round(int number, const Lanes *block, Lanes *left, Lanes *right)
{
    for (int i = 0; i < STEPS; i++) {
        step(left, number, block[left_line.word[number][i]], left_line.added[number], left_line.turn[number][i]);
        step(right, ROUNDS - 1 - number, block[right_line.word[number][i]], right_line.added[number],
             right_line.turn[number][i]);
    }
}

static void block_load(const RipemdBlocks *blocks, Lanes *block)
{
    for (int lane = 0; lane < RIPEMD_LANES; lane++) {
        uint32_t words[RIPEMD_BLOCK / sizeof(uint32_t)];
        memcpy(words, blocks->bytes[lane], sizeof words);
        for (int i = 0; i < STEPS; i++) {
            block[i][lane] = words[i];
        }
    }
}

void ripemd_pad(uint8_t *block, size_t size)
{
    enum { BITS_AT = RIPEMD_BLOCK - sizeof(uint64_t) };
    uint64_t bits = 8 * (uint64_t)size;
    memset(block + size, 0, BITS_AT - size);
    block[size] = 0x80;
    memcpy(block + BITS_AT, &bits, sizeof bits);
}

void ripemd_digest(const RipemdBlocks *blocks, uint8_t digests[RIPEMD_LANES][RIPEMD_SIZE])
{
    Lanes block[STEPS], left[WORDS], right[WORDS];
    block_load(blocks, block);
    for (int i = 0; i < WORDS; i++) {
        left[i] = right[i] = (Lanes){0} + begin[i];
    }
    go_round(0, block, left, right);
    go_round(1, block, left, right);
    go_round(2, block, left, right);
    go_round(3, block, left, right);
    go_round(4, block, left, right);
    for (int i = 0; i < WORDS; i++) {
        Lanes word = begin[(i + 1) % WORDS] + left[(i + 2) % WORDS] + right[(i + 3) % WORDS];
        for (int lane = 0; lane < RIPEMD_LANES; lane++) {
            uint32_t one = word[lane];
            memcpy(digests[lane] + i * sizeof one, &one, sizeof one);
        }
    }
}
