// SPDX-License-Identifier: Apache-2.0
// The cluster's nodes, info commands, truncation, and where a key lives.
#include "args.h"
#include "client.h"
#include "policy.h"

#include <aerospike/aerospike_info.h>
#include <aerospike/as_cluster.h>
#include <aerospike/as_node.h>

// ---- nodes ----

static PyObject *node_host(const as_node *node)
{
    const as_address *address = &node->addresses[node->address_index];
    char name[INET6_ADDRSTRLEN];
    struct sockaddr *socket = (struct sockaddr *)&address->addr;
    as_address_short_name(socket, name, sizeof name);
    return Py_BuildValue("(si)", name, (int)as_address_port(socket));
}

static PyObject *node_entry(const as_node *node)
{
    PyObject *host = node_host(node);
    PyObject *entry = host == NULL ? NULL
                                   : Py_BuildValue("{sOsOss}", "address", PyTuple_GET_ITEM(host, 0), "port",
                                                   PyTuple_GET_ITEM(host, 1), "node_name", node->name);
    Py_XDECREF(host);
    return entry;
}

static PyObject *list_nodes(PyObject *self, PyObject *(*describe)(const as_node *))
{
    Connection *connection = connection_acquire((ClientObject *)self);
    if (connection == NULL) {
        return NULL;
    }
    as_nodes *nodes = as_nodes_reserve(connection->as->cluster);
    PyObject *list = PyList_New(0);
    for (uint32_t i = 0; list != NULL && i < nodes->size; i++) {
        PyObject *entry = describe(nodes->array[i]);
        if (entry == NULL || PyList_Append(list, entry) < 0) {
            Py_CLEAR(list);
        }
        Py_XDECREF(entry);
    }
    as_nodes_release(nodes);
    connection_release(connection);
    return list;
}

static PyObject *client_get_nodes(PyObject *self, PyObject *Py_UNUSED(none))
{
    return list_nodes(self, node_host);
}

static PyObject *client_get_node_names(PyObject *self, PyObject *Py_UNUSED(none))
{
    return list_nodes(self, node_entry);
}

static PyObject *client_shm_key(PyObject *self, PyObject *Py_UNUSED(none))
{
    Connection *connection = connection_acquire((ClientObject *)self);
    if (connection == NULL) {
        return NULL;
    }
    const as_config *config = &connection->as->config;
    PyObject *key = config->use_shm ? PyLong_FromUnsignedLong((uint32_t)config->shm_key) : Py_NewRef(Py_None);
    connection_release(connection);
    return key;
}

// ---- info commands ----

typedef struct Answers {
    PyObject *dict;
    bool failed;
} Answers;

// Called for each node in turn, on the thread of the call.
static bool on_answer(const as_error *err, const as_node *node, const char *request, char *response, void *udata)
{
    Answers *answers = udata;
    PyGILState_STATE gil = PyGILState_Ensure();
    // the answer repeats the request, but not a newline at its end, before a tab
    size_t echo = strcspn(request, "\n");
    const char *text = response == NULL ? "" : response;
    if (strncmp(text, request, echo) == 0 && text[echo] == '\t') {
        text += echo + 1;
    }
    PyObject *problem =
        err == NULL || err->code == AEROSPIKE_OK ? Py_NewRef(Py_None) : PyUnicode_FromString(err->message);
    PyObject *decoded = PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "replace");
    PyObject *pair = problem == NULL || decoded == NULL ? NULL : PyTuple_Pack(2, problem, decoded);
    if (pair == NULL || PyDict_SetItemString(answers->dict, node->name, pair) < 0) {
        answers->failed = true;
    }
    Py_XDECREF(problem);
    Py_XDECREF(decoded);
    Py_XDECREF(pair);
    bool more = !answers->failed;
    PyGILState_Release(gil);
    return more;
}

// The policy of an info command. 0 or -1.
static int read_policy(ClientObject *client, PyObject *given, as_policy_info *policy)
{
    PolicyOwned owned = {0};  // an info policy owns nothing
    Settings *settings = settings_acquire(client);
    int result = settings == NULL ? -1 : policy_from_py(settings, POLICY_KIND_INFO, given, policy, &owned);
    settings_release(settings);
    return result;
}

// The C client does not always say what is wrong: there was no node to ask.
static PyObject *raise_failure(ClientObject *client, as_status status, as_error *err)
{
    if (err->code == AEROSPIKE_OK || err->message[0] == '\0') {
        as_error_update(err, status == AEROSPIKE_OK ? AEROSPIKE_ERR_CLUSTER : status,
                        "the client knows no node of the cluster that can be reached");
    }
    return error_raise(client->state, err);
}

