// SPDX-License-Identifier: Apache-2.0
#include "net/network.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>
#include <mutex>
#include <set>
#include <thread>

#include "net/connection.hpp"

namespace embedded {

namespace {

constexpr int kBacklog = 1024;
// Expired records are looked for in some partitions at a time, so that no request waits for it: all in 13 seconds.
constexpr uint64_t kReapEvery = 100;  // milliseconds
constexpr size_t kReapPartitions = 32;

// The sockets of all servers of this process. A forked child has none of their threads and must not keep their
// sockets open, or a client would wait for a server that is gone.
struct Sockets {
    std::mutex mutex;
    std::set<int> open;

    void add(int socket) {
        std::lock_guard guard(mutex);
        open.insert(socket);
    }
    void remove(int socket) {
        std::lock_guard guard(mutex);
        open.erase(socket);
    }
};

Sockets &sockets() {
    static auto *all = new Sockets;  // never destroyed: threads may outlive static objects
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

void watch_forks() {
    static std::once_flag once;
    std::call_once(once, [] { pthread_atfork(before_fork, in_parent, in_child); });
}

}  // namespace

// A thread with a loop, and the connections that it serves.
class Worker {
  public:
    explicit Worker(Server &server) : server_(server) {
        uv_loop_init(&loop_);
        uv_async_init(&loop_, &wake_, on_wake);
        uv_timer_init(&loop_, &reaper_);
        wake_.data = reaper_.data = this;
        sockets().add(uv_backend_fd(&loop_));
    }

    ~Worker() {
        sockets().remove(uv_backend_fd(&loop_));
        uv_loop_close(&loop_);
    }

    void start(bool reaps) {
        if (reaps) {
            uv_timer_start(&reaper_, on_reap, kReapEvery, kReapEvery);
        }
        thread_ = std::thread([this] { uv_run(&loop_, UV_RUN_DEFAULT); });
    }

    // From another thread.
    void adopt(uv_os_sock_t socket) {
        std::lock_guard guard(mutex_);
        adopted_.push_back(socket);
        uv_async_send(&wake_);
    }

    void stop() {
        {
            std::lock_guard guard(mutex_);
            stopping_ = true;
            uv_async_send(&wake_);
        }
        thread_.join();
    }

    uv_loop_t *loop() { return &loop_; }

    // Handles of others that end with this worker.
    void close_with(uv_handle_t *handle) { guests_.push_back(handle); }

  private:
    static void on_wake(uv_async_t *wake) {
        auto *self = static_cast<Worker *>(wake->data);
        std::deque<uv_os_sock_t> adopted;
        bool stopping;
        {
            std::lock_guard guard(self->mutex_);
            adopted.swap(self->adopted_);
            stopping = self->stopping_;
        }
        for (uv_os_sock_t socket : adopted) {
            self->serve(socket);
        }
        if (stopping) {
            self->close_all();
        }
    }

    static void on_reap(uv_timer_t *timer) {
        auto *self = static_cast<Worker *>(timer->data);
        for (size_t i = 0; i < kReapPartitions; i++) {
            for (const auto &ns : self->server_.store.namespaces()) {
                ns->expire(ns->partition(self->reaped_));
            }
            self->reaped_ = (self->reaped_ + 1) % kPartitions;
        }
    }

    static void on_gone(Connection *connection) {
        auto *self = static_cast<Worker *>(connection->owner());
        sockets().remove(connection->socket());
        self->connections_.erase(connection);
        self->server_.connections--;
        delete connection;
    }

    void serve(uv_os_sock_t socket) {
        auto *connection = new Connection(server_, &loop_, this, on_gone);
        connections_.insert(connection);
        server_.connections++;
        server_.connections_opened++;
        sockets().add(socket);
        if (server_.connections > server_.options.connections_most || !connection->open(socket)) {
            if (connection->socket() < 0) {
                sockets().remove(socket);
                ::close(socket);
            }
            connection->close();
        }
    }

