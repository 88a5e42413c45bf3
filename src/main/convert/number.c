// SPDX-License-Identifier: Apache-2.0
#include "convert/convert.h"
#include "errors.h"

#include <aerospike/as_record.h>

// The int is shown, by its first digits; Python has a limit of its own to how many it makes.
static int outside(State *state, PyObject *object, const char *what, int64_t least, int64_t most)
{
    PyObject *digits = PyObject_Repr(object);
    if (digits == NULL) {
        PyErr_Clear();
        return error_param(state, "%s must be from %lld to %lld, not a number of thousands of digits", what,
                           (long long)least, (long long)most);
    }
    bool cut = PyUnicode_GET_LENGTH(digits) > 40;
    error_param(state, "%s must be from %lld to %lld, not %.40U%s", what, (long long)least, (long long)most, digits,
                cut ? "..." : "");
    Py_DECREF(digits);
    return -1;
}

int integer_from_py(State *state, PyObject *object, const char *what, int64_t least, int64_t most, int64_t *out)
{
    if (!PyLong_Check(object)) {
        return error_type(state, what, "an int", object);
    }
    switch (integer_narrow(object, least, most, out)) {
    case NARROWED:
        return 0;
    case NARROW_FAILED:
        return -1;
    default:
        return outside(state, object, what, least, most);
    }
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

static int ttl_invalid(State *state, const char *what, const char *last, PyObject *object)
{
    return error_set(state, AEROSPIKE_ERR_REQUEST_INVALID,
                     "%s must be seconds, TTL_NAMESPACE_DEFAULT, TTL_NEVER_EXPIRE%s, not %S", what, last, object);
}

int ttl_from_py(State *state, PyObject *object, const char *what, uint32_t *out)
{
    enum { LEAST = -3 };
    int64_t number;
    if (PyLong_Check(object) && integer_narrow(object, LEAST, UINT32_MAX, &number) == TOO_SMALL) {
        return ttl_invalid(state, what, ", TTL_DONT_UPDATE or TTL_CLIENT_DEFAULT", object);
    }
    if (integer_from_py(state, object, what, LEAST, UINT32_MAX, &number) < 0) {
        return -1;
    }
    *out = (uint32_t)number;
    return 0;
}

int policy_ttl_from_py(State *state, PyObject *object, const char *what, uint32_t *out)
{
    if (ttl_from_py(state, object, what, out) < 0) {
        return -1;
    }
    return *out == AS_RECORD_CLIENT_DEFAULT_TTL ? ttl_invalid(state, what, " or TTL_DONT_UPDATE", object) : 0;
}
