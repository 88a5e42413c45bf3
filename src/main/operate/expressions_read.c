// SPDX-License-Identifier: Apache-2.0
// The wire's msgpack back to compiled expressions, by the same table that packs them.
//
// What no row says is kept as its bytes, in a Node of the name Packed: an expression of a newer client still works.
#include "operate/expressions_read.h"
#include "errors.h"

// ---- Nodes ----

static PyObject *read_text(Reader *r)
{
    PyObject *value = reader_value(r);
    if (value != NULL && !PyUnicode_Check(value)) {
        Py_CLEAR(value);
    }
    return value;
}

static PyObject *node_new(Reader *r, PyObject *parts)
{
    return PyObject_CallOneArg(r->codec->state->expression_type, parts);
}

static PyObject *packed_node(Reader *r, const uint8_t *start)
{
    PyObject *parts = Py_BuildValue("(sy#)", "Packed", start, (Py_ssize_t)(r->in.at - start));
    PyObject *node = parts == NULL ? NULL : node_new(r, parts);
    Py_XDECREF(parts);
    return node;
}

// A value as an expression of its own: it is taken over.
static PyObject *value_node(Reader *r, PyObject *value)
{
    PyObject *parts = Py_BuildValue("(sN)", "Val", value);
    PyObject *node = parts == NULL ? NULL : node_new(r, parts);
    Py_XDECREF(parts);
    return node;
}

// A Node of a row's name and arguments, which it takes over. NULL where one of them is missing.
static PyObject *row_node(Reader *r, const ExpressionRow *row, PyObject **arguments)
{
    int count = expression_argument_count(row);
    PyObject *parts = PyTuple_New(count + 1);
    PyObject *name = parts == NULL ? NULL : PyUnicode_FromString(row->name);
    bool whole = name != NULL;
    if (whole) {
        PyTuple_SET_ITEM(parts, 0, name);
    }
    for (int i = 0; i < count; i++) {
        whole = whole && arguments[i] != NULL;
        if (whole) {
            PyTuple_SET_ITEM(parts, i + 1, arguments[i]);
        } else {
            Py_XDECREF(arguments[i]);
        }
    }
    PyObject *node = whole ? node_new(r, parts) : NULL;
    Py_XDECREF(parts);
    return node;
}

// ---- arguments ----

// A list that is being read: how many elements it has left.
typedef struct List {
    Reader *reader;
    int64_t left;
} List;

static bool next(List *list)
{
    return list->left-- > 0;
}

static PyObject *argument_operand(List *list)
{
    return next(list) ? reader_operand(list->reader) : NULL;
}

// A bare str would be the name of a bin.
static PyObject *read_bin(Reader *r)
{
    PyObject *operand = reader_operand(r);
    return operand != NULL && PyUnicode_Check(operand) ? value_node(r, operand) : operand;
}

static PyObject *argument_bin(List *list)
{
    return next(list) ? read_bin(list->reader) : NULL;
}

static PyObject *argument_integer(List *list)
{
    int64_t number;
    return next(list) && reader_integer(list->reader, &number) ? PyLong_FromLongLong(number) : NULL;
}

static PyObject *argument_flag(List *list)
{
    int64_t number;
    if (list->left == 0) {  // left out after an optional argument
        Py_RETURN_FALSE;
    }
    return next(list) && reader_integer(list->reader, &number) && (number == 0 || number == 1) ? PyBool_FromLong(number)
                                                                                               : NULL;
}

static PyObject *argument_modify_flags(List *list)
{
    enum { MODIFY = 4 };
    int64_t number;
    return next(list) && reader_integer(list->reader, &number) && (number & MODIFY) != 0
               ? PyLong_FromLongLong(number & ~(int64_t)MODIFY)
               : NULL;
}

static PyObject *argument_path(List *list)
{
    return next(list) ? reader_context(list->reader) : NULL;
}

static PyObject *argument_name(List *list)
{
    return next(list) ? reader_name(list->reader) : NULL;
}

