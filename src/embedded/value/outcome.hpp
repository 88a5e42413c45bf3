// SPDX-License-Identifier: Apache-2.0
// What comes of an operation.
#pragma once

#include "value/status.hpp"
#include "value/value.hpp"

namespace embedded {

constexpr size_t kRecordMost = 1 << 20;  // bytes: no operation makes more

struct Outcome {
    Status status = Status::ok;
    Value value;  // none: the operation has no result
};

}  // namespace embedded
