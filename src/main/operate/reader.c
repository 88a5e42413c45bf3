// SPDX-License-Identifier: Apache-2.0
// Elements of msgpack, one after another: what expressions and contexts are read from.
#include "operate/reader.h"

#include "convert/pack.h"

bool reader_at_list(const Reader *r)
{
    Msgpack ahead = r->in;
    uint64_t count;
    return msgpack_head(&ahead, &count) == MSGPACK_IS_LIST;
}

bool reader_integer(Reader *r, int64_t *out)
{
    uint64_t number;
    bool good = msgpack_head(&r->in, &number) == MSGPACK_IS_INTEGER;
    *out = good ? (int64_t)number : 0;
    return good;
}

bool reader_list(Reader *r, int64_t *count)
{
    uint64_t number;
    bool good = msgpack_head(&r->in, &number) == MSGPACK_IS_LIST;
    *count = good ? (int64_t)number : 0;
    return good;
}

// What cannot be shown as a Python value is kept as bytes; memory that is not there is another matter.
static PyObject *forgive(PyObject *value)
{
    if (value == NULL && !PyErr_ExceptionMatches(PyExc_MemoryError)) {
        PyErr_Clear();
    }
    return value;
}

// ---- values ----

// A value that packs to the same bytes again.
PyObject *reader_value(Reader *r)
{
    const uint8_t *start = r->in.at;
    if (!msgpack_skip(&r->in)) {
        return NULL;
    }
    size_t size = (size_t)(r->in.at - start);
    PyObject *value = forgive(value_unpack_plain(r->codec, start, size));
    if (value == NULL) {
        return NULL;
    }
    Packer packer = {.codec = r->codec, .special = true, .sort_maps = true};
    PackPath path = {NULL, "text", NULL, 0};
    bool same =
        pack_value(&packer, value, &path, 0) == 0 && packer.size == size && memcmp(packer.bytes, start, size) == 0;
    packer_release(&packer);
    if (!same) {
        PyErr_Clear();
        Py_CLEAR(value);
    }
    return value;
}

PyObject *reader_name(Reader *r)
{
    uint64_t size;
    if (msgpack_head(&r->in, &size) != MSGPACK_IS_BYTES || size > msgpack_left(&r->in)) {
        return NULL;
    }
    const char *text = (const char *)r->in.at;
    r->in.at += size;
    return forgive(PyUnicode_DecodeUTF8(text, (Py_ssize_t)size, NULL));
}
