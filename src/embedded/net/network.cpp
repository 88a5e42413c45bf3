// SPDX-License-Identifier: Apache-2.0
#include "net/network.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <new>
#include <set>
#include <system_error>
#include <thread>

#include "net/connection.hpp"
#include "net/pause.hpp"
#include "net/sockets.hpp"

namespace embedded {

namespace {

constexpr int kBacklog = 1024;
// Expired records are looked for in some partitions at a time, so that no request waits for it: all in 13 seconds.
constexpr uint64_t kReapEvery = 100;  // milliseconds
constexpr size_t kReapPartitions = 32;

constexpr uint64_t kAcceptAgain = 100;  // milliseconds, when descriptors or memory have run out

[[noreturn]] void fail(const char *what, const char *reason) {
    throw NetworkError(Bytes(what) + ": " + reason);
}

// libuv opens a pipe for signals with the first loop of a process, and ends the process where it cannot.
void expect_descriptors() {
    int first[2], second[2];  // as many as a loop takes before that pipe, and the pipe
    bool good = ::pipe(first) == 0;
    if (good) {
        good = ::pipe(second) == 0;
        int reason = errno;
        for (int end : {first[0], first[1], good ? second[0] : -1, good ? second[1] : -1}) {
            ::close(end);
        }
        errno = reason;
    }
    if (!good) {
        fail("cannot make a loop", std::strerror(errno));
    }
}

// A thread that is made while one lives is not signalled that a client is gone: a write's result says so.
class NoPipeSignal {
  public:
    NoPipeSignal() {
        sigset_t pipe;
        sigemptyset(&pipe);
        sigaddset(&pipe, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &pipe, &former_);
    }
    ~NoPipeSignal() { pthread_sigmask(SIG_SETMASK, &former_, nullptr); }

  private:
    sigset_t former_;
};

}  // namespace

// A thread with a loop, and the connections that it serves.
class Worker {
  public:
    explicit Worker(ClusterNode &node) : node_(node) {
        expect_descriptors();
        NoFork no_fork;
        int result = uv_loop_init(&loop_);
        if (result != 0) {
            fail("cannot make a loop", uv_strerror(result));
        }
        result = no_fork.note(uv_backend_fd(&loop_)) ? uv_async_init(&loop_, &wake_, on_wake) : UV_ENOMEM;
        if (result != 0) {
            no_fork.forget(uv_backend_fd(&loop_));
            uv_loop_close(&loop_);
            fail("cannot make a loop", uv_strerror(result));
        }
        uv_timer_init(&loop_, &reaper_);
        wake_.data = reaper_.data = this;
        jobs_.open(&loop_, this, on_jobs);
    }

    ~Worker() {
        NoFork no_fork;
        no_fork.forget(uv_backend_fd(&loop_));
        uv_loop_close(&loop_);
    }

    void start(bool reaps) {
        if (reaps) {
            uv_timer_start(&reaper_, on_reap, kReapEvery, kReapEvery);
        }
        NoPipeSignal no_signal;
        try {
            thread_ = std::thread([this] { uv_run(&loop_, UV_RUN_DEFAULT); });
        } catch (const std::system_error &error) {
            fail("cannot start a thread", error.what());
        }
    }

    // From another thread. False: no memory for it.
    bool adopt(uv_os_sock_t socket) {
        std::lock_guard guard(mutex_);
        try {
            adopted_.push_back(socket);
        } catch (const std::bad_alloc &) {
            return false;
        }
        uv_async_send(&wake_);
        return true;
    }

    // From another thread: stand still, and go on. Until resume() the loop's thread is in on_wake().
    void pause() {
        std::unique_lock lock(mutex_);
        paused_ = true;
        uv_async_send(&wake_);
        changed_.wait(lock, [this] { return halted_; });
    }

    void resume() {
        std::lock_guard guard(mutex_);
        paused_ = false;
        changed_.notify_all();
    }

    // From another thread: there is a job to work on.
    void wake() {
        std::lock_guard guard(mutex_);
        if (!stopping_) {
            uv_async_send(&wake_);
        }
    }

