// SPDX-License-Identifier: Apache-2.0
#include "ops/cdt_select.hpp"

#include <algorithm>
#include <numeric>

namespace embedded {

namespace {

constexpr int64_t kInverted = 0x10000;

bool is_want(int64_t wire, bool of_map) {
    switch (static_cast<Want>(wire)) {
    case Want::nothing:
    case Want::index:
    case Want::reverse_index:
    case Want::rank:
    case Want::reverse_rank:
    case Want::count:
    case Want::value:
    case Want::exists:
        return true;
    case Want::key:
    case Want::key_value:
    case Want::map:
    case Want::ordered_map:
        return of_map;
    }
    return false;
}

int64_t number(size_t n) {
    return static_cast<int64_t>(n);
}

std::vector<size_t> expand(const Ranges &ranges) {
    std::vector<size_t> out;
    for (Range range : ranges) {
        for (size_t i = 0; i < range.count; i++) {
            out.push_back(range.start + i);
        }
    }
    return out;
}

// What ranges leave of 0..size. They may overlap, and need not be in order.
Ranges outside(Ranges ranges, size_t size) {
    std::sort(ranges.begin(), ranges.end(), [](Range a, Range b) { return a.start < b.start; });
    Ranges gaps;
    size_t at = 0;
    for (Range range : ranges) {
        if (range.count == 0) {
            continue;
        }
        if (range.start > at) {
            gaps.push_back({at, range.start - at});
        }
        at = std::max(at, range.start + range.count);
    }
    if (at < size) {
        gaps.push_back({at, size - at});
    }
    return gaps;
}

// The rest is given as what lies before the range, and what behind it.
Ranges range_or_rest(Range range, size_t size, bool inverted) {
    size_t end = range.start + range.count;
    return inverted ? Ranges{{0, range.start}, {end, size - end}} : Ranges{range};
}

// The places where a mask is (not) set.
std::vector<size_t> places(const std::vector<bool> &mask, bool set) {
    std::vector<size_t> out;
    for (size_t i = 0; i < mask.size(); i++) {
        if (mask[i] == set) {
            out.push_back(i);
        }
    }
    return out;
}

// Numbers from the end count up within each range, too.
Value give_ranges(const Ranges &ranges, size_t size, bool reverse) {
    List out;
    for (Range range : ranges) {
        size_t start = reverse ? size - range.start - range.count : range.start;
        for (size_t i = 0; i < range.count; i++) {
            out.items.emplace_back(number(start + i));
        }
    }
    return out;
}

Value give_indexes(const Selection &selection, bool reverse) {
    const Elements &elements = selection.elements;
    size_t size = elements.size();
    if (selection.indexes) {
        return give_ranges(*selection.indexes, size, reverse);
    }
    std::vector<size_t> order = selection.chosen;
    if (!elements.of_map()) {
        std::sort(order.begin(), order.end());
    }
    List out;
    for (size_t index : order) {
        out.items.emplace_back(number(reverse ? size - 1 - index : index));
    }
    return out;
}

Value give_ranks(const Selection &selection, bool reverse) {
    size_t size = selection.elements.size();
    if (selection.ranks) {
        return give_ranges(*selection.ranks, size, reverse);
    }
    List out;
    for (size_t rank : selection.elements.ranks_of(selection.chosen)) {
        out.items.emplace_back(number(reverse ? size - 1 - rank : rank));
    }
    return out;
}

Value give_items(const Selection &selection, Want want) {
    const Elements &elements = selection.elements;
    List out;
    for (size_t index : selection.chosen) {
        out.items.push_back(want == Want::key ? elements.key(index) : elements.value(index));
    }
    return out;
}

Value give_map(const Selection &selection, Want want) {
    std::vector<size_t> order = selection.chosen;
    Map out;
    out.order = want == Want::key_value ? kKeepOrder : want == Want::ordered_map ? 1 : 0;
    out.sorted = want == Want::ordered_map;
    if (out.sorted) {
        std::sort(order.begin(), order.end());
    }
    for (size_t index : order) {
        out.entries.emplace_back(selection.elements.key(index), selection.elements.value(index));
    }
    return out;
}

// ---- ranks of a list ----

// The server finds ranks in an unordered list by a binary heap over the indexes, and which of equal elements comes
// first is what the heap makes of it. So it is this one, step by step.
class RankHeap {
  public:
    RankHeap(const Elements &elements, bool least_first)
        : elements_(elements), sign_(least_first ? -1 : 1), heap_(elements.size()), filled_(elements.size()) {
        std::iota(heap_.begin(), heap_.end(), 0);
        for (size_t i = filled_ / 2; i-- > 0;) {
            sift(i);
        }
    }

