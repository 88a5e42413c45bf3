// SPDX-License-Identifier: Apache-2.0
// Commands on one record.
#include "client/command.h"
#include "client/doc.h"
#include "operate/operate.h"

#include <aerospike/aerospike_key.h>

// ---- reading ----

DOC(client_get,
    "get($self, key, policy=None)\n--\n\n"
    "Read a record with all its bins.\n\n"
    KEY_DOC
    POLICY_DOC("read")
    ":return: ``(key, meta, bins)``: key as ``(namespace, set, primary key or None, digest)``, where the primary\n"
    "    key is shown if the policy's ``key`` is ``POLICY_KEY_SEND``; meta as\n"
    "    ``{'ttl': seconds, 'gen': generation}``; bins as ``{name: value}``.\n"
    ":raises RecordNotFound: there is no such record.\n"
    ":raises FilteredOut: the policy's ``expressions`` drop the record.\n");

static as_status get_run(Command *command, aerospike *as)
{
    return aerospike_key_get(as, &command->err, &command->policy.read, &command->key, &command->record);
}

// The vendor's client shows the primary key of a get only where it sent it along.
static PyObject *get_give(Command *command)
{
    return command_give_record(command, command->policy.read.key == AS_POLICY_KEY_SEND);
}

static as_status get_start(Command *command, aerospike *as, as_event_loop *loop)
{
    return aerospike_key_get_async(as, &command->err, &command->policy.read, &command->key, command_on_record, command,
                                   loop, NULL);
}

static const CommandKind get_command = {.signature = {"get", 1, {"key", "policy"}},
                                        .keyed = true,
                                        .policy = POLICY_KIND_READ,
                                        .run = get_run,
                                        .start = get_start,
                                        .fusion = FUSION_READ,
                                        .give = get_give};
COMMAND_FLYING(get)

// Names of bins, checked, as a list that the command keeps. `what` names the argument, `code` is the error of a name
// that is no str. One that is too long is left out where `lenient`. NULL with an exception.
static PyObject *bin_names_from_py(Command *command, const char *what, PyObject *bins, as_status code, bool lenient)
{
    State *state = command_state(command);
    PyObject *names = command_list();
    int result = keep_new(&command->keep, names) == NULL ? -1 : 0;
    for (Py_ssize_t i = 0; result == 0 && i < PySequence_Fast_GET_SIZE(bins); i++) {
        PyObject *name = PySequence_Fast_GET_ITEM(bins, i);
        if (!PyUnicode_Check(name)) {
            result = error_set(state, code, "%s: a bin name must be a str, not %.100s", what, Py_TYPE(name)->tp_name);
        } else if (!lenient || !bin_name_too_long(name)) {
            result = bin_name_from_py(state, name) == NULL ? -1 : PyList_Append(names, name);
        }
    }
    if (result == 0 && PyList_GET_SIZE(names) == 0) {
        result = error_set(state, AEROSPIKE_ERR_REQUEST_INVALID, "%s must name at least one bin", what);
    }
    return result < 0 ? NULL : names;
}

DOC(client_select,
    "select($self, key, bins, policy=None)\n--\n\n"
    "Read some bins of a record.\n\n"
    KEY_DOC
    ":param list bins: bin names; one that the record has not is left out of the result.\n"
    POLICY_DOC("read")
    ":return: ``(key, meta, bins)``, as get() does.\n"
    ":raises RecordNotFound: there is no such record.\n"
    ":raises InvalidRequest: bins is empty.\n");

static int select_read(Command *command, PyObject *const *given)
{
    if (!PyList_Check(given[1]) && !PyTuple_Check(given[1])) {
        return error_type(command_state(command), "bins", "a list of bin names", given[1]);
    }
    PyObject *names = bin_names_from_py(command, "bins", given[1], AEROSPIKE_ERR_PARAM, !command->codec.strict_types);
    return names == NULL ? -1 : command_names(command, names);
}

static as_status select_run(Command *command, aerospike *as)
{
    return aerospike_key_select(as, &command->err, &command->policy.read, &command->key, command->names,
                                &command->record);
}

static PyObject *select_give(Command *command)
{
    return command_give_record(command, true);
}

static as_status select_start(Command *command, aerospike *as, as_event_loop *loop)
{
    return aerospike_key_select_async(as, &command->err, &command->policy.read, &command->key, command->names,
                                      command_on_record, command, loop, NULL);
}

