// SPDX-License-Identifier: Apache-2.0
#include "commands/info.hpp"

#include <algorithm>

#include "commands/info_commands.hpp"
#include "commands/info_names.hpp"
#include "commands/info_statistics.hpp"
#include "commands/permission.hpp"
#include "index/definition.hpp"
#include "text/base64.hpp"

namespace embedded {

namespace {

constexpr char kBuild[] = "8.1.2.0";
constexpr char kEdition[] = "Aerospike Community Edition";

Bytes number(uint64_t value) {
    return std::to_string(value);
}

Bytes enterprise_only(Session &, const InfoCommand &) {
    return info_error(25, "enterprise only");
}

template <const char *text>
Bytes constant(Session &, const InfoCommand &) {
    return text;
}

// ---- the node and its cluster of one ----

constexpr char kEmpty[] = "";
constexpr char kEmbedded[] = "embedded";
constexpr char kLogs[] = "0:/dev/null";
constexpr char kHost[] = "host";
constexpr char kHostPortList[] = "host-port-list";
constexpr char kNoAdmin[] = "admin=false";
constexpr char kNoEndpoints[] =
    "service.alternate-access-addresses=null;service.tls-port=0;service.tls-addresses=null;service.tls-access-port=0;"
    "service.tls-access-addresses=null;service.tls-alternate-access-port=0;"
    "service.tls-alternate-access-addresses=null;admin.port=0;admin.addresses=null;admin.tls-port=0;"
    "admin.tls-addresses=null;heartbeat.port=0;heartbeat.addresses=null;heartbeat.tls-port=0;"
    "heartbeat.tls-addresses=null;fabric.port=0;fabric.addresses=null;fabric.tls-port=0;fabric.tls-addresses=null";
constexpr char kNoPractices[] = "failed_best_practices=none";
constexpr char kPartitionCount[] = "4096";
static_assert(kPartitions == 4096);
constexpr char kPath[] = "path";
constexpr char kOk[] = "ok";
constexpr char kNull[] = "null";
constexpr char kCompatibility[] = "15";
constexpr char kDigests[] = "RIPEMD160";
constexpr char kFeatures[] = "batch-any;batch-index;blob-bits;cdt-index;cdt-list;cdt-map;cluster-stable;float;geo;"
                             "sindex-exists;peers;pipelining;pquery;pscans;query-show;relaxed-sc;"
                             "replicas;replicas-all;replicas-master;replicas-max;truncate-namespace;udf";

Bytes mcast(Session &, const InfoCommand &) {
    return info_error(4, "heartbeat is in multicast mode");
}

Bytes version(Session &, const InfoCommand &) {
    return Bytes(kEdition) + " build " + kBuild;
}

Bytes release(Session &, const InfoCommand &) {
    return Bytes("edition=") + kEdition + ";version=" + kBuild + ";os=embedded;arch=embedded;sha=";
}

Bytes node(Session &session, const InfoCommand &) {
    return session.node.topology.name();
}

Bytes namespaces(Session &session, const InfoCommand &) {
    Bytes out;
    for (const auto &ns : session.server.store.namespaces()) {
        out += (out.empty() ? "" : ";") + ns->name();
    }
    return out;
}

Bytes service(Session &session, const InfoCommand &) {
    return session.node.topology.service();
}

// It serves clients alone: there is no port for administrators, other nodes, or TLS.
Bytes endpoints(Session &session, const InfoCommand &) {
    Bytes address = session.server.options.address, port = number(session.node.topology.port());
    return "service.port=" + port + ";service.addresses=" + address + ";service.access-port=" + port +
           ";service.access-addresses=" + address + ";service.alternate-access-port=" + port + ";" + kNoEndpoints;
}

Bytes peers(Session &session, const InfoCommand &) {
    return session.node.topology.peers();
}

// There are no other addresses than those that all know.
Bytes no_peers(Session &session, const InfoCommand &) {
    return session.node.topology.no_peers();
}

Bytes services(Session &session, const InfoCommand &) {
    return session.node.topology.services();
}

// ---- with TLS, at the same port ----

// Of those who speak no TLS, where TLS is all that is spoken.
Bytes clear_service(Session &session, const InfoCommand &command) {
    const TlsContext *tls = session.server.tls.get();
    return tls == nullptr || tls->takes_plain() ? service(session, command) : "";
}

Bytes tls_peers(Session &session, const InfoCommand &) {
    return session.node.topology.peers(session.server.tls->name());
}

template <Bytes (*answer)(Session &, const InfoCommand &)>
Bytes with_tls(Session &session, const InfoCommand &command) {
    return session.server.tls == nullptr ? enterprise_only(session, command) : answer(session, command);
}

Bytes cluster_stable(Session &session, const InfoCommand &command) {
    InfoArguments arguments = command.arguments();
    auto size = arguments.find("size"), ns = arguments.find("namespace"), ignore = arguments.find("ignore-migrations");
    if (size && size->find_first_not_of("0123456789") != View::npos) {
        return info_error(4, "bad size");
    }
    if (ignore && ignore != "true" && ignore != "false") {
        return info_error(4, "bad ignore migrations");
    }
    Standing standing = session.node.topology.standing();
    if (!standing.migrating) {
        return info_error(7, "unstable cluster");
    }
    if (size && *size != number(standing.size)) {
        return info_error(7, "cluster not specified size");
    }
    if (ns && session.server.store.find(*ns) == nullptr) {
        return no_namespace();
    }
    bool stable = standing.stable || ignore == "true";
    return stable ? session.node.topology.cluster_key() : info_error(7, "unstable cluster");
}

Bytes cluster_name(Session &session, const InfoCommand &) {
    const Bytes &name = session.server.options.cluster.name;
    return name.empty() ? kNull : name;
}

// What of each namespace is this node's. `regimes`: whether the answer has them, 0 where there is no strong
// consistency. `most` bitmaps, one a copy, with how many there are; or (0) the first alone.
Bytes owned(const ClusterNode &node, bool regimes, size_t most) {
    size_t copies = std::min(std::max<size_t>(1, most), node.topology.standing().copies);
    Bytes bitmaps = most == 0 ? "" : number(copies);
    for (size_t copy = 0; copy < copies; copy++) {
        bitmaps += (bitmaps.empty() ? "" : ",") + node.topology.owned_partitions(copy);
    }
    Bytes out;
    for (const auto &ns : node.server.store.namespaces()) {
        out += (out.empty() ? "" : ";") + ns->name() + ":";
        out += regimes ? ns->strongly_consistent() ? "1," : "0," : "";
        out += bitmaps;
    }
    return out;
}

Bytes partition_generation(Session &session, const InfoCommand &) {
    return std::to_string(session.node.topology.standing().partition_generation);
}

Bytes peers_generation(Session &session, const InfoCommand &) {
    return number(session.node.topology.standing().peers_generation);
}

Bytes rebalance_generation(Session &session, const InfoCommand &) {
    return number(session.node.topology.standing().rebalance_generation);
}

// In which rack this node is, and in which all are: of each namespace, though it is the same.
template <typename Text>
Bytes of_racks(Session &session, const char *before, const char *between, Text text) {
    if (session.server.options.cluster.racks.empty()) {
        return info_error(25, "enterprise only");
    }
    Bytes out;
    for (const auto &ns : session.server.store.namespaces()) {
        out += (out.empty() ? before : Bytes(";") + before) + ns->name() + between + text(session.node.topology);
    }
    return out;
}

Bytes rack_ids(Session &session, const InfoCommand &) {
    return of_racks(session, "", ":", [](const Topology &topology) { return number(topology.rack()); });
}

Bytes racks(Session &session, const InfoCommand &) {
    return of_racks(session, "ns=", ":", [](const Topology &topology) { return topology.racks(); });
}

Bytes replicas(Session &session, const InfoCommand &command) {
    auto most = command.arguments().find("max");
    if (most && (most->empty() || most->find_first_not_of("0123456789") != View::npos)) {
        return info_error(4, "bad max");
    }
    return owned(session.node, true, most == "1" ? 1 : most == "2" ? 2 : kCopiesMost);
}

Bytes replicas_all(Session &session, const InfoCommand &) {
    return owned(session.node, false, kCopiesMost);
}

Bytes replicas_master(Session &session, const InfoCommand &) {
    return owned(session.node, false, 0);
}

Bytes partition_info(Session &session, const InfoCommand &) {
    Bytes out = "namespace:partition:state:n_replicas:replica:succession:n_dupl:working_master:proxy_dst:emigrates:"
                "lead_emigrates:immigrates:records:tombstones:regime:tree_id:version:final_version";
    Standing standing = session.node.topology.standing();
    for (const auto &ns : session.server.store.namespaces()) {
        for (size_t id = 0; id < kPartitions; id++) {
            size_t records = ns->lock(id).size();
            out += ";" + ns->name() + ":" + number(id) + ":" +
                   session.node.topology.partition_state(id, records, standing);
        }
    }
    return out;
}

// ---- namespaces and sets ----

Bytes set_line(const Namespace::Count &count, size_t indexes) {
    return "objects=" + number(count.records) + ":tombstones=0:data_used_bytes=" + number(count.bytes) +
           ":truncate_lut=0:sindexes=" + number(indexes) +
           ":index_populating=false:truncating=false:default-read-touch-ttl-pct=0:"
           "default-ttl=0:disable-eviction=false:enable-index=false:stop-writes-count=0:stop-writes-size=0;";
}

// Of all sets, with their names, or of one without.
void append_sets(const ClusterNode &node, Namespace &ns, View only, bool named, Bytes &out) {
    auto counts = ns.counts([&](size_t id) { return node.server.cluster.holds(node.place, id); });
    auto names = ns.set_names();
    for (size_t set = 1; set < names.size() && set < counts.size(); set++) {
        if (named || names[set] == only) {
            out += (named ? "ns=" + ns.name() + ":set=" + names[set] + ":" : Bytes()) +
                   set_line(counts[set], count_indexes(ns, names[set]));
        }
    }
}

// "sets", "sets/NAMESPACE" and "sets/NAMESPACE/SET".
Bytes sets(Session &session, const InfoCommand &command) {
    View wanted = command.rest.substr(0, command.rest.find('/'));
    bool one_set = wanted.size() < command.rest.size();
    View set = one_set ? command.rest.substr(wanted.size() + 1) : View();
    if (!wanted.empty() && session.server.store.find(wanted) == nullptr) {
        return "ns_type=unknown";
    }
    Bytes out;
    for (const auto &ns : session.server.store.namespaces()) {
        if (wanted.empty() || ns->name() == wanted) {
            append_sets(session.node, *ns, set, !one_set, out);
        }
    }
    return out;
}

Bytes describe_namespace(Session &session, const InfoCommand &command) {
    Namespace *ns = session.server.store.find(command.rest);
    return ns == nullptr ? "type=unknown"
                         : namespace_text(session.node, *ns, kNamespaceStatistics) + ";" +
                               namespace_text(session.node, *ns, kNamespaceConfiguration);
}

Bytes statistics(Session &session, const InfoCommand &) {
    return node_text(session.node, kStatistics);
}

Bytes objects(Session &session, const InfoCommand &) {
    size_t all = 0;
    for (const auto &ns : session.server.store.namespaces()) {
        all += held(session.node, *ns).records;
    }
    return number(all);
}

// How much of its room each index takes, and how much of that is on a device.
Bytes index_pressure(Session &session, const InfoCommand &) {
    Bytes out;
    for (const auto &ns : session.server.store.namespaces()) {
        out += (out.empty() ? "" : ";") + ns->name() + ":0:0";
    }
    return out;
}

// ---- its log, of which nothing is kept ----

Bytes log_levels(Session &session, const InfoCommand &command) {
    if (command.rest.find_first_not_of("0123456789") != View::npos) {
        return info_error(4, "bad sink-id");
    }
    bool only = command.rest.find_first_not_of('0') == View::npos;
    return only ? session.node.log_levels.text() : "ERROR::bad-id";
}

Bytes log_set(Session &session, const InfoCommand &command) {
    InfoArguments arguments = command.arguments();
    auto id = arguments.find("id");
    if (!id) {
        return info_error(4, "missing id");
    }
    bool good = false;
    for (size_t context = 0; id == "0" && context < std::size(LogLevels::kContexts); context++) {
        auto level = arguments.find(LogLevels::kContexts[context]);
        good = level ? session.node.log_levels.set(context, *level) : good;
    }
    return good ? kOk : info_error(4, "bad parameter");
}

// ---- clients ----

Bytes user_agents(Session &session, const InfoCommand &) {
    return session.node.user_agents.text();
}

Bytes user_agent_set(Session &session, const InfoCommand &command) {
    constexpr InfoArguments::Known kValue = {"value", {}, 4096, 4};
    View value;
    Bytes decoded, error = command.arguments().need(kValue, value);
    if (!error.empty()) {
        return error;
    }
    if (!base64_decode(value, decoded)) {
        return info_error(4, "'value' invalid base64");
    }
    session.agent.reset();
    session.agent = std::make_shared<UserAgent>(session.node.user_agents, value);
    return kOk;
}

// What a command lacks that does nothing here, whatever it is given.
template <const char *name>
Bytes needs(Session &, const InfoCommand &command) {
    View value;
    return command.arguments().need({name, {}, 255, 4}, value);
}

struct Row {
    View name;
    Bytes (*answer)(Session &, const InfoCommand &);
    Rights rights = 0;  // that its user needs; none: whoever has logged in
};

Bytes help(Session &, const InfoCommand &);

constexpr Row kRows[] = {
    {"admin-clear-std", constant<kEmpty>},
    {"alumni-clear-std", peers},
    {"alumni-tls-std", with_tls<tls_peers>},
    {"best-practices", constant<kNoPractices>},
    {"build", constant<kBuild>},
    {"build-arch", constant<kEmbedded>},
    {"build-os", constant<kEmbedded>},
    {"build-sha", constant<kEmbedded>},
    {"build-time", constant<kEmbedded>},
    {"build_arch", constant<kEmbedded>},
    {"build_os", constant<kEmbedded>},
    {"build_sha", constant<kEmbedded>},
    {"build_time", constant<kEmbedded>},
    {"cluster-name", cluster_name},
    {"cluster-stable", cluster_stable},
    {"compatibility-id", constant<kCompatibility>},
    {"config-get", answer_get_config},
    {"connection", constant<kNoAdmin>},
    {"digests", constant<kDigests>},
    {"edition", constant<kEdition>},
    {"endpoints", endpoints},
    {"feature-key", enterprise_only},
    {"features", constant<kFeatures>},
    {"get-config", answer_get_config},
    {"get-sl", node},
    {"get-stats", answer_get_stats},
    {"health-outliers", constant<kEmpty>},
    {"health-stats", constant<kEmpty>},
    {"help", help},
    {"histogram", answer_histogram},
    {"index-pressure", index_pressure},
    {"latencies", answer_latencies},
    {"log", log_levels},
    {"log-set", log_set, right::configure},
    {"logs", constant<kLogs>},
    {"masking", enterprise_only},
    {"masking-show", enterprise_only},
    {"mcast", mcast},
    {"mesh", constant<kEmpty>},
    {"name", node},
    {"namespace", describe_namespace},
    {"namespaces", namespaces},
    {"node", node},
    {"objects", objects},
    {"partition-generation", partition_generation},
    {"partition-info", partition_info},
    {"partitions", constant<kPartitionCount>},
    {"peers-clear-alt", no_peers},
    {"peers-clear-std", peers},
    {"peers-generation", peers_generation},
    {"peers-tls-alt", with_tls<no_peers>},
    {"peers-tls-std", with_tls<tls_peers>},
    {"physical-devices", needs<kPath>},
    {"query-abort", answer_query_abort, right::jobs},
    {"query-abort-all", answer_query_abort_all, right::jobs},
    {"query-show", answer_query_show},
    {"quiesce", enterprise_only, right::configure},
    {"quiesce-undo", enterprise_only, right::configure},
    {"rack-ids", rack_ids},
    {"racks", racks},
    {"rebalance-generation", rebalance_generation},
    {"recluster", constant<kOk>, right::configure},
    {"release", release},
    {"replicas", replicas},
    {"replicas-all", replicas_all},
    {"replicas-master", replicas_master},
    {"revive", enterprise_only, right::configure},
    {"roster", enterprise_only},
    {"roster-set", enterprise_only, right::configure},
    {"service", service},
    {"service-clear-alt", constant<kEmpty>},
    {"service-clear-std", clear_service},
    {"service-tls-alt", with_tls<constant<kEmpty>>},
    {"service-tls-std", with_tls<service>},
    {"services", services},
    {"services-alternate", constant<kEmpty>},
    {"services-alumni", services},
    {"services-alumni-reset", constant<kOk>, right::configure},
    {"set-config", answer_set_config, right::configure},
    {"sets", sets},
    {"sindex", answer_sindex},
    {"sindex-create", answer_sindex_create, right::indexes},
    {"sindex-delete", answer_sindex_delete, right::indexes},
    {"sindex-exists", answer_sindex_exists},
    {"sindex-list", answer_sindex},
    {"sindex-stat", answer_sindex_stat},
    {"statistics", statistics},
    {"status", constant<kOk>},
    {"tip", needs<kHost>, right::configure},
    {"tip-clear", needs<kHostPortList>, right::configure},
    {"truncate", answer_truncate, right::truncate},
    {"truncate-namespace", answer_truncate, right::truncate},
    {"truncate-namespace-undo", answer_truncate_undo, right::truncate},
    {"truncate-undo", answer_truncate_undo, right::truncate},
    {"udf-clear-cache", answer_udf_clear_cache, right::modules},
    {"udf-get", answer_udf_get},
    {"udf-list", answer_udf_list},
    {"udf-put", answer_udf_put, right::modules},
    {"udf-remove", answer_udf_remove, right::modules},
    {"user-agent-set", user_agent_set},
    {"user-agents", user_agents},
    {"version", version},
    {"xdr-get-filter", enterprise_only},
    {"xdr-set-filter", enterprise_only, right::configure},
};

Bytes help(Session &, const InfoCommand &) {
    Bytes out;
    for (const Row &row : kRows) {
        out.append(out.empty() ? "" : ";").append(row.name);
    }
    return out;
}

// The error where the user may not; empty: it may.
Bytes deny(const Session &session, const Row &row, const InfoCommand &command) {
    InfoArguments arguments = command.arguments();
    View ns = arguments.find("namespace").value_or(View()), set = arguments.find("set").value_or(View());
    Status status = permit_info(session, row.rights, ns, set);
    if (status == Status::ok) {
        return {};
    }
    return info_error(static_cast<int>(status),
                      status == Status::role_violation ? "role violation" : "not authenticated");
}

Bytes answer(Session &session, View line) {
    size_t end = line.find_first_of(":/;");
    InfoCommand command{line.substr(0, end), end == View::npos ? View() : line.substr(end + 1)};
    for (const Row &row : kRows) {
        if (row.name == command.name) {
            Bytes denied = deny(session, row, command);
            return denied.empty() ? row.answer(session, command) : denied;
        }
    }
    Status status = permit_info(session, 0, {}, {});
    return status == Status::ok ? info_error(4, "unrecognized command")
                                : info_error(static_cast<int>(status), "not authenticated");
}

// What an empty request asks for.
constexpr View kDefaults[] = {"build", "edition", "node", "service", "statistics", "version"};

template <typename Answer>
void append_answer(View line, Bytes &out, Answer answer) {
    line = line.substr(0, line.find('\0'));
    out.append(line);
    out.push_back('\t');
    out.append(answer(line));
    out.push_back('\n');
}

// What stands behind the last line end is no command.
template <typename Answer>
bool answer_lines(View body, Bytes &out, Answer answer) {
    constexpr size_t kNamesMost = 1000;
    if (std::count(body.begin(), body.end(), '\n') > std::ptrdiff_t(kNamesMost)) {
        return false;
    }
    size_t begin = out.size();
    out.append(kFrameHeader, '\0');
    if (body.empty()) {
        for (View line : kDefaults) {
            append_answer(line, out, answer);
        }
    }
    for (size_t end; (end = body.find('\n')) != View::npos; body.remove_prefix(end + 1)) {
        append_answer(body.substr(0, end), out, answer);
    }
    size_t size = out.size() - begin - kFrameHeader;
    write_frame(FrameType::info, size, out.data() + begin);
    return size <= kFrameMost;
}

}  // namespace

bool info_command(Session &session, View body, Bytes &out) {
    session.server.cluster.refresh();
    session.node.info_complete++;
    return answer_lines(body, out, [&session](View line) { return answer(session, line); });
}

bool info_refuse(Status status, View body, Bytes &out) {
    Bytes refusal = info_error(static_cast<int>(status), "refused on purpose");
    return answer_lines(body, out, [&refusal](View) { return refusal; });
}

}  // namespace embedded
