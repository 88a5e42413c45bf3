// SPDX-License-Identifier: Apache-2.0
// Map operations. A map's entries are in order of the keys at all times, so an index is a place in them.
#include <algorithm>

#include "ops/cdt.hpp"
#include "ops/context.hpp"

namespace embedded {

namespace {

enum MapFlag : int64_t { create_only = 1, update_only = 2 };

Outcome number(size_t n) {
    return {Status::ok, static_cast<int64_t>(n)};
}

auto entry_at(Map &map, const Value &key) {
    return std::lower_bound(map.entries.begin(), map.entries.end(), key,
                            [](const auto &entry, const Value &b) { return entry.first < b; });
}

// ---- the map as a whole ----

Outcome set_type(Call &call) {
    int64_t flags = call.integer(1), order = flags & kMapOrders;
    if ((flags & ~(kMapOrders | kPersistIndex)) != 0 || order == 2) {
        return {Status::parameter, {}};
    }
    Map &map = call.map();
    map.order = static_cast<uint8_t>(order);
    map.persisted = (flags & kPersistIndex) != 0;
    return {};
}

Outcome clear(Call &call) {
    call.map().entries.clear();
    return {};
}

Outcome size(Call &call) {
    return number(call.map().entries.size());
}

// ---- putting ----

Status check_put(bool exists, int64_t flags) {
    if (exists && (flags & create_only) != 0) {
        return Status::element_exists;
    }
    return !exists && (flags & update_only) != 0 ? Status::element_not_found : Status::ok;
}

// Entries sorted by key into a map sorted by key; where both have a key, the new value stays.
void merge(Map &map, std::vector<std::pair<Value, Value>> entries) {
    auto &into = map.entries;
    auto middle = into.size();
    into.insert(into.end(), std::make_move_iterator(entries.begin()), std::make_move_iterator(entries.end()));
    std::inplace_merge(into.begin(), into.begin() + static_cast<ptrdiff_t>(middle), into.end(),
                       [](const auto &a, const auto &b) { return a.first < b.first; });
    auto last =
        std::unique(into.rbegin(), into.rend(), [](const auto &a, const auto &b) { return a.first == b.first; });
    into.erase(into.begin(), last.base());
}

// The result is the new size.
Outcome put_entries(Map &map, const std::vector<std::pair<Value, Value>> &entries, int64_t flags) {
    constexpr int64_t kTakesAll = update_only | no_fail | partial;
    if (map.entries.empty() && (flags & kTakesAll) == kTakesAll) {
        flags = 0;  // a real server puts everything
    }
    std::vector<std::pair<Value, Value>> taken;
    for (const auto &entry : entries) {
        Status status = check_put(find_key(map, entry.first) != npos, flags);
        if (status == Status::ok) {
            taken.push_back(entry);
        } else if ((flags & no_fail) == 0) {
            return {status, {}};
        } else if ((flags & partial) == 0) {
            return number(map.entries.size());
        }
    }
    merge(map, std::move(taken));
    return number(map.entries.size());
}

Outcome put_one(Call &call, int64_t flags) {
    const Value &key = call.argument(1);
    if (!is_map_key(key)) {
        return {Status::parameter, {}};
    }
    Map &map = call.map();
    auto place = entry_at(map, key);
    bool exists = place != map.entries.end() && place->first == key;
    Status status = check_put(exists, flags);
    if (status != Status::ok) {
        return (flags & no_fail) != 0 ? number(map.entries.size()) : Outcome{status, {}};
    }
    if (exists) {
        place->second = call.argument(2);
    } else {
        map.entries.emplace(place, key, call.argument(2));
    }
    return number(map.entries.size());
}

template <int64_t flags>
Outcome put(Call &call) {
    return put_one(call, flags | call.integer(4));
}

template <int64_t flags>
Outcome put_items(Call &call) {
    if (!call.argument(1).is(Type::map)) {
        return {Status::parameter, {}};
    }
    return put_entries(call.map(), call.argument(1).map().entries, flags | call.integer(3));
}

template <bool subtract>
Outcome increment(Call &call) {
    const Value &key = call.argument(1);
    if (!is_map_key(key)) {
        return {Status::parameter, {}};
    }
    Map &map = call.map();
    auto place = entry_at(map, key);
    bool exists = place != map.entries.end() && place->first == key;
    Value amount = call.has(2) ? call.argument(2) : Value(Nil{});
    Value number = exists ? place->second : amount.is(Type::real) ? Value(0.0) : Value(int64_t{0});
    Status status = add_amount(number, amount, subtract);
    if (status != Status::ok) {
        return {status, {}};
    }
    if (exists) {
        place->second = number;
    } else {
        map.entries.emplace(place, key, number);
    }
    return {Status::ok, std::move(number)};
}

// ---- by key ----

Outcome by_key(Call &call) {
    const Map &map = call.map();
    size_t place = key_place(map, call.argument(2));
    bool found = place < map.entries.size() && map.entries[place].first == call.argument(2);
    return finish_one(call, found ? place : npos);
}

Outcome by_key_list(Call &call) {
    if (call.returns.wants_rank()) {
        return {Status::not_applicable, {}};
    }
    Elements elements(call.target);
    return finish(call, select_keys(call.map(), elements, call.argument(2).list(), call.returns),
                  InvertedExists::something_left);
}

Outcome by_key_interval(Call &call) {
    Elements elements(call.target);
    size_t begin = key_place(call.map(), call.argument(2));
    size_t end = call.has(3) ? key_place(call.map(), call.argument(3)) : elements.size();
    Range range{begin, std::max(end, begin) - begin};
    Selection selection = select_indexes(elements, range, call.returns.inverted);
    if (call.returns.inverted) {
        selection.ranks.reset();  // found one by one, even where all are left
    }
    return finish(call, selection);
}

Outcome by_key_rel_index_range(Call &call) {
    Elements elements(call.target);
    size_t place = key_place(call.map(), call.argument(2));
    Range range = cut_relative(place, call.integer(3), call.count(4), elements.size());
    return finish(call, select_indexes(elements, range, call.returns.inverted), InvertedExists::something_left);
}

// ---- the table ----

constexpr Access R = Access::read, W = Access::modify;

constexpr CdtRow kRows[] = {
    // code, access, arguments, result, creates, stores
    {64, W, "i", Returns::fixed, 1, 0, set_type},
    {65, W, "vv|i", Returns::fixed, 3, 2, put<create_only>},
    {66, W, "v|i", Returns::fixed, 2, 1, put_items<create_only>},
    {67, W, "vv|ii", Returns::fixed, 3, 2, put<0>},
    {68, W, "v|ii", Returns::fixed, 2, 1, put_items<0>},
    {69, W, "vv", Returns::fixed, kCreatedPlain, 2, put<update_only>},
    {70, W, "v", Returns::fixed, kCreatedPlain, 1, put_items<update_only>},
    {73, W, "v|vi", Returns::fixed, 3, 0, increment<false>},
    {74, W, "v|vi", Returns::fixed, 3, 0, increment<true>},
    {75, W, "", Returns::fixed, kNotCreated, 0, clear},
    {76, W, "iv", Returns::one, kNotCreated, 0, by_key},
    {77, W, "ii", Returns::one, kNotCreated, 0, by_index},
    {79, W, "ii", Returns::one, kNotCreated, 0, by_rank},
    {81, W, "il", Returns::many, kNotCreated, 0, by_key_list},
    {82, W, "iv", Returns::many, kNotCreated, 0, by_value},
    {83, W, "il", Returns::many, kNotCreated, 0, by_value_list},
    {84, W, "iv|v", Returns::many, kNotCreated, 0, by_key_interval},
    {85, W, "ii|i", Returns::many, kNotCreated, 0, by_index_range},
    {86, W, "iv|v", Returns::many, kNotCreated, 0, by_value_interval},
    {87, W, "ii|i", Returns::many, kNotCreated, 0, by_rank_range},
    {88, W, "ivi|i", Returns::many, kNotCreated, 0, by_key_rel_index_range},
    {89, W, "ivi|i", Returns::many, kNotCreated, 0, by_value_rel_rank_range},
    {96, R, "", Returns::fixed, kNotCreated, 0, size},
    {97, R, "iv", Returns::one, kNotCreated, 0, by_key},
    {98, R, "ii", Returns::one, kNotCreated, 0, by_index},
    {100, R, "ii", Returns::one, kNotCreated, 0, by_rank},
    {102, R, "iv", Returns::many, kNotCreated, 0, by_value},
    {103, R, "iv|v", Returns::many, kNotCreated, 0, by_key_interval},
    {104, R, "ii|i", Returns::many, kNotCreated, 0, by_index_range},
    {105, R, "iv|v", Returns::many, kNotCreated, 0, by_value_interval},
    {106, R, "ii|i", Returns::many, kNotCreated, 0, by_rank_range},
    {107, R, "il", Returns::many, kNotCreated, 0, by_key_list},
    {108, R, "il", Returns::many, kNotCreated, 0, by_value_list},
    {109, R, "ivi|i", Returns::many, kNotCreated, 0, by_key_rel_index_range},
    {110, R, "ivi|i", Returns::many, kNotCreated, 0, by_value_rel_rank_range},
};

}  // namespace

const CdtRow *find_map_row(Access access, const Value &payload) {
    return find_row(kRows, access, payload);
}

}  // namespace embedded
