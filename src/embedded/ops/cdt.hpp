// SPDX-License-Identifier: Apache-2.0
// One operation of a list or map at work, and the row that describes it.
#pragma once

#include "ops/arguments.hpp"
#include "ops/cdt_select.hpp"
#include "ops/operation.hpp"

namespace embedded {

// An operation's payload, matched to its row, and what it works on.
struct Call {
    Access access;
    const List &payload;
    Value &target;  // a list for a list operation, a map for a map operation
    ReturnType returns = {};

    List &list() { return target.list(); }
    Map &map() { return target.map(); }
    const Value &argument(size_t place) const { return payload.items[place]; }
    int64_t integer(size_t place, int64_t otherwise = 0) const { return integer_at(payload, place, otherwise); }
    size_t count(size_t place) const { return static_cast<size_t>(integer(place, -1)); }  // without one: all there are
    bool has(size_t place) const { return place < payload.items.size(); }
};

// What the argument at 1 chooses to be returned.
enum class Returns : uint8_t { fixed, one, many };

// What becomes of a target that is not there. A positive number: it is created, with the order at this place.
constexpr int8_t kCreatedPlain = 0;
constexpr int8_t kNotCreated = -1;
constexpr int8_t kWantsBin = -2;  // a missing bin is one of the wrong type

struct CdtRow {
    int64_t code;
    Access access;
    View signature;
    Returns returns;
    int8_t creates;
    uint8_t stored_at;  // the place of what goes into the container, 0: nothing does
    Outcome (*run)(Call &call);
};

// The row of a list or map operation; null where there is none that takes this payload.
const CdtRow *find_list_row(Access access, const Value &payload);
const CdtRow *find_map_row(Access access, const Value &payload);

constexpr int64_t kFirstMapCode = 64;

// Order attributes on the wire.
constexpr int64_t kOrdered = 1;
constexpr int64_t kMapOrders = 3;
constexpr int64_t kPersistIndex = 16;

// ---- what lists and maps have in common ----

enum WriteFlag : int64_t { no_fail = 4, partial = 8 };  // the lower two differ

// What EXISTS says of a selection that is inverted: that nothing was found, or that something is left.
enum class InvertedExists : uint8_t { nothing_found, something_left };

// Give the selected elements as the call wants them, and take them out where it is a removal.
Outcome finish(Call &call, const Selection &selection, InvertedExists exists = InvertedExists::nothing_found);
Outcome finish_one(Call &call, size_t index, size_t rank = npos);

void remove_elements(Value &container, const std::vector<size_t> &indexes);

// The return type stands at 1, what is looked for behind it.
Outcome by_index(Call &call);
Outcome by_rank(Call &call);
Outcome by_index_range(Call &call);
Outcome by_rank_range(Call &call);
Outcome by_value(Call &call);
Outcome by_value_list(Call &call);
Outcome by_value_interval(Call &call);
Outcome by_value_rel_rank_range(Call &call);

// Add a number to an element that is one; the amount is taken as the element's type, nil is 1.
Status add_amount(Value &number, const Value &amount, bool subtract);

// May it go into a container that lies `depth` containers deep?
bool may_be_stored(const Value &value, size_t depth);

}  // namespace embedded
