// SPDX-License-Identifier: Apache-2.0
// Why a TLS connection failed, which the C client tells its log alone, in several lines.
#include "client/client.h"

// A part of a line, and what it means.
typedef struct {
    const char *part, *meaning;
} Meaning;

// Of lines that begin with "SSL_connect"; the first that fits.
static const Meaning failures[] = {
    {"alert protocol version", "the server speaks none of the versions in config['tls']['protocols']"},
    {"unsupported protocol", "the server speaks none of the versions in config['tls']['protocols']"},
    {"no protocols available", "config['tls']['protocols'] has no version that can be used"},
    {"no ciphers available", "config['tls']['cipher_suite'] has no cipher that can be used"},
    {"alert certificate expired", "the server refuses the client's certificate (config['tls']['certfile']): expired"},
    {"alert certificate revoked", "the server refuses the client's certificate (config['tls']['certfile']): revoked"},
    {"alert unknown ca",
     "the server refuses the client's certificate (config['tls']['certfile']): of an unknown authority"},
    {"certificate", "the server refuses the client's certificate (config['tls']['certfile'])"},
    {"wrong version number", "the server speaks no TLS at this port"},
    {"unexpected eof", "the server closed the connection: it may speak no TLS at this port"},
    {"unexpected EOF", "the server closed the connection: it may speak no TLS at this port"},
};

static void explain_failure(TlsReason *reason, const char *line)
{
    if (strstr(line, "alert handshake failure") != NULL) {
        // the server's certificate had come before, and was good: what follows is about the client's
        snprintf(reason->text, sizeof reason->text, "%s",
                 reason->trusted ? "the server wants a certificate of the client: config['tls']['certfile']"
                                 : "the server takes none of the ciphers in config['tls']['cipher_suite']");
        return;
    }
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        if (strstr(line, failures[i].part) != NULL) {
            snprintf(reason->text, sizeof reason->text, "%s", failures[i].meaning);
            return;
        }
    }
    snprintf(reason->text, sizeof reason->text, "%s", line);
}

static void explain_certificate(TlsReason *reason, const char *result)
{
    bool unknown = strstr(result, "issuer") != NULL || strstr(result, "self") != NULL;
    snprintf(reason->text, sizeof reason->text, "the server's certificate is %s: %s",
             unknown ? "of an unknown authority" : "not accepted", result);
}

void tls_reason_gather(TlsReason *reason, const char *line)
{
    char name[256];
    int end = 0;
    if (sscanf(line, "TLS name '%255[^']' %n", name, &end) == 1 && end > 0 && strcmp(line + end, "matches") == 0) {
        reason->trusted = true;
    } else if (reason->text[0] != '\0') {
        return;  // what came first is the cause
    } else if (end > 0 && strcmp(line + end, "mismatch") == 0) {
        snprintf(reason->text, sizeof reason->text, "the server's certificate is not for the name '%s'", name);
    } else if (strcmp(line, "CERT: BLACKLISTED") == 0) {
        snprintf(reason->text, sizeof reason->text, "the server's certificate is in config['tls']['cert_blacklist']");
    } else if (strncmp(line, "TLS verify result: ", 19) == 0) {
        explain_certificate(reason, line + 19);
    } else if (strncmp(line, "SSL_connect", 11) == 0) {
        explain_failure(reason, line);
    } else if (strncmp(line, "wait_readable", 13) == 0) {
        snprintf(reason->text, sizeof reason->text, "the handshake did not end in time");
    }
}
