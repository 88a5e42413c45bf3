// SPDX-License-Identifier: Apache-2.0
// One client's connection: frames in, answers out, in order.
#pragma once

#include <uv.h>

#include <memory>

#include "commands/job.hpp"
#include "commands/server.hpp"

namespace embedded {

class Connection {
  public:
    // Called once, on the loop's thread, when the connection is gone and may be deleted.
    using Closed = void (*)(Connection *connection);

    Connection(Server &server, uv_loop_t *loop, void *owner, Closed closed);
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    // Serve an accepted socket. False: the socket is of no use, and still the caller's.
    bool open(uv_os_sock_t socket);
    void close();
    void *owner() const { return owner_; }
    uv_os_sock_t socket() const { return socket_; }

  private:
    static void on_allocate(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer);
    static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer);
    static void on_written(uv_write_t *write, int status);
    static void on_timer(uv_timer_t *timer);
    static void on_closed(uv_handle_t *handle);

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
    void produce();
    void flush();
    void read_or_wait();

    Server &server_;
    Session session_;
    void *owner_;
    Closed closed_;
    uv_tcp_t stream_;
    uv_timer_t timer_;
    uv_write_t write_;
    uv_os_sock_t socket_ = -1;
    Bytes in_;  // frames that are not whole yet, or wait for their turn
    size_t needed_ = 0;  // of them, before the first is whole; 0: not known
    size_t counted_ = 0;  // of them, in Server::waiting
    Bytes out_, sending_;
    std::unique_ptr<Job> job_;  // the answer that is being given, where it has many pieces
    bool reading_ = false, writing_ = false, pausing_ = false, closing_ = false;
    bool last_ = false;  // close once all is sent
    int handles_ = 0;
};

}  // namespace embedded
