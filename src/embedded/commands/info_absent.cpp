// SPDX-License-Identifier: Apache-2.0
// Indexes, of which there are none: arguments are checked as a server checks them.
#include <algorithm>

#include "commands/info_commands.hpp"
#include "text/base64.hpp"

namespace embedded {

namespace {

constexpr size_t kIndexNameMost = 255;
constexpr InfoArguments::Known kIndex = {"indexname", {}, kIndexNameMost, 4};
constexpr InfoArguments::Known kOfNamespace = {"namespace", "ns", kNamespaceNameMost, 20};

Bytes not_here() {
    return info_error(16, "unsupported feature");
}

// An index that the arguments name. What is wrong with its name does not end a server's answer: the next thing to say
// follows right behind it.
Bytes of_index(Server &server, const InfoCommand &command, bool namespace_must_be, View answer) {
    View index, ns;
    Bytes out = command.arguments().need(kIndex, index);
    Bytes error = command.arguments().need(kOfNamespace, ns);
    if (error.empty() && namespace_must_be && server.store.find(ns) == nullptr) {
        error = no_namespace();
    }
    return out + (error.empty() ? Bytes(answer) : error);
}

constexpr View kTypes[] = {"numeric", "string", "blob", "geo2dsphere"};
constexpr View kKinds[] = {"default", "list", "mapkeys", "mapvalues"};

template <size_t size>
bool is_one_of(const View (&words)[size], View value) {
    return std::find(words, words + size, value) != words + size;
}

}  // namespace

// "sindex/NAMESPACE/INDEX" is of one index, the others of all: "sindex-list:ns=NAMESPACE", "sindex/NAMESPACE".
Bytes answer_sindex(Session &session, const InfoCommand &command) {
    InfoArguments arguments = command.arguments();
    auto base64 = arguments.find("b64");
    if (base64 && base64 != "true" && base64 != "false") {
        return info_error(4, "bad b64");
    }
    View path = command.rest.find('=') == View::npos ? command.rest : View();
    View of_path = path.substr(0, path.find('/'));
    if (!of_path.empty() && session.server.store.find(of_path) == nullptr) {
        return "ns_type=unknown";
    }
    if (of_path.size() < path.size()) {
        return info_error(201, "no index");
    }
    std::optional<View> ns;
    Bytes error = arguments.take(kOfNamespace, ns);
    if (error.empty() && ns && session.server.store.find(*ns) == nullptr) {
        return no_namespace() + ";" + no_namespace();  // a server says it twice
    }
    return error;
}

Bytes answer_sindex_create(Session &, const InfoCommand &command) {
    InfoArguments arguments = command.arguments();
    View index, ns;
    Bytes error = arguments.need(kIndex, index);
    if (error.empty()) {
        error = arguments.need(kOfNamespace, ns);
    }
    if (!error.empty()) {
        return error;
    }
    auto type = arguments.find("type"), kind = arguments.find("indextype"), context = arguments.find("context");
    if (!type && !arguments.find("indexdata")) {
        return info_error(4, "both 'indexdata' and 'type' are missing");
    }
    if (type && !is_one_of(kTypes, *type)) {
        return info_error(4, "bad 'type' - must be one of 'numeric', 'string', 'blob', 'geo2dsphere'");
    }
    if (kind && !is_one_of(kKinds, *kind)) {
        return info_error(4, "bad 'indextype' - must be one of 'default', 'list', 'mapkeys', 'mapvalues'");
    }
    Bytes decoded;
    if (context && !base64_decode(*context, decoded)) {
        return info_error(4, "'context' invalid base64");
    }
    if (arguments.find("bin") && arguments.find("exp")) {
        return info_error(4, "both 'bin' and 'exp' are specified");
    }
    return not_here();
}

Bytes answer_sindex_delete(Session &session, const InfoCommand &command) {
    return of_index(session.server, command, false, "ok");
}

Bytes answer_sindex_exists(Session &session, const InfoCommand &command) {
    return of_index(session.server, command, true, "false");
}

Bytes answer_sindex_stat(Session &session, const InfoCommand &command) {
    return of_index(session.server, command, true, info_error(201, "no index"));
}

}  // namespace embedded
