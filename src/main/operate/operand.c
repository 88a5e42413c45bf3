// SPDX-License-Identifier: Apache-2.0
#include "operate/operand.h"

#include "errors.h"
#include "fields.h"
#include "operate/cdt_policy.h"

typedef int (*ReadOperand)(Operands *operands, PyObject *object, const char *name, Slot *slot);

// ---- numbers that a row's range does not say ----

static int read_uint64(Operands *operands, PyObject *object, const char *name, Slot *slot)
{
    uint64_t number = 0;
    int result = natural_from_py(operands->codec->state, object, name, &number);
    slot->number = (int64_t)number;
    return result;
}

static int read_flag(Operands *operands, PyObject *object, const char *name, Slot *slot)
{
    if (!PyLong_Check(object)) {
        return error_type(operands->codec->state, name, "a bool", object);
    }
    slot->flag = PyObject_IsTrue(object) == 1;
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

// ---- the tables ----

#define INTEGER(name, may_lack, low, high)                                                                             \
    {.key = #name,                                                                                                     \
     .kind = FIELD_I64,                                                                                                \
     .optional = may_lack,                                                                                             \
     .place = FIELD_PLACE(Operands, slot[KEY_##name].number, I64),                                                     \
     .least = low,                                                                                                     \
     .most = high}
#define OTHER(name, may_lack, reader)                                                                                  \
    {.key = #name,                                                                                                     \
     .kind = FIELD_OTHER,                                                                                              \
     .optional = may_lack,                                                                                             \
     .place = offsetof(Operands, slot[KEY_##name]),                                                                    \
     .function = (void (*)(void))(reader)}

// The kinds of operands.
// clang-format off: a line each
#define OPERAND_BIN(name, may_lack) OTHER(name, may_lack, read_bin)  // the bin's name
#define OPERAND_CONTEXT(name, may_lack) OTHER(name, may_lack, read_context)
#define OPERAND_PATH_CONTEXT(name, may_lack) OTHER(name, may_lack, read_path_context)  // not empty
// Of what may create what it leads to: without expressions.
#define OPERAND_CREATE_CONTEXT(name, may_lack) OTHER(name, may_lack, read_create_context)
// Also a count, which the server takes as unsigned: -1 is "all that follow".
#define OPERAND_INT64(name, may_lack) INTEGER(name, may_lack, INT64_MIN, INT64_MAX)
#define OPERAND_INT32(name, may_lack) INTEGER(name, may_lack, INT32_MIN, INT32_MAX)
#define OPERAND_UINT32(name, may_lack) INTEGER(name, may_lack, 0, UINT32_MAX)
#define OPERAND_UINT64(name, may_lack) OTHER(name, may_lack, read_uint64)
#define OPERAND_TTL(name, may_lack) \
    {.key = #name, .kind = FIELD_TTL, .optional = may_lack, .place = FIELD_PLACE(Operands, slot[KEY_##name].ttl, TTL)}
#define OPERAND_FLAG(name, may_lack) OTHER(name, may_lack, read_flag)  // a bool, or an int as one
#define OPERAND_BOOL(name, may_lack) \
    {.key = #name, .kind = FIELD_BOOL, .optional = may_lack, .most = 1, \
     .place = FIELD_PLACE(Operands, slot[KEY_##name].flag, BOOL)}
#define OPERAND_VALUE(name, may_lack) OTHER(name, may_lack, read_value)  // what a server can store or compare with
#define OPERAND_STORED_KEY(name, may_lack) OTHER(name, may_lack, read_stored_key)  // of a map entry that is written
#define OPERAND_LIST(name, may_lack) OTHER(name, may_lack, read_list)
#define OPERAND_MAP(name, may_lack) OTHER(name, may_lack, read_map)
#define OPERAND_BLOB(name, may_lack) OTHER(name, may_lack, read_blob)
#define OPERAND_TEXT(name, may_lack) OTHER(name, may_lack, read_text)  // without NUL: the C client measures it
#define OPERAND_EXPRESSION(name, may_lack) OTHER(name, may_lack, read_expression)
#define OPERAND_STORED(name, may_lack) OTHER(name, may_lack, read_stored)  // a bin's value: lives until the command ran
#define OPERAND_STORED_NUMBER(name, may_lack) OTHER(name, may_lack, read_stored_number)
#define OPERAND_STORED_TEXT(name, may_lack) OTHER(name, may_lack, read_stored_text)
#define OPERAND_LIST_POLICY(name, may_lack) OTHER(name, may_lack, read_list_policy)
#define OPERAND_MAP_POLICY(name, may_lack) OTHER(name, may_lack, read_map_policy)
#define OPERAND_BIT_POLICY(name, may_lack) OTHER(name, may_lack, read_bit_policy)
#define OPERAND_HLL_POLICY(name, may_lack) OTHER(name, may_lack, read_hll_policy)
#define OPERAND_STRING_POLICY(name, may_lack) OTHER(name, may_lack, read_string_policy)
// clang-format on

#define REQUIRED(kind, key) OPERAND_##kind(key, false)
#define OPTIONAL(kind, key) OPERAND_##kind(key, true)
#define LISTED(...) __VA_ARGS__
#define OPERATION(constant, number, name, operands, call)                                                              \
    static const Field name##_rows[] = {LISTED operands, FIELDS_END};
#define NAME_ONLY(constant, number)
#include "tables/operations.def"
#undef OPERATION
#undef NAME_ONLY

// What an operation has no use for, but others have, is no mistake in its dictionary.
static const Field key_rows[] = {
#define KEY_ROW(name) FIELD_OWN(#name, ACCEPTED, NULL),
    OPERAND_KEYS(KEY_ROW)
#undef KEY_ROW
        FIELDS_END};
static const Fields all_keys = {.id = FIELDS_OPERATION_KEYS, .rows = key_rows};

static int read_own(const FieldsCall *call, const Field *field, PyObject *value, const char *what)
{
    Operands *operands = call->out;
    Slot *slot = (Slot *)((char *)operands + field->place);
    return keep_object(&operands->held, value) < 0 ? -1 : ((ReadOperand)field->function)(operands, value, what, slot);
}

static const Fields tables[] = {
#define OPERATION(constant, number, name, operands, call)                                                              \
    {.id = FIELDS_OPERATIONS + OPERATION_##name,                                                                       \
     .kind = "operation",                                                                                              \
     .rows = name##_rows,                                                                                              \
     .beside = &all_keys,                                                                                              \
     .read = read_own},
#define NAME_ONLY(constant, number)
#include "tables/operations.def"
#undef OPERATION
#undef NAME_ONLY
};

// ---- a dictionary ----

static Slot *row_slot(Operands *operands, const Field *row)
{
    return &operands->slot[(row->place - offsetof(Operands, slot)) / sizeof(Slot)];
}

int operands_from_py(Operands *operands, PyObject *dict, OperationRow row)
{
    const Fields *fields = &tables[row];
    for (const Field *field = fields->rows; field->key != NULL; field++) {
        *row_slot(operands, field) = (Slot){0};
    }
    // always strict: an operation that was meant otherwise changes a record
    FieldsCall call = {operands->codec->state, "the dictionary", "", "", true, true, operands, NULL};
    uint32_t found;
    int result = fields_look_up(&call, fields, dict, 1, &found);  // "op" was read before
    for (int i = 0; fields->rows[i].key != NULL; i++) {
        row_slot(operands, &fields->rows[i])->given = found >> i & 1;
    }
    return result;
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
