// SPDX-License-Identifier: Apache-2.0
// Lua's own headers, and how its functions in C++ are written.
//
// An error of Lua is a jump over all C++ between it and the protected call: nothing with a destructor may be alive in a
// function that calls what can raise one, and no C++ exception may pass through Lua. So what needs C++ objects either
// belongs to the state or to the call at work, or is done in `guarded()`, where Lua is only asked what cannot fail.
#pragma once

extern "C" {
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
}

namespace embedded {

// Do what may throw. False: it did.
template <typename Do>
bool guarded(Do run) noexcept {
    try {
        run();
        return true;
    } catch (...) {
        return false;
    }
}

}  // namespace embedded
