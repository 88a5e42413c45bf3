// SPDX-License-Identifier: Apache-2.0
// POSIX regular expressions over bytes, as the C library reads them in the C locale. Patterns come from anywhere: the C
// library says whether one is well-formed, and PCRE2, to whose form it is brought, looks for it, because that can be
// bounded in time and memory.
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
