# SPDX-License-Identifier: Apache-2.0
"""TLS of the embedded server: what it is told, and a throw-away authority that makes its certificates."""

from __future__ import annotations

import dataclasses
import os
import pathlib
from typing import Any, TypeAlias

from aerospike import _embedded
from aerospike._secrets import secretive

_Pair: TypeAlias = tuple[str, str]  # a certificate and its key, in PEM
_AUTHORITY, _SERVER, _CLIENT = range(3)
_DAY = 24 * 3600
_NAME_MOST = 64  # characters of a common name


@dataclasses.dataclass(frozen=True)
class Tls:
    """How an embedded server speaks TLS: version 1.2 or 1.3, with a certificate of its own. All files are PEM.

    :param str cert_file: the server's certificate, and behind it those that lead to its authority's.
    :param str key_file: its key, without a password.
    :param str ca_file: the authority of clients' certificates: clients may show one, and one that is not valid ends
        the connection. With ``AUTH_PKI`` it names the user. None: clients show none.
    :param bool require_client_certificate: whether a client must show one. Needs ``ca_file``.
    :param str name: the name that clients expect; None: the common name of the certificate.
    :param bool plain: take connections without TLS, too, at the same port.
    """

    cert_file: str | os.PathLike[str]
    key_file: str | os.PathLike[str]
    ca_file: str | os.PathLike[str] | None = None
    require_client_certificate: bool = False
    name: str | None = None
    plain: bool = False


def _text(argument: str, value: Any) -> str:
    if not isinstance(value, str) or not value or "\0" in value:
        raise ValueError(f"{argument} must be a str that is not empty, not {value!r}")
    return value


def _file(argument: str, value: Any) -> bytes:
    """The path of a file that can be read."""
    path = _text(argument, os.fspath(value) if isinstance(value, os.PathLike) else value)
    with open(path, "rb"):
        return os.fsencode(path)


def server_options(tls: Any) -> tuple[bytes, bytes, bytes, str, bool, bool] | None:
    """What the native side makes of it; None: no TLS."""
    if tls is None:
        return None
    if not isinstance(tls, Tls):
        raise ValueError(f"tls must be an embedded.Tls, not {type(tls).__name__}")
    if tls.require_client_certificate and tls.ca_file is None:
        raise ValueError("tls: require_client_certificate needs the ca_file of clients")
    return (
        _file("tls.cert_file", tls.cert_file),
        _file("tls.key_file", tls.key_file),
        b"" if tls.ca_file is None else _file("tls.ca_file", tls.ca_file),
        "" if tls.name is None else _text("tls.name", tls.name),
        bool(tls.require_client_certificate),
        bool(tls.plain),
    )


@dataclasses.dataclass(frozen=True)
class Certificate:
    """A certificate that an :class:`Authority` has made, in files (PEM).

    .. attribute:: cert_file

       The certificate.

    .. attribute:: key_file

       Its key.

    .. attribute:: serial

       Its serial number in hexadecimal, as ``config['tls']['cert_blacklist']`` has them.
    """

    cert_file: str
    key_file: str
    serial: str


class Authority:
    """An authority for tests, which makes certificates without asking anybody. It needs no ``openssl`` command.

    What it makes lies in a directory and is as good as any other certificate: keep it to tests. The directory itself
    serves as ``config['tls']['capath']``.

    :param directory: where its files go; it is made where it is not there.
    :raises OSError: the directory cannot be made or written to.
    """

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        self._directory = pathlib.Path(directory)
        self._directory.mkdir(parents=True, exist_ok=True)
        self._count = 0
        self._revoked: tuple[str, ...] = ()
        certificate, key, _ = _embedded.issue_certificate(
            "Throw-away authority", _AUTHORITY, -_DAY, 3650 * _DAY, "", None
        )
        self._pair: _Pair = certificate, key
        self._hashed = _embedded.name_in_directory(certificate)
        self.ca_file = self._write("ca.pem", certificate)
        self._write(f"{self._hashed}.0", certificate)
        self.crl_file = str(self._directory / "crl.pem")
        self._write_revoked()

    def server(self, name: str = "localhost", *, expired: bool = False) -> Certificate:
        """A certificate for a server.

        :param str name: the name that clients expect, of 1 to 64 characters.
        :param bool expired: whether its time was over yesterday.
        :raises ValueError: the name is not valid.
        """
        return self._issue(name, _SERVER, expired, None)

    @secretive
    def client(self, user: str, *, expired: bool = False, password: str | None = None) -> Certificate:
        """A certificate for a client.

        :param str user: the user that ``AUTH_PKI`` logs in, of 1 to 64 characters.
        :param bool expired: whether its time was over yesterday.
        :param str password: of its key; None: it has none.
        :raises ValueError: the user or password is not valid.
        """
        return self._issue(user, _CLIENT, expired, password)

    def revoke(self, certificate: Certificate) -> None:
        """Put a certificate on the list of those that are revoked, :attr:`crl_file`.

        :raises ValueError: it is no certificate of :meth:`server` or :meth:`client`.
        """
        if not isinstance(certificate, Certificate):
            raise ValueError(f"certificate must be an embedded.Certificate, not {type(certificate).__name__}")
        self._revoked += (certificate.serial,)
        self._write_revoked()

    def _issue(self, name: Any, purpose: int, expired: bool, password: str | None) -> Certificate:
        argument = "name" if purpose == _SERVER else "user"
        if len(_text(argument, name)) > _NAME_MOST:
            raise ValueError(f"{argument} must have at most {_NAME_MOST} characters, not {len(name)}")
        if password is not None and (not isinstance(password, str) or not password or "\0" in password):
            raise ValueError("password must be a str that is not empty")
        begins, ends = (-2 * _DAY, -_DAY) if expired else (-_DAY, 365 * _DAY)
        made, key, serial = _embedded.issue_certificate(name, purpose, begins, ends, password or "", self._pair)
        self._count += 1
        stem = f"{'server' if purpose == _SERVER else 'client'}-{self._count}"
        return Certificate(self._write(f"{stem}.pem", made), self._write(f"{stem}.key", key), serial)

    def _write(self, name: str, text: str) -> str:
        path = self._directory / name
        with open(path, "w", encoding="ascii", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(text)
        return str(path)

    def _write_revoked(self) -> None:
        revoked = _embedded.list_revoked(self._pair, self._revoked)
        self._write("crl.pem", self._pair[0] + revoked)
        self._write(f"{self._hashed}.r0", revoked)

    def __repr__(self) -> str:
        return f"<aerospike.embedded.Authority in {str(self._directory)!r}>"
