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

namespace {

void settle(Bin &bin) {
    if (bin.changed) {
        bin.value.clear();
        to_particle(*bin.opened, bin.value);
        bin.changed = false;
    }
}

}  // namespace

Bin *Bins::find(View name) {
    size_t at = place(name);
    if (at == bins_.size()) {
        return nullptr;
    }
    settle(bins_[at]);
    return &bins_[at];
}

Particle Bins::type(View name) const {
    size_t at = place(name);
    return at < bins_.size() ? bins_[at].particle : Particle::null;
}

Value Bins::value(View name) const {
    Value value;
    size_t at = place(name);
    if (at < bins_.size() && bins_[at].opened) {
        return *bins_[at].opened;
    }
    if (at < bins_.size()) {
        from_particle(bins_[at].particle, bins_[at].value, value);
    }
    return value;
}

Bin &Bins::add(View name, Particle particle) {
    if (places_) {
        places_->emplace(name, bins_.size());
    }
    bins_.push_back({Bytes(name), particle, Bytes()});
    return bins_.back();
}

void Bins::set(View name, Particle particle, View bytes) {
    size_t at = place(name);
    Bin &bin = at < bins_.size() ? bins_[at] : add(name, particle);
    bin.particle = particle;
    bin.value.assign(bytes);
    bin.opened.reset();
    bin.changed = false;
}

void Bins::set(View name, Value value) {
    open(name) = std::move(value);
    keep(name);
}

Value &Bins::open(View name) {
    size_t at = place(name);
    if (at == bins_.size()) {
        return absent_ = Value();
    }
    Bin &bin = bins_[at];
    if (!bin.opened) {
        from_particle(bin.particle, bin.value, bin.opened.emplace());
    }
    return *bin.opened;
}

void Bins::keep(View name) {
    size_t at = place(name);
    bool there = at < bins_.size();
    const Value &value = there ? *bins_[at].opened : absent_;
    if (!value.present()) {
        remove(name);
        return;
    }
    Particle particle = particle_of(value);
    Bin &bin = there ? bins_[at] : add(name, particle);
    if (!there) {
        bin.opened = std::move(absent_);
    }
    bin.particle = particle;
    bin.changed = true;
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
    for (Bin &bin : bins_) {
        settle(bin);
    }
    if (holes_ > 0) {
        auto is_hole = [](const Bin &bin) { return bin.particle == Particle::null; };
        bins_.erase(std::remove_if(bins_.begin(), bins_.end(), is_hole), bins_.end());
        holes_ = 0;
        places_.reset();
    }
    return bins_;
}

size_t Bins::wire_size() {
    size_t size = 0;
    for (const Bin &bin : all()) {
        size += kOpHeader + bin.name.size() + bin.value.size();
    }
    return size;
}

}  // namespace embedded
