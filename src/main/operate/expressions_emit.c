// SPDX-License-Identifier: Apache-2.0
// Compiled expressions to the wire's msgpack: one walk over the Nodes.
#include "operate/expressions_emit.h"
#include "errors.h"
#include "operate/operate.h"

#include <citrusleaf/alloc.h>

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
        if (expression_emitters[argument->kind](e, PyTuple_GET_ITEM(node, i), &place) < 0) {
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
    const ExpressionRow *row = expression_is_node(e, value) && PyTuple_GET_SIZE(value) > 0 ? row_of(e, value) : NULL;
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
    if (expression_context(e, list, &argument, &call->context) < 0) {
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
    return expression_integer(e, node_argument(node, place), &argument, 0, most, out);
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
            int more = expression_emitters[argument->kind](e, node_argument(node, i), &place);
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

// Whether a path begins in a list, or in a map, and not in either.
static bool tells_type(const Call *call)
{
    if (!call->has_context || call->context.list.size == 0) {
        return false;
    }
    const as_cdt_ctx_item *first = as_vector_get((as_vector *)&call->context.list, 0);
    return (first->type & (AS_CDT_CTX_LIST_INDEX | AS_CDT_CTX_MAP_INDEX)) != 0;
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
    if (argument->kind == KIND_PATH_BIN && PyUnicode_Check(node_argument(node, place)) && !tells_type(call)) {
        return expression_refuse(e, &bin, "ListBin() or MapBin(): the path does not tell which",
                                 node_argument(node, place));
    }
    int64_t type = as_exp_get_ctx_type(call_context(call), types[argument->kind - KIND_LIST_BIN]);
    return expression_emit_bin(e, (as_exp_type)type, node_argument(node, place), &bin);
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
                             expression_pack_context(e, &call->context) < 0)) {
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
    if (given == most || (open && given > most)) {
        return 0;
    }
    PyObject *text = pack_path_text(path);
    if (text != NULL) {
        error_param(e->packer.codec->state, "%U takes %s%d argument%s, not %zd", text, open ? "at least " : "", most,
                    most == 1 ? "" : "s", given);
        Py_DECREF(text);
    }
    return -1;
}

// Def is not an expression but a part of Let.
static int check_place(Emitter *e, const ExpressionRow *row, PyObject *node, const PackPath *outer,
                       const PackPath *path)
{
    if (row->form == FORM_DEFINITION && (outer->what == NULL || strcmp(outer->what, "Let") != 0)) {
        return expression_refuse_value(e, path, AEROSPIKE_ERR_PARAM, "stands for nothing outside of Let", node);
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

int expression_emit_node(Emitter *e, PyObject *node, const PackPath *outer)
{
    const ExpressionRow *row = PyTuple_GET_SIZE(node) > 0 ? row_of(e, node) : NULL;
    if (row == NULL) {
        return expression_refuse(e, outer,
                                 "made by aerospike_helpers.expressions; it holds an expression of another kind", node);
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

as_exp *expression_from_py(const Codec *codec, PyObject *compiled, int depth, const char *argument)
{
    Emitter e = {.packer = {.codec = codec, .special = true, .sort_maps = true}, .depth = depth};
    PackPath path = {NULL, argument, NULL, 0};
    PyObject *node = Py_XNewRef(expression_compiled_node(&e, compiled, &path));
    as_exp *expression = NULL;
    if (node != NULL && expression_emit_node(&e, node, &path) == 0) {
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
