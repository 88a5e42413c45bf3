// SPDX-License-Identifier: Apache-2.0
#include "state.h"

State *state_of_module(PyObject *module)
{
    return PyModule_GetState(module);
}

State *state_of_type(PyTypeObject *type)
{
    PyTypeObject *base = type;
    while (PyType_GetModule(base) == NULL && base->tp_base != NULL) {  // a subclass is made by Python code
        PyErr_Clear();
        base = base->tp_base;
    }
    PyObject *module = PyType_GetModule(base);
    return module == NULL ? NULL : state_of_module(module);
}

static int intern(PyObject **slot, const char *text)
{
    *slot = PyUnicode_InternFromString(text);
    return *slot == NULL ? -1 : 0;
}

static int read_classes(State *state)
{
    PyObject *values = PyImport_ImportModule("aerospike._values");
    if (values == NULL) {
        return -1;
    }
    state->geojson_class = PyObject_GetAttrString(values, "GeoJSON");
    state->key_ordered_dict_class = PyObject_GetAttrString(values, "KeyOrderedDict");
    state->hyper_log_log_class = PyObject_GetAttrString(values, "HyperLogLog");
    state->null_class = PyObject_GetAttrString(values, "null");
    state->infinite_class = PyObject_GetAttrString(values, "CDTInfinite");
    state->wildcard_class = PyObject_GetAttrString(values, "CDTWildcard");
    Py_DECREF(values);
    return state->geojson_class == NULL || state->key_ordered_dict_class == NULL ||
                   state->hyper_log_log_class == NULL || state->null_class == NULL || state->infinite_class == NULL ||
                   state->wildcard_class == NULL
               ? -1
               : 0;
}

int state_init(State *state, PyObject *module)
{
    (void)module;
    if (intern(&state->str_ttl, "ttl") < 0 || intern(&state->str_gen, "gen") < 0 ||
        intern(&state->str_geo_data, "geo_data") < 0 || intern(&state->str_id, "id") < 0 ||
        intern(&state->str_value, "value") < 0 || intern(&state->str_extra_args, "extra_args") < 0 ||
        intern(&state->str_op, "op") < 0 || intern(&state->str_bin, "bin") < 0) {
        return -1;
    }
    return read_classes(state);
}

int state_traverse(State *state, visitproc visit, void *arg)
{
#define VISIT(name) Py_VISIT(state->name);
    STATE_OBJECTS(VISIT)
#undef VISIT
    return 0;
}

void state_clear(State *state)
{
#define CLEAR(name) Py_CLEAR(state->name);
    STATE_OBJECTS(CLEAR)
#undef CLEAR
    for (int i = 0; i < STATE_NAMES; i++) {
        Py_CLEAR(state->names[i]);
    }
    for (int i = 0; i < STATE_PLACES; i++) {
        Py_CLEAR(state->placed_names[i].name);
    }
    for (int i = 0; i < STATE_MAP_SHAPES; i++) {
        Py_CLEAR(state->map_shapes[i].names);
        Py_CLEAR(state->map_shapes[i].dict);
    }
}
