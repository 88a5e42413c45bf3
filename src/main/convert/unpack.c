// SPDX-License-Identifier: Apache-2.0
// The msgpack of a LIST or MAP as Python objects. Whatever the bytes: an exception, never a read past their end, and no
// more memory than they can account for.
#include "convert.h"
#include "errors.h"
#include "serializer.h"

#include <aerospike/as_bytes.h>
#include <aerospike/as_msgpack.h>
#include <citrusleaf/cf_byte_order.h>

typedef struct Unpacker {
    const Codec *codec;
    const uint8_t *at, *end;
    size_t items;  // that all containers together may still claim: each has a byte at least
} Unpacker;

static PyObject *unpack(Unpacker *in, int depth);

static PyObject *malformed(Unpacker *in, const char *problem)
{
    error_set(in->codec->state, AEROSPIKE_ERR_CLIENT, "a list or map from the server cannot be read: %s", problem);
    return NULL;
}

static inline size_t left(const Unpacker *in)
{
    return (size_t)(in->end - in->at);
}

// A big-endian number of `width` bytes. False where the input is cut short.
static inline bool take_number(Unpacker *in, int width, uint64_t *out)
{
    if (left(in) < (size_t)width) {
        return false;
    }
    uint64_t number = 0;
    if (left(in) >= sizeof number) {
        memcpy(&number, in->at, sizeof number);
        number = cf_swap_from_be64(number) >> (64 - 8 * width);
    } else {  // near the end: no more than there is
        for (int i = 0; i < width; i++) {
            number = number << 8 | in->at[i];
        }
    }
    in->at += width;
    *out = number;
    return true;
}

static bool is_ascii(const uint8_t *bytes, size_t size)
{
    const uint8_t *end = bytes + size;
    uint64_t all = 0, word;
    for (; end - bytes >= (ptrdiff_t)sizeof word; bytes += sizeof word) {
        memcpy(&word, bytes, sizeof word);
        all |= word;
    }
    for (; bytes < end; bytes++) {
        all |= *bytes;
    }
    return (all & 0x8080808080808080u) == 0;
}

static PyObject *text_or_bytes(const uint8_t *bytes, size_t size)
{
    if (size > 1 && is_ascii(bytes, size)) {  // most text is; of one character, Python has a str ready
        PyObject *ascii = PyUnicode_New((Py_ssize_t)size, 0x7f);
        if (ascii != NULL) {
            memcpy(PyUnicode_DATA(ascii), bytes, size);
        }
        return ascii;
    }
    PyObject *text = PyUnicode_DecodeUTF8((const char *)bytes, (Py_ssize_t)size, NULL);
    if (text == NULL && PyErr_ExceptionMatches(PyExc_UnicodeDecodeError)) {
        PyErr_Clear();  // another client's string that is no UTF-8: its bytes are all there is to show
        text = PyBytes_FromStringAndSize((const char *)bytes, (Py_ssize_t)size);
    }
    return text;
}

PyObject *text_to_py(const char *text, size_t size)
{
    return text_or_bytes((const uint8_t *)text, size);
}

PyObject *geojson_to_py(const Codec *codec, const char *text, size_t size)
{
    PyObject *json = text_or_bytes((const uint8_t *)text, size);
    PyObject *value = json == NULL ? NULL : PyObject_CallOneArg(codec->state->geojson_class, json);
    Py_XDECREF(json);
    return value;
}

PyObject *hyper_log_log_to_py(const Codec *codec, const uint8_t *bytes, size_t size)
{
    return PyObject_CallFunction(codec->state->hyper_log_log_class, "y#", (const char *)bytes, (Py_ssize_t)size);
}

// Strings and blobs alike: `size` bytes, the first of which is the type.
static PyObject *unpack_bytes(Unpacker *in, size_t size)
{
    if (size > left(in)) {
        return malformed(in, "it ends within a string or blob");
    }
    if (size == 0) {
        return PyUnicode_FromStringAndSize(NULL, 0);
    }
    as_bytes_type type = *in->at;
    const uint8_t *bytes = in->at + 1;
    in->at += size;
    switch (type) {
    case AS_BYTES_STRING:
        return text_or_bytes(bytes, size - 1);
    case AS_BYTES_GEOJSON:
        return geojson_to_py(in->codec, (const char *)bytes, size - 1);
    case AS_BYTES_BLOB:
        return deserializer_apply(in->codec, bytes, size - 1);
    case AS_BYTES_HLL:
        return hyper_log_log_to_py(in->codec, bytes, size - 1);
    case AS_BYTES_PYTHON:
        return PyByteArray_FromStringAndSize((const char *)bytes, (Py_ssize_t)size - 1);
    default:
        return PyBytes_FromStringAndSize((const char *)bytes, (Py_ssize_t)size - 1);
    }
}

