// SPDX-License-Identifier: Apache-2.0
// Digests of keys and the partitions that they are in: functions of the module, and methods of the same.
#include "client/command.h"
#include "client/doc.h"
#include "client/partitions.h"

#include <aerospike/as_cluster.h>

static int digest_compute(State *state, PyObject **parts, as_digest *out)
{
    Codec codec = {.state = state};
    Keep keep = {0};
    as_key key;
    int result = key_from_parts(&codec, parts[0], parts[1], parts[2], &key, &keep);
    if (result == 0) {
        *out = key.digest;
    }
    keep_release(&keep);
    return result;
}

// The module's functions raise TypeError for types, as the vendor's do.
static int digest_types(PyObject **parts)
{
    if (!PyUnicode_Check(parts[0])) {
        PyErr_Format(PyExc_TypeError, "ns must be a str, not %.100s", Py_TYPE(parts[0])->tp_name);
        return -1;
    }
    if (parts[1] != Py_None && !PyUnicode_Check(parts[1])) {
        PyErr_Format(PyExc_TypeError, "set must be a str or None, not %.100s", Py_TYPE(parts[1])->tp_name);
        return -1;
    }
    if (!PyUnicode_Check(parts[2]) && !PyLong_Check(parts[2]) && !PyBytes_Check(parts[2]) &&
        !PyByteArray_Check(parts[2])) {
        PyErr_Format(PyExc_TypeError, "key must be a str, int, bytes or bytearray, not %.100s",
                     Py_TYPE(parts[2])->tp_name);
        return -1;
    }
    return 0;
}

DOC(module_calc_digest,
    "calc_digest($module, ns, set, key)\n--\n\n"
    "The digest by which the server knows a key.\n\n"
    KEY_PARTS_DOC
    ":return: a bytearray of 20 bytes.\n"
    ":raises TypeError: an argument is of another type.\n"
    ":raises ParamError: an argument is not valid.\n");

static PyObject *module_calc_digest(PyObject *module, METHOD_ARGS)
{
    static const Signature signature = {"calc_digest", 3, {"ns", "set", "key"}};
    PyObject *given[3];
    as_digest digest;
    if (args_parse(&signature, args, count, keywords, given) < 0 || digest_types(given) < 0 ||
        digest_compute(state_of_module(module), given, &digest) < 0) {
        return NULL;
    }
    return digest_to_py(digest.value);
}

DOC(module_get_partition_id,
    "get_partition_id($module, digest, /)\n--\n\n"
    "The partition, from 0 to 4095, of a record.\n\n"
    ":param digest: the 20 bytes that calc_digest() gives.\n"
    ":raises TypeError: digest is of another type.\n"
    ":raises ParamError: it has not 20 bytes.\n");

static PyObject *module_get_partition_id(PyObject *module, PyObject *digest)
{
    bool text = PyUnicode_Check(digest);
    if (!text && !PyBytes_Check(digest) && !PyByteArray_Check(digest)) {
        PyErr_Format(PyExc_TypeError, "digest must be a bytearray, bytes or str, not %.100s", Py_TYPE(digest)->tp_name);
        return NULL;
    }
    PyObject *bytes = text ? PyUnicode_AsLatin1String(digest) : PyBytes_FromObject(digest);
    if (bytes == NULL || PyBytes_GET_SIZE(bytes) != AS_DIGEST_VALUE_SIZE) {
        PyErr_Clear();
        Py_XDECREF(bytes);
        error_param(state_of_module(module), "digest must be the %d bytes that calc_digest() gives",
                    AS_DIGEST_VALUE_SIZE);
        return NULL;
    }
    uint32_t id = as_partition_getid((const uint8_t *)PyBytes_AS_STRING(bytes), PARTITIONS);
    Py_DECREF(bytes);
    return PyLong_FromUnsignedLong(id);
}

static PyMethodDef functions[] = {
    METHOD("calc_digest", module_calc_digest),
    {"get_partition_id", module_get_partition_id, METH_O, module_get_partition_id_doc},
    {NULL, NULL, 0, NULL},
};

int digest_init(PyObject *module, State *state)
{
    (void)state;
    return PyModule_AddFunctions(module, functions);
}

// ---- the methods ----

DOC(client_get_key_digest,
    "get_key_digest($self, ns, set, key)\n--\n\n"
    "The digest by which the server knows a key.\n\n"
    KEY_PARTS_DOC
    ":return: a bytearray of 20 bytes.\n");

static PyObject *client_get_key_digest(PyObject *self, METHOD_ARGS)
{
    static const Signature signature = {"get_key_digest", 3, {"ns", "set", "key"}};
    PyObject *given[3];
    as_digest digest;
    if (args_parse(&signature, args, count, keywords, given) < 0 ||
        digest_compute(((ClientObject *)self)->state, given, &digest) < 0) {
        return NULL;
    }
    return digest_to_py(digest.value);
}

DOC(client_get_key_partition_id,
    "get_key_partition_id($self, ns, set, key)\n--\n\n"
    "The partition, from 0 to 4095, that a key is in.\n\n"
    KEY_PARTS_DOC);

static int get_key_partition_id_read(Command *command, PyObject *const *given)
{
    return key_from_parts(&command->codec, given[0], given[1], given[2], &command->key, &command->keep);
}

static PyObject *get_key_partition_id_give(Command *command)
{
    return PyLong_FromUnsignedLong(as_partition_getid(command->key.digest.value, PARTITIONS));
}

static const CommandKind get_key_partition_id_command = {.signature = {"get_key_partition_id", 3, {"ns", "set", "key"}},
                                                         .policy = POLICY_KIND_COUNT,
                                                         .read = get_key_partition_id_read,
                                                         .give = get_key_partition_id_give};
COMMAND(get_key_partition_id)

PyMethodDef client_digest_methods[] = {
    METHOD("get_key_digest", client_get_key_digest),
    METHOD("get_key_partition_id", client_get_key_partition_id),
    {NULL, NULL, 0, NULL},
};
