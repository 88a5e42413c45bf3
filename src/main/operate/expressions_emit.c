// SPDX-License-Identifier: Apache-2.0
// Compiled expressions to the wire's msgpack: one walk over the Nodes, a function a kind of argument.
#include "errors.h"
#include "expressions.h"
#include "operate.h"
#include "pack.h"
#include "policy.h"

#include <aerospike/as_bit_operations.h>
#include <citrusleaf/alloc.h>

typedef struct Emitter {
    Packer packer;
    int depth;
    bool cut;  // an optional argument was left out: so is the rest of its call
} Emitter;

static int emit_node(Emitter *e, PyObject *node, const PackPath *outer);

// ---- errors ----

static inline bool is_node(const Emitter *e, PyObject *value)
{
    return is_a(value, e->packer.codec->state->expression_type);
}

// "policy key 'expressions': GT → ListGetByIndex → index must be an int or an expression, not str"
static int refuse(Emitter *e, const PackPath *path, const char *expected, PyObject *got)
{
    PyObject *text = pack_path_text(path);
    if (text != NULL) {
        const char *kind = is_node(e, got) ? "an expression" : Py_TYPE(got)->tp_name;
        error_param(e->packer.codec->state, "%U must be %s, not %.100s", text, expected, kind);
        Py_DECREF(text);
    }
    return -1;
}

static int refuse_value(Emitter *e, const PackPath *path, as_status code, const char *problem, PyObject *got)
{
    PyObject *text = pack_path_text(path);
    if (text != NULL) {
        error_set(e->packer.codec->state, code, "%U %s: %R", text, problem, got);
        Py_DECREF(text);
    }
    return -1;
}

// ---- arguments that are no expressions ----

static int integer_of(Emitter *e, PyObject *value, const PackPath *path, int64_t least, int64_t most, int64_t *out)
{
    if (!PyLong_Check(value)) {
        return refuse(e, path, "an int", value);
    }
    int overflow;
    long long number = PyLong_AsLongLongAndOverflow(value, &overflow);
    if (overflow != 0 || number < least || number > most) {
        PyObject *text = pack_path_text(path);
        if (text != NULL) {
            error_param(e->packer.codec->state, "%U must be from %lld to %lld", text, (long long)least,
                        (long long)most);
            Py_DECREF(text);
        }
        return -1;
    }
    *out = number;
    return number == -1 && PyErr_Occurred() ? -1 : 0;
}

static int emit_integer(Emitter *e, PyObject *value, const PackPath *path)
{
    int64_t number;
    if (integer_of(e, value, path, INT64_MIN, INT64_MAX, &number) < 0) {
        return -1;
    }
    return pack_integer(&e->packer, number) < 0 ? -1 : 1;
}

static int emit_flag(Emitter *e, PyObject *value, const PackPath *path)
{
    int64_t number;
    if (!PyBool_Check(value) && !PyLong_Check(value)) {
        return refuse(e, path, "a bool", value);
    }
    return integer_of(e, value, path, 0, 1, &number) < 0 || pack_integer(&e->packer, number) < 0 ? -1 : 1;
}

static int emit_modify_flags(Emitter *e, PyObject *value, const PackPath *path)
{
    enum { MODIFY = 4 };  // of the flags of a path operation
    int64_t number;
    if (integer_of(e, value, path, 0, UINT32_MAX, &number) < 0) {
        return -1;
    }
    return pack_integer(&e->packer, number | MODIFY) < 0 ? -1 : 1;
}

static int emit_text(Emitter *e, PyObject *value, const PackPath *path)
{
    if (!PyUnicode_Check(value)) {
        return refuse(e, path, "a str", value);
    }
    return pack_value(&e->packer, value, path, 0) < 0 ? -1 : 1;
}

static int emit_optional_text(Emitter *e, PyObject *value, const PackPath *path)
{
    if (value == Py_None) {
        e->cut = true;
        return 0;
    }
    return emit_text(e, value, path);
}

