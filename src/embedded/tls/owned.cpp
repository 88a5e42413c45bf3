// SPDX-License-Identifier: Apache-2.0
#include "tls/owned.hpp"

#include <openssl/err.h>

namespace embedded {

Bytes openssl_reason() {
    unsigned long code = ERR_get_error();
    ERR_clear_error();
    const char *reason = code == 0 ? nullptr : ERR_reason_error_string(code);
    return reason == nullptr ? "unknown" : reason;
}

Bytes common_name(X509 *certificate) {
    X509_NAME *subject = X509_get_subject_name(certificate);
    int place = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (place < 0) {
        return {};
    }
    unsigned char *text = nullptr;
    int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, place)));
    std::unique_ptr<unsigned char, void (*)(unsigned char *)> owned(text,
                                                                    [](unsigned char *one) { OPENSSL_free(one); });
    return size < 0 ? Bytes() : Bytes(reinterpret_cast<const char *>(text), static_cast<size_t>(size));
}

}  // namespace embedded
