// SPDX-License-Identifier: Apache-2.0
#include "client/thread.h"

#include "client/condition.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

// ---- threads ----

// To begin and end a thread takes as long as a query of a few records, and more where its stack is given back on other
// processors. One that has ended what it did waits for more to do, a while.
enum { IDLE_MOST = 8, IDLE_MILLISECONDS = 900 };

typedef struct Task {
    void *(*work)(void *);
    void *argument;
} Task;

// On the stack of a thread that waits.
typedef struct Idle {
    struct Idle *next;
    pthread_cond_t called;
    Task task;  // work is NULL: none yet
} Idle;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Idle *idle;
static int idle_count;

void threads_forget(void)
{
    pthread_mutex_init(&lock, NULL);
    idle = NULL;
    idle_count = 0;
}

static void idle_leave(const Idle *own)
{
    Idle **place = &idle;
    while (*place != own) {
        place = &(*place)->next;
    }
    *place = own->next;
    idle_count--;
}

static void idle_wait(Idle *own)
{
    own->next = idle;
    idle = own;
    idle_count++;
    while (own->task.work == NULL && condition_wait(&own->called, &lock, IDLE_MILLISECONDS)) {
    }
    if (own->task.work == NULL) {
        idle_leave(own);
    }
}

// Whether there is one, before it is time to end.
static bool task_next(Task *task)
{
    Idle own = {.next = NULL};
    condition_init(&own.called);
    pthread_mutex_lock(&lock);
    if (idle_count < IDLE_MOST) {
        idle_wait(&own);
    }
    pthread_mutex_unlock(&lock);
    pthread_cond_destroy(&own.called);
    *task = own.task;
    return task->work != NULL;
}

static bool task_give(Task task)
{
    pthread_mutex_lock(&lock);
    Idle *taker = idle;
    if (taker != NULL) {
        idle_leave(taker);
        taker->task = task;
        pthread_cond_signal(&taker->called);
    }
    pthread_mutex_unlock(&lock);
    return taker != NULL;
}

static void *live(void *given)
{
    Task task = *(Task *)given;
    free(given);
    do {
        task.work(task.argument);
    } while (task_next(&task));
    return NULL;
}

static int thread_new(Task task)
{
    Task *first = malloc(sizeof *first);
    if (first == NULL) {
        return ENOMEM;
    }
    *first = task;
    // signals are for the threads that Python knows
    sigset_t all, former;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &former);
    pthread_t thread;
    int problem = pthread_create(&thread, NULL, live, first);
    pthread_sigmask(SIG_SETMASK, &former, NULL);
    if (problem == 0) {
        pthread_detach(thread);
    } else {
        free(first);
    }
    return problem;
}

int thread_start(void *(*work)(void *), void *argument)
{
    Task task = {work, argument};
    return task_give(task) ? 0 : thread_new(task);
}

// ---- visits ----

// Of the module that was made last; NULL when the interpreter ends, which waits for visits under way.
static _Atomic(State *) host;
static atomic_int visits;

State *visit_begin(Visit *visit)
{
    atomic_fetch_add(&visits, 1);
    State *state = atomic_load(&host);
    if (state != NULL) {
        visit->gil = PyGILState_Ensure();
        PyErr_Fetch(&visit->type, &visit->value, &visit->traceback);
        if (atomic_load(&host) == state) {
            return state;
        }
        PyErr_Restore(visit->type, visit->value, visit->traceback);
        PyGILState_Release(visit->gil);
    }
    atomic_fetch_sub(&visits, 1);
    return NULL;
}

void visit_end(Visit *visit)
{
    PyErr_Restore(visit->type, visit->value, visit->traceback);
    PyGILState_Release(visit->gil);
    atomic_fetch_sub(&visits, 1);
}

// At the end of the interpreter no thread may ask for the GIL any more. The wait is bounded: in a forked child the
// count may include a thread that stayed in the parent.
static PyObject *visits_stop(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(none))
{
    static const struct timespec pause = {0, 1000000};
    atomic_store(&host, NULL);
    Py_BEGIN_ALLOW_THREADS
    for (int i = 0; i < 1000 && atomic_load(&visits) > 0; i++) {
        nanosleep(&pause, NULL);
    }
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"_visits_stop", visits_stop, METH_NOARGS, "Let no foreign thread in before the interpreter ends."},
    {NULL, NULL, 0, NULL},
};

int visits_init(PyObject *module, State *state)
{
    if (PyModule_AddFunctions(module, functions) < 0) {
        return -1;
    }
    PyObject *atexit = PyImport_ImportModule("atexit");
    PyObject *stop = PyObject_GetAttrString(module, "_visits_stop");
    PyObject *done = atexit == NULL || stop == NULL ? NULL : PyObject_CallMethod(atexit, "register", "O", stop);
    Py_XDECREF(atexit);
    Py_XDECREF(stop);
    Py_XDECREF(done);
    atomic_store(&host, done == NULL ? NULL : state);
    return done == NULL ? -1 : 0;
}
