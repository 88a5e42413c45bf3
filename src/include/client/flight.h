// SPDX-License-Identifier: Apache-2.0
// The driver of commands for asyncio. The first step and the last are those of every command (command.h); between them
// the command is on the heap, and the C client's listener ends what was started.
#ifndef FLIGHT_H
#define FLIGHT_H

#include "client/awaited.h"
#include "client/command.h"
#include "client/pump.h"

typedef struct Flight {
    struct Flight *next;  // in the queue that it is in
    Pump *pump;
    Lane *lane;
    Awaited *awaited;  // NULL: nobody waits any more
    uint64_t deadline;  // milliseconds, from the call on; 0: none
    uint64_t refused;  // when a node first wanted another log-in, in milliseconds; 0: none did
    bool sent, landed, failed;
    Observation observation;
    Command command;
} Flight;

// Nobody waits for it any more. What was sent goes on; its answer is dropped.
void flight_abandon(Flight *flight);
// Whether it may have written by now.
bool flight_in_doubt(const Flight *flight);

// The queues of a pump.
void flights_push(FlightQueue *queue, Flight *flight);
Flight *flights_pop(FlightQueue *queue);

// Send what waits, as far as there is room.
void lane_launch(Pump *pump, Lane *lane);
// End those that wait and whose time is over; LANE_ALL: all.
#define LANE_ALL UINT64_MAX
void lane_expire(Pump *pump, Lane *lane, uint64_t now);
// Send what was refused before it was sent, after a pause.
void flights_go_again(Pump *pump);
// Give the answer of one that has landed to whoever waits. 0, or -1 with what that raised.
int flight_give(Flight *flight);
// End it without a word: its loop is no more.
void flight_drop(Flight *flight);

#endif
