// SPDX-License-Identifier: Apache-2.0
// Expressions that an operation brings along, about the elements of lists and maps: what ops asks of the room above it,
// which defines these functions.
#pragma once

#include <cstdint>
#include <memory>

#include "value/value.hpp"

namespace embedded {

struct Expression;  // a parsed tree

struct ExpressionDeleter {
    void operator()(Expression *expression) const;
};
using ExpressionPointer = std::unique_ptr<Expression, ExpressionDeleter>;

// `packed` is the msgpack of the expression. Null: malformed, or of types that can never fit (Status::parameter).
ExpressionPointer parse_expression(View packed);

// The same, and null too where the result is no truth value.
ExpressionPointer parse_filter(View packed);

// The element under a path expression's hand: its loop variables. Nothing of the record is to be seen.
struct Element {
    const Value *key = nullptr;  // of a map's entry
    const Value *value = nullptr;
    int64_t index = 0;
};

enum class Truth : uint8_t { no, yes, unknown };
Truth matches(const Expression &expression, const Element &element);

struct Verdict {
    enum class Kind : uint8_t { unknown, value, remove } kind = Kind::unknown;
    Value value;
};
Verdict evaluate(const Expression &expression, const Element &element);

}  // namespace embedded
