// SPDX-License-Identifier: Apache-2.0
// POSIX regular expressions over bytes, whatever the program's locale.
#pragma once

#include <regex.h>

#include "value/value.hpp"

namespace embedded {

class Pattern {
  public:
    // The wire's options: 1 extended, 2 ignore case, 4 newlines count. Servers take no notice of 8, which clients call
    // so.
    Pattern(View pattern, int64_t options);
    ~Pattern();
    Pattern(const Pattern &) = delete;
    Pattern &operator=(const Pattern &) = delete;

    bool is_valid() const { return valid_; }
    bool matches(const Bytes &text) const;  // somewhere in it

  private:
    regex_t compiled_;
    bool valid_ = false;
};

}  // namespace embedded
