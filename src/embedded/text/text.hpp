// SPDX-License-Identifier: Apache-2.0
// What becomes text.
#pragma once

#include "value/outcome.hpp"

namespace embedded {

// An integer, double, boolean, string or blob as text: the operator TO_STRING, and the expression of that name.
Outcome to_text(const Value &value);

}  // namespace embedded
