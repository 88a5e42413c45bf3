// SPDX-License-Identifier: Apache-2.0
// Scans and queries. Query and Scan (Python) hold a plan; what is here runs it: records go to a list or a callback.
#include "args.h"
#include "client.h"
#include "policy.h"

#include <aerospike/aerospike_query.h>
#include <aerospike/aerospike_scan.h>
#include <aerospike/as_cluster.h>
#include <aerospike/as_partition_filter.h>

static const char STATUS_CAPSULE[] = "aerospike.partitions_status";

// Where records go. The C client calls from its own threads, several at a time; the GIL puts them in order.
typedef struct Sink {
    Codec codec;
    PyObject *target;  // a list, or a callable
    bool with_partition;  // the callable takes (partition id, record)
    bool stopped;  // by the callable, or by what it raised
    PyObject *error_type, *error_value, *error_traceback;
    uint32_t partitions;
} Sink;

typedef struct Run {
    ClientObject *client;
    Sink sink;
    as_query query;
    bool has_query;
    as_policy_query policy;
    as_partition_filter filter;
    PolicyOwned owned;
    as_error err;
    as_status status;
} Run;

// ---- records ----

static int sink_give(Sink *sink, const as_record *record)
{
    PyObject *key = key_to_py(&sink->codec, &record->key);
    PyObject *row = key == NULL ? NULL : record_to_py(&sink->codec, record, key, true);
    Py_XDECREF(key);
    if (row == NULL) {
        return -1;
    }
    if (PyList_CheckExact(sink->target)) {
        int result = PyList_Append(sink->target, row);
        Py_DECREF(row);
        return result;
    }
    PyObject *answer;
    if (sink->with_partition) {
        uint32_t id = as_partition_getid(record->key.digest.value, sink->partitions);
        answer = PyObject_CallFunction(sink->target, "IO", id, row);
    } else {
        answer = PyObject_CallOneArg(sink->target, row);
    }
    Py_DECREF(row);
    if (answer == NULL) {
        return -1;
    }
    sink->stopped = sink->stopped || answer == Py_False;
    Py_DECREF(answer);
    return PyErr_CheckSignals();
}

static bool on_record(const as_val *value, void *udata)
{
    Sink *sink = udata;
    if (value == NULL) {
        return true;  // the end
    }
    PyGILState_STATE gil = PyGILState_Ensure();
    if (!sink->stopped && sink_give(sink, as_record_fromval(value)) < 0) {
        sink->stopped = true;
        PyErr_Fetch(&sink->error_type, &sink->error_value, &sink->error_traceback);
    }
    bool more = !sink->stopped;
    PyGILState_Release(gil);
    return more;
}

// ---- partitions ----

static void status_free(PyObject *capsule)
{
    as_partitions_status_release(PyCapsule_GetPointer(capsule, STATUS_CAPSULE));
}

static int number_entry(State *state, PyObject *dict, const char *key, int64_t most, uint16_t *out)
{
    PyObject *value = PyDict_GetItemString(dict, key);
    int64_t number;
    char what[48];
    snprintf(what, sizeof what, "partition_filter['%s']", key);
    if (value == NULL) {
        return 0;
    }
    if (integer_from_py(state, value, what, 0, most, &number) < 0) {
        return -1;
    }
    *out = (uint16_t)number;
    return 0;
}

// {"init": truth, "value": 20 bytes}: go on after that record.
static int digest_entry(State *state, PyObject *dict, as_digest *out)
{
    PyObject *entry = PyDict_GetItemString(dict, "digest");
    if (entry == NULL || entry == Py_None) {
        return 0;
    }
    PyObject *value = PyDict_Check(entry) ? PyDict_GetItemString(entry, "value") : NULL;
    PyObject *init = PyDict_Check(entry) ? PyDict_GetItemString(entry, "init") : NULL;
    PyObject *bytes =
        value == NULL || !(PyByteArray_Check(value) || PyBytes_Check(value)) ? NULL : PyBytes_FromObject(value);
    if (bytes == NULL || PyBytes_GET_SIZE(bytes) != AS_DIGEST_VALUE_SIZE) {
        Py_XDECREF(bytes);
        return PyErr_Occurred()
                   ? -1
                   : error_param(state, "partition_filter['digest'] must be {'init': bool, 'value': 20 bytes}");
    }
    memcpy(out->value, PyBytes_AS_STRING(bytes), AS_DIGEST_VALUE_SIZE);
    out->init = init == NULL || PyObject_IsTrue(init) == 1;
    Py_DECREF(bytes);
    return 0;
}

