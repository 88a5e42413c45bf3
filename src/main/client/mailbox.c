// SPDX-License-Identifier: Apache-2.0
#include "client/mailbox.h"

#include "client/client.h"
#include "client/counts.h"

#include <pthread.h>

typedef enum EventKind { EVENT_ENABLE, EVENT_SNAPSHOT, EVENT_NODE_CLOSE, EVENT_DISABLE, EVENT_KINDS } EventKind;

typedef struct Event {
    struct Event *next;
    EventKind kind;
    Listeners *listeners;
    ClusterCounts *cluster;
    NodeCounts *node;
} Event;

struct Listeners {
    Mailbox *mailbox;
    PyObject *functions[EVENT_KINDS];
    Event enabled, disabled;  // for these there is always room
};

// How many events may wait, beside those: a listener that is slower than the interval misses some.
enum { WAITING_MOST = 32 };

struct Mailbox {
    atomic_int references;
    unsigned fork_generation;
    pthread_mutex_t lock;  // of all below, never held for long
    pthread_cond_t changed;
    Event *first, *last;
    unsigned waiting;
    unsigned listened;  // how many Listeners there are
    const Event *due;  // the last that the thread will deliver that calls listeners; NULL: none does
    bool served;  // there is a thread of its own
};

// ---- the mailbox ----

static _Thread_local bool expecting;