static PyObject *argument_text(List *list)
{
    return next(list) ? read_text(list->reader) : NULL;
}

static PyObject *argument_optional_text(List *list)
{
    return list->left == 0 ? Py_NewRef(Py_None) : argument_text(list);
}

static PyObject *argument_optional_operand(List *list)
{
    return list->left == 0 ? Py_NewRef(Py_None) : argument_operand(list);
}

static PyObject *argument_pair_first(List *list)
{
    int64_t count, code;
    Reader *r = list->reader;
    bool pair = next(list) && reader_list(r, &count) && count == 2 && reader_integer(r, &code) &&
                code == _AS_EXP_CODE_QUOTE && reader_list(r, &count) && count == 2;
    return pair ? read_text(r) : NULL;
}

static PyObject *argument_pair_second(List *list)
{
    return read_text(list->reader);
}

// ---- policies ----

enum { POLICY_MOST = 2 };

// `count` numbers. False where they are not there.
static bool policy_numbers(List *list, int count, int64_t *out)
{
    for (int i = 0; i < count; i++) {
        if (!next(list) || !reader_integer(list->reader, &out[i])) {
            return false;
        }
    }
    return true;
}

static PyObject *argument_list_policy(List *list)
{
    int64_t read[POLICY_MOST];
    if (list->left == 0) {
        Py_RETURN_NONE;
    }
    return policy_numbers(list, 2, read) ? Py_BuildValue("{sLsL}", "list_order", read[0], "write_flags", read[1])
                                         : NULL;
}

static PyObject *argument_list_flags(List *list)
{
    int64_t read[POLICY_MOST];
    if (list->left == 0) {
        Py_RETURN_NONE;
    }
    return policy_numbers(list, 1, read) ? Py_BuildValue("{sL}", "write_flags", read[0]) : NULL;
}

static PyObject *map_policy(List *list, int count)
{
    enum { ORDER = 0x0f, PERSIST_INDEX = 0x10 };
    int64_t read[POLICY_MOST] = {0, 0};
    if (list->left == 0) {
        Py_RETURN_NONE;
    }
    if (!policy_numbers(list, count, read) || (read[0] & ~(ORDER | PERSIST_INDEX)) != 0) {
        return NULL;
    }
    return Py_BuildValue("{sLsLsO}", "map_order", read[0] & ORDER, "map_write_flags", read[1], "persist_index",
                         (read[0] & PERSIST_INDEX) != 0 ? Py_True : Py_False);
}

static PyObject *argument_map_policy(List *list)
{
    return map_policy(list, 2);
}

static PyObject *argument_map_attributes(List *list)
{
    return map_policy(list, 1);
}

static PyObject *flags_policy(List *list, const char *key)
{
    int64_t flags;
    if (list->left == 0) {
        Py_RETURN_NONE;
    }
    if (!policy_numbers(list, 1, &flags)) {
        return NULL;
    }
    return flags == 0 ? Py_NewRef(Py_None) : Py_BuildValue("{sL}", key, flags);
}

static PyObject *argument_bit_policy(List *list)
{
    return flags_policy(list, "bit_write_flags");
}

static PyObject *argument_hll_policy(List *list)
{
    return flags_policy(list, "flags");
}

static PyObject *argument_string_policy(List *list)
{
    return flags_policy(list, "write_flags");
}

// ---- kinds ----

