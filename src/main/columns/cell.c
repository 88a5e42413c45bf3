// SPDX-License-Identifier: Apache-2.0
#include "columns/cell.h"

#include <aerospike/as_boolean.h>
#include <aerospike/as_bytes.h>
#include <aerospike/as_double.h>
#include <aerospike/as_integer.h>
#include <aerospike/as_string.h>
#include <inttypes.h>
#include <stdio.h>

const char *cell_kind_name(CellKind kind)
{
    static const char *const NAMES[] = {
#define CELL_KIND(kind, name) name,
        CELL_KINDS(CELL_KIND)
#undef CELL_KIND
    };
    return NAMES[kind];
}

void cell_print(const Cell *cell, bool number, char *text, size_t size)
{
    if (number && cell->kind == CELL_INTEGER) {
        snprintf(text, size, "%" PRId64, cell->integer);
    } else if (number && cell->kind == CELL_FLOAT) {
        snprintf(text, size, "float %.17g", cell->number);
    } else {
        snprintf(text, size, "%s", cell_kind_name(cell->kind));
    }
}

// ---- msgpack ----

// Strings and blobs alike: `size` bytes, the first of which is the type.
static void read_bytes(Msgpack *in, size_t size, Cell *out)
{
    if (size > msgpack_left(in)) {
        out->kind = CELL_MALFORMED;
        return;
    }
    uint8_t type = size == 0 ? AS_BYTES_STRING : *in->at;
    out->kind = type == AS_BYTES_STRING ? CELL_STRING : type == AS_BYTES_GEOJSON ? CELL_GEOJSON : CELL_BYTES;
    out->bytes = in->at + (size > 0);
    out->size = size - (size > 0);
    in->at += size;
}

// The mark of an ordered list or of a map is its first element: an ext of flags, and in a map a nil with it.
static void skip_mark(Msgpack *in, size_t mark, Cell *out)
{
    if (out->size > 0 && msgpack_left(in) >= mark && in->at[0] == MSGPACK_EXT8 && in->at[1] == 0) {
        in->at += mark;
        out->size--;
    }
}

static void read_float(uint64_t bits, Cell *out)
{
    uint32_t narrow = (uint32_t)bits;
    float number;
    memcpy(&number, &narrow, sizeof number);
    out->kind = CELL_FLOAT;
    out->number = number;
}

static void skip_ext(Msgpack *in, size_t size, Cell *out)
{
    bool whole = msgpack_left(in) >= size + 1;
    out->kind = whole ? CELL_STRANGE : CELL_MALFORMED;
    in->at += whole ? size + 1 : 0;
}

// What is no integer, no text and no container, and whose head is read.
static void read_less_common(Msgpack *in, MsgpackType type, uint64_t number, Cell *out)
{
    switch (type) {
    case MSGPACK_IS_NIL:
        out->kind = CELL_NULL;
        break;
    case MSGPACK_IS_BOOL:
        out->kind = CELL_BOOL;
        out->integer = (int64_t)number;
        break;
    case MSGPACK_IS_NATURAL:
        out->kind = number > INT64_MAX ? CELL_NATURAL : CELL_INTEGER;
        out->integer = (int64_t)number;
        break;
    case MSGPACK_IS_FLOAT:
        read_float(number, out);
        break;
    case MSGPACK_IS_DOUBLE:
        out->kind = CELL_FLOAT;
        memcpy(&out->number, &number, sizeof number);
        break;
    case MSGPACK_IS_EXT:
        skip_ext(in, number, out);
        break;
    default:
        out->kind = CELL_MALFORMED;
        break;
    }
}

void cell_from_msgpack(Msgpack *in, Cell *out)
{
    enum { LIST_MARK = 3, MAP_MARK = 4 };
    uint64_t number = 0;
    out->bytes = in->at;
    MsgpackType type = msgpack_head(in, &number);
    switch (type) {
    case MSGPACK_IS_INTEGER:
        out->kind = CELL_INTEGER;
        out->integer = (int64_t)number;
        break;
    case MSGPACK_IS_BYTES:
        read_bytes(in, number, out);
        break;
    case MSGPACK_IS_LIST:
        out->kind = CELL_LIST;
        out->size = number;
        skip_mark(in, LIST_MARK, out);
        break;
    case MSGPACK_IS_MAP:
        out->kind = CELL_MAP;
        out->size = number;
        skip_mark(in, MAP_MARK, out);
        break;
    default:
        read_less_common(in, type, number, out);
        break;
    }
}