Mailbox *mailbox_new(void)
{
    Mailbox *mailbox = calloc(1, sizeof *mailbox);
    if (mailbox == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    atomic_init(&mailbox->references, 1);
    mailbox->fork_generation = fork_count();
    pthread_mutex_init(&mailbox->lock, NULL);
    pthread_cond_init(&mailbox->changed, NULL);
    return mailbox;
}

Mailbox *mailbox_hold(Mailbox *mailbox)
{
    atomic_fetch_add(&mailbox->references, 1);
    return mailbox;
}

void mailbox_release(Mailbox *mailbox)
{
    if (mailbox == NULL || mailbox_forked(mailbox) || atomic_fetch_sub(&mailbox->references, 1) != 1) {
        return;
    }
    pthread_cond_destroy(&mailbox->changed);
    pthread_mutex_destroy(&mailbox->lock);
    free(mailbox);
}

bool mailbox_forked(const Mailbox *mailbox)
{
    return mailbox->fork_generation != fork_count();
}

void mailbox_expect(bool expected)
{
    expecting = expected;
}

static bool event_may_wait(const Event *event)
{
    return event->kind == EVENT_SNAPSHOT || event->kind == EVENT_NODE_CLOSE;
}

// False where there is no room.
static bool mailbox_put(Mailbox *mailbox, Event *event)
{
    pthread_mutex_lock(&mailbox->lock);
    bool fits = !event_may_wait(event) || mailbox->waiting < WAITING_MOST;
    if (fits) {
        mailbox->waiting += event_may_wait(event);
        *(mailbox->first == NULL ? &mailbox->first : &mailbox->last->next) = event;
        mailbox->last = event;
        if (!expecting) {
            pthread_cond_broadcast(&mailbox->changed);
        }
    }
    pthread_mutex_unlock(&mailbox->lock);
    return fits;
}

// All that waits is due. False: there is nothing, or another thread is at it.
static bool delivery_begin(Mailbox *mailbox)
{
    pthread_mutex_lock(&mailbox->lock);
    bool begins = mailbox->due == NULL && mailbox->first != NULL;
    mailbox->due = mailbox->first == NULL ? mailbox->due : mailbox->last;
    pthread_mutex_unlock(&mailbox->lock);
    return begins;
}

static Event *delivery_next(Mailbox *mailbox)
{
    pthread_mutex_lock(&mailbox->lock);
    Event *event = mailbox->first;
    mailbox->first = event->next;
    mailbox->waiting -= event_may_wait(event);
    event->next = NULL;
    pthread_mutex_unlock(&mailbox->lock);
    return event;
}

// After that event. False: it was the last that was due; others that came are for the mailbox's own thread.
static bool delivery_goes_on(Mailbox *mailbox, const Event *event)
{
    pthread_mutex_lock(&mailbox->lock);
    bool more = mailbox->due != event;
    if (!more) {
        mailbox->due = NULL;
        pthread_cond_broadcast(&mailbox->changed);
    }
    pthread_mutex_unlock(&mailbox->lock);
    return more;
}

// ---- what the C client calls ----

static void event_free(Event *event)
{
    cluster_counts_free(event->cluster);
    node_counts_free(event->node);
    free(event);
}

static as_status say_exhausted(as_error *err)
{
    return as_error_update(err, AEROSPIKE_ERR_CLIENT, "metrics listeners: out of memory");
}

static as_status on_enable(as_error *Py_UNUSED(err), void *udata)
{
    Listeners *listeners = udata;
    mailbox_put(listeners->mailbox, &listeners->enabled);
    return AEROSPIKE_OK;
}

static as_status on_change(as_error *err, EventKind kind, Listeners *listeners, as_cluster *cluster, as_node *node)
{
    Event *event = calloc(1, sizeof *event);
    if (event == NULL) {
        return say_exhausted(err);
    }
    *event = (Event){.kind = kind,
                     .listeners = listeners,
                     .cluster = cluster == NULL ? NULL : cluster_counts_new(cluster),
                     .node = node == NULL ? NULL : node_counts_new(node)};
    bool copied = event->cluster != NULL || event->node != NULL;
    if (!copied || !mailbox_put(listeners->mailbox, event)) {
        event_free(event);
    }
    return copied ? AEROSPIKE_OK : say_exhausted(err);
}

static as_status on_snapshot(as_error *err, as_cluster *cluster, void *udata)
{
    return on_change(err, EVENT_SNAPSHOT, udata, cluster, NULL);
}

static as_status on_node_close(as_error *err, as_node *node, void *udata)
{
    return on_change(err, EVENT_NODE_CLOSE, udata, NULL, node);
}

static as_status on_disable(as_error *Py_UNUSED(err), as_cluster *cluster, void *udata)
{
    Listeners *listeners = udata;
    listeners->disabled.cluster = cluster_counts_new(cluster);
    mailbox_put(listeners->mailbox, &listeners->disabled);
    return AEROSPIKE_OK;
}

void listeners_write(Listeners *listeners, as_metrics_policy *policy)
{
    as_metrics_policy_set_listeners(policy, on_enable, on_disable, on_node_close, on_snapshot, listeners);
}

// ---- delivery ----

static PyObject *event_argument(const Event *event)
{
    if (event->node != NULL) {
        return node_counts_to_py(event->node);
    }
    return event->cluster == NULL ? PyErr_NoMemory() : cluster_counts_to_py(event->cluster);
}

static void event_call(const Event *event)
{
    PyObject *function = Py_NewRef(event->listeners->functions[event->kind]), *returned = NULL;
    if (event->kind == EVENT_ENABLE) {
        returned = PyObject_CallNoArgs(function);
    } else {
        PyObject *argument = event_argument(event);
        returned = argument == NULL ? NULL : PyObject_CallOneArg(function, argument);
        Py_XDECREF(argument);
    }
    if (returned == NULL) {
        error_unraisable(function);
    }
    Py_XDECREF(returned);
    Py_DECREF(function);
}

static void event_end(Event *event)
{
    if (event->kind == EVENT_DISABLE) {
        listeners_drop(event->listeners);  // and the event with them
    } else if (event->kind != EVENT_ENABLE) {
        event_free(event);
    }
}

void mailbox_deliver(Mailbox *mailbox)
{
    if (!delivery_begin(mailbox)) {
        return;
    }
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    mailbox_hold(mailbox);
    bool more;
    do {
        Event *event = delivery_next(mailbox);
        event_call(event);
        more = delivery_goes_on(mailbox, event);
        event_end(event);
    } while (more);
    mailbox_release(mailbox);
    PyErr_Restore(type, value, traceback);
}

// ---- the mailbox's own thread ----

// Wait, without the GIL, for something to deliver. False: nobody listens any more.
static bool mailbox_wait(Mailbox *mailbox)
{
    pthread_mutex_lock(&mailbox->lock);
    while (mailbox->listened > 0 && (mailbox->first == NULL || mailbox->due != NULL)) {
        pthread_cond_wait(&mailbox->changed, &mailbox->lock);
    }
    mailbox->served = mailbox->listened > 0;
    bool served = mailbox->served;
    pthread_mutex_unlock(&mailbox->lock);
    return served;
}

static PyObject *mailbox_serve(PyObject *capsule, PyObject *Py_UNUSED(none))
{
    Mailbox *mailbox = PyCapsule_GetPointer(capsule, NULL);
    bool waiting;
    do {
        Py_BEGIN_ALLOW_THREADS
        waiting = mailbox_wait(mailbox);
        Py_END_ALLOW_THREADS
        if (waiting) {
            mailbox_deliver(mailbox);
        }
    } while (waiting);
    Py_RETURN_NONE;
}

static void capsule_release(PyObject *capsule)
{
    mailbox_release(PyCapsule_GetPointer(capsule, NULL));
}

// A daemon: the end of the interpreter does not wait for a client that nobody closed.
static int thread_start(Mailbox *mailbox)
{
    static PyMethodDef serve = {"serve", mailbox_serve, METH_NOARGS, NULL};
    PyObject *capsule = PyCapsule_New(mailbox_hold(mailbox), NULL, capsule_release);
    if (capsule == NULL) {
        mailbox_release(mailbox);
        return -1;
    }
    PyObject *threading = PyImport_ImportModule("threading");
    PyObject *class = threading == NULL ? NULL : PyObject_GetAttrString(threading, "Thread");
    PyObject *keywords = Py_BuildValue("{sNsssO}", "target", PyCFunction_New(&serve, capsule), "name",
                                       "aerospike-metrics", "daemon", Py_True);
    PyObject *none = PyTuple_New(0);
    PyObject *thread = class == NULL || keywords == NULL || none == NULL ? NULL : PyObject_Call(class, none, keywords);
    PyObject *started = thread == NULL ? NULL : PyObject_CallMethod(thread, "start", NULL);
    Py_XDECREF(threading);
    Py_XDECREF(class);
    Py_XDECREF(keywords);
    Py_XDECREF(none);
    Py_XDECREF(thread);
    Py_XDECREF(started);
    Py_DECREF(capsule);
    return started == NULL ? -1 : 0;
}

// One more listens, for whom there is a thread. 0 or -1.
static int mailbox_join(Mailbox *mailbox)
{
    pthread_mutex_lock(&mailbox->lock);
    mailbox->listened++;
    bool served = mailbox->served;
    mailbox->served = true;
    pthread_mutex_unlock(&mailbox->lock);
    if (served || thread_start(mailbox) == 0) {
        return 0;
    }
    pthread_mutex_lock(&mailbox->lock);
    mailbox->listened--;
    mailbox->served = false;
    pthread_mutex_unlock(&mailbox->lock);
    return -1;
}

static void mailbox_leave(Mailbox *mailbox)
{
    pthread_mutex_lock(&mailbox->lock);
    mailbox->listened--;
    pthread_cond_broadcast(&mailbox->changed);
    pthread_mutex_unlock(&mailbox->lock);
    mailbox_release(mailbox);
}

// ---- the listeners ----

static int functions_read(State *state, Listeners *listeners, PyObject *object, const char *what)
{
    static const char *const names[EVENT_KINDS] = {"enable_listener", "snapshot_listener", "node_close_listener",
                                                   "disable_listener"};
    for (EventKind kind = 0; kind < EVENT_KINDS; kind++) {
        PyObject *function = listeners->functions[kind] = PyObject_GetAttrString(object, names[kind]);
        if (function == NULL && PyErr_ExceptionMatches(PyExc_AttributeError)) {
            PyErr_Clear();
            return error_type(state, what, "an aerospike_helpers.metrics.MetricsListeners", object);
        }
        if (function != NULL && !PyCallable_Check(function)) {
            return error_param(state, "%s.%s must be callable, not %.100s", what, names[kind],
                               Py_TYPE(function)->tp_name);
        }
        if (function == NULL) {
            return -1;
        }
    }
    return 0;
}

static void listeners_free(Listeners *listeners)
{
    for (EventKind kind = 0; kind < EVENT_KINDS; kind++) {
        Py_XDECREF(listeners->functions[kind]);
    }
    cluster_counts_free(listeners->disabled.cluster);
    free(listeners);
}

Listeners *listeners_new(State *state, Mailbox *mailbox, PyObject *object, const char *what)
{
    Listeners *listeners = calloc(1, sizeof *listeners);
    if (listeners == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    listeners->enabled = (Event){.kind = EVENT_ENABLE, .listeners = listeners};
    listeners->disabled = (Event){.kind = EVENT_DISABLE, .listeners = listeners};
    if (functions_read(state, listeners, object, what) < 0 || mailbox_join(mailbox) < 0) {
        listeners_free(listeners);
        return NULL;
    }
    listeners->mailbox = mailbox_hold(mailbox);
    return listeners;
}

void listeners_drop(Listeners *listeners)
{
    if (listeners != NULL) {
        Mailbox *mailbox = listeners->mailbox;
        listeners_free(listeners);
        mailbox_leave(mailbox);
    }
}
