// SPDX-License-Identifier: Apache-2.0
#include "lua/matcher.hpp"

#include <cctype>
#include <cstring>

#include "lua/state.hpp"

namespace embedded {

namespace {

constexpr char kEscape = '%';

int lower(char letter) {
    return std::tolower(static_cast<unsigned char>(letter));
}

bool is_in_class(int c, char name) {
    bool in;
    switch (lower(name)) {
    case 'a':
        in = std::isalpha(c) != 0;
        break;
    case 'c':
        in = std::iscntrl(c) != 0;
        break;
    case 'd':
        in = std::isdigit(c) != 0;
        break;
    case 'g':
        in = std::isgraph(c) != 0;
        break;
    case 'l':
        in = std::islower(c) != 0;
        break;
    case 'p':
        in = std::ispunct(c) != 0;
        break;
    case 's':
        in = std::isspace(c) != 0;
        break;
    case 'u':
        in = std::isupper(c) != 0;
        break;
    case 'w':
        in = std::isalnum(c) != 0;
        break;
    case 'x':
        in = std::isxdigit(c) != 0;
        break;
    case 'z':
        in = c == 0;
        break;
    default:
        return static_cast<unsigned char>(name) == c;
    }
    return std::isupper(static_cast<unsigned char>(name)) != 0 ? !in : in;
}

// Is a character in the set that begins at a bracket and ends before `after`?
bool is_in_set(int c, const char *set, const char *after) {
    const char *last = after - 1;
    bool wanted = set[1] != '^';
    for (const char *p = set + (wanted ? 1 : 2); p < last; p++) {
        if (*p == kEscape) {
            p++;
            if (is_in_class(c, *p)) {
                return wanted;
            }
        } else if (p[1] == '-' && p + 2 < last) {
            if (static_cast<unsigned char>(*p) <= c && c <= static_cast<unsigned char>(p[2])) {
                return wanted;
            }
            p += 2;
        } else if (static_cast<unsigned char>(*p) == c) {
            return wanted;
        }
    }
    return !wanted;
}

}  // namespace

void Matcher::step(ptrdiff_t count) {
    steps_ += count;
    if (steps_ >= kStepsOfTurn) {
        ScriptState::of(lua_).spend(lua_, steps_);
        steps_ = 0;
    }
}

const char *Matcher::match(const char *at) {
    level_ = depth_ = 0;
    return go(at, pattern_);
}

// The end of what stands for one character.
const char *Matcher::after_one(const char *p) const {
    char first = *p++;
    if (first == kEscape) {
        if (p == pattern_end_) {
            luaL_error(lua_, "malformed pattern (ends with '%%')");
        }
        return p + 1;
    }
    if (first != '[') {
        return p;
    }
    p += p < pattern_end_ && *p == '^' ? 1 : 0;
    do {  // a bracket that closes is one of the set where it comes first
        if (p == pattern_end_) {
            luaL_error(lua_, "malformed pattern (missing ']')");
        }
        p += *p == kEscape && p + 1 < pattern_end_ ? 2 : 1;
    } while (p == pattern_end_ || *p != ']');
    return p + 1;
}

bool Matcher::one(const char *at, const char *p, const char *after) {
    if (at >= end_) {
        return false;
    }
    step(after - p);
    int c = static_cast<unsigned char>(*at);
    switch (*p) {
    case '.':
        return true;
    case kEscape:
        return is_in_class(c, p[1]);
    case '[':
        return is_in_set(c, p, after);
    default:
        return static_cast<unsigned char>(*p) == c;
    }
}

const char *Matcher::balanced(const char *at, const char *p) {
    if (pattern_end_ - p < 2) {
        luaL_error(lua_, "malformed pattern (missing arguments to '%%b')");
    }
    if (at == end_ || *at != p[0]) {
        return nullptr;
    }
    int within = 1;
    for (at++; at < end_; at++) {
        step();
        if (*at == p[1]) {
            if (--within == 0) {
                return at + 1;
            }
        } else if (*at == p[0]) {
            within++;
        }
    }
    return nullptr;
}

bool Matcher::at_frontier(const char *at, const char *set, const char *after) {
    step(after - set);
    int before = at == begin_ ? 0 : static_cast<unsigned char>(at[-1]);
    int here = at == end_ ? 0 : static_cast<unsigned char>(*at);
    return !is_in_set(before, set, after) && is_in_set(here, set, after);
}

const char *Matcher::reference(const char *at, char digit) {
    int which = digit - '1';
    if (which < 0 || which >= level_ || captures_[which].size == kOpen) {
        luaL_error(lua_, "invalid capture index %%%d", which + 1);
    }
    ptrdiff_t size = captures_[which].size;
    step(size >= 0 ? size : 0);
    bool same = size >= 0 && end_ - at >= size && std::memcmp(captures_[which].at, at, static_cast<size_t>(size)) == 0;
    return same ? at + size : nullptr;
}

const char *Matcher::open(const char *at, const char *p, ptrdiff_t size) {
    if (level_ >= kCapturesMost) {
        luaL_error(lua_, "too many captures");
    }
    captures_[level_++] = {at, size};
    const char *end = go(at, p);
    level_ -= end == nullptr ? 1 : 0;
    return end;
}

const char *Matcher::close(const char *at, const char *p) {
    int which = level_ - 1;
    while (which >= 0 && captures_[which].size != kOpen) {
        which--;
    }
    if (which < 0) {
        luaL_error(lua_, "invalid pattern capture");
    }
    captures_[which].size = at - captures_[which].at;
    const char *end = go(at, p);
    if (end == nullptr) {
        captures_[which].size = kOpen;
    }
    return end;
}

// What stands for a character, at `p`, with what is behind it, at `after`.
const char *Matcher::repeated(const char *at, const char *p, const char *after) {
    const char *rest = after + 1;
    if (*after == '?') {  // without it the caller goes on
        return one(at, p, after) ? go(at + 1, rest) : nullptr;
    }
    if (*after == '-') {
        for (;; at++) {
            const char *end = go(at, rest);
            if (end != nullptr || !one(at, p, after)) {
                return end;
            }
        }
    }
    const char *last = at;
    while (one(last, p, after)) {
        last++;
    }
    for (const char *least = *after == '+' ? at + 1 : at; last >= least; last--) {
        const char *end = go(last, rest);
        if (end != nullptr) {
            return end;
        }
    }
    return nullptr;
}

// A part that is no single character. `again`: the rest of the pattern, from `p`, goes on where the result is.
const char *Matcher::special(const char *at, const char *&p, bool &again) {
    char kind = p + 1 < pattern_end_ ? p[1] : '\0';
    again = true;
    if (kind == 'b') {
        const char *end = balanced(at, p + 2);
        p += 4;
        return end;
    }
    if (kind == 'f') {
        if (p + 2 == pattern_end_ || p[2] != '[') {
            luaL_error(lua_, "missing '[' after '%%f' in pattern");
        }
        const char *set = p + 2, *after = after_one(set);
        p = after;
        return at_frontier(at, set, after) ? at : nullptr;
    }
    if (std::isdigit(static_cast<unsigned char>(kind)) != 0) {
        p += 2;
        return reference(at, kind);
    }
    again = false;
    return nullptr;
}

const char *Matcher::go(const char *at, const char *p) {
    if (++depth_ > kDepthMost) {
        luaL_error(lua_, "pattern too complex");
    }
    const char *found = at;
    while (found != nullptr && p != pattern_end_) {
        step();
        at = found;
        if (*p == '(') {
            bool position = p + 1 < pattern_end_ && p[1] == ')';
            found = position ? open(at, p + 2, kPosition) : open(at, p + 1, kOpen);
            break;
        }
        if (*p == ')') {
            found = close(at, p + 1);
            break;
        }
        if (*p == '$' && p + 1 == pattern_end_) {
            found = at == end_ ? at : nullptr;
            break;
        }
        bool again = false;
        found = *p == kEscape ? special(at, p, again) : nullptr;
        if (again) {
            continue;
        }
        const char *after = after_one(p);
        if (after < pattern_end_ && std::strchr("?*+-", *after) != nullptr && *after != '\0') {
            found = repeated(at, p, after);
            if (*after != '?' || found != nullptr) {
                break;
            }
            found = at;
            p = after + 1;
            continue;
        }
        found = one(at, p, after) ? at + 1 : nullptr;
        p = after;
    }
    depth_--;
    return found;
}

void Matcher::push(int capture, const char *from, const char *to) const {
    if (capture >= level_) {
        if (capture != 0) {
            luaL_error(lua_, "invalid capture index %%%d", capture + 1);
        }
        lua_pushlstring(lua_, from, static_cast<size_t>(to - from));
        return;
    }
    const Capture &one = captures_[capture];
    if (one.size == kPosition) {
        lua_pushinteger(lua_, one.at - begin_ + 1);
    } else if (one.size == kOpen) {
        luaL_error(lua_, "unfinished capture");
    } else {
        lua_pushlstring(lua_, one.at, static_cast<size_t>(one.size));
    }
}

int Matcher::push_all(const char *from, const char *to, bool whole) const {
    int count = captures(whole);
    luaL_checkstack(lua_, count, "too many captures");
    for (int i = 0; i < count; i++) {
        push(i, from, to);
    }
    return count;
}

}  // namespace embedded
