// SPDX-License-Identifier: Apache-2.0
// Several operations on one record in one command, and contexts as text.
#include "operate.h"

#include "args.h"
#include "client.h"
#include "policy.h"

#include <aerospike/aerospike_key.h>

typedef struct Operate {
    Settings *settings;  // for the life of the command
    as_key key;
    as_operations operations;
    as_record *record;  // the server's answer
    Keep keep;
    PolicyOwned owned;
    as_policy_operate policy;
    as_error err;
    as_status status;
} Operate;

// key, list, meta, policy
static int operate_read(Operate *operate, ClientObject *client, PyObject **given)
{
    uint32_t ttl;
    uint16_t generation;
    as_error_init(&operate->err);
    Settings *settings = operate->settings = settings_acquire(client);
    if (settings == NULL || key_from_py(&settings->codec, given[0], &operate->key, &operate->keep) < 0 ||
        policy_from_py(settings, POLICY_KIND_OPERATE, given[3], &operate->policy, &operate->owned) < 0 ||
        meta_from_py(settings, given[2], &ttl, &generation) < 0 ||
        operations_from_py(&settings->codec, given[1], &operate->operations, &operate->keep) < 0) {
        return -1;
    }
    if (operate->operations.ttl == AS_RECORD_CLIENT_DEFAULT_TTL) {  // no touch that says it
        operate->operations.ttl = ttl;
    }
    operate->operations.gen = generation;
    return 0;
}

static void operate_release(Operate *operate)
{
    if (operate->record != NULL) {
        as_record_destroy(operate->record);
    }
    as_operations_destroy(&operate->operations);
    as_key_destroy(&operate->key);
    policy_release(&operate->owned);
    keep_release(&operate->keep);
    settings_release(operate->settings);
}

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

static PyObject *operate_give(Operate *operate, const Codec *codec, PyObject *given_key, bool ordered)
{
    PyObject *key = key_result_to_py(&operate->key, given_key, true);
    PyObject *meta = key == NULL ? NULL : record_meta_to_py(codec, operate->record);
    PyObject *bins = NULL, *result = NULL;
    if (meta != NULL) {
        bins = ordered ? results_to_py(codec, operate->record) : record_bins_to_py(codec, operate->record);
    }
    if (bins != NULL) {
        result = PyTuple_Pack(3, key, meta, bins);
    }
    Py_XDECREF(key);
    Py_XDECREF(meta);
    Py_XDECREF(bins);
    return result;
}

static PyObject *run(PyObject *self, const Signature *signature, METHOD_ARGS, bool ordered)
{
    ClientObject *client = (ClientObject *)self;
    PyObject *given[4], *result = NULL;
    Operate operate = {0};
    if (args_parse(signature, args, count, keywords, given) < 0) {
        return NULL;
    }
    if (operate_read(&operate, client, given) == 0) {
        Codec codec = codec_for_reply(&operate.settings->codec, &operate.policy.deserialize);
        CLIENT_RUN(client, operate.status,
                   aerospike_key_operate(as, &operate.err, &operate.policy, &operate.key, &operate.operations,
                                         &operate.record));
        if (operate.status == AEROSPIKE_OK) {
            result = operate_give(&operate, &codec, given[0], ordered);
        } else if (operate.status != CLIENT_NOT_RUN) {
            error_raise(client->state, &operate.err);
        }
    }
    if (result == NULL) {
        error_note_record(client->state, given[0], NULL);
    }
    operate_release(&operate);
    return result;
}

static PyObject *client_operate(PyObject *self, METHOD_ARGS)
{
    static const Signature signature = {"operate", 2, {"key", "list", "meta", "policy"}};
    return run(self, &signature, args, count, keywords, false);
}

static PyObject *client_operate_ordered(PyObject *self, METHOD_ARGS)
{
    static const Signature signature = {"operate_ordered", 2, {"key", "list", "meta", "policy"}};
    return run(self, &signature, args, count, keywords, true);
}

// ---- contexts as text ----

