// SPDX-License-Identifier: Apache-2.0
#include "convert/wire_to_py.h"

#include "convert/names.h"
#include "convert/shape.h"

#include <aerospike/as_command.h>

// ---- values ----

static PyObject *geojson_from_wire(const Codec *codec, const uint8_t *bytes, size_t size)
{
    size_t head = wire_geojson_head(bytes);
    return geojson_to_py(codec, (const char *)bytes + head, size - head);
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
        return PyLong_FromLong((long)wire_integer(bytes, size));
    case AS_BYTES_DOUBLE:
        return PyFloat_FromDouble(wire_double(bytes));
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
    for (uint16_t i = 0; i < record->fields; i++) {
        WireField field;
        at = wire_field(at, &field);
        if (field.type <= AS_FIELD_DIGEST) {
            found->data[field.type] = field.bytes;
            found->size[field.type] = field.size;
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
    switch (data == NULL ? AS_BYTES_UNDEF : data[0]) {
    case AS_BYTES_INTEGER:
    case AS_BYTES_DOUBLE:
    case AS_BYTES_STRING:
        return value_to_py(codec, data[0], data + 1, fields->size[AS_FIELD_KEY] - 1, NULL);
    case AS_BYTES_BLOB:
        return blob_key_to_py(data + 1, fields->size[AS_FIELD_KEY] - 1);
    default:
        return Py_NewRef(Py_None);
    }
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

static bool has_shape(const State *state, WireBins bins)
{
    if (state->shape == NULL || PyTuple_GET_SIZE(state->shape_names) != bins.count) {
        return false;
    }
    const PlacedName *placed = state->placed_names + PLACE_BINS;
    for (uint32_t i = 0; i < bins.count; i++) {
        WireBin bin;
        bins.at = wire_bin(bins.at, &bin);
        if (!name_is(&placed[i], bin.name, bin.name_size) || !shape_has(state, i, &placed[i])) {
            return false;
        }
    }
    return true;
}

PyObject *wire_bins_to_py(const Codec *codec, WireBins bins)
{
    State *state = codec->state;
    PyObject *dict = has_shape(state, bins) ? shape_copy(state->shape) : PyDict_New();
    for (uint32_t i = 0; dict != NULL && i < bins.count; i++) {
        WireBin bin;
        bins.at = wire_bin(bins.at, &bin);
        if (add_bin(codec, dict, PLACE_BINS + i, &bin) < 0) {
            Py_CLEAR(dict);
        }
    }
    if (dict != NULL && shape_learn(state, bins.count) < 0) {
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
                        key == NULL ? NULL : wire_bins_to_py(codec, (WireBins){bins, record->bins}));
}
