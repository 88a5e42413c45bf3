// SPDX-License-Identifier: Apache-2.0
// The cluster's nodes, info commands and truncation.
#include "client/command.h"
#include "client/doc.h"
#include "client/spread.h"
#include "client/texts.h"

#include <aerospike/aerospike_info.h>
#include <aerospike/as_cluster.h>
#include <aerospike/as_node.h>

// ---- nodes ----

static as_status nodes_run(Command *command, aerospike *as)
{
    command->answer = as_nodes_reserve(as->cluster);
    return AEROSPIKE_OK;
}

static void nodes_release(Command *command)
{
    if (command->answer != NULL) {
        as_nodes_release(command->answer);
    }
}

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

static PyObject *nodes_to_py(const as_nodes *nodes, PyObject *(*describe)(const as_node *))
{
    PyObject *list = PyList_New(0);
    for (uint32_t i = 0; list != NULL && i < nodes->size; i++) {
        PyObject *entry = describe(nodes->array[i]);
        if (entry == NULL || PyList_Append(list, entry) < 0) {
            Py_CLEAR(list);
        }
        Py_XDECREF(entry);
    }
    return list;
}

DOC(client_get_nodes,
    "get_nodes($self)\n--\n\n"
    "The nodes of the cluster.\n\n"
    ":return: ``[(address, port)]``.");

static PyObject *get_nodes_give(Command *command)
{
    return nodes_to_py(command->answer, node_host);
}

static const CommandKind get_nodes_command = {.signature = {"get_nodes", 0, {NULL}},
                                              .policy = POLICY_KIND_COUNT,
                                              .run = nodes_run,
                                              .local = true,
                                              .give = get_nodes_give,
                                              .release = nodes_release};
COMMAND(get_nodes)

DOC(client_get_node_names,
    "get_node_names($self)\n--\n\n"
    "The nodes of the cluster, with their names.\n\n"
    ":return: ``[{'address': str, 'port': int, 'node_name': str}]``.");

static PyObject *get_node_names_give(Command *command)
{
    return nodes_to_py(command->answer, node_entry);
}

static const CommandKind get_node_names_command = {.signature = {"get_node_names", 0, {NULL}},
                                                   .policy = POLICY_KIND_COUNT,
                                                   .run = nodes_run,
                                                   .local = true,
                                                   .give = get_node_names_give,
                                                   .release = nodes_release};
COMMAND(get_node_names)

DOC(client_shm_key,
    "shm_key($self)\n--\n\n"
    "The key of the shared memory that the client uses, or None where it uses none.");

static as_status shm_key_run(Command *command, aerospike *as)
{
    command->number = (uint32_t)as->config.shm_key;
    command->answer = as->config.use_shm ? as : NULL;
    return AEROSPIKE_OK;
}

static PyObject *shm_key_give(Command *command)
{
    return command->answer == NULL ? Py_NewRef(Py_None) : PyLong_FromUnsignedLongLong(command->number);
}

static const CommandKind shm_key_command = {.signature = {"shm_key", 0, {NULL}},
                                            .policy = POLICY_KIND_COUNT,
                                            .run = shm_key_run,
                                            .local = true,
                                            .give = shm_key_give};
COMMAND(shm_key)

// ---- info commands ----

#define COMMAND_DOC ":param str command: the info command, ``'namespaces'`` for one.\n"

static int info_read(Command *command, PyObject *const *given)
{
    command->text = text_from_py(command_state(command), "command", given[0]);
    return command->text == NULL ? -1 : keep_object(&command->keep, given[0]);
}

// The C client does not always say what is wrong: time was up, of which it says no more than the node, or there was no
// node to ask.
static as_status info_ran(Command *command, as_status status)
{
    as_error *err = &command->err;
    if (status == AEROSPIKE_ERR_TIMEOUT && (err->message[0] == ' ' || err->message[0] == '\0')) {
        char from[64];
        snprintf(from, sizeof from, "%.63s", err->message);
        return as_error_update(err, status, "no answer within the timeout of the info policy, %u ms,%s",
                               command->policy.info.timeout, from);
    }
    if (status != AEROSPIKE_OK && (err->code == AEROSPIKE_OK || err->message[0] == '\0')) {
        as_error_update(err, status, "the client knows no node of the cluster that can be reached");
    }
    return status;
}

DOC(client_info_all,
    "info_all($self, command, policy=None)\n--\n\n"
    "Send an info command to every node.\n\n"
    COMMAND_DOC
    POLICY_DOC("info")
    ":return: ``{node name: (error or None, answer)}``.\n");

// What one node answered.
typedef struct Answer {
    struct Answer *next;
    char node[AS_NODE_NAME_SIZE];
    char *error;  // NULL: none
    char *text;
} Answer;

