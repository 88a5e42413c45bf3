// SPDX-License-Identifier: Apache-2.0
// Commands on one record. Each is three small steps that share one Command: read the arguments, run the C client's
// call, give the result.
#include "args.h"
#include "client.h"
#include "policy.h"

#include <aerospike/aerospike_key.h>

typedef struct Command {
    ClientObject *client;
    Settings *settings;  // for the life of the command
    PyObject *key_object;  // the caller's tuple, for results and errors
    PyObject *bin_object;  // the bin's name where a command has one, or the bins of put, for errors
    as_key key;
    as_record *record;  // the server's answer
    as_record written;
    as_operations operations;
    bool has_written, has_operations;
    Keep keep;
    PolicyOwned owned;
    as_error err;
    as_status status;
} Command;

// ---- read: shared by all commands ----

static int command_start(Command *command, PyObject *self, PyObject *key)
{
    command->client = (ClientObject *)self;
    command->key_object = key;
    as_error_init(&command->err);
    command->settings = settings_acquire(command->client);
    return command->settings == NULL ? -1 : key_from_py(&command->settings->codec, key, &command->key, &command->keep);
}

// ---- give: shared by all commands ----

static void command_finish(Command *command)
{
    if (PyErr_Occurred()) {
        error_note_record(command->client->state, command->key_object, command->bin_object);
    }
    if (command->record != NULL) {
        as_record_destroy(command->record);
    }
    if (command->has_written) {
        as_record_destroy(&command->written);
    }
    if (command->has_operations) {
        as_operations_destroy(&command->operations);
    }
    as_key_destroy(&command->key);
    policy_release(&command->owned);
    keep_release(&command->keep);
    settings_release(command->settings);
}

static PyObject *command_fail(Command *command)
{
    return command->status == CLIENT_NOT_RUN ? NULL : error_raise(command->client->state, &command->err);
}

static PyObject *give_zero(Command *command)
{
    return command->status == AEROSPIKE_OK ? PyLong_FromLong(0) : command_fail(command);
}

static PyObject *give_record(Command *command, const Codec *codec, bool with_pk)
{
    if (command->status != AEROSPIKE_OK) {
        return command_fail(command);
    }
    PyObject *key = key_result_to_py(&command->key, command->key_object, with_pk);
    PyObject *result = key == NULL ? NULL : record_to_py(codec, command->record, key, true);
    Py_XDECREF(key);
    return result;
}

// ---- reading ----

static PyObject *client_get(PyObject *self, METHOD_ARGS)
{
    static const Signature signature = {"get", 1, {"key", "policy"}};
    PyObject *given[2], *result = NULL;
    as_policy_read policy;
    if (args_parse(&signature, args, count, keywords, given) < 0) {
        return NULL;
    }
    Command command = {0};
    if (command_start(&command, self, given[0]) == 0 &&
        policy_from_py(command.settings, POLICY_KIND_READ, given[1], &policy, &command.owned) == 0) {
        Codec codec = codec_for_reply(&command.settings->codec, &policy.deserialize);
        CLIENT_RUN(command.client, command.status,
                   aerospike_key_get(as, &command.err, &policy, &command.key, &command.record));
        // the vendor's client shows the primary key of a get only where it sent it along
        result = give_record(&command, &codec, policy.key == AS_POLICY_KEY_SEND);
    }
    command_finish(&command);
    return result;
}

// A bin's name where another type than str has the error `code`, which is not the same for every method.
static const char *bin_name_checked(State *state, PyObject *name, const char *what, as_status code)
{
    if (!PyUnicode_Check(name)) {
        error_set(state, code, "%s: a bin name must be a str, not %.100s", what, Py_TYPE(name)->tp_name);
        return NULL;
    }
    return bin_name_from_py(state, name);
}

