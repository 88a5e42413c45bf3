// SPDX-License-Identifier: Apache-2.0
#include "bins.hpp"

#include <algorithm>

#include "msgpack.hpp"

namespace embedded {

Bins::Bins(View wire) {
    while (!wire.empty()) {
        BinView bin = next_bin(wire);
        bins_.push_back({Bytes(bin.name), bin.particle, Bytes(bin.value)});
    }
}

const Bin *Bins::find(View name) const {
    for (const Bin &bin : bins_) {
        if (bin.name == name) {
            return &bin;
        }
    }
    return nullptr;
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
    Bin *bin = const_cast<Bin *>(find(name));
    if (bin == nullptr) {
        bins_.push_back({Bytes(name), particle, Bytes(bytes)});
        return;
    }
    bin->particle = particle;
    bin->value.assign(bytes);
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
    bins_.erase(std::remove_if(bins_.begin(), bins_.end(), [&](const Bin &bin) { return bin.name == name; }),
                bins_.end());
}

size_t Bins::wire_size() const {
    size_t size = 0;
    for (const Bin &bin : bins_) {
        size += kOpHeader + bin.name.size() + bin.value.size();
    }
    return size;
}

}  // namespace embedded
