// SPDX-License-Identifier: Apache-2.0
// CommandReport, what hooks get of a command: what it is about, and at its end what came of it.
#ifndef REPORT_H
#define REPORT_H

#include "client/trace.h"
#include "state.h"

#include <aerospike/as_key.h>

struct Command;

typedef struct Report {
    PyObject_HEAD
    const char *command;  // its name
    char namespace[AS_NAMESPACE_MAX_SIZE], set[AS_SET_MAX_SIZE];  // empty: none, or several
    bool has_digest, has_code, in_doubt, ended;
    uint8_t digest[AS_DIGEST_VALUE_SIZE];
    int64_t records;  // -1: not known
    double duration;  // seconds
    int code;
    char node[AS_NODE_NAME_SIZE], address[AS_IP_ADDRESS_SIZE];  // empty: not known, or several
    Sight sight;  // of its nodes, at its end
    PyObject *error;  // NULL: none
    PyObject *notes;  // NULL until somebody asks for it
} Report;

// Of a command whose arguments were read. NULL with an exception.
Report *report_new(const struct Command *command);

void report_place(Report *report, const char *namespace, const char *set);  // NULL: none
void report_digest(Report *report, const struct Command *command);
// What was seen while it ran; NULL: nothing.
void report_trace(Report *report, Trace *trace);
// How it ended: `error` is the exception, or NULL.
void report_end(State *state, Report *report, double duration, PyObject *error);

int report_init(PyObject *module, State *state);

#endif
