// SPDX-License-Identifier: Apache-2.0
// Arguments of a method by table: names once, errors that show the signature.
#ifndef ARGS_H
#define ARGS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#define ARGS_MAX 8

typedef struct Signature {
    const char *method;
    int required;  // how many of the names must be given
    const char *names[ARGS_MAX + 1];  // NULL ends them
} Signature;

// Fill out[0..] with borrowed references, NULL for what was not given. TypeError, with the signature, on misuse. 0 or
// -1.
int args_parse(const Signature *signature, PyObject *const *args, Py_ssize_t count, PyObject *keywords, PyObject **out);

#define METHOD_ARGS PyObject *const *args, Py_ssize_t count, PyObject *keywords

// A docstring stands above its function; METHOD is the function's row in the table of methods. clang-format leaves the
// text as it is.
#define DOC(function, ...) static const char function##_doc[] = __VA_ARGS__

#define METHOD(name, function)                                                                                         \
    {name, (PyCFunction)(void (*)(void))(function), METH_FASTCALL | METH_KEYWORDS, function##_doc}

#endif
