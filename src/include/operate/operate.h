// SPDX-License-Identifier: Apache-2.0
// Operations, contexts and expressions: dictionaries and trees of the Python face to the C client's structs.
#ifndef OPERATE_H
#define OPERATE_H

#include "convert/convert.h"

#include <aerospike/as_cdt_ctx.h>
#include <aerospike/as_exp.h>
#include <aerospike/as_operations.h>

// Parse a list of operation dictionaries. *out is initialised here, also on failure; as_operations_destroy frees it,
// before `keep` is released. Its ttl is a touch operation's, else the given one.
// Everything is checked before any I/O: an error names the operation's place, its name, bin and argument; `what` is the
// list. 0 or -1.
int operations_from_py(const Codec *codec, PyObject *list, const char *what, uint32_t ttl, as_operations *out,
                       Keep *keep);

// What an operator needs of the value that it writes to a bin.
typedef enum StoredKind { STORED_ANY, STORED_NUMBER, STORED_TEXT } StoredKind;

// A value for operations_add_stored, as a put would store it; it lives as long as `keep`. Another type than the
// operator needs is for the server to judge where types are not strict, and null() always. NULL with an exception.
as_bin_value *stored_value(const Codec *codec, StoredKind kind, PyObject *object, const char *name, Keep *keep);
// Write, increment, append or prepend. Whether there was room.
bool operations_add_stored(as_operations *ops, as_operator op, const char *bin, as_bin_value *value);

// The ids of aerospike_helpers.cdt_ctx are the C client's, but for those that create what they do not find.
enum {
    CONTEXT_LIST_INDEX_CREATE = AS_CDT_CTX_LIST_INDEX | AS_CDT_CTX_EXP,
    CONTEXT_MAP_KEY_CREATE = AS_CDT_CTX_MAP_INDEX | AS_CDT_CTX_EXP,
};

// Parse a list of cdt_ctx entries. NULL or None gives an empty context. `depth` counts the expressions around it.
// as_cdt_ctx_destroy frees it. 0 or -1.
int context_from_py(const Codec *codec, PyObject *list, int depth, as_cdt_ctx *out);

// A context's bytes as a list of cdt_ctx entries. NULL with an exception that names `argument`.
PyObject *context_to_py(const Codec *codec, const uint8_t *bytes, size_t size, const char *argument);

// A compiled expression (what .compile() returns) as the C client's. A new as_exp for as_exp_destroy, or NULL.
as_exp *expression_from_py(const Codec *codec, PyObject *compiled, int depth, const char *argument);

#endif