// How a kind is read, and how many elements it takes at the least and at the most.
static const struct {
    PyObject *(*read)(List *list);
    int least, most;
} kinds[KIND_COUNT] = {
    [KIND_LIST_BIN] = {argument_bin, 0, 0},
    [KIND_MAP_BIN] = {argument_bin, 0, 0},
    [KIND_STR_BIN] = {argument_bin, 0, 0},
    [KIND_VALUE] = {argument_operand, 1, 1},
    [KIND_END] = {argument_operand, 1, 1},
    [KIND_NUMBER] = {argument_operand, 1, 1},
    [KIND_OPTIONAL_NUMBER] = {argument_optional_operand, 0, 1},
    [KIND_BIT_COUNT] = {argument_operand, 1, 1},
    [KIND_LIST] = {argument_operand, 1, 1},
    [KIND_MAP] = {argument_operand, 1, 1},
    [KIND_BLOB] = {argument_operand, 1, 1},
    [KIND_INTEGER] = {argument_integer, 1, 1},
    [KIND_FLAG] = {argument_flag, 0, 1},
    [KIND_NAME] = {argument_name, 1, 1},
    [KIND_BIN_NAME] = {argument_name, 1, 1},
    [KIND_TEXT] = {argument_text, 1, 1},
    [KIND_OPTIONAL_TEXT] = {argument_optional_text, 0, 1},
    [KIND_PAIR_FIRST] = {argument_pair_first, 1, 1},
    [KIND_PAIR_SECOND] = {argument_pair_second, 0, 0},
    [KIND_PATH] = {argument_path, 1, 1},
    [KIND_MODIFY_FLAGS] = {argument_modify_flags, 1, 1},
    [KIND_LIST_POLICY] = {argument_list_policy, 0, 2},
    [KIND_LIST_FLAGS] = {argument_list_flags, 0, 1},
    [KIND_MAP_POLICY] = {argument_map_policy, 0, 2},
    [KIND_MAP_ATTRIBUTES] = {argument_map_attributes, 0, 1},
    [KIND_BIT_POLICY] = {argument_bit_policy, 0, 1},
    [KIND_HLL_POLICY] = {argument_hll_policy, 0, 1},
    [KIND_STRING_POLICY] = {argument_string_policy, 0, 1},
    [KIND_LAST_INTEGER] = {argument_integer, 1, 1},
    [KIND_LATER_EXPRESSION] = {argument_operand, 1, 1},
};

// Whether a list of so many elements can be the row's: what keeps one list from being read for several rows.
static bool count_fits(const ExpressionRow *row, int64_t count)
{
    int64_t least = 0, most = 0;
    for (int i = 0; row->arguments[i].name != NULL; i++) {
        ArgumentKind kind = row->arguments[i].kind;
        bool bin = kind_is_bin(kind) && row->form == FORM_PLAIN;
        least += kinds[kind].least + bin;
        most += kinds[kind].most + bin;
    }
    return count >= least && count <= most;
}

// ---- plain expressions ----

// Let: a name and an expression for each Def, and at last the expression.
static PyObject *read_definition(Reader *r)
{
    PyObject *name = reader_name(r);
    PyObject *operand = name == NULL ? NULL : reader_operand(r);
    PyObject *parts = operand == NULL ? NULL : Py_BuildValue("(sOO)", "Def", name, operand);
    PyObject *node = parts == NULL ? NULL : node_new(r, parts);
    Py_XDECREF(name);
    Py_XDECREF(operand);
    Py_XDECREF(parts);
    return node;
}

// An expression of any number of operands.
static PyObject *read_many(Reader *r, const ExpressionRow *row, int64_t count)
{
    bool let = row->code == _AS_EXP_CODE_LET;
    int64_t defined = let ? count / 2 : 0;
    if (let && count % 2 == 0) {
        return NULL;
    }
    PyObject *parts = Py_BuildValue("[s]", row->name);
    for (int64_t i = 0; parts != NULL && i < count - defined; i++) {
        PyObject *part = i < defined ? read_definition(r) : reader_operand(r);
        if (part == NULL || PyList_Append(parts, part) < 0) {
            Py_CLEAR(parts);
        }
        Py_XDECREF(part);
    }
    PyObject *node = parts == NULL ? NULL : node_new(r, parts);
    Py_XDECREF(parts);
    return node;
}

