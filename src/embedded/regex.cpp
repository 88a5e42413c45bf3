// SPDX-License-Identifier: Apache-2.0
#include "regex.hpp"

#include <algorithm>

namespace embedded {

namespace regex {

namespace {

constexpr size_t kStepsMost = 20'000'000;
constexpr size_t kStackMost = 1 << 20;

bool is_line_end(char32_t point, int64_t flags) {
    if ((flags & unix_lines) != 0) {
        return point == '\n';
    }
    return (point >= '\n' && point <= '\r') || point == 0x85 || point == 0x2028 || point == 0x2029;
}

bool is_word(char32_t point) {
    constexpr uint32_t kWord = 1u << int(Category::Lu) | 1u << int(Category::Ll) | 1u << int(Category::Lt) |
                               1u << int(Category::Lm) | 1u << int(Category::Lo) | 1u << int(Category::Mn) |
                               1u << int(Category::Mc) | 1u << int(Category::Me) | 1u << int(Category::Nd) |
                               1u << int(Category::Nl) | 1u << int(Category::Pc);
    return (kWord >> int(category_of(point)) & 1) != 0;
}

// Runs a program by trying one way after the other; what is still to be tried stands on a stack of its own.
class Machine {
  public:
    Machine(const Program &program, const Points &text, std::vector<size_t> &slots)
        : program_(program), text_(text), slots_(slots) {}

    bool run(size_t at, size_t position, size_t &end);
    bool is_exhausted() const { return exhausted_; }

  private:
    // A way not taken yet, or (slot given) what a slot held before.
    struct Choice {
        size_t at, position, slot;
    };

    bool step(const Instruction &now, size_t &at, size_t &position);
    bool advance(const Instruction &now, size_t &at, size_t &position);
    bool back_reference(const Instruction &now, size_t &at, size_t &position);
    bool look(const Instruction &now, size_t &at, size_t position);
    bool look_from(const Instruction &now, size_t at, size_t position);
    bool atomic(const Instruction &now, size_t &at, size_t &position);
    bool inner(size_t at, size_t position, size_t &end);
    bool holds(const Instruction &now, size_t position) const;
    bool take_choice(size_t base, size_t &at, size_t &position);
    void set_slot(size_t slot, size_t value);

    bool line_begins(size_t position, int64_t flags) const;
    bool line_ends(size_t position, int64_t flags) const;
    bool is_last_line_end(size_t position, int64_t flags) const;
    bool is_word_edge(size_t position) const;

