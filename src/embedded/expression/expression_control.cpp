// SPDX-License-Identifier: Apache-2.0
// Literals, three-valued logic, choice and variables.
#include <utility>

#include "expression/expression_tree.hpp"

namespace embedded {

namespace {

struct Literal : Node {
    Value value;

    Literal(Value constant, ExpressionType result) : Node(result), value(std::move(constant)) {}
    Value evaluate(Evaluation &) const override { return value; }
    const Value *literal() const override { return &value; }
};

struct Unknown : Node {
    Unknown() : Node(ExpressionType::boolean) {}
    Value evaluate(Evaluation &) const override { return {}; }
    bool is_unknown() const override { return true; }
};

// `decisive` ends the matter whatever else is unknown: false for "and", true for "or".
struct AndOr : Node {
    bool decisive;
    Nodes operands;

    AndOr(bool decisive_value, Nodes nodes)
        : Node(ExpressionType::boolean), decisive(decisive_value), operands(std::move(nodes)) {}
    Value evaluate(Evaluation &evaluation) const override {
        Value result(!decisive);
        for (const NodePointer &operand : operands) {
            Value value = operand->evaluate(evaluation);
            if (value.present() && value.boolean() == decisive) {
                return value;
            }
            if (!value.present()) {
                result = Value();
            }
        }
        return result;
    }
};

// Exactly one operand is true; a second true one, or an unknown one, decides before the rest is looked at.
struct Exclusive : Node {
    Nodes operands;

    explicit Exclusive(Nodes nodes) : Node(ExpressionType::boolean), operands(std::move(nodes)) {}
    Value evaluate(Evaluation &evaluation) const override {
        bool found = false;
        for (const NodePointer &operand : operands) {
            Value value = operand->evaluate(evaluation);
            if (!value.present()) {
                return {};
            }
            if (value.boolean() && found) {
                return false;
            }
            found |= value.boolean();
        }
        return found;
    }
};

struct Not : Node {
    NodePointer operand;

    explicit Not(NodePointer node) : Node(ExpressionType::boolean), operand(std::move(node)) {}
    Value evaluate(Evaluation &evaluation) const override {
        Value value = operand->evaluate(evaluation);
        return value.present() ? Value(!value.boolean()) : value;
    }
};

struct Cond : Node {
    std::vector<std::pair<NodePointer, NodePointer>> cases;  // condition and result
    NodePointer otherwise;

    Cond() : Node(ExpressionType::boolean) {}
    Value evaluate(Evaluation &evaluation) const override {
        for (const auto &[condition, result] : cases) {
            Value value = condition->evaluate(evaluation);
            if (!value.present()) {
                return {};
            }
            if (value.boolean()) {
                return result->evaluate(evaluation);
            }
        }
        return otherwise->evaluate(evaluation);
    }
};

struct Let : Node {
    size_t place = 0;  // of the first variable
    Nodes definitions;
    NodePointer body;

    Let() : Node(ExpressionType::other) {}
    Value evaluate(Evaluation &evaluation) const override {
        for (size_t i = 0; i < definitions.size(); i++) {
            evaluation.variables[place + i] = definitions[i]->evaluate(evaluation);
        }
        return body->evaluate(evaluation);
    }
    bool is_unknown() const override { return body->is_unknown(); }
};

struct VariableNode : Node {
    size_t place;

    VariableNode(size_t variable, ExpressionType result) : Node(result), place(variable) {}
    Value evaluate(Evaluation &evaluation) const override { return evaluation.variables[place]; }
};

enum class LoopVariable : uint8_t { key, value, index };

struct LoopVariableNode : Node {
    LoopVariable variable;