    size_t pop() {
        size_t top = heap_[0];
        heap_[0] = heap_[--filled_];
        sift(0);
        return top;
    }

  private:
    bool before(size_t a, size_t b) const {
        return compare(elements_.value(heap_[a]), elements_.value(heap_[b])) * sign_ > 0;
    }

    void sift(size_t at) {
        for (size_t child = 2 * at + 1; child < filled_; child = 2 * at + 1) {
            if (child + 1 < filled_ && before(child + 1, child)) {
                child++;
            }
            if (!before(child, at)) {
                return;
            }
            std::swap(heap_[at], heap_[child]);
            at = child;
        }
    }

    const Elements &elements_;
    const int sign_;
    std::vector<size_t> heap_;
    size_t filled_;
};

// The indexes of these ranks, found from the nearer end, the last found first.
std::vector<size_t> ranked_by_heap(const Elements &elements, Range range) {
    size_t after = elements.size() - range.start - range.count;
    bool least_first = range.start <= after;
    RankHeap heap(elements, least_first);
    for (size_t i = 0; i < std::min(range.start, after); i++) {
        heap.pop();
    }
    std::vector<size_t> found(range.count);
    for (size_t i = range.count; i-- > 0;) {
        found[i] = heap.pop();
    }
    return found;
}

// ---- lists of values or keys to find ----

// The wanted values sorted, each once: the last of equal ones.
class Wanted {
  public:
    explicit Wanted(const List &values) {
        for (const Value &value : values.items) {
            (has_wildcard(value) ? wild_ : sorted_).push_back(&value);
        }
        std::stable_sort(sorted_.begin(), sorted_.end(), [](auto a, auto b) { return *a < *b; });
        auto last = std::unique(sorted_.rbegin(), sorted_.rend(), [](auto a, auto b) { return *a == *b; });
        sorted_.erase(sorted_.begin(), last.base());
    }

    bool has(const Value &value) const {
        auto found = std::lower_bound(sorted_.begin(), sorted_.end(), value,
                                      [](const Value *a, const Value &b) { return *a < b; });
        return (found != sorted_.end() && **found == value) ||
               std::any_of(wild_.begin(), wild_.end(), [&](const Value *wild) { return *wild == value; });
    }

    // Those that are looked for, in the order in which they were asked for.
    std::vector<const Value *> in_order() const {
        std::vector<const Value *> out = sorted_;
        out.insert(out.end(), wild_.begin(), wild_.end());
        std::sort(out.begin(), out.end());
        return out;
    }

  private:
    std::vector<const Value *> sorted_, wild_;
};

// Where a value stands among elements in order of rank.
Range rank_range(const Elements &elements, const std::vector<size_t> &order, const Value &value) {
    auto begin = std::partition_point(order.begin(), order.end(), [&](size_t i) { return elements.value(i) < value; });
    auto end = std::partition_point(begin, order.end(), [&](size_t i) { return !(value < elements.value(i)); });
    return {static_cast<size_t>(begin - order.begin()), static_cast<size_t>(end - begin)};
}

Ranges found_ranks(const Elements &elements, const std::vector<const Value *> &values) {
    std::vector<size_t> order = elements.ranked({0, elements.size()});
    Ranges found;
    for (const Value *value : values) {
        found.push_back(rank_range(elements, order, *value));
    }
    return found;
}

// Each for itself, so that numbers from the end count down.
Ranges singles(const Ranges &ranges) {
    Ranges out;
    for (size_t place : expand(ranges)) {
        out.push_back({place, 1});
    }
    return out;
}

// In the order in which they were asked for; a value that is asked for twice is given twice, as the server does.
Selection select_values_sorted(const Elements &elements, const List &values, bool inverted) {
    std::vector<const Value *> wanted;
    for (const Value &value : values.items) {
        wanted.push_back(&value);
    }
    Selection selection(elements);
    Ranges found = found_ranks(elements, wanted);
    selection.chosen = expand(inverted ? outside(found, elements.size()) : found);
    if (!inverted) {
        selection.indexes = found;
        selection.ranks = found;
    }
    return selection;
}

// The values that are looked for in a map, found by binary search. A wildcard among them equals whatever it is compared
// with, and is found if the search happens to come by.
class SoughtValues {
  public:
    explicit SoughtValues(const List &values) {
        for (const Value &value : values.items) {
            sorted_.push_back(&value);
        }
        std::stable_sort(sorted_.begin(), sorted_.end(), [](auto a, auto b) { return *a < *b; });
        hit_.resize(sorted_.size());
    }

