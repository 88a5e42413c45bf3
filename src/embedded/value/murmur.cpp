// SPDX-License-Identifier: Apache-2.0
#include "value/murmur.hpp"

namespace embedded {

namespace {

constexpr uint64_t kFirst = 0x87c37b91114253d5;
constexpr uint64_t kSecond = 0x4cf5ad432745937f;

uint64_t rotated(uint64_t x, int by) {
    return x << by | x >> (64 - by);
}

uint64_t little_endian(View bytes) {
    uint64_t number = 0;
    for (size_t i = bytes.size(); i > 0; i--) {
        number = number << 8 | static_cast<uint8_t>(bytes[i - 1]);
    }
    return number;
}

uint64_t mixed_low(uint64_t k) {
    return rotated(k * kFirst, 31) * kSecond;
}

uint64_t mixed_high(uint64_t k) {
    return rotated(k * kSecond, 33) * kFirst;
}

uint64_t finished(uint64_t k) {
    k = (k ^ k >> 33) * 0xff51afd7ed558ccd;
    k = (k ^ k >> 33) * 0xc4ceb9fe1a85ec53;
    return k ^ k >> 33;
}

}  // namespace

Hash128 murmur3(View bytes) {
    uint64_t low = 0, high = 0, size = bytes.size();
    for (; bytes.size() >= 16; bytes.remove_prefix(16)) {
        low = (rotated(low ^ mixed_low(little_endian(bytes.substr(0, 8))), 27) + high) * 5 + 0x52dce729;
        high = (rotated(high ^ mixed_high(little_endian(bytes.substr(8, 8))), 31) + low) * 5 + 0x38495ab5;
    }
    if (bytes.size() > 8) {
        high ^= mixed_high(little_endian(bytes.substr(8)));
    }
    low ^= mixed_low(little_endian(bytes.substr(0, 8)));
    low ^= size;
    high ^= size;
    low += high;
    high += low;
    low = finished(low);
    high = finished(high);
    low += high;
    high += low;
    return {low, high};
}

}  // namespace embedded
