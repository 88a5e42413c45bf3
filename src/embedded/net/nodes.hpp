// SPDX-License-Identifier: Apache-2.0
// The nodes of a server as they come and go.
#pragma once

#include <atomic>
#include <mutex>

#include "net/network.hpp"

namespace embedded {

// What was counted of a node's clients.
struct Counted {
    uint64_t connections = 0, connections_opened = 0, malformed = 0;
    std::array<uint64_t, kKinds> commands{};

    void add(const ClusterNode &node);
};

// All functions may be called on any thread; of those that change something one runs at a time.
class Nodes {
  public:
    // All of them listen when it returns; throws NetworkError where one cannot.
    explicit Nodes(Server &server);

    enum class State : uint8_t { running, paused, stopped };

    size_t size() const { return nodes_.size(); }
    State state(size_t node) const { return nodes_[node].state; }

    // As when its process is killed, and started anew; throws NetworkError where it cannot listen. Those that are so
    // already stay as they are.
    void stop(size_t node);
    void start(size_t node);
    // As when its process stands still, and goes on. False: it is stopped.
    bool pause(size_t node);
    bool resume(size_t node);

    void stop_all();
    void end_jobs();
    Counted counted();  // of all nodes, also before they were stopped
    Counted counted(size_t node);  // since it was started last

  private:
    struct One {
        std::atomic<State> state{State::stopped};
        uint16_t port = 0;
        std::unique_ptr<ClusterNode> node;  // before the network that serves it
        std::unique_ptr<Network> network;
    };

    void listen(size_t node);
    void close(One &one);
    void shut(size_t node);
    void begin_anew(size_t node);

    Server &server_;
    std::mutex mutex_;  // guards what follows, but for reading states
    std::vector<One> nodes_;
    Counted past_;  // of nodes that were stopped
};

}  // namespace embedded
