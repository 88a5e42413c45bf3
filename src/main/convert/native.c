// SPDX-License-Identifier: Apache-2.0
// Values as the C client's as_val and back. Containers pass through msgpack in both directions, so that one packer and
// one unpacker hold all the rules.
#include "convert.h"
#include "errors.h"
#include "packed.h"
#include "serializer.h"

#include <aerospike/as_boolean.h>
#include <aerospike/as_buffer.h>
#include <aerospike/as_bytes.h>
#include <aerospike/as_double.h>
#include <aerospike/as_geojson.h>
#include <aerospike/as_integer.h>
#include <aerospike/as_msgpack.h>
#include <aerospike/as_msgpack_ext.h>
#include <aerospike/as_msgpack_serializer.h>
#include <aerospike/as_nil.h>
#include <aerospike/as_serializer.h>
#include <aerospike/as_string.h>
#include <citrusleaf/alloc.h>

// ---- to the C client ----

// By its length, as the C client itself measures a text up to the first NUL.
static as_val *text_to_native(State *state, PyObject *text, const char *what)
{
    Py_ssize_t size;
    const char *bytes = PyUnicode_AsUTF8AndSize(text, &size);
    if (bytes == NULL) {
        unicode_error(state, what);
        return NULL;
    }
    char *copy = cf_malloc((size_t)size + 1);
    if (copy == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    memcpy(copy, bytes, (size_t)size + 1);
    return (as_val *)as_string_new_wlen(copy, (size_t)size, true);
}

// What the packer made of a number or blob.
static as_val *scalar_to_native(const Packer *packer, const char *what)
{
    as_unpacker in = {.buffer = packer->bytes, .length = (uint32_t)packer->size};
    as_val *value = NULL;
    if (as_unpack_val(&in, &value) != 0 || value == NULL) {
        error_set(packer->codec->state, AEROSPIKE_ERR_CLIENT, "%s could not be handed to the C client", what);
        return NULL;
    }
    as_bytes *bytes = as_bytes_fromval(value);
    if (bytes != NULL && bytes->value == NULL) {
        bytes->value = (uint8_t *)"";  // no bytes, which the C client copies all the same
    }
    return value;
}

// NULL where the value has no constant.
static as_val *constant_to_native(const Codec *codec, PyObject *object)
{
    State *state = codec->state;
    if (object == Py_None || is_a(object, state->null_class)) {
        return (as_val *)&as_nil;
    }
    if (is_a(object, state->infinite_class)) {
        return (as_val *)&as_cmp_inf;
    }
    return is_a(object, state->wildcard_class) ? (as_val *)&as_cmp_wildcard : NULL;
}

as_val *value_to_native(const Codec *codec, PyObject *object, const char *what)
{
    if (PyBool_Check(object) && !codec->bool_as_integer) {
        return (as_val *)as_boolean_new(object == Py_True);
    }
    if (PyFloat_Check(object)) {
        return (as_val *)as_double_new(PyFloat_AS_DOUBLE(object));
    }
    if (PyUnicode_Check(object)) {
        return text_to_native(codec->state, object, what);
    }
    as_val *value = constant_to_native(codec, object);
    if (value != NULL) {
        return value;
    }
    Packer packer = {.codec = codec, .special = true, .sort_maps = true};
    PackPath path = {NULL, what, NULL, 0};
    if (pack_value(&packer, object, &path, 0) == 0) {
        bool is_list = PyList_Check(object);
        value = is_list || PyDict_Check(object) ? packed_value_new(&packer, is_list) : scalar_to_native(&packer, what);
    }
    packer_release(&packer);
    return value;
}

// ---- from the C client ----

static PyObject *bytes_to_py(const Codec *codec, const as_bytes *bytes)
{
    switch (bytes->type) {
    case AS_BYTES_LIST:
    case AS_BYTES_MAP:
        if (!codec->raw_collections) {
            return value_unpack(codec, bytes->value, bytes->size);
        }
        break;
    case AS_BYTES_BLOB:
        return deserializer_apply(codec, bytes->value, bytes->size);
    case AS_BYTES_HLL:
        return hyper_log_log_to_py(codec, bytes->value, bytes->size);
    case AS_BYTES_PYTHON:  // of the vendor's clients before 13
        return PyByteArray_FromStringAndSize((const char *)bytes->value, bytes->size);
    default:
        break;
    }
    return PyBytes_FromStringAndSize((const char *)bytes->value, bytes->size);
}

static PyObject *tree_to_py(const Codec *codec, const as_val *value)
{
    as_serializer serializer;
    as_buffer buffer;
    as_msgpack_init(&serializer);
    as_buffer_init(&buffer);
    int status = as_serializer_serialize(&serializer, (as_val *)value, &buffer);
    PyObject *object = NULL;
    if (status == 0) {
        object = value_unpack(codec, buffer.data, buffer.size);
    } else {
        error_set(codec->state, AEROSPIKE_ERR_CLIENT, "a value of the C client has no Python form");
    }
    as_buffer_destroy(&buffer);
    as_serializer_destroy(&serializer);
    return object;
}

PyObject *value_from_native(const Codec *codec, const as_val *value)
{
    switch (as_val_type((as_val *)value)) {
    case AS_UNDEF:
    case AS_NIL:
        Py_RETURN_NONE;
    case AS_BOOLEAN:
        return PyBool_FromLong(((const as_boolean *)value)->value);
    case AS_INTEGER:
        return PyLong_FromLongLong(((const as_integer *)value)->value);
    case AS_DOUBLE:
        return PyFloat_FromDouble(((const as_double *)value)->value);
    case AS_STRING: {
        as_string *text = (as_string *)value;
        return text_to_py(text->value, as_string_len(text));
    }
    case AS_GEOJSON: {
        as_geojson *geo = (as_geojson *)value;
        return geojson_to_py(codec, geo->value, as_geojson_len(geo));
    }
    case AS_BYTES:
        return bytes_to_py(codec, (const as_bytes *)value);
    default:
        return tree_to_py(codec, value);
    }
}
