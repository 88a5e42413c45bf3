// SPDX-License-Identifier: Apache-2.0
// Info commands of modules. Their errors have a form of their own.
#include "commands/info_commands.hpp"
#include "text/base64.hpp"

namespace embedded {

namespace {

constexpr size_t kFileNameMost = 127;
constexpr char kBadName[] = "error=invalid_filename";

// The file that a command names; empty: it names none.
View file_of(const InfoCommand &command) {
    auto name = command.arguments().find("filename");
    return name && name->size() <= kFileNameMost ? *name : View();
}

}  // namespace

Bytes answer_udf_list(Session &session, const InfoCommand &) {
    Bytes out;
    for (const auto &[file, module] : *session.server.scripts.modules()) {
        out += "filename=" + file + ",hash=" + module.hash + ",type=LUA;";
    }
    return out;
}

Bytes answer_udf_get(Session &session, const InfoCommand &command) {
    View file = file_of(command);
    if (file.empty()) {
        return kBadName;
    }
    ModulesPointer modules = session.server.scripts.modules();
    auto found = modules->find(Bytes(file));
    return found == modules->end() ? "error=not_found"
                                   : "type=LUA;content=" + base64_encode(found->second.source) + ";";
}

// One that is not there is no error.
Bytes answer_udf_remove(Session &session, const InfoCommand &command) {
    View file = file_of(command);
    if (file.empty()) {
        return kBadName;
    }
    session.server.scripts.remove(file);
    return "ok";
}

Bytes answer_udf_put(Session &session, const InfoCommand &command) {
    View file = file_of(command);
    if (file.empty()) {
        return kBadName;
    }
    InfoArguments arguments = command.arguments();
    auto content = arguments.find("content"), size = arguments.find("content-len"), type = arguments.find("udf-type");
    Bytes source;
    bool good = content && size && !content->empty() && *size == std::to_string(content->size());
    if (!good || !base64_decode(*content, source)) {
        return "error=invalid_content_len";
    }
    if (type && *type != "LUA") {
        return "error=invalid_udf_type";
    }
    auto error = session.server.scripts.put(file, source);
    return !error ? "ok"
                  : "error=compile_error;file=" + error->file + ";line=" + std::to_string(error->line) +
                        ";message=" + base64_encode(error->message);
}

Bytes answer_udf_clear_cache(Session &session, const InfoCommand &) {
    session.server.scripts.clear_cache();
    return "ok";
}

}  // namespace embedded