    void stop() {
        if (!thread_.joinable()) {  // it never ran: what is in the loop is closed here
            close_all();
            uv_run(&loop_, UV_RUN_DEFAULT);
            return;
        }
        {
            std::lock_guard guard(mutex_);
            stopping_ = true;
            changed_.notify_all();
            uv_async_send(&wake_);
        }
        thread_.join();
    }

    uv_loop_t *loop() { return &loop_; }

    // Handles of others that end with this worker.
    using Guests = std::array<uv_handle_t *, 2>;
    void close_with(Guests guests) { guests_ = guests; }

  private:
    static void on_wake(uv_async_t *wake) {
        auto *self = static_cast<Worker *>(wake->data);
        std::vector<uv_os_sock_t> adopted;
        bool stopping;
        {
            std::unique_lock lock(self->mutex_);
            self->halt(lock);
            adopted.swap(self->adopted_);
            stopping = self->stopping_;
        }
        for (uv_os_sock_t socket : adopted) {
            self->serve(socket);
        }
        if (stopping) {
            self->close_all();
        } else {
            self->work_on_jobs();
        }
    }

    void halt(std::unique_lock<std::mutex> &lock) {
        if (paused_ && !stopping_) {
            halted_ = true;
            changed_.notify_all();
            changed_.wait(lock, [this] { return !paused_ || stopping_; });
            halted_ = false;
        }
    }

    static void on_jobs(void *worker) { static_cast<Worker *>(worker)->work_on_jobs(); }

    // A piece of one, and of an index that is built; before the next, connections have their turn.
    void work_on_jobs() {
        auto wait = node_.jobs.run_piece();
        if (node_.server.store.build_some()) {
            wait = 0;
        }
        if (wait) {
            jobs_.start(*wait);
        }
    }

    static void on_reap(uv_timer_t *timer) {
        auto *self = static_cast<Worker *>(timer->data);
        for (size_t i = 0; i < kReapPartitions; i++) {
            for (const auto &ns : self->node_.server.store.namespaces()) {
                ns->expire(self->reaped_);
            }
            self->reaped_ = (self->reaped_ + 1) % kPartitions;
        }
        self->work_on_jobs();  // a node that has stopped may have left an index half built
    }

    static void on_gone(Connection *connection) {
        auto *self = static_cast<Worker *>(connection->owner());
        self->connections_.erase(connection);
        self->node_.connections--;
        delete connection;
    }

    // Null: no memory for it.
    Connection *make_connection() {
        try {
            auto connection = std::make_unique<Connection>(node_, &loop_, this, on_gone);
            connections_.insert(connection.get());
            return connection.release();
        } catch (const std::bad_alloc &) {
            return nullptr;
        }
    }

