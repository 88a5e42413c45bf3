// SPDX-License-Identifier: Apache-2.0
// Threads that Python does not know: those that are made here, and how any of them comes to the GIL.
#ifndef CLIENT_THREAD_H
#define CLIENT_THREAD_H

#include "state.h"

// Do something on a thread of its own, for which nobody waits, and to which no signals come: 0, or an errno. Needs no
// GIL.
int thread_start(void *(*work)(void *), void *argument);
// In a child of fork(), where there are none.
void threads_forget(void);

typedef struct Visit {
    PyGILState_STATE gil;
    PyObject *type, *value, *traceback;
} Visit;

// Take the GIL on any thread, which may have it and be about to raise: what is pending is set aside. NULL, and nothing
// is taken: the interpreter ends.
State *visit_begin(Visit *visit);
void visit_end(Visit *visit);

int visits_init(PyObject *module, State *state);

#endif
