// SPDX-License-Identifier: Apache-2.0
#include "store/record.hpp"

#include <chrono>

#include "wire/msgpack.hpp"
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

void tell_bins(const Record &record, Reply &reply) {
    bool as_stored = true;
    for (View wire = record.bins(); as_stored && !wire.empty();) {
        BinView bin = next_bin(wire);
        as_stored = !keeps_index(bin.particle, bin.value);
    }
    if (as_stored) {
        reply.ops(record.bin_count, record.bins());
        return;
    }
    for (View wire = record.bins(); !wire.empty();) {
        BinView bin = next_bin(wire);
        reply.op(OpType::read, bin.name, bin.particle, bin.value);
    }
}

}  // namespace embedded