static int emit_pair_first(Emitter *e, PyObject *value, const PackPath *path)
{
    if (pack_count(&e->packer, false, 2) < 0 || pack_integer(&e->packer, _AS_EXP_CODE_QUOTE) < 0 ||
        pack_count(&e->packer, false, 2) < 0) {
        return -1;
    }
    return emit_text(e, value, path);
}

static int emit_pair_second(Emitter *e, PyObject *value, const PackPath *path)
{
    return emit_text(e, value, path) < 0 ? -1 : 0;
}

static int emit_name(Emitter *e, PyObject *value, const PackPath *path)
{
    if (!PyUnicode_Check(value)) {
        return refuse(e, path, "a str", value);
    }
    Py_ssize_t size;
    const char *text = PyUnicode_AsUTF8AndSize(value, &size);
    if (text == NULL) {
        if (!PyErr_ExceptionMatches(PyExc_UnicodeError)) {
            return -1;
        }
        PyErr_Clear();
        return refuse_value(e, path, AEROSPIKE_ERR_CLIENT, "has a lone surrogate, which UTF-8 cannot encode", value);
    }
    return pack_name(&e->packer, text, (size_t)size) < 0 ? -1 : 1;
}

static int emit_bin_name(Emitter *e, PyObject *value, const PackPath *path)
{
    size_t before = e->packer.size;
    if (emit_name(e, value, path) < 0) {
        return -1;
    }
    if (e->packer.size - before - 1 > AS_BIN_NAME_MAX_LEN) {
        return refuse_value(e, path, AEROSPIKE_ERR_BIN_NAME, "is longer than 15 bytes of UTF-8", value);
    }
    return 1;
}

// ---- values and expressions ----

static int emit_value(Emitter *e, PyObject *value, const PackPath *path)
{
    if (is_node(e, value)) {
        return emit_node(e, value, path->outer) < 0 ? -1 : 1;
    }
    // a bare list would be an expression
    if (PyList_Check(value) &&
        (pack_count(&e->packer, false, 2) < 0 || pack_integer(&e->packer, _AS_EXP_CODE_QUOTE) < 0)) {
        return -1;
    }
    return pack_value(&e->packer, value, path, 0) < 0 ? -1 : 1;
}

static int emit_number(Emitter *e, PyObject *value, const PackPath *path)
{
    if (!is_node(e, value) && (!PyLong_Check(value) || PyBool_Check(value)) &&
        !is_a(value, e->packer.codec->state->infinite_class)) {
        return refuse(e, path, "an int or an expression", value);
    }
    return emit_value(e, value, path);
}

static int emit_optional_number(Emitter *e, PyObject *value, const PackPath *path)
{
    if (value == Py_None) {
        e->cut = true;
        return 0;
    }
    return emit_number(e, value, path);
}

static int emit_bit_count(Emitter *e, PyObject *value, const PackPath *path)
{
    if (value == Py_None) {
        return pack_integer(&e->packer, -1) < 0 ? -1 : 1;
    }
    return emit_number(e, value, path);
}

static int emit_list(Emitter *e, PyObject *value, const PackPath *path)
{
    if (!is_node(e, value) && !PyList_Check(value)) {
        return refuse(e, path, "a list or an expression", value);
    }
    return emit_value(e, value, path);
}

static int emit_map(Emitter *e, PyObject *value, const PackPath *path)
{
    if (!is_node(e, value) && !PyDict_Check(value)) {
        return refuse(e, path, "a dict or an expression", value);
    }
    return emit_value(e, value, path);
}

static int emit_blob(Emitter *e, PyObject *value, const PackPath *path)
{
    if (!is_node(e, value) && !PyBytes_Check(value) && !PyByteArray_Check(value)) {
        return refuse(e, path, "bytes, a bytearray or an expression", value);
    }
    return emit_value(e, value, path);
}

// A bin by its name, or whatever else gives the value to work on.
static int emit_bin(Emitter *e, as_exp_type type, PyObject *value, const PackPath *path)
{
    if (!PyUnicode_Check(value)) {
        return emit_value(e, value, path);
    }
    if (pack_count(&e->packer, false, 3) < 0 || pack_integer(&e->packer, _AS_EXP_CODE_BIN) < 0 ||
        pack_integer(&e->packer, type) < 0) {
        return -1;
    }
    return emit_bin_name(e, value, path);
}

