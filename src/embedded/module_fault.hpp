// SPDX-License-Identifier: Apache-2.0
// Faults as Python objects, and what a server has counted as a dict.
#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "net/nodes.hpp"

namespace embedded {

// Add the type to the module. 0, or -1 with an exception.
int add_fault_type(PyObject *module);
// Set a fault, by the arguments that the face has checked; `type` is the one that was added. NULL with an exception.
PyObject *fault_new(PyObject *type, const std::shared_ptr<Faults> &faults, PyObject *args);
// NULL with an exception.
PyObject *statistics_dict(const Counted &counted, uint64_t struck);

}  // namespace embedded