static void answers_release(Command *command)
{
    for (Answer *answer = command->answer, *next; answer != NULL; answer = next) {
        next = answer->next;
        free(answer->error);
        free(answer->text);
        free(answer);
    }
}

// The answer repeats the request, but not a newline at its end, before a tab.
static const char *answer_text(const char *request, const char *response)
{
    size_t echo = strcspn(request, "\n");
    if (response == NULL) {
        return "";
    }
    return strncmp(response, request, echo) == 0 && response[echo] == '\t' ? response + echo + 1 : response;
}

// Called for each node in turn, on the thread of the call.
static bool on_answer(const as_error *err, const as_node *node, const char *request, char *response, void *udata)
{
    Command *command = udata;
    Answer *answer = calloc(1, sizeof *answer);
    if (answer == NULL) {
        return false;
    }
    Answer **end = (Answer **)&command->answer;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = answer;
    ((Command *)udata)->answer_count++;
    strcpy(answer->node, node->name);
    bool failed = err != NULL && err->code != AEROSPIKE_OK;
    answer->error = failed ? strdup(err->message) : NULL;
    answer->text = strdup(answer_text(request, response));
    return answer->text != NULL && (!failed || answer->error != NULL);
}

static as_status info_all_run(Command *command, aerospike *as)
{
    as_status status =
        aerospike_info_foreach(as, &command->err, &command->policy.info, command->text, on_answer, command);
    if (status == AEROSPIKE_ERR_QUERY_ABORTED) {
        return as_error_update(&command->err, AEROSPIKE_ERR_CLIENT, "out of memory");
    }
    return info_ran(command, status == AEROSPIKE_OK && command->answer == NULL ? AEROSPIKE_ERR_CLUSTER : status);
}

static PyObject *info_all_give(Command *command)
{
    PyObject *answers = PyDict_New();
    for (const Answer *answer = command->answer; answers != NULL && answer != NULL; answer = answer->next) {
        PyObject *text = PyUnicode_DecodeUTF8(answer->text, (Py_ssize_t)strlen(answer->text), "replace");
        PyObject *pair = text == NULL ? NULL : Py_BuildValue("(zN)", answer->error, text);
        if (pair == NULL || PyDict_SetItemString(answers, answer->node, pair) < 0) {
            Py_CLEAR(answers);
        }
        Py_XDECREF(pair);
    }
    return answers;
}

static const CommandKind info_all_command = {.signature = {"info_all", 1, {"command", "policy"}},
                                             .policy = POLICY_KIND_INFO,
                                             .read = info_read,
                                             .run = info_all_run,
                                             .give = info_all_give,
                                             .release = answers_release};
COMMAND(info_all)

static PyObject *response_give(Command *command)
{
    const char *answer = command->answer == NULL ? "" : command->answer;  // there may be none
    return PyUnicode_DecodeUTF8(answer, (Py_ssize_t)strlen(answer), "replace");
}

static void response_release(Command *command)
{
    cf_free(command->answer);
}

DOC(client_info_random_node,
    "info_random_node($self, command, policy=None)\n--\n\n"
    "Send an info command to some node.\n\n"
    COMMAND_DOC
    POLICY_DOC("info")
    ":return: the answer as the node gave it, ``'command\\tvalue\\n'``.\n");

static as_status info_random_node_run(Command *command, aerospike *as)
{
    return info_ran(command, aerospike_info_any(as, &command->err, &command->policy.info, command->text,
                                                (char **)&command->answer));
}

static const CommandKind info_random_node_command = {.signature = {"info_random_node", 1, {"command", "policy"}},
                                                     .policy = POLICY_KIND_INFO,
                                                     .read = info_read,
                                                     .run = info_random_node_run,
                                                     .give = response_give,
                                                     .release = response_release};
COMMAND(info_random_node)

DOC(client_info_single_node,
    "info_single_node($self, command, host, policy=None)\n--\n\n"
    "Send an info command to one node.\n\n"
    COMMAND_DOC
    ":param str host: the node's name, as get_node_names() tells it.\n"
    POLICY_DOC("info")
    ":return: the answer as the node gave it, ``'command\\tvalue\\n'``.\n"
    ":raises ParamError: there is no such node.\n");

static int info_single_node_read(Command *command, PyObject *const *given)
{
    command->node = text_from_py(command_state(command), "host (the name of a node)", given[1]);
    return command->node == NULL || keep_object(&command->keep, given[1]) < 0 ? -1 : info_read(command, given);
}

static as_status info_single_node_run(Command *command, aerospike *as)
{
    as_node *node = as_node_get_by_name(as->cluster, command->node);
    if (node == NULL) {
        return as_error_update(&command->err, AEROSPIKE_ERR_PARAM, "host '%s' is not the name of a node of the cluster",
                               command->node);
    }
    as_status status =
        aerospike_info_node(as, &command->err, &command->policy.info, node, command->text, (char **)&command->answer);
    as_node_release(node);
    return info_ran(command, status);
}

