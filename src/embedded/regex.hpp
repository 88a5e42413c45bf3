// SPDX-License-Identifier: Apache-2.0
// Regular expressions over code points, in the syntax of ICU (which is Java's): greedy, lazy and possessive
// quantifiers, groups (named, atomic, with flags), back references, looking ahead and behind, sets with operators,
// properties by general category. Not known: scripts and blocks, \X, \N{name}, word boundaries by dictionary.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <vector>

#include "unicode.hpp"

namespace embedded {

namespace regex {

enum Flag : int64_t { ignore_case = 1, multiline = 2, dot_all = 4, unix_lines = 8, comments = 1 << 16 };

constexpr size_t kNone = Points::npos;  // a group that took no part

struct Range {
    char32_t first, last;
};

// A character is in it when it is in any part, in all of `within` and in none of `without`.
struct Set {
    std::vector<Range> ranges;
    uint32_t categories = 0;  // a bit for each
    std::vector<Set> parts, within, without;
    bool negated = false;

    bool has(char32_t point) const;
};

enum class Code : uint8_t {
    character,  // the instruction's point
    set,  // number a
    split,  // try a, then b
    jump,  // to a
    save,  // the position in slot a
    progress,  // fails when the position is still that of slot a
    at_slot,  // fails when the position is not that of slot a
    back_reference,  // group a
    look,  // Look a; what is looked for follows and ends at b
    atomic,  // what follows ends at b
    line_begin,
    line_end,
    text_begin,
    text_end,
    text_end_or_last_line,
    word_edge,
    no_word_edge,
    done,
};

enum Look : uint32_t { behind = 1, negative = 2 };

struct Instruction {
    Code code;
    int64_t flags = 0;
    uint32_t a = 0, b = 0;
    char32_t point = 0;  // of a look behind: the slot for where it must end
    size_t least = 0, most = 0;  // of a look behind: how many characters it spans
};

struct Program {
    std::vector<Instruction> instructions;
    std::vector<Set> sets;
    size_t groups = 1;  // the first is the whole match
    size_t slots = 0;  // two for each group, and those of loops
    std::map<Points, size_t> names;
};

// Null: malformed, too large, or what is not known.
std::unique_ptr<Program> compile(const Points &pattern, int64_t flags);

enum class Result : uint8_t { no, yes, exhausted };

// The first match at or after `from`. Slot 2n is where group n begins, 2n + 1 where it ends.
Result search(const Program &program, const Points &text, size_t from, std::vector<size_t> &slots);

char32_t folded(char32_t point);

}  // namespace regex

}  // namespace embedded
