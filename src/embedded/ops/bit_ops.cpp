// SPDX-License-Identifier: Apache-2.0
// Bit operations: a blob as bits, counted from the highest bit of the first byte.
#include <algorithm>
#include <cstdlib>

#include "ops/arguments.hpp"
#include "store/store.hpp"
#include "text/base64.hpp"

namespace embedded {

namespace {

enum WriteFlag : int64_t { create_only = 1, update_only = 2, no_fail = 4, partial = 8 };
enum ResizeFlag : int64_t { from_front = 1, grow_only = 2, shrink_only = 4 };
enum SumFlag : int64_t { with_sign = 1, saturate = 2, wrap = 4 };
constexpr int64_t kInvertSize = 1;

constexpr int64_t kBytesMost = int64_t(128) << 20;  // in an offset or a size
constexpr int64_t kIntegerBits = 64;

// ---- runs of bits ----

// The bits from `begin` on, at the left of the bytes given; what is left of the last byte is zero.
Bytes take_bits(View from, size_t begin, size_t size) {
    Bytes taken((size + 7) / 8, 0);
    size_t shift = begin % 8;
    for (size_t i = 0; i < taken.size(); i++) {
        size_t at = begin / 8 + i;
        auto high = static_cast<uint8_t>(from[at]);
        auto low = static_cast<uint8_t>(at + 1 < from.size() ? from[at + 1] : 0);
        taken[i] = static_cast<char>(high << shift | low >> (8 - shift));
    }
    if (size % 8 != 0) {
        taken.back() = static_cast<char>(taken.back() & (0xff << (8 - size % 8)));
    }
    return taken;
}

// Put `size` bits, found at the left of `bits`, in place.
void put_bits(Bytes &into, size_t begin, size_t size, View bits) {
    for (size_t done = 0; done < size;) {
        size_t at = begin + done;
        size_t count = std::min(8 - at % 8, size - done);
        auto part = static_cast<uint8_t>(take_bits(bits, done, count)[0] & 0xff);
        size_t shift = at % 8;
        int mask = (0xff << (8 - count) & 0xff) >> shift;
        char &byte = into[at / 8];
        byte = static_cast<char>((byte & ~mask) | (part >> shift & mask));
        done += count;
    }
}

uint64_t take_integer(View from, size_t begin, size_t size) {
    uint64_t number = 0;
    for (char byte : take_bits(from, begin, size)) {
        number = number << 8 | static_cast<uint8_t>(byte);
    }
    return number >> ((8 - size % 8) % 8);
}

void put_integer(Bytes &into, size_t begin, size_t size, uint64_t number) {
    number <<= kIntegerBits - size;
    char bytes[sizeof number];
    for (size_t i = 0; i < sizeof number; i++) {
        bytes[i] = static_cast<char>(number >> (kIntegerBits - 8 - 8 * i));
    }
    put_bits(into, begin, size, View(bytes, sizeof bytes));
}

// The lowest bits of a number, as a number without or with sign.
uint64_t low_bits(uint64_t number, size_t size) {
    return number << (kIntegerBits - size) >> (kIntegerBits - size);
}

int64_t signed_bits(uint64_t number, size_t size) {
    return static_cast<int64_t>(number << (kIntegerBits - size)) >> (kIntegerBits - size);
}

// ---- one operation at work ----

struct Work {
    Bytes &bytes;
    const List &payload;
    size_t begin = 0, size = 0;  // of the part worked on: bits, or bytes where the row says so

