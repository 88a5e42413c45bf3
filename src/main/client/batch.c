// SPDX-License-Identifier: Apache-2.0
// Commands on many records at once. The rows of a batch are Python objects (aerospike._batch), which are read into the
// C client's records and get what came of them.
#include "client/batch.h"

#include "client/doc.h"
#include "convert/digest.h"
#include "convert/packed.h"
#include "operate/operate.h"

#include <aerospike/aerospike_batch.h>

// Attributes of the rows and of their list.
#define BATCH_NAMES(X)                                                                                                 \
    X(_type)                                                                                                           \
    X(key)                                                                                                             \
    X(record)                                                                                                          \
    X(result)                                                                                                          \
    X(message)                                                                                                         \
    X(subcode)                                                                                                         \
    X(in_doubt)                                                                                                        \
    X(ops)                                                                                                             \
    X(read_all_bins)                                                                                                   \
    X(meta)                                                                                                            \
    X(policy)                                                                                                          \
    X(module)                                                                                                          \
    X(function)                                                                                                        \
    X(args)                                                                                                            \
    X(batch_records)

enum {
#define NAME(name) NAME_##name,
    BATCH_NAMES(NAME)
#undef NAME
        NAME_COUNT
};

static PyObject *name_of(const Command *command, int name)
{
    return PyTuple_GET_ITEM(command_state(command)->batch_names, name);
}

static const PolicyKind row_policies[ROW_TYPES] = {
    [ROW_READ] = POLICY_KIND_BATCH_READ,
    [ROW_WRITE] = POLICY_KIND_BATCH_WRITE,
    [ROW_APPLY] = POLICY_KIND_BATCH_APPLY,
    [ROW_REMOVE] = POLICY_KIND_BATCH_REMOVE,
};

// What rows share: a policy, operations with the meta that goes along, or arguments of functions. Rows that are given
// the same objects share it, and the C client sends once what is the same.
enum { SHARED_OPERATIONS = POLICY_KIND_COUNT, SHARED_ARGUMENTS };  // beside the kinds of policies

typedef struct Shared {
    struct Shared *next;
    int kind;
    PyObject *object, *meta;  // meta: NULL but of operations
    PolicyOwned owned;
    union {
        as_policy_batch_read read;
        as_policy_batch_write write;
        as_policy_batch_apply apply;
        as_policy_batch_remove remove;
        as_operations operations;
        as_val *arguments;
    };
} Shared;

// So many of the last ones are looked through for the same object.
enum { SHARED_LOOKED_AT = 16 };

// ---- what rows share ----

// What rows of before have of the same objects, or a new one, which is empty: *made says so. NULL with MemoryError.
static Shared *shared_find(Batch *batch, int kind, PyObject *object, PyObject *meta, bool *made)
{
    int looked_at = 0;
    *made = false;
    for (Shared *one = batch->shared; one != NULL && looked_at < SHARED_LOOKED_AT; one = one->next) {
        if (one->kind == kind && one->object == object && one->meta == meta) {
            return one;
        }
        looked_at++;
    }
    Shared *one = PyMem_Calloc(1, sizeof *one);
    if (one == NULL) {
        return (Shared *)PyErr_NoMemory();
    }
    one->next = batch->shared;
    one->kind = kind;
    one->object = Py_NewRef(object);
    one->meta = Py_XNewRef(meta);
    batch->shared = one;
    *made = true;
    return one;
}

const void *batch_policy(Command *command, RowType type, PyObject *object)
{
    bool made;
    PolicyKind kind = row_policies[type];
    Shared *one = shared_find(command->answer, (int)kind, object, NULL, &made);
    if (made && policy_from_py(command->settings, kind, object, &one->read, &one->owned) < 0) {
        return NULL;
    }
    return one == NULL ? NULL : &one->read;  // the place of them all
}

as_operations *batch_operations(Command *command, PyObject *list, PyObject *meta)
{
    bool made;
    Shared *one = shared_find(command->answer, SHARED_OPERATIONS, list, meta, &made);
    if (made && command_operations(command, list, "ops", meta, &one->operations) < 0) {
        return NULL;
    }
    return one == NULL ? NULL : &one->operations;
}

