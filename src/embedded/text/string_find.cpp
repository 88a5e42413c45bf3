// SPDX-License-Identifier: Apache-2.0
#include "text/string_find.hpp"

namespace embedded {

namespace {

constexpr size_t kInside = Points::npos;  // of a character, where no match begins or ends

}  // namespace

Searched::Searched(const Points &text) {
    for (size_t begin = 0; begin < text.size();) {
        size_t end = begin + 1;
        while (end < text.size() && is_mark(text[end])) {
            end++;
        }
        Points parts = decomposed(text.substr(begin, end - begin));
        origins_.push_back(begin);
        origins_.insert(origins_.end(), parts.size() - 1, kInside);
        parts_ += parts;
        begin = end;
    }
    origins_.push_back(text.size());
}

bool Searched::matches(const Points &parts, size_t at) const {
    return origins_[at] != kInside && origins_[at + parts.size()] != kInside &&
           parts_.compare(at, parts.size(), parts) == 0;
}

std::vector<Span> Searched::all(const Points &needle) const {
    std::vector<Span> found;
    Points parts = decomposed(needle);
    if (parts.empty()) {
        return found;
    }
    for (size_t at = parts_.find(parts); at != Points::npos;) {
        bool whole = matches(parts, at);
        if (whole) {
            found.push_back({origins_[at], origins_[at + parts.size()]});
        }
        at = parts_.find(parts, at + (whole ? parts.size() : 1));
    }
    return found;
}

bool Searched::begins_with(const Points &needle) const {
    Points parts = decomposed(needle);
    return parts.size() <= parts_.size() && matches(parts, 0);
}

bool Searched::ends_with(const Points &needle) const {
    Points parts = decomposed(needle);
    return parts.size() <= parts_.size() && matches(parts, parts_.size() - parts.size());
}

}  // namespace embedded
