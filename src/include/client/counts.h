// SPDX-License-Identifier: Apache-2.0
// What the C client counts, copied at one moment, and as the objects of aerospike_helpers.metrics.
#ifndef COUNTS_H
#define COUNTS_H

#include "state.h"

#include <aerospike/aerospike_stats.h>
#include <aerospike/as_cluster.h>
#include <aerospike/as_node.h>

typedef struct NamespaceCounts {
    char ns[AS_MAX_NAMESPACE_SIZE];
    uint64_t bytes_in, bytes_out, error_count, timeout_count, key_busy_count;
    uint8_t columns[AS_LATENCY_TYPE_MAX];
    uint64_t latency[AS_LATENCY_TYPE_MAX][UINT8_MAX];
} NamespaceCounts;

typedef struct NodeCounts {
    char name[AS_NODE_NAME_SIZE];
    char address[AS_IP_ADDRESS_SIZE];
    uint16_t port;
    uint64_t error_count, timeout_count, key_busy_count;
    as_conn_stats conns;
    uint32_t count;
    NamespaceCounts *namespaces;
} NodeCounts;

typedef struct ClusterCounts {
    char *name;  // NULL: none
    char *app_id;
    uint32_t invalid_node_count, thread_pool_queued_tasks, recover_queue_size;
    uint64_t command_count, retry_count;
    uint32_t count;
    NodeCounts *nodes;
} ClusterCounts;

// Copies, made without Python by a thread that holds the cluster's metrics_lock; NULL where memory ran out.
NodeCounts *node_counts_new(as_node *node);
ClusterCounts *cluster_counts_new(as_cluster *cluster);
void node_counts_free(NodeCounts *counts);  // NULL: nothing
void cluster_counts_free(ClusterCounts *counts);

// The commands of asyncio, of all loops.
typedef struct AsyncioCounts {
    uint64_t in_flight, waiting, completed, batches, fused_reads, fused_writes;
} AsyncioCounts;

// Node, Cluster and ClusterStats. A new reference, or NULL.
PyObject *node_counts_to_py(const NodeCounts *counts);
PyObject *cluster_counts_to_py(const ClusterCounts *counts);
PyObject *cluster_stats_to_py(const ClusterCounts *counts, const AsyncioCounts *asyncio);

#endif
