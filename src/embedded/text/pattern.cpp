// SPDX-License-Identifier: Apache-2.0
#include "text/pattern.hpp"

#include <locale.h>
#ifdef __APPLE__
#include <xlocale.h>
#endif

#include <algorithm>
#include <cstdlib>

namespace embedded {

namespace {

// A server runs in the C locale, where a byte is a character; the program around us may have set another.
class CLocale {
  public:
    CLocale() : former_(uselocale(c_locale())) {}
    ~CLocale() { uselocale(former_); }

  private:
    static locale_t c_locale() {
        static const locale_t locale = newlocale(LC_ALL_MASK, "C", nullptr);
        return locale;
    }

    locale_t former_;
};

// The C library's compiler recurses along the pattern and copies what is repeated, so both are bounded here.
constexpr size_t kMaxPattern = 4096;
constexpr size_t kMaxRepeated = 1 << 16;

bool is_affordable(const Bytes &pattern) {
    if (pattern.size() > kMaxPattern) {
        return false;
    }
    size_t total = pattern.size();
    for (size_t brace = pattern.find('{'); brace != Bytes::npos; brace = pattern.find('{', brace + 1)) {
        char *end;
        size_t bound = std::strtoul(pattern.c_str() + brace + 1, &end, 10);
        if (*end == ',') {
            bound = std::max<size_t>(bound, std::strtoul(end + 1, nullptr, 10));
        }
        if (bound > kMaxRepeated) {
            return false;
        }
        total *= std::max<size_t>(bound, 1);
        if (total > kMaxRepeated) {
            return false;
        }
    }
    return true;
}

}  // namespace

Pattern::Pattern(View pattern, int64_t options) {
    Bytes text(pattern);
    if (!is_affordable(text)) {
        return;
    }
    int flags = REG_NOSUB;
    if (options & 1) {
        flags |= REG_EXTENDED;
    }
    if (options & 2) {
        flags |= REG_ICASE;
    }
    if (options & 4) {
        flags |= REG_NEWLINE;
    }
    CLocale locale;
    valid_ = regcomp(&compiled_, text.c_str(), flags) == 0;
}

Pattern::~Pattern() {
    if (valid_) {
        regfree(&compiled_);
    }
}

bool Pattern::matches(const Bytes &text) const {
    CLocale locale;
    return regexec(&compiled_, text.c_str(), 0, nullptr, 0) == 0;
}

}  // namespace embedded
