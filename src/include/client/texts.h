// SPDX-License-Identifier: Apache-2.0
// Expressions as text.
#ifndef TEXTS_H
#define TEXTS_H

#include "convert/convert.h"

// A compiled expression, which errors call `what`, as base64. A new reference, or NULL.
PyObject *expression_text(const Codec *codec, PyObject *compiled, const char *what);

#endif
