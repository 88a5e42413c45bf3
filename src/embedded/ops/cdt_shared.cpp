// SPDX-License-Identifier: Apache-2.0
// The operations that lists and maps share: elements by index, rank and value, given and removed.
#include <algorithm>
#include <cmath>
#include <limits>

#include "ops/cdt.hpp"
#include "wire/msgpack.hpp"

namespace embedded {

namespace {

// Values with wildcards in one list: each is compared with each element.
constexpr ptrdiff_t kWildcardsMost = 256;

bool depth_fits(const Value &value, size_t depth) {
    if (value.is(Type::list)) {
        const auto &items = value.list().items;
        return depth < kMaxDepth &&
               std::all_of(items.begin(), items.end(), [&](const Value &item) { return depth_fits(item, depth + 1); });
    }
    if (value.is(Type::map)) {
        const auto &entries = value.map().entries;
        return depth < kMaxDepth && std::all_of(
                                        entries.begin(), entries.end(),
                                        [&](const auto &entry) { return depth_fits(entry.second, depth + 1); });
    }
    return true;
}

int64_t to_integer(double real) {
    constexpr double kEnd = 9223372036854775808.0;  // 2 ** 63
    if (std::isnan(real)) {
        return 0;
    }
    if (real >= kEnd) {
        return std::numeric_limits<int64_t>::max();
    }
    return real < -kEnd ? std::numeric_limits<int64_t>::min() : static_cast<int64_t>(real);
}

// Ranks of maps are found as indexes are; those of lists as values are.
InvertedExists inverted_exists(const Elements &elements) {
    return elements.of_map() ? InvertedExists::something_left : InvertedExists::nothing_found;
}

}  // namespace

bool may_be_stored(const Value &value, size_t depth) {
    return is_storable(value) && depth_fits(value, depth);
}

void remove_elements(Value &target, const std::vector<size_t> &chosen) {
    size_t size = Elements(target).size();
    std::vector<bool> gone(size);
    for (size_t index : chosen) {
        gone[index] = true;
    }
    auto compact = [&](auto &from) {
        size_t kept = 0;
        for (size_t i = 0; i < size; i++) {
            if (!gone[i]) {
                if (kept != i) {
                    from[kept] = std::move(from[i]);
                }
                kept++;
            }
        }
        from.resize(kept);
    };
    if (target.is(Type::list)) {
        compact(target.list().items);
    } else {
        compact(target.map().entries);
    }
}

Outcome finish(Call &call, const Selection &selection, InvertedExists exists) {
    Outcome outcome{Status::ok, selection.give(call.returns.want)};
    if (call.returns.want == Want::exists && call.returns.inverted && exists == InvertedExists::nothing_found) {
        outcome.value = selection.chosen.size() == selection.elements.size();
    }
    if (call.access == Access::modify) {
        remove_elements(call.target, selection.chosen);
    }
    return outcome;
}

Outcome finish_one(Call &call, size_t index, size_t rank) {
    Outcome outcome{Status::ok, give_one(Elements(call.target), index, call.returns.want, rank)};
    if (call.access == Access::modify && index != npos) {
        remove_elements(call.target, {index});
    }
    return outcome;
}

Status add_amount(Value &number, const Value &amount, bool subtract) {
    bool is_real = amount.is(Type::real);
    if (!is_real && !amount.is(Type::integer) && !amount.is(Type::nil)) {
        return Status::parameter;
    }
    int64_t whole = amount.is(Type::nil) ? 1 : is_real ? to_integer(amount.real()) : amount.integer();
    if (number.is(Type::integer)) {  // wraps around
        auto now = static_cast<uint64_t>(number.integer()), by = static_cast<uint64_t>(whole);
        number = static_cast<int64_t>(subtract ? now - by : now + by);
        return Status::ok;
    }
    if (number.is(Type::real)) {
        double by = is_real ? amount.real() : static_cast<double>(whole);
        number = subtract ? number.real() - by : number.real() + by;
        return Status::ok;
    }
    return Status::parameter;
}

Outcome by_index(Call &call) {
    size_t index = element_at(call.integer(2), Elements(call.target).size());
    return index == npos ? Outcome{Status::not_applicable, {}} : finish_one(call, index);
}

Outcome by_rank(Call &call) {
    Elements elements(call.target);
    size_t rank = element_at(call.integer(2), elements.size());
    return rank == npos ? Outcome{Status::not_applicable, {}} : finish_one(call, elements.index_of_rank(rank), rank);
}

Outcome by_index_range(Call &call) {
    Elements elements(call.target);
    Range range = cut_range(call.integer(2), call.count(3), elements.size());
    return finish(call, select_indexes(elements, range, call.returns.inverted), InvertedExists::something_left);
}

Outcome by_rank_range(Call &call) {
    Elements elements(call.target);
    Range range = cut_range(call.integer(2), call.count(3), elements.size());
    return finish(call, select_ranks(elements, range, call.returns.inverted), inverted_exists(elements));
}

Outcome by_value(Call &call) {
    return finish(call, select_value(Elements(call.target), call.argument(2), call.returns.inverted));
}

Outcome by_value_list(Call &call) {
    const auto &values = call.argument(2).list().items;
    if (std::count_if(values.begin(), values.end(), has_wildcard) > kWildcardsMost) {
        return {Status::parameter, {}};
    }
    Elements elements(call.target);
    return finish(call, select_values(elements, call.argument(2).list(), call.returns), inverted_exists(elements));
}

Outcome by_value_interval(Call &call) {
    const Value *end = call.has(3) ? &call.argument(3) : nullptr;
    return finish(call, select_interval(Elements(call.target), call.argument(2), end, call.returns.inverted));
}

Outcome by_value_rel_rank_range(Call &call) {
    Elements elements(call.target);
    size_t place = elements.rank_of_value(call.argument(2));
    Range range = cut_relative(place, call.integer(3), call.count(4), elements.size());
    return finish(call, select_ranks(elements, range, call.returns.inverted), inverted_exists(elements));
}

}  // namespace embedded
