// SPDX-License-Identifier: Apache-2.0
// Values as the C client's as_val and back. Containers pass through msgpack in both directions, so that one packer and
// one unpacker hold all the rules.
#include "convert/convert.h"
#include "convert/packed.h"
#include "convert/serializer.h"
#include "convert/value.h"
#include "errors.h"

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

static char *copy_of(const void *bytes, size_t size)
{
    char *copy = cf_malloc(size + 1);
    if (copy == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    memcpy(copy, bytes, size);
    copy[size] = '\0';
    return copy;
}

// A borrowed value as one of its own, which as_val_destroy frees.
static as_val *own_bytes(const as_bytes *borrowed)
{
    char *copy = copy_of(borrowed->value, borrowed->size);
    as_bytes *bytes = copy == NULL ? NULL : as_bytes_new_wrap((uint8_t *)copy, borrowed->size, true);
    if (bytes != NULL) {
        bytes->type = borrowed->type;
    }
    return (as_val *)bytes;
}

static as_val *own(const as_val *borrowed)
{
    const as_bin_value *value = (const as_bin_value *)borrowed;
    char *copy;
    switch (as_val_type((as_val *)borrowed)) {
    case AS_NIL:
        return (as_val *)&as_nil;
    case AS_BOOLEAN:
        return (as_val *)as_boolean_new(value->boolean.value);
    case AS_INTEGER:
        return (as_val *)as_integer_new(value->integer.value);
    case AS_DOUBLE:
        return (as_val *)as_double_new(value->dbl.value);
    case AS_STRING:  // by its length, as the C client itself measures a text up to the first NUL
        copy = copy_of(value->string.value, value->string.len);
        return copy == NULL ? NULL : (as_val *)as_string_new_wlen(copy, value->string.len, true);
    case AS_GEOJSON:
        copy = copy_of(value->string.value, value->string.len);
        return copy == NULL ? NULL : (as_val *)as_geojson_new_wlen(copy, value->string.len, true);
    case AS_BYTES:
        return own_bytes(&value->bytes);
    default:
        return (as_val *)borrowed;  // a constant
    }
}

static as_val *container_to_native(const Codec *codec, bool list, PyObject *object, const char *what)
{
    Packer packer = {.codec = codec, .special = true, .sort_maps = true};
    PackPath path = {NULL, what, NULL, 0};
    as_val *value = pack_value(&packer, object, &path, 0) < 0 ? NULL : packed_value_new(&packer, list);
    packer_release(&packer);
    return value;
}

static as_val *scalar_to_native(const Codec *codec, ValueType type, PyObject *object, const char *what)
{
    as_bin_value space;
    Keep keep = {0};
    as_val *borrowed = value_borrow(codec, type, object, what, &space, &keep);
    as_val *value = borrowed == NULL ? NULL : own(borrowed);
    keep_release(&keep);
    return value;
}

as_val *value_to_native(const Codec *codec, PyObject *object, const char *what)
{
    ValueType type = value_type(codec, object);
    return value_is_container(type) ? container_to_native(codec, type == VALUE_LIST, object, what)
                                    : scalar_to_native(codec, type, object, what);
}

// ---- from the C client ----

PyObject *blob_to_py(const Codec *codec, as_bytes_type type, const uint8_t *bytes, size_t size)
{
    switch (type) {
    case AS_BYTES_LIST:
    case AS_BYTES_MAP:
        if (!codec->raw_collections) {
            return value_unpack(codec, bytes, size);
        }
        break;
    case AS_BYTES_BLOB:
        return deserializer_apply(codec, bytes, size);
    case AS_BYTES_HLL:
        return hyper_log_log_to_py(codec, bytes, size);
    case AS_BYTES_PYTHON:  // of the vendor's clients before 13
        return pickle_to_py(codec, bytes, size);
    default:
        break;
    }
    return PyBytes_FromStringAndSize((const char *)bytes, (Py_ssize_t)size);
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
    case AS_BYTES: {
        const as_bytes *bytes = (const as_bytes *)value;
        return blob_to_py(codec, bytes->type, bytes->value, bytes->size);
    }
    default:
        return tree_to_py(codec, value);
    }
}
