// SPDX-License-Identifier: Apache-2.0
#include "commands/info.hpp"

#include <algorithm>
#include <cstdio>
#include <limits>

#include "commands/info_arguments.hpp"
#include "commands/info_statistics.hpp"

namespace embedded {

namespace {

constexpr char kVersion[] = "8.1.1.2";
constexpr char kEdition[] = "Aerospike Community Edition";

struct Command {
    View name;  // up to the first ':' or '/'
    View rest;
};

Bytes number(uint64_t value) {
    return std::to_string(value);
}

Bytes enterprise_only(Server &, const Command &) {
    return info_error(25, "enterprise only");
}

Bytes service_text(Server &server) {
    return server.options.address + ":" + number(server.port);
}

template <const char *text>
Bytes constant(Server &, const Command &) {
    return text;
}

// ---- the node and its cluster of one ----

constexpr char kBuild[] = "8.1.1.2";
constexpr char kEmpty[] = "";
constexpr char kZero[] = "0";
constexpr char kOne[] = "1";
constexpr char kOk[] = "ok";
constexpr char kNull[] = "null";
constexpr char kFalse[] = "false";
constexpr char kCompatibility[] = "15";
constexpr char kDigests[] = "RIPEMD160";
constexpr char kFeatures[] =
    "blob-bits;cdt-list;cdt-map;cluster-stable;float;geo;peers;pipelining;pquery;pscans;query-show;relaxed-sc;"
    "replicas;replicas-all;replicas-master;replicas-max;truncate-namespace";

Bytes version(Server &, const Command &) {
    return Bytes(kEdition) + " build " + kVersion;
}

Bytes release(Server &, const Command &) {
    return Bytes("edition=") + kEdition + ";version=" + kVersion + ";os=embedded;arch=embedded;sha=";
}

Bytes node(Server &server, const Command &) {
    return node_name(server);
}

Bytes namespaces(Server &server, const Command &) {
    Bytes out;
    for (const auto &ns : server.store.namespaces()) {
        out += (out.empty() ? "" : ";") + ns->name();
    }
    return out;
}

Bytes service(Server &server, const Command &) {
    return service_text(server);
}

Bytes peers(Server &server, const Command &) {
    return "0," + number(server.port) + ",[]";
}

Bytes cluster_stable(Server &, const Command &command) {
    auto size = InfoArguments(command.rest).find("size");
    return size && *size != "1" ? info_error(7, "cluster not specified size") : kClusterKey;
}

Bytes cluster_name(Server &, const Command &) {
    return kNull;
}

// A bitmap of partitions, all of them set: this node owns every one.
Bytes replicas(Server &server, const Command &) {
    Bytes bitmap((kPartitions / 8 + 2) / 3 * 4, '/');
    bitmap.replace(bitmap.size() - 4, 4, "//8=");
    Bytes out;
    for (const auto &ns : server.store.namespaces()) {
        out += (out.empty() ? "" : ";") + ns->name() + ":0,1," + bitmap;
    }
    return out;
}

Bytes partition_info(Server &server, const Command &) {
    Bytes out = "namespace:partition:state:n_replicas:replica:succession:n_dupl:working_master:proxy_dst:emigrates:"
                "lead_emigrates:immigrates:records:tombstones:regime:tree_id:version:final_version";
    Bytes self = node_name(server), version = "bec46a4bd22a.0.mp-";
    for (const auto &ns : server.store.namespaces()) {
        for (size_t id = 0; id < kPartitions; id++) {
            Partition &partition = ns->partition(id);
            std::lock_guard guard(partition.mutex);
            out += ";" + ns->name() + ":" + number(id) + ":S:1:0:0:0:" + self + ":" + self +
                   ":0:0:0:" + number(partition.records.size()) + ":0:0:1:" + version + ":" + version;
        }
    }
    return out;
}

// ---- namespaces and sets ----

Bytes set_line(const Namespace::Count &count) {
    return "objects=" + number(count.records) + ":tombstones=0:data_used_bytes=" + number(count.bytes) +
           ":truncate_lut=0:sindexes=0:index_populating=false:truncating=false:default-read-touch-ttl-pct=0:"
           "default-ttl=0:disable-eviction=false:enable-index=false:stop-writes-count=0:stop-writes-size=0;";
}

void append_sets(Namespace &ns, View only, bool named, Bytes &out) {
    auto counts = ns.counts();
    auto names = ns.set_names();
    for (size_t set = 1; set < names.size() && set < counts.size(); set++) {
        if (only.empty() || names[set] == only) {
            out += (named ? "ns=" + ns.name() + ":set=" + names[set] + ":" : Bytes()) + set_line(counts[set]);
        }
    }
}

// "sets", "sets/NAMESPACE" and "sets/NAMESPACE/SET".
Bytes sets(Server &server, const Command &command) {
    View wanted = command.rest.substr(0, command.rest.find('/'));
    View set = wanted.size() < command.rest.size() ? command.rest.substr(wanted.size() + 1) : View();
    Bytes out;
    for (const auto &ns : server.store.namespaces()) {
        if (wanted.empty() || ns->name() == wanted) {
            append_sets(*ns, set, set.empty(), out);
        }
    }
    return out;
}

Bytes describe_namespace(Server &server, const Command &command) {
    Namespace *ns = server.store.find(command.rest);
    return ns == nullptr ? "type=unknown" : namespace_statistics(*ns);
}

Bytes statistics(Server &server, const Command &) {
    return server_statistics(server);
}

Bytes configuration(Server &server, const Command &command) {
    InfoArguments arguments(command.rest);
    auto context = arguments.find("context"), id = arguments.find("id");
    if (context == "service") {
        return service_configuration(server);
    }
    if (context != "namespace") {
        return info_error(4, "bad 'context'");
    }
    Namespace *ns = id ? server.store.find(*id) : nullptr;
    return ns == nullptr ? info_error(4, "bad 'id'") : namespace_configuration(*ns);
}

// Nothing is measured.
Bytes latencies(Server &server, const Command &) {
    constexpr View kKinds[] = {"read",          "write",    "udf",     "batch-sub-read", "batch-sub-write",
                               "batch-sub-udf", "pi-query", "si-query"};
    Bytes out = "batch-index:";
    for (const auto &ns : server.store.namespaces()) {
        for (View kind : kKinds) {
            out += ";{" + ns->name() + "}-" + Bytes(kind) + ":";
        }
    }
    return out;
}

// ---- truncation ----

constexpr InfoArguments::Known kTruncated = {"namespace", {}, kNamespaceNameMost, 20};
constexpr InfoArguments::Known kTruncatedSet = {"set", {}, kSetNameMost, 4};
constexpr InfoArguments::Known kTruncatedUntil = {"lut", {}, 255, 4};

// Digits up to the first character that is none, as many as count.
uint64_t leading_number(View text) {
    constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();
    uint64_t number = 0;
    for (char digit : text) {
        if (digit < '0' || digit > '9') {
            break;
        }
        auto one = static_cast<uint64_t>(digit - '0');
        number = number > (kMost - one) / 10 ? kMost : number * 10 + one;
    }
    return number;
}

// The time of a truncation in nanoseconds, now where none is given; or an error as the answer.
Bytes read_until(const InfoArguments &arguments, int64_t &until) {
    std::optional<View> lut;
    Bytes error = arguments.take(kTruncatedUntil, lut);
    until = now_nanoseconds() + 1;
    if (!error.empty() || !lut) {
        return error;
    }
    uint64_t given = leading_number(*lut);
    if (given < static_cast<uint64_t>(kEpoch * kSecond)) {
        return info_error(4, "would truncate to 0");
    }
    if (given >= static_cast<uint64_t>(until)) {
        return info_error(4, "would truncate in the future");
    }
    until = static_cast<int64_t>(given);
    return {};
}

// Every argument is read before anything goes; a namespace or set that is not there has nothing to lose.
Bytes truncate(Server &server, const Command &command) {
    InfoArguments arguments(command.rest);
    View name, set_name;
    int64_t until = 0;
    bool whole = command.name == "truncate-namespace";
    Bytes error = arguments.need(kTruncated, name);
    if (error.empty() && !whole) {
        error = arguments.need(kTruncatedSet, set_name);
    } else if (error.empty() && arguments.find(kTruncatedSet.name)) {
        error = info_error(4, "unexpected set name");
    }
    if (error.empty()) {
        error = read_until(arguments, until);
    }
    if (!error.empty()) {
        return error;
    }
    Namespace *ns = server.store.find(name);
    std::optional<uint16_t> set;
    if (ns != nullptr && (whole || (set = ns->set_find(set_name)))) {
        ns->truncate(set, until);
    }
    return kOk;
}

// A truncation takes effect at once: there is nothing left to call off.
Bytes truncate_undo(Server &, const Command &command) {
    InfoArguments arguments(command.rest);
    View name, set_name;
    Bytes error = arguments.need(kTruncated, name);
    if (error.empty() && command.name == "truncate-undo") {
        error = arguments.need(kTruncatedSet, set_name);
    }
    return error.empty() ? kOk : error;
}

// ---- jobs, indexes and modules: there are none yet ----

Bytes no_job(Server &, const Command &command) {
    return command.rest.empty() ? "" : info_error(2, "job not found");
}

// "sindex/NAMESPACE/INDEX" and "sindex-stat" are of one index, the others of all.
Bytes no_index(Server &, const Command &command) {
    bool of_all = command.name != "sindex-stat" && command.rest.find('/') == View::npos;
    return of_all ? "" : info_error(201, "no index");
}

Bytes no_module(Server &, const Command &) {
    return "error=not_found";
}

Bytes not_here(Server &, const Command &) {
    return info_error(16, "unsupported feature");
}

Bytes no_active_job(Server &, const Command &) {
    return info_error(2, "id not active");
}

struct Row {
    View name;
    Bytes (*answer)(Server &, const Command &);
};

constexpr Row kRows[] = {
    {"build", constant<kBuild>},
    {"cluster-name", cluster_name},
    {"cluster-stable", cluster_stable},
    {"compatibility-id", constant<kCompatibility>},
    {"digests", constant<kDigests>},
    {"edition", constant<kEdition>},
    {"features", constant<kFeatures>},
    {"get-config", configuration},
    {"latencies", latencies},
    {"mesh", constant<kEmpty>},
    {"namespace", describe_namespace},
    {"namespaces", namespaces},
    {"node", node},
    {"partition-generation", constant<kZero>},
    {"partition-info", partition_info},
    {"peers-clear-alt", peers},
    {"peers-clear-std", peers},
    {"peers-generation", constant<kZero>},
    {"peers-tls-alt", enterprise_only},
    {"peers-tls-std", enterprise_only},
    {"query-abort", no_active_job},
    {"query-show", no_job},
    {"rack-ids", enterprise_only},
    {"racks", enterprise_only},
    {"rebalance-generation", constant<kOne>},
    {"release", release},
    {"replicas", replicas},
    {"service", service},
    {"service-clear-alt", constant<kEmpty>},
    {"service-clear-std", service},
    {"service-tls-alt", enterprise_only},
    {"service-tls-std", enterprise_only},
    {"services", constant<kEmpty>},
    {"services-alumni", constant<kEmpty>},
    {"sets", sets},
    {"sindex", no_index},
    {"sindex-create", not_here},
    {"sindex-delete", constant<kOk>},
    {"sindex-exists", constant<kFalse>},
    {"sindex-list", no_index},
    {"sindex-stat", no_index},
    {"statistics", statistics},
    {"status", constant<kOk>},
    {"truncate", truncate},
    {"truncate-namespace", truncate},
    {"truncate-namespace-undo", truncate_undo},
    {"truncate-undo", truncate_undo},
    {"udf-get", no_module},
    {"udf-list", constant<kEmpty>},
    {"udf-put", not_here},
    {"udf-remove", constant<kOk>},
    {"user-agent-set", constant<kOk>},
    {"version", version},
};

Bytes answer(Server &server, View line) {
    size_t end = line.find_first_of(":/");
    Command command{line.substr(0, end), end == View::npos ? View() : line.substr(end + 1)};
    for (const Row &row : kRows) {
        if (row.name == command.name) {
            return row.answer(server, command);
        }
    }
    return info_error(4, "unrecognized command");
}

// What an empty request asks for.
constexpr View kDefaults[] = {"build", "edition", "node", "service", "statistics", "version"};

void append_answer(Server &server, View line, Bytes &out) {
    out.append(line);
    out.push_back('\t');
    out.append(answer(server, line));
    out.push_back('\n');
}

}  // namespace

Bytes node_name(const Server &server) {
    char name[16];
    std::snprintf(name, sizeof name, "BB9%04X00000000", server.port);
    return name;
}

bool info_command(Server &server, View body, Bytes &out) {
    constexpr size_t kNamesMost = 1000;
    if (std::count(body.begin(), body.end(), '\n') > std::ptrdiff_t(kNamesMost)) {
        return false;
    }
    size_t begin = out.size();
    out.append(kFrameHeader, '\0');
    bool empty = body.find_first_not_of('\n') == View::npos;
    for (View line : kDefaults) {
        if (empty) {
            append_answer(server, line, out);
        }
    }
    while (!body.empty()) {
        View line = body.substr(0, body.find('\n'));
        body.remove_prefix(std::min(body.size(), line.size() + 1));
        if (!line.empty()) {
            append_answer(server, line, out);
        }
    }
    server.info_complete++;
    size_t size = out.size() - begin - kFrameHeader;
    write_frame(FrameType::info, size, out.data() + begin);
    return size <= kFrameMost;
}

}  // namespace embedded
