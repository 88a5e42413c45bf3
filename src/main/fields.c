// SPDX-License-Identifier: Apache-2.0
#include "fields.h"

#include "convert/convert.h"
#include "errors.h"

// ---- keys ----

static PyObject *keys_new(const Field *rows)
{
    Py_ssize_t count = 0;
    while (rows[count].key != NULL) {
        count++;
    }
    PyObject *keys = PyTuple_New(count);
    for (Py_ssize_t i = 0; keys != NULL && i < count; i++) {
        PyObject *key = PyUnicode_InternFromString(rows[i].key);
        if (key == NULL) {
            Py_CLEAR(keys);
        } else {
            PyTuple_SET_ITEM(keys, i, key);
        }
    }
    return keys;
}

PyObject *fields_keys(State *state, const Fields *fields)
{
    if (state->field_keys == NULL && (state->field_keys = PyTuple_New(FIELDS_COUNT)) == NULL) {
        return NULL;
    }
    PyObject *keys = PyTuple_GET_ITEM(state->field_keys, fields->id);
    if (keys == NULL) {
        keys = keys_new(fields->rows);
        PyTuple_SET_ITEM(state->field_keys, fields->id, keys);
    }
    return keys;
}

const Field *fields_find(State *state, const Fields *fields, PyObject *key)
{
    PyObject *keys = fields_keys(state, fields);
    Py_ssize_t count = keys == NULL ? 0 : PyTuple_GET_SIZE(keys);
    for (Py_ssize_t i = 0; i < count; i++) {  // keys in programs are literals, and those are interned
        if (PyTuple_GET_ITEM(keys, i) == key) {
            return &fields->rows[i];
        }
    }
    for (Py_ssize_t i = 0; PyUnicode_Check(key) && i < count; i++) {
        if (PyUnicode_Compare(PyTuple_GET_ITEM(keys, i), key) == 0) {
            return &fields->rows[i];
        }
    }
    return NULL;
}

static PyObject *nearest_key(PyObject *key, PyObject *valid_keys)
{
    PyObject *difflib = PyImport_ImportModule("difflib");
    PyObject *found = difflib == NULL || !PyUnicode_Check(key)
                          ? NULL
                          : PyObject_CallMethod(difflib, "get_close_matches", "OOi", key, valid_keys, 1);
    Py_XDECREF(difflib);
    PyObject *nearest = NULL;
    if (found != NULL && PyList_Check(found) && PyList_GET_SIZE(found) > 0) {
        nearest = Py_NewRef(PyList_GET_ITEM(found, 0));
    }
    Py_XDECREF(found);
    return nearest;
}

static PyObject *unknown_text_new(const char *what, PyObject *key, PyObject *valid_keys)
{
    PyObject *nearest = nearest_key(key, valid_keys);
    if (nearest == NULL) {
        return PyErr_Occurred() ? NULL : error_text("%s has no key %R; valid are %R", what, key, valid_keys);
    }
    PyObject *text = error_text("%s has no key %R; did you mean %R?", what, key, nearest);
    Py_DECREF(nearest);
    return text;
}

// Who mistypes a key does so in each call, and to look for the right one takes longer than a command.
static PyObject *unknown_text(State *state, const char *what, PyObject *key, PyObject *valid_keys)
{
    enum { MOST = 256, LONGEST = 64 };
    if (!PyUnicode_CheckExact(key) || PyUnicode_GET_LENGTH(key) > LONGEST || !PyTuple_CheckExact(valid_keys)) {
        return unknown_text_new(what, key, valid_keys);
    }
    if (state->unknown_keys == NULL && (state->unknown_keys = PyDict_New()) == NULL) {
        return NULL;
    }
    PyObject *place = Py_BuildValue("(sOO)", what, key, valid_keys);
    PyObject *text = place == NULL ? NULL : Py_XNewRef(PyDict_GetItemWithError(state->unknown_keys, place));
    if (place != NULL && text == NULL && !PyErr_Occurred()) {
        text = unknown_text_new(what, key, valid_keys);
        if (PyDict_GET_SIZE(state->unknown_keys) >= MOST) {
            PyDict_Clear(state->unknown_keys);
        }
        if (text != NULL && PyDict_SetItem(state->unknown_keys, place, text) < 0) {
            Py_CLEAR(text);
        }
    }
    Py_XDECREF(place);
    return text;
}

int key_unknown(State *state, const char *kind, const char *what, PyObject *key, PyObject *valid_keys, bool strict)
{
    PyObject *text = unknown_text(state, what, key, valid_keys);
    if (text == NULL) {
        return -1;
    }
    int result = strict ? error_param(state, "\"%S\" is an invalid %s dictionary key: %U", key, kind, text)
                        : warn_user(PyExc_UserWarning, "%U", text);
    Py_DECREF(text);
    return result;
}

