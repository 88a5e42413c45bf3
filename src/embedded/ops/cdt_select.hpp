// SPDX-License-Identifier: Apache-2.0
// Choosing elements of a list or map, and giving of them what was asked for.
#pragma once

#include <optional>
#include <vector>

#include "value/value.hpp"

namespace embedded {

enum class Want : uint8_t {
    nothing = 0,
    index = 1,
    reverse_index = 2,
    rank = 3,
    reverse_rank = 4,
    count = 5,
    key = 6,
    value = 7,
    key_value = 8,
    exists = 13,
    map = 16,
    ordered_map = 17,
};

struct ReturnType {
    Want want = Want::nothing;
    bool inverted = false;  // what is not chosen

    bool wants_rank() const { return want == Want::rank || want == Want::reverse_rank; }
};

// Read a return type of the wire. `many`: the operation may choose several elements, or those it does not.
bool parse_return_type(int64_t wire, bool of_map, bool many, ReturnType &out);

constexpr size_t npos = static_cast<size_t>(-1);

// The place of a number that counts from the end where negative. npos: it would lie before the beginning.
size_t place_of(int64_t number, size_t size);
// As above, but npos beyond the end, too.
size_t element_at(int64_t number, size_t size);

struct Range {
    size_t start, count;
};
using Ranges = std::vector<Range>;

// From an index or rank, which counts from the end where negative, on; cut to a container of `size` elements.
Range cut_range(int64_t start, size_t count, size_t size);
// From a place relative to another.
Range cut_relative(size_t place, int64_t offset, size_t count, size_t size);

// The elements of a list or map, by index: a map's are its values, in order of the keys.
class Elements {
  public:
    explicit Elements(const Value &container);

    size_t size() const { return list_ != nullptr ? list_->items.size() : map_->entries.size(); }
    const Value &value(size_t index) const {
        return list_ != nullptr ? list_->items[index] : map_->entries[index].second;
    }
    const Value &key(size_t index) const { return map_->entries[index].first; }
    bool of_map() const { return map_ != nullptr; }
    bool sorted() const { return list_ != nullptr && list_->ordered; }  // an element's rank is its index
    bool indexed_by_value() const { return map_ != nullptr && map_->persisted && map_->order == 3; }
    bool less(size_t a, size_t b) const;  // in rank; equal values rank in order of the index

    // The rank of an element that was found by index. Equal elements of a list all have the lowest of their ranks.
    size_t rank_of(size_t index) const;
    std::vector<size_t> ranks_of(const std::vector<size_t> &indexes) const;
    size_t index_of_rank(size_t rank) const;
    size_t rank_of_value(const Value &value) const;  // how many elements are less
    // The indexes of the elements of these ranks, in order of rank.
    std::vector<size_t> ranked(Range range) const;

  private:
    const List *list_ = nullptr;
    const Map *map_ = nullptr;
};

// Elements that were chosen. Which order numbers and values come in depends on how they were found, as on the
// server: a search that knows a range of indexes or ranks gives it as such, any other gives them one by one.
struct Selection {
    Elements elements;
    std::vector<size_t> chosen;  // indexes, in the order in which keys and values are given
    std::optional<Ranges> indexes, ranks;

    explicit Selection(const Elements &of) : elements(of) {}
    Value give(Want want) const;
};

Selection select_indexes(const Elements &elements, Range range, bool inverted);
Selection select_ranks(const Elements &elements, Range range, bool inverted);
Selection select_interval(const Elements &elements, const Value &begin, const Value *end, bool inverted);
Selection select_value(const Elements &elements, const Value &value, bool inverted);
Selection select_values(const Elements &elements, const List &values, ReturnType returns);
Selection select_keys(const Map &map, const Elements &elements, const List &keys, ReturnType returns);

// The first place in a map whose key is not less. A wildcard equals the first key that is looked at, which is that in
// the middle where keys are searched, and the first where they are gone through.
size_t key_place(const Map &map, const Value &key);

// Is it a wildcard, or a list with one inside?
bool has_wildcard(const Value &value);

// What a search for one element gives; the index is npos where it was not found, the rank if it is not known.
Value give_one(const Elements &elements, size_t index, Want want, size_t rank = npos);

}  // namespace embedded
