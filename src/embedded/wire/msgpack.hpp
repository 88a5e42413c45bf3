// SPDX-License-Identifier: Apache-2.0
// Values as bytes: inside lists, maps and operation payloads (msgpack), and as a whole bin (particle).
#pragma once

#include "value/status.hpp"
#include "value/value.hpp"

namespace embedded {

constexpr int kMaxDepth = 64;  // containers within containers, in stored data and in payloads

// Read one value and move `in` past it; ordered lists and all maps come out in order. False: malformed, too deep, or
// cut short.
bool unpack(View &in, Value &out);

// Read exactly one value, nothing left over.
bool unpack_all(View in, Value &out);

// May it be in a bin: no wildcard or infinity anywhere inside, and every map's keys those that a map can have.
bool is_storable(const Value &value);

void pack(const Value &value, Bytes &out);  // does not tell that an index is kept
size_t packed_size(const Value &value);

// The bytes of a bin, by its particle type, and back. A malformed particle gives the status a server answers.
Status from_particle(Particle type, View bytes, Value &out);
void to_particle(const Value &value, Bytes &out);  // the type is particle_of(value)

// A list or map that keeps an index ("persist index"): its bytes say so in the store, but not in an answer.
bool keeps_index(Particle type, View bytes);

}  // namespace embedded
