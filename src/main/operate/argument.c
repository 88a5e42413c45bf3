// SPDX-License-Identifier: Apache-2.0
#include "argument.h"

#include "errors.h"
#include "policy.h"

static const char *const key_names[] = {
#define KEY_NAME(name) #name,
    ARGUMENT_KEYS(KEY_NAME)
#undef KEY_NAME
};

typedef int (*ReadArgument)(Arguments *arguments, PyObject *object, const char *name, Slot *slot);

PyObject *argument_hold(Arguments *arguments, PyObject *object)
{
    if (object != NULL) {
        arguments->held[arguments->held_count++] = object;
    }
    return object;
}

// ---- numbers ----

static int read_int64(Arguments *arguments, PyObject *object, const char *name, Slot *slot)
{
    return integer_from_py(arguments->codec->state, object, name, INT64_MIN, INT64_MAX, &slot->number);
}

static int read_int32(Arguments *arguments, PyObject *object, const char *name, Slot *slot)
{
    return integer_from_py(arguments->codec->state, object, name, INT32_MIN, INT32_MAX, &slot->number);
}

static int read_uint32(Arguments *arguments, PyObject *object, const char *name, Slot *slot)
{
    return integer_from_py(arguments->codec->state, object, name, 0, UINT32_MAX, &slot->number);
}

static int read_uint64(Arguments *arguments, PyObject *object, const char *name, Slot *slot)
{
    State *state = arguments->codec->state;
    if (!PyLong_Check(object)) {
        return error_type(state, name, "an int", object);
    }
    unsigned long long number = PyLong_AsUnsignedLongLong(object);
    if (number == (unsigned long long)-1 && PyErr_Occurred()) {
        if (!PyErr_ExceptionMatches(PyExc_OverflowError)) {
            return -1;
        }
        PyErr_Clear();
        return error_param(state, "%s must be from 0 to 2**64-1", name);
    }
    slot->number = (int64_t)number;
    return 0;
}

static int read_ttl(Arguments *arguments, PyObject *object, const char *name, Slot *slot)
{
    // 0 to -3 are TTL_NAMESPACE_DEFAULT to TTL_CLIENT_DEFAULT
    return integer_from_py(arguments->codec->state, object, name, -3, UINT32_MAX, &slot->number);
}

static int read_flag(Arguments *arguments, PyObject *object, const char *name, Slot *slot)
{
    if (!PyLong_Check(object)) {
        return error_type(arguments->codec->state, name, "a bool", object);
    }
    slot->number = PyObject_IsTrue(object);
    return 0;
}

// ---- text and bytes ----

static int read_bin(Arguments *arguments, PyObject *object, const char *name, Slot *slot)
{
    if (!PyUnicode_Check(object)) {
        return error_type(arguments->codec->state, name, "a str", object);
    }
    slot->text = arguments->bin = bin_name_from_py(arguments->codec->state, object);
    arguments->bin_object = object;
    return arguments->bin == NULL ? -1 : 0;
}

static int read_text(Arguments *arguments, PyObject *object, const char *name, Slot *slot)
{
    State *state = arguments->codec->state;
    Py_ssize_t size;
    if (!PyUnicode_Check(object)) {
        return error_type(state, name, "a str", object);
    }
    slot->text = PyUnicode_AsUTF8AndSize(object, &size);
    if (slot->text == NULL) {
        return unicode_error(state, name);
    }
    if (strlen(slot->text) != (size_t)size) {
        return error_param(state, "%s must not contain NUL, which would end it", name);
    }
    return 0;
}

static int read_blob(Arguments *arguments, PyObject *object, const char *name, Slot *slot)
{
    if (PyByteArray_Check(object)) {  // may change while other arguments are read
        object = argument_hold(arguments, PyBytes_FromObject(object));
        if (object == NULL) {
            return -1;
        }
    }
    if (!PyBytes_Check(object)) {
        return error_type(arguments->codec->state, name, "bytes or bytearray", object);
    }
    if (PyBytes_GET_SIZE(object) >= UINT32_MAX) {
        return error_param(arguments->codec->state, "%s is too large", name);
    }
    slot->text = PyBytes_AS_STRING(object);
    slot->size = (uint32_t)PyBytes_GET_SIZE(object);
    return 0;
}

// ---- values ----

static int read_value(Arguments *arguments, PyObject *object, const char *name, Slot *slot)
{
    slot->value = argument_value(arguments, object, name);
    return slot->value == NULL ? -1 : 0;
}

