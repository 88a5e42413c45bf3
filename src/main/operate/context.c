// SPDX-License-Identifier: Apache-2.0
// cdt_ctx entries, by their number, as the C client's context.
#include "errors.h"
#include "fields.h"
#include "operate/operate.h"

#include <aerospike/as_list.h>

typedef struct Entry {
    const Codec *codec;
    int depth;  // expressions around the context
    PyObject *value;
    PyObject *extra;  // extra_args: a dict, or None
    as_cdt_ctx *out;
} Entry;

// ---- what an entry holds ----

static int index_of(const Entry *entry, int *out)
{
    int64_t number;
    if (integer_from_py(entry->codec->state, entry->value, "its index or rank", INT32_MIN, INT32_MAX, &number) < 0) {
        return -1;
    }
    *out = (int)number;
    return 0;
}

// What an entry that creates what it does not find takes beside its value.
typedef struct Creation {
    uint32_t order;
    bool pad;
} Creation;

static int creation_of(const Entry *entry, const Fields *fields, Creation *out)
{
    const Codec *codec = entry->codec;
    FieldsCall call = {codec->state, "extra_args", "", "", codec->validate_keys, true, out, NULL};
    *out = (Creation){0};
    return entry->extra == Py_None ? 0 : fields_read(&call, fields, entry->extra);
}

static as_exp *expression_of(const Entry *entry)
{
    return expression_from_py(entry->codec, entry->value, entry->depth, "its expression");
}

// ---- adding one entry: as_cdt_ctx takes a value over, and copies an expression ----

typedef int (*AddEntry)(const Entry *entry);

#define ADD_INDEX(name)                                                                                                \
    static int add_##name(const Entry *entry)                                                                          \
    {                                                                                                                  \
        int index;                                                                                                     \
        if (index_of(entry, &index) < 0) {                                                                             \
            return -1;                                                                                                 \
        }                                                                                                              \
        as_cdt_ctx_add_##name(entry->out, index);                                                                      \
        return 0;                                                                                                      \
    }
#define ADD_VALUE(name)                                                                                                \
    static int add_##name(const Entry *entry)                                                                          \
    {                                                                                                                  \
        as_val *value = value_to_native(entry->codec, entry->value, "its value");                                      \
        if (value == NULL) {                                                                                           \
            return -1;                                                                                                 \
        }                                                                                                              \
        as_cdt_ctx_add_##name(entry->out, value);                                                                      \
        return 0;                                                                                                      \
    }
#define ADD_EXPRESSION(name)                                                                                           \
    static int add_##name(const Entry *entry)                                                                          \
    {                                                                                                                  \
        as_exp *expression = expression_of(entry);                                                                     \
        if (expression == NULL) {                                                                                      \
            return -1;                                                                                                 \
        }                                                                                                              \
        as_cdt_ctx_add_##name(entry->out, expression);                                                                 \
        as_exp_destroy(expression);                                                                                    \
        return 0;                                                                                                      \
    }

ADD_INDEX(list_index)
ADD_INDEX(list_rank)
ADD_INDEX(map_index)
ADD_INDEX(map_rank)
ADD_VALUE(list_value)
ADD_VALUE(map_key)
ADD_VALUE(map_value)
ADD_EXPRESSION(and_filter)

static int add_list_index_create(const Entry *entry)
{
    static const Field rows[] = {FIELD_NUMBER(Creation, "order_key", order, U32, 0, AS_LIST_ORDERED),
                                 FIELD_NUMBER(Creation, "pad_key", pad, FLAG, 0, 1), FIELDS_END};
    static const Fields fields = {.id = FIELDS_LIST_CREATE, .kind = "context", .rows = rows};
    int index;
    Creation creation;
    if (index_of(entry, &index) < 0 || creation_of(entry, &fields, &creation) < 0) {
        return -1;
    }
    as_cdt_ctx_add_list_index_create(entry->out, index, (as_list_order)creation.order, creation.pad);
    return 0;
}

static int add_map_key_create(const Entry *entry)
{
    static const Field rows[] = {FIELD_NUMBER(Creation, "order_key", order, U32, 0, AS_MAP_KEY_VALUE_ORDERED),
                                 FIELDS_END};
    static const Fields fields = {.id = FIELDS_MAP_CREATE, .kind = "context", .rows = rows};
    State *state = entry->codec->state;
    Creation creation;
    PyObject *key = entry->value;
    if (!PyUnicode_Check(key) && !PyBytes_Check(key) && !PyByteArray_Check(key) &&
        (!PyLong_Check(key) || PyBool_Check(key))) {
        return error_type(state, "its key", "a str, int or bytes", key);
    }
    if (creation_of(entry, &fields, &creation) < 0) {
        return -1;
    }
    as_val *value = value_to_native(entry->codec, key, "its key");
    if (value == NULL) {
        return -1;
    }
    as_cdt_ctx_add_map_key_create(entry->out, value, (as_map_order)creation.order);
    return 0;
}

