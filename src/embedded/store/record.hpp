// SPDX-License-Identifier: Apache-2.0
// A record as it is stored, its digest, and the limits of both.
#pragma once

#include <array>
#include <cstring>
#include <optional>

#include "value/outcome.hpp"
#include "value/value.hpp"
#include "wire/protocol.hpp"

namespace embedded {

constexpr size_t kPartitions = 4096;
constexpr size_t kSetNameMost = 63;
constexpr size_t kNamespaceNameMost = 31;
constexpr size_t kBinNameMost = 15;
constexpr size_t kBinsMost = 32767;
constexpr size_t kStoredMost = kRecordMost - 48;  // of it in storage, where records begin at multiples of 16
constexpr uint32_t kTtlMost = 315360000;  // ten years, in seconds
constexpr uint32_t kTtlNever = 0xFFFFFFFF;
constexpr uint32_t kTtlKeep = 0xFFFFFFFE;

// Times on the wire are seconds since the start of 2010; inside, nanoseconds since 1970.
constexpr int64_t kEpoch = 1262304000;
constexpr int64_t kSecond = 1000000000;
int64_t now_nanoseconds();
uint32_t now_seconds();  // of the wire

using Digest = std::array<char, kDigestSize>;
struct DigestLess {  // by bytes without sign, whatever a char is here
    bool operator()(const Digest &a, const Digest &b) const { return std::memcmp(a.data(), b.data(), kDigestSize) < 0; }
};
inline size_t partition_of(const Digest &digest) {
    return (static_cast<uint8_t>(digest[0]) | static_cast<uint8_t>(digest[1]) << 8) & (kPartitions - 1);
}

// A record keeps its key and its bins in one block: the key as type and value, the bins in the wire's form.
struct Record {
    int64_t last_update = 0;  // nanoseconds
    uint32_t void_time = 0;  // seconds of the wire, 0: never expires
    uint32_t key_size = 0;
    uint16_t generation = 0;
    uint16_t set = 0;
    uint16_t bin_count = 0;
    Bytes block;

    View key() const { return View(block).substr(0, key_size); }
    View bins() const { return View(block).substr(key_size); }
    bool expired(uint32_t now) const { return void_time != 0 && void_time <= now; }
};

// One stored bin, as a view into a record.
struct BinView {
    View name;
    Particle particle;
    View value;
};

// The first bin of `wire`, which moves past it. The form is our own, so that it needs no checks.
BinView next_bin(View &wire);
std::optional<BinView> find_bin(View wire, View name);

void tell_bins(const Record &record, Reply &reply);  // all of them

}  // namespace embedded