static int emit_list_bin(Emitter *e, PyObject *value, const PackPath *path)
{
    return emit_bin(e, AS_EXP_TYPE_LIST, value, path);
}

static int emit_map_bin(Emitter *e, PyObject *value, const PackPath *path)
{
    return emit_bin(e, AS_EXP_TYPE_MAP, value, path);
}

static int emit_str_bin(Emitter *e, PyObject *value, const PackPath *path)
{
    return emit_bin(e, AS_EXP_TYPE_STR, value, path);
}

// The one Node of what compile() returned, borrowed; NULL with an exception.
static PyObject *compiled_node(Emitter *e, PyObject *compiled, const PackPath *path)
{
    if (PyList_Check(compiled) && PyList_GET_SIZE(compiled) == 1 && is_node(e, PyList_GET_ITEM(compiled, 0))) {
        return PyList_GET_ITEM(compiled, 0);
    }
    refuse(e, path, "a compiled expression (what its compile() returns)", compiled);
    return NULL;
}

static int emit_later_expression(Emitter *e, PyObject *value, const PackPath *path)
{
    PyObject *node = is_node(e, value) ? value : compiled_node(e, value, path);
    if (node == NULL) {
        return -1;
    }
    Py_INCREF(node);
    int result = emit_node(e, node, path->outer) < 0 ? -1 : 1;
    Py_DECREF(node);
    return result;
}

static int emit_ready(Emitter *e, PyObject *value, const PackPath *path)
{
    if (!PyBytes_Check(value) || !msgpack_is_one(PyBytes_AS_STRING(value), (size_t)PyBytes_GET_SIZE(value))) {
        return refuse(e, path, "the bytes of one expression", value);
    }
    return pack_ready(&e->packer, PyBytes_AS_STRING(value), (size_t)PyBytes_GET_SIZE(value)) < 0 ? -1 : 1;
}

// ---- contexts ----

