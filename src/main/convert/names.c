// SPDX-License-Identifier: Apache-2.0
// Names of bins and keys of maps come again and again: the str made once is given again, with its hash.
#include "convert.h"

// A cheap mix: what collides is made anew, no more.
static size_t name_slot(const char *text, size_t size)
{
    uint64_t mixed = size, word;
    while (size >= sizeof word) {
        memcpy(&word, text, sizeof word);
        mixed = (mixed ^ word) * 0x9e3779b97f4a7c15u;
        text += sizeof word;
        size -= sizeof word;
    }
    for (word = 0; size > 0; size--) {
        word = word << 8 | (uint8_t)*text++;
    }
    mixed = (mixed ^ word) * 0x9e3779b97f4a7c15u;
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
