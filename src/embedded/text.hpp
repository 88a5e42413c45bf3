// SPDX-License-Identifier: Apache-2.0
// Text and what becomes text.
#pragma once

#include "operation.hpp"

namespace embedded {

bool is_utf8(View bytes);

// An integer, double, boolean, string or blob as text: the operator TO_STRING, and the expression of that name.
Outcome to_text(const Value &value);

}  // namespace embedded
