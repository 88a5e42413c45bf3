// SPDX-License-Identifier: Apache-2.0
// Background queries: a request that writes, carried out on every record that it finds. The request of each record is
// the job's with the record's digest and set in it, and goes the way of all requests on one record (record_message):
// what can be done there, operations or a call of a function, is done here. It says update_only, so that a record which
// is gone before its turn does not come to be.
#pragma once

#include <memory>

#include "commands/jobs.hpp"
#include "commands/server.hpp"

namespace embedded {

// Whether it is such a request; one without a digest.
bool is_background(const Request &request);

// Start the job that it asks for. The answer, at the end of `out`, comes before the work is done.
void background_command(Session &session, const Request &request, Bytes &out);

}  // namespace embedded
