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
