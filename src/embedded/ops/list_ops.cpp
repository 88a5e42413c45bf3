// SPDX-License-Identifier: Apache-2.0
// List operations.
#include <algorithm>
#include <set>

#include "ops/cdt.hpp"
#include "store/store.hpp"

namespace embedded {

namespace {

enum ListFlag : int64_t { add_unique = 1, bounded = 2 };
constexpr size_t kPlaceMost = INT32_MAX;
enum SortFlag : int64_t { descending = 1, drop_duplicates = 2 };

Outcome not_applicable() {
    return {Status::not_applicable, {}};
}

Outcome number(size_t n) {
    return {Status::ok, static_cast<int64_t>(n)};
}

auto at(List &list, size_t place) {
    return list.items.begin() + static_cast<ptrdiff_t>(place);
}

// ---- the list as a whole ----

void sort_list(List &list) {
    std::stable_sort(list.items.begin(), list.items.end());
}

Outcome set_type(Call &call) {
    int64_t flags = call.integer(1);
    if ((flags & ~(kOrdered | kPersistIndex)) != 0) {
        return {Status::parameter, {}};
    }
    List &list = call.list();
    bool ordered = (flags & kOrdered) != 0;
    if (ordered && !list.ordered) {
        sort_list(list);
    }
    list.ordered = ordered;
    list.persisted = (flags & kPersistIndex) != 0;
    return {};
}

Outcome sort(Call &call) {
    int64_t flags = call.integer(1);
    if ((flags & ~(descending | drop_duplicates)) != 0 || flags == (descending | drop_duplicates)) {
        return {Status::parameter, {}};
    }
    List &list = call.list();
    if ((flags & descending) != 0 && !list.ordered) {  // equal items keep their order
        std::stable_sort(list.items.begin(), list.items.end(), [](const Value &a, const Value &b) { return b < a; });
        return {};
    }
    sort_list(list);
    if ((flags & drop_duplicates) != 0) {
        list.items.erase(std::unique(list.items.begin(), list.items.end()), list.items.end());
    }
    return {};
}

Outcome clear(Call &call) {
    call.list().items.clear();
    return {};
}

Outcome size(Call &call) {
    return number(call.list().items.size());
}

Outcome join(Call &call) {
    View separator = call.has(1) ? View(call.argument(1).text()) : View();
    Bytes joined;
    for (const Value &item : call.list().items) {
        if (!item.is(Type::string)) {
            return {Status::parameter, {}};
        }
        if (&item != &call.list().items.front()) {
            joined.append(separator);
        }
        joined.append(item.text());
        if (joined.size() > kRecordMost) {
            return {Status::record_too_big, {}};
        }
    }
    return {Status::ok, std::move(joined)};
}

// ---- adding ----

struct LessByValue {
    bool operator()(const Value *a, const Value *b) const { return *a < *b; }
};
using ValueSet = std::set<const Value *, LessByValue>;

bool contains(const List &list, const Value &value) {
    if (list.ordered) {
        return std::binary_search(list.items.begin(), list.items.end(), value);
    }
    return std::find(list.items.begin(), list.items.end(), value) != list.items.end();
}

// Of the values to add, those that a list of unique values takes.
Status admit_unique(const List &list, const std::vector<const Value *> &values, int64_t flags,
                    std::vector<const Value *> &taken) {
    ValueSet present, added;
    if (values.size() > 1) {
        for (const Value &item : list.items) {
            present.insert(&item);
        }
    }
    Status first = Status::ok;  // what is wrong first
    for (const Value *value : values) {
        Status wrong = Status::ok;
        if (values.size() > 1 ? present.count(value) != 0 : contains(list, *value)) {
            wrong = Status::element_exists;
        } else if (!added.insert(value).second) {
            wrong = list.ordered ? Status::element_exists : Status::not_applicable;
        } else {
            taken.push_back(value);
        }
        first = first == Status::ok ? wrong : first;
    }
    if (first == Status::ok || (flags & no_fail) == 0) {
        return first;
    }
    if ((flags & partial) == 0) {
        taken.clear();
    }
    return Status::ok;
}

// Put values at a place of an unordered list, filling up with nil as far as there, or where they belong in an
// ordered one. The result is the new size.
Outcome add(List &list, size_t place, std::vector<const Value *> values, int64_t flags) {
    if ((flags & add_unique) != 0) {
        std::vector<const Value *> taken;
        Status status = admit_unique(list, values, flags, taken);
        if (status != Status::ok) {
            return {status, {}};
        }
        values = std::move(taken);
    }
    if (values.empty()) {
        return number(list.items.size());
    }
    if (place > kRecordMost) {  // a nil takes a byte
        return {Status::record_too_big, {}};
    }
    if (place > list.items.size()) {
        list.items.resize(place, Nil{});
    }
    std::vector<Value> made;
    made.reserve(values.size());
    for (const Value *value : values) {
        made.push_back(*value);
    }
    list.items.insert(at(list, place), std::make_move_iterator(made.begin()), std::make_move_iterator(made.end()));
    if (list.ordered) {
        auto middle = at(list, place);
        std::stable_sort(middle, list.items.end());
        std::inplace_merge(list.items.begin(), middle, list.items.end());
    }
    return number(list.items.size());
}

std::vector<const Value *> items_at(const Call &call, size_t place) {
    std::vector<const Value *> out;
    for (const Value &item : call.argument(place).list().items) {
        out.push_back(&item);
    }
    return out;
}

Outcome append(Call &call) {
    List &list = call.list();
    return add(list, list.items.size(), {&call.argument(1)}, call.integer(3));
}

Outcome append_items(Call &call) {
    List &list = call.list();
    return add(list, list.items.size(), items_at(call, 1), call.integer(3));
}

Outcome insert_values(Call &call, std::vector<const Value *> values) {
    List &list = call.list();
    int64_t flags = call.integer(3);
    if (list.ordered) {
        return not_applicable();
    }
    if (values.empty()) {
        return number(list.items.size());
    }
    size_t place = place_of(call.integer(1), list.items.size());
    if (place > kPlaceMost) {
        return not_applicable();
    }
    if (place > list.items.size() && (flags & bounded) != 0) {
        return (flags & no_fail) != 0 ? number(list.items.size()) : not_applicable();
    }
    if (place + values.size() > kPlaceMost) {
        return {Status::parameter, {}};
    }
    return add(list, place, std::move(values), flags);
}

Outcome insert(Call &call) {
    return insert_values(call, {&call.argument(2)});
}

Outcome insert_items(Call &call) {
    return insert_values(call, items_at(call, 2));
}

// ---- changing one element ----

// May an element be put at this place? With no-fail a refusal is no error: `refused` tells.
Status admit_at(const List &list, size_t place, const Value &value, int64_t flags, bool &refused) {
    Status status = Status::ok;
    if (place > list.items.size() && (flags & bounded) != 0) {
        status = Status::not_applicable;
    } else if ((flags & add_unique) != 0 && contains(list, value)) {
        status = Status::element_exists;
    }
    refused = status != Status::ok;
    return (flags & no_fail) != 0 ? Status::ok : status;
}

Outcome put_at(List &list, size_t place, const Value &value) {
    if (place < list.items.size()) {
        list.items.erase(at(list, place));
    }
    return add(list, place, {&value}, 0);
}

Outcome set(Call &call) {
    List &list = call.list();
    size_t place = place_of(call.integer(1), list.items.size());
    if (list.ordered || place > kPlaceMost) {
        return not_applicable();
    }
    bool refused;
    Status status = admit_at(list, place, call.argument(2), call.integer(3), refused);
    if (refused) {
        return {status, {}};
    }
    if (place < list.items.size()) {
        list.items[place] = call.argument(2);
        return {};
    }
    return {put_at(list, place, call.argument(2)).status, {}};
}

// The result is the new number, even where no-fail keeps it out of the list.
Outcome increment(Call &call) {
    List &list = call.list();
    size_t size = list.items.size(), place = place_of(call.integer(1), size);
    if (place > kPlaceMost || (list.ordered && place > size)) {
        return not_applicable();
    }
    Value amount = call.has(2) ? call.argument(2) : Value(Nil{});
    Value number = place < size ? list.items[place] : amount.is(Type::real) ? Value(0.0) : Value(int64_t{0});
    Status status = add_amount(number, amount, false);
    if (status != Status::ok) {
        return {status, {}};
    }
    bool refused, stays = place < size && list.items[place] == number;
    status = admit_at(list, place, number, stays ? call.integer(4) & ~int64_t{add_unique} : call.integer(4), refused);
    if (refused) {
        return {status, status == Status::ok ? number : Value()};
    }
    if (place < size && !list.ordered) {
        list.items[place] = number;
        return {Status::ok, number};
    }
    return {put_at(list, place, number).status, number};
}

// ---- by index, with fixed results ----

Outcome get(Call &call) {
    size_t index = element_at(call.integer(1), call.list().items.size());
    return index == npos ? not_applicable() : finish_one(call, index);
}

Outcome get_range(Call &call) {
    Elements elements(call.target);
    return finish(call, select_indexes(elements, cut_range(call.integer(1), call.count(2), elements.size()), false));
}

template <Outcome (*run)(Call &), Want want>
Outcome wanting(Call &call) {
    call.returns.want = want;
    return run(call);
}

Outcome trim(Call &call) {
    Elements elements(call.target);
    call.returns.want = Want::count;
    return finish(call, select_indexes(elements, cut_range(call.integer(1), call.count(2), elements.size()), true));
}

// ---- the table ----

constexpr Access R = Access::read, W = Access::modify;

constexpr CdtRow kRows[] = {
    // code, access, arguments, result, creates, stores
    {0, W, "i", Returns::fixed, 1, 0, set_type},
    {1, W, "v|ii", Returns::fixed, 2, 1, append},
    {2, W, "l|ii", Returns::fixed, 2, 1, append_items},
    {3, W, "iv|i", Returns::fixed, kCreatedPlain, 2, insert},
    {4, W, "il|i", Returns::fixed, kCreatedPlain, 2, insert_items},
    {5, W, "i", Returns::fixed, kNotCreated, 0, wanting<get, Want::value>},
    {6, W, "i|i", Returns::fixed, kNotCreated, 0, wanting<get_range, Want::value>},
    {7, W, "i", Returns::fixed, kNotCreated, 0, wanting<get, Want::count>},
    {8, W, "i|i", Returns::fixed, kNotCreated, 0, wanting<get_range, Want::count>},
    {9, W, "iv|i", Returns::fixed, kCreatedPlain, 2, set},
    {10, W, "ii", Returns::fixed, kNotCreated, 0, trim},
    {11, W, "", Returns::fixed, kNotCreated, 0, clear},
    {12, W, "i|vii", Returns::fixed, 3, 0, increment},
    {13, W, "|i", Returns::fixed, kWantsBin, 0, sort},
    {16, R, "", Returns::fixed, kNotCreated, 0, size},
    {17, R, "i", Returns::fixed, kNotCreated, 0, wanting<get, Want::value>},
    {18, R, "i|i", Returns::fixed, kNotCreated, 0, wanting<get_range, Want::value>},
    {19, R, "ii", Returns::one, kNotCreated, 0, by_index},
    {21, R, "ii", Returns::one, kNotCreated, 0, by_rank},
    {22, R, "iv", Returns::many, kNotCreated, 0, by_value},
    {23, R, "il", Returns::many, kNotCreated, 0, by_value_list},
    {24, R, "ii|i", Returns::many, kNotCreated, 0, by_index_range},
    {25, R, "iv|v", Returns::many, kNotCreated, 0, by_value_interval},
    {26, R, "ii|i", Returns::many, kNotCreated, 0, by_rank_range},
    {27, R, "ivi|i", Returns::many, kNotCreated, 0, by_value_rel_rank_range},
    {28, R, "|s", Returns::fixed, kNotCreated, 0, join},
    {32, W, "ii", Returns::one, kNotCreated, 0, by_index},
    {34, W, "ii", Returns::one, kNotCreated, 0, by_rank},
    {35, W, "iv", Returns::many, kNotCreated, 0, by_value},
    {36, W, "il", Returns::many, kNotCreated, 0, by_value_list},
    {37, W, "ii|i", Returns::many, kNotCreated, 0, by_index_range},
    {38, W, "iv|v", Returns::many, kNotCreated, 0, by_value_interval},
    {39, W, "ii|i", Returns::many, kNotCreated, 0, by_rank_range},
    {40, W, "ivi|i", Returns::many, kNotCreated, 0, by_value_rel_rank_range},
};

}  // namespace

const CdtRow *find_list_row(Access access, const Value &payload) {
    return find_row(kRows, access, payload);
}

}  // namespace embedded
