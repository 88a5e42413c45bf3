// SPDX-License-Identifier: Apache-2.0
// What a client is set to. Once made it never changes: connect(), __init__(), a child process and a change of a watched
// file make another one, and
// whoever uses the former keeps it for as long. The user's password alone follows the server's.
#ifndef SETTINGS_H
#define SETTINGS_H

#include "convert/convert.h"

#include <aerospike/as_policy.h>

typedef struct Settings {
    Py_ssize_t references;  // counted with the GIL
    State *state;
    PyObject *config;  // a private copy of the dict
    as_policies policies;  // the defaults that a call's policy is written over
    PyObject *filters;  // {kind of policy: compiled expression} of the defaults, which each call packs anew; or NULL
    Codec codec;
    uint32_t connection_wait;  // milliseconds for a free connection; 0: do not wait
    uint32_t max_in_flight;  // commands of asyncio at a time, on each loop; 0: as many as connections to a node
    uint32_t max_waiting;  // commands of asyncio beyond these; 0: no limit
    bool fuse_reads, fuse_writes;  // gets, and puts, of asyncio that come together are batches
    uint32_t slow_log_ms;  // from when on a command is logged; 0: never
} Settings;

// With one reference and the C client's own defaults, for config_read() to write to. `config` is a dict that nobody
// else has; it is taken over. NULL with an exception.
Settings *settings_new(State *state, PyObject *config);

static inline Settings *settings_hold(Settings *settings)
{
    settings->references++;
    return settings;
}

// The same with other policies: a new one with one reference, or NULL without an exception.
Settings *settings_with(const Settings *settings, const as_policies *policies);

void settings_release(Settings *settings);  // NULL: nothing
int settings_traverse(const Settings *settings, visitproc visit, void *arg);

#endif
