// SPDX-License-Identifier: Apache-2.0
#include "operate/operand.h"

#include "errors.h"
#include "fields.h"
#include "operate/cdt_policy.h"

static const char *const key_names[] = {
#define KEY_NAME(name) #name,
    OPERAND_KEYS(KEY_NAME)
#undef KEY_NAME
};

typedef int (*ReadOperand)(Operands *operands, PyObject *object, const char *name, Slot *slot);

// ---- numbers ----

static int read_int64(Operands *operands, PyObject *object, const char *name, Slot *slot)
{
    return integer_from_py(operands->codec->state, object, name, INT64_MIN, INT64_MAX, &slot->number);
}

static int read_int32(Operands *operands, PyObject *object, const char *name, Slot *slot)
{
    return integer_from_py(operands->codec->state, object, name, INT32_MIN, INT32_MAX, &slot->number);
}

static int read_uint32(Operands *operands, PyObject *object, const char *name, Slot *slot)
{
    return integer_from_py(operands->codec->state, object, name, 0, UINT32_MAX, &slot->number);
}

static int read_uint64(Operands *operands, PyObject *object, const char *name, Slot *slot)
{
    uint64_t number = 0;
    int result = natural_from_py(operands->codec->state, object, name, &number);
    slot->number = (int64_t)number;
    return result;
}

static int read_ttl(Operands *operands, PyObject *object, const char *name, Slot *slot)
{
    uint32_t ttl;
    if (ttl_from_py(operands->codec->state, object, name, &ttl) < 0) {
        return -1;
    }
    slot->number = ttl;
    return 0;
}

static int read_flag(Operands *operands, PyObject *object, const char *name, Slot *slot)
{
    if (!PyLong_Check(object)) {
        return error_type(operands->codec->state, name, "a bool", object);
    }
    slot->number = PyObject_IsTrue(object);
    return 0;
}

static int read_bool(Operands *operands, PyObject *object, const char *name, Slot *slot)
{
    if (!PyBool_Check(object)) {
        return error_type(operands->codec->state, name, "a bool", object);
    }
    slot->number = object == Py_True;
    return 0;
}

// ---- text and bytes ----

static int read_bin(Operands *operands, PyObject *object, const char *name, Slot *slot)
{
    State *state = operands->codec->state;
    PyObject *text = keep_new(&operands->held, bin_name_text(state, object, name));
    if (text == NULL) {
        return -1;
    }
    slot->text = operands->bin = bin_name_from_py(state, text);
    operands->bin_object = text;
    return operands->bin == NULL ? -1 : 0;
}

