// SPDX-License-Identifier: Apache-2.0
// A JSON document as a tree, as far as GeoJSON needs it.
#pragma once

#include <utility>
#include <variant>
#include <vector>

#include "value/value.hpp"

namespace embedded {

class Json {
  public:
    // False: not exactly one JSON value, or nested too deep.
    static bool parse(View text, Json &out);

    bool is_number() const { return std::holds_alternative<double>(data_); }
    bool is_string() const { return std::holds_alternative<Bytes>(data_); }
    bool is_array() const { return std::holds_alternative<std::vector<Json>>(data_); }
    double number() const { return std::get<double>(data_); }
    const Bytes &string() const { return std::get<Bytes>(data_); }
    const std::vector<Json> &array() const { return std::get<std::vector<Json>>(data_); }

    // The member of an object, the last where the name stands twice; null when there is none.
    const Json *find(View name) const;

  private:
    friend class JsonParser;
    using Member = std::pair<Bytes, Json>;
    // null, true and false mean nothing in a geometry: they are all monostate
    std::variant<std::monostate, double, Bytes, std::vector<Json>, std::vector<Member>> data_;
};

}  // namespace embedded
