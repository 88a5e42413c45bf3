// SPDX-License-Identifier: Apache-2.0
#include "errors.h"

// The class for a code: its own, else the base of its side (the server may be newer than this client).
static PyObject *class_for(State *state, as_status code)
{
    PyObject *number = PyLong_FromLong(code);
    if (number == NULL) {
        return NULL;
    }
    PyObject *found = PyDict_GetItemWithError(state->errors_by_code, number);
    Py_DECREF(number);
    if (found == NULL && !PyErr_Occurred()) {
        number = PyLong_FromLong(code < 0 ? AEROSPIKE_ERR_CLIENT : AEROSPIKE_ERR_SERVER);
        found = number == NULL ? NULL : PyDict_GetItemWithError(state->errors_by_code, number);
        Py_XDECREF(number);
    }
    return Py_XNewRef(found);
}

static PyObject *instance_new(State *state, as_status code, PyObject *message, const char *file, int line,
                              bool in_doubt)
{
    PyObject *class = class_for(state, code);
    if (class == NULL) {
        return NULL;
    }
    PyObject *made =
        PyObject_CallFunction(class, "iOziO", (int)code, message, file, line, in_doubt ? Py_True : Py_False);
    Py_DECREF(class);
    return made;
}

static void raise_instance(PyObject *error)
{
    if (error != NULL) {
        PyErr_SetObject((PyObject *)Py_TYPE(error), error);
        Py_DECREF(error);
    }
}

// The C client's message. It tells of sockets the system's number only: "Socket write error: 111, 10.0.0.1:3000"; what
// that means is put behind it. Of a node that does not answer an info command it tells the address only: " from
// 10.0.0.1:3000".
static PyObject *message_of(const as_error *err)
{
    char text[2 * sizeof err->message];
    const char *from = err->message;
    bool bare = strncmp(from, " from ", strlen(" from ")) == 0;
    const char *what = !bare                                ? ""
                       : err->code == AEROSPIKE_ERR_TIMEOUT ? "no answer in time"
                                                            : as_error_string(err->code);
    size_t used = (size_t)snprintf(text, sizeof text, "%s", what);
    for (const char *found = from; (found = strstr(found, "Socket ")) != NULL; found++) {
        int number, size = 0;
        if (sscanf(found, "Socket %*[a-z] error: %d%n", &number, &size) == 1 && number > 0) {
            used += (size_t)snprintf(text + used, sizeof text - used, "%.*s (%s)", (int)(found + size - from), from,
                                     strerror(number));
            from = found + size;
        }
        if (used >= sizeof text) {
            break;
        }
    }
    if (used < sizeof text) {
        snprintf(text + used, sizeof text - used, "%s", from);
    }
    return PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "replace");
}

PyObject *error_new(State *state, const as_error *err)
{
    PyObject *message = message_of(err);
    if (message == NULL) {
        return NULL;
    }
    PyObject *made = instance_new(state, err->code, message, err->file, (int)err->line, err->in_doubt);
    Py_DECREF(message);
    if (made != NULL && err->subcode != 0) {
        PyObject *subcode = PyLong_FromUnsignedLong(err->subcode);
        if (subcode == NULL || PyObject_SetAttrString(made, "subcode", subcode) < 0) {
            Py_CLEAR(made);
        }
        Py_XDECREF(subcode);
    }
    return made;
}

PyObject *error_raise(State *state, const as_error *err)
{
    raise_instance(error_new(state, err));
    return NULL;
}

void error_note_record(State *state, PyObject *key, PyObject *bin)
{
    PyObject *type, *error, *traceback;
    PyErr_Fetch(&type, &error, &traceback);
    PyErr_NormalizeException(&type, &error, &traceback);
    if (error != NULL && PyObject_IsInstance(error, state->base_error) == 1) {
        if ((key != NULL && PyObject_SetAttrString(error, "key", key) < 0) ||
            (bin != NULL && PyObject_SetAttrString(error, "bin", bin) < 0)) {
            PyErr_Clear();  // the error itself is what counts
        }
    }
    PyErr_Restore(type, error, traceback);
}

void error_note(State *state, const char *attribute, const char *text)
{
    PyObject *type, *error, *traceback;
    PyErr_Fetch(&type, &error, &traceback);
    PyErr_NormalizeException(&type, &error, &traceback);
    if (error != NULL && text != NULL && PyObject_IsInstance(error, state->base_error) == 1 &&
        PyObject_HasAttrString(error, attribute)) {
        PyObject *value = PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "replace");
        if (value == NULL || PyObject_SetAttrString(error, attribute, value) < 0) {
            PyErr_Clear();  // the error itself is what counts
        }
        Py_XDECREF(value);
    }
    PyErr_Restore(type, error, traceback);
}

