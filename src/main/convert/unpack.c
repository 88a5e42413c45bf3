// SPDX-License-Identifier: Apache-2.0
// The msgpack of a LIST or MAP as Python objects. Whatever the bytes: an exception, never a read past their end, and no
// more memory than they can account for.
#include "convert/convert.h"
#include "convert/map_shape.h"
#include "convert/msgpack.h"
#include "convert/serializer.h"
#include "errors.h"

#include <aerospike/as_bytes.h>
#include <aerospike/as_msgpack.h>

typedef struct Unpacker {
    const Codec *codec;
    Msgpack in;
    bool plain;  // blobs are shown as bytes: no deserializer
    size_t items;  // that all containers together may still claim: each has a byte at least
} Unpacker;

static PyObject *unpack(Unpacker *u, int depth);

static PyObject *malformed(Unpacker *u, const char *problem)
{
    error_set(u->codec->state, AEROSPIKE_ERR_CLIENT, "a list or map from the server cannot be read: %s", problem);
    return NULL;
}

PyObject *geojson_to_py(const Codec *codec, const char *text, size_t size)
{
    PyObject *json = text_to_py(text, size);
    PyObject *value = json == NULL ? NULL : PyObject_CallOneArg(codec->state->geojson_class, json);
    Py_XDECREF(json);
    return value;
}

PyObject *hyper_log_log_to_py(const Codec *codec, const uint8_t *bytes, size_t size)
{
    return PyObject_CallFunction(codec->state->hyper_log_log_class, "y#", (const char *)bytes, (Py_ssize_t)size);
}

// Strings and blobs alike: `size` bytes, the first of which is the type.
static PyObject *unpack_bytes(Unpacker *u, size_t size)
{
    if (size > msgpack_left(&u->in)) {
        return malformed(u, "it ends within a string or blob");
    }
    if (size == 0) {
        return PyUnicode_FromStringAndSize(NULL, 0);
    }
    as_bytes_type type = *u->in.at;
    const char *bytes = (const char *)u->in.at + 1;
    u->in.at += size--;
    switch (type) {
    case AS_BYTES_STRING:
        return text_to_py(bytes, size);
    case AS_BYTES_GEOJSON:
        return geojson_to_py(u->codec, bytes, size);
    case AS_BYTES_BLOB:
        if (!u->plain) {
            return deserializer_apply(u->codec, (const uint8_t *)bytes, size);
        }
        break;
    case AS_BYTES_HLL:
        return hyper_log_log_to_py(u->codec, (const uint8_t *)bytes, size);
    case AS_BYTES_PYTHON:
        if (!u->plain) {
            return pickle_to_py(u->codec, (const uint8_t *)bytes, size);
        }
        return PyByteArray_FromStringAndSize(bytes, (Py_ssize_t)size);
    default:
        break;
    }
    return PyBytes_FromStringAndSize(bytes, (Py_ssize_t)size);
}

static PyObject *unpack_float(uint64_t bits)
{
    uint32_t narrow = (uint32_t)bits;
    float number;
    memcpy(&number, &narrow, sizeof number);
    return PyFloat_FromDouble(number);
}

static PyObject *unpack_double(uint64_t bits)
{
    double number;
    memcpy(&number, &bits, sizeof number);
    return PyFloat_FromDouble(number);
}

// Whether a container's items are within what the whole may hold.
static bool take_items(Unpacker *u, size_t count)
{
    if (count > u->items) {
        malformed(u, "its lists and maps claim more items than there are bytes");
        return false;
    }
    u->items -= count;
    return true;
}

// So many values, one after another. The list is hidden from the garbage collector until it is whole, for what is made
// meanwhile may be the work of a function of the user's.
static PyObject *unpack_values(Unpacker *u, size_t count, int depth)
{
    PyObject *list = PyList_New((Py_ssize_t)count);
    if (list == NULL) {
        return NULL;
    }
    PyObject_GC_UnTrack(list);
    for (size_t i = 0; i < count; i++) {
        PyObject *item = unpack(u, depth);
        if (item == NULL) {
            Py_DECREF(list);
            return NULL;
        }
        PyList_SET_ITEM(list, (Py_ssize_t)i, item);
    }
    PyObject_GC_Track(list);
    return list;
}

static PyObject *unpack_list(Unpacker *u, size_t count, int depth)
{
    if (!take_items(u, count)) {
        return NULL;
    }
    if (count > 0 && msgpack_left(&u->in) >= 3 && u->in.at[0] == MSGPACK_EXT8 && u->in.at[1] == 0) {
        u->in.at += 3;  // the mark of an ordered list: of no interest to a Python list
        count--;
    }
    return unpack_values(u, count, depth);
}

// In the mark of a map: its entries are those of an answer, in the order in which they were asked for.
enum { MAP_KEEPS_ORDER = 0x08 };

// The mark of a map is its first entry: an ext of the flags, and nil.
static bool take_map_mark(Unpacker *u, size_t *count, uint8_t *flags)
{
    if (*count == 0 || msgpack_left(&u->in) < 4 || u->in.at[0] != MSGPACK_EXT8 || u->in.at[1] != 0) {
        return false;
    }
    *flags = u->in.at[2];
    u->in.at += 3;
    (*count)--;
    return true;
}