    int64_t argument(size_t place, int64_t otherwise = 0) const { return integer_at(payload, place, otherwise); }
    const Bytes &blob(size_t place) const { return payload.items[place].blob().bytes; }
    Bytes part() const { return take_bits(bytes, begin, size); }
    void put(View bits) { put_bits(bytes, begin, size, bits); }
};

using Run = Outcome (*)(Work &work);

Outcome resize(Work &work) {
    auto size = static_cast<size_t>(work.argument(1));
    size_t now = work.bytes.size();
    int64_t flags = work.argument(3);
    if (((flags & grow_only) != 0 && size < now) || ((flags & shrink_only) != 0 && size > now)) {
        return {Status::parameter, {}};
    }
    if ((flags & from_front) == 0) {
        work.bytes.resize(size);
    } else if (size < now) {
        work.bytes.erase(0, now - size);
    } else {
        work.bytes.insert(0, size - now, 0);
    }
    return {};
}

Outcome insert(Work &work) {
    if (work.begin > work.bytes.size()) {
        work.bytes.resize(work.begin);
    }
    work.bytes.insert(work.begin, work.blob(2));
    return {};
}

Outcome remove(Work &work) {
    work.bytes.erase(work.begin, work.size);
    return {};
}

Outcome set(Work &work) {
    work.put(work.blob(3));
    return {};
}

template <typename Combine>
Outcome combined(Work &work, Combine combine) {
    Bytes part = work.part();
    const Bytes &with = work.blob(3);
    for (size_t i = 0; i < part.size(); i++) {
        part[i] = static_cast<char>(combine(part[i], with[i]));
    }
    work.put(part);
    return {};
}

Outcome bits_or(Work &work) {
    return combined(work, [](int a, int b) { return a | b; });
}

Outcome bits_xor(Work &work) {
    return combined(work, [](int a, int b) { return a ^ b; });
}

Outcome bits_and(Work &work) {
    return combined(work, [](int a, int b) { return a & b; });
}

Outcome bits_not(Work &work) {
    Bytes part = work.part();
    for (char &byte : part) {
        byte = static_cast<char>(~byte);
    }
    work.put(part);
    return {};
}

Outcome shift_left(Work &work) {
    size_t by = std::min(static_cast<size_t>(work.argument(3)), work.size);
    Bytes moved = take_bits(work.bytes, work.begin + by, work.size - by);
    moved.resize((work.size + 7) / 8);
    work.put(moved);
    return {};
}

Outcome shift_right(Work &work) {
    size_t by = std::min(static_cast<size_t>(work.argument(3)), work.size);
    Bytes moved((work.size + 7) / 8, 0);
    put_bits(moved, by, work.size - by, work.part());
    work.put(moved);
    return {};
}

Outcome set_integer(Work &work) {
    put_integer(work.bytes, work.begin, work.size, static_cast<uint64_t>(work.argument(3)));
    return {};
}

// Both numbers are of `size` bits. True: the sum or difference is not, and `sum` is its lowest 64 bits.
bool overflows(uint64_t a, uint64_t b, bool minus, bool sign, size_t size, uint64_t &sum) {
    sum = minus ? a - b : a + b;
    if (!sign) {
        return minus ? a < b : sum < a || sum != low_bits(sum, size);
    }
    int64_t exact;
    bool beyond = minus ? __builtin_sub_overflow(signed_bits(a, size), signed_bits(b, size), &exact)
                        : __builtin_add_overflow(signed_bits(a, size), signed_bits(b, size), &exact);
    // a real server does not notice that two negative numbers of up to four bits overflow
    bool unnoticed = size <= 4 && signed_bits(a, size) < 0 && (signed_bits(b, size) < 0) != minus;
    return beyond || (exact != signed_bits(static_cast<uint64_t>(exact), size) && !unnoticed);
}

// Where a sum that overflows stops: at the most or the least of its kind.
uint64_t limit(uint64_t b, bool minus, bool sign, size_t size) {
    uint64_t all_ones = low_bits(~uint64_t(0), size);
    if (!sign) {
        return minus ? 0 : all_ones;
    }
    bool to_the_most = minus == (signed_bits(b, size) < 0);
    return to_the_most ? all_ones >> 1 : (all_ones >> 1) + 1;
}

template <bool minus>
Outcome sum(Work &work) {
    int64_t flags = work.argument(5);
    bool sign = (flags & with_sign) != 0;
    uint64_t a = take_integer(work.bytes, work.begin, work.size);
    uint64_t b = low_bits(static_cast<uint64_t>(work.argument(3)), work.size);
    uint64_t result;
    if (overflows(a, b, minus, sign, work.size, result)) {
        if ((flags & saturate) != 0) {
            result = limit(b, minus, sign, work.size);
        } else if ((flags & wrap) == 0) {
            return {Status::not_applicable, {}};
        }
    }
    put_integer(work.bytes, work.begin, work.size, result);
    return {};
}

Outcome get(Work &work) {
    return {Status::ok, Blob{work.part()}};
}

Outcome count(Work &work) {
    int64_t ones = 0;
    for (char byte : work.part()) {
        ones += __builtin_popcount(static_cast<uint8_t>(byte));
    }
    return {Status::ok, ones};
}

// A real server that finds nothing from the right goes on to the left, as far as the first byte goes.
int64_t beyond_left(const Work &work, bool wanted) {
    for (size_t at = work.begin; at % 8 != 0;) {
        at--;
        if (((work.bytes[at / 8] >> (7 - at % 8) & 1) != 0) == wanted) {
            return static_cast<int64_t>(at) - static_cast<int64_t>(work.begin);
        }
    }
    return -1;
}

template <bool from_right>
Outcome scan(Work &work) {
    bool wanted = truth_at(work.payload, 3);
    Bytes part = work.part();
    for (size_t i = 0; i < work.size; i++) {
        size_t at = from_right ? work.size - 1 - i : i;
        bool bit = (part[at / 8] >> (7 - at % 8) & 1) != 0;
        if (bit == wanted) {
            return {Status::ok, static_cast<int64_t>(at)};
        }
    }
    return {Status::ok, from_right ? beyond_left(work, wanted) : -1};
}

Outcome get_integer(Work &work) {
    uint64_t number = take_integer(work.bytes, work.begin, work.size);
    bool sign = (work.argument(3) & with_sign) != 0;
    return {Status::ok, sign ? signed_bits(number, work.size) : static_cast<int64_t>(number)};
}

Outcome encode_base64(Work &work) {
    return {Status::ok, base64_encode(View(work.bytes).substr(work.begin, work.size))};
}

// ---- the table ----

// What the part worked on may be, before and after the blob's size is known.
enum class Extent : uint8_t {
    whole,  // the size at 1 is the blob's new one
    anywhere,  // the byte offset at 1 may lie beyond the end
    bytes,  // a byte offset at 1 and a size at 2
    bits,
    integer,  // at most 64 bits
    any_bytes,  // both may be left out
};

struct Row {
    int64_t code;
    Access access;
    View signature;
    Extent extent;
    size_t flags_at;  // the place of the write flags
    int64_t flags;  // those that it takes
    Run run;
};

constexpr int64_t kGrowFlags = create_only | update_only | no_fail;
constexpr int64_t kWithinFlags = update_only | no_fail | partial;
constexpr int64_t kSumFlags = update_only | no_fail;

constexpr Row kRows[] = {
    {0, Access::modify, "i|ii", Extent::whole, 2, kGrowFlags, resize},
    {1, Access::modify, "ib|i", Extent::anywhere, 3, kGrowFlags, insert},
    {2, Access::modify, "ii|i", Extent::bytes, 3, kWithinFlags, remove},
    {3, Access::modify, "iib|i", Extent::bits, 4, kWithinFlags, set},
    {4, Access::modify, "iib|i", Extent::bits, 4, kWithinFlags, bits_or},
    {5, Access::modify, "iib|i", Extent::bits, 4, kWithinFlags, bits_xor},
    {6, Access::modify, "iib|i", Extent::bits, 4, kWithinFlags, bits_and},
    {7, Access::modify, "ii|i", Extent::bits, 3, kWithinFlags, bits_not},
    {8, Access::modify, "iii|i", Extent::bits, 4, kWithinFlags, shift_left},
    {9, Access::modify, "iii|i", Extent::bits, 4, kWithinFlags, shift_right},
    {10, Access::modify, "iii|ii", Extent::integer, 4, kSumFlags, sum<false>},
    {11, Access::modify, "iii|ii", Extent::integer, 4, kSumFlags, sum<true>},
    {12, Access::modify, "iii|i", Extent::integer, 4, kSumFlags, set_integer},
    {50, Access::read, "ii", Extent::bits, 0, 0, get},
    {51, Access::read, "ii", Extent::bits, 0, 0, count},
    {52, Access::read, "iit", Extent::bits, 0, 0, scan<false>},
    {53, Access::read, "iit", Extent::bits, 0, 0, scan<true>},
    {54, Access::read, "ii|i", Extent::integer, 0, 0, get_integer},
    {55, Access::read, "|iii", Extent::any_bytes, 0, 0, encode_base64},
};

// ---- what no blob could make good ----

bool is_offset(int64_t offset, int64_t most) {
    return offset >= -most && offset <= most;
}

bool are_resize_flags(int64_t flags) {
    constexpr int64_t kBoth = grow_only | shrink_only;
    return flags >> 3 == 0 && (flags & kBoth) != kBoth;
}

bool are_good(const Row &row, const List &payload) {
    int64_t first = integer_at(payload, 1, 0);
    switch (row.extent) {
    case Extent::whole:
        return first >= 0 && first <= kBytesMost && are_resize_flags(integer_at(payload, 3, 0));
    case Extent::anywhere:
        return is_offset(first, kBytesMost) && !payload.items[2].blob().bytes.empty();
    case Extent::any_bytes:
        return is_offset(first, kBytesMost) && is_offset(integer_at(payload, 2, 0), kBytesMost);
    default:
        break;
    }
    int64_t size = payload.items[2].integer();
    int64_t most = row.extent == Extent::bytes ? kBytesMost : kBytesMost * 8;
    if (!is_offset(first, most) || size < 1 || size > (row.extent == Extent::integer ? kIntegerBits : most)) {
        return false;
    }
    const Value *third = payload.items.size() > 3 ? &payload.items[3] : nullptr;
    if (third != nullptr && third->is(Type::blob)) {
        return static_cast<int64_t>(third->blob().bytes.size()) * 8 >= size;
    }
    bool is_shift = row.run == shift_left || row.run == shift_right;
    return !is_shift || (third->integer() >= 0 && third->integer() <= kBytesMost * 8);
}

// ---- where in the blob ----

// Resolve an offset from the end. False: it lies before the beginning.
bool resolve(int64_t offset, size_t total, size_t &begin) {
    int64_t resolved = offset < 0 ? offset + static_cast<int64_t>(total) : offset;
    begin = static_cast<size_t>(resolved);
    return resolved >= 0;
}

// The bytes of a base64 text: to the end, or a size, or (inverted) as far as so many bytes before the end.
Status place_bytes(Work &work) {
    size_t total = work.bytes.size();
    size_t left = total - work.begin;
    if (work.begin > total) {
        return Status::not_applicable;
    }
    bool inverted = (work.argument(3) & kInvertSize) != 0 || work.payload.items.size() <= 2;
    int64_t size = work.argument(2);
    int64_t wanted = inverted ? static_cast<int64_t>(left) - size : size;
    if (wanted < 0 || wanted > static_cast<int64_t>(left)) {
        return Status::not_applicable;
    }
    work.size = static_cast<size_t>(wanted);
    return Status::ok;
}

Status place_within(const Row &row, Work &work, bool cut) {
    bool in_bytes = row.extent == Extent::bytes;
    size_t total = work.bytes.size() * (in_bytes ? 1 : 8);
    Status outside = in_bytes ? Status::parameter : Status::not_applicable;
    work.size = static_cast<size_t>(work.argument(2));
    if (work.begin >= total) {
        return outside;
    }
    if (work.size > total - work.begin) {
        if (!cut) {
            return outside;
        }
        work.size = total - work.begin;
    }
    return Status::ok;
}

Status place(const Row &row, Work &work, bool cut) {
    switch (row.extent) {
    case Extent::whole:
    case Extent::anywhere:
        return Status::ok;
    case Extent::any_bytes:
        return place_bytes(work);
    default:
        return place_within(row, work, cut);
    }
}

bool offset_exists(const Row &row, Work &work) {
    if (row.extent == Extent::whole) {
        return true;
    }
    bool in_bits = row.extent == Extent::bits || row.extent == Extent::integer;
    return resolve(work.argument(1), work.bytes.size() * (in_bits ? 8 : 1), work.begin);
}

bool is_bits(const Value &value) {
    return value.is(Type::blob) && value.blob().particle == Particle::blob;
}

// No value or one that must not be there: what the flags make of it. Not ok: the operation ends with this.
Status check_presence(const Row &row, const Value &target, int64_t flags) {
    if (!target.present()) {
        bool creates = (row.flags & create_only) != 0 && (flags & update_only) == 0;
        return creates ? Status::ok : Status::bin_not_found;
    }
    return (flags & create_only) != 0 ? Status::bin_exists : Status::ok;
}

// The size that the blob will have, where the operation makes it larger.
size_t size_after(const Row &row, const Work &work) {
    if (row.extent == Extent::whole) {
        return static_cast<size_t>(work.argument(1));
    }
    bool inserts = row.extent == Extent::anywhere;
    return inserts ? std::max(work.begin, work.bytes.size()) + work.blob(2).size() : 0;
}

Outcome modify(const Row &row, Value &target, const List &payload) {
    int64_t flags = integer_at(payload, row.flags_at, 0);
    auto failed = [flags](Status status) { return Outcome{(flags & no_fail) != 0 ? Status::ok : status, {}}; };
    if ((flags & ~row.flags) != 0) {
        return {Status::parameter, {}};
    }
    Status status = check_presence(row, target, flags);
    if (status != Status::ok) {
        return failed(status);
    }
    if (target.present() && !is_bits(target)) {
        return {Status::incompatible_type, {}};
    }
    bool was_there = target.present();
    Value made = target.present() ? std::move(target) : Value(Blob());
    Work work{made.blob().bytes, payload};
    bool exists = offset_exists(row, work);
    if (exists && size_after(row, work) > kRecordMost) {
        return {Status::record_too_big, {}};
    }
    status = exists ? place(row, work, (flags & partial) != 0) : Status::parameter;
    Outcome outcome{status, {}};
    if (status == Status::ok) {
        outcome = row.run(work);
    }
    if (was_there || !made.blob().bytes.empty()) {  // no empty blob comes into being
        target = std::move(made);
    }
    return outcome.status == Status::ok || !exists ? std::move(outcome) : failed(outcome.status);
}

Outcome read(const Row &row, Value &target, const List &payload) {
    if (!is_bits(target)) {
        return {Status::incompatible_type, {}};
    }
    Work work{target.blob().bytes, payload};
    if (!offset_exists(row, work)) {
        return {Status::parameter, {}};
    }
    Status status = place(row, work, false);
    return status == Status::ok ? row.run(work) : Outcome{status, {}};
}

}  // namespace

Outcome run_bit(Access access, Value &target, const Value &payload) {
    if (access == Access::read && !target.present()) {
        return {};  // whatever was asked
    }
    const Row *row = find_row(kRows, access, payload);
    if (row == nullptr || !are_good(*row, payload.list())) {
        return {Status::parameter, {}};
    }
    return access == Access::modify ? modify(*row, target, payload.list()) : read(*row, target, payload.list());
}

}  // namespace embedded