static PyObject *unpack_float(Unpacker *in, int width)
{
    uint64_t bits;
    if (!take_number(in, width, &bits)) {
        return malformed(in, "it ends within a float");
    }
    if (width == 4) {
        uint32_t narrow = (uint32_t)bits;
        float number;
        memcpy(&number, &narrow, sizeof number);
        return PyFloat_FromDouble(number);
    }
    double number;
    memcpy(&number, &bits, sizeof number);
    return PyFloat_FromDouble(number);
}

// Whether a container's items are within what the whole may hold.
static bool take_items(Unpacker *in, size_t count)
{
    if (count > in->items) {
        malformed(in, "its lists and maps claim more items than there are bytes");
        return false;
    }
    in->items -= count;
    return true;
}

// So many values, one after another. The list is hidden from the garbage collector until it is whole, for what is made
// meanwhile may be the work of a function of the user's.
static PyObject *unpack_values(Unpacker *in, size_t count, int depth)
{
    PyObject *list = PyList_New((Py_ssize_t)count);
    if (list == NULL) {
        return NULL;
    }
    PyObject_GC_UnTrack(list);
    for (size_t i = 0; i < count; i++) {
        PyObject *item = unpack(in, depth);
        if (item == NULL) {
            Py_DECREF(list);
            return NULL;
        }
        PyList_SET_ITEM(list, (Py_ssize_t)i, item);
    }
    PyObject_GC_Track(list);
    return list;
}

static PyObject *unpack_list(Unpacker *in, size_t count, int depth)
{
    if (!take_items(in, count)) {
        return NULL;
    }
    if (count > 0 && left(in) >= 3 && in->at[0] == 0xc7 && in->at[1] == 0) {
        in->at += 3;  // the mark of an ordered list: of no interest to a Python list
        count--;
    }
    return unpack_values(in, count, depth);
}

// In the mark of a map: its entries are those of an answer, in the order in which they were asked for.
enum { MAP_KEEPS_ORDER = 0x08 };

// The mark of a map is its first entry: an ext of the flags, and nil.
static bool take_map_mark(Unpacker *in, size_t *count, uint8_t *flags)
{
    if (*count == 0 || left(in) < 4 || in->at[0] != 0xc7 || in->at[1] != 0) {
        return false;
    }
    *flags = in->at[2];
    in->at += 3;
    (*count)--;
    return true;
}

static PyObject *unpack_key(Unpacker *in, int depth)
{
    uint8_t code = left(in) >= 2 ? in->at[0] : 0;
    size_t size = code & 0x1f;
    if (code <= 0xa0 || code >= 0xc0 || in->at[1] != AS_BYTES_STRING || left(in) <= size) {
        return unpack(in, depth);
    }
    PyObject *key = name_to_py(in->codec->state, (const char *)in->at + 2, size - 1);
    in->at += size + 1;
    return key;
}

static int unpack_entry(Unpacker *in, PyObject *dict, int depth)
{
    PyObject *key = unpack_key(in, depth);
    PyObject *value = key == NULL ? NULL : unpack(in, depth);
    int result = value == NULL ? -1 : PyDict_SetItem(dict, key, value);
    if (value != NULL && result < 0 && PyErr_ExceptionMatches(PyExc_TypeError)) {
        PyErr_Clear();
        malformed(in, "it has a map key that cannot be a key of a dict");
    }
    Py_XDECREF(key);
    Py_XDECREF(value);
    return result;
}

static PyObject *unpack_dict(Unpacker *in, PyObject *dict, size_t count, int depth)
{
    for (size_t i = 0; dict != NULL && i < count; i++) {
        if (unpack_entry(in, dict, depth) < 0) {
            Py_CLEAR(dict);
        }
    }
    return dict;
}

