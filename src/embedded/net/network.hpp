// SPDX-License-Identifier: Apache-2.0
// Sockets and threads: an acceptor that hands connections out, and worker loops that serve them.
#pragma once

#include <memory>
#include <stdexcept>

#include "commands/server.hpp"

namespace embedded {

class NetworkError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

class Network {
  public:
    // Listens at a port (0: a free one) when it returns; throws NetworkError where it cannot.
    Network(ClusterNode &node, uint16_t port);
    ~Network();  // closes all connections
    Network(const Network &) = delete;
    Network &operator=(const Network &) = delete;

    uint16_t port() const;
    // Serve those who connect; throws NetworkError where it cannot.
    void start();

    // Stand still, with all connections open, and go on. Both return when it is so.
    void pause();
    void resume();

  private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace embedded
