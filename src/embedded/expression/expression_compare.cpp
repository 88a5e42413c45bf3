// SPDX-License-Identifier: Apache-2.0
// Comparisons: of two values, of text with a pattern, of geometries.
#include <optional>
#include <utility>

#include "expression/expression_tree.hpp"
#include "text/geo.hpp"
#include "text/pattern.hpp"

namespace embedded {

namespace {

// Maps compare by their entries in order, which an unordered map does not have. The server notices one only on the
// way to the first difference, and calls the comparison unknown then.
enum class Walk : uint8_t { same, different, unordered };

bool is_unordered(const Value &value) {
    return value.is(Type::map) && value.map().order == 0 && !value.map().entries.empty();
}

Walk walk(const Value &a, const Value &b) {
    if (is_unordered(a) || is_unordered(b)) {
        return Walk::unordered;
    }
    if (a.type() != b.type()) {
        return Walk::different;
    }
    if (a.is(Type::list)) {
        const auto &left = a.list().items, &right = b.list().items;
        for (size_t i = 0; i < left.size() && i < right.size(); i++) {
            Walk result = walk(left[i], right[i]);
            if (result != Walk::same) {
                return result;
            }
        }
        return left.size() == right.size() ? Walk::same : Walk::different;
    }
    if (a.is(Type::map)) {
        const auto &left = a.map().entries, &right = b.map().entries;
        if (left.size() != right.size()) {
            return Walk::different;
        }
        for (size_t i = 0; i < left.size(); i++) {
            Walk result = walk(left[i].first, right[i].first);
            if (result == Walk::same) {
                result = walk(left[i].second, right[i].second);
            }
            if (result != Walk::same) {
                return result;
            }
        }
        return Walk::same;
    }
    return compare(a, b) == 0 ? Walk::same : Walk::different;
}

template <typename T>
bool holds(Code code, const T &a, const T &b) {
    switch (code) {
    case Code::equal:
        return a == b;
    case Code::not_equal:
        return a != b;
    case Code::greater:
        return a > b;
    case Code::greater_or_equal:
        return a >= b;
    case Code::less:
        return a < b;
    default:
        return a <= b;
    }
}

struct Compare : Node {
    Code code;
    NodePointer left, right;

    Compare(Code operation, NodePointer a, NodePointer b)
        : Node(ExpressionType::boolean), code(operation), left(std::move(a)), right(std::move(b)) {}
    Value evaluate(Evaluation &evaluation) const override {
        Value a = left->evaluate(evaluation);
        if (!a.present()) {
            return a;
        }
        Value b = right->evaluate(evaluation);
        if (!b.present() || type_of(a) != left->type || type_of(b) != left->type) {
            return {};
        }
        switch (left->type) {
        case ExpressionType::real:
            return holds(code, a.real(), b.real());  // a NaN is unlike any number, itself too
        case ExpressionType::list:
        case ExpressionType::map:
            if (walk(a, b) == Walk::unordered) {
                return {};
            }
            break;
        case ExpressionType::other:
            return {};
        default:
            break;
        }
        return holds(code, compare(a, b), 0);
    }
};

struct Regex : Node {
    Pattern pattern;
    NodePointer text;

    Regex(View source, int64_t options) : Node(ExpressionType::boolean), pattern(source, options) {}
    Value evaluate(Evaluation &evaluation) const override {
        Value value = text->evaluate(evaluation);
        auto found = value.present() ? pattern.matches(value.text()) : std::nullopt;
        return found ? Value(*found) : Value();
    }
};

struct Geo : Node {
    // A literal is read once, when the expression is parsed.
    struct Side {
        NodePointer node;
        std::optional<Geometry> fixed;

        // Null: unknown. What is not fixed is read into `read`.
        const Geometry *get(Evaluation &evaluation, Geometry &read) const {
            if (fixed) {
                return &*fixed;
            }
            Value value = node->evaluate(evaluation);
            return value.present() && Geometry::parse(value.geojson().text, read) ? &read : nullptr;
        }
    };
    Side left, right;

    Geo() : Node(ExpressionType::boolean) {}
    Value evaluate(Evaluation &evaluation) const override {
        Geometry read_left, read_right;
        const Geometry *a = left.get(evaluation, read_left);
        const Geometry *b = a == nullptr ? nullptr : right.get(evaluation, read_right);
        return b == nullptr ? Value() : Value(geometries_match(*a, *b));
    }
};

bool parse_side(ExpressionParser &parser, Geo::Side &side) {
    side.node = parser.node(ExpressionType::geojson);
    if (!side.node) {
        return false;
    }
    const Value *literal = side.node->literal();
    return literal == nullptr || Geometry::parse(literal->geojson().text, side.fixed.emplace());
}

}  // namespace

NodePointer parse_compare(ExpressionParser &parser, Code code, size_t count) {
    NodePointer left = count == 2 ? parser.node() : nullptr;
    NodePointer right = left ? parser.node(left->type) : nullptr;
    if (!right || left->type == ExpressionType::geojson || left->type == ExpressionType::hll) {
        return nullptr;
    }
    return std::make_unique<Compare>(code, std::move(left), std::move(right));
}

NodePointer parse_regex(ExpressionParser &parser, Code, size_t count) {
    int64_t options;
    View pattern;
    if (count != 3 || !parser.integer(options) || !parser.bytes(pattern)) {
        return nullptr;
    }
    auto regex = std::make_unique<Regex>(pattern, options);
    if (!regex->pattern.is_valid()) {
        return nullptr;
    }
    regex->text = parser.node(ExpressionType::string);
    return regex->text ? std::move(regex) : nullptr;
}

NodePointer parse_geo(ExpressionParser &parser, Code, size_t count) {
    auto geo = std::make_unique<Geo>();
    bool fits = count == 2 && parse_side(parser, geo->left) && parse_side(parser, geo->right);
    return fits ? std::move(geo) : nullptr;
}

}  // namespace embedded
