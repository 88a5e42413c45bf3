// SPDX-License-Identifier: Apache-2.0
// Expressions as sources of indexes: which can be one, and how a server shows them.
#include <algorithm>

#include "expression/expression_tree.hpp"
#include "text/text.hpp"

namespace embedded {

namespace {

ExpressionType type_in_tree(Type result) {
    switch (result) {
    case Type::integer:
        return ExpressionType::integer;
    case Type::string:
        return ExpressionType::string;
    case Type::blob:
        return ExpressionType::blob;
    case Type::geojson:
        return ExpressionType::geojson;
    case Type::list:
        return ExpressionType::list;
    default:
        return ExpressionType::map;
    }
}

}  // namespace

ExpressionPointer parse_indexable(View packed, Type result) {
    ExpressionPointer expression = parse_expression(packed);
    if (expression == nullptr) {
        return nullptr;
    }
    bool of_record = false;
    for (auto code = size_t(Code::digest_modulo); code <= size_t(Code::bin_type); code++) {
        of_record = of_record || expression->codes[code];
    }
    bool of_time = expression->codes[size_t(Code::since_update)] || expression->codes[size_t(Code::ttl)];
    return of_record && !of_time && expression->root->type == type_in_tree(result) ? std::move(expression) : nullptr;
}

Bytes operand_text(const Value &value) {
    switch (value.type()) {
    case Type::nil:
        return "nil";
    case Type::string:
        return "<string#" + std::to_string(value.text().size()) + ">";
    case Type::blob:
        return "<blob#" + std::to_string(value.blob().bytes.size()) + ">";
    case Type::geojson:
        return "<geojson#" + std::to_string(value.geojson().text.size()) + ">";
    case Type::list:
        return "<list#" + std::to_string(value.list().items.size()) + ">";
    case Type::map:
        return "<map#" + std::to_string(value.map().entries.size()) + ">";
    case Type::infinity:
        return "inf";
    case Type::wildcard:
        return "*";
    default: {
        Outcome outcome = to_text(value);
        return outcome.status == Status::ok ? outcome.value.text() : Bytes();
    }
    }
}

namespace {

constexpr View kTypeNames[] = {"nil", "bool", "int", "str", "list", "map", "blob", "float", "geojson", "hll"};

// What an operator's arguments are, in order; the last stands for those that follow.
constexpr char kNode = 'e', kName = 'n', kType = 't', kRaw = 'r', kDefinitions = 'd';

struct TextRow {
    Code code;
    View name, arguments;
};

constexpr TextRow kRows[] = {
    {Code::unknown, "unknown", "e"},
    {Code::equal, "eq", "e"},
    {Code::not_equal, "ne", "e"},
    {Code::greater, "gt", "e"},
    {Code::greater_or_equal, "ge", "e"},
    {Code::less, "lt", "e"},
    {Code::less_or_equal, "le", "e"},
    {Code::regex, "cmp_regex", "rne"},
    {Code::geo, "cmp_geo", "e"},
    {Code::in_list, "in_list", "e"},
    {Code::logical_and, "and", "e"},
    {Code::logical_or, "or", "e"},
    {Code::logical_not, "not", "e"},
    {Code::exclusive, "exclusive", "e"},
    {Code::add, "add", "e"},
    {Code::subtract, "sub", "e"},
    {Code::multiply, "mul", "e"},
    {Code::divide, "div", "e"},
    {Code::power, "pow", "e"},
    {Code::logarithm, "log", "e"},
    {Code::modulo, "mod", "e"},
    {Code::absolute, "abs", "e"},
    {Code::floor, "floor", "e"},
    {Code::ceiling, "ceil", "e"},
    {Code::to_integer, "to_int", "e"},
    {Code::to_float, "to_float", "e"},
    {Code::bit_and, "int_and", "e"},
    {Code::bit_or, "int_or", "e"},
    {Code::bit_xor, "int_xor", "e"},
    {Code::bit_not, "int_not", "e"},
    {Code::shift_left, "int_lshift", "e"},
    {Code::shift_right, "int_rshift", "e"},
    {Code::shift_right_signed, "int_arshift", "e"},
    {Code::bit_count, "int_count", "e"},
    {Code::scan_left, "int_lscan", "e"},
    {Code::scan_right, "int_rscan", "e"},
    {Code::minimum, "min", "e"},
    {Code::maximum, "max", "e"},
    {Code::digest_modulo, "digest_modulo", "r"},
    {Code::device_size, "device_size", "e"},
    {Code::last_update, "last_update", "e"},
    {Code::void_time, "void_time", "e"},
    {Code::set_name, "set_name", "e"},
    {Code::key_exists, "key_exists", "e"},
    {Code::is_tombstone, "is_tombstone", "e"},
    {Code::memory_size, "memory_size", "e"},
    {Code::record_size, "record_size", "e"},
    {Code::key, "key", "t"},
    {Code::bin, "bin", "tn"},
    {Code::bin_type, "bin_type", "n"},
    {Code::to_string, "to_string", "e"},
    {Code::map_keys, "map_keys", "e"},
    {Code::map_values, "map_values", "e"},
    {Code::cond, "cond", "e"},
    {Code::variable, "var", "n"},
    {Code::let, "let", "d"},
    {Code::quote, "quote", "r"},
    {Code::call, "call", "rrre"},
};

// Walks an expression that was parsed before, so that its form is right and its depth bounded.
class Teller {
  public:
    explicit Teller(View packed) : in_(packed) {}

    Bytes node() { return in_.at_list() ? operation() : raw(); }

  private:
    Bytes operation() {
        size_t count;
        int64_t code;
        if (!in_.list_header(count) || !in_.integer(code)) {
            return {};
        }
        auto row =
            std::find_if(std::begin(kRows), std::end(kRows), [code](auto &one) { return one.code == Code(code); });
        bool known = row != std::end(kRows);
        Bytes name = known ? Bytes(row->name) : "op" + std::to_string(code), arguments;
        for (size_t i = 0; i + 1 < count; i++) {
            char kind = known ? row->arguments[std::min(i, row->arguments.size() - 1)] : kRaw;
            if (kind == kDefinitions) {
                kind = i % 2 == 0 && i + 2 < count ? kName : kNode;
            }
            Bytes text = argument(kind);
            if (kind == kType) {
                name += "_" + text;
            } else {
                arguments += (arguments.empty() ? "" : ", ") + text;
            }
        }
        return name + "(" + arguments + ")";
    }

    Bytes argument(char kind) {
        ExpressionType type;
        View bytes;
        switch (kind) {
        case kNode:
            return node();
        case kType:
            return in_.type(type) ? Bytes(kTypeNames[size_t(type)]) : Bytes();
        case kName:
            return in_.bytes(bytes) ? "\"" + Bytes(bytes) + "\"" : Bytes();
        default:
            return raw();
        }
    }

    // Lists may have names within, which are no values.
    Bytes raw() {
        size_t count;
        View bytes;
        Value value;
        if (in_.list_header(count)) {
            Bytes items;
            for (size_t i = 0; i < count; i++) {
                items += (i == 0 ? "" : ", ") + raw();
            }
            return "[" + items + "]";
        }
        if (in_.bytes(bytes)) {
            return "<string#" + std::to_string(bytes.empty() ? 0 : bytes.size() - 1) + ">";
        }
        return in_.value(value) ? operand_text(value) : Bytes();
    }

    ExpressionParser in_;
};

}  // namespace

Bytes expression_text(View packed) {
    return Teller(packed).node();
}

}  // namespace embedded
