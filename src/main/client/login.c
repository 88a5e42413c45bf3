// SPDX-License-Identifier: Apache-2.0
// The C client's own thread, which tends a cluster, logs in. While it works it holds a lock, and takes it for granted
// that nobody changes the password meanwhile, and that it does not itself ask for a log-in. Both happens: two functions
// of the C client's, which the linker wraps (setup.py), keep it from reading freed memory, and from waiting for itself
// for ever. A third keeps event loops from writing a token past the end of the room that there is for it.
#include "client/login.h"

#include "client/answers.h"

#include <aerospike/as_admin.h>
#include <aerospike/as_async.h>
#include <aerospike/as_cluster.h>
#include <aerospike/as_log_macros.h>
#include <aerospike/as_node.h>
#include <pthread.h>

void __real_as_cluster_change_password(as_cluster *cluster, const char *user, const char *password, const char *hash);
void __wrap_as_cluster_change_password(as_cluster *cluster, const char *user, const char *password, const char *hash);
as_status __real_as_authenticate(as_cluster *cluster, as_error *err, as_socket *socket, as_node *node,
                                 as_session *session, uint32_t timeout, uint64_t deadline, as_socket_context *context);
as_status __wrap_as_authenticate(as_cluster *cluster, as_error *err, as_socket *socket, as_node *node,
                                 as_session *session, uint32_t timeout, uint64_t deadline, as_socket_context *context);
uint32_t __real_as_authenticate_set(as_cluster *cluster, as_session *session, uint8_t *to);
uint32_t __wrap_as_authenticate_set(as_cluster *cluster, as_session *session, uint8_t *to);

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

// A node does not take the empty token that is sent instead, and says so.
uint32_t __wrap_as_authenticate_set(as_cluster *cluster, as_session *session, uint8_t *to)
{
    size_t user = cluster->auth_mode == AS_AUTH_PKI ? 0 : ADMIN_FIELD_HEAD + strlen(cluster->user);
    size_t room = AS_AUTHENTICATION_MAX_SIZE - ADMIN_HEAD - user - ADMIN_FIELD_HEAD;
    as_session none = {.token_length = 0};
    if (session->token_length > room) {
        as_log_error("A log-in's token has %u bytes, %zu at most can be sent for AsyncClient", session->token_length,
                     room);
        session = &none;
    }
    return __real_as_authenticate_set(cluster, session, to);
}

#endif
