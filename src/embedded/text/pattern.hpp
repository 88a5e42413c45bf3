// SPDX-License-Identifier: Apache-2.0
// POSIX regular expressions over bytes, as glibc reads them in the C locale, where a byte is a character. Patterns come
// from anywhere, and regcomp() takes gigabytes or hours for some short ones: they are brought to the form of PCRE2,
// which can be bounded in time and memory.
#pragma once

#include <optional>

#include "text/pcre.hpp"

namespace embedded {

class Pattern {
  public:
    // The wire's options: 1 extended, 2 ignore case, 4 newlines count. Servers take no notice of 8, which clients call
    // so.
    Pattern(View pattern, int64_t options);

    bool is_valid() const { return code_ != nullptr; }
    // Somewhere in it; nullopt: there is more to try than anyone waits for.
    std::optional<bool> matches(const Bytes &text) const;

  private:
    pcre::Owned<pcre2_code> code_;
};

}  // namespace embedded
