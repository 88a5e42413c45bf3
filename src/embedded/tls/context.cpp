// SPDX-License-Identifier: Apache-2.0
#include "tls/context.hpp"

#include <openssl/err.h>

#include <new>
#include <stdexcept>

namespace embedded {

namespace {

[[noreturn]] void refuse(const char *what) {
    throw std::invalid_argument(Bytes("tls: ") + what + ": " + openssl_reason());
}

void load_identity(SSL_CTX *context, const TlsOptions &options) {
    if (SSL_CTX_use_certificate_chain_file(context, options.cert_file.c_str()) != 1) {
        refuse("cert_file has no certificate");
    }
    // of a key with a password nobody is asked
    SSL_CTX_set_default_passwd_cb(context, [](char *, int, int, void *) { return 0; });
    if (SSL_CTX_use_PrivateKey_file(context, options.key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
        refuse("key_file has no key that fits the certificate");
    }
}

void load_authorities(SSL_CTX *context, const TlsOptions &options) {
    if (SSL_CTX_load_verify_locations(context, options.ca_file.c_str(), nullptr) != 1) {
        refuse("ca_file has no certificate");
    }
    STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(options.ca_file.c_str());
    if (names == nullptr) {
        refuse("ca_file has no certificate");
    }
    SSL_CTX_set_client_CA_list(context, names);
    int needed = options.require_client_certificate ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | needed, nullptr);
}

}  // namespace

TlsContext::TlsContext(const TlsOptions &options)
    : context_(SSL_CTX_new(TLS_server_method())), name_(options.name), plain_(options.plain) {
    ERR_clear_error();
    if (context_ == nullptr) {
        throw std::bad_alloc();
    }
    SSL_CTX *context = context_.get();
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    // each connection begins anew, and ends as it began
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    load_identity(context, options);
    if (!options.ca_file.empty()) {
        load_authorities(context, options);
    }
    if (name_.empty()) {
        name_ = common_name(SSL_CTX_get0_certificate(context));
    }
    if (name_.empty()) {
        throw std::invalid_argument("tls: the certificate has no common name: give a name");
    }
}

}  // namespace embedded
