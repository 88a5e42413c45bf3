// SPDX-License-Identifier: Apache-2.0
// The arguments of expressions to the wire's msgpack: a function a kind.
#include "errors.h"
#include "operate/cdt_policy.h"
#include "operate/expressions_emit.h"
#include "operate/operate.h"

// ---- errors ----

// "the filter: GT → ListGetByIndex → index must be an int or an expression, not str"
int expression_refuse(Emitter *e, const PackPath *path, const char *expected, PyObject *got)
{
    PyObject *text = pack_path_text(path);
    if (text != NULL) {
        const char *kind = expression_is_node(e, got) ? "an expression" : Py_TYPE(got)->tp_name;
        error_param(e->packer.codec->state, "%U must be %s, not %.100s", text, expected, kind);
        Py_DECREF(text);
    }
    return -1;
}

int expression_refuse_value(Emitter *e, const PackPath *path, as_status code, const char *problem, PyObject *got)
{
    PyObject *text = pack_path_text(path);
    if (text != NULL) {
        error_set(e->packer.codec->state, code, "%U %s: %R", text, problem, got);
        Py_DECREF(text);
    }
    return -1;
}

// ---- arguments that are no expressions ----

int expression_integer(Emitter *e, PyObject *value, const PackPath *path, int64_t least, int64_t most, int64_t *out)
{
    if (!PyLong_Check(value)) {
        return expression_refuse(e, path, "an int", value);
    }
    Narrowed narrowed = integer_narrow(value, least, most, out);
    PyObject *text = narrowed == TOO_SMALL || narrowed == TOO_LARGE ? pack_path_text(path) : NULL;
    if (text != NULL) {
        error_param(e->packer.codec->state, "%U must be from %lld to %lld", text, (long long)least, (long long)most);
        Py_DECREF(text);
    }
    return narrowed == NARROWED ? 0 : -1;
}

static int emit_integer(Emitter *e, PyObject *value, const PackPath *path)
{
    int64_t number;
    if (expression_integer(e, value, path, INT64_MIN, INT64_MAX, &number) < 0) {
        return -1;
    }
    return pack_integer(&e->packer, number) < 0 ? -1 : 1;
}

static int emit_flag(Emitter *e, PyObject *value, const PackPath *path)
{
    int64_t number;
    if (!PyBool_Check(value) && !PyLong_Check(value)) {
        return expression_refuse(e, path, "a bool", value);
    }
    return expression_integer(e, value, path, 0, 1, &number) < 0 || pack_integer(&e->packer, number) < 0 ? -1 : 1;
}

static int emit_modify_flags(Emitter *e, PyObject *value, const PackPath *path)
{
    enum { MODIFY = 4 };  // of the flags of a path operation
    int64_t number;
    if (expression_integer(e, value, path, 0, UINT32_MAX, &number) < 0) {
        return -1;
    }
    return pack_integer(&e->packer, number | MODIFY) < 0 ? -1 : 1;
}

static int emit_text(Emitter *e, PyObject *value, const PackPath *path)
{
    if (!PyUnicode_Check(value)) {
        return expression_refuse(e, path, "a str", value);
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
        return expression_refuse(e, path, "a str", value);
    }
    Py_ssize_t size;
    const char *text = PyUnicode_AsUTF8AndSize(value, &size);
    if (text == NULL) {
        if (!PyErr_ExceptionMatches(PyExc_UnicodeError)) {
            return -1;
        }
        PyErr_Clear();
        return expression_refuse_value(e, path, AEROSPIKE_ERR_CLIENT, "has a lone surrogate, which UTF-8 cannot encode",
                                       value);
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
        return expression_refuse_value(e, path, AEROSPIKE_ERR_BIN_NAME, "is longer than 15 bytes of UTF-8", value);
    }
    if (memchr(e->packer.bytes + before, 0, e->packer.size - before) != NULL) {
        return expression_refuse_value(e, path, AEROSPIKE_ERR_PARAM, "must not contain NUL", value);
    }
    return 1;
}

// ---- values and expressions ----

static int emit_value(Emitter *e, PyObject *value, const PackPath *path)
{
    if (expression_is_node(e, value)) {
        return expression_emit_node(e, value, path->outer) < 0 ? -1 : 1;
    }
    // a bare list would be an expression
    if (PyList_Check(value) &&
        (pack_count(&e->packer, false, 2) < 0 || pack_integer(&e->packer, _AS_EXP_CODE_QUOTE) < 0)) {
        return -1;
    }
    return pack_value(&e->packer, value, path, 0) < 0 ? -1 : 1;
}

