# SPDX-License-Identifier: Apache-2.0
"""Users and roles, in frames made by hand. Hashes are those of bcrypt with the salt that all clients have."""

import random
import struct
import time
from typing import NamedTuple

import frames
import pytest
from frames import FIELD_DIGEST, FIELD_NAMESPACE, FIELD_SET, INTEGER, OP_READ, OP_WRITE, READ, WRITE, Operation

from aerospike import embedded

pytestmark = pytest.mark.embedded_only("a server with users")

AUTHENTICATE, CREATE_USER, DROP_USER, SET_PASSWORD, CHANGE_PASSWORD, GRANT_ROLES, REVOKE_ROLES = range(7)
QUERY_USERS, CREATE_ROLE, DROP_ROLE, GRANT, REVOKE, SET_WHITELIST, SET_QUOTAS, QUERY_ROLES, LOGIN = *range(9, 17), 20
USER, PASSWORD, FORMER, CREDENTIAL, CLEAR, TOKEN, TTL = range(7)
ROLES, ROLE, PRIVILEGES, WHITELIST, READ_QUOTA, WRITE_QUOTA, READ_INFO, WRITE_INFO, CONNECTIONS = range(10, 19)
OK, QUERY_END, NOT_SUPPORTED = 0, 50, 51
SCHEME, COMMAND, FIELD, NO_USER, USER_EXISTS, BAD_PASSWORD, FORBIDDEN, CREDENTIAL_BAD, EXPIRED = (
    53, 54, 55, 60, 61, 62, 64, 65, 66,
)  # fmt: skip
NO_ROLE, ROLE_EXISTS, NO_PRIVILEGE, BAD_WHITELIST, NO_QUOTAS = 70, 71, 72, 73, 74
NOBODY, VIOLATION, NOT_WHITELISTED, QUOTA = 80, 81, 82, 83

SALT = b"$2a$10$7EqJtq98hPqEX7fNZaFWoO"
SECRET = SALT + b"u7NRZ0i7m5NbgPBEsHTCoJzZDEKQRb."  # of "secret"
OTHER = SALT + b"nsYZl7tN7hVQpLoro6Q8jDGN697BrMa"  # of "other"
NO_PASSWORD = SALT + b"ePA2sZy..tlOF99W2N0g5KZ3dLaw8WO"  # of "nopassword", which says that there is none


class Told(NamedTuple):
    """One message of an answer."""

    code: int
    fields: dict


def request(command, **fields):
    parts = [struct.pack(">BBBB12x", 0, 0, command, len(fields))]
    for name, value in fields.items():
        parts.append(struct.pack(">IB", len(value) + 1, globals()[name]) + value)
    return frames.frame(frames.ADMIN, b"".join(parts))


def tell(body):
    told = []
    while body:
        code, count, body = body[1], body[3], body[16:]
        fields = {}
        for _ in range(count):
            size, kind = struct.unpack_from(">IB", body)
            fields[kind], body = body[5 : 4 + size], body[4 + size :]
        told.append(Told(code, fields))
    return told


def texts(*names):
    return bytes([len(names)]) + b"".join(bytes([len(name)]) + name for name in names)


def privilege(code, ns=b"", set_name=b""):
    return bytes([code]) + (texts(ns)[1:] + texts(set_name)[1:] if code >= 10 else b"")


def privileges(*given):
    return bytes([len(given)]) + b"".join(privilege(*one) for one in given)


class Person(frames.Connection):
    def admin(self, command, **fields):
        """The messages of the answer."""
        self.send(request(command, **fields))
        kind, body = self.receive()
        assert kind == frames.ADMIN
        return tell(body)

    def code(self, command, **fields):
        (only,) = self.admin(command, **fields)
        return only.code

    def login(self, user, password=SECRET):
        (told,) = self.admin(LOGIN, USER=user, CREDENTIAL=password)
        assert told.code == OK
        return told.fields[TOKEN]

    def info(self, command):
        self.send(frames.frame(frames.INFO, command.encode() + b"\n"))
        kind, body = self.receive()
        assert kind == frames.INFO
        return body.decode().strip().partition("\t")[2]

    def put(self, ns=b"test", set_name=b"a", digest=b"\1" * 20):
        fields = {FIELD_NAMESPACE: ns, FIELD_SET: set_name, FIELD_DIGEST: digest}
        return self.ask(0, WRITE, fields=fields, operations=[Operation(OP_WRITE, "b", INTEGER, bytes(8))]).code

    def get(self, ns=b"test", set_name=b"a", digest=b"\1" * 20):
        fields = {FIELD_NAMESPACE: ns, FIELD_SET: set_name, FIELD_DIGEST: digest}
        return self.ask(READ, fields=fields, operations=[Operation(OP_READ, "b")]).code


