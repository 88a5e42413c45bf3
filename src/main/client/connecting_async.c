// SPDX-License-Identifier: Apache-2.0
// Which nodes event loops ask for commands that are told of. For each try the C client calls one of two functions,
// which the linker wraps (setup.py): a connection is at hand, or one is made. Both know what the C client holds for the
// listener, which stays the same: the command, or for batches structs of its own. It is noted when the C client starts
// what it sends, which may be tried much later: after some errors it waits for the loop's next turn. All of this
// happens with the GIL.
#include "client/connecting_async.h"

#include <aerospike/as_event_internal.h>
#include <stdlib.h>

static Tries *all;
static Tries *beginning;  // those of the command that is being started; or NULL

// ---- life ----

void tries_begin(Tries *tries, Trace *trace)
{
    if (trace != NULL && tries->place == NULL) {
        tries->trace = trace;
        tries->next = all;
        tries->place = &all;
        if (all != NULL) {
            all->place = &tries->next;
        }
        all = tries;
    }
    beginning = tries->place == NULL ? NULL : tries;
}

void tries_began(void)
{
    beginning = NULL;
}

void tries_end(Tries *tries)
{
    if (tries->place != NULL) {
        *tries->place = tries->next;
        if (tries->next != NULL) {
            tries->next->place = tries->place;
        }
        free(tries->holders);
        *tries = (Tries){NULL};
    }
}

void tries_forget(void)
{
    all = beginning = NULL;
}

// ---- what loops do ----

#ifndef __APPLE__  // whose linker cannot wrap

static bool is_held(const Tries *tries, const void *holder)
{
    for (unsigned i = 0; i < tries->count; i++) {
        if (tries->holders[i] == holder) {
            return true;
        }
    }
    return false;
}

static Tries *find(const void *holder)
{
    Tries *tries = all;
    while (tries != NULL && !is_held(tries, holder)) {
        tries = tries->next;
    }
    return tries;
}

// Where there is no memory, later tries are not seen.
static void hold(Tries *tries, const void *holder)
{
    const void **holders =
        is_held(tries, holder) ? NULL : realloc(tries->holders, (tries->count + 1) * sizeof *holders);
    if (holders != NULL) {
        tries->holders = holders;
        holders[tries->count++] = holder;
    }
}

void tries_hold(const void *holder)
{
    if (beginning != NULL) {
        hold(beginning, holder);
    }
}

static void note(const as_event_command *cmd)
{
    Tries *tries = find(cmd->udata);
    if (tries != NULL) {
        trace_note(tries->trace, cmd->node, cmd->iteration > 0);
    }
}

void __real_as_event_command_write_start(as_event_command *cmd);
void __wrap_as_event_command_write_start(as_event_command *cmd);
void __wrap_as_event_command_write_start(as_event_command *cmd)
{
    note(cmd);
    __real_as_event_command_write_start(cmd);
}

void __real_as_event_connect(as_event_command *cmd, as_async_conn_pool *pool);
void __wrap_as_event_connect(as_event_command *cmd, as_async_conn_pool *pool);
void __wrap_as_event_connect(as_event_command *cmd, as_async_conn_pool *pool)
{
    note(cmd);
    __real_as_event_connect(cmd, pool);
}

#endif
