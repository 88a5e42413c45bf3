// SPDX-License-Identifier: Apache-2.0
// Key tuples and the C client's keys.
#include "convert/convert.h"
#include "convert/digest.h"
#include "errors.h"

// A namespace or set: a str that fits, without NUL. None is "" where `optional`.
static int name_from_py(State *state, const char *what, PyObject *value, bool optional, char *out, size_t room)
{
    Py_ssize_t size;
    if (optional && value == Py_None) {
        out[0] = '\0';
        return 0;
    }
    if (!PyUnicode_Check(value)) {
        return error_type(state, what, optional ? "a str or None" : "a str", value);
    }
    const char *text = PyUnicode_AsUTF8AndSize(value, &size);
    if (text == NULL) {
        return unicode_error(state, what);
    }
    if ((size_t)size >= room) {
        return error_param(state, "%s must be at most %zu bytes, and %R has %zd", what, room - 1, value, size);
    }
    if (memchr(text, '\0', (size_t)size) != NULL) {
        return error_param(state, "%s must not contain NUL: %R", what, value);
    }
    memcpy(out, text, (size_t)size + 1);
    return 0;
}

static int integer_key(State *state, PyObject *pk, as_key *key)
{
    int64_t number;
    if (integer_from_py(state, pk, "the primary key", INT64_MIN, INT64_MAX, &number) < 0) {
        return -1;
    }
    as_integer_init(&key->value.integer, number);
    return 0;
}

static int text_key(State *state, PyObject *pk, as_key *key, Keep *keep)
{
    Py_ssize_t size;
    const char *text = PyUnicode_AsUTF8AndSize(pk, &size);
    if (text == NULL) {
        return unicode_error(state, "the primary key");
    }
    as_string_init_wlen(&key->value.string, (char *)text, (size_t)size, false);
    return keep_object(keep, pk);
}

// As in the vendor's client, and in that of 2015, to whom every text was bytes: the same key as the str of these bytes.
static int bytes_key(PyObject *pk, as_key *key, Keep *keep)
{
    as_string_init_wlen(&key->value.string, PyBytes_AS_STRING(pk), (size_t)PyBytes_GET_SIZE(pk), false);
    return keep_object(keep, pk);
}

static int bytearray_key(State *state, PyObject *pk, as_key *key, Keep *keep)
{
    PyObject *copy = PyBytes_FromObject(pk);
    if (copy == NULL || keep_object(keep, copy) < 0) {
        Py_XDECREF(copy);
        return -1;
    }
    Py_DECREF(copy);
    Py_ssize_t size = PyBytes_GET_SIZE(copy);
    if (size == 0) {
        return error_param(state, "the primary key must not be an empty bytearray");
    }
    as_bytes_init_wrap(&key->value.bytes, (uint8_t *)PyBytes_AS_STRING(copy), (uint32_t)size, false);
    return 0;
}

static int digest_key(State *state, PyObject *digest, as_key *key)
{
    if (!PyBytes_Check(digest) && !PyByteArray_Check(digest)) {
        return error_type(state, "the digest of a key", "20 bytes", digest);
    }
    const char *bytes = PyBytes_Check(digest) ? PyBytes_AS_STRING(digest) : PyByteArray_AS_STRING(digest);
    Py_ssize_t size = PyBytes_Check(digest) ? PyBytes_GET_SIZE(digest) : PyByteArray_GET_SIZE(digest);
    if (size != AS_DIGEST_VALUE_SIZE) {
        return error_param(state, "the digest of a key must be %d bytes, not %zd", AS_DIGEST_VALUE_SIZE, size);
    }
    memcpy(key->digest.value, bytes, AS_DIGEST_VALUE_SIZE);
    key->digest.init = true;
    key->valuep = NULL;
    return 0;
}

static int parts_read(const Codec *codec, PyObject *ns, PyObject *set, PyObject *pk, as_key *out, Keep *keep)
{
    State *state = codec->state;
    memset(out, 0, sizeof *out);
    if (name_from_py(state, "the namespace", ns, false, out->ns, sizeof out->ns) < 0 ||
        name_from_py(state, "the set", set, true, out->set, sizeof out->set) < 0) {
        return -1;
    }
    int result;
    if (PyUnicode_Check(pk)) {
        result = text_key(state, pk, out, keep);
    } else if (PyLong_Check(pk)) {
        result = integer_key(state, pk, out);
    } else if (PyBytes_Check(pk)) {
        result = bytes_key(pk, out, keep);
    } else if (PyByteArray_Check(pk)) {
        result = bytearray_key(state, pk, out, keep);
    } else {
        result = error_type(state, "the primary key", "a str, int, bytes or bytearray", pk);
    }
    out->valuep = result == 0 ? &out->value : NULL;
    return result;
}

