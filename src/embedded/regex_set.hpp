// SPDX-License-Identifier: Apache-2.0
// The characters that a regular expression's escapes, properties and brackets stand for.
#pragma once

#include <optional>

#include "regex.hpp"

namespace embedded {

namespace regex {

// What the parser reads: the pattern, and where it is in it.
struct Source {
    const Points &pattern;
    size_t at = 0;

    bool ended() const { return at == pattern.size(); }
    char32_t peek(size_t ahead = 0) const { return at + ahead < pattern.size() ? pattern[at + ahead] : 0; }
    bool take(char32_t point) {
        bool is = !ended() && pattern[at] == point;
        at += is;
        return is;
    }
    bool take(const char32_t *text) {
        size_t size = Points(text).size();
        bool is = pattern.compare(at, size, text) == 0;
        at += is ? size : 0;
        return is;
    }
};

// After a backslash. `d`, `W`, `h`, `p{…}` and the like; nothing taken where it is no such escape.
// Nothing at all: malformed, or not known.
std::optional<bool> parse_class(Source &source, Set &set);

// After a backslash: `n`, `x{263a}`, a quoted sign. False: malformed, or not known.
bool parse_character(Source &source, char32_t &point);

// After the opening bracket, to behind the closing one. False: malformed.
bool parse_set(Source &source, Set &set);

Set all_but_line_ends(int64_t flags);
Set single(char32_t point);

}  // namespace regex

}  // namespace embedded
