// SPDX-License-Identifier: Apache-2.0
// A row of an asynchronous batch that is alone on its node becomes a command by itself in the C client. What a function
// in Lua returns there gets a second reference, but for booleans, which are then freed twice: here they get it, too.
// The linker wraps the function that sends such rows (setup.py).
#include "client/command.h"

#include <aerospike/aerospike_key.h>
#include <stdatomic.h>

as_status __real_aerospike_key_apply_async(aerospike *as, as_error *err, const as_policy_apply *policy,
                                           const as_key *key, const char *module, const char *function,
                                           as_list *arguments, as_async_value_listener listener, void *data,
                                           as_event_loop *loop, as_pipe_listener pipe);
as_status __wrap_aerospike_key_apply_async(aerospike *as, as_error *err, const as_policy_apply *policy,
                                           const as_key *key, const char *module, const char *function,
                                           as_list *arguments, as_async_value_listener listener, void *data,
                                           as_event_loop *loop, as_pipe_listener pipe);

#ifndef __APPLE__

// Of rows: the C client has one.
static _Atomic(as_async_value_listener) row_listener;

static void on_row(as_error *err, as_val *value, void *data, as_event_loop *loop)
{
    if (value != NULL && as_val_type(value) == AS_BOOLEAN && value->count > 0) {
        value->count++;
    }
    atomic_load (&row_listener)(err, value, data, loop);
}

as_status __wrap_aerospike_key_apply_async(aerospike *as, as_error *err, const as_policy_apply *policy,
                                           const as_key *key, const char *module, const char *function,
                                           as_list *arguments, as_async_value_listener listener, void *data,
                                           as_event_loop *loop, as_pipe_listener pipe)
{
    if (listener != command_on_value) {
        atomic_store(&row_listener, listener);
        listener = on_row;
    }
    return __real_aerospike_key_apply_async(as, err, policy, key, module, function, arguments, listener, data, loop,
                                            pipe);
}

#endif
