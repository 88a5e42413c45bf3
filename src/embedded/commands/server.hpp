// SPDX-License-Identifier: Apache-2.0
// What the rooms that answer requests know of the server around them.
#pragma once

#include <atomic>

#include "commands/faults.hpp"
#include "commands/jobs.hpp"
#include "commands/log_levels.hpp"
#include "commands/topology.hpp"
#include "commands/user_agents.hpp"
#include "lua/scripts.hpp"
#include "security/accounts.hpp"
#include "store/store.hpp"
#include "tls/context.hpp"

namespace embedded {

struct Options {
    Bytes address = "127.0.0.1";
    uint16_t port = 0;  // 0: a free one
    std::vector<Bytes> namespaces = {"test"};
    std::vector<Bytes> strongly_consistent = {};  // of them
    uint32_t default_ttl = 2592000;  // seconds, where a write does not say; 0: never expire
    unsigned workers = 2;
    unsigned connections_most = 4096;
    bool compression = false;  // of frames, which the Community Edition refuses
    ClusterOptions cluster = {};
    std::optional<SecurityOptions> security = {};  // users; nullopt: everybody may do everything
    std::optional<TlsOptions> tls = {};
};

// What all nodes have in common: that which a cluster keeps alike everywhere.
struct Server {
    explicit Server(Options settings)
        : options(std::move(settings)), store(options.namespaces, options.strongly_consistent, options.default_ttl),
          cluster(options.cluster, store),
          accounts(options.security ? std::make_unique<Accounts>(*options.security) : nullptr),
          tls(options.tls ? std::make_unique<TlsContext>(*options.tls) : nullptr) {}

    Options options;
    Store store;
    Cluster cluster;
    std::unique_ptr<Accounts> accounts;  // before what it counts
    std::unique_ptr<TlsContext> tls;  // null: there is none
    Scripts scripts;
    std::shared_ptr<Faults> faults = std::make_shared<Faults>();
};

// What is a node's own, and begins anew when it starts again.
struct ClusterNode {
    ClusterNode(Server &of, size_t at) : server(of), place(at), topology(of.options.address, of.cluster, at) {}

    Server &server;
    const size_t place;  // among the server's nodes
    Topology topology;
    UserAgents user_agents;  // before the jobs of those whom it counts
    Jobs jobs;
    LogLevels log_levels;
    int64_t started = now_nanoseconds();
    std::atomic<uint64_t> connections{0}, connections_opened{0};
    std::atomic<uint64_t> info_complete{0}, malformed{0};  // requests
    std::array<std::atomic<uint64_t>, kKinds> commands{};  // that came, by kind
    std::atomic<size_t> waiting{0};  // bytes of frames that are not whole yet, and of batches at work
};

// One client's connection, as commands know it.
struct Session {
    ClusterNode &node;
    Server &server;  // the node's
    Login login = {};  // nobody: the Community Edition has no users
    std::shared_ptr<UserAgent> agent = {};  // none, until it says
};

}  // namespace embedded
