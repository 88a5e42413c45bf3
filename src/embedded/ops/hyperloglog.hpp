// SPDX-License-Identifier: Apache-2.0
// A HyperLogLog with optional minhash bits (HyperMinHash), as the server stores it: a byte of zero, the bit counts of
// an index and of a minhash, a count (eight bytes, little-endian; 0: not known), and the registers, packed without
// gaps. A register has the rank (six bits) above the minhash.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "value/value.hpp"

namespace embedded {

struct SketchBits {
    int64_t index = 0, minhash = 0;
};

bool is_index_bits(int64_t bits);
bool is_minhash_bits(int64_t bits);  // zero is
bool are_sketch_bits(SketchBits bits);

class Sketch {
  public:
    explicit Sketch(SketchBits bits);  // empty
    static std::optional<Sketch> from_bytes(View bytes);  // nothing: not the bytes of one

    SketchBits bits() const { return bits_; }
    const Bytes &bytes() const { return bytes_; }

    bool add(View element);  // true: a register changed
    bool may_contain(View element) const;

    int64_t count() const;
    int64_t refresh_count();  // and remember it
    double estimate() const;

    // With fewer index bits, or without minhash.
    Sketch reduced(SketchBits bits) const;
    void unite(const Sketch &other);  // of the same bits

    bool empty() const;

    // How many registers are set in any of the sketches, and set and equal in all. All are of the same bits.
    struct Overlap {
        double any = 0, equal = 0;
    };
    static Overlap overlap(const std::vector<Sketch> &sketches);

  private:
    size_t size() const { return size_t(1) << bits_.index; }
    int width() const;
    uint64_t get(size_t index) const;
    void set(size_t index, uint64_t value);
    uint64_t rank(size_t index) const { return get(index) >> bits_.minhash; }
    std::vector<double> rank_counts() const;
    void put_count(uint64_t count);

    SketchBits bits_;
    Bytes bytes_;
};

// How many registers of two sketches with minhash are equal by accident, where their elements all differ.
double expected_collisions(double count, double other, SketchBits bits);

}  // namespace embedded
