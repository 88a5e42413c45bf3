// SPDX-License-Identifier: Apache-2.0
// Commands on one record: reads, writes, removals and lists of operations.
#pragma once

#include "commands/server.hpp"

namespace embedded {

// Carry out one request; the answer is the reply's message at work. What came of it is returned, too.
Status record_message(Session &session, const Request &request, Reply &reply);
// Whether there are operations, all of which are known and write.
bool writes_alone(const Request &request);
// The same as record_message, with a frame of its own at the end of `out`.
void record_command(Session &session, const Request &request, Bytes &out);

}  // namespace embedded