@pytest.fixture(scope="module")
def running():
    with embedded.Server(
        namespaces=["test", "other"], users={"admin": ("secret", ["user-admin"])}, quotas=True
    ) as made:
        yield made


@pytest.fixture
def server(running):
    """With the users admin, ann and all, and no roles of their own."""
    with Person(running.hosts[0]) as admin:
        admin.login(b"admin")
        for told in admin.admin(QUERY_ROLES)[:-1]:
            admin.admin(DROP_ROLE, ROLE=told.fields[ROLE])  # those that everybody knows stay
        for told in admin.admin(QUERY_USERS)[:-1]:
            if told.fields[USER] != b"admin":
                admin.admin(DROP_USER, USER=told.fields[USER])
        for name, roles in ((b"ann", texts()), (b"all", texts(b"read-write-udf"))):
            assert admin.code(CREATE_USER, USER=name, PASSWORD=SECRET, ROLES=roles) == OK
    running.clear()
    return running


@pytest.fixture
def people(server):
    """Connections of users, each its own."""
    made = []

    def person(user=None):
        made.append(Person(server.hosts[0]))
        if user is not None:
            made[-1].login(user)
        return made[-1]

    yield person
    for one in made:
        one.close()


@pytest.fixture
def admin(people):
    return people(b"admin")


# ---- logging in ----


def test_without_users_nobody_logs_in(hosts):
    with Person(hosts[0]) as nobody:
        for command in (*range(17), 20, 99):
            assert nobody.code(command, USER=b"ann", CREDENTIAL=SECRET) == NOT_SUPPORTED
        assert nobody.put() == OK


def test_nobody_may_do_nothing(people):
    nobody = people()
    assert (nobody.put(), nobody.get()) == (NOBODY, NOBODY)
    assert nobody.info("status").startswith("ERROR:80:")
    assert nobody.info("nosuch").startswith("ERROR:80:")
    for command in (*range(1, 7), *range(9, 17)):
        assert nobody.code(command, USER=b"ann", PASSWORD=SECRET, ROLE=b"read") == NOBODY


def test_login(people):
    told = people().admin(LOGIN, USER=b"ann", CREDENTIAL=SECRET)[0]
    assert (told.code, set(told.fields)) == (OK, {TOKEN, TTL})
    assert told.fields[TTL] == struct.pack(">I", 86400)
    other = people().admin(LOGIN, USER=b"ann", CREDENTIAL=SECRET)[0]
    assert other.fields[TOKEN] != told.fields[TOKEN]


def test_wrong_logins(people):
    nobody = people()
    for fields, code in (
        ({"USER": b"bob", "CREDENTIAL": SECRET}, NO_USER),
        ({"USER": b"", "CREDENTIAL": SECRET}, NO_USER),
        ({"USER": b"ann", "CREDENTIAL": OTHER}, CREDENTIAL_BAD),
        ({"USER": b"ann", "CREDENTIAL": SECRET[:-1]}, CREDENTIAL_BAD),
        ({"USER": b"ann", "CREDENTIAL": SECRET + b"x"}, CREDENTIAL_BAD),
        ({"USER": b"ann", "CREDENTIAL": b""}, CREDENTIAL_BAD),
        ({"USER": b"ann"}, CREDENTIAL_BAD),
        ({}, SCHEME),
    ):
        assert nobody.code(LOGIN, **fields) == code
    assert nobody.get() == NOBODY


def test_a_token_opens_other_connections(people):
    token = people().login(b"all")
    other = people()
    for user, given, code in (
        (b"all", b"x" * 32, CREDENTIAL_BAD),
        (b"all", b"", CREDENTIAL_BAD),
        (b"ann", token, CREDENTIAL_BAD),
        (b"bob", token, NO_USER),
    ):
        assert other.code(AUTHENTICATE, USER=user, TOKEN=given) == code
    assert other.get() == NOBODY
    assert other.code(AUTHENTICATE, USER=b"all", TOKEN=token) == OK
    assert other.get() == 2