static const CommandKind select_command = {.signature = {"select", 2, {"key", "bins", "policy"}},
                                           .keyed = true,
                                           .policy = POLICY_KIND_READ,
                                           .read = select_read,
                                           .run = select_run,
                                           .start = select_start,
                                           .give = select_give};
COMMAND_FLYING(select)

DOC(client_exists,
    "exists($self, key, policy=None)\n--\n\n"
    "Look whether a record exists, without reading its bins.\n\n"
    KEY_DOC
    POLICY_DOC("read")
    ":return: ``(key, meta)``; meta is None where there is no such record.\n");

static as_status exists_run(Command *command, aerospike *as)
{
    as_status status = aerospike_key_exists(as, &command->err, &command->policy.read, &command->key, &command->record);
    return status == AEROSPIKE_ERR_RECORD_NOT_FOUND ? AEROSPIKE_OK : status;  // without a record
}

static PyObject *exists_give(Command *command)
{
    PyObject *key = key_result_to_py(&command->key, command->key_object, true);
    PyObject *meta = command->record == NULL ? Py_NewRef(Py_None) : record_meta_to_py(&command->codec, command->record);
    PyObject *result = key == NULL || meta == NULL ? NULL : PyTuple_Pack(2, key, meta);
    Py_XDECREF(key);
    Py_XDECREF(meta);
    return result;
}

static void exists_on_record(as_error *err, as_record *record, void *command, as_event_loop *loop)
{
    bool absent = err != NULL && err->code == AEROSPIKE_ERR_RECORD_NOT_FOUND;
    command_on_record(absent ? NULL : err, record, command, loop);
}

static as_status exists_start(Command *command, aerospike *as, as_event_loop *loop)
{
    return aerospike_key_exists_async(as, &command->err, &command->policy.read, &command->key, exists_on_record,
                                      command, loop, NULL);
}

static const CommandKind exists_command = {.signature = {"exists", 1, {"key", "policy"}},
                                           .keyed = true,
                                           .policy = POLICY_KIND_READ,
                                           .run = exists_run,
                                           .start = exists_start,
                                           .give = exists_give};
COMMAND_FLYING(exists)

// ---- writing whole bins ----

DOC(client_put,
    "put($self, key, bins, meta=None, policy=None, serializer=None)\n--\n\n"
    "Write bins of a record; it is created if need be. A bin of value None is removed.\n\n"
    KEY_DOC
    ":param dict bins: ``{name: value}``, names of at most 15 bytes.\n"
    META_DOC
    POLICY_DOC("write")
    ":param int serializer: ``SERIALIZER_USER`` or ``SERIALIZER_NONE``, for values of other types than Aerospike's;\n"
    "    the manual says what ``SERIALIZER_PYTHON`` does.\n"
    ":return: 0.\n"
    WRITE_RAISES_DOC
    ":raises RecordExistsError: the policy's ``exists`` asks for a new record.\n"
    ":raises RecordNotFound: the policy's ``exists`` asks for a record that is there.\n"
    ":raises InvalidRequest: bins is empty.\n"
    ":raises BinNameError: a bin's name is longer than 15 bytes.\n"
    ":raises RecordTooBig: the record would be larger than the server allows.\n");

// `bins`, a dict, with the meta that goes along.
static int read_written(Command *command, PyObject *bins, PyObject *meta)
{
    as_record *written = &command->written;
    if (record_from_py(&command->codec, bins, written, &command->keep) < 0) {
        return -1;
    }
    command->has_written = true;
    return meta_from_py(command->settings, meta, command->codec.validate_keys, &written->ttl, &written->gen);
}

static int put_read(Command *command, PyObject *const *given)
{
    command->bin_object = Py_NewRef(given[1]);
    if (given[4] != NULL && codec_set_serializer(&command->codec, given[4]) < 0) {
        return -1;
    }
    return read_written(command, given[1], given[2]);
}

static as_status put_run(Command *command, aerospike *as)
{
    return aerospike_key_put(as, &command->err, &command->policy.write, &command->key, &command->written);
}

static as_status put_start(Command *command, aerospike *as, as_event_loop *loop)
{
    return aerospike_key_put_async(as, &command->err, &command->policy.write, &command->key, &command->written,
                                   command_on_write, command, loop, NULL);
}

static const CommandKind put_command = {.signature = {"put", 2, {"key", "bins", "meta", "policy", "serializer"}},
                                        .keyed = true,
                                        .policy = POLICY_KIND_WRITE,
                                        .read = put_read,
                                        .run = put_run,
                                        .start = put_start,
                                        .fusion = FUSION_WRITE,
                                        .give = command_give_zero};