    LoopVariableNode(LoopVariable which, ExpressionType result) : Node(result), variable(which) {}
    Value evaluate(Evaluation &evaluation) const override {
        const Element *element = evaluation.element;
        if (element == nullptr) {
            return {};
        }
        if (variable == LoopVariable::index) {
            return element->key == nullptr ? Value(element->index) : Value();  // a map has keys
        }
        const Value *value = variable == LoopVariable::key ? element->key : element->value;
        return value != nullptr && type_of(*value) == type ? *value : Value();
    }
};

struct Removal : Node {
    Removal() : Node(ExpressionType::removal) {}
    Value evaluate(Evaluation &) const override { return Nil{}; }  // its type says what it means
};

bool is_variable_name(View name) {
    auto starts = [](char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    if (name.empty() || !starts(name[0])) {
        return false;
    }
    for (char c : name) {
        if (!starts(c) && !(c >= '0' && c <= '9')) {
            return false;
        }
    }
    return true;
}

}  // namespace

NodePointer make_literal(Value value, ExpressionType type) {
    return std::make_unique<Literal>(std::move(value), type);
}

NodePointer parse_unknown(ExpressionParser &, Code, size_t count) {
    return count == 0 ? std::make_unique<Unknown>() : nullptr;
}

NodePointer parse_removal(ExpressionParser &, Code, size_t count) {
    return count == 0 ? std::make_unique<Removal>() : nullptr;
}

NodePointer parse_logic(ExpressionParser &parser, Code code, size_t count) {
    if (count < 2) {
        return nullptr;
    }
    Nodes operands;
    for (size_t i = 0; i < count; i++) {
        operands.push_back(parser.node(ExpressionType::boolean));
        if (!operands.back()) {
            return nullptr;
        }
    }
    if (code == Code::exclusive) {
        return std::make_unique<Exclusive>(std::move(operands));
    }
    return std::make_unique<AndOr>(code == Code::logical_or, std::move(operands));
}

NodePointer parse_not(ExpressionParser &parser, Code, size_t count) {
    NodePointer operand = count == 1 ? parser.node(ExpressionType::boolean) : nullptr;
    return operand ? std::make_unique<Not>(std::move(operand)) : nullptr;
}

// All results are of one type, where an "unknown" has every type.
NodePointer parse_cond(ExpressionParser &parser, Code, size_t count) {
    if (count < 3 || count % 2 == 0) {
        return nullptr;
    }
    auto cond = std::make_unique<Cond>();
    bool typed = false;
    auto parse_result = [&]() -> NodePointer {
        NodePointer result = parser.node();
        if (!result || result->is_unknown()) {
            return result;
        }
        if (typed && result->type != cond->type) {
            return nullptr;
        }
        typed = true;
        cond->type = result->type;
        return result;
    };
    for (size_t i = 0; i < count / 2; i++) {
        NodePointer condition = parser.node(ExpressionType::boolean);
        NodePointer result = condition ? parse_result() : nullptr;
        if (!result) {
            return nullptr;
        }
        cond->cases.emplace_back(std::move(condition), std::move(result));
    }
    cond->otherwise = parse_result();
    return cond->otherwise ? std::move(cond) : nullptr;
}

NodePointer parse_let(ExpressionParser &parser, Code, size_t count) {
    if (count < 3 || count % 2 == 0) {
        return nullptr;
    }
    auto let = std::make_unique<Let>();
    for (size_t i = 0; i < count / 2; i++) {
        View name;
        if (!parser.bytes(name) || !is_variable_name(name) || parser.find_variable(name) != nullptr) {
            return nullptr;
        }
        size_t place = parser.add_variable(name);
        if (i == 0) {
            let->place = place;
        }
        NodePointer definition = parser.node();
        if (!definition) {
            return nullptr;
        }
        parser.define_variable(place, definition->type);
        let->definitions.push_back(std::move(definition));
    }
    let->body = parser.node();
    if (!let->body) {
        return nullptr;
    }
    let->type = let->body->type;
    parser.drop_variables(count / 2);
    return let;
}

NodePointer parse_variable(ExpressionParser &parser, Code, size_t count) {
    View name;
    if (count != 1 || !parser.bytes(name)) {
        return nullptr;
    }
    auto variable = parser.find_variable(name);
    if (variable == nullptr || !variable->defined) {
        return nullptr;
    }
    return std::make_unique<VariableNode>(parser.place_of(variable), variable->type);
}

NodePointer parse_loop_variable(ExpressionParser &parser, Code, size_t count) {
    ExpressionType type;
    int64_t which;
    if (count != 2 || !parser.type(type) || !parser.integer(which)) {
        return nullptr;
    }
    if (which < 0 || which > int64_t(LoopVariable::index)) {
        return nullptr;
    }
    if (LoopVariable(which) == LoopVariable::index && type != ExpressionType::integer) {
        return nullptr;
    }
    return std::make_unique<LoopVariableNode>(LoopVariable(which), type);
}

NodePointer parse_quote(ExpressionParser &parser, Code, size_t count) {
    Value list;
    if (count != 1 || !parser.at_list() || !parser.value(list)) {
        return nullptr;
    }
    return make_literal(std::move(list), ExpressionType::list);
}

}  // namespace embedded
