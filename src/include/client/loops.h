// SPDX-License-Identifier: Apache-2.0
// Event loops of the C client. It knows a fixed number of them, whose places it never gives up, and every node has a
// pool of connections for each: so a place that an asyncio loop leaves is given to the next one, with its libuv loop.
// Whatever happens to a loop happens on the thread that it is of at that time, with the GIL.
#ifndef LOOPS_H
#define LOOPS_H

#include "state.h"

#include <aerospike/aerospike.h>
#include <aerospike/as_event.h>
#include <stdbool.h>
#include <uv.h>

enum { LOOPS_MOST = 16 };  // asyncio loops of one process that have clients at one time
enum { READ_AHEAD = 16 << 10 };  // bytes of an answer that are read at once

typedef struct Slot {
    uv_loop_t uv;
    as_event_loop *events;  // the C client's part; NULL until it is first taken
    uv_async_t bell;  // which other threads ring (bell.h)
    bool rung;  // the bell was, since the loop was turned last
    bool taken;
    const uv_stream_t *reading;  // whose answer is handed on, which is not all there yet (reading.c); or another
    char ahead[READ_AHEAD];  // what was read and the C client has not asked for
} Slot;

// Before the process has its first connection, for nodes and clusters make room for loops as they are made.
void loops_prepare(void);
// In a child process: the loops were the parent's.
void loops_forget(void);

// Let the C client's loop do what there is to do. It does not wait, but for locks (turn.c).
void slot_turn(Slot *slot);

// A free place for a loop of this thread. NULL with an exception.
Slot *slot_take(State *state);
void slot_give_back(Slot *slot);

// End what is under way on a slot of this thread, of one cluster, or of all (NULL): connections are shut down, and
// nothing is tried again. False: it is not over yet.
bool slot_abort(Slot *slot, const struct as_cluster_s *cluster);
// Let slots that nobody has close the sockets that they were told to.
void loops_sweep(void);

// Whether none of a handle's commands is under way on any loop, so that it may be closed.
bool loops_idle(const aerospike *as);

#endif
