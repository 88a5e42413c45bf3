// SPDX-License-Identifier: Apache-2.0
#include "client/command.h"

#include "client/login.h"
#include "fields.h"

#include <citrusleaf/cf_clock.h>
#include <time.h>

// ---- read ----

// The policy of a call, and how its answer is converted: the C client builds no value trees in any case.
static int read_policy(Command *command, PyObject *given)
{
    if (policy_from_py(command->settings, command->kind->policy, given, &command->policy, &command->owned) < 0) {
        return command->kind->policy_error == AEROSPIKE_OK
                   ? -1
                   : error_recode(command_state(command), command->kind->policy_error);
    }
    switch (command->kind->policy) {
    case POLICY_KIND_READ:
        command->codec = codec_for_reply(&command->codec, &command->policy.read.deserialize);
        break;
    case POLICY_KIND_OPERATE:
        command->codec = codec_for_reply(&command->codec, &command->policy.operate.deserialize);
        break;
    case POLICY_KIND_BATCH:
    case POLICY_KIND_BATCH_PARENT_WRITE:
        command->codec = codec_for_reply(&command->codec, &command->policy.batch.deserialize);
        break;
    case POLICY_KIND_INFO:
        command->policy.info.send_as_is = true;  // else the C client writes newlines over colons in our text
        break;
    default:
        break;
    }
    return 0;
}

static int read_key_part(const FieldsCall *call, const Field *field, PyObject *value, const char *Py_UNUSED(what))
{
    PyObject **part = (PyObject **)call->out + field->place;
    Py_XSETREF(*part, Py_NewRef(value));
    return 0;
}

// A key given as a dict, as the tuple that says the same. A new reference, or NULL.
static PyObject *key_from_dict(const Codec *codec, PyObject *dict)
{
    static const Field rows[] = {{.key = "ns", .kind = FIELD_OTHER, .place = 0},
                                 {.key = "set", .kind = FIELD_OTHER, .place = 1},
                                 {.key = "key", .kind = FIELD_OTHER, .place = 2},
                                 {.key = "digest", .kind = FIELD_OTHER, .place = 3},
                                 FIELDS_END};
    static const Fields fields = {.id = FIELDS_KEY, .kind = "key", .rows = rows, .read = read_key_part};
    PyObject *parts[KEY_PARTS] = {NULL};
    FieldsCall call = {codec->state, "key", "key['", "']", codec->validate_keys, false, parts, NULL};
    int result = fields_read(&call, &fields, dict);
    PyObject *tuple = result < 0 ? NULL : PyTuple_New(KEY_PARTS);
    for (Py_ssize_t i = 0; i < KEY_PARTS; i++) {
        if (tuple != NULL) {
            PyTuple_SET_ITEM(tuple, i, Py_NewRef(parts[i] == NULL ? Py_None : parts[i]));
        }
        Py_XDECREF(parts[i]);
    }
    return tuple;
}

PyObject *command_key(const Codec *codec, PyObject *given)
{
    return PyDict_Check(given) ? key_from_dict(codec, given) : Py_NewRef(given);
}

static int read_key(Command *command, PyObject *given)
{
    command->key_object = command_key(&command->codec, given);
    if (command->key_object == NULL || (command->hashed_later ? key_read : key_from_py)(
                                           &command->codec, command->key_object, &command->key, &command->keep) < 0) {
        return -1;
    }
    command->has_key = true;
    return 0;
}

