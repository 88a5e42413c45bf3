// SPDX-License-Identifier: Apache-2.0
// Operations of strings, as the C client's headers describe them (servers of version 8.2 and later). Places in a
// string count code points; those from the end are negative; those outside are moved to the nearest end.
#include <algorithm>
#include <locale>
#include <sstream>

#include "ops/arguments.hpp"
#include "store/store.hpp"
#include "text/base64.hpp"
#include "text/regex.hpp"
#include "text/string_find.hpp"
#include "text/text.hpp"

namespace embedded {

namespace {

enum WriteFlag : int64_t { create_only = 1, update_only = 2, no_fail = 4 };
enum Numeric : int64_t { any_number = 0, integers = 1, reals = 2 };

struct Work {
    const Bytes &bytes;  // of the string
    Points text;  // what a modify changes
    const List &payload;

    bool has(size_t place) const { return place < payload.items.size(); }
    int64_t integer(size_t place, int64_t otherwise = 0) const { return integer_at(payload, place, otherwise); }
    Points points(size_t place) const { return points_of(payload.items[place].text()); }
    Points of_pair(size_t index) const { return points_of(payload.items[1].list().items[index].text()); }

    size_t place_of(int64_t index) const {
        auto size = static_cast<int64_t>(text.size());
        return static_cast<size_t>(std::clamp<int64_t>(index < 0 ? index + size : index, 0, size));
    }
    // From the place at 1 to that at 2, or to the end.
    Span span() const {
        size_t begin = place_of(integer(1));
        size_t end = has(2) ? place_of(integer(2)) : text.size();
        return {begin, std::max(begin, end)};
    }
};

using Run = Outcome (*)(Work &work);

Outcome failed(Status status) {
    return {status, {}};
}

Outcome as_text(const Points &points) {
    return {Status::ok, utf8_of(points)};
}

// ---- operations that read ----

Outcome length(Work &work) {
    return {Status::ok, static_cast<int64_t>(work.text.size())};
}

Outcome substring(Work &work) {
    Span span = work.span();
    return as_text(work.text.substr(span.begin, span.end - span.begin));
}

Outcome char_at(Work &work) {
    return as_text(work.text.substr(work.place_of(work.integer(1)), 1));
}

Outcome find(Work &work) {
    int64_t occurrence = work.integer(2, 1);
    if (occurrence == 0) {
        return failed(Status::parameter);
    }
    Points needle = work.points(1);
    std::vector<Span> found = Searched(work.text).all(needle);
    if (needle.empty()) {
        found.push_back({0, 0});
    }
    auto count = static_cast<int64_t>(found.size());
    int64_t index = occurrence > 0 ? occurrence - 1 : count + occurrence;
    bool there = index >= 0 && index < count;
    return {Status::ok, there ? static_cast<int64_t>(found[static_cast<size_t>(index)].begin) : int64_t(-1)};
}

Outcome contains(Work &work) {
    Points needle = work.points(1);
    return {Status::ok, needle.empty() || !Searched(work.text).all(needle).empty()};
}

Outcome starts_with(Work &work) {
    return {Status::ok, Searched(work.text).begins_with(work.points(1))};
}

Outcome ends_with(Work &work) {
    return {Status::ok, Searched(work.text).ends_with(work.points(1))};
}

size_t skip_digits(View text, size_t at) {
    size_t end = text.find_first_not_of("0123456789", at);
    return end == View::npos ? text.size() : end;
}

size_t skip_sign(View text, size_t at) {
    return at < text.size() && (text[at] == '-' || text[at] == '+') ? at + 1 : at;
}

template <typename Number>
bool read_number_text(View text, Number &number) {
    std::istringstream stream{Bytes(text)};
    stream.imbue(std::locale::classic());
    return static_cast<bool>(stream >> number);
}

// A sign, digits; nothing else.
bool parse_integer(View text, int64_t &number) {
    size_t digits = skip_sign(text, 0);
    bool fits = digits < text.size() && skip_digits(text, digits) == text.size();
    return fits && read_number_text(text, number);
}

// A sign, digits with a point somewhere, an exponent; nothing else.
bool parse_real(View text, double &number) {
    size_t begin = skip_sign(text, 0);
    size_t at = skip_digits(text, begin), digits = at - begin;
    if (at < text.size() && text[at] == '.') {
        size_t end = skip_digits(text, at + 1);
        digits += end - at - 1;
        at = end;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        size_t exponent = skip_sign(text, at + 1);
        at = skip_digits(text, exponent);
        digits = at > exponent ? digits : 0;
    }
    return digits > 0 && at == text.size() && read_number_text(text, number);
}

Outcome to_integer(Work &work) {
    int64_t number;
    return parse_integer(work.bytes, number) ? Outcome{Status::ok, number} : failed(Status::not_applicable);
}

Outcome to_double(Work &work) {
    double number;
    return parse_real(work.bytes, number) ? Outcome{Status::ok, number} : failed(Status::not_applicable);
}

Outcome byte_length(Work &work) {
    return {Status::ok, static_cast<int64_t>(work.bytes.size())};
}

// A real number has a digit behind its point.
Outcome is_numeric(Work &work) {
    int64_t wanted = work.integer(1, any_number), integer;
    double real;
    if (wanted < any_number || wanted > reals) {
        return failed(Status::parameter);
    }
    size_t point = work.bytes.find('.');
    bool has_fraction = point != Bytes::npos && skip_digits(work.bytes, point + 1) > point + 1;
    bool is_real = has_fraction && parse_real(work.bytes, real);
    bool is_integer = parse_integer(work.bytes, integer);
    return {Status::ok, (wanted != reals && is_integer) || (wanted != integers && is_real)};
}

template <Case wanted>
Outcome is_case(Work &work) {
    bool all = std::all_of(work.text.begin(), work.text.end(), [](char32_t point) {
        Case now = case_of(point);
        return now == wanted || now == Case::none;
    });
    return {Status::ok, all};
}

Outcome to_blob(Work &work) {
    return {Status::ok, Blob{work.bytes}};
}

Outcome split(Work &work) {
    List parts;
    if (!work.has(1) || work.payload.items[1].text().empty()) {
        for (char32_t point : work.text) {
            parts.items.emplace_back(utf8_of(Points(1, point)));
        }
        return {Status::ok, std::move(parts)};
    }
    const Bytes &separator = work.payload.items[1].text();
    size_t begin = 0;
    for (size_t end; (end = work.bytes.find(separator, begin)) != Bytes::npos; begin = end + separator.size()) {
        parts.items.emplace_back(work.bytes.substr(begin, end - begin));
    }
    parts.items.emplace_back(work.bytes.substr(begin));
    return {Status::ok, std::move(parts)};
}

Outcome decode_base64(Work &work) {
    Blob blob;
    bool good = base64_decode(work.bytes, blob.bytes);
    return good ? Outcome{Status::ok, std::move(blob)} : failed(Status::not_applicable);
}

Outcome regex_compare(Work &work) {
    bool found = false;
    Status status = regex::find(work.payload.items[1].text(), work.integer(2), work.bytes, found);
    return {status, found};
}

// ---- operations that modify ----

Outcome insert(Work &work) {
    work.text.insert(work.place_of(work.integer(1)), work.points(2));
    return {};
}

Outcome overwrite(Work &work) {
    int64_t index = work.integer(1), size = static_cast<int64_t>(work.text.size());
    index = index < 0 ? index + size : index;
    if (index < 0 || index > size) {
        return failed(Status::parameter);
    }
    Points value = work.points(2);
    work.text.replace(static_cast<size_t>(index), value.size(), value);
    return {};
}

Outcome concat(Work &work) {
    for (const Value &value : work.payload.items[1].list().items) {
        work.text += points_of(value.text());
    }
    return {};
}

Outcome append(Work &work) {
    work.text += work.points(1);
    return {};
}

Outcome prepend(Work &work) {
    work.text.insert(0, work.points(1));
    return {};
}

Outcome snip(Work &work) {
    Span span = work.span();
    work.text.erase(span.begin, span.end - span.begin);
    return {};
}

template <bool all>
Outcome replace(Work &work) {
    std::vector<Span> found = Searched(work.text).all(work.of_pair(0));
    Points made, with = work.of_pair(1);
    size_t done = 0;
    for (size_t i = 0; i < (all ? found.size() : std::min<size_t>(1, found.size())); i++) {
        made.append(work.text, done, found[i].begin - done).append(with);
        done = found[i].end;
    }
    work.text = made.append(work.text, done);
    return {};
}

template <Points (*change)(const Points &)>
Outcome changed(Work &work) {
    work.text = change(work.text);
    return {};
}

template <bool at_start, bool at_end>
Outcome trim(Work &work) {
    auto begin = work.text.begin(), end = work.text.end();
    while (at_start && begin != end && is_white_space(*begin)) {
        ++begin;
    }
    while (at_end && begin != end && is_white_space(end[-1])) {
        --end;
    }
    work.text = Points(begin, end);
    return {};
}

template <bool at_start>
Outcome pad(Work &work) {
    int64_t target = work.integer(1);
    Points with = work.points(2), padding;
    if (target < 0 || with.empty()) {
        return failed(Status::parameter);
    }
    if (target > static_cast<int64_t>(kRecordMost)) {
        return failed(Status::record_too_big);
    }
    auto size = static_cast<size_t>(target);
    size_t missing = size > work.text.size() ? size - work.text.size() : 0;
    for (size_t i = 0; i < missing; i++) {
        padding += with[i % with.size()];
    }
    work.text.insert(at_start ? 0 : work.text.size(), padding);
    return {};
}

Outcome repeat(Work &work) {
    int64_t count = work.integer(1);
    if (count < 0) {
        return failed(Status::parameter);
    }
    if (!work.text.empty() && static_cast<uint64_t>(count) > kRecordMost / work.text.size()) {
        return failed(Status::record_too_big);
    }
    Points made;
    for (int64_t i = 0; i < count && !work.text.empty(); i++) {
        made += work.text;
    }
    work.text = std::move(made);
    return {};
}

Outcome regex_replace(Work &work) {
    const auto &pair = work.payload.items[1].list().items;
    Bytes text = work.bytes;
    Status status = regex::replace(pair[0].text(), work.integer(2), pair[1].text(), text);
    work.text = points_of(text);
    return {status, {}};
}

// ---- the table ----

struct Row {
    int64_t code;
    Access access;
    View signature;
    size_t flags_at;  // the place of the write flags
    bool creates;  // takes a bin that is not there for an empty string
    Run run;
};

constexpr Row kRows[] = {
    {0, Access::read, "", 0, false, length},
    {1, Access::read, "i|i", 0, false, substring},
    {2, Access::read, "i", 0, false, char_at},
    {3, Access::read, "s|i", 0, false, find},
    {4, Access::read, "s", 0, false, contains},
    {5, Access::read, "s", 0, false, starts_with},
    {6, Access::read, "s", 0, false, ends_with},
    {7, Access::read, "", 0, false, to_integer},
    {8, Access::read, "", 0, false, to_double},
    {9, Access::read, "", 0, false, byte_length},
    {10, Access::read, "|i", 0, false, is_numeric},
    {11, Access::read, "", 0, false, is_case<Case::upper>},
    {12, Access::read, "", 0, false, is_case<Case::lower>},
    {13, Access::read, "", 0, false, to_blob},
    {14, Access::read, "|s", 0, false, split},
    {15, Access::read, "", 0, false, decode_base64},
    {16, Access::read, "s|i", 0, false, regex_compare},
    {50, Access::modify, "is|i", 3, true, insert},
    {51, Access::modify, "is|i", 3, true, overwrite},
    {52, Access::modify, "l|i", 2, true, concat},
    {53, Access::modify, "i|ii", 3, false, snip},
    {54, Access::modify, "l|i", 2, false, replace<false>},
    {55, Access::modify, "l|i", 2, false, replace<true>},
    {56, Access::modify, "|i", 1, false, changed<upper_case>},
    {57, Access::modify, "|i", 1, false, changed<lower_case>},
    {58, Access::modify, "|i", 1, false, changed<folded_case>},
    {59, Access::modify, "|i", 1, false, changed<composed>},
    {60, Access::modify, "|i", 1, false, trim<true, false>},
    {61, Access::modify, "|i", 1, false, trim<false, true>},
    {62, Access::modify, "|i", 1, false, trim<true, true>},
    {63, Access::modify, "is|i", 3, true, pad<true>},
    {64, Access::modify, "is|i", 3, true, pad<false>},
    {65, Access::modify, "i|i", 2, true, repeat},
    {66, Access::modify, "l|ii", 3, false, regex_replace},
    {67, Access::modify, "s|i", 2, true, append},
    {68, Access::modify, "s|i", 2, true, prepend},
};

bool is_good_text(const Value &value) {
    return value.is(Type::string) && is_utf8(value.text());
}

// Arguments that are text have to be well-formed; a list is of texts, a pair where something is replaced.
bool are_good(const Row &row, const List &payload) {
    for (const Value &argument : payload.items) {
        if (argument.is(Type::string) && !is_good_text(argument)) {
            return false;
        }
        if (argument.is(Type::list)) {
            const auto &items = argument.list().items;
            if (!std::all_of(items.begin(), items.end(), is_good_text) || (row.run != concat && items.size() != 2)) {
                return false;
            }
        }
    }
    return true;
}

bool are_good_flags(const Row &row, int64_t flags, bool in_context) {
    bool good_create = row.creates && !in_context && (flags & update_only) == 0;
    return (flags & ~(create_only | update_only | no_fail)) == 0 && ((flags & create_only) == 0 || good_create);
}

// The result of a modify is text that a record can hold.
Outcome run_modify(const Row &row, Value &target, const List &payload) {
    Work work{target.text(), points_of(target.text()), payload};
    Outcome outcome = row.run(work);
    if (outcome.status != Status::ok) {
        return outcome;
    }
    Bytes made = utf8_of(work.text);
    if (made.size() > kRecordMost) {
        return failed(Status::record_too_big);
    }
    target = std::move(made);
    return {};
}

Outcome modify(const Row &row, Value &target, const List &payload, int64_t flags) {
    if (!target.present()) {
        if (!row.creates || (flags & update_only) != 0) {
            return {};  // nothing to change
        }
        target = Bytes();
    } else if (!target.is(Type::string)) {
        return failed(Status::incompatible_type);
    } else if ((flags & create_only) != 0) {
        return failed((flags & no_fail) != 0 ? Status::ok : Status::bin_exists);
    }
    if (!is_utf8(target.text())) {
        return failed(Status::invalid_encoding);
    }
    Outcome outcome = run_modify(row, target, payload);
    return outcome.status != Status::ok && (flags & no_fail) != 0 ? Outcome() : outcome;
}

Outcome read(const Row &row, const Value &target, const List &payload) {
    if (!target.present()) {
        return failed(Status::bin_not_found);
    }
    if (!target.is(Type::string)) {
        return failed(Status::incompatible_type);
    }
    if (!is_utf8(target.text())) {
        return failed(Status::invalid_encoding);
    }
    Work work{target.text(), points_of(target.text()), payload};
    return row.run(work);
}

Outcome run(Access access, Value &target, const Value &payload, bool in_context) {
    const Row *row = find_row(kRows, access, payload);
    if (row == nullptr || !are_good(*row, payload.list())) {
        return failed(Status::parameter);
    }
    if (access == Access::read) {
        return read(*row, target, payload.list());
    }
    int64_t flags = integer_at(payload.list(), row->flags_at, 0);
    return are_good_flags(*row, flags, in_context) ? modify(*row, target, payload.list(), flags)
                                                   : failed(Status::parameter);
}

struct Nested {
    Access access;
    const Value &payload;
};

Outcome run_nested(Value &target, void *argument) {
    const auto *nested = static_cast<const Nested *>(argument);
    return run(nested->access, target, nested->payload, true);
}

}  // namespace

Outcome run_string(Access access, Value &target, const Value &payload) {
    if (!are_nested(payload)) {
        return run(access, target, payload, false);
    }
    const auto &items = payload.list().items;
    Nested nested{access, items[2]};
    return at_context(access, target, items[1].list(), run_nested, &nested);
}

}  // namespace embedded