int key_read(const Codec *codec, PyObject *key, as_key *out, Keep *keep)
{
    State *state = codec->state;
    memset(out, 0, sizeof *out);
    if (!PyTuple_Check(key)) {
        return error_type(state, "key",
                          "a tuple (namespace, set, primary key) or (namespace, set, None, digest), or a dict of the "
                          "same",
                          key);
    }
    Py_ssize_t size = PyTuple_GET_SIZE(key);
    if (size != 3 && size != 4) {
        return error_param(state, "key must be (namespace, set, primary key) or (namespace, set, None, digest), not %R",
                           key);
    }
    PyObject *pk = PyTuple_GET_ITEM(key, 2);
    if (pk != Py_None) {
        return parts_read(codec, PyTuple_GET_ITEM(key, 0), PyTuple_GET_ITEM(key, 1), pk, out, keep);
    }
    if (size == 3 || PyTuple_GET_ITEM(key, 3) == Py_None) {
        return error_param(state, "key needs a primary key or a digest: %R has neither", key);
    }
    if (name_from_py(state, "the namespace", PyTuple_GET_ITEM(key, 0), false, out->ns, sizeof out->ns) < 0 ||
        name_from_py(state, "the set", PyTuple_GET_ITEM(key, 1), true, out->set, sizeof out->set) < 0) {
        return -1;
    }
    return digest_key(state, PyTuple_GET_ITEM(key, 3), out);
}

// 0 or -1 with MemoryError.
static int digest(as_key *key)
{
    return digest_make(key) ? 0 : (PyErr_NoMemory(), -1);
}

int key_from_parts(const Codec *codec, PyObject *ns, PyObject *set, PyObject *pk, as_key *out, Keep *keep)
{
    return parts_read(codec, ns, set, pk, out, keep) < 0 ? -1 : digest(out);
}

int key_from_py(const Codec *codec, PyObject *key, as_key *out, Keep *keep)
{
    return key_read(codec, key, out, keep) < 0 ? -1 : out->digest.init ? 0 : digest(out);
}

// ---- to Python ----

static PyObject *bytearray_to_py(const uint8_t *bytes, size_t size)
{
    PyObject *array = PyByteArray_FromStringAndSize((const char *)bytes, (Py_ssize_t)size);
    if (array == NULL && !PyErr_Occurred()) {
        PyErr_NoMemory();  // CPython 3.11 loses this error while it frees what it has made of the bytearray
    }
    return array;
}

PyObject *digest_to_py(const uint8_t *digest)
{
    return bytearray_to_py(digest, AS_DIGEST_VALUE_SIZE);
}

// What finds the record again: bytes would be the key of a str.
PyObject *blob_key_to_py(const uint8_t *bytes, size_t size)
{
    return bytearray_to_py(bytes, size);
}

// Is it of a type whose objects refer to none?
static inline bool is_leaf(PyObject *object)
{
    return object == Py_None || PyUnicode_CheckExact(object) || !PyObject_IS_GC(object);
}

PyObject *key_tuple(PyObject *ns, PyObject *set, PyObject *pk, PyObject *digest)
{
    PyObject *parts[KEY_PARTS] = {ns, set, pk, digest}, *tuple = NULL;
    if (ns != NULL && set != NULL && pk != NULL && digest != NULL) {
        tuple = PyTuple_New(KEY_PARTS);
    }
    for (Py_ssize_t i = 0; i < KEY_PARTS; i++) {
        if (tuple != NULL) {
            PyTuple_SET_ITEM(tuple, i, parts[i]);
        } else {
            Py_XDECREF(parts[i]);
        }
    }
    if (tuple != NULL && is_leaf(ns) && is_leaf(set) && is_leaf(pk)) {
        PyObject_GC_UnTrack(tuple);  // nothing in it refers to anything; the collector would find that out, at a price
    }
    return tuple;
}

static PyObject *native_pk_to_py(const Codec *codec, const as_key *key)
{
    const as_val *value = (const as_val *)key->valuep;
    if (value == NULL) {
        return Py_NewRef(Py_None);
    }
    return as_val_type(value) == AS_BYTES ? blob_key_to_py(key->valuep->bytes.value, key->valuep->bytes.size)
                                          : value_from_native(codec, value);
}

// The namespace and set of many records are the same few names.
PyObject *key_to_py(const Codec *codec, const as_key *key)
{
    PyObject *ns = placed_name_to_py(codec->state, PLACE_NAMESPACE, key->ns);
    PyObject *set = ns == NULL            ? NULL
                    : key->set[0] == '\0' ? Py_NewRef(Py_None)
                                          : placed_name_to_py(codec->state, PLACE_SET, key->set);
    PyObject *pk = set == NULL ? NULL : native_pk_to_py(codec, key);
    return key_tuple(ns, set, pk, pk == NULL ? NULL : digest_to_py(key->digest.value));
}

PyObject *key_result_to_py(const as_key *key, PyObject *given, bool with_pk)
{
    PyObject *pk = with_pk ? PyTuple_GET_ITEM(given, 2) : Py_None;
    return key_tuple(Py_NewRef(PyTuple_GET_ITEM(given, 0)), Py_NewRef(PyTuple_GET_ITEM(given, 1)), Py_NewRef(pk),
                     digest_to_py(key->digest.value));
}
