// SPDX-License-Identifier: Apache-2.0
// Which nodes a call of the C client turns to: it tells only in the texts of some errors. Every try of a command takes
// a connection of a node by one function of the C client's, which the linker wraps (connecting.c): nothing is known
// where it cannot. What the C client does on threads of its own is not seen.
#ifndef TRACE_H
#define TRACE_H

#include <aerospike/as_command.h>
#include <aerospike/as_node.h>
#include <stdbool.h>

typedef struct Trace {
    const as_node *last;  // only to be compared
    char node[AS_NODE_NAME_SIZE], address[AS_IP_ADDRESS_SIZE];  // of the last try
    unsigned tries;
    unsigned retries;  // tries of what had failed before
    bool several;  // nodes were asked, and not because one had failed
} Trace;

// Note in a zeroed trace what this thread does until trace_end(former). Returns what was noted in before.
Trace *trace_begin(Trace *trace);
void trace_end(Trace *former);
// The C client takes a connection of a node, for a command or NULL.
void trace_try(as_node *node, const as_command *command);

#endif