int command_names(Command *command, PyObject *names)
{
    Py_ssize_t count = PySequence_Fast_GET_SIZE(names);
    command->names = PyMem_Calloc((size_t)count + 1, sizeof *command->names);
    if (command->names == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    command->number = (uint64_t)count;
    for (Py_ssize_t i = 0; i < count; i++) {
        command->names[i] = PyUnicode_AsUTF8(PySequence_Fast_GET_ITEM(names, i));
    }
    return keep_block(&command->keep, command->names);
}

int command_arguments(Command *command, PyObject *list, const char *what)
{
    if (!PyList_Check(list)) {
        return error_type(command_state(command), what, "a list", list);
    }
    command->arguments = value_to_native(&command->codec, list, what);
    return command->arguments == NULL ? -1 : 0;
}

PyObject *command_list(void)
{
    PyObject *list = PyList_New(0);
    if (list != NULL) {
        PyObject_GC_UnTrack(list);
    }
    return list;
}

// Records are tuples, of which it is known.
static inline bool is_collected(PyObject *item)
{
    return PyTuple_CheckExact(item) || PyObject_IS_GC(item);
}

int command_list_append(PyObject *list, PyObject *item)
{
    if (is_collected(item)) {
        PyObject_GC_UnTrack(item);
    }
    return PyList_Append(list, item);
}

void command_list_show(PyObject *list)
{
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        PyObject *item = PyList_GET_ITEM(list, i);
        if (is_collected(item) && !PyObject_GC_IsTracked(item)) {
            PyObject_GC_Track(item);
        }
    }
    PyObject_GC_Track(list);
}

// The first argument whose name begins so.
static PyObject *policy_given(const Signature *signature, PyObject *const *given)
{
    int place = 0;
    while (strncmp(signature->names[place], "policy", strlen("policy")) != 0) {
        place++;
    }
    return given[place];
}

int command_read(Command *command, PyObject *const *given)
{
    const CommandKind *kind = command->kind;
    command->codec = command->settings->codec;
    if ((kind->keyed && read_key(command, given[0]) < 0) ||
        (kind->policy != POLICY_KIND_COUNT && read_policy(command, policy_given(&kind->signature, given)) < 0)) {
        return -1;
    }
    return kind->read == NULL ? 0 : kind->read(command, given);
}

// ---- run ----

enum { AGAIN_AFTER = 10 };  // milliseconds

// Whether the server took the token of the C client's log-in no more, when a connection was opened: nothing was sent on
// it, and the C client's own thread is logging in anew. A wrong credential may be what a command about users is told.
bool command_must_log_in(const Command *command)
{
    const as_error *err = &command->err;
    bool about_users = command->kind->policy == POLICY_KIND_ADMIN;
    bool about_nodes = command->kind->policy == POLICY_KIND_INFO && command->answer_count == 0;
    bool ended = (err->code == AEROSPIKE_EXPIRED_SESSION && (command->kind->keyed || about_users || about_nodes)) ||
                 (err->code == AEROSPIKE_INVALID_CREDENTIAL && command->kind->keyed);
    return command->refused || (ended && !err->in_doubt);
}

// Whether the pool was empty although there was a place at the gate: where an answer did not come in time, the C client
// keeps its connection for a while, for the late answer (timeout_delay). What the command did until then was not done.
static bool must_wait(const Command *command)
{
    return command->has_place && command->kind->keyed && command->err.code == AEROSPIKE_ERR_NO_MORE_CONNECTIONS &&
           !command->err.in_doubt;
}

// How long a command may be tried again that ended so, in milliseconds.
static uint32_t command_patience(const Command *command)
{
    return command_must_log_in(command) ? LOGIN_PATIENCE : must_wait(command) ? command->connection->gate.wait : 0;
}

// Without the GIL.
static as_status command_run_patiently(Command *command)
{
    const struct timespec pause = {.tv_nsec = AGAIN_AFTER * 1000000};
    as_status status = command->kind->run(command, command->connection->as);
    uint32_t patience = status == AEROSPIKE_OK ? 0 : command_patience(command);
    uint64_t begin = patience == 0 ? 0 : cf_getms();
    while (patience > 0 && cf_getms() - begin < patience) {
        nanosleep(&pause, NULL);
        as_error_init(&command->err);
        status = command->kind->run(command, command->connection->as);
        patience = status == AEROSPIKE_OK ? 0 : command_patience(command);
    }
    return status;
}

// Commands of one transaction take turns.
static as_status command_run_in_turn(Command *command)
{
    Transaction *transaction = (Transaction *)command->owned.transaction;
    as_status status = transaction_enter(transaction, &command->err);
    if (status == AEROSPIKE_OK) {
        status = command_run_patiently(command);
        transaction_leave(transaction);
    }
    return status;
}