def test_tokens_expire():
    users = {"all": ("secret", ["read"])}
    with (
        embedded.Server(users=users, session_ttl=1) as server,
        Person(server.hosts[0]) as first,
        Person(server.hosts[0]) as second,
    ):
        token = first.login(b"all")
        while second.code(AUTHENTICATE, USER=b"all", TOKEN=token) == OK:
            time.sleep(0.05)
        assert second.code(AUTHENTICATE, USER=b"all", TOKEN=token) == EXPIRED
        assert first.get() == 2  # what is open stays open


def test_who_is_dropped_is_nobody(admin, people):
    one = people(b"all")
    token = people().login(b"all")
    assert one.get() == 2
    assert admin.code(DROP_USER, USER=b"all") == OK
    assert one.get() == NOBODY
    assert people().code(AUTHENTICATE, USER=b"all", TOKEN=token) == NO_USER


@pytest.mark.parametrize(
    "body",
    [
        b"",
        bytes(15),
        bytes([0, 0, LOGIN, 1]) + bytes(12),
        bytes([0, 0, LOGIN, 1]) + bytes(12) + struct.pack(">IB", 9, 0) + b"ann",
        bytes([0, 0, LOGIN, 1]) + bytes(12) + struct.pack(">I", 0),
        bytes([0, 0, LOGIN, 1]) + bytes(12) + struct.pack(">IB", 0xFFFFFFFF, 0),
        bytes([0, 0, LOGIN, 0]) + bytes(12) + b"more",
    ],
)
def test_malformed(people, body):
    one = people(b"all")
    one.send(frames.frame(frames.ADMIN, body))
    assert tell(one.receive()[1]) == [Told(FIELD, {})]
    assert one.get() == 2


def test_whatever_the_bytes(server, people):
    chance = random.Random(7)
    valid = [
        request(CREATE_USER, USER=b"bob", PASSWORD=SECRET, ROLES=texts(b"read", b"write")),
        request(CREATE_ROLE, ROLE=b"r", PRIVILEGES=privileges((10, b"test", b"a"), (1,)), WHITELIST=b"10.1.2.3/8"),
        request(SET_QUOTAS, ROLE=b"r", READ_QUOTA=bytes(4), WRITE_QUOTA=b"\1\0"),
        request(LOGIN, USER=b"ann", CREDENTIAL=SECRET, CLEAR=b"secret"),
    ]
    one = people(b"admin")
    for _ in range(2000):
        body = bytearray(chance.choice(valid)[8:])
        for _ in range(chance.randint(1, 4)):
            body[chance.randrange(len(body))] = chance.choice([0, 1, 2, 10, 20, 127, 128, 255, chance.randrange(256)])
        one.send(frames.frame(frames.ADMIN, bytes(body[: chance.choice([len(body), chance.randrange(len(body))])])))
        kind, answer = one.receive()
        assert kind == frames.ADMIN
        assert tell(answer)
    assert people(b"all").get() == 2


def test_unknown_commands_and_fields(admin):
    assert admin.code(7) == COMMAND
    body = bytes([0, 0, QUERY_USERS, 1]) + bytes(12) + struct.pack(">IB", 2, 200) + b"x"
    admin.send(frames.frame(frames.ADMIN, body))
    assert len(tell(admin.receive()[1])) == 4  # three users and the end


# ---- users ----


def user_of(told):
    return told.fields[USER], told.fields[ROLES]


def test_users(admin, people):
    assert admin.code(CREATE_USER, USER=b"bob", PASSWORD=OTHER, ROLES=texts(b"write", b"read")) == OK
    told = admin.admin(QUERY_USERS)
    assert [one.code for one in told] == [OK] * 4 + [QUERY_END]
    assert [user_of(one) for one in told[:-1]] == [
        (b"admin", texts(b"user-admin")),
        (b"all", texts(b"read-write-udf")),
        (b"ann", texts()),
        (b"bob", texts(b"read", b"write")),
    ]
    people().login(b"bob", OTHER)
    assert admin.code(GRANT_ROLES, USER=b"bob", ROLES=texts(b"truncate")) == OK
    assert admin.code(REVOKE_ROLES, USER=b"bob", ROLES=texts(b"read", b"udf-admin")) == OK
    bob, end = admin.admin(QUERY_USERS, USER=b"bob")
    assert (user_of(bob), end.code) == ((b"bob", texts(b"truncate", b"write")), QUERY_END)
    assert admin.code(DROP_USER, USER=b"bob") == OK
    assert admin.code(DROP_USER, USER=b"bob") == NO_USER
    assert admin.code(QUERY_USERS, USER=b"bob") == NO_USER