    void serve(uv_os_sock_t socket) {
        Connection *connection = make_connection();
        if (connection == nullptr) {
            close_socket(socket);
            return;
        }
        node_.connections++;
        node_.connections_opened++;
        if (node_.connections > node_.server.options.connections_most || !connection->open(socket)) {
            if (!connection->is_open()) {
                close_socket(socket);
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
        jobs_.close(nullptr);
        for (uv_handle_t *guest : guests_) {
            if (guest != nullptr) {
                uv_close(guest, nullptr);
            }
        }
    }

    ClusterNode &node_;
    uv_loop_t loop_;
    uv_async_t wake_;
    uv_timer_t reaper_;
    Pause jobs_;
    size_t reaped_ = 0;  // the partition to look at next
    std::thread thread_;
    std::mutex mutex_;  // guards the next four
    std::condition_variable changed_;
    std::vector<uv_os_sock_t> adopted_;
    bool stopping_ = false, paused_ = false, halted_ = false;
    std::set<Connection *> connections_;
    Guests guests_{};
};

class Network::Implementation {
  public:
    Implementation(ClusterNode &node, uint16_t port) : node_(node) {
        try {
            for (unsigned i = 0; i < std::max(1u, node.server.options.workers); i++) {
                workers_.push_back(std::make_unique<Worker>(node));
            }
            node.jobs.on_start([this] {
                for (auto &worker : workers_) {
                    worker->wake();
                }
            });
            listen(port);
        } catch (...) {
            stop();
            throw;
        }
    }

    ~Implementation() { stop(); }

    uint16_t port() const { return port_; }

    void start() {
        for (auto &worker : workers_) {
            worker->start(worker == workers_.front());
        }
    }

    void pause() {
        for (auto &worker : workers_) {
            worker->pause();
        }
    }

    void resume() {
        for (auto &worker : workers_) {
            worker->resume();
        }
    }

  private:
    void stop() {
        for (auto &worker : workers_) {
            worker->stop();
        }
        if (socket_ >= 0) {
            close_socket(socket_);
        }
    }

    [[noreturn]] void refuse(const char *reason) const {
        Bytes where = node_.server.options.address + ":" + std::to_string(port_);
        fail(("cannot listen at " + where).c_str(), reason);
    }

    // The first worker accepts; all of them serve, in turn.
    void listen(uint16_t port) {
        sockaddr_in address;
        port_ = port;
        if (uv_ip4_addr(node_.server.options.address.c_str(), port, &address) != 0) {
            refuse("not an IPv4 address");
        }
        open_socket();
        int yes = 1;
        socklen_t size = sizeof address;
        auto *name = reinterpret_cast<sockaddr *>(&address);
        if (socket_ < 0 || fcntl(socket_, F_SETFL, O_NONBLOCK) < 0 || fcntl(socket_, F_SETFD, FD_CLOEXEC) < 0 ||
            setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) < 0 ||
            bind(socket_, name, sizeof address) < 0 || ::listen(socket_, kBacklog) < 0 ||
            getsockname(socket_, name, &size) < 0) {
            refuse(std::strerror(errno));
        }
        port_ = ntohs(address.sin_port);
        uv_loop_t *loop = workers_.front()->loop();
        int result = uv_poll_init(loop, &acceptor_, socket_);
        if (result != 0) {
            refuse(uv_strerror(result));
        }
        uv_timer_init(loop, &again_);
        acceptor_.data = again_.data = this;
        workers_.front()->close_with({handle(&acceptor_), handle(&again_)});
        result = uv_poll_start(&acceptor_, UV_READABLE, on_connection);
        if (result != 0) {
            refuse(uv_strerror(result));
        }
    }

    void open_socket() {
        NoFork no_fork;
        socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
        if (socket_ >= 0 && !no_fork.note(socket_)) {
            ::close(socket_);
            socket_ = -1;
            refuse(std::strerror(ENOMEM));
        }
    }

    template <typename Handle>
    static uv_handle_t *handle(Handle *one) {
        return reinterpret_cast<uv_handle_t *>(one);
    }

    int accept() {
        NoFork no_fork;
        int accepted = ::accept(socket_, nullptr, nullptr);
        if (accepted >= 0 && (fcntl(accepted, F_SETFD, FD_CLOEXEC) < 0 || !no_fork.note(accepted))) {
            ::close(accepted);
            accepted = -1;
            errno = ENOMEM;
        }
        return accepted;
    }

    static void on_connection(uv_poll_t *acceptor, int status, int) {
        auto *self = static_cast<Implementation *>(acceptor->data);
        int accepted = status == 0 ? self->accept() : -1;
        for (; accepted >= 0; accepted = self->accept()) {
            if (!self->workers_[self->next_++ % self->workers_.size()]->adopt(accepted)) {
                close_socket(accepted);
            }
        }
        if (status == 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)) {
            uv_poll_stop(acceptor);  // the connection waits, and the loop would be told of it without end
            uv_timer_start(&self->again_, on_again, kAcceptAgain, 0);
        }
    }

    static void on_again(uv_timer_t *timer) {
        auto *self = static_cast<Implementation *>(timer->data);
        uv_poll_start(&self->acceptor_, UV_READABLE, on_connection);
    }

    ClusterNode &node_;
    std::vector<std::unique_ptr<Worker>> workers_;
    uv_poll_t acceptor_;
    uv_timer_t again_;
    int socket_ = -1;
    uint16_t port_ = 0;
    size_t next_ = 0;
};

Network::Network(ClusterNode &node, uint16_t port) : implementation_(std::make_unique<Implementation>(node, port)) {}

Network::~Network() = default;

uint16_t Network::port() const {
    return implementation_->port();
}

void Network::start() {
    implementation_->start();
}

void Network::pause() {
    implementation_->pause();
}

void Network::resume() {
    implementation_->resume();
}

}  // namespace embedded
