// SPDX-License-Identifier: Apache-2.0
#include "convert/msgpack.h"

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
