// SPDX-License-Identifier: Apache-2.0
#include "operate.h"
#include "errors.h"
as_exp *expression_from_py(const Codec *codec, PyObject *compiled, const char *argument)
{
    (void)compiled;
    error_param(codec->state, "%s: not yet", argument);
    return NULL;
}
