// SPDX-License-Identifier: Apache-2.0
// The driver of commands for asyncio. The first step and the last are those of every command (command.h); between them
// the command is on the heap, and the C client's listener ends what was started.
#ifndef FLIGHT_H
#define FLIGHT_H

#include "client/awaited.h"
#include "client/command.h"
#include "client/connecting_async.h"
#include "client/pump.h"

struct Fused;

typedef struct Flight {
    struct Flight *next;  // in the queue that it is in
    Pump *pump;
    Lane *lane;
    Awaited *awaited;  // NULL: nobody waits any more
    uint64_t deadline;  // milliseconds, from the call on; 0: none
    uint64_t refused;  // when a node first wanted another log-in, in milliseconds; 0: none did
    struct Fused *fused;  // the batch that it is part of; NULL: it is a command by itself
    bool fusible, sent, landed, failed;
    Observation observation;
    Tries tries;
    Command command;
} Flight;

// Nobody waits for it any more. What was sent goes on; its answer is dropped.
void flight_abandon(Flight *flight);
// Whether it may have written by now.
bool flight_in_doubt(const Flight *flight);

// Its answer is there: `err`, or NULL.
void flight_land(Flight *flight, const as_error *err);
// Send it by itself.
void flight_launch(Flight *flight);
// Commands that may be under way at a time where this one is.
uint32_t flight_lane_most(const Flight *flight);

// Whether it may be part of a batch, because the policy of a batch says exactly the same (fused.c).
bool fused_allows(const Flight *flight);
// Send it with those of its lane's queue, which it has left, that ask by the same policy.
void fused_launch(Pump *pump, Lane *lane, Flight *flight);
// Whether the lane has one place less to hold for it: each has left it.
bool fused_leave(Flight *flight);
// It needs its record no more.
void fused_release(Flight *flight);

// The queues of a pump.
void flights_push(FlightQueue *queue, Flight *flight);
Flight *flights_pop(FlightQueue *queue);

// Send what waits, as far as there is room.
void lane_launch(Pump *pump, Lane *lane);
// The first of those that wait.
Flight *lane_next(Pump *pump, Lane *lane);
// End those that wait and whose time is over; LANE_ALL: all.
#define LANE_ALL UINT64_MAX
void lane_expire(Pump *pump, Lane *lane, uint64_t now);
// Free the memory that is kept for commands to come.
void flights_free_spare(Pump *pump);
// Send what was refused before it was sent, after a pause.
void flights_go_again(Pump *pump);
// Give the answer of one that has landed to whoever waits. 0, or -1 with what that raised.
int flight_give(Flight *flight);
// End it without a word: its loop is no more.
void flight_drop(Flight *flight);

#endif
