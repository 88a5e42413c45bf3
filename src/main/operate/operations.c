// SPDX-License-Identifier: Apache-2.0
// Operation dictionaries by table (tables/operations.def): one parser for all rows.
#include "operate/operate.h"

#include "errors.h"
#include "operate/operand.h"

#include <aerospike/as_exp_operations.h>

// ---- calls that need more than one of the C client's functions ----

static bool call_touch(Operands *a)
{
    if (a->slot[KEY_val].given) {
        a->ops->ttl = a->slot[KEY_val].ttl;
    }
    return as_operations_add_touch(a->ops);
}

// Increments need a policy, whose order only counts where there is no map yet.
static as_map_policy *map_policy_or_default(Operands *a)
{
    if (!a->has_policy) {
        as_map_policy_init(&a->policy.map);
    }
    return &a->policy.map;
}

static bool call_select_by_path(Operands *a)
{
    as_error err;
    as_exp_path_select_flags flags = (as_exp_path_select_flags)a->slot[KEY_cdt_flags].number;
    return as_operations_select_by_path(&err, a->ops, a->bin, a->ctx, flags) == AEROSPIKE_OK;
}

static bool call_modify_by_path(Operands *a)
{
    as_error err;
    as_exp_path_modify_flags flags = (as_exp_path_modify_flags)a->slot[KEY_cdt_flags].number;
    return as_operations_modify_by_path(&err, a->ops, a->bin, a->ctx, a->expression, flags) == AEROSPIKE_OK;
}

// ---- the table ----

// First a function a row...
#define N(key) (a->slot[KEY_##key].number)
#define F(key) (a->slot[KEY_##key].flag)
#define V(key) (a->slot[KEY_##key].value)
#define L(key) (a->slot[KEY_##key].list)
#define M(key) (a->slot[KEY_##key].map)
#define T(key) (a->slot[KEY_##key].text)
#define P(kind) (a->has_policy ? &a->policy.kind : NULL)
#define GIVEN(key) (a->slot[KEY_##key].given)
#define TO a->ops, a->bin, a->ctx
#define OPERATION(constant, number, name, operands, call)                                                              \
    static bool name##_call(Operands *a)                                                                               \
    {                                                                                                                  \
        return call;                                                                                                   \
    }
#define NAME_ONLY(constant, number)
#include "tables/operations.def"
#undef OPERATION
#undef NAME_ONLY

// ...then the rows, ...
typedef struct Operation {
    const char *name;
    bool (*call)(Operands *operands);
} Operation;

static const Operation rows[] = {
#define OPERATION(constant, number, name, operands, call) {#name, name##_call},
#define NAME_ONLY(constant, number)
#include "tables/operations.def"
#undef OPERATION
#undef NAME_ONLY
};

// ...by number (one more than the row, as 0 is no row), ...
_Static_assert(OPERATION_COUNT < UINT8_MAX, "rows are found through bytes");
static const uint8_t row_by_number[] = {
#define OPERATION(constant, number, name, operands, call) [number] = OPERATION_##name + 1,
#define NAME_ONLY(constant, number)
#include "tables/operations.def"
#undef OPERATION
#undef NAME_ONLY
};

// ...and the constants.
static const struct {
    const char *name;
    int number;
} constants[] = {
#define OPERATION(constant, number, name, operands, call) {#constant, number},
#define NAME_ONLY(constant, number) {#constant, number},
#include "tables/operations.def"
#undef OPERATION
#undef NAME_ONLY
};

// ---- one operation ----

// Which operation it was, before the message about one of its operands. Returns -1.
static int place_error(State *state, Py_ssize_t place, const Operation *operation, PyObject *bin)
{
    if (operation == NULL) {
        return error_prefix(state, "operation %zd", place);
    }
    if (bin == NULL) {
        return error_prefix(state, "operation %zd (%s)", place, operation->name);
    }
    return error_prefix(state, "operation %zd (%s on bin %R)", place, operation->name, bin);
}

// The row of an int; NULL: there is none.
static const Operation *operation_row(PyObject *op)
{
    int64_t number;
    bool known = integer_narrow(op, 0, (int64_t)sizeof row_by_number - 1, &number) == NARROWED;
    return known && row_by_number[number] != 0 ? &rows[row_by_number[number] - 1] : NULL;
}

