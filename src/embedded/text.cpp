// SPDX-License-Identifier: Apache-2.0
#include "text.hpp"

#include <cmath>
#include <locale>
#include <sstream>

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

bool is_utf8(View bytes) {
    for (size_t i = 0; i < bytes.size();) {
        auto lead = static_cast<uint8_t>(bytes[i++]);
        if (lead < 0x80) {
            continue;
        }
        int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;  // bytes that follow
        if (lead < 0xc2 || lead > 0xf4 || bytes.size() - i < static_cast<size_t>(more)) {
            return false;
        }
        uint32_t point = lead & (0x3f >> more);
        for (; more > 0; more--) {
            auto next = static_cast<uint8_t>(bytes[i++]);
            if ((next & 0xc0) != 0x80) {
                return false;
            }
            point = point << 6 | (next & 0x3f);
        }
        bool overlong = (lead == 0xe0 && point < 0x800) || (lead == 0xf0 && point < 0x10000);
        bool surrogate = point >= 0xd800 && point < 0xe000;
        if (overlong || surrogate || point > 0x10ffff) {
            return false;
        }
    }
    return true;
}

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
