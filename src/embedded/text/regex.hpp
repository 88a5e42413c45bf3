// SPDX-License-Identifier: Apache-2.0
// Regular expressions of string operations, by PCRE2. Patterns come from anywhere, so that each call is bounded in
// time and memory. All text is well-formed UTF-8.
#pragma once

#include "value/status.hpp"
#include "value/value.hpp"

namespace embedded {

namespace regex {

// Whether something in `text` matches. Status::parameter: the pattern or the flags of the wire are malformed;
// Status::not_applicable: there is more to try than anyone waits for.
Status find(View pattern, int64_t flags, View text, bool &found);

// Replaces what matches; what fails leaves `text` alone. In a replacement, $1 and ${name} are groups, and a backslash
// takes the meaning from what follows it.
Status replace(View pattern, int64_t flags, View with, Bytes &text);

}  // namespace regex

}  // namespace embedded
