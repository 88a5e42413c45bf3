// SPDX-License-Identifier: Apache-2.0
// What a transport has where its client speaks TLS.
#pragma once

#include "tls/session.hpp"

namespace embedded {

struct Encryption {
    explicit Encryption(const TlsContext &context) : session(context), maybe_plain(context.takes_plain()) {}

    TlsSession session;
    Bytes sending;  // on its way to the socket
    bool maybe_plain;  // nothing came yet, and what comes may be no TLS
    bool busy = false;  // a write of it is not done
    bool owes = false;  // the user waits for on_sent()
};

}  // namespace embedded
