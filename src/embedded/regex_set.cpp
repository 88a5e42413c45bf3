// SPDX-License-Identifier: Apache-2.0
#include "regex_set.hpp"

#include <algorithm>
#include <iterator>

namespace embedded {

namespace regex {

namespace {

constexpr char32_t kPointMost = 0x10ffff;
constexpr int kDepthMost = 64;  // sets within sets

template <typename... Categories>
constexpr uint32_t mask(Categories... categories) {
    return ((1u << int(categories)) | ...);
}

using C = Category;

// ---- by name, as in \p{…} and [:…:] ----

struct Property {
    const char *name;
    uint32_t categories;
    std::vector<Range> ranges;
};

const std::vector<Property> &properties() {
    constexpr uint32_t kLetters = mask(C::Lu, C::Ll, C::Lt, C::Lm, C::Lo), kMarks = mask(C::Mn, C::Mc, C::Me);
    constexpr uint32_t kNumbers = mask(C::Nd, C::Nl, C::No), kSeparators = mask(C::Zs, C::Zl, C::Zp);
    constexpr uint32_t kPunctuation = mask(C::Pc, C::Pd, C::Ps, C::Pe, C::Pi, C::Pf, C::Po);
    constexpr uint32_t kSymbols = mask(C::Sm, C::Sc, C::Sk, C::So);
    // never destroyed: threads may outlive static objects
    static const auto &table = *new std::vector<Property>{
        {"l", kLetters, {}},
        {"letter", kLetters, {}},
        {"lc", mask(C::Lu, C::Ll, C::Lt), {}},
        {"lu", mask(C::Lu), {}},
        {"ll", mask(C::Ll), {}},
        {"lt", mask(C::Lt), {}},
        {"lm", mask(C::Lm), {}},
        {"lo", mask(C::Lo), {}},
        {"m", kMarks, {}},
        {"mark", kMarks, {}},
        {"mn", mask(C::Mn), {}},
        {"mc", mask(C::Mc), {}},
        {"me", mask(C::Me), {}},
        {"n", kNumbers, {}},
        {"number", kNumbers, {}},
        {"nd", mask(C::Nd), {}},
        {"nl", mask(C::Nl), {}},
        {"no", mask(C::No), {}},
        {"p", kPunctuation, {}},
        {"punctuation", kPunctuation, {}},
        {"punct", kPunctuation, {}},
        {"pc", mask(C::Pc), {}},
        {"pd", mask(C::Pd), {}},
        {"ps", mask(C::Ps), {}},
        {"pe", mask(C::Pe), {}},
        {"pi", mask(C::Pi), {}},
        {"pf", mask(C::Pf), {}},
        {"po", mask(C::Po), {}},
        {"s", kSymbols, {}},
        {"symbol", kSymbols, {}},
        {"sm", mask(C::Sm), {}},
        {"sc", mask(C::Sc), {}},
        {"sk", mask(C::Sk), {}},
        {"so", mask(C::So), {}},
        {"z", kSeparators, {}},
        {"separator", kSeparators, {}},
        {"zs", mask(C::Zs), {}},
        {"zl", mask(C::Zl), {}},
        {"zp", mask(C::Zp), {}},
        {"c", mask(C::Cc, C::Cf, C::Cn, C::Co, C::Cs), {}},
        {"cc", mask(C::Cc), {}},
        {"cntrl", mask(C::Cc), {}},
        {"cf", mask(C::Cf), {}},
        {"cn", mask(C::Cn), {}},
        {"co", mask(C::Co), {}},
        {"alphabetic", kLetters | mask(C::Nl), {}},
        {"alpha", kLetters | mask(C::Nl), {}},
        {"uppercase", mask(C::Lu), {{0x2160, 0x216f}, {0x24b6, 0x24cf}}},
        {"upper", mask(C::Lu), {{0x2160, 0x216f}, {0x24b6, 0x24cf}}},
        {"lowercase", mask(C::Ll), {{0xaa, 0xaa}, {0xba, 0xba}, {0x2170, 0x217f}, {0x24d0, 0x24e9}}},
        {"lower", mask(C::Ll), {{0xaa, 0xaa}, {0xba, 0xba}, {0x2170, 0x217f}, {0x24d0, 0x24e9}}},
        {"digit", mask(C::Nd), {}},
        {"xdigit", mask(C::Nd), {{'A', 'F'}, {'a', 'f'}, {0xff21, 0xff26}, {0xff41, 0xff46}}},
        {"alnum", kLetters | mask(C::Nl, C::Nd), {}},
        {"whitespace", kSeparators, {{0x9, 0xd}, {0x85, 0x85}}},
        {"space", kSeparators, {{0x9, 0xd}, {0x85, 0x85}}},
        {"blank", mask(C::Zs), {{0x9, 0x9}}},
        {"word", kLetters | kMarks | mask(C::Nd, C::Nl, C::Pc), {{0x200c, 0x200d}}},
        {"ascii", 0, {{0, 0x7f}}},
        {"any", 0, {{0, kPointMost}}},
        {"assigned", ~mask(C::Cn), {}},
        {"graph", ~(kSeparators | mask(C::Cc, C::Cs, C::Cn)), {}},
        {"print", ~(mask(C::Zl, C::Zp, C::Cc, C::Cs, C::Cn)), {}},
    };
    return table;
}

// Names do not care for case, spaces, hyphens and underscores; they may say whose value they are.
bool find_property(const Points &text, Set &set) {
    std::string name;
    for (char32_t point : text) {
        if (point == '=' || point == ':') {
            if (name != "gc" && name != "generalcategory") {
                return false;
            }
            name.clear();
        } else if (point != ' ' && point != '-' && point != '_') {
            name += static_cast<char>(point < 0x80 ? folded(point) : '?');
        }
    }
    for (const Property &property : properties()) {
        if (name == property.name) {
            set.categories |= property.categories;
            set.ranges.insert(set.ranges.end(), property.ranges.begin(), property.ranges.end());
            return true;
        }
    }
    return false;
}

// Up to the end of a name in braces or brackets.
bool take_name(Source &source, const char32_t *end, Points &name) {
    size_t found = source.pattern.find(end, source.at);
    if (found == Points::npos) {
        return false;
    }
    name = source.pattern.substr(source.at, found - source.at);
    source.at = found + Points(end).size();
    return true;
}

bool parse_property(Source &source, Set &set) {
    Points name;
    if (source.take('{')) {
        if (!take_name(source, U"}", name)) {
            return false;
        }
    } else if (!source.ended()) {
        name = source.pattern.substr(source.at++, 1);
    }
    if (!name.empty() && name[0] == '^') {
        set.negated = !set.negated;
        name.erase(0, 1);
    }
    return find_property(name, set);
}

int digit_of(char32_t point, int base) {
    char32_t low = folded(point);
    int value = low >= '0' && low <= '9' ? int(low - '0') : low >= 'a' && low <= 'f' ? int(low - 'a') + 10 : base;
    return value < base ? value : -1;
}

// Digits of a code point. False: fewer than `least`, or no code point.
bool take_number(Source &source, int base, size_t least, size_t most, char32_t &point) {
    size_t count = 0;
    point = 0;
    for (; count < most && !source.ended() && digit_of(source.peek(), base) >= 0; count++) {
        point = point * char32_t(base) + char32_t(digit_of(source.pattern[source.at++], base));
    }
    return count >= least && point <= kPointMost;
}

bool take_hexadecimal(Source &source, char32_t &point) {
    if (source.take('{')) {
        return take_number(source, 16, 1, 6, point) && source.take('}');
    }
    return take_number(source, 16, 2, 2, point);
}

bool parse_set_at(Source &source, Set &set, int depth);

// One character, or a class, of what stands between brackets. `point` is set for the former.
bool parse_member(Source &source, Set &set, std::optional<char32_t> &point) {
    point.reset();
    if (!source.take('\\')) {
        point = source.pattern[source.at++];
        return true;
    }
    Set escaped;
    std::optional<bool> is_class = parse_class(source, escaped);
    if (!is_class) {
        return false;
    }
    if (*is_class) {
        set.parts.push_back(std::move(escaped));
        return true;
    }
    char32_t made;
    if (!parse_character(source, made)) {
        return false;
    }
    point = made;
    return true;
}

// A member and, where a hyphen follows it, the end of the range that it begins.
bool parse_range(Source &source, Set &set) {
    std::optional<char32_t> first, last;
    if (!parse_member(source, set, first)) {
        return false;
    }
    bool ranges = source.peek() == '-' && source.peek(1) != ']' && source.peek(1) != '[' && source.peek(1) != '-';
    if (!first || !ranges) {
        if (first) {
            set.ranges.push_back({*first, *first});
        }
        return true;
    }
    source.at++;
    if (source.ended() || !parse_member(source, set, last) || !last || *last < *first) {
        return false;
    }
    set.ranges.push_back({*first, *last});
    return true;
}

// [:alpha:] or [:^alpha:], the opening bracket and colon taken.
bool parse_named(Source &source, Set &set) {
    Points name;
    Set named;
    if (!take_name(source, U":]", name)) {
        return false;
    }
    if (!name.empty() && name[0] == '^') {
        named.negated = true;
        name.erase(0, 1);
    }
    bool known = find_property(name, named);
    set.parts.push_back(std::move(named));
    return known;
}

// The set that follows && or --: a bracketed one, or the rest of this one.
bool parse_operand(Source &source, Set &operand, int depth) {
    if (source.take('[')) {
        return parse_set_at(source, operand, depth);
    }
    while (!source.ended() && source.peek() != ']' && source.peek() != '&') {
        if (!parse_range(source, operand)) {
            return false;
        }
    }
    return !source.ended();
}

bool parse_set_at(Source &source, Set &set, int depth) {
    if (depth > kDepthMost) {
        return false;
    }
    set.negated = source.take('^');
    for (bool first = true; !source.ended(); first = false) {
        if (!first && source.take(']')) {
            return true;
        }
        bool good = true;
        if (source.take(U"[:")) {
            good = parse_named(source, set);
        } else if (source.take('[')) {
            good = parse_set_at(source, set.parts.emplace_back(), depth + 1);
        } else if (source.take(U"&&")) {
            good = parse_operand(source, set.within.emplace_back(), depth + 1);
        } else if (source.take(U"--") || (source.peek() == '-' && source.peek(1) == '[' && source.take('-'))) {
            good = parse_operand(source, set.without.emplace_back(), depth + 1);
        } else {
            good = parse_range(source, set);
        }
        if (!good) {
            return false;
        }
    }
    return false;
}

// What a letter alone stands for; its capital stands for everything else.
bool find_letter(char32_t letter, Set &set) {
    switch (folded(letter)) {
    case 'd':
        return find_property(U"nd", set);
    case 'w':
        return find_property(U"word", set);
    case 's':
        set.ranges = {{'\t', '\n'}, {'\f', '\r'}};
        return find_property(U"z", set);
    case 'h':
        set.ranges = {{'\t', '\t'}};
        return find_property(U"zs", set);
    case 'v':
        set.ranges = {{'\n', '\r'}, {0x85, 0x85}, {0x2028, 0x2029}};
        return true;
    default:
        return false;
    }
}

}  // namespace

std::optional<bool> parse_class(Source &source, Set &set) {
    char32_t letter = source.peek();
    bool capital = letter >= 'A' && letter <= 'Z';
    if (folded(letter) == 'p') {
        source.at++;
        set.negated = capital;
        if (!parse_property(source, set)) {
            return {};
        }
        return true;
    }
    if (!find_letter(letter, set)) {
        return false;
    }
    source.at++;
    set.negated = capital;
    return true;
}

bool parse_character(Source &source, char32_t &point) {
    constexpr struct {
        char32_t letter, point;
    } kLetters[] = {{'a', 7}, {'e', 0x1b}, {'f', '\f'}, {'n', '\n'}, {'r', '\r'}, {'t', '\t'}};
    if (source.ended()) {
        return false;
    }
    char32_t letter = source.pattern[source.at++];
    for (const auto &row : kLetters) {
        if (row.letter == letter) {
            point = row.point;
            return true;
        }
    }
    switch (letter) {
    case '0':
        return take_number(source, 8, 1, 3, point);
    case 'x':
        return take_hexadecimal(source, point);
    case 'u':
        return take_number(source, 16, 4, 4, point);
    case 'U':
        return take_number(source, 16, 8, 8, point);
    case 'c':
        point = source.ended() ? 0 : source.pattern[source.at++] & 0x1f;
        return true;
    default:
        point = letter;
        bool is_letter = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
        return !is_letter && !(letter >= '1' && letter <= '9');
    }
}

bool parse_set(Source &source, Set &set) {
    return parse_set_at(source, set, 0);
}

Set all_but_line_ends(int64_t flags) {
    Set set;
    set.negated = true;
    if ((flags & dot_all) != 0) {
        return set;
    }
    set.ranges = {{'\n', '\n'}};
    if ((flags & unix_lines) == 0) {
        set.ranges = {{'\n', '\r'}, {0x85, 0x85}, {0x2028, 0x2029}};
    }
    return set;
}

Set single(char32_t point) {
    Set set;
    set.ranges = {{point, point}};
    return set;
}

}  // namespace regex

}  // namespace embedded
