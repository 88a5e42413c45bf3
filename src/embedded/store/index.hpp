// SPDX-License-Identifier: Apache-2.0
// Secondary indexes: the entries of each partition, and the list of a namespace.
#pragma once

#include <algorithm>
#include <atomic>
#include <limits>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include "store/record.hpp"

namespace embedded {

// The values of records as an index orders them: numbers as they are, anything else as a hash.
using IndexKeys = std::vector<int64_t>;

// What an index holds of records. It never changes but for what is counted, so that it needs no lock.
class Index {
  public:
    explicit Index(Bytes definition) : definition_(std::move(definition)) {}
    virtual ~Index() = default;

    // Two indexes of one definition hold the same.
    const Bytes &definition() const { return definition_; }
    // Of one record: in order, and each once. It is the same whenever it is asked for of the same record.
    virtual IndexKeys keys(const Digest &digest, const Record &record) const = 0;

    std::atomic<uint64_t> entries{0};
    std::atomic<uint32_t> built{0};  // partitions whose records it holds
    bool ready() const { return built == kPartitions; }
    size_t used_bytes() const;

  private:
    Bytes definition_;
};

struct IndexEntry {
    int64_t key;
    Digest digest;
    bool operator<(const IndexEntry &other) const {
        return key != other.key ? key < other.key : DigestLess()(digest, other.digest);
    }
};

// Keys from `low` to `high`, both included.
struct IndexRange {
    int64_t low = std::numeric_limits<int64_t>::min(), high = std::numeric_limits<int64_t>::max();
};

// The entries that one index has of the records of one partition, whose lock guards them. Short of memory, an entry may
// outlive its value or its record, but no value is without its entry: who follows an entry looks at the record.
class IndexTree {
  public:
    explicit IndexTree(std::shared_ptr<Index> index) : index_(std::move(index)) {}
    IndexTree(IndexTree &&) = default;
    IndexTree &operator=(IndexTree &&) = default;

    const std::shared_ptr<Index> &index() const { return index_; }
    void add(const Digest &digest, const IndexKeys &keys);
    void remove(const Digest &digest, const IndexKeys &keys);
    void clear();

    // The entries of a range, from behind one (null: from the first) up, until `visit(entry)` is false. False: it was.
    template <typename Visit>
    bool visit(const IndexRange &range, const IndexEntry *after, Visit visit) const {
        auto at = after != nullptr && after->key >= range.low ? entries_.upper_bound(*after)
                                                              : entries_.lower_bound({range.low, Digest{}});
        for (; at != entries_.end() && at->key <= range.high; ++at) {
            if (!visit(*at)) {
                return false;
            }
        }
        return true;
    }

  private:
    std::shared_ptr<Index> index_;
    std::set<IndexEntry> entries_;
};

// The indexes of a namespace by name, in the order in which they came.
class IndexList {
  public:
    struct Named {
        Bytes name;
        std::shared_ptr<Index> index;
    };

    std::vector<Named> all() const;
    // Null: there is none.
    std::shared_ptr<Index> find(View name) const;
    std::shared_ptr<Index> find_definition(View definition) const;

    // What became of an index that was to be: it is new and not built yet, or was there, by this name or another one
    // which then is this one; or the name is that of another index, or there are too many.
    enum class Added : uint8_t { fresh, there, name_taken, too_many };
    Added add(View name, const std::shared_ptr<Index> &index);
    // What was removed; null: there was none.
    std::shared_ptr<Index> remove(View name);
    std::shared_ptr<Index> remove(const Index &index);

  private:
    std::vector<Named>::const_iterator place(View name) const;
    std::shared_ptr<Index> take(std::vector<Named>::const_iterator place);

    mutable std::mutex mutex_;  // guards the list; nothing else is locked meanwhile
    std::vector<Named> list_;
};

}  // namespace embedded