// Names of bins as the C client takes them: a NULL-terminated array that `keep` owns. `what` names the argument, `code`
// is the error of a name that is no str. NULL with an exception.
static const char **bin_names_from_py(Command *command, const char *what, PyObject *bins, as_status code)
{
    State *state = command->client->state;
    if (!PyList_Check(bins) && !PyTuple_Check(bins)) {
        error_type(state, what, "a list of bin names", bins);
        return NULL;
    }
    PyObject *names = PySequence_Tuple(bins);
    if (names == NULL) {
        return NULL;
    }
    Py_ssize_t count = PyTuple_GET_SIZE(names);
    const char **out = NULL;
    if (count == 0) {
        error_set(state, AEROSPIKE_ERR_REQUEST_INVALID, "%s must name at least one bin", what);
    } else if (keep_object(&command->keep, names) == 0) {
        out = PyMem_Calloc((size_t)count + 1, sizeof *out);
        if (out == NULL) {
            PyErr_NoMemory();
        } else if (keep_block(&command->keep, out) < 0) {
            out = NULL;
        }
    }
    for (Py_ssize_t i = 0; out != NULL && i < count; i++) {
        out[i] = bin_name_checked(state, PyTuple_GET_ITEM(names, i), what, code);
        if (out[i] == NULL) {
            out = NULL;
        }
    }
    Py_DECREF(names);
    return out;
}

static PyObject *client_select(PyObject *self, METHOD_ARGS)
{
    static const Signature signature = {"select", 2, {"key", "bins", "policy"}};
    PyObject *given[3], *result = NULL;
    as_policy_read policy;
    if (args_parse(&signature, args, count, keywords, given) < 0) {
        return NULL;
    }
    Command command = {0};
    if (command_start(&command, self, given[0]) == 0 &&
        policy_from_py(command.settings, POLICY_KIND_READ, given[2], &policy, &command.owned) == 0) {
        const char **names = bin_names_from_py(&command, "bins", given[1], AEROSPIKE_ERR_PARAM);
        if (names != NULL) {
            Codec codec = codec_for_reply(&command.settings->codec, &policy.deserialize);
            CLIENT_RUN(command.client, command.status,
                       aerospike_key_select(as, &command.err, &policy, &command.key, names, &command.record));
            result = give_record(&command, &codec, true);
        }
    }
    command_finish(&command);
    return result;
}

static PyObject *give_existence(Command *command)
{
    if (command->status != AEROSPIKE_OK && command->status != AEROSPIKE_ERR_RECORD_NOT_FOUND) {
        return command_fail(command);
    }
    PyObject *key = key_result_to_py(&command->key, command->key_object, true);
    PyObject *meta = command->status == AEROSPIKE_OK ? record_meta_to_py(&command->settings->codec, command->record)
                                                     : Py_NewRef(Py_None);
    PyObject *result = key == NULL || meta == NULL ? NULL : PyTuple_Pack(2, key, meta);
    Py_XDECREF(key);
    Py_XDECREF(meta);
    return result;
}

static PyObject *client_exists(PyObject *self, METHOD_ARGS)
{
    static const Signature signature = {"exists", 1, {"key", "policy"}};
    PyObject *given[2], *result = NULL;
    as_policy_read policy;
    if (args_parse(&signature, args, count, keywords, given) < 0) {
        return NULL;
    }
    Command command = {0};
    if (command_start(&command, self, given[0]) == 0 &&
        policy_from_py(command.settings, POLICY_KIND_READ, given[1], &policy, &command.owned) == 0) {
        CLIENT_RUN(command.client, command.status,
                   aerospike_key_exists(as, &command.err, &policy, &command.key, &command.record));
        result = give_existence(&command);
    }
    command_finish(&command);
    return result;
}

// ---- writing whole bins ----

static int codec_for_put(Command *command, PyObject *serializer, Codec *codec)
{
    *codec = command->settings->codec;
    return serializer == NULL ? 0 : codec_set_serializer(codec, serializer);
}

