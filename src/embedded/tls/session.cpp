// SPDX-License-Identifier: Apache-2.0
#include "tls/session.hpp"

#include <openssl/err.h>

#include <climits>
#include <new>

namespace embedded {

namespace {

constexpr size_t kKeep = 1024 * 1024;

}  // namespace

TlsSession::TlsSession(const TlsContext &context) : ssl_(SSL_new(context.get())) {
    OwnedBio in(BIO_new(BIO_s_mem())), out(BIO_new(BIO_s_mem()));
    if (ssl_ == nullptr || in == nullptr || out == nullptr) {
        ERR_clear_error();
        throw std::bad_alloc();
    }
    from_socket_ = in.release();
    to_socket_ = out.release();
    SSL_set_bio(ssl_.get(), from_socket_, to_socket_);
    SSL_set_accept_state(ssl_.get());
}

bool TlsSession::put(View encrypted) {
    int size = static_cast<int>(encrypted.size());
    return BIO_write(from_socket_, encrypted.data(), size) == size;
}

TlsSession::Got TlsSession::read(char *buffer, size_t size, View &out) {
    ERR_clear_error();
    int got = SSL_read(ssl_.get(), buffer, static_cast<int>(size));
    if (got > 0) {
        out = View(buffer, static_cast<size_t>(got));
        return Got::bytes;
    }
    return SSL_get_error(ssl_.get(), got) == SSL_ERROR_WANT_READ ? Got::nothing : Got::end;
}

bool TlsSession::write(View plain) {
    ERR_clear_error();
    if (plain.size() > INT_MAX) {
        return false;
    }
    int size = static_cast<int>(plain.size());
    return SSL_write(ssl_.get(), plain.data(), size) == size;
}

bool TlsSession::end() {
    ERR_clear_error();
    return is_established() && SSL_shutdown(ssl_.get()) >= 0;
}

// A buffer that has become large is given back.
void TlsSession::take(Bytes &out) {
    char *bytes = nullptr;
    auto size = static_cast<size_t>(BIO_get_mem_data(to_socket_, &bytes));
    out.assign(bytes, size);
    BIO *fresh = size > kKeep ? BIO_new(BIO_s_mem()) : nullptr;
    if (fresh == nullptr) {
        static_cast<void>(BIO_reset(to_socket_));
    } else {
        to_socket_ = fresh;
        SSL_set0_wbio(ssl_.get(), fresh);
    }
}

Bytes TlsSession::client_name() const {
    OwnedCertificate certificate(SSL_get_peer_certificate(ssl_.get()));
    return certificate == nullptr ? Bytes() : common_name(certificate.get());
}

}  // namespace embedded
