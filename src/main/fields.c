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

int key_unknown(State *state, const char *kind, const char *what, PyObject *key, PyObject *valid_keys, bool strict)
{
    PyObject *nearest = nearest_key(key, valid_keys);
    if (nearest == NULL && PyErr_Occurred()) {
        return -1;
    }
    PyObject *text = nearest == NULL ? PyUnicode_FromFormat("%s has no key %R; valid are %R", what, key, valid_keys)
                                     : PyUnicode_FromFormat("%s has no key %R; did you mean %R?", what, key, nearest);
    Py_XDECREF(nearest);
    if (text == NULL) {
        return -1;
    }
    int result = strict ? error_param(state, "\"%S\" is an invalid %s dictionary key: %U", key, kind, text)
                        : warn_user(PyExc_UserWarning, "%U", text);
    Py_DECREF(text);
    return result;
}

// What key_unknown calls a kind of dictionary.
static const char *dictionary_kind(const Fields *fields)
{
    switch (fields->id) {
    case FIELDS_CONFIG:
    case FIELDS_TLS:
    case FIELDS_SHM:
    case FIELDS_LUA:
        return "config";
    case FIELDS_META:
        return "meta";
    case FIELDS_KEY:
        return "key";
    case FIELDS_PARTITIONS:
        return "partition filter";
    default:
        return "policy";
    }
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
    bool choice = fields->id < FIELDS_POLICIES && (field->kind == FIELD_ENUM || field->kind == FIELD_FLAG);
    if (choice && !call->strict && PyLong_Check(value)) {
        return choice_from_py(field, value, what, out);
    }
    return integer_from_py(call->state, value, what, field->least, field->most, out) < 0 ? -1 : 1;
}

static int field_read(const FieldsCall *call, const Fields *fields, const Field *field, PyObject *value)
{
    if (field->kind >= FIELD_PLAN || (value == Py_None && !call->none_counts)) {
        return 0;
    }
    char what[strlen(call->before) + strlen(field->key) + strlen(call->after) + 1];
    snprintf(what, sizeof what, "%s%s%s", call->before, field->key, call->after);
    if (field->kind >= FIELD_FILTER) {
        return fields->read(call, field, value, what);
    }
    void *slot = (char *)call->out + field->place;
    if (field->kind == FIELD_TTL) {
        return ttl_from_py(call->state, value, what, slot);
    }
    int64_t number;
    int taken = number_from_py(call, fields, field, value, what, &number);
    if (taken > 0) {
        number_store(field, slot, number);
    }
    return taken < 0 ? -1 : 0;
}

static const Field *alias_resolve(const Fields *fields, const Field *alias)
{
    const Field *field = fields->rows;
    while (strcmp(field->key, alias->successor) != 0) {
        field++;
    }
    return field;
}

int fields_read_entry(const FieldsCall *call, const Fields *fields, PyObject *key, PyObject *value)
{
    const Field *field = fields_find(call->state, fields, key);
    if (field == NULL) {
        PyObject *keys = fields_keys(call->state, fields);
        return keys == NULL ? -1
                            : key_unknown(call->state, dictionary_kind(fields), call->what, key, keys, call->strict);
    }
    if (field->kind == FIELD_ALIAS) {
        if (warn_user(PyExc_DeprecationWarning, "policy key '%s' is deprecated, use '%s'", field->key,
                      field->successor) < 0) {
            return -1;
        }
        field = alias_resolve(fields, field);
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
        result = fields_read_entry(call, fields, key, value);
        Py_DECREF(key);
        Py_DECREF(value);
    }
    return result;
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