static as_list *shared_arguments(Command *command, PyObject *list)
{
    if (!PyList_Check(list)) {
        error_type(command_state(command), "args", "a list", list);
        return NULL;
    }
    bool made;
    Shared *one = shared_find(command->answer, SHARED_ARGUMENTS, list, NULL, &made);
    if (made) {
        one->arguments = value_to_native(&command->codec, list, "args");
    }
    return one == NULL ? NULL : (as_list *)one->arguments;
}

static void shared_free(Shared *one)
{
    if (one->kind == SHARED_OPERATIONS) {
        as_operations_destroy(&one->operations);
    } else if (one->kind == SHARED_ARGUMENTS) {
        as_val_destroy(one->arguments);
    }
    policy_release(&one->owned);
    Py_DECREF(one->object);
    Py_XDECREF(one->meta);
    PyMem_Free(one);
}

void batch_release(Command *command)
{
    Batch *batch = command->answer;
    if (batch == NULL) {
        return;
    }
    batch_take_back(batch);
    as_batch_records_destroy(&batch->records);
    for (Shared *one = batch->shared, *next; one != NULL; one = next) {
        next = one->next;
        shared_free(one);
    }
    Py_XDECREF(batch->given);
    Py_XDECREF(batch->keys);
    Py_XDECREF(batch->result);
    PyMem_Free(batch);
}

// ---- read: the rows ----

Batch *batch_new(Command *command, size_t size, const char *what, PyObject *sequence)
{
    if (!PyList_Check(sequence)) {
        error_type(command_state(command), what, "a list", sequence);
        return NULL;
    }
    Batch *batch = command->answer = PyMem_Calloc(1, size);
    if (batch == NULL) {
        return (Batch *)PyErr_NoMemory();
    }
    Py_ssize_t count = PyList_GET_SIZE(sequence);
    as_batch_records_init(&batch->records, count == 0 ? 1 : (uint32_t)count);
    batch->given = PyList_AsTuple(sequence);
    batch->keys = command_list();
    return batch->given == NULL || batch->keys == NULL ? NULL : batch;
}

static int read_row_key(Command *command, PyObject *given, as_key *out)
{
    Batch *batch = command->answer;
    PyObject *key = command_key(&command->codec, given);
    int result = key == NULL ? -1 : key_read(&command->codec, key, out, &command->keep);
    if (result == 0) {
        result = PyList_Append(batch->keys, key);
    }
    Py_XDECREF(key);
    breathe(&batch->breath);
    return result;
}

// All rows are read.
static int rows_digest(Batch *batch)
{
    Digests digests = {0};
    for (uint32_t i = 0; i < batch->records.list.size; i++) {
        as_batch_base_record *row = as_vector_get(&batch->records.list, i);
        if (!digests_add(&digests, &row->key)) {
            PyErr_NoMemory();
            return -1;
        }
        breathe(&batch->breath);
    }
    digests_end(&digests);
    return 0;
}

static as_batch_base_record *row_new(Batch *batch, RowType type)
{
    as_batch_records *records = &batch->records;
    switch (type) {
    case ROW_READ:
        return (as_batch_base_record *)as_batch_read_reserve(records);
    case ROW_WRITE:
        return (as_batch_base_record *)as_batch_write_reserve(records);
    case ROW_APPLY:
        return (as_batch_base_record *)as_batch_apply_reserve(records);
    default:
        return (as_batch_base_record *)as_batch_remove_reserve(records);
    }
}

int batch_read_keys(Command *command, RowType type,
                    int (*set)(Command *command, as_batch_base_record *row, PyObject *const *given),
                    PyObject *const *given)
{
    Batch *batch = command->answer;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(batch->given); i++) {
        as_batch_base_record *row = row_new(batch, type);
        if (read_row_key(command, PyTuple_GET_ITEM(batch->given, i), &row->key) < 0) {
            return error_prefix(command_state(command), "keys[%zd]", i);
        }
        if (set(command, row, given) < 0) {
            return -1;
        }
    }
    return rows_digest(batch);
}

// ---- give ----

// (key, meta, bins) or (key, meta); None where there is none.
static PyObject *row_record(const Command *command, const as_batch_base_record *row, PyObject *key)
{
    if (row->result != AEROSPIKE_OK) {
        return Py_NewRef(Py_None);
    }
    bool without_bins = command->names != NULL && command->number == 0;  // of batch_read with no names
    return record_to_py(&command->codec, &row->record, key, !without_bins);
}

