// SPDX-License-Identifier: Apache-2.0
// One client's connection: frames in, answers out, in order.
#pragma once

#include <uv.h>

#include <memory>

#include "commands/job.hpp"
#include "commands/server.hpp"
#include "net/pause.hpp"
#include "net/transport.hpp"

namespace embedded {

class Connection final : private Transport::User {
  public:
    // Called once, on the loop's thread, when the connection is gone and may be deleted.
    using Closed = void (*)(Connection *connection);

    Connection(ClusterNode &node, uv_loop_t *loop, void *owner, Closed closed);
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    // Serve an accepted socket. False: the socket is of no use, and still the caller's.
    bool open(uv_os_sock_t socket);
    void close();
    void *owner() const { return owner_; }
    bool is_open() const { return transport_.is_open(); }

  private:
    void on_bytes(View bytes) override;
    void on_sent(bool good) override;
    void on_end() override { close(); }
    void on_closed() override;
    static void on_pause(void *connection);

    template <typename Work>
    void or_close(Work work);
    void take(View bytes);
    bool count_waiting();
    void advance();
    void serve_waiting();
    View serve(View frames);
    bool serve_frame(const Frame &frame, View body);
    bool serve_compressed(View body);
    bool serve_message(View body);
    template <typename Work>
    bool carry_out(const Target &target, View body, Work work);
    std::optional<Harm> strike(const Target &target);
    void harm_command(const Harm &harm, Kind kind, View body);
    void harm_piece(const Harm &harm, size_t begin, bool first);
    void end_harm(const Harm &harm, Kind kind, View body);
    void harm_job(bool more);
    void answer_error(Status status, Kind kind, View body);
    void hold(uint32_t milliseconds);
    void produce();
    void flush();
    void read_or_wait();

    ClusterNode &node_;
    Server &server_;
    Session session_;
    void *owner_;
    Closed closed_;
    Transport transport_;
    Pause pause_;
    Bytes in_;  // frames that are not whole yet, or wait for their turn
    size_t needed_ = 0;  // of them, before the first is whole; 0: not known
    size_t counted_ = 0;  // of them, in ClusterNode::waiting
    Bytes out_, sending_;
    std::unique_ptr<Job> job_;  // the answer that is being given, where it has many pieces
    std::optional<Harm> harm_;  // that comes to it
    Kind kind_ = Kind::info;  // of command that it answers
    bool reading_ = false, writing_ = false, pausing_ = false, closing_ = false;
    bool last_ = false;  // close once all is sent
    bool resets_ = false;  // and tell the client so
    bool harmed_ = false;  // the first piece of the job's answer is past
    bool held_ = false, delayed_ = false;  // by a fault: all that goes out; a command, which now has its turn
    int handles_ = 2;  // that are not closed yet: the transport and the pause
};

}  // namespace embedded
