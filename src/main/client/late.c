// SPDX-License-Identifier: Apache-2.0
// In a turn of its loop libuv looks at timers before it reads. Where a program has kept an asyncio loop from its turn
// for longer than a command may take, the command's time was over although its answer lay there. Here the loop reads
// once more before a time is over: the timer ends in its next turn, and an answer that is read meanwhile stops it. The
// linker wraps the functions (setup.py); not on macOS.
#include <aerospike/as_event_internal.h>

enum { LATER = 1 };  // millisecond: a timer of none would end in this turn, again and again

void __real_as_event_process_timer(as_event_command *command);
void __wrap_as_event_process_timer(as_event_command *command);
void __real_as_event_socket_timeout(as_event_command *command);
void __wrap_as_event_socket_timeout(as_event_command *command);

#ifndef __APPLE__

static void on_over(uv_timer_t *timer)
{
    __real_as_event_process_timer(timer->data);
}

// Timers of commands that wait for nothing from a node end at once.
void __wrap_as_event_process_timer(as_event_command *command)
{
    switch (command->state) {
    case AS_ASYNC_STATE_REGISTERED:
    case AS_ASYNC_STATE_DELAY_QUEUE:
    case AS_ASYNC_STATE_RETRY:
        __real_as_event_process_timer(command);
        break;
    default:
        uv_timer_start(&command->timer, on_over, LATER, 0);
    }
}

static void on_silence(uv_timer_t *timer)
{
    as_event_command *command = timer->data;
    uv_timer_start(timer, as_uv_repeat_cb, command->socket_timeout, command->socket_timeout);
    __real_as_event_socket_timeout(command);
}

void __wrap_as_event_socket_timeout(as_event_command *command)
{
    if ((command->flags & AS_ASYNC_FLAGS_EVENT_RECEIVED) != 0) {
        __real_as_event_socket_timeout(command);
    } else {
        uv_timer_start(&command->timer, on_silence, LATER, command->socket_timeout);
    }
}

#endif
