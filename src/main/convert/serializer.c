// SPDX-License-Identifier: Apache-2.0
// Values of types that Aerospike does not know: user functions turn them into bytes and back.
#include "convert/serializer.h"

#include "args.h"
#include "errors.h"

static PyObject *serializer_of(const Codec *codec)
{
    return codec->serializer != NULL || !codec->serialize_user ? codec->serializer : codec->state->serializer;
}

// ---- pickles ----

enum { PICKLE_PROTOCOL = 2 };  // the last that Python 2 knows, in which programs of 2015 may still read

// An Exception of pickle becomes the cause of a ClientError; what ends a program passes as it is.
static void pickle_failed(const Codec *codec, const char *where, const char *problem)
{
    if (!PyErr_ExceptionMatches(PyExc_Exception)) {
        return;
    }
    PyObject *cause = error_take();
    error_set(codec->state, AEROSPIKE_ERR_CLIENT, "%s cannot be %s: %.100s: %S", where, problem,
              Py_TYPE(cause)->tp_name, cause);
    error_because(cause);
}

static PyObject *pickle(const Codec *codec, PyObject *value, const char *where)
{
    PyObject *module = PyImport_ImportModule("pickle");
    PyObject *bytes = module == NULL ? NULL : PyObject_CallMethod(module, "dumps", "Oi", value, PICKLE_PROTOCOL);
    Py_XDECREF(module);
    if (bytes == NULL) {
        pickle_failed(codec, where, "pickled");
    }
    return bytes;
}

PyObject *pickle_to_py(const Codec *codec, const uint8_t *bytes, size_t size)
{
    if (codec->unpickle == NULL) {
        return PyByteArray_FromStringAndSize((const char *)bytes, (Py_ssize_t)size);
    }
    PyObject *unpickle = Py_NewRef(codec->unpickle);
    PyObject *blob = PyBytes_FromStringAndSize((const char *)bytes, (Py_ssize_t)size);
    PyObject *value = blob == NULL ? NULL : PyObject_CallOneArg(unpickle, blob);
    Py_DECREF(unpickle);
    Py_XDECREF(blob);
    if (value == NULL) {
        char where[AS_BIN_NAME_MAX_SIZE + 8] = "a value";
        if (codec->bin != NULL) {
            snprintf(where, sizeof where, "bin '%s'", codec->bin);
        }
        pickle_failed(codec, where, "unpickled");
    }
    return value;
}

// ---- functions of the program ----

static PyObject *serialize(const Codec *codec, PyObject *value)
{
    PyObject *serializer = Py_NewRef(serializer_of(codec));
    PyObject *made = PyObject_CallOneArg(serializer, value);
    Py_DECREF(serializer);
    if (made == NULL || PyBytes_Check(made)) {
        return made;
    }
    PyObject *bytes = NULL;
    if (PyUnicode_Check(made)) {
        bytes = PyUnicode_AsUTF8String(made);
    } else if (PyByteArray_Check(made)) {
        bytes = PyBytes_FromObject(made);
    } else {
        error_set(codec->state, AEROSPIKE_ERR_CLIENT,
                  "what the serializer returns must be str, bytes or bytearray, not "
                  "%.100s",
                  Py_TYPE(made)->tp_name);
    }
    Py_DECREF(made);
    return bytes;
}

static void serializer_missing(const Codec *codec, PyObject *value, const char *where)
{
    bool promised = codec->serialize_user;
    error_set(codec->state, promised || codec->operating ? AEROSPIKE_ERR_CLIENT : AEROSPIKE_ERR_PARAM,
              "%s is of type %.100s, %s", where, Py_TYPE(value)->tp_name,
              promised ? "and serializer is SERIALIZER_USER, but no serializer is set" : "which a server cannot store");
}

PyObject *serializer_apply(const Codec *codec, PyObject *value, const char *where, as_bytes_type *type)
{
    *type = codec->pickles ? AS_BYTES_PYTHON : AS_BYTES_BLOB;
    if (codec->pickles) {
        return pickle(codec, value, where);
    }
    if (serializer_of(codec) != NULL) {
        return serialize(codec, value);
    }
    serializer_missing(codec, value, where);
    return NULL;
}

// One bad value does not lose a record: the exception goes to the log, with its traceback. 0, or -1 where it is none
// that may be kept back (KeyboardInterrupt, SystemExit), or logging raised.
static int log_failure(const Codec *codec)
{
    if (!PyErr_ExceptionMatches(PyExc_Exception)) {
        return -1;
    }
    PyObject *error = error_take();
    PyObject *module = PyImport_ImportModule("aerospike._logging");
    PyObject *done = module == NULL ? NULL
                                    : PyObject_CallMethod(module, "deserializer_failed", "zO",
                                                          codec->bin == NULL ? "" : codec->bin, error);
    Py_XDECREF(module);
    Py_XDECREF(done);
    Py_XDECREF(error);
    return done == NULL ? -1 : 0;
}

