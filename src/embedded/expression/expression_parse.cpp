// SPDX-License-Identifier: Apache-2.0
// From packed bytes to a tree whose types fit.
#include <limits>

#include "expression/expression_tree.hpp"
#include "text/geo.hpp"
#include "wire/msgpack.hpp"

namespace embedded {

namespace {

constexpr size_t kMaxExpressionSize = 1 << 20;
constexpr int kMaxExpressionDepth = 512;

// One row an operator; those that are a plain function of their operands have their rows in expression_function.cpp.
struct OperatorRow {
    Code code;
    ParseOperator parse;
};

constexpr OperatorRow kOperators[] = {
    {Code::unknown, parse_unknown},
    {Code::equal, parse_compare},
    {Code::not_equal, parse_compare},
    {Code::greater, parse_compare},
    {Code::greater_or_equal, parse_compare},
    {Code::less, parse_compare},
    {Code::less_or_equal, parse_compare},
    {Code::regex, parse_regex},
    {Code::geo, parse_geo},
    {Code::logical_and, parse_logic},
    {Code::logical_or, parse_logic},
    {Code::exclusive, parse_logic},
    {Code::logical_not, parse_not},
    {Code::digest_modulo, parse_digest_modulo},
    {Code::device_size, parse_metadata},
    {Code::last_update, parse_metadata},
    {Code::since_update, parse_metadata},
    {Code::void_time, parse_metadata},
    {Code::ttl, parse_metadata},
    {Code::set_name, parse_metadata},
    {Code::key_exists, parse_metadata},
    {Code::is_tombstone, parse_metadata},
    {Code::memory_size, parse_metadata},
    {Code::record_size, parse_metadata},
    {Code::key, parse_key},
    {Code::bin, parse_bin},
    {Code::bin_type, parse_bin_type},
    {Code::remove_result, parse_removal},
    {Code::loop_variable, parse_loop_variable},
    {Code::cond, parse_cond},
    {Code::variable, parse_variable},
    {Code::let, parse_let},
    {Code::quote, parse_quote},
    {Code::call, parse_call},
};

ParseOperator find_parser(Code code) {
    for (const OperatorRow &row : kOperators) {
        if (row.code == code) {
            return row.parse;
        }
    }
    return parse_function;
}

}  // namespace

ExpressionType type_of(const Value &value) {
    switch (value.type()) {
    case Type::nil:
        return ExpressionType::nil;
    case Type::boolean:
        return ExpressionType::boolean;
    case Type::integer:
        return ExpressionType::integer;
    case Type::string:
        return ExpressionType::string;
    case Type::list:
        return ExpressionType::list;
    case Type::map:
        return ExpressionType::map;
    case Type::real:
        return ExpressionType::real;
    case Type::geojson:
        return ExpressionType::geojson;
    case Type::blob:
        if (value.blob().particle == Particle::blob) {
            return ExpressionType::blob;
        }
        return value.blob().particle == Particle::hll ? ExpressionType::hll : ExpressionType::other;
    case Type::none:
    case Type::infinity:
    case Type::wildcard:
        break;
    }
    return ExpressionType::other;
}

ExpressionPointer ExpressionParser::expression() {
    if (in_.size() > kMaxExpressionSize) {
        return nullptr;
    }
    NodePointer root = node();
    if (!root || root->type == ExpressionType::other) {
        return nullptr;
    }
    return ExpressionPointer(new Expression{std::move(root), variable_count_, codes_});
}

NodePointer ExpressionParser::node() {
    if (depth_ == kMaxExpressionDepth) {
        return nullptr;
    }
    depth_++;
    NodePointer result = at_list() ? operation() : literal();
    depth_--;
    return result;
}

NodePointer ExpressionParser::node(ExpressionType type) {
    NodePointer result = node();
    return result && result->type == type ? std::move(result) : nullptr;
}

NodePointer ExpressionParser::literal() {
    Value parsed;
    if (!value(parsed)) {
        return nullptr;
    }
    Geometry geometry;
    if (parsed.is(Type::geojson) && !Geometry::parse(parsed.geojson().text, geometry)) {
        return nullptr;
    }
    ExpressionType type = type_of(parsed);
    return make_literal(std::move(parsed), type);
}

NodePointer ExpressionParser::operation() {
    size_t count;
    int64_t code;
    if (!list_header(count) || count == 0 || !integer(code)) {
        return nullptr;
    }
    if (code < 0 || code > int64_t(Code::call)) {
        return nullptr;
    }
    codes_.set(size_t(code));
    return find_parser(Code(code))(*this, Code(code), count - 1);
}

bool ExpressionParser::big_endian(size_t width, uint64_t &out) {
    if (in_.size() < width) {
        return false;
    }
    out = 0;
    for (size_t i = 0; i < width; i++) {
        out = out << 8 | uint8_t(in_[i]);
    }
    in_.remove_prefix(width);
    return true;
}

bool ExpressionParser::integer(int64_t &out) {
    if (in_.empty()) {
        return false;
    }
    uint8_t first = uint8_t(in_[0]);
    bool is_short = first < 0x80 || first >= 0xe0;
    if (!is_short && (first < 0xcc || first > 0xd3)) {
        return false;
    }
    in_.remove_prefix(1);
    if (is_short) {
        out = int8_t(first);
        return true;
    }
    size_t width = size_t(1) << (first & 3);
    uint64_t bits;
    if (!big_endian(width, bits)) {
        return false;
    }
    bool is_signed = first >= 0xd0;
    if (!is_signed && bits > uint64_t(std::numeric_limits<int64_t>::max())) {
        return false;
    }
    if (is_signed && width < 8 && bits >> (8 * width - 1)) {
        bits |= ~uint64_t(0) << 8 * width;
    }
    out = int64_t(bits);
    return true;
}

bool ExpressionParser::type(ExpressionType &out) {
    int64_t number;
    if (!integer(number) || number < 0 || number > int64_t(ExpressionType::hll)) {
        return false;
    }
    out = ExpressionType(number);
    return true;
}

bool ExpressionParser::bytes(View &out) {
    uint64_t size;
    if (in_is(0xa0, 0xe0)) {
        size = uint8_t(in_[0]) & 0x1f;
        in_.remove_prefix(1);
    } else if (in_is(0xd9, 0xff) || in_is(0xda, 0xfe) || in_is(0xc4, 0xfe) || in_is(0xc6, 0xff)) {
        uint8_t first = uint8_t(in_[0]);
        in_.remove_prefix(1);
        if (!big_endian(size_t(1) << (first >= 0xd9 ? first - 0xd9 : first - 0xc4), size)) {
            return false;
        }
    } else {
        return false;
    }
    if (size > in_.size()) {
        return false;
    }
    out = in_.substr(0, size);
    in_.remove_prefix(size);
    return true;
}

bool ExpressionParser::list_header(size_t &count) {
    if (!at_list()) {
        return false;
    }
    uint8_t first = uint8_t(in_[0]);
    in_.remove_prefix(1);
    uint64_t size = first & 0x0f;
    if (first >= 0xdc && !big_endian(first == 0xdc ? 2 : 4, size)) {
        return false;
    }
    count = size;
    return count <= in_.size();
}

bool ExpressionParser::value(Value &out) {
    return unpack(in_, out);
}

const ExpressionParser::Variable *ExpressionParser::find_variable(View name) const {
    for (const Variable &variable : scope_) {
        if (variable.name == name) {
            return &variable;
        }
    }
    return nullptr;
}

size_t ExpressionParser::add_variable(View name) {
    scope_.push_back({name, ExpressionType::other, false});
    if (scope_.size() > variable_count_) {
        variable_count_ = scope_.size();
    }
    return scope_.size() - 1;
}

void ExpressionParser::define_variable(size_t place, ExpressionType type) {
    scope_[place].type = type;
    scope_[place].defined = true;
}

}  // namespace embedded
