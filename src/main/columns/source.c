// SPDX-License-Identifier: Apache-2.0
#include "columns/source.h"

#include <aerospike/as_bytes.h>
#include <stdlib.h>

// ---- types ----

enum { DEEPEST = 32 };  // types within types

static const struct {
    const char *format;
    SourceKind kind;
    CellKind cell;
    size_t width;
} FORMATS[] = {
    {"n", SOURCE_NULL, CELL_NULL, 0},       {"c", SOURCE_INTEGER, CELL_INTEGER, 1},
    {"s", SOURCE_INTEGER, CELL_INTEGER, 2}, {"i", SOURCE_INTEGER, CELL_INTEGER, 4},
    {"l", SOURCE_INTEGER, CELL_INTEGER, 8}, {"C", SOURCE_NATURAL, CELL_INTEGER, 1},
    {"S", SOURCE_NATURAL, CELL_INTEGER, 2}, {"I", SOURCE_NATURAL, CELL_INTEGER, 4},
    {"L", SOURCE_NATURAL, CELL_INTEGER, 8}, {"f", SOURCE_FLOAT, CELL_FLOAT, 4},
    {"g", SOURCE_FLOAT, CELL_FLOAT, 8},     {"b", SOURCE_BOOL, CELL_BOOL, 0},
    {"u", SOURCE_BYTES, CELL_STRING, 4},    {"U", SOURCE_BYTES, CELL_STRING, 8},
    {"z", SOURCE_BYTES, CELL_BYTES, 4},     {"Z", SOURCE_BYTES, CELL_BYTES, 8},
    {"vu", SOURCE_VIEW, CELL_STRING, 0},    {"vz", SOURCE_VIEW, CELL_BYTES, 0},
    {"w:", SOURCE_BLOCK, CELL_BYTES, 0},    {"+l", SOURCE_LIST, CELL_LIST, 4},
    {"+L", SOURCE_LIST, CELL_LIST, 8},      {"+w:", SOURCE_FIXED_LIST, CELL_LIST, 0},
    {"+m", SOURCE_MAP, CELL_MAP, 4},        {"+s", SOURCE_STRUCT, CELL_MAP, 0},
};

static bool read_format(Source *source, const char *format)
{
    for (size_t i = 0; i < sizeof FORMATS / sizeof *FORMATS; i++) {
        const char *known = FORMATS[i].format;
        size_t size = strlen(known);
        bool sized = known[size - 1] == ':';
        if (strncmp(known, format, size) == 0 && (sized || format[size] == '\0')) {
            source->kind = FORMATS[i].kind;
            source->cell = FORMATS[i].cell;
            source->width = sized ? strtoul(format + size, NULL, 10) : FORMATS[i].width;
            return true;
        }
    }
    return false;
}

static bool init_at(Source *source, const ArrowSchema *schema, int depth, const char **refused);

static bool init_inner(Source *source, ArrowSchema *const *children, size_t count, int depth, const char **refused)
{
    *refused = NULL;
    source->inner = count == 0 ? NULL : calloc(count, sizeof *source->inner);
    if (count > 0 && source->inner == NULL) {
        return false;
    }
    source->count = count;
    for (size_t i = 0; i < count; i++) {
        if (!init_at(&source->inner[i], children[i], depth + 1, refused)) {
            return false;
        }
    }
    return true;
}

static bool init_at(Source *source, const ArrowSchema *schema, int depth, const char **refused)
{
    *refused = schema->format;
    source->name = schema->name == NULL ? "" : schema->name;
    source->dictionary = schema->dictionary != NULL;
    if (depth > DEEPEST || !read_format(source, schema->format)) {
        return false;
    }
    if (source->dictionary) {
        return init_inner(source, &schema->dictionary, 1, depth, refused);
    }
    const ArrowSchema *entries = source->kind == SOURCE_MAP ? schema->children[0] : schema;
    return init_inner(source, entries->children, (size_t)entries->n_children, depth, refused);
}

bool source_init(Source *source, const ArrowSchema *schema, const char **refused)
{
    *source = (Source){0};
    return init_at(source, schema, 0, refused);
}

void source_free(Source *source)
{
    for (size_t i = 0; i < source->count; i++) {
        source_free(&source->inner[i]);
    }
    free(source->inner);
}

// ---- values ----

static bool bit_of(const void *bits, int64_t at)
{
    return (((const uint8_t *)bits)[at / 8] >> (at % 8) & 1) != 0;
}

