// SPDX-License-Identifier: Apache-2.0
// What a server needs to speak TLS: its certificate and key, and whom it trusts. Read once, shared by all connections.
#pragma once

#include "tls/owned.hpp"

namespace embedded {

struct TlsOptions {
    Bytes cert_file, key_file;  // PEM
    Bytes ca_file;  // of those who vouch for clients; empty: no client shows a certificate
    Bytes name;  // that clients expect; empty: the certificate's
    bool require_client_certificate = false;
    bool plain = false;  // who speaks no TLS is served, too
};

class TlsContext {
  public:
    // std::invalid_argument: of files that do not serve.
    explicit TlsContext(const TlsOptions &options);

    const Bytes &name() const { return name_; }
    bool takes_plain() const { return plain_; }
    SSL_CTX *get() const { return context_.get(); }

  private:
    OwnedContext context_;
    Bytes name_;
    bool plain_;
};

}  // namespace embedded
