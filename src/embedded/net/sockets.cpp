// SPDX-License-Identifier: Apache-2.0
#include "net/sockets.hpp"

#include <pthread.h>
#include <unistd.h>

#include <mutex>
#include <new>
#include <set>

namespace embedded {

namespace {

struct Sockets {
    std::mutex mutex;
    std::set<int> open;
};

void before_fork();
void in_parent();
void in_child();

Sockets &sockets() {
    static auto *all = [] {  // never destroyed: threads may outlive static objects
        pthread_atfork(before_fork, in_parent, in_child);
        return new Sockets;
    }();
    return *all;
}

void before_fork() {
    sockets().mutex.lock();
}

void in_parent() {
    sockets().mutex.unlock();
}

void in_child() {
    for (int socket : sockets().open) {
        ::close(socket);
    }
    sockets().open.clear();
    sockets().mutex.unlock();
}

}  // namespace

NoFork::NoFork() {
    sockets().mutex.lock();
}

NoFork::~NoFork() {
    sockets().mutex.unlock();
}

bool NoFork::note(int socket) {
    try {
        sockets().open.insert(socket);
    } catch (const std::bad_alloc &) {
        return false;
    }
    return true;
}

void NoFork::forget(int socket) {
    sockets().open.erase(socket);
}

void close_socket(int socket) {
    NoFork no_fork;
    no_fork.forget(socket);
    ::close(socket);
}

}  // namespace embedded
