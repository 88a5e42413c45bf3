// SPDX-License-Identifier: Apache-2.0
// Values as arguments of operations: as_vals that borrow what they can, since the C client packs them at once.
#include "argument.h"

#include "errors.h"
#include "serializer.h"

#include <aerospike/as_boolean.h>
#include <aerospike/as_msgpack.h>
#include <aerospike/as_msgpack_ext.h>
#include <aerospike/as_nil.h>

// ---- lists and maps, packed once ----

static uint32_t packed_list_size(const as_list *list)
{
    return ((const PackedList *)list)->count;
}

static bool packed_list_walk(const as_list *list, as_list_foreach_callback callback, void *packer)
{
    (void)callback;
    const PackedList *packed = (const PackedList *)list;
    return as_pack_append(packer, packed->items, packed->size) == 0;
}

static bool packed_list_destroy(as_list *list)
{
    (void)list;  // the Packer owns the bytes
    return true;
}

static uint32_t packed_map_size(const as_map *map)
{
    return ((const PackedMap *)map)->count;
}

static bool packed_map_walk(const as_map *map, as_map_foreach_callback callback, void *packer)
{
    (void)callback;
    const PackedMap *packed = (const PackedMap *)map;
    return as_pack_append(packer, packed->items, packed->size) == 0;
}

static bool packed_map_destroy(as_map *map)
{
    (void)map;
    return true;
}

static const as_list_hooks packed_list_hooks = {
    .destroy = packed_list_destroy, .size = packed_list_size, .foreach = packed_list_walk};
static const as_map_hooks packed_map_hooks = {
    .destroy = packed_map_destroy, .size = packed_map_size, .foreach = packed_map_walk};

// The number of items that the header of a packed list or map tells, and where the items begin.
static uint32_t packed_header(const Packer *packer, uint32_t *count)
{
    const uint8_t *bytes = packer->bytes;
    if (bytes[0] < 0xa0) {
        *count = bytes[0] & 0x0f;
        return 1;
    }
    bool wide = (bytes[0] & 1) != 0;
    *count = (uint32_t)bytes[1] << 8 | bytes[2];
    if (wide) {
        *count = *count << 16 | (uint32_t)bytes[3] << 8 | bytes[4];
    }
    return wide ? 5 : 3;
}

static as_val *container_value(Arguments *arguments, PyObject *object, const char *name, HeldValue *held)
{
    PackPath path = {NULL, name, NULL, 0};
    held->packer = (Packer){.codec = arguments->codec, .special = true, .sort_maps = true};
    arguments->value_count++;  // from here on, arguments_release frees the packer's bytes
    if (pack_value(&held->packer, object, &path, 0) < 0) {
        return NULL;
    }
    uint32_t count, start = packed_header(&held->packer, &count);
    const uint8_t *items = held->packer.bytes + start;
    uint32_t size = (uint32_t)held->packer.size - start;
    if (PyList_Check(object)) {
        held->list.items = items;
        held->list.count = count;
        held->list.size = size;
        return (as_val *)as_list_init(&held->list.list, &packed_list_hooks);
    }
    held->map.items = items;
    held->map.count = count;
    held->map.size = size;
    return (as_val *)as_map_init(&held->map.map, &packed_map_hooks);
}

// ---- values ----

static as_val *bytes_value(Arguments *arguments, PyObject *bytes, HeldValue *held)
{
    if (argument_hold(arguments, bytes) == NULL) {
        return NULL;
    }
    as_bytes_init_wrap(&held->bytes, (uint8_t *)PyBytes_AS_STRING(bytes), (uint32_t)PyBytes_GET_SIZE(bytes), false);
    held->bytes.type = bytes_type(arguments->codec->state, bytes);
    return (as_val *)&held->bytes;
}

static as_val *text_value(Arguments *arguments, PyObject *text, const char *name, HeldValue *held)
{
    Py_ssize_t size;
    const char *bytes = PyUnicode_AsUTF8AndSize(text, &size);
    if (bytes == NULL) {
        unicode_error(arguments->codec->state, name);
        return NULL;
    }
    return (as_val *)as_string_init_wlen(&held->text, (char *)bytes, (size_t)size, false);
}

static as_val *geojson_value(Arguments *arguments, PyObject *object, const char *name, HeldValue *held)
{
    PyObject *text = argument_hold(arguments, PyObject_CallMethod(object, "dumps", NULL));
    Py_ssize_t size;
    const char *json = text == NULL ? NULL : PyUnicode_AsUTF8AndSize(text, &size);
    if (json == NULL) {
        unicode_error(arguments->codec->state, name);
        return NULL;
    }
    return (as_val *)as_geojson_init_wlen(&held->geojson, (char *)json, (size_t)size, false);
}

// Our own value classes, and what a serializer takes.
static as_val *other_value(Arguments *arguments, PyObject *object, const char *name, HeldValue *held)
{
    const Codec *codec = arguments->codec;
    State *state = codec->state;
    if (PyByteArray_Check(object)) {
        return bytes_value(arguments, PyBytes_FromObject(object), held);
    }
    if (is_a(object, state->null_class)) {
        return (as_val *)&as_nil;
    }
    if (is_a(object, state->geojson_class)) {
        return geojson_value(arguments, object, name, held);
    }
    if (is_a(object, state->infinite_class)) {
        return (as_val *)&as_cmp_inf;
    }
    if (is_a(object, state->wildcard_class)) {
        return (as_val *)&as_cmp_wildcard;
    }
    if (serializer_present(codec)) {
        return bytes_value(arguments, serializer_apply(codec, object), held);
    }
    error_param(state, "%s is of type %.100s, which a server cannot store", name, Py_TYPE(object)->tp_name);
    return NULL;
}

static as_val *integer_value(Arguments *arguments, PyObject *object, const char *name, HeldValue *held)
{
    int64_t number;
    if (integer_from_py(arguments->codec->state, object, name, INT64_MIN, INT64_MAX, &number) < 0) {
        return NULL;
    }
    return (as_val *)as_integer_init(&held->integer, number);
}

as_val *argument_value(Arguments *arguments, PyObject *object, const char *name)
{
    HeldValue *held = &arguments->values[arguments->value_count];
    if (PyList_Check(object) || PyDict_Check(object)) {
        return container_value(arguments, object, name, held);
    }
    held->packer.bytes = NULL;
    arguments->value_count++;
    if (PyUnicode_Check(object)) {
        return text_value(arguments, object, name, held);
    }
    if (PyBool_Check(object) && !arguments->codec->bool_as_integer) {
        return (as_val *)as_boolean_init(&held->boolean, object == Py_True);
    }
    if (PyLong_Check(object)) {
        return integer_value(arguments, object, name, held);
    }
    if (PyFloat_Check(object)) {
        return (as_val *)as_double_init(&held->number, PyFloat_AS_DOUBLE(object));
    }
    if (PyBytes_Check(object)) {
        return bytes_value(arguments, Py_NewRef(object), held);
    }
    return object == Py_None ? (as_val *)&as_nil : other_value(arguments, object, name, held);
}
