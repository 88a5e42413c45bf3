// SPDX-License-Identifier: Apache-2.0
// Searching text for text. Canonically equivalent spellings are the same: a letter with a mark, composed or not.
// A match does not end between a letter and its mark.
#pragma once

#include <cstddef>
#include <vector>

#include "text/unicode.hpp"

namespace embedded {

struct Span {
    size_t begin, end;
};

class Searched {
  public:
    explicit Searched(const Points &text);

    // Where `needle` stands, in code points of the text; matches do not overlap. Nothing where the needle is empty.
    std::vector<Span> all(const Points &needle) const;
    bool begins_with(const Points &needle) const;
    bool ends_with(const Points &needle) const;

  private:
    bool matches(const Points &parts, size_t at) const;

    Points parts_;  // decomposed
    std::vector<size_t> origins_;  // of each part: its place in the text, or kInside. One more for the end.
};

}  // namespace embedded
