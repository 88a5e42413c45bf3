// SPDX-License-Identifier: Apache-2.0
#include "text/base64.hpp"

#include <algorithm>

namespace embedded {

namespace {

constexpr View kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

Bytes base64_encode(View bytes) {
    Bytes text;
    for (; !bytes.empty(); bytes.remove_prefix(std::min<size_t>(3, bytes.size()))) {
        uint32_t group = 0;
        for (size_t i = 0; i < 3; i++) {
            group = group << 8 | (i < bytes.size() ? static_cast<uint8_t>(bytes[i]) : 0);
        }
        for (size_t i = 0; i < 4; i++) {
            text += i <= bytes.size() ? kAlphabet[group >> (18 - 6 * i) & 63] : '=';
        }
    }
    return text;
}

bool base64_decode(View text, Bytes &out) {
    if (text.size() % 4 != 0) {
        return false;
    }
    for (; !text.empty(); text.remove_prefix(4)) {
        uint32_t group = 0;
        size_t padding = text.size() > 4 ? 0 : text[3] != '=' ? 0 : text[2] != '=' ? 1 : 2;
        for (size_t i = 0; i < 4; i++) {
            size_t digit = i < 4 - padding ? kAlphabet.find(text[i]) : 0;
            if (digit == View::npos) {
                return false;
            }
            group = group << 6 | static_cast<uint32_t>(digit);
        }
        for (size_t i = 0; i < 3 - padding; i++) {
            out += static_cast<char>(group >> (16 - 8 * i));
        }
    }
    return true;
}

}  // namespace embedded
