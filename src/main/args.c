// SPDX-License-Identifier: Apache-2.0
#include "args.h"

// "put(key, bins[, meta[, policy]])"
static PyObject *signature_text(const Signature *signature)
{
    PyObject *text = PyUnicode_FromFormat("%s(", signature->method);
    int i = 0;
    for (; text != NULL && signature->names[i] != NULL; i++) {
        const char *open = i < signature->required ? "" : "[";
        PyObject *next = PyUnicode_FromFormat("%U%s%s%s", text, open, i > 0 ? ", " : "", signature->names[i]);
        Py_SETREF(text, next);
    }
    for (int optional = i - signature->required; text != NULL && optional > 0; optional--) {
        PyObject *next = PyUnicode_FromFormat("%U]", text);
        Py_SETREF(text, next);
    }
    if (text != NULL) {
        PyObject *next = PyUnicode_FromFormat("%U)", text);
        Py_SETREF(text, next);
    }
    return text;
}

// TypeError in CPython's words, and the signature. Returns -1.
static int refuse(const Signature *signature, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    PyObject *problem = PyUnicode_FromFormatV(format, arguments);
    va_end(arguments);
    PyObject *text = problem == NULL ? NULL : signature_text(signature);
    if (text != NULL) {
        PyErr_Format(PyExc_TypeError, "%U: %U", problem, text);
    }
    Py_XDECREF(problem);
    Py_XDECREF(text);
    return -1;
}

static int place_keyword(const Signature *signature, int names, Py_ssize_t count, PyObject *name, PyObject *value,
                         PyObject **out)
{
    for (int i = 0; i < names; i++) {
        if (PyUnicode_CompareWithASCIIString(name, signature->names[i]) == 0) {
            if (i < count) {
                return refuse(signature, "argument for %s() given by name ('%U') and position (%d)", signature->method,
                              name, i + 1);
            }
            out[i] = value;
            return 0;
        }
    }
    return refuse(signature, "'%U' is an invalid keyword argument for %s()", name, signature->method);
}

int args_parse(const Signature *signature, PyObject *const *args, Py_ssize_t count, PyObject *keywords, PyObject **out)
{
    int names = 0;
    for (; signature->names[names] != NULL; names++) {
        out[names] = NULL;
    }
    Py_ssize_t named = keywords == NULL ? 0 : PyTuple_GET_SIZE(keywords);
    if (count + named > names) {
        return refuse(signature, "%s() takes at most %d %sargument%s (%zd given)", signature->method, names,
                      count == 0 ? "keyword " : "", names == 1 ? "" : "s", count + named);
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        out[i] = args[i];
    }
    for (Py_ssize_t i = 0; i < named; i++) {
        if (place_keyword(signature, names, count, PyTuple_GET_ITEM(keywords, i), args[count + i], out) < 0) {
            return -1;
        }
    }
    for (int i = 0; i < signature->required; i++) {
        if (out[i] == NULL) {
            return refuse(signature, "%s() missing required argument '%s' (pos %d)", signature->method,
                          signature->names[i], i + 1);
        }
    }
    return 0;
}
