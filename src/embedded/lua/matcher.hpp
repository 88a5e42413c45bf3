// SPDX-License-Identifier: Apache-2.0
// One pattern of Lua at work on one text.
#pragma once

#include "lua/api.hpp"
#include "value/value.hpp"

namespace embedded {

// Nothing here has a destructor: what is wrong with a pattern is raised as Lua's error.
class Matcher {
  public:
    Matcher(lua_State *lua, View text, View pattern)
        : lua_(lua), begin_(text.data()), end_(text.data() + text.size()),
          pattern_end_(pattern.data() + pattern.size()), pattern_(pattern.data()) {}

    // Where a match that begins at `at` ends; null: there is none.
    const char *match(const char *at);

    // How many captures a match has, the whole being one where there is none and `whole` is set.
    int captures(bool whole) const { return level_ == 0 && whole ? 1 : level_; }
    // Push a capture of the match from `from` to `to`.
    void push(int capture, const char *from, const char *to) const;
    int push_all(const char *from, const char *to, bool whole) const;

  private:
    static constexpr int kCapturesMost = 32, kDepthMost = 200, kStepsOfTurn = 1000;
    static constexpr ptrdiff_t kOpen = -1, kPosition = -2;

    struct Capture {
        const char *at;
        ptrdiff_t size;
    };

    const char *go(const char *at, const char *p);
    const char *special(const char *at, const char *&p, bool &again);
    const char *repeated(const char *at, const char *p, const char *after);
    const char *balanced(const char *at, const char *p);
    const char *reference(const char *at, char digit);
    const char *open(const char *at, const char *p, ptrdiff_t size);
    const char *close(const char *at, const char *p);
    bool at_frontier(const char *at, const char *set, const char *after);
    bool one(const char *at, const char *p, const char *after);
    const char *after_one(const char *p) const;
    void step(ptrdiff_t count = 1);  // what takes so many times as long as a character

    lua_State *lua_;
    const char *begin_, *end_, *pattern_end_, *pattern_;
    int level_ = 0, depth_ = 0;
    ptrdiff_t steps_ = 0;
    Capture captures_[kCapturesMost];
};

}  // namespace embedded
