// SPDX-License-Identifier: Apache-2.0
// The wire's msgpack back to compiled expressions, by the same table that packs them.
//
// What no row says is kept as its bytes, in a Node of the name Packed: an expression of a newer client still works.
// Functions return NULL without an exception where they do not understand what they read.
#include "errors.h"
#include "expressions.h"
#include "pack.h"

typedef struct Reader {
    Codec codec;
    const uint8_t *at, *end;
    int depth;
} Reader;

static PyObject *read_operand(Reader *r);

static inline size_t left(const Reader *r)
{
    return (size_t)(r->end - r->at);
}

// ---- msgpack ----

static bool take_number(Reader *r, int width, uint64_t *out)
{
    if (left(r) < (size_t)width) {
        return false;
    }
    uint64_t number = 0;
    for (int i = 0; i < width; i++) {
        number = number << 8 | *r->at++;
    }
    *out = number;
    return true;
}

// What follows each code from 0xc0 to 0xdf: bytes, or the width of a number that counts bytes or elements.
typedef struct Coded {
    uint8_t bytes;  // there are always
    uint8_t width;  // of a number
    uint8_t elements;  // for each that it counts; 0: it counts bytes
} Coded;

static const Coded coded[0x20] = {
    [0x04] = {0, 1, 0}, [0x05] = {0, 2, 0}, [0x06] = {0, 4, 0},  // bin
    [0x07] = {1, 1, 0}, [0x08] = {1, 2, 0}, [0x09] = {1, 4, 0},  // ext
    [0x0a] = {4, 0, 0}, [0x0b] = {8, 0, 0},  // float
    [0x0c] = {1, 0, 0}, [0x0d] = {2, 0, 0}, [0x0e] = {4, 0, 0}, [0x0f] = {8, 0, 0},  // unsigned
    [0x10] = {1, 0, 0}, [0x11] = {2, 0, 0}, [0x12] = {4, 0, 0}, [0x13] = {8, 0, 0},  // signed
    [0x14] = {2, 0, 0}, [0x15] = {3, 0, 0}, [0x16] = {5, 0, 0}, [0x17] = {9, 0, 0}, [0x18] = {17, 0, 0},  // fixext
    [0x19] = {0, 1, 0}, [0x1a] = {0, 2, 0}, [0x1b] = {0, 4, 0},  // str
    [0x1c] = {0, 2, 1}, [0x1d] = {0, 4, 1},  // list
    [0x1e] = {0, 2, 2}, [0x1f] = {0, 4, 2},  // map
};

// Go over one element, however deep. False where the input is cut short or no msgpack.
static bool skip(Reader *r)
{
    for (uint64_t pending = 1; pending > 0; pending--) {
        if (left(r) == 0) {
            return false;
        }
        uint8_t code = *r->at++;
        uint64_t bytes = 0, elements = 0;
        if (code >= 0xc0 && code < 0xe0) {
            const Coded *follows = &coded[code - 0xc0];
            uint64_t counted = 0;
            if (code == 0xc1 || !take_number(r, follows->width, &counted)) {
                return false;
            }
            bytes = follows->bytes + (follows->elements == 0 ? counted : 0);
            elements = counted * follows->elements;
        } else if (code >= 0xa0 && code < 0xc0) {
            bytes = code & 0x1f;
        } else if (code >= 0x80 && code < 0xa0) {
            elements = (uint64_t)(code & 0x0f) * (code < 0x90 ? 2 : 1);
        }
        if (bytes > left(r) || elements > left(r) - bytes) {
            return false;
        }
        r->at += bytes;
        pending += elements;
    }
    return true;
}

bool msgpack_is_one(const void *bytes, size_t size)
{
    Reader r = {.at = bytes, .end = (const uint8_t *)bytes + size};
    return skip(&r) && r.at == r.end;
}

static bool read_integer(Reader *r, int64_t *out)
{
    as_unpacker in = {.buffer = r->at, .length = (uint32_t)left(r)};
    if (as_unpack_int64(&in, out) != 0) {
        return false;
    }
    r->at += in.offset;
    return true;
}

