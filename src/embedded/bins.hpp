// SPDX-License-Identifier: Apache-2.0
// The bins of a record while operations work on them.
#pragma once

#include <vector>

#include "store.hpp"

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
    void clear() { bins_.clear(); }
    bool empty() const { return bins_.empty(); }
    size_t size() const { return bins_.size(); }
    size_t wire_size() const;  // of all in the form that is stored
    const std::vector<Bin> &all() const { return bins_; }

  private:
    std::vector<Bin> bins_;
};

}  // namespace embedded
