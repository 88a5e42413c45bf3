// SPDX-License-Identifier: Apache-2.0
#include "convert/pack.h"

#include "convert/msgpack.h"
#include "convert/serializer.h"
#include "convert/value.h"
#include "errors.h"

#include <aerospike/as_bytes.h>
#include <aerospike/as_msgpack.h>
#include <aerospike/as_proto.h>

// ---- the buffer ----

static int grow(Packer *packer, size_t more)
{
    size_t room = packer->room == 0 ? 256 : packer->room;
    while (room < packer->size + more) {
        room *= 2;
    }
    if (room > PROTO_SIZE_MAX) {
        return error_set(packer->codec->state, AEROSPIKE_ERR_RECORD_TOO_BIG,
                         "a value is larger than a request to a server can be (%d MiB)", PROTO_SIZE_MAX >> 20);
    }
    uint8_t *bytes = PyMem_Realloc(packer->bytes, room);
    if (bytes == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    packer->bytes = bytes;
    packer->room = room;
    return 0;
}

static inline int reserve(Packer *packer, size_t more)
{
    return packer->room - packer->size >= more ? 0 : grow(packer, more);
}

void packer_release(Packer *packer)
{
    PyMem_Free(packer->bytes);
    packer->bytes = NULL;
}

// Where the next head goes, which there is room for.
static inline uint8_t *end_of(const Packer *packer)
{
    return packer->bytes + packer->size;
}

static inline void put_byte(Packer *packer, uint8_t byte)
{
    packer->bytes[packer->size++] = byte;
}

static inline void put_bytes(Packer *packer, const void *bytes, size_t size)
{
    memcpy(packer->bytes + packer->size, bytes, size);
    packer->size += size;
}

// The head of a string of `size` bytes, and room for them.
static int pack_length(Packer *packer, size_t size)
{
    if (size >= PROTO_SIZE_MAX || reserve(packer, size + MSGPACK_HEAD_MOST) < 0) {
        return PyErr_Occurred() ? -1 : grow(packer, size);
    }
    packer->size += msgpack_put_length(end_of(packer), size);
    return 0;
}

static int pack_bytes(Packer *packer, as_bytes_type type, const void *bytes, size_t size)
{
    if (pack_length(packer, size + 1) < 0) {  // the type is part of it
        return -1;
    }
    put_byte(packer, (uint8_t)type);
    put_bytes(packer, bytes, size);
    return 0;
}

int pack_name(Packer *packer, const char *text, size_t size)
{
    if (pack_length(packer, size) < 0) {
        return -1;
    }
    put_bytes(packer, text, size);
    return 0;
}

int pack_ready(Packer *packer, const void *bytes, size_t size)
{
    if (reserve(packer, size) < 0) {
        return -1;
    }
    put_bytes(packer, bytes, size);
    return 0;
}

int pack_integer(Packer *packer, int64_t number)
{
    if (reserve(packer, MSGPACK_HEAD_MOST) < 0) {
        return -1;
    }
    packer->size += msgpack_put_integer(end_of(packer), number);
    return 0;
}

int pack_count(Packer *packer, bool map, size_t count)
{
    if (count > UINT32_MAX || reserve(packer, MSGPACK_HEAD_MOST) < 0) {
        return -1;
    }
    packer->size += msgpack_put_count(end_of(packer), map, count);
    return 0;
}

// ---- errors with a path ----

PyObject *pack_path_text(const PackPath *path)
{
    if (path->outer == NULL) {
        return PyUnicode_FromString(path->what);
    }
    PyObject *outer = pack_path_text(path->outer);
    if (outer == NULL) {
        return NULL;
    }
    const char *joint = path->outer->outer == NULL ? ": " : " \u2192 ";
    PyObject *text = path->what != NULL  ? PyUnicode_FromFormat("%U%s%s", outer, joint, path->what)
                     : path->key == NULL ? PyUnicode_FromFormat("%U[%zd]", outer, path->index)
                                         : error_text("%U[%R]", outer, path->key);
    Py_DECREF(outer);
    return text;
}

static int refuse(Packer *packer, const PackPath *path, as_status code, const char *problem)
{
    PyObject *text = pack_path_text(path);
    if (text != NULL) {
        error_set(packer->codec->state, code, "%U %s", text, problem);
        Py_DECREF(text);
    }
    return -1;
}

// ---- scalars ----

static int pack_long(Packer *packer, PyObject *value, const PackPath *path)
{
    int64_t number;
    switch (integer_narrow(value, INT64_MIN, INT64_MAX, &number)) {
    case NARROWED:
        return pack_integer(packer, number);
    case NARROW_FAILED:
        return -1;
    default:
        return refuse(packer, path, AEROSPIKE_ERR_PARAM, "is an int that does not fit 64 bits (-2**63 to 2**63-1)");
    }
}

static int pack_float(Packer *packer, PyObject *value)
{
    if (reserve(packer, MSGPACK_HEAD_MOST) < 0) {
        return -1;
    }
    packer->size += msgpack_put_double(end_of(packer), PyFloat_AS_DOUBLE(value));
    return 0;
}

static const char *utf8_of(Packer *packer, PyObject *value, const PackPath *path, Py_ssize_t *size)
{
    const char *text = PyUnicode_AsUTF8AndSize(value, size);
    if (text == NULL && PyErr_ExceptionMatches(PyExc_UnicodeError)) {
        PyErr_Clear();
        refuse(packer, path, AEROSPIKE_ERR_CLIENT, "has a lone surrogate, which UTF-8 cannot encode");
    }
    return text;
}

static int pack_text(Packer *packer, PyObject *value, const PackPath *path)
{
    Py_ssize_t size;
    const char *text = utf8_of(packer, value, path, &size);
    return text == NULL ? -1 : pack_bytes(packer, AS_BYTES_STRING, text, (size_t)size);
}

// The pending exception, with the path before its message.
static int refuse_at(Packer *packer, const PackPath *path)
{
    PyObject *type, *error, *traceback;
    PyErr_Fetch(&type, &error, &traceback);
    PyObject *text = pack_path_text(path);
    PyErr_Restore(type, error, traceback);  // in place of what the text may have raised
    if (text != NULL) {
        error_prefix(packer->codec->state, "%U", text);
        Py_DECREF(text);
    }
    return -1;
}

static int pack_geojson(Packer *packer, PyObject *value, const PackPath *path)
{
    PyObject *text = PyObject_CallMethod(value, "dumps", NULL);
    if (text == NULL) {
        return refuse_at(packer, path);
    }
    Py_ssize_t size;
    const char *bytes = PyUnicode_AsUTF8AndSize(text, &size);
    int result = bytes == NULL ? -1 : pack_bytes(packer, AS_BYTES_GEOJSON, bytes, (size_t)size);
    Py_DECREF(text);
    return result;
}

static int pack_comparison(Packer *packer, const PackPath *path, bool infinite)
{
    if (!packer->special) {
        return refuse(packer, path, AEROSPIKE_ERR_CLIENT,
                      infinite ? "is a CDTInfinite, which only operations can compare with"
                               : "is a CDTWildcard, which only operations can compare with");
    }
    const uint8_t bytes[] = {MSGPACK_FIXEXT1, MSGPACK_COMPARISON, infinite ? MSGPACK_INFINITE : MSGPACK_WILDCARD};
    return pack_ready(packer, bytes, sizeof bytes);
}

// ---- containers ----

static int changed_meanwhile(void)
{
    PyErr_SetString(PyExc_RuntimeError, "a container changed while its values were serialized");
    return -1;
}

static int pack_list(Packer *packer, PyObject *list, const PackPath *path, int depth)
{
    Py_ssize_t count = PyList_GET_SIZE(list);
    PackPath place = {path, NULL, NULL, 0};
    if (pack_count(packer, false, (size_t)count) < 0) {
        return -1;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        if (PyList_GET_SIZE(list) != count) {
            return changed_meanwhile();
        }
        PyObject *item = Py_NewRef(PyList_GET_ITEM(list, i));
        place.index = i;
        int result = pack_value(packer, item, &place, depth);
        Py_DECREF(item);
        if (result < 0) {
            return -1;
        }
    }
    return 0;
}

static bool can_be_key(const Packer *packer, PyObject *key)
{
    ValueType type = value_type(packer->codec, key);
    return type == VALUE_TEXT || type == VALUE_BYTES || (type == VALUE_INTEGER && !PyBool_Check(key)) ||
           (type == VALUE_WILDCARD && packer->special);
}

static int refuse_key(Packer *packer, PyObject *key, const PackPath *path)
{
    char problem[200];
    snprintf(problem, sizeof problem, "has a map key of type %.100s; a key must be str, int or bytes",
             Py_TYPE(key)->tp_name);
    return refuse(packer, path->outer, AEROSPIKE_ERR_PARAM, problem);
}

static inline int pack_key(Packer *packer, PyObject *key, const PackPath *path)
{
    if (PyUnicode_Check(key)) {  // most are
        return pack_text(packer, key, path);
    }
    return can_be_key(packer, key) ? pack_value(packer, key, path, 0) : refuse_key(packer, key, path);
}

static int pack_entry(Packer *packer, PyObject *key, PyObject *value, const PackPath *path, int depth)
{
    PackPath place = {path, NULL, key, 0};
    Py_INCREF(key);
    Py_INCREF(value);
    int result = pack_key(packer, key, &place) < 0 ? -1 : pack_value(packer, value, &place, depth);
    Py_DECREF(key);
    Py_DECREF(value);
    return result;
}

static int pack_map(Packer *packer, PyObject *dict, const PackPath *path, int depth)
{
    Py_ssize_t count = PyDict_GET_SIZE(dict), position = 0, packed = 0;
    PyObject *key, *value;
    if (pack_count(packer, true, (size_t)count) < 0) {
        return -1;
    }
    while (PyDict_Next(dict, &position, &key, &value)) {
        if (packed++ == count || PyDict_GET_SIZE(dict) != count) {
            return changed_meanwhile();
        }
        if (pack_entry(packer, key, value, path, depth) < 0) {
            return -1;
        }
    }
    return packed == count ? 0 : changed_meanwhile();
}

// int, then str, then bytes; each by value: the server's order of map keys.
enum { WILDCARD_RANK = 3 };  // without a value to compare

static int key_rank(PyObject *key)
{
    return PyLong_Check(key) ? 0 : PyUnicode_Check(key) ? 1 : PyBytes_Check(key) ? 2 : WILDCARD_RANK;
}

static int bytes_compare(const char *a, Py_ssize_t a_size, const char *b, Py_ssize_t b_size)
{
    int order = memcmp(a, b, (size_t)(a_size < b_size ? a_size : b_size));
    return order != 0 ? order : (a_size > b_size) - (a_size < b_size);
}

static int item_compare(const void *left, const void *right)
{
    PyObject *a = PyTuple_GET_ITEM(*(PyObject *const *)left, 0), *b = PyTuple_GET_ITEM(*(PyObject *const *)right, 0);
    int rank = key_rank(a) - key_rank(b);
    if (rank != 0 || key_rank(a) == WILDCARD_RANK) {
        return rank;
    }
    if (PyLong_Check(a)) {
        int64_t a_number, b_number;  // out-of-range keys are refused when they are packed
        integer_narrow(a, INT64_MIN, INT64_MAX, &a_number);
        integer_narrow(b, INT64_MIN, INT64_MAX, &b_number);
        return (a_number > b_number) - (a_number < b_number);
    }
    Py_ssize_t a_size = 0, b_size = 0;
    const char *a_text, *b_text;
    if (PyUnicode_Check(a)) {
        a_text = PyUnicode_AsUTF8AndSize(a, &a_size);
        b_text = PyUnicode_AsUTF8AndSize(b, &b_size);
    } else {
        a_text = PyBytes_AS_STRING(a);
        b_text = PyBytes_AS_STRING(b);
        a_size = PyBytes_GET_SIZE(a);
        b_size = PyBytes_GET_SIZE(b);
    }
    return a_text == NULL || b_text == NULL ? 0 : bytes_compare(a_text, a_size, b_text, b_size);
}

// Refuse what cannot be a key before keys are compared.
static int check_keys(Packer *packer, PyObject *items, const PackPath *path)
{
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(items); i++) {
        PyObject *key = PyTuple_GET_ITEM(PyList_GET_ITEM(items, i), 0);
        PackPath place = {path, NULL, key, 0};
        if (!can_be_key(packer, key) || (PyUnicode_Check(key) && PyUnicode_AsUTF8AndSize(key, NULL) == NULL)) {
            PyErr_Clear();
            return pack_key(packer, key, &place);  // which refuses it
        }
    }
    return 0;
}

