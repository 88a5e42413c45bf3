// SPDX-License-Identifier: Apache-2.0
// Who is told of commands: hooks of the process and of the client, and the log of slow commands. A command that nobody
// is told of pays one branch for it.
#ifndef OBSERVATION_H
#define OBSERVATION_H

#include "client/client.h"
#include "client/report.h"

enum { HOOK_ITSELF, HOOK_START, HOOK_END };  // the parts of a hook in a list of them (hooks.c)

typedef struct Observation {
    Report *report;  // NULL until somebody is to be told
    PyObject *hooks[2];  // of the process, of the client, as they were when the command began; or NULL
    uint64_t begin;  // nanoseconds
    uint64_t patience;  // nanoseconds from which on the command is slow; 0: never
    Trace *trace;  // NULL: out of memory
} Observation;

// Whether anybody is to be told of a client's commands.
static inline bool observed(const ClientObject *client, const Settings *settings)
{
    return ((uintptr_t)client->hooks | (uintptr_t)client->state->hooks | settings->slow_log_ms) != 0;
}

// Tell that the command begins. False: it is none that is told of, and *out is not an observation.
bool observation_begin(const struct Command *command, Observation *out);
// The same of a command that only makes what asks a node.
bool observation_start(const struct Command *command, Observation *out);
// The command is gone before its end: what is told of it then is gathered now.
void observation_keep(Observation *observation, const struct Command *command);
// Tell the end of the command, or of one that was kept (NULL), with the pending exception, which stays.
void observation_end(State *state, Observation *observation, const struct Command *command);

// Tell nobody of the end.
void observation_drop(Observation *observation);
int observation_traverse(const Observation *observation, visitproc visit, void *arg);

#endif
