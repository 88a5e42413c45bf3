// SPDX-License-Identifier: Apache-2.0
#include "store/store.hpp"

#include <algorithm>
#include <new>

namespace embedded {

namespace {

constexpr size_t kBuildAtOnce = 10000;  // records of a new index, before its creation is answered
constexpr size_t kBuildPiece = 1000;  // afterwards, before others have their turn

}  // namespace

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
    auto goes = [&](const Record &record) { return record.last_update < until && (!set || record.set == *set); };
    for (size_t id = 0; id < kPartitions; id++) {
        lock(id).erase_if(goes, Reason::truncated);
    }
}

void Namespace::clear() {
    transactions_.clear();
    for (size_t id = 0; id < kPartitions; id++) {
        clear(id);
    }
}

void Namespace::clear(size_t partition) {
    Partition::Locked locked = lock(partition);
    locked.forget_provisionals();
    locked.erase_if([](const Record &) { return true; }, Reason::truncated);
}

void Namespace::expire(size_t partition) {
    uint32_t now = now_seconds();
    lock(partition).erase_if([now](const Record &record) { return record.expired(now); }, Reason::expired);
}

IndexList::Added Namespace::add_index(View name, const std::shared_ptr<Index> &index) {
    std::lock_guard guard(indexing_mutex_);
    IndexList::Added added = indexes_.add(name, index);
    try {
        if (added == IndexList::Added::fresh) {
            builds_.push_back({index, 0});
            build(kBuildAtOnce);
        }
    } catch (const std::bad_alloc &) {
        forget(indexes_.remove(*index));
        throw;
    }
    return added;
}

// So many records, or a few more, for a partition is built as a whole.
void Namespace::build(size_t records) {
    while (!builds_.empty() && records > 0) {
        Build &first = builds_.front();
        try {
            Partition::Locked partition = lock(first.next++);
            partition.add_index(first.index);
            records -= std::min(records, partition.size());
        } catch (const std::bad_alloc &) {
            forget(indexes_.remove(*first.index));
            throw;
        }
        if (first.next == kPartitions) {
            builds_.pop_front();
        }
    }
}

bool Namespace::build_some() {
    std::unique_lock guard(indexing_mutex_, std::try_to_lock);
    if (!guard.owns_lock() || builds_.empty()) {
        return false;
    }
    try {
        build(kBuildPiece);
    } catch (const std::bad_alloc &) {
        // one less: who waits for it hears that it is not there
    }
    return !builds_.empty();
}

void Namespace::remove_index(View name) {
    std::lock_guard guard(indexing_mutex_);
    forget(indexes_.remove(name));
}

void Namespace::forget(const std::shared_ptr<Index> &index) {
    if (index == nullptr) {
        return;
    }
    auto of_it = [&index](const Build &one) { return one.index == index; };
    builds_.erase(std::remove_if(builds_.begin(), builds_.end(), of_it), builds_.end());
    for (size_t id = 0; id < kPartitions; id++) {
        lock(id).remove_index(*index);
    }
}

std::vector<Namespace::Count> Namespace::counts(const std::function<bool(size_t partition)> &counted) {
    std::vector<Count> counts(set_names().size());
    auto count = [&counts](const Digest &, const Record &record) {
        if (record.set < counts.size()) {  // another one may have come since
            counts[record.set].records++;
            counts[record.set].bytes += record.block.size();
        }
        return true;
    };
    for (size_t id = 0; id < kPartitions; id++) {
        if (counted(id)) {
            lock(id).visit_below(nullptr, count);
        }
    }
    return counts;
}

Store::Store(const std::vector<Bytes> &namespaces, const std::vector<Bytes> &strongly_consistent,
             uint32_t default_ttl) {
    for (const Bytes &name : namespaces) {
        bool strong = std::count(strongly_consistent.begin(), strongly_consistent.end(), name) > 0;
        namespaces_.push_back(std::make_unique<Namespace>(name, default_ttl, strong));
    }
}

bool Store::build_some() {
    return std::any_of(namespaces_.begin(), namespaces_.end(), [](const auto &ns) { return ns->build_some(); });
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
