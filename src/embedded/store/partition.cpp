// SPDX-License-Identifier: Apache-2.0
#include "store/partition.hpp"

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
    return &records_.insert_or_assign(digest, std::move(record)).first->second;
}

void Partition::Locked::erase(const Digest &digest, Reason reason) {
    auto found = records_.find(digest);
    if (found != records_.end()) {
        gone(found, reason);
    }
}

Partition::Locked::Records::iterator Partition::Locked::gone(Records::iterator at, Reason reason) {
    tally_.expired += reason == Reason::expired;
    return records_.erase(at);
}

}  // namespace embedded
