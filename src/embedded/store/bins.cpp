// SPDX-License-Identifier: Apache-2.0
#include "store/bins.hpp"

#include <algorithm>

#include "wire/msgpack.hpp"

namespace embedded {

Bins::Bins(View wire) {
    while (!wire.empty()) {
        BinView bin = next_bin(wire);
        bins_.push_back({Bytes(bin.name), bin.particle, Bytes(bin.value)});
    }
}

size_t Bins::place(View name) const {
    constexpr size_t kLookedAtMost = 1 << 16;
    if (!places_ && looked_at_ < kLookedAtMost) {
        auto found = std::find_if(bins_.begin(), bins_.end(), [name](const Bin &bin) {
            return bin.name == name && bin.particle != Particle::null;
        });
        looked_at_ += static_cast<size_t>(found - bins_.begin());
        return static_cast<size_t>(found - bins_.begin());
    }
    if (!places_) {
        places_.emplace();
        for (size_t i = 0; i < bins_.size(); i++) {
            if (bins_[i].particle != Particle::null) {
                places_->emplace(bins_[i].name, i);
            }
        }
    }
    auto found = places_->find(Bytes(name));
    return found == places_->end() ? bins_.size() : found->second;
}

const Bin *Bins::find(View name) const {
    size_t at = place(name);
    return at < bins_.size() ? &bins_[at] : nullptr;
}

Value Bins::value(View name) const {
    Value value;
    const Bin *bin = find(name);
    if (bin != nullptr) {
        from_particle(bin->particle, bin->value, value);
    }
    return value;
}

void Bins::set(View name, Particle particle, View bytes) {
    size_t at = place(name);
    if (at < bins_.size()) {
        bins_[at].particle = particle;
        bins_[at].value.assign(bytes);
        return;
    }
    if (places_) {
        places_->emplace(name, at);
    }
    bins_.push_back({Bytes(name), particle, Bytes(bytes)});
}

void Bins::set(View name, const Value &value) {
    if (!value.present()) {
        remove(name);
        return;
    }
    Bytes bytes;
    to_particle(value, bytes);
    set(name, particle_of(value), bytes);
}

void Bins::remove(View name) {
    size_t at = place(name);
    if (at < bins_.size()) {
        bins_[at] = {Bytes(), Particle::null, Bytes()};
        holes_++;
        if (places_) {
            places_->erase(Bytes(name));
        }
    }
}

const std::vector<Bin> &Bins::all() {
    if (holes_ > 0) {
        auto is_hole = [](const Bin &bin) { return bin.particle == Particle::null; };
        bins_.erase(std::remove_if(bins_.begin(), bins_.end(), is_hole), bins_.end());
        holes_ = 0;
        places_.reset();
    }
    return bins_;
}

size_t Bins::wire_size() const {
    size_t size = 0;
    for (const Bin &bin : bins_) {
        size += bin.particle == Particle::null ? 0 : kOpHeader + bin.name.size() + bin.value.size();
    }
    return size;
}

}  // namespace embedded
