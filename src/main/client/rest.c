// SPDX-License-Identifier: Apache-2.0
// The end of a connection that asyncio loops have used: the C client must not close it while it has a command there,
// of which nobody knows any more: one that keeps a connection for a late answer (timeout_delay), or was cancelled.
#include "args.h"
#include "client/flight.h"
#include "client/mailbox.h"
#include "client/thread.h"

#include <pthread.h>

// Connections that nobody holds and that are not idle yet.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Connection *resting;

void connection_rest(Connection *connection)
{
    pthread_mutex_lock(&lock);
    connection->next_resting = resting;
    resting = connection;
    pthread_mutex_unlock(&lock);
}

void connections_forget(void)
{
    pthread_mutex_init(&lock, NULL);
    resting = NULL;
}

static Connection *take_idle(void)
{
    pthread_mutex_lock(&lock);
    Connection **place = &resting;
    while (*place != NULL && !loops_idle((*place)->as)) {
        place = &(*place)->next_resting;
    }
    Connection *found = *place;
    if (found != NULL) {
        *place = found->next_resting;
    }
    pthread_mutex_unlock(&lock);
    return found;
}

static void *end_in_thread(void *connection)
{
    connection_end(connection);
    return NULL;
}

// To close one is to wait for its threads, and a loop does not wait.
void connections_rest(void)
{
    Connection *connection;
    while ((connection = take_idle()) != NULL) {
        if (thread_start(end_in_thread, connection) != 0) {
            connection_end(connection);
        }
    }
}

// ---- AsyncClient.close() ----

static const char CAPSULE[] = "aerospike connection";

static void capsule_destroy(PyObject *capsule)
{
    connection_release(PyCapsule_GetPointer(capsule, CAPSULE));
}

// From now on the client is closed. What is left of its connection, or None.
static PyObject *client_begin_close(PyObject *self, PyObject *Py_UNUSED(none))
{
    ClientObject *client = (ClientObject *)self;
    Connection *connection = client->connection;
    if (connection == NULL) {
        Py_RETURN_NONE;
    }
    PyObject *capsule = PyCapsule_New(connection, CAPSULE, capsule_destroy);
    if (capsule != NULL) {
        client->connection = NULL;
        client->closings++;
    }
    return capsule;
}

static bool has_flights(const Connection *connection)
{
    for (int i = 0; i < LOOPS_MOST; i++) {
        if (connection->lanes[i].under_way + connection->lanes[i].waiting_count > 0) {
            return true;
        }
    }
    return false;
}

// Whether commands are under way. Where only the C client still waits, for late answers, it need not.
static PyObject *client_is_closing(PyObject *self, PyObject *capsule)
{
    State *state = ((ClientObject *)self)->state;
    Connection *connection = PyCapsule_GetPointer(capsule, CAPSULE);
    Pump *pump = connection == NULL ? NULL : pump_here(state);
    if (pump == NULL) {
        return NULL;
    }
    if (connection->fork_generation != fork_count()) {
        Py_RETURN_FALSE;
    }
    pumps_sweep(state);
    bool busy = has_flights(connection);
    if (!busy && !loops_idle(connection->as)) {
        slot_abort(pump->slot, connection->as->cluster);
        busy = !loops_idle(connection->as);
    }
    return pump_wake(pump) < 0 ? NULL : PyBool_FromLong(busy);
}

// Close it: this waits, and is called in a thread.
static PyObject *client_end_close(PyObject *self, PyObject *capsule)
{
    Connection *connection = PyCapsule_GetPointer(capsule, CAPSULE);
    if (connection == NULL || PyCapsule_SetDestructor(capsule, NULL) < 0 || PyCapsule_SetName(capsule, NULL) < 0) {
        return NULL;
    }
    client_close_connection((ClientObject *)self, connection);
    Py_RETURN_NONE;
}

// Let the loop close its sockets.
static PyObject *client_settle(PyObject *self, PyObject *Py_UNUSED(none))
{
    Pump *pump = pump_here(((ClientObject *)self)->state);
    if (pump == NULL) {
        return NULL;
    }
    slot_turn(pump->slot);
    slot_turn(pump->slot);
    return pump_wake(pump) < 0 ? NULL : Py_NewRef(Py_None);
}

PyMethodDef client_rest_methods[] = {
    {"_begin_close", client_begin_close, METH_NOARGS, NULL},
    {"_is_closing", client_is_closing, METH_O, NULL},
    {"_end_close", client_end_close, METH_O, NULL},
    {"_settle", client_settle, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
