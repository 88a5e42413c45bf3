// SPDX-License-Identifier: Apache-2.0
#include "convert/value.h"

#include "convert/serializer.h"
#include "errors.h"

#include <aerospike/as_geojson.h>
#include <aerospike/as_msgpack_ext.h>
#include <aerospike/as_nil.h>
#include <aerospike/as_proto.h>

ValueType value_type_of_other(State *state, PyObject *object)
{
    if (PyByteArray_Check(object)) {
        return VALUE_BYTEARRAY;
    }
    if (is_a(object, state->geojson_class)) {
        return VALUE_GEOJSON;
    }
    if (is_a(object, state->null_class)) {
        return VALUE_NIL;
    }
    if (is_a(object, state->infinite_class)) {
        return VALUE_INFINITE;
    }
    return is_a(object, state->wildcard_class) ? VALUE_WILDCARD : VALUE_FOREIGN;
}

// What would not fit a request, with its head, is far from what the C client's 32 bits can hold.
static int check_size(State *state, Py_ssize_t size, const char *what)
{
    return size < PROTO_SIZE_MAX - 16 ? 0
                                      : error_set(state, AEROSPIKE_ERR_RECORD_TOO_BIG,
                                                  "%s has %zd bytes, and a request to a server can have %d MiB", what,
                                                  size, PROTO_SIZE_MAX >> 20);
}

// The bytes of an object that is given away; NULL stays NULL.
static as_val *borrow_bytes(State *state, PyObject *stable, as_bytes_type type, const char *what, as_bin_value *out,
                            Keep *keep)
{
    if (keep_new(keep, stable) == NULL || check_size(state, PyBytes_GET_SIZE(stable), what) < 0) {
        return NULL;
    }
    as_bytes_init_wrap(&out->bytes, (uint8_t *)PyBytes_AS_STRING(stable), (uint32_t)PyBytes_GET_SIZE(stable), false);
    out->bytes.type = type;
    return (as_val *)&out->bytes;
}

static as_val *borrow_text(State *state, PyObject *text, const char *what, as_bin_value *out, Keep *keep)
{
    Py_ssize_t size;
    const char *bytes = PyUnicode_AsUTF8AndSize(text, &size);
    if (bytes == NULL) {
        unicode_error(state, what);
        return NULL;
    }
    return check_size(state, size, what) < 0 || keep_object(keep, text) < 0
               ? NULL
               : (as_val *)as_string_init_wlen(&out->string, (char *)bytes, (size_t)size, false);
}

static as_val *borrow_geojson(State *state, PyObject *object, const char *what, as_bin_value *out, Keep *keep)
{
    PyObject *text = PyObject_CallMethod(object, "dumps", NULL);
    if (text == NULL) {
        error_prefix(state, "%s", what);
        return NULL;
    }
    Py_ssize_t size = 0;
    const char *json = keep_new(keep, text) == NULL ? NULL : PyUnicode_AsUTF8AndSize(text, &size);
    if (check_size(state, size, what) < 0) {
        return NULL;
    }
    // the same members as a string's, under another type
    return json == NULL ? NULL
                        : (as_val *)as_geojson_init_wlen((as_geojson *)&out->string, (char *)json, (size_t)size, false);
}

static as_val *borrow_integer(State *state, PyObject *object, const char *what, as_bin_value *out)
{
    int64_t number;
    return integer_from_py(state, object, what, INT64_MIN, INT64_MAX, &number) < 0
               ? NULL
               : (as_val *)as_integer_init(&out->integer, number);
}

static as_val *borrow_foreign(const Codec *codec, PyObject *object, const char *what, as_bin_value *out, Keep *keep)
{
    as_bytes_type type;
    PyObject *bytes = serializer_apply(codec, object, what, &type);
    return borrow_bytes(codec->state, bytes, type, what, out, keep);
}

as_val *value_borrow(const Codec *codec, ValueType type, PyObject *object, const char *what, as_bin_value *out,
                     Keep *keep)
{
    State *state = codec->state;
    switch (type) {
    case VALUE_NIL:
        out->nil = as_nil;
        return &out->nil;
    case VALUE_BOOL:
        return (as_val *)as_boolean_init(&out->boolean, object == Py_True);
    case VALUE_INTEGER:
        return borrow_integer(state, object, what, out);
    case VALUE_FLOAT:
        return (as_val *)as_double_init(&out->dbl, PyFloat_AS_DOUBLE(object));
    case VALUE_TEXT:
        return borrow_text(state, object, what, out, keep);
    case VALUE_BYTES:
        return borrow_bytes(state, Py_NewRef(object), bytes_type(state, object), what, out, keep);
    case VALUE_BYTEARRAY:  // may change while the C client reads it
        return borrow_bytes(state, PyBytes_FromObject(object), AS_BYTES_BLOB, what, out, keep);
    case VALUE_GEOJSON:
        return borrow_geojson(state, object, what, out, keep);
    case VALUE_FOREIGN:
        return borrow_foreign(codec, object, what, out, keep);
    case VALUE_INFINITE:
        return (as_val *)&as_cmp_inf;
    case VALUE_WILDCARD:
        return (as_val *)&as_cmp_wildcard;
    case VALUE_LIST:
    case VALUE_MAP:
        break;
    }
    Py_UNREACHABLE();
}
