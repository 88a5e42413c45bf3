// SPDX-License-Identifier: Apache-2.0
// Text as code points, and what utf8proc knows of them.
#pragma once

#include <cstdint>
#include <string>

#include "value/value.hpp"

namespace embedded {

using Points = std::u32string;

bool is_utf8(View bytes);
Points points_of(View utf8);  // well-formed
Bytes utf8_of(const Points &points);

// Of these two, each character becomes one character.
Points upper_case(const Points &points);
Points lower_case(const Points &points);
Points folded_case(const Points &points);  // for comparison without regard to case
Points composed(const Points &points);  // NFC
Points decomposed(const Points &points);  // NFD

enum class Case : uint8_t { none, lower, upper, title };
Case case_of(char32_t point);
bool is_mark(char32_t point);  // combines with the character before it
bool is_white_space(char32_t point);

}  // namespace embedded
