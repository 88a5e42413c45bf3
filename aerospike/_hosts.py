# SPDX-License-Identifier: Apache-2.0
"""Where a client looks for its cluster: the forms that hosts may have, and the files that TLS needs."""

from __future__ import annotations

import ipaddress
import os
import re
import urllib.parse
from collections.abc import Iterator
from typing import Any, cast

from aerospike import types
from aerospike.exception import ParamError

DEFAULT_PORT = 3000
SCHEME = "aerospike"
VARIABLE = "AEROSPIKE_HOSTS"
# Keys of the configuration that a URL may set; every other is one of config['policies'].
SETTINGS = tuple(name for name in types.Config.__annotations__ if name not in ("hosts", "policies", "user", "password"))
TEXTS = ("cluster_name", "app_id")  # stay texts, also where they look like numbers
TLS_FILES = ("cafile", "keyfile", "certfile", "cert_blacklist")


def configuration(given: Any) -> types.Config:
    """The configuration as the native side takes it, a dict of its own."""
    if given is None:
        config = {}
    elif isinstance(given, str):
        config = {"hosts": [given]}
    elif isinstance(given, dict):
        config = dict(given)
    else:
        raise ParamError(-2, f"config must be a dict or a URL, not {type(given).__name__}")
    if config.get("hosts") is None and os.environ.get(VARIABLE):
        config["hosts"] = [os.environ[VARIABLE]]
    if isinstance(config.get("hosts"), list):
        read_hosts(config)
    elif "hosts" in config:
        kind = type(config["hosts"]).__name__
        raise ParamError(-2, f"Hosts must be a list of (address, port) tuples: config['hosts'] is a {kind}")
    check_tls_files(config.get("tls"))
    return cast("types.Config", config)


def read_hosts(config: dict[str, Any]) -> None:
    hosts: list[Any] = []
    for place, host in enumerate(config["hosts"]):
        where = f"config['hosts'][{place}]"
        if not isinstance(host, str):
            hosts.append(host)  # a tuple, which the native side checks
        elif "://" in host:
            read_url(config, host, where, hosts)
        else:
            hosts += texts(host, where)
    config["hosts"] = hosts


def texts(text: str, where: str) -> Iterator[tuple[str, int] | tuple[str, int, str]]:
    """The hosts of ``address[:tls name][:port]``, several of which commas may part."""
    for part in text.split(","):
        yield one(part.strip(), where)


def is_ipv6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True


def one(text: str, where: str) -> tuple[str, int] | tuple[str, int, str]:
    def refuse(why: str) -> ParamError:
        shown = text.rpartition("@")[2][:80]  # what stands before may be a password
        return ParamError(-2, f"{where} must be an address, 'address:port' or a URL, not {shown!r}: {why}")

    if "@" in text:
        raise refuse(f"a user stands in a URL, {SCHEME}://user:password@address")
    if is_ipv6(text):
        return text, DEFAULT_PORT
    form = re.fullmatch(r"(?:\[([^][]*)\]|([^][:]*))(?::([^:]*))?(?::([^:]*))?", text)
    if form is None or (form[1] and not is_ipv6(form[1])):
        raise refuse("an IPv6 address stands in brackets")
    address, name, port = form[1] or form[2], form[3], form[4]
    if not address:
        raise refuse("it has no address")
    if port is None:
        name, port = None, name
    if port is None:
        return address, DEFAULT_PORT
    if not (re.fullmatch(r"[0-9]{1,5}", port) and 0 < int(port) < 65536):
        raise refuse(f"its port must be a number from 1 to 65535, not {port[:10]!r}")
    return (address, int(port)) if name is None else (address, int(port), name)


def read_url(config: dict[str, Any], text: str, where: str, hosts: list[Any]) -> None:
    """``aerospike://user:password@host,host:port/?key=value``: what the dict says itself has the last word."""
    scheme, _, rest = text.partition("://")
    if scheme.lower() != SCHEME:
        raise ParamError(-2, f"{where} must be a URL that begins with {SCHEME}://, not {scheme}://")
    # by hand: urlsplit() refuses an IPv6 address in brackets beside other hosts
    rest, _, query = rest.partition("?")
    netloc, _, path = rest.partition("/")
    if path or "#" in text:
        secret = "@" in path + query  # what stands before it may be of a password
        part = "#" if not path else "/" if secret else f"/{path}"
        raise ParamError(-2, f"{where} has {part!r} where a URL of hosts ends")
    login, _, places = netloc.rpartition("@")
    hosts += texts(places, where)
    if login:
        user, _, password = login.partition(":")
        config.setdefault("user", urllib.parse.unquote(user))
        config.setdefault("password", urllib.parse.unquote(password))
    try:
        options = urllib.parse.parse_qsl(query, keep_blank_values=True, strict_parsing=True) if query else []
    except ValueError as error:
        why = "in a password write %3F for '?'" if "@" in query else str(error)
        raise ParamError(-2, f"{where}: {why}") from None
    policies = {}
    for key, value in options:
        if key in SETTINGS:
            config.setdefault(key, value if key in TEXTS else typed(value))
        else:
            policies[key] = typed(value)
    if policies and isinstance(config.get("policies") or {}, dict):  # what is none is refused by the native side
        config["policies"] = {**policies, **(config.get("policies") or {})}


def typed(text: str) -> bool | int | str:
    """A value as a URL writes it."""
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    return int(text) if re.fullmatch(r"-?[0-9]{1,19}", text) else text


def check_tls_files(tls: Any) -> None:
    if not isinstance(tls, dict) or not tls.get("enable"):
        return
    for key in (*TLS_FILES, "capath"):
        path = tls.get(key)
        if not isinstance(path, str) or "\0" in path:
            continue  # absent, or refused by the native side
        try:
            if key == "capath":
                os.listdir(path)
            else:
                with open(path, "rb"):
                    pass
        except (OSError, UnicodeEncodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else error.reason
            raise ParamError(-2, f"config['tls']['{key}'] cannot be read: {path!r}: {reason}") from None
