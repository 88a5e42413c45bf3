// SPDX-License-Identifier: Apache-2.0
// The operators that are plain functions of their operands' values, and unknown where one of those is unknown.
#include <cmath>
#include <functional>
#include <limits>

#include "expression/expression_tree.hpp"
#include "text/text.hpp"

namespace embedded {

namespace {

using Arguments = std::vector<Value>;
using Function = Value (*)(const Arguments &arguments);

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

bool is_real(const Arguments &arguments) {
    return arguments[0].is(Type::real);
}

// Integers wrap around, as two's complement does.
uint64_t bits(const Value &value) {
    return uint64_t(value.integer());
}
Value from_bits(uint64_t result) {
    return int64_t(result);
}

template <typename Integers, typename Reals>
Value fold(const Arguments &arguments, size_t from, uint64_t integer, double real, Integers integers, Reals reals) {
    for (size_t i = from; i < arguments.size(); i++) {
        if (is_real(arguments)) {
            real = reals(real, arguments[i].real());
        } else {
            integer = integers(integer, bits(arguments[i]));
        }
    }
    return is_real(arguments) ? Value(real) : from_bits(integer);
}

Value add(const Arguments &arguments) {
    return fold(arguments, 0, 0, -0.0, std::plus<uint64_t>(), std::plus<double>());
}

Value multiply(const Arguments &arguments) {
    return fold(arguments, 0, 1, 1.0, std::multiplies<uint64_t>(), std::multiplies<double>());
}

Value subtract(const Arguments &arguments) {
    bool negate = arguments.size() == 1;
    uint64_t integer = negate || is_real(arguments) ? 0 : bits(arguments[0]);
    double real = negate || !is_real(arguments) ? 0 : arguments[0].real();
    return fold(arguments, negate ? 0 : 1, integer, real, std::minus<uint64_t>(), std::minus<double>());
}

Value quotient(int64_t dividend, int64_t divisor) {
    bool undefined = divisor == 0 || (dividend == kMin && divisor == -1);
    return undefined ? Value() : Value(dividend / divisor);
}

// The first by the product of the rest; of one operand, its reciprocal.
Value divide(const Arguments &arguments) {
    bool reciprocal = arguments.size() == 1;
    Value divisor = fold(arguments, reciprocal ? 0 : 1, 1, 1.0, std::multiplies<uint64_t>(), std::multiplies<double>());
    if (is_real(arguments)) {
        return (reciprocal ? 1.0 : arguments[0].real()) / divisor.real();
    }
    return quotient(reciprocal ? 1 : arguments[0].integer(), divisor.integer());
}

Value power(const Arguments &arguments) {
    return std::pow(arguments[0].real(), arguments[1].real());
}

Value logarithm(const Arguments &arguments) {
    return std::log(arguments[0].real()) / std::log(arguments[1].real());
}

Value modulo(const Arguments &arguments) {
    int64_t dividend = arguments[0].integer(), divisor = arguments[1].integer();
    bool undefined = divisor == 0 || (dividend == kMin && divisor == -1);
    return undefined ? Value() : Value(dividend % divisor);
}

Value absolute(const Arguments &arguments) {
    if (is_real(arguments)) {
        return std::fabs(arguments[0].real());
    }
    return arguments[0].integer() < 0 ? from_bits(0 - bits(arguments[0])) : arguments[0];
}

Value round_down(const Arguments &arguments) {
    return std::floor(arguments[0].real());
}
Value round_up(const Arguments &arguments) {
    return std::ceil(arguments[0].real());
}

// Towards zero; what no integer can hold becomes the smallest, as the server's processor has it.
Value to_integer(const Arguments &arguments) {
    double real = arguments[0].real();
    return real >= -0x1p63 && real < 0x1p63 ? int64_t(real) : kMin;
}

Value to_float(const Arguments &arguments) {
    return double(arguments[0].integer());
}

Value bit_and(const Arguments &arguments) {
    return fold(arguments, 0, ~uint64_t(0), 0, std::bit_and<uint64_t>(), std::plus<double>());
}
Value bit_or(const Arguments &arguments) {
    return fold(arguments, 0, 0, 0, std::bit_or<uint64_t>(), std::plus<double>());
}
Value bit_xor(const Arguments &arguments) {
    return fold(arguments, 0, 0, 0, std::bit_xor<uint64_t>(), std::plus<double>());
}
Value bit_not(const Arguments &arguments) {
    return from_bits(~bits(arguments[0]));
}

// Only the lowest six bits of a shift count: as the server's processor has it.
uint64_t shift_of(const Arguments &arguments) {
    return bits(arguments[1]) & 63;
}
Value shift_left(const Arguments &arguments) {
    return from_bits(bits(arguments[0]) << shift_of(arguments));
}
Value shift_right(const Arguments &arguments) {
    return from_bits(bits(arguments[0]) >> shift_of(arguments));
}
Value shift_right_signed(const Arguments &arguments) {
    return arguments[0].integer() >> shift_of(arguments);
}

Value bit_count(const Arguments &arguments) {
    return int64_t(__builtin_popcountll(bits(arguments[0])));
}

// The place of the first bit with the wanted value, counted from the highest; -1: there is none.
uint64_t sought_bits(const Arguments &arguments) {
    return arguments[1].boolean() ? bits(arguments[0]) : ~bits(arguments[0]);
}
Value scan_left(const Arguments &arguments) {
    uint64_t sought = sought_bits(arguments);
    return int64_t(sought == 0 ? -1 : __builtin_clzll(sought));
}
Value scan_right(const Arguments &arguments) {
    uint64_t sought = sought_bits(arguments);
    return int64_t(sought == 0 ? -1 : 63 - __builtin_ctzll(sought));
}

// An operand replaces the best so far only where it is better, so that a NaN never does.
template <typename Better>
Value best(const Arguments &arguments, Better better) {
    const Value *found = &arguments[0];
    for (const Value &value : arguments) {
        bool replace =
            is_real(arguments) ? better(value.real(), found->real()) : better(value.integer(), found->integer());
        if (replace) {
            found = &value;
        }
    }
    return *found;
}
Value minimum(const Arguments &arguments) {
    return best(arguments, std::less<>());
}
Value maximum(const Arguments &arguments) {
    return best(arguments, std::greater<>());
}

Value in_list(const Arguments &arguments) {
    for (const Value &item : arguments[1].list().items) {
        if (compare(arguments[0], item) == 0) {
            return true;
        }
    }
    return false;
}

Value map_keys(const Arguments &arguments) {
    if (!arguments[0].is(Type::map)) {
        return {};
    }
    List keys;
    for (const auto &entry : arguments[0].map().entries) {
        keys.items.push_back(entry.first);
    }
    return keys;
}

Value map_values(const Arguments &arguments) {
    if (!arguments[0].is(Type::map)) {
        return {};
    }
    List values;
    for (const auto &entry : arguments[0].map().entries) {
        values.items.push_back(entry.second);
    }
    return values;
}

Value to_string(const Arguments &arguments) {
    Outcome outcome = to_text(arguments[0]);
    return outcome.status == Status::ok ? std::move(outcome.value) : Value();
}

// `operands` has a letter for each: i integer, f float, b boolean, l list, t what can be text, * anything (which the
// function looks at), n integer or float but the same for all. A + behind the letter: one or more. The result is of
// type `result`, or that of the operands.
struct FunctionRow {
    Code code;
    const char *operands;
    Function function;
    ExpressionType result;
};
constexpr ExpressionType kAsOperands = ExpressionType::other;

constexpr FunctionRow kFunctions[] = {
    {Code::in_list, "*l", in_list, ExpressionType::boolean},
    {Code::add, "n+", add, kAsOperands},
    {Code::subtract, "n+", subtract, kAsOperands},
    {Code::multiply, "n+", multiply, kAsOperands},
    {Code::divide, "n+", divide, kAsOperands},
    {Code::power, "ff", power, ExpressionType::real},
    {Code::logarithm, "ff", logarithm, ExpressionType::real},
    {Code::modulo, "ii", modulo, ExpressionType::integer},
    {Code::absolute, "n", absolute, kAsOperands},
    {Code::floor, "f", round_down, ExpressionType::real},
    {Code::ceiling, "f", round_up, ExpressionType::real},
    {Code::to_integer, "f", to_integer, ExpressionType::integer},
    {Code::to_float, "i", to_float, ExpressionType::real},
    {Code::to_string, "t", to_string, ExpressionType::string},
    {Code::bit_and, "i+", bit_and, ExpressionType::integer},
    {Code::bit_or, "i+", bit_or, ExpressionType::integer},
    {Code::bit_xor, "i+", bit_xor, ExpressionType::integer},
    {Code::bit_not, "i", bit_not, ExpressionType::integer},
    {Code::shift_left, "ii", shift_left, ExpressionType::integer},
    {Code::shift_right, "ii", shift_right, ExpressionType::integer},
    {Code::shift_right_signed, "ii", shift_right_signed, ExpressionType::integer},
    {Code::bit_count, "i", bit_count, ExpressionType::integer},
    {Code::scan_left, "ib", scan_left, ExpressionType::integer},
    {Code::scan_right, "ib", scan_right, ExpressionType::integer},
    {Code::minimum, "n+", minimum, kAsOperands},
    {Code::maximum, "n+", maximum, kAsOperands},
    {Code::map_keys, "*", map_keys, ExpressionType::list},
    {Code::map_values, "*", map_values, ExpressionType::list},
};

struct FunctionNode : Node {
    Function function;
    Nodes operands;