static int command_enter(Command *command)
{
    Gate *gate = &command->connection->gate;
    if (!gate_is_there(gate) || command->kind->local) {
        return 0;
    }
    command->has_place = gate_enter(gate, command_state(command)) == 0;
    return command->has_place ? 0 : -1;
}

static void command_leave(Command *command)
{
    if (command->has_place) {
        command->has_place = false;
        gate_leave(&command->connection->gate);
    }
}

static int command_run(Command *command)
{
    if (command->kind->run == NULL) {
        return 0;
    }
    command->connection = connection_acquire(command->client);
    if (command->connection == NULL || command_enter(command) < 0) {
        return -1;
    }
    as_status status;
    Trace *former = command->observation == NULL ? NULL : trace_begin(command->observation->trace);
    as_error_init(&command->err);
    Py_BEGIN_ALLOW_THREADS
    status = command_run_in_turn(command);
    if (command->kind->settle == NULL) {
        command_leave(command);
    }
    Py_END_ALLOW_THREADS
    if (command->observation != NULL) {
        trace_end(former);
    }
    if (status != AEROSPIKE_OK) {
        error_raise(command_state(command), &command->err);
        return -1;
    }
    return 0;
}

// ---- give ----

PyObject *command_give_zero(Command *Py_UNUSED(command))
{
    return PyLong_FromLong(0);
}

PyObject *command_give_answer(Command *command)
{
    return command->answer;
}

PyObject *command_give_record(Command *command, bool with_pk)
{
    PyObject *key = key_result_to_py(&command->key, command->key_object, with_pk);
    PyObject *result = key == NULL ? NULL : record_to_py(&command->codec, command->record, key, true);
    Py_XDECREF(key);
    return result;
}

// ---- the end ----

void command_release(Command *command)
{
    if (command->record != NULL) {
        as_record_destroy(command->record);
    }
    if (command->has_written) {
        as_record_destroy(&command->written);
    }
    if (command->has_key) {
        as_key_destroy(&command->key);
    }
    as_operations_destroy(&command->operations);
    as_val_destroy(command->arguments);
    if (command->kind->release != NULL) {
        command->kind->release(command);
    }
    policy_release(&command->owned);
    keep_release(&command->keep);
    Py_XDECREF(command->key_object);
    Py_XDECREF(command->bin_object);
    if (command->connection != NULL) {
        command_leave(command);
        connection_release(command->connection);
    }
    settings_release(command->settings);
}

PyObject *command_result(Command *command, bool ran)
{
    const CommandKind *kind = command->kind;
    PyObject *result = ran ? kind->give(command) : NULL;
    if (result == NULL && kind->keyed) {
        error_note_record(command_state(command), command->key_object, command->bin_object);
    }
    if (result == NULL && kind->note != NULL) {
        kind->note(command);
    }
    if (command->observation != NULL) {
        command_leave(command);  // a hook may use the client
        observation_end(command_state(command), command->observation, command);
    }
    return result;
}

PyObject *command_call(const CommandKind *kind, PyObject *self, METHOD_ARGS)
{
    PyObject *given[ARGS_MAX], *result = NULL;
    Settings *settings = settings_acquire((ClientObject *)self);  // a closed client says so before anything else
    if (settings == NULL) {
        return NULL;
    }
    if (args_parse(&kind->signature, args, count, keywords, given) < 0) {
        settings_release(settings);
        return NULL;
    }
    Command command;
    memset(&command, 0, offsetof(Command, policy));
    command.kind = kind;
    command.client = (ClientObject *)self;
    command.settings = settings;
    bool ready = command_read(&command, given) == 0;
    Observation observation;
    if (ready && observed(command.client, settings) && observation_begin(&command, &observation)) {
        command.observation = &observation;
    }
    bool ran = ready && command_run(&command) == 0 && (kind->settle == NULL || kind->settle(&command) == 0);
    result = command_result(&command, ran);
    command_release(&command);
    return result;
}
