// SPDX-License-Identifier: Apache-2.0
#include "wire/msgpack.hpp"

#include <algorithm>
#include <cstring>

#include "text/geo.hpp"
#include "wire/wire.hpp"

namespace embedded {

namespace {

// Marks of ordered containers, as the flags of an ext of length 0 at their front.
constexpr uint8_t kExt8 = 0xc7;
constexpr uint8_t kOrdered = 0x01;
constexpr uint8_t kPersisted = 0x10;
constexpr uint8_t kValueOrdered = 0x02;
// The ext of one byte that marks a comparison value.
constexpr uint8_t kFixExt1 = 0xd4;
constexpr uint8_t kComparison = 0xff;

// ---- reading ----

struct Reader {
    View in;
    bool good = true;

    bool fail() {
        good = false;
        return false;
    }

    bool number(int width, uint64_t &out) {
        if (in.size() < static_cast<size_t>(width)) {
            return fail();
        }
        out = read_number(in.data(), width);
        in.remove_prefix(width);
        return true;
    }

    bool value(Value &out, int depth);
    bool bytes(size_t size, Value &out);
    bool list(size_t count, Value &out, int depth);
    bool map(size_t count, Value &out, int depth);
    bool extension(size_t size, Value &out);
    bool wide(uint8_t code, Value &out, int depth);
    bool integer(uint8_t code, Value &out);
    bool mark(size_t &count, uint8_t &flags);
};

bool Reader::bytes(size_t size, Value &out) {
    if (size == 0 || size > in.size()) {
        return fail();
    }
    auto particle = static_cast<Particle>(in[0]);
    Bytes content(in.substr(1, size - 1));
    in.remove_prefix(size);
    if (particle == Particle::string) {
        out = std::move(content);
    } else if (particle == Particle::geojson) {
        out = GeoJson{std::move(content)};
    } else {
        out = Blob{std::move(content), particle};
    }
    return true;
}

bool Reader::mark(size_t &count, uint8_t &flags) {
    if (count == 0 || in.size() < 3 || static_cast<uint8_t>(in[0]) != kExt8 || in[1] != 0) {
        return false;
    }
    flags = static_cast<uint8_t>(in[2]);
    in.remove_prefix(3);
    count--;
    return true;
}

bool Reader::list(size_t count, Value &out, int depth) {
    if (count > in.size() || depth > kMaxDepth) {
        return fail();
    }
    List made;
    uint8_t flags = 0;
    mark(count, flags);
    made.ordered = (flags & kOrdered) != 0;
    made.persisted = (flags & kPersisted) != 0;
    made.items.resize(count);
    for (Value &item : made.items) {
        if (!value(item, depth)) {
            return false;
        }
    }
    if (made.ordered && !std::is_sorted(made.items.begin(), made.items.end())) {
        std::stable_sort(made.items.begin(), made.items.end());
    }
    out = std::move(made);
    return true;
}

bool Reader::map(size_t count, Value &out, int depth) {
    if (count > in.size() / 2 || depth > kMaxDepth) {
        return fail();
    }
    Map made;
    uint8_t flags = 0;
    Value nil;
    if (mark(count, flags) && !value(nil, depth)) {
        return false;
    }
    made.order = flags & (kOrdered | kValueOrdered);
    made.persisted = (flags & kPersisted) != 0;
    made.entries.resize(count);
    bool sorted = true;
    for (size_t i = 0; i < count; i++) {
        auto &entry = made.entries[i];
        if (!value(entry.first, depth) || !value(entry.second, depth)) {
            return false;
        }
        sorted = sorted && (i == 0 || made.entries[i - 1].first < entry.first);
    }
    if (!sorted) {
        std::stable_sort(made.entries.begin(), made.entries.end(),
                         [](const auto &a, const auto &b) { return a.first < b.first; });
        auto twice = std::adjacent_find(made.entries.begin(), made.entries.end(),
                                        [](const auto &a, const auto &b) { return compare(a.first, b.first) == 0; });
        if (twice != made.entries.end()) {
            return fail();
        }
    }
    out = std::move(made);
    return true;
}

bool Reader::extension(size_t size, Value &out) {
    if (in.size() < size + 1) {
        return fail();
    }
    auto type = static_cast<uint8_t>(in[0]);
    char content = size > 0 ? in[1] : 0;
    in.remove_prefix(size + 1);
    if (type != kComparison || size != 1) {
        return fail();
    }
    out = content == 1 ? Value(Infinity{}) : Value(Wildcard{});
    return true;
}

bool Reader::integer(uint8_t code, Value &out) {
    int width = 1 << ((code - 0xcc) & 3);
    uint64_t wide;
    if (!number(width, wide)) {
        return false;
    }
    if (code >= 0xd0) {
        int shift = 64 - 8 * width;
        wide = static_cast<uint64_t>(static_cast<int64_t>(wide << shift) >> shift);
    }
    out = static_cast<int64_t>(wide);
    return true;
}

bool Reader::wide(uint8_t code, Value &out, int depth) {
    uint64_t size;
    switch (code) {
    case 0xc4:
    case 0xd9:
        return number(1, size) && bytes(size, out);
    case 0xc5:
    case 0xda:
        return number(2, size) && bytes(size, out);
    case 0xc6:
    case 0xdb:
        return number(4, size) && bytes(size, out);
    case 0xc7:
        return number(1, size) && extension(size, out);
    case 0xc8:
        return number(2, size) && extension(size, out);
    case 0xc9:
        return number(4, size) && extension(size, out);
    case 0xdc:
        return number(2, size) && list(size, out, depth + 1);
    case 0xdd:
        return number(4, size) && list(size, out, depth + 1);
    case 0xde:
        return number(2, size) && map(size, out, depth + 1);
    case 0xdf:
        return number(4, size) && map(size, out, depth + 1);
    default:
        return fail();
    }
}

bool Reader::value(Value &out, int depth) {
    if (in.empty()) {
        return fail();
    }
    auto code = static_cast<uint8_t>(in[0]);
    in.remove_prefix(1);
    if (code < 0x80) {
        out = static_cast<int64_t>(code);
    } else if (code >= 0xe0) {
        out = static_cast<int64_t>(static_cast<int8_t>(code));
    } else if (code < 0x90) {
        return map(code & 0x0f, out, depth + 1);
    } else if (code < 0xa0) {
        return list(code & 0x0f, out, depth + 1);
    } else if (code < 0xc0) {
        return bytes(code & 0x1f, out);
    } else if (code == 0xc0) {
        out = Nil{};
    } else if (code == 0xc2 || code == 0xc3) {
        out = code == 0xc3;
    } else if (code == 0xca || code == 0xcb) {
        uint64_t bits;
        if (!number(code == 0xca ? 4 : 8, bits)) {
            return false;
        }
        out = code == 0xca ? static_cast<double>(real_of_bits32(static_cast<uint32_t>(bits))) : real_of_bits(bits);
    } else if (code >= 0xcc && code <= 0xd3) {
        return integer(code, out);
    } else if (code >= 0xd4 && code <= 0xd8) {
        return extension(size_t{1} << (code - 0xd4), out);
    } else {
        return wide(code, out, depth);
    }
    return true;
}

// ---- writing ----

void put_number(Bytes &out, uint8_t code, uint64_t number, int width) {
    out.push_back(static_cast<char>(code));
    append_number(out, number, width);
}

void pack_integer(int64_t number, Bytes &out) {
    auto bits = static_cast<uint64_t>(number);
    if (number >= 0) {
        if (number < 128) {
            out.push_back(static_cast<char>(number));
        } else if (number <= UINT8_MAX) {
            put_number(out, 0xcc, bits, 1);
        } else if (number <= UINT16_MAX) {
            put_number(out, 0xcd, bits, 2);
        } else if (number <= UINT32_MAX) {
            put_number(out, 0xce, bits, 4);
        } else {
            put_number(out, 0xcf, bits, 8);
        }
    } else if (number >= -32) {
        out.push_back(static_cast<char>(number));
    } else if (number >= INT8_MIN) {
        put_number(out, 0xd0, bits, 1);
    } else if (number >= INT16_MIN) {
        put_number(out, 0xd1, bits, 2);
    } else if (number >= INT32_MIN) {
        put_number(out, 0xd2, bits, 4);
    } else {
        put_number(out, 0xd3, bits, 8);
    }
}

void pack_bytes(Particle particle, View content, Bytes &out) {
    size_t size = content.size() + 1;
    if (size < 32) {
        out.push_back(static_cast<char>(0xa0 | size));
    } else if (size <= UINT8_MAX) {
        put_number(out, 0xd9, size, 1);
    } else if (size <= UINT16_MAX) {
        put_number(out, 0xda, size, 2);
    } else {
        put_number(out, 0xdb, size, 4);
    }
    out.push_back(static_cast<char>(particle));
    out.append(content);
}

void pack_count(size_t count, uint8_t small, uint8_t code, Bytes &out) {
    if (count < 16) {
        out.push_back(static_cast<char>(small | count));
    } else if (count <= UINT16_MAX) {
        put_number(out, code, count, 2);
    } else {
        put_number(out, code + 1, count, 4);
    }
}

void pack_mark(uint8_t flags, Bytes &out) {
    out.push_back(static_cast<char>(kExt8));
    out.push_back(0);
    out.push_back(static_cast<char>(flags));
}

uint8_t flags_of(const List &list) {
    return list.ordered ? kOrdered : 0;
}

uint8_t flags_of(const Map &map) {
    return map.order;
}

void pack_list(const List &list, uint8_t flags, Bytes &out) {
    pack_count(list.items.size() + (flags != 0), 0x90, 0xdc, out);
    if (flags != 0) {
        pack_mark(flags, out);
    }
    for (const Value &item : list.items) {
        pack(item, out);
    }
}

void pack_map(const Map &map, uint8_t flags, Bytes &out) {
    pack_count(map.entries.size() + (flags != 0), 0x80, 0xde, out);
    if (flags != 0) {
        pack_mark(flags, out);
        out.push_back(static_cast<char>(0xc0));
    }
    for (const auto &[key, value] : map.entries) {
        pack(key, out);
        pack(value, out);
    }
}

// ---- particles ----

Status collection_from_particle(Type type, View bytes, Value &out) {
    if (!unpack_all(bytes, out) || !out.is(type) || !is_storable(out)) {
        return Status::server;
    }
    return Status::ok;
}

// Flags, a count of cells and the cells (which an index would use) stand before the text.
constexpr size_t kGeoHeader = 3;

Status geojson_from_particle(View bytes, Value &out) {
    if (bytes.size() < kGeoHeader) {
        return Status::parameter;
    }
    size_t cells = read_number(bytes.data() + 1, 2) * sizeof(uint64_t);
    if (bytes.size() < kGeoHeader + cells) {
        return Status::parameter;
    }
    View text = bytes.substr(kGeoHeader + cells);
    Geometry geometry;
    if (!Geometry::parse(text, geometry)) {
        return Status::geo_invalid;
    }
    out = GeoJson{Bytes(text)};
    return Status::ok;
}

}  // namespace

bool unpack(View &in, Value &out) {
    Reader reader{in};
    bool good = reader.value(out, 0);
    in = reader.in;
    return good;
}

bool unpack_all(View in, Value &out) {
    return unpack(in, out) && in.empty();
}

bool is_storable(const Value &value) {
    if (value.is(Type::list)) {
        const auto &items = value.list().items;
        return std::all_of(items.begin(), items.end(), is_storable);
    }
    if (value.is(Type::map)) {
        const auto &entries = value.map().entries;
        return std::all_of(entries.begin(), entries.end(),
                           [](const auto &entry) { return is_map_key(entry.first) && is_storable(entry.second); });
    }
    return !value.is(Type::infinity) && !value.is(Type::wildcard);
}

void pack(const Value &value, Bytes &out) {
    switch (value.type()) {
    case Type::none:
    case Type::nil:
        out.push_back(static_cast<char>(0xc0));
        break;
    case Type::boolean:
        out.push_back(static_cast<char>(value.boolean() ? 0xc3 : 0xc2));
        break;
    case Type::integer:
        pack_integer(value.integer(), out);
        break;
    case Type::string:
        pack_bytes(Particle::string, value.text(), out);
        break;
    case Type::list:
        pack_list(value.list(), flags_of(value.list()), out);
        break;
    case Type::map:
        pack_map(value.map(), flags_of(value.map()), out);
        break;
    case Type::blob:
        pack_bytes(value.blob().particle, value.blob().bytes, out);
        break;
    case Type::real:
        put_number(out, 0xcb, bits_of_real(value.real()), 8);
        break;
    case Type::geojson:
        pack_bytes(Particle::geojson, value.geojson().text, out);
        break;
    case Type::infinity:
    case Type::wildcard:
        out.push_back(static_cast<char>(kFixExt1));
        out.push_back(static_cast<char>(kComparison));
        out.push_back(value.is(Type::infinity) ? 1 : 0);
        break;
    }
}

size_t packed_size(const Value &value) {
    Bytes out;
    pack(value, out);
    return out.size();
}

Status from_particle(Particle type, View bytes, Value &out) {
    switch (type) {
    case Particle::null:
        out = Value();
        return Status::ok;
    case Particle::integer:
        if (bytes.size() != 1 && bytes.size() != 2 && bytes.size() != 4 && bytes.size() != 8) {
            return Status::parameter;
        }
        out = static_cast<int64_t>(read_number(bytes.data(), static_cast<int>(bytes.size())));
        return Status::ok;
    case Particle::real:
        if (bytes.size() != 8) {
            return Status::parameter;
        }
        out = real_of_bits(read_number(bytes.data(), 8));
        return Status::ok;
    case Particle::boolean:
        if (bytes.size() != 1) {
            return Status::parameter;
        }
        out = bytes[0] != 0;
        return Status::ok;
    case Particle::string:
        out = Bytes(bytes);
        return Status::ok;
    case Particle::list:
        return collection_from_particle(Type::list, bytes, out);
    case Particle::map:
        return collection_from_particle(Type::map, bytes, out);
    case Particle::geojson:
        return geojson_from_particle(bytes, out);
    case Particle::blob:
    case Particle::java:
    case Particle::csharp:
    case Particle::python:
    case Particle::ruby:
    case Particle::php:
    case Particle::erlang:
    case Particle::hll:
        out = Blob{Bytes(bytes), type};
        return Status::ok;
    }
    return Status::parameter;
}

void to_particle(const Value &value, Bytes &out) {
    switch (value.type()) {
    case Type::boolean:
        out.push_back(value.boolean() ? 1 : 0);
        break;
    case Type::integer:
        append_number(out, static_cast<uint64_t>(value.integer()), 8);
        break;
    case Type::real:
        append_number(out, bits_of_real(value.real()), 8);
        break;
    case Type::string:
        out.append(value.text());
        break;
    case Type::blob:
        out.append(value.blob().bytes);
        break;
    case Type::geojson:
        out.append(kGeoHeader, '\0');
        out.append(value.geojson().text);
        break;
    case Type::list:
        pack_list(value.list(), flags_of(value.list()) | (value.list().persisted ? kPersisted : 0), out);
        break;
    case Type::map:
        pack_map(value.map(), flags_of(value.map()) | (value.map().persisted ? kPersisted : 0), out);
        break;
    default:
        break;
    }
}

bool keeps_index(Particle type, View bytes) {
    if ((type != Particle::list && type != Particle::map) || bytes.empty()) {
        return false;
    }
    auto head = static_cast<uint8_t>(bytes[0]);
    size_t mark = head < 0xa0 ? 1 : head % 2 == 0 ? 3 : 5;  // behind a count in the head, of 16 or of 32 bits
    return bytes.size() > mark + 2 && static_cast<uint8_t>(bytes[mark]) == kExt8 && bytes[mark + 1] == 0 &&
           (static_cast<uint8_t>(bytes[mark + 2]) & kPersisted) != 0;
}

}  // namespace embedded
