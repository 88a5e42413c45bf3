// SPDX-License-Identifier: Apache-2.0
#include "ops/cdt_path.hpp"

#include <algorithm>
#include <numeric>

#include "ops/cdt.hpp"
#include "ops/context.hpp"
#include "ops/element.hpp"
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
    bool is_beyond_server = false;  // of version 8.1: a rank, or an index of a map, in each of several containers
};

bool of_many(const Level &level) {
    return level.kind != Level::Kind::one;
}

// Of constants, only true is a filter.
bool parse_filter_value(const Value &packed, ExpressionPointer &out) {
    if (packed.is(Type::boolean) && !packed.boolean()) {
        return false;
    }
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
    if (!parse_step(type, argument, level.step) || level.step.create() != 0) {
        return false;
    }
    bool by_place = level.step.by() == StepBy::rank || (level.step.by() == StepBy::index && level.step.through_map());
    level.is_beyond_server = by_place && std::any_of(levels.begin(), levels.end(), of_many);
    return true;
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
    bool no_fail;
    ExpressionPointer change;  // of a modification

    template <typename Visit>
    Status each(const Value &container, size_t depth, Visit visit) const;
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

// What is no container, or an empty one, is passed over; another kind of container than the step wants is an error.
Status Path::candidates(const Value &container, const Level &level, std::vector<size_t> &out) const {
    if ((!container.is(Type::list) && !container.is(Type::map)) || Elements(container).size() == 0) {
        return Status::ok;
    }
    if (!fits(container, level)) {
        return Status::parameter;
    }
    if (level.kind == Level::Kind::keys_in) {
        for (const Value &key : level.keys->items) {
            out.push_back(find_key(container.map(), key));
        }
        std::sort(out.begin(), out.end());
        out.erase(std::unique(out.begin(), out.end()), out.end());
    } else if (level.kind == Level::Kind::one && level.step.by() == StepBy::value) {
        Elements elements(container);
        for (size_t i = 0; i < elements.size(); i++) {
            out.push_back(elements.value(i) == *level.step.argument ? i : npos);
        }
    } else if (level.kind == Level::Kind::one) {
        out.push_back(find_element(container, level.step));
        if (level.is_beyond_server && out.back() != npos) {
            return Status::server;
        }
    } else {
        out.resize(Elements(container).size());
        std::iota(out.begin(), out.end(), 0);
    }
    out.erase(std::remove(out.begin(), out.end(), npos), out.end());
    return Status::ok;
}

Status Path::passes(const Element &element, const Level &level, bool &out) const {
    Truth truth = level.filter == nullptr ? Truth::yes : matches(*level.filter, element);
    out = truth == Truth::yes;
    bool is_index = !of_many(level) && level.step.by() == StepBy::index;  // there no answer means no
    return truth == Truth::unknown && !is_index && !no_fail ? Status::parameter : Status::ok;
}

// Visit the elements that are chosen, one after another: a filter is asked when its element's turn comes.
template <typename Visit>
Status Path::each(const Value &container, size_t depth, Visit visit) const {
    const Level &level = levels[depth];
    std::vector<size_t> found;
    Status status = candidates(container, level, found);
    for (size_t i = 0; i < found.size() && status == Status::ok; i++) {
        bool passed = false;
        status = passes(element_of(container, found[i]), level, passed);
        if (status == Status::ok && passed) {
            status = visit(found[i]);
        }
    }
    return status;
}

// ---- selecting ----

Status Path::select_flat(const Value &here, size_t depth, int64_t wanted, List &out) const {
    bool last = depth + 1 == levels.size();
    if (last && (wanted & keys) != 0 && here.is(Type::list) && !here.list().items.empty()) {  // which have no keys
        return no_fail ? Status::ok : Status::incompatible_type;
    }
    return each(here, depth, [&](size_t index) {
        Element element = element_of(here, index);
        if (!last) {
            return select_flat(*element.value, depth + 1, wanted, out);
        }
        if ((wanted & keys) != 0) {
            out.items.push_back(*element.key);
        }
        if ((wanted & values) != 0) {
            out.items.push_back(*element.value);
        }
        return Status::ok;
    });
}

// The containers on the way stay, with what was chosen in them.
Status Path::select_tree(const Value &here, size_t depth, Value &out) const {
    if (depth == levels.size() || (!here.is(Type::list) && !here.is(Type::map))) {
        out = here;
        return Status::ok;
    }
    if (here.is(Type::map)) {
        Map map;
        Status status = each(here, depth, [&](size_t index) {
            const auto &[key, value] = here.map().entries[index];
            return select_tree(value, depth + 1, map.entries.emplace_back(key, Value()).second);
        });
        out = std::move(map);
        return status;
    }
    List list;
    list.ordered = here.list().ordered;
    Status status = each(here, depth, [&](size_t index) {
        return select_tree(here.list().items[index], depth + 1, list.items.emplace_back());
    });
    if (list.ordered) {
        std::stable_sort(list.items.begin(), list.items.end());
    }
    out = std::move(list);
    return status;
}

// ---- modifying ----

Status Path::modify_element(Value &container, size_t index, size_t depth, bool &removed) const {
    Value &value = container.is(Type::map) ? container.map().entries[index].second : container.list().items[index];
    if (depth + 1 < levels.size()) {
        return modify(value, depth + 1);
    }
    Verdict verdict = evaluate(*change, element_of(container, index));
    if (verdict.kind == Verdict::Kind::unknown) {
        return no_fail ? Status::ok : Status::server;
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
    std::vector<size_t> gone;
    Status status = each(here, depth, [&](size_t index) {
        bool removed = false;
        Status changed = modify_element(here, index, depth, removed);
        if (removed) {
            gone.push_back(index);
        }
        return changed;
    });
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

Outcome run_path(Access access, Value &target, const List &payload) {
    const auto &items = payload.items;
    bool applies = access == Access::modify;
    if (items.size() != (applies ? 4 : 3) || !items[2].is(Type::integer)) {
        return {Status::parameter, {}};
    }
    int64_t flags = items[2].integer();
    if (((flags & kApply) != 0) != applies) {
        return {Status::parameter, {}};
    }
    Path path{{}, (flags & kNoFail) != 0, nullptr};
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
        return {applies ? Status::incompatible_type : Status::ok, {}};
    }
    if (!target.is(Type::list) && !target.is(Type::map)) {
        return {Status::incompatible_type, {}};
    }
    return applies ? Outcome{path.modify(target, 0), {}} : select(path, target, flags);
}

}  // namespace embedded