static int set_owned(const Command *command, PyObject *object, int name, PyObject *value)
{
    int result = value == NULL ? -1 : PyObject_SetAttr(object, name_of(command, name), value);
    Py_XDECREF(value);
    return result;
}

static int give_error(const Command *command, const as_batch_base_record *row, PyObject *object)
{
    PyObject *message = row->message == NULL
                            ? Py_NewRef(Py_None)
                            : PyUnicode_DecodeUTF8(row->message, (Py_ssize_t)strlen(row->message), "replace");
    return set_owned(command, object, NAME_result, PyLong_FromLong(row->result)) < 0 ||
                   set_owned(command, object, NAME_in_doubt, PyBool_FromLong(row->in_doubt)) < 0 ||
                   set_owned(command, object, NAME_message, message) < 0
               ? -1
               : set_owned(command, object, NAME_subcode, PyLong_FromUnsignedLong(row->subcode));
}

static PyObject *give_result(Command *command)
{
    Batch *batch = command->answer;
    return set_owned(command, batch->result, NAME_result, PyLong_FromLong(batch->status)) < 0
               ? NULL
               : Py_NewRef(batch->result);
}

// What is said of an error, the class says for none.
static int row_fill(const Command *command, const as_batch_base_record *row, PyObject *key, PyObject *object)
{
    if (PyObject_SetAttr(object, name_of(command, NAME_key), key) < 0 ||
        set_owned(command, object, NAME_record, row_record(command, row, key)) < 0) {
        return -1;
    }
    return row->result == AEROSPIKE_OK ? 0 : give_error(command, row, object);
}

// A BatchRecord with all that its __init__() would set. Its key has the digest, and is that of its record.
static PyObject *row_object(const Command *command, const as_batch_base_record *row, PyObject *key_given)
{
    PyTypeObject *type = (PyTypeObject *)command_state(command)->batch_record_class;
    PyObject *nothing = PyTuple_New(0), *key = key_result_to_py(&row->key, key_given, true);
    PyObject *object = nothing == NULL || key == NULL ? NULL : type->tp_new(type, nothing, NULL);
    Py_XDECREF(nothing);
    if (object != NULL && row_fill(command, row, key, object) < 0) {
        Py_CLEAR(object);
    }
    Py_XDECREF(key);
    return object;
}

// One of the caller's, whose key stays as it is.
static int row_give(const Command *command, const as_batch_base_record *row, PyObject *key_given, PyObject *object)
{
    bool good = row->result == AEROSPIKE_OK;
    PyObject *key = good ? key_result_to_py(&row->key, key_given, true) : Py_NewRef(Py_None);
    PyObject *record = key == NULL ? NULL : row_record(command, row, key);
    Py_XDECREF(key);
    return set_owned(command, object, NAME_record, record) < 0 ? -1 : give_error(command, row, object);
}

// A BatchRecords object of BatchRecord objects, made for a list of keys.
static PyObject *batch_give_new(Command *command)
{
    State *state = command_state(command);
    Batch *batch = command->answer;
    uint32_t count = batch->records.list.size;
    PyObject *rows = command_list();
    for (uint32_t i = 0; rows != NULL && i < count; i++) {
        PyObject *object = row_object(command, as_vector_get(&batch->records.list, i), PyList_GET_ITEM(batch->keys, i));
        if (object == NULL || command_list_append(rows, object) < 0) {
            Py_CLEAR(rows);
        }
        Py_XDECREF(object);
        breathe(&batch->breath);
    }
    if (rows != NULL) {
        command_list_show(rows);
    }
    batch->result = rows == NULL ? NULL : PyObject_CallOneArg(state->batch_records_class, rows);
    Py_XDECREF(rows);
    return batch->result == NULL ? NULL : give_result(command);
}

// The caller's BatchRecords object, whose rows are filled.
static PyObject *batch_give_given(Command *command)
{
    Batch *batch = command->answer;
    for (uint32_t i = 0; i < batch->records.list.size; i++) {
        if (row_give(command, as_vector_get(&batch->records.list, i), PyList_GET_ITEM(batch->keys, i),
                     PyTuple_GET_ITEM(batch->given, i)) < 0) {
            return NULL;
        }
        breathe(&batch->breath);
    }
    return give_result(command);
}

