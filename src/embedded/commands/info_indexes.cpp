// SPDX-License-Identifier: Apache-2.0
// Indexes: made, removed, listed, looked at.
#include <algorithm>
#include <cctype>

#include "commands/info_commands.hpp"
#include "index/definition.hpp"
#include "text/base64.hpp"

namespace embedded {

namespace {

constexpr size_t kIndexNameMost = 63;
constexpr InfoArguments::Known kIndex = {"indexname", {}, kIndexNameMost, 4};
constexpr InfoArguments::Known kOfNamespace = {"namespace", "ns", kNamespaceNameMost, 20};
constexpr InfoArguments::Known kSet = {"set", {}, kSetNameMost, 4};
constexpr InfoArguments::Known kBin = {"bin", {}, kBinNameMost, 4};

template <typename Meaning>
struct Word {
    View name;
    Meaning meaning;
};

constexpr Word<Type> kTypes[] = {
    {"numeric", Type::integer}, {"string", Type::string}, {"blob", Type::blob}, {"geo2dsphere", Type::geojson}};
constexpr Word<IndexSource> kSources[] = {{"default", IndexSource::value},
                                          {"list", IndexSource::list},
                                          {"mapkeys", IndexSource::map_keys},
                                          {"mapvalues", IndexSource::map_values}};
constexpr Word<IndexSource> kSets[] = {{"set", IndexSource::set}};

bool same_word(View a, View b) {
    auto same = [](char x, char y) {
        return std::tolower(static_cast<uint8_t>(x)) == std::tolower(static_cast<uint8_t>(y));
    };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
}

template <typename Meaning, size_t size>
bool read_word(const Word<Meaning> (&words)[size], View text, Meaning &out) {
    for (const auto &word : words) {
        if (same_word(word.name, text)) {
            out = word.meaning;
            return true;
        }
    }
    return false;
}

template <typename Meaning, size_t size>
View name_of(const Word<Meaning> (&words)[size], Meaning meaning) {
    return std::find_if(words, words + size, [meaning](const auto &word) { return word.meaning == meaning; })->name;
}

template <typename Meaning, size_t size>
Bytes bad_word(View argument, const Word<Meaning> (&words)[size]) {
    Bytes names;
    for (const auto &word : words) {
        names += (names.empty() ? "'" : ", '") + Bytes(word.name) + "'";
    }
    return info_error(4, "bad '" + Bytes(argument) + "' - must be one of " + names);
}

// ---- a definition ----

Bytes read_base64(const InfoArguments &arguments, View name, Bytes &out) {
    auto text = arguments.find(name);
    bool good = !text || (!text->empty() && base64_decode(*text, out));
    return good ? "" : info_error(4, "'" + Bytes(name) + "' invalid base64");
}

// "type=T" beside "bin=B", or as it was of old "indexdata=B,T".
Bytes read_bin_and_type(const InfoArguments &arguments, IndexDefinition &out) {
    auto type = arguments.find("type"), both = arguments.find("indexdata");
    std::optional<View> bin;
    Bytes error = arguments.take(kBin, bin);
    if (!error.empty()) {
        return error;
    }
    if (!type && !both) {
        return info_error(4, "both 'indexdata' and 'type' are missing");
    }
    if (!type) {
        bin = both->substr(0, both->find(','));
        type = both->substr(std::min(both->size(), bin->size() + 1));
    }
    if (!read_word(kTypes, *type, out.type)) {
        return bad_word("type", kTypes);
    }
    if (bin && bin->size() > kBinNameMost) {
        return info_error(4, "'bin' value too long");
    }
    out.bin = bin.value_or(View());
    return {};
}

Bytes read_source(const InfoArguments &arguments, IndexDefinition &out) {
    auto source = arguments.find("indextype");
    if (source && !read_word(kSources, *source, out.source)) {
        return bad_word("indextype", kSources);
    }
    Bytes error = read_base64(arguments, "context", out.context);
    if (!error.empty()) {
        return error;
    }
    bool of_bin = !out.bin.empty(), of_expression = arguments.find("exp").has_value();
    if (of_bin == of_expression) {
        return info_error(4, of_bin ? "both 'bin' and 'exp' are specified" : "both 'bin' and 'exp' are missing");
    }
    if (of_expression && !out.context.empty()) {
        return info_error(4, "both 'context' and 'exp' are specified");
    }
    if (out.source == IndexSource::map_keys && out.type == Type::geojson) {
        return info_error(4, "'indextype' mapkeys cannot be of 'type' geo2dsphere");
    }
    return read_base64(arguments, "exp", out.expression);
}

Bytes read_definition(const InfoArguments &arguments, IndexDefinition &out) {
    std::optional<View> set;
    Bytes error = arguments.take(kSet, set);
    if (!error.empty()) {
        return error;
    }
    out.set = set.value_or(View());
    auto source = arguments.find("indextype");
    if (source && read_word(kSets, *source, out.source)) {
        return set ? "" : info_error(4, "missing 'set'");
    }
    error = read_bin_and_type(arguments, out);
    return error.empty() ? read_source(arguments, out) : error;
}

// What of an index's name and namespace is wrong. The first does not end a server's answer: the next thing to say
// follows right behind it.
Bytes read_names(Server &server, const InfoCommand &command, View &index, Namespace *&ns, Bytes &error) {
    View name;
    Bytes out = command.arguments().need(kIndex, index);
    error = command.arguments().need(kOfNamespace, name);
    ns = error.empty() ? server.store.find(name) : nullptr;
    return out;
}

// ---- how it is shown ----

Bytes shown(View text, bool base64, Bytes (*tell)(View)) {
    return text.empty() ? Bytes("null") : base64 ? base64_encode(text) : tell(text);
}

Bytes line_of(const Namespace &ns, const IndexList::Named &named, bool base64) {
    const IndexDefinition &about = static_cast<const RecordIndex &>(*named.index).about();
    Bytes out = "ns=" + ns.name() + ":indexname=" + named.name + ":set=" + (about.set.empty() ? "null" : about.set);
    if (about.source == IndexSource::set) {
        return out + ":indextype=set";
    }
    out += ":bin=" + (about.bin.empty() ? "null" : about.bin) + ":type=" + Bytes(name_of(kTypes, about.type)) +
           ":indextype=" + Bytes(name_of(kSources, about.source)) +
           ":context=" + shown(about.context, base64, context_text) +
           ":exp=" + shown(about.expression, base64, expression_text);
    return out + ":state=" + (named.index->ready() ? "RW" : "WO");
}

Bytes lines_of(Server &server, View only, bool base64) {
    Bytes out;
    for (const auto &ns : server.store.namespaces()) {
        for (const auto &named :
             only.empty() || only == ns->name() ? ns->indexes().all() : std::vector<IndexList::Named>()) {
            out += (out.empty() ? "" : ";") + line_of(*ns, named, base64);
        }
    }
    return out;
}

Bytes statistics_of(const Namespace &ns, View name) {
    std::shared_ptr<Index> index = ns.indexes().find(name);
    if (index == nullptr) {
        return info_error(201, "no index");
    }
    return "entries=" + std::to_string(index->entries) + ";used_bytes=" + std::to_string(index->used_bytes()) +
           ";entries_per_bval=0;entries_per_rec=0;load_pct=" + std::to_string(index->built * 100 / kPartitions) +
           ";load_time=0;stat_gc_recs=0";
}

}  // namespace

// "sindex/NAMESPACE/INDEX" is of one index, the others of all: "sindex-list:ns=NAMESPACE", "sindex/NAMESPACE".
Bytes answer_sindex(Session &session, const InfoCommand &command) {
    Store &store = session.server.store;
    InfoArguments arguments = command.arguments();
    auto base64 = arguments.find("b64");
    if (base64 && base64 != "true" && base64 != "false") {
        return info_error(4, "bad b64");
    }
    View path = command.rest.find('=') == View::npos ? command.rest : View();
    View of_path = path.substr(0, path.find('/'));
    if (!of_path.empty() && store.find(of_path) == nullptr) {
        return "ns_type=unknown";
    }
    if (of_path.size() < path.size()) {
        return of_path.empty() ? info_error(201, "no index")
                               : statistics_of(*store.find(of_path), path.substr(of_path.size() + 1));
    }
    std::optional<View> ns;
    Bytes error = arguments.take(kOfNamespace, ns);
    if (error.empty() && ns && store.find(*ns) == nullptr) {
        return no_namespace() + ";" + no_namespace();  // a server says it twice
    }
    return error.empty() ? lines_of(session.server, ns.value_or(of_path), base64 == "true") : error;
}

// What a cluster agrees upon is "ok", though the namespace may be nowhere.
Bytes answer_sindex_create(Session &session, const InfoCommand &command) {
    View name, ns_name;
    IndexDefinition definition;
    InfoArguments arguments = command.arguments();
    Bytes error = arguments.need(kIndex, name);
    error = error.empty() ? arguments.need(kOfNamespace, ns_name) : error;
    error = error.empty() ? read_definition(arguments, definition) : error;
    Namespace *ns = error.empty() ? session.server.store.find(ns_name) : nullptr;
    if (ns == nullptr) {
        return error.empty() ? "ok" : error;
    }
    View wrong;
    auto index = RecordIndex::make(*ns, std::move(definition), wrong);
    if (index == nullptr) {
        return info_error(4, "bad '" + Bytes(wrong) + "'");
    }
    switch (ns->add_index(name, index)) {
    case IndexList::Added::name_taken:
        return info_error(200, "'indexname' already exists with different definition");
    case IndexList::Added::too_many:
        return info_error(205, "too many indexes");
    default:
        session.node.jobs.wake();  // it may not be whole yet
        return "ok";
    }
}

// An index with a colon in its name stays, as on a server of version 8.1, which says "ok" all the same.
Bytes answer_sindex_delete(Session &session, const InfoCommand &command) {
    View name;
    Namespace *ns;
    Bytes error, out = read_names(session.server, command, name, ns, error);
    if (out.empty() && ns != nullptr && name.find(':') == View::npos) {
        ns->remove_index(name);
    }
    return out + (error.empty() ? "ok" : error);
}

Bytes answer_sindex_exists(Session &session, const InfoCommand &command) {
    View name;
    Namespace *ns;
    Bytes error, out = read_names(session.server, command, name, ns, error);
    if (ns == nullptr) {
        return out + (error.empty() ? no_namespace() : error);
    }
    return out + (ns->indexes().find(name) != nullptr ? "true" : "false");
}

Bytes answer_sindex_stat(Session &session, const InfoCommand &command) {
    View name;
    Namespace *ns;
    Bytes error, out = read_names(session.server, command, name, ns, error);
    return out + (ns != nullptr ? statistics_of(*ns, name) : error.empty() ? no_namespace() : error);
}

}  // namespace embedded
