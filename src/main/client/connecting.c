// SPDX-License-Identifier: Apache-2.0
// Whatever the C client sends to a node, it first takes a connection by one function, which the linker wraps
// (setup.py). So what a node refuses there, for it takes the log-in's token no more, waits here for the next log-in: a
// scan goes on although other nodes have sent records, and a job is not begun twice on any.
#include "client/login.h"
#include "client/trace.h"

as_status __real_as_node_get_connection(as_error *err, as_node *node, as_command *command, uint64_t deadline,
                                        as_socket *socket, as_socket_context *context);
as_status __wrap_as_node_get_connection(as_error *err, as_node *node, as_command *command, uint64_t deadline,
                                        as_socket *socket, as_socket_context *context);

#ifndef __APPLE__  // whose linker cannot wrap

as_status __wrap_as_node_get_connection(as_error *err, as_node *node, as_command *command, uint64_t deadline,
                                        as_socket *socket, as_socket_context *context)
{
    trace_try(node, command);
    as_status status = __real_as_node_get_connection(err, node, command, deadline, socket, context);
    bool logs_in = socket == &node->info_socket;  // the thread that would log in
    for (uint64_t since = 0; !logs_in && login_awaited(status, &since);) {
        if (deadline > 0 && cf_getms() >= deadline) {
            break;
        }
        as_error_reset(err);
        status = __real_as_node_get_connection(err, node, command, deadline, socket, context);
    }
    return status;
}

#endif
