// SPDX-License-Identifier: Apache-2.0
// Values as operands of operations: as_vals that borrow what they can, since the C client packs them at once.
#include "operand.h"

#include "errors.h"
#include "serializer.h"

#include <aerospike/as_boolean.h>
#include <aerospike/as_msgpack_ext.h>
#include <aerospike/as_nil.h>

// ---- lists and maps, packed once ----

static as_val *container_value(Operands *operands, PyObject *object, const char *name, HeldValue *held)
{
    PackPath path = {NULL, name, NULL, 0};
    held->packer = (Packer){.codec = operands->codec, .special = true, .sort_maps = true};
    operands->value_count++;  // from here on, operands_release frees the packer's bytes
    if (pack_value(&held->packer, object, &path, 0) < 0) {
        return NULL;
    }
    return packed_value_init(&held->packed, &held->packer, PyList_Check(object));
}

// ---- values ----

static as_val *bytes_value(Operands *operands, PyObject *bytes, HeldValue *held)
{
    if (operand_hold(operands, bytes) == NULL) {
        return NULL;
    }
    as_bytes_init_wrap(&held->bytes, (uint8_t *)PyBytes_AS_STRING(bytes), (uint32_t)PyBytes_GET_SIZE(bytes), false);
    held->bytes.type = bytes_type(operands->codec->state, bytes);
    return (as_val *)&held->bytes;
}

static as_val *text_value(Operands *operands, PyObject *text, const char *name, HeldValue *held)
{
    Py_ssize_t size;
    const char *bytes = PyUnicode_AsUTF8AndSize(text, &size);
    if (bytes == NULL) {
        unicode_error(operands->codec->state, name);
        return NULL;
    }
    return (as_val *)as_string_init_wlen(&held->text, (char *)bytes, (size_t)size, false);
}

static as_val *geojson_value(Operands *operands, PyObject *object, const char *name, HeldValue *held)
{
    PyObject *text = operand_hold(operands, PyObject_CallMethod(object, "dumps", NULL));
    Py_ssize_t size;
    const char *json = text == NULL ? NULL : PyUnicode_AsUTF8AndSize(text, &size);
    if (json == NULL) {
        unicode_error(operands->codec->state, name);
        return NULL;
    }
    return (as_val *)as_geojson_init_wlen(&held->geojson, (char *)json, (size_t)size, false);
}

// Our own value classes, and what a serializer takes.
static as_val *other_value(Operands *operands, PyObject *object, const char *name, HeldValue *held)
{
    const Codec *codec = operands->codec;
    State *state = codec->state;
    if (PyByteArray_Check(object)) {
        return bytes_value(operands, PyBytes_FromObject(object), held);
    }
    if (is_a(object, state->null_class)) {
        return (as_val *)&as_nil;
    }
    if (is_a(object, state->geojson_class)) {
        return geojson_value(operands, object, name, held);
    }
    if (is_a(object, state->infinite_class)) {
        return (as_val *)&as_cmp_inf;
    }
    if (is_a(object, state->wildcard_class)) {
        return (as_val *)&as_cmp_wildcard;
    }
    if (serializer_present(codec)) {
        return bytes_value(operands, serializer_apply(codec, object), held);
    }
    serializer_missing(codec, object, name);
    return NULL;
}

static as_val *integer_value(Operands *operands, PyObject *object, const char *name, HeldValue *held)
{
    int64_t number;
    if (integer_from_py(operands->codec->state, object, name, INT64_MIN, INT64_MAX, &number) < 0) {
        return NULL;
    }
    return (as_val *)as_integer_init(&held->integer, number);
}

as_val *operand_value(Operands *operands, PyObject *object, const char *name)
{
    HeldValue *held = &operands->values[operands->value_count];
    if (PyList_Check(object) || PyDict_Check(object)) {
        return container_value(operands, object, name, held);
    }
    held->packer.bytes = NULL;
    operands->value_count++;
    if (PyUnicode_Check(object)) {
        return text_value(operands, object, name, held);
    }
    if (PyBool_Check(object) && !operands->codec->bool_as_integer) {
        return (as_val *)as_boolean_init(&held->boolean, object == Py_True);
    }
    if (PyLong_Check(object)) {
        return integer_value(operands, object, name, held);
    }
    if (PyFloat_Check(object)) {
        return (as_val *)as_double_init(&held->number, PyFloat_AS_DOUBLE(object));
    }
    if (PyBytes_Check(object)) {
        return bytes_value(operands, Py_NewRef(object), held);
    }
    return object == Py_None ? (as_val *)&as_nil : other_value(operands, object, name, held);
}