// The end of an interval: None is beyond everything.
static int emit_end(Emitter *e, PyObject *value, const PackPath *path)
{
    static const uint8_t infinity[] = {MSGPACK_FIXEXT1, MSGPACK_COMPARISON, MSGPACK_INFINITE};
    if (value == Py_None) {
        return pack_ready(&e->packer, infinity, sizeof infinity) < 0 ? -1 : 1;
    }
    return emit_value(e, value, path);
}

static int emit_number(Emitter *e, PyObject *value, const PackPath *path)
{
    if (!expression_is_node(e, value) && (!PyLong_Check(value) || PyBool_Check(value)) &&
        !is_a(value, e->packer.codec->state->infinite_class)) {
        return expression_refuse(e, path, "an int or an expression", value);
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
    if (!expression_is_node(e, value) && !PyList_Check(value)) {
        return expression_refuse(e, path, "a list or an expression", value);
    }
    return emit_value(e, value, path);
}

static int emit_map(Emitter *e, PyObject *value, const PackPath *path)
{
    if (!expression_is_node(e, value) && !PyDict_Check(value)) {
        return expression_refuse(e, path, "a dict or an expression", value);
    }
    return emit_value(e, value, path);
}

static int emit_blob(Emitter *e, PyObject *value, const PackPath *path)
{
    if (!expression_is_node(e, value) && !PyBytes_Check(value) && !PyByteArray_Check(value)) {
        return expression_refuse(e, path, "bytes, a bytearray or an expression", value);
    }
    return emit_value(e, value, path);
}

// Whether a value that is no expression can be worked on by expressions for bins of a type.
static bool is_value_of(as_exp_type type, PyObject *value)
{
    switch (type) {
    case AS_EXP_TYPE_LIST:
    case AS_EXP_TYPE_MAP:
        return PyList_Check(value) || PyDict_Check(value);
    case AS_EXP_TYPE_BLOB:
    case AS_EXP_TYPE_HLL:
        return PyBytes_Check(value) || PyByteArray_Check(value);
    default:
        return false;
    }
}

// A bin by its name, or what else gives the value to work on.
int expression_emit_bin(Emitter *e, as_exp_type type, PyObject *value, const PackPath *path)
{
    if (expression_is_node(e, value) || is_value_of(type, value)) {
        return emit_value(e, value, path);
    }
    if (!PyUnicode_Check(value)) {
        return expression_refuse(e, path, "the name of a bin or an expression", value);
    }
    if (pack_count(&e->packer, false, 3) < 0 || pack_integer(&e->packer, _AS_EXP_CODE_BIN) < 0 ||
        pack_integer(&e->packer, type) < 0) {
        return -1;
    }
    return emit_bin_name(e, value, path);
}

static int emit_list_bin(Emitter *e, PyObject *value, const PackPath *path)
{
    return expression_emit_bin(e, AS_EXP_TYPE_LIST, value, path);
}

static int emit_map_bin(Emitter *e, PyObject *value, const PackPath *path)
{
    return expression_emit_bin(e, AS_EXP_TYPE_MAP, value, path);
}

static int emit_str_bin(Emitter *e, PyObject *value, const PackPath *path)
{
    return expression_emit_bin(e, AS_EXP_TYPE_STR, value, path);
}

// The one Node of what compile() returned, borrowed; NULL with an exception.
PyObject *expression_compiled_node(Emitter *e, PyObject *compiled, const PackPath *path)
{
    if (PyList_Check(compiled) && PyList_GET_SIZE(compiled) == 1 &&
        expression_is_node(e, PyList_GET_ITEM(compiled, 0))) {
        return PyList_GET_ITEM(compiled, 0);
    }
    expression_refuse(e, path, "a compiled expression (what its compile() returns)", compiled);
    return NULL;
}

static int emit_later_expression(Emitter *e, PyObject *value, const PackPath *path)
{
    PyObject *node = expression_is_node(e, value) ? value : expression_compiled_node(e, value, path);
    if (node == NULL) {
        return -1;
    }
    Py_INCREF(node);
    int result = expression_emit_node(e, node, path->outer) < 0 ? -1 : 1;
    Py_DECREF(node);
    return result;
}

static int emit_ready(Emitter *e, PyObject *value, const PackPath *path)
{
    if (!PyBytes_Check(value) || !msgpack_is_one(PyBytes_AS_STRING(value), (size_t)PyBytes_GET_SIZE(value))) {
        return expression_refuse(e, path, "the bytes of one expression", value);
    }
    return pack_ready(&e->packer, PyBytes_AS_STRING(value), (size_t)PyBytes_GET_SIZE(value)) < 0 ? -1 : 1;
}

// ---- contexts ----

int expression_pack_context(Emitter *e, const as_cdt_ctx *context)
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
int expression_context(Emitter *e, PyObject *value, const PackPath *path, as_cdt_ctx *out)
{
    if (context_from_py(e->packer.codec, value, e->depth, out) == 0) {
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
    if (expression_context(e, value, path, &context) < 0) {
        return -1;
    }
    int result = expression_pack_context(e, &context) < 0 ? -1 : 1;
    as_cdt_ctx_destroy(&context);
    return result;
}

// ---- policies ----

// A policy: 1, or 0 where there is none or an empty one, or -1.
static int policy_read(Emitter *e, CdtPolicyKind kind, PyObject *policy, const PackPath *path, CdtPolicy *out)
{
    *out = (CdtPolicy){0};
    if (policy == Py_None) {
        return 0;
    }
    if (!PyDict_Check(policy) && kind != CDT_POLICY_STRING) {
        return expression_refuse(e, path, "a dict or None", policy);
    }
    PyObject *text = pack_path_text(path);
    const char *what = text == NULL ? NULL : PyUnicode_AsUTF8(text);
    int result = what == NULL ? -1 : cdt_policy_from_py(e->packer.codec, kind, policy, what, out);
    Py_XDECREF(text);
    return result < 0 ? -1 : !PyDict_Check(policy) || PyDict_GET_SIZE(policy) > 0;
}

static int emit_list_policy(Emitter *e, PyObject *value, const PackPath *path)
{
    CdtPolicy policy;
    int given = policy_read(e, CDT_POLICY_LIST, value, path, &policy);
    if (given <= 0) {
        return given;
    }
    return pack_integer(&e->packer, policy.order) < 0 || pack_integer(&e->packer, policy.flags) < 0 ? -1 : 2;
}

static int emit_list_flags(Emitter *e, PyObject *value, const PackPath *path)
{
    CdtPolicy policy;
    int given = policy_read(e, CDT_POLICY_LIST, value, path, &policy);
    if (given <= 0) {
        return given;
    }
    return pack_integer(&e->packer, policy.flags) < 0 ? -1 : 1;
}

static int emit_map_policy_parts(Emitter *e, PyObject *value, const PackPath *path, bool with_flags)
{
    enum { PERSIST_INDEX = 0x10 };
    CdtPolicy policy;
    int given = policy_read(e, CDT_POLICY_MAP, value, path, &policy);
    if (given <= 0) {
        return given;
    }
    if (pack_integer(&e->packer, policy.order | (policy.persist_index ? PERSIST_INDEX : 0)) < 0 ||
        (with_flags && pack_integer(&e->packer, policy.flags) < 0)) {
        return -1;
    }
    return 1 + with_flags;
}

static int emit_map_attributes(Emitter *e, PyObject *value, const PackPath *path)
{
    return emit_map_policy_parts(e, value, path, false);
}

static int emit_map_policy(Emitter *e, PyObject *value, const PackPath *path)
{
    return emit_map_policy_parts(e, value, path, true);
}

static int emit_flags(Emitter *e, CdtPolicyKind kind, PyObject *value, const PackPath *path)
{
    CdtPolicy policy;
    return policy_read(e, kind, value, path, &policy) < 0 || pack_integer(&e->packer, policy.flags) < 0 ? -1 : 1;
}

static int emit_bit_policy(Emitter *e, PyObject *value, const PackPath *path)
{
    return emit_flags(e, CDT_POLICY_BIT, value, path);
}

static int emit_hll_policy(Emitter *e, PyObject *value, const PackPath *path)
{
    return emit_flags(e, CDT_POLICY_HLL, value, path);
}

static int emit_string_policy(Emitter *e, PyObject *value, const PackPath *path)
{
    return emit_flags(e, CDT_POLICY_STRING, value, path);
}

// ---- kinds ----

// Append one argument: how many elements of msgpack it became, or -1.
int (*const expression_emitters[KIND_COUNT])(Emitter *e, PyObject *value, const PackPath *path) = {
    [KIND_LIST_BIN] = emit_list_bin,
    [KIND_MAP_BIN] = emit_map_bin,
    [KIND_STR_BIN] = emit_str_bin,
    [KIND_VALUE] = emit_value,
    [KIND_VALUES] = emit_value,
    [KIND_END] = emit_end,
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
