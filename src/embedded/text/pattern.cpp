// SPDX-License-Identifier: Apache-2.0
#include "text/pattern.hpp"

#include <locale.h>
#include <regex.h>
#ifdef __APPLE__
#include <xlocale.h>
#endif

#include <algorithm>
#include <cstdlib>

#include "text/posix.hpp"

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

// Both compilers recurse along the pattern and copy what is repeated, so both are bounded here.
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

// Does the C library take it?
bool is_well_formed(const Bytes &pattern, bool extended) {
    CLocale locale;
    regex_t compiled;
    bool good = regcomp(&compiled, pattern.c_str(), REG_NOSUB | (extended ? REG_EXTENDED : 0)) == 0;
    if (good) {
        regfree(&compiled);
    }
    return good;
}

constexpr std::chrono::milliseconds kTimeMost{500};

}  // namespace

Pattern::Pattern(View pattern, int64_t options) {
    Bytes text(pattern.substr(0, pattern.find('\0')));
    PosixOptions posix{(options & 1) != 0, (options & 4) != 0};
    if (!is_affordable(text) || !is_well_formed(text, posix.extended)) {
        return;
    }
    auto context = pcre::owned(pcre2_compile_context_create(nullptr));
    pcre2_set_parens_nest_limit(context.get(), kMaxPattern);
    uint32_t flags = PCRE2_AUTO_CALLOUT;
    flags |= (options & 2) != 0 ? PCRE2_CASELESS : 0;
    Bytes form = pcre_of_posix(text, posix);
    int error;
    size_t place;
    code_.reset(pcre2_compile(pcre::units(form), form.size(), flags, &error, &place, context.get()));
}

std::optional<bool> Pattern::matches(const Bytes &text) const {
    View bytes = View(text).substr(0, text.find('\0'));  // as C has it
    auto deadline = pcre::Clock::now() + kTimeMost;
    auto context = pcre::bounds(deadline);
    auto match = pcre::owned(pcre2_match_data_create(1, nullptr));
    int result = pcre2_match(code_.get(), pcre::units(bytes), bytes.size(), 0, 0, match.get(), context.get());
    if (result < 0 && result != PCRE2_ERROR_NOMATCH) {
        return std::nullopt;
    }
    return result >= 0;
}

}  // namespace embedded