@pytest.mark.parametrize(
    ("command", "fields", "code"),
    [
        (CREATE_USER, {"USER": b"ann", "PASSWORD": SECRET, "ROLES": texts()}, USER_EXISTS),
        (CREATE_USER, {"USER": b"", "PASSWORD": SECRET, "ROLES": texts()}, NO_USER),
        (CREATE_USER, {"USER": b"u" * 64, "PASSWORD": SECRET, "ROLES": texts()}, NO_USER),
        (CREATE_USER, {"USER": b"bob", "PASSWORD": b"short", "ROLES": texts()}, BAD_PASSWORD),
        (CREATE_USER, {"USER": b"bob", "ROLES": texts()}, BAD_PASSWORD),
        (CREATE_USER, {"USER": b"bob", "PASSWORD": SECRET, "ROLES": texts(b"nosuch")}, NO_ROLE),
        (CREATE_USER, {"USER": b"bob", "PASSWORD": SECRET, "ROLES": b"\2\1a"}, NO_ROLE),
        (CREATE_USER, {"USER": b"bob", "PASSWORD": SECRET, "ROLES": b"\0a"}, NO_ROLE),
        (GRANT_ROLES, {"USER": b"bob", "ROLES": texts(b"read")}, NO_USER),
        (GRANT_ROLES, {"USER": b"ann", "ROLES": texts(b"nosuch")}, NO_ROLE),
        (GRANT_ROLES, {"USER": b"ann"}, NO_ROLE),
        (REVOKE_ROLES, {"USER": b"bob", "ROLES": texts(b"read")}, NO_USER),
        (REVOKE_ROLES, {"USER": b"ann", "ROLES": texts(b"nosuch")}, NO_ROLE),
        (SET_PASSWORD, {"USER": b"bob", "PASSWORD": SECRET}, NO_USER),
        (SET_PASSWORD, {"USER": b"ann", "PASSWORD": b""}, BAD_PASSWORD),
        (CHANGE_PASSWORD, {"USER": b"ann", "FORMER": SECRET, "PASSWORD": OTHER}, VIOLATION),
        (CHANGE_PASSWORD, {"USER": b"admin", "FORMER": OTHER, "PASSWORD": OTHER}, BAD_PASSWORD),
        (CHANGE_PASSWORD, {"USER": b"admin", "PASSWORD": OTHER}, BAD_PASSWORD),
        (CREATE_ROLE, {"ROLE": b"read", "PRIVILEGES": privileges((10,))}, ROLE_EXISTS),
        (CREATE_ROLE, {"ROLE": b"", "PRIVILEGES": privileges((10,))}, NO_ROLE),
        (CREATE_ROLE, {"ROLE": b"r" * 64, "PRIVILEGES": privileges((10,))}, NO_ROLE),
        (CREATE_ROLE, {"ROLE": b"r", "PRIVILEGES": privileges((99,))}, NO_PRIVILEGE),
        (CREATE_ROLE, {"ROLE": b"r", "PRIVILEGES": privileges((5,))}, NO_PRIVILEGE),
        (CREATE_ROLE, {"ROLE": b"r", "PRIVILEGES": privileges((10, b"", b"set"))}, NO_PRIVILEGE),
        (CREATE_ROLE, {"ROLE": b"r", "PRIVILEGES": b"\1"}, NO_PRIVILEGE),
        (CREATE_ROLE, {"ROLE": b"r", "PRIVILEGES": b"\1\x0a\4tes"}, NO_PRIVILEGE),
        (CREATE_ROLE, {"ROLE": b"r", "WHITELIST": b"10.1.2"}, BAD_WHITELIST),
        (DROP_ROLE, {"ROLE": b"nosuch"}, NO_ROLE),
        (DROP_ROLE, {"ROLE": b"read"}, NO_ROLE),
        (GRANT, {"ROLE": b"nosuch", "PRIVILEGES": privileges((10,))}, NO_ROLE),
        (GRANT, {"ROLE": b"read", "PRIVILEGES": privileges((13,))}, NO_ROLE),
        (REVOKE, {"ROLE": b"read", "PRIVILEGES": privileges((10,))}, NO_ROLE),
        (SET_WHITELIST, {"ROLE": b"nosuch", "WHITELIST": b"10.1.2.3"}, NO_ROLE),
        (SET_QUOTAS, {"ROLE": b"read", "READ_QUOTA": bytes(4)}, NO_ROLE),
        (QUERY_ROLES, {"ROLE": b"nosuch"}, NO_ROLE),
    ],
)
def test_refusals(admin, command, fields, code):
    assert admin.code(command, **fields) == code


