// SPDX-License-Identifier: Apache-2.0
#include "commands/user_agents.hpp"

namespace embedded {

Bytes UserAgents::text() const {
    std::lock_guard<std::mutex> guard(mutex_);
    Bytes out;
    for (const auto &[agent, connections] : connections_) {
        out += "user-agent=" + agent + ":count=" + std::to_string(connections) + ";";
    }
    return out;
}

UserAgent::UserAgent(UserAgents &all, View agent) : all_(all), agent_(agent) {
    std::lock_guard<std::mutex> guard(all_.mutex_);
    all_.connections_[agent_]++;
}

UserAgent::~UserAgent() {
    std::lock_guard<std::mutex> guard(all_.mutex_);
    auto found = all_.connections_.find(agent_);
    if (--found->second == 0) {
        all_.connections_.erase(found);
    }
}

}  // namespace embedded