// The row of a number, or NULL with ParamError.
static const Operation *operation_of(State *state, PyObject *op)
{
    int64_t number;
    if (integer_from_py(state, op, "op", INT64_MIN, INT64_MAX, &number) < 0) {
        return NULL;
    }
    const Operation *row = operation_row(op);
    if (row == NULL) {
        error_param(state, "op %S is no operation", op);
    }
    return row;
}

static const Operation *operation_find(State *state, PyObject *dict)
{
    PyObject *op = Py_XNewRef(PyDict_GetItemWithError(dict, state->str_op));
    if (op == NULL) {
        if (!PyErr_Occurred()) {
            error_param(state, "'op' is missing");
        }
        return NULL;
    }
    const Operation *found = operation_of(state, op);
    Py_DECREF(op);
    return found;
}

static int operation_from_py(const Codec *codec, PyObject *dict, Py_ssize_t place, as_operations *out, Keep *keep)
{
    State *state = codec->state;
    Operands operands;
    operands_start(&operands, codec, out, keep);
    const Operation *operation = NULL;
    int result = -1;
    if (!PyDict_Check(dict)) {
        error_type(state, "an operation", "a dict", dict);
        goto finally;
    }
    operation = operation_find(state, dict);
    if (operation == NULL || operands_from_py(&operands, dict, (OperationRow)(operation - rows)) < 0) {
        goto finally;
    }
    if (!operation->call(&operands)) {
        error_param(state, "the C client refused it");
        goto finally;
    }
    result = 0;
finally:
    if (result < 0) {
        place_error(state, place, operation, operands.bin_object);
    }
    operands_release(&operands);
    return result;
}

// ---- a list of them ----

// Where types are not strict, an operation that nobody knows, or whose bin's name is too long, is left out: 1, 0 or -1.
static int operation_left_out(const Codec *codec, PyObject *dict)
{
    if (codec->strict_types || !PyDict_Check(dict)) {
        return 0;
    }
    PyObject *op = Py_XNewRef(PyDict_GetItemWithError(dict, codec->state->str_op));
    PyObject *bin = PyErr_Occurred() ? NULL : PyDict_GetItemWithError(dict, codec->state->str_bin);
    bool unknown = op != NULL && PyLong_Check(op) && operation_row(op) == NULL;
    bool too_long = bin != NULL && bin_name_too_long(bin);
    Py_XDECREF(op);
    return PyErr_Occurred() ? -1 : unknown || too_long;
}

static int operations_add(const Codec *codec, PyObject *list, const char *what, Py_ssize_t count, as_operations *out,
                          Keep *keep)
{
    int result = 0;
    for (Py_ssize_t i = 0; result == 0 && i < count; i++) {
        if (PyList_GET_SIZE(list) != count) {  // a serializer may do anything
            PyErr_Format(PyExc_RuntimeError, "%s changed while its operations were read", what);
            return -1;
        }
        PyObject *dict = Py_NewRef(PyList_GET_ITEM(list, i));
        int left_out = operation_left_out(codec, dict);
        result = left_out != 0 ? (left_out < 0 ? -1 : 0) : operation_from_py(codec, dict, i, out, keep);
        Py_DECREF(dict);
    }
    return result;
}

int operations_from_py(const Codec *codec, PyObject *list, const char *what, uint32_t ttl, as_operations *out,
                       Keep *keep)
{
    as_operations_init(out, 0);
    if (!PyList_Check(list)) {
        return error_type(codec->state, what, "a list of operations", list);
    }
    Py_ssize_t count = PyList_GET_SIZE(list);
    if (count == 0) {
        return error_param(codec->state, "%s must hold at least one operation", what);
    }
    if (count > UINT16_MAX) {
        return error_param(codec->state, "%s has %zd operations, and a command can have at most %d", what, count,
                           UINT16_MAX);
    }
    as_operations_init(out, (uint16_t)count);
    out->ttl = ttl;
    Codec operating = *codec;
    operating.operating = true;
    if (operations_add(&operating, list, what, count, out, keep) < 0) {
        return -1;
    }
    return out->binops.size > 0
               ? 0
               : error_param(codec->state,
                             "%s must hold at least one operation that is known, on a bin whose name is not too long",
                             what);
}

// ---- at import ----

int operations_init(PyObject *module, State *Py_UNUSED(state))
{
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++) {
        if (PyModule_AddIntConstant(module, constants[i].name, constants[i].number) < 0) {
            return -1;
        }
    }
    return 0;
}
