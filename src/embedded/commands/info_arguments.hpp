// SPDX-License-Identifier: Apache-2.0
// What stands behind the name of an info command: "a=1;b=2".
#pragma once

#include <optional>

#include "value/value.hpp"

namespace embedded {

// An error in the form of an info answer.
Bytes info_error(int code, View text);
// Of a namespace that is not here.
Bytes no_namespace();

class InfoArguments {
  public:
    explicit InfoArguments(View text) : text_(text) {}

    // The value of a name; nullopt where there is no "name=".
    std::optional<View> find(View name) const;

    // An argument that a command knows: its name, an older one (or none), how long its value may be, and the code of
    // the error where it is wrong.
    struct Known {
        View name, other_name;
        size_t most;
        int code;
    };

    // Each gives the error as an answer, or nothing where all is well. One that may be left out is nullopt then.
    Bytes need(const Known &known, View &out) const;
    Bytes take(const Known &known, std::optional<View> &out) const;

  private:
    View text_;
};

}  // namespace embedded
