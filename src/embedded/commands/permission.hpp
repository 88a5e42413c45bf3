// SPDX-License-Identifier: Apache-2.0
// Which rights a command needs, and whether its user has them. Without users everything is allowed.
#pragma once

#include "commands/server.hpp"
#include "wire/protocol.hpp"

namespace embedded {

// A command on one record, alone or of a batch; it counts towards the user's quota.
Status permit_record(const Session &session, const Request &request);

// A scan or query, also one in the background; it counts for as long as `running` is held.
Status permit_query(const Session &session, const Request &request, Accounts::Running &running);

// An info command that needs these rights, of a namespace and set where they are named; none: whoever has logged in.
Status permit_info(const Session &session, Rights rights, View ns, View set);

}  // namespace embedded
