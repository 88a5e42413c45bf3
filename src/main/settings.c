// SPDX-License-Identifier: Apache-2.0
#include "settings.h"

Settings *settings_new(State *state, PyObject *config)
{
    Settings *settings = PyMem_Calloc(1, sizeof *settings);
    if (settings == NULL) {
        Py_DECREF(config);
        PyErr_NoMemory();
        return NULL;
    }
    settings->references = 1;
    settings->state = state;
    settings->config = config;
    settings->codec.state = state;
    settings->codec.strict_types = true;
    settings->fuse_reads = settings->fuse_writes = true;
    as_policies_init(&settings->policies);
    return settings;
}

Settings *settings_with(const Settings *settings, const as_policies *policies)
{
    Settings *other = PyMem_Malloc(sizeof *other);
    if (other != NULL) {
        *other = *settings;
        other->references = 1;
        other->policies = *policies;
        Py_XINCREF(other->config);
        Py_XINCREF(other->filters);
        Py_XINCREF(other->codec.serializer);
        Py_XINCREF(other->codec.deserializer);
        Py_XINCREF(other->codec.unpickle);
    }
    return other;
}

void settings_release(Settings *settings)
{
    if (settings == NULL || --settings->references > 0) {
        return;
    }
    as_policies_destroy(&settings->policies);
    Py_XDECREF(settings->config);
    Py_XDECREF(settings->filters);
    Py_XDECREF(settings->codec.serializer);
    Py_XDECREF(settings->codec.deserializer);
    Py_XDECREF(settings->codec.unpickle);
    PyMem_Free(settings);
}

int settings_traverse(const Settings *settings, visitproc visit, void *arg)
{
    Py_VISIT(settings->config);
    Py_VISIT(settings->filters);
    Py_VISIT(settings->codec.serializer);
    Py_VISIT(settings->codec.deserializer);
    Py_VISIT(settings->codec.unpickle);
    return 0;
}
