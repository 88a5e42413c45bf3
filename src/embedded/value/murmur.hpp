// SPDX-License-Identifier: Apache-2.0
// MurmurHash3 for x64 with 128 bits, by Austin Appleby (public domain), seed 0.
#pragma once

#include <cstdint>

#include "value/value.hpp"

namespace embedded {

struct Hash128 {
    uint64_t low, high;
};

Hash128 murmur3(View bytes);

}  // namespace embedded