// A number of so many bytes; buffers need not be aligned.
#define NUMBER_AT(type, values, at)                                                                                    \
    ({                                                                                                                 \
        type number_at;                                                                                                \
        memcpy(&number_at, (const char *)(values) + (at) * (int64_t)sizeof number_at, sizeof number_at);               \
        number_at;                                                                                                     \
    })

static int64_t integer_at(const void *values, size_t width, int64_t at)
{
    switch (width) {
    case 1:
        return NUMBER_AT(int8_t, values, at);
    case 2:
        return NUMBER_AT(int16_t, values, at);
    case 4:
        return NUMBER_AT(int32_t, values, at);
    default:
        return NUMBER_AT(int64_t, values, at);
    }
}

static uint64_t natural_at(const void *values, size_t width, int64_t at)
{
    int unused = 64 - 8 * (int)width;
    return (uint64_t)integer_at(values, width, at) << unused >> unused;
}

static void natural_cell(uint64_t number, Cell *out)
{
    out->kind = number > INT64_MAX ? CELL_NATURAL : CELL_INTEGER;
    out->integer = (int64_t)number;
}

// A view is 16 bytes: the size, then the bytes themselves, or their first 4, a buffer and a place in it.
static void view_cell(const ArrowArray *array, int64_t at, Cell *out)
{
    enum { VIEW = 16, INLINE = 12, FIRST_BUFFER = 2 };
    const uint8_t *view = (const uint8_t *)array->buffers[1] + at * VIEW;
    int32_t parts[VIEW / sizeof(int32_t)];
    memcpy(parts, view, sizeof parts);
    out->size = (size_t)parts[0];
    out->bytes =
        parts[0] <= INLINE ? view + sizeof *parts : (const uint8_t *)array->buffers[FIRST_BUFFER + parts[2]] + parts[3];
}

// What lies between two offsets.
static void span_cell(const Source *source, const ArrowArray *array, int64_t at, Cell *out)
{
    int64_t first = integer_at(array->buffers[1], source->width, at);
    out->size = (size_t)(integer_at(array->buffers[1], source->width, at + 1) - first);
    out->integer = first;
    if (source->kind == SOURCE_BYTES) {
        out->bytes = out->size == 0 ? (const uint8_t *)"" : (const uint8_t *)array->buffers[2] + first;
    }
}

static void block_cell(const Source *source, const ArrowArray *array, int64_t at, Cell *out)
{
    out->size = source->width;
    out->bytes =
        source->width == 0 ? (const uint8_t *)"" : (const uint8_t *)array->buffers[1] + at * (int64_t)source->width;
}

static void value_cell(const Source *source, const ArrowArray *array, int64_t at, Cell *out)
{
    switch (source->kind) {
    case SOURCE_NULL:
        break;
    case SOURCE_INTEGER:
        out->integer = integer_at(array->buffers[1], source->width, at);
        break;
    case SOURCE_NATURAL:
        natural_cell(natural_at(array->buffers[1], source->width, at), out);
        break;
    case SOURCE_FLOAT:
        out->number = source->width == sizeof(float) ? (double)NUMBER_AT(float, array->buffers[1], at)
                                                     : NUMBER_AT(double, array->buffers[1], at);
        break;
    case SOURCE_BOOL:
        out->integer = bit_of(array->buffers[1], at);
        break;
    case SOURCE_BYTES:
    case SOURCE_LIST:
    case SOURCE_MAP:
        span_cell(source, array, at, out);
        break;
    case SOURCE_VIEW:
        view_cell(array, at, out);
        break;
    case SOURCE_BLOCK:
        block_cell(source, array, at, out);
        break;
    case SOURCE_FIXED_LIST:
        out->size = source->width;
        out->integer = at * (int64_t)source->width;
        break;
    case SOURCE_STRUCT:
        out->size = source->count;
        out->integer = at;
        break;
    }
}

static int64_t place_at(const Source *source, const ArrowArray *array, int64_t at)
{
    return source->kind == SOURCE_NATURAL ? (int64_t)natural_at(array->buffers[1], source->width, at)
                                          : integer_at(array->buffers[1], source->width, at);
}

void source_cell(const Source *source, const ArrowArray *array, int64_t at, Cell *out)
{
    at += array->offset;
    const void *validity = source->kind == SOURCE_NULL || array->null_count == 0 ? NULL : array->buffers[0];
    if (source->kind == SOURCE_NULL || (validity != NULL && !bit_of(validity, at))) {
        out->kind = CELL_NULL;
    } else if (source->dictionary) {
        source_cell(source->inner, array->dictionary, place_at(source, array, at), out);
    } else {
        out->kind = source->cell;
        value_cell(source, array, at, out);
    }
}

