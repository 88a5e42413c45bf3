// SPDX-License-Identifier: Apache-2.0
// In which order nodes come to own a partition: by their names alone, so that the same nodes own the same after one was
// gone and came back, and each owns about as much as the others.
#pragma once

#include <array>

#include "value/value.hpp"

namespace embedded {

constexpr size_t kNodesMost = 16;
constexpr size_t kCopiesMost = 3;  // as many as the C client knows

using NodeMask = uint16_t;  // a bit a node
static_assert(8 * sizeof(NodeMask) >= kNodesMost);

constexpr NodeMask mask_of(size_t node) {
    return static_cast<NodeMask>(1u << node);
}

// What is decided by when a node listens first, and never changes.
struct NodeIdentity {
    Bytes name;
    uint64_t id = 0;  // a number from the name
    uint16_t port = 0;
    uint32_t rack = 0;
};

struct Succession {
    std::array<uint8_t, kNodesMost> nodes{};
    size_t size = 0;
};

// Of these members, the owners first (the master, then as many as hold further copies), then the others. Copies go to
// other racks, as long as there are some.
Succession find_succession(const std::array<NodeIdentity, kNodesMost> &nodes, NodeMask members, size_t partition,
                           size_t copies);

}  // namespace embedded
