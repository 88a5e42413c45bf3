// SPDX-License-Identifier: Apache-2.0
// Values of types that Aerospike does not know: user functions turn them into bytes and back.
#include "serializer.h"

#include "args.h"
#include "errors.h"

static PyObject *serializer_of(const Codec *codec)
{
    if (codec->serializer != NULL) {
        return codec->serializer;
    }
    return codec->serialize_none ? NULL : codec->state->serializer;
}

bool serializer_present(const Codec *codec)
{
    return serializer_of(codec) != NULL;
}

PyObject *serializer_apply(const Codec *codec, PyObject *value)
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
        error_type(codec->state, "what the serializer returns", "str, bytes or bytearray", made);
    }
    Py_DECREF(made);
    return bytes;
}

PyObject *deserializer_apply(const Codec *codec, const uint8_t *bytes, size_t size)
{
    PyObject *blob = PyBytes_FromStringAndSize((const char *)bytes, (Py_ssize_t)size);
    PyObject *deserializer = codec->deserializer != NULL ? codec->deserializer : codec->state->deserializer;
    if (blob == NULL || deserializer == NULL || codec->keep_blobs) {
        return blob;
    }
    Py_INCREF(deserializer);
    PyObject *value = PyObject_CallOneArg(deserializer, blob);
    Py_DECREF(deserializer);
    Py_DECREF(blob);
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
    if (number == SERIALIZE_NONE) {
        codec->serialize_none = true;
        codec->serializer = NULL;
    } else if (number != SERIALIZE_USER) {
        return error_param(codec->state, "serializer must be aerospike.SERIALIZER_NONE or SERIALIZER_USER, not %S",
                           choice);
    } else if (!serializer_present(codec)) {
        return error_param(codec->state, "serializer is SERIALIZER_USER, but no serializer is set");
    }
    return 0;
}

// ---- the module's functions ----

static PyObject *function_set(PyObject *module, PyObject *callback, PyObject **slot)
{
    if (!PyCallable_Check(callback)) {
        error_type(state_of_module(module), "callback", "a callable", callback);
        return NULL;
    }
    Py_XSETREF(*slot, Py_NewRef(callback));
    return PyLong_FromLong(0);
}

static PyObject *set_serializer(PyObject *module, METHOD_ARGS)
{
    static const Signature signature = {"set_serializer", 1, {"callback"}};
    PyObject *given[1];
    return args_parse(&signature, args, count, keywords, given) < 0
               ? NULL
               : function_set(module, given[0], &state_of_module(module)->serializer);
}

static PyObject *set_deserializer(PyObject *module, METHOD_ARGS)
{
    static const Signature signature = {"set_deserializer", 1, {"callback"}};
    PyObject *given[1];
    return args_parse(&signature, args, count, keywords, given) < 0
               ? NULL
               : function_set(module, given[0], &state_of_module(module)->deserializer);
}

static PyObject *unset_serializers(PyObject *module, PyObject *Py_UNUSED(none))
{
    State *state = state_of_module(module);
    Py_CLEAR(state->serializer);
    Py_CLEAR(state->deserializer);
    return PyLong_FromLong(0);
}

static PyMethodDef functions[] = {
    METHOD("set_serializer", set_serializer,
           "set_serializer($module, callback)\n--\n\n"
           "Choose how values of types that Aerospike does not know are stored, by every client without a serializer\n"
           "of its own.\n\n:param callback: called with the value; returns str, bytes or bytearray. What it raises "
           "comes out\n"
           "    of the command.\n:return: 0.\n"),
    METHOD("set_deserializer", set_deserializer,
           "set_deserializer($module, callback)\n--\n\n"
           "Choose what is made of blobs that are read, by every client without a deserializer of its own.\n\n"
           ":param callback: called with the bytes; returns the value. What it raises comes out of the command.\n"
           ":return: 0.\n"),
    {"unset_serializers", unset_serializers, METH_NOARGS,
     "unset_serializers($module)\n--\n\nForget set_serializer() and set_deserializer(). Returns 0."},
    {NULL, NULL, 0, NULL},
};

int serializer_init(PyObject *module, State *state)
{
    (void)state;
    return PyModule_AddFunctions(module, functions);
}
