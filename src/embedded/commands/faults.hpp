// SPDX-License-Identifier: Apache-2.0
// Harm that a test asks for: which commands it comes to, and what it is. What is done about it is the connection's.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <random>

#include "commands/kind.hpp"

namespace embedded {

struct Harm {
    enum class Action : uint8_t { delay, drop, reset, truncate, error };
    Action action;
    bool after;  // once the command was carried out, or before, and then it is not
    uint32_t milliseconds;  // of a delay
    Status status;  // of an error
};

// A command that harm may come to. Those that are no messages have no request.
struct Target {
    size_t node;  // that it came to
    Kind kind;
    const Request *request;
};

// Which commands: all that is given must hold.
struct Aim {
    uint32_t kinds;  // a bit each
    std::optional<size_t> node;
    std::optional<Bytes> ns, set;  // of a batch: of one of its records
    double share;  // of those that it could come to, chosen by chance
    uint64_t times;  // that it comes to pass at most
};

class Fault {
  public:
    Fault(const Harm &harm, Aim aim, uint64_t seed) : harm_(harm), aim_(std::move(aim)), chance_(seed) {}

    const Harm &harm() const { return harm_; }
    uint64_t count() const { return count_; }  // how often it has struck
    // Whether it strikes that command, which is counted. For one thread at a time.
    bool strike(const Target &target);

  private:
    bool aims_at(const Target &target) const;

    Harm harm_;
    Aim aim_;
    std::mt19937_64 chance_;
    std::atomic<uint64_t> count_{0};
};

class Faults {
  public:
    void add(std::shared_ptr<Fault> fault);
    void remove(const std::shared_ptr<Fault> &fault);
    void clear();
    uint64_t struck() const { return struck_; }  // commands, by faults that are gone, too

    // What comes to a command: of the first fault that strikes it.
    std::optional<Harm> strike(const Target &target) {
        return any_.load(std::memory_order_relaxed) ? look(target) : std::nullopt;
    }

  private:
    std::optional<Harm> look(const Target &target);

    std::mutex mutex_;
    std::vector<std::shared_ptr<Fault>> faults_;
    std::atomic<bool> any_{false};
    std::atomic<uint64_t> struck_{0};
};

}  // namespace embedded
