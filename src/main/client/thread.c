// SPDX-License-Identifier: Apache-2.0
#include "client/thread.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

int thread_start(void *(*work)(void *), void *argument)
{
    // signals are for the threads that Python knows
    sigset_t all, former;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &former);
    pthread_t thread;
    int problem = pthread_create(&thread, NULL, work, argument);
    pthread_sigmask(SIG_SETMASK, &former, NULL);
    if (problem == 0) {
        pthread_detach(thread);
    }
    return problem;
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
