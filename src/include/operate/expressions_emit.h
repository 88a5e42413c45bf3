// SPDX-License-Identifier: Apache-2.0
// Packing expressions: what the walk over the Nodes (expressions_emit.c) and the arguments (expressions_argument.c)
// share.
#ifndef EXPRESSIONS_EMIT_H
#define EXPRESSIONS_EMIT_H

#include "convert/msgpack.h"
#include "convert/pack.h"
#include "operate/expressions.h"

typedef struct Emitter {
    Packer packer;
    int depth;  // of expressions: contexts have expressions that have contexts, and may contain themselves
    bool cut;  // an optional argument was left out: so is the rest of its call
} Emitter;

static inline bool expression_is_node(const Emitter *e, PyObject *value)
{
    return is_a(value, e->packer.codec->state->expression_type);
}

// "the filter: GT → ListGetByIndex → index must be an int or an expression, not str". Returns -1.
int expression_refuse(Emitter *e, const PackPath *path, const char *expected, PyObject *got);
// The same with the problem said, and the value shown.
int expression_refuse_value(Emitter *e, const PackPath *path, as_status code, const char *problem, PyObject *got);

int expression_integer(Emitter *e, PyObject *value, const PackPath *path, int64_t least, int64_t most, int64_t *out);

// The one Node of what compile() returned, borrowed; NULL with an exception.
PyObject *expression_compiled_node(Emitter *e, PyObject *compiled, const PackPath *path);

// A context of an argument. as_cdt_ctx_destroy frees *out after success only.
int expression_context(Emitter *e, PyObject *value, const PackPath *path, as_cdt_ctx *out);
int expression_pack_context(Emitter *e, const as_cdt_ctx *context);

// Append a Node that stands within `outer`. 0 or -1.
int expression_emit_node(Emitter *e, PyObject *node, const PackPath *outer);

// Append a bin by its name, or whatever else gives the value to work on. 1 or -1.
int expression_emit_bin(Emitter *e, as_exp_type type, PyObject *value, const PackPath *path);

// Append an argument, by its kind: how many elements of msgpack it became, or -1.
extern int (*const expression_emitters[KIND_COUNT])(Emitter *e, PyObject *value, const PackPath *path);

#endif
