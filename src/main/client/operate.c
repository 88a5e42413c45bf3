// SPDX-License-Identifier: Apache-2.0
// Several operations on one record in one command.
#include "operate/operate.h"

#include "client/command.h"
#include "client/doc.h"

#include <aerospike/aerospike_key.h>

// clang-format off: it would lay out texts
#define OPERATE_DOC \
    KEY_DOC \
    ":param list list: operations, at least one: what the functions of ``aerospike_helpers.operations`` return, or\n" \
    "    dictionaries of the same form, such as ``{'op': aerospike.OPERATOR_INCR, 'bin': 'n', 'val': 1}``. They are\n" \
    "    never changed, and may be used again, from other threads too.\n" \
    META_DOC \
    POLICY_DOC("operate")
#define OPERATE_RAISES_DOC \
    ":raises ParamError: an argument is not valid, nothing was sent; the message names the operation's index in the\n" \
    "    list, the operation, its bin and the argument.\n" \
    ":raises RecordNotFound: the operations only read, and there is no such record.\n" \
    ":raises BinIncompatibleType: a bin holds another type than its operation needs.\n" \
    ":raises OpNotApplicable: an operation cannot be done on the bin's value.\n" \
    ":raises RecordGenerationError: ``gen`` of the policy does not allow the record's generation.\n" \
    ":raises FilteredOut: the policy's ``expressions`` drop the record.\n"
// clang-format on

int command_operations(Command *command, PyObject *list, const char *what, PyObject *meta, as_operations *out)
{
    uint32_t ttl;
    uint16_t generation;
    if (meta_from_py(command->settings, meta, command->codec.validate_keys, &ttl, &generation) < 0 ||
        operations_from_py(&command->codec, list, what, ttl, out, &command->keep) < 0) {
        return -1;
    }
    out->gen = generation;
    return 0;
}

// key, list, meta, policy
static int operate_read(Command *command, PyObject *const *given)
{
    as_operations *operations = &command->operations;
    if (command_operations(command, given[1], "list", given[2], operations) < 0) {
        return -1;
    }
    const as_bin *first = &operations->binops.entries[0].bin;
    if (operations->binops.size == 1 && first->name[0] != '\0') {  // of several, none knows which has failed
        command->bin_object = name_to_py(command_state(command), first->name, strlen(first->name));
        return command->bin_object == NULL ? -1 : 0;
    }
    return 0;
}

static as_status operate_run(Command *command, aerospike *as)
{
    return aerospike_key_operate(as, &command->err, &command->policy.operate, &command->key, &command->operations,
                                 &command->record);
}

DOC(client_operate,
    "operate($self, key, list, meta=None, policy=None)\n--\n\n"
    "Carry out several operations on one record, as one: all of them or, where one fails, none.\n\n"
    OPERATE_DOC
    ":return: ``(key, meta, bins)``: bins holds the results as ``{name: value}``; of several results of one bin\n"
    "    only the last, see operate_ordered().\n"
    OPERATE_RAISES_DOC);

static PyObject *operate_give(Command *command)
{
    return command_give_record(command, true);
}

static const CommandKind operate_command = {.signature = {"operate", 2, {"key", "list", "meta", "policy"}},
                                            .keyed = true,
                                            .policy = POLICY_KIND_OPERATE,
                                            .read = operate_read,
                                            .run = operate_run,
                                            .start = command_start_operate,
                                            .give = operate_give};
COMMAND_FLYING(operate)

DOC(client_operate_ordered,
    "operate_ordered($self, key, list, meta=None, policy=None)\n--\n\n"
    "The same as operate(), with every result in the order of the operations.\n\n"
    OPERATE_DOC
    ":return: ``(key, meta, results)``: results is a list of ``(name, value)``.\n"
    OPERATE_RAISES_DOC);

// The results in the order of the operations: [(bin, value)].
static PyObject *results_to_py(const Codec *codec, const as_record *record)
{
    PyObject *results = PyList_New(0);
    for (uint16_t i = 0; results != NULL && i < record->bins.size; i++) {
        const as_bin *bin = &record->bins.entries[i];
        PyObject *name = name_to_py(codec->state, bin->name, strlen(bin->name));
        PyObject *value = name == NULL ? NULL : bin_to_py(codec, bin);
        PyObject *pair = value == NULL ? NULL : PyTuple_Pack(2, name, value);
        Py_XDECREF(name);
        Py_XDECREF(value);
        if (pair == NULL || PyList_Append(results, pair) < 0) {
            Py_CLEAR(results);
        }
        Py_XDECREF(pair);
    }
    return results;
}

static PyObject *operate_ordered_give(Command *command)
{
    PyObject *key = key_result_to_py(&command->key, command->key_object, true);
    PyObject *meta = key == NULL ? NULL : record_meta_to_py(&command->codec, command->record);
    PyObject *results = meta == NULL ? NULL : results_to_py(&command->codec, command->record);
    PyObject *result = results == NULL ? NULL : PyTuple_Pack(3, key, meta, results);
    Py_XDECREF(key);
    Py_XDECREF(meta);
    Py_XDECREF(results);
    return result;
}

static const CommandKind operate_ordered_command = {
    .signature = {"operate_ordered", 2, {"key", "list", "meta", "policy"}},
    .keyed = true,
    .policy = POLICY_KIND_OPERATE,
    .read = operate_read,
    .run = operate_run,
    .start = command_start_operate,
    .give = operate_ordered_give};
COMMAND_FLYING(operate_ordered)

PyMethodDef client_operate_methods[] = {
    METHOD_FLYING(operate),
    METHOD_FLYING(operate_ordered),
    {NULL, NULL, 0, NULL},
};
