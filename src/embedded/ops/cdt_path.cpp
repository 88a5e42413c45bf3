// SPDX-License-Identifier: Apache-2.0
#include "ops/cdt_path.hpp"

#include <algorithm>
#include <numeric>

#include "expression/expression.hpp"
#include "ops/cdt.hpp"
#include "ops/context.hpp"
#include "wire/msgpack.hpp"

namespace embedded {

namespace {

// What a selection gives; without any of the two, the tree around what was selected.
enum SelectFlag : int64_t { values = 1, keys = 2 };
constexpr int64_t kApply = 4;
constexpr int64_t kNoFail = 16;

// Steps that only paths have.
constexpr int64_t kChildren = 0x04;  // all that pass a filter
constexpr int64_t kAlso = 0x200 | kChildren;  // of those that the step before chose
constexpr int64_t kKeysIn = 0x2a;

struct Level {
    enum class Kind : uint8_t { children, keys_in, one } kind = Kind::one;
    Step step;  // of the kind `one`
    const List *keys = nullptr;
    ExpressionPointer filter;
    bool has_also = false;
};

bool parse_filter_value(const Value &packed, ExpressionPointer &out) {
    Bytes bytes;
    pack(packed, bytes);
    out = parse_filter(bytes);
    return out != nullptr;
}

// A filter on what the level before it chooses: one at most, and only where that chooses without a filter.
bool parse_also(const Value &argument, std::vector<Level> &levels) {
    if (levels.empty() || levels.back().has_also || levels.back().kind == Level::Kind::children) {
        return false;
    }
    levels.back().has_also = true;
    return parse_filter_value(argument, levels.back().filter);
}

bool parse_level(const Value &type, const Value &argument, std::vector<Level> &levels) {
    if (!type.is(Type::integer)) {
        return false;
    }
    if (type.integer() == kAlso) {
        return parse_also(argument, levels);
    }
    Level &level = levels.emplace_back();
    if (type.integer() == kChildren) {
        level.kind = Level::Kind::children;
        return parse_filter_value(argument, level.filter);
    }
    if (type.integer() == kKeysIn) {
        level.kind = Level::Kind::keys_in;
        level.keys = argument.is(Type::list) ? &argument.list() : nullptr;
        return level.keys != nullptr;
    }
    return parse_step(type, argument, level.step) && level.step.create() == 0;
}

bool parse_levels(const Value &context, std::vector<Level> &levels) {
    if (!context.is(Type::list)) {
        return false;
    }
    const auto &items = context.list().items;
    if (items.empty() || items.size() % 2 != 0 || items.size() / 2 > kMaxDepth) {
        return false;
    }
    for (size_t i = 0; i < items.size(); i += 2) {
        if (!parse_level(items[i], items[i + 1], levels)) {
            return false;
        }
    }
    return true;
}

struct Path {
    std::vector<Level> levels;
    const Environment *environment;
    bool no_fail;
    ExpressionPointer change;  // of a modification

    Status choose(const Value &container, size_t depth, std::vector<size_t> &chosen) const;
    bool enters(const Value &value, size_t depth) const;
    Status candidates(const Value &container, const Level &level, std::vector<size_t> &out) const;
    Status passes(const Element &element, const Level &level, bool &out) const;

