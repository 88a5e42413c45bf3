// SPDX-License-Identifier: Apache-2.0
// The one ladder from Python's types to Aerospike's: bins, arguments of operations, contexts and msgpack stand on it.
#ifndef VALUE_H
#define VALUE_H

#include "convert/convert.h"

typedef enum ValueType {
    VALUE_NIL,  // None and null()
    VALUE_BOOL,
    VALUE_INTEGER,  // a bool too, where the client sends them so
    VALUE_FLOAT,
    VALUE_TEXT,
    VALUE_BYTES,  // a HyperLogLog too
    VALUE_BYTEARRAY,
    VALUE_LIST,
    VALUE_MAP,
    VALUE_GEOJSON,
    VALUE_INFINITE,
    VALUE_WILDCARD,
    VALUE_FOREIGN,  // what a serializer takes
} ValueType;

// What is none of Python's own values.
ValueType value_type_of_other(State *state, PyObject *object);

static inline ValueType value_type(const Codec *codec, PyObject *object)
{
    if (PyUnicode_Check(object)) {
        return VALUE_TEXT;
    }
    if (PyLong_Check(object)) {
        return PyBool_Check(object) && !codec->bool_as_integer ? VALUE_BOOL : VALUE_INTEGER;
    }
    if (PyFloat_Check(object)) {
        return VALUE_FLOAT;
    }
    if (PyDict_Check(object)) {
        return VALUE_MAP;
    }
    if (PyList_Check(object)) {
        return VALUE_LIST;
    }
    if (PyBytes_Check(object)) {
        return VALUE_BYTES;
    }
    return object == Py_None ? VALUE_NIL : value_type_of_other(codec->state, object);
}

static inline bool value_is_container(ValueType type)
{
    return type == VALUE_LIST || type == VALUE_MAP;
}

static inline bool value_is_comparison(ValueType type)
{
    return type == VALUE_INFINITE || type == VALUE_WILDCARD;
}

// A value that is no container, as the C client takes it: what it points to is kept. `what` names it in errors. The
// value, at *out or a constant, or NULL with an exception.
as_val *value_borrow(const Codec *codec, ValueType type, PyObject *object, const char *what, as_bin_value *out,
                     Keep *keep);

#endif
