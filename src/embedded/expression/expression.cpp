// SPDX-License-Identifier: Apache-2.0
// The doors to expressions: as filters, as operations, over the elements of a path.
#include "expression/expression.hpp"

#include <utility>

#include "expression/expression_tree.hpp"

namespace embedded {

namespace {

constexpr size_t kMaxProduced = size_t(256) << 20;  // bytes, by all calls of one evaluation

Value evaluate(const Expression &expression, const RecordView *record, const Element *element) {
    Evaluation evaluation{record, element, std::vector<Value>(expression.variable_count), kMaxProduced};
    return expression.root->evaluate(evaluation);
}

Truth truth_of(const Value &value) {
    if (!value.is(Type::boolean)) {
        return Truth::unknown;
    }
    return value.boolean() ? Truth::yes : Truth::no;
}

// The flags of a write; a read knows only `eval_no_fail`.
constexpr int64_t kCreateOnly = 1, kUpdateOnly = 2, kAllowDelete = 4, kPolicyNoFail = 8, kEvalNoFail = 16;

struct ExpressionOperation {
    ExpressionPointer expression;
    int64_t flags = 0;
};

bool parse_operation(View payload, int64_t known_flags, ExpressionOperation &out) {
    ExpressionParser parser(payload);
    size_t count;
    if (!parser.list_header(count) || count == 0 || count > 2) {
        return false;
    }
    out.expression = parser.expression();
    if (!out.expression) {
        return false;
    }
    if (count == 2 && !parser.integer(out.flags)) {
        return false;
    }
    return (out.flags & ~known_flags) == 0;
}

Outcome read_expression(View payload, const RecordView &record) {
    ExpressionOperation operation;
    if (!parse_operation(payload, kEvalNoFail, operation)) {
        return {Status::parameter, {}};
    }
    Value value = evaluate(*operation.expression, record);
    if (!value.present() && !(operation.flags & kEvalNoFail)) {
        return {Status::not_applicable, {}};
    }
    return {Status::ok, value.is(Type::nil) ? Value() : std::move(value)};
}

Outcome modify_expression(View payload, const RecordView &record, Value &target) {
    ExpressionOperation operation;
    int64_t known = kCreateOnly | kUpdateOnly | kAllowDelete | kPolicyNoFail | kEvalNoFail;
    if (!parse_operation(payload, known, operation)) {
        return {Status::parameter, {}};
    }
    int64_t flags = operation.flags;
    if (flags & (target.present() ? kCreateOnly : kUpdateOnly)) {
        if (flags & kPolicyNoFail) {
            return {};
        }
        return {target.present() ? Status::bin_exists : Status::bin_not_found, {}};
    }
    Value value = evaluate(*operation.expression, record);
    if (!value.present()) {
        return {flags & kEvalNoFail ? Status::ok : Status::not_applicable, {}};
    }
    if (!value.is(Type::nil)) {
        settle(value);
        target = std::move(value);
    } else if (flags & kAllowDelete) {
        target = Value();
    } else if (target.present() && flags == 0) {  // any flag at all silences the server here
        return {Status::not_applicable, {}};
    }
    return {};
}

}  // namespace

void ExpressionDeleter::operator()(Expression *expression) const {
    delete expression;
}

ExpressionPointer parse_expression(View packed) {
    ExpressionParser parser(packed);
    ExpressionPointer expression = parser.expression();
    return parser.at_end() ? std::move(expression) : nullptr;
}

ExpressionPointer parse_filter(View packed) {
    ExpressionPointer expression = parse_expression(packed);
    return expression && expression->root->type == ExpressionType::boolean ? std::move(expression) : nullptr;
}

Truth matches(const Expression &expression, const RecordView &record) {
    return truth_of(evaluate(expression, &record, nullptr));
}

Value evaluate(const Expression &expression, const RecordView &record) {
    if (expression.root->type == ExpressionType::removal) {
        return {};
    }
    return evaluate(expression, &record, nullptr);
}

Outcome run_expression(Access access, View payload, const RecordView &record, Value &target) {
    return access == Access::read ? read_expression(payload, record) : modify_expression(payload, record, target);
}

Truth matches(const Expression &expression, const Element &element) {
    return truth_of(evaluate(expression, nullptr, &element));
}

Verdict evaluate(const Expression &expression, const Element &element) {
    Value value = evaluate(expression, nullptr, &element);
    if (!value.present()) {
        return {};
    }
    if (expression.root->type == ExpressionType::removal) {
        return {Verdict::Kind::remove, {}};
    }
    return {Verdict::Kind::value, std::move(value)};
}

}  // namespace embedded