// An entry of the map: an ext of no bytes, whose type are the flags, and nil.
static int pack_order_mark(Packer *packer)
{
    static const uint8_t mark[] = {MSGPACK_EXT8, 0, AS_PACKED_MAP_FLAG_K_ORDERED, MSGPACK_NIL};
    return pack_ready(packer, mark, sizeof mark);
}

// `marked`: the map is to be kept in that order, too.
static int pack_sorted_map(Packer *packer, PyObject *dict, const PackPath *path, int depth, bool marked)
{
    PyObject *items = PyDict_Items(dict);
    if (items == NULL) {
        return -1;
    }
    Py_ssize_t count = PyList_GET_SIZE(items);
    int result = check_keys(packer, items, path);
    if (result == 0) {
        if (count > 1) {
            PyObject **first = &PyList_GET_ITEM(items, 0);
            qsort(first, (size_t)count, sizeof *first, item_compare);
        }
        result = pack_count(packer, true, (size_t)count + marked);
    }
    if (result == 0 && marked) {
        result = pack_order_mark(packer);
    }
    for (Py_ssize_t i = 0; result == 0 && i < count; i++) {
        PyObject *item = PyList_GET_ITEM(items, i);
        result = pack_entry(packer, PyTuple_GET_ITEM(item, 0), PyTuple_GET_ITEM(item, 1), path, depth);
    }
    Py_DECREF(items);
    return result;
}