// ---- bins ----

static void from_text(CellKind kind, const void *text, size_t size, Cell *out)
{
    out->kind = kind;
    out->bytes = text;
    out->size = size;
}

static void from_bytes(uint8_t type, const uint8_t *bytes, size_t size, Msgpack *in, Cell *out)
{
    if (type != AS_BYTES_LIST && type != AS_BYTES_MAP) {
        from_text(CELL_BYTES, bytes, size, out);
        return;
    }
    *in = (Msgpack){bytes, bytes + size};
    cell_from_msgpack(in, out);
    if (out->kind != (type == AS_BYTES_LIST ? CELL_LIST : CELL_MAP)) {
        out->kind = CELL_MALFORMED;
    }
}

void cell_from_val(const as_val *value, Msgpack *in, Cell *out)
{
    switch (as_val_type(value)) {
    case AS_NIL:
    case AS_UNDEF:
        out->kind = CELL_NULL;
        break;
    case AS_INTEGER:
        out->kind = CELL_INTEGER;
        out->integer = ((const as_integer *)value)->value;
        break;
    case AS_DOUBLE:
        out->kind = CELL_FLOAT;
        out->number = ((const as_double *)value)->value;
        break;
    case AS_BOOLEAN:
        out->kind = CELL_BOOL;
        out->integer = ((const as_boolean *)value)->value;
        break;
    case AS_STRING:
    case AS_GEOJSON:  // the same members under another type
        from_text(as_val_type(value) == AS_STRING ? CELL_STRING : CELL_GEOJSON, ((const as_string *)value)->value,
                  ((const as_string *)value)->len, out);
        break;
    case AS_BYTES: {
        const as_bytes *bytes = (const as_bytes *)value;
        from_bytes((uint8_t)bytes->type, bytes->value, bytes->size, in, out);
        break;
    }
    default:
        out->kind = CELL_STRANGE;
        break;
    }
}

void cell_from_wire(const WireBin *bin, Msgpack *in, Cell *out)
{
    size_t head;
    switch (bin->type) {
    case AS_BYTES_UNDEF:
        out->kind = CELL_NULL;
        break;
    case AS_BYTES_INTEGER:
        out->kind = CELL_INTEGER;
        out->integer = wire_integer(bin->bytes, bin->size);
        break;
    case AS_BYTES_DOUBLE:
        out->kind = CELL_FLOAT;
        out->number = wire_double(bin->bytes);
        break;
    case AS_BYTES_BOOL:
        out->kind = CELL_BOOL;
        out->integer = bin->bytes[0] != 0;
        break;
    case AS_BYTES_STRING:
        from_text(CELL_STRING, bin->bytes, bin->size, out);
        break;
    case AS_BYTES_GEOJSON:
        head = wire_geojson_head(bin->bytes);
        from_text(CELL_GEOJSON, bin->bytes + head, bin->size - head, out);
        break;
    default:
        from_bytes(bin->type, bin->bytes, bin->size, in, out);
        break;
    }
}

// ---- UTF-8 ----

// How many bytes a character has that begins with `first`, and the limits of its second; 0: none begins so.
static size_t utf8_head(uint8_t first, uint8_t *least, uint8_t *most)
{
    *least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;  // else it would be written shorter
    *most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;  // no surrogates, nothing beyond U+10FFFF
    return first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
}

// Past as many bytes of ASCII as there are, eight at a time.
static const uint8_t *skip_ascii(const uint8_t *at, const uint8_t *end)
{
    uint64_t word;
    while ((size_t)(end - at) >= sizeof word) {
        memcpy(&word, at, sizeof word);
        if ((word & 0x8080808080808080) != 0) {
            break;
        }
        at += sizeof word;
    }
    while (at < end && *at < 0x80) {
        at++;
    }
    return at;
}

bool cell_is_utf8(const uint8_t *bytes, size_t size)
{
    const uint8_t *end = bytes + size;
    for (const uint8_t *at = skip_ascii(bytes, end); at < end; at = skip_ascii(at, end)) {
        uint8_t least, most;
        size_t length = utf8_head(*at, &least, &most);
        if (length == 0 || (size_t)(end - at) < length || at[1] < least || at[1] > most) {
            return false;
        }
        for (size_t i = 2; i < length; i++) {
            if ((at[i] & 0xc0) != 0x80) {
                return false;
            }
        }
        at += length;
    }
    return true;
}
