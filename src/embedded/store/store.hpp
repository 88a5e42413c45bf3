// SPDX-License-Identifier: Apache-2.0
// Namespaces of partitions, and their sets.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <atomic>

#include "store/partition.hpp"

namespace embedded {

class Namespace {
  public:
    Namespace(Bytes name, uint32_t default_ttl, bool strongly_consistent)
        : name_(std::move(name)), strongly_consistent_(strongly_consistent), default_ttl_(default_ttl), sets_(1) {}

    const Bytes &name() const { return name_; }
    uint32_t default_ttl() const { return default_ttl_; }
    void set_default_ttl(uint32_t seconds) { default_ttl_ = seconds; }
    // The door to the records of a partition; see there what its lock guards.
    Partition::Locked lock(size_t partition) { return {partitions_[partition], tally_, transactions_}; }

    // Only then it has transactions, and records are removed durably.
    bool strongly_consistent() const { return strongly_consistent_; }
    Transactions &transactions() { return transactions_; }

    // 0 is "no set". A set's number never changes; nullopt: there is no such set.
    std::optional<uint16_t> set_find(View name) const;
    std::optional<uint16_t> set_make(View name);  // nullopt: too many
    Bytes set_name(uint16_t set) const;
    std::vector<Bytes> set_names() const;

    // Remove what was last written before `until` (nanoseconds), of one set or (nullopt) of all.
    void truncate(std::optional<uint16_t> set, int64_t until);
    // Remove every record and every transaction; or what one partition has.
    void clear();
    void clear(size_t partition);
    // Remove what has expired from one partition; a read does not find it anyway.
    void expire(size_t partition);
    uint64_t expired() const { return tally_.expired; }  // how many went that way

    // Indexes come and go one at a time. One that comes on few records holds them when this ends; else it is not ready
    // yet, and is built by whoever calls build_some().
    const IndexList &indexes() const { return indexes_; }
    IndexList::Added add_index(View name, const std::shared_ptr<Index> &index);
    void remove_index(View name);
    // Build a part of what is not ready, which takes little time. False: there is nothing to build, or another thread
    // does it. Short of memory, an index is given up.
    bool build_some();

    struct Count {
        size_t records = 0, bytes = 0;
    };
    std::vector<Count> counts(const std::function<bool(size_t partition)> &counted);  // by set

  private:
    // An index that holds the partitions below `next`.
    struct Build {
        std::shared_ptr<Index> index;
        size_t next;
    };

    // With indexing_mutex_, both. What an index that is in the list no more has left; null: nothing.
    void forget(const std::shared_ptr<Index> &index);
    void build(size_t records);  // an index for which memory runs out is gone

    Bytes name_;
    bool strongly_consistent_;
    std::atomic<uint32_t> default_ttl_;
    std::array<Partition, kPartitions> partitions_;
    Tally tally_;
    Transactions transactions_;
    mutable std::mutex sets_mutex_;  // guards the names of sets
    std::vector<Bytes> sets_;
    std::mutex indexing_mutex_;  // held while an index grows or goes; partitions are locked meanwhile, one by one
    IndexList indexes_;
    std::deque<Build> builds_;  // in the order in which they came
};

class Store {
  public:
    Store(const std::vector<Bytes> &namespaces, const std::vector<Bytes> &strongly_consistent, uint32_t default_ttl);
    Namespace *find(View name);
    bool build_some();  // of the indexes of one namespace
    const std::vector<std::unique_ptr<Namespace>> &namespaces() const { return namespaces_; }

  private:
    std::vector<std::unique_ptr<Namespace>> namespaces_;
};

}  // namespace embedded