// One entry of a status: pid -> (pid, init, retry, digest, bval), as get_partitions_status() tells.
static int status_entry(State *state, PyObject *statuses, as_partition_status *out)
{
    PyObject *id = PyLong_FromLong(out->part_id);
    PyObject *entry = id == NULL ? NULL : PyDict_GetItemWithError(statuses, id);
    Py_XDECREF(id);
    if (entry == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    int init, retry;
    unsigned pid;
    unsigned long long bval;
    Py_buffer digest;
    if (!PyTuple_Check(entry) || !PyArg_ParseTuple(entry, "Ippy*K", &pid, &init, &retry, &digest, &bval)) {
        PyErr_Clear();
        return error_param(state, "partition_filter['partition_status'][%d] must be (id, init, retry, digest, bval)",
                           (int)out->part_id);
    }
    bool good = digest.len == AS_DIGEST_VALUE_SIZE;
    if (good) {
        memcpy(out->digest.value, digest.buf, AS_DIGEST_VALUE_SIZE);
        out->digest.init = init;
        out->retry = retry;
        out->bval = bval;
    }
    PyBuffer_Release(&digest);
    return good ? 0 : error_param(state, "partition_filter['partition_status'][%u]: a digest has 20 bytes", pid);
}

static int flag_entry(PyObject *statuses, const char *key, bool missing)
{
    PyObject *value = PyDict_GetItemString(statuses, key);
    return value == NULL ? missing : PyObject_IsTrue(value);
}

static as_partitions_status *status_from_py(State *state, PyObject *statuses, uint16_t begin, uint16_t count)
{
    if (!PyDict_Check(statuses)) {
        error_type(state, "partition_filter['partition_status']", "a dict", statuses);
        return NULL;
    }
    as_partitions_status *made = cf_calloc(1, sizeof *made + count * sizeof(as_partition_status));
    made->ref_count = 1;
    made->part_begin = begin;
    made->part_count = count;
    int done = flag_entry(statuses, "done", false), retry = flag_entry(statuses, "retry", true);
    int result = done < 0 || retry < 0 ? -1 : 0;
    made->done = done > 0;
    made->retry = retry > 0;
    for (uint16_t i = 0; result == 0 && i < count; i++) {
        made->parts[i].part_id = (uint16_t)(begin + i);
        made->parts[i].retry = true;
        result = status_entry(state, statuses, &made->parts[i]);
    }
    if (result < 0) {
        as_partitions_status_release(made);
        return NULL;
    }
    return made;
}

enum { PARTITIONS = 4096 };

// A partition_filter dict, a capsule of a former page, or None for everything.
static int read_partitions(Run *run, PyObject *partitions)
{
    State *state = run->client->state;
    as_partition_filter_set_all(&run->filter);
    if (partitions == Py_None) {
        return 0;
    }
    if (PyCapsule_IsValid(partitions, STATUS_CAPSULE)) {
        as_partition_filter_set_partitions(&run->filter, PyCapsule_GetPointer(partitions, STATUS_CAPSULE));
        return 0;
    }
    if (!PyDict_Check(partitions)) {
        return error_type(state, "partition_filter", "a dict", partitions);
    }
    as_partition_filter *filter = &run->filter;
    if (number_entry(state, partitions, "begin", UINT16_MAX, &filter->begin) < 0 ||
        number_entry(state, partitions, "count", PARTITIONS, &filter->count) < 0 ||
        digest_entry(state, partitions, &filter->digest) < 0) {
        return -1;
    }
    // an empty range is an answer like any other, a range beyond the last partition a mistake
    if (filter->begin + filter->count > PARTITIONS) {
        return error_param(state, "partition_filter: begin + count must be at most %d, not %d", PARTITIONS,
                           filter->begin + filter->count);
    }
    PyObject *statuses = PyDict_GetItemString(partitions, "partition_status");
    if (statuses != NULL && statuses != Py_None) {
        as_partitions_status *status = status_from_py(state, statuses, filter->begin, filter->count);
        if (status == NULL) {
            return -1;
        }
        as_partition_filter_set_partitions(filter, status);
        as_query_set_partitions(&run->query, status);
        as_partitions_status_release(status);
    }
    return 0;
}

static PyObject *status_to_py(const as_partitions_status *status)
{
    PyObject *dict =
        Py_BuildValue("{sOsO}", "done", status->done ? Py_True : Py_False, "retry", status->retry ? Py_True : Py_False);
    for (uint16_t i = 0; dict != NULL && i < status->part_count; i++) {
        const as_partition_status *part = &status->parts[i];
        PyObject *digest = digest_to_py(&part->digest);
        PyObject *id = PyLong_FromLong(part->part_id);
        PyObject *entry = digest == NULL || id == NULL
                              ? NULL
                              : Py_BuildValue("(OOOOK)", id, part->digest.init ? Py_True : Py_False,
                                              part->retry ? Py_True : Py_False, digest, (unsigned long long)part->bval);
        if (entry == NULL || PyDict_SetItem(dict, id, entry) < 0) {
            Py_CLEAR(dict);
        }
        Py_XDECREF(entry);
        Py_XDECREF(id);
        Py_XDECREF(digest);
    }
    return dict;
}

// ---- the plan ----

static int read_bins(Run *run, PyObject *bins)
{
    Py_ssize_t count = PyTuple_GET_SIZE(bins);
    if (count > UINT16_MAX) {
        return error_param(run->client->state, "select takes at most %d bins", UINT16_MAX);
    }
    as_query_select_init(&run->query, (uint16_t)count);
    for (Py_ssize_t i = 0; i < count; i++) {
        const char *name = bin_name_from_py(run->client->state, PyTuple_GET_ITEM(bins, i));
        if (name == NULL) {
            return -1;
        }
        as_query_select(&run->query, name);
    }
    return 0;
}

// A scan's policy is a query's with the limits in it.
static int read_policy(Run *run, const char *kind, PyObject *policy)
{
    ClientObject *client = run->client;
    if (strcmp(kind, "query") == 0) {
        return policy_from_py(client, POLICY_KIND_QUERY, policy, &run->policy, &run->owned);
    }
    as_policy_scan scan;
    if (policy_from_py(client, POLICY_KIND_SCAN, policy, &scan, &run->owned) < 0) {
        return -1;
    }
    run->policy = client->policies.query;
    run->policy.base = scan.base;
    run->policy.replica = scan.replica;
    run->policy.deserialize = true;
    if (run->query.max_records == 0) {
        run->query.max_records = scan.max_records;
    }
    if (run->query.records_per_second == 0) {
        run->query.records_per_second = scan.records_per_second;
    }
    return 0;
}

static int read_plan(Run *run, PyObject *plan, PyObject *policy)
{
    const char *kind, *ns, *set;
    PyObject *bins;
    unsigned long long max_records;
    unsigned records_per_second;
    int no_bins, paginate;
    if (!PyArg_ParseTuple(plan, "sszO!KIpp", &kind, &ns, &set, &PyTuple_Type, &bins, &max_records, &records_per_second,
                          &no_bins, &paginate)) {
        return -1;
    }
    as_query_init(&run->query, ns, set == NULL ? "" : set);
    run->has_query = true;
    run->query.max_records = max_records;
    run->query.records_per_second = records_per_second;
    run->query.no_bins = no_bins;
    run->query.paginate = paginate;
    return read_bins(run, bins) < 0 || read_policy(run, kind, policy) < 0 ? -1 : 0;
}

// ---- run and give ----

static void run_query(Run *run)
{
    CLIENT_RUN(
        run->client, run->status,
        (run->sink.partitions = as->cluster->n_partitions,
         aerospike_query_partitions(as, &run->err, &run->policy, &run->query, &run->filter, on_record, &run->sink)));
}

// Only what one node holds, by the scan that the C client has for it.
static int run_on_node(Run *run, PyObject *node)
{
    const char *name = text_from_py(run->client->state, "nodename", node);
    if (name == NULL) {
        return -1;
    }
    as_scan scan;
    as_scan_init(&scan, run->query.ns, run->query.set);
    as_scan_select_init(&scan, run->query.select.size);
    for (uint16_t i = 0; i < run->query.select.size; i++) {
        as_scan_select(&scan, run->query.select.entries[i]);
    }
    as_scan_set_nobins(&scan, run->query.no_bins);
    scan.deserialize_list_map = false;
    as_policy_scan policy = run->client->policies.scan;
    policy.base = run->policy.base;
    policy.max_records = run->query.max_records;
    policy.records_per_second = run->query.records_per_second;
    CLIENT_RUN(run->client, run->status,
               aerospike_scan_node(as, &run->err, &policy, &scan, name, on_record, &run->sink));
    as_scan_destroy(&scan);
    if (run->status == AEROSPIKE_ERR_PARAM) {
        return error_param(run->client->state, "nodename %R is not a node of the cluster", node);
    }
    return 0;
}

static PyObject *give_status(Run *run)
{
    Sink *sink = &run->sink;
    if (sink->error_type != NULL) {
        PyErr_Restore(sink->error_type, sink->error_value, sink->error_traceback);
        return NULL;
    }
    if (run->status == CLIENT_NOT_RUN) {
        return NULL;
    }
    if (run->status != AEROSPIKE_OK && !(sink->stopped && run->status == AEROSPIKE_ERR_CLIENT_ABORT)) {
        return error_raise(run->client->state, &run->err);
    }
    if (run->query.parts_all == NULL) {
        Py_RETURN_NONE;
    }
    as_partitions_status *status = as_partitions_status_reserve(run->query.parts_all);
    PyObject *capsule = PyCapsule_New(status, STATUS_CAPSULE, status_free);
    if (capsule == NULL) {
        as_partitions_status_release(status);
    }
    return capsule;
}

static PyObject *client_run_query(PyObject *self, METHOD_ARGS)
{
    static const Signature signature = {
        "_run_query", 6, {"plan", "policy", "partitions", "node", "sink", "with_partition"}};
    PyObject *given[6], *result = NULL;
    if (args_parse(&signature, args, count, keywords, given) < 0) {
        return NULL;
    }
    Run run = {.client = (ClientObject *)self};
    as_error_init(&run.err);
    if (read_plan(&run, given[0], given[1]) == 0 && read_partitions(&run, given[2]) == 0) {
        run.sink.codec = codec_for_reply(&run.client->codec, &run.policy.deserialize);
        run.sink.target = given[4];
        run.sink.with_partition = given[5] == Py_True;
        if (given[3] == Py_None) {
            run_query(&run);
            result = give_status(&run);
        } else if (run_on_node(&run, given[3]) == 0) {
            result = give_status(&run);
        }
    }
    if (run.has_query) {
        as_query_destroy(&run.query);
    }
    policy_release(&run.owned);
    return result;
}

static PyObject *client_partitions_status(PyObject *Py_UNUSED(self), PyObject *capsule)
{
    as_partitions_status *status = PyCapsule_GetPointer(capsule, STATUS_CAPSULE);
    return status == NULL ? NULL : status_to_py(status);
}

static PyObject *client_partitions_done(PyObject *Py_UNUSED(self), PyObject *capsule)
{
    as_partitions_status *status = PyCapsule_GetPointer(capsule, STATUS_CAPSULE);
    return status == NULL ? NULL : PyBool_FromLong(status->done);
}

PyMethodDef client_query_methods[] = {
    METHOD("_run_query", client_run_query,
           "_run_query($self, plan, policy, partitions, node, sink, with_partition)\n--\n\n"
           "Run the plan of a Scan or Query; returns the state of its partitions."),
    {"_partitions_status", client_partitions_status, METH_O, "The state of partitions as a dict."},
    {"_partitions_done", client_partitions_done, METH_O, "Whether every partition was read to its end."},
    {NULL, NULL, 0, NULL},
};
