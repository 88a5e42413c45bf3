// SPDX-License-Identifier: Apache-2.0
// Names of bins and keys of maps come again and again: the str made once is given again, with its hash.
#include "convert.h"

static inline uint64_t load(const char *text, size_t width)
{
    uint64_t word = 0;
    memcpy(&word, text, width);
    return word;
}

// A cheap mix, of eight bytes at a time, the last eight perhaps again: what collides is made anew, no more.
static inline size_t name_slot(const char *text, size_t size)
{
    const uint64_t odd = 0x9e3779b97f4a7c15u;
    const char *end = text + size;
    uint64_t mixed = size, word = 0;
    if (size >= 8) {
        for (; end - text > 8; text += 8) {
            mixed = (mixed ^ load(text, 8)) * odd;
        }
        word = load(end - 8, 8);
    } else if (size >= 4) {
        word = load(text, 4) << 32 | load(end - 4, 4);
    } else if (size > 0) {
        word = load(text, 1) << 16 | load(text + size / 2, 1) << 8 | load(end - 1, 1);
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
