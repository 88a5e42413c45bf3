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
    Bytes value;  // as it is stored; behind `opened` where that was changed
    std::optional<Value> opened = {};  // unpacked, for the operations that follow
    bool changed = false;
};

class Bins {
  public:
    Bins() = default;
    explicit Bins(View wire);

    Bin *find(View name);  // whose value is that of now
    Particle type(View name) const;  // null: no such bin
    Value value(View name) const;  // none: no such bin
    void set(View name, Particle particle, View bytes);
    void set(View name, Value value);  // none removes the bin

    // For an operation: the bin's value (none: no such bin) in its place, to be looked at or changed, until another
    // function is called. What was changed is kept by keep(): unpacked, so that many operations cost no more than they
    // do.
    Value &open(View name);
    void keep(View name);

    void remove(View name);
    void clear() { *this = Bins(); }
    bool empty() const { return size() == 0; }
    size_t size() const { return bins_.size() - holes_; }
    size_t wire_size();  // of all in the form that is stored
    const std::vector<Bin> &all();

  private:
    size_t place(View name) const;  // bins_.size() where there is none
    Bin &add(View name, Particle particle);

    std::vector<Bin> bins_;  // those removed stay as holes, whose particle is null
    size_t holes_ = 0;
    Value absent_;  // opened, of a bin that is not there
    // Places by name, made once looking along has cost more than that.
    mutable std::optional<std::unordered_map<Bytes, size_t>> places_;
    mutable size_t looked_at_ = 0;
};

}  // namespace embedded
