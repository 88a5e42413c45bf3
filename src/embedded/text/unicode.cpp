// SPDX-License-Identifier: Apache-2.0
#include "text/unicode.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>

namespace embedded {

namespace {

constexpr utf8proc_ssize_t kPointBytesMost = 4;

const utf8proc_uint8_t *data_of(View bytes) {
    return reinterpret_cast<const utf8proc_uint8_t *>(bytes.data());
}

// How many bytes the first character has. Negative: it is malformed.
utf8proc_ssize_t first_of(View bytes, utf8proc_int32_t &point) {
    return utf8proc_iterate(data_of(bytes), static_cast<utf8proc_ssize_t>(bytes.size()), &point);
}

struct Release {
    void operator()(utf8proc_uint8_t *made) const { std::free(made); }
};

Points mapped(const Points &points, int options) {
    Bytes utf8 = utf8_of(points);
    utf8proc_uint8_t *made = nullptr;
    utf8proc_ssize_t size = utf8proc_map(data_of(utf8), static_cast<utf8proc_ssize_t>(utf8.size()), &made,
                                         static_cast<utf8proc_option_t>(options));
    std::unique_ptr<utf8proc_uint8_t, Release> owner(made);
    if (size < 0) {
        throw std::bad_alloc();  // nothing else can be wrong with well-formed text
    }
    return points_of(View(reinterpret_cast<const char *>(made), static_cast<size_t>(size)));
}

template <utf8proc_int32_t (*change)(utf8proc_int32_t)>
Points each(Points points) {
    std::transform(points.begin(), points.end(), points.begin(),
                   [](char32_t point) { return static_cast<char32_t>(change(static_cast<utf8proc_int32_t>(point))); });
    return points;
}

utf8proc_category_t category_of(char32_t point) {
    return utf8proc_category(static_cast<utf8proc_int32_t>(point));
}

}  // namespace

bool is_utf8(View bytes) {
    while (!bytes.empty()) {
        utf8proc_int32_t point;
        utf8proc_ssize_t size = first_of(bytes, point);
        if (size < 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<size_t>(size));
    }
    return true;
}

Points points_of(View utf8) {
    Points points;
    points.reserve(utf8.size());
    while (!utf8.empty()) {
        utf8proc_int32_t point;
        utf8.remove_prefix(static_cast<size_t>(first_of(utf8, point)));
        points += static_cast<char32_t>(point);
    }
    return points;
}

Bytes utf8_of(const Points &points) {
    Bytes out;
    out.reserve(points.size());
    for (char32_t point : points) {
        utf8proc_uint8_t bytes[kPointBytesMost];
        utf8proc_ssize_t size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(point), bytes);
        out.append(reinterpret_cast<const char *>(bytes), static_cast<size_t>(size));
    }
    return out;
}

Points upper_case(const Points &points) {
    return each<utf8proc_toupper>(points);
}

Points lower_case(const Points &points) {
    return each<utf8proc_tolower>(points);
}

Points folded_case(const Points &points) {
    return mapped(points, UTF8PROC_CASEFOLD);
}

Points decomposed(const Points &points) {
    return mapped(points, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
}

Points composed(const Points &points) {
    return mapped(points, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

Case case_of(char32_t point) {
    switch (category_of(point)) {
    case UTF8PROC_CATEGORY_LU:
        return Case::upper;
    case UTF8PROC_CATEGORY_LL:
        return Case::lower;
    case UTF8PROC_CATEGORY_LT:
        return Case::title;
    default:
        return Case::none;
    }
}

bool is_mark(char32_t point) {
    return utf8proc_get_property(static_cast<utf8proc_int32_t>(point))->combining_class != 0;
}

bool is_white_space(char32_t point) {
    switch (category_of(point)) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return true;
    default:
        return (point >= '\t' && point <= '\r') || point == 0x85;
    }
}

}  // namespace embedded
