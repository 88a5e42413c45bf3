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

static int refuse(const Signature *signature, const char *problem, PyObject *name)
{
    PyObject *text = signature_text(signature);
    if (text != NULL) {
        if (name == NULL) {
            PyErr_Format(PyExc_TypeError, "%U: %s", text, problem);
        } else {
            PyErr_Format(PyExc_TypeError, "%U: %s '%U'", text, problem, name);
        }
        Py_DECREF(text);
    }
    return -1;
}

static int place_keyword(const Signature *signature, int names, PyObject *name, PyObject *value, PyObject **out)
{
    for (int i = 0; i < names; i++) {
        if (PyUnicode_CompareWithASCIIString(name, signature->names[i]) == 0) {
            if (out[i] != NULL) {
                return refuse(signature, "given twice:", name);
            }
            out[i] = value;
            return 0;
        }
    }
    return refuse(signature, "unknown argument", name);
}

int args_parse(const Signature *signature, PyObject *const *args, Py_ssize_t count, PyObject *keywords, PyObject **out)
{
    int names = 0;
    for (; signature->names[names] != NULL; names++) {
        out[names] = NULL;
    }
    if (count > names) {
        return refuse(signature, "too many arguments", NULL);
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        out[i] = args[i];
    }
    Py_ssize_t named = keywords == NULL ? 0 : PyTuple_GET_SIZE(keywords);
    for (Py_ssize_t i = 0; i < named; i++) {
        if (place_keyword(signature, names, PyTuple_GET_ITEM(keywords, i), args[count + i], out) < 0) {
            return -1;
        }
    }
    for (int i = 0; i < signature->required; i++) {
        if (out[i] == NULL) {
            PyObject *name = PyUnicode_FromString(signature->names[i]);
            if (name != NULL) {
                refuse(signature, "missing argument", name);
                Py_DECREF(name);
            }
            return -1;
        }
    }
    return 0;
}