    // Of equal ones, those up to the one that was come by are hit.
    bool find(const Value &value) {
        size_t begin = 0, end = sorted_.size();
        while (begin < end) {
            size_t middle = (begin + end) / 2;
            int order = compare(value, *sorted_[middle]);
            if (order == 0) {
                for (size_t i = middle + 1; i-- > 0 && *sorted_[i] == value;) {
                    hit_[i] = true;
                }
                return true;
            }
            if (order > 0) {
                begin = middle + 1;
            } else {
                end = middle;
            }
        }
        return false;
    }

    // In the order in which they were asked for.
    std::vector<const Value *> hits() const {
        std::vector<const Value *> out;
        for (size_t i = 0; i < sorted_.size(); i++) {
            if (hit_[i]) {
                out.push_back(sorted_[i]);
            }
        }
        std::sort(out.begin(), out.end());
        return out;
    }

  private:
    std::vector<const Value *> sorted_;
    std::vector<bool> hit_;
};

// The values of a map. Ranks are given for each value that was hit.
Selection select_map_values(const Elements &elements, const List &values, ReturnType returns) {
    SoughtValues sought(values);
    size_t size = elements.size();
    std::vector<bool> mask(size);
    for (size_t i = 0; i < size; i++) {
        mask[i] = sought.find(elements.value(i));
    }
    Selection selection(elements);
    selection.chosen = places(mask, !returns.inverted);
    if (!returns.wants_rank()) {
        return selection;
    }
    std::vector<size_t> order = elements.ranked({0, size});
    Ranges found;
    for (const Value *value : sought.hits()) {
        for (size_t rank = 0; rank < size; rank++) {
            if (mask[order[rank]] && elements.value(order[rank]) == *value) {
                found.push_back({rank, 1});
            }
        }
    }
    selection.ranks = returns.inverted ? outside(found, size) : found;
    return selection;
}

// Of elements that are not sorted: those of the mask, whose ranks are known.
Selection select_masked(const Elements &elements, const std::vector<bool> &mask, Range ranks, bool inverted) {
    Selection selection(elements);
    selection.chosen = places(mask, !inverted);
    selection.ranks = range_or_rest(ranks, mask.size(), inverted);
    if (elements.of_map() && inverted && ranks.count == 0) {
        selection.indexes = Ranges{{0, mask.size()}};
    }
    return selection;
}

}  // namespace

bool parse_return_type(int64_t wire, bool of_map, bool many, ReturnType &out) {
    out.inverted = (wire & kInverted) != 0;
    wire &= ~kInverted;
    out.want = static_cast<Want>(wire);
    return wire >= 0 && wire <= UINT8_MAX && is_want(wire, of_map) && (many || !out.inverted);
}

size_t place_of(int64_t number, size_t size) {
    if (number >= 0) {
        return static_cast<size_t>(number);
    }
    size_t back = size_t{0} - static_cast<size_t>(number);
    return back > size ? npos : size - back;
}

size_t element_at(int64_t number, size_t size) {
    size_t place = place_of(number, size);
    return place < size ? place : npos;
}

Range cut_range(int64_t start, size_t count, size_t size) {
    if (start < INT32_MIN) {
        return {0, 0};
    }
    return start < 0 ? cut_relative(size, start, count, size) : cut_relative(0, start, count, size);
}

Range cut_relative(size_t place, int64_t offset, size_t count, size_t size) {
    if (offset < INT32_MIN) {
        return {0, 0};
    }
    if (offset >= 0) {
        size_t left = size - place;
        if (static_cast<size_t>(offset) >= left) {
            return {size, 0};
        }
        place += static_cast<size_t>(offset);
    } else {
        size_t back = size_t{0} - static_cast<size_t>(offset);
        if (back > place) {  // what lies before the beginning counts, too
            count -= std::min(count, back - place);
            place = 0;
        } else {
            place -= back;
        }
    }
    return {place, std::min(count, size - place)};
}

Elements::Elements(const Value &container) {
    if (container.is(Type::list)) {
        list_ = &container.list();
    } else {
        map_ = &container.map();
    }
}

bool Elements::less(size_t a, size_t b) const {
    int order = compare(value(a), value(b));
    return order != 0 ? order < 0 : a < b;
}

std::vector<size_t> Elements::ranks_of(const std::vector<size_t> &indexes) const {
    if (sorted()) {
        return indexes;
    }
    std::vector<size_t> order = ranked({0, size()}), ranks(size());
    for (size_t rank = 0; rank < order.size(); rank++) {
        bool equals_last = list_ != nullptr && rank > 0 && value(order[rank]) == value(order[rank - 1]);
        ranks[order[rank]] = equals_last ? ranks[order[rank - 1]] : rank;
    }
    std::vector<size_t> out;
    for (size_t index : indexes) {
        out.push_back(ranks[index]);
    }
    return out;
}

size_t Elements::rank_of(size_t index) const {
    size_t rank = 0;
    for (size_t i = 0; i < size(); i++) {
        int order = compare(value(i), value(index));
        rank += order < 0 || (order == 0 && map_ != nullptr && i < index);
    }
    return rank;
}

size_t Elements::index_of_rank(size_t rank) const {
    bool in_list = list_ != nullptr && !sorted();
    return in_list ? ranked_by_heap(*this, {rank, 1})[0] : ranked({rank, 1})[0];
}

size_t Elements::rank_of_value(const Value &wanted) const {
    if (sorted()) {
        auto found = std::lower_bound(list_->items.begin(), list_->items.end(), wanted);
        return static_cast<size_t>(found - list_->items.begin());
    }
    size_t rank = 0;
    for (size_t i = 0; i < size(); i++) {
        rank += value(i) < wanted;
    }
    return rank;
}

std::vector<size_t> Elements::ranked(Range range) const {
    if (sorted()) {
        return expand({range});
    }
    std::vector<size_t> order(size());
    std::iota(order.begin(), order.end(), 0);
    auto before = [this](size_t a, size_t b) { return less(a, b); };
    auto begin = order.begin() + static_cast<ptrdiff_t>(range.start);
    auto end = begin + static_cast<ptrdiff_t>(range.count);
    if (range.count > 0) {
        std::nth_element(order.begin(), begin, order.end(), before);
        std::partial_sort(begin, end, order.end(), before);
    }
    return {begin, end};
}

Value Selection::give(Want want) const {
    switch (want) {
    case Want::nothing:
        return {};
    case Want::index:
    case Want::reverse_index:
        return give_indexes(*this, want == Want::reverse_index);
    case Want::rank:
    case Want::reverse_rank:
        return give_ranks(*this, want == Want::reverse_rank);
    case Want::count:
        return number(chosen.size());
    case Want::exists:
        return !chosen.empty();
    case Want::map:
    case Want::ordered_map:
    case Want::key_value:
        return give_map(*this, want);
    case Want::key:
    case Want::value:
        return give_items(*this, want);
    }
    return {};
}

Selection select_indexes(const Elements &elements, Range range, bool inverted) {
    Selection selection(elements);
    selection.indexes = range_or_rest(range, elements.size(), inverted);
    selection.chosen = expand(*selection.indexes);
    if (elements.sorted()) {
        selection.ranks = selection.indexes;
    } else if (selection.chosen.size() == elements.size()) {
        selection.ranks = Ranges{{0, elements.size()}};  // all: in order
    }
    return selection;
}

Selection select_ranks(const Elements &elements, Range range, bool inverted) {
    if (elements.sorted()) {
        return select_indexes(elements, range, inverted);
    }
    Selection selection(elements);
    size_t size = elements.size();
    selection.ranks = range_or_rest(range, size, inverted);
    if (elements.of_map() && inverted && (range.start == 0 || range.start + range.count == size)) {
        selection.chosen =
            elements.ranked(range.start == 0 ? Range{range.count, size - range.count} : Range{0, range.start});
        return selection;
    }
    selection.chosen = elements.of_map() ? elements.ranked(range) : ranked_by_heap(elements, range);
    if (inverted) {  // what lies on both sides is given by index
        std::vector<bool> mask(size);
        for (size_t index : selection.chosen) {
            mask[index] = true;
        }
        selection.chosen = places(mask, false);
    }
    return selection;
}

Selection select_interval(const Elements &elements, const Value &begin, const Value *end, bool inverted) {
    size_t size = elements.size(), below = 0;
    if (elements.sorted()) {
        below = elements.rank_of_value(begin);
        size_t stop = end == nullptr ? size : elements.rank_of_value(*end);
        return select_indexes(elements, {below, std::max(stop, below) - below}, inverted);
    }
    std::vector<bool> mask(size);
    size_t count = 0;
    for (size_t i = 0; i < size; i++) {
        const Value &value = elements.value(i);
        bool is_below = value < begin;
        below += is_below;
        mask[i] = !is_below && (end == nullptr || value < *end);
        count += mask[i];
    }
    if (elements.indexed_by_value()) {
        return select_ranks(elements, {below, count}, inverted);
    }
    return select_masked(elements, mask, {below, count}, inverted);
}

Selection select_value(const Elements &elements, const Value &wanted, bool inverted) {
    size_t size = elements.size();
    if (elements.sorted()) {
        std::vector<size_t> order = elements.ranked({0, size});
        return select_indexes(elements, rank_range(elements, order, wanted), inverted);
    }
    std::vector<bool> mask(size);
    size_t below = 0, count = 0;
    for (size_t i = 0; i < size; i++) {
        int order = compare(elements.value(i), wanted);
        below += order < 0;
        mask[i] = order == 0;
        count += mask[i];
    }
    return select_masked(elements, mask, {below, count}, inverted);
}

Selection select_values(const Elements &elements, const List &values, ReturnType returns) {
    if (elements.sorted()) {
        return select_values_sorted(elements, values, returns.inverted);
    }
    if (elements.of_map()) {
        return select_map_values(elements, values, returns);
    }
    Wanted wanted(values);
    size_t size = elements.size();
    std::vector<bool> mask(size);
    for (size_t i = 0; i < size; i++) {
        mask[i] = wanted.has(elements.value(i));
    }
    Selection selection(elements);
    selection.chosen = places(mask, !returns.inverted);
    if (returns.wants_rank()) {
        Ranges found = found_ranks(elements, wanted.in_order());
        selection.ranks = returns.inverted ? outside(found, size) : singles(found);
    }
    return selection;
}

size_t key_place(const Map &map, const Value &key) {
    if (has_wildcard(key)) {
        return map.order != 0 || map.persisted ? map.entries.size() / 2 : 0;
    }
    auto place = std::lower_bound(map.entries.begin(), map.entries.end(), key,
                                  [](const auto &entry, const Value &b) { return entry.first < b; });
    return static_cast<size_t>(place - map.entries.begin());
}

Selection select_keys(const Map &map, const Elements &elements, const List &keys, ReturnType returns) {
    Wanted wanted(keys);
    size_t size = elements.size();
    std::vector<const Value *> order = wanted.in_order();
    if (map.order != 0) {  // a key that is asked for twice is given twice
        order.clear();
        for (const Value &key : keys.items) {
            order.push_back(&key);
        }
    }
    std::vector<bool> mask(size);
    Ranges found;
    for (const Value *key : order) {
        bool all = has_wildcard(*key) && map.order == 0 && !map.persisted;
        size_t place = all ? 0 : key_place(map, *key);
        for (size_t end = all ? size : place + 1; place < std::min(end, size); place++) {
            if (map.entries[place].first == *key) {
                found.push_back({place, 1});
                mask[place] = true;
            }
        }
    }
    Selection selection(elements);
    selection.chosen = places(mask, !returns.inverted);
    if (!returns.inverted) {
        selection.indexes = found;
    } else if (map.order == 0) {
        selection.indexes = outside(found, size);
    }
    return selection;
}

bool has_wildcard(const Value &value) {
    return value.is(Type::wildcard) ||
           (value.is(Type::list) && std::any_of(value.list().items.begin(), value.list().items.end(), has_wildcard));
}

Value give_one(const Elements &elements, size_t index, Want want, size_t rank) {
    bool found = index != npos;
    if (found && rank == npos && (want == Want::rank || want == Want::reverse_rank)) {
        rank = elements.sorted() ? index : elements.rank_of(index);
    }
    size_t size = elements.size();
    switch (want) {
    case Want::nothing:
        return {};
    case Want::index:
        return found ? number(index) : -1;
    case Want::reverse_index:
        return found ? number(size - 1 - index) : -1;
    case Want::rank:
        return found ? number(rank) : -1;
    case Want::reverse_rank:
        return found ? number(size - 1 - rank) : -1;
    case Want::count:
        return int64_t{found};
    case Want::exists:
        return found;
    case Want::key:
        return found ? elements.key(index) : Value();
    case Want::value:
        return found ? elements.value(index) : Value();
    default:
        break;
    }
    Selection selection(elements);
    if (found) {
        selection.chosen.push_back(index);
    }
    return selection.give(want);
}

}  // namespace embedded
