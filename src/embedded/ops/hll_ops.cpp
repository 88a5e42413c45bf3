// SPDX-License-Identifier: Apache-2.0
// The operations of HyperLogLog bins.
#include <algorithm>
#include <cmath>

#include "ops/arguments.hpp"
#include "ops/hyperloglog.hpp"
#include "wire/msgpack.hpp"

namespace embedded {

namespace {

enum WriteFlag : int64_t { create_only = 1, update_only = 2, no_fail = 4, allow_fold = 8 };
constexpr int64_t kUnset = -1;  // a bit count that is not given

using Sketches = std::vector<Sketch>;

struct Work {
    std::optional<Sketch> sketch;  // of the bin; nothing: there is no bin
    const List &payload;
    int64_t flags = 0;
    Sketches others;  // that the payload brings

    int64_t argument(size_t place, int64_t otherwise = kUnset) const { return integer_at(payload, place, otherwise); }
    const List &list() const { return payload.items[1].list(); }
};

using Run = Outcome (*)(Work &work);

// Parameters that are wrong whatever the bin holds.
bool are_given_bits(int64_t index, int64_t minhash) {
    if ((index != kUnset && !is_index_bits(index)) || (minhash != kUnset && !is_minhash_bits(minhash))) {
        return false;
    }
    return index == kUnset || minhash == kUnset || index + minhash <= 64;
}

// The bits asked for at `place` and after it, where they are given; else those of the bin.
Status choose_bits(const Work &work, size_t place, SketchBits &bits) {
    bits = {work.argument(place), work.argument(place + 1)};
    if (bits.index == kUnset) {
        if (!work.sketch) {
            return Status::not_applicable;
        }
        bits.index = work.sketch->bits().index;
    }
    if (bits.minhash == kUnset) {
        bits.minhash = work.sketch ? work.sketch->bits().minhash : 0;
    }
    return are_sketch_bits(bits) ? Status::ok : Status::not_applicable;
}

Bytes element_bytes(const Value &element) {
    Bytes bytes;
    pack(element, bytes);
    return bytes;
}

Value as_value(const Sketch &sketch) {
    return Blob{sketch.bytes(), Particle::hll};
}

// ---- operations that modify ----

Outcome init(Work &work) {
    SketchBits bits;
    Status status = choose_bits(work, 1, bits);
    if (status == Status::ok) {
        work.sketch = Sketch(bits);
    }
    return {status, {}};
}

Outcome add(Work &work) {
    if (!work.sketch) {
        SketchBits bits;
        Status status = choose_bits(work, 2, bits);
        if (status != Status::ok) {
            return {status, {}};
        }
        work.sketch = Sketch(bits);
    }
    int64_t changed = 0;
    for (const Value &element : work.list().items) {
        changed += work.sketch->add(element_bytes(element));
    }
    return {Status::ok, changed};
}

// The bits that all sketches can be brought to: the fewest index bits, and the minhash where all have the same.
SketchBits common_bits(const Sketches &sketches) {
    SketchBits bits = sketches.front().bits();
    for (const Sketch &sketch : sketches) {
        SketchBits now = sketch.bits();
        if (now.minhash != bits.minhash) {
            bits.minhash = 0;
        }
        bits.index = std::min(bits.index, now.index);
    }
    return bits;
}

Sketch united(const Sketches &sketches) {
    SketchBits bits = common_bits(sketches);
    Sketch all = sketches.front().reduced(bits);
    for (size_t i = 1; i < sketches.size(); i++) {
        all.unite(sketches[i].reduced(bits));
    }
    return all;
}

// The sketch of the bin and those that the payload brings.
Sketches together(const Work &work) {
    Sketches all = work.others;
    if (work.sketch) {
        all.insert(all.begin(), *work.sketch);
    }
    return all;
}

Outcome set_union(Work &work) {
    Sketches all = together(work);
    if (work.sketch && (work.flags & allow_fold) == 0) {
        SketchBits now = work.sketch->bits(), then = common_bits(all);
        if (then.index < now.index || then.minhash < now.minhash) {
            work.flags &= ~no_fail;  // which does not mean this
            return {Status::not_applicable, {}};
        }
    }
    work.sketch = united(all);
    return {};
}

Outcome refresh_count(Work &work) {
    return {Status::ok, work.sketch->refresh_count()};
}

Outcome fold(Work &work) {
    SketchBits now = work.sketch->bits();
    int64_t index_bits = work.argument(1);
    if (now.minhash != 0 || index_bits > now.index) {
        return {Status::not_applicable, {}};
    }
    work.sketch = work.sketch->reduced({index_bits, 0});
    return {};
}

// ---- operations that read ----

Outcome get_count(Work &work) {
    return {Status::ok, work.sketch->count()};
}

Outcome get_union(Work &work) {
    return {Status::ok, as_value(united(together(work)))};
}

Outcome union_count(Work &work) {
    return {Status::ok, united(together(work)).count()};
}

// A count that wraps around: that of a sketch which no server made may be anything.
class Wrapping {
  public:
    Wrapping(int64_t number) : number_(static_cast<uint64_t>(number)) {}
    Wrapping &operator+=(Wrapping other) {
        number_ += other.number_;
        return *this;
    }
    Wrapping &operator-=(Wrapping other) {
        number_ -= other.number_;
        return *this;
    }
    int64_t or_zero() const { return std::max(int64_t{0}, static_cast<int64_t>(number_)); }