static PyObject *context_text(State *state, const as_cdt_ctx *context)
{
    uint32_t room = as_cdt_ctx_base64_capacity(context);
    char *text = PyMem_Malloc(room);
    PyObject *result = NULL;
    if (text == NULL) {
        PyErr_NoMemory();
    } else if (!as_cdt_ctx_to_base64(context, text, room)) {
        error_set(state, AEROSPIKE_ERR_CLIENT, "ctx could not be written as base64");
    } else {
        result = PyUnicode_FromString(text);
    }
    PyMem_Free(text);
    return result;
}

static PyObject *client_get_cdtctx_base64(PyObject *self, METHOD_ARGS)
{
    static const Signature signature = {"get_cdtctx_base64", 1, {"ctx"}};
    ClientObject *client = (ClientObject *)self;
    PyObject *given[1];
    as_cdt_ctx context;
    if (args_parse(&signature, args, count, keywords, given) < 0) {
        return NULL;
    }
    if (!PyList_Check(given[0]) || PyList_GET_SIZE(given[0]) == 0) {
        error_param(client->state, "ctx must be a list of at least one aerospike_helpers.cdt_ctx entry");
        return NULL;
    }
    Settings *settings = settings_acquire(client);
    if (settings == NULL) {
        return NULL;
    }
    PyObject *text = NULL;
    if (context_from_py(&settings->codec, given[0], &context) == 0) {
        text = context_text(client->state, &context);
        as_cdt_ctx_destroy(&context);
    }
    settings_release(settings);
    return text;
}

#define OPERATE_DOC                                                                                                    \
    ":param tuple key: ``(namespace, set, primary key)``, or ``(namespace, set, None, digest)``.\n"                    \
    ":param list list: operations, at least one: what the functions of ``aerospike_helpers.operations`` return, or\n"  \
    "    dictionaries of the same form, such as ``{'op': aerospike.OPERATOR_INCR, 'bin': 'n', 'val': 1}``. They are\n" \
    "    never changed, and may be used again, from other threads too.\n"                                              \
    ":param dict meta: ``ttl`` in seconds (or a ``TTL_*`` constant; default: the policy's) and ``gen``, the\n"         \
    "    generation that the policy's ``gen`` compares.\n"                                                             \
    ":param dict policy: see :ref:`operate`; default: the client's.\n"
#define OPERATE_RAISES                                                                                                 \
    ":raises ParamError: an argument is not valid, nothing was sent; the message names the operation's index in the\n" \
    "    list, the operation, its bin and the argument.\n"                                                             \
    ":raises RecordNotFound: the operations only read, and there is no such record.\n"                                 \
    ":raises BinIncompatibleType: a bin holds another type than its operation needs.\n"                                \
    ":raises OpNotApplicable: an operation cannot be done on the bin's value.\n"                                       \
    ":raises RecordGenerationError: ``gen`` of the policy does not allow the record's generation.\n"                   \
    ":raises FilteredOut: the policy's ``expressions`` drop the record.\n"

PyMethodDef client_operate_methods[] = {
    METHOD(
        "operate", client_operate,
        "operate($self, key, list, meta=None, policy=None)\n--\n\n"
        "Carry out several operations on one record, as one: all of them or, where one fails, none.\n\n" OPERATE_DOC
        ":return: ``(key, meta, bins)``: bins holds the results as ``{name: value}``; of several results of one bin\n"
        "    only the last, see operate_ordered().\n" OPERATE_RAISES),
    METHOD("operate_ordered", client_operate_ordered,
           "operate_ordered($self, key, list, meta=None, policy=None)\n--\n\n"
           "The same as operate(), with every result in the order of the operations.\n\n" OPERATE_DOC
           ":return: ``(key, meta, results)``: results is a list of ``(name, value)``.\n" OPERATE_RAISES),
    METHOD("get_cdtctx_base64", client_get_cdtctx_base64,
           "get_cdtctx_base64($self, ctx)\n--\n\nA context as base64 text, as the server's info commands take it.\n\n"
           ":param list ctx: entries made by ``aerospike_helpers.cdt_ctx``, at least one.\n:return: str.\n"
           ":raises ParamError: ctx is not such a list.\n"),
    {NULL, NULL, 0, NULL},
};