static PyObject *unpack_key(Unpacker *u, int depth)
{
    uint8_t code = msgpack_left(&u->in) >= 2 ? u->in.at[0] : 0;
    size_t size = code & 0x1f;
    if (code <= MSGPACK_FIXSTR || code >= MSGPACK_NIL || u->in.at[1] != AS_BYTES_STRING ||
        msgpack_left(&u->in) <= size) {
        return unpack(u, depth);
    }
    PyObject *key = name_to_py(u->codec->state, (const char *)u->in.at + 2, size - 1);
    u->in.at += size + 1;
    return key;
}

// An entry, of which the key was read and is given away. 0 or -1.
static int unpack_entry(Unpacker *u, MapFilling *filling, PyObject *key, int depth)
{
    PyObject *value = unpack(u, depth);
    int result = value == NULL ? -1 : map_filling_add(filling, key, value);
    if (value != NULL && result < 0 && PyErr_ExceptionMatches(PyExc_TypeError)) {
        PyErr_Clear();
        malformed(u, "it has a map key that cannot be a key of a dict");
    }
    Py_DECREF(key);
    Py_XDECREF(value);
    return result;
}

static PyObject *unpack_dict(Unpacker *u, bool ordered, size_t count, int depth)
{
    State *state = u->codec->state;
    PyObject *key = count == 0 ? NULL : unpack_key(u, depth);
    if (count > 0 && key == NULL) {
        return NULL;
    }
    MapFilling filling;
    map_filling_begin(&filling, state, ordered ? state->key_ordered_dict_class : NULL, key, count);
    bool good = filling.dict != NULL;
    for (size_t left = count; good && left > 0; left--) {
        good = key != NULL && unpack_entry(u, &filling, key, depth) == 0;
        key = good && left > 1 ? unpack_key(u, depth) : NULL;
    }
    Py_XDECREF(key);
    return map_filling_end(&filling, good);
}

static PyObject *unpack_map(Unpacker *u, size_t count, int depth)
{
    if (!take_items(u, 2 * count)) {
        return NULL;
    }
    uint8_t flags = 0;
    if (take_map_mark(u, &count, &flags)) {
        PyObject *nil = unpack(u, depth);
        if (nil == NULL) {
            return NULL;
        }
        Py_DECREF(nil);
    }
    if ((flags & MAP_KEEPS_ORDER) != 0) {  // KEY_VALUE: as the vendor's client shows it
        return unpack_values(u, 2 * count, depth);
    }
    // ordered by value, too: a plain dict, as the vendor's client shows it
    bool ordered = (flags & AS_PACKED_MAP_FLAG_KV_ORDERED) == AS_PACKED_MAP_FLAG_K_ORDERED;
    return unpack_dict(u, ordered, count, depth);
}

static PyObject *unpack_ext(Unpacker *u, size_t size)
{
    if (msgpack_left(&u->in) < size + 1) {
        return malformed(u, "it ends within an extension");
    }
    uint8_t type = u->in.at[0];
    uint8_t content = size > 0 ? u->in.at[1] : 0;
    u->in.at += size + 1;
    if (type == MSGPACK_COMPARISON && size == 1) {
        State *state = u->codec->state;
        return PyObject_CallNoArgs(content == MSGPACK_INFINITE ? state->infinite_class : state->wildcard_class);
    }
    return malformed(u, "it has an extension that this client does not know");
}

// A server may store deeper than what we write: the limit only guards the stack.
static PyObject *unpack_container(Unpacker *u, bool map, size_t count, int depth)
{
    if (depth > 4 * CONVERT_MAX_DEPTH) {
        return malformed(u, "it is nested too deep");
    }
    return map ? unpack_map(u, count, depth + 1) : unpack_list(u, count, depth + 1);
}

// What is neither an integer nor a text, and its head is read.
static PyObject *unpack_less_common(Unpacker *u, MsgpackType type, uint64_t number, int depth)
{
    switch (type) {
    case MSGPACK_IS_CUT:
        return malformed(u, "it ends where a value should begin, or go on");
    case MSGPACK_IS_NIL:
        Py_RETURN_NONE;
    case MSGPACK_IS_BOOL:
        return PyBool_FromLong((long)number);
    case MSGPACK_IS_NATURAL:
        return PyLong_FromUnsignedLongLong(number);
    case MSGPACK_IS_FLOAT:
        return unpack_float(number);
    case MSGPACK_IS_DOUBLE:
        return unpack_double(number);
    case MSGPACK_IS_EXT:
        return unpack_ext(u, number);
    case MSGPACK_IS_LIST:
    case MSGPACK_IS_MAP:
        return unpack_container(u, type == MSGPACK_IS_MAP, number, depth);
    default:
        return malformed(u, "it has a byte that begins no value");
    }
}

static PyObject *unpack(Unpacker *u, int depth)
{
    uint64_t number = 0;
    MsgpackType type = msgpack_head(&u->in, &number);
    if (type == MSGPACK_IS_INTEGER) {
        return PyLong_FromLong((long)number);  // as wide, and faster than PyLong_FromLongLong
    }
    return type == MSGPACK_IS_BYTES ? unpack_bytes(u, number) : unpack_less_common(u, type, number, depth);
}

PyObject *value_unpack(const Codec *codec, const uint8_t *bytes, size_t size)
{
    Unpacker u = {codec, {bytes, bytes + size}, false, size};
    return unpack(&u, 0);
}

PyObject *value_unpack_plain(const Codec *codec, const uint8_t *bytes, size_t size)
{
    Unpacker u = {codec, {bytes, bytes + size}, true, size};
    return unpack(&u, 0);
}
