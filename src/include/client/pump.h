// SPDX-License-Identifier: Apache-2.0
// What drives the commands of one asyncio loop: the C client's loop (loops.h) is turned whenever its descriptor, its
// timer or a new command asks for it, on the thread of the asyncio loop. Nothing here waits.
#ifndef PUMP_H
#define PUMP_H

#include "client/client.h"

enum { PUMP_BURST = 500000 };  // nanoseconds, after which others have their turn

struct Bell;

typedef struct Pump {
    PyObject_HEAD
    State *state;
    PyObject *loop;  // NULL: it has given up its slot
    PyObject *call_soon, *call_later, *turn;  // methods of the loop, and its own
    PyObject *done;  // a future of the loop that is done
    PyObject *timer;  // the handle of the next turn by time; or NULL
    uint64_t timer_due;  // milliseconds
    Slot *slot;
    unsigned fork_generation;
    Lane *crowded;  // lanes in which commands wait
    FlightQueue landed;  // commands whose answer is there
    FlightQueue again;  // commands that will be sent again
    struct Flight *spare;  // memory of commands that are over, the last first, which caches still hold
    uint32_t spare_count;
    uint64_t again_due;  // milliseconds
    struct Bell *bells;  // that hang here
    uint32_t flights;  // that are not given yet
    bool turning, scheduled;
    bool launched;  // something was, since the C client's loop was turned last
} Pump;

// The pump of the loop that runs on this thread, borrowed. NULL with an exception.
Pump *pump_here(State *state);

// Something was launched: it will be looked after. 0 or -1.
int pump_wake(Pump *pump);

// End what loops that are closed have left.
void pumps_sweep(State *state);

#endif