// The head of a list; `count` is what it has.
static bool read_list(Reader *r, int64_t *count)
{
    as_unpacker in = {.buffer = r->at, .length = (uint32_t)left(r)};
    *count = as_unpack_list_header_element_count(&in);
    r->at += *count < 0 ? 0 : in.offset;
    return *count >= 0;
}

static bool at_list(const Reader *r)
{
    return left(r) > 0 && ((*r->at >= 0x90 && *r->at < 0xa0) || *r->at == 0xdc || *r->at == 0xdd);
}

// What cannot be shown as a Python value is kept as bytes; memory that is not there is another matter.
static PyObject *forgive(PyObject *value)
{
    if (value == NULL && !PyErr_ExceptionMatches(PyExc_MemoryError)) {
        PyErr_Clear();
    }
    return value;
}

// ---- values ----

// A value that packs to the same bytes again.
static PyObject *read_value(Reader *r)
{
    const uint8_t *start = r->at;
    if (!skip(r)) {
        return NULL;
    }
    size_t size = (size_t)(r->at - start);
    PyObject *value = forgive(value_unpack(&r->codec, start, size));
    if (value == NULL) {
        return NULL;
    }
    Packer packer = {.codec = &r->codec, .special = true, .sort_maps = true};
    PackPath path = {NULL, "text", NULL, 0};
    bool same =
        pack_value(&packer, value, &path, 0) == 0 && packer.size == size && memcmp(packer.bytes, start, size) == 0;
    packer_release(&packer);
    if (!same) {
        PyErr_Clear();
        Py_CLEAR(value);
    }
    return value;
}

static PyObject *read_name(Reader *r)
{
    as_unpacker in = {.buffer = r->at, .length = (uint32_t)left(r)};
    uint32_t size;
    const uint8_t *text = as_unpack_str(&in, &size);
    if (text == NULL) {
        return NULL;
    }
    r->at += in.offset;
    return forgive(PyUnicode_DecodeUTF8((const char *)text, (Py_ssize_t)size, NULL));
}

static PyObject *read_text(Reader *r)
{
    PyObject *value = read_value(r);
    if (value != NULL && !PyUnicode_Check(value)) {
        Py_CLEAR(value);
    }
    return value;
}

// ---- Nodes ----

static PyObject *node_new(Reader *r, PyObject *parts)
{
    return PyObject_CallOneArg(r->codec.state->expression_type, parts);
}

static PyObject *packed_node(Reader *r, const uint8_t *start)
{
    PyObject *parts = Py_BuildValue("(sy#)", "Packed", start, (Py_ssize_t)(r->at - start));
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
    return next(list) ? read_operand(list->reader) : NULL;
}

// A bare str would be the name of a bin.
static PyObject *read_bin(Reader *r)
{
    PyObject *operand = read_operand(r);
    return operand != NULL && PyUnicode_Check(operand) ? value_node(r, operand) : operand;
}

static PyObject *argument_bin(List *list)
{
    return next(list) ? read_bin(list->reader) : NULL;
}

static PyObject *argument_integer(List *list)
{
    int64_t number;
    return next(list) && read_integer(list->reader, &number) ? PyLong_FromLongLong(number) : NULL;
}

static PyObject *argument_flag(List *list)
{
    int64_t number;
    if (list->left == 0) {  // left out after an optional argument
        Py_RETURN_FALSE;
    }
    return next(list) && read_integer(list->reader, &number) && (number == 0 || number == 1) ? PyBool_FromLong(number)
                                                                                             : NULL;
}

static PyObject *argument_modify_flags(List *list)
{
    enum { MODIFY = 4 };
    int64_t number;
    return next(list) && read_integer(list->reader, &number) && (number & MODIFY) != 0
               ? PyLong_FromLongLong(number & ~(int64_t)MODIFY)
               : NULL;
}

