// SPDX-License-Identifier: Apache-2.0
// What comes of scripts.
#pragma once

#include "value/value.hpp"

namespace embedded {

// What Lua said of a failure, in the parts that its text has: `[string "file"]:line: message`.
struct ScriptError {
    Bytes file, message;
    int line = 0;
};

// What a call came to: a value, or the text of a failure.
struct ScriptOutcome {
    bool failed = false;
    Value value;
};

}  // namespace embedded
