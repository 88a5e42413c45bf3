// SPDX-License-Identifier: Apache-2.0
// Reading expressions and contexts back from the wire's msgpack.
//
// Functions that return an object return NULL without an exception where they do not understand what they read.
#ifndef EXPRESSIONS_READ_H
#define EXPRESSIONS_READ_H

#include "expressions.h"
#include "msgpack.h"

typedef struct Reader {
    const Codec *codec;
    Msgpack in;
    int depth;
} Reader;

bool reader_at_list(const Reader *r);
bool reader_integer(Reader *r, int64_t *out);
bool reader_list(Reader *r, int64_t *count);  // the head of a list; `count` is what it has

PyObject *reader_value(Reader *r);  // a value that packs to the same bytes again
PyObject *reader_name(Reader *r);  // a str without the byte that says its type
PyObject *reader_operand(Reader *r);  // an expression, or a value
PyObject *reader_compiled(Reader *r);  // what compile() of an expression returns
PyObject *reader_context(Reader *r);  // a list of cdt_ctx entries

#endif
