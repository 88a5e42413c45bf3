// SPDX-License-Identifier: Apache-2.0
#include "convert/msgpack.h"

MsgpackType msgpack_coded_head(Msgpack *in, uint8_t code, uint64_t *number)
{
    // what a code begins, and how wide the number behind it is
    static const struct {
        uint8_t type, width;
    } coded[0x20] = {
        {MSGPACK_IS_NIL, 0},     {MSGPACK_IS_BAD, 0},     {MSGPACK_IS_BOOL, 0},    {MSGPACK_IS_BOOL, 0},
        {MSGPACK_IS_BYTES, 1},   {MSGPACK_IS_BYTES, 2},   {MSGPACK_IS_BYTES, 4},   {MSGPACK_IS_EXT, 1},
        {MSGPACK_IS_EXT, 2},     {MSGPACK_IS_EXT, 4},     {MSGPACK_IS_FLOAT, 4},   {MSGPACK_IS_DOUBLE, 8},
        {MSGPACK_IS_INTEGER, 1}, {MSGPACK_IS_INTEGER, 2}, {MSGPACK_IS_INTEGER, 4}, {MSGPACK_IS_NATURAL, 8},
        {MSGPACK_IS_INTEGER, 1}, {MSGPACK_IS_INTEGER, 2}, {MSGPACK_IS_INTEGER, 4}, {MSGPACK_IS_INTEGER, 8},
        {MSGPACK_IS_EXT, 0},     {MSGPACK_IS_EXT, 0},     {MSGPACK_IS_EXT, 0},     {MSGPACK_IS_EXT, 0},
        {MSGPACK_IS_EXT, 0},     {MSGPACK_IS_BYTES, 1},   {MSGPACK_IS_BYTES, 2},   {MSGPACK_IS_BYTES, 4},
        {MSGPACK_IS_LIST, 2},    {MSGPACK_IS_LIST, 4},    {MSGPACK_IS_MAP, 2},     {MSGPACK_IS_MAP, 4},
    };
    int width = coded[code - MSGPACK_NIL].width;
    if (width > 0 && !msgpack_number(in, width, number)) {
        return MSGPACK_IS_CUT;
    }
    if (code >= MSGPACK_INT8 && code <= MSGPACK_INT64) {  // negative from its highest bit on
        int unused = 64 - 8 * width;
        *number = (uint64_t)((int64_t)(*number << unused) >> unused);
    } else if (code >= MSGPACK_FIXEXT1 && code <= MSGPACK_FIXEXT16) {
        *number = (uint64_t)1 << (code - MSGPACK_FIXEXT1);
    } else if (code == MSGPACK_FALSE || code == MSGPACK_TRUE) {
        *number = code - MSGPACK_FALSE;
    }
    return (MsgpackType)coded[code - MSGPACK_NIL].type;
}

bool msgpack_skip(Msgpack *in)
{
    for (uint64_t pending = 1; pending > 0; pending--) {
        uint64_t number = 0, bytes = 0, elements = 0;
        switch (msgpack_head(in, &number)) {
        case MSGPACK_IS_CUT:
        case MSGPACK_IS_BAD:
            return false;
        case MSGPACK_IS_BYTES:
            bytes = number;
            break;
        case MSGPACK_IS_EXT:
            bytes = number + 1;
            break;
        case MSGPACK_IS_LIST:
            elements = number;
            break;
        case MSGPACK_IS_MAP:
            elements = 2 * number;
            break;
        default:  // all of it was read
            break;
        }
        if (bytes > msgpack_left(in) || elements > msgpack_left(in) - bytes) {
            return false;
        }
        in->at += bytes;
        pending += elements;
    }
    return true;
}

bool msgpack_is_one(const void *bytes, size_t size)
{
    Msgpack in = {bytes, (const uint8_t *)bytes + size};
    return msgpack_skip(&in) && in.at == in.end;
}
