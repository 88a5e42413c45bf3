// SPDX-License-Identifier: Apache-2.0
// What of Lua's own libraries a script has: what a server has, by name and type, but what would reach out of the script
// or could harm the process is an error when it is called.
#pragma once

#include "lua/api.hpp"

namespace embedded {

void open_sandbox(lua_State *lua);

}  // namespace embedded