def test_passwords(admin, people):
    ann = people(b"ann")
    assert ann.code(CHANGE_PASSWORD, USER=b"ann", FORMER=SECRET, PASSWORD=OTHER) == OK
    assert people().code(LOGIN, USER=b"ann", CREDENTIAL=SECRET) == CREDENTIAL_BAD
    assert people().code(LOGIN, USER=b"ann", CREDENTIAL=OTHER) == OK
    assert admin.code(SET_PASSWORD, USER=b"ann", PASSWORD=SECRET) == OK
    assert people().code(LOGIN, USER=b"ann", CREDENTIAL=SECRET) == OK


def test_users_without_a_password(admin, people):
    assert admin.code(CREATE_USER, USER=b"pki", PASSWORD=NO_PASSWORD, ROLES=texts()) == OK
    assert people().code(LOGIN, USER=b"pki", CREDENTIAL=NO_PASSWORD) == FORBIDDEN
    assert admin.code(SET_PASSWORD, USER=b"pki", PASSWORD=SECRET) == FORBIDDEN


def test_only_administrators_of_users_change_them(admin, people):
    others = privileges((1,), (2,), (3,), (4,), (12,), (14,))
    assert admin.code(CREATE_ROLE, ROLE=b"most", PRIVILEGES=others) == OK
    assert admin.code(GRANT_ROLES, USER=b"all", ROLES=texts(b"most")) == OK
    most = people(b"all")
    for command in (CREATE_USER, DROP_USER, SET_PASSWORD, GRANT_ROLES, REVOKE_ROLES, QUERY_USERS, *range(10, 17)):
        assert most.code(command, USER=b"ann", PASSWORD=SECRET, ROLES=texts(b"read"), ROLE=b"most") == VIOLATION
    assert most.code(QUERY_USERS) == VIOLATION
    assert user_of(most.admin(QUERY_USERS, USER=b"all")[0]) == (b"all", texts(b"most", b"read-write-udf"))


# ---- roles ----


def test_roles(admin):
    assert admin.code(
        CREATE_ROLE, ROLE=b"clerk", PRIVILEGES=privileges((10, b"test", b"a"), (1,)), WHITELIST=b"10.1.2.3,127.0.0.0/8"
    ) == OK  # fmt: skip
    assert admin.code(SET_QUOTAS, ROLE=b"clerk", READ_QUOTA=b"\0\0\0\5", WRITE_QUOTA=b"\0\0\1\0") == OK
    assert admin.code(GRANT, ROLE=b"clerk", PRIVILEGES=privileges((13, b"test"), (1,))) == OK
    assert admin.code(REVOKE, ROLE=b"clerk", PRIVILEGES=privileges((1,), (14,))) == OK
    clerk, end = admin.admin(QUERY_ROLES, ROLE=b"clerk")
    assert end == Told(QUERY_END, {})
    assert clerk.fields == {
        ROLE: b"clerk",
        PRIVILEGES: privileges((10, b"test", b"a"), (13, b"test")),
        WHITELIST: b"10.1.2.3,127.0.0.0/8",
        READ_QUOTA: b"\0\0\0\5",
        WRITE_QUOTA: b"\0\0\1\0",
    }
    assert admin.code(SET_WHITELIST, ROLE=b"clerk") == OK
    assert WHITELIST not in admin.admin(QUERY_ROLES, ROLE=b"clerk")[0].fields
    assert admin.code(GRANT_ROLES, USER=b"ann", ROLES=texts(b"clerk")) == OK
    assert admin.code(DROP_ROLE, ROLE=b"clerk") == OK
    assert user_of(admin.admin(QUERY_USERS, USER=b"ann")[0]) == (b"ann", texts())


def test_roles_that_everybody_knows(admin):
    *told, end = admin.admin(QUERY_ROLES)
    assert end.code == QUERY_END
    assert {one.fields[ROLE]: one.fields[PRIVILEGES] for one in told} == {
        b"user-admin": b"\1\0",
        b"sys-admin": b"\1\1",
        b"data-admin": b"\1\2",
        b"udf-admin": b"\1\3",
        b"sindex-admin": b"\1\4",
        b"read": b"\1\x0a\0\0",
        b"read-write": b"\1\x0b\0\0",
        b"read-write-udf": b"\1\x0c\0\0",
        b"write": b"\1\x0d\0\0",
        b"truncate": b"\1\x0e\0\0",
    }


