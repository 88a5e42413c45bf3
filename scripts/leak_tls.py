# SPDX-License-Identifier: Apache-2.0
"""Encrypted connections and certificates for leaks.py."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any

from leak_row import Context, Row, refused

import aerospike
from aerospike import embedded


def tls_rows(_context: Context) -> Iterator[Row]:
    """Encrypted connections, and what certificates need."""
    authority = embedded.Authority(tempfile.mkdtemp())
    certificate, mine = authority.server(), authority.client("ann")
    tls = embedded.Tls(certificate.cert_file, certificate.key_file, authority.ca_file)
    server = embedded.Server(tls=tls, users={"ann": ("hush", ["read-write"])})
    policies: Any = {"auth_mode": aerospike.AUTH_PKI}
    own: Any = {**server.config["tls"], "certfile": mine.cert_file, "keyfile": mine.key_file}

    def connect(**settings: Any) -> None:
        config: Any = {**server.config, **settings}
        aerospike.client(config).close()

    def by_certificate() -> None:
        connect(tls=own, policies=policies)

    def by_password() -> None:
        connect(user="ann", password="hush", policies={"auth_mode": aerospike.AUTH_EXTERNAL})

    def wrong_name() -> None:
        connect(hosts=[(server.address, server.port, "other")])

    def no_tls() -> None:
        aerospike.client({"hosts": [(server.address, server.port)]})

    def authorities() -> None:
        made = embedded.Authority(tempfile.gettempdir() + "/leaks-authority")
        made.revoke(made.server(expired=True))
        made.client("ann", password="hush")
        refused(made.server, "")

    yield Row("aerospike.client: by a certificate", by_certificate, 60)
    yield Row("aerospike.client: by TLS and a password", by_password, 200)
    yield Row("aerospike.client: TLS, another name", lambda: refused(wrong_name), 60)
    yield Row("aerospike.client: no TLS where it is needed", lambda: refused(no_tls), 60)
    locked = authority.client("ann", password="hush")
    wrong: Any = {**own, "certfile": locked.cert_file, "keyfile": locked.key_file, "keyfile_pw": "other"}
    ciphers: Any = {**own, "cipher_suite": "none"}
    yield Row("aerospike.client: TLS, bad password of a key", lambda: refused(connect, tls=wrong), 40)
    yield Row("aerospike.client: TLS, bad ciphers", lambda: refused(connect, tls=ciphers), 20)
    yield Row("embedded.Authority", authorities, 40)
    yield Row("embedded.Server: TLS", lambda: embedded.Server(tls=tls).stop(), 50)
    bad = embedded.Tls(certificate.cert_file, mine.key_file)
    yield Row("embedded.Server: TLS, bad key", lambda: refused(embedded.Server, tls=bad), 20)
