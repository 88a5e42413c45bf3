// SPDX-License-Identifier: Apache-2.0
// What a coroutine of AsyncClient awaits: a future for one task, as asyncio's protocol of futures has it, and its own
// iterator. Nobody else sees it.
#ifndef AWAITED_H
#define AWAITED_H

#include "state.h"

#include <stdbool.h>

struct Flight;

typedef struct Awaited {
    PyObject_HEAD
    struct Flight *flight;  // of which it is the end; NULL: it has ended
    PyObject *loop;
    PyObject *callback, *context;  // of who waits; or NULL
    PyObject *result;  // NULL: none yet, or an exception
    PyObject *error, *error_type, *traceback;
    bool blocking;  // asyncio's own flag
    bool done;
} Awaited;

Awaited *awaited_new(State *state, struct Flight *flight, PyObject *loop);
// Its end, with a result, which is given away, or with the pending exception (NULL), and whoever waits goes on at once.
// 0, or -1 with what that raised. `done` is a future of the loop that is done: a task that is woken up asks what it was
// woken up by whether it may go on, which takes no time where that is of asyncio's own class.
int awaited_end(Awaited *awaited, PyObject *result, PyObject *done);
// Its end where the loop is no more: nobody is told.
void awaited_drop(Awaited *awaited);

// One step of what can be awaited, as its method send() or __next__() gives it. `send` leaves NULL on failure.
PyObject *awaited_step(sendfunc send, PyObject *self, PyObject *value);

#endif
