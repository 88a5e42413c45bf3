// SPDX-License-Identifier: Apache-2.0
// Scans and queries. Query and Scan (Python) hold a plan; what is here runs it: records go to a list or a callback.
#include "args.h"
#include "client.h"
#include "partitions.h"
#include "policy.h"
#include "query_run.h"
#include "rows.h"

#include <aerospike/as_cluster.h>

// ---- what is asked ----

// The fields of aerospike._plan.Request, under their names.
#define REQUEST_FIELDS(X)                                                                                              \
    X(kind)                                                                                                            \
    X(namespace)                                                                                                       \
    X(set)                                                                                                             \
    X(bins)                                                                                                            \
    X(max_records)                                                                                                     \
    X(records_per_second)                                                                                              \
    X(no_bins)                                                                                                         \
    X(policy)                                                                                                          \
    X(partitions)                                                                                                      \
    X(node)                                                                                                            \
    X(callback)                                                                                                        \
    X(with_partition)

typedef struct Request {
#define MEMBER(name) PyObject *name;
    REQUEST_FIELDS(MEMBER)
#undef MEMBER
} Request;

static int request_read(PyObject *object, Request *request)
{
#define READ(name)                                                                                                     \
    if ((request->name = PyObject_GetAttrString(object, #name)) == NULL) {                                             \
        return -1;                                                                                                     \
    }
    REQUEST_FIELDS(READ)
#undef READ
    return 0;
}

static void request_release(Request *request)
{
#define RELEASE(name) Py_CLEAR(request->name);
    REQUEST_FIELDS(RELEASE)
#undef RELEASE
}

// ---- read ----

static bool name_too_long(PyObject *name)
{
    Py_ssize_t size;
    bool too_long = PyUnicode_AsUTF8AndSize(name, &size) != NULL && size > AS_BIN_NAME_MAX_LEN;
    PyErr_Clear();  // what is no name at all is found by others
    return too_long;
}

// One name more to choose; one that is too long is left out where types are not strict. 0 or -1.
static int bin_name_choose(const Codec *codec, PyObject *given, PyObject *chosen)
{
    State *state = codec->state;
    if (!PyUnicode_Check(given) && !PyByteArray_Check(given)) {
        return error_type(state, "a bin name", "a str", given);
    }
    PyObject *name = PyUnicode_Check(given) ? Py_NewRef(given) : PyUnicode_FromEncodedObject(given, "utf-8", "strict");
    if (name == NULL) {
        PyErr_Clear();
        return error_param(state, "bin name %R is not UTF-8", given);
    }
    int result = 0;
    if (codec->strict_types || !name_too_long(name)) {
        result = bin_name_from_py(state, name) == NULL ? -1 : PyDict_SetItem(chosen, name, Py_None);
    }
    Py_DECREF(name);
    return result;
}

static int read_bins(State *state, PyObject *bins, as_query *query)
{
    if (!PyTuple_Check(bins)) {
        return error_type(state, "bins", "a tuple", bins);
    }
    Py_ssize_t count = PyTuple_GET_SIZE(bins);
    if (count > UINT16_MAX) {
        return error_param(state, "select takes at most %d bins", UINT16_MAX);
    }
    as_query_select_init(query, (uint16_t)count);
    for (Py_ssize_t i = 0; i < count; i++) {
        const char *name = bin_name_from_py(state, PyTuple_GET_ITEM(bins, i));
        if (name == NULL) {
            return -1;
        }
        as_query_select(query, name);
    }
    return 0;
}

static int read_query(State *state, const Request *request, as_query *query)
{
    const char *ns = text_from_py(state, "namespace", request->namespace);
    const char *set = request->set == Py_None ? "" : text_from_py(state, "set", request->set);
    int64_t most, speed;
    if (ns == NULL || set == NULL ||
        integer_from_py(state, request->max_records, "max_records", 0, INT64_MAX, &most) < 0 ||
        integer_from_py(state, request->records_per_second, "records_per_second", 0, UINT32_MAX, &speed) < 0) {
        return -1;
    }
    as_query_init(query, ns, set);
    query->max_records = (uint64_t)most;
    query->records_per_second = (uint32_t)speed;
    query->no_bins = request->no_bins == Py_True;
    return read_bins(state, request->bins, query);
}

// A scan's policy is a query's with the limits in it.
static int read_policy(const Settings *settings, const Request *request, QueryRun *run)
{
    as_query *query = &run->query;
    as_policy_scan *scan = &run->scan_policy;
    if (PyUnicode_CompareWithASCIIString(request->kind, "query") == 0) {
        return policy_from_py(settings, POLICY_KIND_QUERY, request->policy, &run->policy, &run->owned);
    }
    if (policy_from_py(settings, POLICY_KIND_SCAN, request->policy, scan, &run->owned) < 0) {
        return -1;
    }
    run->policy = settings->policies.query;
    run->policy.base = scan->base;
    run->policy.replica = scan->replica;
    run->policy.deserialize = true;
    query->max_records = query->max_records == 0 ? scan->max_records : query->max_records;
    query->records_per_second = query->records_per_second == 0 ? scan->records_per_second : query->records_per_second;
    scan->max_records = query->max_records;
    scan->records_per_second = query->records_per_second;
    return 0;
}

static int read_node(State *state, PyObject *node, QueryRun *run)
{
    if (node == Py_None) {
        return 0;
    }
    const char *name = text_from_py(state, "nodename", node);
    if (name == NULL) {
        return -1;
    }
    if (name[0] == '\0' || strlen(name) >= sizeof run->node) {
        return error_param(state, "nodename %R is not a node of the cluster", node);
    }
    strcpy(run->node, name);
    if (run->partitions != NULL && run->partitions->part_count < PARTITIONS) {
        return error_param(state, "nodename and a partition_filter exclude each other");
    }
    return 0;
}

static int read_request(const Settings *settings, const Request *request, QueryRun *run)
{
    State *state = settings->state;
    if (read_query(state, request, &run->query) < 0 || read_policy(settings, request, run) < 0) {
        return -1;
    }
    if (request->partitions != Py_None && (run->partitions = partitions_copy(request->partitions)) == NULL) {
        return -1;
    }
    return read_node(state, request->node, run);
}

// ---- give ----

// The Python side of a run, on the thread that asked for it.
typedef struct Reader {
    State *state;
    QueryRun *run;
    Rows *rows;
    Codec codec;
    unsigned forks;  // when the run began
    PyObject *list;  // of all rows; NULL where a callback gets them
    PyObject *callback;
    bool with_partition;  // the callback takes (partition id, row)
    bool stopped;  // by the callback, or by an exception
    Burst refused;  // what came after that
} Reader;

// The garbage collector looks at a list that grows again and again. No other code can see this one before it is handed
// out, so that nothing in it can be garbage.
static int list_append(PyObject *list, PyObject *record)
{
    PyObject_GC_UnTrack(record);
    return PyList_Append(list, record);
}

static PyObject *list_new(void)
{
    PyObject *list = PyList_New(0);
    if (list != NULL) {
        PyObject_GC_UnTrack(list);
    }
    return list;
}

static void list_show(PyObject *list)
{
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        PyObject_GC_Track(PyList_GET_ITEM(list, i));
    }
    PyObject_GC_Track(list);
}

// 1; 0 where the callback wants no more; -1.
static int callback_call(const Reader *reader, const Row *row, PyObject *record)
{
    PyObject *answer;
    if (reader->with_partition) {
        uint32_t id = as_partition_getid(row->record.key.digest.value, PARTITIONS);
        answer = PyObject_CallFunction(reader->callback, "IO", id, record);
    } else {
        answer = PyObject_CallOneArg(reader->callback, record);
    }
    int result = answer == NULL ? -1 : answer != Py_False;
    Py_XDECREF(answer);
    return result;
}

static int give_row(const Reader *reader, const Row *row)
{
    PyObject *key = key_to_py(&reader->codec, &row->record.key);
    PyObject *record = key == NULL ? NULL : record_to_py(&reader->codec, &row->record, key, true);
    Py_XDECREF(key);
    if (record == NULL) {
        return -1;
    }
    int result = reader->list == NULL ? callback_call(reader, row, record) : list_append(reader->list, record) + 1;
    Py_DECREF(record);
    if (result >= 0 && fork_count() != reader->forks) {
        return error_set(reader->state, AEROSPIKE_ERR_CLIENT,
                         "a child process cannot go on with a scan or query of its parent");
    }
    return result;
}

// 1; 0 or -1 with the row that was refused, and those after it, still in the burst.
static int give_burst(const Reader *reader, Burst *burst)
{
    for (; burst->first != NULL; burst->first = burst->first->next) {
        int result = give_row(reader, burst->first);
        if (result < 1) {
            return result;
        }
    }
    burst->last = NULL;
    return 1;
}

// The callback wants no more, or something has raised. 0, or -1 in a child process, where the lock may be held by a
// thread that is not there.
static int stop(Reader *reader, Burst *burst)
{
    reader->stopped = true;
    if (fork_count() != reader->forks) {
        burst_free(burst);
        return -1;
    }
    rows_stop(reader->rows);
    return 0;
}

// Give rows until the run has ended: 0, perhaps with an exception. -1: a signal's handler has raised, or this is a
// child process; the run is left to itself.
static int read_rows(Reader *reader)
{
    PyObject *type = NULL, *value = NULL, *traceback = NULL;
    Burst burst = {0};
    for (bool running = true; running;) {
        Py_BEGIN_ALLOW_THREADS
        running = rows_take(reader->rows, &burst);
        Py_END_ALLOW_THREADS
        if (!reader->stopped && give_burst(reader, &burst) < 1) {
            if (stop(reader, &burst) < 0) {
                return -1;
            }
            PyErr_Fetch(&type, &value, &traceback);
        }
        if (reader->stopped) {
            burst_append(&reader->refused, &burst);
        }
        if (running && PyErr_CheckSignals() < 0) {
            burst_free(&burst);
            rows_stop(reader->rows);
            Py_XDECREF(type);
            Py_XDECREF(value);
            Py_XDECREF(traceback);
            return -1;
        }
    }
    burst_free(&burst);
    PyErr_Restore(type, value, traceback);
    return 0;
}

// What the run's end says: 0, or -1 with an exception.
static int read_outcome(const Reader *reader)
{
    const QueryRun *run = reader->run;
    if (PyErr_Occurred()) {
        return -1;
    }
    if (reader->rows->exhausted) {
        PyErr_NoMemory();
        return -1;
    }
    if (run->status != AEROSPIKE_OK && !reader->stopped) {
        error_raise(reader->state, &run->err);
        return -1;
    }
    return 0;
}

// How far the plan has come: to the last record that a callback has taken.
static int keep_partitions(Reader *reader, PyObject *capsule)
{
    as_partitions_status *status = reader->run->partitions;
    if (reader->stopped) {
        burst_return(&reader->refused);
        status->done = false;
        status->retry = true;
    }
    return partitions_replace(capsule, status);
}

static PyObject *give(Reader *reader, const Request *request)
{
    if (read_rows(reader) < 0) {
        return NULL;
    }
    int result = read_outcome(reader);
    // what failed has given none of its list, but has called back
    if (reader->run->partitions != NULL && (result == 0 || reader->list == NULL)) {
        PyObject *type, *value, *traceback;
        PyErr_Fetch(&type, &value, &traceback);
        result = keep_partitions(reader, request->partitions) < 0 ? -1 : result;
        PyErr_Restore(type, value, traceback);
    }
    return result < 0 ? NULL : Py_NewRef(reader->list == NULL ? Py_None : reader->list);
}

// ---- methods ----

// The names that select() takes: str or bytearray, each once. NULL with an exception.
static PyObject *client_bin_names(PyObject *self, PyObject *names)
{
    ClientObject *client = (ClientObject *)self;
    if (!PyTuple_Check(names)) {
        error_type(client->state, "names", "a tuple", names);
        return NULL;
    }
    Settings *settings = settings_acquire(client);
    PyObject *chosen = settings == NULL ? NULL : PyDict_New(), *result = NULL;
    for (Py_ssize_t i = 0; chosen != NULL && i < PyTuple_GET_SIZE(names); i++) {
        if (bin_name_choose(&settings->codec, PyTuple_GET_ITEM(names, i), chosen) < 0) {
            Py_CLEAR(chosen);
        }
    }
    PyObject *list = chosen == NULL ? NULL : PyDict_Keys(chosen);
    if (list != NULL) {
        result = PyList_AsTuple(list);
        Py_DECREF(list);
    }
    Py_XDECREF(chosen);
    settings_release(settings);
    return result;
}

static PyObject *run_held(ClientObject *client, const Settings *settings, const Request *request, Reader *reader)
{
    if (read_request(settings, request, reader->run) < 0) {
        return NULL;
    }
    Connection *connection = connection_acquire(client);
    if (connection == NULL) {
        return NULL;
    }
    reader->codec = codec_for_reply(&settings->codec, &reader->run->policy.deserialize);
    reader->forks = fork_count();
    return query_run_start(reader->run, client->state, connection) < 0 ? NULL : give(reader, request);
}

static PyObject *run_request(ClientObject *client, const Request *request, Reader *reader)
{
    Settings *settings = settings_acquire(client);
    PyObject *result = settings == NULL ? NULL : run_held(client, settings, request, reader);
    settings_release(settings);
    return result;
}

static PyObject *client_run_query(PyObject *self, PyObject *object)
{
    ClientObject *client = (ClientObject *)self;
    Request request = {0};
    PyObject *result = NULL;
    Reader reader = {.state = client->state, .rows = rows_new()};
    reader.run = reader.rows == NULL ? NULL : query_run_new(&reader.rows->sink);
    if (reader.run == NULL) {
        return PyErr_NoMemory();
    }
    if (request_read(object, &request) < 0) {
        goto finally;
    }
    reader.callback = request.callback;
    reader.with_partition = request.with_partition == Py_True;
    if (request.callback != Py_None || (reader.list = list_new()) != NULL) {
        result = run_request(client, &request, &reader);
    }
finally:
    if (reader.list != NULL) {
        list_show(reader.list);
        Py_DECREF(reader.list);
    }
    burst_free(&reader.refused);
    query_run_release(reader.run);
    request_release(&request);
    return result;
}

static PyObject *client_partitions(PyObject *self, METHOD_ARGS)
{
    static const Signature signature = {"_partitions", 2, {"partition_filter", "former"}};
    PyObject *given[2];
    if (args_parse(&signature, args, count, keywords, given) < 0) {
        return NULL;
    }
    Settings *settings = settings_acquire((ClientObject *)self);
    PyObject *result = settings == NULL ? NULL : partitions_from_py(settings, given[0], given[1]);
    settings_release(settings);
    return result;
}

static PyObject *client_partitions_status(PyObject *Py_UNUSED(self), PyObject *capsule)
{
    return partitions_to_py(capsule);
}

static PyObject *client_partitions_done(PyObject *Py_UNUSED(self), PyObject *capsule)
{
    return partitions_done(capsule);
}

PyMethodDef client_query_methods[] = {
    {"_run_query", client_run_query, METH_O,
     "_run_query($self, request, /)\n--\n\n"
     "Carry out a Request of a Scan or Query: a list of its records, or None where it has a callback."},
    {"_bin_names", client_bin_names, METH_O, "Names of bins to read, checked."},
    METHOD("_partitions", client_partitions,
           "_partitions($self, partition_filter, former)\n--\n\n"
           "How far partitions are read: of a partition_filter at first, then the former state."),
    {"_partitions_status", client_partitions_status, METH_O, "The state of partitions as a dict."},
    {"_partitions_done", client_partitions_done, METH_O, "Whether every partition was read to its end."},
    {NULL, NULL, 0, NULL},
};
