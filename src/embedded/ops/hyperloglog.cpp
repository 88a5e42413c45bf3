// SPDX-License-Identifier: Apache-2.0
#include "ops/hyperloglog.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "value/murmur.hpp"

namespace embedded {

namespace {

constexpr size_t kHeaderSize = 11;
constexpr size_t kCountAt = 3;
constexpr int kRankBits = 6;
constexpr uint64_t kRankMost = (1 << kRankBits) - 1;

// Where an element belongs, and what it would make of the register there.
struct Place {
    size_t index;
    uint64_t value;
};

Place place_of(View element, SketchBits bits) {
    Hash128 hash = murmur3(element);
    uint64_t zeros = hash.high == 0 ? kRankMost : static_cast<uint64_t>(__builtin_ctzll(hash.high));
    uint64_t rank = std::min(zeros + 1, kRankMost);
    uint64_t minhash = bits.minhash == 0 ? 0 : hash.low << (64 - bits.index - bits.minhash) >> (64 - bits.minhash);
    return {hash.low & ((size_t(1) << bits.index) - 1), rank << bits.minhash | minhash};
}

size_t size_of(SketchBits bits) {
    return kHeaderSize + ((size_t(1) << bits.index) * static_cast<size_t>(kRankBits + bits.minhash) + 7) / 8;
}

// O. Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017): the share of empty registers.
double sigma(double x) {
    if (x == 1) {
        return std::numeric_limits<double>::infinity();
    }
    double z = x;
    for (double y = 1, before = -1; z != before; y += y) {
        before = z;
        x *= x;
        z += x * y;
    }
    return z;
}

double alpha(int64_t index_bits) {
    switch (index_bits) {
    case 4:
        return 0.673;
    case 5:
        return 0.697;
    case 6:
        return 0.709;
    default:
        return 0.7213 / (1 + 1.079 / static_cast<double>(size_t(1) << index_bits));
    }
}

}  // namespace

bool is_index_bits(int64_t bits) {
    return bits >= 4 && bits <= 16;
}

bool is_minhash_bits(int64_t bits) {
    return bits == 0 || (bits >= 4 && bits <= 51);
}

bool are_sketch_bits(SketchBits bits) {
    return is_index_bits(bits.index) && is_minhash_bits(bits.minhash) && bits.index + bits.minhash <= 64;
}

Sketch::Sketch(SketchBits bits) : bits_(bits), bytes_(size_of(bits), 0) {
    bytes_[1] = static_cast<char>(bits.index);
    bytes_[2] = static_cast<char>(bits.minhash);
}

std::optional<Sketch> Sketch::from_bytes(View bytes) {
    if (bytes.size() < kHeaderSize) {
        return {};
    }
    SketchBits bits{static_cast<uint8_t>(bytes[1]), static_cast<uint8_t>(bytes[2])};
    if (!are_sketch_bits(bits) || bytes.size() != size_of(bits)) {
        return {};
    }
    Sketch made(bits);
    made.bytes_.assign(bytes);
    return made;
}

int Sketch::width() const {
    return kRankBits + static_cast<int>(bits_.minhash);
}

// The registers stand in the order of their indexes, each with its highest bit first.
uint64_t Sketch::get(size_t index) const {
    size_t at = index * static_cast<size_t>(width());
    uint64_t value = 0;
    for (int left = width(); left > 0;) {
        int in_byte = static_cast<int>(at % 8);
        int count = std::min(8 - in_byte, left);
        auto byte = static_cast<uint8_t>(bytes_[kHeaderSize + at / 8]);
        value = value << count | (byte >> (8 - in_byte - count) & ((1 << count) - 1));
        at += static_cast<size_t>(count);
        left -= count;
    }
    return value;
}

void Sketch::set(size_t index, uint64_t value) {
    size_t at = index * static_cast<size_t>(width());
    for (int left = width(); left > 0;) {
        int in_byte = static_cast<int>(at % 8);
        int count = std::min(8 - in_byte, left);
        int shift = 8 - in_byte - count;
        int mask = ((1 << count) - 1) << shift;
        char &byte = bytes_[kHeaderSize + at / 8];
        byte = static_cast<char>((byte & ~mask) | (static_cast<int>(value >> (left - count) & 0xff) << shift & mask));
        at += static_cast<size_t>(count);
        left -= count;
    }
}

bool Sketch::add(View element) {
    Place place = place_of(element, bits_);
    if (get(place.index) >= place.value) {
        return false;
    }
    set(place.index, place.value);
    put_count(0);
    return true;
}

bool Sketch::may_contain(View element) const {
    Place place = place_of(element, bits_);
    return get(place.index) >= place.value;
}

std::vector<double> Sketch::rank_counts() const {
    std::vector<double> counts(kRankMost + 1);
    for (size_t i = 0; i < size(); i++) {
        counts[rank(i)]++;
    }
    return counts;
}

double Sketch::estimate() const {
    std::vector<double> counts = rank_counts();
    auto registers = static_cast<double>(size());
    double z = 0;
    for (size_t rank = kRankMost; rank > 0; rank--) {
        z = 0.5 * (z + counts[rank]);
    }
    z += registers * sigma(counts[0] / registers);
    return alpha(bits_.index) * registers * registers / z;
}

int64_t Sketch::count() const {
    uint64_t known = 0;
    for (size_t i = 8; i > 0; i--) {
        known = known << 8 | static_cast<uint8_t>(bytes_[kCountAt + i - 1]);
    }
    return known != 0 ? static_cast<int64_t>(known) : std::llround(estimate());
}

void Sketch::put_count(uint64_t count) {
    for (size_t i = 0; i < 8; i++) {
        bytes_[kCountAt + i] = static_cast<char>(count >> (8 * i));
    }
}

int64_t Sketch::refresh_count() {
    int64_t now = count();
    put_count(static_cast<uint64_t>(now));
    return now;
}

Sketch Sketch::reduced(SketchBits bits) const {
    if (bits.index == bits_.index && bits.minhash == bits_.minhash) {
        return *this;
    }
    Sketch made(bits);
    for (size_t i = 0; i < size(); i++) {
        size_t index = i & (made.size() - 1);
        made.set(index, std::max(made.get(index), get(i) >> (bits_.minhash - bits.minhash)));
    }
    return made;
}

void Sketch::unite(const Sketch &other) {
    for (size_t i = 0; i < size(); i++) {
        uint64_t theirs = other.get(i);
        if (theirs > get(i)) {
            set(i, theirs);
            put_count(0);
        }
    }
}

bool Sketch::empty() const {
    return rank_counts()[0] == static_cast<double>(size());
}

Sketch::Overlap Sketch::overlap(const std::vector<Sketch> &sketches) {
    Overlap found;
    const Sketch &first = sketches.front();
    for (size_t i = 0; i < first.size(); i++) {
        bool any = false, equal = first.get(i) != 0;
        for (const Sketch &sketch : sketches) {
            uint64_t value = sketch.get(i);
            any = any || value != 0;
            equal = equal && value == first.get(i);
        }
        found.any += any;
        found.equal += equal;
    }
    return found;
}

// Y. W. Yu, G. M. Weber, "HyperMinHash: MinHash in LogLog space" (2019): for many elements an approximation; else, for
// each rank, the chances that both registers have the same minhash, added up, or integrated where there are too many.
double expected_collisions(double count, double other, SketchBits bits) {
    double n = std::max(count, other), m = std::min(count, other);
    auto index = static_cast<int>(bits.index), minhash = static_cast<int>(bits.minhash);
    if (m <= 0) {
        return 0;
    }
    if (n > std::ldexp(1, index + 5)) {
        double ratio = n / m, phi = 4 * ratio / ((1 + ratio) * (1 + ratio));
        return 0.169919487159739093975315012348630289 * std::ldexp(phi, index - minhash);
    }
    constexpr int kSummedMost = 10;  // bits of a minhash
    constexpr int kRanks = 1 << kRankBits;
    double sum = 0;
    for (int rank = 1; rank <= kRanks; rank++) {
        // the last rank has all that is left
        double step = std::ldexp(1, -(index + minhash + std::min(rank, kRanks - 1)));
        double begin = rank < kRanks ? std::ldexp(step, minhash) : 0, end = begin + std::ldexp(step, minhash);
        if (minhash > kSummedMost) {
            double power = n + m - 1;
            sum += n * m * step * (std::pow(1 - begin, power) - std::pow(1 - end, power)) / power;
            continue;
        }
        for (double at = begin; at < end; at += step) {
            sum +=
                (std::pow(1 - at - step, n) - std::pow(1 - at, n)) * (std::pow(1 - at - step, m) - std::pow(1 - at, m));
        }
    }
    return std::ldexp(sum, index);
}

}  // namespace embedded