COMMAND_FLYING(put)

DOC(client_remove_bin,
    "remove_bin($self, key, list, meta=None, policy=None)\n--\n\n"
    "Remove bins of a record; a record without bins is gone.\n\n"
    KEY_DOC
    ":param list list: bin names.\n"
    META_DOC
    POLICY_DOC("write")
    ":return: 0.\n"
    WRITE_RAISES_DOC);

// To write a bin that is absent removes it.
static int remove_bin_read(Command *command, PyObject *const *given)
{
    if (!PyList_Check(given[1])) {
        return error_type(command_state(command), "list", "a list of bin names", given[1]);
    }
    PyObject *names = bin_names_from_py(command, "list", given[1], AEROSPIKE_ERR_CLIENT, false);
    PyObject *absent = names == NULL ? NULL : PyDict_New();
    for (Py_ssize_t i = 0; absent != NULL && i < PyList_GET_SIZE(names); i++) {
        if (PyDict_SetItem(absent, PyList_GET_ITEM(names, i), Py_None) < 0) {
            Py_CLEAR(absent);
        }
    }
    int result = absent == NULL ? -1 : read_written(command, absent, given[2]);
    Py_XDECREF(absent);
    return result;
}

static const CommandKind remove_bin_command = {.signature = {"remove_bin", 2, {"key", "list", "meta", "policy"}},
                                               .keyed = true,
                                               .policy = POLICY_KIND_WRITE,
                                               .policy_error = AEROSPIKE_ERR_CLIENT,
                                               .read = remove_bin_read,
                                               .run = put_run,
                                               .start = put_start,
                                               .give = command_give_zero};
COMMAND_FLYING(remove_bin)

DOC(client_remove,
    "remove($self, key, meta=None, policy=None)\n--\n\n"
    "Remove a record.\n\n"
    KEY_DOC
    ":param dict meta: ``gen``, the generation that the policy's ``gen`` compares; other keys, and what is\n"
    "    no dict, are ignored with a warning.\n"
    POLICY_DOC("remove")
    ":return: 0.\n"
    ":raises RecordNotFound: there is no such record.\n"
    WRITE_RAISES_DOC);

static int remove_read(Command *command, PyObject *const *given)
{
    PyObject *meta = given[1];
    if (meta != NULL && meta != Py_None && !PyDict_Check(meta)) {
        const char *type = Py_TYPE(meta)->tp_name;
        if (warn_user(PyExc_UserWarning, "meta must be a dict, not %.100s: it is ignored", type) < 0) {
            return -1;
        }
        meta = NULL;
    }
    uint32_t ttl;
    uint16_t generation;
    if (meta_from_py(command->settings, meta, false, &ttl, &generation) < 0) {
        return -1;
    }
    if (generation != 0) {
        command->policy.remove.generation = generation;
    }
    return 0;
}

static as_status remove_run(Command *command, aerospike *as)
{
    return aerospike_key_remove(as, &command->err, &command->policy.remove, &command->key);
}

static as_status remove_start(Command *command, aerospike *as, as_event_loop *loop)
{
    return aerospike_key_remove_async(as, &command->err, &command->policy.remove, &command->key, command_on_write,
                                      command, loop, NULL);
}

static const CommandKind remove_command = {.signature = {"remove", 1, {"key", "meta", "policy"}},
                                           .keyed = true,
                                           .policy = POLICY_KIND_REMOVE,
                                           .read = remove_read,
                                           .run = remove_run,
                                           .start = remove_start,
                                           .give = command_give_zero};
COMMAND_FLYING(remove)

// ---- changing one bin: an operation of which nothing is read ----

static int change_begin(Command *command, PyObject *meta)
{
    as_operations_init(&command->operations, 1);
    return meta_from_py(command->settings, meta, command->codec.validate_keys, &command->operations.ttl,
                        &command->operations.gen);
}

static as_status change_run(Command *command, aerospike *as)
{
    return aerospike_key_operate(as, &command->err, &command->policy.operate, &command->key, &command->operations,
                                 NULL);
}

// A row of the commands that change one bin.
#define CHANGE(name, required, ...)                                                                                    \
    static const CommandKind name##_command = {.signature = {#name, required, {__VA_ARGS__}},                          \
                                               .keyed = true,                                                          \
                                               .policy = POLICY_KIND_OPERATE,                                          \
                                               .read = name##_read,                                                    \
                                               .run = change_run,                                                      \
                                               .start = command_start_operate,                                         \
                                               .give = command_give_zero};                                             \
    COMMAND_FLYING(name)

