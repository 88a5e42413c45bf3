// SPDX-License-Identifier: Apache-2.0
#include "store/record.hpp"

#include <chrono>

#include "wire/wire.hpp"

namespace embedded {

int64_t now_nanoseconds() {
    auto since = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(since).count();
}

uint32_t now_seconds() {
    return static_cast<uint32_t>(now_nanoseconds() / kSecond - kEpoch);
}

BinView next_bin(View &wire) {
    size_t size = read_number(wire.data(), 4);
    auto name = static_cast<uint8_t>(wire[7]);
    BinView bin{wire.substr(kOpHeader, name), static_cast<Particle>(wire[5]),
                wire.substr(kOpHeader + name, size - 4 - name)};
    wire.remove_prefix(4 + size);
    return bin;
}

std::optional<BinView> find_bin(View wire, View name) {
    while (!wire.empty()) {
        BinView bin = next_bin(wire);
        if (bin.name == name) {
            return bin;
        }
    }
    return std::nullopt;
}

}  // namespace embedded
