// SPDX-License-Identifier: Apache-2.0
// Namespaces, sets, partitions and records, with their generation and expiry.
#pragma once

#include <array>
#include <atomic>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "value/value.hpp"
#include "wire/protocol.hpp"

namespace embedded {

constexpr size_t kPartitions = 4096;
constexpr size_t kDigestSize = 20;
constexpr size_t kSetNameMost = 63;
constexpr size_t kNamespaceNameMost = 31;
constexpr size_t kBinNameMost = 15;
constexpr size_t kBinsMost = 32767;
constexpr size_t kRecordMost = 1 << 20;
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

struct Partition {
    std::mutex mutex;
    std::map<Digest, Record, DigestLess> records;  // in the order in which a scan goes and may be resumed
};

class Namespace {
  public:
    Namespace(Bytes name, uint32_t default_ttl) : name_(std::move(name)), default_ttl_(default_ttl), sets_(1) {}

    const Bytes &name() const { return name_; }
    uint32_t default_ttl() const { return default_ttl_; }
    Partition &partition(size_t id) { return partitions_[id]; }

    // 0 is "no set". A set's number never changes; nullopt: there is no such set.
    std::optional<uint16_t> set_find(View name) const;
    std::optional<uint16_t> set_make(View name);  // nullopt: too many
    Bytes set_name(uint16_t set) const;
    std::vector<Bytes> set_names() const;

    // Remove what was last written before `until` (nanoseconds), of one set or (nullopt) of all.
    void truncate(std::optional<uint16_t> set, int64_t until);
    // Remove what has expired from one partition; a read does not find it anyway.
    void expire(Partition &partition);
    void count_expired() { expired_++; }  // one that a command found
    uint64_t expired() const { return expired_; }  // how many went that way

    struct Count {
        size_t records = 0, bytes = 0;
    };
    std::vector<Count> counts();  // by set

  private:
    Bytes name_;
    uint32_t default_ttl_;
    std::array<Partition, kPartitions> partitions_;
    mutable std::mutex sets_mutex_;
    std::vector<Bytes> sets_;
    std::atomic<uint64_t> expired_{0};
};

class Store {
  public:
    Store(const std::vector<Bytes> &namespaces, uint32_t default_ttl);
    Namespace *find(View name);
    const std::vector<std::unique_ptr<Namespace>> &namespaces() const { return namespaces_; }

  private:
    std::vector<std::unique_ptr<Namespace>> namespaces_;
};

}  // namespace embedded
