// SPDX-License-Identifier: Apache-2.0
#include "store/partition.hpp"

#include <iterator>
#include <new>
#include <utility>

namespace embedded {

const Record *Partition::Locked::find(const Digest &digest) {
    auto found = records_.find(digest);
    if (found == records_.end()) {
        return nullptr;
    }
    if (found->second.expired(now_seconds())) {
        gone(found, Reason::expired);
        return nullptr;
    }
    return &found->second;
}

const Record *Partition::Locked::put(const Digest &digest, Record record) {
    auto before = records_.find(digest);
    auto outdated = add_entries(digest, before == records_.end() ? nullptr : &before->second, record);
    const Record *stored = &records_.insert_or_assign(digest, std::move(record)).first->second;
    for (size_t i = 0; i < indexes_.size(); i++) {
        indexes_[i].remove(digest, outdated[i]);
    }
    return stored;
}

// The entries of what a record is to be. Given are the keys of what it was and will no longer be, for each index.
std::vector<IndexKeys> Partition::Locked::add_entries(const Digest &digest, const Record *before, const Record &after) {
    std::vector<IndexKeys> outdated(indexes_.size());
    for (size_t i = 0; i < indexes_.size(); i++) {
        const Index &index = *indexes_[i].index();
        IndexKeys now = index.keys(digest, after), then;
        if (before != nullptr) {
            then = index.keys(digest, *before);
        }
        std::set_difference(then.begin(), then.end(), now.begin(), now.end(), std::back_inserter(outdated[i]));
        indexes_[i].add(digest, now);
    }
    return outdated;
}

void Partition::Locked::erase(const Digest &digest, Reason reason) {
    auto found = records_.find(digest);
    if (found != records_.end()) {
        gone(found, reason);
    }
}

Partition::Locked::Records::iterator Partition::Locked::gone(Records::iterator at, Reason reason) {
    tally_.expired += reason == Reason::expired;
    for (IndexTree &tree : indexes_) {
        try {
            tree.remove(at->first, tree.index()->keys(at->first, at->second));
        } catch (const std::bad_alloc &) {
            // the entries lead nowhere; a record that goes must not stay for that
        }
    }
    return records_.erase(at);
}

const Provisional *Partition::Locked::provisional(const Digest &digest) const {
    auto found = provisional_.find(digest);
    return found == provisional_.end() ? nullptr : &found->second;
}

void Partition::Locked::propose(const Digest &digest, Provisional version) {
    provisional_.insert_or_assign(digest, std::move(version));
}

void Partition::Locked::roll(const Digest &digest, bool forward) {
    auto found = provisional_.find(digest);
    if (found == provisional_.end()) {
        return;
    }
    Provisional &version = found->second;
    if (forward && version.record) {
        put(digest, *version.record);  // a copy: short of memory, the version waits for another time
    } else if (forward) {
        erase(digest, Reason::removed);
    }
    transactions_.settled(version.transaction, digest);
    provisional_.erase(found);
}

void Partition::Locked::settle() {
    uint32_t now = now_seconds();
    std::vector<Digest> overdue;
    for (const auto &[digest, version] : provisional_) {
        if (version.deadline < now) {
            overdue.push_back(digest);
        }
    }
    for (const Digest &digest : overdue) {
        uint64_t transaction = provisional_.at(digest).transaction;
        roll(digest, transactions_.fate(transaction) == Transactions::Fate::stands);
    }
}

void Partition::Locked::add_index(const std::shared_ptr<Index> &index) {
    IndexTree &tree = indexes_.emplace_back(index);
    for (const auto &[digest, record] : records_) {
        tree.add(digest, index->keys(digest, record));
    }
    index->built++;
}

void Partition::Locked::remove_index(Index &index) {
    auto tree = tree_of(index);
    if (tree != indexes_.end()) {
        tree->clear();
        indexes_.erase(tree);
        index.built--;
    }
}

std::vector<IndexTree>::iterator Partition::Locked::tree_of(const Index &index) const {
    auto holds = [&index](const IndexTree &tree) { return tree.index().get() == &index; };
    return std::find_if(indexes_.begin(), indexes_.end(), holds);
}

}  // namespace embedded
