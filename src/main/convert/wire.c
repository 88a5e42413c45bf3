// SPDX-License-Identifier: Apache-2.0
#include "convert/wire.h"

#include "convert/names.h"
#include "convert/shape.h"

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

const uint8_t *wire_place(const uint8_t *at, uint32_t fields, as_digest *digest, uint64_t *bval)
{
    *digest = (as_digest){.init = true};
    for (uint32_t i = 0; i < fields; i++, at += part_size(at)) {
        if (at[SIZE_BYTES] == AS_FIELD_DIGEST) {
            memcpy(digest->value, at + FIELD_DATA_AT, AS_DIGEST_VALUE_SIZE);
        } else if (at[SIZE_BYTES] == AS_FIELD_BVAL_ARRAY) {
            memcpy(bval, at + FIELD_DATA_AT, sizeof *bval);
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

// ---- values ----

// Servers send eight bytes; those of old sent fewer, of what is not negative.
static PyObject *integer_to_py(const uint8_t *bytes, size_t size)
{
    if (size == sizeof(int64_t)) {
        return PyLong_FromLong((long)big_endian(bytes));
    }
    int64_t number = 0;
    for (size_t i = 0; i < size; i++) {
        number = number << 8 | bytes[i];
    }
    return PyLong_FromLong((long)number);
}

static PyObject *double_to_py(const uint8_t *bytes)
{
    uint64_t bits = big_endian(bytes);
    double number;
    memcpy(&number, &bits, sizeof number);
    return PyFloat_FromDouble(number);
}

// After flags, and the cells that a server's index has of it, as many as are said.
static PyObject *geojson_from_wire(const Codec *codec, const uint8_t *bytes, size_t size)
{
    size_t before = 3 + 8 * ((size_t)bytes[1] << 8 | bytes[2]);
    return geojson_to_py(codec, (const char *)bytes + before, size - before);
}

// A value that may be one of the user's making: who makes it may be told the bin's name.
static PyObject *blob_of_bin(const Codec *codec, as_bytes_type type, const uint8_t *bytes, size_t size, PyObject *name)
{
    Codec of_bin = *codec;
    of_bin.bin = PyUnicode_Check(name) ? PyUnicode_AsUTF8(name) : PyBytes_AS_STRING(name);
    return of_bin.bin == NULL ? NULL : blob_to_py(&of_bin, type, bytes, size);
}

// `name`: of the bin; NULL: it is a key.
static PyObject *value_to_py(const Codec *codec, uint8_t type, const uint8_t *bytes, size_t size, PyObject *name)
{
    switch (type) {
    case AS_BYTES_UNDEF:
        Py_RETURN_NONE;
    case AS_BYTES_INTEGER:
        return integer_to_py(bytes, size);
    case AS_BYTES_DOUBLE:
        return double_to_py(bytes);
    case AS_BYTES_STRING:
        return text_to_py((const char *)bytes, size);
    case AS_BYTES_GEOJSON:
        return geojson_from_wire(codec, bytes, size);
    case AS_BYTES_BOOL:
        return PyBool_FromLong(bytes[0]);
    default:
        return name == NULL ? blob_to_py(codec, type, bytes, size) : blob_of_bin(codec, type, bytes, size, name);
    }
}

// ---- the key ----

// The data of fields by their types, which are those up to the digest's.
typedef struct KeyFields {
    const uint8_t *data[AS_FIELD_DIGEST + 1];
    size_t size[AS_FIELD_DIGEST + 1];
} KeyFields;

static const uint8_t *key_fields_find(const WireRecord *record, KeyFields *found)
{
    const uint8_t *at = record->bytes;
    for (uint16_t i = 0; i < record->fields; i++, at += part_size(at)) {
        uint8_t type = at[SIZE_BYTES];
        if (type <= AS_FIELD_DIGEST) {
            found->data[type] = at + FIELD_DATA_AT;
            found->size[type] = part_size(at) - FIELD_DATA_AT;
        }
    }
    return at;
}

static PyObject *set_to_py(State *state, const KeyFields *fields)
{
    size_t size = fields->size[AS_FIELD_SETNAME];
    return size == 0 ? Py_NewRef(Py_None)
                     : placed_bytes_to_py(state, PLACE_SET, (const char *)fields->data[AS_FIELD_SETNAME], size);
}

static PyObject *user_key_to_py(const Codec *codec, const KeyFields *fields)
{
    const uint8_t *data = fields->data[AS_FIELD_KEY];
    bool is_key = data != NULL && (data[0] == AS_BYTES_INTEGER || data[0] == AS_BYTES_DOUBLE ||
                                   data[0] == AS_BYTES_STRING || data[0] == AS_BYTES_BLOB);
    return is_key ? value_to_py(codec, data[0], data + 1, fields->size[AS_FIELD_KEY] - 1, NULL) : Py_NewRef(Py_None);
}

static PyObject *fields_to_key(const Codec *codec, const KeyFields *fields)
{
    static const uint8_t none[AS_DIGEST_VALUE_SIZE];
    const uint8_t *ns = fields->data[AS_FIELD_NAMESPACE], *digest = fields->data[AS_FIELD_DIGEST];
    PyObject *name = placed_bytes_to_py(codec->state, PLACE_NAMESPACE, (const char *)(ns == NULL ? none : ns),
                                        fields->size[AS_FIELD_NAMESPACE]);
    PyObject *set = name == NULL ? NULL : set_to_py(codec->state, fields);
    PyObject *pk = set == NULL ? NULL : user_key_to_py(codec, fields);
    return key_tuple(name, set, pk, pk == NULL ? NULL : digest_to_py(digest == NULL ? none : digest));
}

// ---- the bins ----

static int add_bin(const Codec *codec, PyObject *dict, size_t place, const WireBin *bin)
{
    PyObject *name = placed_bytes_to_py(codec->state, place, bin->name, bin->name_size);
    PyObject *value = name == NULL ? NULL : value_to_py(codec, bin->type, bin->bytes, bin->size, name);
    int result = value == NULL ? -1 : PyDict_SetItem(dict, name, value);
    Py_XDECREF(name);
    Py_XDECREF(value);
    return result;
}

static bool has_shape(const State *state, const uint8_t *at, uint16_t bins)
{
    if (state->shape == NULL || PyTuple_GET_SIZE(state->shape_names) != bins) {
        return false;
    }
    const PlacedName *placed = state->placed_names + PLACE_BINS;
    for (uint16_t i = 0; i < bins; i++) {
        WireBin bin;
        at = wire_bin(at, &bin);
        if (!name_is(&placed[i], bin.name, bin.name_size) || !shape_has(state, i, &placed[i])) {
            return false;
        }
    }
    return true;
}

PyObject *wire_bins_to_py(const Codec *codec, const uint8_t *at, uint16_t bins)
{
    State *state = codec->state;
    PyObject *dict = has_shape(state, at, bins) ? shape_copy(state->shape) : PyDict_New();
    for (uint16_t i = 0; dict != NULL && i < bins; i++) {
        WireBin bin;
        at = wire_bin(at, &bin);
        if (add_bin(codec, dict, PLACE_BINS + i, &bin) < 0) {
            Py_CLEAR(dict);
        }
    }
    if (dict != NULL && shape_learn(state, bins) < 0) {
        Py_CLEAR(dict);
    }
    return dict;
}

PyObject *wire_record_to_py(const Codec *codec, const WireRecord *record)
{
    KeyFields fields = {0};
    const uint8_t *bins = key_fields_find(record, &fields);
    PyObject *key = fields_to_key(codec, &fields);
    return record_tuple(codec, key, record->ttl, record->gen,
                        key == NULL ? NULL : wire_bins_to_py(codec, bins, record->bins));
}
