// SPDX-License-Identifier: Apache-2.0
#include "expression/record_view.hpp"

#include "wire/msgpack.hpp"

namespace embedded {

Value StoredView::bin(View name) const {
    if (bins_ != nullptr) {
        return bins_->value(name);
    }
    Value value;
    if (record_ != nullptr) {
        auto found = find_bin(record_->bins(), name);
        if (found) {
            from_particle(found->particle, found->value, value);
        }
    }
    return value;
}

Particle StoredView::bin_type(View name) const {
    if (bins_ != nullptr) {
        const Bin *bin = bins_->find(name);
        return bin == nullptr ? Particle::null : bin->particle;
    }
    auto found = record_ == nullptr ? std::nullopt : find_bin(record_->bins(), name);
    return found ? found->particle : Particle::null;
}

Value StoredView::key() const {
    Value value;
    if (!key_.empty()) {
        from_particle(static_cast<Particle>(key_[0]), key_.substr(1), value);
    }
    return value;
}

int64_t StoredView::ttl_seconds() const {
    return record_ == nullptr || record_->void_time == 0 ? -1
                                                         : static_cast<int64_t>(record_->void_time) - now_seconds();
}

int64_t StoredView::void_time() const {
    return record_ == nullptr || record_->void_time == 0 ? -1 : (record_->void_time + kEpoch) * kSecond;
}

// What a server needs on its device for the record: a header, then set name, key and bins.
int64_t StoredView::record_size() const {
    constexpr int64_t kHeader = 40;
    if (record_ == nullptr) {
        return 0;
    }
    auto size = static_cast<int64_t>(record_->block.size()) + kHeader + static_cast<int64_t>(set_name_.size());
    return (size + 15) / 16 * 16;
}

}  // namespace embedded
