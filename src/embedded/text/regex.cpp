// SPDX-License-Identifier: Apache-2.0
#include "text/regex.hpp"

#include "text/pcre.hpp"
#include "value/outcome.hpp"

namespace embedded {

namespace regex {

namespace {

using pcre::Clock;
using pcre::owned;
using pcre::Owned;
using pcre::units;

enum Flag : int64_t { ignore_case = 1, multiline = 2, dot_all = 4, unix_lines = 8, global = 16 };
constexpr int64_t kFlags = ignore_case | multiline | dot_all | unix_lines | global;

constexpr size_t kPatternMost = 1 << 15;
constexpr uint32_t kNestingMost = 200;
constexpr std::chrono::seconds kTimeMost{1};

// Those that the compiler puts before each item have this number; others would be the pattern's own.
int refuse_callout(pcre2_callout_enumerate_block *callout, void *) {
    constexpr uint32_t kAutomatic = 255;
    return callout->callout_number == kAutomatic ? 0 : 1;
}

// Null: malformed, or too large.
Owned<pcre2_code> compile(View pattern, int64_t flags) {
    if ((flags & ~kFlags) != 0) {
        return nullptr;
    }
    auto context = owned(pcre2_compile_context_create(nullptr));
    pcre2_set_newline(context.get(), (flags & unix_lines) != 0 ? PCRE2_NEWLINE_LF : PCRE2_NEWLINE_ANY);
    pcre2_set_bsr(context.get(), PCRE2_BSR_UNICODE);
    pcre2_set_max_pattern_length(context.get(), kPatternMost);
    pcre2_set_parens_nest_limit(context.get(), kNestingMost);
    uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C | PCRE2_AUTO_CALLOUT;
    options |= (flags & ignore_case) != 0 ? PCRE2_CASELESS : 0;
    options |= (flags & multiline) != 0 ? PCRE2_MULTILINE : 0;
    options |= (flags & dot_all) != 0 ? PCRE2_DOTALL : 0;
    int error;
    size_t place;
    Owned<pcre2_code> code(pcre2_compile(units(pattern), pattern.size(), options, &error, &place, context.get()));
    if (code != nullptr && pcre2_callout_enumerate(code.get(), refuse_callout, nullptr) != 0) {
        return nullptr;
    }
    return code;
}

// A pattern at work on a text.
class Search {
  public:
    Search(View pattern, int64_t flags, View text);

    bool is_valid() const { return code_ != nullptr; }
    Status next(size_t from, bool &found);  // the first match at or after `from`

    size_t begin() const { return places_[0]; }
    size_t end() const { return places_[1]; }
    size_t groups() const { return pcre2_get_ovector_count(match_.get()); }  // the first is the whole match
    View group(size_t number) const;
    bool find_group(const Bytes &name, size_t &number) const;

  private:
    View text_;
    Clock::time_point deadline_ = Clock::now() + kTimeMost;
    Owned<pcre2_code> code_;
    Owned<pcre2_match_context> context_;
    Owned<pcre2_match_data> match_;
    const size_t *places_ = nullptr;  // where each group begins and ends
};

Search::Search(View pattern, int64_t flags, View text) : text_(text), code_(compile(pattern, flags)) {
    if (code_ == nullptr) {
        return;
    }
    context_ = pcre::bounds(deadline_);
    match_ = owned(pcre2_match_data_create_from_pattern(code_.get(), nullptr));
    places_ = pcre2_get_ovector_pointer(match_.get());
}

Status Search::next(size_t from, bool &found) {
    int result = pcre2_match(code_.get(), units(text_), text_.size(), from, PCRE2_NO_UTF_CHECK, match_.get(),
                             context_.get());  // checking the text again for each match would take quadratic time
    found = result >= 0;
    bool backwards = found && (begin() < from || begin() > end());  // \K inside a look around
    return (found && !backwards) || result == PCRE2_ERROR_NOMATCH ? Status::ok : Status::not_applicable;
}

View Search::group(size_t number) const {
    size_t begin = places_[2 * number], end = places_[2 * number + 1];
    return begin == PCRE2_UNSET || begin > end ? View() : text_.substr(begin, end - begin);
}

bool Search::find_group(const Bytes &name, size_t &number) const {
    int found = pcre2_substring_number_from_name(code_.get(), reinterpret_cast<PCRE2_SPTR>(name.c_str()));
    number = static_cast<size_t>(found);
    return found > 0;
}

// The number of the group that a replacement names after its '$'. False: there is none.
bool read_group(View with, size_t &at, const Search &search, size_t &group) {
    if (at < with.size() && with[at] == '{') {
        size_t begin = at + 1, end = with.find('}', begin);
        at = end + 1;
        return end != View::npos && search.find_group(Bytes(with.substr(begin, end - begin)), group);
    }
    size_t begin = at;
    for (group = 0; at < with.size() && with[at] >= '0' && with[at] <= '9'; at++) {
        size_t longer = group * 10 + static_cast<size_t>(with[at] - '0');
        if (longer >= search.groups()) {
            break;
        }
        group = longer;
    }
    return at > begin;
}

Status append_replacement(Bytes &made, View with, const Search &search) {
    for (size_t at = 0; at < with.size();) {
        char unit = with[at++];
        if (unit == '$') {
            size_t group;
            if (!read_group(with, at, search, group)) {
                return Status::parameter;
            }
            made += search.group(group);
        } else {
            made += unit == '\\' && at < with.size() ? with[at++] : unit;
        }
        if (made.size() > kRecordMost) {
            return Status::record_too_big;
        }
    }
    return Status::ok;
}

size_t next_character(View text, size_t at) {
    do {
        at++;
    } while (at < text.size() && (static_cast<uint8_t>(text[at]) & 0xc0) == 0x80);
    return at;
}

}  // namespace

Status find(View pattern, int64_t flags, View text, bool &found) {
    Search search(pattern, flags, text);
    return search.is_valid() ? search.next(0, found) : Status::parameter;
}

Status replace(View pattern, int64_t flags, View with, Bytes &text) {
    Search search(pattern, flags, text);
    if (!search.is_valid()) {
        return Status::parameter;
    }
    Bytes made;
    size_t done = 0;
    for (size_t from = 0; from <= text.size();) {
        bool found = false;
        Status status = search.next(from, found);
        if (status != Status::ok) {
            return status;
        }
        if (!found) {
            break;
        }
        made.append(text, done, search.begin() - done);
        status = append_replacement(made, with, search);
        if (status != Status::ok) {
            return status;
        }
        done = search.end();
        from = done > search.begin() ? done : next_character(text, done);
        if ((flags & global) == 0) {
            break;
        }
    }
    text = made.append(text, done);
    return Status::ok;
}

}  // namespace regex

}  // namespace embedded