// An int of thousands of digits has no repr(), nor has a list in a list, by the thousand.
static PyObject *text_before_object(const char *format, va_list arguments)
{
    const char *object = strstr(format, "%R"), *other = strstr(format, "%S");
    object = object == NULL || (other != NULL && other < object) ? other : object;
    if (object == NULL || PyErr_ExceptionMatches(PyExc_MemoryError) || !PyErr_ExceptionMatches(PyExc_Exception)) {
        return NULL;
    }
    PyErr_Clear();
    size_t size = (size_t)(object - format);
    char before[size + 1];
    memcpy(before, format, size);
    before[size] = '\0';
    PyObject *text = PyUnicode_FromFormatV(before, arguments);
    const char *behind = strchr(object + 1, '%') == NULL ? object + 2 : "";
    Py_XSETREF(text, text == NULL ? NULL : PyUnicode_FromFormat("%Ua value that cannot be shown%s", text, behind));
    return text;
}

static PyObject *text_new(const char *format, va_list arguments)
{
    enum { MOST = 2000, BEGIN = 1500, END = 400 };
    va_list again;
    va_copy(again, arguments);
    PyObject *text = PyUnicode_FromFormatV(format, arguments);
    text = text == NULL ? text_before_object(format, again) : text;
    va_end(again);
    Py_ssize_t length = text == NULL ? 0 : PyUnicode_GET_LENGTH(text);
    if (length > MOST) {
        PyObject *begin = PyUnicode_Substring(text, 0, BEGIN);
        PyObject *end = PyUnicode_Substring(text, length - END, length);
        Py_SETREF(text, begin == NULL || end == NULL ? NULL : PyUnicode_FromFormat("%U ... %U", begin, end));
        Py_XDECREF(begin);
        Py_XDECREF(end);
    }
    return text;
}

PyObject *error_text(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    PyObject *text = text_new(format, arguments);
    va_end(arguments);
    return text;
}

int error_set_at(State *state, as_status code, const char *file, int line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    PyObject *message = text_new(format, arguments);
    va_end(arguments);
    if (message != NULL) {
        raise_instance(instance_new(state, code, message, file, line, false));
        Py_DECREF(message);
    }
    return -1;
}

int error_type(State *state, const char *argument, const char *expected, PyObject *got)
{
    return error_param(state, "%s must be %s, not %.100s", argument, expected, Py_TYPE(got)->tp_name);
}

// The code and message of an exception of ours, as new references. 0, or -1 where it is none.
static int error_facts(State *state, PyObject *error, as_status *code, PyObject **message)
{
    PyObject *number = NULL;
    *message = NULL;
    if (PyObject_IsInstance(error, state->base_error) == 1) {
        number = PyObject_GetAttrString(error, "code");
        *message = PyObject_GetAttrString(error, "msg");
    }
    if (number == NULL) {
        Py_CLEAR(*message);  // better without a prefix than with another code
    } else {
        *code = PyLong_Check(number) ? (as_status)PyLong_AsLong(number) : AEROSPIKE_ERR_CLIENT;
        Py_DECREF(number);
    }
    PyErr_Clear();
    return *message == NULL ? -1 : 0;
}

int error_prefix(State *state, const char *format, ...)
{
    PyObject *type, *error, *traceback, *message;
    as_status code;
    PyErr_Fetch(&type, &error, &traceback);
    PyErr_NormalizeException(&type, &error, &traceback);
    if (error == NULL || error_facts(state, error, &code, &message) < 0) {
        PyErr_Restore(type, error, traceback);
        return -1;
    }
    va_list arguments;
    va_start(arguments, format);
    PyObject *prefix = text_new(format, arguments);
    va_end(arguments);
    if (prefix != NULL) {
        error_set(state, code, "%U: %S", prefix, message);
        error_because(PyException_GetCause(error));
    }
    Py_XDECREF(prefix);
    Py_DECREF(message);
    Py_XDECREF(type);
    Py_XDECREF(error);
    Py_XDECREF(traceback);
    return -1;
}

PyObject *error_take(void)
{
    PyObject *type, *error, *traceback;
    PyErr_Fetch(&type, &error, &traceback);
    PyErr_NormalizeException(&type, &error, &traceback);
    if (traceback != NULL) {
        PyException_SetTraceback(error, traceback);
    }
    Py_XDECREF(type);
    Py_XDECREF(traceback);
    return error;
}

void error_because(PyObject *cause)
{
    if (cause != NULL) {
        PyObject *error = error_take();
        PyException_SetCause(error, cause);
        raise_instance(error);
    }
}

