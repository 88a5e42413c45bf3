// SPDX-License-Identifier: Apache-2.0
// Things of OpenSSL, freed with what holds them; and its errors as text.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>

#include "value/value.hpp"

namespace embedded {

template <typename Type, void (*free_one)(Type *)>
struct Freeing {
    void operator()(Type *one) const { free_one(one); }
};

template <typename Type, void (*free_one)(Type *)>
using Owned = std::unique_ptr<Type, Freeing<Type, free_one>>;

using OwnedBio = Owned<BIO, BIO_free_all>;
using OwnedCertificate = Owned<X509, X509_free>;
using OwnedContext = Owned<SSL_CTX, SSL_CTX_free>;
using OwnedExtension = Owned<X509_EXTENSION, X509_EXTENSION_free>;
using OwnedInteger = Owned<ASN1_INTEGER, ASN1_INTEGER_free>;
using OwnedKey = Owned<EVP_PKEY, EVP_PKEY_free>;
using OwnedKeyContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using OwnedNumber = Owned<BIGNUM, BN_free>;
using OwnedRevocations = Owned<X509_CRL, X509_CRL_free>;
using OwnedRevoked = Owned<X509_REVOKED, X509_REVOKED_free>;
using OwnedSsl = Owned<SSL, SSL_free>;
using OwnedTime = Owned<ASN1_TIME, ASN1_TIME_free>;

// What this thread's OpenSSL complains of first, all of which is forgotten.
Bytes openssl_reason();

// The common name of a subject; empty: it has none.
Bytes common_name(X509 *certificate);

}  // namespace embedded