DOC(client_touch,
    "touch($self, key, val=0, meta=None, policy=None)\n--\n\n"
    "Renew a record's time to live; its generation grows by one.\n\n"
    KEY_DOC
    ":param int val: seconds, or a ``TTL_*`` constant; 0: what the policy says; left out: what meta says.\n"
    META_DOC
    POLICY_DOC("operate")
    ":return: 0.\n"
    ":raises RecordNotFound: there is no such record.\n"
    WRITE_RAISES_DOC);

static int touch_read(Command *command, PyObject *const *given)
{
    const char *what = "val (the ttl in seconds)";
    if (change_begin(command, given[2]) < 0 ||
        (given[1] != NULL && ttl_from_py(command_state(command), given[1], what, &command->operations.ttl) < 0)) {
        return -1;
    }
    as_operations_add_touch(&command->operations);
    return 0;
}

CHANGE(touch, 1, "key", "val", "meta", "policy")

DOC(client_increment,
    "increment($self, key, bin, offset, meta=None, policy=None)\n--\n\n"
    "Add to a number; the record and the bin are created if need be. Integers wrap at 64 bits.\n\n"
    KEY_DOC
    BIN_DOC
    ":param offset: int or float, of the bin's type; may be negative.\n"
    META_DOC
    POLICY_DOC("operate")
    ":return: 0.\n"
    ":raises BinIncompatibleType: the bin holds another type.\n"
    WRITE_RAISES_DOC);

// Both arguments `bin` and the meta that stands in the fourth place, then the value, which errors call `what`.
static int change_read(Command *command, PyObject *const *given, as_operator op, StoredKind kind, const char *what)
{
    State *state = command_state(command);
    command->bin_object = Py_NewRef(given[1]);
    if (change_begin(command, given[3]) < 0) {
        return -1;
    }
    PyObject *text = keep_new(&command->keep, bin_name_text(state, given[1], "bin"));
    const char *name = text == NULL ? NULL : bin_name_from_py(state, text);
    as_bin_value *value = name == NULL ? NULL : stored_value(&command->codec, kind, given[2], what, &command->keep);
    if (value == NULL) {
        return -1;
    }
    operations_add_stored(&command->operations, op, name, value);
    return 0;
}

static int increment_read(Command *command, PyObject *const *given)
{
    return change_read(command, given, AS_OPERATOR_INCR, STORED_NUMBER, "offset");
}

CHANGE(increment, 3, "key", "bin", "offset", "meta", "policy")

DOC(client_append,
    "append($self, key, bin, val, meta=None, policy=None)\n--\n\n"
    "Append to a str or bytes bin; it is created if need be.\n\n"
    KEY_DOC
    BIN_DOC
    ":param val: str, bytes or bytearray, of the bin's type.\n"
    META_DOC
    POLICY_DOC("operate")
    ":return: 0.\n"
    ":raises BinIncompatibleType: the bin holds another type.\n"
    WRITE_RAISES_DOC);

static int append_read(Command *command, PyObject *const *given)
{
    return change_read(command, given, AS_OPERATOR_APPEND, STORED_TEXT, "val");
}

CHANGE(append, 3, "key", "bin", "val", "meta", "policy")

DOC(client_prepend,
    "prepend($self, key, bin, val, meta=None, policy=None)\n--\n\n"
    "Prepend to a str or bytes bin; it is created if need be.\n\n"
    KEY_DOC
    BIN_DOC
    ":param val: str, bytes or bytearray, of the bin's type.\n"
    META_DOC
    POLICY_DOC("operate")
    ":return: 0.\n"
    ":raises BinIncompatibleType: the bin holds another type.\n"
    WRITE_RAISES_DOC);

static int prepend_read(Command *command, PyObject *const *given)
{
    return change_read(command, given, AS_OPERATOR_PREPEND, STORED_TEXT, "val");
}

CHANGE(prepend, 3, "key", "bin", "val", "meta", "policy")

PyMethodDef client_kv_methods[] = {
    METHOD_FLYING(get),       METHOD_FLYING(select),     METHOD_FLYING(exists), METHOD_FLYING(put),
    METHOD_FLYING(remove),    METHOD_FLYING(remove_bin), METHOD_FLYING(append), METHOD_FLYING(prepend),
    METHOD_FLYING(increment), METHOD_FLYING(touch),      {NULL, NULL, 0, NULL},
};
