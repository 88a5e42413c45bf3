// SPDX-License-Identifier: Apache-2.0
// The codes of msgpack, and the one writer and the one reader of its heads. Whatever the bytes: no read past their
// end.
#ifndef MSGPACK_H
#define MSGPACK_H

#include <citrusleaf/cf_byte_order.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
    MSGPACK_FIXMAP = 0x80,  // and the count in the low bits
    MSGPACK_FIXLIST = 0x90,
    MSGPACK_FIXSTR = 0xa0,
    MSGPACK_NIL = 0xc0,
    MSGPACK_FALSE = 0xc2,
    MSGPACK_TRUE,
    MSGPACK_BIN8,
    MSGPACK_BIN16,
    MSGPACK_BIN32,
    MSGPACK_EXT8,
    MSGPACK_EXT16,
    MSGPACK_EXT32,
    MSGPACK_FLOAT,
    MSGPACK_DOUBLE,
    MSGPACK_UINT8,
    MSGPACK_UINT16,
    MSGPACK_UINT32,
    MSGPACK_UINT64,
    MSGPACK_INT8,
    MSGPACK_INT16,
    MSGPACK_INT32,
    MSGPACK_INT64,
    MSGPACK_FIXEXT1,
    MSGPACK_FIXEXT2,
    MSGPACK_FIXEXT4,
    MSGPACK_FIXEXT8,
    MSGPACK_FIXEXT16,
    MSGPACK_STR8,
    MSGPACK_STR16,
    MSGPACK_STR32,
    MSGPACK_LIST16,
    MSGPACK_LIST32,
    MSGPACK_MAP16,
    MSGPACK_MAP32,
    MSGPACK_NEGATIVE = 0xe0,  // to 0xff: -32 to -1
};

// Extensions of the server's: comparison values, of one byte, and the mark of a list or map, of none.
enum { MSGPACK_COMPARISON = 0xff, MSGPACK_WILDCARD = 0, MSGPACK_INFINITE = 1 };

typedef enum MsgpackType {
    MSGPACK_IS_CUT,  // the input ends within a head
    MSGPACK_IS_BAD,  // no head
    MSGPACK_IS_NIL,
    MSGPACK_IS_BOOL,  // the number: 0 or 1
    MSGPACK_IS_INTEGER,  // the number: an int64_t
    MSGPACK_IS_NATURAL,  // the number: a uint64_t
    MSGPACK_IS_FLOAT,  // the number: its bits
    MSGPACK_IS_DOUBLE,
    MSGPACK_IS_BYTES,  // the number: of bytes that follow
    MSGPACK_IS_EXT,  // the number: of bytes that follow its type
    MSGPACK_IS_LIST,  // the number: of items that follow
    MSGPACK_IS_MAP,  // the number: of entries that follow
} MsgpackType;

typedef struct Msgpack {
    const uint8_t *at, *end;
} Msgpack;

static inline size_t msgpack_left(const Msgpack *in)
{
    return (size_t)(in->end - in->at);
}

// Parts of the reader of every value: to call them would cost more than what they do.
#define MSGPACK_INLINE static inline __attribute__((always_inline))

// A big-endian number of `width` bytes. False where the input is cut short.
MSGPACK_INLINE bool msgpack_number(Msgpack *in, int width, uint64_t *out)
{
    if (msgpack_left(in) < (size_t)width) {
        return false;
    }
    uint64_t number = 0;
    if (msgpack_left(in) >= sizeof number) {
        memcpy(&number, in->at, sizeof number);
        number = cf_swap_from_be64(number) >> (64 - 8 * width);
    } else {  // near the end: no more than there is
        for (int i = 0; i < width; i++) {
            number = number << 8 | in->at[i];
        }
    }
    in->at += width;
    *out = number;
    return true;
}

// A number of that width, and what it is the head of.
MSGPACK_INLINE MsgpackType msgpack_sized(Msgpack *in, int width, MsgpackType type, uint64_t *number)
{
    return msgpack_number(in, width, number) ? type : MSGPACK_IS_CUT;
}

// A head that begins with one of the codes from 0xc0 to 0xdf, of which the code is read.
MSGPACK_INLINE MsgpackType msgpack_coded_head(Msgpack *in, uint8_t code, uint64_t *number)
{
    if (code >= MSGPACK_UINT8 && code <= MSGPACK_UINT32) {  // the most common
        return msgpack_sized(in, 1 << (code - MSGPACK_UINT8), MSGPACK_IS_INTEGER, number);
    }
    switch (code) {
    case MSGPACK_NIL:
        return MSGPACK_IS_NIL;
    case MSGPACK_FALSE:
    case MSGPACK_TRUE:
        *number = code - MSGPACK_FALSE;
        return MSGPACK_IS_BOOL;
    case MSGPACK_BIN8 ... MSGPACK_BIN32:
        return msgpack_sized(in, 1 << (code - MSGPACK_BIN8), MSGPACK_IS_BYTES, number);
    case MSGPACK_EXT8 ... MSGPACK_EXT32:
        return msgpack_sized(in, 1 << (code - MSGPACK_EXT8), MSGPACK_IS_EXT, number);
    case MSGPACK_FLOAT:
        return msgpack_sized(in, 4, MSGPACK_IS_FLOAT, number);
    case MSGPACK_DOUBLE:
        return msgpack_sized(in, 8, MSGPACK_IS_DOUBLE, number);
    case MSGPACK_UINT64:
        return msgpack_sized(in, 8, MSGPACK_IS_NATURAL, number);
    case MSGPACK_INT8 ... MSGPACK_INT64: {
        int width = 1 << (code - MSGPACK_INT8), unused = 64 - 8 * width;
        if (!msgpack_number(in, width, number)) {
            return MSGPACK_IS_CUT;
        }
        *number = (uint64_t)((int64_t)(*number << unused) >> unused);  // negative from its highest bit on
        return MSGPACK_IS_INTEGER;
    }
    case MSGPACK_FIXEXT1 ... MSGPACK_FIXEXT16:
        *number = (uint64_t)1 << (code - MSGPACK_FIXEXT1);
        return MSGPACK_IS_EXT;
    case MSGPACK_STR8 ... MSGPACK_STR32:
        return msgpack_sized(in, 1 << (code - MSGPACK_STR8), MSGPACK_IS_BYTES, number);
    case MSGPACK_LIST16 ... MSGPACK_LIST32:
        return msgpack_sized(in, 2 << (code - MSGPACK_LIST16), MSGPACK_IS_LIST, number);
    case MSGPACK_MAP16 ... MSGPACK_MAP32:
        return msgpack_sized(in, 2 << (code - MSGPACK_MAP16), MSGPACK_IS_MAP, number);
    default:
        return MSGPACK_IS_BAD;
    }
}

