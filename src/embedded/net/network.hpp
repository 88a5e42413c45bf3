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
    // Listens when it returns; throws NetworkError where it cannot.
    explicit Network(ClusterNode &node);
    ~Network();
    Network(const Network &) = delete;
    Network &operator=(const Network &) = delete;

  private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace embedded
