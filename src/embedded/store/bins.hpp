// SPDX-License-Identifier: Apache-2.0
// The bins of a record while operations work on them.
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "store/store.hpp"

namespace embedded {

struct Bin {
    Bytes name;
    Particle particle;
    Bytes value;
};

class Bins {
  public:
    Bins() = default;
    explicit Bins(View wire);

    const Bin *find(View name) const;
    Value value(View name) const;  // none: no such bin
    void set(View name, Particle particle, View bytes);
    void set(View name, const Value &value);  // none removes the bin
    void remove(View name);
    void clear() { *this = Bins(); }
    bool empty() const { return size() == 0; }
    size_t size() const { return bins_.size() - holes_; }
    size_t wire_size() const;  // of all in the form that is stored
    const std::vector<Bin> &all();

  private:
    size_t place(View name) const;  // bins_.size() where there is none

    std::vector<Bin> bins_;  // those removed stay as holes, whose particle is null
    size_t holes_ = 0;
    // Places by name, made once looking along has cost more than that.
    mutable std::optional<std::unordered_map<Bytes, size_t>> places_;
    mutable size_t looked_at_ = 0;
};

}  // namespace embedded