    Status select_flat(const Value &here, size_t depth, int64_t wanted, List &out) const;
    Status select_tree(const Value &here, size_t depth, Value &out) const;
    Status modify(Value &here, size_t depth) const;
    Status modify_element(Value &container, size_t index, size_t depth, bool &removed) const;
};

Element element_of(const Value &container, size_t index) {
    Elements elements(container);
    const Value *key = elements.of_map() ? &elements.key(index) : nullptr;
    return {key, &elements.value(index), static_cast<int64_t>(index)};
}

// ---- choosing at one level ----

bool fits(const Value &value, const Level &level) {
    if (level.kind == Level::Kind::children) {
        return value.is(Type::list) || value.is(Type::map);
    }
    bool through_map = level.kind == Level::Kind::keys_in || level.step.through_map();
    return value.is(through_map ? Type::map : Type::list);
}

Status Path::candidates(const Value &container, const Level &level, std::vector<size_t> &out) const {
    if (!fits(container, level)) {
        return no_fail ? Status::ok : Status::incompatible_type;
    }
    if (level.kind == Level::Kind::keys_in) {
        for (const Value &key : level.keys->items) {
            out.push_back(find_key(container.map(), key));
        }
        std::sort(out.begin(), out.end());
        out.erase(std::unique(out.begin(), out.end()), out.end());
    } else if (level.kind == Level::Kind::one) {
        out.push_back(find_element(container, level.step));
    } else {
        out.resize(Elements(container).size());
        std::iota(out.begin(), out.end(), 0);
    }
    out.erase(std::remove(out.begin(), out.end(), npos), out.end());
    return Status::ok;
}

Status Path::passes(const Element &element, const Level &level, bool &out) const {
    Truth truth = level.filter == nullptr ? Truth::yes : matches(*level.filter, environment, element);
    out = truth == Truth::yes;
    return truth == Truth::unknown && !no_fail ? Status::not_applicable : Status::ok;
}

// Is there a way on, or an error to be told of? Where nothing may fail, what the path cannot enter is passed over.
bool Path::enters(const Value &value, size_t depth) const {
    return !no_fail || depth == levels.size() || fits(value, levels[depth]);
}

Status Path::choose(const Value &container, size_t depth, std::vector<size_t> &chosen) const {
    const Level &level = levels[depth];
    std::vector<size_t> found;
    Status status = candidates(container, level, found);
    for (size_t index : found) {
        Element element = element_of(container, index);
        bool passed = false;
        if (status == Status::ok) {
            status = passes(element, level, passed);
        }
        if (passed && enters(*element.value, depth + 1)) {
            chosen.push_back(index);
        }
    }
    return status;
}

// ---- selecting ----

Status Path::select_flat(const Value &here, size_t depth, int64_t wanted, List &out) const {
    std::vector<size_t> chosen;
    Status status = choose(here, depth, chosen);
    bool last = depth + 1 == levels.size();
    for (size_t i = 0; i < chosen.size() && status == Status::ok; i++) {
        Element element = element_of(here, chosen[i]);
        if (!last) {
            status = select_flat(*element.value, depth + 1, wanted, out);
            continue;
        }
        if ((wanted & keys) != 0 && element.key == nullptr) {  // an element of a list has no key
            continue;
        }
        if ((wanted & keys) != 0) {
            out.items.push_back(*element.key);
        }
        if ((wanted & values) != 0) {
            out.items.push_back(*element.value);
        }
    }
    return status;
}

// The containers on the way stay, with what was chosen in them.
Status Path::select_tree(const Value &here, size_t depth, Value &out) const {
    if (depth == levels.size()) {
        out = here;
        return Status::ok;
    }
    std::vector<size_t> chosen;
    Status status = choose(here, depth, chosen);
    if (here.is(Type::map)) {
        Map map;
        map.order = here.map().order;
        for (size_t i = 0; i < chosen.size() && status == Status::ok; i++) {
            const auto &[key, value] = here.map().entries[chosen[i]];
            status = select_tree(value, depth + 1, map.entries.emplace_back(key, Value()).second);
        }
        out = std::move(map);
    } else if (status == Status::ok) {
        List list;
        list.ordered = here.list().ordered;
        for (size_t i = 0; i < chosen.size() && status == Status::ok; i++) {
            status = select_tree(here.list().items[chosen[i]], depth + 1, list.items.emplace_back());
        }
        if (list.ordered) {
            std::stable_sort(list.items.begin(), list.items.end());
        }
        out = std::move(list);
    }
    return status;
}

// ---- modifying ----

Status Path::modify_element(Value &container, size_t index, size_t depth, bool &removed) const {
    Value &value = container.is(Type::map) ? container.map().entries[index].second : container.list().items[index];
    if (depth + 1 < levels.size()) {
        return modify(value, depth + 1);
    }
    Verdict verdict = evaluate(*change, environment, element_of(container, index));
    if (verdict.kind == Verdict::Kind::unknown) {
        return no_fail ? Status::ok : Status::not_applicable;
    }
    removed = verdict.kind == Verdict::Kind::remove;
    if (!removed) {
        if (!may_be_stored(verdict.value, depth + 1)) {
            return Status::parameter;
        }
        value = std::move(verdict.value);
    }
    return Status::ok;
}

Status Path::modify(Value &here, size_t depth) const {
    std::vector<size_t> chosen, gone;
    Status status = choose(here, depth, chosen);
    for (size_t i = 0; i < chosen.size() && status == Status::ok; i++) {
        bool removed = false;
        status = modify_element(here, chosen[i], depth, removed);
        if (removed) {
            gone.push_back(chosen[i]);
        }
    }
    if (status == Status::ok && !gone.empty()) {
        remove_elements(here, gone);
    }
    if (status == Status::ok && here.is(Type::list) && here.list().ordered) {
        std::stable_sort(here.list().items.begin(), here.list().items.end());
    }
    return status;
}

Outcome select(const Path &path, const Value &target, int64_t flags) {
    int64_t wanted = flags & (values | keys);
    if (wanted == 0) {
        Value tree;
        Status status = path.select_tree(target, 0, tree);
        return {status, status == Status::ok ? std::move(tree) : Value()};
    }
    List out;
    Status status = path.select_flat(target, 0, wanted, out);
    return {status, status == Status::ok ? Value(std::move(out)) : Value()};
}

}  // namespace

Outcome run_path(Access access, Value &target, const List &payload, const Environment *environment) {
    const auto &items = payload.items;
    bool applies = access == Access::modify;
    if (items.size() != (applies ? 4 : 3) || !items[2].is(Type::integer)) {
        return {Status::parameter, {}};
    }
    int64_t flags = items[2].integer();
    if ((flags & ~(values | keys | kApply | kNoFail)) != 0 || ((flags & kApply) != 0) != applies) {
        return {Status::parameter, {}};
    }
    Path path{{}, environment, (flags & kNoFail) != 0, nullptr};
    if (!parse_levels(items[1], path.levels)) {
        return {Status::parameter, {}};
    }
    if (applies) {
        Bytes packed;
        pack(items[3], packed);
        path.change = parse_expression(packed);
        if (path.change == nullptr) {
            return {Status::parameter, {}};
        }
    }
    if (!target.present()) {
        return {};
    }
    if (!target.is(Type::list) && !target.is(Type::map)) {
        return {Status::incompatible_type, {}};
    }
    return applies ? Outcome{path.modify(target, 0), {}} : select(path, target, flags);
}

}  // namespace embedded