static int read_stored_key(Arguments *arguments, PyObject *object, const char *name, Slot *slot)
{
    bool good = PyUnicode_Check(object) || (PyLong_Check(object) && !PyBool_Check(object)) || PyBytes_Check(object) ||
                PyByteArray_Check(object);
    if (!good) {
        return error_type(arguments->codec->state, name, "a str, int or bytes", object);
    }
    return read_value(arguments, object, name, slot);
}

static int read_list(Arguments *arguments, PyObject *object, const char *name, Slot *slot)
{
    if (!PyList_Check(object)) {
        return error_type(arguments->codec->state, name, "a list", object);
    }
    return read_value(arguments, object, name, slot);
}

static int read_map(Arguments *arguments, PyObject *object, const char *name, Slot *slot)
{
    if (!PyDict_Check(object)) {
        return error_type(arguments->codec->state, name, "a dict", object);
    }
    return read_value(arguments, object, name, slot);
}

// ---- what becomes a bin's value ----

static int read_stored(Arguments *arguments, PyObject *object, const char *name, Slot *slot)
{
    as_bin *bin = PyMem_Calloc(1, sizeof *bin);
    if (bin == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    if (keep_block(arguments->keep, bin) < 0 ||
        bin_value_from_py(arguments->codec, bin, name, object, arguments->keep) < 0) {
        return -1;
    }
    slot->stored = &bin->value;
    return 0;
}

static int read_stored_number(Arguments *arguments, PyObject *object, const char *name, Slot *slot)
{
    if (!PyLong_Check(object) && !PyFloat_Check(object)) {
        return error_type(arguments->codec->state, name, "an int or float", object);
    }
    if (PyBool_Check(object)) {  // counts as 0 or 1
        object = argument_hold(arguments, PyLong_FromLong(object == Py_True));
    }
    return object == NULL ? -1 : read_stored(arguments, object, name, slot);
}

static int read_stored_text(Arguments *arguments, PyObject *object, const char *name, Slot *slot)
{
    if (!PyUnicode_Check(object) && !PyBytes_Check(object) && !PyByteArray_Check(object)) {
        return error_type(arguments->codec->state, name, "a str, bytes or bytearray", object);
    }
    return read_stored(arguments, object, name, slot);
}

// ---- contexts, expressions, policies ----

static int read_context(Arguments *arguments, PyObject *object, const char *name, Slot *slot)
{
    (void)name;
    (void)slot;
    if (context_from_py(arguments->codec, object, &arguments->context) < 0) {
        return -1;
    }
    if (arguments->context.list.size == 0) {
        as_cdt_ctx_destroy(&arguments->context);
    } else {
        arguments->ctx = &arguments->context;
    }
    return 0;
}

static int read_path_context(Arguments *arguments, PyObject *object, const char *name, Slot *slot)
{
    if (read_context(arguments, object, name, slot) < 0) {
        return -1;
    }
    return arguments->ctx != NULL ? 0 : error_param(arguments->codec->state, "%s must have at least one entry", name);
}

// The C client writes such a context in a way that knows no expressions.
static int read_create_context(Arguments *arguments, PyObject *object, const char *name, Slot *slot)
{
    if (read_context(arguments, object, name, slot) < 0) {
        return -1;
    }
    as_vector *entries = &arguments->context.list;
    for (uint32_t i = 0; arguments->ctx != NULL && i < entries->size; i++) {
        const as_cdt_ctx_item *item = as_vector_get(entries, i);
        if ((item->type & ~AS_CDT_CTX_AND) == AS_CDT_CTX_EXP) {
            return error_param(arguments->codec->state, "ctx[%u] selects children, and this operation needs one place",
                               i);
        }
    }
    return 0;
}

static int read_expression(Arguments *arguments, PyObject *object, const char *name, Slot *slot)
{
    slot->expression = arguments->expression = expression_from_py(arguments->codec, object, name);
    return slot->expression == NULL ? -1 : 0;
}

// The fields of a policy as numbers in their slots; None is a policy of defaults.
static int read_policy(Arguments *arguments, PyObject *object, const char *name, const Argument *fields)
{
    State *state = arguments->codec->state;
    Py_ssize_t known = 0;
    arguments->has_policy = true;
    if (object == Py_None) {
        for (const Argument *field = fields; field->kind != KIND_END; field++) {
            arguments->slot[field->key] = (Slot){0};
        }
        return 0;
    }
    if (!PyDict_Check(object)) {
        return error_type(state, name, "a dict", object);
    }
    if (arguments_from_py(arguments, object, fields, &known) < 0) {
        return error_prefix(state, "%s", name);
    }
    return known == PyDict_GET_SIZE(object)
               ? 0
               : argument_keys_check(state, object, name, fields, NULL, arguments->codec->validate_keys);
}

#define FIELD(key) (arguments->slot[KEY_##key].number)

static int read_list_policy(Arguments *arguments, PyObject *object, const char *name, Slot *slot)
{
    static const Argument fields[] = {
        {KIND_INT32, KEY_list_order, true}, {KIND_INT32, KEY_write_flags, true}, {KIND_END, 0, false}};
    (void)slot;
    int result = read_policy(arguments, object, name, fields);
    if (result == 0) {
        as_list_policy_set(&arguments->policy.list, (as_list_order)FIELD(list_order),
                           (as_list_write_flags)FIELD(write_flags));
    }
    return result;
}

static int read_map_policy(Arguments *arguments, PyObject *object, const char *name, Slot *slot)
{
    static const Argument fields[] = {{KIND_INT32, KEY_map_order, true},
                                      {KIND_UINT32, KEY_map_write_flags, true},
                                      {KIND_FLAG, KEY_persist_index, true},
                                      {KIND_END, 0, false}};
    (void)slot;
    int result = read_policy(arguments, object, name, fields);
    if (result == 0) {
        as_map_policy_set_all(&arguments->policy.map, (as_map_order)FIELD(map_order), (uint32_t)FIELD(map_write_flags),
                              FIELD(persist_index) != 0);
    }
    return result;
}

static int read_bit_policy(Arguments *arguments, PyObject *object, const char *name, Slot *slot)
{
    static const Argument fields[] = {{KIND_UINT32, KEY_bit_write_flags, true}, {KIND_END, 0, false}};
    (void)slot;
    int result = read_policy(arguments, object, name, fields);
    if (result == 0) {
        as_bit_policy_set_write_flags(&arguments->policy.bit, (as_bit_write_flags)FIELD(bit_write_flags));
    }
    return result;
}

static int read_hll_policy(Arguments *arguments, PyObject *object, const char *name, Slot *slot)
{
    static const Argument fields[] = {{KIND_UINT32, KEY_flags, true}, {KIND_END, 0, false}};
    (void)slot;
    int result = read_policy(arguments, object, name, fields);
    if (result == 0) {
        as_hll_policy_set_write_flags(&arguments->policy.hll, (as_hll_write_flags)FIELD(flags));
    }
    return result;
}

#undef FIELD

// A string_helpers.StringPolicy, or anything else with its attribute.
static int read_string_policy(Arguments *arguments, PyObject *object, const char *name, Slot *slot)
{
    State *state = arguments->codec->state;
    int64_t flags;
    (void)slot;
    PyObject *attribute = argument_hold(arguments, PyObject_GetAttr(object, argument_key(state, KEY_write_flags)));
    if (attribute == NULL) {
        if (!PyErr_ExceptionMatches(PyExc_AttributeError)) {
            return -1;
        }
        PyErr_Clear();
        return error_type(state, name, "a string_helpers.StringPolicy", object);
    }
    if (integer_from_py(state, attribute, "write_flags", 0, INT32_MAX, &flags) < 0) {
        return error_prefix(state, "%s", name);
    }
    arguments->has_policy = true;
    as_string_policy_set(&arguments->policy.string, (as_string_write_flags)flags);
    return 0;
}

// ---- a dictionary ----

static const ReadArgument readers[KIND_COUNT] = {
    [KIND_BIN] = read_bin,
    [KIND_CONTEXT] = read_context,
    [KIND_PATH_CONTEXT] = read_path_context,
    [KIND_CREATE_CONTEXT] = read_create_context,
    [KIND_INT64] = read_int64,
    [KIND_INT32] = read_int32,
    [KIND_UINT32] = read_uint32,
    [KIND_UINT64] = read_uint64,
    [KIND_TTL] = read_ttl,
    [KIND_FLAG] = read_flag,
    [KIND_VALUE] = read_value,
    [KIND_STORED_KEY] = read_stored_key,
    [KIND_LIST] = read_list,
    [KIND_MAP] = read_map,
    [KIND_BLOB] = read_blob,
    [KIND_TEXT] = read_text,
    [KIND_EXPRESSION] = read_expression,
    [KIND_STORED] = read_stored,
    [KIND_STORED_NUMBER] = read_stored_number,
    [KIND_STORED_TEXT] = read_stored_text,
    [KIND_LIST_POLICY] = read_list_policy,
    [KIND_MAP_POLICY] = read_map_policy,
    [KIND_BIT_POLICY] = read_bit_policy,
    [KIND_HLL_POLICY] = read_hll_policy,
    [KIND_STRING_POLICY] = read_string_policy,
};

// The value of a key, held: 1, or 0 where it is absent, or None for an optional argument, or -1.
static int argument_find(Arguments *arguments, PyObject *dict, const Argument *argument, PyObject **object,
                         Py_ssize_t *known)
{
    PyObject *found = PyDict_GetItemWithError(dict, argument_key(arguments->codec->state, argument->key));
    if (found == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    (*known)++;
    *object = argument_hold(arguments, Py_NewRef(found));
    return found == Py_None && argument->optional ? 0 : 1;
}

int arguments_from_py(Arguments *arguments, PyObject *dict, const Argument *list, Py_ssize_t *known)
{
    for (const Argument *argument = list; argument->kind != KIND_END; argument++) {
        const char *name = key_names[argument->key];
        Slot *slot = &arguments->slot[argument->key];
        PyObject *object = NULL;
        *slot = (Slot){0};
        int found = argument_find(arguments, dict, argument, &object, known);
        if (found < 0) {
            return -1;
        }
        slot->given = found;
        if (!found && !argument->optional) {
            return error_param(arguments->codec->state, "'%s' is missing", name);
        }
        if (found && readers[argument->kind](arguments, object, name, slot) < 0) {
            return -1;
        }
    }
    return 0;
}

void arguments_start(Arguments *arguments, const Codec *codec, as_operations *ops, Keep *keep)
{
    arguments->codec = codec;
    arguments->keep = keep;
    arguments->ops = ops;
    arguments->bin_object = NULL;
    arguments->bin = NULL;
    arguments->ctx = NULL;
    arguments->has_policy = false;
    arguments->expression = NULL;
    arguments->held_count = arguments->value_count = 0;
}

void arguments_release(Arguments *arguments)
{
    for (int i = 0; i < arguments->value_count; i++) {
        packer_release(&arguments->values[i].packer);
    }
    for (int i = 0; i < arguments->held_count; i++) {
        Py_DECREF(arguments->held[i]);
    }
    if (arguments->ctx != NULL) {
        as_cdt_ctx_destroy(arguments->ctx);
    }
    if (arguments->expression != NULL) {
        as_exp_destroy(arguments->expression);
    }
}

// ---- keys ----

PyObject *argument_key(State *state, ArgumentKey key)
{
    return PyTuple_GET_ITEM(state->argument_keys, key);
}

static PyObject *list_names(State *state, const Argument *list)
{
    Py_ssize_t count = 0;
    while (list[count].kind != KIND_END) {
        count++;
    }
    PyObject *names = PyTuple_New(count);
    for (Py_ssize_t i = 0; names != NULL && i < count; i++) {
        PyTuple_SET_ITEM(names, i, Py_NewRef(argument_key(state, list[i].key)));
    }
    return names;
}

int argument_keys_check(State *state, PyObject *dict, const char *what, const Argument *list, PyObject *others,
                        bool strict)
{
    PyObject *names = list_names(state, list);
    PyObject *keys = names == NULL ? NULL : PyDict_Keys(dict);
    int result = keys == NULL ? -1 : 0;
    for (Py_ssize_t i = 0; result == 0 && i < PyList_GET_SIZE(keys); i++) {
        PyObject *key = PyList_GET_ITEM(keys, i);
        int known = PySequence_Contains(others == NULL ? names : others, key);
        result = known < 0 ? -1 : known ? 0 : key_unknown(state, what, key, names, strict);
    }
    Py_XDECREF(keys);
    Py_XDECREF(names);
    return result;
}

int argument_keys_init(State *state)
{
    PyObject *names = PyTuple_New(KEY_COUNT);
    for (Py_ssize_t i = 0; names != NULL && i < KEY_COUNT; i++) {
        PyObject *name = PyUnicode_InternFromString(key_names[i]);
        if (name == NULL) {
            Py_CLEAR(names);
        } else {
            PyTuple_SET_ITEM(names, i, name);
        }
    }
    state->argument_keys = names;
    return names == NULL ? -1 : 0;
}
