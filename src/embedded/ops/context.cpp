// SPDX-License-Identifier: Apache-2.0
// Contexts: the way to a container or value inside others.
#include <algorithm>

#include "ops/context.hpp"
#include "ops/operation.hpp"
#include "store/store.hpp"
#include "wire/msgpack.hpp"

namespace embedded {

namespace {

constexpr int64_t kSteps[] = {0x10, 0x11, 0x13, 0x20, 0x21, 0x22, 0x23};

bool parse_steps(const List &context, std::vector<Step> &out) {
    size_t size = context.items.size();
    if (size == 0 || size % 2 != 0 || size / 2 >= kMaxDepth) {
        return false;
    }
    for (size_t i = 0; i < size; i += 2) {
        if (!parse_step(context.items[i], context.items[i + 1], out.emplace_back())) {
            return false;
        }
    }
    return true;
}

Value new_container(const Step &step) {
    if (step.through_map()) {
        Map map;
        map.order = step.create() == 0x80 ? 1 : step.create() == 0xc0 ? 3 : 0;
        return map;
    }
    List list;
    list.ordered = step.ordered();
    return list;
}

void put_sorted(List &list, Value value) {
    auto place = std::upper_bound(list.items.begin(), list.items.end(), value);
    list.items.insert(place, std::move(value));
}

struct Walk {
    Access access;
    const std::vector<Step> &steps;
    Leaf leaf;
    void *argument;

    Outcome from(Value &here, size_t depth, bool in_new = false) const;
    Outcome into(Value &container, size_t index, size_t depth) const;
    Outcome into_new(Value &container, size_t depth, bool fresh) const;
    Status check_new_place(const Value &container, const Step &step, bool fresh) const;
};

// `in_new`: a step before made what is here; then the keys of maps are made, whether the step says so or not.
Outcome Walk::from(Value &here, size_t depth, bool in_new) const {
    if (depth == steps.size()) {
        return leaf(here, argument);
    }
    const Step &step = steps[depth];
    if (!here.present()) {
        if (!step.creates_place() && !(in_new && step.through_map() && step.by() == StepBy::key)) {
            return {Status::not_applicable, {}};
        }
        Value made = new_container(step);
        Outcome outcome = into_new(made, depth, true);
        if (outcome.status == Status::ok && Elements(made).size() > 0) {
            here = std::move(made);
        }
        return outcome;
    }
    if (!here.is(step.through_map() ? Type::map : Type::list)) {
        bool scalar_bin = depth == 0 && !here.is(Type::list) && !here.is(Type::map);
        return {scalar_bin ? Status::parameter : Status::not_applicable, {}};
    }
    if (access == Access::modify && step.by() == StepBy::value && has_wildcard(*step.argument)) {
        return {Status::parameter, {}};
    }
    size_t index = find_element(here, step);
    if (index != npos) {
        return into(here, index, depth);
    }
    if (access == Access::modify && step.creates_place()) {
        return into_new(here, depth, false);
    }
    return {Status::not_applicable, {}};
}

Outcome Walk::into(Value &container, size_t index, size_t depth) const {
    if (container.is(Type::map)) {
        return from(container.map().entries[index].second, depth + 1);
    }
    List &list = container.list();
    Outcome outcome = from(list.items[index], depth + 1);
    if (access == Access::modify && list.ordered) {
        Value changed = std::move(list.items[index]);
        list.items.erase(list.items.begin() + static_cast<ptrdiff_t>(index));
        put_sorted(list, std::move(changed));
    }
    return outcome;
}

Status Walk::check_new_place(const Value &container, const Step &step, bool fresh) const {
    if (step.through_map()) {
        return is_map_key(*step.argument) ? Status::ok : Status::parameter;
    }
    size_t size = container.list().items.size(), place = place_of(step.argument->integer(), size);
    if (place == npos || (place > size && !step.pads() && !fresh)) {
        return Status::not_applicable;
    }
    return place > kRecordMost ? Status::record_too_big : Status::ok;
}

// What the leaf makes becomes an element; if it makes nothing, nothing becomes of the way to it. In a fresh list, it is
// the first, whatever its index, unless the step fills up with nil.
Outcome Walk::into_new(Value &container, size_t depth, bool fresh) const {
    const Step &step = steps[depth];
    Status status = check_new_place(container, step, fresh);
    if (status != Status::ok) {
        return {status, {}};
    }
    Value child;
    Outcome outcome = from(child, depth + 1, true);
    if (outcome.status != Status::ok || !child.present()) {
        return outcome;
    }
    if (container.is(Type::map)) {
        auto &entries = container.map().entries;
        auto place = std::lower_bound(entries.begin(), entries.end(), *step.argument,
                                      [](const auto &entry, const Value &b) { return entry.first < b; });
        entries.emplace(place, *step.argument, std::move(child));
    } else if (container.list().ordered) {
        put_sorted(container.list(), std::move(child));
    } else {
        auto &items = container.list().items;
        if (step.pads()) {
            items.resize(static_cast<size_t>(step.argument->integer()), Nil{});
        }
        items.push_back(std::move(child));
    }
    return outcome;
}

}  // namespace

bool parse_step(const Value &type, const Value &argument, Step &out) {
    if (!type.is(Type::integer)) {
        return false;
    }
    out = {type.integer(), &argument};
    bool known = std::find(std::begin(kSteps), std::end(kSteps), out.type & ~kStepCreate) != std::end(kSteps);
    return known && (out.by() >= StepBy::key || argument.is(Type::integer));
}

size_t find_key(const Map &map, const Value &key) {
    size_t place = key_place(map, key);
    bool found = place < map.entries.size() && map.entries[place].first == key && !has_wildcard(key);
    return found ? place : npos;
}

size_t find_element(const Value &container, const Step &step) {
    Elements elements(container);
    size_t size = elements.size();
    switch (step.by()) {
    case StepBy::key:
        return find_key(container.map(), *step.argument);
    case StepBy::value:
        for (size_t i = 0; i < size; i++) {
            if (elements.value(i) == *step.argument) {
                return i;
            }
        }
        return npos;
    default:
        break;
    }
    size_t place = place_of(step.argument->integer(), size);
    if (place >= size) {
        return npos;
    }
    return step.by() == StepBy::rank ? elements.index_of_rank(place) : place;
}

Outcome at_context(Access access, Value &root, const List &context, Leaf leaf, void *argument) {
    std::vector<Step> steps;
    if (!parse_steps(context, steps)) {
        return {Status::parameter, {}};
    }
    if (access == Access::read && !root.present()) {
        return {};
    }
    return Walk{access, steps, leaf, argument}.from(root, 0);
}

}  // namespace embedded
