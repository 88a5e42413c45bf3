// SPDX-License-Identifier: Apache-2.0
// What Python says of a server's TLS, and the throw-away authority as functions of the module.
#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <optional>

#include "tls/context.hpp"

namespace embedded {

// None, or a tuple that the face has checked. False with an exception.
bool read_tls(PyObject *given, std::optional<TlsOptions> &out);
// Add the functions to the module. 0, or -1 with an exception.
int add_tls_functions(PyObject *module);

}  // namespace embedded