# ---- what privileges allow ----


def give(admin, *given):
    """Let ann have these privileges and no others."""
    admin.code(DROP_ROLE, ROLE=b"hers")
    assert admin.code(CREATE_ROLE, ROLE=b"hers", PRIVILEGES=privileges(*given)) == OK
    assert admin.code(GRANT_ROLES, USER=b"ann", ROLES=texts(b"hers")) == OK


def record(ns=b"test", set_name=b"a"):
    return {FIELD_NAMESPACE: ns, FIELD_SET: set_name, FIELD_DIGEST: b"\2" * 20}


def plan(ns=b"test", set_name=b"a", **more):
    fields = {FIELD_NAMESPACE: ns, FIELD_SET: set_name, 11: struct.pack("<H", 0)}
    return {**fields, **{{"rate": 10, "udf_op": 33}[name]: value for name, value in more.items()}}


WRITES = [Operation(OP_WRITE, "b", INTEGER, bytes(8))]
PARTITIONS_DONE = 1 << 2
# What is asked, by the rights that it needs.
MESSAGES = {
    "read": [
        frames.message(READ, fields=record(), operations=[Operation(OP_READ, "b")]),
        frames.message(READ | frames.GET_ALL, fields=record()),
        frames.message(READ, 0, PARTITIONS_DONE, fields=plan()),
        frames.batch(frames.entry(0, b"\2" * 20, READ | frames.GET_ALL, 0, 0, fields=record())),
    ],
    "write": [
        frames.message(0, WRITE, fields=record(), operations=WRITES),
        frames.message(0, WRITE | frames.REMOVE, fields=record()),
        frames.message(0, WRITE, fields=plan(), operations=WRITES),
        frames.batch(frames.entry(0, b"\2" * 20, 0, WRITE, 0, fields=record(), operations=WRITES)),
    ],
    "read write": [
        frames.message(READ, WRITE, fields=record(), operations=[*WRITES, Operation(OP_READ, "b")]),
    ],
    "call": [
        frames.message(0, WRITE, fields={**record(), 30: b"m", 31: b"f", 32: b"\x90"}),
        frames.message(READ, 0, PARTITIONS_DONE, fields={**plan(udf_op=b"\1"), 30: b"m", 31: b"f", 32: b"\x90"}),
        frames.message(0, WRITE, fields={**plan(udf_op=b"\2"), 30: b"m", 31: b"f", 32: b"\x90"}),
    ],
}
INFOS = {
    "truncate": ["truncate:namespace=test;set=a", "truncate-namespace:namespace=test", "truncate-undo:namespace=test"],
    "indexes": ["sindex-create:namespace=test;set=a;indexname=i;bin=b;type=numeric", "sindex-delete:namespace=test"],
    "modules": ["udf-put:filename=a.lua;udf-type=LUA;content-len=0;content=;", "udf-remove:filename=a.lua;"],
    "jobs": ["query-abort:id=1", "query-abort-all:"],
    "configure": ["set-config:context=namespace;namespace=test;default-ttl=1h", "recluster:", "quiesce:"],
    "": ["status", "build", "namespaces", "sets/test", "statistics", "sindex-list:", "udf-list", "get-config:"],
}
ALLOWED = {
    0: "",
    1: "configure indexes modules jobs truncate",
    2: "indexes modules jobs truncate",
    3: "modules",
    4: "indexes",
    10: "read",
    11: "read write",
    12: "read write call",
    13: "write",
    14: "truncate",
}


def denied(person, message):
    person.send(message)
    codes = [frames.read_answer(one).code for one in frames.messages(person.receive()[1])]
    return VIOLATION in codes


@pytest.mark.parametrize("code", ALLOWED)
def test_what_a_privilege_allows(admin, people, code):
    give(admin, (code,))
    ann, allowed = people(b"ann"), set(ALLOWED[code].split())
    for rights, messages in MESSAGES.items():
        for place, message in enumerate(messages):
            assert denied(ann, message) == (not set(rights.split()) <= allowed), (rights, place)
    for right, commands in INFOS.items():
        for command in commands:
            violated = ann.info(command).startswith("ERROR:81:role violation")
            assert violated == bool(right and right not in allowed), command


