// SPDX-License-Identifier: Apache-2.0
#include "tls/authority.hpp"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <cstdio>

namespace embedded {

namespace {

constexpr long kListServes = 30L * 24 * 3600;  // seconds
constexpr int kSerialBits = 127;  // positive, and with all others no other's

// A pointer that is one, or a call that went well.
template <typename Result>
Result expect(Result result, const char *what) {
    if (!result) {
        throw AuthorityError(Bytes(what) + ": " + openssl_reason());
    }
    return result;
}

void expect_one(int result, const char *what) {
    expect(result > 0, what);
}

OwnedKey new_key() {
    OwnedKeyContext context(expect(EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nullptr), "a key"));
    EVP_PKEY *key = nullptr;
    expect_one(EVP_PKEY_keygen_init(context.get()), "a key");
    expect_one(EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context.get(), NID_X9_62_prime256v1), "a key");
    expect_one(EVP_PKEY_keygen(context.get(), &key), "a key");
    return OwnedKey(key);
}

OwnedBio reader(const Bytes &text) {
    return OwnedBio(expect(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), "PEM"));
}

template <typename Write>
Bytes written(Write write) {
    OwnedBio bio(expect(BIO_new(BIO_s_mem()), "PEM"));
    expect_one(write(bio.get()), "PEM");
    char *text = nullptr;
    long size = BIO_get_mem_data(bio.get(), &text);
    return Bytes(text, static_cast<size_t>(size));
}

OwnedCertificate read_certificate(const Bytes &text) {
    OwnedBio bio = reader(text);
    return OwnedCertificate(expect(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), "a certificate"));
}

OwnedKey read_key(const Bytes &text) {
    OwnedBio bio = reader(text);
    auto nobody = [](char *, int, int, void *) { return 0; };
    return OwnedKey(expect(PEM_read_bio_PrivateKey(bio.get(), nullptr, nobody, nullptr), "the authority's key"));
}

Bytes key_text(EVP_PKEY *key, const Bytes &password) {
    const EVP_CIPHER *cipher = password.empty() ? nullptr : EVP_aes_256_cbc();
    auto size = static_cast<int>(password.size());
    return written([&](BIO *bio) {
        return PEM_write_bio_PKCS8PrivateKey(bio, key, cipher, const_cast<char *>(password.data()), size, nullptr,
                                             nullptr);
    });
}

void set_serial(X509 *certificate) {
    OwnedNumber number(expect(BN_new(), "a serial number"));
    expect_one(BN_rand(number.get(), kSerialBits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY), "a serial number");
    expect(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)), "a serial number");
}

Bytes serial_of(X509 *certificate) {
    OwnedNumber number(expect(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr), "a serial number"));
    std::unique_ptr<char, void (*)(char *)> text(expect(BN_bn2hex(number.get()), "a serial number"),
                                                 [](char *one) { OPENSSL_free(one); });
    return text.get();
}

void set_name(X509 *certificate, const Bytes &name) {
    const auto *text = reinterpret_cast<const unsigned char *>(name.data());
    X509_NAME *subject = X509_get_subject_name(certificate);
    expect_one(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, text, static_cast<int>(name.size()), -1, 0),
               "a name");
}

// By number and value as openssl.cnf has them, which is why a name that someone has chosen does not go this way.
void add_extension(X509 *certificate, X509 *issuer, int number, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    OwnedExtension extension(expect(X509V3_EXT_conf_nid(nullptr, &context, number, value), "an extension"));
    expect_one(X509_add_ext(certificate, extension.get(), -1), "an extension");
}

void add_server_name(X509 *certificate, const Bytes &name) {
    Owned<GENERAL_NAMES, GENERAL_NAMES_free> names(expect(GENERAL_NAMES_new(), "a server's name"));
    Owned<GENERAL_NAME, GENERAL_NAME_free> one(expect(GENERAL_NAME_new(), "a server's name"));
    ASN1_IA5STRING *text = expect(ASN1_IA5STRING_new(), "a server's name");
    GENERAL_NAME_set0_value(one.get(), GEN_DNS, text);
    expect_one(ASN1_STRING_set(text, name.data(), static_cast<int>(name.size())), "a server's name");
    expect_one(sk_GENERAL_NAME_push(names.get(), one.get()), "a server's name");
    static_cast<void>(one.release());
    expect_one(X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, 0), "a server's name");
}

