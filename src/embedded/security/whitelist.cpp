// SPDX-License-Identifier: Apache-2.0
#include "security/whitelist.hpp"

#include <algorithm>

namespace embedded {

namespace {

// A number from 0 to `most` at the beginning, which is taken off. False: there is none.
bool take_number(View &text, uint32_t most, uint32_t &out) {
    size_t digits = 0;
    out = 0;
    while (digits < text.size() && digits < 3 && text[digits] >= '0' && text[digits] <= '9') {
        out = out * 10 + static_cast<uint32_t>(text[digits] - '0');
        digits++;
    }
    text.remove_prefix(digits);
    return digits > 0 && out <= most;
}

bool take(View &text, char wanted) {
    if (text.empty() || text[0] != wanted) {
        return false;
    }
    text.remove_prefix(1);
    return true;
}

bool take_address(View &text, uint32_t &out) {
    out = 0;
    for (int i = 0; i < 4; i++) {
        uint32_t byte;
        if ((i > 0 && !take(text, '.')) || !take_number(text, 255, byte)) {
            return false;
        }
        out = out << 8 | byte;
    }
    return true;
}

}  // namespace

bool Whitelist::parse(View text, Whitelist &out) {
    out.text_ = text;
    out.ranges_.clear();
    while (!text.empty()) {
        View one = text.substr(0, text.find(','));
        text.remove_prefix(std::min(text.size(), one.size() + 1));
        uint32_t address, bits = 32;
        if (!take_address(one, address) || (take(one, '/') && !take_number(one, 32, bits)) || !one.empty()) {
            return false;
        }
        uint32_t mask = bits == 0 ? 0 : ~uint32_t{0} << (32 - bits);
        out.ranges_.push_back({address & mask, address | ~mask});
    }
    return true;
}

bool Whitelist::has(uint32_t address) const {
    return std::any_of(ranges_.begin(), ranges_.end(),
                       [address](const Range &range) { return range.first <= address && address <= range.last; });
}

}  // namespace embedded
