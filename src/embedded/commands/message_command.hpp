// SPDX-License-Identifier: Apache-2.0
// Any message: which command it is.
#pragma once

#include <memory>

#include "commands/job.hpp"
#include "commands/kind.hpp"
#include "commands/server.hpp"

namespace embedded {

// Carry out a request, which is of that kind. The answer goes to the end of `out`; or it is one of many frames, by the
// job that is given, which needs nothing of the request any more.
std::unique_ptr<Job> message_command(Session &session, Kind kind, const Request &request, Bytes &out);

}  // namespace embedded