void add_extensions(X509 *certificate, X509 *issuer, const Wish &wish) {
    bool authority = wish.purpose == Purpose::authority;
    add_extension(certificate, issuer, NID_basic_constraints, authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    add_extension(certificate, issuer, NID_key_usage,
                  authority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature");
    add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
    if (!authority) {
        add_extension(certificate, issuer, NID_authority_key_identifier, "keyid:always");
        add_extension(certificate, issuer, NID_ext_key_usage,
                      wish.purpose == Purpose::server ? "serverAuth" : "clientAuth");
    }
    if (wish.purpose == Purpose::server) {
        add_server_name(certificate, wish.name);
    }
}

void revoke(X509_CRL *list, const Bytes &serial, const ASN1_TIME *when) {
    BIGNUM *number = nullptr;
    expect_one(BN_hex2bn(&number, serial.c_str()), "a serial number");
    OwnedNumber owned(number);
    OwnedInteger integer(expect(BN_to_ASN1_INTEGER(number, nullptr), "a serial number"));
    OwnedRevoked revoked(expect(X509_REVOKED_new(), "a revoked certificate"));
    expect_one(X509_REVOKED_set_serialNumber(revoked.get(), integer.get()), "a serial number");
    expect_one(X509_REVOKED_set_revocationDate(revoked.get(), const_cast<ASN1_TIME *>(when)), "a time");
    expect_one(X509_CRL_add0_revoked(list, revoked.get()), "a revoked certificate");
    static_cast<void>(revoked.release());
}

OwnedTime time_in(long seconds) {
    return OwnedTime(expect(X509_gmtime_adj(nullptr, seconds), "a time"));
}

}  // namespace

Issued issue(const Wish &wish, const std::optional<Pair> &by) {
    ERR_clear_error();
    OwnedKey key = new_key();
    OwnedCertificate issuer;
    OwnedKey signer;
    if (by) {
        issuer = read_certificate(by->certificate);
        signer = read_key(by->key);
    }
    OwnedCertificate certificate(expect(X509_new(), "a certificate"));
    X509 *made = certificate.get();
    X509 *above = by ? issuer.get() : made;
    expect_one(X509_set_version(made, 2), "a certificate");  // 2 is version 3
    set_serial(made);
    set_name(made, wish.name);
    expect_one(X509_set_issuer_name(made, X509_get_subject_name(above)), "a name");
    expect_one(X509_set1_notBefore(made, time_in(wish.begins).get()), "a time");
    expect_one(X509_set1_notAfter(made, time_in(wish.ends).get()), "a time");
    expect_one(X509_set_pubkey(made, key.get()), "a key");
    add_extensions(made, above, wish);
    expect_one(X509_sign(made, by ? signer.get() : key.get(), EVP_sha256()), "a signature");
    Bytes text = written([&](BIO *bio) { return PEM_write_bio_X509(bio, made); });
    return {{std::move(text), key_text(key.get(), wish.password)}, serial_of(made)};
}

Bytes revocation_list(const Pair &by, const std::vector<Bytes> &serials) {
    ERR_clear_error();
    OwnedCertificate issuer = read_certificate(by.certificate);
    OwnedKey signer = read_key(by.key);
    OwnedRevocations list(expect(X509_CRL_new(), "a list of revoked certificates"));
    OwnedTime now = time_in(0);
    expect_one(X509_CRL_set_version(list.get(), 1), "a list of revoked certificates");  // 1 is version 2
    expect_one(X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(issuer.get())), "a name");
    expect_one(X509_CRL_set1_lastUpdate(list.get(), now.get()), "a time");
    expect_one(X509_CRL_set1_nextUpdate(list.get(), time_in(kListServes).get()), "a time");
    for (const Bytes &serial : serials) {
        revoke(list.get(), serial, now.get());
    }
    expect_one(X509_CRL_sort(list.get()), "a list of revoked certificates");
    expect_one(X509_CRL_sign(list.get(), signer.get(), EVP_sha256()), "a signature");
    return written([&](BIO *bio) { return PEM_write_bio_X509_CRL(bio, list.get()); });
}

Bytes hashed_name(const Bytes &certificate) {
    ERR_clear_error();
    OwnedCertificate read = read_certificate(certificate);
    char text[16];
    std::snprintf(text, sizeof text, "%08lx", X509_subject_name_hash(read.get()));
    return text;
}

}  // namespace embedded