static PyObject *read_plain(Reader *r, const ExpressionRow *row, int64_t count)
{
    if (row->constant != EXPRESSION_NO_CONSTANT) {
        int64_t constant;
        if (count-- == 0 || !reader_integer(r, &constant) || constant != row->constant) {
            return NULL;
        }
    }
    if (row->arguments[0].name != NULL && row->arguments[0].kind == KIND_VALUES) {
        return count == 0 ? NULL : read_many(r, row, count);  // as it is written
    }
    if (!count_fits(row, count)) {
        return NULL;
    }
    List list = {r, count};
    PyObject *arguments[EXPRESSION_MAX_ARGUMENTS] = {NULL};
    for (int i = 0; row->arguments[i].name != NULL; i++) {
        arguments[i] = kinds[row->arguments[i].kind].read(&list);
        if (arguments[i] == NULL) {
            break;
        }
    }
    return row_node(r, row, arguments);
}

// ---- calls ----

typedef struct Call {
    int64_t result, system, op, return_type;
    int64_t count;  // of the operation's arguments
    PyObject *context;  // owned; NULL: the operation is for the bin itself
} Call;

// Up to the operation's first argument.
static bool read_call_head(Reader *r, int64_t count, Call *call)
{
    if (count != 4 || !reader_integer(r, &call->result) || !reader_integer(r, &call->system) ||
        !reader_list(r, &call->count) || call->count-- <= 0 || !reader_integer(r, &call->op)) {
        return false;
    }
    if (call->op != AS_CDT_OP_CONTEXT_EVAL) {
        return true;
    }
    call->context = call->count == 2 ? reader_context(r) : NULL;
    return call->context != NULL && reader_list(r, &call->count) && call->count-- > 0 && reader_integer(r, &call->op);
}

static bool read_return_type(Reader *r, const ExpressionRow *row, Call *call)
{
    call->return_type = 0;
    if (row->returns == RETURN_NOT) {
        return true;
    }
    bool invertible = expression_argument_place(row, KIND_INVERTED) >= 0;
    if (call->count-- <= 0 || !reader_integer(r, &call->return_type)) {
        return false;
    }
    return row->returns == RETURN_GIVEN || (call->return_type & ~(invertible ? AS_LIST_RETURN_INVERTED : 0)) == 0;
}

// The arguments that stand in the call's list, in the order of the wire.
static bool read_call_list(Reader *r, const ExpressionRow *row, const Call *call, PyObject **arguments)
{
    List list = {r, call->count};
    for (ArgumentTurn turn = TURN_NORMAL; turn <= TURN_LAST; turn++) {
        for (int i = 0; row->arguments[i].name != NULL; i++) {
            if (argument_turn(row->arguments[i].kind) != turn) {
                continue;
            }
            if (kinds[row->arguments[i].kind].read == NULL) {
                return false;
            }
            arguments[i] = kinds[row->arguments[i].kind].read(&list);
            if (arguments[i] == NULL) {
                return false;
            }
        }
    }
    return list.left == 0;
}

// The arguments that the call says elsewhere.
static bool read_call_places(Reader *r, const ExpressionRow *row, const Call *call, PyObject **arguments)
{
    bool invertible = expression_argument_place(row, KIND_INVERTED) >= 0;
    int64_t inverted = invertible ? AS_LIST_RETURN_INVERTED : 0;
    for (int i = 0; row->arguments[i].name != NULL; i++) {
        ArgumentKind kind = row->arguments[i].kind;
        if (kind == KIND_CONTEXT) {
            arguments[i] = Py_NewRef(call->context == NULL ? Py_None : call->context);
        } else if (kind == KIND_RETURN_TYPE) {
            arguments[i] = PyLong_FromLongLong(call->return_type & ~inverted);
        } else if (kind == KIND_INVERTED) {
            arguments[i] = PyBool_FromLong((call->return_type & inverted) != 0);
        } else if (kind == KIND_VALUE_TYPE) {
            arguments[i] = PyLong_FromLongLong(call->result);
        } else if (kind_is_bin(kind)) {
            arguments[i] = read_bin(r);
        }
        if (arguments[i] == NULL) {
            return false;
        }
    }
    return true;
}

