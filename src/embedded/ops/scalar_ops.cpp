// SPDX-License-Identifier: Apache-2.0
#include "ops/scalar_ops.hpp"

#include "wire/msgpack.hpp"
#include "wire/wire.hpp"

namespace embedded {

namespace {

bool is_map_or_list(Particle particle) {
    return particle == Particle::list || particle == Particle::map;
}

bool is_text_or_blob(Particle particle) {
    return particle == Particle::string || particle == Particle::blob;
}

// What a server says of a bin of another type.
Status not_fitting(Particle particle) {
    return particle == Particle::geojson ? Status::server : Status::incompatible_type;
}

}  // namespace

// A list or map is stored as the server would: its maps in key order.
Status write_bin(Bins &bins, const Op &op) {
    if (op.particle == Particle::null) {
        bins.remove(op.name);
        return Status::ok;
    }
    Value value;
    Status status = from_particle(op.particle, op.value, value);
    if (status != Status::ok) {
        return status;
    }
    if (is_map_or_list(op.particle)) {
        bins.set(op.name, value);
    } else {
        bins.set(op.name, op.particle, op.value);
    }
    return Status::ok;
}

Status increment_bin(Bins &bins, const Op &op) {
    Value by, now = bins.value(op.name);
    if (op.particle == Particle::null || from_particle(op.particle, op.value, by) != Status::ok) {
        return Status::parameter;
    }
    if (!now.present()) {
        return write_bin(bins, op);
    }
    if (now.type() != by.type() || !(by.is(Type::integer) || by.is(Type::real))) {
        return not_fitting(particle_of(now));
    }
    if (now.is(Type::real)) {
        bins.set(op.name, Value(now.real() + by.real()));
    } else {  // wraps around
        auto sum = static_cast<uint64_t>(now.integer()) + static_cast<uint64_t>(by.integer());
        bins.set(op.name, Value(static_cast<int64_t>(sum)));
    }
    return Status::ok;
}

namespace {

// What is no text is stored where there is no bin, and fits no bin that is there.
Status join(Bins &bins, const Op &op, bool at_end) {
    Bin *bin = bins.find(op.name);
    if (op.particle == Particle::null) {
        return Status::parameter;
    }
    if (bin == nullptr) {
        return write_bin(bins, op);
    }
    if (bin->particle != op.particle || !is_text_or_blob(op.particle)) {
        return not_fitting(bin->particle);
    }
    bin->value.insert(at_end ? bin->value.size() : 0, op.value);
    bin->opened.reset();
    return Status::ok;
}

}  // namespace

Status append_bin(Bins &bins, const Op &op) {
    return join(bins, op, true);
}

Status prepend_bin(Bins &bins, const Op &op) {
    return join(bins, op, false);
}

}  // namespace embedded
