// SPDX-License-Identifier: Apache-2.0
// Configuration, of which only default-ttl can be changed, and measurements, of which none are made.
#include <algorithm>
#include <charconv>
#include <map>

#include "commands/info_commands.hpp"
#include "commands/info_names.hpp"
#include "commands/info_statistics.hpp"

namespace embedded {

namespace {

constexpr InfoArguments::Known kContext = {"context", {}, 255, 4};
constexpr InfoArguments::Known kConfigured = {"namespace", "id", kNamespaceNameMost, 20};
constexpr InfoArguments::Known kMeasured = {"namespace", {}, kNamespaceNameMost, 20};

// The namespace that the arguments name; or an error as the answer.
Bytes find_namespace(Server &server, const InfoArguments &arguments, const InfoArguments::Known &known,
                     Namespace *&out) {
    View name;
    Bytes error = arguments.need(known, name);
    if (!error.empty()) {
        return error;
    }
    out = server.store.find(name);
    return out == nullptr ? no_namespace() : Bytes();
}

// "90", "90s", "15m", "2h", "30d" as seconds; nullopt: it is no time to live.
std::optional<uint32_t> read_duration(View text) {
    constexpr uint64_t kMost = 315360000;  // ten years
    uint64_t unit = 1;
    if (!text.empty() && text.back() > '9') {
        static const std::map<char, uint64_t> units = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
        auto found = units.find(text.back());
        unit = found == units.end() ? 0 : found->second;
        text.remove_suffix(1);
    }
    uint64_t number = 0;
    auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    bool good = problem == std::errc() && end == text.data() + text.size() && unit > 0 && number <= kMost / unit;
    return good ? std::optional<uint32_t>(static_cast<uint32_t>(number * unit)) : std::nullopt;
}

Bytes configure(Namespace &ns, const InfoArguments &arguments) {
    auto ttl = arguments.find("default-ttl");
    auto seconds = ttl ? read_duration(*ttl) : std::nullopt;
    if (!seconds) {
        return info_error(4, "invalid set-config parameter");
    }
    ns.set_default_ttl(*seconds);
    return "ok";
}

}  // namespace

Bytes answer_get_config(Session &session, const InfoCommand &command) {
    InfoArguments arguments = command.arguments();
    auto context = arguments.find(kContext.name);
    if (!context) {
        return node_text(session.node, kService) + ";" + node_text(session.node, kNetwork);
    }
    if (context == "service") {
        return node_text(session.node, kService);
    }
    if (context == "network") {
        return node_text(session.node, kNetwork);
    }
    if (context == "namespace") {
        Namespace *ns = nullptr;
        Bytes error = find_namespace(session.server, arguments, kConfigured, ns);
        return error.empty() ? namespace_text(session.node, *ns, kNamespaceConfiguration) : error;
    }
    bool nothing_to_tell = context == "xdr" || context == "security";
    return nothing_to_tell ? "" : info_error(4, "invalid context");
}

Bytes answer_set_config(Session &session, const InfoCommand &command) {
    InfoArguments arguments = command.arguments();
    View context;
    Bytes error = arguments.need(kContext, context);
    if (!error.empty()) {
        return error;
    }
    if (context == "namespace") {
        Namespace *ns = nullptr;
        error = find_namespace(session.server, arguments, kConfigured, ns);
        if (error.empty()) {
            return configure(*ns, arguments);
        }
    } else if (context != "service" && context != "network" && context != "security" && context != "xdr") {
        error = info_error(4, "invalid context");
    }
    return error.empty() ? info_error(4, "invalid set-config parameter") : error;
}

Bytes answer_get_stats(Session &, const InfoCommand &command) {
    View context;
    Bytes error = command.arguments().need(kContext, context);
    return error.empty() ? info_error(4, "unknown context") : error;
}

Bytes answer_histogram(Session &session, const InfoCommand &command) {
    InfoArguments arguments = command.arguments();
    Namespace *ns = nullptr;
    Bytes error = find_namespace(session.server, arguments, kMeasured, ns);
    if (!error.empty()) {
        return error;
    }
    auto type = arguments.find("type");
    bool known = type == "ttl" || type == "object-size" || type == "object-size-linear";
    return known ? "" : info_error(4, "unknown hist name");
}

Bytes answer_latencies(Session &session, const InfoCommand &command) {
    constexpr View kKinds[] = {"read",          "write",    "udf",     "batch-sub-read", "batch-sub-write",
                               "batch-sub-udf", "pi-query", "si-query"};
    std::vector<Bytes> names = {"batch-index"};
    for (const auto &ns : session.server.store.namespaces()) {
        for (View kind : kKinds) {
            names.push_back("{" + ns->name() + "}-" + Bytes(kind));
        }
    }
    auto wanted = command.arguments().find("hist");
    if (wanted) {
        bool known = std::find(names.begin(), names.end(), *wanted) != names.end();
        return known ? Bytes(*wanted) + ":" : info_error(4, "bad hist name");
    }
    Bytes out;
    for (const Bytes &name : names) {
        out += (out.empty() ? "" : ";") + name + ":";
    }
    return out;
}

}  // namespace embedded
