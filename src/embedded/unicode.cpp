// SPDX-License-Identifier: Apache-2.0
#include "unicode.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace embedded {

namespace {

// ---- tables: each sorted by the first code point ----

struct Run {  // of code points that change by the same amount
    char32_t first, last;
    int32_t step, delta;
};

struct Several {  // a code point that becomes two or three
    char32_t from, to[3];
};

struct Parts {
    char32_t whole, first, second;
    bool composes;
};

template <typename Value>
struct Range {
    char32_t first, last;
    Value value;
};

// The file has all of them; it gives the one whose macro is defined.
#define UPPER(...) {__VA_ARGS__},
constexpr Run kUpper[] = {
#include "unicode_tables.def"
};

#define UPPER_SEVERAL(from, a, b, c) {from, {a, b, c}},
constexpr Several kUpperSeveral[] = {
#include "unicode_tables.def"
};

#define LOWER(...) {__VA_ARGS__},
constexpr Run kLower[] = {
#include "unicode_tables.def"
};

#define LOWER_SEVERAL(from, a, b, c) {from, {a, b, c}},
constexpr Several kLowerSeveral[] = {
#include "unicode_tables.def"
};

#define FOLD(...) {__VA_ARGS__},
constexpr Run kFold[] = {
#include "unicode_tables.def"
};

#define FOLD_SEVERAL(from, a, b, c) {from, {a, b, c}},
constexpr Several kFoldSeveral[] = {
#include "unicode_tables.def"
};

#define CASED(first, last, value) {first, last, Case::value},
constexpr Range<Case> kCased[] = {
#include "unicode_tables.def"
};

#define CLASS(...) {__VA_ARGS__},
constexpr Range<uint8_t> kClasses[] = {
#include "unicode_tables.def"
};

#define PARTS(...) {__VA_ARGS__},
constexpr Parts kParts[] = {
#include "unicode_tables.def"
};

#define CATEGORY(first, last, value) {first, last, Category::value},
constexpr Range<Category> kCategories[] = {
#include "unicode_tables.def"
};

// The last row whose first code point is not beyond the one asked for.
template <typename Row, size_t size, typename First>
const Row *find_row(const Row (&table)[size], char32_t point, First first) {
    auto after = std::upper_bound(std::begin(table), std::end(table), point,
                                  [&](char32_t p, const Row &row) { return p < row.*first; });
    return after == std::begin(table) ? nullptr : after - 1;
}

template <typename Value, size_t size>
Value in_ranges(const Range<Value> (&table)[size], char32_t point, Value otherwise) {
    const auto *row = find_row(table, point, &Range<Value>::first);
    return row != nullptr && point <= row->last ? row->value : otherwise;
}

// ---- case ----

struct CaseTable {
    const Run *runs, *runs_end;
    const Several *several, *several_end;
};

constexpr CaseTable kToUpper{std::begin(kUpper), std::end(kUpper), std::begin(kUpperSeveral), std::end(kUpperSeveral)};
constexpr CaseTable kToLower{std::begin(kLower), std::end(kLower), std::begin(kLowerSeveral), std::end(kLowerSeveral)};
constexpr CaseTable kToFolded{std::begin(kFold), std::end(kFold), std::begin(kFoldSeveral), std::end(kFoldSeveral)};

void append_mapped(Points &out, char32_t point, const CaseTable &table) {
    const auto *run =
        std::upper_bound(table.runs, table.runs_end, point, [](char32_t p, const Run &row) { return p < row.first; });
    if (run != table.runs && point <= run[-1].last && (point - run[-1].first) % char32_t(run[-1].step) == 0) {
        out += char32_t(int32_t(point) + run[-1].delta);
        return;
    }
    const auto *row = std::lower_bound(table.several, table.several_end, point,
                                       [](const Several &entry, char32_t p) { return entry.from < p; });
    if (row == table.several_end || row->from != point) {
        out += point;
        return;
    }
    for (char32_t part : row->to) {
        if (part != 0) {
            out += part;
        }
    }
}

Points mapped(const Points &points, const CaseTable &table) {
    Points out;
    out.reserve(points.size());
    for (char32_t point : points) {
        append_mapped(out, point, table);
    }
    return out;
}

// What stands beside a letter without being one: marks, modifiers, apostrophes and the like.
bool is_case_ignorable(char32_t point) {
    switch (category_of(point)) {
    case Category::Mn:
    case Category::Me:
    case Category::Cf:
    case Category::Lm:
    case Category::Sk:
        return true;
    default:
        return point == '\'' || point == '.' || point == ':' || point == 0xb7 || point == 0x2019 || point == 0x2018;
    }
}

bool cased_beside(const Points &points, size_t at, int step) {
    for (at += size_t(step); at < points.size(); at += size_t(step)) {
        if (case_of(points[at]) != Case::none) {
            return true;
        }
        if (!is_case_ignorable(points[at])) {
            return false;
        }
    }
    return false;  // size_t wraps around before the first
}

// ---- normalization ----

constexpr char32_t kHangulFirst = 0xac00, kLeadFirst = 0x1100, kVowelFirst = 0x1161, kTailFirst = 0x11a7;
constexpr char32_t kLeads = 19, kVowels = 21, kTails = 28;

void append_decomposed(Points &out, char32_t point) {
    if (point >= kHangulFirst && point < kHangulFirst + kLeads * kVowels * kTails) {
        char32_t index = point - kHangulFirst;
        out += kLeadFirst + index / (kVowels * kTails);
        out += kVowelFirst + index / kTails % kVowels;
        if (index % kTails != 0) {
            out += kTailFirst + index % kTails;
        }
        return;
    }
    const Parts *row = find_row(kParts, point, &Parts::whole);
    if (row == nullptr || row->whole != point) {
        out += point;
        return;
    }
    append_decomposed(out, row->first);
    if (row->second != 0) {
        append_decomposed(out, row->second);
    }
}

// Marks between two characters of class 0 stand in the order of their classes.
void order_marks(Points &points) {
    for (auto begin = points.begin(); begin != points.end();) {
        if (combining_class(*begin) == 0) {
            ++begin;
            continue;
        }
        auto end = std::find_if(begin, points.end(), [](char32_t p) { return combining_class(p) == 0; });
        std::stable_sort(begin, end, [](char32_t a, char32_t b) { return combining_class(a) < combining_class(b); });
        begin = end;
    }
}

using Pair = std::pair<char32_t, char32_t>;

using Compositions = std::vector<std::pair<Pair, char32_t>>;

// What composes, by its parts.
Compositions *new_compositions() {
    auto *made = new Compositions;
    for (const Parts &row : kParts) {
        if (row.composes) {
            made->push_back({{row.first, row.second}, row.whole});
        }
    }
    std::sort(made->begin(), made->end());
    return made;
}

char32_t composition(char32_t first, char32_t second) {
    static const Compositions &table = *new_compositions();  // never destroyed: threads may outlive static objects
    if (first >= kLeadFirst && first < kLeadFirst + kLeads && second >= kVowelFirst && second < kVowelFirst + kVowels) {
        return kHangulFirst + ((first - kLeadFirst) * kVowels + (second - kVowelFirst)) * kTails;
    }
    bool open_syllable = first >= kHangulFirst && first < kHangulFirst + kLeads * kVowels * kTails &&
                         (first - kHangulFirst) % kTails == 0;
    if (open_syllable && second > kTailFirst && second < kTailFirst + kTails) {
        return first + (second - kTailFirst);
    }
    auto found = std::lower_bound(table.begin(), table.end(), std::make_pair(Pair{first, second}, char32_t(0)));
    return found != table.end() && found->first == Pair{first, second} ? found->second : 0;
}

}  // namespace

