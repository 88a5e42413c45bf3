// SPDX-License-Identifier: Apache-2.0
// Dictionaries that become structs, by table: policies, the configuration, operations, policies of lists and maps,
// meta. A row says a key's place in the struct, its kind and its range.
#ifndef FIELDS_H
#define FIELDS_H

#include "state.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum FieldKind {
    FIELD_U8,
    FIELD_U16,
    FIELD_U32,
    FIELD_U64,
    FIELD_I32,
    FIELD_I64,
    FIELD_BITS,  // 32 of them, whatever the member's sign
    FIELD_ENUM,
    FIELD_FLAG,  // a bool, or an int as one
    FIELD_BOOL,
    FIELD_TTL,
    FIELD_POLICY_TTL,
    // what follows is no number: the table reads it
    FIELD_FILTER,
    FIELD_TXN,
    FIELD_TEXT,
    FIELD_OTHER,
    FIELD_PLAN,  // read by the scan or query that the policy is for
    FIELD_ACCEPTED,  // known, and without effect here
    FIELD_ALIAS,  // another name of the row `successor`, which warns
} FieldKind;

// Whether a member of a struct is what a kind writes there.
#define FIELD_IS_U8(member) _Generic((member), uint8_t: 1, default: 0)
#define FIELD_IS_U16(member) _Generic((member), uint16_t: 1, default: 0)
#define FIELD_IS_U32(member) _Generic((member), uint32_t: 1, default: 0)
#define FIELD_IS_U64(member) _Generic((member), uint64_t: 1, default: 0)
#define FIELD_IS_I32(member) _Generic((member), int32_t: 1, default: 0)
#define FIELD_IS_I64(member) _Generic((member), int64_t: 1, default: 0)
#define FIELD_IS_BITS(member) FIELD_IS_ENUM(member)
#define FIELD_IS_ENUM(member) _Generic((member), int: 1, unsigned: 1, default: 0)
#define FIELD_IS_FLAG(member) _Generic((member), bool: 1, default: 0)
#define FIELD_IS_BOOL(member) FIELD_IS_FLAG(member)
#define FIELD_IS_TTL(member) FIELD_IS_U32(member)
#define FIELD_IS_POLICY_TTL(member) FIELD_IS_U32(member)
#define FIELD_IS_FILTER(member) _Generic((member), struct as_exp *: 1, default: 0)
#define FIELD_IS_TXN(member) _Generic((member), struct as_txn *: 1, default: 0)
#define FIELD_IS_PLAN(member) 1

// The place of a member, which does not compile where the kind is not the member's.
#define FIELD_PLACE(type, member, kind)                                                                                \
    (offsetof(type, member) + 0 * sizeof(struct {                                                                      \
                                  _Static_assert(FIELD_IS_##kind(((type *)0)->member), #member " is no " #kind);       \
                                  char nothing;                                                                        \
                              }))

typedef struct Field {
    const char *key;  // NULL ends a table
    FieldKind kind;
    bool optional;  // of rows that are looked up: may be absent, or None
    size_t place;
    int64_t least, most;
    const char *successor;  // of an alias
    void (*function)(void);  // what the table's reader needs more
} Field;

// The rows of numbers of a table.
#define FIELD_NUMBER(type, name, member, of, low, high)                                                                \
    {.key = name, .kind = FIELD_##of, .place = FIELD_PLACE(type, member, of), .least = low, .most = high}
// A row that the table reads itself.
#define FIELD_OWN(name, of, with) {.key = name, .kind = FIELD_##of, .function = (void (*)(void))(with)}
#define FIELDS_END {.key = NULL}

enum {
    FIELDS_POLICIES = 17,  // the kinds of policies come first, in their order
    FIELDS_OPERATIONS_MOST = 254,
};

typedef enum FieldsId {
    FIELDS_CONFIG = FIELDS_POLICIES,
    FIELDS_TLS,
    FIELDS_SHM,
    FIELDS_LUA,
    FIELDS_DEFAULTS,
    FIELDS_METRICS,
    FIELDS_META,
    FIELDS_KEY,
    FIELDS_PARTITIONS,
    FIELDS_PRIVILEGE,
    FIELDS_LIST_POLICY,
    FIELDS_MAP_POLICY,
    FIELDS_BIT_POLICY,
    FIELDS_HLL_POLICY,
    FIELDS_STRING_POLICY,
    FIELDS_LIST_CREATE,
    FIELDS_MAP_CREATE,
    FIELDS_OPERATION_KEYS,
    FIELDS_OPERATIONS,  // a table each
    FIELDS_COUNT = FIELDS_OPERATIONS + FIELDS_OPERATIONS_MOST
} FieldsId;

struct FieldsCall;

typedef struct Fields {
    unsigned id;
    const char *kind;  // of dictionary, in the error of an unknown key
    bool
        choices;  // its enums and flags are a policy's: where not strict, a number that is none of them changes nothing
    const Field *rows;
    const struct Fields *beside;  // keys that stand in the dictionary for others, and are no mistake; NULL: none
    // Of a kind that is no number. `what` names the value in errors. 0 or -1.
    int (*read)(const struct FieldsCall *call, const Field *field, PyObject *value, const char *what);
} Fields;

// One dictionary that is read.
typedef struct FieldsCall {
    State *state;
    const char *what;  // the dictionary in errors
    const char *before, *after;  // what stands around a key that names a value in errors: "meta key '", "'"
    bool strict;  // an unknown key, or number of a policy's choice, raises; else it warns
    bool none_counts;  // None is a value, mostly a wrong one; else it is as if the key were not there
    void *out;  // the struct
    void *context;  // of the table's reader
} FieldsCall;

// Two ways through a table. What is given is read, entry by entry: of many keys, few are there, and none must be.
// Write the entries of a dict over *call->out. 0, or -1 with an exception.
int fields_read(const FieldsCall *call, const Fields *fields, PyObject *dict);
// Write one entry of a dict: that of an old name only where the dict has not the new one. 0 or -1.
int fields_read_entry(const FieldsCall *call, const Fields *fields, PyObject *dict, PyObject *key, PyObject *value);
// The key that an old name stands for, borrowed; NULL with an exception.
PyObject *fields_successor(State *state, const Fields *fields, const Field *alias);

// What is needed is looked up, row by row: each is read once, in the table's order, whatever happens to the dict.
// Write what a dict has for the rows; `known` counts those of its keys that were read before. Bits of *found say which
// rows had a value. 0, or -1 with an exception, also where a row is missing that is not optional.
int fields_look_up(const FieldsCall *call, const Fields *fields, PyObject *dict, Py_ssize_t known, uint32_t *found);
// Write an object's attributes; it must have those of all rows. 0 or -1.
int fields_read_attributes(const FieldsCall *call, const Fields *fields, PyObject *object);

// The row of a key; NULL: there is none.
const Field *fields_find(State *state, const Fields *fields, PyObject *key);
// The keys as a tuple, borrowed; NULL with an exception.
PyObject *fields_keys(State *state, const Fields *fields);
// The numbers of a struct as a dict.
PyObject *fields_to_py(const Fields *fields, const void *in);

// An unknown key: a warning that names the nearest valid one, or ParamError, which begins as the vendor's, with
// the kind of the dictionary, where strict. 0 or -1.
int key_unknown(State *state, const char *kind, const char *what, PyObject *key, PyObject *valid_keys, bool strict);

#endif
