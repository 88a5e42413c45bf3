// SPDX-License-Identifier: Apache-2.0
#include "store/index.hpp"

namespace embedded {

size_t Index::used_bytes() const {
    constexpr size_t kNode = 4 * sizeof(void *) + sizeof(IndexEntry);  // of a tree
    return kPartitions * sizeof(IndexTree) + entries * kNode;
}

void IndexTree::add(const Digest &digest, const IndexKeys &keys) {
    for (int64_t key : keys) {
        index_->entries += entries_.insert({key, digest}).second;
    }
}

void IndexTree::remove(const Digest &digest, const IndexKeys &keys) {
    for (int64_t key : keys) {
        index_->entries -= entries_.erase({key, digest});
    }
}

void IndexTree::clear() {
    index_->entries -= entries_.size();
    entries_.clear();
}

std::vector<IndexList::Named>::const_iterator IndexList::place(View name) const {
    return std::find_if(list_.begin(), list_.end(), [name](const Named &one) { return one.name == name; });
}

std::vector<IndexList::Named> IndexList::all() const {
    std::lock_guard guard(mutex_);
    return list_;
}

std::shared_ptr<Index> IndexList::find(View name) const {
    std::lock_guard guard(mutex_);
    auto found = place(name);
    return found == list_.end() ? nullptr : found->index;
}

std::shared_ptr<Index> IndexList::find_definition(View definition) const {
    std::lock_guard guard(mutex_);
    for (const Named &one : list_) {
        if (one.index->definition() == definition) {
            return one.index;
        }
    }
    return nullptr;
}

IndexList::Added IndexList::add(View name, const std::shared_ptr<Index> &index) {
    constexpr size_t kIndexesMost = 256;
    std::lock_guard guard(mutex_);
    auto named = place(name);
    if (named != list_.end()) {
        return named->index->definition() == index->definition() ? Added::there : Added::name_taken;
    }
    for (Named &one : list_) {
        if (one.index->definition() == index->definition()) {
            one.name = name;
            return Added::there;
        }
    }
    if (list_.size() == kIndexesMost) {
        return Added::too_many;
    }
    list_.push_back({Bytes(name), index});
    return Added::fresh;
}

std::shared_ptr<Index> IndexList::take(std::vector<Named>::const_iterator place) {
    if (place == list_.end()) {
        return nullptr;
    }
    std::shared_ptr<Index> index = place->index;
    list_.erase(place);
    return index;
}

std::shared_ptr<Index> IndexList::remove(View name) {
    std::lock_guard guard(mutex_);
    return take(place(name));
}

std::shared_ptr<Index> IndexList::remove(const Index &index) {
    std::lock_guard guard(mutex_);
    return take(
        std::find_if(list_.cbegin(), list_.cend(), [&](const Named &one) { return one.index.get() == &index; }));
}

}  // namespace embedded
