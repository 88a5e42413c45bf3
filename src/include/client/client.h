// SPDX-License-Identifier: Apache-2.0
// The Client object and the guard that every call of the C client passes.
#ifndef CLIENT_H
#define CLIENT_H

#include "client/gate.h"
#include "client/loops.h"
#include "client/substitutes.h"
#include "client/watched_file.h"
#include "errors.h"
#include "settings.h"

#include <aerospike/aerospike.h>
#include <pthread.h>
#include <stdatomic.h>

typedef struct FlightQueue {
    struct Flight *first, *last;
} FlightQueue;

// The commands of one connection on one asyncio loop.
typedef struct Lane {
    struct Lane *next;  // of those with commands that wait
    uint32_t under_way;  // a batch of reads is one
    uint32_t waiting_count, waiting_plain;  // of these, such as are no part of a batch of reads
    FlightQueue waiting;  // for their turn
    uint64_t completed, batches, fused_reads, fused_writes;  // as aerospike_helpers.metrics.AsyncioStats has them
    uint64_t next_deadline;  // no later than the first of those that wait, in milliseconds; 0: none has one
} Lane;

// One cluster handle. The client holds one reference and every running command another, so close() can never free
// a handle that a thread still uses: the last one out closes it.
typedef struct Connection {
    aerospike *as;
    Watched watched;
    atomic_int references;
    Gate gate;  // of the commands under way
    unsigned fork_generation;  // of the process that made it
    pthread_mutex_t turns;  // of how many aggregations are at work on threads of the handle's pool
    pthread_cond_t turn;
    uint32_t aggregations;
    Substitutes substitutes;  // for threads of that pool
    bool flown;  // there were commands of asyncio: it is closed when the last of them is over (pump.c)
    struct Connection *next_resting;
    Lane lanes[LOOPS_MOST];
    char hosts[256];  // of the configuration, as text
} Connection;

typedef struct ClientObject {
    PyObject_HEAD
    State *state;
    Settings *settings;  // NULL: never configured
    Connection *connection;  // NULL before connect() and after close()
    unsigned long closings;  // how many times it was closed
    PyObject *hooks;  // that are told of its commands (hooks.c); NULL: none
    struct Mailbox *mailbox;  // of its metrics listeners (mailbox.h); NULL: it never had any
    PyObject *weakrefs;
} ClientObject;

// What the client is set to, held for one command: NULL with ClusterError when the client is closed, so that this is
// found before anything else is. Every success is paired with settings_release.
Settings *settings_acquire(ClientObject *client);

// Take the handle for one command: NULL with ClusterError when the client is closed. After fork() the child gets a
// handle of its own. Every success is paired with connection_release.
Connection *connection_acquire(ClientObject *client);
static inline Connection *connection_hold(Connection *connection)
{
    atomic_fetch_add(&connection->references, 1);
    return connection;
}
void connection_release(Connection *connection);
void connection_end(Connection *connection);  // close it and free it, by whoever has it alone, without the GIL

// Connections of asyncio whose last command is not over (rest.c): one more, by any thread; those that may be closed now
// are, with the GIL; in a child process there are none.
void connection_rest(Connection *connection);
void connections_rest(void);
void connections_forget(void);

// The end of close(), when the client has the connection no more (NULL: it had none).
void client_close_connection(ClientObject *client, Connection *connection);

// The user has another password now: where it is the client's own, whatever connects by its settings uses that. 0 or
// -1.
int client_store_password(ClientObject *client, const char *user, const char *password);
void connection_drop(Connection *connection);  // the same, by a thread without the GIL

// What the C client logs on this thread of hosts that it cannot reach, as text: until the next call, of NULL at last.
void log_gather(char *text, size_t size);

// What the C client's log says of one TLS connection.
typedef struct {
    char text[384];  // why it failed; empty: it did not
    bool trusted;  // the server's certificate was good
} TlsReason;

void tls_reason_gather(TlsReason *reason, const char *line);

// Look at what config['tls'] says before anything is connected. 0, or -1 with an exception that names the key.
int tls_check(State *state, const as_config_tls *tls);

// Whether this thread is in a log handler: it may be one of a handle's own, which cannot wait for its own end.
bool log_is_handling(void);

unsigned fork_count(void);  // another one: this is a child of the process that it was asked in

// Rooms of src/main/client: each offers its methods.
#define CLIENT_ROOMS(X)                                                                                                \
    X(lifecycle)                                                                                                       \
    X(kv)                                                                                                              \
    X(operate)                                                                                                         \
    X(batch)                                                                                                           \
    X(udf)                                                                                                             \
    X(index)                                                                                                           \
    X(admin)                                                                                                           \
    X(info)                                                                                                            \
    X(metering)                                                                                                        \
    X(digest)                                                                                                          \
    X(query)                                                                                                           \
    X(transactions) X(background) X(texts) X(hooks) X(rest) X(arrow) X(batch_arrow) X(batch_matrix) X(put_arrow)

#define CLIENT_ROOM(name) extern PyMethodDef client_##name##_methods[];
CLIENT_ROOMS(CLIENT_ROOM)
#undef CLIENT_ROOM

#endif