def test_every_info_command_is_open_on_purpose(people):
    """A new one needs a right, or a place here."""
    ann = people(b"ann")
    names = ann.info("help").split(";")
    needing = {name for name in names if ann.info(name).startswith("ERROR:81:")}
    changing = {name for name in names if name.endswith(("-create", "-delete", "-put", "-remove", "-abort", "-set"))}
    assert changing - needing == {"user-agent-set"}
    assert needing >= {"set-config", "truncate", "truncate-namespace", "query-abort-all", "recluster", "tip"}


@pytest.mark.parametrize(
    ("given", "allowed"),
    [
        ((10, b"", b""), [(b"test", b"a"), (b"test", b""), (b"other", b"a")]),
        ((10, b"test", b""), [(b"test", b"a"), (b"test", b"")]),
        ((10, b"test", b"a"), [(b"test", b"a")]),
    ],
)
def test_of_a_namespace_or_a_set(admin, people, given, allowed):
    give(admin, given)
    ann = people(b"ann")
    for place in [(b"test", b"a"), (b"test", b"b"), (b"test", b""), (b"other", b"a")]:
        expected = place in allowed or (place == (b"test", b"b") and given[2] == b"")
        assert (ann.get(*place) != VIOLATION) == expected, place
        query = frames.message(READ, 0, PARTITIONS_DONE, fields=plan(*place))
        assert denied(ann, query) == (not expected), place


def test_truncation_of_a_set(admin, people):
    give(admin, (14, b"test", b"a"))
    ann = people(b"ann")
    assert ann.info("truncate:namespace=test;set=a") == "ok"
    for place in (":namespace=test;set=b", "-namespace:namespace=test", ":namespace=other;set=a"):
        assert ann.info(f"truncate{place}").startswith("ERROR:81:"), place


def test_a_batch_is_judged_record_by_record(admin, people):
    give(admin, (10, b"test", b"a"))
    ann = people(b"ann")
    entries = [
        frames.entry(place, bytes([place]) * 20, READ | frames.GET_ALL, 0, 0, fields=record(b"test", name))
        for place, name in enumerate([b"a", b"b", b"a"])
    ]
    ann.send(frames.batch(*entries, flags=4))
    assert [(one.index, one.code) for one in ann.answers()[:-1]] == [(0, 2), (1, VIOLATION), (2, 2)]


def test_monitors_of_transactions_are_open(admin, people):
    give(admin, (11, b"test", b"a"))
    ann = people(b"ann")
    assert ann.put(set_name=b"<ERO~MRT") not in (VIOLATION, NOBODY)
    assert people().put(set_name=b"<ERO~MRT") == NOBODY


def test_a_role_that_is_taken_is_missed_at_once(admin, people):
    one = people(b"all")
    assert one.get() == 2
    assert admin.code(REVOKE_ROLES, USER=b"all", ROLES=texts(b"read-write-udf")) == OK
    assert one.get() == VIOLATION


# ---- whitelists ----


@pytest.mark.parametrize(
    ("addresses", "code"),
    [
        (b"127.0.0.1", OK),
        (b"10.1.2.3,127.0.0.0/8", OK),
        (b"0.0.0.0/0", OK),
        (b"127.0.0.1/32", OK),
        (b"127.0.0.2", NOT_WHITELISTED),
        (b"10.0.0.0/8", NOT_WHITELISTED),
        (b"127.0.0.2/31", NOT_WHITELISTED),
    ],
)
def test_whitelists(admin, people, addresses, code):
    token = people().login(b"ann")
    give(admin, (10,))
    assert admin.code(SET_WHITELIST, ROLE=b"hers", WHITELIST=addresses) == OK
    assert people().code(LOGIN, USER=b"ann", CREDENTIAL=SECRET) == code
    assert people().code(AUTHENTICATE, USER=b"ann", TOKEN=token) == code


BAD = [b"a", b"1.2.3", b"1.2.3.4.5", b"1.2.3.256", b"1.2.3.4/33", b"1.2.3.4/", b"1.2.3.4 ", b"::1", b",", b"1.2.3.4,,"]


@pytest.mark.parametrize("bad", BAD)
def test_no_whitelists(admin, bad):
    give(admin, (10,))
    assert admin.code(SET_WHITELIST, ROLE=b"hers", WHITELIST=bad) == BAD_WHITELIST


# ---- quotas ----


