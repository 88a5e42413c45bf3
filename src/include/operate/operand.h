// SPDX-License-Identifier: Apache-2.0
// One operation's operands: a dictionary read by its table of fields (the operands of tables/operations.def) into
// slots, from which the row's call takes them.
#ifndef OPERAND_H
#define OPERAND_H

#include "convert/packed.h"
#include "fields.h"
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

typedef enum OperationRow {
#define OPERATION(constant, number, name, operands, call) OPERATION_##name,
#define NAME_ONLY(constant, number)
#include "tables/operations.def"
#undef OPERATION
#undef NAME_ONLY
    OPERATION_COUNT
} OperationRow;

_Static_assert((int)OPERATION_COUNT <= (int)FIELDS_OPERATIONS_MOST, "fields.h leaves places for their tables");

typedef struct Slot {
    bool given;
    union {
        int64_t number;
        uint32_t ttl;
        bool flag;
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
// Read an operation's dictionary. 0, or -1 with ParamError.
int operands_from_py(Operands *operands, PyObject *dict, OperationRow row);
void operands_release(Operands *operands);

// A value for as long as the operands live, or NULL with an exception that calls it `name`.
as_val *operand_value(Operands *operands, PyObject *object, const char *name);

#endif
