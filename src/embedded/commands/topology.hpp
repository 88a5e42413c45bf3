// SPDX-License-Identifier: Apache-2.0
// Which nodes there are, and which of them owns which partition: one node, which owns them all. Whoever asks for peers,
// replicas or a generation asks here.
#pragma once

#include "value/value.hpp"

namespace embedded {

class Topology {
  public:
    explicit Topology(Bytes address) : address_(std::move(address)) {}

    // A node is known by the port that it listens at.
    void listen_at(uint16_t port);
    uint16_t port() const { return port_; }

    const Bytes &name() const { return name_; }  // of this node
    Bytes service() const;  // where clients reach it
    Bytes peers() const;  // the others, as clients read it
    size_t size() const { return 1; }
    View cluster_key() const { return "BEC46A4BD22A"; }

    // Each is another number when what it counts has changed.
    uint64_t peers_generation() const { return 0; }
    uint64_t partition_generation() const { return 0; }
    uint64_t rebalance_generation() const { return 1; }

    // A bit for each partition that this node owns, in base64.
    Bytes owned_partitions() const;

  private:
    Bytes address_, name_;
    uint16_t port_ = 0;
};

}  // namespace embedded
