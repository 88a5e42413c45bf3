// SPDX-License-Identifier: Apache-2.0
// Which nodes a call of the C client turns to: it tells only in the texts of some errors. Every try of a command takes
// a connection of a node by one function of the C client's, which the linker wraps (connecting.c), as it does with what
// hands work to the C client's own threads: nothing is known where it cannot.
#ifndef TRACE_H
#define TRACE_H

#include <aerospike/as_command.h>
#include <aerospike/as_node.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

typedef struct TracedNode {
    char name[AS_NODE_NAME_SIZE];
    struct TracedNode *next;
} TracedNode;

// What was seen so far; of zeroes where nothing was.
typedef struct Sight {
    const as_node *last;  // only to be compared
    char address[AS_IP_ADDRESS_SIZE];  // of the last try, as is
    char node[AS_NODE_NAME_SIZE];
    TracedNode first;  // of all nodes, in the order in which they were first asked; the others are of the heap
    unsigned tries;
    unsigned retries;  // tries of what had failed before
    bool several;  // nodes were asked, and not because one had failed
} Sight;

typedef struct Trace {
    atomic_int references;
    pthread_mutex_t lock;  // of what is seen, for threads of the C client see it at once
    Sight sight;
} Trace;

// With one reference. NULL: out of memory.
Trace *trace_new(void);
Trace *trace_retain(Trace *trace);  // NULL: nothing
void trace_release(Trace *trace);  // NULL: nothing
// Take out what was seen.
void trace_take(Trace *trace, Sight *out);
void sight_clear(Sight *sight);

// Note in a trace, NULL: nowhere, what this thread does until trace_end(former). Returns where it was noted before.
Trace *trace_begin(Trace *trace);
void trace_end(Trace *former);
Trace *trace_current(void);  // NULL: none
// A node is asked, once more than before where something failed.
void trace_note(Trace *trace, as_node *node, bool again);
// The C client takes a connection of a node, for a command or NULL.
void trace_try(as_node *node, const as_command *command);
// So many of the tries to come are of what failed before, which their commands do not know.
void trace_rest_again(unsigned count);

#endif
