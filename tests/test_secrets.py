# SPDX-License-Identifier: Apache-2.0
"""Passwords are nowhere to be seen: whatever fails, in all that a program, a log or a debugger could show of it.

What shows the frames of a traceback shows the variables in them, so that those of the package have no passwords either.
"""

import asyncio
import io
import json
import logging
import os
import pathlib
import pickle
import traceback
import urllib.parse
import warnings

import pytest

import aerospike
from aerospike import embedded
from aerospike._native import _password_hash

pytestmark = [
    pytest.mark.embedded_only("a server with users and TLS"),
    pytest.mark.filterwarnings("always"),
]

TRUE = "Tr\u00fce-Gr1t"
WRONG = "Wr0ng:Gu3ss"
SECRETS = [TRUE, WRONG]
PACKAGE = os.path.dirname(aerospike.__file__)


def spellings(secret):
    """What gives a password away: itself as it is quoted, and what is sent instead of it."""
    quoted = urllib.parse.quote(secret, safe="")
    return {
        secret,
        ascii(secret)[1:-1],
        quoted,
        json.dumps(secret)[1:-1],
        repr(secret.encode())[2:-1],
        _password_hash(secret),
    }


class Gathered:
    """All that was shown."""

    def __init__(self):
        self.texts = []

    def add(self, *shown):
        self.texts += [text if isinstance(text, str) else repr(text) for text in shown]

    def error(self, error, seen=()):
        """An error, what it came from, and the frames of the package that it went through, with their variables."""
        self.add(str(error), error, error.args, vars(error), getattr(error, "__notes__", ()))
        if isinstance(error, aerospike.Error):
            self.add(pickle.dumps(error))
        self.add("".join(traceback.format_exception(error)))
        for frame, _line in traceback.walk_tb(error.__traceback__):
            if frame.f_code.co_filename.startswith(PACKAGE):
                self.add(f"{frame.f_code.co_name} in {frame.f_code.co_filename}: {frame.f_locals!r}")
        for other in (error.__cause__, error.__context__, *getattr(error, "exceptions", ())):
            if other is not None and other not in seen:
                self.error(other, (*seen, error))

    def fails(self, call, *arguments, **keywords):
        try:
            call(*arguments, **keywords)
        except (Exception, SystemExit) as error:
            self.error(error)
        else:
            raise AssertionError("it did not fail")

    def leaks(self):
        given_away = [spelling for secret in SECRETS for spelling in spellings(secret)]
        return [text[:400] for text in self.texts if any(spelling in text for spelling in given_away)]


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return embedded.Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def server(authority):
    identity = authority.server("localhost")
    tls = embedded.Tls(identity.cert_file, identity.key_file, authority.ca_file)
    roles = ["user-admin", "read-write", "data-admin"]
    with embedded.Server(tls=tls, users={"ann": (TRUE, roles), "bob": (TRUE, ["read"])}) as made:
        yield made


@pytest.fixture
def gathered(caplog):
    """Everything is logged at the finest level, and warned of, until the test ends."""
    made = Gathered()
    logs = io.StringIO()
    handler = logging.StreamHandler(logs)
    logging.getLogger().addHandler(handler)
    caplog.set_level(logging.DEBUG)
    aerospike.set_log_level(aerospike.LOG_LEVEL_TRACE)
    hook = made.add
    aerospike.add_hook(hook)
    with warnings.catch_warnings(record=True) as warned:
        yield made
    made.add(logs.getvalue(), *(str(warning.message) for warning in warned))
    aerospike.remove_hook(hook)
    logging.getLogger().removeHandler(handler)
    aerospike.set_log_level(aerospike.LOG_LEVEL_WARN)
    assert made.leaks() == []


def connect(server, **settings):
    return aerospike.client({**server.config, "slow_log_ms": 0, **settings})


def test_what_is_logged_in_with(server, gathered):
    odd = (WRONG * 20, f"{WRONG}\0", f"{WRONG}\ud800", WRONG.encode(), [WRONG], {WRONG: 1}, pathlib.Path(WRONG))
    for password in (WRONG, *odd):
        gathered.fails(connect, server, user="ann", password=password)
        for mode in (aerospike.AUTH_EXTERNAL, aerospike.AUTH_EXTERNAL_INSECURE, aerospike.AUTH_PKI, 99):
            gathered.fails(connect, server, user="nobody", password=password, policies={"auth_mode": mode})
    gathered.fails(connect, server, user="ann" * 100, password=TRUE)
    gathered.fails(connect, server, user=None, password=TRUE)
    gathered.fails(connect, server, user="ann", password=TRUE, pasword=WRONG, validate_keys=True)
    gathered.fails(connect, server, user="ann", password=TRUE, policies={"read": 5})
    gathered.fails(connect, server, user="ann", password=TRUE, hosts=[("127.0.0.1", 1)])
    gathered.fails(connect, server, user="ann", password=TRUE, hosts=[5])


def test_what_stands_in_a_url(server, gathered, monkeypatch):
    for password in (TRUE, WRONG):
        quoted = urllib.parse.quote(password, safe="")
        for login in (f"ann:{quoted}", f"ann:{password}", quoted, f":{quoted}", f"ann:{quoted}@x"):
            for rest in (
                "127.0.0.1:1",
                "127.0.0.1:x",
                "127.0.0.1:99999",
                "",
                "[::1",
                "127.0.0.1:1/x",
                "127.0.0.1:1?a",
                "a b",
            ):
                for scheme in ("aerospike://", "http://", ""):
                    url = f"{scheme}{login}@{rest}"
                    gathered.fails(aerospike.client, url)
                    gathered.fails(aerospike.client, {"hosts": url})
                    gathered.fails(aerospike.client, {"hosts": [url]})
    monkeypatch.setenv("AEROSPIKE_HOSTS", f"ann:{WRONG}@127.0.0.1:1")
    gathered.fails(aerospike.client, {})