static const CommandKind info_single_node_command = {
    .signature = {"info_single_node", 2, {"command", "host", "policy"}},
    .policy = POLICY_KIND_INFO,
    .read = info_single_node_read,
    .run = info_single_node_run,
    .give = response_give,
    .release = response_release};
COMMAND(info_single_node)

// ---- truncation ----

DOC(client_truncate,
    "truncate($self, namespace, set, nanos, policy=None)\n--\n\n"
    "Remove all records of a set, or of a namespace, that were last written before a time.\n\n"
    ":param str namespace: the namespace.\n"
    ":param str set: the set; None: the whole namespace.\n"
    ":param int nanos: nanoseconds since 1970; 0: now.\n"
    POLICY_DOC("info")
    ":return: 0. The records are gone soon after.\n"
    ":raises InvalidRequest: the time has not come yet, or the set's name is empty.\n");

// The names are those of a key, of which nothing else is asked.
static int truncate_read(Command *command, PyObject *const *given)
{
    PyObject *zero = PyLong_FromLong(0);
    int result =
        zero == NULL ? -1 : key_from_parts(&command->codec, given[0], given[1], zero, &command->key, &command->keep);
    Py_XDECREF(zero);
    command->text = given[1] == Py_None ? NULL : command->key.set;  // an empty name is no name: the server refuses it
    return result < 0 ? -1 : natural_from_py(command_state(command), given[2], "nanos", &command->number);
}

static as_status truncate_run(Command *command, aerospike *as)
{
    return info_ran(command, aerospike_truncate(as, &command->err, &command->policy.info, command->key.ns,
                                                command->text, command->number));
}

static void truncate_tell(const Command *command, Report *report)
{
    report_place(report, command->key.ns, command->text);
}

static const CommandKind truncate_command = {.signature = {"truncate", 3, {"namespace", "set", "nanos", "policy"}},
                                             .policy = POLICY_KIND_INFO,
                                             .read = truncate_read,
                                             .run = truncate_run,
                                             .give = command_give_zero,
                                             .tell = truncate_tell};
COMMAND(truncate)

// ---- what goes to other data centers ----

DOC(client_set_xdr_filter,
    "set_xdr_filter($self, data_center, namespace, expression_filter, policy=None)\n--\n\n"
    "Choose which records of a namespace XDR ships to a data center. Servers of the Enterprise Edition have XDR.\n\n"
    ":param str data_center: the name of the data center in the server's configuration.\n"
    ":param str namespace: the namespace.\n"
    ":param list expression_filter: a compiled expression, of the records that are shipped; None: all are.\n"
    POLICY_DOC("info")
    ":return: the answer as the node gave it, ``'command\\tok\\n'``; the node tells the others.\n"
    ":raises ServerError: the server knows no such data center, or has no XDR.\n");

static int set_xdr_filter_read(Command *command, PyObject *const *given)
{
    const char *data_center = spread_name(command, "data_center", given[0], ";");
    const char *namespace = data_center == NULL ? NULL : spread_name(command, "namespace", given[1], ";");
    if (namespace == NULL) {
        return -1;
    }
    PyObject *filter = given[2] == Py_None ? PyUnicode_FromString("null")
                                           : expression_text(&command->codec, given[2], "expression_filter");
    PyObject *text = filter == NULL ? NULL
                                    : PyUnicode_FromFormat("xdr-set-filter:dc=%s;namespace=%s;exp=%U", data_center,
                                                           namespace, filter);
    Py_XDECREF(filter);
    command->text = keep_new(&command->keep, text) == NULL ? NULL : PyUnicode_AsUTF8(text);
    return command->text == NULL ? -1 : 0;
}

static const CommandKind set_xdr_filter_command = {
    .signature = {"set_xdr_filter", 3, {"data_center", "namespace", "expression_filter", "policy"}},
    .policy = POLICY_KIND_INFO,
    .read = set_xdr_filter_read,
    .run = info_random_node_run,
    .give = response_give,
    .release = response_release};
COMMAND(set_xdr_filter)

PyMethodDef client_info_methods[] = {
    METHOD("get_nodes", client_get_nodes),
    METHOD("get_node_names", client_get_node_names),
    METHOD("shm_key", client_shm_key),
    METHOD("info_all", client_info_all),
    METHOD("info_random_node", client_info_random_node),
    METHOD("info_single_node", client_info_single_node),
    METHOD("truncate", client_truncate),
    METHOD("set_xdr_filter", client_set_xdr_filter),
    {NULL, NULL, 0, NULL},
};
