// SPDX-License-Identifier: Apache-2.0
#include "client/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Thread_local Trace *current;
// Threads that trace, so that the others need not look.
static atomic_int tracing;

// ---- life ----

Trace *trace_new(void)
{
    Trace *trace = calloc(1, sizeof *trace);
    if (trace != NULL) {
        atomic_init(&trace->references, 1);
        pthread_mutex_init(&trace->lock, NULL);
    }
    return trace;
}

Trace *trace_retain(Trace *trace)
{
    if (trace != NULL) {
        atomic_fetch_add(&trace->references, 1);
    }
    return trace;
}

void trace_release(Trace *trace)
{
    if (trace != NULL && atomic_fetch_sub(&trace->references, 1) == 1) {
        sight_clear(&trace->sight);
        pthread_mutex_destroy(&trace->lock);
        free(trace);
    }
}

void trace_take(Trace *trace, Sight *out)
{
    pthread_mutex_lock(&trace->lock);
    *out = trace->sight;
    memset(&trace->sight, 0, sizeof trace->sight);
    pthread_mutex_unlock(&trace->lock);
}

void sight_clear(Sight *sight)
{
    for (TracedNode *node = sight->first.next, *next; node != NULL; node = next) {
        next = node->next;
        free(node);
    }
    sight->first.next = NULL;
}

// ---- what threads do ----

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

Trace *trace_current(void)
{
    return atomic_load_explicit(&tracing, memory_order_relaxed) > 0 ? current : NULL;
}

// One that finds no memory is not named.
static void note_name(TracedNode *first, const char *name)
{
    TracedNode *last = NULL;
    for (TracedNode *node = first; node != NULL && first->name[0] != '\0'; node = node->next) {
        if (strcmp(node->name, name) == 0) {
            return;
        }
        last = node;
    }
    TracedNode *node = last == NULL ? first : calloc(1, sizeof *node);
    if (node != NULL) {
        snprintf(node->name, sizeof node->name, "%s", name);
    }
    if (last != NULL) {
        last->next = node;
    }
}

static void note(Sight *sight, as_node *node, bool again)
{
    sight->several |= !again && sight->tries > 0 && node != sight->last;
    sight->retries += again;
    sight->tries++;
    if (node != sight->last) {
        sight->last = node;
        memcpy(sight->node, node->name, sizeof sight->node);
        memcpy(sight->address, as_node_get_address_string(node), sizeof sight->address);
        note_name(&sight->first, node->name);
    }
}

void trace_note(Trace *trace, as_node *node, bool again)
{
    pthread_mutex_lock(&trace->lock);
    note(&trace->sight, node, again);
    pthread_mutex_unlock(&trace->lock);
}

void trace_try(as_node *node, const as_command *command)
{
    Trace *trace = trace_current();
    if (trace != NULL) {
        trace_note(trace, node, command != NULL && command->iteration > 0);
    }
}

void trace_rest_again(unsigned count)
{
    Trace *trace = trace_current();
    if (trace != NULL) {
        pthread_mutex_lock(&trace->lock);
        trace->sight.retries += count;
        pthread_mutex_unlock(&trace->lock);
    }
}