static PyObject *client_info_all(PyObject *self, METHOD_ARGS)
{
    static const Signature signature = {"info_all", 1, {"command", "policy"}};
    ClientObject *client = (ClientObject *)self;
    PyObject *given[2];
    as_policy_info policy;
    if (args_parse(&signature, args, count, keywords, given) < 0) {
        return NULL;
    }
    const char *command = text_from_py(client->state, "command", given[0]);
    if (command == NULL || read_policy(client, given[1], &policy) < 0) {
        return NULL;
    }
    Answers answers = {PyDict_New(), false};
    if (answers.dict == NULL) {
        return NULL;
    }
    as_error err;
    as_status status;
    CLIENT_RUN(client, status, aerospike_info_foreach(as, &err, &policy, command, on_answer, &answers));
    if (status == AEROSPIKE_OK && !answers.failed) {
        return answers.dict;
    }
    Py_DECREF(answers.dict);
    return status == CLIENT_NOT_RUN || answers.failed ? NULL : raise_failure(client, status, &err);
}

// The answer as text, freed here.
static PyObject *give_response(ClientObject *client, as_status status, as_error *err, char *response)
{
    PyObject *text = NULL;
    if (status == AEROSPIKE_OK) {
        const char *answer = response == NULL ? "" : response;  // there may be none
        text = PyUnicode_DecodeUTF8(answer, (Py_ssize_t)strlen(answer), "replace");
    } else if (status != CLIENT_NOT_RUN) {
        raise_failure(client, status, err);
    }
    cf_free(response);
    return text;
}

static PyObject *client_info_random_node(PyObject *self, METHOD_ARGS)
{
    static const Signature signature = {"info_random_node", 1, {"command", "policy"}};
    ClientObject *client = (ClientObject *)self;
    PyObject *given[2];
    as_policy_info policy;
    if (args_parse(&signature, args, count, keywords, given) < 0) {
        return NULL;
    }
    const char *command = text_from_py(client->state, "command", given[0]);
    if (command == NULL || read_policy(client, given[1], &policy) < 0) {
        return NULL;
    }
    as_error err;
    as_status status;
    char *response = NULL;
    CLIENT_RUN(client, status, aerospike_info_any(as, &err, &policy, command, &response));
    return give_response(client, status, &err, response);
}

static as_status info_on_node(aerospike *as, as_error *err, const as_policy_info *policy, const char *command,
                              const char *name, char **response)
{
    as_node *node = as_node_get_by_name(as->cluster, name);
    if (node == NULL) {
        return as_error_update(err, AEROSPIKE_ERR_PARAM, "host '%s' is not the name of a node of the cluster", name);
    }
    as_status status = aerospike_info_node(as, err, policy, node, command, response);
    as_node_release(node);
    return status;
}

static PyObject *client_info_single_node(PyObject *self, METHOD_ARGS)
{
    static const Signature signature = {"info_single_node", 2, {"command", "host", "policy"}};
    ClientObject *client = (ClientObject *)self;
    PyObject *given[3];
    as_policy_info policy;
    if (args_parse(&signature, args, count, keywords, given) < 0) {
        return NULL;
    }
    const char *command = text_from_py(client->state, "command", given[0]);
    if (command == NULL || read_policy(client, given[2], &policy) < 0) {
        return NULL;
    }
    const char *name = text_from_py(client->state, "host (the name of a node)", given[1]);
    if (name == NULL) {
        return NULL;
    }
    as_error err;
    as_status status;
    char *response = NULL;
    CLIENT_RUN(client, status, info_on_node(as, &err, &policy, command, name, &response));
    return give_response(client, status, &err, response);
}

// ---- truncation ----

static PyObject *client_truncate(PyObject *self, METHOD_ARGS)
{
    static const Signature signature = {"truncate", 3, {"namespace", "set", "nanos", "policy"}};
    ClientObject *client = (ClientObject *)self;
    PyObject *given[4];
    as_policy_info policy;
    as_key names;
    Keep keep = {0};
    uint64_t nanos;
    if (args_parse(&signature, args, count, keywords, given) < 0 ||
        natural_from_py(client->state, given[2], "nanos", &nanos) < 0 || read_policy(client, given[3], &policy) < 0) {
        return NULL;
    }
    PyObject *zero = PyLong_FromLong(0);
    Codec codec = {.state = client->state};
    int result = zero == NULL ? -1 : key_from_parts(&codec, given[0], given[1], zero, &names, &keep);
    Py_XDECREF(zero);
    keep_release(&keep);
    if (result < 0) {
        return NULL;
    }
    as_error err;
    as_status status;
    const char *set = given[1] == Py_None ? NULL : names.set;  // an empty name is no name: the server refuses it
    CLIENT_RUN(client, status, aerospike_truncate(as, &err, &policy, names.ns, set, nanos));
    if (status == AEROSPIKE_OK) {
        return PyLong_FromLong(0);
    }
    return status == CLIENT_NOT_RUN ? NULL : raise_failure(client, status, &err);
}

// ---- digests ----

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

static int digest_parse(State *state, const Signature *signature, METHOD_ARGS, as_digest *out)
{
    PyObject *given[3];
    return args_parse(signature, args, count, keywords, given) < 0 ? -1 : digest_compute(state, given, out);
}

enum { PARTITIONS = 4096 };

static PyObject *client_get_key_digest(PyObject *self, METHOD_ARGS)
{
    static const Signature signature = {"get_key_digest", 3, {"ns", "set", "key"}};
    as_digest digest;
    int result = digest_parse(((ClientObject *)self)->state, &signature, args, count, keywords, &digest);
    return result < 0 ? NULL : digest_to_py(&digest);
}

