// SPDX-License-Identifier: Apache-2.0
// The C client's own thread, which tends a cluster, logs in. While it works it holds a lock, and takes it for granted
// that nobody changes the password meanwhile, and that it does not itself ask for a log-in. Both happens: two functions
// of the C client's, which the linker wraps (setup.py), keep it from reading freed memory, and from waiting for itself
// for ever.
#include "client/login.h"

#include <aerospike/as_admin.h>
#include <aerospike/as_cluster.h>
#include <aerospike/as_node.h>
#include <pthread.h>

void __real_as_cluster_change_password(as_cluster *cluster, const char *user, const char *password, const char *hash);
void __wrap_as_cluster_change_password(as_cluster *cluster, const char *user, const char *password, const char *hash);
as_status __real_as_authenticate(as_cluster *cluster, as_error *err, as_socket *socket, as_node *node,
                                 as_session *session, uint32_t timeout, uint64_t deadline, as_socket_context *context);
as_status __wrap_as_authenticate(as_cluster *cluster, as_error *err, as_socket *socket, as_node *node,
                                 as_session *session, uint32_t timeout, uint64_t deadline, as_socket_context *context);

#ifndef __APPLE__  // whose linker cannot wrap

// Between two rounds of the thread, for it frees what the thread logs in with.
void __wrap_as_cluster_change_password(as_cluster *cluster, const char *user, const char *password, const char *hash)
{
    pthread_mutex_lock(&cluster->tend_lock);
    __real_as_cluster_change_password(cluster, user, password, hash);
    pthread_mutex_unlock(&cluster->tend_lock);
}

// Where a node does not take the log-in's token, a new one is asked for, under the lock, unless that was done already.
as_status __wrap_as_authenticate(as_cluster *cluster, as_error *err, as_socket *socket, as_node *node,
                                 as_session *session, uint32_t timeout, uint64_t deadline, as_socket_context *context)
{
    as_status status = __real_as_authenticate(cluster, err, socket, node, session, timeout, deadline, context);
    if (status != AEROSPIKE_OK && node != NULL && pthread_equal(pthread_self(), cluster->tend_thread)) {
        as_store_uint8(&node->perform_login, 1);
    }
    return status;
}

#endif
