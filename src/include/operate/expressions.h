// SPDX-License-Identifier: Apache-2.0
// Expressions by table (tables/expressions.def): what the emitter and the reader have in common.
//
// A compiled expression is a list of one Node. A Node (aerospike/_expression.py) is a tuple of the expression's name
// and its arguments; an argument that is a Node is an expression, every other a value.
#ifndef EXPRESSIONS_H
#define EXPRESSIONS_H

#include "convert/convert.h"

#include <aerospike/as_exp.h>

#define EXPRESSION_MAX_DEPTH 512  // expressions within expressions
#define EXPRESSION_MAX_ARGUMENTS 8

// What an argument may be, and what it becomes on the wire.
typedef enum ArgumentKind {
    // with places of their own in a call
    KIND_CONTEXT,  // None or a list of cdt_ctx entries
    KIND_RETURN_TYPE,  // an int; INVERTED is added to it
    KIND_INVERTED,
    KIND_VALUE_TYPE,  // an int: the type of the call's result
    KIND_LIST_BIN,  // an expression, a value, or a bin's name: this is the bin's type, unless the context says other
    KIND_MAP_BIN,
    KIND_BLOB_BIN,
    KIND_HLL_BIN,
    KIND_STR_BIN,
    KIND_PATH_BIN,  // of a bin's name the type is what the path begins with, if that tells it
    // in turn
    KIND_VALUE,  // an expression or any value
    KIND_VALUES,  // as many of them as there are, after the others
    KIND_END,  // of an interval: an expression or any value; None: infinity
    KIND_NUMBER,  // an int, CDTInfinite or an expression
    KIND_OPTIONAL_NUMBER,  // None: left out, and with it what follows
    KIND_BIT_COUNT,  // None: -1
    KIND_LIST,  // a list or an expression
    KIND_MAP,  // a dict or an expression
    KIND_BLOB,  // bytes or an expression
    KIND_INTEGER,  // an int, no expression
    KIND_FLAG,  // a bool, 0 or 1
    KIND_NAME,  // a str without the byte that says its type
    KIND_BIN_NAME,
    KIND_TEXT,  // a str, no expression
    KIND_OPTIONAL_TEXT,  // None: left out
    KIND_PAIR_FIRST,  // two str that go as one list
    KIND_PAIR_SECOND,
    KIND_PATH,  // a list of cdt_ctx entries
    KIND_MODIFY_FLAGS,  // an int; the bit that says "modify" is added to it
    // after the others of the call
    KIND_LIST_POLICY,  // order and flags
    KIND_LIST_FLAGS,
    KIND_MAP_POLICY,  // attributes and flags
    KIND_MAP_ATTRIBUTES,
    KIND_BIT_POLICY,
    KIND_HLL_POLICY,
    KIND_STRING_POLICY,
    // and after the policy
    KIND_LAST_INTEGER,
    KIND_LATER_EXPRESSION,  // a compiled expression, or one that is not
    KIND_READY,  // bytes: an expression as it is on the wire
    KIND_COUNT
} ArgumentKind;

typedef struct Argument {
    const char *name;
    ArgumentKind kind;
} Argument;

// When an argument of a call goes on the wire: at a place of its own, in turn, after the others, after the policy.
typedef enum ArgumentTurn { TURN_PLACED, TURN_NORMAL, TURN_POLICY, TURN_LAST } ArgumentTurn;

static inline ArgumentTurn argument_turn(ArgumentKind kind)
{
    return kind < KIND_VALUE          ? TURN_PLACED
           : kind < KIND_LIST_POLICY  ? TURN_NORMAL
           : kind < KIND_LAST_INTEGER ? TURN_POLICY
                                      : TURN_LAST;
}

// The type of a call's result: an as_exp_type, or a rule for one.
typedef enum ResultRule {
    RESULT_BOOL = AS_EXP_TYPE_BOOL,
    RESULT_INT = AS_EXP_TYPE_INT,
    RESULT_STR = AS_EXP_TYPE_STR,
    RESULT_LIST = AS_EXP_TYPE_LIST,
    RESULT_BLOB = AS_EXP_TYPE_BLOB,
    RESULT_FLOAT = AS_EXP_TYPE_FLOAT,
    RESULT_HLL = AS_EXP_TYPE_HLL,
    RESULT_LIST_IN_CONTEXT = 32,  // the bin is changed: a list, unless the context begins with a map
    RESULT_MAP_IN_CONTEXT,
    RESULT_LIST_ITEM,  // by return type: of one item, with the argument value_type for its value
    RESULT_LIST_ITEMS,
    RESULT_MAP_ITEM,
    RESULT_MAP_ITEMS,
    RESULT_VALUE_TYPE,  // the argument value_type
} ResultRule;

typedef enum ReturnRule {
    RETURN_NOT,  // the operation takes no return type
    RETURN_NOTHING,  // it returns nothing, for the changed value is the result
    RETURN_GIVEN,  // the argument return_type
} ReturnRule;

typedef enum ExpressionForm {
    FORM_BARE,  // its argument alone
    FORM_PLAIN,  // [code, constant, arguments]
    FORM_DEFINITION,  // its arguments without a list around them: within Let only
    FORM_CALL,
} ExpressionForm;

#define EXPRESSION_NO_CONSTANT (-1)

typedef struct ExpressionRow {
    const char *name;
    ExpressionForm form;
    int code;  // of the expression; of a call: of the operation
    int constant;  // what follows the code of a plain expression
    int system;  // of a call
    bool modify;
    ResultRule result;
    ReturnRule returns;
    Argument arguments[EXPRESSION_MAX_ARGUMENTS + 1];  // a NULL name ends them
} ExpressionRow;

extern const ExpressionRow expression_rows[];
extern const size_t expression_row_count;

int expression_argument_count(const ExpressionRow *row);

// The place of the argument of that kind, or -1. Of a bin: expression_bin_place.
int expression_argument_place(const ExpressionRow *row, ArgumentKind kind);
int expression_bin_place(const ExpressionRow *row);

static inline bool kind_is_bin(ArgumentKind kind)
{
    return kind >= KIND_LIST_BIN && kind <= KIND_PATH_BIN;
}

// The type of a call's result on the wire, or AS_EXP_TYPE_ERROR where return type and value type do not fit.
int64_t expression_result_type(const ExpressionRow *row, const as_cdt_ctx *context, int64_t return_type,
                               int64_t value_type);

// The row of a Node's name, or NULL without an exception where there is none.
const ExpressionRow *expression_row_find(State *state, PyObject *name);

// A compiled expression's bytes as a list of one Node. NULL with an exception that names `argument`.
PyObject *expression_to_py(const Codec *codec, const uint8_t *bytes, size_t size, const char *argument);

#endif