// The namespace and the set are told where all rows have the same.
void batch_tell(const Command *command, Report *report)
{
    const as_vector *rows = &((Batch *)command->answer)->records.list;
    if (report->ended) {
        return;
    }
    report->records = rows->size;
    const as_key *first = rows->size == 0 ? NULL : &((as_batch_base_record *)as_vector_get((as_vector *)rows, 0))->key;
    bool one_namespace = first != NULL, one_set = first != NULL;
    for (uint32_t i = 1; i < rows->size; i++) {
        const as_key *key = &((as_batch_base_record *)as_vector_get((as_vector *)rows, i))->key;
        one_namespace &= strcmp(key->ns, first->ns) == 0;
        one_set &= strcmp(key->set, first->set) == 0;
    }
    report_place(report, one_namespace ? first->ns : NULL, one_namespace && one_set ? first->set : NULL);
}

// A row of the commands on a list of keys.
#define BATCH(name, call, give_it, parent, required, ...)                                                              \
    static const CommandKind name##_command = {.signature = {#name, required, {__VA_ARGS__}},                          \
                                               .policy = POLICY_KIND_##parent,                                         \
                                               .read = name##_read,                                                    \
                                               .run = call##_run,                                                      \
                                               .start = call##_start,                                                  \
                                               .give = give_it,                                                        \
                                               .tell = batch_tell,                                                     \
                                               .release = batch_release};                                              \
    COMMAND_FLYING(name)

// clang-format off: it would lay out texts
#define KEYS_DOC ":param list keys: the records' keys; the same one may be there more than once.\n"
#define BATCH_POLICY_DOC(kind) ":param dict policy_batch: see :ref:`" kind "`; default: the client's.\n"
#define BATCH_RETURN_DOC \
    ":return: a :class:`~aerospike_helpers.batch.records.BatchRecords`: its ``batch_records`` are in the order of\n" \
    "    keys, each with ``key``, ``record`` and ``result``, its own ``result`` is 0 where all went well. Rows that\n" \
    "    failed raise nothing.\n"
#define BATCH_RAISES_DOC ":raises ParamError: an argument is not valid; nothing was sent.\n"
// clang-format on

// ---- batch_read ----

DOC(client_batch_read,
    "batch_read($self, keys, bins=None, policy=None)\n--\n\n"
    "Read many records.\n\n"
    KEYS_DOC
    ":param list bins: names of bins to read; None: all; an empty list: none, only the meta of each record.\n"
    POLICY_DOC("batch")
    BATCH_RETURN_DOC
    BATCH_RAISES_DOC);

static int read_bin_names(Command *command, PyObject *bins)
{
    if (bins == NULL || bins == Py_None) {
        return 0;
    }
    if (!PyList_Check(bins) && !PyTuple_Check(bins)) {
        return error_type(command_state(command), "bins", "a list of bin names", bins);
    }
    PyObject *names = keep_new(&command->keep, PySequence_Tuple(bins));
    for (Py_ssize_t i = 0; names != NULL && i < PyTuple_GET_SIZE(names); i++) {
        // one that is too long, the server refuses
        if (text_from_py(command_state(command), "a name in bins", PyTuple_GET_ITEM(names, i)) == NULL) {
            return -1;
        }
    }
    return names == NULL ? -1 : command_names(command, names);
}

static int set_read(Command *command, as_batch_base_record *row, PyObject *const *Py_UNUSED(given))
{
    as_batch_read_record *read = (as_batch_read_record *)row;
    read->read_all_bins = command->names == NULL;
    read->bin_names = command->number == 0 ? NULL : (char **)command->names;
    read->n_bin_names = (uint32_t)command->number;
    return 0;
}

static int batch_read_read(Command *command, PyObject *const *given)
{
    return batch_new(command, sizeof(Batch), "keys", given[0]) == NULL || read_bin_names(command, given[1]) < 0
               ? -1
               : batch_read_keys(command, ROW_READ, set_read, given);
}

BATCH(batch_read, batch_read, batch_give_new, BATCH, 1, "keys", "bins", "policy")

