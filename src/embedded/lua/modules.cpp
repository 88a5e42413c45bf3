// SPDX-License-Identifier: Apache-2.0
#include "lua/modules.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <new>

#include "text/base64.hpp"

namespace embedded {

namespace {

Bytes sha1_digits(View text) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned size = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1) {
        throw std::bad_alloc();
    }
    Bytes out;
    for (unsigned i = 0; i < size; i++) {
        out += {kDigits[digest[i] >> 4], kDigits[digest[i] & 15]};
    }
    return out;
}

}  // namespace

// The hash is that of what the nodes of a cluster tell each other about the module.
Module make_module(View file, View source) {
    Bytes shared =
        R"({"content64": ")" + base64_encode(source) + R"(", "type": "LUA", "name": ")" + Bytes(file) + R"("})";
    return {Bytes(source), sha1_digits(shared)};
}

const Modules::value_type *find_module(const Modules &modules, View name) {
    Bytes file(name);
    std::replace(file.begin(), file.end(), '.', '/');
    auto found = modules.find(file + ".lua");
    return found == modules.end() ? nullptr : &*found;
}

}  // namespace embedded
