// SPDX-License-Identifier: Apache-2.0
// What a scan or query does to the records that it finds: operations, or a function in Lua.
#include "client/command.h"
#include "client/doc.h"
#include "client/login.h"
#include "client/where.h"

#include "operate/operate.h"

#include <aerospike/aerospike_query.h>
#include <aerospike/as_cluster.h>
#include <aerospike/as_job.h>

// ---- what plans check when it is chosen ----

DOC(client__check_operations, "_check_operations($self, ops)\n--\n\nRaise ParamError where an operation is not valid.");

static int _check_operations_read(Command *command, PyObject *const *given)
{
    return operations_from_py(&command->codec, given[0], "ops", AS_RECORD_CLIENT_DEFAULT_TTL, &command->operations,
                              &command->keep);
}

static const CommandKind _check_operations_command = {.signature = {"_check_operations", 1, {"ops"}},
                                                      .policy = POLICY_KIND_COUNT,
                                                      .read = _check_operations_read,
                                                      .give = command_give_zero};
COMMAND(_check_operations)

DOC(client__check_arguments,
    "_check_arguments($self, what, arguments)\n--\n\n"
    "Raise ParamError where a function cannot be given such arguments, which are called `what`; None counts as none.");

static int _check_arguments_read(Command *command, PyObject *const *given)
{
    const char *what = text_from_py(command_state(command), "what", given[0]);
    if (what == NULL || given[1] == Py_None) {
        return what == NULL ? -1 : 0;
    }
    return command_arguments(command, given[1], what);
}

static const CommandKind _check_arguments_command = {.signature = {"_check_arguments", 2, {"what", "arguments"}},
                                                     .policy = POLICY_KIND_COUNT,
                                                     .read = _check_arguments_read,
                                                     .give = command_give_zero};
COMMAND(_check_arguments)

// ---- what is asked of a job ----

// The fields of aerospike._plan.Job, under their names.
#define JOB_FIELDS(X)                                                                                                  \
    X(namespace)                                                                                                       \
    X(set)                                                                                                             \
    X(where)                                                                                                           \
    X(operations)                                                                                                      \
    X(function)                                                                                                        \
    X(records_per_second)                                                                                              \
    X(ttl)                                                                                                             \
    X(policy)

typedef struct Background {
#define MEMBER(name) PyObject *name;
    JOB_FIELDS(MEMBER)
#undef MEMBER
    as_query query;
    Where *index;  // what the query borrows
    uint64_t id;
} Background;