  private:
    uint64_t number_;
};

int64_t common_to_two(const Sketch &a, const Sketch &b) {
    Wrapping common = a.count();
    common += b.count();
    common -= united({a, b}).count();
    return common.or_zero();
}

// Without minhash, by inclusion and exclusion of whole numbers: of up to three sketches.
double counted_intersection(const Sketches &sketches, int64_t whole) {
    if (sketches.size() == 1) {
        return static_cast<double>(whole);
    }
    if (sketches.size() == 2) {
        return static_cast<double>(common_to_two(sketches[0], sketches[1]));
    }
    Wrapping sum = whole;
    for (size_t i = 0; i < sketches.size(); i++) {
        sum += common_to_two(sketches[i], sketches[(i + 1) % sketches.size()]);
        sum -= sketches[i].count();
    }
    return static_cast<double>(sum.or_zero());
}

// The share of registers that are equal, without those that two sketches have in common by accident.
double compared_similarity(const Sketches &sketches, SketchBits bits) {
    Sketches same;
    for (const Sketch &sketch : sketches) {
        same.push_back(sketch.reduced(bits));
    }
    Sketch::Overlap overlap = Sketch::overlap(same);
    if (overlap.any == 0) {
        return std::nan("");
    }
    if (std::any_of(same.begin(), same.end(), [](const Sketch &sketch) { return sketch.empty(); })) {
        return 0;
    }
    double accidents = same.size() == 2 ? expected_collisions(same[0].estimate(), same[1].estimate(), bits) : 0;
    return std::max(0.0, (overlap.equal - accidents) / overlap.any);
}

// Both at once, since each follows from the other.
struct Intersection {
    Status status = Status::ok;
    double count = 0, similarity = 0;
};

Intersection intersect(Work &work) {
    constexpr size_t kCountedMost = 2;  // sketches beside the bin's, without minhash
    Sketches all = together(work);
    Intersection found;
    SketchBits bits = common_bits(all);
    if (bits.minhash > 0) {
        found.similarity = compared_similarity(all, bits);
        found.count = std::isnan(found.similarity) ? 0 : found.similarity * united(all).estimate();
    } else if (work.others.size() <= kCountedMost) {
        int64_t whole = united(all).count();
        found.count = counted_intersection(all, whole);
        found.similarity = whole == 0 ? std::nan("") : found.count / static_cast<double>(whole);
    } else {
        found.status = Status::parameter;
    }
    return found;
}

Outcome intersect_count(Work &work) {
    Intersection found = intersect(work);
    return {found.status, static_cast<int64_t>(std::llround(found.count))};
}

Outcome similarity(Work &work) {
    Intersection found = intersect(work);
    return {found.status, found.similarity};
}

Outcome describe(Work &work) {
    List bits;
    bits.items = {work.sketch->bits().index, work.sketch->bits().minhash};
    return {Status::ok, std::move(bits)};
}

Outcome may_contain(Work &work) {
    const auto &items = work.list().items;
    bool all = std::all_of(items.begin(), items.end(),
                           [&](const Value &item) { return work.sketch->may_contain(element_bytes(item)); });
    return {Status::ok, int64_t(all)};
}

// ---- the table ----

struct Row {
    int64_t code;
    Access access;
    View signature;
    size_t bits_at;  // the place of the bit counts; 0: there are none
    size_t flags_at;  // the place of the write flags; 0: it takes none
    int64_t flags;  // those that it takes
    bool creates;
    Run run;
};

constexpr int64_t kAnyFlags = create_only | update_only | no_fail;

constexpr Row kRows[] = {
    {0, Access::modify, "i|ii", 1, 3, kAnyFlags, true, init},
    {1, Access::modify, "l|iii", 2, 4, create_only | no_fail, true, add},
    {2, Access::modify, "l|i", 0, 2, kAnyFlags | allow_fold, true, set_union},
    {3, Access::modify, "", 0, 0, 0, false, refresh_count},
    {4, Access::modify, "i", 1, 0, 0, false, fold},
    {50, Access::read, "", 0, 0, 0, false, get_count},
    {51, Access::read, "l", 0, 0, 0, false, get_union},
    {52, Access::read, "l", 0, 0, 0, false, union_count},
    {53, Access::read, "l", 0, 0, 0, false, intersect_count},
    {54, Access::read, "l", 0, 0, 0, false, similarity},
    {55, Access::read, "", 0, 0, 0, false, describe},
    {56, Access::read, "l", 0, 0, 0, false, may_contain},
};

bool takes_elements(const Row &row) {
    return row.run == add || row.run == may_contain;
}

// A list of sketches, or of elements to add or look for.
bool read_list(const Row &row, Work &work) {
    if (work.payload.items.size() < 2 || !work.payload.items[1].is(Type::list)) {
        return true;
    }
    for (const Value &item : work.list().items) {
        if (takes_elements(row)) {
            if (item.is(Type::list) || item.is(Type::map)) {
                return false;
            }
            continue;
        }
        bool is_sketch =
            item.is(Type::blob) && (item.blob().particle == Particle::hll || item.blob().particle == Particle::blob);
        std::optional<Sketch> other = is_sketch ? Sketch::from_bytes(item.blob().bytes) : std::nullopt;
        if (!other) {
            return false;
        }
        work.others.push_back(std::move(*other));
    }
    return !work.list().items.empty();
}

bool is_good(const Row &row, Work &work) {
    if ((work.flags & ~row.flags) != 0 || !read_list(row, work)) {
        return false;
    }
    if (row.bits_at == 0) {
        return true;
    }
    if (row.run == fold) {
        return is_index_bits(work.argument(1));
    }
    return are_given_bits(work.argument(row.bits_at), work.argument(row.bits_at + 1));
}

// Must there be a bin, or none?
Status check_presence(const Row &row, const Work &work) {
    if (work.sketch) {
        return (work.flags & create_only) != 0 ? Status::bin_exists : Status::ok;
    }
    return row.creates && (work.flags & update_only) == 0 ? Status::ok : Status::bin_not_found;
}

Outcome run_row(const Row &row, Work &work) {
    Status status = check_presence(row, work);
    Outcome outcome{status, {}};
    if (status == Status::ok) {
        outcome = row.run(work);
    }
    return outcome.status != Status::ok && (work.flags & no_fail) != 0 ? Outcome() : outcome;
}

}  // namespace

Outcome run_hll(Access access, Value &target, const Value &payload) {
    if (access == Access::read && !target.present()) {
        return {};  // whatever was asked
    }
    std::optional<Sketch> sketch;
    if (target.present()) {
        if (!target.is(Type::blob) || target.blob().particle != Particle::hll) {
            return {Status::incompatible_type, {}};
        }
        sketch = Sketch::from_bytes(target.blob().bytes);
        if (!sketch) {
            return {Status::incompatible_type, {}};
        }
    }
    const Row *row = find_row(kRows, access, payload);
    if (row == nullptr) {
        return {Status::parameter, {}};
    }
    Work work{std::move(sketch), payload.list(), 0, {}};
    work.flags = row->flags_at == 0 ? 0 : work.argument(row->flags_at, 0);
    if (!is_good(*row, work)) {
        return {Status::parameter, {}};
    }
    Outcome outcome = run_row(*row, work);
    if (access == Access::modify && outcome.status == Status::ok && work.sketch) {
        target = as_value(*work.sketch);
    }
    return outcome;
}

}  // namespace embedded