int error_recode(State *state, as_status code)
{
    PyObject *type, *error, *traceback, *message;
    as_status former;
    PyErr_Fetch(&type, &error, &traceback);
    PyErr_NormalizeException(&type, &error, &traceback);
    if (error == NULL || error_facts(state, error, &former, &message) < 0) {
        PyErr_Restore(type, error, traceback);
        return -1;
    }
    error_set(state, code, "%S", message);
    error_because(PyException_GetCause(error));
    Py_DECREF(message);
    Py_XDECREF(type);
    Py_XDECREF(error);
    Py_XDECREF(traceback);
    return -1;
}

void error_unraisable(PyObject *function)
{
    bool interrupted = PyErr_ExceptionMatches(PyExc_KeyboardInterrupt) != 0;
    PyErr_WriteUnraisable(function);
    if (interrupted) {
        PyErr_SetInterrupt();  // not before: the hook is Python code, and would get it
    }
}

int unicode_error(State *state, const char *argument)
{
    if (PyErr_ExceptionMatches(PyExc_UnicodeError)) {
        PyErr_Clear();
        error_set(state, AEROSPIKE_ERR_CLIENT, "%s is a str with a lone surrogate, which UTF-8 cannot encode",
                  argument);
    }
    return -1;
}

// Whether a frame is of our own Python code; -1 with an exception.
static int frame_is_ours(PyObject *frame)
{
    PyObject *globals = PyObject_GetAttrString(frame, "f_globals");
    PyObject *name = globals == NULL ? NULL : PyMapping_GetItemString(globals, "__name__");
    Py_XDECREF(globals);
    if (name == NULL) {
        PyErr_Clear();  // a program may run code without a name
        return 0;
    }
    const char *text = PyUnicode_Check(name) ? PyUnicode_AsUTF8(name) : NULL;
    int ours = text == NULL ? 0 : strcmp(text, "aerospike") == 0 || strncmp(text, "aerospike.", 10) == 0;
    Py_DECREF(name);
    PyErr_Clear();
    return ours;
}

// How many frames up the first one is that is not our own, as warnings count them.
static Py_ssize_t user_level(void)
{
    PyObject *frame = Py_XNewRef((PyObject *)PyEval_GetFrame());
    Py_ssize_t level = 1;
    while (frame != NULL && frame != Py_None && frame_is_ours(frame)) {
        PyObject *back = PyObject_GetAttrString(frame, "f_back");
        Py_DECREF(frame);
        frame = back;
        level++;
    }
    PyErr_Clear();
    Py_XDECREF(frame);
    return level;
}

int warn_user(PyObject *category, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    PyObject *text = text_new(format, arguments);
    va_end(arguments);
    int result = text == NULL ? -1 : PyErr_WarnFormat(category, user_level(), "%U", text);
    Py_XDECREF(text);
    return result;
}

// {code: class} of every exception class that defines a code of its own.
static int read_codes(State *state, PyObject *exceptions)
{
    PyObject *names = PyObject_Dir(exceptions);
    int result = -1;
    if (names == NULL) {
        return -1;
    }
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(names); i++) {
        PyObject *class = PyObject_GetAttr(exceptions, PyList_GET_ITEM(names, i));
        if (class == NULL) {
            goto finally;
        }
        if (PyExceptionClass_Check(class)) {
            PyObject *own = PyObject_GetAttrString(class, "__dict__");
            PyObject *code = own == NULL ? NULL : PyMapping_GetItemString(own, "code");
            Py_XDECREF(own);
            if (code == NULL) {
                PyErr_Clear();
            } else if (PyLong_Check(code) && PyDict_SetItem(state->errors_by_code, code, class) < 0) {
                Py_DECREF(code);
                Py_DECREF(class);
                goto finally;
            }
            Py_XDECREF(code);
        }
        Py_DECREF(class);
    }
    result = 0;
finally:
    Py_DECREF(names);
    return result;
}

int errors_init(PyObject *module, State *state)
{
    (void)module;
    PyObject *exceptions = PyImport_ImportModule("aerospike.exception");
    if (exceptions == NULL) {
        return -1;
    }
    state->errors_by_code = PyDict_New();
    state->base_error = PyObject_GetAttrString(exceptions, "AerospikeError");
    state->record_error = PyObject_GetAttrString(exceptions, "RecordError");
    bool complete = state->errors_by_code != NULL && state->base_error != NULL && state->record_error != NULL;
    int result = !complete ? -1 : read_codes(state, exceptions);
    Py_DECREF(exceptions);
    return result;
}
