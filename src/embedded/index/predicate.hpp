// SPDX-License-Identifier: Apache-2.0
// What a query asks of an index: equality, a range of numbers, or geometries.
#pragma once

#include "index/definition.hpp"
#include "text/geo.hpp"

namespace embedded {

class IndexPredicate {
  public:
    // As a request's field has it. False: malformed, of no type that an index has, or nothing can ever fit.
    static bool parse(View field, IndexPredicate &out);

    const Bytes &bin() const { return bin_; }
    Type type() const { return type_; }
    // Where an index has the values; there may be others.
    const IndexRange &range() const { return range_; }

    // Does an entry stand for its record, among those behind `start`? A record is given once, by its lowest entry; but
    // for geometries, once for each that fits.
    bool takes(const RecordIndex &index, const std::optional<IndexEntry> &start, const IndexEntry &entry,
               const Record &record) const;

  private:
    bool read_bounds(View low, View high);
    bool read_geometry(View text);
    bool fits(const Value &value) const;

    Bytes bin_;
    Type type_ = Type::integer;
    IndexRange range_;
    Bytes bytes_;  // of a string or a blob
    Geometry geometry_;
    Cap bounds_;  // of a region
};

}  // namespace embedded
