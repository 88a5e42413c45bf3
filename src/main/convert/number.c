// SPDX-License-Identifier: Apache-2.0
#include "convert.h"
#include "errors.h"

int integer_from_py(State *state, PyObject *object, const char *what, int64_t least, int64_t most, int64_t *out)
{
    if (!PyLong_Check(object)) {
        return error_type(state, what, "an int", object);
    }
    int overflow;
    long long number = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (number == -1 && overflow == 0 && PyErr_Occurred()) {
        return -1;
    }
    if (overflow != 0) {  // its digits may be too many to show
        return error_param(state, "%s must be from %lld to %lld, and is far outside", what, (long long)least,
                           (long long)most);
    }
    if (number < least || number > most) {
        return error_param(state, "%s must be from %lld to %lld, not %R", what, (long long)least, (long long)most,
                           object);
    }
    *out = number;
    return 0;
}

int natural_from_py(State *state, PyObject *object, const char *what, uint64_t *out)
{
    if (!PyLong_Check(object)) {
        return error_type(state, what, "an int", object);
    }
    *out = PyLong_AsUnsignedLongLong(object);
    if (*out != UINT64_MAX || !PyErr_Occurred()) {
        return 0;
    }
    if (!PyErr_ExceptionMatches(PyExc_OverflowError)) {
        return -1;
    }
    PyErr_Clear();
    return error_param(state, "%s must be from 0 to 18446744073709551615", what);
}

const char *text_from_py(State *state, const char *what, PyObject *value)
{
    Py_ssize_t size;
    if (!PyUnicode_Check(value)) {
        error_type(state, what, "a str", value);
        return NULL;
    }
    const char *text = PyUnicode_AsUTF8AndSize(value, &size);
    if (text == NULL) {
        unicode_error(state, what);
    } else if (strlen(text) != (size_t)size) {
        error_param(state, "%s must not contain NUL", what);
        text = NULL;
    }
    return text;
}
