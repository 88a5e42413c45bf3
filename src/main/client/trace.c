// SPDX-License-Identifier: Apache-2.0
#include "client/trace.h"

#include <aerospike/as_command.h>
#include <stdatomic.h>
#include <string.h>

static _Thread_local Trace *current;
// Threads that trace, so that the others need not look.
static atomic_int tracing;

Trace *trace_begin(Trace *trace)
{
    Trace *former = current;
    current = trace;
    atomic_fetch_add_explicit(&tracing, 1, memory_order_relaxed);
    return former;
}

void trace_end(Trace *former)
{
    atomic_fetch_sub_explicit(&tracing, 1, memory_order_relaxed);
    current = former;
}

void trace_try(as_node *node, const as_command *command)
{
    Trace *trace = atomic_load_explicit(&tracing, memory_order_relaxed) > 0 ? current : NULL;
    if (trace == NULL) {
        return;
    }
    bool again = command != NULL && command->iteration > 0;
    trace->several |= !again && trace->tries > 0 && node != trace->last;
    trace->retries += again;
    trace->tries++;
    if (node != trace->last) {
        trace->last = node;
        memcpy(trace->node, node->name, sizeof trace->node);
        memcpy(trace->address, as_node_get_address_string(node), sizeof trace->address);
    }
}
