// SPDX-License-Identifier: Apache-2.0
// Lua's patterns, with bounds: `string.find`, `match`, `gmatch` and `gsub` take no notice of instructions in Lua's own
// library, and a pattern can make it try for years. Here each try counts as an instruction.
#pragma once

#include "lua/api.hpp"

namespace embedded {

// In place of Lua's own.
void define_patterns(lua_State *lua);

}  // namespace embedded