// ---- batch_operate ----

DOC(client_batch_operate,
    "batch_operate($self, keys, ops, policy_batch=None, policy_batch_write=None, ttl=None)\n--\n\n"
    "Carry out the same operations on many records; on each of them all or none.\n\n"
    KEYS_DOC
    ":param list ops: operations, at least one, as of operate().\n"
    BATCH_POLICY_DOC("batch_parent_write")
    ":param dict policy_batch_write: of each record, see :ref:`batch_write`; default: the client's.\n"
    ":param int ttl: time to live in seconds, or a ``TTL_*`` constant; default: the policy's.\n"
    BATCH_RETURN_DOC
    BATCH_RAISES_DOC);

static PyObject *or_none(PyObject *given)
{
    return given == NULL ? Py_None : given;
}

int batch_set_operations(Command *command, as_batch_base_record *row, PyObject *list, PyObject *policy)
{
    as_operations *operations = batch_operations(command, list, Py_None);
    if (row->type == AS_BATCH_READ) {
        ((as_batch_read_record *)row)->ops = operations;
        return 0;
    }
    as_batch_write_record *write = (as_batch_write_record *)row;
    write->ops = operations;
    write->policy = batch_policy(command, ROW_WRITE, policy);
    return write->policy == NULL ? -1 : 0;
}

static int set_operations(Command *command, as_batch_base_record *row, PyObject *const *given)
{
    return batch_set_operations(command, row, given[1], or_none(given[3]));
}

static int batch_operate_read(Command *command, PyObject *const *given)
{
    as_operations *operations = batch_new(command, sizeof(Batch), "keys", given[0]) == NULL
                                    ? NULL
                                    : batch_operations(command, given[1], Py_None);
    if (operations == NULL) {
        return -1;
    }
    operations->ttl = AS_RECORD_CLIENT_DEFAULT_TTL;  // that of a touch does not count, as in the vendor's client
    if (given[4] != NULL && given[4] != Py_None &&
        ttl_from_py(command_state(command), given[4], "ttl", &operations->ttl) < 0) {
        return -1;
    }
    return batch_read_keys(command, as_operations_has_write(operations) ? ROW_WRITE : ROW_READ, set_operations, given);
}

BATCH(batch_operate, batch, batch_give_new, BATCH_PARENT_WRITE, 2, "keys", "ops", "policy_batch", "policy_batch_write",
      "ttl")

// ---- batch_remove ----

DOC(client_batch_remove,
    "batch_remove($self, keys, policy_batch=None, policy_batch_remove=None)\n--\n\n"
    "Remove many records.\n\n"
    KEYS_DOC
    BATCH_POLICY_DOC("batch_parent_write")
    ":param dict policy_batch_remove: of each record, see :ref:`batch_remove`; default: the client's.\n"
    BATCH_RETURN_DOC
    BATCH_RAISES_DOC);

static int set_remove(Command *command, as_batch_base_record *row, PyObject *const *given)
{
    as_batch_remove_record *removal = (as_batch_remove_record *)row;
    removal->policy = batch_policy(command, ROW_REMOVE, or_none(given[2]));
    return removal->policy == NULL ? -1 : 0;
}

static int batch_remove_read(Command *command, PyObject *const *given)
{
    return batch_new(command, sizeof(Batch), "keys", given[0]) == NULL
               ? -1
               : batch_read_keys(command, ROW_REMOVE, set_remove, given);
}

BATCH(batch_remove, batch, batch_give_new, BATCH_PARENT_WRITE, 1, "keys", "policy_batch", "policy_batch_remove")

// ---- batch_apply ----

DOC(client_batch_apply,
    "batch_apply($self, keys, module, function, args, policy_batch=None, policy_batch_apply=None)\n--\n\n"
    "Call a user-defined function on many records.\n\n"
    KEYS_DOC
    ":param str module: the module that the server has.\n"
    ":param str function: the function of that module.\n"
    ":param list args: its arguments, after the record.\n"
    BATCH_POLICY_DOC("batch_parent_write")
    ":param dict policy_batch_apply: of each call, see :ref:`batch_apply`; default: the client's.\n"
    BATCH_RETURN_DOC
    BATCH_RAISES_DOC);

