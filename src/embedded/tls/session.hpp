// SPDX-License-Identifier: Apache-2.0
// The encryption of one connection: bytes of a socket on one side, of a client on the other. It knows of no socket.
#pragma once

#include "tls/context.hpp"

namespace embedded {

class TlsSession {
  public:
    // std::bad_alloc
    explicit TlsSession(const TlsContext &context);

    // What came from the socket. False: no memory for it.
    bool put(View encrypted);

    // What the client says by it, and answers of TLS itself to what came: taken until there is nothing.
    enum class Got : uint8_t { bytes, nothing, end };
    Got read(char *buffer, size_t size, View &out);

    // What goes to the client. False: it cannot.
    bool write(View plain);

    // Say that nothing more comes. False: there is nobody to be told.
    bool end();

    // What goes to the socket now, into `out`, which is emptied first. May throw std::bad_alloc.
    void take(Bytes &out);

    bool is_established() const { return SSL_is_init_finished(ssl_.get()) == 1; }
    // The common name of the client's certificate; empty: it has shown none. May throw std::bad_alloc.
    Bytes client_name() const;

  private:
    OwnedSsl ssl_;
    BIO *from_socket_ = nullptr, *to_socket_ = nullptr;  // the session's own
};

}  // namespace embedded
