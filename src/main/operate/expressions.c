// SPDX-License-Identifier: Apache-2.0
#include "operate/expressions.h"

#include "errors.h"

#define NONE EXPRESSION_NO_CONSTANT
#define A(name, kind) {#name, KIND_##kind}
#define EXPRESSION(title, wire_code, fixed, ...)                                                                       \
    {.name = #title, .form = FORM_PLAIN, .code = wire_code, .constant = fixed, .arguments = {__VA_ARGS__}},
#define DEFINITION(title, ...) {.name = #title, .form = FORM_DEFINITION, .arguments = {__VA_ARGS__}},
#define CALL(title, called, modifies, type, op, return_rule, ...)                                                      \
    {.name = #title,                                                                                                   \
     .form = FORM_CALL,                                                                                                \
     .code = op,                                                                                                       \
     .system = _AS_EXP_SYS_CALL_##called,                                                                              \
     .modify = modifies,                                                                                               \
     .result = RESULT_##type,                                                                                          \
     .returns = RETURN_##return_rule,                                                                                  \
     .arguments = {__VA_ARGS__}},

const ExpressionRow expression_rows[] = {
    {.name = "Val", .form = FORM_BARE, .arguments = {A(value, VALUE)}},
    {.name = "Packed", .form = FORM_BARE, .arguments = {A(bytes, READY)}},
#include "tables/expressions.def"
};

const size_t expression_row_count = sizeof expression_rows / sizeof *expression_rows;

// ---- rows ----

int expression_argument_count(const ExpressionRow *row)
{
    int count = 0;
    while (row->arguments[count].name != NULL) {
        count++;
    }
    return count;
}

int expression_argument_place(const ExpressionRow *row, ArgumentKind kind)
{
    for (int i = 0; row->arguments[i].name != NULL; i++) {
        if (row->arguments[i].kind == kind) {
            return i;
        }
    }
    return -1;
}

int expression_bin_place(const ExpressionRow *row)
{
    for (int i = 0; row->arguments[i].name != NULL; i++) {
        if (kind_is_bin(row->arguments[i].kind)) {
            return i;
        }
    }
    return -1;
}

int64_t expression_result_type(const ExpressionRow *row, const as_cdt_ctx *context, int64_t return_type,
                               int64_t value_type)
{
    switch (row->result) {
    case RESULT_LIST_IN_CONTEXT:
        return as_exp_get_ctx_type(context, AS_EXP_TYPE_LIST);
    case RESULT_MAP_IN_CONTEXT:
        return as_exp_get_ctx_type(context, AS_EXP_TYPE_MAP);
    case RESULT_LIST_ITEM:
        return as_exp_get_list_type((as_exp_type)value_type, (as_list_return_type)return_type, false);
    case RESULT_LIST_ITEMS:
        return as_exp_get_list_type(AS_EXP_TYPE_AUTO, (as_list_return_type)return_type, true);
    case RESULT_MAP_ITEM:
        return as_exp_get_map_type((as_exp_type)value_type, (as_map_return_type)return_type, false);
    case RESULT_MAP_ITEMS:
        return as_exp_get_map_type(AS_EXP_TYPE_AUTO, (as_map_return_type)return_type, true);
    case RESULT_VALUE_TYPE:
        return value_type;
    default:
        return (int64_t)row->result;
    }
}

const ExpressionRow *expression_row_find(State *state, PyObject *name)
{
    PyObject *place = PyUnicode_Check(name) ? PyDict_GetItemWithError(state->expression_places, name) : NULL;
    if (place == NULL) {
        PyErr_Clear();  // of a str whose hash cannot be had
        return NULL;
    }
    return &expression_rows[PyLong_AsSize_t(place)];
}

static PyObject *face_class(const char *module, const char *name)
{
    PyObject *face = PyImport_ImportModule(module);
    PyObject *found = face == NULL ? NULL : PyObject_GetAttrString(face, name);
    Py_XDECREF(face);
    return found;
}

int expressions_init(PyObject *module, State *state)
{
    (void)module;
    state->expression_type = face_class("aerospike._expression", "Node");
    state->context_entry_type = face_class("aerospike._context", "ContextEntry");
    state->expression_places = PyDict_New();
    if (state->expression_type == NULL || state->context_entry_type == NULL || state->expression_places == NULL) {
        return -1;
    }
    for (size_t i = 0; i < expression_row_count; i++) {
        PyObject *place = PyLong_FromSize_t(i);
        int result =
            place == NULL ? -1 : PyDict_SetItemString(state->expression_places, expression_rows[i].name, place);
        Py_XDECREF(place);
        if (result < 0) {
            return -1;
        }
    }
    return 0;
}
