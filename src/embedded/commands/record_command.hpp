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
Status record_command(Session &session, const Request &request, Bytes &out);

// Do these operations read, and nothing else?
bool only_read(const std::vector<Op> &ops);
// The read operations of a query on one of its records, answered in the reply's message at work. False: one of them
// fails.
bool project_record(Namespace &ns, const Digest &digest, const Record &record, const Request &query, Reply &reply);

}  // namespace embedded
