// SPDX-License-Identifier: Apache-2.0
#include "commands/topology.hpp"

#include <cstdio>

#include "store/record.hpp"
#include "text/base64.hpp"

namespace embedded {

void Topology::listen_at(uint16_t port) {
    char name[16];
    std::snprintf(name, sizeof name, "BB9%04X00000000", port);
    name_ = name;
    port_ = port;
}

Bytes Topology::service() const {
    return address_ + ":" + std::to_string(port_);
}

Bytes Topology::peers() const {
    return std::to_string(peers_generation()) + ",3000,[]";  // the port of those that tell none, whatever one's own is
}

Bytes Topology::owned_partitions() const {
    return base64_encode(Bytes(kPartitions / 8, '\xff'));
}

}  // namespace embedded
