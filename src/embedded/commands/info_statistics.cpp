// SPDX-License-Identifier: Apache-2.0
#include "commands/info_statistics.hpp"

#include <uv.h>

#include <algorithm>

#include "commands/info_names.hpp"

namespace embedded {

namespace {

Bytes number(uint64_t value) {
    return std::to_string(value);
}

// A value that changes: its name, and the function that knows.
template <typename Subject>
struct LiveRow {
    View name;
    Bytes (*value)(Subject &);
};

// "a=1;b=2" with the values that change put in.
template <typename Subject, size_t size>
Bytes fill(View names, const LiveRow<Subject> (&rows)[size], Subject &subject) {
    Bytes out;
    while (!names.empty()) {
        View pair = names.substr(0, names.find(';'));
        names.remove_prefix(std::min(names.size(), pair.size() + 1));
        View name = pair.substr(0, pair.find('='));
        auto row = std::find_if(rows, rows + size, [name](const auto &live) { return live.name == name; });
        out.append(out.empty() ? "" : ";").append(row == rows + size ? pair : name);
        if (row != rows + size) {
            out.append("=").append(row->value(subject));
        }
    }
    return out;
}

// ---- of the node ----

Bytes truth(bool value) {
    return value ? "true" : "false";
}

Bytes cluster_size(ClusterNode &node) {
    return number(node.topology.standing().size);
}

Bytes cluster_key(ClusterNode &node) {
    return node.topology.cluster_key();
}

Bytes cluster_generation(ClusterNode &node) {
    return number(node.topology.standing().generation);
}

Bytes principal(ClusterNode &node) {
    const NodeIdentity *principal = node.topology.standing().principal;
    return principal == nullptr ? "0" : principal->name;
}

Bytes integrity(ClusterNode &node) {
    return truth(node.topology.standing().integral);
}

Bytes is_member(ClusterNode &node) {
    return truth(node.topology.standing().member);
}

Bytes migrates(ClusterNode &node) {
    return truth(node.topology.standing().migrating);
}

Bytes migrations(ClusterNode &node) {
    Standing standing = node.topology.standing();
    return number((standing.sending + standing.receiving) * node.server.store.namespaces().size());
}

Bytes heartbeat_connections(ClusterNode &node) {
    return number(node.topology.standing().links);
}

Bytes fabric_connections(ClusterNode &node) {
    constexpr uint64_t kChannels = 24;  // to each node
    return number(kChannels * node.topology.standing().links);
}

Bytes cluster_name(ClusterNode &node) {
    const Bytes &name = node.server.options.cluster.name;
    return name.empty() ? "null" : name;
}

Bytes uptime(ClusterNode &node) {
    return number(static_cast<uint64_t>((now_nanoseconds() - node.started) / kSecond));
}

Bytes free_kbytes(ClusterNode &) {
    return number(uv_get_free_memory() / 1024);
}

Bytes free_percent(ClusterNode &) {
    return number(uv_get_free_memory() * 100 / std::max<uint64_t>(1, uv_get_total_memory()));
}

Bytes process_kbytes(ClusterNode &) {
    size_t bytes = 0;
    return number(uv_resident_set_memory(&bytes) == 0 ? bytes / 1024 : 0);
}

Bytes workers(ClusterNode &node) {
    return number(node.server.options.workers);
}

Bytes objects(ClusterNode &node) {
    size_t all = 0;
    for (const auto &ns : node.server.store.namespaces()) {
        all += held(node, *ns).records;
    }
    return number(all);
}

Bytes connections(ClusterNode &node) {
    return number(node.connections);
}

Bytes connections_opened(ClusterNode &node) {
    return number(node.connections_opened);
}

Bytes connections_closed(ClusterNode &node) {
    return number(node.connections_opened - node.connections);
}

Bytes connections_most(ClusterNode &node) {
    return number(node.server.options.connections_most);
}

Bytes info_complete(ClusterNode &node) {
    return number(node.info_complete);
}

Bytes demarshal_error(ClusterNode &node) {
    return number(node.malformed);
}

Bytes name_of(ClusterNode &node) {
    return node.topology.name();
}

Bytes port(ClusterNode &node) {
    return number(node.topology.port());
}

Bytes address(ClusterNode &node) {
    return node.server.options.address;
}

constexpr LiveRow<ClusterNode> kNode[] = {
    {"cluster_size", cluster_size},
    {"cluster_key", cluster_key},
    {"cluster_generation", cluster_generation},
    {"cluster_principal", principal},
    {"cluster_integrity", integrity},
    {"cluster_is_member", is_member},
    {"heartbeat_connections", heartbeat_connections},
    {"fabric_connections", fabric_connections},
    {"paxos_principal", principal},
    {"migrate_allowed", migrates},
    {"migrate_partitions_remaining", migrations},
    {"cluster-name", cluster_name},
    {"uptime", uptime},
    {"system_free_mem_kbytes", free_kbytes},
    {"system_free_mem_pct", free_percent},
    {"host_free_mem_kbytes", free_kbytes},
    {"host_free_mem_pct", free_percent},
    {"threads_joinable", workers},
    {"threads_pool_total", workers},
    {"threads_pool_active", workers},
    {"heap_allocated_kbytes", process_kbytes},
    {"heap_active_kbytes", process_kbytes},
    {"heap_mapped_kbytes", process_kbytes},
    {"objects", objects},
    {"client_connections", connections},
    {"client_connections_opened", connections_opened},
    {"client_connections_closed", connections_closed},
    {"info_complete", info_complete},
    {"demarshal_error", demarshal_error},
    {"node-id", name_of},
    {"info-threads", workers},
    {"service-threads", workers},
    {"query-threads-limit", workers},
    {"proto-fd-max", connections_most},
    {"service.port", port},
    {"service.address", address},
};

// ---- of a namespace ----

struct Measured {
    const ClusterNode &node;
    Namespace &ns;
    Namespace::Count all, master;
};

Bytes records(Measured &measured) {
    return number(measured.all.records);
}

Bytes master_records(Measured &measured) {
    return number(measured.master.records);
}

Bytes prole_records(Measured &measured) {
    return number(measured.all.records - std::min(measured.all.records, measured.master.records));
}

Bytes members(Measured &measured) {
    return number(measured.node.topology.standing().size);
}

Bytes copies(Measured &measured) {
    return number(measured.node.topology.standing().copies);
}

Bytes sending(Measured &measured) {
    return number(measured.node.topology.standing().sending);
}

Bytes receiving(Measured &measured) {
    return number(measured.node.topology.standing().receiving);
}

Bytes replication_factor(Measured &measured) {
    return number(measured.node.server.options.cluster.replication_factor);
}

Bytes rack(Measured &measured) {
    return number(measured.node.topology.rack());
}

Bytes bytes_used(Measured &measured) {
    return number(measured.all.bytes);
}

Bytes index_bytes(Measured &measured) {
    return number(measured.all.records * sizeof(Record));
}

Bytes secondary_bytes(Measured &measured) {
    size_t bytes = 0;
    for (const auto &one : measured.ns.indexes().all()) {
        bytes += one.index->used_bytes();
    }
    return number(bytes);
}

Bytes current_time(Measured &) {
    return number(now_seconds());
}

Bytes expired(Measured &measured) {
    return number(measured.ns.expired());
}

Bytes default_ttl(Measured &measured) {
    return number(measured.ns.default_ttl());
}

Bytes record_most(Measured &) {
    return number(kRecordMost);
}

Bytes strong_consistency(Measured &measured) {
    return measured.ns.strongly_consistent() ? "true" : "false";
}

Bytes monitors(Measured &measured) {
    return number(measured.ns.transactions().size());
}

Bytes provisionals(Measured &measured) {
    size_t count = 0;
    for (size_t id = 0; id < kPartitions; id++) {
        count += measured.ns.lock(id).provisionals();
    }
    return number(count);
}

constexpr LiveRow<Measured> kNamespaceRows[] = {
    {"strong-consistency", strong_consistency},
    {"mrt_monitors", monitors},
    {"mrt_provisionals", provisionals},
    {"ns_cluster_size", members},
    {"effective_replication_factor", copies},
    {"migrate_tx_partitions_remaining", sending},
    {"migrate_rx_partitions_remaining", receiving},
    {"replication-factor", replication_factor},
    {"rack-id", rack},
    {"objects", records},
    {"master_objects", master_records},
    {"prole_objects", prole_records},
    {"current_time", current_time},
    {"expired_objects", expired},
    {"index_used_bytes", index_bytes},
    {"data_used_bytes", bytes_used},
    {"default-ttl", default_ttl},
    {"max-record-size", record_most},
    {"sindex_used_bytes", secondary_bytes},
};

Namespace::Count sum(const std::vector<Namespace::Count> &counts) {
    Namespace::Count all;
    for (const auto &count : counts) {
        all.records += count.records;
        all.bytes += count.bytes;
    }
    return all;
}

}  // namespace

Bytes node_text(ClusterNode &node, View names) {
    return fill(names, kNode, node);
}

Bytes namespace_text(const ClusterNode &node, Namespace &ns, View names) {
    Measured measured{node, ns, held(node, ns), mastered(node, ns)};
    return fill(names, kNamespaceRows, measured);
}

Namespace::Count held(const ClusterNode &node, Namespace &ns) {
    return sum(ns.counts([&node](size_t id) { return node.server.cluster.holds(node.place, id); }));
}

Namespace::Count mastered(const ClusterNode &node, Namespace &ns) {
    return sum(ns.counts([&node](size_t id) { return node.server.cluster.masters(node.place, id); }));
}

}  // namespace embedded
