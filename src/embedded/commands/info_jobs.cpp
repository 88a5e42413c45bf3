// SPDX-License-Identifier: Apache-2.0
// Background jobs, as operators and clients ask for them.
#include <charconv>

#include "commands/info_commands.hpp"

namespace embedded {

namespace {

constexpr InfoArguments::Known kJob = {"id", "trid", 255, 4};

// The job that is meant: nullopt where none is, or where `error` says what is wrong.
std::optional<uint64_t> job_of(const InfoCommand &command, Bytes &error) {
    std::optional<View> text;
    error = command.arguments().take(kJob, text);
    if (!error.empty() || !text) {
        return std::nullopt;
    }
    uint64_t id = 0;
    auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), id);
    if (problem != std::errc() || end != text->data() + text->size()) {
        error = info_error(4, "bad id");
        return std::nullopt;
    }
    return id;
}

}  // namespace

Bytes answer_query_abort(Session &session, const InfoCommand &command) {
    Bytes error;
    auto id = job_of(command, error);
    if (!id) {
        return error.empty() ? info_error(4, "missing 'id'") : error;
    }
    return session.node.jobs.abort(*id) ? "OK" : info_error(2, "id not active");
}

Bytes answer_query_abort_all(Session &session, const InfoCommand &) {
    return "number-of-queries-killed:" + std::to_string(session.node.jobs.abort_all());
}

Bytes answer_query_show(Session &session, const InfoCommand &command) {
    Bytes error;
    auto id = job_of(command, error);
    if (!id) {
        return error.empty() ? session.node.jobs.show_all() : error;
    }
    return session.node.jobs.show(*id).value_or(info_error(2, "job not found"));
}

}  // namespace embedded
