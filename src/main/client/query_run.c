// SPDX-License-Identifier: Apache-2.0
#include "client/query_run.h"

#include "client/login.h"
#include "client/thread.h"

#include <aerospike/aerospike_query.h>
#include <aerospike/aerospike_scan.h>
#include <aerospike/as_cluster.h>
#include <pthread.h>

// ---- life ----

// While a thread of the C client's pool stands still, another one takes its place there.
static void on_standing(Sink *sink, bool stands)
{
    const QueryRun *run = sink->run;
    if (!pthread_equal(pthread_self(), run->thread)) {
        Connection *connection = run->connection;
        substitutes_stand(&connection->substitutes, &connection->as->cluster->thread_pool, stands);
    }
}

QueryRun *query_run_new(Sink *sink)
{
    QueryRun *run = calloc(1, sizeof *run);
    if (run == NULL) {
        sink->free(sink);
        return NULL;
    }
    atomic_init(&run->references, 1);
    as_query_init(&run->query, "", "");
    run->sink = sink;
    sink->run = run;
    sink->stands = on_standing;
    return run;
}

void query_run_tell(const QueryRun *run, Report *report)
{
    report->command = run->kind;
    report_place(report, run->query.ns, run->query.set);
    memcpy(report->node, run->node, sizeof report->node);
}

void query_run_release(QueryRun *run)
{
    if (atomic_fetch_sub(&run->references, 1) != 1) {
        return;
    }
    as_query_destroy(&run->query);
    aggregation_free(run->aggregation);
    where_release(run->where);
    policy_release(&run->owned);
    if (run->partitions != NULL) {
        as_partitions_status_release(run->partitions);
    }
    trace_release(run->trace);
    run->sink->free(run->sink);
    free(run);
}

// ---- the thread ----

static bool on_record(const as_val *value, void *udata)
{
    QueryRun *run = udata;
    Sink *sink = run->sink;
    if (value == NULL) {
        return true;  // the end, of which the thread itself tells the sink
    }
    const as_record *record = as_record_fromval(value);
    atomic_store_explicit(&run->begun, true, memory_order_relaxed);
    as_partitions_status *partitions = run->partitions;
    if (partitions == NULL) {
        return sink->record(sink, record, NULL);
    }
    uint32_t count = run->connection->as->cluster->n_partitions;
    uint32_t place = as_partition_getid(record->key.digest.value, count) - partitions->part_begin;
    if (place >= partitions->part_count) {  // the C client would note it outside of the array
        atomic_store(&run->strange, true);
        return false;
    }
    return sink->record(sink, record, &partitions->parts[place]);
}

static as_status run_on_partitions(QueryRun *run, aerospike *as)
{
    as_partition_filter filter;
    as_partition_filter_set_all(&filter);
    if (run->partitions != NULL) {
        as_partition_filter_set_partitions(&filter, run->partitions);
    }
    return aerospike_query_partitions(as, &run->err, &run->policy, &run->query, &filter, on_record, run);
}

// Only what one node holds, by the scan that the C client has for it.
static as_status run_on_node(QueryRun *run, aerospike *as)
{
    as_node *node = as_node_get_by_name(as->cluster, run->node);
    if (node == NULL) {
        return as_error_update(&run->err, AEROSPIKE_ERR_PARAM, "nodename '%s' is not a node of the cluster", run->node);
    }
    as_node_release(node);
    const as_query *query = &run->query;
    as_scan scan;
    as_scan_init(&scan, query->ns, query->set);
    as_scan_select_init(&scan, query->select.size);
    for (uint16_t i = 0; i < query->select.size; i++) {
        as_scan_select(&scan, query->select.entries[i]);
    }
    as_scan_set_nobins(&scan, query->no_bins);
    scan.ops = query->ops;
    scan.deserialize_list_map = false;
    if (run->partitions != NULL) {
        scan.parts_all = as_partitions_status_reserve(run->partitions);
    }
    as_status status = aerospike_scan_node(as, &run->err, &run->scan_policy, &scan, run->node, on_record, run);
    scan.ops = NULL;  // the query's
    as_scan_destroy(&scan);
    return status;
}

// Every partition of a plan by pages was read to its end; the C client makes an error of that.
static bool nothing_left(const as_partitions_status *partitions)
{
    bool left = partitions->retry;
    for (uint16_t i = 0; !left && i < partitions->part_count; i++) {
        left = partitions->parts[i].retry;
    }
    return !left;
}

static bool has_given_nothing(const QueryRun *run)
{
    return run->aggregation == NULL ? !atomic_load(&run->begun) : !aggregation_has_given(run->aggregation);
}

static as_status run_on(QueryRun *run, aerospike *as)
{
    if (run->partitions != NULL && run->query.max_records > 0 && nothing_left(run->partitions)) {
        return AEROSPIKE_OK;
    }
    // the C client says something else where its last node is gone
    uint32_t nodes;
    as_status status = as_cluster_validate_size(as->cluster, &run->err, &nodes);
    uint64_t since = 0;
    bool again = status == AEROSPIKE_OK;
    while (again) {
        as_error_init(&run->err);
        status = run->aggregation != NULL ? aggregation_run(run->aggregation, run->connection, &run->err, &run->policy,
                                                            &run->query, run->sink)
                 : run->node[0] == '\0'   ? run_on_partitions(run, as)
                                          : run_on_node(run, as);
        again = has_given_nothing(run) && run->sink->wants(run->sink) && login_awaited(status, &since);
    }
    if (atomic_load(&run->strange)) {
        status = as_error_set_message(&run->err, AEROSPIKE_ERR_CLIENT,
                                      "The server sent a record of a partition that was not asked for.");
    }
    return status;
}

static void *work(void *argument)
{
    QueryRun *run = argument;
    run->thread = pthread_self();
    Trace *former = run->trace == NULL ? NULL : trace_begin(run->trace);
    run->status = run_on(run, run->connection->as);
    if (run->trace != NULL) {
        trace_end(former);
    }
    // before the end is told, so that a client that is closed after its scan is closed at once
    if (run->has_place) {
        gate_leave(&run->connection->gate);
    }
    connection_drop(run->connection);
    run->sink->finish(run->sink);
    query_run_release(run);
    return NULL;
}

as_status query_run_start(QueryRun *run, as_error *err, Connection *connection)
{
    run->connection = connection;
    as_error_init(&run->err);
    if (run->partitions != NULL) {
        as_query_set_partitions(&run->query, run->partitions);
    }
    atomic_fetch_add(&run->references, 1);
    int problem = thread_start(work, run);
    if (problem != 0) {
        atomic_fetch_sub(&run->references, 1);
        connection_drop(connection);
        return as_error_update(err, AEROSPIKE_ERR_CLIENT, "no thread can be started for the run: %s",
                               strerror(problem));
    }
    return AEROSPIKE_OK;
}
