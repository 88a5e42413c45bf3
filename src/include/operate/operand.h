// SPDX-License-Identifier: Apache-2.0
// One operation's operands: a dictionary read by table (the lists of operands of tables/operations.def) into slots,
// from which the row's call takes them.
#ifndef OPERAND_H
#define OPERAND_H

#include "convert/packed.h"
#include "operate/operate.h"

#include <aerospike/as_bit_operations.h>
#include <aerospike/as_hll_operations.h>
#include <aerospike/as_list_operations.h>
#include <aerospike/as_map_operations.h>
#include <aerospike/as_string_operations.h>

// The keys of operation dictionaries and of the policies in them; each is a slot of Operands, too.
// clang-format off: it lays the list out anew each time
#define OPERAND_KEYS(X)                                                                                                \
    X(op) X(bin) X(val) X(ctx) X(index) X(rank) X(count) X(key) X(range) X(value) X(value_list) X(value_begin)         \
    X(value_end) X(return_type) X(inverted) X(list_policy) X(list_order) X(write_flags) X(sort_flags) X(pad)           \
    X(persist_index) X(map_policy) X(map_order) X(map_write_flags) X(policy) X(bit_write_flags) X(bit_offset)          \
    X(bit_size) X(byte_offset) X(byte_size) X(value_byte_size) X(sign) X(action) X(resize_flags) X(invert_size)        \
    X(hll_policy) X(flags) X(index_bit_count) X(mh_bit_count) X(expr) X(expr_flags) X(mod_exp) X(cdt_flags)            \
    X(separator) X(start) X(end) X(needle) X(occurrence) X(prefix) X(suffix) X(numeric_type) X(pattern)                \
    X(regex_flags) X(replacement) X(target_length) X(pad_string)
// clang-format on

typedef enum OperandKey {
#define OPERAND_KEY(name) KEY_##name,
    OPERAND_KEYS(OPERAND_KEY)
#undef OPERAND_KEY
        KEY_COUNT
} OperandKey;

// How an operand is read: operand.c has one function a kind.
typedef enum OperandKind {
    OPERAND_END,  // of a list
    OPERAND_BIN,  // the bin's name
    OPERAND_CONTEXT,
    OPERAND_PATH_CONTEXT,  // not empty
    OPERAND_CREATE_CONTEXT,  // of what may create what it leads to: without expressions
    OPERAND_INT64,  // also a count, which the server takes as unsigned: -1 is "all that follow"
    OPERAND_INT32,
    OPERAND_UINT32,
    OPERAND_UINT64,
    OPERAND_TTL,
    OPERAND_FLAG,  // a bool, or an int as one
    OPERAND_BOOL,
    OPERAND_VALUE,  // anything that a server can store or compare with
    OPERAND_STORED_KEY,  // of a map entry that is written: str, int or bytes
    OPERAND_LIST,
    OPERAND_MAP,
    OPERAND_BLOB,
    OPERAND_TEXT,  // without NUL: the C client measures it
    OPERAND_EXPRESSION,
    OPERAND_STORED,  // what becomes a bin's value: lives until the command ran
    OPERAND_STORED_NUMBER,
    OPERAND_STORED_TEXT,
    OPERAND_LIST_POLICY,
    OPERAND_MAP_POLICY,
    OPERAND_BIT_POLICY,
    OPERAND_HLL_POLICY,
    OPERAND_STRING_POLICY,
    OPERAND_COUNT
} OperandKind;

typedef struct Operand {
    uint8_t kind;
    uint8_t key;
    bool optional;  // absent or None: not given, and its slot zero
} Operand;

typedef struct Slot {
    bool given;
    union {
        int64_t number;
        as_val *value;
        as_list *list;
        as_map *map;
        const char *text;
        as_exp *expression;
        as_bin_value *stored;
    };
    uint32_t size;  // of the bytes at `text`
} Slot;

// A value as the C client takes it during one call: nothing is copied but what lists and maps pack to.
typedef union HeldValue {
    as_bin_value scalar;
    PackedValue packed;
} HeldValue;

enum { HELD_VALUES_MAX = 3 };

typedef struct Operands {
    const Codec *codec;
    Keep *keep;  // of the command
    as_operations *ops;  // where the call appends
    PyObject *bin_object;  // borrowed from `held`
    const char *bin;
    as_cdt_ctx *ctx;  // NULL: none
    as_cdt_ctx context;
    as_exp *expression;
    bool has_policy;
    union {
        as_list_policy list;
        as_map_policy map;
        as_bit_policy bit;
        as_hll_policy hll;
        as_string_policy string;
    } policy;
    int value_count;
    Keep held;  // what the slots point into, until the call is done
    HeldValue values[HELD_VALUES_MAX];
    Slot slot[KEY_COUNT];
} Operands;

void operands_start(Operands *operands, const Codec *codec, as_operations *ops, Keep *keep);
// Read a dictionary by a list of operands. `known` counts the keys that were found. 0, or -1 with ParamError.
int operands_from_py(Operands *operands, PyObject *dict, const Operand *list, Py_ssize_t *known);
void operands_release(Operands *operands);

// A value for as long as the operands live, or NULL with an exception that calls it `name`.
as_val *operand_value(Operands *operands, PyObject *object, const char *name);

// The interned name of a key. Made at import by operand_keys_init.
PyObject *operand_key(State *state, OperandKey key);
int operand_keys_init(State *state);
// A dictionary has keys that its list of operands has not: a warning, or ParamError where strict, unless they are among
// `others`, a tuple or NULL. 0 or -1.
int operand_keys_check(State *state, PyObject *dict, const char *what, const Operand *list, PyObject *others,
                       bool strict);

#endif
