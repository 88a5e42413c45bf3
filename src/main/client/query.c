// SPDX-License-Identifier: Apache-2.0
// Scans and queries. Query and Scan (Python) hold a plan; what is here runs it: records go to a list or a callback.
#include "client/command.h"
#include "client/iterator.h"
#include "client/partitions.h"
#include "client/query_request.h"
#include "client/where.h"

#include "operate/operate.h"

#include <aerospike/as_cluster.h>

// ---- what is asked ----

// The fields of aerospike._plan.Request, under their names.
#define REQUEST_FIELDS(X)                                                                                              \
    X(kind)                                                                                                            \
    X(namespace)                                                                                                       \
    X(set)                                                                                                             \
    X(bins)                                                                                                            \
    X(operations)                                                                                                      \
    X(function)                                                                                                        \
    X(where)                                                                                                           \
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

// A scan or query as its thread sees it: what was asked, and how far it is given.
typedef struct QueryCall {
    Request request;
    State *state;
    QueryRun *run;
    Rows *rows;  // the run's sink
    Codec codec;
    unsigned forks;  // when the run began
    PyObject *list;  // of all rows; NULL where a callback gets them
    int64_t given;  // rows, to the list or the callback
    bool stopped;  // by the callback, or by an exception
    Burst refused;  // what came after that
} QueryCall;

// ---- read ----

