// SPDX-License-Identifier: Apache-2.0
#include "commands/message_command.hpp"

#include "commands/background.hpp"
#include "commands/batch_command.hpp"
#include "commands/query_command.hpp"
#include "commands/reach.hpp"

namespace embedded {

std::unique_ptr<Job> message_command(Session &session, Kind kind, const Request &request, Bytes &out) {
    switch (kind) {
    case Kind::batch:
        return std::make_unique<BatchJob>(session, request);
    case Kind::query:
        return std::make_unique<QueryJob>(session, request);
    case Kind::background:
        background_command(session, request, out);
        return nullptr;
    default:
        return reach_record(session, request, out);
    }
}

}  // namespace embedded
