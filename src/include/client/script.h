// SPDX-License-Identifier: Apache-2.0
// Lua in this process: the last part of an aggregation. A script sees of the system what a server's does, the time; its
// modules are files in the client's user_path, or else what the server has. Nothing here knows of Python.
#ifndef SCRIPT_H
#define SCRIPT_H

#include "client/sink.h"

#include <aerospike/aerospike.h>
#include <aerospike/as_stream.h>
#include <aerospike/as_udf_context.h>
#include <stddef.h>

enum { SCRIPT_PROBLEM = 512 };

typedef struct Script {
    aerospike *as;  // which is asked for modules
    Sink *sink;  // a script that works for nobody is stopped
    char *source;  // of the module, for free(); NULL: there is none
    size_t size;
    char problem[SCRIPT_PROBLEM];  // why there is none, or why it cannot be loaded
} Script;

// Find a module's source, from a thread that may wait for the server. Whether there is one.
bool script_find(Script *script, const char *module);

// What is called, and with what.
typedef struct ScriptCall {
    Script *script;
    as_udf_context *context;
    const char *module, *function;
    as_list *arguments;
    as_stream *in, *out;
    as_val *raised;  // by the function; NULL, too, where that was no value of Aerospike's
} ScriptCall;

// Call a function with two streams in a state of its own: 0, 1 where the module cannot be loaded, or Lua's error.
int script_call(ScriptCall *call);

#endif
