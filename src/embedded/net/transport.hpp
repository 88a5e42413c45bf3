// SPDX-License-Identifier: Apache-2.0
// Bytes to and from a client: what a connection knows of sockets. Plain TCP; encryption would stand here, between the
// socket and the connection.
#pragma once

#include <uv.h>

#include "value/value.hpp"

namespace embedded {

class Transport {
  public:
    // Whom it serves, called on the loop's thread.
    class User {
      public:
        virtual void on_bytes(View bytes) = 0;  // which are gone afterwards
        virtual void on_sent(bool good) = 0;  // what send() left for later
        virtual void on_end() = 0;  // nothing more comes
        virtual void on_closed() = 0;  // this may be deleted

      protected:
        ~User() = default;
    };

    Transport(uv_loop_t *loop, User &user);
    Transport(const Transport &) = delete;
    Transport &operator=(const Transport &) = delete;

    // An accepted socket. False: it is of no use, and still the caller's.
    bool open(uv_os_sock_t socket);
    bool is_open() const { return socket_ >= 0; }
    uint32_t peer() const;  // its IPv4 address; 0: not known

    bool read(bool wanted);  // false: it cannot

    // What does not go out at once goes later: the bytes stay where they are until on_sent().
    enum class Sent : uint8_t { all, later, failed };
    Sent send(View bytes);

    void close(bool resets);  // resets: the client sees an error, not an end

  private:
    static void on_allocate(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer);
    static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer);

    uv_stream_t *stream() { return reinterpret_cast<uv_stream_t *>(&socket_handle_); }

    User &user_;
    uv_tcp_t socket_handle_;
    uv_write_t write_;
    uv_os_sock_t socket_ = -1;
};

}  // namespace embedded
