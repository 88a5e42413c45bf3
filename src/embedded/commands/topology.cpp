// SPDX-License-Identifier: Apache-2.0
#include "commands/topology.hpp"

#include <algorithm>
#include <cstdio>
#include <map>

#include "text/base64.hpp"

namespace embedded {

namespace {

constexpr View kDefaultPort = "3000";  // of those that tell none, whatever one's own is

Bytes number(uint64_t value) {
    return std::to_string(value);
}

Bytes hexadecimal(const char *format, uint64_t value) {
    char text[17];
    std::snprintf(text, sizeof text, format, static_cast<unsigned long long>(value));
    return text;
}

}  // namespace

Bytes Topology::peers(View tls_name) const {
    Standing standing = this->standing();
    Bytes out = number(standing.peers_generation) + "," + Bytes(kDefaultPort) + ",[";
    for (const NodeIdentity *peer : standing.peers) {
        out += (out.back() == '[' ? "[" : ",[") + peer->name + "," + Bytes(tls_name) + ",[" + service(*peer) + "]]";
    }
    return out + "]";
}

Bytes Topology::no_peers() const {
    return number(standing().peers_generation) + "," + Bytes(kDefaultPort) + ",[]";
}

Bytes Topology::services() const {
    Bytes out;
    for (const NodeIdentity *peer : standing().peers) {
        out += (out.empty() ? "" : ";") + service(*peer);
    }
    return out;
}

Bytes Topology::cluster_key() const {
    return hexadecimal("%llX", standing().key);
}

Bytes Topology::racks() const {
    Standing standing = this->standing();
    std::map<uint32_t, Bytes> racks = {{rack(), name()}};
    for (const NodeIdentity *peer : standing.peers) {
        Bytes &nodes = racks[peer->rack];
        nodes += (nodes.empty() ? "" : ",") + peer->name;
    }
    Bytes out;
    for (const auto &[rack, nodes] : racks) {
        out += (out.empty() ? "rack_" : ":rack_") + number(rack) + "=" + nodes;
    }
    return out;
}

Bytes Topology::owned_partitions(size_t copy) const {
    Bytes bitmap(kPartitions / 8, '\0');
    for (size_t id = 0; id < kPartitions; id++) {
        if (cluster_.slot(id).copies[copy] == node_) {
            bitmap[id / 8] = static_cast<char>(bitmap[id / 8] | 0x80 >> id % 8);
        }
    }
    return base64_encode(bitmap);
}

// Its state, how many copies, its place among them (twice), duplicates; who serves it, and the version of its records.
Bytes Topology::partition_state(size_t partition, size_t records, const Standing &standing) const {
    Cluster::Slot slot = cluster_.slot(partition);
    auto found = std::find(slot.copies.begin(), slot.copies.end(), node_);
    bool owned = found != slot.copies.end();
    Bytes place = number(static_cast<uint64_t>(found - slot.copies.begin()));
    bool master = owned && place == "0";
    Bytes serves = slot.copies[0] == Cluster::kNobody ? "0" : cluster_.identity(slot.copies[0]).name;
    Bytes final_version = hexadecimal("%012llx", standing.key) + (master ? ".0.mp-" : ".0.-p-");
    Bytes version = owned ? final_version : "000000000000.0.-p-";
    return Bytes(owned ? "S:" : "A:") + number(standing.copies) + ":" + (owned ? place : "-1") + ":" +
           (owned ? place : number(standing.copies)) + ":0:" + (master ? serves : "0") + ":" + serves +
           ":0:0:0:" + number(owned ? records : 0) + ":0:0:1:" + version + ":" + final_version;
}

}  // namespace embedded