Points points_of(View utf8) {
    Points points;
    points.reserve(utf8.size());
    for (size_t i = 0; i < utf8.size();) {
        auto lead = static_cast<uint8_t>(utf8[i++]);
        int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
        char32_t point = more == 0 ? lead : lead & (0x3f >> more);
        for (; more > 0 && i < utf8.size(); more--) {
            point = point << 6 | (static_cast<uint8_t>(utf8[i++]) & 0x3f);
        }
        points += point;
    }
    return points;
}

void append_utf8(Bytes &out, char32_t point) {
    if (point < 0x80) {
        out += static_cast<char>(point);
        return;
    }
    int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    out += static_cast<char>((0xff00 >> (more + 1) & 0xff) | point >> (6 * more));
    while (more-- > 0) {
        out += static_cast<char>(0x80 | (point >> (6 * more) & 0x3f));
    }
}

Bytes utf8_of(const Points &points) {
    Bytes out;
    out.reserve(points.size());
    for (char32_t point : points) {
        append_utf8(out, point);
    }
    return out;
}

Points upper_case(const Points &points) {
    return mapped(points, kToUpper);
}

// A capital sigma at the end of a word becomes the small one of that place.
Points lower_case(const Points &points) {
    constexpr char32_t kCapitalSigma = 0x3a3, kFinalSigma = 0x3c2;
    Points out;
    out.reserve(points.size());
    for (size_t i = 0; i < points.size(); i++) {
        if (points[i] == kCapitalSigma && cased_beside(points, i, -1) && !cased_beside(points, i, 1)) {
            out += kFinalSigma;
        } else {
            append_mapped(out, points[i], kToLower);
        }
    }
    return out;
}

Points folded_case(const Points &points) {
    return mapped(points, kToFolded);
}

Points decomposed(const Points &points) {
    Points out;
    out.reserve(points.size());
    for (char32_t point : points) {
        append_decomposed(out, point);
    }
    order_marks(out);
    return out;
}

Points composed(const Points &points) {
    Points parts = decomposed(points), out;
    size_t starter = Points::npos;
    uint8_t class_before = 0;
    for (char32_t point : parts) {
        uint8_t now = combining_class(point);
        bool adjacent = starter != Points::npos && starter + 1 == out.size();
        if (starter != Points::npos && (adjacent || class_before < now)) {
            char32_t whole = composition(out[starter], point);
            if (whole != 0) {
                out[starter] = whole;
                continue;
            }
        }
        if (now == 0) {
            starter = out.size();
        }
        class_before = now;
        out += point;
    }
    return out;
}

Case case_of(char32_t point) {
    const auto *unusual = find_row(kCased, point, &Range<Case>::first);
    if (unusual != nullptr && point <= unusual->last) {
        return unusual->value;
    }
    switch (category_of(point)) {
    case Category::Lu:
        return Case::upper;
    case Category::Ll:
        return Case::lower;
    case Category::Lt:
        return Case::title;
    default:
        return Case::none;
    }
}

uint8_t combining_class(char32_t point) {
    constexpr char32_t kFirstMark = 0x300;
    return point < kFirstMark ? 0 : in_ranges<uint8_t>(kClasses, point, 0);
}

bool is_white_space(char32_t point) {
    Category category = category_of(point);
    bool separates = category == Category::Zs || category == Category::Zl || category == Category::Zp;
    return separates || (point >= 0x9 && point <= 0xd) || point == 0x85;
}

Category category_of(char32_t point) {
    const auto *row = find_row(kCategories, point, &Range<Category>::first);
    if (row == nullptr || point > row->last) {
        return Category::Cn;
    }
    if (row->value == Category::LuLl) {
        return (point - row->first) % 2 == 0 ? Category::Lu : Category::Ll;
    }
    return row->value;
}

}  // namespace embedded