// The head of the next element.
MSGPACK_INLINE MsgpackType msgpack_head(Msgpack *in, uint64_t *number)
{
    if (in->at == in->end) {
        return MSGPACK_IS_CUT;
    }
    uint8_t code = *in->at++;
    if (code < MSGPACK_FIXMAP) {
        *number = code;
        return MSGPACK_IS_INTEGER;
    }
    if (code >= MSGPACK_NEGATIVE) {
        *number = (uint64_t)(int8_t)code;
        return MSGPACK_IS_INTEGER;
    }
    if (code >= MSGPACK_NIL) {
        return msgpack_coded_head(in, code, number);
    }
    if (code >= MSGPACK_FIXSTR) {
        *number = code & 0x1f;
        return MSGPACK_IS_BYTES;
    }
    *number = code & 0x0f;
    return code < MSGPACK_FIXLIST ? MSGPACK_IS_MAP : MSGPACK_IS_LIST;
}

// ---- writing heads: to where there is room for MSGPACK_HEAD_MOST bytes; how many it takes ----

enum { MSGPACK_HEAD_MOST = 9 };

// A code and a big-endian number of 1, 2, 4 or 8 bytes. Eight are written in any case.
static inline size_t msgpack_put(uint8_t *to, uint8_t code, uint64_t number, int width)
{
    uint64_t wire = cf_swap_to_be64(number << (64 - 8 * width));
    to[0] = code;
    memcpy(to + 1, &wire, sizeof wire);
    return (size_t)width + 1;
}

static inline size_t msgpack_put_code(uint8_t *to, uint8_t code)
{
    to[0] = code;
    return 1;
}

static inline size_t msgpack_put_natural(uint8_t *to, uint64_t number)
{
    return number < 128           ? msgpack_put_code(to, (uint8_t)number)
           : number <= UINT8_MAX  ? msgpack_put(to, MSGPACK_UINT8, number, 1)
           : number <= UINT16_MAX ? msgpack_put(to, MSGPACK_UINT16, number, 2)
           : number <= UINT32_MAX ? msgpack_put(to, MSGPACK_UINT32, number, 4)
                                  : msgpack_put(to, MSGPACK_UINT64, number, 8);
}

static inline size_t msgpack_put_integer(uint8_t *to, int64_t number)
{
    uint64_t bits = (uint64_t)number;
    return number >= 0           ? msgpack_put_natural(to, bits)
           : number >= -32       ? msgpack_put_code(to, (uint8_t)bits)
           : number >= INT8_MIN  ? msgpack_put(to, MSGPACK_INT8, bits, 1)
           : number >= INT16_MIN ? msgpack_put(to, MSGPACK_INT16, bits, 2)
           : number >= INT32_MIN ? msgpack_put(to, MSGPACK_INT32, bits, 4)
                                 : msgpack_put(to, MSGPACK_INT64, bits, 8);
}

static inline size_t msgpack_put_double(uint8_t *to, double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return msgpack_put(to, MSGPACK_DOUBLE, bits, 8);
}

// Of a string of so many bytes, the type of a server's among them.
static inline size_t msgpack_put_length(uint8_t *to, size_t size)
{
    return size < 32            ? msgpack_put_code(to, (uint8_t)(MSGPACK_FIXSTR | size))
           : size <= UINT8_MAX  ? msgpack_put(to, MSGPACK_STR8, size, 1)
           : size <= UINT16_MAX ? msgpack_put(to, MSGPACK_STR16, size, 2)
                                : msgpack_put(to, MSGPACK_STR32, size, 4);
}

// Of a list or map of so many.
static inline size_t msgpack_put_count(uint8_t *to, bool map, size_t count)
{
    return count < 16            ? msgpack_put_code(to, (uint8_t)((map ? MSGPACK_FIXMAP : MSGPACK_FIXLIST) | count))
           : count <= UINT16_MAX ? msgpack_put(to, map ? MSGPACK_MAP16 : MSGPACK_LIST16, count, 2)
                                 : msgpack_put(to, map ? MSGPACK_MAP32 : MSGPACK_LIST32, count, 4);
}

// Go over one element, however deep. False where the input is cut short or no msgpack.
bool msgpack_skip(Msgpack *in);
// Whether bytes are one element and no more.
bool msgpack_is_one(const void *bytes, size_t size);

#endif
