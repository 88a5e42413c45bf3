// SPDX-License-Identifier: Apache-2.0
// Bytes to and from a client: what a connection knows of sockets. TCP, and TLS between the socket and the connection
// where the client speaks it.
#pragma once

#include <uv.h>

#include "net/encryption.hpp"

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

    // An accepted socket; `tls` is null where there is none. False: it is of no use, and still the caller's.
    bool open(uv_os_sock_t socket, const TlsContext *tls);
    bool is_open() const { return socket_ >= 0; }
    uint32_t peer() const;  // its IPv4 address; 0: not known
    // Whether the client has begun what is to be a handshake, or must, and has not come to its end.
    bool is_greeting() const {
        return encryption_ != nullptr && !encryption_->maybe_plain && !encryption_->session.is_established();
    }
    // By its certificate; empty: the client has shown none. May throw std::bad_alloc.
    Bytes client_name() const { return encryption_ == nullptr ? Bytes() : encryption_->session.client_name(); }

    bool read(bool wanted);  // false: it cannot

    // What does not go out at once goes later: the bytes stay where they are until on_sent().
    enum class Sent : uint8_t { all, later, failed };
    Sent send(View bytes);

    void close(bool resets);  // resets: the client sees an error, not an end

  private:
    static void on_allocate(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer);
    static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer);
    static void on_written(uv_write_t *write, int status);

    Sent write(View bytes);
    void on_encrypted(View bytes);
    void decrypt();
    Sent send_encrypted();
    void go_on_sending(bool good);
    void end_encryption();

    uv_stream_t *stream() { return reinterpret_cast<uv_stream_t *>(&socket_handle_); }

    User &user_;
    uv_tcp_t socket_handle_;
    uv_write_t write_;
    uv_os_sock_t socket_ = -1;
    std::unique_ptr<Encryption> encryption_;  // null: none
    bool closing_ = false;
};

}  // namespace embedded