static PyObject *unpack_map(Unpacker *in, size_t count, int depth)
{
    if (!take_items(in, 2 * count)) {
        return NULL;
    }
    uint8_t flags = 0;
    if (take_map_mark(in, &count, &flags)) {
        PyObject *nil = unpack(in, depth);
        if (nil == NULL) {
            return NULL;
        }
        Py_DECREF(nil);
    }
    if ((flags & MAP_KEEPS_ORDER) != 0) {  // KEY_VALUE: as the vendor's client shows it
        return unpack_values(in, 2 * count, depth);
    }
    // ordered by value, too: a plain dict, as the vendor's client shows it
    bool ordered = (flags & AS_PACKED_MAP_FLAG_KV_ORDERED) == AS_PACKED_MAP_FLAG_K_ORDERED;
    PyObject *dict = ordered ? PyObject_CallNoArgs(in->codec->state->key_ordered_dict_class) : PyDict_New();
    return unpack_dict(in, dict, count, depth);
}

static PyObject *unpack_ext(Unpacker *in, size_t size)
{
    if (left(in) < size + 1) {
        return malformed(in, "it ends within an extension");
    }
    uint8_t type = in->at[0];
    uint8_t content = size > 0 ? in->at[1] : 0;
    in->at += size + 1;
    if (type == 0xff && size == 1) {
        State *state = in->codec->state;
        return PyObject_CallNoArgs(content == 1 ? state->infinite_class : state->wildcard_class);
    }
    return malformed(in, "it has an extension that this client does not know");
}

static PyObject *unpack_sized(Unpacker *in, uint8_t code, int depth)
{
    static const uint8_t widths[] = {1, 2, 4};
    uint64_t size = 0;
    int width = code >= 0xdc ? (code & 1) == 0 ? 2 : 4
                             : widths[(code - (code >= 0xd9   ? 0xd9
                                               : code >= 0xc7 ? 0xc7
                                                              : 0xc4))];
    if (!take_number(in, width, &size)) {
        return malformed(in, "it ends within a length");
    }
    if (code >= 0xde) {
        return unpack_map(in, size, depth);
    }
    if (code >= 0xdc) {
        return unpack_list(in, size, depth);
    }
    return code >= 0xc7 && code <= 0xc9 ? unpack_ext(in, size) : unpack_bytes(in, size);
}

static PyObject *unpack_wide_integer(Unpacker *in, uint8_t code)
{
    uint64_t number;
    int width = 1 << ((code - 0xcc) & 3);
    if (!take_number(in, width, &number)) {
        return malformed(in, "it ends within an integer");
    }
    if (code < 0xcf) {  // what fits a signed number is made faster
        return PyLong_FromLongLong((int64_t)number);
    }
    if (code == 0xcf) {
        return PyLong_FromUnsignedLongLong(number);
    }
    switch (width) {
    case 1:
        return PyLong_FromLong((int8_t)number);
    case 2:
        return PyLong_FromLong((int16_t)number);
    case 4:
        return PyLong_FromLong((int32_t)number);
    default:
        return PyLong_FromLongLong((int64_t)number);
    }
}

static PyObject *unpack_coded(Unpacker *in, uint8_t code, int depth)
{
    switch (code) {
    case 0xc0:
        Py_RETURN_NONE;
    case 0xc2:
        Py_RETURN_FALSE;
    case 0xc3:
        Py_RETURN_TRUE;
    case 0xca:
        return unpack_float(in, 4);
    case 0xcb:
        return unpack_float(in, 8);
    case 0xcc ... 0xd3:
        return unpack_wide_integer(in, code);
    case 0xd4 ... 0xd8:
        return unpack_ext(in, (size_t)1 << (code - 0xd4));
    case 0xc1:
        return malformed(in, "it has a byte that begins no value");
    default:
        return unpack_sized(in, code, depth);
    }
}

static PyObject *unpack(Unpacker *in, int depth)
{
    if (in->at == in->end) {
        return malformed(in, "it ends where a value should begin");
    }
    uint8_t code = *in->at++;
    if (code < 0x80) {
        return PyLong_FromLong(code);
    }
    if (code >= 0xe0) {
        return PyLong_FromLong((int8_t)code);
    }
    if (code >= 0xa0 && code < 0xc0) {
        return unpack_bytes(in, code & 0x1f);
    }
    // a server may store deeper than what we write: the limit only guards the stack
    if (depth > 4 * CONVERT_MAX_DEPTH) {
        return malformed(in, "it is nested too deep");
    }
    if (code < 0x90) {
        return unpack_map(in, code & 0x0f, depth + 1);
    }
    if (code < 0xa0) {
        return unpack_list(in, code & 0x0f, depth + 1);
    }
    return unpack_coded(in, code, depth + 1);
}

PyObject *value_unpack(const Codec *codec, const uint8_t *bytes, size_t size)
{
    Unpacker in = {codec, bytes, bytes + size, size};
    return unpack(&in, 0);
}
