// SPDX-License-Identifier: Apache-2.0
// An answer of many frames, given piece by piece, so that it is never in memory as a whole and others have their turn.
#pragma once

#include "value/value.hpp"

namespace embedded {

constexpr size_t kPiece = 128 * 1024;  // bytes of a frame before the network gets its turn
constexpr int64_t kTurn = 10'000'000;  // nanoseconds of scripts at work, likewise

class Job {
  public:
    virtual ~Job() = default;

    // Append a frame. False when it is the last one.
    virtual bool produce(Bytes &out) = 0;

    // Milliseconds to wait before the next one, or 0.
    virtual uint64_t pause() const = 0;
};

}  // namespace embedded
