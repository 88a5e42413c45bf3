// SPDX-License-Identifier: Apache-2.0
// The data types of a bin and their total order.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace embedded {

using Bytes = std::string;
using View = std::string_view;

// How a value is tagged in a bin (the wire calls it the particle type).
enum class Particle : uint8_t {
    null = 0,
    integer = 1,
    real = 2,
    string = 3,
    blob = 4,
    java = 7,
    csharp = 8,
    python = 9,
    ruby = 10,
    php = 11,
    erlang = 12,
    boolean = 17,
    hll = 18,
    map = 19,
    list = 20,
    geojson = 23,
};

// In the order in which the server sorts values of different types.
// `none` is the absence of a value (no such bin, no result); it never stands inside a list or map.
enum class Type : uint8_t { none, nil, boolean, integer, string, list, map, blob, real, geojson, infinity, wildcard };

class Value;
struct Nil {};
struct Infinity {};
struct Wildcard {};

struct Blob {
    Bytes bytes;
    Particle particle = Particle::blob;  // hll and the languages' blobs are blobs with a name of their own
};

struct GeoJson {
    Bytes text;
};

struct List {
    std::vector<Value> items;
    bool ordered = false;
    bool persisted = false;  // the attribute "persist index": kept, though there is no index
};

// Entries are sorted by key and unique, whatever the order attribute says; but in an answer, which has them as they
// were found.
struct Map {
    std::vector<std::pair<Value, Value>> entries;
    uint8_t order = 0;  // 0 unordered, 1 key ordered, 3 key and value ordered, kKeepOrder
    bool persisted = false;
    bool sorted = true;
};
constexpr uint8_t kKeepOrder = 8;  // of an answer KEY_VALUE: a client is to show the entries as they stand

class Value {
  public:
    Value() = default;
    Value(Nil v) : data_(v) {}
    Value(bool v) : data_(v) {}
    Value(int64_t v) : data_(v) {}
    Value(double v) : data_(v) {}
    Value(Bytes text) : data_(std::move(text)) {}
    Value(Blob v) : data_(std::move(v)) {}
    Value(GeoJson v) : data_(std::move(v)) {}
    Value(List v) : data_(std::move(v)) {}
    Value(Map v) : data_(std::move(v)) {}
    Value(Infinity v) : data_(v) {}
    Value(Wildcard v) : data_(v) {}
    template <typename Pointer>
    Value(const Pointer *) = delete;  // a literal would quietly become a bool

    Type type() const;
    bool is(Type t) const { return type() == t; }
    bool present() const { return type() != Type::none; }

    // Each asks for the type that the value has; anything else is a mistake of the caller.
    bool boolean() const { return std::get<bool>(data_); }
    int64_t integer() const { return std::get<int64_t>(data_); }
    double real() const { return std::get<double>(data_); }
    const Bytes &text() const { return std::get<Bytes>(data_); }
    const Blob &blob() const { return std::get<Blob>(data_); }
    const GeoJson &geojson() const { return std::get<GeoJson>(data_); }
    const List &list() const { return std::get<List>(data_); }
    const Map &map() const { return std::get<Map>(data_); }
    Bytes &text() { return std::get<Bytes>(data_); }
    Blob &blob() { return std::get<Blob>(data_); }
    List &list() { return std::get<List>(data_); }
    Map &map() { return std::get<Map>(data_); }

  private:
    // the alternatives stand in the order of Type
    std::variant<std::monostate, Nil, bool, int64_t, Bytes, List, Map, Blob, double, GeoJson, Infinity, Wildcard> data_;
};

// The server's total order over all values: negative, zero or positive. Infinity is greater than
// everything; a wildcard equals everything that stands at its place or after it.
int compare(const Value &a, const Value &b);
inline bool operator<(const Value &a, const Value &b) {
    return compare(a, b) < 0;
}
inline bool operator==(const Value &a, const Value &b) {
    return compare(a, b) == 0;
}

// A map that was an answer becomes one like others, before it is stored or worked on.
void settle(Value &value);

// Can this be a map key on a server of version 8.1?
bool is_map_key(const Value &key);

// The name of the bin type in the wire's terms.
Particle particle_of(const Value &value);

}  // namespace embedded
