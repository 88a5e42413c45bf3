// SPDX-License-Identifier: Apache-2.0
// Which nodes event loops ask for commands that are told of.
#ifndef CONNECTING_ASYNC_H
#define CONNECTING_ASYNC_H

#include "client/trace.h"

// The tries of one command; of zeroes where they are not looked for.
typedef struct Tries {
    Trace *trace;  // borrowed
    struct Tries *next, **place;  // in the list of all
    const void **holders;  // what the C client holds for their listeners
    unsigned count;  // of holders
} Tries;

// The command is started, until tries_began(): what is tried is noted in a trace, NULL: nowhere.
void tries_begin(Tries *tries, Trace *trace);
void tries_began(void);
// The C client starts something for the listener for which it holds that.
void tries_hold(const void *holder);
// The command has its answer. It may have been before.
void tries_end(Tries *tries);
// In a child process: they were the parent's.
void tries_forget(void);

#endif
