// SPDX-License-Identifier: Apache-2.0
#include "client/counts.h"

#include "fields.h"

// ---- copies ----

static void namespace_copy(NamespaceCounts *counts, as_ns_metrics *metrics)
{
    snprintf(counts->ns, sizeof counts->ns, "%s", metrics->ns);
    counts->bytes_in = as_node_get_bytes_in(metrics);
    counts->bytes_out = as_node_get_bytes_out(metrics);
    counts->error_count = as_node_get_error_count(metrics);
    counts->timeout_count = as_node_get_timeout_count(metrics);
    counts->key_busy_count = as_node_get_key_busy_count(metrics);
    for (int type = 0; type < AS_LATENCY_TYPE_MAX; type++) {
        as_latency *latency = metrics->latency[type];
        counts->columns[type] = latency->size;
        for (uint8_t column = 0; column < latency->size; column++) {
            counts->latency[type][column] = as_latency_get_bucket(latency, column);
        }
    }
}

static void connections_copy(NodeCounts *counts, as_node *node)
{
    as_node_stats stats;
    aerospike_node_stats(node, &stats);
    counts->conns = stats.sync;
    counts->error_count = stats.error_count;
    counts->timeout_count = stats.timeout_count;
    counts->key_busy_count = stats.key_busy_count;
    aerospike_node_stats_destroy(&stats);
}

static bool node_copy(NodeCounts *counts, as_node *node)
{
    struct sockaddr *address = (struct sockaddr *)&as_node_get_address(node)->addr;
    snprintf(counts->name, sizeof counts->name, "%s", node->name);
    as_address_short_name(address, counts->address, sizeof counts->address);
    counts->port = as_address_port(address);
    connections_copy(counts, node);
    counts->namespaces = calloc((size_t)node->metrics_size + 1, sizeof *counts->namespaces);
    if (counts->namespaces == NULL) {
        return false;
    }
    for (; counts->count < node->metrics_size; counts->count++) {
        namespace_copy(&counts->namespaces[counts->count], node->metrics[counts->count]);
    }
    return true;
}

static bool nodes_copy(ClusterCounts *counts, const as_nodes *nodes)
{
    counts->nodes = calloc((size_t)nodes->size + 1, sizeof *counts->nodes);
    bool copied = counts->nodes != NULL;
    for (; copied && counts->count < nodes->size; counts->count++) {
        copied = node_copy(&counts->nodes[counts->count], nodes->array[counts->count]);
    }
    return copied;
}

NodeCounts *node_counts_new(as_node *node)
{
    NodeCounts *counts = calloc(1, sizeof *counts);
    if (counts != NULL && !node_copy(counts, node)) {
        node_counts_free(counts);
        counts = NULL;
    }
    return counts;
}

// The C client adds to it without a lock, in the thread that tends the cluster.
__attribute__((noinline)) static uint32_t invalid_nodes(const as_cluster *cluster)
{
    return cluster->invalid_node_count;
}

ClusterCounts *cluster_counts_new(as_cluster *cluster)
{
    ClusterCounts *counts = calloc(1, sizeof *counts);
    if (counts == NULL) {
        return NULL;
    }
    const char *name = cluster->cluster_name;
    counts->name = name == NULL ? NULL : strdup(name);
    counts->app_id = strdup(cluster->app_id);
    counts->invalid_node_count = invalid_nodes(cluster);
    counts->thread_pool_queued_tasks = (uint32_t)cf_queue_sz(cluster->thread_pool.dispatch_queue);
    counts->recover_queue_size = as_cluster_recover_queue_size(cluster);
    counts->command_count = as_cluster_get_command_count(cluster);
    counts->retry_count = as_cluster_get_retry_count(cluster);
    as_nodes *nodes = as_nodes_reserve(cluster);
    bool copied = nodes_copy(counts, nodes);
    as_nodes_release(nodes);
    if (!copied || counts->app_id == NULL || (name != NULL && counts->name == NULL)) {
        cluster_counts_free(counts);
        return NULL;
    }
    return counts;
}

void node_counts_free(NodeCounts *counts)
{
    if (counts != NULL) {
        free(counts->namespaces);
        free(counts);
    }
}

void cluster_counts_free(ClusterCounts *counts)
{
    if (counts == NULL) {
        return;
    }
    for (uint32_t i = 0; i < counts->count; i++) {
        free(counts->nodes[i].namespaces);
    }
    free(counts->nodes);
    free(counts->name);
    free(counts->app_id);
    free(counts);
}

// ---- as objects ----

#define NUMBER(type, name, of) FIELD_NUMBER(type, #name, name, of, 0, 0)

static const Field connection_rows[] = {NUMBER(as_conn_stats, in_use, U32),
                                        NUMBER(as_conn_stats, in_pool, U32),
                                        NUMBER(as_conn_stats, opened, U32),
                                        NUMBER(as_conn_stats, closed, U32),
                                        NUMBER(as_conn_stats, recovered, U32),
                                        NUMBER(as_conn_stats, aborted, U32),
                                        FIELDS_END};
static const Field namespace_rows[] = {
    NUMBER(NamespaceCounts, bytes_in, U64),       NUMBER(NamespaceCounts, bytes_out, U64),
    NUMBER(NamespaceCounts, error_count, U64),    NUMBER(NamespaceCounts, timeout_count, U64),
    NUMBER(NamespaceCounts, key_busy_count, U64), FIELDS_END};