static Background *background_new(Command *command, PyObject *job)
{
    Background *background = command->answer = PyMem_Calloc(1, sizeof *background);
    if (background == NULL) {
        return (Background *)PyErr_NoMemory();
    }
    as_query_init(&background->query, "", "");
#define READ(name)                                                                                                     \
    if ((background->name = PyObject_GetAttrString(job, #name)) == NULL) {                                             \
        return NULL;                                                                                                   \
    }
    JOB_FIELDS(READ)
#undef READ
    return background;
}

static void background_release(Command *command)
{
    Background *background = command->answer;
    if (background == NULL) {
        return;
    }
    background->query.ops = NULL;  // the command's
    as_query_destroy(&background->query);
    where_release(background->index);
#define RELEASE(name) Py_CLEAR(background->name);
    JOB_FIELDS(RELEASE)
#undef RELEASE
    PyMem_Free(background);
}

// Which records, and how fast.
static int read_records(Command *command, Background *background)
{
    as_query *query = &background->query;
    return query_from_py(command_state(command), background->namespace, background->set, background->records_per_second,
                         query) < 0
               ? -1
               : where_lend(background->where, query, &background->index);
}

static int read_function(Command *command, Background *background)
{
    const char *module, *name;
    PyObject *arguments;
    if (!PyArg_ParseTuple(background->function, "ssO", &module, &name, &arguments)) {
        return -1;
    }
    if (command_arguments(command, arguments, "arguments") < 0) {
        return -1;
    }
    as_query_apply(&background->query, module, name, (as_list *)command->arguments);  // the plan has checked the names
    command->arguments = NULL;  // the query owns the list
    return 0;
}

static int read_operations(Command *command, Background *background)
{
    as_operations *operations = &command->operations;
    if (operations_from_py(&command->codec, background->operations, "ops", AS_RECORD_CLIENT_DEFAULT_TTL, operations,
                           &command->keep) < 0) {
        return -1;
    }
    if (!as_operations_consists_of_all_writes(operations)) {
        return error_param(command_state(command), "ops read, which nothing does in the background");
    }
    background->query.ops = operations;
    return 0;
}

// A time to live of the plan; else that of a touch among the operations, or the policy's.
static int read_ttl(Command *command, Background *background)
{
    uint32_t *ttl = &background->query.ttl;
    if (background->ttl == Py_None) {
        *ttl = background->query.ops == NULL ? AS_RECORD_CLIENT_DEFAULT_TTL : 0;
        return 0;
    }
    if (ttl_from_py(command_state(command), background->ttl, "ttl", ttl) < 0) {
        return -1;
    }
    command->operations.ttl = *ttl;  // which counts where the query's is 0
    return 0;
}

static int read_job(Command *command, PyObject *job)
{
    Background *background = background_new(command, job);
    if (background == NULL || read_records(command, background) < 0) {
        return -1;
    }
    bool calls = background->function != Py_None;
    if ((calls ? read_function(command, background) : read_operations(command, background)) < 0) {
        return -1;
    }
    return read_ttl(command, background);
}

// ---- the jobs ----

static bool is_of_one_node(aerospike *as)
{
    as_nodes *nodes = as_nodes_reserve(as->cluster);
    bool one = nodes->size == 1;
    as_nodes_release(nodes);
    return one;
}

// Where one of several nodes refuses, others are at work already.
static as_status background_run(Command *command, aerospike *as)
{
    Background *background = command->answer;
    uint64_t since = 0;
    as_status status;
    do {
        as_error_init(&command->err);
        status =
            aerospike_query_background(as, &command->err, &command->policy.write, &background->query, &background->id);
    } while (is_of_one_node(as) && login_awaited(status, &since));
    return status;
}

static PyObject *background_give(Command *command)
{
    return PyLong_FromUnsignedLongLong(((Background *)command->answer)->id);
}

static void background_tell(const Command *command, Report *report)
{
    const Background *background = command->answer;
    report_place(report, background->query.ns, background->query.set);
}

DOC(client__start_query, "_start_query($self, job)\n--\n\nStart a Job under a write policy: its id.");

static int _start_query_read(Command *command, PyObject *const *given)
{
    if (read_job(command, given[0]) < 0) {
        return -1;
    }
    PyObject *policy = ((Background *)command->answer)->policy;
    if (policy_from_py(command->settings, POLICY_KIND_WRITE, policy, &command->policy, &command->owned) < 0) {
        return -1;
    }
    if (command->owned.transaction == NULL) {
        return 0;
    }
    command->policy.write.base.txn = NULL;
    Py_CLEAR(command->owned.transaction);
    return transaction_ignored(command->settings, "jobs in the background");
}

static const CommandKind _start_query_command = {.signature = {"_start_query", 1, {"job"}},
                                                 .name = "query_background",
                                                 .policy = POLICY_KIND_COUNT,
                                                 .read = _start_query_read,
                                                 .run = background_run,
                                                 .give = background_give,
                                                 .tell = background_tell,
                                                 .release = background_release};
COMMAND(_start_query)

DOC(client__start_scan, "_start_scan($self, job)\n--\n\nThe same under a scan policy.");

static int check_scan_policy(State *state, const as_policy_scan *policy, PyObject *given)
{
    if (policy->max_records != 0) {
        return error_param(state, "the scan policy is invalid: max_records does not limit what runs in the background");
    }
    PyObject *filter = PyDict_Check(given) ? PyDict_GetItemString(given, "partition_filter") : NULL;
    return filter == NULL || filter == Py_None
               ? 0
               : error_param(state, "the scan policy is invalid: what runs in the background has no partition_filter");
}

static int _start_scan_read(Command *command, PyObject *const *given)
{
    if (read_job(command, given[0]) < 0) {
        return -1;
    }
    Background *background = command->answer;
    as_policy_scan scan;
    if (policy_from_py(command->settings, POLICY_KIND_SCAN, background->policy, &scan, &command->owned) < 0 ||
        check_scan_policy(command_state(command), &scan, background->policy) < 0) {
        return -1;
    }
    as_policy_write *policy = &command->policy.write;
    as_policy_write_init(policy);
    policy->base = scan.base;
    policy->ttl = scan.ttl;
    policy->durable_delete = scan.durable_delete;
    if (background->query.records_per_second == 0) {
        background->query.records_per_second = scan.records_per_second;
    }
    return 0;
}

static const CommandKind _start_scan_command = {.signature = {"_start_scan", 1, {"job"}},
                                                .name = "scan_background",
                                                .policy = POLICY_KIND_COUNT,
                                                .read = _start_scan_read,
                                                .run = background_run,
                                                .give = background_give,
                                                .tell = background_tell,
                                                .release = background_release};
COMMAND(_start_scan)

DOC(client_job_info,
    "job_info($self, job_id, module, policy=None)\n--\n\n"
    "How far a job in the background is.\n\n"
    ":param int job_id: what ``execute_background()`` and its like have returned.\n"
    ":param str module: ``aerospike.JOB_SCAN`` or ``aerospike.JOB_QUERY``; servers since 6.0 ask no more for it.\n"
    POLICY_DOC("info")
    ":return: ``{'progress_pct': percent of the slowest node, 'records_read': records written, 'status':\n"
    "    JOB_STATUS_*}``. A job that no node remembers is ``JOB_STATUS_COMPLETED``, with 0 percent and records.\n"
    ":raises ParamError: an argument is not valid; nothing was sent.\n");

static int job_info_read(Command *command, PyObject *const *given)
{
    State *state = command_state(command);
    if (natural_from_py(state, given[0], "job_id", &command->number) < 0) {
        return -1;
    }
    command->text = text_from_py(state, "module", given[1]);
    if (command->text == NULL) {
        return -1;
    }
    if (strcmp(command->text, "scan") != 0 && strcmp(command->text, "query") != 0) {
        return error_param(state, "module must be aerospike.JOB_SCAN or aerospike.JOB_QUERY, not %R", given[1]);
    }
    command->answer = PyMem_Calloc(1, sizeof(as_job_info));
    if (command->answer == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    return keep_block(&command->keep, command->answer);
}

static as_status job_info_run(Command *command, aerospike *as)
{
    return aerospike_job_info(as, &command->err, &command->policy.info, command->text, command->number, false,
                              command->answer);
}

static PyObject *job_info_give(Command *command)
{
    const as_job_info *info = command->answer;
    return Py_BuildValue("{sIsIsi}", "progress_pct", info->progress_pct, "records_read", info->records_read, "status",
                         (int)info->status);
}

static const CommandKind job_info_command = {.signature = {"job_info", 2, {"job_id", "module", "policy"}},
                                             .policy = POLICY_KIND_INFO,
                                             .read = job_info_read,
                                             .run = job_info_run,
                                             .give = job_info_give};
COMMAND(job_info)

PyMethodDef client_background_methods[] = {
    METHOD("_check_operations", client__check_operations),
    METHOD("_check_arguments", client__check_arguments),
    METHOD("_start_query", client__start_query),
    METHOD("_start_scan", client__start_scan),
    METHOD("job_info", client_job_info),
    {NULL, NULL, 0, NULL},
};
