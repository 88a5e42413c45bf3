// SPDX-License-Identifier: Apache-2.0
#include "index/predicate.hpp"

#include <algorithm>
#include <tuple>

#include "wire/wire.hpp"

namespace embedded {

namespace {

// Takes a run of bytes behind its size off the field. False: there are not as many.
bool take_sized(View &field, int width, View &out) {
    auto size_bytes = static_cast<size_t>(width);
    if (field.size() < size_bytes) {
        return false;
    }
    uint64_t size = read_number(field.data(), width);
    field.remove_prefix(size_bytes);
    if (size > field.size()) {
        return false;
    }
    out = field.substr(0, size);
    field.remove_prefix(size);
    return true;
}

bool type_of_particle(uint8_t particle, Type &out) {
    constexpr std::pair<Particle, Type> kTypes[] = {{Particle::integer, Type::integer},
                                                    {Particle::string, Type::string},
                                                    {Particle::blob, Type::blob},
                                                    {Particle::geojson, Type::geojson}};
    for (auto [known, type] : kTypes) {
        if (static_cast<uint8_t>(known) == particle) {
            out = type;
            return true;
        }
    }
    return false;
}

}  // namespace

bool IndexPredicate::parse(View field, IndexPredicate &out) {
    View bin, low, high;
    if (field.empty() || field[0] != 1) {  // how many predicates
        return false;
    }
    field.remove_prefix(1);
    if (!take_sized(field, 1, bin) || bin.size() > kBinNameMost || field.empty() ||
        !type_of_particle(static_cast<uint8_t>(field[0]), out.type_)) {
        return false;
    }
    out.bin_ = bin;
    field.remove_prefix(1);
    return take_sized(field, 4, low) && take_sized(field, 4, high) && field.empty() && out.read_bounds(low, high);
}

bool IndexPredicate::read_bounds(View low, View high) {
    switch (type_) {
    case Type::integer:
        if (low.size() != sizeof(int64_t) || high.size() != sizeof(int64_t)) {
            return false;
        }
        range_.low = static_cast<int64_t>(read_number(low.data(), 8));
        range_.high = static_cast<int64_t>(read_number(high.data(), 8));
        return range_.low <= range_.high;
    case Type::geojson:
        return read_geometry(low);
    default:
        bytes_ = low;
        range_.low = range_.high = *index_key(type_, type_ == Type::string ? Value(bytes_) : Value(Blob{bytes_}));
        return low == high;
    }
}

// Points fit a region, and regions a point.
bool IndexPredicate::read_geometry(View text) {
    if (!Geometry::parse(text, geometry_) || !geometry_.is_simple()) {
        return false;
    }
    if (geometry_.is_region()) {
        bounds_ = geometry_.bounds();
        std::tie(range_.low, range_.high) = bounds_.places();
    } else {
        range_.high = -1;
    }
    return true;
}

bool IndexPredicate::fits(const Value &value) const {
    Geometry geometry;
    switch (value.is(type_) ? type_ : Type::none) {
    case Type::integer:
        return range_.low <= value.integer() && value.integer() <= range_.high;
    case Type::string:
        return value.text() == bytes_;
    case Type::blob:
        return value.blob().bytes == bytes_;
    case Type::geojson:
        return Geometry::parse(value.geojson().text, geometry) && geometries_match(geometry_, geometry);
    default:
        return false;
    }
}

bool IndexPredicate::takes(const RecordIndex &index, const std::optional<IndexEntry> &start, const IndexEntry &entry,
                           const Record &record) const {
    if (type_ == Type::geojson && geometry_.is_region() && !bounds_.is_near(entry.key)) {
        return false;
    }
    IndexKeys keys = index.keys_of(entry.digest, record, [this](const Value &value) { return fits(value); });
    if (type_ == Type::geojson) {
        return std::binary_search(keys.begin(), keys.end(), entry.key);
    }
    auto is_before = [&](int64_t key) { return start && !(*start < IndexEntry{key, entry.digest}); };
    auto lowest = std::find_if_not(keys.begin(), keys.end(), is_before);
    return lowest != keys.end() && *lowest == entry.key;
}

}  // namespace embedded
