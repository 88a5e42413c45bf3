// SPDX-License-Identifier: Apache-2.0
// Texts as str.
#include "convert/names.h"

#include "convert/convert.h"

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

PyObject *text_to_py(const char *text, size_t size)
{
    const uint8_t *bytes = (const uint8_t *)text;
    if (size > 1 && is_ascii(bytes, size)) {  // most text is; of one character, Python has a str ready
        PyObject *ascii = PyUnicode_New((Py_ssize_t)size, 0x7f);
        if (ascii != NULL) {
            memcpy(PyUnicode_DATA(ascii), bytes, size);
        }
        return ascii;
    }
    PyObject *str = PyUnicode_DecodeUTF8(text, (Py_ssize_t)size, NULL);
    if (str == NULL && PyErr_ExceptionMatches(PyExc_UnicodeDecodeError)) {
        PyErr_Clear();  // another client's string that is no UTF-8: its bytes are all there is to show
        str = PyBytes_FromStringAndSize(text, (Py_ssize_t)size);
    }
    return str;
}

// ---- names of bins and keys of maps: they come again and again, so that the str made once is given again ----

// A cheap mix, of eight bytes at a time, the last eight perhaps again: what collides is made anew, no more.
static inline size_t name_slot(const char *text, size_t size)
{
    const uint64_t odd = 0x9e3779b97f4a7c15u;
    const char *end = text + size;
    uint64_t mixed = size, word = 0;
    if (size >= 8) {
        for (; end - text > 8; text += 8) {
            mixed = (mixed ^ name_load(text, 8)) * odd;
        }
        word = name_load(end - 8, 8);
    } else if (size >= 4) {
        word = name_load(text, 4) << 32 | name_load(end - 4, 4);
    } else if (size > 0) {
        word = name_load(text, 1) << 16 | name_load(text + size / 2, 1) << 8 | name_load(end - 1, 1);
    }
    mixed = (mixed ^ word) * odd;
    return mixed >> 32 & (STATE_NAMES - 1);
}

PyObject *name_to_py(State *state, const char *text, size_t size)
{
    PyObject **slot = &state->names[name_slot(text, size)];
    PyObject *known = *slot;
    if (known != NULL && (size_t)PyUnicode_GET_LENGTH(known) == size &&
        memcmp(PyUnicode_DATA(known), text, size) == 0) {
        return Py_NewRef(known);
    }
    PyObject *name = text_to_py(text, size);
    if (name != NULL && PyUnicode_Check(name) && PyUnicode_IS_ASCII(name)) {
        Py_XSETREF(*slot, Py_NewRef(name));
    }
    return name;
}

static void place_name(State *state, PlacedName *placed, PyObject *name, const char *text, size_t size)
{
    memset(placed->text, 0, sizeof *placed - offsetof(PlacedName, text));
    size_t most = sizeof placed->text;
    memcpy(placed->text, text, size < most ? size : most);
    memset(placed->mask, 0xff, size < most ? size : most);
    memset(placed->mask_ended, 0xff, size < most ? size + 1 : most);
    placed->size = size;
    Py_XSETREF(placed->name, Py_NewRef(name));
    state->placings++;
}

static PyObject *name_to_place(State *state, PlacedName *placed, const char *text, size_t size)
{
    PyObject *name = name_to_py(state, text, size);
    bool whole = size < sizeof placed->text;
    if (name != NULL && PyUnicode_Check(name) && (whole || PyUnicode_IS_ASCII(name))) {
        place_name(state, placed, name, text, size);
    }
    return name;
}

PyObject *placed_name_to_py(State *state, size_t place, const char *text)
{
    PlacedName *placed = &state->placed_names[place % STATE_PLACES];
    bool same = name_begins(placed, text, placed->mask_ended) &&
                (placed->size < sizeof placed->text || strcmp(PyUnicode_DATA(placed->name), text) == 0);
    return same ? Py_NewRef(placed->name) : name_to_place(state, placed, text, strlen(text));
}

PyObject *placed_bytes_to_py(State *state, size_t place, const char *text, size_t size)
{
    PlacedName *placed = &state->placed_names[place % STATE_PLACES];
    return name_is(placed, text, size) ? Py_NewRef(placed->name) : name_to_place(state, placed, text, size);
}