    const Program &program_;
    const Points &text_;
    std::vector<size_t> &slots_;
    std::vector<Choice> choices_;
    size_t steps_ = 0;
    bool exhausted_ = false;
};

void Machine::set_slot(size_t slot, size_t value) {
    choices_.push_back({0, slots_[slot], slot});
    slots_[slot] = value;
}

bool Machine::take_choice(size_t base, size_t &at, size_t &position) {
    while (choices_.size() > base) {
        Choice choice = choices_.back();
        choices_.pop_back();
        if (choice.slot == kNone) {
            at = choice.at;
            position = choice.position;
            return true;
        }
        slots_[choice.slot] = choice.position;
    }
    return false;
}

bool Machine::run(size_t at, size_t position, size_t &end) {
    size_t base = choices_.size();
    for (;;) {
        if (++steps_ > kStepsMost || choices_.size() > kStackMost) {
            exhausted_ = true;
            return false;
        }
        const Instruction &now = program_.instructions[at];
        if (now.code == Code::done) {
            end = position;
            return true;
        }
        if (!step(now, at, position) && (exhausted_ || !take_choice(base, at, position))) {
            return false;
        }
    }
}

bool Machine::step(const Instruction &now, size_t &at, size_t &position) {
    switch (now.code) {
    case Code::character:
    case Code::set:
        return advance(now, at, position);
    case Code::split:
        choices_.push_back({now.b, position, kNone});
        at = now.a;
        return true;
    case Code::jump:
        at = now.a;
        return true;
    case Code::save:
        set_slot(now.a, position);
        at++;
        return true;
    case Code::back_reference:
        return back_reference(now, at, position);
    case Code::look:
        return look(now, at, position);
    case Code::atomic:
        return atomic(now, at, position);
    default:
        at++;
        return holds(now, position);
    }
}

bool Machine::advance(const Instruction &now, size_t &at, size_t &position) {
    if (position == text_.size()) {
        return false;
    }
    char32_t point = text_[position];
    bool ignores = (now.flags & ignore_case) != 0;
    bool fits = false;
    if (now.code == Code::character) {
        fits = (ignores ? folded(point) : point) == now.point;
    } else {
        const Set &set = program_.sets[now.a];
        fits = set.has(point);
        if (!fits && ignores) {
            Points lower = lower_case(Points(1, point)), upper = upper_case(Points(1, point));
            fits = set.has(folded(point)) || (lower.size() == 1 && set.has(lower[0])) ||
                   (upper.size() == 1 && set.has(upper[0]));
        }
    }
    at++;
    position++;
    return fits;
}

bool Machine::back_reference(const Instruction &now, size_t &at, size_t &position) {
    size_t begin = slots_[2 * now.a], end = slots_[2 * now.a + 1];
    if (begin == kNone || end == kNone || end - begin > text_.size() - position) {
        return false;
    }
    for (; begin < end; begin++, position++) {
        char32_t a = text_[begin], b = text_[position];
        if (a != b && ((now.flags & ignore_case) == 0 || folded(a) != folded(b))) {
            return false;
        }
    }
    at++;
    return true;
}

// Something that succeeds or fails as a whole: once it has succeeded, its other ways are not tried.
bool Machine::inner(size_t at, size_t position, size_t &end) {
    size_t base = choices_.size();
    bool found = run(at, position, end);
    auto forgotten = [](const Choice &choice) { return choice.slot == kNone; };
    auto first = choices_.begin() + static_cast<std::ptrdiff_t>(base);
    choices_.erase(std::remove_if(first, choices_.end(), forgotten), choices_.end());
    return found;
}

bool Machine::atomic(const Instruction &now, size_t &at, size_t &position) {
    size_t begin = at + 1;
    at = now.b;
    return inner(begin, position, position);
}

bool Machine::look_from(const Instruction &now, size_t at, size_t position) {
    size_t end;
    if ((now.a & behind) == 0) {
        return inner(at, position, end);
    }
    for (size_t span = now.least; span <= now.most && span <= position; span++) {
        if (inner(at, position - span, end)) {
            return true;
        }
    }
    return false;
}

// A look behind begins by saving where it must end.
bool Machine::look(const Instruction &now, size_t &at, size_t position) {
    size_t base = choices_.size();
    if ((now.a & behind) != 0) {
        set_slot(now.point, position);
    }
    bool found = look_from(now, at + 1, position);
    bool wanted = (now.a & negative) == 0;
    if (!found || !wanted) {
        size_t ignored;
        while (take_choice(base, ignored, ignored)) {
        }
    }
    at = now.b;
    return found == wanted;
}

bool Machine::holds(const Instruction &now, size_t position) const {
    switch (now.code) {
    case Code::progress:
        return slots_[now.a] != position;
    case Code::at_slot:
        return slots_[now.a] == position;
    case Code::line_begin:
        return line_begins(position, now.flags);
    case Code::line_end:
        return line_ends(position, now.flags);
    case Code::text_begin:
        return position == 0;
    case Code::text_end:
        return position == text_.size();
    case Code::text_end_or_last_line:
        return position == text_.size() || is_last_line_end(position, now.flags);
    case Code::word_edge:
        return is_word_edge(position);
    default:
        return !is_word_edge(position);
    }
}

bool Machine::line_begins(size_t position, int64_t flags) const {
    if (position == 0) {
        return true;
    }
    bool inside_pair = position < text_.size() && text_[position] == '\n' && text_[position - 1] == '\r';
    return position < text_.size() && is_line_end(text_[position - 1], flags) && !inside_pair;
}

bool Machine::line_ends(size_t position, int64_t flags) const {
    if (position == text_.size()) {
        return true;
    }
    bool inside_pair = position > 0 && text_[position] == '\n' && text_[position - 1] == '\r';
    return is_line_end(text_[position], flags) && !inside_pair;
}

bool Machine::is_last_line_end(size_t position, int64_t flags) const {
    size_t left = text_.size() - position;
    bool pair = left == 2 && text_[position] == '\r' && text_[position + 1] == '\n' && (flags & unix_lines) == 0;
    return pair || (left == 1 && line_ends(position, flags));
}

bool Machine::is_word_edge(size_t position) const {
    bool before = position > 0 && is_word(text_[position - 1]);
    bool after = position < text_.size() && is_word(text_[position]);
    return before != after;
}

}  // namespace

bool Set::has(char32_t point) const {
    bool found = (categories >> int(category_of(point)) & 1) != 0;
    found = found || std::any_of(ranges.begin(), ranges.end(),
                                 [point](const Range &r) { return point >= r.first && point <= r.last; });
    auto has_point = [point](const Set &set) { return set.has(point); };
    found = found || std::any_of(parts.begin(), parts.end(), has_point);
    found = found && std::all_of(within.begin(), within.end(), has_point);
    found = found && std::none_of(without.begin(), without.end(), has_point);
    return found != negated;
}

char32_t folded(char32_t point) {
    constexpr char32_t kAsciiEnd = 0x80;
    if (point < kAsciiEnd) {
        return point >= 'A' && point <= 'Z' ? point + ('a' - 'A') : point;
    }
    Points made = folded_case(Points(1, point));
    return made.size() == 1 ? made[0] : point;
}

Result search(const Program &program, const Points &text, size_t from, std::vector<size_t> &slots) {
    slots.assign(program.slots, kNone);
    Machine machine(program, text, slots);
    for (size_t begin = from; begin <= text.size(); begin++) {
        size_t end;
        if (machine.run(0, begin, end)) {
            slots[0] = begin;
            slots[1] = end;
            return Result::yes;
        }
        if (machine.is_exhausted()) {
            return Result::exhausted;
        }
    }
    return Result::no;
}

}  // namespace regex

}  // namespace embedded
