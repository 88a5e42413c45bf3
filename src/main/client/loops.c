// SPDX-License-Identifier: Apache-2.0
#include "client/loops.h"

#include "client/connecting_async.h"
#include "errors.h"

#include <aerospike/as_cluster.h>
#include <aerospike/as_event_internal.h>
#include <pthread.h>
#include <sys/socket.h>
#include <time.h>

static Slot slots[LOOPS_MOST];

// Without this mode the C client waits on its threads for loops to take part, which do so only while their asyncio
// loops run.
static void prepare(void)
{
    as_event_single_thread = true;
    as_event_set_external_loop_capacity(LOOPS_MOST);
}

void loops_prepare(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, prepare);
}

void loops_forget(void)
{
    as_event_loop_size = 0;
    as_event_loops = NULL;
    memset(slots, 0, sizeof slots);
    tries_forget();
}

// ---- slots ----

static void on_bell(uv_async_t *bell)
{
    ((Slot *)((char *)bell - offsetof(Slot, bell)))->rung = true;
}

static int slot_make(State *state, Slot *slot)
{
    as_error err;
    loops_prepare();
    if (as_event_loops == NULL) {  // in a child process
        prepare();
    }
    int status = uv_loop_init(&slot->uv);
    if (status != 0) {
        return error_set(state, AEROSPIKE_ERR_CLIENT, "no event loop can be made: %s", uv_strerror(status));
    }
    if (as_set_external_event_loop(&err, NULL, &slot->uv, &slot->events) != AEROSPIKE_OK) {
        error_raise(state, &err);
        uv_loop_close(&slot->uv);
        return -1;
    }
    status = uv_async_init(&slot->uv, &slot->bell, on_bell);
    slot_turn(slot);  // from now on its descriptor tells of it
    return status == 0 ? 0 : error_set(state, AEROSPIKE_ERR_CLIENT, "no bell can be made: %s", uv_strerror(status));
}

Slot *slot_take(State *state)
{
    Slot *slot = slots;
    while (slot < slots + LOOPS_MOST && slot->taken) {
        slot++;
    }
    if (slot == slots + LOOPS_MOST) {
        error_set(state, AEROSPIKE_ERR_CLIENT, "%d asyncio loops of this process have clients: there can be no more",
                  LOOPS_MOST);
        return NULL;
    }
    if (slot->events == NULL && slot_make(state, slot) < 0) {
        return NULL;
    }
    slot->taken = true;
    slot->events->thread = pthread_self();
    return slot;
}

void slot_give_back(Slot *slot)
{
    slot->taken = false;
}

void loops_sweep(void)
{
    for (Slot *slot = slots; slot < slots + LOOPS_MOST; slot++) {
        if (slot->events != NULL && !slot->taken) {
            slot->events->thread = pthread_self();
            slot_turn(slot);
            slot_turn(slot);  // what the first has closed
        }
    }
}

// ---- commands under way ----

bool loops_idle(const aerospike *as)
{
    const as_event_state *states = as == NULL || as->cluster == NULL ? NULL : as->cluster->event_state;
    for (uint32_t i = 0; states != NULL && i < as_event_loop_size; i++) {
        if (states[i].pending > 0) {
            return false;
        }
    }
    return true;
}

// A connection at work is the beginning of the C client's own struct, which knows its command.
static void shut_down(uv_handle_t *handle, void *cluster)
{
    if (handle->type != UV_TCP || uv_is_closing(handle)) {
        return;
    }
    as_event_command *command = ((as_async_connection *)handle)->cmd;
    uv_os_fd_t descriptor;
    if (command != NULL && (cluster == NULL || command->cluster == cluster) && uv_fileno(handle, &descriptor) == 0) {
        command->max_retries = 0;
        shutdown(descriptor, SHUT_RDWR);
    }
}

bool slot_abort(Slot *slot, const struct as_cluster_s *cluster)
{
    enum { ROUNDS = 100 };
    const struct timespec pause = {.tv_nsec = 1000000};
    const int *pending = cluster == NULL ? &slot->events->pending : &cluster->event_state[slot->events->index].pending;
    for (int round = 0; *pending > 0 && round < ROUNDS; round++) {
        uv_walk(&slot->uv, shut_down, (void *)cluster);
        slot_turn(slot);
        if (*pending > 0) {
            nanosleep(&pause, NULL);
        }
    }
    return *pending == 0;
}