static PyObject *client_get_key_partition_id(PyObject *self, METHOD_ARGS)
{
    static const Signature signature = {"get_key_partition_id", 3, {"ns", "set", "key"}};
    as_digest digest;
    int result = digest_parse(((ClientObject *)self)->state, &signature, args, count, keywords, &digest);
    return result < 0 ? NULL : PyLong_FromUnsignedLong(as_partition_getid(digest.value, PARTITIONS));
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

static PyObject *module_calc_digest(PyObject *module, METHOD_ARGS)
{
    static const Signature signature = {"calc_digest", 3, {"ns", "set", "key"}};
    PyObject *given[3];
    as_digest digest;
    if (args_parse(&signature, args, count, keywords, given) < 0 || digest_types(given) < 0 ||
        digest_compute(state_of_module(module), given, &digest) < 0) {
        return NULL;
    }
    return digest_to_py(&digest);
}

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
    METHOD("calc_digest", module_calc_digest,
           "calc_digest($module, ns, set, key)\n--\n\n"
           "The digest by which the server knows a key.\n\n"
           ":param str ns: the namespace.\n:param str set: the set, or None.\n:param key: the primary key: str, int, "
           "bytes\n"
           "    or bytearray.\n:return: a bytearray of 20 bytes.\n:raises TypeError: an argument is of another type.\n"
           ":raises ParamError: an argument is not valid.\n"),
    {"get_partition_id", module_get_partition_id, METH_O,
     "get_partition_id($module, digest, /)\n--\n\n"
     "The partition, from 0 to 4095, of a record.\n\n:param digest: the 20 bytes that calc_digest() gives.\n"
     ":raises TypeError: digest is of another type.\n:raises ParamError: it has not 20 bytes.\n"},
    {NULL, NULL, 0, NULL},
};

int info_init(PyObject *module, State *state)
{
    (void)state;
    return PyModule_AddFunctions(module, functions);
}

#define COMMAND_DOC ":param str command: the info command, ``'namespaces'`` for one.\n"
#define POLICY_DOC ":param dict policy: see :ref:`info`; default: the client's.\n"
#define KEY_DOC                                                                                                        \
    ":param str ns: the namespace.\n:param str set: the set, or None.\n"                                               \
    ":param key: the primary key: str, int, bytes or bytearray.\n"

PyMethodDef client_info_methods[] = {
    {"get_nodes", client_get_nodes, METH_NOARGS,
     "get_nodes($self)\n--\n\nThe nodes of the cluster.\n\n:return: ``[(address, port)]``."},
    {"get_node_names", client_get_node_names, METH_NOARGS,
     "get_node_names($self)\n--\n\nThe nodes of the cluster, with their names.\n\n"
     ":return: ``[{'address': str, 'port': int, 'node_name': str}]``."},
    {"shm_key", client_shm_key, METH_NOARGS,
     "shm_key($self)\n--\n\nThe key of the shared memory that the client uses, or None where it uses none."},
    METHOD("info_all", client_info_all,
           "info_all($self, command, policy=None)\n--\n\nSend an info command to every node.\n\n" COMMAND_DOC POLICY_DOC
           ":return: ``{node name: (error or None, answer)}``.\n"),
    METHOD("info_random_node", client_info_random_node,
           "info_random_node($self, command, policy=None)\n--\n\nSend an info command to some "
           "node.\n\n" COMMAND_DOC POLICY_DOC ":return: the answer as the node gave it, ``'command\\tvalue\\n'``.\n"),
    METHOD(
        "info_single_node", client_info_single_node,
        "info_single_node($self, command, host, policy=None)\n--\n\nSend an info command to one node.\n\n" COMMAND_DOC
        ":param str host: the node's name, as get_node_names() tells it.\n" POLICY_DOC
        ":return: the answer as the node gave it, ``'command\\tvalue\\n'``.\n"
        ":raises ParamError: there is no such node.\n"),
    METHOD("truncate", client_truncate,
           "truncate($self, namespace, set, nanos, policy=None)\n--\n\n"
           "Remove all records of a set, or of a namespace, that were last written before a time.\n\n"
           ":param str namespace: the namespace.\n:param str set: the set; None: the whole namespace.\n"
           ":param int nanos: nanoseconds since 1970; 0: now.\n" POLICY_DOC
           ":return: 0. The records are gone soon after.\n"
           ":raises InvalidRequest: the time has not come yet, or the set's name is empty.\n"),
    METHOD("get_key_digest", client_get_key_digest,
           "get_key_digest($self, ns, set, key)\n--\n\nThe digest by which the server knows a key.\n\n" KEY_DOC
           ":return: a bytearray of 20 bytes.\n"),
    METHOD("get_key_partition_id", client_get_key_partition_id,
           "get_key_partition_id($self, ns, set, key)\n--\n\nThe partition, from 0 to 4095, that a key is "
           "in.\n\n" KEY_DOC),
    {NULL, NULL, 0, NULL},
};