def test_what_locks_a_key(server, authority, gathered):
    locked = authority.client("ann", password=TRUE)
    files = {"certfile": locked.cert_file, "keyfile": locked.key_file}
    for password in (WRONG, WRONG * 1000, f"{WRONG}\0", WRONG.encode(), [WRONG]):
        gathered.fails(connect, server, tls={**server.config["tls"], **files, "keyfile_pw": password})
    tls = {**server.config["tls"], "keyfile_pw": TRUE}
    gathered.fails(connect, server, tls={**tls, "certfile": locked.key_file, "keyfile": locked.key_file})
    gathered.fails(connect, server, tls={**tls, "certfile": locked.cert_file, "keyfile": "/none"})
    gathered.fails(connect, server, tls={**tls, **files, "cafile": "/none"})
    gathered.fails(connect, server, tls={**tls, **files, "keyfile_pwd": WRONG, "other": 1}, validate_keys=True)
    robot = connect(server, tls={**tls, **files}, user="ann", password=TRUE)
    gathered.add(robot, vars(robot), robot.get_policies())
    robot.close()
    gathered.fails(connect, server, tls={**tls, **files}, policies={"auth_mode": aerospike.AUTH_PKI}, rack_id="x")
    gathered.fails(authority.client, "ann", password=[WRONG])
    gathered.fails(authority.client, "", password=WRONG)


def test_what_administrators_say(server, gathered):
    with connect(server, user="ann", password=TRUE) as admin:
        gathered.add(admin, vars(admin), admin.get_policies(), admin.get_stats())
        for name in ("admin_create_user", "admin_set_password", "admin_change_password"):
            call = getattr(admin, name)
            more = ([],) if name == "admin_create_user" else ()
            user = "ann" if more else "nobody"
            for odd in (WRONG.encode(), f"{WRONG}\0", f"{WRONG}\ud800", [WRONG], WRONG * 20, pathlib.Path(WRONG)):
                gathered.fails(call, user, odd, *more)
            gathered.fails(call, user, WRONG, *more)
            gathered.fails(call, user, WRONG, *more, {"timeout": "x"})
            gathered.fails(call, user, WRONG, *more, None, 5, 6)
            gathered.fails(call, user, password=WRONG, other=WRONG)
            gathered.fails(call, "x" * 100, WRONG, *more)
        gathered.fails(admin.connect, "ann", WRONG, "more")
        admin.admin_create_user("eve", WRONG, ["read"])
        gathered.add(admin.admin_query_users_info(), admin.admin_query_user_info("eve"))
        with connect(server, user="eve", password=WRONG) as eve:
            gathered.fails(eve.admin_set_password, "ann", WRONG)
            gathered.fails(eve.admin_drop_user, "eve")
        admin.admin_drop_user("eve")


def test_a_password_that_changes(server, gathered):
    with connect(server, user="bob", password=TRUE) as bob:
        bob.admin_change_password("bob", WRONG)
        gathered.add(bob, vars(bob), bob.get_policies())
        bob.get_nodes()
        bob.close()
        gathered.fails(bob.connect, "bob", TRUE)
        gathered.fails(bob.admin_change_password, "bob", TRUE)
        bob.connect("bob", WRONG)
        bob.admin_change_password("bob", TRUE)
        gathered.fails(pickle.dumps, bob)


def test_asyncio(server, gathered):
    async def run():
        made = aerospike.AsyncClient({**server.config, "user": "ann", "password": WRONG})
        gathered.add(made)
        for given in ((), ("ann", WRONG), ("ann", [WRONG]), ("ann", TRUE, "more")):
            try:
                await made.connect(*given)
            except Exception as error:
                gathered.error(error)
            else:
                raise AssertionError("it did not fail")
        await made.connect("ann", TRUE)
        for call in (made.admin_create_user("ann", WRONG, []), made.admin_set_password("nobody", WRONG)):
            try:
                await call
            except aerospike.Error as error:
                gathered.error(error)
            else:
                raise AssertionError("it did not fail")
        await made.close()

    asyncio.run(run())


def test_servers(gathered, tmp_path, capsys):
    for users in (
        {"ann": TRUE},
        {"ann": (TRUE,)},
        {"ann": (TRUE, "read")},
        {"ann": (TRUE, ["none"])},
        {"ann": (TRUE.encode(), [])},
        {"ann": (f"{TRUE}\0", [])},
        {"ann": {TRUE: []}},
        {"x" * 100: (TRUE, [])},
        [("ann", TRUE)],
    ):
        gathered.fails(embedded.Server, users=users)
    gathered.fails(embedded.Server, users={"ann": (TRUE, ["read"])}, port="x")
    with embedded.Server(users={"ann": (TRUE, ["read"])}) as made:
        gathered.add(made, vars(made), made.config, made.statistics())
    path = tmp_path / "users"
    for text in (f"ann:{TRUE}", f"ann {TRUE} read", f"ann:{TRUE}:none", f":{TRUE}:read", TRUE):
        path.write_text(text)
        gathered.fails(embedded.main, ["--users", str(path), "--port", "0"])
    gathered.add(*capsys.readouterr())
