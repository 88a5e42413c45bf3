// SPDX-License-Identifier: Apache-2.0
// The cluster as one of its nodes tells clients of it. Whoever asks for peers, replicas or a generation asks here.
#pragma once

#include "commands/cluster.hpp"

namespace embedded {

class Topology {
  public:
    Topology(Bytes address, Cluster &cluster, size_t node)
        : address_(std::move(address)), cluster_(cluster), node_(node) {}

    uint16_t port() const { return identity().port; }
    const Bytes &name() const { return identity().name; }  // of this node
    uint32_t rack() const { return identity().rack; }
    Bytes service() const { return service(identity()); }  // where clients reach it
    Standing standing() const { return cluster_.standing(node_); }

    Bytes peers(View tls_name = {}) const;  // the others, as clients read it
    Bytes no_peers() const;  // there are none that are reached in the way asked for
    Bytes services() const;  // the others, as clients of old read it
    Bytes cluster_key() const;
    Bytes racks() const;  // of all members: "rack_1=NODE,NODE:rack_2=NODE"

    // A bit for each partition that this node is master of, or (1) holds the second copy of, in base64.
    Bytes owned_partitions(size_t copy) const;
    // How a partition, with so many records, stands here: the columns of "partition-info" after its number.
    Bytes partition_state(size_t partition, size_t records, const Standing &standing) const;

  private:
    const NodeIdentity &identity() const { return cluster_.identity(node_); }
    Bytes service(const NodeIdentity &node) const { return address_ + ":" + std::to_string(node.port); }

    Bytes address_;
    Cluster &cluster_;
    size_t node_;
};

}  // namespace embedded
