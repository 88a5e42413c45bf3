// SPDX-License-Identifier: Apache-2.0
// Values as the C client's as_val and back. Containers pass through msgpack in both directions, so that one packer and
// one unpacker hold all the rules.
#include "convert.h"
#include "errors.h"
#include "pack.h"
#include "serializer.h"

#include <aerospike/as_boolean.h>
#include <aerospike/as_buffer.h>
#include <aerospike/as_bytes.h>
#include <aerospike/as_double.h>
#include <aerospike/as_geojson.h>
#include <aerospike/as_integer.h>
#include <aerospike/as_msgpack.h>
#include <aerospike/as_msgpack_serializer.h>
#include <aerospike/as_nil.h>
#include <aerospike/as_serializer.h>
#include <aerospike/as_string.h>

// ---- to the C client ----

static as_val *unpacked(Packer *packer, const char *what)
{
    State *state = packer->codec->state;
    as_unpacker in = {.buffer = packer->bytes, .length = (uint32_t)packer->size};
    as_val *value = NULL;
    if (packer->nul_keys) {
        // the C client compares map keys up to the first NUL and would make one of two
        error_param(state, "%s has a map key with a NUL, which an operation cannot carry", what);
        return NULL;
    }
    if (as_unpack_val(&in, &value) != 0) {
        error_set(state, AEROSPIKE_ERR_CLIENT, "%s could not be handed to the C client", what);
        return NULL;
    }
    return value;
}

as_val *value_to_native(const Codec *codec, PyObject *object, const char *what)
{
    if (PyBool_Check(object) && !codec->bool_as_integer) {
        return (as_val *)as_boolean_new(object == Py_True);
    }
    if (object == Py_None || is_a(object, codec->state->null_class)) {
        return (as_val *)&as_nil;
    }
    if (PyFloat_Check(object)) {
        return (as_val *)as_double_new(PyFloat_AS_DOUBLE(object));
    }
    Packer packer = {.codec = codec, .special = true};
    PackPath path = {NULL, what, NULL, 0};
    as_val *value = pack_value(&packer, object, &path, 0) < 0 ? NULL : unpacked(&packer, what);
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
