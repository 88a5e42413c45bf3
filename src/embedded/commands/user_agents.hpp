// SPDX-License-Identifier: Apache-2.0
// What clients say that they are, and how many connections have said so.
#pragma once

#include <map>
#include <mutex>

#include "value/value.hpp"

namespace embedded {

class UserAgents {
  public:
    Bytes text() const;

  private:
    friend class UserAgent;

    mutable std::mutex mutex_;
    std::map<Bytes, size_t> connections_;  // of each, in base64
};

// What a connection has said last, for as long as it lasts.
class UserAgent {
  public:
    UserAgent(UserAgents &all, View agent);
    UserAgent(const UserAgent &) = delete;
    UserAgent &operator=(const UserAgent &) = delete;
    ~UserAgent();

  private:
    UserAgents &all_;
    Bytes agent_;
};

}  // namespace embedded