PyObject *deserializer_apply(const Codec *codec, const uint8_t *bytes, size_t size)
{
    PyObject *deserializer = codec->deserializer != NULL ? codec->deserializer : codec->state->deserializer;
    if (deserializer == NULL) {
        return PyBytes_FromStringAndSize((const char *)bytes, (Py_ssize_t)size);
    }
    Py_INCREF(deserializer);
    PyObject *blob = text_to_py((const char *)bytes, size);
    PyObject *value = blob == NULL ? NULL : PyObject_CallOneArg(deserializer, blob);
    Py_DECREF(deserializer);
    if (value == NULL && blob != NULL && log_failure(codec) == 0) {
        value = PyBytes_FromStringAndSize((const char *)bytes, (Py_ssize_t)size);
    }
    Py_XDECREF(blob);
    return value;
}

int codec_set_serializer(Codec *codec, PyObject *choice)
{
    int64_t number;
    if (choice == Py_None) {
        return 0;
    }
    if (integer_from_py(codec->state, choice, "serializer", 0, SERIALIZE_USER, &number) < 0) {
        return -1;
    }
    codec->pickles = number == SERIALIZE_PYTHON;
    if (number == SERIALIZE_NONE) {
        codec->serializer = NULL;
    } else if (number == SERIALIZE_USER) {
        codec->serialize_user = true;
    } else if (number == SERIALIZE_JSON) {
        return error_param(codec->state, "serializer must be aerospike.SERIALIZER_NONE or SERIALIZER_USER, not %S",
                           choice);
    }
    return 0;
}

// ---- the module's functions ----

static PyObject *function_set(PyObject *module, PyObject *callback, PyObject **slot)
{
    if (!PyCallable_Check(callback)) {
        error_type(state_of_module(module), "function", "a callable", callback);
        return NULL;
    }
    Py_XSETREF(*slot, Py_NewRef(callback));
    return PyLong_FromLong(0);
}

DOC(set_serializer,
    "set_serializer($module, function)\n--\n\n"
    "Choose how put() stores values of types that Aerospike does not know, where it is told\n"
    "``serializer=aerospike.SERIALIZER_USER`` and its client has no serializer of its own.\n\n"
    ":param function: called with the value; returns str, bytes or bytearray. What it raises comes out of put().\n"
    ":return: 0.\n"
    ":raises ClientError: (of put) the function returned something else, or none is set.\n");

static PyObject *set_serializer(PyObject *module, METHOD_ARGS)
{
    static const Signature signature = {"set_serializer", 1, {"function"}};
    PyObject *given[1];
    return args_parse(&signature, args, count, keywords, given) < 0
               ? NULL
               : function_set(module, given[0], &state_of_module(module)->serializer);
}

DOC(set_deserializer,
    "set_deserializer($module, function)\n--\n\n"
    "Choose what is made of blobs that are read, by every client without a deserializer of its own.\n\n"
    ":param function: called with the blob, a str where it is UTF-8 and bytes otherwise; returns the value. Where\n"
    "    it raises an Exception, the value is the blob, as bytes, and a warning with the bin and the traceback is\n"
    "    logged.\n"
    ":return: 0.\n");

static PyObject *set_deserializer(PyObject *module, METHOD_ARGS)
{
    static const Signature signature = {"set_deserializer", 1, {"function"}};
    PyObject *given[1];
    return args_parse(&signature, args, count, keywords, given) < 0
               ? NULL
               : function_set(module, given[0], &state_of_module(module)->deserializer);
}

DOC(unset_serializers,
    "unset_serializers($module)\n--\n\n"
    "Forget set_serializer() and set_deserializer(). Returns 0.");

static PyObject *unset_serializers(PyObject *module, PyObject *Py_UNUSED(none))
{
    State *state = state_of_module(module);
    Py_CLEAR(state->serializer);
    Py_CLEAR(state->deserializer);
    return PyLong_FromLong(0);
}

static PyMethodDef functions[] = {
    METHOD("set_serializer", set_serializer),
    METHOD("set_deserializer", set_deserializer),
    {"unset_serializers", unset_serializers, METH_NOARGS, unset_serializers_doc},
    {NULL, NULL, 0, NULL},
};

int serializer_init(PyObject *module, State *state)
{
    (void)state;
    return PyModule_AddFunctions(module, functions);
}
