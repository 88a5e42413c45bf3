// SPDX-License-Identifier: Apache-2.0
// Text as code points: their properties, and what case mapping and normalization make of them.
#pragma once

#include <cstdint>
#include <string>

#include "value.hpp"

namespace embedded {

using Points = std::u32string;

// Well-formed UTF-8 only; see is_utf8().
Points points_of(View utf8);
Bytes utf8_of(const Points &points);
void append_utf8(Bytes &out, char32_t point);

Points upper_case(const Points &points);
Points lower_case(const Points &points);
Points folded_case(const Points &points);  // for comparison without regard to case
Points composed(const Points &points);  // NFC
Points decomposed(const Points &points);  // NFD

enum class Case : uint8_t { none, lower, upper, title };
Case case_of(char32_t point);
uint8_t combining_class(char32_t point);
bool is_white_space(char32_t point);

// Unicode's general categories, by their two letters.
enum class Category : uint8_t {
    Cn,
    Cc,
    Cf,
    Co,
    Cs,
    Ll,
    Lm,
    Lo,
    Lt,
    Lu,
    Mc,
    Me,
    Mn,
    Nd,
    Nl,
    No,
    Pc,
    Pd,
    Pe,
    Pf,
    Pi,
    Po,
    Ps,
    Sc,
    Sk,
    Sm,
    So,
    Zl,
    Zp,
    Zs,
    LuLl,  // in the tables only: both in turn
};
Category category_of(char32_t point);

}  // namespace embedded