// ---- any value ----

static int pack_container(Packer *packer, PyObject *value, const PackPath *path, int depth)
{
    if (depth >= CONVERT_MAX_DEPTH) {
        const PackPath *outermost = path;
        while (outermost->outer != NULL) {
            outermost = outermost->outer;
        }
        return refuse(packer, outermost, AEROSPIKE_ERR_PARAM,
                      "has lists or maps nested deeper than 64 levels (or one that contains itself)");
    }
    if (PyList_Check(value)) {
        return pack_list(packer, value, path, depth + 1);
    }
    if ((PyObject *)Py_TYPE(value) != (PyObject *)&PyDict_Type &&
        is_a(value, packer->codec->state->key_ordered_dict_class)) {
        return pack_sorted_map(packer, value, path, depth + 1, true);
    }
    return packer->sort_maps ? pack_sorted_map(packer, value, path, depth + 1, false)
                             : pack_map(packer, value, path, depth + 1);
}

static int pack_code(Packer *packer, uint8_t code)
{
    if (reserve(packer, 1) < 0) {
        return -1;
    }
    put_byte(packer, code);
    return 0;
}

static int pack_foreign(Packer *packer, PyObject *value, const PackPath *path)
{
    PyObject *text = pack_path_text(path);
    const char *where = text == NULL ? NULL : PyUnicode_AsUTF8(text);
    as_bytes_type type;
    PyObject *bytes = where == NULL ? NULL : serializer_apply(packer->codec, value, where, &type);
    int result = -1;
    if (bytes != NULL) {
        result = pack_bytes(packer, type, PyBytes_AS_STRING(bytes), (size_t)PyBytes_GET_SIZE(bytes));
    }
    Py_XDECREF(bytes);
    Py_XDECREF(text);
    return result;
}