// The type of what is changed in a context depends on how the context begins; context and bytes agree already.
static bool result_fits(const ExpressionRow *row, const Call *call)
{
    bool in_context = row->result == RESULT_LIST_IN_CONTEXT || row->result == RESULT_MAP_IN_CONTEXT;
    if (call->context != NULL && expression_argument_place(row, KIND_CONTEXT) < 0) {
        return false;
    }
    if (call->context != NULL && in_context) {
        return call->result == AS_EXP_TYPE_LIST || call->result == AS_EXP_TYPE_MAP;
    }
    return expression_result_type(row, NULL, call->return_type, call->result) == call->result;
}

static PyObject *read_call(Reader *r, const ExpressionRow *row, Call call)
{
    PyObject *arguments[EXPRESSION_MAX_ARGUMENTS] = {NULL};
    bool modify = (call.system & _AS_EXP_SYS_FLAG_MODIFY_LOCAL) != 0;
    if (row->code != call.op || row->modify != modify ||
        row->system != (call.system & ~(int64_t)_AS_EXP_SYS_FLAG_MODIFY_LOCAL) || !read_return_type(r, row, &call) ||
        !count_fits(row, call.count) || !result_fits(row, &call)) {
        return NULL;
    }
    bool read = read_call_list(r, row, &call, arguments) && read_call_places(r, row, &call, arguments);
    (void)read;  // what is missing in `arguments` says the same
    return row_node(r, row, arguments);
}

// ---- any expression ----

static PyObject *read_by_rows(Reader *r, int64_t code, int64_t count)
{
    const uint8_t *start = r->in.at;
    PyObject *node = NULL;
    Call call = {.context = NULL};
    bool is_call = code == _AS_EXP_CODE_CALL;
    bool known = !is_call || read_call_head(r, count, &call);
    if (is_call) {
        start = r->in.at;
    }
    for (size_t i = 0; known && i < expression_row_count && node == NULL && !PyErr_Occurred(); i++) {
        const ExpressionRow *row = &expression_rows[i];
        r->in.at = start;
        if (is_call && row->form == FORM_CALL) {
            node = read_call(r, row, call);
        } else if (!is_call && row->form == FORM_PLAIN && row->code == code) {
            node = read_plain(r, row, count);
        }
    }
    Py_XDECREF(call.context);
    return node;
}

static PyObject *read_expression(Reader *r)
{
    int64_t count, code;
    if (!reader_list(r, &count) || count-- == 0 || !reader_integer(r, &code)) {
        return NULL;
    }
    if (code == _AS_EXP_CODE_QUOTE) {
        return count == 1 && reader_at_list(r) ? reader_value(r) : NULL;
    }
    return read_by_rows(r, code, count);
}

PyObject *reader_operand(Reader *r)
{
    const uint8_t *start = r->in.at;
    PyObject *operand = NULL;
    if (r->depth < EXPRESSION_MAX_DEPTH) {
        r->depth++;
        operand = reader_at_list(r) ? read_expression(r) : reader_value(r);
        r->depth--;
    }
    if (operand == NULL && !PyErr_Occurred()) {
        r->in.at = start;
        operand = msgpack_skip(&r->in) ? packed_node(r, start) : NULL;
    }
    return operand;
}

PyObject *reader_compiled(Reader *r)
{
    PyObject *operand = reader_operand(r);
    if (operand != NULL && !is_a(operand, r->codec->state->expression_type)) {
        operand = value_node(r, operand);
    }
    return operand == NULL ? NULL : Py_BuildValue("[N]", operand);
}

PyObject *expression_to_py(const Codec *codec, const uint8_t *bytes, size_t size, const char *argument)
{
    Reader r = {codec, {bytes, bytes + size}, 0};
    if (!msgpack_is_one(bytes, size)) {
        error_param(codec->state, "%s has no whole expression in it", argument);
        return NULL;
    }
    return reader_compiled(&r);
}