// One name more to choose; one that is too long is refused, or left out. 0 or -1.
static int bin_name_choose(const Codec *codec, bool refuse, PyObject *given, PyObject *chosen)
{
    PyObject *name = bin_name_text(codec->state, given, "a bin name");
    if (name == NULL) {
        return -1;
    }
    int result;
    if (refuse || !bin_name_too_long(name)) {
        result = bin_name_from_py(codec->state, name) == NULL ? -1 : PyDict_SetItem(chosen, name, Py_None);
    } else {
        result = codec->strict_types
                     ? warn_user(PyExc_UserWarning, "bin name %R has more than 15 bytes, and is not selected", name)
                     : 0;
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
    int64_t most;
    if (query_from_py(state, request->namespace, request->set, request->records_per_second, query) < 0 ||
        integer_from_py(state, request->max_records, "max_records", 0, INT64_MAX, &most) < 0) {
        return -1;
    }
    query->max_records = (uint64_t)most;
    query->no_bins = request->no_bins == Py_True;
    return read_bins(state, request->bins, query);
}

// Operations that read are packed where they stand, so that the run needs nothing of Python's for them.
static int read_operations(const Codec *codec, PyObject *list, QueryRun *run)
{
    if (list == Py_None) {
        return 0;
    }
    Keep keep = {0};
    run->query.ops = &run->operations;
    int result = operations_from_py(codec, list, "ops", AS_RECORD_CLIENT_DEFAULT_TTL, &run->operations, &keep);
    if (result == 0 && as_operations_has_write(&run->operations)) {
        result = error_param(codec->state, "ops write, which is done in the background, by execute_background()");
    }
    if (result < 0) {
        as_operations_destroy(&run->operations);
        run->query.ops = NULL;
    }
    keep_release(&keep);
    return result;
}

// A scan's policy is a query's with the limits in it.
static int read_policy(const Settings *settings, const Request *request, QueryRun *run)
{
    as_query *query = &run->query;
    as_policy_scan *scan = &run->scan_policy;
    run->kind = "scan";
    if (PyUnicode_CompareWithASCIIString(request->kind, "query") == 0) {
        run->kind = "query";
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

// The plan has checked the names, and that there are no pages.
static int read_function(const Codec *codec, PyObject *function, QueryRun *run)
{
    const char *module, *name;
    PyObject *given;
    if (function == Py_None) {
        return 0;
    }
    if (!PyArg_ParseTuple(function, "ssO", &module, &name, &given)) {
        return -1;
    }
    as_list *arguments = (as_list *)value_to_native(codec, given, "arguments");
    if (arguments == NULL) {
        return -1;
    }
    run->aggregation = aggregation_new(&run->query, module, name, arguments);
    if (run->aggregation == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    return 0;
}

static int read_request(const Settings *settings, const Request *request, QueryRun *run)
{
    State *state = settings->state;
    if (read_query(state, request, &run->query) < 0 || read_policy(settings, request, run) < 0 ||
        read_operations(&settings->codec, request->operations, run) < 0 ||
        read_function(&settings->codec, request->function, run) < 0 ||
        where_lend(request->where, &run->query, &run->where) < 0) {
        return -1;
    }
    if (request->partitions != Py_None && (run->partitions = partitions_copy(request->partitions)) == NULL) {
        return -1;
    }
    return read_node(state, request->node, run);
}

int query_run_read(const Settings *settings, PyObject *object, QueryRun *run)
{
    Request request = {0};
    int result = request_read(object, &request) < 0 ? -1 : read_request(settings, &request, run);
    request_release(&request);
    return result;
}

// ---- give ----

static uint32_t row_partition(const Row *row)
{
    as_digest digest = {0};
    uint64_t bval;
    if (row->wire.bytes == NULL) {
        digest = row->record->key.digest;
    } else {
        wire_place(row->wire.bytes, row->wire.fields, &digest, &bval);
    }
    return as_partition_getid(digest.value, PARTITIONS);
}

// 1; 0 where the callback wants no more; -1.
static int callback_call(const QueryCall *call, const Row *row, PyObject *record)
{
    PyObject *answer;
    if (call->request.with_partition == Py_True) {
        uint32_t id = row_partition(row);
        answer = PyObject_CallFunction(call->request.callback, "IO", id, record);
    } else {
        answer = PyObject_CallOneArg(call->request.callback, record);
    }
    int result = answer == NULL ? -1 : answer != Py_False;
    Py_XDECREF(answer);
    return result;
}

static int give_row(QueryCall *call, const Row *row)
{
    PyObject *record = row_to_py(&call->codec, call->run, row);
    if (record == NULL) {
        return -1;
    }
    int result = call->list == NULL ? callback_call(call, row, record) : command_list_append(call->list, record) + 1;
    Py_DECREF(record);
    call->given += result >= 0;
    if (result >= 0 && fork_count() != call->forks) {
        return error_set(call->state, AEROSPIKE_ERR_CLIENT,
                         "a child process cannot go on with a scan or query of its parent");
    }
    return result;
}

// 1; 0 or -1 with the row that was refused, and those after it, still in the burst.
static int give_burst(QueryCall *call, Burst *burst)
{
    for (; burst->first != NULL; burst->first = burst->first->next) {
        int result = give_row(call, burst->first);
        if (result < 1) {
            return result;
        }
    }
    burst->last = NULL;
    return 1;
}

// The callback wants no more, or something has raised. 0, or -1 in a child process, where the lock may be held by a
// thread that is not there.
static int stop(QueryCall *call, Burst *burst)
{
    call->stopped = true;
    if (fork_count() != call->forks) {
        burst_free(burst);
        return -1;
    }
    rows_stop(call->rows);
    return 0;
}

// Give rows until the run has ended: 0, perhaps with an exception. -1: a signal's handler has raised, or this is a
// child process; the run is left to itself.
static int read_rows(QueryCall *call)
{
    PyObject *type = NULL, *value = NULL, *traceback = NULL;
    Burst burst = {0};
    for (bool running = true; running;) {
        Py_BEGIN_ALLOW_THREADS
        running = rows_take(call->rows, &burst);
        Py_END_ALLOW_THREADS
        if (!call->stopped && give_burst(call, &burst) < 1) {
            if (stop(call, &burst) < 0) {
                return -1;
            }
            PyErr_Fetch(&type, &value, &traceback);
        }
        if (call->stopped) {
            burst_append(&call->refused, &burst);
        }
        if (running && PyErr_CheckSignals() < 0) {
            rows_give_back(call->rows, &burst);
            rows_stop(call->rows);
            Py_XDECREF(type);
            Py_XDECREF(value);
            Py_XDECREF(traceback);
            return -1;
        }
    }
    rows_give_back(call->rows, &burst);
    PyErr_Restore(type, value, traceback);
    return 0;
}

// What the run's end says: 0, or -1 with an exception.
static int read_outcome(const QueryCall *call)
{
    return PyErr_Occurred() ? -1 : call->stopped ? 0 : query_run_outcome(call->state, call->run, call->rows);
}

// How far the plan has come: to the last record that a callback has taken.
static int keep_partitions(QueryCall *call, PyObject *capsule)
{
    as_partitions_status *status = call->run->partitions;
    if (call->stopped) {
        burst_return(&call->refused);
        status->done = false;
        status->retry = true;
    }
    return partitions_replace(capsule, status);
}

// ---- the commands ----

static int call_new(Command *command)
{
    QueryCall *call = command->answer = PyMem_Calloc(1, sizeof *call);
    if (call == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    call->state = command_state(command);
    call->rows = rows_new();
    call->run = call->rows == NULL ? NULL : query_run_new(&call->rows->sink);
    if (call->run == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    return 0;
}

// What a Request asks for; the answer is a call whose run has not begun.
static int call_read(Command *command, PyObject *request)
{
    if (call_new(command) < 0) {
        return -1;
    }
    QueryCall *call = command->answer;
    if (request_read(request, &call->request) < 0 || read_request(command->settings, &call->request, call->run) < 0) {
        return -1;
    }
    call->codec = codec_for_reply(&command->codec, &call->run->policy.deserialize);
    call->forks = fork_count();
    return 0;
}

DOC(client__run_query,
    "_run_query($self, request)\n--\n\n"
    "Carry out a Request of a Scan or Query: a list of its records, or None where it has a callback.");

static int _run_query_read(Command *command, PyObject *const *given)
{
    if (call_read(command, given[0]) < 0) {
        return -1;
    }
    QueryCall *call = command->answer;
    return call->request.callback == Py_None && (call->list = command_list()) == NULL ? -1 : 0;
}

static as_status _run_query_run(Command *command, aerospike *Py_UNUSED(as))
{
    QueryCall *call = command->answer;
    call->run->has_place = command->has_place;
    call->run->trace = command->observation == NULL ? NULL : trace_retain(command->observation->trace);
    as_status status = query_run_start(call->run, &command->err, connection_hold(command->connection));
    command->has_place = command->has_place && status != AEROSPIKE_OK;
    return status;
}

static PyObject *_run_query_give(Command *command)
{
    QueryCall *call = command->answer;
    if (read_rows(call) < 0) {
        return NULL;
    }
    int result = read_outcome(call);
    // what failed has given none of its list, but has called back
    if (call->run->partitions != NULL && (result == 0 || call->list == NULL)) {
        PyObject *type, *value, *traceback;
        PyErr_Fetch(&type, &value, &traceback);
        result = keep_partitions(call, call->request.partitions) < 0 ? -1 : result;
        PyErr_Restore(type, value, traceback);
    }
    return result < 0 ? NULL : Py_NewRef(call->list == NULL ? Py_None : call->list);
}

static void query_tell(const Command *command, Report *report)
{
    const QueryCall *call = command->answer;
    if (report->ended) {
        report->records = call->given;
    } else {
        query_run_tell(call->run, report);
    }
}

static void _run_query_release(Command *command)
{
    QueryCall *call = command->answer;
    if (call == NULL) {
        return;
    }
    if (call->list != NULL) {
        command_list_show(call->list);
        Py_DECREF(call->list);
    }
    burst_free(&call->refused);
    if (call->run != NULL) {
        query_run_release(call->run);
    }
    request_release(&call->request);
    PyMem_Free(call);
}

static const CommandKind _run_query_command = {.signature = {"_run_query", 1, {"request"}},
                                               .policy = POLICY_KIND_COUNT,
                                               .read = _run_query_read,
                                               .run = _run_query_run,
                                               .give = _run_query_give,
                                               .tell = query_tell,
                                               .release = _run_query_release};
COMMAND(_run_query)

DOC(client__iterate, "_iterate($self, request)\n--\n\nBegin a Request of a Scan or Query, and return its iterator.");

static int _iterate_read(Command *command, PyObject *const *given)
{
    return call_read(command, given[0]);
}

static PyObject *_iterate_give(Command *command)
{
    QueryCall *call = command->answer;
    QueryRun *run = call->run;
    if (command->observation != NULL) {
        observation_keep(command->observation, command);
    }
    call->run = NULL;  // it is the iterator's
    PyObject *iterator = iterator_new(command->client, command->settings, &call->codec, run, call->rows);
    if (iterator != NULL && call->request.partitions != Py_None) {
        iterator_continue(iterator, call->request.partitions);
    }
    if (iterator != NULL && command->observation != NULL) {
        iterator_observe(iterator, command->observation);
        command->observation = NULL;  // its end is the iterator's
    }
    return iterator;
}

static const CommandKind _iterate_command = {.signature = {"_iterate", 1, {"request"}},
                                             .policy = POLICY_KIND_COUNT,
                                             .read = _iterate_read,
                                             .run = _run_query_run,
                                             .give = _iterate_give,
                                             .tell = query_tell,
                                             .release = _run_query_release};
COMMAND(_iterate)

DOC(client__check_open, "_check_open($self)\n--\n\nRaise ClusterError where the client is closed.");

static const CommandKind _check_open_command = {
    .signature = {"_check_open", 0, {NULL}}, .policy = POLICY_KIND_COUNT, .give = command_give_zero};
COMMAND(_check_open)

DOC(client__bin_names, "_bin_names($self, names, strict)\n--\n\nThe names that select() takes, str or bytearray, each once.");

static int _bin_names_read(Command *command, PyObject *const *given)
{
    if (!PyTuple_Check(given[0])) {
        return error_type(command_state(command), "names", "a tuple", given[0]);
    }
    const Codec *codec = &command->codec;
    bool refuse = codec->strict_types && (codec->validate_keys || given[1] == Py_True);
    PyObject *chosen = PyDict_New();
    for (Py_ssize_t i = 0; chosen != NULL && i < PyTuple_GET_SIZE(given[0]); i++) {
        if (bin_name_choose(codec, refuse, PyTuple_GET_ITEM(given[0], i), chosen) < 0) {
            Py_CLEAR(chosen);
        }
    }
    command->answer = chosen == NULL ? NULL : PySequence_Tuple(chosen);
    Py_XDECREF(chosen);
    return command->answer == NULL ? -1 : 0;
}

static const CommandKind _bin_names_command = {.signature = {"_bin_names", 2, {"names", "strict"}},
                                               .policy = POLICY_KIND_COUNT,
                                               .read = _bin_names_read,
                                               .give = command_give_answer};
COMMAND(_bin_names)

DOC(client__where,
    "_where($self, predicate, ctx, expr, index_name)\n--\n\n"
    "What a query's predicate says, checked, for a Request; ctx, expr and index_name may be None.");

static int _where_read(Command *command, PyObject *const *given)
{
    command->answer = where_from_py(&command->codec, given[0], given[1], given[2], given[3]);
    return command->answer == NULL ? -1 : 0;
}

static const CommandKind _where_command = {.signature = {"_where", 4, {"predicate", "ctx", "expr", "index_name"}},
                                           .policy = POLICY_KIND_COUNT,
                                           .read = _where_read,
                                           .give = command_give_answer};
COMMAND(_where)

DOC(client__partitions,
    "_partitions($self, partition_filter, former)\n--\n\n"
    "How far partitions are read: of a partition_filter at first, then the former state.");

static int _partitions_read(Command *command, PyObject *const *given)
{
    command->answer = partitions_from_py(command->settings, given[0], given[1]);
    return command->answer == NULL ? -1 : 0;
}

static const CommandKind _partitions_command = {.signature = {"_partitions", 2, {"partition_filter", "former"}},
                                                .policy = POLICY_KIND_COUNT,
                                                .read = _partitions_read,
                                                .give = command_give_answer};
COMMAND(_partitions)

static PyObject *client_partitions_status(PyObject *Py_UNUSED(self), PyObject *capsule)
{
    return partitions_to_py(capsule);
}

static PyObject *client_partitions_done(PyObject *Py_UNUSED(self), PyObject *capsule)
{
    return partitions_done(capsule);
}

PyMethodDef client_query_methods[] = {
    METHOD("_run_query", client__run_query),
    METHOD("_iterate", client__iterate),
    METHOD("_check_open", client__check_open),
    METHOD("_bin_names", client__bin_names),
    METHOD("_where", client__where),
    METHOD("_partitions", client__partitions),
    {"_partitions_status", client_partitions_status, METH_O, "The state of partitions as a dict."},
    {"_partitions_done", client_partitions_done, METH_O, "Whether every partition was read to its end."},
    {NULL, NULL, 0, NULL},
};
