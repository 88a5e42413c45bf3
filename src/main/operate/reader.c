// SPDX-License-Identifier: Apache-2.0
// Elements of msgpack, one after another: what expressions and contexts are read from. Whatever the bytes: no read past
// their end.
#include "errors.h"
#include "expressions_read.h"
#include "pack.h"

static bool take_number(Reader *r, int width, uint64_t *out)
{
    if (reader_left(r) < (size_t)width) {
        return false;
    }
    uint64_t number = 0;
    for (int i = 0; i < width; i++) {
        number = number << 8 | *r->at++;
    }
    *out = number;
    return true;
}

// What follows each code from 0xc0 to 0xdf: bytes, or the width of a number that counts bytes or elements.
typedef struct Coded {
    uint8_t bytes;  // there are always
    uint8_t width;  // of a number
    uint8_t elements;  // for each that it counts; 0: it counts bytes
} Coded;

static const Coded coded[0x20] = {
    [0x04] = {0, 1, 0}, [0x05] = {0, 2, 0}, [0x06] = {0, 4, 0},  // bin
    [0x07] = {1, 1, 0}, [0x08] = {1, 2, 0}, [0x09] = {1, 4, 0},  // ext
    [0x0a] = {4, 0, 0}, [0x0b] = {8, 0, 0},  // float
    [0x0c] = {1, 0, 0}, [0x0d] = {2, 0, 0}, [0x0e] = {4, 0, 0}, [0x0f] = {8, 0, 0},  // unsigned
    [0x10] = {1, 0, 0}, [0x11] = {2, 0, 0}, [0x12] = {4, 0, 0}, [0x13] = {8, 0, 0},  // signed
    [0x14] = {2, 0, 0}, [0x15] = {3, 0, 0}, [0x16] = {5, 0, 0}, [0x17] = {9, 0, 0}, [0x18] = {17, 0, 0},  // fixext
    [0x19] = {0, 1, 0}, [0x1a] = {0, 2, 0}, [0x1b] = {0, 4, 0},  // str
    [0x1c] = {0, 2, 1}, [0x1d] = {0, 4, 1},  // list
    [0x1e] = {0, 2, 2}, [0x1f] = {0, 4, 2},  // map
};

// Go over one element, however deep. False where the input is cut short or no msgpack.
bool reader_skip(Reader *r)
{
    for (uint64_t pending = 1; pending > 0; pending--) {
        if (reader_left(r) == 0) {
            return false;
        }
        uint8_t code = *r->at++;
        uint64_t bytes = 0, elements = 0;
        if (code >= 0xc0 && code < 0xe0) {
            const Coded *follows = &coded[code - 0xc0];
            uint64_t counted = 0;
            if (code == 0xc1 || !take_number(r, follows->width, &counted)) {
                return false;
            }
            bytes = follows->bytes + (follows->elements == 0 ? counted : 0);
            elements = counted * follows->elements;
        } else if (code >= 0xa0 && code < 0xc0) {
            bytes = code & 0x1f;
        } else if (code >= 0x80 && code < 0xa0) {
            elements = (uint64_t)(code & 0x0f) * (code < 0x90 ? 2 : 1);
        }
        if (bytes > reader_left(r) || elements > reader_left(r) - bytes) {
            return false;
        }
        r->at += bytes;
        pending += elements;
    }
    return true;
}

bool msgpack_is_one(const void *bytes, size_t size)
{
    Reader r = {.at = bytes, .end = (const uint8_t *)bytes + size};
    return reader_skip(&r) && r.at == r.end;
}

bool reader_integer(Reader *r, int64_t *out)
{
    as_unpacker in = {.buffer = r->at, .length = (uint32_t)reader_left(r)};
    if (as_unpack_int64(&in, out) != 0) {
        return false;
    }
    r->at += in.offset;
    return true;
}

// The head of a list; `count` is what it has.
bool reader_list(Reader *r, int64_t *count)
{
    as_unpacker in = {.buffer = r->at, .length = (uint32_t)reader_left(r)};
    *count = as_unpack_list_header_element_count(&in);
    r->at += *count < 0 ? 0 : in.offset;
    return *count >= 0;
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
    const uint8_t *start = r->at;
    if (!reader_skip(r)) {
        return NULL;
    }
    size_t size = (size_t)(r->at - start);
    PyObject *value = forgive(value_unpack(&r->codec, start, size));
    if (value == NULL) {
        return NULL;
    }
    Packer packer = {.codec = &r->codec, .special = true, .sort_maps = true};
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
    as_unpacker in = {.buffer = r->at, .length = (uint32_t)reader_left(r)};
    uint32_t size;
    const uint8_t *text = as_unpack_str(&in, &size);
    if (text == NULL) {
        return NULL;
    }
    r->at += in.offset;
    return forgive(PyUnicode_DecodeUTF8((const char *)text, (Py_ssize_t)size, NULL));
}