static int pack_context(Emitter *e, const as_cdt_ctx *context)
{
    uint32_t size = as_cdt_ctx_byte_capacity(context);
    uint8_t *bytes = PyMem_Malloc(size == 0 ? 1 : size);
    if (bytes == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    size = as_cdt_ctx_to_bytes(context, bytes, size);
    int result = pack_ready(&e->packer, bytes, size);
    PyMem_Free(bytes);
    return result;
}

// as_cdt_ctx_destroy frees *out after success only.
static int context_of(Emitter *e, PyObject *value, const PackPath *path, as_cdt_ctx *out)
{
    if (context_from_py(e->packer.codec, value, out) == 0) {
        return 0;
    }
    PyObject *type, *error, *trace;
    PyErr_Fetch(&type, &error, &trace);
    PyObject *text = pack_path_text(path->outer);
    PyErr_Restore(type, error, trace);
    if (text != NULL) {
        error_prefix(e->packer.codec->state, "%U", text);
        Py_DECREF(text);
    }
    return -1;
}

static int emit_path(Emitter *e, PyObject *value, const PackPath *path)
{
    as_cdt_ctx context;
    if (context_of(e, value, path, &context) < 0) {
        return -1;
    }
    int result = pack_context(e, &context) < 0 ? -1 : 1;
    as_cdt_ctx_destroy(&context);
    return result;
}

// ---- policies ----

typedef struct PolicyKey {
    const char *name;
    int64_t most;
} PolicyKey;

#define POLICY_KEYS 3
enum { FLAGS_MOST = 255 };

static int policy_entry(Emitter *e, const PolicyKey *keys, PyObject *name, PyObject *value, const PackPath *path,
                        int64_t *out)
{
    for (int i = 0; i < POLICY_KEYS && keys[i].name != NULL; i++) {
        if (PyUnicode_Check(name) && PyUnicode_CompareWithASCIIString(name, keys[i].name) == 0) {
            PackPath place = {path, NULL, name, 0};
            return integer_of(e, value, &place, 0, keys[i].most, &out[i]);
        }
    }
    PyObject *valid = PyTuple_New(0);
    for (int i = 0; valid != NULL && i < POLICY_KEYS && keys[i].name != NULL; i++) {
        PyObject *one = Py_BuildValue("(s)", keys[i].name);
        PyObject *more = one == NULL ? NULL : PySequence_Concat(valid, one);
        Py_XDECREF(one);
        Py_SETREF(valid, more);
    }
    int result = valid == NULL ? -1 : key_unknown(e->packer.codec->state, "the policy", name, valid, false);
    Py_XDECREF(valid);
    return result;
}

// The values of a policy's keys, 0 where it has not one. 1, or 0 where there is no policy, or -1.
static int policy_read(Emitter *e, const PolicyKey *keys, PyObject *policy, const PackPath *path, int64_t *out)
{
    memset(out, 0, POLICY_KEYS * sizeof *out);
    if (policy == Py_None) {
        return 0;
    }
    if (!PyDict_Check(policy)) {
        return refuse(e, path, "a dict or None", policy);
    }
    PyObject *items = PyDict_Items(policy);  // a warning's handler may change the dict
    int result = items == NULL ? -1 : PyList_GET_SIZE(items) > 0;
    for (Py_ssize_t i = 0; result > 0 && i < PyList_GET_SIZE(items); i++) {
        PyObject *item = PyList_GET_ITEM(items, i);
        if (policy_entry(e, keys, PyTuple_GET_ITEM(item, 0), PyTuple_GET_ITEM(item, 1), path, out) < 0) {
            result = -1;
        }
    }
    Py_XDECREF(items);
    return result;
}

static const PolicyKey list_keys[POLICY_KEYS] = {{"list_order", 1}, {"write_flags", FLAGS_MOST}};
static const PolicyKey map_keys[POLICY_KEYS] = {
    {"map_order", 3}, {"map_write_flags", FLAGS_MOST}, {"persist_index", 1}};
static const PolicyKey bit_keys[POLICY_KEYS] = {{"bit_write_flags", FLAGS_MOST}};
static const PolicyKey hll_keys[POLICY_KEYS] = {{"flags", FLAGS_MOST}};
static const PolicyKey string_keys[POLICY_KEYS] = {{"write_flags", FLAGS_MOST}};

static int emit_list_policy(Emitter *e, PyObject *value, const PackPath *path)
{
    int64_t read[POLICY_KEYS];
    int given = policy_read(e, list_keys, value, path, read);
    if (given <= 0) {
        return given;
    }
    return pack_integer(&e->packer, read[0]) < 0 || pack_integer(&e->packer, read[1]) < 0 ? -1 : 2;
}

static int emit_list_flags(Emitter *e, PyObject *value, const PackPath *path)
{
    int64_t read[POLICY_KEYS];
    int given = policy_read(e, list_keys, value, path, read);
    if (given <= 0) {
        return given;
    }
    return pack_integer(&e->packer, read[1]) < 0 ? -1 : 1;
}

static int emit_map_attributes(Emitter *e, PyObject *value, const PackPath *path)
{
    enum { PERSIST_INDEX = 0x10 };
    int64_t read[POLICY_KEYS];
    int given = policy_read(e, map_keys, value, path, read);
    if (given <= 0) {
        return given;
    }
    return pack_integer(&e->packer, read[0] | (read[2] != 0 ? PERSIST_INDEX : 0)) < 0 ? -1 : 1;
}

static int emit_map_policy(Emitter *e, PyObject *value, const PackPath *path)
{
    int64_t read[POLICY_KEYS];
    int given = emit_map_attributes(e, value, path);
    if (given <= 0) {
        return given;
    }
    if (policy_read(e, map_keys, value, path, read) < 0 || pack_integer(&e->packer, read[1]) < 0) {
        return -1;
    }
    return 2;
}

static int emit_bit_policy(Emitter *e, PyObject *value, const PackPath *path)
{
    int64_t read[POLICY_KEYS];
    return policy_read(e, bit_keys, value, path, read) < 0 || pack_integer(&e->packer, read[0]) < 0 ? -1 : 1;
}

static int emit_hll_policy(Emitter *e, PyObject *value, const PackPath *path)
{
    int64_t read[POLICY_KEYS];
    return policy_read(e, hll_keys, value, path, read) < 0 || pack_integer(&e->packer, read[0]) < 0 ? -1 : 1;
}

// None or a StringPolicy; a dict where it was read back.
static int emit_string_policy(Emitter *e, PyObject *value, const PackPath *path)
{
    int64_t flags = 0;
    if (PyDict_Check(value)) {
        int64_t read[POLICY_KEYS];
        if (policy_read(e, string_keys, value, path, read) < 0) {
            return -1;
        }
        flags = read[0];
    } else if (value != Py_None) {
        PyObject *given = PyObject_GetAttrString(value, "write_flags");
        if (given == NULL) {
            PyErr_Clear();
            return refuse(e, path, "a StringPolicy or None", value);
        }
        int result = integer_of(e, given, path, 0, FLAGS_MOST, &flags);
        Py_DECREF(given);
        if (result < 0) {
            return -1;
        }
    }
    return pack_integer(&e->packer, flags) < 0 ? -1 : 1;
}

// ---- kinds ----

// Append one argument: how many elements of msgpack it became, or -1.
static int (*const emitters[KIND_COUNT])(Emitter *e, PyObject *value, const PackPath *path) = {
    [KIND_LIST_BIN] = emit_list_bin,
    [KIND_MAP_BIN] = emit_map_bin,
    [KIND_STR_BIN] = emit_str_bin,
    [KIND_VALUE] = emit_value,
    [KIND_VALUES] = emit_value,
    [KIND_NUMBER] = emit_number,
    [KIND_OPTIONAL_NUMBER] = emit_optional_number,
    [KIND_BIT_COUNT] = emit_bit_count,
    [KIND_LIST] = emit_list,
    [KIND_MAP] = emit_map,
    [KIND_BLOB] = emit_blob,
    [KIND_INTEGER] = emit_integer,
    [KIND_FLAG] = emit_flag,
    [KIND_NAME] = emit_name,
    [KIND_BIN_NAME] = emit_bin_name,
    [KIND_TEXT] = emit_text,
    [KIND_OPTIONAL_TEXT] = emit_optional_text,
    [KIND_PAIR_FIRST] = emit_pair_first,
    [KIND_PAIR_SECOND] = emit_pair_second,
    [KIND_PATH] = emit_path,
    [KIND_MODIFY_FLAGS] = emit_modify_flags,
    [KIND_LIST_POLICY] = emit_list_policy,
    [KIND_LIST_FLAGS] = emit_list_flags,
    [KIND_MAP_POLICY] = emit_map_policy,
    [KIND_MAP_ATTRIBUTES] = emit_map_attributes,
    [KIND_BIT_POLICY] = emit_bit_policy,
    [KIND_HLL_POLICY] = emit_hll_policy,
    [KIND_STRING_POLICY] = emit_string_policy,
    [KIND_LAST_INTEGER] = emit_integer,
    [KIND_LATER_EXPRESSION] = emit_later_expression,
    [KIND_READY] = emit_ready,
};

static inline PyObject *node_argument(PyObject *node, int place)
{
    return PyTuple_GET_ITEM(node, place + 1);  // the first item is the name
}

// ---- forms ----

// Arguments without a list around them, in their order.
static int emit_arguments(Emitter *e, const ExpressionRow *row, PyObject *node, const PackPath *path)
{
    const Argument *argument = row->arguments;
    for (Py_ssize_t i = 1; i < PyTuple_GET_SIZE(node); i++) {
        PackPath place = {path, argument->name, NULL, 0};
        if (emitters[argument->kind](e, PyTuple_GET_ITEM(node, i), &place) < 0) {
            return -1;
        }
        argument += argument->kind != KIND_VALUES;
    }
    return 0;
}

static const ExpressionRow *row_of(Emitter *e, PyObject *node)
{
    return expression_row_find(e->packer.codec->state, PyTuple_GET_ITEM(node, 0));
}

static bool is_definition(Emitter *e, PyObject *value)
{
    const ExpressionRow *row = is_node(e, value) && PyTuple_GET_SIZE(value) > 0 ? row_of(e, value) : NULL;
    return row != NULL && row->form == FORM_DEFINITION;
}

static int emit_plain(Emitter *e, const ExpressionRow *row, PyObject *node, const PackPath *path)
{
    size_t count = (size_t)PyTuple_GET_SIZE(node) + (row->constant != EXPRESSION_NO_CONSTANT);
    for (Py_ssize_t i = 1; row->code == _AS_EXP_CODE_LET && i < PyTuple_GET_SIZE(node); i++) {
        count += is_definition(e, PyTuple_GET_ITEM(node, i));  // a name and an expression
    }
    if (pack_count(&e->packer, false, count) < 0 || pack_integer(&e->packer, row->code) < 0) {
        return -1;
    }
    if (row->constant != EXPRESSION_NO_CONSTANT && pack_integer(&e->packer, row->constant) < 0) {
        return -1;
    }
    return emit_arguments(e, row, node, path);
}

// What a call says outside of its list of arguments.
typedef struct Call {
    as_cdt_ctx context;  // of the argument ctx
    bool has_context;  // it was read: to be destroyed
    bool in_context;  // the operation is for what it leads to
    int64_t return_type, value_type;
} Call;

static inline const as_cdt_ctx *call_context(const Call *call)
{
    return call->has_context ? &call->context : NULL;
}

// The context, or the path of a path expression, whose beginning tells the bin's type, too.
static int call_read_context(Emitter *e, const ExpressionRow *row, PyObject *node, const PackPath *path, Call *call)
{
    int place = expression_argument_place(row, KIND_CONTEXT);
    bool in_context = place >= 0;
    if (!in_context) {
        place = expression_argument_place(row, KIND_PATH);
    }
    PyObject *list = place < 0 ? Py_None : node_argument(node, place);
    if (list == Py_None) {
        return 0;
    }
    PackPath argument = {path, row->arguments[place].name, NULL, 0};
    if (context_of(e, list, &argument, &call->context) < 0) {
        return -1;
    }
    call->has_context = true;
    call->in_context = in_context && call->context.list.size > 0;
    return 0;
}

static int call_integer(Emitter *e, const ExpressionRow *row, PyObject *node, const PackPath *path, ArgumentKind kind,
                        int64_t most, int64_t *out)
{
    int place = expression_argument_place(row, kind);
    if (place < 0) {
        return 0;
    }
    PackPath argument = {path, row->arguments[place].name, NULL, 0};
    return integer_of(e, node_argument(node, place), &argument, 0, most, out);
}

static int call_read(Emitter *e, const ExpressionRow *row, PyObject *node, const PackPath *path, Call *call)
{
    int64_t inverted = 0;
    if (call_read_context(e, row, node, path, call) < 0 ||
        call_integer(e, row, node, path, KIND_RETURN_TYPE, UINT32_MAX, &call->return_type) < 0 ||
        call_integer(e, row, node, path, KIND_VALUE_TYPE, AS_EXP_TYPE_HLL, &call->value_type) < 0 ||
        call_integer(e, row, node, path, KIND_INVERTED, 1, &inverted) < 0) {
        return -1;
    }
    if (inverted != 0) {
        call->return_type |= AS_LIST_RETURN_INVERTED;
    }
    return 0;
}

// Which of the two is it: a return type that gives nothing, or a value type that it does not give?
static int refuse_types(Emitter *e, const ExpressionRow *row, const PackPath *path, const Call *call)
{
    int64_t any = expression_result_type(row, NULL, call->return_type, AS_EXP_TYPE_AUTO);
    PyObject *text = pack_path_text(path);
    if (text != NULL && any == AS_EXP_TYPE_ERROR) {
        error_param(e->packer.codec->state, "%U: return_type must be a constant that gives something, not %lld", text,
                    (long long)(call->return_type & ~(int64_t)AS_LIST_RETURN_INVERTED));
    } else if (text != NULL) {
        error_param(e->packer.codec->state, "%U: value_type must be %lld with that return_type, not %lld", text,
                    (long long)any, (long long)call->value_type);
    }
    Py_XDECREF(text);
    return -1;
}

static int emit_call_arguments(Emitter *e, const ExpressionRow *row, PyObject *node, const PackPath *path,
                               const Call *call)
{
    // few enough that the list's head is one byte, known when the arguments are
    size_t head = e->packer.size;
    int count = 1;
    if (pack_count(&e->packer, false, 0) < 0 || pack_integer(&e->packer, row->code) < 0) {
        return -1;
    }
    if (row->returns != RETURN_NOT) {
        count++;
        if (pack_integer(&e->packer, call->return_type) < 0) {
            return -1;
        }
    }
    e->cut = false;
    for (ArgumentTurn turn = TURN_NORMAL; turn <= TURN_LAST; turn++) {
        for (int i = 0; row->arguments[i].name != NULL && !e->cut; i++) {
            const Argument *argument = &row->arguments[i];
            if (argument_turn(argument->kind) != turn) {
                continue;
            }
            PackPath place = {path, argument->name, NULL, 0};
            int more = emitters[argument->kind](e, node_argument(node, i), &place);
            if (more < 0) {
                return -1;
            }
            count += more;
        }
    }
    e->cut = false;
    e->packer.bytes[head] = (uint8_t)(0x90 | count);
    return 0;
}

static int emit_call_bin(Emitter *e, const ExpressionRow *row, PyObject *node, const PackPath *path, const Call *call)
{
    static const as_exp_type types[] = {
        [KIND_LIST_BIN - KIND_LIST_BIN] = AS_EXP_TYPE_LIST, [KIND_MAP_BIN - KIND_LIST_BIN] = AS_EXP_TYPE_MAP,
        [KIND_BLOB_BIN - KIND_LIST_BIN] = AS_EXP_TYPE_BLOB, [KIND_HLL_BIN - KIND_LIST_BIN] = AS_EXP_TYPE_HLL,
        [KIND_STR_BIN - KIND_LIST_BIN] = AS_EXP_TYPE_STR,   [KIND_PATH_BIN - KIND_LIST_BIN] = AS_EXP_TYPE_LIST,
    };
    int place = expression_bin_place(row);
    const Argument *argument = &row->arguments[place];
    PackPath bin = {path, argument->name, NULL, 0};
    int64_t type = as_exp_get_ctx_type(call_context(call), types[argument->kind - KIND_LIST_BIN]);
    return emit_bin(e, (as_exp_type)type, node_argument(node, place), &bin);
}

static int emit_call_parts(Emitter *e, const ExpressionRow *row, PyObject *node, const PackPath *path, Call *call)
{
    int64_t type = expression_result_type(row, call_context(call), call->return_type, call->value_type);
    if (type == AS_EXP_TYPE_ERROR || type == AS_EXP_TYPE_AUTO) {
        return refuse_types(e, row, path, call);
    }
    Packer *packer = &e->packer;
    int system = row->system | (row->modify ? _AS_EXP_SYS_FLAG_MODIFY_LOCAL : 0);
    if (pack_count(packer, false, 5) < 0 || pack_integer(packer, _AS_EXP_CODE_CALL) < 0 ||
        pack_integer(packer, type) < 0 || pack_integer(packer, system) < 0) {
        return -1;
    }
    if (call->in_context && (pack_count(packer, false, 3) < 0 || pack_integer(packer, AS_CDT_OP_CONTEXT_EVAL) < 0 ||
                             pack_context(e, &call->context) < 0)) {
        return -1;
    }
    return emit_call_arguments(e, row, node, path, call) < 0 || emit_call_bin(e, row, node, path, call) < 0 ? -1 : 0;
}

static int emit_call(Emitter *e, const ExpressionRow *row, PyObject *node, const PackPath *path)
{
    Call call = {.value_type = AS_EXP_TYPE_AUTO};
    int result = call_read(e, row, node, path, &call) < 0 ? -1 : emit_call_parts(e, row, node, path, &call);
    if (call.has_context) {
        as_cdt_ctx_destroy(&call.context);
    }
    return result;
}

// ---- a Node ----

static int check_arguments(Emitter *e, const ExpressionRow *row, PyObject *node, const PackPath *path)
{
    int most = expression_argument_count(row);
    Py_ssize_t given = PyTuple_GET_SIZE(node) - 1;
    bool open = most > 0 && row->arguments[most - 1].kind == KIND_VALUES;
    if (given == most || (open && given >= most - 1)) {
        return 0;
    }
    PyObject *text = pack_path_text(path);
    if (text != NULL) {
        error_param(e->packer.codec->state, "%U takes %d argument%s, not %zd", text, most, most == 1 ? "" : "s", given);
        Py_DECREF(text);
    }
    return -1;
}

// Def is not an expression but a part of Let.
static int check_place(Emitter *e, const ExpressionRow *row, PyObject *node, const PackPath *outer,
                       const PackPath *path)
{
    if (row->form == FORM_DEFINITION && (outer->what == NULL || strcmp(outer->what, "Let") != 0)) {
        return refuse_value(e, path, AEROSPIKE_ERR_PARAM, "stands for nothing outside of Let", node);
    }
    return 0;
}

static int emit_row(Emitter *e, const ExpressionRow *row, PyObject *node, const PackPath *outer)
{
    static int (*const forms[])(Emitter *, const ExpressionRow *, PyObject *, const PackPath *) = {
        [FORM_BARE] = emit_arguments,
        [FORM_PLAIN] = emit_plain,
        [FORM_DEFINITION] = emit_arguments,
        [FORM_CALL] = emit_call,
    };
    PackPath path = {outer, row->name, NULL, 0};
    if (check_arguments(e, row, node, &path) < 0 || check_place(e, row, node, outer, &path) < 0) {
        return -1;
    }
    return forms[row->form](e, row, node, &path);
}

static const PackPath *outermost(const PackPath *path)
{
    while (path->outer != NULL) {
        path = path->outer;
    }
    return path;
}

static int emit_node(Emitter *e, PyObject *node, const PackPath *outer)
{
    const ExpressionRow *row = PyTuple_GET_SIZE(node) > 0 ? row_of(e, node) : NULL;
    if (row == NULL) {
        return refuse(e, outer, "made by aerospike_helpers.expressions; it holds an expression of another kind", node);
    }
    if (e->depth == EXPRESSION_MAX_DEPTH) {
        return error_param(e->packer.codec->state, "%s has expressions nested deeper than %d levels",
                           outermost(outer)->what, EXPRESSION_MAX_DEPTH);
    }
    e->depth++;
    int result = emit_row(e, row, node, outer);
    e->depth--;
    return result;
}

// ---- the door ----

static as_exp *expression_pack(const Codec *codec, PyObject *compiled, const char *argument)
{
    Emitter e = {.packer = {.codec = codec, .special = true, .sort_maps = true}};
    PackPath path = {NULL, argument, NULL, 0};
    PyObject *node = Py_XNewRef(compiled_node(&e, compiled, &path));
    as_exp *expression = NULL;
    if (node != NULL && emit_node(&e, node, &path) == 0) {
        expression = cf_malloc(sizeof *expression + e.packer.size);
        if (expression == NULL) {
            PyErr_NoMemory();
        } else {
            expression->packed_sz = (uint32_t)e.packer.size;
            memcpy(expression->packed, e.packer.bytes, e.packer.size);
        }
    }
    Py_XDECREF(node);
    packer_release(&e.packer);
    return expression;
}

as_exp *expression_from_py(const Codec *codec, PyObject *compiled, const char *argument)
{
    // contexts have expressions that have contexts, and may contain themselves
    if (Py_EnterRecursiveCall("")) {
        PyErr_Clear();
        error_param(codec->state, "%s has expressions in contexts nested too deep (or in themselves)", argument);
        return NULL;
    }
    as_exp *expression = expression_pack(codec, compiled, argument);
    Py_LeaveRecursiveCall();
    return expression;
}