// ---- msgpack ----

static SourceFault pushed(bool done)
{
    return done ? SOURCE_PACKED : SOURCE_EXHAUSTED;
}

static bool push_code(Buffer *out, uint8_t code)
{
    return buffer_push(out, &code, 1);
}

static bool push_integer(Buffer *out, int64_t number)
{
    uint8_t head[MSGPACK_HEAD_MOST];
    return buffer_push(out, head, msgpack_put_integer(head, number));
}

static bool push_double(Buffer *out, double number)
{
    uint8_t head[MSGPACK_HEAD_MOST];
    return buffer_push(out, head, msgpack_put_double(head, number));
}

static bool push_bytes(Buffer *out, uint8_t type, const void *bytes, size_t size)
{
    uint8_t head[MSGPACK_HEAD_MOST];
    return buffer_push(out, head, msgpack_put_length(head, size + 1)) && push_code(out, type) &&
           buffer_push(out, bytes, size);
}

static SourceFault push_text(Buffer *out, const void *bytes, size_t size)
{
    return cell_is_utf8(bytes, size) ? pushed(push_bytes(out, AS_BYTES_STRING, bytes, size)) : SOURCE_REFUSED;
}

static bool push_count(Buffer *out, bool map, size_t count)
{
    uint8_t head[MSGPACK_HEAD_MOST];
    return buffer_push(out, head, msgpack_put_count(head, map, count));
}

// The array and the source of what a value has within, where dictionaries show it elsewhere.
static void see_through(const Source **source, const ArrowArray **array)
{
    while ((*source)->dictionary) {
        *source = (*source)->inner;
        *array = (*array)->dictionary;
    }
}

static SourceFault pack_cell(const Source *source, const ArrowArray *array, const Cell *cell, bool bool_as_integer,
                             Buffer *out)
{
    switch (cell->kind) {
    case CELL_NULL:
        return pushed(push_code(out, MSGPACK_NIL));
    case CELL_INTEGER:
        return pushed(push_integer(out, cell->integer));
    case CELL_FLOAT:
        return pushed(push_double(out, cell->number));
    case CELL_BOOL:
        return pushed(bool_as_integer ? push_integer(out, cell->integer)
                                      : push_code(out, cell->integer != 0 ? MSGPACK_TRUE : MSGPACK_FALSE));
    case CELL_STRING:
        return push_text(out, cell->bytes, cell->size);
    case CELL_BYTES:
        return pushed(push_bytes(out, AS_BYTES_BLOB, cell->bytes, cell->size));
    case CELL_LIST:
    case CELL_MAP:
        return source_pack(source, array, cell, bool_as_integer, out);
    default:
        return SOURCE_REFUSED;
    }
}

static SourceFault pack_item(const Source *source, const ArrowArray *array, int64_t at, bool bool_as_integer,
                             Buffer *out)
{
    Cell cell = {.kind = CELL_NULL};
    source_cell(source, array, at, &cell);
    return pack_cell(source, array, &cell, bool_as_integer, out);
}

static SourceFault pack_struct(const Source *source, const ArrowArray *array, int64_t at, bool bool_as_integer,
                               Buffer *out)
{
    SourceFault fault = SOURCE_PACKED;
    for (size_t i = 0; i < source->count && fault == SOURCE_PACKED; i++) {
        const char *name = source->inner[i].name;
        fault = push_text(out, name, strlen(name));
        if (fault == SOURCE_PACKED) {
            fault = pack_item(&source->inner[i], array->children[i], at, bool_as_integer, out);
        }
    }
    return fault;
}

SourceFault source_pack(const Source *source, const ArrowArray *array, const Cell *cell, bool bool_as_integer,
                        Buffer *out)
{
    see_through(&source, &array);
    SourceFault fault = pushed(push_count(out, cell->kind == CELL_MAP, cell->size));
    if (fault == SOURCE_PACKED && source->kind == SOURCE_STRUCT) {
        return pack_struct(source, array, cell->integer, bool_as_integer, out);
    }
    bool map = source->kind == SOURCE_MAP;
    const ArrowArray *within = map ? array->children[0] : array;  // whose children have the items
    int64_t first = cell->integer + (map ? within->offset : 0);
    for (size_t i = 0; i < cell->size; i++) {
        for (int part = 0; part <= map && fault == SOURCE_PACKED; part++) {
            fault = pack_item(&source->inner[part], within->children[part], first + (int64_t)i, bool_as_integer, out);
        }
    }
    return fault;
}
