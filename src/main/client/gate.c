// SPDX-License-Identifier: Apache-2.0
#include "client/gate.h"

#include "client/condition.h"
#include "errors.h"

#include <citrusleaf/cf_clock.h>

enum { SIGNALS_EVERY = 100 };  // milliseconds

// On the stack of the thread that waits, and in the gate's list until it has its place.
struct GateWaiter {
    pthread_cond_t turn;
    bool admitted;
    GateWaiter *next;
};

void gate_init(Gate *gate)
{
    pthread_mutex_init(&gate->lock, NULL);
    gate_open(gate, 0, 0);
}

void gate_open(Gate *gate, uint32_t places, uint32_t milliseconds)
{
    gate->wait = milliseconds;
    gate->places = gate->left = places;
    gate->first = NULL;
    gate->last = &gate->first;
}

void gate_destroy(Gate *gate)
{
    pthread_mutex_destroy(&gate->lock);
}

// ---- with the lock ----

// A place for the first that waits, or for whoever comes.
static void place_give(Gate *gate)
{
    GateWaiter *first = gate->first;
    if (first == NULL) {
        gate->left++;
        return;
    }
    gate->first = first->next;
    if (gate->first == NULL) {
        gate->last = &gate->first;
    }
    first->admitted = true;
    pthread_cond_signal(&first->turn);
}

// Nobody overtakes those that wait.
static bool place_take(Gate *gate)
{
    if (gate->left == 0) {
        return false;
    }
    gate->left--;
    return true;
}

static void waiter_join(Gate *gate, GateWaiter *waiter)
{
    *gate->last = waiter;
    gate->last = &waiter->next;
}

static void waiter_give_up(Gate *gate, const GateWaiter *waiter)
{
    GateWaiter **place = &gate->first;
    while (*place != waiter) {
        place = &(*place)->next;
    }
    *place = waiter->next;
    if (*place == NULL) {
        gate->last = place;
    }
}

// ---- without the GIL ----

// Take a place, or a place in the queue: true where it is the first.
static bool waiter_begin(Gate *gate, GateWaiter *waiter)
{
    pthread_mutex_lock(&gate->lock);
    bool admitted = place_take(gate);
    if (!admitted) {
        condition_init(&waiter->turn);
        waiter_join(gate, waiter);
    }
    pthread_mutex_unlock(&gate->lock);
    return admitted;
}

// Wait for a moment.
static bool waiter_wait(Gate *gate, GateWaiter *waiter, uint64_t milliseconds)
{
    pthread_mutex_lock(&gate->lock);
    if (!waiter->admitted) {
        condition_wait(&waiter->turn, &gate->lock, (long)milliseconds);
    }
    bool admitted = waiter->admitted;
    pthread_mutex_unlock(&gate->lock);
    return admitted;
}

// The end of the wait, with a place that is kept or without one.
static void waiter_end(Gate *gate, GateWaiter *waiter, bool kept)
{
    pthread_mutex_lock(&gate->lock);
    if (!kept && waiter->admitted) {
        place_give(gate);
    } else if (!kept) {
        waiter_give_up(gate, waiter);
    }
    pthread_mutex_unlock(&gate->lock);
    pthread_cond_destroy(&waiter->turn);
}

bool gate_enter_unwatched(Gate *gate)
{
    GateWaiter waiter = {.next = NULL};
    if (waiter_begin(gate, &waiter)) {
        return true;
    }
    bool admitted = false;
    uint64_t now = cf_getms(), end = now + gate->wait;
    for (; !admitted && now < end; now = cf_getms()) {
        admitted = waiter_wait(gate, &waiter, end - now < SIGNALS_EVERY ? end - now : SIGNALS_EVERY);
    }
    waiter_end(gate, &waiter, admitted);
    return admitted;
}

// ---- with the GIL ----

static int say_exhausted(const Gate *gate, State *state)
{
    return error_set(state, AEROSPIKE_ERR_NO_MORE_CONNECTIONS,
                     "no connection became free in %u ms (config['connection_wait_ms']): as many commands are under "
                     "way as config['max_conns_per_node'] lets, %u",
                     (unsigned)gate->wait, (unsigned)gate->places);
}

// 0 with a place, or -1 with an exception.
static int waiter_stay(Gate *gate, GateWaiter *waiter, State *state)
{
    uint64_t now = cf_getms(), end = now + gate->wait;
    for (; now < end; now = cf_getms()) {
        uint64_t left = end - now;
        bool admitted;
        Py_BEGIN_ALLOW_THREADS
        admitted = waiter_wait(gate, waiter, left < SIGNALS_EVERY ? left : SIGNALS_EVERY);
        Py_END_ALLOW_THREADS
        if (admitted) {
            return 0;
        }
        if (PyErr_CheckSignals() < 0) {
            return -1;
        }
    }
    return say_exhausted(gate, state);
}

int gate_enter(Gate *gate, State *state)
{
    GateWaiter waiter = {.next = NULL};
    if (waiter_begin(gate, &waiter)) {
        return 0;
    }
    int result = waiter_stay(gate, &waiter, state);
    waiter_end(gate, &waiter, result == 0);
    return result;
}

void gate_leave(Gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    place_give(gate);
    pthread_mutex_unlock(&gate->lock);
}
