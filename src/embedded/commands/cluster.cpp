// SPDX-License-Identifier: Apache-2.0
#include "commands/cluster.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <limits>

namespace embedded {

namespace {

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
constexpr uint64_t kFirstKey = 0xBEC46A4BD22A;

// When things come about, in intervals of the heartbeat, as measured on a real cluster.
constexpr double kUnlinked = 2, kSuspected = 10, kDropped = 12.7;  // after a node is gone
constexpr double kRebalanced = 0.3;  // after it was dropped
constexpr double kLinked = 1, kJoined = 10;  // after a node has begun to listen
constexpr double kAccepted = 1.3;  // before it joins
constexpr double kMigrated = 12.5;  // after a rebalance
constexpr size_t kMigrationSteps = 24;

int64_t steady_now() {
    return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
}

size_t count_of(NodeMask mask) {
    size_t count = 0;
    for (; mask != 0; mask = static_cast<NodeMask>(mask & (mask - 1))) {
        count++;
    }
    return count;
}

bool has(NodeMask mask, size_t node) {
    return (mask & mask_of(node)) != 0;
}

NodeMask with(NodeMask mask, size_t node) {
    return static_cast<NodeMask>(mask | mask_of(node));
}

NodeMask without(NodeMask mask, size_t node) {
    return static_cast<NodeMask>(mask & ~mask_of(node));
}

template <typename Do>
void for_each(NodeMask mask, Do act) {
    for (size_t node = 0; node < kNodesMost; node++) {
        if (has(mask, node)) {
            act(node);
        }
    }
}

}  // namespace

Cluster::Cluster(const ClusterOptions &options, Store &store) : options_(options), store_(store), next_(kNever) {}

void Cluster::introduce(size_t node, uint16_t port) {
    NodeIdentity &one = nodes_[node];
    char name[17];
    std::snprintf(name, sizeof name, "BB9%04X00000000", port);
    one.name = name;
    one.id = static_cast<uint64_t>(0xBB90000) + port;
    one.port = port;
    one.rack = options_.racks.empty() ? 0 : options_.racks[node];
}

void Cluster::begin() {
    std::lock_guard guard(mutex_);
    auto all = static_cast<NodeMask>((1u << options_.nodes) - 1);
    key_ = kFirstKey;
    reachable_ = members_ = serving_ = linked_ = all;
    for (size_t id = 0; id < kPartitions; id++) {
        assign(id);
    }
    for_each(all, [&](size_t node) { counts_[node] = {2 * (options_.nodes - 1), 1, 1, 0, without(all, node)}; });
    settle();
}

// ---- what happens to a node ----

void Cluster::stopped(size_t node) {
    std::lock_guard guard(mutex_);
    int64_t now = steady_now();
    run_due(now);
    bool answered = has(reachable_, node);
    reachable_ = without(reachable_, node);
    if (!has(members_, node)) {
        cancel(node);
        linked_ = without(linked_, node);
        serving_ = without(serving_, node);
    } else {
        plan(now + intervals(kUnlinked), Kind::unlink, node);
        if (answered) {
            plan(now + intervals(kSuspected), Kind::suspect, node);
            plan(now + intervals(kDropped), Kind::drop, node);
        }
    }
    settle();
}

void Cluster::copies_lost(size_t node) {
    std::lock_guard guard(mutex_);
    lose(node);
}

// One that is back before anybody has missed it is another one, and they find that out at once.
void Cluster::started(size_t node) {
    std::lock_guard guard(mutex_);
    int64_t now = steady_now();
    run_due(now);
    cancel(node);
    if (has(members_, node)) {
        drop(node, now);
    }
    await_join(node, now);
    settle();
}

void Cluster::paused(size_t node) {
    std::lock_guard guard(mutex_);
    int64_t now = steady_now();
    run_due(now);
    reachable_ = without(reachable_, node);
    if (has(members_, node)) {
        plan(now + intervals(kSuspected), Kind::suspect, node);
        plan(now + intervals(kDropped), Kind::drop, node);
    } else {
        cancel(node);
        serving_ = without(serving_, node);
    }
    settle();
}

bool Cluster::resumed(size_t node) {
    std::lock_guard guard(mutex_);
    int64_t now = steady_now();
    run_due(now);
    cancel(node);
    bool member = has(members_, node);
    if (member) {
        reachable_ = with(reachable_, node);
    } else {
        serving_ = with(serving_, node);
        await_join(node, now);
    }
    settle();
    return member;
}

void Cluster::await_join(size_t node, int64_t now) {
    reachable_ = with(reachable_, node);
    linked_ = without(linked_, node);
    plan(now + intervals(kLinked), Kind::link, node);
    plan(now + intervals(kJoined), Kind::join, node);
}

// ---- events ----

int64_t Cluster::intervals(double count) const {
    constexpr double kMillisecond = 1e6;
    return static_cast<int64_t>(count * options_.heartbeat_interval * kMillisecond);
}

void Cluster::plan(int64_t due, Kind kind, size_t node) {
    events_.push_back({due, kind, node});
}

void Cluster::cancel(size_t node) {
    auto is_its = [node](const Event &event) { return event.kind < Kind::rebalance && event.node == node; };
    events_.erase(std::remove_if(events_.begin(), events_.end(), is_its), events_.end());
    suspected_ = without(suspected_, node);
}

bool Cluster::planned(Kind kind) const {
    return std::any_of(events_.begin(), events_.end(), [kind](const Event &event) { return event.kind == kind; });
}

void Cluster::refresh() {
    int64_t now = steady_now();
    if (now >= next_) {
        std::lock_guard guard(mutex_);
        run_due(now);
    }
}

void Cluster::run_due(int64_t now) {
    auto sooner = [](const Event &a, const Event &b) { return a.due < b.due; };
    for (;;) {
        auto first = std::min_element(events_.begin(), events_.end(), sooner);
        if (first == events_.end() || first->due > now) {
            break;
        }
        Event event = *first;
        events_.erase(first);
        run(event);
    }
    settle();
}

void Cluster::run(const Event &event) {
    switch (event.kind) {
    case Kind::unlink:
        linked_ = without(linked_, event.node);
        break;
    case Kind::suspect:
        suspected_ = with(suspected_, event.node);
        break;
    case Kind::drop:
        drop(event.node, event.due);
        break;
    case Kind::link:
        linked_ = with(linked_, event.node);
        break;
    case Kind::join:
        change_members(with(members_, event.node));
        rebalance(event.due);
        break;
    case Kind::rebalance:
        rebalance(event.due);
        break;
    case Kind::migrate:
        migrate_some(event.due);
        break;
    }
}

void Cluster::settle() {
    next_ = kNever;
    for (const Event &event : events_) {
        next_ = std::min(next_.load(), event.due);
    }
    calm_ = events_.empty() && reachable_ == members_;
}

// ---- who owns what ----

// One that is paused has lost what it held, too: the others have gone on without it.
void Cluster::drop(size_t node, int64_t now) {
    lose(node);
    cancel(node);
    linked_ = without(linked_, node);
    serving_ = without(serving_, node);
    counts_[node] = {0, 0, 0, -1, 0};
    change_members(without(members_, node));
    plan(now + intervals(kRebalanced), Kind::rebalance, kNodesMost);
}

void Cluster::change_members(NodeMask members) {
    constexpr uint64_t kFactor = 6364136223846793005, kSummand = 1442695040888963407;
    members_ = members;
    serving_ = static_cast<NodeMask>(serving_ | members);
    key_ = (key_ * kFactor + kSummand) >> 16;
    for_each(members, [this](size_t node) { counts_[node].cluster++; });
    for (size_t id = 0; id < kPartitions; id++) {
        assign(id);
    }
}

size_t Cluster::copies() const {
    return std::min<size_t>(options_.replication_factor, count_of(members_));
}

NodeMask Cluster::owners_of(size_t partition) const {
    Succession succession = find_succession(nodes_, members_, partition, copies());
    NodeMask owners = 0;
    for (size_t i = 0; i < copies(); i++) {
        owners = with(owners, succession.nodes[i]);
    }
    return owners;
}

// Those who hold its records serve, until they have moved. Where nobody does, there are none to move.
void Cluster::assign(size_t partition) {
    Succession succession = find_succession(nodes_, members_, partition, copies());
    NodeMask owners = owners_of(partition);
    auto holders = static_cast<NodeMask>(slot(partition).holders & members_);
    Slot slot;
    slot.holders = holders == 0 || (owners & ~holders) == 0 ? owners : holders;
    size_t count = 0;
    for (bool holding : {true, false}) {
        for (size_t i = 0; i < succession.size && count < copies(); i++) {
            size_t node = succession.nodes[i];
            if (has(slot.holders, node) == holding && (holding || has(owners, node))) {
                slot.copies[count++] = static_cast<uint8_t>(node);
            }
        }
    }
    slots_[partition].store(slot, std::memory_order_release);
}

// The members know each other from now on, and begin to move copies.
void Cluster::rebalance(int64_t now) {
    auto namespaces = static_cast<int64_t>(store_.namespaces().size());
    for_each(members_, [&](size_t node) {
        Counts &counts = counts_[node];
        NodeMask known = without(members_, node);
        counts.peers += count_of(counts.known & static_cast<NodeMask>(~known)) +
                        2 * count_of(known & static_cast<NodeMask>(~counts.known));
        counts.known = known;
        counts.rebalance++;
        counts.partition = counts.partition < 0 ? 0 : counts.partition + namespaces;
    });
    find_pending();
    auto moves = [](const Event &event) { return event.kind == Kind::migrate; };
    events_.erase(std::remove_if(events_.begin(), events_.end(), moves), events_.end());
    if (!pending_.empty()) {
        plan(now + intervals(kMigrated / kMigrationSteps), Kind::migrate, kNodesMost);
    }
}

void Cluster::find_pending() {
    pending_.clear();
    for (size_t id = kPartitions; id-- > 0;) {
        if (slot(id).holders != owners_of(id)) {
            pending_.push_back(static_cast<uint16_t>(id));
        }
    }
    pace_ = pending_.size() / kMigrationSteps + 1;
}

void Cluster::migrate_some(int64_t now) {
    for (size_t i = 0; i < pace_ && !pending_.empty(); i++) {
        migrate(pending_.back());
        pending_.pop_back();
    }
    if (!pending_.empty()) {
        plan(now + intervals(kMigrated / kMigrationSteps), Kind::migrate, kNodesMost);
    }
}

// The master sends its records to those who lack them. It is counted by both.
void Cluster::migrate(size_t partition) {
    Slot before = slot(partition);
    auto namespaces = static_cast<int64_t>(store_.namespaces().size());
    for_each(static_cast<NodeMask>(owners_of(partition) & ~before.holders), [&](size_t node) {
        counts_[before.copies[0]].partition += namespaces;
        counts_[node].partition += namespaces;
    });
    slots_[partition].store({before.copies, owners_of(partition)}, std::memory_order_release);
    assign(partition);
}

void Cluster::lose(size_t node) {
    for (size_t id = 0; id < kPartitions; id++) {
        Slot one = slot(id);
        if (!has(one.holders, node)) {
            continue;
        }
        one.holders = without(one.holders, node);
        slots_[id].store(one, std::memory_order_release);
        for (const auto &ns : store_.namespaces()) {
            if (one.holders == 0) {
                ns->clear(id);
            }
        }
    }
}

// ---- what is seen of it ----

Reach Cluster::reach(size_t node, size_t partition, bool writes) {
    refresh();
    Slot one = slot(partition);
    NodeMask reachable = reachable_;
    if (!has(serving_, node) || one.copies[0] == kNobody) {
        return Reach::unavailable;
    }
    auto gone = [reachable](uint8_t copy) { return copy != kNobody && !has(reachable, copy); };
    if (gone(one.copies[0])) {
        return !writes && has(one.holders, node) ? Reach::served : Reach::unanswered;
    }
    bool confirmed = !writes || std::none_of(one.copies.begin() + 1, one.copies.end(), gone);
    return confirmed ? Reach::served : Reach::unconfirmed;
}

void Cluster::count_migrations(size_t node, Standing &out) const {
    for (uint16_t id : pending_) {
        auto receivers = static_cast<NodeMask>(owners_of(id) & ~slot(id).holders);
        out.sending += slot(id).copies[0] == node ? count_of(receivers) : 0;
        out.receiving += has(receivers, node) ? 1 : 0;
    }
}

Standing Cluster::standing(size_t node) {
    std::lock_guard guard(mutex_);
    int64_t now = steady_now();
    run_due(now);
    Standing out;
    const Counts &counts = counts_[node];
    out.links = has(linked_, node) ? count_of(without(linked_, node)) : 0;
    if (!has(members_, node)) {
        out.copies = 1;
        out.member = std::any_of(events_.begin(), events_.end(), [&](const Event &event) {
            return event.kind == Kind::join && event.node == node && event.due - now < intervals(kAccepted);
        });
        return out;
    }
    out.member = out.integral = suspected_ == 0;
    out.migrating = out.integral && !planned(Kind::rebalance);
    out.stable = out.migrating && pending_.empty();
    out.size = count_of(members_);
    out.copies = copies();
    out.key = key_;
    out.generation = counts.cluster;
    out.peers_generation = counts.peers;
    out.rebalance_generation = counts.rebalance;
    out.partition_generation = counts.partition;
    count_migrations(node, out);
    for_each(members_, [&](size_t one) {
        bool higher = out.principal == nullptr || out.principal->id < nodes_[one].id;
        out.principal = higher ? &nodes_[one] : out.principal;
    });
    for_each(counts.known, [&](size_t one) { out.peers.push_back(&nodes_[one]); });
    return out;
}

bool Cluster::stable() {
    refresh();
    return calm_;
}

}  // namespace embedded
