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

Status join(Bins &bins, const Op &op, bool at_end) {
    if (!is_text_or_blob(op.particle)) {
        return Status::parameter;
    }
    Bin *bin = bins.find(op.name);
    if (bin == nullptr) {
        bins.set(op.name, op.particle, op.value);
        return Status::ok;
    }
    if (bin->particle != op.particle) {
        return not_fitting(bin->particle);
    }
    bin->value.insert(at_end ? bin->value.size() : 0, op.value);
    bin->opened.reset();
    return Status::ok;
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
    if (from_particle(op.particle, op.value, by) != Status::ok || !(by.is(Type::integer) || by.is(Type::real))) {
        return Status::parameter;
    }
    if (!now.present()) {
        bins.set(op.name, by);
        return Status::ok;
    }
    if (now.type() != by.type()) {
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

Status append_bin(Bins &bins, const Op &op) {
    return join(bins, op, true);
}

Status prepend_bin(Bins &bins, const Op &op) {
    return join(bins, op, false);
}

}  // namespace embedded
