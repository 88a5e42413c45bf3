// SPDX-License-Identifier: Apache-2.0
// Commands on one record: reads, writes, removals and lists of operations.
#pragma once

#include "commands/server.hpp"

namespace embedded {

// Carry out one request; the answer goes to the end of `out`.
void record_command(Session &session, const Request &request, Bytes &out);

}  // namespace embedded