static int add_map_keys_in(const Entry *entry)
{
    if (!PyList_Check(entry->value)) {
        return error_type(entry->codec->state, "its keys", "a list", entry->value);
    }
    as_val *keys = value_to_native(entry->codec, entry->value, "its keys");
    if (keys == NULL) {
        return -1;
    }
    as_cdt_ctx_add_map_keys_in(entry->out, (as_list *)keys);
    return 0;
}

// All children, or those for which an expression holds.
static int add_children(const Entry *entry)
{
    if (entry->value == Py_None) {
        as_cdt_ctx_add_all_children(entry->out);
        return 0;
    }
    as_exp *expression = expression_of(entry);
    if (expression == NULL) {
        return -1;
    }
    as_cdt_ctx_add_all_children_with_filter(entry->out, expression);
    as_exp_destroy(expression);
    return 0;
}

static const struct {
    int64_t id;
    AddEntry add;
} entries[] = {
    {AS_CDT_CTX_LIST_INDEX, add_list_index}, {CONTEXT_LIST_INDEX_CREATE, add_list_index_create},
    {AS_CDT_CTX_LIST_RANK, add_list_rank},   {AS_CDT_CTX_LIST_VALUE, add_list_value},
    {AS_CDT_CTX_MAP_INDEX, add_map_index},   {AS_CDT_CTX_MAP_RANK, add_map_rank},
    {AS_CDT_CTX_MAP_KEY, add_map_key},       {CONTEXT_MAP_KEY_CREATE, add_map_key_create},
    {AS_CDT_CTX_MAP_VALUE, add_map_value},   {AS_CDT_CTX_MAP_KEYS_IN, add_map_keys_in},
    {AS_CDT_CTX_EXP, add_children},          {AS_CDT_CTX_EXP | AS_CDT_CTX_AND, add_and_filter},
};

// ---- a context ----

static int entry_from_py(const Codec *codec, PyObject *object, int depth, as_cdt_ctx *out)
{
    State *state = codec->state;
    Entry entry = {codec, depth, NULL, NULL, out};
    int64_t number;
    int result = -1;
    PyObject *id = PyObject_GetAttr(object, state->str_id);
    if (id == NULL || (entry.value = PyObject_GetAttr(object, state->str_value)) == NULL ||
        (entry.extra = PyObject_GetAttr(object, state->str_extra_args)) == NULL) {
        if (PyErr_ExceptionMatches(PyExc_AttributeError)) {
            PyErr_Clear();
            error_type(state, "it", "made by a function of aerospike_helpers.cdt_ctx", object);
        }
        goto finally;
    }
    if (integer_from_py(state, id, "its id", 0, INT32_MAX, &number) < 0) {
        goto finally;
    }
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        if (entries[i].id == number) {
            result = entries[i].add(&entry);
            goto finally;
        }
    }
    error_param(state, "its id %R is none of aerospike_helpers.cdt_ctx", id);
finally:
    Py_XDECREF(id);
    Py_XDECREF(entry.value);
    Py_XDECREF(entry.extra);
    return result;
}

int context_from_py(const Codec *codec, PyObject *list, int depth, as_cdt_ctx *out)
{
    bool none = list == NULL || list == Py_None;
    if (!none && !PyList_Check(list)) {
        return error_type(codec->state, "ctx", "a list of aerospike_helpers.cdt_ctx entries", list);
    }
    as_cdt_ctx_init(out, none || PyList_GET_SIZE(list) == 0 ? 1 : (uint32_t)PyList_GET_SIZE(list));
    for (Py_ssize_t i = 0; !none && i < PyList_GET_SIZE(list); i++) {
        PyObject *object = Py_NewRef(PyList_GET_ITEM(list, i));
        int result = entry_from_py(codec, object, depth, out);
        Py_DECREF(object);
        if (result < 0) {
            as_cdt_ctx_destroy(out);
            return error_prefix(codec->state, "ctx[%zd]", i);
        }
    }
    return 0;
}
