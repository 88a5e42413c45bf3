// SPDX-License-Identifier: Apache-2.0
// Administration messages: logging in, users and roles.
#pragma once

#include "security/accounts.hpp"

namespace embedded {

// Carry one out, whose answer goes to the end of `out`. Without users there is nothing to administer.
void admin_command(Accounts *accounts, Login &login, View body, Bytes &out);
// Answer with that status alone.
void admin_refuse(Status status, Bytes &out);

}  // namespace embedded
