// SPDX-License-Identifier: Apache-2.0
// What a stream function reads and writes.
#pragma once

#include "lua/script_record.hpp"

namespace embedded {

class ScriptStream {
  public:
    virtual ~ScriptStream() = default;

    // The next record, which lives as long as the call; null: there are no more.
    virtual ScriptRecord *read() = 0;
    virtual void write(const Value &value) = 0;
};

}  // namespace embedded
