// SPDX-License-Identifier: Apache-2.0
#include "store/store.hpp"

#include <algorithm>
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

std::optional<uint16_t> Namespace::set_find(View name) const {
    if (name.empty()) {
        return 0;
    }
    std::lock_guard guard(sets_mutex_);
    for (size_t i = 1; i < sets_.size(); i++) {
        if (sets_[i] == name) {
            return static_cast<uint16_t>(i);
        }
    }
    return std::nullopt;
}

std::optional<uint16_t> Namespace::set_make(View name) {
    auto found = set_find(name);
    if (found) {
        return found;
    }
    std::lock_guard guard(sets_mutex_);
    auto again = std::find(sets_.begin(), sets_.end(), name);
    if (again != sets_.end()) {
        return static_cast<uint16_t>(again - sets_.begin());
    }
    constexpr size_t kSetsMost = 4096;
    if (sets_.size() > kSetsMost) {
        return std::nullopt;
    }
    sets_.emplace_back(name);
    return static_cast<uint16_t>(sets_.size() - 1);
}

Bytes Namespace::set_name(uint16_t set) const {
    std::lock_guard guard(sets_mutex_);
    return sets_[set];
}

std::vector<Bytes> Namespace::set_names() const {
    std::lock_guard guard(sets_mutex_);
    return sets_;
}

void Namespace::truncate(std::optional<uint16_t> set, int64_t until) {
    for (Partition &partition : partitions_) {
        std::lock_guard guard(partition.mutex);
        for (auto at = partition.records.begin(); at != partition.records.end();) {
            bool goes = at->second.last_update < until && (!set || at->second.set == *set);
            at = goes ? partition.records.erase(at) : std::next(at);
        }
    }
}

void Namespace::expire(Partition &partition) {
    uint32_t now = now_seconds();
    std::lock_guard guard(partition.mutex);
    for (auto at = partition.records.begin(); at != partition.records.end();) {
        bool goes = at->second.expired(now);
        expired_ += goes;
        at = goes ? partition.records.erase(at) : std::next(at);
    }
}

std::vector<Namespace::Count> Namespace::counts() {
    std::vector<Count> counts(set_names().size());
    uint32_t now = now_seconds();
    for (Partition &partition : partitions_) {
        std::lock_guard guard(partition.mutex);
        for (const auto &entry : partition.records) {
            const Record &record = entry.second;
            if (!record.expired(now) && record.set < counts.size()) {
                counts[record.set].records++;
                counts[record.set].bytes += record.block.size();
            }
        }
    }
    return counts;
}

Store::Store(const std::vector<Bytes> &namespaces, uint32_t default_ttl) {
    for (const Bytes &name : namespaces) {
        namespaces_.push_back(std::make_unique<Namespace>(name, default_ttl));
    }
}

Namespace *Store::find(View name) {
    for (const auto &candidate : namespaces_) {
        if (candidate->name() == name) {
            return candidate.get();
        }
    }
    return nullptr;
}

}  // namespace embedded
