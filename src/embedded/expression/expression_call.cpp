// SPDX-License-Identifier: Apache-2.0
// Calls: the operations of lists, maps, bits, HyperLogLogs and strings on a value that an expression gives.
#include <utility>

#include "expression/expression_tree.hpp"
#include "wire/msgpack.hpp"

namespace embedded {

namespace {

constexpr int64_t kModify = 0x40;  // the call gives the changed value, not the operation's result
constexpr int64_t kInContext = 0xff;
constexpr int64_t kByPath = 0xfe;

// By the wire's number of the system that is called.
struct System {
    Family run;
    ExpressionType target, other_target;
    bool has_context;
};

constexpr System kSystems[] = {
    {run_cdt, ExpressionType::list, ExpressionType::map, true},
    {run_bit, ExpressionType::blob, ExpressionType::blob, false},
    {run_hll, ExpressionType::hll, ExpressionType::hll, false},
    {run_string, ExpressionType::string, ExpressionType::string, true},
};

// An argument that is a sketch, where a list of sketches is looked for, stands for a list of one.
void widen_sketch(Value &argument) {
    if (argument.is(Type::blob) && argument.blob().particle == Particle::hll) {
        List one;
        one.items.push_back(std::move(argument));
        argument = std::move(one);
    }
}

struct Call : Node {
    const System *system = nullptr;
    Access access = Access::read;
    ExpressionType result = ExpressionType::other;
    Value context;  // none: the operation is for the target itself
    List payload;  // the operation's code and arguments
    std::vector<std::pair<size_t, NodePointer>> computed;  // arguments that are expressions, by their place
    NodePointer target;

    Call() : Node(ExpressionType::other) {}

    bool build_payload(Evaluation &evaluation, Value &out) const {
        List arguments = payload;
        for (const auto &[place, node] : computed) {
            arguments.items[place] = node->evaluate(evaluation);
            if (!arguments.items[place].present()) {
                return false;
            }
            if (system->run == run_hll && access == Access::read) {
                widen_sketch(arguments.items[place]);
            }
        }
        if (!context.present()) {
            out = std::move(arguments);
            return true;
        }
        List nested;
        nested.items = {kInContext, context, std::move(arguments)};
        out = std::move(nested);
        return true;
    }

    Value evaluate(Evaluation &evaluation) const override {
        Value arguments;
        if (!build_payload(evaluation, arguments)) {
            return {};
        }
        Value value = target->evaluate(evaluation);
        if (!value.present()) {
            return {};
        }
        if (value.is(Type::nil)) value = Value();  // as a bin that is not there
        settle(value);
        Outcome outcome = system->run(access, value, arguments);
        if (outcome.status != Status::ok) {
            return {};
        }
        Value given = access == Access::modify ? std::move(value) : std::move(outcome.value);
        if (!given.present()) {
            given = Nil{};
        }
        size_t size = packed_size(given);
        if (type_of(given) != result || size > evaluation.spare_bytes) {
            return {};
        }
        evaluation.spare_bytes -= size;
        return given;
    }
};

// Path expressions: [context, flags, optional expression]. The operation reads the expressions in them by itself.
bool parse_path(ExpressionParser &parser, size_t count, Call &call) {
    if (count < 3 || count > 4 || !parser.at_list()) {
        return false;
    }
    for (size_t i = 1; i < count; i++) {
        if (!parser.value(call.payload.items.emplace_back())) {
            return false;
        }
    }
    return call.payload.items[2].is(Type::integer);
}

bool parse_arguments(ExpressionParser &parser, size_t count, Call &call) {
    for (size_t i = 1; i < count; i++) {
        Value &argument = call.payload.items.emplace_back();
        if (!parser.at_list()) {
            if (!parser.value(argument)) {
                return false;
            }
            continue;
        }
        NodePointer node = parser.node();
        if (!node) {
            return false;
        }
        call.computed.emplace_back(i, std::move(node));
    }
    return true;
}

bool parse_payload(ExpressionParser &parser, Call &call) {
    size_t count;
    int64_t code;
    if (!parser.list_header(count) || count == 0 || !parser.integer(code)) {
        return false;
    }
    bool in_context = code == kInContext;
    if (in_context) {
        if (!call.system->has_context || count != 3 || !parser.value(call.context)) {
            return false;
        }
        if (!parser.list_header(count) || count == 0 || !parser.integer(code)) {
            return false;
        }
    }
    call.payload.items.emplace_back(code);
    if (code == kByPath && call.system->run == run_cdt && !in_context) {
        return parse_path(parser, count, call);
    }
    return parse_arguments(parser, count, call);
}

}  // namespace

NodePointer parse_call(ExpressionParser &parser, Code, size_t count) {
    auto call = std::make_unique<Call>();
    int64_t number;
    if (count != 4 || !parser.type(call->result) || !parser.integer(number)) {
        return nullptr;
    }
    size_t index = size_t(number & ~kModify);
    if (number < 0 || index >= std::size(kSystems)) {
        return nullptr;
    }
    call->system = &kSystems[index];
    call->access = number & kModify ? Access::modify : Access::read;
    if (!parse_payload(parser, *call)) {
        return nullptr;
    }
    call->target = parser.node();
    if (!call->target) {
        return nullptr;
    }
    ExpressionType target = call->target->type;
    bool fits = target == call->system->target || target == call->system->other_target;
    if (!fits && target != ExpressionType::nil) {
        return nullptr;
    }
    call->type = fits ? call->result : ExpressionType::nil;
    return call;
}

}  // namespace embedded
