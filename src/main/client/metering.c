// SPDX-License-Identifier: Apache-2.0
// What the client counts: as it stands, and told at intervals to files or listeners.
#include "client/command.h"
#include "client/counts.h"
#include "client/mailbox.h"
#include "metrics.h"

#include <unistd.h>

// ---- as it stands ----

DOC(client_get_stats,
    "get_stats($self)\n--\n\n"
    "What the client has counted so far, of each node and of the cluster; metrics need not be enabled for it.\n\n"
    ":return: :class:`aerospike_helpers.metrics.ClusterStats`.\n"
    ":raises ClusterError: the client is closed.\n");

static as_status get_stats_run(Command *command, aerospike *as)
{
    pthread_mutex_lock(&as->cluster->metrics_lock);
    command->answer = cluster_counts_new(as->cluster);
    pthread_mutex_unlock(&as->cluster->metrics_lock);
    if (command->answer == NULL) {
        return as_error_update(&command->err, AEROSPIKE_ERR_CLIENT, "out of memory");
    }
    return AEROSPIKE_OK;
}

// Loops count with the GIL.
static AsyncioCounts asyncio_counts(const Connection *connection)
{
    AsyncioCounts counts = {0};
    for (const Lane *lane = connection->lanes; lane < connection->lanes + LOOPS_MOST; lane++) {
        counts.in_flight += lane->under_way;
        counts.waiting += lane->waiting_count;
        counts.completed += lane->completed;
        counts.batches += lane->batches;
        counts.fused_reads += lane->fused_reads;
        counts.fused_writes += lane->fused_writes;
    }
    return counts;
}

static PyObject *get_stats_give(Command *command)
{
    AsyncioCounts counts = asyncio_counts(command->connection);
    return cluster_stats_to_py(command->answer, &counts);
}

static void get_stats_release(Command *command)
{
    cluster_counts_free(command->answer);
}

static const CommandKind get_stats_command = {.signature = {"get_stats", 0, {NULL}},
                                              .policy = POLICY_KIND_COUNT,
                                              .run = get_stats_run,
                                              .local = true,
                                              .give = get_stats_give,
                                              .release = get_stats_release};
COMMAND(get_stats)

// ---- at intervals ----

DOC(client_enable_metrics,
    "enable_metrics($self, policy=None)\n--\n\n"
    "Gather metrics, and tell them every ``policy.interval`` looks at the cluster: to the policy's listeners, else\n"
    "to a file in its ``report_dir``. Where they were enabled before, they are disabled first. In a child process\n"
    "after ``fork()`` they are not enabled.\n\n"
    ":param policy: an :class:`aerospike_helpers.metrics.MetricsPolicy`; None: the configuration's,\n"
    "    ``config['policies']['metrics']``, else one with the defaults.\n"
    ":raises ParamError: policy is not valid.\n"
    ":raises ClientError: ``report_dir`` cannot be written to, or ``report_size_limit`` is below 1,000,000 and not 0.\n"
    ":raises MetricsConflict: the file that a ConfigProvider follows disables metrics.\n");

typedef struct Enabling {
    as_metrics_policy policy;
    Listeners *listeners;  // until the C client has taken them; NULL: none
} Enabling;

// The client's own mailbox; a child process makes another one.
static Mailbox *mailbox_of(ClientObject *client)
{
    if (client->mailbox == NULL || mailbox_forked(client->mailbox)) {
        client->mailbox = mailbox_new();
    }
    return client->mailbox;
}

static int listeners_read(Command *command, Enabling *enabling, PyObject *object)
{
    Mailbox *mailbox = mailbox_of(command->client);
    enabling->listeners =
        mailbox == NULL ? NULL
                        : listeners_new(command_state(command), mailbox, object, "MetricsPolicy.metrics_listeners");
    if (enabling->listeners == NULL) {
        return -1;
    }
    listeners_write(enabling->listeners, &enabling->policy);
    return 0;
}

