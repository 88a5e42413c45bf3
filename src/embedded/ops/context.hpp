// SPDX-License-Identifier: Apache-2.0
// The steps of a context, which path expressions share.
#pragma once

#include "ops/cdt_select.hpp"

namespace embedded {

// A step's type on the wire: what the way leads through, what is looked for there, and what is made if it is missing.
constexpr int64_t kStepThroughMap = 0x20;
constexpr int64_t kStepCreate = 0xc0;
enum class StepBy : int64_t { index = 0, rank = 1, key = 2, value = 3 };

struct Step {
    int64_t type = 0;
    const Value *argument = nullptr;

    bool through_map() const { return (type & kStepThroughMap) != 0; }
    StepBy by() const { return static_cast<StepBy>(type & 0x0f); }
    int64_t create() const { return type & kStepCreate; }
    bool ordered() const { return create() == 0xc0; }  // the flags of a list
    bool pads() const { return create() == 0x80; }
    bool creates_place() const { return create() != 0 && by() == (through_map() ? StepBy::key : StepBy::index); }
};

bool parse_step(const Value &type, const Value &argument, Step &out);

// The index of the element that a step leads to in a container of its kind, or npos.
size_t find_element(const Value &container, const Step &step);
size_t find_key(const Map &map, const Value &key);

}  // namespace embedded
