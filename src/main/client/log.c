// SPDX-License-Identifier: Apache-2.0
// The C client's log, which is one for the whole process, as calls of a Python handler.
#include "args.h"
#include "client/client.h"
#include "client/thread.h"
#include "convert/convert.h"
#include "errors.h"

#include <aerospike/as_log.h>
#include <stdatomic.h>

// What handlers get; below errors for LOG_LEVEL_OFF. The C client says more, of which errors are made.
#define LEVEL_OFF (AS_LOG_LEVEL_ERROR - 1)
static atomic_int log_level = AS_LOG_LEVEL_WARN;

// Handlers under way on this thread.
static _Thread_local int handling;

bool log_is_handling(void)
{
    return handling > 0;
}

// Where this thread gathers what is said of hosts.
static _Thread_local char *gathered;
static _Thread_local size_t gathered_size;
static _Thread_local TlsReason tls_reason;

void log_gather(char *text, size_t size)
{
    gathered = text;
    gathered_size = size;
    tls_reason = (TlsReason){0};
}

// "Failed to connect to seed 10.0.0.1 3000. AEROSPIKE_ERR_CONNECTION Socket write error: 111": what follows the code.
static void gather(const char *message)
{
    const char *code = strstr(message, ". AEROSPIKE_ERR_");
    const char *reason = code == NULL ? NULL : strchr(code + 2, ' ');
    size_t used = strlen(gathered);
    if (reason == NULL) {
        tls_reason_gather(&tls_reason, message);
        return;
    }
    if (strstr(gathered, reason + 1) == NULL) {
        bool closed = strncmp(reason + 1, "Bad file descriptor", 19) == 0;  // that is how the C client calls it
        const char *why = tls_reason.text[0] != '\0' ? tls_reason.text
                          : closed                   ? "the server closed the connection: it may want TLS"
                                                     : NULL;
        snprintf(gathered + used, gathered_size - used, "%s%s%s%s%s", used > 0 ? "; " : "", reason + 1,
                 why == NULL ? "" : " (", why == NULL ? "" : why, why == NULL ? "" : ")");
    }
    tls_reason = (TlsReason){0};
}

static int call_handler(State *state, as_log_level level, const char *function, const char *file, uint32_t line,
                        const char *message)
{
    PyObject *handler = Py_NewRef(state->log_handler);
    int result = 0;
    if (handler != Py_None) {
        PyObject *text = PyUnicode_DecodeUTF8(message, (Py_ssize_t)strlen(message), "replace");
        PyObject *returned =
            text == NULL ? NULL
                         : PyObject_CallFunction(handler, "iszIO", (int)level, function, file, (unsigned)line, text);
        result = returned == NULL ? -1 : 0;
        Py_XDECREF(returned);
        Py_XDECREF(text);
    }
    if (result < 0) {
        error_unraisable(handler);
    }
    Py_DECREF(handler);
    return result;
}

static bool on_log(as_log_level level, const char *function, const char *file, uint32_t line, const char *format, ...)
{
    bool wanted = (int)level <= atomic_load(&log_level);
    if (gathered == NULL && !wanted) {
        return true;
    }
    char message[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (gathered != NULL) {
        gather(message);
    }
    if (!wanted) {
        return true;
    }

    Visit visit;
    State *state = visit_begin(&visit);
    if (state != NULL) {
        handling++;
        call_handler(state, level, function, file, line, message);
        handling--;
        visit_end(&visit);
    }
    return true;
}

DOC(log_set_level,
    "set_log_level($module, loglevel)\n--\n\n"
    "Choose which of the C client's messages reach the log handler; for the whole process.\n\n"
    ":param int loglevel: a ``LOG_LEVEL_*`` constant; default ``LOG_LEVEL_WARN``. Beyond them are all messages, and none.\n"
    ":return: 0.\n"
    ":raises ParamError: loglevel is no int.\n");

static PyObject *log_set_level(PyObject *module, METHOD_ARGS)
{
    static const Signature signature = {"set_log_level", 1, {"loglevel"}};
    PyObject *given[1];
    if (args_parse(&signature, args, count, keywords, given) < 0) {
        return NULL;
    }
    if (!PyLong_Check(given[0])) {
        error_type(state_of_module(module), "loglevel", "an int", given[0]);
        return NULL;
    }
    int64_t level;
    Narrowed narrowed = integer_narrow(given[0], AS_LOG_LEVEL_ERROR, AS_LOG_LEVEL_TRACE, &level);
    if (narrowed == NARROW_FAILED) {
        return NULL;
    }
    int chosen = narrowed == TOO_SMALL ? LEVEL_OFF : narrowed == TOO_LARGE ? AS_LOG_LEVEL_TRACE : (int)level;
    atomic_store(&log_level, chosen);
    as_log_set_level(chosen > AS_LOG_LEVEL_DEBUG ? (as_log_level)chosen : AS_LOG_LEVEL_DEBUG);
    return PyLong_FromLong(0);
}

DOC(log_set_handler,
    "set_log_handler($module, log_handler=...)\n--\n\n"
    "Choose who gets the C client's messages; for the whole process.\n\n"
    ":param log_handler: called as ``log_handler(level, function, path, line, message)`` on any thread; None discards\n"
    "    the messages, and so does, with a warning, what cannot be called; without an argument they go to\n"
    "    ``logging.getLogger('aerospike')``, as from the start. What it raises goes to ``sys.unraisablehook``.\n"
    ":return: 0.\n");

static PyObject *log_set_handler(PyObject *module, METHOD_ARGS)
{
    static const Signature signature = {"set_log_handler", 0, {"log_handler"}};
    State *state = state_of_module(module);
    PyObject *given[1];
    if (args_parse(&signature, args, count, keywords, given) < 0) {
        return NULL;
    }
    PyObject *handler = given[0] == NULL ? state->default_log_handler : given[0];
    if (handler != Py_None && !PyCallable_Check(handler)) {
        if (warn_user(PyExc_UserWarning, "log_handler must be a callable or None, not %.100s: messages are discarded",
                      Py_TYPE(handler)->tp_name) < 0) {
            return NULL;
        }
        handler = Py_None;
    }
    Py_XSETREF(state->log_handler, Py_NewRef(handler));
    return PyLong_FromLong(0);
}

static PyMethodDef functions[] = {
    METHOD("set_log_level", log_set_level),
    METHOD("set_log_handler", log_set_handler),
    {NULL, NULL, 0, NULL},
};

int log_init(PyObject *module, State *state)
{
    PyObject *logging = PyImport_ImportModule("aerospike._logging");
    if (logging == NULL) {
        return -1;
    }
    state->default_log_handler = PyObject_GetAttrString(logging, "handle");
    Py_DECREF(logging);
    if (state->default_log_handler == NULL || PyModule_AddFunctions(module, functions) < 0) {
        return -1;
    }
    state->log_handler = Py_NewRef(state->default_log_handler);
    as_log_set_level(AS_LOG_LEVEL_DEBUG);
    as_log_set_callback(on_log);
    return 0;
}
