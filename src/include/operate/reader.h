// SPDX-License-Identifier: Apache-2.0
// Elements of msgpack, one after another, of which expressions and contexts are read back.
//
// Functions that return an object return NULL without an exception where they do not understand what they read.
#ifndef READER_H
#define READER_H

#include "convert/convert.h"
#include "convert/msgpack.h"

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

#endif
