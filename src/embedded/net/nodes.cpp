// SPDX-License-Identifier: Apache-2.0
#include "net/nodes.hpp"

#include <utility>

namespace embedded {

Nodes::Nodes(Server &server) : server_(server), nodes_(server.cluster.nodes()) {
    for (size_t node = 0; node < nodes_.size(); node++) {
        uint16_t first = server.options.port;
        nodes_[node].port = first == 0 ? uint16_t(0) : static_cast<uint16_t>(first + node);
        listen(node);
        server.cluster.introduce(node, nodes_[node].port);
    }
    server.cluster.begin();
    for (One &one : nodes_) {
        one.network->start();
        one.state = State::running;
    }
}

// Where it listened before, or at a port of its own.
void Nodes::listen(size_t node) {
    One &one = nodes_[node];
    auto fresh = std::make_unique<ClusterNode>(server_, node);
    one.network = std::make_unique<Network>(*fresh, one.port);
    one.node = std::move(fresh);
    one.port = one.network->port();
}

void Nodes::close(One &one) {
    one.network.reset();
    if (one.node != nullptr) {
        past_.add(*one.node);
    }
    one.node.reset();
}

void Nodes::stop(size_t node) {
    std::lock_guard guard(mutex_);
    One &one = nodes_[node];
    if (one.state != State::stopped) {
        shut(node);
    }
}

void Nodes::shut(size_t node) {
    nodes_[node].state = State::stopped;
    server_.cluster.stopped(node);
    close(nodes_[node]);
    server_.cluster.copies_lost(node);
}

void Nodes::start(size_t node) {
    std::lock_guard guard(mutex_);
    One &one = nodes_[node];
    if (one.state == State::stopped) {
        listen(node);
        server_.cluster.started(node);
        one.state = State::running;
        try {
            one.network->start();
        } catch (...) {
            shut(node);
            throw;
        }
    }
}

bool Nodes::pause(size_t node) {
    std::lock_guard guard(mutex_);
    One &one = nodes_[node];
    if (one.state == State::running) {
        server_.cluster.paused(node);
        one.network->pause();
        one.state = State::paused;
    }
    return one.state == State::paused;
}

bool Nodes::resume(size_t node) {
    std::lock_guard guard(mutex_);
    One &one = nodes_[node];
    if (one.state == State::paused) {
        one.state = State::running;
        if (server_.cluster.resumed(node)) {
            one.network->resume();
        } else {
            begin_anew(node);
        }
    }
    return one.state == State::running;
}

// What waits in its connections is not carried out any more: others have done later things meanwhile.
void Nodes::begin_anew(size_t node) {
    try {
        close(nodes_[node]);
        listen(node);
        nodes_[node].network->start();
    } catch (...) {
        shut(node);
        throw;
    }
}

void Nodes::stop_all() {
    std::lock_guard guard(mutex_);
    for (One &one : nodes_) {
        one.state = State::stopped;
        close(one);
    }
}

void Counted::add(const ClusterNode &node) {
    connections += node.connections;
    connections_opened += node.connections_opened;
    malformed += node.malformed;
    for (size_t kind = 0; kind < kKinds; kind++) {
        commands[kind] += node.commands[kind];
    }
}

Counted Nodes::counted() {
    std::lock_guard guard(mutex_);
    Counted counted = past_;
    for (const One &one : nodes_) {
        if (one.node != nullptr) {
            counted.add(*one.node);
        }
    }
    return counted;
}

Counted Nodes::counted(size_t node) {
    std::lock_guard guard(mutex_);
    Counted counted;
    if (nodes_[node].node != nullptr) {
        counted.add(*nodes_[node].node);
    }
    return counted;
}

void Nodes::end_jobs() {
    std::lock_guard guard(mutex_);
    for (One &one : nodes_) {
        if (one.node != nullptr) {
            one.node->jobs.end_all();
        }
    }
}

}  // namespace embedded
