// SPDX-License-Identifier: Apache-2.0
#include "value/value.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace embedded {

namespace {

int sign(bool less, bool greater) {
    return less ? -1 : greater ? 1 : 0;
}

// Bytes compare as unsigned, the shorter first where one begins the other.
int compare_bytes(View a, View b) {
    int order = std::memcmp(a.data(), b.data(), std::min(a.size(), b.size()));
    return order != 0 ? order : sign(a.size() < b.size(), a.size() > b.size());
}

// What is no number is greater than all numbers.
int compare_real(double a, double b) {
    return std::isnan(a) || std::isnan(b) ? int{std::isnan(a)} - int{std::isnan(b)} : sign(a<b, a> b);
}

// Item by item, then by length. A wildcard ends the comparison: it stands for the rest, which is one item at least.
int compare_lists(const List &a, const List &b) {
    size_t common = std::min(a.items.size(), b.items.size());
    for (size_t i = 0; i < common; i++) {
        if (a.items[i].is(Type::wildcard) || b.items[i].is(Type::wildcard)) {
            return 0;
        }
        int order = compare(a.items[i], b.items[i]);
        if (order != 0) {
            return order;
        }
    }
    return sign(a.items.size() < b.items.size(), a.items.size() > b.items.size());
}

// By length, then all keys and values in order.
int compare_maps(const Map &a, const Map &b) {
    if (a.entries.size() != b.entries.size()) {
        return sign(a.entries.size() < b.entries.size(), true);
    }
    for (size_t i = 0; i < a.entries.size(); i++) {
        int order = compare(a.entries[i].first, b.entries[i].first);
        if (order == 0) {
            order = compare(a.entries[i].second, b.entries[i].second);
        }
        if (order != 0) {
            return order;
        }
    }
    return 0;
}

}  // namespace

Type Value::type() const {
    return static_cast<Type>(data_.index());
}

int compare(const Value &a, const Value &b) {
    if (a.is(Type::wildcard) || b.is(Type::wildcard)) {
        return 0;
    }
    if (a.type() != b.type()) {
        return sign(a.type() < b.type(), true);
    }
    switch (a.type()) {
    case Type::boolean:
        return sign(a.boolean() < b.boolean(), a.boolean() > b.boolean());
    case Type::integer:
        return sign(a.integer() < b.integer(), a.integer() > b.integer());
    case Type::string:
        return compare_bytes(a.text(), b.text());
    case Type::list:
        return compare_lists(a.list(), b.list());
    case Type::map:
        return compare_maps(a.map(), b.map());
    case Type::blob:
        return compare_bytes(a.blob().bytes, b.blob().bytes);
    case Type::real:
        return compare_real(a.real(), b.real());
    case Type::geojson:
        return compare_bytes(a.geojson().text, b.geojson().text);
    default:
        return 0;
    }
}

void settle(Value &value) {
    if (value.is(Type::map) && !value.map().sorted) {
        Map &map = value.map();
        std::sort(map.entries.begin(), map.entries.end(),
                  [](const auto &a, const auto &b) { return a.first < b.first; });
        map.order = 0;
        map.sorted = true;
    }
}

bool is_map_key(const Value &key) {
    return key.is(Type::integer) || key.is(Type::string) || key.is(Type::blob);
}

Particle particle_of(const Value &value) {
    switch (value.type()) {
    case Type::boolean:
        return Particle::boolean;
    case Type::integer:
        return Particle::integer;
    case Type::string:
        return Particle::string;
    case Type::list:
        return Particle::list;
    case Type::map:
        return Particle::map;
    case Type::blob:
        return value.blob().particle;
    case Type::real:
        return Particle::real;
    case Type::geojson:
        return Particle::geojson;
    default:
        return Particle::null;
    }
}

}  // namespace embedded