static int key_not_found(const FieldsCall *call, const Fields *fields, PyObject *key)
{
    PyObject *keys = fields_keys(call->state, fields);
    return keys == NULL ? -1 : key_unknown(call->state, fields->kind, call->what, key, keys, call->strict);
}

// ---- values ----

static void number_store(const Field *field, void *slot, int64_t number)
{
    switch (field->kind) {
    case FIELD_U8:
        *(uint8_t *)slot = (uint8_t)number;
        break;
    case FIELD_U16:
        *(uint16_t *)slot = (uint16_t)number;
        break;
    case FIELD_U64:
        *(uint64_t *)slot = (uint64_t)number;
        break;
    case FIELD_I64:
        *(int64_t *)slot = number;
        break;
    case FIELD_FLAG:
    case FIELD_BOOL:
        *(bool *)slot = number != 0;
        break;
    default:
        *(uint32_t *)slot = (uint32_t)number;
        break;
    }
}

static PyObject *number_to_py(const Field *field, const void *slot)
{
    switch (field->kind) {
    case FIELD_U8:
        return PyLong_FromLong(*(const uint8_t *)slot);
    case FIELD_U16:
        return PyLong_FromLong(*(const uint16_t *)slot);
    case FIELD_U64:
        return PyLong_FromUnsignedLongLong(*(const uint64_t *)slot);
    case FIELD_I64:
        return PyLong_FromLongLong(*(const int64_t *)slot);
    case FIELD_FLAG:
    case FIELD_BOOL:
        return PyBool_FromLong(*(const bool *)slot);
    case FIELD_I32:
    case FIELD_ENUM:
        return PyLong_FromLong(*(const int32_t *)slot);
    default:
        return PyLong_FromUnsignedLong(*(const uint32_t *)slot);
    }
}

// A number that no choice of a policy has is taken as if it were not there, with a warning; every int is a flag. 1, or
// 0 where what was there stays, or -1.
static int choice_from_py(const Field *field, PyObject *value, const char *what, int64_t *out)
{
    Narrowed narrowed = integer_narrow(value, field->least, field->most, out);
    if (narrowed == NARROWED || narrowed == NARROW_FAILED || field->kind == FIELD_FLAG) {
        return narrowed == NARROW_FAILED ? -1 : 1;
    }
    return warn_user(PyExc_UserWarning, "%s must be from %lld to %lld, not %lld: the default stands", what,
                     (long long)field->least, (long long)field->most, (long long)*out);
}

// The same for every number.
static int number_from_py(const FieldsCall *call, const Fields *fields, const Field *field, PyObject *value,
                          const char *what, int64_t *out)
{
    if (field->kind == FIELD_BOOL && !PyBool_Check(value)) {
        return error_type(call->state, what, "a bool", value);
    }
    bool choice = fields->choices && (field->kind == FIELD_ENUM || field->kind == FIELD_FLAG);
    if (choice && !call->strict && PyLong_Check(value)) {
        return choice_from_py(field, value, what, out);
    }
    return integer_from_py(call->state, value, what, field->least, field->most, out) < 0 ? -1 : 1;
}

static int value_read(const FieldsCall *call, const Fields *fields, const Field *field, PyObject *value,
                      const char *what)
{
    if (field->kind >= FIELD_FILTER) {
        return fields->read(call, field, value, what);
    }
    void *slot = (char *)call->out + field->place;
    if (field->kind == FIELD_TTL || field->kind == FIELD_POLICY_TTL) {
        return (field->kind == FIELD_TTL ? ttl_from_py : policy_ttl_from_py)(call->state, value, what, slot);
    }
    int64_t number;
    int taken = number_from_py(call, fields, field, value, what, &number);
    if (taken > 0) {
        number_store(field, slot, number);
    }
    return taken < 0 ? -1 : 0;
}

static int field_read(const FieldsCall *call, const Fields *fields, const Field *field, PyObject *value)
{
    if (field->kind >= FIELD_PLAN || (value == Py_None && !call->none_counts)) {
        return 0;
    }
    if (call->before[0] == '\0' && call->after[0] == '\0') {
        return value_read(call, fields, field, value, field->key);
    }
    char what[strlen(call->before) + strlen(field->key) + strlen(call->after) + 1];
    snprintf(what, sizeof what, "%s%s%s", call->before, field->key, call->after);
    return value_read(call, fields, field, value, what);
}

// ---- what is given ----

static const Field *alias_resolve(const Fields *fields, const Field *alias)
{
    const Field *field = fields->rows;
    while (strcmp(field->key, alias->successor) != 0) {
        field++;
    }
    return field;
}

PyObject *fields_successor(State *state, const Fields *fields, const Field *alias)
{
    PyObject *keys = fields_keys(state, fields);
    return keys == NULL ? NULL : PyTuple_GET_ITEM(keys, alias_resolve(fields, alias) - fields->rows);
}

