// SPDX-License-Identifier: Apache-2.0
// What an expression asks of the record: metadata, key and bins.
#include <algorithm>

#include "expression/expression_tree.hpp"

namespace embedded {

namespace {

constexpr size_t kMaxBinName = 15;

struct MetadataRow {
    Code code;
    ExpressionType type;
    Value (*read)(const RecordView &record);
};

// The records are in memory, so that the size on a device is zero, and both other sizes are the record's.
constexpr MetadataRow kMetadata[] = {
    {Code::device_size, ExpressionType::integer, [](const RecordView &) { return Value(int64_t(0)); }},
    {Code::memory_size, ExpressionType::integer, [](const RecordView &r) { return Value(r.record_size()); }},
    {Code::record_size, ExpressionType::integer, [](const RecordView &r) { return Value(r.record_size()); }},
    {Code::last_update, ExpressionType::integer, [](const RecordView &r) { return Value(r.last_update()); }},
    {Code::since_update, ExpressionType::integer,
     [](const RecordView &r) { return Value(std::max<int64_t>(0, r.now() - r.last_update()) / 1000000); }},
    {Code::void_time, ExpressionType::integer, [](const RecordView &r) { return Value(r.void_time()); }},
    {Code::ttl, ExpressionType::integer, [](const RecordView &r) { return Value(r.ttl_seconds()); }},
    {Code::set_name, ExpressionType::string, [](const RecordView &r) { return Value(Bytes(r.set_name())); }},
    {Code::key_exists, ExpressionType::boolean, [](const RecordView &r) { return Value(r.key().present()); }},
    {Code::is_tombstone, ExpressionType::boolean, [](const RecordView &r) { return Value(r.is_tombstone()); }},
};

struct Metadata : Node {
    const MetadataRow &row;

    explicit Metadata(const MetadataRow &metadata) : Node(metadata.type), row(metadata) {}
    Value evaluate(Evaluation &evaluation) const override {
        return evaluation.record == nullptr ? Value() : row.read(*evaluation.record);
    }
};

struct DigestModulo : Node {
    int32_t divisor;

    explicit DigestModulo(int32_t number) : Node(ExpressionType::integer), divisor(number) {}
    Value evaluate(Evaluation &evaluation) const override {
        if (evaluation.record == nullptr) {
            return {};
        }
        View digest = evaluation.record->digest();
        uint32_t tail = 0;  // the last four bytes, the lowest first
        for (size_t i = 0; i < 4; i++) {
            tail |= uint32_t(uint8_t(digest[16 + i])) << 8 * i;
        }
        return int64_t(tail) % divisor;
    }
};

struct Key : Node {
    explicit Key(ExpressionType asked) : Node(asked) {}
    Value evaluate(Evaluation &evaluation) const override {
        if (evaluation.record == nullptr) {
            return {};
        }
        Value key = evaluation.record->key();
        return type_of(key) == type ? key : Value();
    }
};

struct Bin : Node {
    Bytes name;

    Bin(Bytes bin_name, ExpressionType asked) : Node(asked), name(std::move(bin_name)) {}
    Value evaluate(Evaluation &evaluation) const override {
        if (evaluation.record == nullptr) {
            return {};
        }
        Value value = evaluation.record->bin(name);
        return value.present() && type_of(value) == type ? value : Value();
    }
};

struct BinType : Node {
    Bytes name;

    explicit BinType(Bytes bin_name) : Node(ExpressionType::integer), name(std::move(bin_name)) {}
    Value evaluate(Evaluation &evaluation) const override {
        if (evaluation.record == nullptr) {
            return {};
        }
        return int64_t(evaluation.record->bin_type(name));
    }
};

bool parse_bin_name(ExpressionParser &parser, View &name) {
    return parser.bytes(name) && name.size() <= kMaxBinName;
}

}  // namespace

NodePointer parse_metadata(ExpressionParser &, Code code, size_t count) {
    if (count != 0) {
        return nullptr;
    }
    for (const MetadataRow &row : kMetadata) {
        if (row.code == code) {
            return std::make_unique<Metadata>(row);
        }
    }
    return nullptr;
}

NodePointer parse_digest_modulo(ExpressionParser &parser, Code, size_t count) {
    int64_t divisor;
    if (count != 1 || !parser.integer(divisor)) {
        return nullptr;
    }
    auto narrow = int32_t(uint32_t(uint64_t(divisor)));  // the server keeps 32 bits of it
    return narrow == 0 ? nullptr : std::make_unique<DigestModulo>(narrow);
}

NodePointer parse_key(ExpressionParser &parser, Code, size_t count) {
    ExpressionType type;
    if (count != 1 || !parser.type(type)) {
        return nullptr;
    }
    bool keyable = type == ExpressionType::integer || type == ExpressionType::string || type == ExpressionType::blob;
    return keyable ? std::make_unique<Key>(type) : nullptr;
}

NodePointer parse_bin(ExpressionParser &parser, Code, size_t count) {
    ExpressionType type;
    View name;
    if (count != 2 || !parser.type(type) || !parse_bin_name(parser, name)) {
        return nullptr;
    }
    return std::make_unique<Bin>(Bytes(name), type);
}

NodePointer parse_bin_type(ExpressionParser &parser, Code, size_t count) {
    View name;
    if (count != 1 || !parse_bin_name(parser, name)) {
        return nullptr;
    }
    return std::make_unique<BinType>(Bytes(name));
}

}  // namespace embedded