    void close_all() {
        for (Connection *connection : connections_) {
            connection->close();
        }
        uv_close(reinterpret_cast<uv_handle_t *>(&wake_), nullptr);
        uv_close(reinterpret_cast<uv_handle_t *>(&reaper_), nullptr);
        for (uv_handle_t *guest : guests_) {
            uv_close(guest, nullptr);
        }
    }

    Server &server_;
    uv_loop_t loop_;
    uv_async_t wake_;
    uv_timer_t reaper_;
    size_t reaped_ = 0;  // the partition to look at next
    std::thread thread_;
    std::mutex mutex_;
    std::deque<uv_os_sock_t> adopted_;
    bool stopping_ = false;
    std::set<Connection *> connections_;
    std::vector<uv_handle_t *> guests_;
};

class Network::Implementation {
  public:
    explicit Implementation(Server &server) : server_(server) {
        watch_forks();
        for (unsigned i = 0; i < std::max(1u, server.options.workers); i++) {
            workers_.push_back(std::make_unique<Worker>(server));
        }
        try {
            listen();
        } catch (...) {
            abandon();
            throw;
        }
        for (auto &worker : workers_) {
            worker->start(worker == workers_.front());
        }
    }

    ~Implementation() {
        for (auto &worker : workers_) {
            worker->stop();
        }
        close_listener();
    }

  private:
    [[noreturn]] void fail(const char *reason) const {
        const Options &options = server_.options;
        throw NetworkError("cannot listen at " + options.address + ":" + std::to_string(options.port) + ": " + reason);
    }

    // The first worker accepts; all of them serve, in turn.
    void listen() {
        sockaddr_in address;
        if (uv_ip4_addr(server_.options.address.c_str(), server_.options.port, &address) != 0) {
            fail("not an IPv4 address");
        }
        socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
        int yes = 1;
        socklen_t size = sizeof address;
        auto *name = reinterpret_cast<sockaddr *>(&address);
        if (socket_ < 0 || fcntl(socket_, F_SETFL, O_NONBLOCK) < 0 || fcntl(socket_, F_SETFD, FD_CLOEXEC) < 0 ||
            setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) < 0 ||
            bind(socket_, name, sizeof address) < 0 || ::listen(socket_, kBacklog) < 0 ||
            getsockname(socket_, name, &size) < 0) {
            fail(std::strerror(errno));
        }
        server_.port = ntohs(address.sin_port);
        sockets().add(socket_);
        uv_poll_init(workers_.front()->loop(), &acceptor_, socket_);
        acceptor_.data = this;
        workers_.front()->close_with(reinterpret_cast<uv_handle_t *>(&acceptor_));
        uv_poll_start(&acceptor_, UV_READABLE, on_connection);
    }

    void close_listener() {
        if (socket_ >= 0) {
            sockets().remove(socket_);
            ::close(socket_);
        }
    }

    // End loops that never ran: their threads close what is in them.
    void abandon() {
        for (auto &worker : workers_) {
            worker->start(false);
            worker->stop();
        }
        close_listener();
    }

    static void on_connection(uv_poll_t *acceptor, int status, int) {
        auto *self = static_cast<Implementation *>(acceptor->data);
        int accepted = status == 0 ? ::accept(self->socket_, nullptr, nullptr) : -1;
        for (; accepted >= 0; accepted = ::accept(self->socket_, nullptr, nullptr)) {
            fcntl(accepted, F_SETFD, FD_CLOEXEC);
            self->workers_[self->next_++ % self->workers_.size()]->adopt(accepted);
        }
    }

    Server &server_;
    std::vector<std::unique_ptr<Worker>> workers_;
    uv_poll_t acceptor_;
    int socket_ = -1;
    size_t next_ = 0;
};

Network::Network(Server &server) : implementation_(std::make_unique<Implementation>(server)) {}

Network::~Network() = default;

}  // namespace embedded
