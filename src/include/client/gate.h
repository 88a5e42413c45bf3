// SPDX-License-Identifier: Apache-2.0
// A bounded wait for a connection. Whatever a command asks for, it has one connection to a node at a time at the most,
// while nodes are well; so where no more commands are under way than a node's pool has connections, none finds it
// empty. Who finds the gate full waits, and has its turn in the order in which it came.
#ifndef GATE_H
#define GATE_H

#include "state.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct GateWaiter GateWaiter;

typedef struct Gate {
    pthread_mutex_t lock;  // nobody who has it wants the GIL
    uint32_t wait;  // milliseconds; 0: there is no gate
    uint32_t places, left;
    GateWaiter *first, **last;
} Gate;

// There is no gate until it is opened, by whoever has it alone.
void gate_init(Gate *gate);
void gate_open(Gate *gate, uint32_t places, uint32_t milliseconds);
void gate_destroy(Gate *gate);

static inline bool gate_is_there(const Gate *gate)
{
    return gate->wait > 0;
}

// Take a place. Needs the GIL, which is let go while waiting; signals are looked after. 0, or -1 with an exception.
int gate_enter(Gate *gate, State *state);
// The same without the GIL, for a thread that looks after no signals. False: none became free in time.
bool gate_enter_unwatched(Gate *gate);
// Give it back. Needs no GIL.
void gate_leave(Gate *gate);

#endif