def test_quotas(admin, people):
    give(admin, (11,))
    assert admin.code(SET_QUOTAS, ROLE=b"hers", READ_QUOTA=b"\0\0\0\1", WRITE_QUOTA=b"\0\0\0\1") == OK
    ann = people(b"ann")
    assert {ann.get() for _ in range(100)} == {2, QUOTA}
    assert {ann.put() for _ in range(100)} == {OK, QUOTA}
    assert admin.code(SET_QUOTAS, ROLE=b"hers", READ_QUOTA=bytes(4), WRITE_QUOTA=bytes(4)) == OK
    assert QUOTA not in [ann.get() for _ in range(20)]


def test_the_largest_quota_counts(admin, people):
    give(admin, (10,))
    assert admin.code(CREATE_ROLE, ROLE=b"more", READ_QUOTA=b"\0\1\0\0") == OK
    assert admin.code(SET_QUOTAS, ROLE=b"hers", READ_QUOTA=b"\0\0\0\1", WRITE_QUOTA=bytes(4)) == OK
    assert admin.code(GRANT_ROLES, USER=b"ann", ROLES=texts(b"more")) == OK
    ann = people(b"ann")
    assert QUOTA not in [ann.get() for _ in range(20)]
    info = admin.admin(QUERY_USERS, USER=b"ann")[0].fields[READ_INFO]
    assert struct.unpack(">B4I", info)[:2] == (4, 0x10000)


def test_queries_under_a_quota_say_how_fast(admin, people):
    give(admin, (11,))
    assert admin.code(SET_QUOTAS, ROLE=b"hers", READ_QUOTA=b"\0\0\0\x64", WRITE_QUOTA=b"\0\0\0\x64") == OK
    ann = people(b"ann")
    for rate, code in ((0, QUOTA), (101, QUOTA), (100, OK)):
        fields = plan(rate=struct.pack(">I", rate))
        ann.send(frames.message(READ, 0, PARTITIONS_DONE, fields=fields))
        assert ann.answers()[-1].code == code, rate
    fields = plan(rate=bytes(4))
    assert ann.ask(0, WRITE, fields=fields, operations=WRITES).code == QUOTA


def test_without_quotas_no_role_has_one():
    with embedded.Server(users={"admin": ("secret", ["user-admin"])}) as server, Person(server.hosts[0]) as admin:
        admin.login(b"admin")
        assert admin.code(CREATE_ROLE, ROLE=b"r", READ_QUOTA=b"\0\0\0\1") == NO_QUOTAS
        assert admin.code(CREATE_ROLE, ROLE=b"r", PRIVILEGES=privileges((10,))) == OK
        assert admin.code(SET_QUOTAS, ROLE=b"r", READ_QUOTA=bytes(4), WRITE_QUOTA=bytes(4)) == NO_QUOTAS


def test_connections_are_counted(admin, people):
    def counted():
        return int.from_bytes(admin.admin(QUERY_USERS, USER=b"ann")[0].fields[CONNECTIONS], "big")

    assert counted() == 0
    one, other = people(b"ann"), people(b"ann")
    one.login(b"ann")
    assert counted() == 2
    other.login(b"all")
    assert counted() == 1
    one.close()
    for _ in range(200):
        if counted() == 0:
            break
        time.sleep(0.01)
    assert counted() == 0


# ---- the arguments of the server ----


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"users": ["ann"]}, "users must be a dict"),
        ({"users": {5: ("hush-hush", [])}}, "users must have names"),
        ({"users": {"": ("hush-hush", [])}}, "users must have names"),
        ({"users": {"u" * 64: ("hush-hush", [])}}, "users must have names"),
        ({"users": {"ann": "hush-hush"}}, r"users\['ann'\] must be a tuple"),
        ({"users": {"ann": ("hush-hush",)}}, r"users\['ann'\] must be a tuple"),
        ({"users": {"ann": ("hush-hush", "read")}}, r"users\['ann'\] must be a tuple"),
        ({"users": {"ann": (b"hush-hush", [])}}, r"users\['ann'\] must be a tuple"),
        ({"users": {"ann": ("hush-hush", [5])}}, "a role that is no str"),
        ({"users": {"ann": ("hush-hush", ["nosuch"])}}, "users: 'ann' has a role that is none"),
        ({"users": {}, "session_ttl": 0}, "session_ttl"),
        ({"users": {}, "session_ttl": 2**31}, "session_ttl"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message) as caught:
        embedded.Server(**arguments)
    assert "hush" not in str(caught.value)


def test_clear_leaves_users(server, people):
    server.clear()
    assert people(b"all").get() == 2
