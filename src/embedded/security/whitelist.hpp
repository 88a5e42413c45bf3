// SPDX-License-Identifier: Apache-2.0
// Addresses that a role's users may connect from.
#pragma once

#include <vector>

#include "value/value.hpp"

namespace embedded {

class Whitelist {
  public:
    // "10.1.2.3,10.2.0.0/16". False: one of them is no address of IPv4, nor a range.
    static bool parse(View text, Whitelist &out);

    bool empty() const { return ranges_.empty(); }
    bool has(uint32_t address) const;
    const Bytes &text() const { return text_; }  // as it was given

  private:
    struct Range {
        uint32_t first, last;
    };

    Bytes text_;
    std::vector<Range> ranges_;
};

}  // namespace embedded