static PyObject *argument_name(List *list)
{
    return next(list) ? read_name(list->reader) : NULL;
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
    bool pair = next(list) && read_list(r, &count) && count == 2 && read_integer(r, &code) &&
                code == _AS_EXP_CODE_QUOTE && read_list(r, &count) && count == 2;
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
        if (!next(list) || !read_integer(list->reader, &out[i])) {
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
    PyObject *name = read_name(r);
    PyObject *operand = name == NULL ? NULL : read_operand(r);
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
        PyObject *part = i < defined ? read_definition(r) : read_operand(r);
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
        if (count-- == 0 || !read_integer(r, &constant) || constant != row->constant) {
            return NULL;
        }
    }
    if (row->arguments[0].name != NULL && row->arguments[0].kind == KIND_VALUES) {
        return read_many(r, row, count);
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
} Call;

// Up to the operation's first argument. A call in a context is not understood.
static bool read_call_head(Reader *r, int64_t count, Call *call)
{
    return count == 4 && read_integer(r, &call->result) && read_integer(r, &call->system) &&
           read_list(r, &call->count) && call->count-- > 0 && read_integer(r, &call->op);
}

static bool read_return_type(Reader *r, const ExpressionRow *row, Call *call)
{
    call->return_type = 0;
    if (row->returns == RETURN_NOT) {
        return true;
    }
    bool invertible = expression_argument_place(row, KIND_INVERTED) >= 0;
    if (call->count-- <= 0 || !read_integer(r, &call->return_type)) {
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
            arguments[i] = Py_NewRef(Py_None);
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

static PyObject *read_call(Reader *r, const ExpressionRow *row, Call call)
{
    PyObject *arguments[EXPRESSION_MAX_ARGUMENTS] = {NULL};
    bool modify = (call.system & _AS_EXP_SYS_FLAG_MODIFY_LOCAL) != 0;
    if (row->code != call.op || row->modify != modify ||
        row->system != (call.system & ~(int64_t)_AS_EXP_SYS_FLAG_MODIFY_LOCAL) || !read_return_type(r, row, &call) ||
        !count_fits(row, call.count) ||
        expression_result_type(row, NULL, call.return_type, call.result) != call.result) {
        return NULL;
    }
    bool read = read_call_list(r, row, &call, arguments) && read_call_places(r, row, &call, arguments);
    (void)read;  // what is missing in `arguments` says the same
    return row_node(r, row, arguments);
}

// ---- any expression ----

static PyObject *read_by_rows(Reader *r, int64_t code, int64_t count)
{
    const uint8_t *start = r->at;
    PyObject *node = NULL;
    Call call;
    bool is_call = code == _AS_EXP_CODE_CALL;
    if (is_call && !read_call_head(r, count, &call)) {
        return NULL;
    }
    if (is_call) {
        start = r->at;
    }
    for (size_t i = 0; i < expression_row_count && node == NULL && !PyErr_Occurred(); i++) {
        const ExpressionRow *row = &expression_rows[i];
        r->at = start;
        if (is_call && row->form == FORM_CALL) {
            node = read_call(r, row, call);
        } else if (!is_call && row->form == FORM_PLAIN && row->code == code) {
            node = read_plain(r, row, count);
        }
    }
    return node;
}

static PyObject *read_expression(Reader *r)
{
    int64_t count, code;
    if (!read_list(r, &count) || count-- == 0 || !read_integer(r, &code)) {
        return NULL;
    }
    if (code == _AS_EXP_CODE_QUOTE) {
        return count == 1 && at_list(r) ? read_value(r) : NULL;
    }
    return read_by_rows(r, code, count);
}

static PyObject *read_operand(Reader *r)
{
    const uint8_t *start = r->at;
    PyObject *operand = NULL;
    if (r->depth < EXPRESSION_MAX_DEPTH) {
        r->depth++;
        operand = at_list(r) ? read_expression(r) : read_value(r);
        r->depth--;
    }
    if (operand == NULL && !PyErr_Occurred()) {
        r->at = start;
        operand = skip(r) ? packed_node(r, start) : NULL;
    }
    return operand;
}

PyObject *expression_to_py(const Codec *codec, const uint8_t *bytes, size_t size, const char *argument)
{
    Reader r = {.codec = *codec, .at = bytes, .end = bytes + size};
    r.codec.keep_blobs = true;
    if (!msgpack_is_one(bytes, size)) {
        error_param(codec->state, "%s has no whole expression in it", argument);
        return NULL;
    }
    PyObject *operand = read_operand(&r);
    if (operand != NULL && !is_a(operand, codec->state->expression_type)) {
        operand = value_node(&r, operand);
    }
    return operand == NULL ? NULL : Py_BuildValue("[N]", operand);
}
