// SPDX-License-Identifier: Apache-2.0
// Values of types that Aerospike does not know: user functions turn them into bytes and back.
#include "serializer.h"

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
    if (blob == NULL || deserializer == NULL) {
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
        return error_param(codec->state, "serializer must be aerospike.SERIALIZER_NONE or SERIALIZER_USER, not %S", choice);
    } else if (!serializer_present(codec)) {
        return error_param(codec->state, "serializer is SERIALIZER_USER, but no serializer is set");
    }
    return 0;
}
