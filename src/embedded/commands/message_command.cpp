// SPDX-License-Identifier: Apache-2.0
#include "commands/message_command.hpp"

#include "commands/query_command.hpp"
#include "commands/record_command.hpp"

namespace embedded {

std::unique_ptr<Job> message_command(Session &session, const Request &request, Bytes &out) {
    bool many = !request.has(FieldType::digest) && (request.info1 & info1::batch) == 0;
    if (many) {
        return std::make_unique<QueryJob>(session, request);
    }
    record_command(session, request, out);
    return nullptr;
}

}  // namespace embedded
