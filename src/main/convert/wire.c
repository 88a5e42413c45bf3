// SPDX-License-Identifier: Apache-2.0
#include "convert/wire.h"

#include <aerospike/as_command.h>
#include <citrusleaf/cf_byte_order.h>

// A field: the size of what follows, the type, the data. A bin: the size of what follows, an operation's code, the
// type, a version, the name's size, the name, the value.
enum { SIZE_BYTES = 4, FIELD_DATA_AT = 5, TYPE_AT = 5, NAME_SIZE_AT = 7, NAME_AT = 8 };

static inline uint64_t big_endian(const uint8_t *bytes)
{
    uint64_t number;
    memcpy(&number, bytes, sizeof number);
    return cf_swap_from_be64(number);
}

// Of a field or bin, with its size.
static inline size_t part_size(const uint8_t *part)
{
    uint32_t size;
    memcpy(&size, part, sizeof size);
    return SIZE_BYTES + (size_t)cf_swap_from_be32(size);
}

const uint8_t *wire_field(const uint8_t *at, WireField *out)
{
    const uint8_t *end = at + part_size(at);
    out->type = at[SIZE_BYTES];
    out->bytes = at + FIELD_DATA_AT;
    out->size = (size_t)(end - out->bytes);
    return end;
}

const uint8_t *wire_place(const uint8_t *at, uint32_t fields, as_digest *digest, uint64_t *bval)
{
    *digest = (as_digest){.init = true};
    for (uint32_t i = 0; i < fields; i++) {
        WireField field;
        at = wire_field(at, &field);
        if (field.type == AS_FIELD_DIGEST) {
            memcpy(digest->value, field.bytes, AS_DIGEST_VALUE_SIZE);
        } else if (field.type == AS_FIELD_BVAL_ARRAY) {
            memcpy(bval, field.bytes, sizeof *bval);
            *bval = cf_swap_from_le64(*bval);
        }
    }
    return at;
}

const uint8_t *wire_bin(const uint8_t *at, WireBin *out)
{
    const uint8_t *end = at + part_size(at);
    size_t name_size = at[NAME_SIZE_AT];
    out->name = (const char *)at + NAME_AT;
    out->name_size = name_size <= AS_BIN_NAME_MAX_LEN ? name_size : AS_BIN_NAME_MAX_LEN;
    out->type = at[TYPE_AT];
    out->bytes = at + NAME_AT + name_size;
    out->size = (size_t)(end - out->bytes);
    return end;
}

const uint8_t *wire_bins_end(const uint8_t *at, uint32_t bins)
{
    for (uint32_t i = 0; i < bins; i++) {
        at += part_size(at);
    }
    return at;
}

// Servers send eight bytes; those of old sent fewer, of what is not negative.
int64_t wire_integer(const uint8_t *bytes, size_t size)
{
    if (size == sizeof(int64_t)) {
        return (int64_t)big_endian(bytes);
    }
    int64_t number = 0;
    for (size_t i = 0; i < size; i++) {
        number = number << 8 | bytes[i];
    }
    return number;
}

double wire_double(const uint8_t *bytes)
{
    uint64_t bits = big_endian(bytes);
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

// Flags, and the cells that a server's index has of it, as many as are said.
size_t wire_geojson_head(const uint8_t *bytes)
{
    return 3 + 8 * ((size_t)bytes[1] << 8 | bytes[2]);
}
