// SPDX-License-Identifier: Apache-2.0
#include "text/text.hpp"

#include <cmath>
#include <locale>
#include <sstream>

#include "text/unicode.hpp"

namespace embedded {

namespace {

// The shortest digits that read back as the same number, whatever the program's locale.
Bytes text_of(double number) {
    if (!std::isfinite(number)) {
        return std::isnan(number) ? "nan" : number > 0 ? "inf" : "-inf";
    }
    constexpr int kDigits = 15, kAllDigits = 17;
    Bytes text;
    for (int digits = kDigits; digits <= kAllDigits; digits++) {
        std::stringstream stream;
        stream.imbue(std::locale::classic());
        stream.precision(digits);
        stream << number;
        text = stream.str();
        double back = 0;
        stream >> back;
        if (back == number) {
            break;
        }
    }
    return text;
}

}  // namespace

Outcome to_text(const Value &value) {
    switch (value.type()) {
    case Type::string:
        return {Status::ok, value};
    case Type::integer:
        return {Status::ok, std::to_string(value.integer())};
    case Type::real:
        return {Status::ok, text_of(value.real())};
    case Type::boolean:
        return {Status::ok, Bytes(value.boolean() ? "true" : "false")};
    case Type::blob:
        if (value.blob().particle == Particle::blob) {
            bool good = is_utf8(value.blob().bytes);
            return good ? Outcome{Status::ok, value.blob().bytes} : Outcome{Status::not_applicable, {}};
        }
        break;
    default:
        break;
    }
    return {Status::incompatible_type, {}};
}

}  // namespace embedded
