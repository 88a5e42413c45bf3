// SPDX-License-Identifier: Apache-2.0
#include "text/pattern.hpp"

#include "text/posix.hpp"

namespace embedded {

namespace {

constexpr size_t kMaxPattern = 4096;  // PCRE2 recurses along it
constexpr std::chrono::milliseconds kTimeMost{500};

}  // namespace

Pattern::Pattern(View pattern, int64_t options) {
    Bytes text(pattern.substr(0, pattern.find('\0')));
    PosixOptions posix{(options & 1) != 0, (options & 2) != 0, (options & 4) != 0};
    if (text.size() > kMaxPattern) {
        return;
    }
    std::optional<Bytes> form = pcre_of_posix(text, posix);
    if (!form) {
        return;
    }
    auto context = pcre::owned(pcre2_compile_context_create(nullptr));
    pcre2_set_parens_nest_limit(context.get(), kMaxPattern);
    uint32_t flags = PCRE2_AUTO_CALLOUT;
    flags |= posix.ignore_case ? PCRE2_CASELESS : 0;
    int error;
    size_t place;
    code_.reset(pcre2_compile(pcre::units(*form), form->size(), flags, &error, &place, context.get()));
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
