// SPDX-License-Identifier: Apache-2.0
// Numbers as the wire has them: big-endian.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>

namespace embedded {

inline uint64_t read_number(const char *bytes, int width) {
    uint64_t number = 0;
    for (int i = 0; i < width; i++) {
        number = number << 8 | static_cast<uint8_t>(bytes[i]);
    }
    return number;
}

inline void write_number(char *bytes, uint64_t number, int width) {
    for (int i = width - 1; i >= 0; i--) {
        bytes[i] = static_cast<char>(number);
        number >>= 8;
    }
}

inline void append_number(std::string &out, uint64_t number, int width) {
    char bytes[8];
    write_number(bytes, number, width);
    out.append(bytes, static_cast<size_t>(width));
}

inline double real_of_bits(uint64_t bits) {
    double number;
    std::memcpy(&number, &bits, sizeof number);
    return number;
}

inline float real_of_bits32(uint32_t bits) {
    float number;
    std::memcpy(&number, &bits, sizeof number);
    return number;
}

inline uint64_t bits_of_real(double number) {
    uint64_t bits;
    std::memcpy(&bits, &number, sizeof bits);
    return bits;
}

}  // namespace embedded