static int enable_metrics_read(Command *command, PyObject *const *given)
{
    if (given[0] == NULL || given[0] == Py_None) {
        return 0;
    }
    Enabling *enabling = command->answer = PyMem_Calloc(1, sizeof *enabling);
    if (enabling == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    as_metrics_policy_init(&enabling->policy);
    PyObject *listeners = NULL;
    int result = metrics_policy_from_py(command_state(command), given[0], "policy", &enabling->policy, &listeners);
    if (result == 0 && listeners != NULL) {
        result = listeners_read(command, enabling, listeners);
    }
    Py_XDECREF(listeners);
    return result;
}

// The C client forgets its writer where that finds no folder.
static as_status report_dir_check(as_error *err, const as_metrics_policy *policy)
{
    if (policy->metrics_listeners.udata == NULL && access(policy->report_dir, W_OK | X_OK) != 0) {
        return as_error_update(err, AEROSPIKE_ERR_CLIENT, "MetricsPolicy.report_dir '%s' cannot be written to: %s",
                               policy->report_dir, strerror(errno));
    }
    return AEROSPIKE_OK;
}

// What is no longer needed goes to a list that is the tend thread's while it has the lock.
static as_status enable(Command *command, aerospike *as, const as_metrics_policy *policy)
{
    pthread_mutex_lock(&as->cluster->tend_lock);
    as_status status = aerospike_enable_metrics(as, &command->err, policy);
    pthread_mutex_unlock(&as->cluster->tend_lock);
    return status;
}

static as_status enable_metrics_run(Command *command, aerospike *as)
{
    Enabling *enabling = command->answer;
    const as_metrics_policy *policy = enabling == NULL ? NULL : &enabling->policy;
    as_status status = report_dir_check(&command->err, policy == NULL ? &as->config.policies.metrics : policy);
    if (status != AEROSPIKE_OK) {
        return status;
    }
    mailbox_expect(true);
    status = enable(command, as, policy);
    mailbox_expect(false);
    if (status == AEROSPIKE_OK && enabling != NULL) {
        enabling->listeners = NULL;
    }
    return status;
}

static PyObject *give_none(Command *Py_UNUSED(command))
{
    return Py_NewRef(Py_None);
}

// Of a command that may have enabled or disabled listeners.
static void deliver(Command *command)
{
    Mailbox *mailbox = command->client->mailbox;
    if (mailbox != NULL && !mailbox_forked(mailbox)) {
        mailbox_deliver(mailbox);
    }
}

static void enable_metrics_release(Command *command)
{
    Enabling *enabling = command->answer;
    if (enabling != NULL) {
        listeners_drop(enabling->listeners);
        as_metrics_policy_destroy(&enabling->policy);
        PyMem_Free(enabling);
    }
    deliver(command);
}

static const CommandKind enable_metrics_command = {.signature = {"enable_metrics", 0, {"policy"}},
                                                   .policy = POLICY_KIND_COUNT,
                                                   .read = enable_metrics_read,
                                                   .run = enable_metrics_run,
                                                   .local = true,
                                                   .give = give_none,
                                                   .release = enable_metrics_release};
COMMAND(enable_metrics)

DOC(client_disable_metrics,
    "disable_metrics($self)\n--\n\n"
    "Gather metrics no longer: the file is closed, or ``disable_listener`` called with what was gathered last.\n"
    "Metrics that are not enabled are no mistake. close() does it, too.\n\n"
    ":raises MetricsConflict: the file that a ConfigProvider follows enables metrics.\n");

static as_status disable_metrics_run(Command *command, aerospike *as)
{
    mailbox_expect(true);
    as_status status = aerospike_disable_metrics(as, &command->err);
    mailbox_expect(false);
    return status;
}

static const CommandKind disable_metrics_command = {.signature = {"disable_metrics", 0, {NULL}},
                                                    .policy = POLICY_KIND_COUNT,
                                                    .run = disable_metrics_run,
                                                    .local = true,
                                                    .give = give_none,
                                                    .release = deliver};
COMMAND(disable_metrics)

PyMethodDef client_metering_methods[] = {
    METHOD("get_stats", client_get_stats),
    METHOD("enable_metrics", client_enable_metrics),
    METHOD("disable_metrics", client_disable_metrics),
    {NULL, NULL, 0, NULL},
};
