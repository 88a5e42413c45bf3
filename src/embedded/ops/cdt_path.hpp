// SPDX-License-Identifier: Apache-2.0
// Path expressions: many elements of a document, chosen level by level, given or changed at once.
#pragma once

#include "ops/operation.hpp"

namespace embedded {

// `payload` is [0xfe, context, flags] to select, [0xfe, context, flags, expression] to modify.
Outcome run_path(Access access, Value &target, const List &payload);

}  // namespace embedded
