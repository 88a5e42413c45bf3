// SPDX-License-Identifier: Apache-2.0
// What both kinds of regular expressions have of PCRE2: ownership, and a search that ends in time.
#pragma once

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <chrono>
#include <memory>
#include <new>

#include "value/value.hpp"

namespace embedded {

namespace pcre {

struct Release {
    void operator()(pcre2_compile_context *context) const { pcre2_compile_context_free(context); }
    void operator()(pcre2_match_context *context) const { pcre2_match_context_free(context); }
    void operator()(pcre2_match_data *data) const { pcre2_match_data_free(data); }
    void operator()(pcre2_code *code) const { pcre2_code_free(code); }
};

template <typename Thing>
using Owned = std::unique_ptr<Thing, Release>;

template <typename Thing>
Owned<Thing> owned(Thing *made) {
    if (made == nullptr) {
        throw std::bad_alloc();
    }
    return Owned<Thing>(made);
}

inline PCRE2_SPTR units(View text) {
    return reinterpret_cast<PCRE2_SPTR>(text.data());
}

using Clock = std::chrono::steady_clock;

// PCRE2 counts tries from each place of the text anew, so that only time bounds a whole search. Needs AUTO_CALLOUT.
inline int stop_in_time(pcre2_callout_block *, void *deadline) {
    return Clock::now() < *static_cast<const Clock::time_point *>(deadline) ? 0 : PCRE2_ERROR_MATCHLIMIT;
}

// Bounds of one search: tries from a place, depth, memory, and the time at which it stops, which must outlive it.
inline Owned<pcre2_match_context> bounds(const Clock::time_point &deadline) {
    constexpr uint32_t kTriesMost = 10'000'000, kDepthMost = 1'000'000, kKibibytesMost = 64 * 1024;
    auto context = owned(pcre2_match_context_create(nullptr));
    pcre2_set_match_limit(context.get(), kTriesMost);
    pcre2_set_depth_limit(context.get(), kDepthMost);
    pcre2_set_heap_limit(context.get(), kKibibytesMost);
    pcre2_set_callout(context.get(), stop_in_time, const_cast<Clock::time_point *>(&deadline));
    return context;
}

}  // namespace pcre

}  // namespace embedded
