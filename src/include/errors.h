// SPDX-License-Identifier: Apache-2.0
// The only place where an as_error becomes a Python exception.
#ifndef ERRORS_H
#define ERRORS_H

#include "state.h"

#include <aerospike/as_error.h>

// Raise the exception of err->code. Returns NULL, so that an error path is one line.
PyObject *error_raise(State *state, const as_error *err);

// Tell the pending exception, where it is one of ours, what it was about; `key` and `bin` may be NULL. What the C
// client never saw (a name that is too long) gets its attributes so.
void error_note_record(State *state, PyObject *key, PyObject *bin);

// Give the pending exception a text as an attribute, where its class has such a one; NULL is none.
void error_note(State *state, const char *attribute, const char *text);

// The exception instance for a code, not raised (per-record errors of a batch). A new reference, or NULL.
PyObject *error_new(State *state, const as_error *err);

// A text as PyUnicode_FromFormat makes it (%R, %U, %S, %zd work), of objects of any size, and of those that have no
// repr(): an int of thousands of digits, a list in a list, by the thousand.
PyObject *error_text(const char *format, ...);

// Raise our own error with such a text. Returns -1.
#define error_set(state, code, ...) error_set_at(state, code, __FILE__, __LINE__, __VA_ARGS__)
int error_set_at(State *state, as_status code, const char *file, int line, const char *format, ...);

#define error_param(state, ...) error_set(state, AEROSPIKE_ERR_PARAM, __VA_ARGS__)

// A type error that names the argument: "key must be a tuple, not list". Returns -1.
int error_type(State *state, const char *argument, const char *expected, PyObject *got);

// Put a text before the message of the pending exception, where it is one of ours: what an argument was part of. Others
// (a serializer's, KeyboardInterrupt) pass as they are. Returns -1.
int error_prefix(State *state, const char *format, ...);

// The pending exception, with its traceback, taken away: a new reference.
PyObject *error_take(void);

// Give the pending exception a cause, which is stolen; NULL is none.
void error_because(PyObject *cause);

// Give the pending exception, where it is one of ours, another code, and the class of it. Returns -1.
int error_recode(State *state, as_status code);

// What a function of the program raised, where nothing can hand it on, goes to sys.unraisablehook; an interrupt comes
// again at the next moment that can.
void error_unraisable(PyObject *function);

// A str cannot be encoded (a lone surrogate): the pending UnicodeError becomes a ClientError that names the argument.
// Any other pending exception stays as it is. Returns -1.
int unicode_error(State *state, const char *argument);

// A warning that points at the user's line, not at ours. 0, or -1 where warnings are errors.
int warn_user(PyObject *category, const char *format, ...);

#endif
