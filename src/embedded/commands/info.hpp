// SPDX-License-Identifier: Apache-2.0
// The text commands that clients and operators send.
#pragma once

#include "commands/server.hpp"

namespace embedded {

// Answer the body of an info frame: a line for each command in it. The frame goes to the end of `out`.
bool info_command(Session &session, View body, Bytes &out);
// Answer every command in it with that error.
bool info_refuse(Status status, View body, Bytes &out);

}  // namespace embedded
