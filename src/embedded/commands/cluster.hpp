// SPDX-License-Identifier: Apache-2.0
// The nodes of a server: which of them answer, which are members of the cluster, and who owns which partition. All have
// one store; what a cluster does by copies is done here by who holds them: what no node holds any more is erased.
//
// Nodes learn of each other by heartbeats, so that what happens to one has its consequences later. They are a list of
// events with their times, which come about when somebody asks after them: no thread waits for them.
#pragma once

#include <atomic>
#include <mutex>
#include <vector>

#include "commands/succession.hpp"
#include "store/store.hpp"

namespace embedded {

struct ClusterOptions {
    Bytes name;  // empty: none
    unsigned nodes = 1;
    unsigned replication_factor = 1;
    std::vector<uint32_t> racks = {};  // of each node; empty: there are no racks
    unsigned heartbeat_interval = 150;  // milliseconds
};

// What a command on a record meets.
enum class Reach : uint8_t {
    served,  // by this node, or by the one that it hands the command to
    unanswered,  // the one that it would be handed to is gone, and nobody has noticed
    unconfirmed,  // a write that is carried out; the node of another copy is gone, and nobody has noticed
    unavailable,  // this node is in no cluster yet
};

// How a node sees the cluster.
struct Standing {
    bool member = false, integral = false, migrating = false, stable = false;
    size_t size = 0, copies = 0;  // of the cluster; of each partition
    uint64_t key = 0, generation = 0, peers_generation = 0, rebalance_generation = 0;
    int64_t partition_generation = -1;
    uint64_t sending = 0, receiving = 0;  // copies of partitions, that are left to it, in a namespace
    size_t links = 0;  // to other nodes
    const NodeIdentity *principal = nullptr;
    std::vector<const NodeIdentity *> peers;
};

// All functions may be called on any thread, but for those that say otherwise.
class Cluster {
  public:
    Cluster(const ClusterOptions &options, Store &store);

    // Before there are other threads: each node where it listens, then begin.
    void introduce(size_t node, uint16_t port);
    void begin();

    const NodeIdentity &identity(size_t node) const { return nodes_[node]; }
    size_t nodes() const { return options_.nodes; }
    const ClusterOptions &options() const { return options_; }

    // What happens to a node. It has no connections any more when its copies are lost.
    void stopped(size_t node);
    void copies_lost(size_t node);
    void started(size_t node);
    void paused(size_t node);
    bool resumed(size_t node);  // false: the others went on without it

    // At rest, every node serves all.
    bool calm() const { return calm_; }
    Reach reach(size_t node, size_t partition, bool writes);

    // Let come about what is due. What follows here is as it was when this was called last.
    void refresh();
    bool masters(size_t node, size_t partition) const { return slot(partition).copies[0] == node; }
    bool holds(size_t node, size_t partition) const { return (slot(partition).holders & mask_of(node)) != 0; }

    // Where the copies of a partition are, the master's first; kNobody where there are fewer.
    static constexpr uint8_t kNobody = 0xff;
    struct alignas(8) Slot {
        std::array<uint8_t, kCopiesMost> copies{kNobody, kNobody, kNobody};  // as clients are told
        NodeMask holders = 0;  // of all its records
    };
    static_assert(std::atomic<Slot>::is_always_lock_free);
    Slot slot(size_t partition) const { return slots_[partition].load(std::memory_order_acquire); }

    Standing standing(size_t node);
    bool stable();  // nothing is to come, and every node that answers is a member

  private:
    enum class Kind : uint8_t { unlink, suspect, drop, link, join, rebalance, migrate };  // the last two of all nodes
    struct Event {
        int64_t due;
        Kind kind;
        size_t node;
    };
    struct Counts {
        uint64_t peers = 0, rebalance = 0, cluster = 0;
        int64_t partition = 0;
        NodeMask known = 0;  // to it, of the others
    };

    int64_t intervals(double count) const;
    void plan(int64_t due, Kind kind, size_t node);
    void cancel(size_t node);
    bool planned(Kind kind) const;
    void run_due(int64_t now);
    void run(const Event &event);
    void settle();
    void drop(size_t node, int64_t now);
    void change_members(NodeMask members);
    void rebalance(int64_t now);
    void assign(size_t partition);
    void find_pending();
    void migrate_some(int64_t now);
    void migrate(size_t partition);
    void lose(size_t node);
    void await_join(size_t node, int64_t now);
    NodeMask owners_of(size_t partition) const;
    size_t copies() const;
    void count_migrations(size_t node, Standing &out) const;

    const ClusterOptions options_;
    Store &store_;
    std::array<NodeIdentity, kNodesMost> nodes_;
    std::atomic<bool> calm_{false};
    std::atomic<int64_t> next_;  // when an event is due
    std::atomic<NodeMask> reachable_{0}, members_{0};
    std::atomic<NodeMask> serving_{0};  // members, and who was one, and does not know that it is none any more
    std::array<std::atomic<Slot>, kPartitions> slots_;

    std::mutex mutex_;  // guards what changes above, and all below; partitions are locked meanwhile, one by one
    std::vector<Event> events_;
    std::array<Counts, kNodesMost> counts_;
    NodeMask linked_ = 0, suspected_ = 0;
    uint64_t key_ = 0;
    std::vector<uint16_t> pending_;  // partitions with copies that are to move
    size_t pace_ = 0;  // of them at a time
};

}  // namespace embedded