int pack_value(Packer *packer, PyObject *value, const PackPath *path, int depth)
{
    ValueType type = value_type(packer->codec, value);
    switch (type) {
    case VALUE_TEXT:
        return pack_text(packer, value, path);
    case VALUE_INTEGER:
        return pack_long(packer, value, path);
    case VALUE_BOOL:
        return pack_code(packer, value == Py_True ? MSGPACK_TRUE : MSGPACK_FALSE);
    case VALUE_FLOAT:
        return pack_float(packer, value);
    case VALUE_LIST:
    case VALUE_MAP:
        return pack_container(packer, value, path, depth);
    case VALUE_BYTES:
        return pack_bytes(packer, bytes_type(packer->codec->state, value), PyBytes_AS_STRING(value),
                          (size_t)PyBytes_GET_SIZE(value));
    case VALUE_BYTEARRAY:
        return pack_bytes(packer, AS_BYTES_BLOB, PyByteArray_AS_STRING(value), (size_t)PyByteArray_GET_SIZE(value));
    case VALUE_NIL:
        return pack_code(packer, MSGPACK_NIL);
    case VALUE_GEOJSON:
        return pack_geojson(packer, value, path);
    case VALUE_INFINITE:
    case VALUE_WILDCARD:
        return pack_comparison(packer, path, type == VALUE_INFINITE);
    case VALUE_FOREIGN:
        return pack_foreign(packer, value, path);
    }
    Py_UNREACHABLE();
}

uint8_t *value_pack(const Codec *codec, PyObject *object, const char *what, uint32_t *size)
{
    Packer packer = {.codec = codec};
    PackPath path = {NULL, what, NULL, 0};
    if (pack_value(&packer, object, &path, 0) < 0) {
        packer_release(&packer);
        return NULL;
    }
    *size = (uint32_t)packer.size;
    return packer.bytes;
}
