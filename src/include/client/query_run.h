// SPDX-License-Identifier: Apache-2.0
// One run of a scan or query on a thread of its own, which never takes the GIL. The thread that asked reads the sink,
// where signals reach it, and may leave before the end: whoever lets go last frees what both have in common.
#ifndef QUERY_RUN_H
#define QUERY_RUN_H

#include "client/aggregate.h"
#include "client/client.h"
#include "client/report.h"
#include "client/sink.h"
#include "client/trace.h"
#include "client/where.h"
#include "policy.h"

#include <aerospike/as_node.h>
#include <aerospike/as_operations.h>
#include <aerospike/as_query.h>

typedef struct QueryRun {
    atomic_int references;
    Connection *connection;  // the thread's; it lets go of it when it is done
    bool has_place;  // in the connection's gate, which the thread gives back
    const char *kind;  // "query" or "scan"
    as_query query;
    as_operations operations;  // of `query`, where it has any
    Where *where;  // what the query borrows; NULL: all records
    Aggregation *aggregation;  // what the query calls; NULL: records are given as they are
    as_policy_query policy;
    as_policy_scan scan_policy;  // for `node`
    PolicyOwned owned;
    as_partitions_status *partitions;  // how far each partition is read, the run's own; NULL where nobody asks
    char node[AS_NODE_NAME_SIZE];  // ask this one only; empty: all
    Trace *trace;  // where its tries are noted; NULL: nowhere
    Sink *sink;
    pthread_t thread;
    atomic_bool begun;  // a record has come
    atomic_bool strange;  // a record came from a partition that was not asked for
    // valid once the sink is finished
    as_status status;
    as_error err;
} QueryRun;

// An empty run with one reference, which owns the sink; NULL, and the sink freed, where memory ran out. What is read
// into it must not need the GIL to be freed.
QueryRun *query_run_new(Sink *sink);
void query_run_release(QueryRun *run);

// Tell a report what it is about.
void query_run_tell(const QueryRun *run, Report *report);

// Start it on `connection`, which is given away, for good or bad. Needs no GIL.
as_status query_run_start(QueryRun *run, as_error *err, Connection *connection);

#endif
