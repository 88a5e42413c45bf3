// SPDX-License-Identifier: Apache-2.0
// The names are a server's; a row has what never changes here, or the function that knows.
#include "commands/info_statistics.hpp"

#include <uv.h>

#include "commands/info.hpp"

namespace embedded {

namespace {

Bytes number(uint64_t value) {
    return std::to_string(value);
}

// ---- of the server ----

struct ServerRow {
    View name;
    View fixed;
    Bytes (*live)(Server &) = nullptr;
};

Bytes cluster_key(Server &) {
    return kClusterKey;
}

Bytes uptime(Server &server) {
    return number(static_cast<uint64_t>((now_nanoseconds() - server.started) / kSecond));
}

Bytes free_kbytes(Server &) {
    return number(uv_get_free_memory() / 1024);
}

Bytes free_percent(Server &) {
    return number(uv_get_free_memory() * 100 / std::max<uint64_t>(1, uv_get_total_memory()));
}

Bytes process_kbytes(Server &) {
    size_t bytes = 0;
    return number(uv_resident_set_memory(&bytes) == 0 ? bytes / 1024 : 0);
}

Bytes workers(Server &server) {
    return number(server.options.workers);
}

Bytes objects(Server &server) {
    size_t all = 0;
    for (const auto &ns : server.store.namespaces()) {
        for (const auto &count : ns->counts()) {
            all += count.records;
        }
    }
    return number(all);
}

Bytes connections(Server &server) {
    return number(server.connections);
}

Bytes connections_opened(Server &server) {
    return number(server.connections_opened);
}

Bytes connections_closed(Server &server) {
    return number(server.connections_opened - server.connections);
}

Bytes connections_most(Server &server) {
    return number(server.options.connections_most);
}

Bytes info_complete(Server &server) {
    return number(server.info_complete);
}

Bytes demarshal_error(Server &server) {
    return number(server.malformed);
}

Bytes name_of(Server &server) {
    return node_name(server);
}

constexpr ServerRow kStatistics[] = {
    {"failed_best_practices", "false"},
    {"cluster_size", "1"},
    {"cluster_key", {}, cluster_key},
    {"cluster_generation", "1"},
    {"cluster_principal", {}, name_of},
    {"cluster_min_compatibility_id", "15"},
    {"cluster_max_compatibility_id", "15"},
    {"cluster_integrity", "true"},
    {"cluster_is_member", "true"},
    {"cluster_duplicate_nodes", "null"},
    {"cluster_clock_skew_stop_writes_sec", "0"},
    {"cluster_clock_skew_ms", "0"},
    {"cluster_clock_skew_outliers", "null"},
    {"uptime", {}, uptime},
    {"system_total_cpu_pct", "0"},
    {"system_user_cpu_pct", "0"},
    {"system_kernel_cpu_pct", "0"},
    {"system_free_mem_kbytes", {}, free_kbytes},
    {"system_free_mem_pct", {}, free_percent},
    {"host_free_mem_kbytes", {}, free_kbytes},
    {"host_free_mem_pct", {}, free_percent},
    {"system_thp_mem_kbytes", "0"},
    {"process_cpu_pct", "0"},
    {"threads_joinable", {}, workers},
    {"threads_detached", "0"},
    {"threads_pool_total", {}, workers},
    {"threads_pool_active", {}, workers},
    {"heap_allocated_kbytes", {}, process_kbytes},
    {"heap_active_kbytes", {}, process_kbytes},
    {"heap_mapped_kbytes", {}, process_kbytes},
    {"heap_efficiency_pct", "100"},
    {"heap_site_count", "0"},
    {"objects", {}, objects},
    {"tombstones", "0"},
    {"info_queue", "0"},
    {"rw_in_progress", "0"},
    {"proxy_in_progress", "0"},
    {"tree_gc_queue", "0"},
    {"client_connections", {}, connections},
    {"client_connections_opened", {}, connections_opened},
    {"client_connections_closed", {}, connections_closed},
    {"admin_connections", "0"},
    {"admin_connections_opened", "0"},
    {"admin_connections_closed", "0"},
    {"heartbeat_connections", "0"},
    {"heartbeat_connections_opened", "0"},
    {"heartbeat_connections_closed", "0"},
    {"fabric_connections", "0"},
    {"fabric_connections_opened", "0"},
    {"fabric_connections_closed", "0"},
    {"heartbeat_received_self", "0"},
    {"heartbeat_received_foreign", "0"},
    {"reaped_fds", "0"},
    {"info_complete", {}, info_complete},
    {"info_timeout", "0"},
    {"demarshal_error", {}, demarshal_error},
    {"early_tsvc_client_error", "0"},
    {"early_tsvc_from_proxy_error", "0"},
    {"early_tsvc_from_proxy_batch_sub_error", "0"},
    {"long_queries_active", "0"},
};

constexpr ServerRow kService[] = {
    {"advertise-ipv6", "false"},
    {"cluster-name", "null"},
    {"disable-udf-execution", "false"},
    {"enable-benchmarks-fabric", "false"},
    {"enable-health-check", "false"},
    {"enable-hist-info", "false"},
    {"enforce-best-practices", "false"},
    {"info-threads", {}, workers},
    {"migrate-threads", "0"},
    {"min-cluster-size", "1"},
    {"node-id", {}, name_of},
    {"node-id-interface", "null"},
    {"proto-fd-idle-ms", "0"},
    {"proto-fd-max", {}, connections_most},
    {"query-threads-limit", {}, workers},
    {"service-threads", {}, workers},
    {"ticker-interval", "0"},
    {"transaction-max-ms", "0"},
    {"transaction-retry-ms", "0"},
};

template <size_t size>
Bytes text_of(const ServerRow (&rows)[size], Server &server) {
    Bytes out;
    for (const ServerRow &row : rows) {
        out.append(out.empty() ? "" : ";").append(row.name).append("=");
        out.append(row.live == nullptr ? Bytes(row.fixed) : row.live(server));
    }
    return out;
}

// ---- of a namespace ----

struct Measured {
    Namespace &ns;
    Namespace::Count all;
};

struct NamespaceRow {
    View name;
    View fixed;
    Bytes (*live)(const Measured &) = nullptr;
};

Bytes records(const Measured &measured) {
    return number(measured.all.records);
}

Bytes bytes_used(const Measured &measured) {
    return number(measured.all.bytes);
}

Bytes index_bytes(const Measured &measured) {
    return number(measured.all.records * sizeof(Record));
}

Bytes current_time(const Measured &) {
    return number(now_seconds());
}

Bytes expired(const Measured &measured) {
    return number(measured.ns.expired());
}

Bytes default_ttl(const Measured &measured) {
    return number(measured.ns.default_ttl());
}

Bytes record_most(const Measured &) {
    return number(kRecordMost);
}

constexpr NamespaceRow kNamespace[] = {
    {"ns_cluster_size", "1"},
    {"effective_replication_factor", "1"},
    {"objects", {}, records},
    {"tombstones", "0"},
    {"xdr_tombstones", "0"},
    {"xdr_bin_cemeteries", "0"},
    {"mrt_provisionals", "0"},
    {"master_objects", {}, records},
    {"master_tombstones", "0"},
    {"prole_objects", "0"},
    {"prole_tombstones", "0"},
    {"non_replica_objects", "0"},
    {"non_replica_tombstones", "0"},
    {"unreplicated_records", "0"},
    {"dead_partitions", "0"},
    {"unavailable_partitions", "0"},
    {"auto_revived_partitions", "0"},
    {"clock_skew_stop_writes", "false"},
    {"stop_writes", "false"},
    {"hwm_breached", "false"},
    {"current_time", {}, current_time},
    {"expired_objects", {}, expired},
    {"evicted_objects", "0"},
    {"evict_ttl", "0"},
    {"evict_void_time", "0"},
    {"smd_evict_void_time", "0"},
    {"nsup_cycle_duration", "0"},
    {"nsup_cycle_deleted_pct", "0.0"},
    {"nsup_xdr_key_busy", "0"},
    {"truncate_lut", "0"},
    {"truncating", "false"},
    {"sindex_gc_cleaned", "0"},
    {"mrt_monitors", "0"},
    {"mrt_monitors_active", "0"},
    {"index_used_bytes", {}, index_bytes},
    {"set_index_used_bytes", "0"},
    {"sindex_used_bytes", "0"},
    {"data_used_bytes", {}, bytes_used},
    {"data_used_pct", "0"},
    {"data_avail_pct", "100"},
    {"data_compression_ratio", "1.000"},
};

constexpr NamespaceRow kNamespaceConfiguration[] = {
    {"allow-ttl-without-nsup", "false"}, {"default-ttl", {}, default_ttl},     {"disallow-expunge", "false"},
    {"disallow-null-setname", "false"},  {"max-record-size", {}, record_most}, {"nsup-period", "1"},
    {"replication-factor", "1"},         {"storage-engine", "memory"},         {"strong-consistency", "false"},
};

template <size_t size>
void append_text(const NamespaceRow (&rows)[size], const Measured &measured, Bytes &out) {
    for (const NamespaceRow &row : rows) {
        out.append(out.empty() ? "" : ";").append(row.name).append("=");
        out.append(row.live == nullptr ? Bytes(row.fixed) : row.live(measured));
    }
}

}  // namespace

Bytes server_statistics(Server &server) {
    return text_of(kStatistics, server);
}

Bytes service_configuration(Server &server) {
    return text_of(kService, server);
}

Bytes namespace_statistics(Namespace &ns) {
    Measured measured{ns, {}};
    for (const auto &count : ns.counts()) {
        measured.all.records += count.records;
        measured.all.bytes += count.bytes;
    }
    Bytes out;
    append_text(kNamespace, measured, out);
    append_text(kNamespaceConfiguration, measured, out);
    return out;
}

Bytes namespace_configuration(Namespace &ns) {
    Bytes out;
    append_text(kNamespaceConfiguration, {ns, {}}, out);
    return out;
}

}  // namespace embedded
