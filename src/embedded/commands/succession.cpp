// SPDX-License-Identifier: Apache-2.0
#include "commands/succession.hpp"

#include <algorithm>

namespace embedded {

namespace {

// Of two different numbers, numbers that have nothing to do with each other.
uint64_t scatter(uint64_t number) {
    number += 0x9e3779b97f4a7c15;
    number = (number ^ number >> 30) * 0xbf58476d1ce4e5b9;
    number = (number ^ number >> 27) * 0x94d049bb133111eb;
    return number ^ number >> 31;
}

}  // namespace

Succession find_succession(const std::array<NodeIdentity, kNodesMost> &nodes, NodeMask members, size_t partition,
                           size_t copies) {
    Succession out;
    std::array<uint64_t, kNodesMost> scores{};
    for (size_t node = 0; node < kNodesMost; node++) {
        if ((members & mask_of(node)) != 0) {
            scores[node] = scatter(scatter(nodes[node].id) + partition);
            out.nodes[out.size++] = static_cast<uint8_t>(node);
        }
    }
    auto begin = out.nodes.begin(), end = begin + out.size;
    std::sort(begin, end, [&](uint8_t a, uint8_t b) { return scores[a] > scores[b]; });
    auto rack_has_one = [&](auto owners_end, uint8_t node) {
        return std::any_of(begin, owners_end, [&](uint8_t one) { return nodes[one].rack == nodes[node].rack; });
    };
    for (auto next = begin; next != end && static_cast<size_t>(next - begin) < copies; ++next) {
        auto found = std::find_if(next, end, [&](uint8_t node) { return !rack_has_one(next, node); });
        if (found != end) {
            std::rotate(next, found, found + 1);
        }
    }
    return out;
}

}  // namespace embedded
