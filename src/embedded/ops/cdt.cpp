// SPDX-License-Identifier: Apache-2.0
// Operations of lists and maps: find the row, make sure of arguments and target, run it, on a part if so wanted.
#include "ops/cdt.hpp"

#include <algorithm>

#include "ops/cdt_path.hpp"
#include "wire/msgpack.hpp"

namespace embedded {

namespace {

constexpr int64_t kInContext = 0xff;
constexpr int64_t kByPath = 0xfe;

// An operation that was found to be well-formed, before it meets its target.
struct Prepared {
    Access access;
    const CdtRow &row;
    const List &payload;
    ReturnType returns;
    size_t depth;  // of the target: containers around it

    bool of_map() const { return row.code >= kFirstMapCode; }
};

Value new_container(const Prepared &operation) {
    int64_t order =
        operation.row.creates == kCreatedPlain ? 0 : integer_at(operation.payload, operation.row.creates, 0);
    if (operation.of_map()) {
        Map map;
        map.order = static_cast<uint8_t>(order & kMapOrders);
        map.persisted = (order & kPersistIndex) != 0;
        return map;
    }
    List list;
    list.ordered = (order & kOrdered) != 0;
    list.persisted = (order & kPersistIndex) != 0;
    return list;
}

bool is_empty(const Value &container) {
    return container.is(Type::map) ? container.map().entries.empty() : container.list().items.empty();
}

// A bin becomes an empty container even if nothing goes into it; an element only by setting its type, which has the
// first code of lists and of maps.
Outcome run_on_absent(const Prepared &operation, Value &target) {
    if (operation.row.creates < 0) {
        bool refused = operation.row.creates == kWantsBin && operation.depth == 0;
        return {refused ? Status::incompatible_type : Status::ok, {}};
    }
    Value made = new_container(operation);
    Call call{operation.access, operation.payload, made, operation.returns};
    Outcome outcome = operation.row.run(call);
    constexpr int64_t kPutItems = 68;
    bool is_asked_for = operation.row.code % kFirstMapCode == 0 || operation.row.code == kPutItems;
    bool stays = operation.depth == 0 || !is_empty(made) || is_asked_for;
    if (outcome.status == Status::ok && stays) {
        target = std::move(made);
    }
    return outcome;
}

Outcome run_operation(Value &target, void *argument) {
    const auto &operation = *static_cast<const Prepared *>(argument);
    if (!target.present()) {
        return run_on_absent(operation, target);
    }
    if (!target.is(operation.of_map() ? Type::map : Type::list)) {
        return {Status::incompatible_type, {}};
    }
    Call call{operation.access, operation.payload, target, operation.returns};
    return operation.row.run(call);
}

// The code decides between list and map, the row what the arguments may be.
Outcome run_in(Access access, Value &root, const Value &payload, const List *context) {
    const CdtRow *row = find_list_row(access, payload);
    row = row != nullptr ? row : find_map_row(access, payload);
    if (row == nullptr) {
        return {Status::parameter, {}};
    }
    const List &arguments = payload.list();
    ReturnType returns;
    bool has_returns = row->returns != Returns::fixed;
    bool many = row->returns == Returns::many;
    bool of_map = row->code >= kFirstMapCode;
    if (has_returns && !parse_return_type(arguments.items[1].integer(), of_map, many, returns)) {
        return {of_map && !returns.inverted ? Status::parameter : Status::not_applicable, {}};
    }
    size_t depth = context == nullptr ? 0 : context->items.size() / 2;
    if (row->stored_at != 0 && !may_be_stored(arguments.items[row->stored_at], depth + 1)) {
        return {Status::parameter, {}};
    }
    Prepared operation{access, *row, arguments, returns, depth};
    if (context != nullptr) {
        return at_context(access, root, *context, run_operation, &operation);
    }
    if (access == Access::read && !root.present()) {
        return {};
    }
    return run_operation(root, &operation);
}

Outcome dispatch(Access access, Value &target, const Value &payload) {
    if (!payload.is(Type::list) || payload.list().items.empty() || !payload.list().items[0].is(Type::integer)) {
        return {Status::parameter, {}};
    }
    const auto &items = payload.list().items;
    int64_t code = items[0].integer();
    if (code == kByPath) {
        return run_path(access, target, payload.list());
    }
    if (code != kInContext) {
        return run_in(access, target, payload, nullptr);
    }
    if (items.size() != 3 || !items[1].is(Type::list)) {
        return {Status::parameter, {}};
    }
    return run_in(access, target, items[2], &items[1].list());
}

}  // namespace

Outcome run_cdt(Access access, Value &target, const Value &payload) {
    Outcome outcome = dispatch(access, target, payload);
    if (outcome.value.is(Type::nil)) {  // is given as nothing
        outcome.value = Value();
    }
    return outcome;
}

}  // namespace embedded
