// SPDX-License-Identifier: Apache-2.0
// Reading expressions and contexts back from the wire's msgpack: they hold each other. Both return NULL without an
// exception where they do not understand what they read.
#ifndef EXPRESSIONS_READ_H
#define EXPRESSIONS_READ_H

#include "operate/expressions.h"
#include "operate/reader.h"

PyObject *reader_operand(Reader *r);  // an expression, or a value
PyObject *reader_compiled(Reader *r);  // what compile() of an expression returns
PyObject *reader_context(Reader *r);  // a list of cdt_ctx entries

#endif