static PyObject *client_put(PyObject *self, METHOD_ARGS)
{
    static const Signature signature = {"put", 2, {"key", "bins", "meta", "policy", "serializer"}};
    PyObject *given[5], *result = NULL;
    as_policy_write policy;
    Codec codec;
    if (args_parse(&signature, args, count, keywords, given) < 0) {
        return NULL;
    }
    Command command = {.bin_object = given[1]};
    if (command_start(&command, self, given[0]) == 0 &&
        policy_from_py(command.settings, POLICY_KIND_WRITE, given[3], &policy, &command.owned) == 0 &&
        codec_for_put(&command, given[4], &codec) == 0 &&
        record_from_py(&codec, given[1], &command.written, &command.keep) == 0) {
        command.has_written = true;
        if (meta_from_py(command.settings, given[2], &command.written.ttl, &command.written.gen) == 0) {
            CLIENT_RUN(command.client, command.status,
                       aerospike_key_put(as, &command.err, &policy, &command.key, &command.written));
            result = give_zero(&command);
        }
    }
    command_finish(&command);
    return result;
}

// A record whose bins are all absent: writing it removes them.
static int read_removed_bins(Command *command, PyObject *bins)
{
    const char **names = bin_names_from_py(command, "list", bins, AEROSPIKE_ERR_CLIENT);
    if (names == NULL) {
        return -1;
    }
    uint16_t size = 0;
    while (names[size] != NULL && size < UINT16_MAX) {
        size++;
    }
    if (as_record_init(&command->written, size) == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    command->has_written = true;
    for (uint16_t i = 0; i < size; i++) {
        as_record_set_nil(&command->written, names[i]);
    }
    return 0;
}

static PyObject *client_remove_bin(PyObject *self, METHOD_ARGS)
{
    static const Signature signature = {"remove_bin", 2, {"key", "list", "meta", "policy"}};
    PyObject *given[4], *result = NULL;
    as_policy_write policy;
    if (args_parse(&signature, args, count, keywords, given) < 0) {
        return NULL;
    }
    Command command = {0};
    if (command_start(&command, self, given[0]) == 0 &&
        policy_from_py(command.settings, POLICY_KIND_WRITE, given[3], &policy, &command.owned) == 0 &&
        read_removed_bins(&command, given[1]) == 0 &&
        meta_from_py(command.settings, given[2], &command.written.ttl, &command.written.gen) == 0) {
        CLIENT_RUN(command.client, command.status,
                   aerospike_key_put(as, &command.err, &policy, &command.key, &command.written));
        result = give_zero(&command);
    }
    command_finish(&command);
    return result;
}

static PyObject *client_remove(PyObject *self, METHOD_ARGS)
{
    static const Signature signature = {"remove", 1, {"key", "meta", "policy"}};
    PyObject *given[3], *result = NULL;
    as_policy_remove policy;
    uint32_t ttl;
    uint16_t generation;
    if (args_parse(&signature, args, count, keywords, given) < 0) {
        return NULL;
    }
    Command command = {0};
    if (command_start(&command, self, given[0]) == 0 &&
        policy_from_py(command.settings, POLICY_KIND_REMOVE, given[2], &policy, &command.owned) == 0 &&
        meta_from_py(command.settings, given[1], &ttl, &generation) == 0) {
        if (generation != 0) {
            policy.generation = generation;
        }
        CLIENT_RUN(command.client, command.status, aerospike_key_remove(as, &command.err, &policy, &command.key));
        result = give_zero(&command);
    }
    command_finish(&command);
    return result;
}

// ---- changing one bin ----

// What stands between the arguments of touch, increment, append and prepend and the one operation they are.
typedef int (*AddOperation)(Command *command, PyObject *bin, PyObject *value);

static PyObject *change(Command *command, PyObject *bin, PyObject *value, PyObject *meta, PyObject *policy_object,
                        AddOperation add)
{
    as_policy_operate policy;
    if (policy_from_py(command->settings, POLICY_KIND_OPERATE, policy_object, &policy, &command->owned) < 0) {
        return NULL;
    }
    as_operations_init(&command->operations, 1);
    command->has_operations = true;
    if (meta_from_py(command->settings, meta, &command->operations.ttl, &command->operations.gen) < 0 ||
        add(command, bin, value) < 0) {
        return NULL;
    }
    CLIENT_RUN(command->client, command->status,
               aerospike_key_operate(as, &command->err, &policy, &command->key, &command->operations, NULL));
    return give_zero(command);
}

// `key`, `bin` and the value of increment, append and prepend, by the names of the method's signature.
static PyObject *change_bin(PyObject *self, const Signature *signature, METHOD_ARGS, AddOperation add)
{
    PyObject *given[5], *result = NULL;
    if (args_parse(signature, args, count, keywords, given) < 0) {
        return NULL;
    }
    Command command = {0};
    if (command_start(&command, self, given[0]) == 0) {
        command.bin_object = given[1];
        result = change(&command, given[1], given[2], given[3], given[4], add);
    }
    command_finish(&command);
    return result;
}

static int add_touch(Command *command, PyObject *bin, PyObject *ttl)
{
    (void)bin;
    if (ttl != NULL &&
        ttl_from_py(command->client->state, ttl, "val (the ttl in seconds)", &command->operations.ttl) < 0) {
        return -1;
    }
    as_operations_add_touch(&command->operations);
    return 0;
}

static PyObject *client_touch(PyObject *self, METHOD_ARGS)
{
    static const Signature signature = {"touch", 1, {"key", "val", "meta", "policy"}};
    PyObject *given[4], *result = NULL;
    if (args_parse(&signature, args, count, keywords, given) < 0) {
        return NULL;
    }
    Command command = {0};
    if (command_start(&command, self, given[0]) == 0) {
        result = change(&command, NULL, given[1], given[2], given[3], add_touch);
    }
    command_finish(&command);
    return result;
}

static int add_increment(Command *command, PyObject *bin, PyObject *offset)
{
    State *state = command->client->state;
    const char *name = bin_name_checked(state, bin, "bin", AEROSPIKE_ERR_PARAM);
    if (name == NULL) {
        return -1;
    }
    if (PyFloat_Check(offset)) {
        as_operations_add_incr_double(&command->operations, name, PyFloat_AS_DOUBLE(offset));
        return 0;
    }
    int64_t number;
    if (integer_from_py(state, offset, "offset", INT64_MIN, INT64_MAX, &number) < 0) {
        return -1;
    }
    as_operations_add_incr(&command->operations, name, number);
    return 0;
}

static PyObject *client_increment(PyObject *self, METHOD_ARGS)
{
    static const Signature signature = {"increment", 3, {"key", "bin", "offset", "meta", "policy"}};
    return change_bin(self, &signature, args, count, keywords, add_increment);
}

static int add_stable_text(Command *command, const char *name, PyObject *value, as_operator operator)
{
    as_operations *operations = &command->operations;
    if (PyBytes_Check(value)) {
        uint8_t *bytes = (uint8_t *)PyBytes_AS_STRING(value);
        uint32_t size = (uint32_t)PyBytes_GET_SIZE(value);
        if (operator == AS_OPERATOR_APPEND) {
            as_operations_add_append_rawp(operations, name, bytes, size, false);
        } else {
            as_operations_add_prepend_rawp(operations, name, bytes, size, false);
        }
        return 0;
    }
    Py_ssize_t size;
    const char *text = PyUnicode_AsUTF8AndSize(value, &size);
    if (text == NULL) {
        return unicode_error(command->client->state, "val");
    }
    if (operator == AS_OPERATOR_APPEND) {
        as_operations_add_append_strp(operations, name, text, false);
    } else {
        as_operations_add_prepend_strp(operations, name, text, false);
    }
    // the C client measured up to the first NUL; the value is whole
    as_binop *last = &operations->binops.entries[operations->binops.size - 1];
    as_string_init_wlen(&last->bin.value.string, (char *)text, (size_t)size, false);
    return 0;
}

// A str, bytes or bytearray as the one operation of append and prepend.
static int add_text(Command *command, PyObject *bin, PyObject *value, as_operator operator)
{
    State *state = command->client->state;
    const char *name = bin_name_checked(state, bin, "bin", AEROSPIKE_ERR_PARAM);
    if (name == NULL) {
        return -1;
    }
    if (!PyUnicode_Check(value) && !PyBytes_Check(value) && !PyByteArray_Check(value)) {
        return error_type(state, "val", "str, bytes or bytearray", value);
    }
    // the C client reads the bytes without the GIL: a bytearray, which may change meanwhile, is copied
    PyObject *stable = PyByteArray_Check(value) ? PyBytes_FromObject(value) : Py_NewRef(value);
    if (stable == NULL || keep_object(&command->keep, stable) < 0) {
        Py_XDECREF(stable);
        return -1;
    }
    Py_DECREF(stable);
    return add_stable_text(command, name, stable, operator);
}

static int add_append(Command *command, PyObject *bin, PyObject *value)
{
    return add_text(command, bin, value, AS_OPERATOR_APPEND);
}

static int add_prepend(Command *command, PyObject *bin, PyObject *value)
{
    return add_text(command, bin, value, AS_OPERATOR_PREPEND);
}

static PyObject *client_append(PyObject *self, METHOD_ARGS)
{
    static const Signature signature = {"append", 3, {"key", "bin", "val", "meta", "policy"}};
    return change_bin(self, &signature, args, count, keywords, add_append);
}

static PyObject *client_prepend(PyObject *self, METHOD_ARGS)
{
    static const Signature signature = {"prepend", 3, {"key", "bin", "val", "meta", "policy"}};
    return change_bin(self, &signature, args, count, keywords, add_prepend);
}

// ---- the methods ----

#define KEY_DOC ":param tuple key: ``(namespace, set, primary key)``, or ``(namespace, set, None, digest)``.\n"
#define POLICY_DOC(name) ":param dict policy: see :ref:`" name "`; default: the client's.\n"
#define META_DOC                                                                                                       \
    ":param dict meta: ``ttl`` in seconds (or a ``TTL_*`` constant; default: the policy's) and ``gen``, the\n"         \
    "    generation that the policy's ``gen`` compares.\n"
#define WRITE_RAISES                                                                                                   \
    ":raises RecordGenerationError: ``gen`` of the policy does not allow the record's generation.\n"                   \
    ":raises FilteredOut: the policy's ``expressions`` drop the record.\n"                                             \
    ":raises ParamError: an argument is not valid; nothing was sent.\n"

PyMethodDef client_kv_methods[] = {
    METHOD("get", client_get,
           "get($self, key, policy=None)\n--\n\nRead a record with all its bins.\n\n" KEY_DOC POLICY_DOC(
               "read") ":return: ``(key, meta, bins)``: key as ``(namespace, set, primary key or None, digest)``, "
                       "where the primary\n"
                       "    key is shown if the policy's ``key`` is ``POLICY_KEY_SEND``; meta as\n"
                       "    ``{'ttl': seconds, 'gen': generation}``; bins as ``{name: value}``.\n"
                       ":raises RecordNotFound: there is no such record.\n"
                       ":raises FilteredOut: the policy's ``expressions`` drop the record.\n"),
    METHOD("select", client_select,
           "select($self, key, bins, policy=None)\n--\n\nRead some bins of a record.\n\n" KEY_DOC
           ":param list bins: bin names; one that the record has not is left out of the result.\n" POLICY_DOC(
               "read") ":return: ``(key, meta, bins)``, as get() does.\n"
                       ":raises RecordNotFound: there is no such record.\n"
                       ":raises InvalidRequest: bins is empty.\n"),
    METHOD("exists", client_exists,
           "exists($self, key, policy=None)\n--\n\nLook whether a record exists, without reading its bins.\n\n" KEY_DOC
               POLICY_DOC("read") ":return: ``(key, meta)``; meta is None where there is no such record.\n"),
    METHOD("put", client_put,
           "put($self, key, bins, meta=None, policy=None, serializer=None)\n--\n\n"
           "Write bins of a record; it is created if need be. A bin of value None is removed.\n\n" KEY_DOC
           ":param dict bins: ``{name: value}``, names of at most 15 bytes.\n" META_DOC POLICY_DOC(
               "write") ":param int serializer: ``SERIALIZER_USER`` or ``SERIALIZER_NONE``, for values of other types "
                        "than Aerospike's.\n"
                        ":return: 0.\n" WRITE_RAISES
                        ":raises RecordExistsError: the policy's ``exists`` asks for a new record.\n"
                        ":raises RecordNotFound: the policy's ``exists`` asks for a record that is there.\n"
                        ":raises InvalidRequest: bins is empty.\n"
                        ":raises BinNameError: a bin's name is longer than 15 bytes.\n"
                        ":raises RecordTooBig: the record would be larger than the server allows.\n"),
    METHOD("remove", client_remove,
           "remove($self, key, meta=None, policy=None)\n--\n\nRemove a record.\n\n" KEY_DOC
           ":param dict meta: ``gen``, the generation that the policy's ``gen`` compares.\n" POLICY_DOC(
               "remove") ":return: 0.\n"
                         ":raises RecordNotFound: there is no such record.\n" WRITE_RAISES),
    METHOD("remove_bin", client_remove_bin,
           "remove_bin($self, key, list, meta=None, policy=None)\n--\n\n"
           "Remove bins of a record; a record without bins is gone.\n\n" KEY_DOC
           ":param list list: bin names.\n" META_DOC POLICY_DOC("write") ":return: 0.\n" WRITE_RAISES),
    METHOD("append", client_append,
           "append($self, key, bin, val, meta=None, policy=None)\n--\n\nAppend to a str or bytes bin; it is created "
           "if need be.\n\n" KEY_DOC ":param str bin: the bin's name.\n:param val: str, bytes or bytearray, of the "
           "bin's type.\n" META_DOC POLICY_DOC(
               "operate") ":return: 0.\n"
                          ":raises BinIncompatibleType: the bin holds another type.\n" WRITE_RAISES),
    METHOD("prepend", client_prepend,
           "prepend($self, key, bin, val, meta=None, policy=None)\n--\n\nPrepend to a str or bytes bin; it is created "
           "if need be.\n\n" KEY_DOC ":param str bin: the bin's name.\n:param val: str, bytes or bytearray, of the "
           "bin's type.\n" META_DOC POLICY_DOC(
               "operate") ":return: 0.\n"
                          ":raises BinIncompatibleType: the bin holds another type.\n" WRITE_RAISES),
    METHOD(
        "increment", client_increment,
        "increment($self, key, bin, offset, meta=None, policy=None)\n--\n\n"
        "Add to a number; the record and the bin are created if need be. Integers wrap at 64 bits.\n\n" KEY_DOC
        ":param str bin: the bin's name.\n:param offset: int or float, of the bin's type; may be negative.\n" META_DOC
            POLICY_DOC("operate") ":return: 0.\n"
                                  ":raises BinIncompatibleType: the bin holds another type.\n" WRITE_RAISES),
    METHOD("touch", client_touch,
           "touch($self, key, val=0, meta=None, policy=None)\n--\n\n"
           "Renew a record's time to live; its generation grows by one.\n\n" KEY_DOC
           ":param int val: seconds, or a ``TTL_*`` constant; 0: what the policy says; left out: what meta "
           "says.\n" META_DOC POLICY_DOC("operate") ":return: 0.\n"
                                                    ":raises RecordNotFound: there is no such record.\n" WRITE_RAISES),
    {NULL, NULL, 0, NULL},
};
