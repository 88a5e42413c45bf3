// SPDX-License-Identifier: Apache-2.0
// What config['tls'] says, looked at key by key before anything is connected: the C client's errors do not name the
// key.
#include "client/client.h"
#include "errors.h"

#include <aerospike/as_tls.h>
#include <openssl/err.h>
#include <openssl/pem.h>

typedef struct {
    const char *key;
    size_t member;
    const char *fault;
} Part;

static const Part parts[] = {
    {"cafile", offsetof(as_config_tls, cafile), "has no certificate (PEM)"},
    {"certfile", offsetof(as_config_tls, certfile), "has no certificate (PEM)"},
    {"protocols", offsetof(as_config_tls, protocols),
     "must allow TLSv1, TLSv1.1, TLSv1.2 or all, as in '-all +TLSv1.2'"},
    {"cipher_suite", offsetof(as_config_tls, cipher_suite), "has no cipher that OpenSSL knows"},
};

static bool allows_a_version(const SSL_CTX *context)
{
    const unsigned long none = SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1 | SSL_OP_NO_TLSv1_2;
    return ((unsigned long)SSL_CTX_get_options(context) & none) != none;
}

// Whether the C client takes one key without the others. It cuts up some texts, so that it gets a copy.
static bool part_is_good(const as_config_tls *given, const Part *part)
{
    as_config_tls alone = {0};
    as_tls_context context;
    as_error err;
    const char *text = *(char *const *)((const char *)given + part->member);
    char *copy = text == NULL ? NULL : strdup(text);
    if (copy == NULL) {
        return true;
    }
    *(char **)((char *)&alone + part->member) = copy;
    bool good = as_tls_context_setup(&alone, &context, &err) == AEROSPIKE_OK && allows_a_version(context.ssl_ctx);
    as_tls_context_destroy(&context);
    free(copy);
    return good;
}

typedef struct {
    const char *password;
    bool asked;
} Secret;

static int give_password(char *buffer, int size, int writing, void *context)
{
    (void)writing;
    Secret *secret = context;
    size_t length = secret->password == NULL ? 0 : strlen(secret->password);
    secret->asked = true;
    if (length > (size_t)size) {
        return 0;
    }
    memcpy(buffer, length == 0 ? "" : secret->password, length);
    return (int)length;
}

// A key that is no other certificate's. True, too, where the certificate cannot be read, which was found before.
static bool key_fits(const as_config_tls *tls, EVP_PKEY *key)
{
    BIO *file = tls->certfile == NULL ? NULL : BIO_new_file(tls->certfile, "r");
    X509 *certificate = file == NULL ? NULL : PEM_read_bio_X509(file, NULL, NULL, NULL);
    bool fits = certificate == NULL || X509_check_private_key(certificate, key) == 1;
    X509_free(certificate);
    BIO_free(file);
    return fits;
}

// What is wrong with the key, beginning with its name in the configuration; NULL: nothing.
static const char *key_fault(const as_config_tls *tls)
{
    Secret secret = {tls->keyfile_pw, false};
    BIO *file = BIO_new_file(tls->keyfile, "r");
    EVP_PKEY *key = file == NULL ? NULL : PEM_read_bio_PrivateKey(file, NULL, give_password, &secret);
    const char *fault = NULL;
    if (key == NULL) {
        fault = !secret.asked             ? "keyfile'] has no private key (PEM)"
                : secret.password == NULL ? "keyfile_pw'] is missing: the key has a password"
                                          : "keyfile_pw'] is not the password of the key";
    } else if (!key_fits(tls, key)) {
        fault = "keyfile'] is not the key of certfile";
    }
    EVP_PKEY_free(key);
    BIO_free(file);
    return fault;
}

int tls_check(State *state, const as_config_tls *tls)
{
    const Part *bad = NULL;
    const char *fault = NULL;
    if (!tls->enable) {
        return 0;
    }
    Py_BEGIN_ALLOW_THREADS  // it reads files, and logs
    for (size_t i = 0; bad == NULL && i < sizeof parts / sizeof *parts; i++) {
        bad = part_is_good(tls, &parts[i]) ? NULL : &parts[i];
    }
    fault = bad == NULL && tls->keyfile != NULL ? key_fault(tls) : NULL;
    ERR_clear_error();
    Py_END_ALLOW_THREADS
    if (bad != NULL) {
        return error_set(state, AEROSPIKE_ERR_TLS_ERROR, "config['tls']['%s'] %s", bad->key, bad->fault);
    }
    return fault == NULL ? 0 : error_set(state, AEROSPIKE_ERR_TLS_ERROR, "config['tls']['%s", fault);
}
