// SPDX-License-Identifier: Apache-2.0
// Records by digest, what indexes hold of them, and the only door to them.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <vector>

#include "store/index.hpp"
#include "store/transactions.hpp"

namespace embedded {

// Why a record goes.
enum class Reason : uint8_t { removed, truncated, expired };

// What is counted of a namespace's records, by threads that hold the locks of different partitions.
struct Tally {
    std::atomic<uint64_t> expired{0};
};

// A partition's lock guards its records and all that hangs on them. One thread holds one such lock at a time, and takes
// no other lock meanwhile but that of the names of sets, and, for a moment, of what rests of scripts and of
// transactions.
class Partition {
  public:
    class Locked;

  private:
    std::mutex mutex_;
    std::map<Digest, Record, DigestLess> records_;  // in the order of which a scan is the reverse
    std::vector<IndexTree> indexes_;
    std::map<Digest, Provisional, DigestLess> provisional_;
};

// A partition that nobody else looks at while this lives. Every change of a record comes through here. A pointer to a
// record lives until the record of that digest is put or erased, and no longer than this.
class Partition::Locked {
  public:
    Locked(Partition &partition, Tally &tally, Transactions &transactions)
        : guard_(partition.mutex_), records_(partition.records_), indexes_(partition.indexes_),
          provisional_(partition.provisional_), tally_(tally), transactions_(transactions) {
        if (!provisional_.empty()) {
            settle();
        }
    }

    // Null: there is none, or one that has expired, which then is gone.
    const Record *find(const Digest &digest);
    const Record *put(const Digest &digest, Record record);
    void erase(const Digest &digest, Reason reason);
    size_t size() const { return records_.size(); }

    // What a transaction has written stands beside the record, which all others see, until it is rolled forward or
    // back; where its time is over, that is done when the door opens. Null: no transaction has written it.
    const Provisional *provisional(const Digest &digest) const;
    void propose(const Digest &digest, Provisional version);
    void roll(const Digest &digest, bool forward);
    void forget_provisionals() { provisional_.clear(); }
    size_t provisionals() const { return provisional_.size(); }

    // Erase those of which `goes(record)` is true.
    template <typename Goes>
    void erase_if(Goes goes, Reason reason) {
        for (auto at = records_.begin(); at != records_.end();) {
            at = goes(std::as_const(at->second)) ? gone(at, reason) : std::next(at);
        }
    }

    // The records that have not expired, from below a digest (null: from the highest) down, until `visit(digest,
    // record)` is false. False: it was.
    template <typename Visit>
    bool visit_below(const Digest *digest, Visit visit) const {
        uint32_t now = now_seconds();
        auto at = std::make_reverse_iterator(digest == nullptr ? records_.end() : records_.lower_bound(*digest));
        for (; at != records_.rend(); ++at) {
            if (!at->second.expired(now) && !visit(at->first, std::as_const(at->second))) {
                return false;
            }
        }
        return true;
    }

    // From now on an index holds what is here, and what comes; or no longer.
    void add_index(const std::shared_ptr<Index> &index);
    void remove_index(Index &index);

    // The records that have not expired and to which the entries of an index lead, from behind an entry (null: from the
    // first) up, until `visit(entry, record)` is false. False: it was. A record comes once for each of its entries.
    template <typename Visit>
    bool visit_index(const Index &index, const IndexRange &range, const IndexEntry *after, Visit visit) const {
        uint32_t now = now_seconds();
        auto follow = [&](const IndexEntry &entry) {
            auto found = std::as_const(records_).find(entry.digest);
            return found == records_.end() || found->second.expired(now) || visit(entry, found->second);
        };
        auto tree = tree_of(index);
        return tree == indexes_.end() || tree->visit(range, after, follow);
    }

  private:
    using Records = std::map<Digest, Record, DigestLess>;
    void settle();
    Records::iterator gone(Records::iterator at, Reason reason);
    std::vector<IndexKeys> add_entries(const Digest &digest, const Record *before, const Record &after);
    std::vector<IndexTree>::iterator tree_of(const Index &index) const;

    std::lock_guard<std::mutex> guard_;
    Records &records_;
    std::vector<IndexTree> &indexes_;
    std::map<Digest, Provisional, DigestLess> &provisional_;
    Tally &tally_;
    Transactions &transactions_;
};

}  // namespace embedded
