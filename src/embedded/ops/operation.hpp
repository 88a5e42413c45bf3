// SPDX-License-Identifier: Apache-2.0
// What every family of bin operations offers: one function that changes or reads one value.
// record_command calls it for a bin, expression for a call inside an expression.
#pragma once

#include "value/outcome.hpp"
#include "value/value.hpp"

namespace embedded {

enum class Access : uint8_t { read, modify };

// `target` is the bin's value, none when the bin is not there. A modify may change it, create it, or leave
// it as it was (no-fail); after an error it is unspecified, and the caller drops it.
// `payload` is the msgpack list of the wire: [code, arguments...], or [0xff, context, [code, arguments...]],
// or [0xfe, context, flags (, expression)] for path expressions.
using Family = Outcome (*)(Access access, Value &target, const Value &payload);

Outcome run_cdt(Access access, Value &target, const Value &payload);  // list and map
Outcome run_bit(Access access, Value &target, const Value &payload);
Outcome run_hll(Access access, Value &target, const Value &payload);
Outcome run_string(Access access, Value &target, const Value &payload);

// Walk a context (a list of id, argument, id, argument…) from `root` down and run `leaf` on the value found there.
// With Access::modify and create flags, containers on the way are made. What the leaf changed is put back in place,
// each container on the way keeping its order. Defined in context.cpp.
using Leaf = Outcome (*)(Value &target, void *argument);
Outcome at_context(Access access, Value &root, const List &context, Leaf leaf, void *argument);

}  // namespace embedded
