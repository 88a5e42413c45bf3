// SPDX-License-Identifier: Apache-2.0
#include "expression/record_view.hpp"

#include "wire/msgpack.hpp"
#include "wire/wire.hpp"

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
        return bins_->type(name);
    }
    auto found = record_ == nullptr ? std::nullopt : find_bin(record_->bins(), name);
    return found ? found->particle : Particle::null;
}

// As it is stored: one that is sent with the command does not count.
Value StoredView::key() const {
    Value value;
    if (record_ != nullptr && record_->key_size > 0) {
        View key = record_->key();
        from_particle(static_cast<Particle>(key[0]), key.substr(1), value);
    }
    return value;
}

int64_t StoredView::last_update() const {
    return written_ != nullptr || record_ == nullptr ? now() : record_->last_update;
}

uint32_t StoredView::expires() const {
    if (written_ != nullptr) {
        return written_->void_time;
    }
    return record_ == nullptr ? 0 : record_->void_time;
}

int64_t StoredView::ttl_seconds() const {
    return expires() == 0 ? -1 : int64_t(expires()) - (now() / kSecond - kEpoch);
}

int64_t StoredView::void_time() const {
    return expires() == 0 ? -1 : (expires() + kEpoch) * kSecond;
}

int64_t StoredView::record_size() const {
    constexpr int64_t kNotStoredYet = 16;
    return record_ == nullptr ? kNotStoredYet : int64_t(stored_size(*record_, set_name_));
}

namespace {

size_t count_size(size_t count) {
    size_t size = 1;
    for (; count >= 128; count /= 128) {
        size++;
    }
    return size;
}

size_t integer_size(View value) {
    auto number = read_number(value.data(), static_cast<int>(value.size()));
    return number <= UINT8_MAX ? 1 : number <= UINT16_MAX ? 2 : number <= UINT32_MAX ? 4 : 8;
}

size_t particle_size(const BinView &bin) {
    switch (bin.particle) {
    case Particle::integer:
        return 2 + integer_size(bin.value);
    case Particle::real:
        return 9;
    case Particle::boolean:
        return 2;
    default:
        return 5 + bin.value.size();
    }
}

size_t key_size(const Record &record) {
    if (record.key_size == 0) {
        return 0;
    }
    bool integer = static_cast<Particle>(record.key()[0]) == Particle::integer;
    size_t size = integer ? 1 + sizeof(int64_t) : record.key_size;
    return count_size(size) + size;
}

}  // namespace

size_t stored_size(const Record &record, View set_name) {
    constexpr size_t kHeader = 39, kVoidTime = 4, kUnit = 16;
    size_t size = kHeader + (record.void_time != 0 ? kVoidTime : 0) + key_size(record);
    size += set_name.empty() ? 0 : 1 + set_name.size();
    size_t count = 0;
    for (View bins = record.bins(); !bins.empty(); count++) {
        BinView bin = next_bin(bins);
        size += 1 + bin.name.size() + particle_size(bin);
    }
    return (size + count_size(count) + kUnit - 1) / kUnit * kUnit;
}

}  // namespace embedded