static const Field node_rows[] = {NUMBER(NodeCounts, port, U16), FIELDS_END};
static const Field node_stats_rows[] = {NUMBER(NodeCounts, port, U16), NUMBER(NodeCounts, error_count, U64),
                                        NUMBER(NodeCounts, timeout_count, U64), NUMBER(NodeCounts, key_busy_count, U64),
                                        FIELDS_END};
static const Field cluster_rows[] = {NUMBER(ClusterCounts, invalid_node_count, U32),
                                     NUMBER(ClusterCounts, command_count, U64), NUMBER(ClusterCounts, retry_count, U64),
                                     FIELDS_END};
static const Field cluster_stats_rows[] = {NUMBER(ClusterCounts, retry_count, U64),
                                           NUMBER(ClusterCounts, thread_pool_queued_tasks, U32),
                                           NUMBER(ClusterCounts, recover_queue_size, U32), FIELDS_END};
static const Field asyncio_rows[] = {NUMBER(AsyncioCounts, in_flight, U64),
                                     NUMBER(AsyncioCounts, waiting, U64),
                                     NUMBER(AsyncioCounts, completed, U64),
                                     NUMBER(AsyncioCounts, batches, U64),
                                     NUMBER(AsyncioCounts, fused_reads, U64),
                                     NUMBER(AsyncioCounts, fused_writes, U64),
                                     FIELDS_END};

// An attribute of an object that is being made; the value is given away. NULL with an exception.
static PyObject *set(PyObject *object, const char *name, PyObject *value)
{
    if (value == NULL || PyObject_SetAttrString(object, name, value) < 0) {
        Py_CLEAR(object);
    }
    Py_XDECREF(value);
    return object;
}

// The same, where making the object has not failed before.
#define WITH(object, name, value) ((object) == NULL ? NULL : set(object, name, value))

// An object of aerospike_helpers.metrics with the numbers of a table.
static PyObject *object_new(const char *class_name, const Field *rows, const void *counts)
{
    const Fields fields = {.rows = rows};
    PyObject *module = PyImport_ImportModule("aerospike_helpers.metrics");
    PyObject *object = module == NULL ? NULL : PyObject_CallMethod(module, class_name, NULL);
    Py_XDECREF(module);
    return WITH(object, "__dict__", fields_to_py(&fields, counts));
}

static PyObject *text_new(const char *text)
{
    return text == NULL ? Py_NewRef(Py_None) : PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "replace");
}

// A list of what `item` makes of each of `count` things.
static PyObject *list_new(PyObject *(*item)(const void *things, uint32_t place), const void *things, uint32_t count)
{
    PyObject *list = PyList_New(count);
    for (uint32_t i = 0; list != NULL && i < count; i++) {
        PyObject *made = item(things, i);
        if (made == NULL) {
            Py_CLEAR(list);
        } else {
            PyList_SET_ITEM(list, i, made);
        }
    }
    return list;
}

static PyObject *column_item(const void *columns, uint32_t place)
{
    return PyLong_FromUnsignedLongLong(((const uint64_t *)columns)[place]);
}

static PyObject *namespace_item(const void *namespaces, uint32_t place)
{
    static const char *const names[AS_LATENCY_TYPE_MAX] = {[AS_LATENCY_TYPE_CONN] = "conn_latency",
                                                           [AS_LATENCY_TYPE_WRITE] = "write_latency",
                                                           [AS_LATENCY_TYPE_READ] = "read_latency",
                                                           [AS_LATENCY_TYPE_BATCH] = "batch_latency",
                                                           [AS_LATENCY_TYPE_QUERY] = "query_latency"};
    const NamespaceCounts *counts = (const NamespaceCounts *)namespaces + place;
    PyObject *object = object_new("NamespaceMetrics", namespace_rows, counts);
    object = WITH(object, "ns", text_new(counts->ns));
    for (int type = 0; object != NULL && type < AS_LATENCY_TYPE_MAX; type++) {
        object = set(object, names[type], list_new(column_item, counts->latency[type], counts->columns[type]));
    }
    return object;
}

// What Node and NodeStats have in common.
static PyObject *node_new(const char *class_name, const Field *rows, const NodeCounts *counts)
{
    PyObject *object = object_new(class_name, rows, counts);
    object = WITH(object, "name", text_new(counts->name));
    object = WITH(object, "address", text_new(counts->address));
    return WITH(object, "conns", object_new("ConnectionStats", connection_rows, &counts->conns));
}

PyObject *node_counts_to_py(const NodeCounts *counts)
{
    PyObject *object = node_new("Node", node_rows, counts);
    return WITH(object, "metrics", list_new(namespace_item, counts->namespaces, counts->count));
}

static PyObject *node_item(const void *nodes, uint32_t place)
{
    return node_counts_to_py((const NodeCounts *)nodes + place);
}

static PyObject *node_stats_item(const void *nodes, uint32_t place)
{
    return node_new("NodeStats", node_stats_rows, (const NodeCounts *)nodes + place);
}

PyObject *cluster_counts_to_py(const ClusterCounts *counts)
{
    PyObject *object = object_new("Cluster", cluster_rows, counts);
    object = WITH(object, "cluster_name", text_new(counts->name));
    object = WITH(object, "app_id", text_new(counts->app_id));
    return WITH(object, "nodes", list_new(node_item, counts->nodes, counts->count));
}

PyObject *cluster_stats_to_py(const ClusterCounts *counts, const AsyncioCounts *asyncio)
{
    PyObject *object = object_new("ClusterStats", cluster_stats_rows, counts);
    object = WITH(object, "asyncio", object_new("AsyncioStats", asyncio_rows, asyncio));
    return WITH(object, "nodes", list_new(node_stats_item, counts->nodes, counts->count));
}
