// SPDX-License-Identifier: Apache-2.0
// Hooks: who wants to be told of commands, of one client or of all of the process.
#include "args.h"
#include "client/observation.h"

// ---- lists of hooks ----

// A tuple of (hook, its start or None, its end or None); NULL where there is none. It never changes: a command keeps
// the one that it began with.

// A method of a hook as a new reference, None where there is none. NULL with an exception.
static PyObject *method_of(State *state, PyObject *hook, const char *name)
{
    PyObject *method = PyObject_GetAttrString(hook, name);
    if (method == NULL && PyErr_ExceptionMatches(PyExc_AttributeError)) {
        PyErr_Clear();
        return Py_NewRef(Py_None);
    }
    if (method != NULL && method != Py_None && !PyCallable_Check(method)) {
        error_param(state, "hook.%s must be a method, not %.100s", name, Py_TYPE(method)->tp_name);
        Py_CLEAR(method);
    }
    return method;
}

// (hook, start, end), or NULL with an exception. A callable without either is told of the end.
static PyObject *entry_new(State *state, PyObject *hook)
{
    PyObject *entry = NULL, *start = method_of(state, hook, "start");
    PyObject *end = start == NULL ? NULL : method_of(state, hook, "end");
    if (end != NULL && start == Py_None && end == Py_None) {
        if (PyCallable_Check(hook)) {
            Py_SETREF(end, Py_NewRef(hook));
        } else {
            error_type(state, "hook", "a callable or have a method start or end", hook);
            Py_CLEAR(end);
        }
    }
    if (end != NULL) {
        entry = PyTuple_Pack(3, hook, start, end);
    }
    Py_XDECREF(start);
    Py_XDECREF(end);
    return entry;
}

// Where a hook is in the list; -1 where it is not.
static Py_ssize_t place_of(PyObject *hooks, PyObject *hook)
{
    Py_ssize_t place = hooks == NULL ? -1 : PyTuple_GET_SIZE(hooks) - 1;
    while (place >= 0 && PyTuple_GET_ITEM(PyTuple_GET_ITEM(hooks, place), HOOK_ITSELF) != hook) {
        place--;
    }
    return place;
}

static PyObject *hooks_add(State *state, PyObject **hooks, PyObject *hook)
{
    PyObject *entry = entry_new(state, hook);  // which may run code that adds it, too
    if (entry == NULL) {
        return NULL;
    }
    if (place_of(*hooks, hook) < 0) {
        PyObject *one = PyTuple_Pack(1, entry);
        PyObject *longer = one == NULL || *hooks == NULL ? Py_XNewRef(one) : PySequence_Concat(*hooks, one);
        Py_XDECREF(one);
        if (longer == NULL) {
            Py_DECREF(entry);
            return NULL;
        }
        Py_XSETREF(*hooks, longer);
    }
    Py_DECREF(entry);
    Py_RETURN_NONE;
}

static PyObject *hooks_remove(State *state, PyObject **hooks, PyObject *hook)
{
    Py_ssize_t place = place_of(*hooks, hook);
    if (place < 0) {
        error_param(state, "hook was not added, or not here: %R", hook);
        return NULL;
    }
    Py_ssize_t size = PyTuple_GET_SIZE(*hooks);
    PyObject *shorter = NULL;
    if (size > 1) {
        PyObject *before = PyTuple_GetSlice(*hooks, 0, place), *after = PyTuple_GetSlice(*hooks, place + 1, size);
        shorter = before == NULL || after == NULL ? NULL : PySequence_Concat(before, after);
        Py_XDECREF(before);
        Py_XDECREF(after);
        if (shorter == NULL) {
            return NULL;
        }
    }
    Py_XSETREF(*hooks, shorter);
    Py_RETURN_NONE;
}

// ---- of a client ----

DOC(client_add_hook,
    "add_hook($self, hook)\n--\n\n"
    "Have a hook told of every command of this client; :func:`aerospike.add_hook` does it for all clients.\n\n"
    ":param hook: an object with a method ``start``, a method ``end``, or both; or a callable, told of the end.\n"
    "    Each gets a :class:`~aerospike.CommandReport`. They are called on the thread of the command; what they raise\n"
    "    goes to ``sys.unraisablehook``. One that is there already is not added again.\n"
    ":raises ParamError: it is none of these.\n");

static PyObject *client_add_hook(PyObject *self, METHOD_ARGS)
{
    static const Signature signature = {"add_hook", 1, {"hook"}};
    ClientObject *client = (ClientObject *)self;
    PyObject *given[1];
    return args_parse(&signature, args, count, keywords, given) < 0
               ? NULL
               : hooks_add(client->state, &client->hooks, given[0]);
}

DOC(client_remove_hook,
    "remove_hook($self, hook)\n--\n\n"
    "Tell a hook of no further command. Of those that are under way it is told the end.\n\n"
    ":param hook: the object that :meth:`add_hook` was given.\n"
    ":raises ParamError: it was not added to this client.\n");

static PyObject *client_remove_hook(PyObject *self, METHOD_ARGS)
{
    static const Signature signature = {"remove_hook", 1, {"hook"}};
    ClientObject *client = (ClientObject *)self;
    PyObject *given[1];
    return args_parse(&signature, args, count, keywords, given) < 0
               ? NULL
               : hooks_remove(client->state, &client->hooks, given[0]);
}

PyMethodDef client_hooks_methods[] = {
    METHOD("add_hook", client_add_hook),
    METHOD("remove_hook", client_remove_hook),
    {NULL, NULL, 0, NULL},
};

// ---- of the process ----

DOC(add_hook,
    "add_hook($module, hook)\n--\n\n"
    "Have a hook told of every command of every client of this process, those that are there and those to come.\n\n"
    ":param hook: as of :meth:`Client.add_hook`; it is told of the start before the client's hooks, and of the end\n"
    "    after them.\n"
    ":raises ParamError: it is no hook.\n");

static PyObject *add_hook(PyObject *module, METHOD_ARGS)
{
    static const Signature signature = {"add_hook", 1, {"hook"}};
    State *state = state_of_module(module);
    PyObject *given[1];
    return args_parse(&signature, args, count, keywords, given) < 0 ? NULL : hooks_add(state, &state->hooks, given[0]);
}

DOC(remove_hook,
    "remove_hook($module, hook)\n--\n\n"
    "Tell a hook that :func:`aerospike.add_hook` was given of no further command.\n\n"
    ":param hook: the object that was given.\n"
    ":raises ParamError: it was not added.\n");

static PyObject *remove_hook(PyObject *module, METHOD_ARGS)
{
    static const Signature signature = {"remove_hook", 1, {"hook"}};
    State *state = state_of_module(module);
    PyObject *given[1];
    return args_parse(&signature, args, count, keywords, given) < 0 ? NULL
                                                                    : hooks_remove(state, &state->hooks, given[0]);
}

static PyMethodDef functions[] = {
    METHOD("add_hook", add_hook),
    METHOD("remove_hook", remove_hook),
    {NULL, NULL, 0, NULL},
};

int hooks_init(PyObject *module, State *state)
{
    return report_init(module, state) < 0 ? -1 : PyModule_AddFunctions(module, functions);
}