static int read_text(Operands *operands, PyObject *object, const char *name, Slot *slot)
{
    State *state = operands->codec->state;
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

static int read_blob(Operands *operands, PyObject *object, const char *name, Slot *slot)
{
    if (PyByteArray_Check(object)) {  // may change while other operands are read
        object = keep_new(&operands->held, PyBytes_FromObject(object));
        if (object == NULL) {
            return -1;
        }
    }
    if (!PyBytes_Check(object)) {
        return error_type(operands->codec->state, name, "bytes or bytearray", object);
    }
    if (PyBytes_GET_SIZE(object) >= UINT32_MAX) {
        return error_param(operands->codec->state, "%s is too large", name);
    }
    slot->text = PyBytes_AS_STRING(object);
    slot->size = (uint32_t)PyBytes_GET_SIZE(object);
    return 0;
}

// ---- values ----

static int read_value(Operands *operands, PyObject *object, const char *name, Slot *slot)
{
    slot->value = operand_value(operands, object, name);
    return slot->value == NULL ? -1 : 0;
}

static int read_stored_key(Operands *operands, PyObject *object, const char *name, Slot *slot)
{
    bool good = PyUnicode_Check(object) || (PyLong_Check(object) && !PyBool_Check(object)) || PyBytes_Check(object) ||
                PyByteArray_Check(object);
    if (!good) {
        return error_type(operands->codec->state, name, "a str, int or bytes", object);
    }
    return read_value(operands, object, name, slot);
}

static int read_list(Operands *operands, PyObject *object, const char *name, Slot *slot)
{
    if (!PyList_Check(object)) {
        return error_type(operands->codec->state, name, "a list", object);
    }
    return read_value(operands, object, name, slot);
}

static int read_map(Operands *operands, PyObject *object, const char *name, Slot *slot)
{
    if (!PyDict_Check(object)) {
        return error_type(operands->codec->state, name, "a dict", object);
    }
    return read_value(operands, object, name, slot);
}

// ---- what becomes a bin's value ----

static int read_stored(Operands *operands, PyObject *object, const char *name, Slot *slot)
{
    slot->stored = stored_value(operands->codec, STORED_ANY, object, name, operands->keep);
    return slot->stored == NULL ? -1 : 0;
}

static int read_stored_number(Operands *operands, PyObject *object, const char *name, Slot *slot)
{
    slot->stored = stored_value(operands->codec, STORED_NUMBER, object, name, operands->keep);
    return slot->stored == NULL ? -1 : 0;
}

static int read_stored_text(Operands *operands, PyObject *object, const char *name, Slot *slot)
{
    slot->stored = stored_value(operands->codec, STORED_TEXT, object, name, operands->keep);
    return slot->stored == NULL ? -1 : 0;
}

// ---- contexts, expressions, policies ----

static int read_context(Operands *operands, PyObject *object, const char *name, Slot *slot)
{
    (void)name;
    (void)slot;
    if (context_from_py(operands->codec, object, 0, &operands->context) < 0) {
        return -1;
    }
    if (operands->context.list.size == 0) {
        as_cdt_ctx_destroy(&operands->context);
    } else {
        operands->ctx = &operands->context;
    }
    return 0;
}

static int read_path_context(Operands *operands, PyObject *object, const char *name, Slot *slot)
{
    if (read_context(operands, object, name, slot) < 0) {
        return -1;
    }
    return operands->ctx != NULL ? 0 : error_param(operands->codec->state, "%s must have at least one entry", name);
}

// The C client writes such a context in a way that knows no expressions.
static int read_create_context(Operands *operands, PyObject *object, const char *name, Slot *slot)
{
    if (read_context(operands, object, name, slot) < 0) {
        return -1;
    }
    as_vector *entries = &operands->context.list;
    for (uint32_t i = 0; operands->ctx != NULL && i < entries->size; i++) {
        const as_cdt_ctx_item *item = as_vector_get(entries, i);
        if ((item->type & ~AS_CDT_CTX_AND) == AS_CDT_CTX_EXP) {
            return error_param(operands->codec->state, "ctx[%u] selects children, and this operation needs one place",
                               i);
        }
    }
    return 0;
}

static int read_expression(Operands *operands, PyObject *object, const char *name, Slot *slot)
{
    slot->expression = operands->expression = expression_from_py(operands->codec, object, 0, name);
    return slot->expression == NULL ? -1 : 0;
}

// None, where a policy must be given, is one of defaults.
static int read_policy(Operands *operands, PyObject *object, const char *name, CdtPolicyKind kind, CdtPolicy *out)
{
    operands->has_policy = true;
    *out = (CdtPolicy){0};
    return object == Py_None ? 0 : cdt_policy_from_py(operands->codec, kind, object, name, out);
}

static int read_list_policy(Operands *operands, PyObject *object, const char *name, Slot *Py_UNUSED(slot))
{
    CdtPolicy policy;
    int result = read_policy(operands, object, name, CDT_POLICY_LIST, &policy);
    if (result == 0) {
        as_list_policy_set(&operands->policy.list, (as_list_order)policy.order, (as_list_write_flags)policy.flags);
    }
    return result;
}

static int read_map_policy(Operands *operands, PyObject *object, const char *name, Slot *Py_UNUSED(slot))
{
    CdtPolicy policy;
    int result = read_policy(operands, object, name, CDT_POLICY_MAP, &policy);
    if (result == 0) {
        as_map_policy_set_all(&operands->policy.map, (as_map_order)policy.order, policy.flags, policy.persist_index);
    }
    return result;
}

static int read_bit_policy(Operands *operands, PyObject *object, const char *name, Slot *Py_UNUSED(slot))
{
    CdtPolicy policy;
    int result = read_policy(operands, object, name, CDT_POLICY_BIT, &policy);
    if (result == 0) {
        as_bit_policy_set_write_flags(&operands->policy.bit, (as_bit_write_flags)policy.flags);
    }
    return result;
}

static int read_hll_policy(Operands *operands, PyObject *object, const char *name, Slot *Py_UNUSED(slot))
{
    CdtPolicy policy;
    int result = read_policy(operands, object, name, CDT_POLICY_HLL, &policy);
    if (result == 0) {
        as_hll_policy_set_write_flags(&operands->policy.hll, (as_hll_write_flags)policy.flags);
    }
    return result;
}

static int read_string_policy(Operands *operands, PyObject *object, const char *name, Slot *Py_UNUSED(slot))
{
    CdtPolicy policy;
    int result = read_policy(operands, object, name, CDT_POLICY_STRING, &policy);
    if (result == 0) {
        as_string_policy_set(&operands->policy.string, (as_string_write_flags)policy.flags);
    }
    return result;
}

// ---- a dictionary ----

static const ReadOperand readers[OPERAND_COUNT] = {
    [OPERAND_BIN] = read_bin,
    [OPERAND_CONTEXT] = read_context,
    [OPERAND_PATH_CONTEXT] = read_path_context,
    [OPERAND_CREATE_CONTEXT] = read_create_context,
    [OPERAND_INT64] = read_int64,
    [OPERAND_INT32] = read_int32,
    [OPERAND_UINT32] = read_uint32,
    [OPERAND_UINT64] = read_uint64,
    [OPERAND_TTL] = read_ttl,
    [OPERAND_FLAG] = read_flag,
    [OPERAND_BOOL] = read_bool,
    [OPERAND_VALUE] = read_value,
    [OPERAND_STORED_KEY] = read_stored_key,
    [OPERAND_LIST] = read_list,
    [OPERAND_MAP] = read_map,
    [OPERAND_BLOB] = read_blob,
    [OPERAND_TEXT] = read_text,
    [OPERAND_EXPRESSION] = read_expression,
    [OPERAND_STORED] = read_stored,
    [OPERAND_STORED_NUMBER] = read_stored_number,
    [OPERAND_STORED_TEXT] = read_stored_text,
    [OPERAND_LIST_POLICY] = read_list_policy,
    [OPERAND_MAP_POLICY] = read_map_policy,
    [OPERAND_BIT_POLICY] = read_bit_policy,
    [OPERAND_HLL_POLICY] = read_hll_policy,
    [OPERAND_STRING_POLICY] = read_string_policy,
};

// The value of a key, held: 1, or 0 where it is absent, or None for an optional operand, or -1.
static int operand_find(Operands *operands, PyObject *dict, const Operand *operand, PyObject **object,
                        Py_ssize_t *known)
{
    PyObject *found = PyDict_GetItemWithError(dict, operand_key(operands->codec->state, operand->key));
    if (found == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    (*known)++;
    *object = keep_new(&operands->held, Py_NewRef(found));
    return *object == NULL ? -1 : found == Py_None && operand->optional ? 0 : 1;
}

int operands_from_py(Operands *operands, PyObject *dict, const Operand *list, Py_ssize_t *known)
{
    for (const Operand *operand = list; operand->kind != OPERAND_END; operand++) {
        const char *name = key_names[operand->key];
        Slot *slot = &operands->slot[operand->key];
        PyObject *object = NULL;
        *slot = (Slot){0};
        int found = operand_find(operands, dict, operand, &object, known);
        if (found < 0) {
            return -1;
        }
        slot->given = found;
        if (!found && !operand->optional) {
            return error_param(operands->codec->state, "'%s' is missing", name);
        }
        if (found && readers[operand->kind](operands, object, name, slot) < 0) {
            return -1;
        }
    }
    return 0;
}

void operands_start(Operands *operands, const Codec *codec, as_operations *ops, Keep *keep)
{
    operands->codec = codec;
    operands->keep = keep;
    operands->ops = ops;
    operands->bin_object = NULL;
    operands->bin = NULL;
    operands->ctx = NULL;
    operands->has_policy = false;
    operands->expression = NULL;
    operands->value_count = 0;
    operands->held = (Keep){0};
}

void operands_release(Operands *operands)
{
    keep_release(&operands->held);
    if (operands->ctx != NULL) {
        as_cdt_ctx_destroy(operands->ctx);
    }
    if (operands->expression != NULL) {
        as_exp_destroy(operands->expression);
    }
}

// ---- keys ----

PyObject *operand_key(State *state, OperandKey key)
{
    return PyTuple_GET_ITEM(state->operand_keys, key);
}

static PyObject *list_names(State *state, const Operand *list)
{
    Py_ssize_t count = 0;
    while (list[count].kind != OPERAND_END) {
        count++;
    }
    PyObject *names = PyTuple_New(count);
    for (Py_ssize_t i = 0; names != NULL && i < count; i++) {
        PyTuple_SET_ITEM(names, i, Py_NewRef(operand_key(state, list[i].key)));
    }
    return names;
}

int operand_keys_check(State *state, PyObject *dict, const char *what, const Operand *list, PyObject *others,
                       bool strict)
{
    PyObject *names = list_names(state, list);
    PyObject *keys = names == NULL ? NULL : PyDict_Keys(dict);
    int result = keys == NULL ? -1 : 0;
    for (Py_ssize_t i = 0; result == 0 && i < PyList_GET_SIZE(keys); i++) {
        PyObject *key = PyList_GET_ITEM(keys, i);
        int known = PySequence_Contains(others == NULL ? names : others, key);
        result = known < 0 ? -1 : known ? 0 : key_unknown(state, "operation", what, key, names, strict);
    }
    Py_XDECREF(keys);
    Py_XDECREF(names);
    return result;
}

int operand_keys_init(State *state)
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
    state->operand_keys = names;
    return names == NULL ? -1 : 0;
}