static int set_call(Command *command, as_batch_apply_record *row, PyObject *module, PyObject *function,
                    PyObject *arguments, PyObject *policy)
{
    State *state = command_state(command);
    row->module = text_from_py(state, "module", module);
    row->function = row->module == NULL ? NULL : text_from_py(state, "function", function);
    row->arglist = row->function == NULL ? NULL : shared_arguments(command, arguments);
    row->policy = row->arglist == NULL ? NULL : batch_policy(command, ROW_APPLY, policy);
    return row->policy == NULL || keep_object(&command->keep, module) < 0 || keep_object(&command->keep, function) < 0
               ? -1
               : 0;
}

static int set_apply(Command *command, as_batch_base_record *row, PyObject *const *given)
{
    return set_call(command, (as_batch_apply_record *)row, given[1], given[2], given[3], or_none(given[5]));
}

static int batch_apply_read(Command *command, PyObject *const *given)
{
    return batch_new(command, sizeof(Batch), "keys", given[0]) == NULL
               ? -1
               : batch_read_keys(command, ROW_APPLY, set_apply, given);
}

BATCH(batch_apply, batch, batch_give_new, BATCH_PARENT_WRITE, 4, "keys", "module", "function", "args", "policy_batch",
      "policy_batch_apply")

// ---- batch_write ----

DOC(client_batch_write,
    "batch_write($self, batch_records, policy_batch=None)\n--\n\n"
    "Carry out a command of its own on each of many records.\n\n"
    ":param BatchRecords batch_records: rows of :mod:`aerospike_helpers.batch.records`, which get the results.\n"
    BATCH_POLICY_DOC("batch_parent_write")
    ":return: batch_records: each row has its ``record`` and ``result``, the whole a ``result`` that is 0 where all\n"
    "    went well. Rows that failed raise nothing.\n"
    BATCH_RAISES_DOC);

static int read_operations(Command *command, PyObject *row, as_batch_read_record *out)
{
    PyObject *list = PyObject_GetAttr(row, name_of(command, NAME_ops));
    PyObject *all = list == NULL ? NULL : PyObject_GetAttr(row, name_of(command, NAME_read_all_bins));
    int truth = all == NULL ? -1 : PyObject_IsTrue(all);
    if (truth >= 0 && list != Py_None) {
        out->ops = batch_operations(command, list, Py_None);
        truth = out->ops == NULL ? -1 : truth;
    }
    out->read_all_bins = truth > 0 && list == Py_None;
    Py_XDECREF(list);
    Py_XDECREF(all);
    return truth < 0 ? -1 : 0;
}

static int read_read(Command *command, PyObject *row, PyObject *policy, as_batch_base_record *out)
{
    as_batch_read_record *read = (as_batch_read_record *)out;
    if (policy != Py_None) {  // else what the whole batch's policy says
        read->policy = batch_policy(command, ROW_READ, policy);
        if (read->policy == NULL) {
            return -1;
        }
    }
    return read_operations(command, row, read);
}

static int read_write(Command *command, PyObject *row, PyObject *policy, as_batch_base_record *out)
{
    as_batch_write_record *write = (as_batch_write_record *)out;
    PyObject *list = PyObject_GetAttr(row, name_of(command, NAME_ops));
    PyObject *meta = list == NULL ? NULL : PyObject_GetAttr(row, name_of(command, NAME_meta));
    write->ops = meta == NULL ? NULL : batch_operations(command, list, meta);
    write->policy = write->ops == NULL ? NULL : batch_policy(command, ROW_WRITE, policy);
    Py_XDECREF(list);
    Py_XDECREF(meta);
    return write->policy == NULL ? -1 : 0;
}

static int read_apply(Command *command, PyObject *row, PyObject *policy, as_batch_base_record *out)
{
    PyObject *module = PyObject_GetAttr(row, name_of(command, NAME_module));
    PyObject *function = module == NULL ? NULL : PyObject_GetAttr(row, name_of(command, NAME_function));
    PyObject *arguments = function == NULL ? NULL : PyObject_GetAttr(row, name_of(command, NAME_args));
    int result =
        arguments == NULL ? -1 : set_call(command, (as_batch_apply_record *)out, module, function, arguments, policy);
    Py_XDECREF(module);
    Py_XDECREF(function);
    Py_XDECREF(arguments);
    return result;
}

