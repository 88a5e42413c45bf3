// SPDX-License-Identifier: Apache-2.0
#include "commands/message_command.hpp"

#include "commands/background.hpp"
#include "commands/batch_command.hpp"
#include "commands/query_command.hpp"
#include "commands/record_command.hpp"

namespace embedded {

std::unique_ptr<Job> message_command(Session &session, const Request &request, Bytes &out) {
    if ((request.info1 & info1::batch) != 0) {
        return std::make_unique<BatchJob>(session, request);
    }
    if (!request.has(FieldType::digest)) {
        if (is_background(request)) {
            background_command(session, request, out);
            return nullptr;
        }
        return std::make_unique<QueryJob>(session, request);
    }
    record_command(session, request, out);
    return nullptr;
}

}  // namespace embedded
