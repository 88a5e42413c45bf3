// SPDX-License-Identifier: Apache-2.0
#include "client/observation.h"

#include "client/command.h"

#include <citrusleaf/cf_clock.h>

// ---- telling ----

// Whether this thread is telling: commands that a hook gives are told to nobody, or there would be no end.
static _Thread_local bool telling;

// What a hook raises is no matter of the command.
static void call(PyObject *function, PyObject *argument)
{
    PyObject *answer = PyObject_CallOneArg(function, argument);
    if (answer == NULL) {
        error_unraisable(function);
    }
    Py_XDECREF(answer);
}

static void call_part(PyObject *hook, Py_ssize_t part, Report *report)
{
    PyObject *function = PyTuple_GET_ITEM(hook, part);
    if (function != Py_None) {
        call(function, (PyObject *)report);
    }
}

static void tell_begin(const Observation *observation)
{
    telling = true;
    for (int owner = 0; owner < 2; owner++) {
        PyObject *hooks = observation->hooks[owner];
        for (Py_ssize_t i = 0; hooks != NULL && i < PyTuple_GET_SIZE(hooks); i++) {
            call_part(PyTuple_GET_ITEM(hooks, i), HOOK_START, observation->report);
        }
    }
    telling = false;
}

// Who was told first of the beginning is told last of the end.
static void tell_end(const Observation *observation)
{
    for (int owner = 1; owner >= 0; owner--) {
        PyObject *hooks = observation->hooks[owner];
        for (Py_ssize_t i = hooks == NULL ? 0 : PyTuple_GET_SIZE(hooks); i > 0; i--) {
            call_part(PyTuple_GET_ITEM(hooks, i - 1), HOOK_END, observation->report);
        }
    }
}

static void tell_slow(const Observation *observation)
{
    PyObject *logging = PyImport_ImportModule("aerospike._logging");
    PyObject *function = logging == NULL ? NULL : PyObject_GetAttrString(logging, "slow_command");
    if (function == NULL) {
        error_unraisable(NULL);
    } else {
        call(function, (PyObject *)observation->report);
    }
    Py_XDECREF(function);
    Py_XDECREF(logging);
}

// ---- a command ----

static bool hooked(const Observation *observation)
{
    return observation->hooks[0] != NULL || observation->hooks[1] != NULL;
}

void observation_keep(Observation *observation, const Command *command)
{
    if (observation->report == NULL && (observation->report = report_new(command)) == NULL) {
        error_unraisable(NULL);  // out of memory
    }
}

bool observation_begin(const Command *command, Observation *out)
{
    return command->kind->run != NULL && !command->kind->local && observation_start(command, out);
}

bool observation_start(const Command *command, Observation *out)
{
    if (telling) {
        return false;
    }
    memset(out, 0, sizeof *out);
    out->hooks[0] = Py_XNewRef(command_state(command)->hooks);
    out->hooks[1] = Py_XNewRef(command->client->hooks);
    out->trace = trace_new();
    out->patience = command->settings->slow_log_ms * UINT64_C(1000000);
    if (hooked(out)) {
        observation_keep(out, command);
    }
    if (out->report != NULL) {
        tell_begin(out);
    }
    out->begin = cf_getns();
    return true;
}

// With the pending exception set aside.
static void tell(State *state, Observation *observation, const Command *command, uint64_t elapsed, PyObject *error)
{
    bool slow = observation->patience != 0 && elapsed >= observation->patience;
    if (!slow && !hooked(observation)) {
        return;
    }
    if (command != NULL) {
        observation_keep(observation, command);
    }
    if (observation->report == NULL) {
        return;
    }
    if (command != NULL) {
        report_digest(observation->report, command);
    }
    report_trace(observation->report, observation->trace);
    report_end(state, observation->report, (double)elapsed / 1e9, error);
    if (command != NULL && command->kind->tell != NULL) {
        command->kind->tell(command, observation->report);
    }
    telling = true;
    tell_end(observation);
    if (slow) {
        tell_slow(observation);
    }
    telling = false;
}

void observation_drop(Observation *observation)
{
    Py_CLEAR(observation->hooks[0]);
    Py_CLEAR(observation->hooks[1]);
    Py_CLEAR(observation->report);
    trace_release(observation->trace);
    observation->trace = NULL;
}

int observation_traverse(const Observation *observation, visitproc visit, void *arg)
{
    Py_VISIT(observation->hooks[0]);
    Py_VISIT(observation->hooks[1]);
    Py_VISIT(observation->report);
    return 0;
}

void observation_end(State *state, Observation *observation, const Command *command)
{
    uint64_t elapsed = cf_getns() - observation->begin;
    PyObject *type, *error, *traceback;
    PyErr_Fetch(&type, &error, &traceback);
    PyErr_NormalizeException(&type, &error, &traceback);
    if (traceback != NULL) {
        PyException_SetTraceback(error, traceback);
    }
    tell(state, observation, command, elapsed, error);
    PyErr_Restore(type, error, traceback);
    observation_drop(observation);
}