static int read_remove(Command *command, PyObject *Py_UNUSED(row), PyObject *policy, as_batch_base_record *out)
{
    as_batch_remove_record *removal = (as_batch_remove_record *)out;
    removal->policy = batch_policy(command, ROW_REMOVE, policy);
    return removal->policy == NULL ? -1 : 0;
}

static int (*const row_readers[ROW_TYPES])(Command *command, PyObject *row, PyObject *policy,
                                           as_batch_base_record *out) = {
    [ROW_READ] = read_read, [ROW_WRITE] = read_write, [ROW_APPLY] = read_apply, [ROW_REMOVE] = read_remove};

// What an object's _type says; ROW_TYPES where it says nothing.
static RowType row_type(const Command *command, PyObject *row)
{
    PyObject *type = PyObject_GetAttr(row, name_of(command, NAME__type));
    int64_t number;
    RowType found = type != NULL && PyLong_Check(type) && integer_narrow(type, 0, ROW_TYPES - 1, &number) == NARROWED
                        ? (RowType)number
                        : ROW_TYPES;
    Py_XDECREF(type);
    PyErr_Clear();
    return found;
}

static int read_row(Command *command, PyObject *row)
{
    RowType type = row_type(command, row);
    if (type == ROW_TYPES) {
        return error_type(command_state(command), "it", "a Read, Write, Apply or Remove", row);
    }
    as_batch_base_record *out = row_new(command->answer, type);
    PyObject *key = PyObject_GetAttr(row, name_of(command, NAME_key));
    PyObject *policy = key == NULL ? NULL : PyObject_GetAttr(row, name_of(command, NAME_policy));
    int result =
        policy == NULL || read_row_key(command, key, &out->key) < 0 ? -1 : row_readers[type](command, row, policy, out);
    Py_XDECREF(key);
    Py_XDECREF(policy);
    return result;
}

static int batch_write_read(Command *command, PyObject *const *given)
{
    State *state = command_state(command);
    if (!is_a(given[0], state->batch_records_class)) {
        return error_type(state, "batch_records", "a BatchRecords", given[0]);
    }
    PyObject *rows = PyObject_GetAttr(given[0], name_of(command, NAME_batch_records));
    Batch *batch = rows == NULL ? NULL : batch_new(command, sizeof(Batch), "batch_records.batch_records", rows);
    Py_XDECREF(rows);
    if (batch == NULL) {
        return -1;
    }
    batch->result = Py_NewRef(given[0]);
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(batch->given); i++) {
        if (read_row(command, PyTuple_GET_ITEM(batch->given, i)) < 0) {
            return error_prefix(state, "batch_records[%zd]", i);
        }
    }
    return rows_digest(batch);
}

BATCH(batch_write, batch, batch_give_given, BATCH_PARENT_WRITE, 1, "batch_records", "policy_batch")

PyMethodDef client_batch_methods[] = {
    METHOD_FLYING(batch_read),   METHOD_FLYING(batch_write), METHOD_FLYING(batch_operate),
    METHOD_FLYING(batch_remove), METHOD_FLYING(batch_apply), {NULL, NULL, 0, NULL},
};

// ---- at import ----

int batch_init(PyObject *module, State *state)
{
    static const char *const names[] = {
#define NAME(name) #name,
        BATCH_NAMES(NAME)
#undef NAME
    };
    (void)module;
    PyObject *face = PyImport_ImportModule("aerospike._batch");
    state->batch_record_class = face == NULL ? NULL : PyObject_GetAttrString(face, "BatchRecord");
    state->batch_records_class = face == NULL ? NULL : PyObject_GetAttrString(face, "BatchRecords");
    state->batch_names = PyTuple_New(NAME_COUNT);
    Py_XDECREF(face);
    if (state->batch_record_class == NULL || state->batch_records_class == NULL || state->batch_names == NULL) {
        return -1;
    }
    for (Py_ssize_t i = 0; i < NAME_COUNT; i++) {
        PyObject *name = PyUnicode_InternFromString(names[i]);
        if (name == NULL) {
            return -1;
        }
        PyTuple_SET_ITEM(state->batch_names, i, name);
    }
    return 0;
}