// Warn of an old name. 1, or 0 where the dict has the new one as well, which counts, or -1.
static int alias_counts(const FieldsCall *call, const Fields *fields, const Field *alias, PyObject *dict)
{
    PyObject *successor = fields_successor(call->state, fields, alias);
    if (successor == NULL || warn_user(PyExc_DeprecationWarning, "policy key '%s' is deprecated, use '%s'", alias->key,
                                       alias->successor) < 0) {
        return -1;
    }
    int given = PyDict_Contains(dict, successor);
    return given < 0 ? -1 : !given;
}

int fields_read_entry(const FieldsCall *call, const Fields *fields, PyObject *dict, PyObject *key, PyObject *value)
{
    const Field *field = fields_find(call->state, fields, key);
    if (field == NULL) {
        return key_not_found(call, fields, key);
    }
    if (field->kind == FIELD_ALIAS) {
        int counts = alias_counts(call, fields, field, dict);
        if (counts <= 0) {
            return counts;
        }
        Field named = *alias_resolve(fields, field);
        named.key = field->key;  // what is wrong is told under the name that was written
        return field_read(call, fields, &named, value);
    }
    return field_read(call, fields, field, value);
}

int fields_read(const FieldsCall *call, const Fields *fields, PyObject *dict)
{
    if (!PyDict_Check(dict)) {
        return error_type(call->state, call->what, "a dict", dict);
    }
    PyObject *key, *value;
    Py_ssize_t position = 0;
    int result = 0;
    // a warning's handler may run Python code that changes the dict: hold what is used
    while (result == 0 && PyDict_Next(dict, &position, &key, &value)) {
        Py_INCREF(key);
        Py_INCREF(value);
        result = fields_read_entry(call, fields, dict, key, value);
        Py_DECREF(key);
        Py_DECREF(value);
    }
    return result;
}

// ---- what is needed ----

// Keys that no row has, nor any beside the table. 0 or -1.
static int keys_check(const FieldsCall *call, const Fields *fields, PyObject *dict)
{
    PyObject *keys = PyDict_Keys(dict);
    int result = keys == NULL ? -1 : 0;
    for (Py_ssize_t i = 0; result == 0 && i < PyList_GET_SIZE(keys); i++) {
        PyObject *key = PyList_GET_ITEM(keys, i);
        bool known = fields_find(call->state, fields, key) != NULL ||
                     (fields->beside != NULL && fields_find(call->state, fields->beside, key) != NULL);
        result = PyErr_Occurred() ? -1 : known ? 0 : key_not_found(call, fields, key);
    }
    Py_XDECREF(keys);
    return result;
}

// 1 where there was a value, 0 where there may be none, or -1. `known` counts the keys.
static int row_look_up(const FieldsCall *call, const Fields *fields, const Field *field, PyObject *key, PyObject *dict,
                       Py_ssize_t *known)
{
    PyObject *value = PyDict_GetItemWithError(dict, key);
    if (value == NULL) {
        return PyErr_Occurred() ? -1 : field->optional ? 0 : error_param(call->state, "'%s' is missing", field->key);
    }
    (*known)++;
    if (value == Py_None && field->optional) {
        return 0;
    }
    Py_INCREF(value);
    int result = field_read(call, fields, field, value);
    Py_DECREF(value);
    return result < 0 ? -1 : 1;
}

int fields_look_up(const FieldsCall *call, const Fields *fields, PyObject *dict, Py_ssize_t known, uint32_t *found)
{
    PyObject *keys = fields_keys(call->state, fields);
    Py_ssize_t count = keys == NULL ? 0 : PyTuple_GET_SIZE(keys);
    int result = keys == NULL ? -1 : 0;
    *found = 0;
    for (Py_ssize_t i = 0; result >= 0 && i < count; i++) {
        result = row_look_up(call, fields, &fields->rows[i], PyTuple_GET_ITEM(keys, i), dict, &known);
        *found |= (uint32_t)(result > 0) << i;
    }
    return result < 0 ? -1 : known == PyDict_GET_SIZE(dict) ? 0 : keys_check(call, fields, dict);
}

int fields_read_attributes(const FieldsCall *call, const Fields *fields, PyObject *object)
{
    int result = 0;
    for (const Field *field = fields->rows; result == 0 && field->key != NULL; field++) {
        PyObject *value = PyObject_GetAttrString(object, field->key);
        result = value == NULL ? -1 : field_read(call, fields, field, value);
        Py_XDECREF(value);
    }
    return result;
}

// ---- back ----

PyObject *fields_to_py(const Fields *fields, const void *in)
{
    PyObject *dict = PyDict_New();
    for (const Field *field = fields->rows; dict != NULL && field->key != NULL; field++) {
        if (field->kind >= FIELD_FILTER) {
            continue;
        }
        PyObject *value = number_to_py(field, (const char *)in + field->place);
        if (value == NULL || PyDict_SetItemString(dict, field->key, value) < 0) {
            Py_CLEAR(dict);
        }
        Py_XDECREF(value);
    }
    return dict;
}