    FunctionNode(const FunctionRow &row, Nodes nodes)
        : Node(row.result == kAsOperands ? nodes[0]->type : row.result), function(row.function),
          operands(std::move(nodes)) {}
    Value evaluate(Evaluation &evaluation) const override {
        Arguments arguments;
        arguments.reserve(operands.size());
        for (const NodePointer &operand : operands) {
            arguments.push_back(operand->evaluate(evaluation));
            if (!arguments.back().present()) {
                return {};
            }
        }
        return function(arguments);
    }
};

bool fits(char letter, ExpressionType type, ExpressionType first) {
    switch (letter) {
    case 'i':
        return type == ExpressionType::integer;
    case 'f':
        return type == ExpressionType::real;
    case 'b':
        return type == ExpressionType::boolean;
    case 'l':
        return type == ExpressionType::list;
    case 'n':
        return type == first && (type == ExpressionType::integer || type == ExpressionType::real);
    case 't':
        return type == ExpressionType::integer || type == ExpressionType::real || type == ExpressionType::string ||
               type == ExpressionType::boolean || type == ExpressionType::blob;
    default:
        return true;
    }
}

}  // namespace

NodePointer parse_function(ExpressionParser &parser, Code code, size_t count) {
    const FunctionRow *row = nullptr;
    for (const FunctionRow &candidate : kFunctions) {
        if (candidate.code == code) {
            row = &candidate;
        }
    }
    if (row == nullptr) {
        return nullptr;
    }
    View pattern = row->operands;
    bool any_number = pattern.back() == '+';
    if (any_number ? count == 0 : count != pattern.size()) {
        return nullptr;
    }
    Nodes operands;
    for (size_t i = 0; i < count; i++) {
        operands.push_back(parser.node());
        if (!operands[i] || !fits(pattern[any_number ? 0 : i], operands[i]->type, operands[0]->type)) {
            return nullptr;
        }
    }
    return std::make_unique<FunctionNode>(*row, std::move(operands));
}

}  // namespace embedded
